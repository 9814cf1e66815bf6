/* Executable content. An error ends its own block and no other. */
#include "machine/interpreter.h"

#include "base/text.h"

static int run_chain(struct session *session, uint32_t block, struct guan_error *error);

static int run_raise(struct session *session, const struct chart_exec *exec, struct guan_error *error)
{
    struct machine_event event = {.name = exec->as.raise.event, .type = EVENT_INTERNAL};
    return raise_event(session, &event, error);
}

static int run_if(struct session *session, const struct chart_exec *exec, struct guan_error *error)
{
    const struct chart_span *branches = &exec->as.choose.branches;
    for (uint32_t i = 0; i < branches->count; i++) {
        const struct chart_branch *branch = &session->chart->branches[branches->first + i];
        bool taken = true;
        if (branch->cond != CHART_NONE) {
            int code = evaluate_guard(session, branch->cond, &taken, error);
            if (code != GUAN_OK) return code;
        }
        if (taken) return run_chain(session, branch->block, error);
    }
    return GUAN_OK;
}

/* The item and index variables are declared if they are not yet. */
static int set_variable(struct session *session, const struct chart_exec *exec, const char *name, const struct value *value,
                        struct guan_error *error)
{
    if (!text_is_name(name, strlen(name)) || name[0] == '_')
        return raise_error(session, "error.execution", &exec->place, error, "\"%s\" is not the name of a variable", name);
    int code = env_declare(session->env, name, value, error);
    return code == GUAN_OK ? GUAN_OK : blame(session, &exec->place, error);
}

static int run_foreach(struct session *session, const struct chart_exec *exec, struct guan_error *error)
{
    const char *index = exec->as.foreach.index;
    struct value *list;
    int code = evaluate(session, exec->as.foreach.array, &list, error);
    if (code != GUAN_OK) return code;
    bool empty = list != NULL && list->kind == VALUE_MAP && list->as.map.count == 0; /* Lua's {} */
    if (list == NULL || (list->kind != VALUE_LIST && !empty))
        return raise_error(session, "error.execution", &exec->place, error, "foreach needs a list");
    if (empty || list->as.list.count == 0) { /* the variables are declared all the same */
        if (!env_declared(session->env, exec->as.foreach.item))
            code = set_variable(session, exec, exec->as.foreach.item, NULL, error);
        if (code == GUAN_OK && index != NULL && !env_declared(session->env, index))
            code = set_variable(session, exec, index, NULL, error);
        return code;
    }
    for (size_t i = 0; i < list->as.list.count && code == GUAN_OK; i++) {
        struct value number = {.kind = VALUE_INT, .as.integer = (int64_t)i + 1};
        code = set_variable(session, exec, exec->as.foreach.item, list->as.list.items[i], error);
        if (code == GUAN_OK && index != NULL) code = set_variable(session, exec, index, &number, error);
        if (code == GUAN_OK) code = run_chain(session, exec->as.foreach.block, error);
    }
    return code;
}

static int run_log(struct session *session, const struct chart_exec *exec, struct guan_error *error)
{
    struct value *value = NULL;
    if (exec->as.log.expr != CHART_NONE) {
        int code = evaluate(session, exec->as.log.expr, &value, error);
        if (code != GUAN_OK) return code;
    }
    struct effect effect = {.kind = EFFECT_LOG, .text = exec->as.log.label, .value = value};
    effect_add(session->tree, &effect);
    return GUAN_OK;
}

static int run_assign(struct session *session, const struct chart_exec *exec, struct guan_error *error)
{
    if (exec->as.assign.expr != CHART_NONE) return assign_expr(session, exec->as.assign.location, exec->as.assign.expr, error);
    struct value *value;
    int code = evaluate_inline(session, &exec->as.assign.text, &value, error);
    return code == GUAN_OK ? assign(session, exec->as.assign.location, value, error) : code;
}

static int run_script(struct session *session, uint32_t expr, struct guan_error *error)
{
    script_ref ref = SCRIPT_NO_REF;
    int code = evaluate_ready(session, expr, &ref, error);
    if (code == GUAN_OK) code = env_run(session->env, ref, error);
    return code == GUAN_OK ? GUAN_OK : blame(session, &session->chart->exprs[expr].place, error);
}

static int run_exec(struct session *session, const struct chart_exec *exec, struct guan_error *error)
{
    switch (exec->kind) {
    case CHART_RAISE: return run_raise(session, exec, error);
    case CHART_IF: return run_if(session, exec, error);
    case CHART_FOREACH: return run_foreach(session, exec, error);
    case CHART_LOG: return run_log(session, exec, error);
    case CHART_ASSIGN: return run_assign(session, exec, error);
    case CHART_RUN_SCRIPT: return run_script(session, exec->as.script, error);
    case CHART_SEND: return send_run(session, exec, error);
    case CHART_CANCEL: return cancel_run(session, exec, error);
    }
    return GUAN_OK;
}

static int run_chain(struct session *session, uint32_t block, struct guan_error *error)
{
    int code = GUAN_OK;
    if (block == CHART_NONE) return GUAN_OK;
    for (uint32_t i = session->chart->blocks[block]; i != CHART_NONE && code == GUAN_OK; i = session->chart->execs[i].next)
        code = run_exec(session, &session->chart->execs[i], error);
    return code;
}

int content_run(struct session *session, uint32_t block, struct guan_error *error)
{
    int code = run_chain(session, block, error);
    return code == BLOCK_ENDED ? GUAN_OK : code;
}

int content_span(struct session *session, const struct chart_span *blocks, struct guan_error *error)
{
    int code = GUAN_OK;
    for (uint32_t i = 0; i < blocks->count && code == GUAN_OK; i++) code = content_run(session, blocks->first + i, error);
    return code;
}
