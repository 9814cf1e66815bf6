/* The tree of states: kinds, ids, children, intervals. */
#include "chart/compile.h"

#include "base/limits.h"

#include <string.h>

static bool is_state(enum tag tag)
{
    return tag == TAG_STATE || tag == TAG_PARALLEL || tag == TAG_FINAL || tag == TAG_HISTORY;
}

static bool has_real_child(const struct node *node)
{
    for (const struct node *child = node->first; child != NULL; child = child->next)
        if (is_state(child->tag) && child->tag != TAG_HISTORY) return true;
    return false;
}

static enum chart_state_kind kind_of(struct compile *c, const struct node *node)
{
    const struct attribute *type = node_attribute(node, SPACE_NONE, "type");
    switch (node->tag) {
    case TAG_SCXML: return CHART_COMPOUND;
    case TAG_PARALLEL: return CHART_PARALLEL;
    case TAG_FINAL: return CHART_FINAL;
    case TAG_HISTORY:
        if (type == NULL || strcmp(type->value, "shallow") == 0) return CHART_HISTORY_SHALLOW;
        if (strcmp(type->value, "deep") != 0)
            problem(c->report, type->place, "history-type", NULL, "the type of a history is \"shallow\" or \"deep\", not \"%s\"",
                    type->value);
        return CHART_HISTORY_DEEP;
    default: return has_real_child(node) ? CHART_COMPOUND : CHART_ATOMIC;
    }
}

static const char *id_of(struct compile *c, const struct node *node, uint32_t index)
{
    const struct attribute *id = node->tag == TAG_SCXML ? NULL : node_attribute(node, SPACE_NONE, "id");
    if (id == NULL) return arena_printf(c->arena, "#%u", index);
    if (!is_id(id->value))
        problem(c->report, id->place, "bad-id", "letters, digits, _ - . and :, no blanks", "\"%s\" is not an id", id->value);
    return id->value;
}

static void add_state(struct compile *c, const struct node *node, uint32_t parent, uint32_t depth)
{
    uint32_t index = c->states.count;
    if (index == LIMIT_STATES)
        problem(c->report, node->place, "too-many-states", "split the document", "there are more than %u states", LIMIT_STATES);
    if (index >= LIMIT_STATES || c->failed) return;
    struct chart_state *state = list_add(c, &c->states);
    *state = (struct chart_state){.parent = parent, .depth = depth, .place = node->place};
    state->initial = state->donedata = CHART_NONE;
    state->kind = kind_of(c, node);
    state->id = id_of(c, node, index);
    *(const struct node **)list_add(c, &c->state_nodes) = node;
    if (node->tag != TAG_HISTORY && node->tag != TAG_FINAL)
        for (const struct node *child = node->first; child != NULL; child = child->next)
            if (is_state(child->tag)) add_state(c, child, index, depth + 1);
    if (!c->failed) state_at(c, index)->last = c->states.count - 1;
}

/* Children in document order, then the histories among them once more. */
static void add_children(struct compile *c, uint32_t index)
{
    struct chart_state *state = state_at(c, index);
    state->children.first = c->children.count;
    for (uint32_t child = index + 1; child <= state->last; child = state_at(c, child)->last + 1)
        *(uint32_t *)list_add(c, &c->children) = child;
    state->children.count = c->children.count - state->children.first;
    state->histories.first = c->children.count;
    for (uint32_t child = index + 1; child <= state->last; child = state_at(c, child)->last + 1)
        if (node_at(&c->state_nodes, child)->tag == TAG_HISTORY) *(uint32_t *)list_add(c, &c->children) = child;
    state->histories.count = c->children.count - state->histories.first;
}

void compile_states(struct compile *c)
{
    add_state(c, c->root, CHART_NONE, 0);
    for (uint32_t i = 0; i < c->states.count && !c->failed; i++) add_children(c, i);
    if (!has_real_child(c->root)) problem(c->report, c->root->place, "no-states", "add a <state>", "the document has no state");
}

void compile_ids(struct compile *c)
{
    uint32_t count = c->states.count;
    struct id_entry *ids = arena_alloc(c->arena, count * sizeof *ids);
    if (ids == NULL || c->failed) {
        c->failed = true;
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        const char *id = state_at(c, i)->id;
        ids[i] = (struct id_entry){id == NULL ? "" : id, i};
    }
    sort_ids(ids, count);
    uint32_t first = 0;
    for (uint32_t i = 1; i < count; i++) {
        if (strcmp(ids[i].id, ids[first].id) != 0) {
            first = i;
            continue;
        }
        struct chart_place before = state_at(c, ids[first].index)->place;
        const struct node *node = node_at(&c->state_nodes, ids[i].index);
        const struct attribute *id = node_attribute(node, SPACE_NONE, "id");
        problem(c->report, id == NULL ? node->place : id->place, "duplicate-id", "give one of them another id",
                "the id \"%s\" is taken by the state of line %u", ids[i].id, before.line);
    }
    c->out->state_ids = c->state_ids = ids;
}

uint32_t find_state(const struct compile *c, const char *id)
{
    return c->state_ids == NULL ? CHART_NONE : find_id(c->state_ids, c->states.count, id);
}

const char *guess_state(const struct compile *c, const char *id)
{
    struct guess guess = {.word = id};
    if (c->report->count < LIMIT_DIAGNOSTICS)
        for (uint32_t i = 1; i < c->states.count; i++) guess_offer(&guess, state_at(c, i)->id);
    return guess_hint(&guess, c->arena, NULL);
}

bool is_inside(const struct compile *c, uint32_t state, uint32_t ancestor)
{
    return state > ancestor && state <= state_at(c, ancestor)->last;
}
