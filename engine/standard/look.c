/* Looking without changing: what there is to do, where a session stands, which deadlines run. */
#include "standard/judge.h"

#include "base/text.h"

#include <string.h>

static void put_instant(struct arena *arena, struct value *map, const char *key, instant at)
{
    char text[INSTANT_TEXT];
    if (at == INSTANT_NONE) return;
    instant_format(at, text);
    value_set_text(arena, map, key, text);
}

/* A plain timer that has run owes nothing any more. */
static bool timer_is_over(const struct chart_deadline *deadline, const struct term *term)
{
    return term->status == TERM_MISSED && deadline->severity == CHART_SEVERITY_NONE;
}

static instant next_due(const struct standard *standard, const struct chart_step *step)
{
    instant due = INSTANT_NONE;
    for (uint32_t d = step->deadlines.first; d < step->deadlines.first + step->deadlines.count; d++)
        for (size_t t = 0; t < standard->deadlines[d].count; t++) {
            const struct term *term = &standard->deadlines[d].items[t];
            const struct chart_deadline *deadline = &standard->chart->deadlines[d];
            bool stands = term->status == TERM_ARMED || (term->status == TERM_MISSED && !deadline_recurs(deadline));
            if (timer_is_over(deadline, term)) continue;
            if (stands && (due == INSTANT_NONE || term->due < due)) due = term->due;
        }
    return due;
}

static struct value *fields_needed(struct standard *standard, const struct chart_step *step)
{
    struct arena *arena = standard->world->arena;
    struct value *list = value_list(arena);
    for (uint32_t f = step->fields.first; f < step->fields.first + step->fields.count; f++) {
        const struct chart_field *field = &standard->chart->fields[f];
        if (field->required && field->initial == CHART_NONE && field->when == CHART_NONE)
            value_add(arena, list, value_text(arena, field->name));
    }
    return list;
}

static struct value *prerequisites(struct standard *standard, const struct chart_step *step)
{
    struct arena *arena = standard->world->arena;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < step->after.count; i++) {
        uint32_t other = standard->chart->step_refs[step->after.first + i];
        bool asked = true;
        if (facts_satisfied(standard, other, NULL, INT64_MAX)) continue;
        if (eval_asked(standard, other, &asked, NULL) != GUAN_OK || asked)
            value_add(arena, list, value_text(arena, standard->chart->steps[other].id));
    }
    return list;
}

static void set_list(struct arena *arena, struct value *map, const char *key, struct value *list)
{
    if (value_count(list)) value_set(arena, map, key, list);
}

static struct value *todo_step(struct standard *standard, uint32_t index, bool required)
{
    struct arena *arena = standard->world->arena;
    const struct chart_step *step = &standard->chart->steps[index];
    const struct instance *latest = facts_latest(standard, index);
    bool done = facts_satisfied(standard, index, NULL, INT64_MAX);
    instant due = done && !step_keeps(standard->chart, index) ? INSTANT_NONE : next_due(standard, step);
    struct value *map = value_map(arena);
    value_set_text(arena, map, "step", step->id);
    value_set_text(arena, map, "title", step->title);
    value_set(arena, map, "clause", names_value(arena, &step->clauses));
    value_set(arena, map, "role", names_value(arena, &step->roles));
    set_list(arena, map, "with", names_value(arena, &step->with));
    value_set_bool(arena, map, "required", required);
    value_set_bool(arena, map, "done", done);
    if (latest && done) put_instant(arena, map, "when_done", latest->at);
    set_list(arena, map, "missing", fields_needed(standard, step));
    put_instant(arena, map, "due", due);
    if (due != INSTANT_NONE) value_set_int(arena, map, "due_in", due - standard->world->at);
    set_list(arena, map, "after", prerequisites(standard, step));
    value_set_bool(arena, map, "event", false);
    set_list(arena, map, "waive_by", names_value(arena, &step->waive_by));
    return map;
}

static bool listed(const struct value *list, const char *event)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (text_equal(value_get_text(value_at(list, i), "step"), event)) return true;
    return false;
}

/* An event P.S is offered where its transition starts P: elsewhere it tells of what P does, once it runs. */
static bool starts_flow(const struct chart *chart, const struct chart_transition *transition, const char *event)
{
    size_t process = strcspn(event, ".");
    if (!event[process]) return true;
    for (uint32_t i = 0; i < transition->targets.count; i++) {
        uint32_t target = chart->targets[transition->targets.first + i];
        for (uint32_t k = 0; k < chart->invoke_count; k++) {
            const struct chart_invoke *invoke = &chart->invokes[k];
            bool inside = invoke->state >= target && invoke->state <= chart->states[target].last;
            if (inside && invoke->src && strncmp(invoke->src, event, process) == 0 &&
                strcmp(invoke->src + process, ".scxml") == 0)
                return true;
        }
    }
    return false;
}

/* Events of one state's transitions that people may send. */
static void todo_events(struct standard *standard, uint32_t state, struct value *list)
{
    const struct chart *chart = standard->chart;
    struct arena *arena = standard->world->arena;
    for (uint32_t t = 0; t < chart->states[state].transitions.count; t++) {
        const struct chart_transition *transition = &chart->transitions[chart->states[state].transitions.first + t];
        for (uint32_t e = 0; e < transition->events.count; e++) {
            const char *name = chart->descriptors[transition->events.first + e].name;
            if (!sendable(standard, name) || !starts_flow(chart, transition, name) || listed(list, name)) continue;
            struct value *map = value_map(arena);
            value_set_text(arena, map, "step", name);
            value_set_text(arena, map, "title", transition->title);
            set_list(arena, map, "clause", names_value(arena, &transition->clauses));
            value_set(arena, map, "role", names_value(arena, &transition->roles));
            value_set_bool(arena, map, "required", false);
            value_set_bool(arena, map, "done", false);
            value_set_bool(arena, map, "event", true);
            value_add(arena, list, map);
        }
    }
}

