/* audit replay: cases performed again from their record. */
#include "answer.h"
#include "progress.h"
#include "render.h"

#include <string.h>

int cmd_replay(struct cli *cli)
{
    struct answer answer;
    struct guan_error error = {0};
    struct progress progress;
    struct guan_replay_options options = {
        .cases = (const char *const *)cli->args, .case_count = (size_t)cli->arg_count, .user = &progress};
    if (option_given(cli, 'Y') && cli->arg_count > 0) return usage_error(cli, _("either cases or --all"));
    options.progress = progress_start(&progress, _("cases performed"));
    answer_start(&answer, cli, true, NULL);
    int code = open_store(cli, &error);
    if (code == GUAN_OK) code = guan_replay(cli->guan, &options, &answer.sink, &error);
    progress_end(&progress);
    return answer_finish(&answer, code, &error, render_replay);
}
