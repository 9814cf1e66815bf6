/* The Recommendation's appendix as it stands, over plain arrays: slow, and written without a look at the interpreter. */
#ifndef REFERENCE_H
#define REFERENCE_H

#include "chart/chart.h"

#include <string.h>

#define REFERENCE_STATES 400 /* more than a chart here has */

struct reference {
    const struct chart *chart;
    bool active[REFERENCE_STATES];
    bool recorded[REFERENCE_STATES];               /* of history states */
    bool past[REFERENCE_STATES][REFERENCE_STATES]; /* what they recorded */
    bool enter[REFERENCE_STATES], leave[REFERENCE_STATES];
};

static inline bool reference_history(const struct chart *chart, uint32_t s)
{
    return chart->states[s].kind == CHART_HISTORY_SHALLOW || chart->states[s].kind == CHART_HISTORY_DEEP;
}
static inline bool reference_atomic(const struct chart *chart, uint32_t s)
{
    return chart->states[s].kind == CHART_ATOMIC || chart->states[s].kind == CHART_FINAL;
}
static inline bool reference_descendant(const struct chart *chart, uint32_t s, uint32_t ancestor)
{
    while (s != 0) {
        s = chart->states[s].parent;
        if (s == ancestor) return true;
    }
    return false;
}

/* getEffectiveTargetStates */
static inline void reference_targets(const struct reference *r, const struct chart_span *span, bool *set)
{
    for (uint32_t i = 0; i < span->count; i++) {
        uint32_t s = r->chart->targets[span->first + i];
        if (!reference_history(r->chart, s)) {
            set[s] = true;
        } else if (r->recorded[s]) {
            for (uint32_t k = 0; k < r->chart->state_count; k++) set[k] = set[k] || r->past[s][k];
        } else {
            reference_targets(r, &r->chart->transitions[r->chart->states[s].initial].targets, set);
        }
    }
}

static inline bool reference_all_below(const struct reference *r, const bool *set, uint32_t ancestor)
{
    for (uint32_t s = 0; s < r->chart->state_count; s++)
        if (set[s] && !reference_descendant(r->chart, s, ancestor)) return false;
    return true;
}

/* getTransitionDomain; CHART_NONE: no targets */
static inline uint32_t reference_domain(const struct reference *r, uint32_t t)
{
    const struct chart_transition *transition = &r->chart->transitions[t];
    bool set[REFERENCE_STATES] = {false};
    if (transition->targets.count == 0) return CHART_NONE;
    reference_targets(r, &transition->targets, set);
    if (transition->internal && r->chart->states[transition->source].kind == CHART_COMPOUND &&
        reference_all_below(r, set, transition->source))
        return transition->source;
    uint32_t a = transition->source;
    do a = r->chart->states[a].parent;
    while (a != 0 && (r->chart->states[a].kind != CHART_COMPOUND || !reference_all_below(r, set, a)));
    return a;
}

static inline bool reference_exits(const struct reference *r, uint32_t t, uint32_t s)
{
    uint32_t domain = reference_domain(r, t);
    return domain != CHART_NONE && r->active[s] && reference_descendant(r->chart, s, domain);
}

static inline bool reference_conflict(const struct reference *r, uint32_t a, uint32_t b)
{
    for (uint32_t s = 0; s < r->chart->state_count; s++)
        if (reference_exits(r, a, s) && reference_exits(r, b, s)) return true;
    return false;
}

