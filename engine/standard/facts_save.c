/* Facts as a JSON value and back. By name, so that a newer revision of the flow can read them; only what differs from nothing.
 * Instants are integers (milliseconds). */
#include "standard/facts.h"
#include "standard/moments.h"

#include <string.h>

/* --- writing ---------------------------------------------------------------------------------------------------------- */

static void put_instant(struct arena *arena, struct value *map, const char *key, instant at)
{
    if (at != INSTANT_NONE) value_set_int(arena, map, key, at);
}

static void put_answer(struct arena *arena, struct value *map, const char *key, enum answer answer)
{
    if (answer != ANSWER_UNKNOWN) value_set_bool(arena, map, key, answer == ANSWER_YES);
}

static void put_member(struct arena *arena, struct value *map, const char *key, struct value *member)
{
    if (value_count(member) > 0) value_append(arena, map, key, member);
}

static struct value *save_state(const struct state_facts *facts, struct arena *arena)
{
    struct value *map = value_map(arena), *runs = value_list(arena);
    for (size_t i = 0; i < facts->run_count; i++) {
        struct value *run = value_list(arena);
        value_add(arena, run, value_int(arena, facts->runs[i].entered));
        if (facts->runs[i].left != INSTANT_NONE) value_add(arena, run, value_int(arena, facts->runs[i].left));
        value_add(arena, runs, run);
    }
    value_set_int(arena, map, "n", facts->number);
    if (facts->completed) value_set_bool(arena, map, "complete", true);
    value_set(arena, map, "runs", runs);
    return map;
}

static struct value *save_past(const struct instance *item, struct arena *arena)
{
    struct value *list = value_list(arena);
    for (size_t i = 0; i < item->past_count; i++) {
        const struct past *past = &item->past[i];
        struct value *one = value_map(arena);
        value_set_int(arena, one, "at", past->at);
        value_set_int(arena, one, "entry", (int64_t)past->entry);
        value_set_text(arena, one, "by", past->by);
        if (value_count(past->form)) value_set(arena, one, "form", value_copy(arena, past->form));
        value_add(arena, list, one);
    }
    return list;
}

static struct value *save_instance(const struct instance *item, struct arena *arena)
{
    struct value *map = value_map(arena);
    value_set_int(arena, map, "n", item->activation);
    if (item->count) value_set_int(arena, map, "count", item->count);
    if (item->done) value_set_bool(arena, map, "done", true);
    if (item->waived) value_set_bool(arena, map, "waived", true);
    put_instant(arena, map, "since", item->since);
    put_instant(arena, map, "at", item->at);
    if (item->rec != item->at) put_instant(arena, map, "rec", item->rec);
    value_set_text(arena, map, "by", item->by);
    value_set_text(arena, map, "role", item->role);
    if (item->entry) value_set_int(arena, map, "entry", (int64_t)item->entry);
    if (value_count(item->form)) value_set(arena, map, "form", value_copy(arena, item->form));
    put_member(arena, map, "past", save_past(item, arena));
    return map;
}

static struct value *save_completions(const struct step_facts *facts, struct arena *arena)
{
    struct value *list = value_list(arena);
    for (size_t i = 0; i < facts->completion_count; i++) {
        struct value *one = value_list(arena);
        value_add(arena, one, value_int(arena, facts->completions[i].at));
        value_add(arena, one, value_int(arena, (int64_t)facts->completions[i].entry));
        value_add(arena, one, value_text(arena, facts->completions[i].key));
        value_add(arena, list, one);
    }
    return list;
}

static struct value *save_timely(const struct standard *standard, const struct timely *timely, struct arena *arena)
{
    struct value *map = value_map(arena);
    value_set_text(arena, map, "fid", timely->fid);
    value_set_text(arena, map, "code", timely->code);
    value_set_text(arena, map, "inst", timely->instance);
    if (timely->deadline != CHART_NONE) value_set_text(arena, map, "deadline", standard->chart->deadlines[timely->deadline].id);
    value_set_int(arena, map, "n", timely->activation);
    value_set_int(arena, map, "severity", timely->severity);
    put_instant(arena, map, "due", timely->due);
    put_instant(arena, map, "at", timely->at);
    return map;
}

