/* Following a macrostep: activations move, and steps that were left open are noted with the gate they passed. The verdict is said
 * at its end, so that a veto drops all of it. */
#include "standard/walk.h"

#include "standard/findings.h"
#include "standard/refuse.h"

#include <string.h>

/* --- what a transition leaves
 * ---------------------------------------------------------------------------------------------------- */

static bool holds_targets(const struct chart *chart, const struct chart_transition *transition, uint32_t ancestor)
{
    for (uint32_t i = 0; i < transition->targets.count; i++)
        if (!chart_is_descendant(chart, chart->targets[transition->targets.first + i], ancestor)) return false;
    return true;
}

/* The least compound state above source and targets. For a history target this is the widest that it can be. */
static uint32_t domain_of(const struct chart *chart, const struct chart_transition *transition)
{
    if (transition->plain || transition->targets.count == 0) return transition->domain;
    uint32_t state = transition->source;
    if (transition->internal && holds_targets(chart, transition, state)) return state;
    while (state != 0) {
        state = chart->states[state].parent;
        if ((state == 0 || chart->states[state].kind == CHART_COMPOUND) && holds_targets(chart, transition, state)) break;
    }
    return state;
}

/* The strictest gate among the transitions that leave `state` (CHART_NONE: any of them). */
static enum chart_gate gate_for(const struct chart *chart, const struct effect *step, uint32_t state)
{
    enum chart_gate gate = CHART_GATE_OPEN;
    bool covered = false;
    for (uint32_t i = 0; i < step->transition_count; i++) {
        const struct chart_transition *transition = &chart->transitions[step->transitions[i]];
        uint32_t domain = domain_of(chart, transition);
        if (domain == CHART_NONE || (state != CHART_NONE && !chart_is_descendant(chart, state, domain))) continue;
        covered = true;
        if (transition->gate < gate) gate = transition->gate;
    }
    return covered ? gate : CHART_GATE_BLOCK;
}

/* --- leaving and entering
 * ------------------------------------------------------------------------------------------------------------ */

/* Required as the last settle saw it, and not done since; what no settle has seen is looked at now. */
static int is_open(struct standard *standard, uint32_t step, bool *open, struct guan_error *error)
{
    *open = false;
    return facts_satisfied(standard, step, NULL, INT64_MAX) ? GUAN_OK : eval_duty(standard, step, open, error);
}

/* `judge` keeps the list: the session whose macrostep it is. */
static int leave(struct standard *judge, struct standard *standard, uint32_t state, enum chart_gate gate,
                 struct guan_error *error)
{
    const struct chart_state *owner = &standard->chart->states[state];
    if (!facts_active(standard, state)) return GUAN_OK;
    for (uint32_t i = owner->steps.first; i < owner->steps.first + owner->steps.count; i++) {
        bool open;
        int code = is_open(standard, i, &open, error);
        if (code != GUAN_OK) return code;
        if (!open) continue;
        if (!LIST_ROOM(standard->world->arena, judge->gates, judge->gate_count, judge->gate_capacity)) return error_memory(error);
        judge->gates[judge->gate_count++] = (struct gate_open){standard, i, standard->states[state].number, gate};
    }
    facts_leave(standard, state);
    return GUAN_OK;
}

static int walk_microstep(struct standard *standard, const struct effect *effect, struct guan_error *error)
{
    const struct chart *chart = standard->chart;
    bool moved = false;
    for (uint32_t s = chart->state_count; (s = bits_previous(effect->exited, 1, s)) != BITS_NONE;) {
        if (!state_matters(&chart->states[s])) continue;
        moved = true;
        int code = leave(standard, standard, s, gate_for(chart, effect, s), error);
        if (code != GUAN_OK) return code;
    }
    for (uint32_t s = 1; (s = bits_next(effect->entered, s, chart->state_count)) != BITS_NONE; s++) {
        if (!state_matters(&chart->states[s])) continue;
        moved = true;
        int code = facts_enter(standard, s, error);
        if (code != GUAN_OK) return code;
    }
    if (moved) standard_moment(standard->world);
    return GUAN_OK;
}

/* --- sessions cancelled
 * ------------------------------------------------------------------------------------------------------------------ */

static struct standard *session_by_id(const struct world *world, const char *id)
{
    for (size_t i = world->session_count; i-- > 0;)
        if (strcmp(world->sessions[i]->id, id) == 0) return world->sessions[i];
    return NULL;
}

/* The state that invoked the session; CHART_NONE: another session's. */
static uint32_t invoked_by(const struct standard *standard, const struct standard *child)
{
    const char *id = child->session ? session_invokeid(child->session) : NULL;
    if (!id || !standard->session || session_parent(child->session) != standard->session) return CHART_NONE;
    for (uint32_t i = 0; i < standard->chart->invoke_count; i++) {
        const struct chart_invoke *invoke = &standard->chart->invokes[i];
        const char *state = standard->chart->states[invoke->state].id;
        size_t length = strlen(state);
        if (invoke->id ? strcmp(invoke->id, id) == 0 : strncmp(id, state, length) == 0 && id[length] == '.') return invoke->state;
    }
    return CHART_NONE;
}