/* selectTransitions and removeConflictingTransitions where no transition has a condition; the number of them. */
static inline uint32_t reference_select(const struct reference *r, const char *event, uint32_t *out)
{
    const struct chart *chart = r->chart;
    uint32_t enabled[REFERENCE_STATES], count = 0, kept = 0;
    for (uint32_t leaf = 0; leaf < chart->state_count; leaf++) {
        if (!r->active[leaf] || !reference_atomic(chart, leaf)) continue;
        bool found = false;
        for (uint32_t s = leaf; s != CHART_NONE && !found; s = chart->states[s].parent) {
            const struct chart_span *own = &chart->states[s].transitions;
            for (uint32_t t = own->first; t < own->first + own->count && !found; t++) {
                const struct chart_span *events = &chart->transitions[t].events;
                found = event == NULL && events->count == 0;
                for (uint32_t i = 0; event != NULL && i < events->count; i++)
                    found = found || chart_descriptor_matches(&chart->descriptors[events->first + i], event, strlen(event));
                if (!found) continue;
                bool known = false;
                for (uint32_t i = 0; i < count; i++) known = known || enabled[i] == t;
                if (!known) enabled[count++] = t;
            }
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        bool preempted = false, removed[REFERENCE_STATES] = {false};
        for (uint32_t k = 0; k < kept && !preempted; k++) {
            if (!reference_conflict(r, enabled[i], out[k])) continue;
            if (reference_descendant(chart, chart->transitions[enabled[i]].source, chart->transitions[out[k]].source))
                removed[k] = true;
            else preempted = true;
        }
        if (preempted) continue;
        uint32_t left = 0;
        for (uint32_t k = 0; k < kept; k++)
            if (!removed[k]) out[left++] = out[k];
        out[left++] = enabled[i];
        kept = left;
    }
    return kept;
}

/* --- entering
 * --------------------------------------------------------------------------------------------------------------------- */

static inline void reference_ancestors(struct reference *r, uint32_t s, uint32_t end);

static inline void reference_descendants(struct reference *r, uint32_t s)
{
    const struct chart *chart = r->chart;
    const struct chart_state *state = &chart->states[s];
    if (reference_history(chart, s)) {
        const struct chart_span *targets = &chart->transitions[state->initial].targets;
        for (uint32_t k = 0; r->recorded[s] && k < chart->state_count; k++)
            if (r->past[s][k]) reference_descendants(r, k);
        for (uint32_t k = 0; r->recorded[s] && k < chart->state_count; k++)
            if (r->past[s][k]) reference_ancestors(r, k, state->parent);
        for (uint32_t i = 0; !r->recorded[s] && i < targets->count; i++)
            reference_descendants(r, chart->targets[targets->first + i]);
        for (uint32_t i = 0; !r->recorded[s] && i < targets->count; i++)
            reference_ancestors(r, chart->targets[targets->first + i], state->parent);
        return;
    }
    r->enter[s] = true;
    if (state->kind == CHART_COMPOUND) {
        const struct chart_span *targets = &chart->transitions[state->initial].targets;
        for (uint32_t i = 0; i < targets->count; i++) reference_descendants(r, chart->targets[targets->first + i]);
        for (uint32_t i = 0; i < targets->count; i++) reference_ancestors(r, chart->targets[targets->first + i], s);
    } else if (state->kind == CHART_PARALLEL) {
        reference_ancestors(r, CHART_NONE, s);
    }
}

/* addAncestorStatesToEnter; with s CHART_NONE only the missing regions of the parallel state `end`. */
static inline void reference_ancestors(struct reference *r, uint32_t s, uint32_t end)
{
    const struct chart *chart = r->chart;
    for (uint32_t a = s == CHART_NONE ? end : chart->states[s].parent; a != CHART_NONE && (s == CHART_NONE || a != end);
         a = s == CHART_NONE ? CHART_NONE : chart->states[a].parent) {
        if (a == 0) return;
        r->enter[a] = true;
        if (chart->states[a].kind != CHART_PARALLEL) continue;
        for (uint32_t child = a + 1; child <= chart->states[a].last; child = chart->states[child].last + 1) {
            bool any = reference_history(chart, child);
            for (uint32_t k = child + 1; k <= chart->states[child].last; k++) any = any || r->enter[k];
            if (!any) reference_descendants(r, child);
        }
    }
}

/* --- a microstep
 * -------------------------------------------------------------------------------------------------------------------- */

static inline void reference_record(struct reference *r)
{
    const struct chart *chart = r->chart;
    for (uint32_t h = 0; h < chart->state_count; h++) {
        if (!reference_history(chart, h) || !r->leave[chart->states[h].parent]) continue;
        r->recorded[h] = true;
        for (uint32_t s = 0; s < chart->state_count; s++)
            r->past[h][s] =
                r->active[s] && (chart->states[h].kind == CHART_HISTORY_DEEP
                                     ? reference_atomic(chart, s) && reference_descendant(chart, s, chart->states[h].parent)
                                     : chart->states[s].parent == chart->states[h].parent);
    }
}

/* Carries the transitions out: r->leave, r->enter, r->active. `initial`: nothing is left. */
static inline void reference_microstep(struct reference *r, const uint32_t *transitions, uint32_t count, bool initial)
{
    const struct chart *chart = r->chart;
    memset(r->leave, 0, sizeof r->leave);
    memset(r->enter, 0, sizeof r->enter);
    for (uint32_t i = 0; i < count && !initial; i++)
        for (uint32_t s = 0; s < chart->state_count; s++) r->leave[s] = r->leave[s] || reference_exits(r, transitions[i], s);
    reference_record(r);
    for (uint32_t i = 0; i < count; i++) {
        const struct chart_span *targets = &chart->transitions[transitions[i]].targets;
        uint32_t domain = initial ? 0 : reference_domain(r, transitions[i]);
        bool set[REFERENCE_STATES] = {false};
        for (uint32_t k = 0; k < targets->count; k++) reference_descendants(r, chart->targets[targets->first + k]);
        reference_targets(r, targets, set);
        for (uint32_t s = 0; s < chart->state_count; s++)
            if (set[s]) reference_ancestors(r, s, domain);
    }
    /* 3.13: what is active and is not left is not entered, although the appendix adds it where a history stands outside the
     * domain. */
    for (uint32_t s = 0; s < chart->state_count; s++) r->enter[s] = r->enter[s] && (!r->active[s] || r->leave[s]);
    for (uint32_t s = 0; s < chart->state_count; s++) r->active[s] = (r->active[s] && !r->leave[s]) || r->enter[s];
}

#endif
