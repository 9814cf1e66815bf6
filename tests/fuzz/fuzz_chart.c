/* Any bytes as a flow: refused with a place and a reason, or a chart whose every index points where it may. */
#include "fuzz.h"

#include "base/text.h"
#include "chart/read.h"

#include <string.h>

static void inside(struct chart_span span, uint32_t count)
{
    promise(span.first <= count && span.count <= count - span.first, "a span lies in its array");
}

static void points(uint32_t index, uint32_t count)
{
    promise(index == CHART_NONE || index < count, "an index points into its array");
}

static void check_states(const struct chart *chart)
{
    for (uint32_t i = 0; i < chart->state_count; i++) {
        const struct chart_state *state = &chart->states[i];
        promise(state->last >= i && state->last < chart->state_count, "a subtree is an interval");
        promise(i == 0 ? state->parent == CHART_NONE : state->parent < i && chart->states[state->parent].last >= state->last,
                "a parent stands before and around its children");
        promise(state->id != NULL && chart_state_by_id(chart, state->id) == i, "a state is found by its id");
        bool starts = state->kind == CHART_COMPOUND || state->kind == CHART_HISTORY_DEEP || state->kind == CHART_HISTORY_SHALLOW;
        promise((state->initial != CHART_NONE) == starts, "what has a default has a transition for it");
        points(state->initial, chart->transition_count);
        points(state->donedata, chart->donedata_count);
        inside(state->children, chart->child_count);
        inside(state->histories, chart->child_count);
        inside(state->transitions, chart->transition_count);
        inside(state->onentry, chart->block_count);
        inside(state->onexit, chart->block_count);
        inside(state->data, chart->data_count);
        inside(state->invokes, chart->invoke_count);
        inside(state->steps, chart->step_count);
        inside(state->deadlines, chart->deadline_count);
        inside(state->rules, chart->rule_count);
    }
}

static void check_transitions(const struct chart *chart)
{
    for (uint32_t i = 0; i < chart->transition_count; i++) {
        const struct chart_transition *transition = &chart->transitions[i];
        promise(transition->source < chart->state_count, "a transition has a source");
        inside(transition->targets, chart->target_count);
        inside(transition->events, chart->descriptor_count);
        points(transition->cond, chart->expr_count);
        points(transition->content, chart->block_count);
        points(transition->domain, chart->state_count);
        for (uint32_t k = 0; k < transition->targets.count; k++) {
            uint32_t target = chart->targets[transition->targets.first + k];
            promise(target > 0 && target < chart->state_count, "a target is a state");
            promise(transition->domain == CHART_NONE || chart_is_descendant(chart, target, transition->domain),
                    "a domain holds its targets");
        }
    }
}

static void check_payload(const struct chart *chart, const struct chart_payload *payload)
{
    inside(payload->params, chart->param_count);
    inside(payload->namelist_exprs, chart->expr_count);
    promise(payload->namelist.count == payload->namelist_exprs.count, "every name has its expression");
    points(payload->content_expr, chart->expr_count);
    points(payload->content.expr, chart->expr_count);
}

static void check_content(const struct chart *chart)
{
    for (uint32_t i = 0; i < chart->block_count; i++) points(chart->blocks[i], chart->exec_count);
    for (uint32_t i = 0; i < chart->exec_count; i++) {
        const struct chart_exec *exec = &chart->execs[i];
        points(exec->next, chart->exec_count);
        if (exec->kind == CHART_IF) inside(exec->as.choose.branches, chart->branch_count);
        if (exec->kind == CHART_FOREACH) points(exec->as.foreach.block, chart->block_count);
        if (exec->kind == CHART_SEND) promise(exec->as.send < chart->send_count, "a send is there");
    }
    for (uint32_t i = 0; i < chart->branch_count; i++) points(chart->branches[i].block, chart->block_count);
    for (uint32_t i = 0; i < chart->send_count; i++) check_payload(chart, &chart->sends[i].payload);
    for (uint32_t i = 0; i < chart->donedata_count; i++) check_payload(chart, &chart->donedata[i]);
    for (uint32_t i = 0; i < chart->invoke_count; i++) check_payload(chart, &chart->invokes[i].payload);
}

static void check_steps(const struct chart *chart)
{
    for (uint32_t i = 0; i < chart->step_count; i++) {
        const struct chart_step *step = &chart->steps[i];
        promise(chart_step_by_id(chart, step->id) == i, "a step is found by its id");
        inside(step->after, chart->step_ref_count);
        inside(step->reopens, chart->step_ref_count);
        inside(step->not_by_steps, chart->step_ref_count);
        inside(step->fields, chart->field_count);
        inside(step->deadlines, chart->deadline_count);
        points(step->per, chart->field_count);
    }
    for (uint32_t i = 0; i < chart->step_ref_count; i++)
        promise(chart->step_refs[i] < chart->step_count, "a step named is there");
    for (uint32_t i = 0; i < chart->field_count; i++) inside(chart->fields[i].fields, chart->field_count);
}

static void check_duties(const struct chart *chart)
{
    for (uint32_t i = 0; i < chart->deadline_count; i++) {
        const struct chart_deadline *deadline = &chart->deadlines[i];
        promise(deadline->id != NULL && deadline->event != NULL, "a deadline has an id and an event");
        promise(deadline->state < chart->state_count, "a deadline has a state");
        points(deadline->step, chart->step_count);
        points(deadline->within_key, chart->expr_count);
        points(deadline->before, chart->expr_count);
        points(deadline->from_expr, chart->expr_count);
        points(deadline->when, chart->expr_count);
        promise(deadline->until == NULL || deadline->every != NULL || deadline->on != NULL, "what ends recurs");
    }
    for (uint32_t i = 0; i < chart->rule_count; i++) {
        const struct chart_rule *rule = &chart->rules[i];
        promise(rule->id[0] != '\0' && rule->of.count > 0, "a rule has an id and names something");
        promise(rule->state < chart->state_count && rule->kind <= CHART_RULE_SEPARATE, "a rule has a state and a kind");
        points(rule->within_key, chart->expr_count);
        points(rule->when, chart->expr_count);
        points(rule->check, chart->expr_count);
    }
}

struct told {
    size_t errors;
    struct chart_place last;
};

static void take(void *user, const struct diagnostic *diagnostic)
{
    struct told *told = user;
    promise(diagnostic->place.line > 0 && diagnostic->place.col > 0, "a problem has a place");
    promise(diagnostic->place.line > told->last.line ||
                (diagnostic->place.line == told->last.line && diagnostic->place.col >= told->last.col),
            "problems come in the order of their places");
    promise(diagnostic->text[0] != '\0' && text_is_utf8(diagnostic->text, strlen(diagnostic->text)), "and say what, in UTF-8");
    told->last = diagnostic->place;
    told->errors += diagnostic->error;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct told told = {0};
    struct chart_read_options options = {.file = "fuzz.scxml", .sink = take, .sink_user = &told};
    struct guan_error error = {0};
    struct chart *chart;
    int code = chart_read((const char *)data, size, &options, &chart, &error);
    promise((code == GUAN_OK) == (chart != NULL) && (code == GUAN_OK) == (told.errors == 0), "a chart or an error");
    if (code == GUAN_OK) {
        check_states(chart);
        check_transitions(chart);
        check_content(chart);
        check_steps(chart);
        check_duties(chart);
    } else {
        promise(error.rule[0] != '\0' && error.where[0] != '\0' && error.text[0] != '\0', "a refusal says where and why");
    }
    chart_free(chart);
    return 0;
}
