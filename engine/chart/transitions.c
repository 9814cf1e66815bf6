/* Transitions: their events, targets, domains; and the initial and default transitions at the end of the array. */
#include "chart/compile.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* --- events --------------------------------------------------------------------------------------------------------- */

static struct chart_span descriptors_of(struct compile *c, const struct attribute *event)
{
    struct chart_span span = {c->descriptors.count, 0};
    if (event == NULL) return span;
    const char *cursor = event->value, *word;
    size_t length;
    while (text_word(&cursor, &word, &length)) {
        bool any = (length == 1 && word[0] == '*') || (length == 2 && memcmp(word, ".*", 2) == 0);
        if (any) length = 0;
        else if (length > 2 && memcmp(word + length - 2, ".*", 2) == 0) length -= 2;
        else if (length > 1 && word[length - 1] == '.') length--;
        if (!any && !is_event_name(word, length))
            problem(c->report, event->place, "event-descriptor", "names with single dots between; .* only at the end",
                    "\"%.*s\" is not an event descriptor", (int)strcspn(word, " \t\r\n"), word);
        struct chart_descriptor *descriptor = list_add(c, &c->descriptors);
        descriptor->name = any ? "" : arena_text(c->arena, word, length);
        descriptor->length = (uint32_t)length;
        span.count++;
    }
    if (span.count == 0)
        problem(c->report, event->place, "event-descriptor", "leave the attribute out for an eventless transition",
                "the list of events is empty");
    return span;
}

/* --- targets -------------------------------------------------------------------------------------------------------- */

static struct chart_span targets_of(struct compile *c, const struct attribute *target)
{
    struct chart_span span = {c->targets.count, 0};
    if (target == NULL) return span;
    const char *cursor = target->value, *word;
    size_t length;
    bool any = false;
    while (text_word(&cursor, &word, &length)) {
        any = true;
        const char *id = arena_text(c->arena, word, length);
        uint32_t state = id == NULL ? CHART_NONE : find_state(c, id);
        if (state == CHART_NONE || state == 0) {
            problem(c->report, target->place, "unknown-target", id == NULL ? NULL : guess_state(c, id),
                    "there is no state \"%s\"", id == NULL ? "" : id);
            continue;
        }
        *(uint32_t *)list_add(c, &c->targets) = state;
        span.count++;
    }
    if (!any)
        problem(c->report, target->place, "unknown-target", "leave the attribute out to stay", "the list of targets is empty");
    return span;
}