static struct value *save_step(const struct standard *standard, uint32_t index, struct arena *arena)
{
    const struct step_facts *facts = &standard->steps[index];
    const struct chart_step *step = &standard->chart->steps[index];
    enum answer plain = step->required ? facts->asked : ANSWER_NO; /* what no hook has changed */
    struct value *map = value_map(arena), *items = value_map(arena), *timely = value_list(arena);
    for (size_t i = 0; i < facts->count; i++)
        value_append(arena, items, facts->items[i].key, save_instance(&facts->items[i], arena));
    for (size_t i = 0; i < facts->timely_count; i++) value_add(arena, timely, save_timely(standard, &facts->timely[i], arena));
    if (step->when != CHART_NONE) put_answer(arena, map, "asked", facts->asked);
    if (step->when != CHART_NONE || facts->duty != plain) put_answer(arena, map, "duty", facts->duty);
    put_instant(arena, map, "first", facts->first);
    put_instant(arena, map, "last", facts->last);
    put_member(arena, map, "inst", items);
    put_member(arena, map, "timely", timely);
    put_member(arena, map, "done", save_completions(facts, arena));
    return map;
}

static struct value *save_deadline(const struct deadline_facts *facts, struct arena *arena)
{
    static const char *const names[] = {"armed", "met", "missed", "waived"};
    struct value *map = value_map(arena);
    for (size_t i = 0; i < facts->count; i++) {
        struct value *term = value_map(arena);
        value_set_int(arena, term, "due", facts->items[i].due);
        value_set_text(arena, term, "is", names[facts->items[i].status]);
        put_instant(arena, term, "opens", facts->items[i].opens);
        put_instant(arena, term, "from", facts->items[i].anchor);
        value_append(arena, map, facts->items[i].key, term);
    }
    return map;
}

struct value *standard_save(const struct standard *standard, struct arena *arena)
{
    const struct chart *chart = standard->chart;
    struct value *all = value_map(arena), *states = value_map(arena), *steps = value_map(arena);
    struct value *deadlines = value_map(arena), *events = value_map(arena);
    for (uint32_t i = 0; standard->states && i < chart->state_count; i++)
        if (standard->states[i].number) value_append(arena, states, chart->states[i].id, save_state(&standard->states[i], arena));
    for (uint32_t i = 0; i < chart->step_count; i++) put_member(arena, steps, chart->steps[i].id, save_step(standard, i, arena));
    for (uint32_t i = 0; i < chart->deadline_count; i++)
        put_member(arena, deadlines, chart->deadlines[i].id, save_deadline(&standard->deadlines[i], arena));
    for (size_t i = 0; i < standard->event_count; i++) {
        const struct event_facts *event = &standard->events[i];
        struct value *times = value_list(arena);
        value_add(arena, times, value_int(arena, event->first));
        value_add(arena, times, value_int(arena, event->last));
        value_append(arena, events, event->name, times);
    }
    put_member(arena, all, "states", states);
    put_member(arena, all, "steps", steps);
    put_member(arena, all, "deadlines", deadlines);
    put_member(arena, all, "events", events);
    put_member(arena, all, "rules", rules_save(standard, arena));
    return all;
}

/* --- reading: what the chart no longer knows is left behind ------------------------------------------------------------ */

static instant take_instant(const struct value *map, const char *key)
{
    return value_get(map, key) ? value_get_int(map, key) : INSTANT_NONE;
}

static enum answer take_answer(const struct value *map, const char *key)
{
    if (!value_get(map, key)) return ANSWER_UNKNOWN;
    return value_get_bool(map, key) ? ANSWER_YES : ANSWER_NO;
}

static void load_state(struct standard *standard, struct state_facts *facts, const struct value *saved)
{
    const struct value *runs = value_get(saved, "runs");
    facts->number = (uint32_t)value_get_int(saved, "n");
    facts->completed = value_get_bool(saved, "complete");
    for (size_t i = 0; i < value_count(runs); i++) {
        const struct value *run = value_at(runs, i);
        if (!LIST_ROOM(standard->world->arena, facts->runs, facts->run_count, facts->run_capacity)) return;
        facts->runs[facts->run_count++] =
            (struct run){value_as_int(value_at(run, 0)), value_count(run) > 1 ? value_as_int(value_at(run, 1)) : INSTANT_NONE};
    }
}

