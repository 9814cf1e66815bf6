/* The entry set: targets, their ancestors up to the domain, default descendants, histories. Written as the Recommendation writes
 * it; what does not depend on histories or initial content is kept per transition as a set of bits. */
#include "machine/interpreter.h"

static void add_descendants(struct session *session, uint32_t s);

static void add_missing_regions(struct session *session, uint32_t parallel)
{
    const struct chart *chart = session->chart;
    const struct chart_span *children = &chart->states[parallel].children;
    for (uint32_t i = 0; i < children->count; i++) {
        uint32_t child = chart->children[children->first + i];
        if (is_history(&chart->states[child])) continue;
        if (!bits_any(session->program->enter, child + 1, chart->states[child].last + 1)) add_descendants(session, child);
    }
}

/* Up to `end`, and never to the domain: a history that stands outside it leads to states that are not left (3.13: what stays
 * active is not entered). */
static void add_ancestors(struct session *session, uint32_t s, uint32_t end)
{
    const struct chart *chart = session->chart;
    uint32_t domain = session->program->domain;
    for (uint32_t a = chart->states[s].parent; a != end && a != domain && a != 0 && a != CHART_NONE;
         a = chart->states[a].parent) {
        bits_add(session->program->enter, a);
        if (chart->states[a].kind == CHART_PARALLEL) add_missing_regions(session, a);
    }
}

static void add_targets(struct session *session, const struct chart_span *targets, uint32_t end)
{
    const uint32_t *target = session->chart->targets + targets->first;
    for (uint32_t i = 0; i < targets->count; i++) add_descendants(session, target[i]);
    for (uint32_t i = 0; i < targets->count; i++) add_ancestors(session, target[i], end);
}

static void remember_default(struct program *program, uint32_t parent, uint32_t transition)
{
    uint32_t i = 0;
    while (i < program->history_default_count && program->history_defaults[i].parent != parent) i++;
    program->history_defaults[i] = (struct history_default){parent, transition};
    if (i == program->history_default_count) program->history_default_count++;
}

static void add_history(struct session *session, uint32_t s)
{
    const struct chart *chart = session->chart;
    const struct remembered *past = session->history[program_history(session->program, s)];
    uint32_t parent = chart->states[s].parent;
    session->program->varies = true;
    if (past == NULL) {
        if (bits_has(session->program->defaults, s)) return; /* default histories that lead to each other */
        bits_add(session->program->defaults, s);
        remember_default(session->program, parent, chart->states[s].initial);
        add_targets(session, &chart->transitions[chart->states[s].initial].targets, parent);
        return;
    }
    for (uint32_t i = 0; i < past->count; i++) add_descendants(session, past->states[i]);
    for (uint32_t i = 0; i < past->count; i++) add_ancestors(session, past->states[i], parent);
}

static void add_descendants(struct session *session, uint32_t s)
{
    const struct chart_state *state = &session->chart->states[s];
    if (is_history(state)) {
        add_history(session, s);
        return;
    }
    bits_add(session->program->enter, s);
    if (state->kind == CHART_COMPOUND) {
        if (bits_has(session->program->defaults, s)) return; /* entered by default already */
        bits_add(session->program->defaults, s);
        if (session->chart->transitions[state->initial].content != CHART_NONE) session->program->varies = true;
        add_targets(session, &session->chart->transitions[state->initial].targets, s);
    } else if (state->kind == CHART_PARALLEL) {
        add_missing_regions(session, s);
    }
}

/* Adds the effective targets' ancestors, as the last part of computeEntrySet does. */
static void add_effective_ancestors(struct session *session, const struct chart_span *targets, uint32_t domain, uint32_t depth)
{
    const struct chart *chart = session->chart;
    for (uint32_t i = 0; i < targets->count; i++) {
        uint32_t s = chart->targets[targets->first + i];
        if (!is_history(&chart->states[s])) {
            add_ancestors(session, s, domain);
            continue;
        }
        const struct remembered *past = session->history[program_history(session->program, s)];
        for (uint32_t k = 0; past != NULL && k < past->count; k++) add_ancestors(session, past->states[k], domain);
        if (past == NULL && depth < HISTORY_CHAIN)
            add_effective_ancestors(session, &chart->transitions[chart->states[s].initial].targets, domain, depth + 1);
    }
}

/* What was just worked out, to be kept, if nothing in it can be otherwise the next time. */
static void keep_plan(struct session *session, uint32_t transition, uint32_t domain)
{
    struct program *program = session->program;
    uint32_t first = (domain + 1) >> 6, count = (session->chart->states[domain].last >> 6) - first + 1;
    struct entry_plan *plan = program->varies ? NULL : program_keep(program, sizeof *plan + count * sizeof plan->words[0]);
    if (plan == NULL) {
        program->planless[transition] = true;
        return;
    }
    plan->first = first;
    plan->count = count;
    memcpy(plan->words, program->enter + first, count * sizeof(uint64_t));
    program->plans[transition] = plan;
}

void entry_compute(struct session *session)
{
    struct program *program = session->program;
    for (uint32_t i = 0; i < program->chosen_count; i++) {
        uint32_t transition = program->chosen[i].transition, domain = program->chosen[i].domain;
        if (domain == CHART_NONE) continue;
        const struct entry_plan *plan = program->plans[transition];
        if (plan != NULL) {
            for (uint32_t w = 0; w < plan->count; w++) program->enter[plan->first + w] |= plan->words[w];
            continue;
        }
        const struct chart_span *targets = &session->chart->transitions[transition].targets;
        program->varies = false;
        program->domain = domain;
        for (uint32_t k = 0; k < targets->count; k++) add_descendants(session, session->chart->targets[targets->first + k]);
        add_effective_ancestors(session, targets, domain, 0);
        /* Alone in the set, its bits are its own. */
        if (program->chosen_count == 1 && !program->planless[transition]) keep_plan(session, transition, domain);
    }
}

void entry_clear(struct program *program)
{
    for (uint32_t i = 0; i < program->chosen_count; i++) {
        uint32_t domain = program->chosen[i].domain;
        if (domain == CHART_NONE) continue;
        uint32_t first = (domain + 1) >> 6, last = program->chart->states[domain].last >> 6;
        memset(program->enter + first, 0, (last - first + 1) * sizeof(uint64_t));
        memset(program->defaults + first, 0, (last - first + 1) * sizeof(uint64_t));
    }
    program->history_default_count = 0;
}
