/* Everything of a bundle at once: catalogues, flows, what flows say of each other, dealers. */
#include "chart/bundle_files.h"
#include "chart/compile.h"

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

const struct chart *bundle_flow(const struct bundle *bundle, const char *name, size_t length)
{
    for (size_t i = 0; i < bundle->process_count; i++) {
        const struct process *process = &bundle->processes[i];
        if (process->chart != NULL && strlen(process->name) == length && memcmp(process->name, name, length) == 0)
            return process->chart;
    }
    return NULL;
}

bool bundle_offers(const struct chart *chart, const char *name)
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

/* Is there such a flow, with faults of its own? */
static bool is_broken(const struct bundle *bundle, const char *name, size_t length)
{
    for (size_t i = 0; i < bundle->process_count; i++) {
        const struct process *process = &bundle->processes[i];
        if (process->chart == NULL && strlen(process->name) == length && memcmp(process->name, name, length) == 0) return true;
    }
    return false;
}

/* `name` may be PROCESS.NAME or PROCESS.*: then the process must have it. `where` is the attribute that names it, NULL for the
 * events of transitions, which may come from anywhere. */
struct named {
    const struct check *check;
    struct report *report;
    const struct chart *chart;
    struct chart_place place;
    const char *where;
    bool all; /* PROCESS.* and @class will do */
};

static void check_name(const struct named *named, const char *name)
{
    const struct chart *chart = named->chart;
    const char *dot = strchr(name, '.');
    bool must = named->where != NULL;
    if (dot == NULL || (named->all && name[0] == '@') || chart_step_by_id(chart, name) != CHART_NONE ||
        (must && bundle_offers(chart, name)))
        return;
    const struct chart *other = bundle_flow(named->check->bundle, name, (size_t)(dot - name));
    int length = (int)(dot - name);
    if (other == NULL) {
        if (is_broken(named->check->bundle, name, (size_t)length)) return; /* told already */
        if (must && !offered_by_any(named->check->bundle, name))
            problem(named->report, named->place, "unknown-anchor", NULL, "%s names \"%s\", but there is no process \"%.*s\"",
                    named->where, name, length, name);
        return;
    }
    if (bundle_offers(other, dot + 1) || (named->all && strcmp(dot, ".*") == 0) || (!must && other == chart)) return;
    struct guess guess = {.word = dot + 1};
    for (uint32_t i = 0; i < other->step_count; i++) guess_offer(&guess, other->steps[i].id);
    problem(named->report, named->place, must ? "unknown-anchor" : "unknown-step", guess_hint(&guess, named->report->arena, NULL),
            "\"%s\": the process %.*s has neither a step nor an event \"%s\"", name, length, name, dot + 1);
}

static void check_names(struct named named, const char *where, struct chart_names names)
{
    named.where = where;
    for (uint32_t i = 0; i < names.count; i++) check_name(&named, names.items[i]);
}

static void check_calendar(const struct named *named, const char *id)
{
    const char *missing;
    const struct bundle *bundle = named->check->bundle;
    if (id == NULL || calendar_known(bundle, id, &missing)) return;
    struct arena *arena = named->report->arena;
    struct guess guess = {.word = id};
    calendars_guess(bundle, arena, &guess);
    if (missing == NULL)
        problem(named->report, named->place, "unknown-calendar",
                guess_hint(&guess, arena, "calendars are files processes/calendars/<name>.ics"), "there is no calendar \"%s\"",
                id);
    else
        problem(named->report, named->place, "unknown-calendar", "put one for all into processes/calendars/",
                "the dealer %s has no calendar \"%s\"", missing, id);
}

static void check_deadline(struct named named, const struct chart_deadline *deadline)
{
    named.place = deadline->place;
    check_names(named, "from", deadline->from);
    check_calendar(&named, deadline->on);
    if (deadline->work) check_calendar(&named, "holidays");
}

/* --- the fields that a rule counts by ------------------------------------------------------------------------------------ */

/* The step that a rule's name stands for; NULL: an event, a class, all steps of a flow. */
static const struct chart_step *step_named(const struct named *named, const char *name, const struct chart **owner)
{
    const char *dot = strchr(name, '.');
    *owner = named->chart;
    uint32_t step = chart_step_by_id(named->chart, name);
    if (step == CHART_NONE && dot != NULL) {
        *owner = bundle_flow(named->check->bundle, name, (size_t)(dot - name));
        step = *owner == NULL ? CHART_NONE : chart_step_by_id(*owner, dot + 1);
    }
    return step == CHART_NONE ? NULL : &(*owner)->steps[step];
}

