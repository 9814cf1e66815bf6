/* audit check as text: what each rule found, then case by case; or how well a log fits a flow. */
#include "render.h"

#include <string.h>

enum { SHOWN = 100 }; /* cases; --json has them all */

static const char *count_at(struct cli *cli, const json_t *object, const char *key)
{
    json_int_t n = number_at(object, key);
    return n ? say(cli, "%lld", (long long)n) : "";
}

static const char *verdict_name(const char *verdict)
{
    if (strcmp(verdict, "violated") == 0) return _("violated");
    if (strcmp(verdict, "due") == 0) return _("owed, in time");
    if (strcmp(verdict, "pending") == 0) return _("owed");
    return verdict;
}

static void rule_row(struct cli *cli, struct grid *grid, const json_t *row)
{
    const json_t *cases = json_object_get(row, "cases");
    json_int_t violated = number_at(cases, "violated");
    bool vacuous = true_at(row, "vacuous"), failed = number_at(row, "errors") > 0;
    const char *mark = failed ? _("failed") : vacuous ? _("never asked") : violated ? _("violated") : _("kept");
    grid_put(grid, failed || violated ? BAD : vacuous ? WARN : GOOD, mark);
    grid_put(grid, PLAIN, text_at(row, "rule"));
    grid_put(grid, PLAIN, text_at(row, "kind"));
    grid_put(grid, severity_style(text_at(row, "severity")), severity_name(text_at(row, "severity")));
    grid_put(grid, PLAIN, count_at(cli, row, "activations"));
    grid_put(grid, PLAIN, count_at(cli, cases, "violated"));
    grid_put(grid, PLAIN,
             say(cli, "%s%s%s", count_at(cli, cases, "due"), *count_at(cli, cases, "pending") ? "+" : "",
                 count_at(cli, cases, "pending")));
    grid_put(grid, PLAIN, list_at(cli, row, "clause", " "));
    grid_put(grid, PLAIN, failed ? text_at(row, "error") : title_at(row));
}

static void print_rule_table(struct cli *cli, const json_t *values)
{
    const char *const heads[] = {"",          _("rule"), _("kind"), _("severity"), _("asked"), _("cases broken"), _("cases open"),
                                 _("clause"), _("title")};
    struct grid *grid = grid_new(cli, 9);
    size_t i;
    json_t *row;
    for (size_t k = 0; k < 9; k++) grid_put(grid, DIM, heads[k]);
    json_array_foreach(values, i, row) if (json_object_get(row, "kind")) rule_row(cli, grid, row);
    grid_print(grid, 0);
    grid_free(grid);
}

/* "3 visit.arrive 2026-03-07 10:02:00 周敏" */
static const char *event_text(struct cli *cli, const json_t *event)
{
    json_int_t n = number_at(event, "entry") ? number_at(event, "entry") : number_at(event, "event");
    const char *at = time_at(cli, event, "at", true), *actor = text_at(event, "actor");
    return say(cli, "%lld %s%s%s%s%s", (long long)n, text_at(event, "activity"), *at ? " " : "", at, *actor ? " " : "", actor);
}

static const char *events_text(struct cli *cli, const json_t *row)
{
    const json_t *events = json_object_get(row, "events");
    const char *text = "";
    size_t i;
    json_t *event;
    json_array_foreach(events, i, event)
    {
        const char *between = i == 0 ? "" : strcmp(text_at(event, "is"), "other") == 0 ? " \xE2\x86\x94 " : "; ";
        text = say(cli, "%s%s%s", text, between, event_text(cli, event));
    }
    bool more = *text && number_at(row, "count") > (json_int_t)json_array_size(events);
    return more ? say(cli, "%s; \xE2\x80\xA6", text) : text;
}

static void print_cases(struct cli *cli, const json_t *values)
{
    struct grid *grid = grid_new(cli, 5);
    size_t i, shown = 0, left = 0;
    json_t *row;
    json_array_foreach(values, i, row)
    {
        const char *verdict = text_at(row, "verdict");
        if (!*verdict) continue;
        if (shown++ >= SHOWN) {
            left++;
            continue;
        }
        const char *due = time_at(cli, row, "due", false);
        grid_put(grid, PLAIN, text_at(row, "rule"));
        grid_put(grid, PLAIN, text_at(row, "case"));
        grid_put(grid, strcmp(verdict, "violated") == 0 ? BAD : WARN, verdict_name(verdict));
        grid_put(grid, PLAIN, *due ? say(cli, _("due %s"), due) : "");
        grid_put(grid, PLAIN, events_text(cli, row));
    }
    if (shown) putchar('\n');
    grid_print(grid, 0);
    grid_free(grid);
    if (left) printf(_("... and %zu more: --json shows all\n"), left);
}

