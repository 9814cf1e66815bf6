/* For the auditor: findings. For the designer: diagnostics and the trace of a run. */
#include "render.h"

#include <stdlib.h>
#include <string.h>

/* What nobody did has nobody: whoever acted when it was found is another matter. */
static const char *person_of(const json_t *row)
{
    if (json_object_get(row, "found_by")) return _("nobody");
    return *text_at(row, "who") ? text_at(row, "who") : text_at(row, "actor");
}

void render_findings(struct cli *cli, const json_t *values)
{
    if (json_array_size(values) == 0) {
        printf("%s\n", _("no findings"));
        return;
    }
    struct grid *grid = grid_new(cli, 10);
    const char *const heads[] = {_("case"), _("id"),  _("severity"),       _("code"), _("clause"),
                                 _("step"), _("due"), _("done, how late"), _("by"),   _("status")};
    for (size_t i = 0; i < 10; i++) grid_put(grid, DIM, heads[i]);
    size_t i;
    json_t *row;
    json_array_foreach(values, i, row)
    {
        const char *severity = text_at(row, "severity"), *step = text_at(row, "step"), *code = text_at(row, "code");
        const char *at = time_at(cli, row, "at", false);
        json_int_t late = number_at(row, "late_ms");
        grid_put(grid, PLAIN, text_at(row, "case"));
        grid_put(grid, PLAIN, text_at(row, "fid"));
        grid_put(grid, severity_style(severity), severity_name(severity));
        grid_put(grid, PLAIN, say(cli, "%s %s", code, code_name(code)));
        grid_put(grid, PLAIN, list_at(cli, row, "clause", " "));
        grid_put(grid, PLAIN, step_id(cli, process_of(cli, row), step));
        grid_put(grid, PLAIN, time_at(cli, row, "due", false));
        grid_put(grid, PLAIN, late > 0 ? say(cli, "%s +%s", at, span_of(cli, late)) : at);
        grid_put(grid, json_object_get(row, "found_by") ? DIM : PLAIN, person_of(row));
        grid_put(grid, PLAIN, status_name(text_at(row, "status")));
    }
    grid_print(grid, 0);
    grid_free(grid);
}

void render_diagnostic(struct cli *cli, const json_t *value)
{
    if (json_object_get(value, "def")) {
        print(cli, GOOD, "%s", _("published"));
        printf(" %.12s", safe(cli, text_at(value, "def")));
        const char *processes = list_at(cli, value, "processes", " "), *houses = list_at(cli, value, "houses", " ");
        printf("%s%s%s%s\n", *processes ? ": " : "", processes, *houses ? "; " : "", houses);
        return;
    }
    json_int_t line = number_at(value, "line"), column = number_at(value, "col");
    const char *severity = text_at(value, "severity"), *rule = safe(cli, text_at(value, "rule"));
    const char *file = safe(cli, text_at(value, "file")), *hint = safe(cli, text_at(value, "hint"));
    bool error = strcmp(severity, "warning") != 0 && strcmp(severity, "info") != 0;
    printf("%s:", file);
    if (line > 0) printf("%" JSON_INTEGER_FORMAT ":", line);
    if (line > 0 && column > 0) printf("%" JSON_INTEGER_FORMAT ":", column);
    putchar(' ');
    print(cli, error ? BAD : WARN, "%s:", *severity ? safe(cli, severity) : "error");
    printf(" %s%s%s%s\n", safe(cli, text_at(value, "text")), *rule ? " [" : "", rule, *rule ? "]" : "");
    if (*hint) print(cli, DIM, "    %s\n", hint);
}

static void print_microstep(struct cli *cli, const json_t *step)
{
    const char *event = text_at(step, "event"), *exit = list_at(cli, step, "exit", " "),
               *entry = list_at(cli, step, "entry", " ");
    print(cli, BOLD, "  %s", *event ? safe(cli, event) : "-");
    if (*exit) print(cli, DIM, "  exit %s", exit);
    if (*entry) print(cli, DIM, "  enter %s", entry);
    putchar('\n');
}

/* <log>: its label, its value, or both. */
static void print_log(struct cli *cli, const json_t *value)
{
    const char *label = text_at(value, "log");
    const json_t *logged = json_object_get(value, "value");
    char *dump = logged && !json_is_string(logged) ? json_dumps(logged, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    const char *text = dump ? dump : text_at(value, "value");
    printf("%s%s%s\n", safe(cli, label), *label && *text ? ": " : "", safe(cli, text));
    free(dump);
}

/* The words "final:" and "stable:" are for scripts: they are not translated. */
void render_run(struct cli *cli, const json_t *value)
{
    if (json_object_get(value, "final")) printf("final: %s\n", list_at(cli, value, "final", " "));
    else if (json_object_get(value, "stable")) printf("stable: %s\n", list_at(cli, value, "stable", " "));
    else if (json_object_get(value, "microstep")) print_microstep(cli, json_object_get(value, "microstep"));
    else print_log(cli, value);
}
