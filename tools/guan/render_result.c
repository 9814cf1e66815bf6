/* What a command did, or why it was refused. */
#include "render.h"

#include <string.h>

#define NEXT_SHOWN 6 /* open steps named after a command; the rest is what `todo` is for */

const char *due_shown(struct cli *cli, const json_t *item, enum style *style)
{
    const char *due = time_at(cli, item, "due", false);
    *style = PLAIN;
    if (!*due) return "";
    const json_t *left = json_object_get(item, "left_ms");
    json_int_t milliseconds = json_integer_value(left);
    if (true_at(item, "missed") || milliseconds < 0) {
        *style = BAD;
        return milliseconds < 0 ? say(cli, _("%s, %s late"), due, span_of(cli, milliseconds)) : say(cli, _("%s, missed"), due);
    }
    if (!left) return due;
    if (milliseconds < 3600000) *style = WARN;
    return say(cli, _("%s, %s left"), due, span_of(cli, milliseconds));
}

const char *due_short(struct cli *cli, const char *now, const json_t *item, enum style *style)
{
    const char *due = due_shown(cli, item, style), *time = time_at(cli, item, "due", false);
    const json_t *left = json_object_get(item, "left_ms");
    if (!*due || !left || strlen(time) < 16 || strlen(now) < 10) return due;
    if (strncmp(time, now, 10) == 0) time += 11;
    else if (strncmp(time, now, 5) == 0) time += 5;
    json_int_t milliseconds = json_integer_value(left);
    const char *span = span_of(cli, milliseconds);
    return milliseconds < 0 ? say(cli, _("%s late (%s)"), span, time) : say(cli, _("%s left (%s)"), span, time);
}

void print_findings(struct cli *cli, const json_t *findings, size_t indent)
{
    struct grid *grid = grid_new(cli, 6);
    size_t i;
    json_t *finding;
    json_array_foreach(findings, i, finding)
    {
        const char *severity = text_at(finding, "severity"), *step = text_at(finding, "step");
        grid_put(grid, DIM, text_at(finding, "fid"));
        grid_put(grid, severity_style(severity), severity_name(severity));
        grid_put(grid, PLAIN, say(cli, "%s %s", text_at(finding, "code"), code_name(text_at(finding, "code"))));
        grid_put(grid, PLAIN, *step ? step_id(cli, process_of(cli, finding), step) : "");
        grid_put(grid, PLAIN, list_at(cli, finding, "clause", " "));
        grid_put(grid, DIM, status_name(text_at(finding, "status")));
    }
    grid_print(grid, indent);
    grid_free(grid);
}

/* The code on record; "" for a usage error, which is on no record. */
static const char *record_code(const json_t *refused)
{
    const char *code = text_at(refused, "code");
    return strcmp(code, "USAGE") == 0 ? "" : code;
}

static void put_missing(struct cli *cli, struct grid *grid, const json_t *item)
{
    const char *field = text_at(item, "field"), *choices = choices_at(cli, item, "|");
    grid_put(grid, BOLD, title_at(item));
    if (*field) {
        grid_put(grid, PLAIN, say(cli, "%s=%s", field, *choices ? choices : "…"));
        grid_put(grid, DIM, *choices ? "" : text_at(item, "type"));
    } else {
        grid_put(grid, PLAIN, step_id(cli, process_of(cli, item), text_at(item, "step")));
        grid_put(grid, DIM, list_at(cli, item, "clause", " "));
    }
}

static void print_missing(struct cli *cli, const json_t *missing, const char *heading)
{
    struct grid *grid = grid_new(cli, 3);
    size_t i;
    json_t *item;
    json_array_foreach(missing, i, item) put_missing(cli, grid, item);
    if (i > 0) printf("  %s\n", heading);
    grid_print(grid, 4);
    grid_free(grid);
}

static void print_lines(struct cli *cli, const json_t *lines, const char *heading)
{
    size_t i;
    json_t *line;
    json_array_foreach(lines, i, line)
    {
        if (i == 0) printf("  %s\n", heading);
        printf("    %s\n", safe(cli, json_string_value(line)));
    }
}

/* The finding that a refusal left, so that it can be cited. */
static void print_recorded(struct cli *cli, const json_t *findings, const char *code)
{
    size_t i;
    json_t *finding;
    json_array_foreach(findings, i, finding)
    {
        if (*code && *text_at(finding, "fid"))
            print(cli, DIM, "  %s\n", say(cli, _("on record as %s"), safe(cli, text_at(finding, "fid"))));
    }
}