static void load_instance(struct standard *standard, uint32_t step, const char *key, const struct value *saved)
{
    struct instance *item = facts_instance_make(standard, step, key);
    if (!item) return;
    item->activation = (uint32_t)value_get_int(saved, "n");
    item->count = (uint32_t)value_get_int(saved, "count");
    item->done = value_get_bool(saved, "done");
    item->waived = value_get_bool(saved, "waived");
    item->since = take_instant(saved, "since");
    item->at = take_instant(saved, "at");
    item->rec = value_get(saved, "rec") ? take_instant(saved, "rec") : item->at;
    item->by = value_get_text(saved, "by");
    item->role = value_get_text(saved, "role");
    item->entry = (uint64_t)value_get_int(saved, "entry");
    item->form = value_get(saved, "form");
    const struct value *past = value_get(saved, "past");
    for (size_t i = 0; i < value_count(past); i++) {
        const struct value *one = value_at(past, i);
        if (!LIST_ROOM(standard->world->arena, item->past, item->past_count, item->past_capacity)) return;
        item->past[item->past_count++] = (struct past){value_get_int(one, "at"), (uint64_t)value_get_int(one, "entry"),
                                                       value_get_text(one, "by"), value_get(one, "form")};
    }
}

static uint32_t deadline_by_id(const struct chart *chart, const char *id)
{
    for (uint32_t i = 0; id && i < chart->deadline_count; i++)
        if (strcmp(chart->deadlines[i].id, id) == 0) return i;
    return CHART_NONE;
}

static void load_timely(struct standard *standard, struct step_facts *facts, const struct value *saved)
{
    if (!LIST_ROOM(standard->world->arena, facts->timely, facts->timely_count, facts->timely_capacity)) return;
    facts->timely[facts->timely_count++] =
        (struct timely){.fid = value_get_text(saved, "fid"),
                        .code = value_get_text(saved, "code"),
                        .instance = value_get_text(saved, "inst"),
                        .deadline = deadline_by_id(standard->chart, value_get_text(saved, "deadline")),
                        .activation = (uint32_t)value_get_int(saved, "n"),
                        .severity = (enum chart_severity)value_get_int(saved, "severity"),
                        .due = take_instant(saved, "due"),
                        .at = take_instant(saved, "at")};
}

static void load_step(struct standard *standard, uint32_t step, const struct value *saved)
{
    struct step_facts *facts = &standard->steps[step];
    const struct value *items = value_get(saved, "inst"), *timely = value_get(saved, "timely");
    facts->asked = take_answer(saved, "asked");
    facts->duty = take_answer(saved, "duty");
    facts->first = take_instant(saved, "first");
    facts->last = take_instant(saved, "last");
    for (size_t i = 0; i < value_count(items); i++)
        load_instance(standard, step, items->as.map.items[i].key, items->as.map.items[i].value);
    for (size_t i = 0; i < value_count(timely); i++) load_timely(standard, facts, value_at(timely, i));
    const struct value *done = value_get(saved, "done");
    for (size_t i = 0; i < value_count(done); i++) {
        const struct value *one = value_at(done, i);
        struct completion completion = {value_as_int(value_at(one, 0)), (uint64_t)value_as_int(value_at(one, 1)),
                                        value_as_text(value_at(one, 2))};
        if (facts_completed(standard, step, completion, NULL) != GUAN_OK) return;
    }
}

static void load_deadline(struct standard *standard, uint32_t deadline, const struct value *saved)
{
    struct deadline_facts *facts = &standard->deadlines[deadline];
    for (size_t i = 0; i < value_count(saved); i++) {
        const struct value_member *member = &saved->as.map.items[i];
        const char *is = value_get_text(member->value, "is");
        if (!LIST_ROOM(standard->world->arena, facts->items, facts->count, facts->capacity)) return;
        enum term_status status = TERM_ARMED;
        if (is && strcmp(is, "met") == 0) status = TERM_MET;
        if (is && strcmp(is, "missed") == 0) status = TERM_MISSED;
        if (is && strcmp(is, "waived") == 0) status = TERM_WAIVED;
        facts->items[facts->count++] = (struct term){.key = member->key,
                                                     .status = status,
                                                     .due = value_get_int(member->value, "due"),
                                                     .opens = take_instant(member->value, "opens"),
                                                     .anchor = take_instant(member->value, "from")};
    }
}

