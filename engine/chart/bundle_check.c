/* Everything of a bundle at once: catalogues, flows, what flows say of each other, dealers. */
#include "chart/bundle_files.h"

#include <string.h>

struct check {
    struct bundle *bundle;
    const struct catalogue *catalogue; /* NULL: broken, told already */
    diagnostic_sink sink;
    void *user;
    struct guan_error *error;
    int code; /* of all so far; `error` has the first */
};

static void merge(struct check *check, int code)
{
    if (code == GUAN_OK || check->code == GUAN_FAILED) return;
    if (check->code == GUAN_OK || code == GUAN_FAILED) check->code = code;
}

static struct guan_error *first(const struct check *check)
{
    return check->code == GUAN_OK ? check->error : NULL;
}

/* --- flows among each other --------------------------------------------------------------------------------------------- */

static const struct chart *other_flow(const struct bundle *bundle, const char *name, size_t length)
{
    for (size_t i = 0; i < bundle->process_count; i++) {
        const struct process *process = &bundle->processes[i];
        if (process->chart != NULL && strlen(process->name) == length && memcmp(process->name, name, length) == 0)
            return process->chart;
    }
    return NULL;
}

static bool offers(const struct chart *chart, const char *name)
{
    if (chart_step_by_id(chart, name) != CHART_NONE) return true;
    size_t length = strlen(name);
    for (uint32_t i = 0; i < chart->descriptor_count; i++)
        if (chart->descriptors[i].length > 0 && chart_descriptor_matches(&chart->descriptors[i], name, length)) return true;
    return false;
}

static bool offered_by_any(const struct bundle *bundle, const char *name)
{
    for (size_t i = 0; i < bundle->process_count; i++)
        if (bundle->processes[i].chart != NULL && chart_step_by_id(bundle->processes[i].chart, name) != CHART_NONE) return true;
    return false;
}

/* `name` may be PROCESS.NAME: then the process must have it. */
static void check_name(const struct check *check, struct report *report, const struct chart *chart, const char *name,
                       struct chart_place place, bool anchor)
{
    const char *dot = strchr(name, '.');
    if (dot == NULL || chart_step_by_id(chart, name) != CHART_NONE) return;
    const struct chart *other = other_flow(check->bundle, name, (size_t)(dot - name));
    if (other == NULL) {
        if (anchor && !offers(chart, name) && !offered_by_any(check->bundle, name))
            problem(report, place, "unknown-anchor", NULL, "from names \"%s\", but there is no process \"%.*s\"", name,
                    (int)(dot - name), name);
        return;
    }
    if (other == chart || offers(other, dot + 1)) return;
    struct guess guess = {.word = dot + 1};
    for (uint32_t i = 0; i < other->step_count; i++) guess_offer(&guess, other->steps[i].id);
    problem(report, place, anchor ? "unknown-anchor" : "unknown-step", guess_hint(&guess, report->arena, NULL),
            "\"%s\": the process %.*s has neither a step nor an event \"%s\"", name, (int)(dot - name), name, dot + 1);
}

static void check_flow(struct check *check, const struct process *process)
{
    const struct chart *chart = process->chart;
    if (chart == NULL) return;
    struct arena *arena = arena_new();
    struct report report;
    report_init(&report, arena, process->file->path);
    if (strcmp(chart->name, process->name) != 0)
        problem(&report, chart->states[0].place, "process-name", "the name is that of the file", "name=\"%s\" should be \"%s\"",
                chart->name, process->name);
    for (uint32_t i = 0; i < chart->transition_count; i++) {
        const struct chart_transition *transition = &chart->transitions[i];
        for (uint32_t k = 0; k < transition->events.count; k++)
            check_name(check, &report, chart, chart->descriptors[transition->events.first + k].name, transition->place, false);
    }
    for (uint32_t i = 0; i < chart->deadline_count; i++)
        for (uint32_t k = 0; k < chart->deadlines[i].from.count; k++)
            check_name(check, &report, chart, chart->deadlines[i].from.items[k], chart->deadlines[i].place, true);
    merge(check, report_end(&report, check->sink, check->user, first(check)));
    arena_free(arena);
}

/* --- all ------------------------------------------------------------------------------------------------------------------ */

static void check_flows(struct check *check)
{
    struct bundle *bundle = check->bundle;
    for (size_t i = 0; i < bundle->process_count && check->code != GUAN_FAILED; i++) {
        struct process *process = &bundle->processes[i];
        struct chart *chart = NULL;
        merge(check, bundle_read_chart(bundle, process, check->catalogue, check->sink, check->user, &chart, first(check)));
        if (process->chart == NULL && check->catalogue != NULL)
            process->chart = chart; /* what is sound is kept for bundle_chart */
        else chart_free(chart);
    }
    for (size_t i = 0; i < bundle->process_count && check->code != GUAN_FAILED; i++) check_flow(check, &bundle->processes[i]);
}

static void check_dealers(struct check *check)
{
    struct bundle *bundle = check->bundle;
    for (size_t i = 0; i < bundle->dealer_count && check->code != GUAN_FAILED; i++) {
        struct dealer *fresh;
        const struct house *house;
        const char *name = dealer_name(bundle->dealers[i]);
        if (dealer_new(bundle, name, strlen(name), &fresh) != GUAN_OK) {
            check->code = error_memory(check->error);
            return;
        }
        merge(check, dealer_read(bundle, fresh, check->catalogue, check->sink, check->user, &house, first(check)));
        dealer_free(fresh);
    }
}

int bundle_check(struct bundle *bundle, diagnostic_sink sink, void *user, struct guan_error *error)
{
    int code = bundle_seal(bundle, error);
    if (code != GUAN_OK) return code;
    struct check check = {.bundle = bundle, .sink = sink, .user = user, .error = error};
    struct catalogue *catalogue;
    merge(&check, bundle_read_catalogue(bundle, sink, user, &catalogue, first(&check)));
    if (bundle->catalogue == NULL) bundle->catalogue = catalogue;
    else catalogue_free(catalogue);
    check.catalogue = bundle->catalogue;
    if (bundle->process_count == 0 && check.code == GUAN_OK) {
        struct diagnostic empty = {.file = "processes", .place = {1, 1}, .error = true, .rule = "no-process"};
        empty.text = "there is no flow here";
        empty.hint = "flows are files processes/<name>.scxml";
        if (sink != NULL) sink(user, &empty);
        check.code = error_set(error, GUAN_NO, empty.rule, "%s", empty.text);
    }
    check_flows(&check);
    check_dealers(&check);
    return check.code;
}
