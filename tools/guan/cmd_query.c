/* list, find, show, todo, log, audit verify, audit findings: questions to a store. */
#include "answer.h"
#include "render.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

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

static int list(struct cli *cli, const struct guan_case_filter *filter)
{
    struct answer answer;
    struct guan_error error = {0};
    answer_start(&answer, cli, true, NULL);
    int code = open_store(cli, &error);
    if (code == GUAN_OK) code = guan_cases(cli->guan, filter, &answer.sink, &error);
    return answer_finish(&answer, code, &error, render_list);
}

/* Who asks: by --as, the environment, or the login. */
static const char *myself(struct cli *cli)
{
    const char *actor = option_value(cli, 'a');
    if (!actor) actor = getenv("GUAN_ACTOR");
    if (actor && *actor) return actor;
    const struct passwd *user = getpwuid(geteuid());
    return user ? say(cli, "%s", user->pw_name) : "?";
}

int cmd_list(struct cli *cli)
{
    const struct guan_case_filter filter = {.actor = option_given(cli, 'M') ? myself(cli) : NULL, .due = option_value(cli, 'D')};
    return list(cli, &filter);
}

int cmd_find(struct cli *cli)
{
    const char *words = "";
    for (int i = 0; i < cli->arg_count; i++) words = say(cli, "%s%s%s", words, i > 0 ? " " : "", cli->args[i]);
    const struct guan_case_filter filter = {.words = words};
    return list(cli, &filter);
}

int cmd_show(struct cli *cli)
{
    return ask(cli, false, guan_show, cli->args[0], render_show);
}

/* What is for the person who asks stands out, if she says who she is. */
int cmd_todo(struct cli *cli)
{
    const char *actor = option_value(cli, 'a');
    struct answer answer;
    struct guan_error error = {0};
    answer_start(&answer, cli, false, NULL);
    if (!actor) actor = getenv("GUAN_ACTOR");
    int code = open_store(cli, &error);
    if (code == GUAN_OK) code = guan_todo_of(cli->guan, cli->args[0], actor && *actor ? actor : NULL, &answer.sink, &error);
    return answer_finish(&answer, code, &error, render_todo);
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
                                       .open = option_given(cli, 'O')};
    const char *show = option_value(cli, 'W');
    answer_start(&answer, cli, !show, NULL);
    int code = open_store(cli, &error);
    if (show) {
        if (code == GUAN_OK) code = guan_finding(cli->guan, filter.kase, show, &answer.sink, &error);
        return answer_finish(&answer, code, &error, render_finding);
    }
    if (code == GUAN_OK) code = guan_findings(cli->guan, &filter, &answer.sink, &error);
    return answer_finish(&answer, code, &error, render_findings);
}