static void todo_steps(struct standard *standard, bool wanted, struct value *list)
{
    const struct chart *chart = standard->chart;
    for (uint32_t i = 0; i < chart->step_count; i++) {
        bool asked = true, duty = false;
        if (!facts_active(standard, chart->steps[i].state)) continue;
        if (eval_asked(standard, i, &asked, NULL) == GUAN_OK && !asked) continue;
        if (eval_duty(standard, i, &duty, NULL) != GUAN_OK) duty = chart->steps[i].required;
        if (duty == wanted) value_add(standard->world->arena, list, todo_step(standard, i, duty));
    }
}

struct value *standard_todo(struct standard *standard)
{
    struct value *list = value_list(standard->world->arena);
    const uint64_t *active = standard->session ? session_configuration(standard->session) : NULL;
    todo_steps(standard, true, list);
    todo_steps(standard, false, list);
    for (uint32_t s = 0; active && (s = bits_next(active, s, standard->chart->state_count)) != BITS_NONE; s++)
        todo_events(standard, s, list);
    return list;
}

struct value *standard_where(const struct standard *standard)
{
    struct arena *arena = standard->world->arena;
    struct value *list = value_list(arena);
    const uint64_t *active = standard->session ? session_configuration(standard->session) : NULL;
    for (uint32_t s = 0; active && (s = bits_next(active, s, standard->chart->state_count)) != BITS_NONE; s++) {
        struct value *map = value_map(arena);
        value_set_text(arena, map, "id", standard->chart->states[s].id);
        value_set_text(arena, map, "title", standard->chart->states[s].title);
        value_add(arena, list, map);
    }
    return list;
}

/* Missed, and made good since; or not asked for any more. */
static bool is_made_good(const struct standard *standard, uint32_t d, const struct term *term)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[d];
    if (term->status != TERM_MISSED || deadline->step == CHART_NONE) return false;
    const struct step_facts *facts = &standard->steps[deadline->step];
    if (facts->asked == ANSWER_NO) return true;
    if (!deadline_recurs(deadline)) return facts_satisfied(standard, deadline->step, *term->key ? term->key : NULL, INT64_MAX);
    for (size_t i = facts->timely_count; i-- > 0;)
        if (facts->timely[i].deadline == d && strcmp(facts->timely[i].instance, term->key) == 0)
            return facts->timely[i].at != INSTANT_NONE;
    return false;
}

struct value *standard_deadlines(const struct standard *standard)
{
    struct arena *arena = standard->world->arena;
    const struct chart *chart = standard->chart;
    struct value *list = value_list(arena);
    for (uint32_t d = 0; d < chart->deadline_count; d++)
        for (size_t t = 0; t < standard->deadlines[d].count; t++) {
            const struct term *term = &standard->deadlines[d].items[t];
            const struct chart_deadline *deadline = &chart->deadlines[d];
            if (term->status == TERM_MET || term->status == TERM_WAIVED || !facts_active(standard, deadline->state)) continue;
            const struct chart_step *step = deadline->step == CHART_NONE ? NULL : &chart->steps[deadline->step];
            if (timer_is_over(deadline, term) || is_made_good(standard, d, term)) continue;
            struct value *map = value_map(arena);
            value_set_text(arena, map, "id", deadline->id);
            value_set_text(arena, map, "title", deadline->title ? deadline->title : step ? step->title : NULL);
            value_set_text(arena, map, "step", step ? step->id : NULL);
            if (*term->key) value_set_text(arena, map, "instance", term->key);
            put_instant(arena, map, "due", term->due);
            value_set_bool(arena, map, "missed", term->status == TERM_MISSED);
            if (deadline->severity == CHART_SEVERITY_NONE)
                value_set_bool(arena, map, "plain", true); /* a clock: nothing is owed */
            value_add(arena, list, map);
        }
    return list;
}

static void add_role(struct arena *arena, struct value *roles, const char *role, size_t length)
{
    for (size_t i = 0; i < value_count(roles); i++) {
        const char *known = value_as_text(value_at(roles, i));
        if (known && strlen(known) == length && memcmp(known, role, length) == 0) return;
    }
    value_add(arena, roles, value_text_n(arena, role, length));
}

void standard_turn(const struct standard *standard, struct value *roles)
{
    const struct chart *chart = standard->chart;
    for (uint32_t i = 0; i < chart->step_count; i++) {
        const struct chart_step *step = &chart->steps[i];
        const struct step_facts *facts = &standard->steps[i];
        bool duty = facts->duty == ANSWER_UNKNOWN ? step->required : facts->duty == ANSWER_YES;
        if (!duty || facts->asked == ANSWER_NO || !facts_active(standard, step->state)) continue;
        if (facts_satisfied(standard, i, NULL, INT64_MAX)) continue;
        for (uint32_t r = 0; r < step->roles.count; r++)
            for (const char *at = step->roles.items[r]; *at; at += strcspn(at, "|"), at += *at == '|')
                add_role(standard->world->arena, roles, at, strcspn(at, "|"));
    }
}

bool standard_offers_step(const struct standard *standard, const char *step)
{
    const struct run *run;
    bool past;
    uint32_t index = chart_step_by_id(standard->chart, step);
    if (index == CHART_NONE) return false;
    uint32_t state = standard->chart->steps[index].state;
    return facts_active(standard, state) || facts_activation(standard, state, standard->world->at, &past, &run) != 0;
}