static void check_counted(const struct named *named, const char *step_name, const char *field_name, bool sum)
{
    const struct chart *chart;
    const struct chart_step *step = step_named(named, step_name, &chart);
    if (step == NULL || field_name == NULL) return;
    uint32_t index = chart_field_by_name(chart, &step->fields, field_name);
    enum chart_type type = index == CHART_NONE ? CHART_TEXT : chart->fields[index].type;
    if (index == CHART_NONE)
        problem(named->report, named->place, "unknown-field", NULL,
                "%s names the field \"%s\", which the step \"%s\" does not have", sum ? "sum" : "by", field_name, step_name);
    else if (sum && type != CHART_INTEGER && type != CHART_DECIMAL && type != CHART_MONEY)
        problem(named->report, named->place, "sum-field", "an integer, a decimal or money",
                "sum names the field \"%s\" of the step \"%s\", which is no number", field_name, step_name);
}

static void check_rule(struct named named, const struct chart_rule *rule)
{
    named.place = rule->place;
    check_names(named, "until", rule->ends);
    named.all = true;
    check_names(named, "of", rule->of);
    check_names(named, "first", rule->first);
    check_names(named, "among", rule->among);
    check_names(named, "from", rule->from);
    const char *by = rule->by != NULL && strcmp(rule->by, "actor") == 0 ? NULL : rule->by;
    for (uint32_t i = 0; i < rule->of.count; i++) {
        check_counted(&named, rule->of.items[i], by, false);
        check_counted(&named, rule->of.items[i], rule->sum, true);
    }
}