static void render_rules(struct cli *cli, const json_t *values, const json_t *total)
{
    print_rule_table(cli, values);
    print_cases(cli, values);
    json_int_t rules = number_at(total, "rules"), cases = number_at(total, "cases"), events = number_at(total, "events");
    const char *over = say(cli, ngettext("%lld case", "%lld cases", (unsigned long)cases), (long long)cases);
    printf("\n%s",
           say(cli, ngettext("%lld rule over %s, ", "%lld rules over %s, ", (unsigned long)rules), (long long)rules, over));
    printf("%s: ", say(cli, ngettext("%lld event", "%lld events", (unsigned long)events), (long long)events));
    printf("%s\n", say(cli, _("%lld violated, %lld never asked"), (long long)number_at(total, "violated"),
                       (long long)number_at(total, "vacuous")));
}

/* --- a log and a flow --------------------------------------------------------------------------------------------------------
 */

static const char *percent(struct cli *cli, const json_t *row)
{
    return say(cli, "%.2f%%", json_number_value(json_object_get(row, "fitness")) * 100);
}

static const char *move_name(struct cli *cli, const json_t *move)
{
    const char *name = text_at(move, "activity");
    return true_at(move, "waived") ? say(cli, _("%s (waived)"), name) : name;
}

static void put_move(struct cli *cli, struct grid *grid, const json_t *move, const char *kind)
{
    bool log = strcmp(kind, "log") == 0, flow = strcmp(kind, "flow") == 0;
    grid_put(grid, log ? BAD : flow ? WARN : PLAIN, log ? "+" : flow ? "-" : "=");
    grid_put(grid, PLAIN, move_name(cli, move));
    grid_put(grid, PLAIN, title_at(move));
    grid_put(grid, DIM,
             !log && !flow              ? ""
             : flow                     ? _("missing in the log")
             : true_at(move, "unknown") ? _("not in the flow at all")
                                        : _("not here in the flow"));
}

static void print_variant(struct cli *cli, const json_t *row)
{
    struct grid *grid = grid_new(cli, 4);
    const json_t *moves = json_object_get(row, "moves");
    size_t i;
    json_t *move;
    const char *cost = true_at(row, "exact")
                           ? say(cli, "%lld", (long long)number_at(row, "cost"))
                           : say(cli, _("%lld to %lld"), (long long)number_at(row, "lower"), (long long)number_at(row, "cost"));
    print(cli, BOLD, "\n%s\n",
          say(cli,
              ngettext("variant %lld: %lld run, %s; fitness %s, cost %s",
                       "variant %lld: %lld runs, such as %s; fitness %s, cost %s", (unsigned long)number_at(row, "cases")),
              (long long)number_at(row, "variant"), (long long)number_at(row, "cases"), safe(cli, text_at(row, "case")),
              percent(cli, row), cost));
    json_array_foreach(moves, i, move) put_move(cli, grid, move, text_at(move, "move"));
    grid_print(grid, 2);
    grid_free(grid);
}

static void print_deviations(struct cli *cli, const json_t *values)
{
    struct grid *grid = grid_new(cli, 5);
    size_t i, count = 0;
    json_t *row;
    json_array_foreach(values, i, row)
    {
        if (!json_object_get(row, "deviation")) continue;
        count++;
        grid_put(grid, PLAIN, say(cli, "%lld", (long long)number_at(row, "count")));
        put_move(cli, grid, row, text_at(row, "deviation"));
    }
    if (count) print(cli, BOLD, "\n%s\n", _("most frequent deviations"));
    grid_print(grid, 2);
    grid_free(grid);
}

static void render_conform(struct cli *cli, const json_t *values, const json_t *total)
{
    size_t i;
    json_t *row;
    json_int_t runs = number_at(total, "traces"), fitting = number_at(total, "fitting"), inexact = number_at(total, "inexact");
    print(cli, fitting == runs ? GOOD : BAD, _("%s: fitness %s"), safe(cli, text_at(total, "flow")), percent(cli, total));
    json_int_t variants = number_at(total, "variants"), events = number_at(total, "aligned_events");
    printf("; %s", say(cli, _("%lld of %lld runs fit, "), (long long)fitting, (long long)runs));
    printf("%s%s", say(cli, ngettext("%lld variant", "%lld variants", (unsigned long)variants), (long long)variants), _(", "));
    printf("%s\n", say(cli, ngettext("%lld event", "%lld events", (unsigned long)events), (long long)events));
    if (inexact)
        printf("%s\n", say(cli,
                           ngettext("%lld run is bounded, not exact: the search was cut short",
                                    "%lld runs are bounded, not exact: the search was cut short", (unsigned long)inexact),
                           (long long)inexact));
    json_array_foreach(values, i, row) if (json_object_get(row, "moves")) print_variant(cli, row);
    print_deviations(cli, values);
}

void render_past(struct cli *cli, const json_t *values)
{
    const json_t *last = json_array_get(values, json_array_size(values) - 1);
    size_t i;
    json_t *row;
    if (json_object_get(last, "flow")) render_conform(cli, values, last);
    else if (json_object_get(last, "rules")) render_rules(cli, values, last);
    else json_array_foreach(values, i, row) render_diagnostic(cli, row);
    if (number_at(last, "skipped"))
        printf("%s\n",
               say(cli,
                   ngettext("%lld event without an activity was passed over", "%lld events without an activity were passed over",
                            (unsigned long)number_at(last, "skipped")),
                   (long long)number_at(last, "skipped")));
}