static uint32_t common_ancestor(const struct compile *c, uint32_t a, uint32_t b)
{
    while (a != b && !is_inside(c, b, a)) a = state_at(c, a)->parent;
    return a;
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

/* A legal set: any two stand in different regions of a parallel state. In document order it is enough to compare neighbours,
 * since the common ancestor of two others is one of those in between. */
static void check_target_set(struct compile *c, struct chart_span span, struct chart_place place)
{
    if (span.count < 2 || c->failed) return;
    uint32_t *sorted = arena_alloc(c->arena, span.count * sizeof *sorted);
    if (sorted == NULL) return;
    memcpy(sorted, word_at(&c->targets, span.first), span.count * sizeof *sorted);
    qsort(sorted, span.count, sizeof *sorted, by_number);
    for (uint32_t i = 1; i < span.count; i++) {
        uint32_t a = sorted[i - 1], b = sorted[i], above = common_ancestor(c, a, b);
        if (above != a && state_at(c, above)->kind == CHART_PARALLEL) continue;
        const char *one = state_at(c, a)->id, *other = state_at(c, b)->id;
        problem(c->report, place, "illegal-targets", "several targets must stand in different children of a <parallel>",
                above == a ? "\"%s\" and \"%s\": one contains the other" : "\"%s\" and \"%s\" cannot be active together", one,
                other);
        return;
    }
}

static bool all_inside(const struct compile *c, struct chart_span targets, uint32_t ancestor)
{
    for (uint32_t i = 0; i < targets.count; i++)
        if (!is_inside(c, *word_at(&c->targets, targets.first + i), ancestor)) return false;
    return true;
}

static bool is_history(const struct compile *c, uint32_t state)
{
    return state_at(c, state)->kind == CHART_HISTORY_SHALLOW || state_at(c, state)->kind == CHART_HISTORY_DEEP;
}

static bool has_history(const struct compile *c, struct chart_span targets)
{
    for (uint32_t i = 0; i < targets.count; i++)
        if (is_history(c, *word_at(&c->targets, targets.first + i))) return true;
    return false;
}

/* The least compound ancestor of source and targets; the source itself when the transition is internal. */
static void find_domain(struct compile *c, struct chart_transition *transition)
{
    transition->plain = !has_history(c, transition->targets);
    transition->domain = CHART_NONE;
    if (transition->targets.count == 0 || !transition->plain) return;
    uint32_t domain = transition->internal ? transition->source : state_at(c, transition->source)->parent;
    while (domain != 0 && (state_at(c, domain)->kind != CHART_COMPOUND || !all_inside(c, transition->targets, domain)))
        domain = state_at(c, domain)->parent;
    transition->domain = domain;
}

/* --- transitions of a state ----------------------------------------------------------------------------------------- */

static struct chart_transition *new_transition(struct compile *c, uint32_t source, struct chart_place place)
{
    struct chart_transition *transition = list_add(c, &c->transitions);
    *transition = (struct chart_transition){.source = source, .place = place};
    transition->cond = transition->content = transition->domain = CHART_NONE;
    return transition;
}

static bool type_of(struct compile *c, const struct node *node, uint32_t source, struct chart_span targets)
{
    const struct attribute *type = node_attribute(node, SPACE_NONE, "type");
    if (type == NULL || strcmp(type->value, "external") == 0) return false;
    if (strcmp(type->value, "internal") != 0) {
        problem(c->report, type->place, "transition-type", NULL, "the type is \"internal\" or \"external\", not \"%s\"",
                type->value);
        return false;
    }
    if (targets.count == 0) return false;
    if (state_at(c, source)->kind == CHART_COMPOUND && all_inside(c, targets, source)) return true;
    warning(c->report, type->place, "internal-without-effect", "all targets must be inside a compound source state",
            "type=\"internal\" has no effect here: \"%s\" is left as by an external transition", state_at(c, source)->id);
    return false;
}

static void add_transition(struct compile *c, uint32_t source, const struct node *node)
{
    const struct attribute *event = node_attribute(node, SPACE_NONE, "event");
    const struct attribute *target = node_attribute(node, SPACE_NONE, "target");
    if (event == NULL && target == NULL && node_value(node, "cond") == NULL)
        problem(c->report, node->place, "empty-transition", NULL, "a transition needs an event, a cond or a target");
    uint32_t index = c->transitions.count;
    new_transition(c, source, node->place);
    struct chart_span events = descriptors_of(c, event), targets = targets_of(c, target);
    uint32_t cond = expr_of(c, node, "cond", CHART_EXPRESSION), content = compile_block(c, node);
    bool internal = type_of(c, node, source, targets);
    if (target != NULL) check_target_set(c, targets, target->place);
    if (c->failed) return;
    struct chart_transition *transition = transition_at(c, index);
    transition->events = events;
    transition->targets = targets;
    transition->cond = cond;
    transition->content = content;
    transition->internal = internal;
    guan_transition(c, node, transition);
    find_domain(c, transition);
}

void compile_transitions(struct compile *c)
{
    for (uint32_t i = 1; i < c->states.count && !c->failed; i++) { /* <scxml> has none */
        struct chart_state *state = state_at(c, i);
        state->transitions.first = c->transitions.count;
        if (is_history(c, i)) continue;
        const struct node *child = node_at(&c->state_nodes, i)->first;
        while ((child = node_child(child, TAG_TRANSITION)) != NULL) {
            add_transition(c, i, child);
            child = child->next;
        }
        state->transitions.count = c->transitions.count - state->transitions.first;
    }
}

/* --- <initial>, initial=, <history> ---------------------------------------------------------------------------------- */

/* The transition inside <initial> or <history>: a target and content, nothing else. */
static const struct node *pseudo_node(struct compile *c, const struct node *node)
{
    const struct node *transition = node_child(node->first, TAG_TRANSITION);
    if (transition == NULL) {
        problem(c->report, node->place, "no-default", "add <transition target=\"…\"/> inside",
                node->tag == TAG_HISTORY ? "the history has no default transition" : "<initial> has no transition");
        return NULL;
    }
    static const char *const forbidden[] = {"event", "cond"};
    for (size_t i = 0; i < 2; i++) {
        const struct attribute *attribute = node_attribute(transition, SPACE_NONE, forbidden[i]);
        if (attribute != NULL)
            problem(c->report, attribute->place, "default-transition", "delete it",
                    "a default transition is always taken: it has no %s", forbidden[i]);
    }
    if (node_value(transition, "target") == NULL)
        problem(c->report, transition->place, "default-transition", "add target=\"…\"", "a default transition needs a target");
    const struct node *second = node_child(transition->next, TAG_TRANSITION);
    if (second != NULL)
        problem(c->report, second->place, "default-transition", "delete it", "only one transition may stand here");
    return transition;
}

static void check_default_targets(struct compile *c, uint32_t owner, struct chart_span targets, struct chart_place place)
{
    uint32_t within = is_history(c, owner) ? state_at(c, owner)->parent : owner;
    for (uint32_t i = 0; i < targets.count; i++) {
        uint32_t target = *word_at(&c->targets, targets.first + i);
        bool shallow = state_at(c, owner)->kind == CHART_HISTORY_SHALLOW;
        if (is_inside(c, target, within) && (!shallow || state_at(c, target)->parent == within)) continue;
        problem(c->report, place, "initial-target", shallow ? "or make it type=\"deep\"" : NULL, "\"%s\" is not %s \"%s\"",
                state_at(c, target)->id, shallow ? "a child of" : "inside", within == 0 ? "scxml" : state_at(c, within)->id);
        return;
    }
    check_target_set(c, targets, place);
}

/* Adds the default transition of `owner` from a list of targets, or to its first real child when there is none. */
static void add_default(struct compile *c, uint32_t owner, const struct node *node, const struct attribute *target)
{
    struct chart_place place = target != NULL ? target->place : node != NULL ? node->place : state_at(c, owner)->place;
    uint32_t index = c->transitions.count;
    new_transition(c, owner, place);
    struct chart_span targets = targets_of(c, target);
    if (target != NULL) {
        check_default_targets(c, owner, targets, place);
    } else {
        struct chart_span children = state_at(c, owner)->children;
        for (uint32_t i = 0; i < children.count && targets.count == 0; i++) {
            uint32_t child = *word_at(&c->children, children.first + i);
            if (is_history(c, child)) continue;
            *(uint32_t *)list_add(c, &c->targets) = child;
            targets.count = 1;
        }
    }
    uint32_t content = node == NULL ? CHART_NONE : compile_block(c, node);
    if (c->failed) return;
    struct chart_transition *transition = transition_at(c, index);
    transition->targets = targets;
    transition->content = content;
    transition->plain = !has_history(c, targets);
    if (transition->plain) transition->domain = is_history(c, owner) ? state_at(c, owner)->parent : owner;
    state_at(c, owner)->initial = index;
}

static void add_initial(struct compile *c, uint32_t index)
{
    const struct node *node = node_at(&c->state_nodes, index), *initial = node_child(node->first, TAG_INITIAL);
    const struct attribute *attribute = node_attribute(node, SPACE_NONE, "initial");
    const struct node *transition = NULL;
    enum chart_state_kind kind = state_at(c, index)->kind;
    if (kind == CHART_ATOMIC && (attribute != NULL || initial != NULL)) {
        problem(c->report, attribute != NULL ? attribute->place : initial->place, "initial-of-atomic",
                "delete it, or add states inside", "\"%s\" has no state inside to start in", state_at(c, index)->id);
    } else if (is_history(c, index)) {
        transition = pseudo_node(c, node);
        if (transition != NULL) add_default(c, index, transition, node_attribute(transition, SPACE_NONE, "target"));
    } else if (kind == CHART_COMPOUND && initial != NULL) {
        if (attribute != NULL)
            problem(c->report, attribute->place, "attribute-conflict", "keep one of the two",
                    "\"%s\" has both an initial attribute and <initial>", state_at(c, index)->id);
        transition = pseudo_node(c, initial);
        if (transition != NULL) add_default(c, index, transition, node_attribute(transition, SPACE_NONE, "target"));
    } else if (kind == CHART_COMPOUND) {
        add_default(c, index, NULL, attribute);
    }
}

void compile_initials(struct compile *c)
{
    for (uint32_t i = 0; i < c->states.count && !c->failed; i++) add_initial(c, i);
}