static void check_flow(struct check *check, const struct process *process)
{
    const struct chart *chart = process->chart;
    if (chart == NULL) return;
    struct arena *arena = arena_new();
    struct report report;
    report_init(&report, arena, process->file->path);
    struct named named = {.check = check, .report = &report, .chart = chart};
    if (strcmp(chart->name, process->name) != 0)
        problem(&report, chart->states[0].place, "process-name", "the name is that of the file", "name=\"%s\" should be \"%s\"",
                chart->name, process->name);
    for (uint32_t i = 0; i < chart->transition_count; i++) {
        const struct chart_transition *transition = &chart->transitions[i];
        named.place = transition->place;
        for (uint32_t k = 0; k < transition->events.count; k++)
            check_name(&named, chart->descriptors[transition->events.first + k].name);
    }
    for (uint32_t i = 0; i < chart->invoke_count; i++)
        if (chart->invokes[i].payload.has_content)
            problem(&report, chart->invokes[i].place, "inline-in-flow", "make it a flow of its own and invoke it by src",
                    "a case runs flows of its definition only, not documents inside an <invoke>");
    for (uint32_t i = 0; i < chart->deadline_count; i++) check_deadline(named, &chart->deadlines[i]);
    for (uint32_t i = 0; i < chart->rule_count; i++) check_rule(named, &chart->rules[i]);
    check_lua_names(check->bundle, chart, &report);
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

/* From when a record is kept is a step or an event of a flow. */
static void check_retentions(struct check *check)
{
    if (check->catalogue == NULL || catalogue_retention_count(check->catalogue) == 0) return;
    struct arena *arena = arena_new();
    struct report report;
    report_init(&report, arena, catalogue_retention_at(check->catalogue, 0)->file);
    for (size_t i = 0; i < catalogue_retention_count(check->catalogue); i++) {
        const struct retention *row = catalogue_retention_at(check->catalogue, i);
        const char *dot = strchr(row->from, '.');
        const struct chart *flow = dot == NULL ? NULL : bundle_flow(check->bundle, row->from, (size_t)(dot - row->from));
        if (flow == NULL || !bundle_offers(flow, dot + 1))
            problem(&report, row->place, "unknown-anchor", "write PROCESS.STEP, or PROCESS.EVENT",
                    "from=\"%s\" is no step and no event of a flow", row->from);
    }
    merge(check, report_end(&report, check->sink, check->user, first(check)));
    arena_free(arena);
}

/* --- what dealers set, in the places where flows use it ------------------------------------------------------------------- */

struct setting_check {
    struct report *report;
    const struct setting *setting;
    const struct chart *chart;
    bool told;
};

/* `key`: the text names a table. */
static void check_use(struct setting_check *check, const char *text, enum due_use use, bool key, struct chart_place place)
{
    const struct setting *setting = check->setting;
    if (check->told || text == NULL || !due_names(text, setting->id)) return;
    if (key ? table_fits(use, setting->value) : due_fits(use, setting->value)) return;
    check->told = true;
    problem(check->report, setting->place, "parameter-use", due_hint(use), "\"%s\" does not do where %s:%u:%u uses %s",
            setting->value, check->chart->file, place.line, place.col, setting->id);
}

static void check_bound(struct setting_check *check, const struct chart_field *field, const char *bound)
{
    const struct setting *setting = check->setting;
    if (check->told || bound == NULL || strcmp(bound, setting->id) != 0 || bound_fits(field->type, setting->value)) return;
    check->told = true;
    problem(check->report, setting->place, "parameter-use", NULL, "\"%s\" is no %s, as %s:%u:%u needs of %s", setting->value,
            chart_type_name(field->type), check->chart->file, field->place.line, field->place.col, setting->id);
}

static void check_uses(struct setting_check *check)
{
    const struct chart *chart = check->chart;
    for (uint32_t i = 0; i < chart->deadline_count; i++) {
        const struct chart_deadline *d = &chart->deadlines[i];
        check_use(check, d->within, d->work ? DUE_WORK : DUE_TERM, d->within_key != CHART_NONE, d->place);
        check_use(check, d->lead, d->work ? DUE_WORK : DUE_TERM, false, d->place);
        check_use(check, d->window, d->work ? DUE_WORK_WINDOW : DUE_WINDOW, false, d->place);
        check_use(check, d->every, DUE_EVERY, false, d->place);
        check_use(check, d->until, DUE_SPAN, false, d->place);
        check_use(check, d->remind, DUE_SPAN, false, d->place);
    }
    for (uint32_t i = 0; i < chart->rule_count; i++) {
        const struct chart_rule *rule = &chart->rules[i];
        check_use(check, rule->within, DUE_SPAN, rule->within_key != CHART_NONE, rule->place);
        check_use(check, rule->until, DUE_SPAN, false, rule->place);
    }
    for (uint32_t i = 0; i < chart->field_count; i++) {
        check_bound(check, &chart->fields[i], chart->fields[i].min);
        check_bound(check, &chart->fields[i], chart->fields[i].max);
    }
}

static void check_settings(struct check *check, const struct house *house)
{
    size_t count;
    const struct setting *settings = house_settings(house, &count);
    struct arena *arena = arena_new();
    struct report report;
    report_init(&report, arena, arena_printf(arena, "scripts/dealers/%s/dealer.xml", house->dealer));
    for (size_t i = 0; i < count; i++) {
        struct setting_check one = {.report = &report, .setting = &settings[i]};
        for (size_t k = 0; k < check->bundle->process_count; k++) {
            one.chart = check->bundle->processes[k].chart;
            if (one.chart != NULL) check_uses(&one);
        }
    }
    merge(check, report_end(&report, check->sink, check->user, first(check)));
    arena_free(arena);
}

/* Its chunk is run once: what would silently ask no hook is told. */
static void check_hooks_of(struct check *check, const char *dealer)
{
    struct arena *arena = arena_new();
    struct report report;
    const char *path = arena_printf(arena, "scripts/dealers/%s/hooks.lua", dealer);
    const struct bundle_file *file = path == NULL ? NULL : bundle_find(check->bundle, path);
    report_init(&report, arena, path);
    if (arena_failed(arena)) merge(check, error_memory(first(check)));
    else if (file != NULL && file->bytes != NULL) merge(check, check_hooks(check->bundle, file, &report, first(check)));
    if (check->code != GUAN_FAILED) merge(check, report_end(&report, check->sink, check->user, first(check)));
    arena_free(arena);
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
        int code = dealer_read(bundle, fresh, check->catalogue, check->sink, check->user, &house, first(check));
        merge(check, code);
        if (code == GUAN_OK) check_settings(check, house);
        dealer_free(fresh);
        if (check->code != GUAN_FAILED) check_hooks_of(check, name);
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
    if (check.code != GUAN_FAILED) merge(&check, bundle_read_calendars(bundle, sink, user, first(&check)));
    check_flows(&check);
    check_retentions(&check);
    check_dealers(&check);
    return check.code;
}
