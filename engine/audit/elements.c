/* The elements of flows: states, transitions, steps, fields, deadlines, rules, with the clauses that they cite. */
#include "audit/coverage.h"

#include <string.h>

struct reading {
    struct elements *out;
    struct arena *arena;
    const char *process;
    const struct chart *chart;
};

static void add(struct reading *r, enum witness_kind kind, uint32_t index, const char *id, uint32_t state, const char *title,
                const struct chart_names *clauses)
{
    struct elements *out = r->out;
    struct element *items = arena_grow(r->arena, out->items, out->count, &out->capacity, sizeof *items);
    if (!items || !id) return; /* the arena remembers */
    out->items = items;
    out->items[out->count++] = (struct element){.process = r->process,
                                                .chart = r->chart,
                                                .kind = kind,
                                                .index = index,
                                                .id = id,
                                                .state = r->chart->states[state].id,
                                                .title = title,
                                                .clauses = clauses};
}

static const char *words(struct arena *arena, const char *list, const char *word, size_t length)
{
    return list ? arena_printf(arena, "%s%s%.*s", list, *list ? "," : "", (int)length, word) : NULL;
}

/* A second one with the same id differs by its condition only. */
static const char *numbered(const struct reading *r, const char *id)
{
    size_t same = 0, length = id ? strlen(id) : 0;
    for (size_t i = 0; id && i < r->out->count; i++) {
        const struct element *other = &r->out->items[i];
        if (other->kind == WITNESS_TRANSITION && other->chart == r->chart && strncmp(other->id, id, length) == 0 &&
            (other->id[length] == 0 || other->id[length] == '#'))
            same++;
    }
    return same ? arena_printf(r->arena, "%s#%zu", id, same + 1) : id;
}

static void add_transition(struct reading *r, uint32_t index)
{
    const struct chart *chart = r->chart;
    const struct chart_transition *transition = &chart->transitions[index];
    const char *events = "", *targets = "";
    for (uint32_t i = 0; i < transition->events.count; i++) {
        const struct chart_descriptor *event = &chart->descriptors[transition->events.first + i];
        events = event->length ? words(r->arena, events, event->name, event->length) : words(r->arena, events, "*", 1);
    }
    for (uint32_t i = 0; i < transition->targets.count && targets; i++) {
        const char *target = chart->states[chart->targets[transition->targets.first + i]].id;
        targets = words(r->arena, targets, target, strlen(target));
    }
    if (!events || !targets) return;
    const char *id = arena_printf(r->arena, "%s/%s/%s", chart->states[transition->source].id, events, targets);
    add(r, WITNESS_TRANSITION, index, numbered(r, id), transition->source, transition->title, &transition->clauses);
}

static void add_states(struct reading *r)
{
    const struct chart *chart = r->chart;
    add(r, WITNESS_STATE, 0, r->process, 0, chart->title, &chart->clauses);
    for (uint32_t s = 1; s < chart->state_count; s++) {
        const struct chart_state *state = &chart->states[s];
        if (state->kind == CHART_HISTORY_SHALLOW || state->kind == CHART_HISTORY_DEEP) continue;
        add(r, WITNESS_STATE, s, state->id, s, state->title, &state->clauses);
        for (uint32_t t = state->transitions.first; t < state->transitions.first + state->transitions.count; t++)
            add_transition(r, t);
    }
}

static void add_fields(struct reading *r, const struct chart_step *step, const struct chart_span *fields, const char *above)
{
    for (uint32_t f = fields->first; f < fields->first + fields->count; f++) {
        const struct chart_field *field = &r->chart->fields[f];
        const char *id = arena_printf(r->arena, "%s.%s", above, field->name);
        add(r, WITNESS_FIELD, f, id, step->state, field->title, &field->clauses);
        if (id) add_fields(r, step, &field->fields, id);
    }
}

static void add_chart(struct reading *r)
{
    const struct chart *chart = r->chart;
    add_states(r);
    for (uint32_t i = 0; i < chart->step_count; i++) {
        const struct chart_step *step = &chart->steps[i];
        add(r, WITNESS_STEP, i, step->id, step->state, step->title, &step->clauses);
        add_fields(r, step, &step->fields, step->id);
    }
    for (uint32_t i = 0; i < chart->deadline_count; i++) {
        const struct chart_deadline *deadline = &chart->deadlines[i];
        const char *title =
            deadline->title || deadline->step == CHART_NONE ? deadline->title : chart->steps[deadline->step].title;
        add(r, WITNESS_DEADLINE, i, deadline->id, deadline->state, title, &deadline->clauses);
    }
    for (uint32_t i = 0; i < chart->rule_count; i++)
        add(r, WITNESS_RULE, i, chart->rules[i].id, chart->rules[i].state, chart->rules[i].title, &chart->rules[i].clauses);
}

int elements_read(struct bundle *bundle, struct arena *arena, struct elements *out, struct guan_error *error)
{
    for (size_t i = 0; i < bundle_process_count(bundle); i++) {
        struct reading r = {.out = out, .arena = arena, .process = bundle_process_at(bundle, i)};
        int code = bundle_chart(bundle, r.process, &r.chart, error);
        if (code != GUAN_OK) return code;
        add_chart(&r);
    }
    return arena_failed(arena) ? error_memory(error) : GUAN_OK;
}

const char *element_kind(const struct element *element)
{
    static const char *const words[] = {[WITNESS_STATE] = "state", [WITNESS_TRANSITION] = "transition", [WITNESS_STEP] = "step",
                                        [WITNESS_FIELD] = "field", [WITNESS_DEADLINE] = "deadline",     [WITNESS_RULE] = "rule"};
    return element->kind == WITNESS_STATE && element->index == 0 ? "process" : words[element->kind];
}

unsigned element_seen(const struct element *element, const struct witness *witness)
{
    if (element->kind == WITNESS_STATE && element->index == 0) return witness_of(witness, element->process) ? WITNESS_DONE : 0;
    return witness_flags(witness, element->process, element->kind, element->index);
}

bool element_is_frame(const struct element *element)
{
    return element->kind == WITNESS_STATE;
}
