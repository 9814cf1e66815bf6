/* The optimal enabled transition set: for each active leaf the nearest enabled transition, less what a conflicting one preempts.
 */
#include "machine/interpreter.h"

/* Do all effective targets (histories resolved) lie below `ancestor`? Calls itself for default histories that target histories.
 */
static bool targets_below(const struct session *session, const struct chart_span *targets, uint32_t ancestor, uint32_t depth)
{
    const struct chart *chart = session->chart;
    for (uint32_t i = 0; i < targets->count; i++) {
        uint32_t target = chart->targets[targets->first + i];
        const struct chart_state *state = &chart->states[target];
        if (!is_history(state)) {
            if (!below(chart, target, ancestor)) return false;
            continue;
        }
        const struct remembered *past = session->history[program_history(session->program, target)];
        if (past != NULL) {
            for (uint32_t k = 0; k < past->count; k++)
                if (!below(chart, past->states[k], ancestor)) return false;
        } else if (depth >= HISTORY_CHAIN ||
                   !targets_below(session, &chart->transitions[state->initial].targets, ancestor, depth + 1)) {
            return false;
        }
    }
    return true;
}

uint32_t transition_domain(const struct session *session, uint32_t t)
{
    const struct chart *chart = session->chart;
    const struct chart_transition *transition = &chart->transitions[t];
    if (transition->targets.count == 0) return CHART_NONE;
    if (transition->plain) return transition->domain;
    if (transition->internal) return transition->source;
    uint32_t s = chart->states[transition->source].parent;
    while (s != 0 && (chart->states[s].kind != CHART_COMPOUND || !targets_below(session, &transition->targets, s, 0)))
        s = chart->states[s].parent;
    return s;
}

static bool nested(const struct chart *chart, uint32_t a, uint32_t b)
{
    return a == b || below(chart, a, b) || below(chart, b, a);
}

/* Adds a transition to the set, or leaves it out: of two whose exit sets meet the one with the deeper source wins, else the
 * first. Exit sets of transitions in the set are disjoint, and since leaves are asked in document order they ascend: only the
 * last ones can meet the new one. */
static void consider(struct session *session, uint32_t transition)
{
    struct program *program = session->program;
    const struct chart *chart = session->chart;
    uint32_t domain = transition_domain(session, transition), keep = program->chosen_count;
    for (uint32_t i = program->chosen_count; domain != CHART_NONE && i-- > 0;) {
        const struct chosen *other = &program->chosen[i];
        if (other->domain == CHART_NONE) continue;
        if (!nested(chart, domain, other->domain)) break;
        if (!below(chart, chart->transitions[transition].source, chart->transitions[other->transition].source)) return;
        keep = i;
    }
    uint32_t count = keep;
    for (uint32_t i = keep; i < program->chosen_count; i++)
        if (program->chosen[i].domain == CHART_NONE) program->chosen[count++] = program->chosen[i];
    program->chosen[count] = (struct chosen){transition, domain};
    program->chosen_count = count + 1;
}

/* The first enabled transition of one state; CHART_NONE if there is none. */
static int first_enabled(struct session *session, uint32_t s, const struct route *route, const char *event, uint32_t *out,
                         struct guan_error *error)
{
    const struct chart *chart = session->chart;
    const struct chart_span *own = &chart->states[s].transitions;
    for (uint32_t t = own->first; t < own->first + own->count; t++) {
        if (!program_matches(session->program, route, t, event)) continue;
        bool enabled = true;
        if (chart->transitions[t].cond != CHART_NONE) {
            int code = evaluate_guard(session, chart->transitions[t].cond, &enabled, error);
            if (code != GUAN_OK) return code;
        }
        if (enabled) {
            *out = t;
            return GUAN_OK;
        }
    }
    *out = CHART_NONE;
    return GUAN_OK;
}

/* Climbs from an active leaf. What inner states were asked for an earlier leaf is remembered: a condition is asked once. */
static int climb(struct session *session, uint32_t leaf, const struct route *route, const char *event, struct guan_error *error)
{
    struct program *program = session->program;
    const struct chart *chart = session->chart;
    const uint32_t *up = event == NULL ? program->up_eventless : program->up_event;
    for (uint32_t s = up[leaf]; s != CHART_NONE; s = s == 0 ? CHART_NONE : up[chart->states[s].parent]) {
        if (bits_has(program->taken, s)) return GUAN_OK;
        if (bits_has(program->asked, s)) continue;
        uint32_t transition;
        int code = first_enabled(session, s, route, event, &transition, error);
        if (code != GUAN_OK) return code;
        if (s != leaf) {
            bits_add(transition == CHART_NONE ? program->asked : program->taken, s);
            program->touched[program->touched_count++] = s;
        }
        if (transition != CHART_NONE) {
            consider(session, transition);
            return GUAN_OK;
        }
    }
    return GUAN_OK;
}

int select_transitions(struct session *session, const char *event, struct guan_error *error)
{
    struct program *program = session->program;
    program->chosen_count = 0;
    const struct route *route = event == NULL ? NULL : program_route(program, event);
    const uint64_t *reach = event == NULL ? program->eventless_reach : route == NULL ? NULL : route->reach;
    if (reach == NULL && route != NULL) return GUAN_OK; /* nothing in the chart takes this event */
    int code = GUAN_OK;
    for (uint32_t w = 0; w < program->words && code == GUAN_OK; w++) {
        uint64_t word = session->configuration[w];
        if (reach != NULL) word &= reach[w];
        for (; word != 0 && code == GUAN_OK; word &= word - 1) {
            uint32_t s = (w << 6) + (uint32_t)__builtin_ctzll(word);
            if (reach != NULL || is_leaf(&session->chart->states[s])) code = climb(session, s, route, event, error);
        }
    }
    while (program->touched_count > 0) {
        uint32_t s = program->touched[--program->touched_count];
        bits_remove(program->asked, s);
        bits_remove(program->taken, s);
    }
    return code;
}

bool session_accepts(const struct session *session, const char *event, uint32_t *transition)
{
    struct program *program = session->program;
    const struct chart *chart = session->chart;
    const struct route *route = program_route(program, event);
    if (session->done || (route != NULL && route->reach == NULL)) return false;
    uint32_t leaf = 0;
    while ((leaf = bits_next(session->configuration, leaf + 1, chart->state_count)) != BITS_NONE) {
        if (!is_leaf(&chart->states[leaf]) || (route != NULL && !bits_has(route->reach, leaf))) continue;
        for (uint32_t s = program->up_event[leaf]; s != CHART_NONE;
             s = s == 0 ? CHART_NONE : program->up_event[chart->states[s].parent]) {
            const struct chart_span *own = &chart->states[s].transitions;
            for (uint32_t t = own->first; t < own->first + own->count; t++) {
                if (chart->transitions[t].events.count == 0 || !program_matches(program, route, t, event)) continue;
                if (transition != NULL) *transition = t;
                return true;
            }
        }
    }
    return false;
}
