/* check, run: definitions without a store. init, deploy: a store and what goes into it. */
#include "answer.h"
#include "render.h"

#include <errno.h>
#include <string.h>

static void count_diagnostics(const json_t *values, size_t *errors, size_t *warnings)
{
    size_t i;
    json_t *value;
    json_array_foreach(values, i, value)
    {
        if (!json_object_get(value, "rule")) continue;
        if (strcmp(text_at(value, "severity"), "error") == 0) ++*errors;
        else ++*warnings;
    }
}

static void render_diagnostics(struct cli *cli, const json_t *values)
{
    size_t i, errors = 0, warnings = 0;
    json_t *value;
    json_array_foreach(values, i, value) render_diagnostic(cli, value);
    count_diagnostics(values, &errors, &warnings);
    fflush(stdout);
    if (errors + warnings > 0) fprintf(stderr, _("%zu errors, %zu warnings\n"), errors, warnings);
}

int cmd_check(struct cli *cli)
{
    struct answer answer;
    struct guan_error error = {0};
    answer_start(&answer, cli, true, NULL);
    int code = guan_check((const char *const *)cli->args, (size_t)cli->arg_count, &answer.sink, &error);
    bool clean = code == GUAN_OK && answer.count == 0;
    code = answer_finish(&answer, code, &error, render_diagnostics);
    if (clean && !cli->json) fprintf(stderr, "%s\n", _("no errors"));
    return code;
}

int cmd_run(struct cli *cli)
{
    struct guan_run_options options = {.trace = option_given(cli, 'T')};
    const char *microsteps = option_value(cli, 'm');
    if (microsteps) {
        char *end;
        errno = 0;
        options.microsteps = strtoull(microsteps, &end, 10);
        if (errno || *end || options.microsteps == 0 || microsteps[0] == '-')
            return usage_error(cli, _("--microsteps takes a number from 1 on, not \"%s\""), microsteps);
    }
    struct answer answer;
    struct guan_error error = {0};
    options.events = option_values(cli, 'e', &options.event_count);
    answer_start(&answer, cli, true, render_run);
    int code = guan_run(cli->args[0], &options, &answer.sink, &error);
    return answer_finish(&answer, code, &error, NULL);
}

int cmd_init(struct cli *cli)
{
    bool is_virtual = option_given(cli, 'v');
    unsigned flags = (is_virtual ? GUAN_VIRTUAL : 0) | (option_given(cli, 'c') ? GUAN_CLAIMED : 0);
    struct guan_error error = {0};
    const char *name = store_name(cli);
    const char *origin = option_value(cli, 'G');
    int code = guan_init(name, flags, &error);
    if (code == GUAN_OK && origin) code = open_store(cli, &error);
    if (code == GUAN_OK && origin) code = guan_set_origin(cli->guan, origin, &error);
    if (code != GUAN_OK) return engine_error(cli, &error);
    if (cli->json) {
        json_t *value = json_pack("{s:b, s:s, s:b}", "ok", 1, "store", name, "virtual", is_virtual);
        if (!value || json_dumpf(value, stdout, JSON_COMPACT) != 0) cli->failed = true;
        putchar('\n');
        json_decref(value);
        return GUAN_OK;
    }
    print(cli, GOOD, "%s", is_virtual ? _("virtual store made") : _("store made"));
    printf("%s%s\n", _(": "), safe(cli, name));
    return GUAN_OK;
}

int cmd_deploy(struct cli *cli)
{
    struct answer answer;
    struct guan_error error = {0};
    answer_start(&answer, cli, true, NULL);
    int code = open_store(cli, &error);
    if (code == GUAN_OK) code = guan_deploy(cli->guan, cli->args[0], &answer.sink, &error);
    return answer_finish(&answer, code, &error, render_diagnostics);
}
