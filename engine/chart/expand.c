/* Short forms become SCXML in the tree, so that the compiler knows one way of saying each thing.
 *
 *   <state id="visits" g:flow="reception" g:on="arrive" g:again="yes"/>
 *     visits.waiting --reception.arrive--> visits.running (invokes reception.scxml) --done.invoke.reception--> visits.waiting
 *     (without g:again: --> visits.over)
 *   g:next="S" on a state X: a transition on complete.X to S */
#include "chart/compile.h"

#include "base/text.h"

#include <string.h>

struct expansion {
    struct arena *arena;
    struct report *report;
};

static struct node *add_transition(struct expansion *x, struct node *parent, const char *event, const char *target,
                                   struct chart_place place)
{
    struct node *transition = node_new(x->arena, parent, TAG_TRANSITION, place);
    node_set(x->arena, transition, "event", event);
    node_set(x->arena, transition, "target", target);
    return transition;
}

static const char *prefixed_events(struct expansion *x, const char *flow, const char *list)
{
    const char *word, *all = "";
    size_t length;
    while (all != NULL && text_word(&list, &word, &length))
        all = arena_printf(x->arena, "%s%s%s.%.*s", all, all[0] == '\0' ? "" : " ", flow, (int)length, word);
    return all;
}

static bool flow_is_plain(struct expansion *x, const struct node *state, const struct attribute *flow)
{
    if (!is_id(flow->value) || strchr(flow->value, '.') != NULL) {
        problem(x->report, flow->place, "bad-name", "the name of a process, without .scxml",
                "\"%s\" is not the name of a process", flow->value);
        return false;
    }
    if (node_value(state, "id") == NULL) {
        problem(x->report, flow->place, "short-form", "add id=\"…\"", "a state with g:flow needs an id");
        return false;
    }
    if (guan(state, "on") == NULL || guan(state, "on")->value[strspn(guan(state, "on")->value, " \t\r\n")] == '\0') {
        problem(x->report, flow->place, "short-form", "add g:on=\"…\"",
                "g:flow needs g:on: the steps or events that start the flow");
        return false;
    }
    for (const struct node *child = state->first; child != NULL; child = child->next) {
        bool inside = child->tag == TAG_STATE || child->tag == TAG_PARALLEL || child->tag == TAG_FINAL ||
                      child->tag == TAG_INITIAL || child->tag == TAG_INVOKE || child->tag == TAG_HISTORY;
        if (!inside) continue;
        problem(x->report, child->place, "short-form", "write the states out, without g:flow",
                "a state with g:flow has no <%s> inside", child->name);
        return false;
    }
    return true;
}

static bool says_yes(struct expansion *x, const struct attribute *again)
{
    if (again == NULL || strcmp(again->value, "no") == 0) return false;
    if (strcmp(again->value, "yes") != 0)
        problem(x->report, again->place, "boolean", NULL, "g:again is \"yes\" or \"no\", not \"%s\"", again->value);
    return true;
}

static void expand_flow(struct expansion *x, struct node *state)
{
    const struct attribute *flow = guan(state, "flow"), *on = guan(state, "on"), *again = guan(state, "again");
    if (flow == NULL) {
        const struct attribute *lost = on != NULL ? on : again;
        if (lost != NULL) problem(x->report, lost->place, "short-form", "add g:flow=\"…\"", "g:%s goes with g:flow", lost->name);
        return;
    }
    if (!flow_is_plain(x, state, flow)) return;
    const char *id = node_value(state, "id"), *name = flow->value;
    const char *waiting = arena_printf(x->arena, "%s.waiting", id), *running = arena_printf(x->arena, "%s.running", id);
    const char *back = says_yes(x, again) ? waiting : arena_printf(x->arena, "%s.over", id);
    const char *events = prefixed_events(x, name, on->value), *done = arena_printf(x->arena, "done.invoke.%s", name);
    struct node *wait = node_new(x->arena, state, TAG_STATE, flow->place),
                *run = node_new(x->arena, state, TAG_STATE, flow->place);
    if (wait == NULL || run == NULL || back == NULL || done == NULL) return;
    node_set(x->arena, wait, "id", waiting);
    add_transition(x, wait, events, running, on->place);
    node_set(x->arena, run, "id", running);
    struct node *invoke = node_new(x->arena, run, TAG_INVOKE, flow->place);
    node_set(x->arena, invoke, "type", "scxml");
    node_set(x->arena, invoke, "id", name);
    node_set(x->arena, invoke, "src", arena_printf(x->arena, "%s.scxml", name));
    add_transition(x, run, done, back, flow->place);
    if (back != waiting) node_set(x->arena, node_new(x->arena, state, TAG_STATE, flow->place), "id", back);
}

static void expand_next(struct expansion *x, struct node *state)
{
    const struct attribute *next = guan(state, "next");
    if (next == NULL) return;
    const char *id = node_value(state, "id");
    if (id == NULL) problem(x->report, next->place, "short-form", "add id=\"…\"", "a state with g:next needs an id");
    else add_transition(x, state, arena_printf(x->arena, "complete.%s", id), next->value, next->place);
}

static void expand_node(struct expansion *x, struct node *node)
{
    for (struct node *child = node->first; child != NULL; child = child->next)
        if (child->space == SPACE_SCXML && child->first != NULL) expand_node(x, child);
    for (struct node *child = node->first; child != NULL; child = child->next) {
        if (child->tag == TAG_STATE) expand_flow(x, child);
        if (child->tag == TAG_STATE || child->tag == TAG_PARALLEL) expand_next(x, child);
    }
}

void expand(struct tree *tree, struct arena *arena, struct report *report)
{
    struct expansion x = {arena, report};
    if (tree->guan) expand_node(&x, tree->root);
}
