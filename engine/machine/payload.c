/* What <send>, <invoke> and <donedata> carry. */
#include "machine/interpreter.h"

/* Names and params as one map. A param that fails is left out, with an error of its own (5.7.2); a bad name in a namelist is an
 * error of the element. */
int payload_pairs(struct session *session, const struct chart_payload *payload, struct value **out, struct guan_error *error)
{
    struct arena *arena = session->tree->arena;
    struct value *map = value_map(arena), *value;
    *out = NULL;
    for (uint32_t i = 0; i < payload->namelist.count; i++) {
        int code = evaluate_location(session, payload->namelist_exprs.first + i, &value, error);
        if (code != GUAN_OK) return code;
        value_set(arena, map, payload->namelist.items[i], value != NULL ? value : value_null(arena));
    }
    for (uint32_t i = 0; i < payload->params.count; i++) {
        const struct chart_param *param = &session->chart->params[payload->params.first + i];
        int code = param->expr != CHART_NONE ? evaluate(session, param->expr, &value, error)
                                             : evaluate_location(session, param->location, &value, error);
        if (code > GUAN_OK) return code;
        if (code == GUAN_OK) value_set(arena, map, param->name, value != NULL ? value : value_null(arena));
    }
    if (arena_failed(arena)) return error_memory(error);
    if (value_count(map) > 0) *out = map;
    return GUAN_OK;
}

int payload_make(struct session *session, const struct chart_payload *payload, struct value **out, struct guan_error *error)
{
    if (!payload->has_content) return payload_pairs(session, payload, out, error);
    int code = payload->content_expr != CHART_NONE ? evaluate(session, payload->content_expr, out, error)
                                                   : evaluate_inline(session, &payload->content, out, error);
    return code == BLOCK_ENDED ? GUAN_OK : code; /* 5.6.2: a content that fails is empty */
}
