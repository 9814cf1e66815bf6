/* Flows that cannot end: states from which no top-level <final> can be reached. Guards count as choices, and every event as one
 * that may come, so what is found has no way out for certain. */
#include "chart/compile.h"

#include <string.h>

#define ROUNDS_MOST 64u /* ways out are found from their end; a longer chain is not told of */

static bool any_ends(const struct compile *c, const bool *ends, uint32_t transition)
{
    if (transition == CHART_NONE) return false;
    struct chart_span targets = transition_at(c, transition)->targets;
    for (uint32_t i = 0; i < targets.count; i++)
        if (ends[*word_at(&c->targets, targets.first + i)]) return true;
    return false;
}

/* Does what the state itself says lead on to an end: its transitions, its initial state, one of its regions? */
static bool leads_on(const struct compile *c, const bool *ends, uint32_t s)
{
    const struct chart_state *state = state_at(c, s);
    bool on = any_ends(c, ends, state->initial);
    for (uint32_t i = 0; i < state->transitions.count && !on; i++) on = any_ends(c, ends, state->transitions.first + i);
    for (uint32_t child = s + 1; state->kind == CHART_PARALLEL && child <= state->last && !on;
         child = state_at(c, child)->last + 1)
        on = ends[child];
    return on;
}

/* A state ends by its own way out or by that of a state around it. True when one more was found. */
static bool one_round(const struct compile *c, bool *ends)
{
    bool found = false;
    for (uint32_t s = c->states.count; s-- > 1;) {
        if (ends[s] || !leads_on(c, ends, s)) continue;
        for (uint32_t inner = s; inner <= state_at(c, s)->last; inner++) ends[inner] = true;
        found = true;
    }
    return found;
}

void check_endings(struct compile *c)
{
    bool *ends = arena_alloc(c->arena, c->states.count * sizeof *ends), some = false;
    if (c->steps.count == 0 || ends == NULL) return;
    memset(ends, 0, c->states.count * sizeof *ends);
    for (uint32_t s = 1; s < c->states.count; s = state_at(c, s)->last + 1) {
        ends[s] = state_at(c, s)->kind == CHART_FINAL;
        some = some || ends[s];
    }
    if (!some) return; /* meant to go on for ever */
    uint32_t round = 0;
    while (round < ROUNDS_MOST && one_round(c, ends)) round++;
    for (uint32_t s = 1; s < c->states.count && round < ROUNDS_MOST; s++) {
        const struct chart_state *state = state_at(c, s);
        bool history = state->kind == CHART_HISTORY_SHALLOW || state->kind == CHART_HISTORY_DEEP;
        if (ends[s] || history || (state->parent != 0 && !ends[state->parent])) continue;
        warning(c->report, state->place, "dead-end",
                "add a transition from it, or from a state around it, that leads on to a <final>",
                "from \"%s\" the process can never end", state->id);
    }
}