void render_refusal(struct cli *cli, const json_t *result)
{
    const json_t *refused = json_object_get(result, "refused"), *missing = json_object_get(refused, "missing");
    const char *reason = reason_name(text_at(refused, "reason")), *text = said(cli, text_at(refused, "text"));
    const char *code = record_code(refused), *clauses = list_at(cli, refused, "clause", " ");
    bool steps = *text_at(json_array_get(missing, 0), "step") != '\0';
    /* Without a code nothing was tried that the record should know of: it was not understood. */
    print(cli, BAD, "%s", *code ? _("refused: ") : _("not done: "));
    printf("%s", reason ? reason : text);
    if (*code) print(cli, DIM, "  [%s%s%s]", code, *clauses ? " " : "", clauses);
    putchar('\n');
    /* Where steps are missing, their list says it better, and in the reader's language. */
    if (reason && *text && !steps) printf("  %s\n", text);
    if (*text_at(refused, "hint") && !steps) printf("  %s\n", said(cli, text_at(refused, "hint")));
    print_missing(cli, missing, steps ? _("missing:") : *code ? _("to be put right:") : _("to be filled in:"));
    print_lines(cli, json_object_get(refused, "next"), _("next:"));
    print_recorded(cli, json_object_get(result, "findings"), code);
}

static void print_next(struct cli *cli, const char *now, const json_t *todo)
{
    struct grid *grid = grid_new(cli, 4);
    size_t i, shown = 0, open = 0;
    json_t *item;
    json_array_foreach(todo, i, item)
    {
        if (!true_at(item, "required") || true_at(item, "done") || true_at(item, "event")) continue;
        open++;
        if (shown == NEXT_SHOWN) continue;
        enum style style;
        const char *due = due_short(cli, now, item, &style);
        grid_put(grid, PLAIN, shown == 0 ? _("open:") : "");
        grid_put(grid, PLAIN, title_at(item));
        grid_put(grid, DIM, step_id(cli, text_at(item, "process"), text_at(item, "step")));
        grid_put(grid, style, due);
        shown++;
    }
    grid_print(grid, 2);
    grid_free(grid);
    if (open > shown) printf("        %s\n", say(cli, _("... and %zu more"), open - shown));
}

/* `todo` of a result is a list of steps, or of sessions with a list each. */
static void print_todo(struct cli *cli, const char *now, const json_t *todo)
{
    json_t *all = json_array();
    size_t i, j;
    json_t *item, *step;
    json_array_foreach(todo, i, item)
    {
        if (!json_object_get(item, "todo")) json_array_append(all, item);
        json_array_foreach(json_object_get(item, "todo"), j, step)
        {
            if (!*text_at(step, "process")) json_object_set(step, "process", json_object_get(item, "process"));
            json_array_append(all, step);
        }
    }
    print_next(cli, now, all);
    json_decref(all);
}

static void print_fired(struct cli *cli, const json_t *fired)
{
    size_t i;
    json_t *timer;
    json_array_foreach(fired, i, timer)
    {
        const char *code = text_at(timer, "code"), *title = title_at(timer), *name = text_at(timer, "timer");
        if (!*title) title = strchr(name, ':') ? strchr(name, ':') + 1 : name;
        print(cli, WARN, "  %s", say(cli, _("fell due: %s, %s"), safe(cli, title), time_at(cli, timer, "due", false)));
        printf("%s%s\n", *code ? "  " : "", *code ? code_name(code) : "");
    }
}

static void print_did(struct cli *cli, const json_t *result)
{
    const json_t *did = json_object_get(result, "did");
    const char *step = text_at(did, "step"), *title = safe(cli, title_at(did));
    const char *kind = text_at(did, "kind");
    if (!*step) step = text_at(did, "event");
    const char *id = *step ? step_id(cli, process_of(cli, did), step) : "";
    print(cli, GOOD, "✔");
    printf(" %s", *title ? title : *id ? id : kind_name(kind));
    if (*title && *step) print(cli, DIM, "  %s", id);
    if (strcmp(kind, "waive") == 0) print(cli, WARN, "  %s", kind_name(kind));
    const char *at = time_at(cli, result, "at", true);
    if (*at) print(cli, DIM, "  %s", at);
    putchar('\n');
}

/* Where the case stands now; several flows may take more than a line. */
static void print_places(struct cli *cli, const json_t *sessions)
{
    const char *places = places_of(cli, sessions);
    struct grid *grid = grid_new(cli, 1);
    if (*places) grid_line(grid, DIM, say(cli, "  %s", places));
    grid_print(grid, 0);
    grid_free(grid);
}

void render_result(struct cli *cli, const json_t *values)
{
    const json_t *result = json_array_get(values, 0);
    const json_t *fired = json_object_get(result, "fired");
    const char *kind = text_at(json_object_get(result, "did"), "kind");
    if (json_object_get(result, "refused")) {
        print_fired(cli, fired);
        render_refusal(cli, result);
        return;
    }
    /* A new case's id stands alone, so that a script can take it. */
    if (strcmp(kind, "open") == 0) {
        printf("%s\n", safe(cli, text_at(result, "case")));
        return;
    }
    if (json_object_get(result, "did")) print_did(cli, result);
    else if (json_array_size(fired) == 0) printf("%s\n", _("nothing is due"));
    print_places(cli, json_object_get(result, "where"));
    print_fired(cli, fired);
    print_findings(cli, json_object_get(result, "findings"), 2);
    print_todo(cli, text_at(result, "at_local"), json_object_get(result, "todo"));
}
