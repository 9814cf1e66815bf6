/* What urn:guan:1 says about states and transitions. */
#include "chart/compile.h"

static void compile_state(struct compile *c, uint32_t index)
{
    const struct node *node = node_at(&c->state_nodes, index);
    struct chart_state *state = state_at(c, index);
    const struct attribute *title = guan(node, "title"), *role = guan(node, "role");
    state->title = title == NULL ? NULL : title->value;
    state->clauses = clauses_of(c, guan(node, "clause"));
    state->roles = role != NULL || index == 0 ? roles_of(c, role) : state_at(c, state->parent)->roles;
    static const char *const modes[] = {"block", "warn", NULL};
    (void)word_of(c, guan(node, "mode"), modes, 0, "unknown-mode");
    state->rules = compile_rules(c, node, index);
    state->deadlines = compile_deadlines(c, node, index, CHART_NONE);
    compile_steps(c, index);
}

void compile_guan(struct compile *c)
{
    for (uint32_t i = 0; i < c->states.count && !c->failed; i++) compile_state(c, i);
    if (c->failed || c->states.count == 0) return;
    struct chart *chart = &c->out->chart;
    const struct chart_state *root = state_at(c, 0);
    chart->title = root->title;
    chart->clauses = root->clauses;
    chart->roles = root->roles;
    compile_step_references(c);
    if (!c->failed) check_deadline_anchors(c);
    if (!c->failed) check_rules(c);
}

void guan_transition(struct compile *c, const struct node *node, struct chart_transition *transition)
{
    static const char *const gates[] = {"block", "warn", "open", NULL};
    const struct attribute *gate = guan(node, "gate"), *title = guan(node, "title");
    transition->gate_given = gate != NULL;
    transition->gate = word_of(c, gate, gates, CHART_GATE_BLOCK, "unknown-gate");
    transition->roles = roles_of(c, guan(node, "role"));
    transition->clauses = clauses_of(c, guan(node, "clause"));
    transition->title = title == NULL ? NULL : title->value;
}