/* Everything that the session has open, and the sessions that it invoked: they go with it, by the same gate. */
static int leave_session(struct standard *judge, struct standard *gone, enum chart_gate gate, struct guan_error *error)
{
    const struct world *world = judge->world;
    int code = GUAN_OK;
    for (uint32_t s = gone->chart->state_count; code == GUAN_OK && s-- > 1;) code = leave(judge, gone, s, gate, error);
    for (size_t i = 0; code == GUAN_OK && i < world->session_count; i++) {
        struct standard *inner = world->sessions[i];
        if (inner->states && inner->session && gone->session && session_parent(inner->session) == gone->session)
            code = leave_session(judge, inner, gate, error);
    }
    return code;
}

static int walk_uninvoke(struct standard *standard, const struct effect *cause, const char *id, struct guan_error *error)
{
    struct standard *child = session_by_id(standard->world, id);
    if (!child || !child->states) return GUAN_OK;
    return leave_session(standard, child, cause ? gate_for(standard->chart, cause, invoked_by(standard, child)) : CHART_GATE_OPEN,
                         error);
}

/* --- the walk
 * -----------------------------------------------------------------------------------------------------------------------------
 */

static void note_event(struct standard *standard, const char *event)
{
    if (!event || event_is_ours(event) || named_running(standard, event)) return;
    facts_occurred(standard, event, standard->world->at);
}

int walk(struct standard *standard, const struct effects *effects, struct guan_error *error)
{
    const struct effect *cause = NULL;
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        bool seen = i < standard->seen;
        int code = GUAN_OK;
        if (effect->kind == EFFECT_MICROSTEP) cause = effect;
        if (seen) continue;
        if (effect->kind == EFFECT_MICROSTEP) {
            note_event(standard, effect->event);
            if (standard->states) code = walk_microstep(standard, effect, error);
        } else if (effect->kind == EFFECT_UNINVOKE) {
            code = walk_uninvoke(standard, cause, effect->text, error);
        }
        if (code != GUAN_OK) return code;
    }
    standard->seen = effects->count;
    return GUAN_OK;
}

/* --- the verdict
 * ---------------------------------------------------------------------------------------------------------------------------- */

static int veto(struct standard *standard, struct refusal *refusal, struct guan_error *error)
{
    struct arena *arena = standard->world->arena;
    struct chart_names clauses = {NULL, 0};
    struct buffer names = {0};
    const struct gate_open *first = NULL;
    *refusal = (struct refusal){0};
    for (size_t i = 0; i < standard->gate_count; i++) {
        const struct gate_open *open = &standard->gates[i];
        if (open->gate != CHART_GATE_BLOCK) continue;
        buffer_printf(&names, "%s%s", first ? ", " : "", step_label(open->standard, open->step));
        clauses = names_union(arena, clauses, open->standard->chart->steps[open->step].clauses);
        refuse_missing_step(refusal, open->standard, open->step);
        if (!first) first = open;
    }
    const char *text = arena_text(arena, names.data ? names.data : "", names.length);
    buffer_release(&names);
    int code = refuse_no(refusal, error, first->standard, first->standard->chart->steps[first->step].id, "GUARD_BLOCKED", "gate",
                         clauses, "still to be done: %s", text ? text : "");
    return refuse_hint(refusal, error, standard, code, "do CASE %s.%s", first->standard->process,
                       first->standard->chart->steps[first->step].id);
}

static int verdict(struct standard *standard, struct findings *findings, struct value **abandoned, struct guan_error *error)
{
    struct arena *arena = standard->world->arena;
    for (size_t i = 0; i < standard->gate_count; i++) {
        const struct gate_open *open = &standard->gates[i];
        const char *id = open->standard->chart->steps[open->step].id;
        if (open->gate == CHART_GATE_OPEN) {
            if (!*abandoned) *abandoned = value_list(arena);
            value_add(arena, *abandoned,
                      open->standard == standard ? value_text(arena, id)
                                                 : value_printf(arena, "%s.%s", open->standard->process, id));
            continue;
        }
        int code = timely_missing(open->standard, open->step, "", open->activation, CHART_NONE, INSTANT_NONE, findings, error);
        if (code != GUAN_OK) return code;
    }
    return GUAN_OK;
}

int standard_stepped(struct standard *standard, const struct effects *effects, bool late, struct findings *findings,
                     struct value **abandoned, struct refusal *refusal, struct guan_error *error)
{
    bool blocked = false;
    *abandoned = NULL;
    int code = walk(standard, effects, error);
    if (code != GUAN_OK) return code;
    for (size_t i = 0; i < standard->gate_count; i++) blocked = blocked || standard->gates[i].gate == CHART_GATE_BLOCK;
    code = blocked && !late ? veto(standard, refusal, error) : verdict(standard, findings, abandoned, error);
    if (code == GUAN_OK) code = findings_tell(standard, findings, error);
    standard->seen = 0;
    standard->gate_count = 0;
    return code == GUAN_OK && arena_failed(standard->world->arena) ? error_memory(error) : code;
}
