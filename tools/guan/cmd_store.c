/* store backup, check, stats, restore: care of the store. */
#include "answer.h"
#include "render.h"

int cmd_backup(struct cli *cli)
{
    struct answer answer;
    struct guan_error error = {0};
    answer_start(&answer, cli, false, NULL);
    int code = open_store(cli, &error);
    if (code == GUAN_OK) code = guan_store_backup(cli->guan, cli->args[0], &answer.sink, &error);
    return answer_finish(&answer, code, &error, render_backup);
}

int cmd_store_check(struct cli *cli)
{
    struct answer answer;
    struct guan_error error = {0};
    answer_start(&answer, cli, true, NULL);
    int code = open_store(cli, &error);
    if (code == GUAN_OK) code = guan_store_check(cli->guan, &answer.sink, &error);
    return answer_finish(&answer, code, &error, render_store_check);
}

int cmd_stats(struct cli *cli)
{
    struct answer answer;
    struct guan_error error = {0};
    answer_start(&answer, cli, false, NULL);
    int code = open_store(cli, &error);
    if (code == GUAN_OK) code = guan_store_stats(cli->guan, &answer.sink, &error);
    return answer_finish(&answer, code, &error, render_stats);
}

int cmd_restore(struct cli *cli)
{
    struct answer answer;
    struct guan_error error = {0};
    const char *against = option_value(cli, 'A');
    if (!against) return usage_error(cli, _("a backup is taken into use with a checkpoint from outside: --against FILE"));
    answer_start(&answer, cli, false, NULL);
    int code = guan_store_restore(store_name(cli), cli->args[0], against, &answer.sink, &error);
    return answer_finish(&answer, code, &error, render_restore);
}