static void load(struct standard *standard, const struct value *saved)
{
    const struct chart *chart = standard->chart;
    const struct value *states = value_get(saved, "states"), *steps = value_get(saved, "steps");
    const struct value *deadlines = value_get(saved, "deadlines"), *events = value_get(saved, "events");
    for (size_t i = 0; i < value_count(states); i++) {
        uint32_t state = chart_state_by_id(chart, states->as.map.items[i].key);
        if (state != CHART_NONE && standard->states)
            load_state(standard, &standard->states[state], states->as.map.items[i].value);
    }
    for (size_t i = 0; i < value_count(steps); i++) {
        uint32_t step = chart_step_by_id(chart, steps->as.map.items[i].key);
        if (step != CHART_NONE) load_step(standard, step, steps->as.map.items[i].value);
    }
    for (size_t i = 0; i < value_count(deadlines); i++) {
        uint32_t deadline = deadline_by_id(chart, deadlines->as.map.items[i].key);
        if (deadline != CHART_NONE) load_deadline(standard, deadline, deadlines->as.map.items[i].value);
    }
    rules_load(standard, value_get(saved, "rules"));
    for (size_t i = 0; i < value_count(events); i++) {
        const struct value *times = events->as.map.items[i].value;
        if (!LIST_ROOM(standard->world->arena, standard->events, standard->event_count, standard->event_capacity)) return;
        standard->events[standard->event_count++] =
            (struct event_facts){events->as.map.items[i].key, value_as_int(value_at(times, 0)), value_as_int(value_at(times, 1))};
    }
}

int standard_wake(struct standard *standard, const struct chart *chart, const struct value *saved, struct guan_error *error)
{
    struct arena *arena = standard->world->arena;
    standard->chart = chart;
    if (chart->step_count || chart->deadline_count || chart->rule_count) {
        standard->states = arena_alloc(arena, chart->state_count * sizeof *standard->states);
        standard->steps = arena_alloc(arena, chart->step_count * sizeof *standard->steps);
        standard->deadlines = arena_alloc(arena, chart->deadline_count * sizeof *standard->deadlines);
        standard->rules = arena_alloc(arena, chart->rule_count * sizeof *standard->rules);
    }
    if (arena_failed(arena)) return error_memory(error);
    for (uint32_t i = 0; i < chart->step_count; i++) standard->steps[i].first = standard->steps[i].last = INSTANT_NONE;
    if (saved) load(standard, saved);
    return arena_failed(arena) ? error_memory(error) : GUAN_OK;
}

int standard_asleep(struct world *world, const char *id, const char *process, const struct value *hears, struct standard **out,
                    struct guan_error *error)
{
    struct standard *standard = arena_alloc(world->arena, sizeof *standard);
    if (!standard) return error_memory(error);
    *standard = (struct standard){.world = world, .id = id, .process = process, .hears = hears, .focus = FOCUS_NONE};
    *out = standard;
    return GUAN_OK;
}

int standard_new(struct world *world, const struct chart *chart, struct session *session, const char *id, const char *process,
                 const struct value *saved, struct standard **out, struct guan_error *error)
{
    int code = standard_asleep(world, id, process, NULL, out, error);
    if (code != GUAN_OK) return code;
    (*out)->session = session;
    return standard_wake(*out, chart, saved, error);
}

bool standard_sleeps(const struct standard *standard)
{
    return !standard->chart;
}

bool facts_awake(struct standard *standard)
{
    const struct world *world = standard->world;
    return standard->chart || world->wake(world->user, standard);
}

static void hear(struct value *list, struct arena *arena, const struct chart_names *names)
{
    for (uint32_t i = 0; i < names->count; i++) value_add(arena, list, value_text(arena, names->items[i]));
}

struct value *standard_hears(const struct standard *standard, struct arena *arena)
{
    const struct chart *chart = standard->chart;
    struct value *list = value_list(arena);
    bool any = chart->rule_count > 0;
    for (uint32_t i = 0; i < chart->rule_count; i++) {
        const struct chart_rule *rule = &chart->rules[i];
        if (rule->kind == CHART_RULE_MAX_GAP) continue; /* its silences ended with its state: only what comes late counts */
        hear(list, arena, &rule->of);
        hear(list, arena, &rule->among);
        hear(list, arena, &rule->first);
        hear(list, arena, &rule->from);
    }
    for (uint32_t i = 0; i < chart->step_count; i++)
        if (strchr(chart->steps[i].id, '.')) value_add(arena, list, value_text(arena, chart->steps[i].id));
    for (size_t i = 0; i < standard->event_count; i++)
        if (strchr(standard->events[i].name, '.')) value_add(arena, list, value_text(arena, standard->events[i].name));
    return any || value_count(list) ? list : NULL;
}

void standard_attach(struct standard *standard, struct session *session)
{
    standard->session = session;
}
void standard_ended(struct standard *standard)
{
    standard->session = NULL;
}
const char *standard_id(const struct standard *standard)
{
    return standard->id;
}
const char *standard_process(const struct standard *standard)
{
    return standard->process;
}
const struct chart *standard_chart(const struct standard *standard)
{
    return standard->chart;
}
