/* list, find, show, todo, log, audit verify, audit findings: questions to a store. */
#include "answer.h"
#include "render.h"

typedef int query_function(struct guan *guan, const char *about, const struct guan_sink *sink, struct guan_error *error);

/* `about` is a case, or words to look for; NULL: all. */
static int ask(struct cli *cli, bool many, query_function *query, const char *about,
               void (*render)(struct cli *cli, const json_t *values))
{
    struct answer answer;
    struct guan_error error = {0};
    answer_start(&answer, cli, many, NULL);
    int code = open_store(cli, &error);
    if (code == GUAN_OK) code = query(cli->guan, about, &answer.sink, &error);
    return answer_finish(&answer, code, &error, render);
}

static int verify(struct guan *guan, const char *about, const struct guan_sink *sink, struct guan_error *error)
{
    (void)about;
    return guan_verify(guan, sink, error);
}

int cmd_list(struct cli *cli)
{
    return ask(cli, true, guan_list, NULL, render_list);
}

int cmd_find(struct cli *cli)
{
    const char *words = "";
    for (int i = 0; i < cli->arg_count; i++) words = say(cli, "%s%s%s", words, i > 0 ? " " : "", cli->args[i]);
    return ask(cli, true, guan_list, words, render_list);
}

int cmd_show(struct cli *cli)
{
    return ask(cli, false, guan_show, cli->args[0], render_show);
}

int cmd_todo(struct cli *cli)
{
    return ask(cli, false, guan_todo, cli->args[0], render_todo);
}

int cmd_log(struct cli *cli)
{
    return ask(cli, true, guan_log, cli->args[0], render_log);
}

int cmd_findings(struct cli *cli)
{
    struct answer answer;
    struct guan_error error = {0};
    const struct guan_filter filter = {.kase = cli->arg_count > 0 ? cli->args[0] : NULL,
                                       .clause = option_value(cli, 'C'),
                                       .since = option_value(cli, 'S'),
                                       .open = option_given(cli, 'o')};
    answer_start(&answer, cli, true, NULL);
    int code = open_store(cli, &error);
    if (code == GUAN_OK) code = guan_findings(cli->guan, &filter, &answer.sink, &error);
    return answer_finish(&answer, code, &error, render_findings);
}

int cmd_verify(struct cli *cli)
{
    return ask(cli, false, verify, NULL, render_verify);
}
