/* States that no transition leads to. Conditions and events are not looked at: what is found is unreachable for certain. */
#include "chart/compile.h"

/* Entered: active at some time. By default: as a target itself, so that what is inside is entered by its defaults. */
enum { ENTERED = 1, BY_DEFAULT = 2 };

struct reach {
    struct compile *c;
    unsigned char *marks;
    uint32_t *work; /* each state is put in at most once a mark */
    uint32_t count;
};

static void mark(struct reach *reach, uint32_t state, unsigned char how)
{
    if ((reach->marks[state] & how) == how) return;
    reach->marks[state] |= how;
    reach->work[reach->count++] = state;
}

static void mark_targets(struct reach *reach, struct chart_span targets)
{
    for (uint32_t i = 0; i < targets.count; i++)
        mark(reach, *word_at(&reach->c->targets, targets.first + i), ENTERED | BY_DEFAULT);
}

static void follow(struct reach *reach, uint32_t index)
{
    const struct compile *c = reach->c;
    const struct chart_state *state = state_at(c, index);
    if (state->parent != CHART_NONE) mark(reach, state->parent, ENTERED);
    for (uint32_t i = 0; i < state->transitions.count; i++)
        mark_targets(reach, transition_at(c, state->transitions.first + i)->targets);
    bool by_default = (reach->marks[index] & BY_DEFAULT) != 0;
    if (by_default && state->initial != CHART_NONE) mark_targets(reach, transition_at(c, state->initial)->targets);
    if (state->kind != CHART_PARALLEL) return;
    for (uint32_t i = 0; i < state->children.count; i++) {
        uint32_t child = *word_at(&c->children, state->children.first + i);
        if (node_at(&c->state_nodes, child)->tag != TAG_HISTORY) mark(reach, child, ENTERED | BY_DEFAULT);
    }
}

void check_reach(struct compile *c)
{
    uint32_t count = c->states.count;
    struct reach reach = {c, arena_alloc(c->arena, count), arena_alloc(c->arena, 2 * count * sizeof(uint32_t)), 0};
    if (reach.marks == NULL || reach.work == NULL) return;
    mark(&reach, 0, ENTERED | BY_DEFAULT);
    while (reach.count > 0) follow(&reach, reach.work[--reach.count]);
    for (uint32_t i = 1; i < count; i++) {
        if (reach.marks[i] != 0) continue;
        const struct chart_state *state = state_at(c, i);
        if (node_at(&c->state_nodes, i)->tag != TAG_HISTORY)
            warning(c->report, state->place, "unreachable-state", "target it, make it initial, or delete it",
                    "no transition leads to \"%s\"", state->id);
        i = state->last; /* what is inside goes with it */
    }
}
