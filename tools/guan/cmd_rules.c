/* audit check: rules over what has happened, or a log against a flow. */
#include "answer.h"
#include "render.h"

int cmd_rules(struct cli *cli)
{
    struct answer answer;
    struct guan_error error = {0};
    const struct guan_past past = {.file = cli->args[0],
                                   .log = option_value(cli, 'X'),
                                   .columns = option_value(cli, 'U'),
                                   .map = option_value(cli, 'Z'),
                                   .since = option_value(cli, 'S'),
                                   .cases = (const char *const *)(cli->args + 1),
                                   .case_count = (size_t)cli->arg_count - 1};
    answer_start(&answer, cli, true, NULL);
    int code = past.log ? GUAN_OK : open_store(cli, &error);
    if (code == GUAN_OK) code = guan_past(cli->guan, &past, &answer.sink, &error);
    return answer_finish(&answer, code, &error, render_past);
}
