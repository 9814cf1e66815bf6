/* Executable content: blocks are chains of execs, branches point at blocks. */
#include "chart/compile.h"

#include <string.h>

static uint32_t compile_chain(struct compile *c, const struct node *from, const struct node *until);

static uint32_t new_block(struct compile *c, const struct node *from, const struct node *until)
{
    uint32_t index = c->blocks.count;
    *(uint32_t *)list_add(c, &c->blocks) = CHART_NONE;
    uint32_t first = compile_chain(c, from, until);
    if (!c->failed) *word_at(&c->blocks, index) = first;
    return index;
}

static const struct node *next_branch(const struct node *from)
{
    while (from != NULL && from->tag != TAG_ELSEIF && from->tag != TAG_ELSE) from = from->next;
    return from;
}

static struct chart_span compile_if(struct compile *c, const struct node *node)
{
    uint32_t count = 1;
    const struct node *seen_else = NULL;
    for (const struct node *branch = next_branch(node->first); branch != NULL; branch = next_branch(branch->next), count++) {
        if (seen_else != NULL)
            problem(c->report, branch->place, "else-order", "<else> comes last, once", "<%s> after <else> is never reached",
                    branch->name);
        if (branch->tag == TAG_ELSE) seen_else = branch;
    }
    struct chart_span span = list_reserve(c, &c->branches, count);
    const struct node *owner = node, *from = node->first;
    for (uint32_t i = 0; i < span.count; i++) {
        const struct node *until = next_branch(from);
        uint32_t cond = owner->tag == TAG_ELSE ? CHART_NONE : expr_of(c, owner, "cond", CHART_EXPRESSION);
        uint32_t block = new_block(c, from, until);
        if (c->failed) return span;
        ((struct chart_branch *)c->branches.items)[span.first + i] = (struct chart_branch){cond, block};
        owner = until;
        from = until == NULL ? NULL : until->next;
    }
    return span;
}

uint32_t compile_script(struct compile *c, const struct node *node)
{
    size_t length;
    struct chart_place place;
    const char *text = node_text(node, c->arena, &length, &place);
    const struct attribute *src = node_attribute(node, SPACE_NONE, "src");
    if (src != NULL && text != NULL)
        problem(c->report, src->place, "attribute-conflict", "keep one of the two", "<script> has both src and text");
    if (src != NULL) {
        text = compile_source(c, node, &length);
        place = src->place;
    }
    return text == NULL ? CHART_NONE : add_expr(c, CHART_SCRIPT, text, length, place);
}

static void compile_assign(struct compile *c, const struct node *node, struct chart_exec *exec)
{
    exec->as.assign.location = expr_of(c, node, "location", CHART_LOCATION);
    exec->as.assign.expr = expr_of(c, node, "expr", CHART_EXPRESSION);
    exec->as.assign.text = compile_text(c, node);
    if (exec->as.assign.expr != CHART_NONE && exec->as.assign.text.text != NULL)
        problem(c->report, node->place, "attribute-conflict", "keep one of the two", "<assign> has both expr and contents");
}

static void compile_foreach(struct compile *c, const struct node *node, struct chart_exec *exec)
{
    const char *item = node_value(node, "item");
    exec->as.foreach.array = expr_of(c, node, "array", CHART_EXPRESSION);
    exec->as.foreach.item = item == NULL ? "" : item; /* a bad name is an error of execution */
    exec->as.foreach.index = node_value(node, "index");
    exec->as.foreach.block = new_block(c, node->first, NULL);
}

static void compile_cancel(struct compile *c, const struct node *node, struct chart_exec *exec)
{
    exec->as.cancel.sendid = node_value(node, "sendid");
    exec->as.cancel.sendid_expr = expr_of(c, node, "sendidexpr", CHART_EXPRESSION);
    if (at_most_one(c, node, "sendid", "sendidexpr") && exec->as.cancel.sendid == NULL &&
        exec->as.cancel.sendid_expr == CHART_NONE)
        problem(c->report, node->place, "missing-attribute", NULL, "<cancel> needs sendid or sendidexpr");
}

static void compile_exec(struct compile *c, const struct node *node, struct chart_exec *exec)
{
    switch (node->tag) {
    case TAG_RAISE:
        exec->kind = CHART_RAISE;
        exec->as.raise.event = node_value(node, "event");
        check_event_name(c, node_attribute(node, SPACE_NONE, "event"));
        break;
    case TAG_IF:
        exec->kind = CHART_IF;
        exec->as.choose.branches = compile_if(c, node);
        break;
    case TAG_FOREACH:
        exec->kind = CHART_FOREACH;
        compile_foreach(c, node, exec);
        break;
    case TAG_LOG:
        exec->kind = CHART_LOG;
        exec->as.log.label = node_value(node, "label");
        exec->as.log.expr = expr_of(c, node, "expr", CHART_EXPRESSION);
        break;
    case TAG_ASSIGN:
        exec->kind = CHART_ASSIGN;
        compile_assign(c, node, exec);
        break;
    case TAG_SCRIPT:
        exec->kind = CHART_RUN_SCRIPT;
        exec->as.script = compile_script(c, node);
        break;
    case TAG_SEND:
        exec->kind = CHART_SEND;
        compile_send(c, node, exec);
        break;
    default:
        exec->kind = CHART_CANCEL;
        compile_cancel(c, node, exec);
        break;
    }
}

/* The executable elements from `from` up to `until`, linked; the first of them. Foreign elements are passed over. */
static uint32_t compile_chain(struct compile *c, const struct node *from, const struct node *until)
{
    uint32_t first = CHART_NONE, previous = CHART_NONE;
    for (const struct node *node = from; node != until && !c->failed; node = node->next) {
        if (!grammar_executable(node->tag)) continue;
        struct chart_exec exec = {.next = CHART_NONE, .place = node->place};
        compile_exec(c, node, &exec);
        if (exec.kind == CHART_RUN_SCRIPT && exec.as.script == CHART_NONE) continue; /* an empty script */
        uint32_t index = c->execs.count;
        *(struct chart_exec *)list_add(c, &c->execs) = exec;
        if (previous == CHART_NONE) first = index;
        else ((struct chart_exec *)c->execs.items)[previous].next = index;
        previous = index;
    }
    return first;
}

uint32_t compile_block(struct compile *c, const struct node *parent)
{
    for (const struct node *node = parent->first; node != NULL; node = node->next)
        if (grammar_executable(node->tag)) return new_block(c, parent->first, NULL);
    return CHART_NONE;
}

/* The <onentry> or <onexit> elements of a state, each a block of its own. */
static struct chart_span handlers_of(struct compile *c, const struct node *state, enum tag tag)
{
    uint32_t count = 0;
    for (const struct node *node = state->first; (node = node_child(node, tag)) != NULL; node = node->next) count++;
    struct chart_span span = list_reserve(c, &c->blocks, count);
    const struct node *node = state->first;
    for (uint32_t i = 0; i < span.count && !c->failed; i++) {
        node = node_child(node, tag);
        uint32_t first = compile_chain(c, node->first, NULL);
        if (!c->failed) *word_at(&c->blocks, span.first + i) = first;
        node = node->next;
    }
    return span;
}

void compile_blocks(struct compile *c)
{
    for (uint32_t i = 0; i < c->states.count && !c->failed; i++) {
        const struct node *node = node_at(&c->state_nodes, i);
        struct chart_span entry = handlers_of(c, node, TAG_ONENTRY), leave = handlers_of(c, node, TAG_ONEXIT);
        state_at(c, i)->onentry = entry;
        state_at(c, i)->onexit = leave;
    }
}
