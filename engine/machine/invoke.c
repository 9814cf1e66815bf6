/* <invoke>: sessions that live as long as a state of another. They start when the macrostep of the invoking one is over. */
#include "machine/interpreter.h"

#include "base/text.h"

/* --- the list of a session's invocations ---------------------------------------------------------------------------------- */

struct invocation *invocation_add(struct session *session, uint32_t invoke, const char *id, const char *child_id,
                                  struct session *child)
{
    if (session->invocation_count == session->invocation_capacity) {
        uint32_t capacity = session->invocation_capacity == 0 ? 2 : session->invocation_capacity * 2;
        struct invocation *grown = memory_resize(session->invocations, capacity * sizeof *grown);
        if (grown == NULL) return NULL;
        session->invocations = grown;
        session->invocation_capacity = capacity;
    }
    struct invocation *invocation = &session->invocations[session->invocation_count];
    *invocation = (struct invocation){.invoke = invoke, .id = text_copy(id), .session = text_copy(child_id), .child = child};
    if (invocation->id == NULL || invocation->session == NULL) {
        invocation_release(invocation);
        return NULL;
    }
    session->invocation_count++;
    return invocation;
}

void invocation_release(struct invocation *invocation)
{
    memory_free(invocation->id);
    memory_free(invocation->session);
    memory_free(invocation->src);
    memory_free(invocation->content);
}

/* --- starting --------------------------------------------------------------------------------------------------------------- */

static bool scxml_type(const char *type)
{
    static const char *const names[] = {"scxml", "http://www.w3.org/TR/scxml/", "http://www.w3.org/TR/scxml"};
    if (type == NULL || type[0] == '\0') return true;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(type, names[i]) == 0) return true;
    return false;
}

int invoke_chart(struct session *session, uint32_t invoke, const char *src, const char *content, const struct chart **out,
                 struct guan_error *error)
{
    const struct tree_host *host = &session->tree->host;
    *out = NULL;
    if (src == NULL && content == NULL) *out = session->chart->invokes[invoke].payload.content_chart;
    if (*out != NULL) return GUAN_OK;
    if (host->chart == NULL) return error_set(error, GUAN_NO, "no-document", "there is no document to invoke");
    return host->chart(host->user, session, src, content, out, error);
}

struct starting {
    const char *type, *src, *id, *content;
    struct value *data;
};

static int find_invokeid(struct session *session, const struct chart_invoke *invoke, struct starting *s, struct guan_error *error)
{
    struct arena *arena = session->tree->arena;
    s->id = invoke->id;
    if (s->id == NULL)
        s->id = arena_printf(arena, "%s.%u", session->chart->states[invoke->state].id, (unsigned)++session->next_invoke);
    if (s->id == NULL) return error_memory(error);
    if (invoke->id_location == CHART_NONE) return GUAN_OK;
    struct value *value = value_text(arena, s->id);
    return value == NULL ? error_memory(error) : assign(session, invoke->id_location, value, error);
}

/* The document, where it is not a compiled part of this one. */
static int find_content(struct session *session, const struct chart_invoke *invoke, struct starting *s, struct guan_error *error)
{
    const struct chart_payload *payload = &invoke->payload;
    if (payload->content_chart != NULL || !payload->has_content) return GUAN_OK;
    s->content = payload->content.text;
    return payload->content_expr == CHART_NONE ? GUAN_OK
                                               : evaluate_text(session, NULL, payload->content_expr, &s->content, error);
}

static int find_arguments(struct session *session, const struct chart_invoke *invoke, struct starting *s,
                          struct guan_error *error)
{
    int code = find_invokeid(session, invoke, s, error);
    if (code == GUAN_OK) code = evaluate_text(session, invoke->type, invoke->type_expr, &s->type, error);
    if (code == GUAN_OK) code = evaluate_text(session, invoke->src, invoke->src_expr, &s->src, error);
    if (code == GUAN_OK) code = find_content(session, invoke, s, error);
    if (code == GUAN_OK) code = payload_pairs(session, &invoke->payload, &s->data, error);
    if (code == GUAN_OK && !scxml_type(s->type))
        code = raise_error(session, "error.execution", &invoke->place, error, "nothing of type \"%s\" can be invoked", s->type);
    return code;
}

static int start(struct session *session, uint32_t index, const struct chart *chart, const struct starting *s,
                 struct guan_error *error)
{
    struct session *child;
    int code = tree_add(session->tree, chart, NULL, session, s->id, &child, error);
    if (code != GUAN_OK) return code;
    child->given = s->data;
    struct invocation *invocation = invocation_add(session, index, s->id, child->id, child);
    if (invocation == NULL) return error_memory(error);
    invocation->src = text_copy(s->src);
    invocation->content = text_copy(s->content);
    if ((s->src != NULL && invocation->src == NULL) || (s->content != NULL && invocation->content == NULL))
        return error_memory(error);
    struct effect effect = {.kind = EFFECT_INVOKE, .text = child->id, .value = s->data, .event = invocation->id};
    effect_add(session->tree, &effect);
    session->tree->unstarted++;
    return GUAN_OK;
}

static int invoke_one(struct session *session, uint32_t index, struct guan_error *error)
{
    const struct chart_invoke *invoke = &session->chart->invokes[index];
    struct starting s = {0};
    int code = find_arguments(session, invoke, &s, error);
    if (code != GUAN_OK) return code == BLOCK_ENDED ? GUAN_OK : code;
    const struct chart *chart = NULL;
    code = invoke_chart(session, index, s.src, s.content, &chart, error);
    if (code == GUAN_OK) return start(session, index, chart, &s, error);
    if (code != GUAN_NO) return code;
    char why[sizeof error->text];
    memcpy(why, error->text, sizeof why);
    code = raise_error(session, "error.communication", &invoke->place, error, "%s", why);
    return code == BLOCK_ENDED ? GUAN_OK : code;
}

int invoke_pending(struct session *session, struct guan_error *error)
{
    const struct chart *chart = session->chart;
    if (session->pending == NULL) return GUAN_OK;
    for (uint32_t s = 0; (s = bits_next(session->pending, s + 1, chart->state_count)) != BITS_NONE;) {
        bits_remove(session->pending, s);
        for (uint32_t i = 0; i < chart->states[s].invokes.count; i++) {
            int code = invoke_one(session, chart->states[s].invokes.first + i, error);
            if (code != GUAN_OK) return code;
        }
    }
    return GUAN_OK;
}

/* --- ending ----------------------------------------------------------------------------------------------------------------- */

static int uninvoke(struct session *session, uint32_t index, struct guan_error *error)
{
    struct invocation ended = session->invocations[index];
    session->invocation_count--;
    memmove(&session->invocations[index], &session->invocations[index + 1],
            (session->invocation_count - index) * sizeof session->invocations[0]);
    int code = GUAN_OK;
    if (ended.child != NULL && !ended.child->done) {
        struct effect effect = {.kind = EFFECT_UNINVOKE, .text = ended.child->id};
        effect_add(session->tree, &effect);
        code = session_end(ended.child, true, error);
    }
    invocation_release(&ended);
    return code;
}

int uninvoke_state(struct session *session, uint32_t state, struct guan_error *error)
{
    for (uint32_t i = 0; i < session->invocation_count;) {
        if (session->chart->invokes[session->invocations[i].invoke].state != state) {
            i++;
            continue;
        }
        int code = uninvoke(session, i, error);
        if (code != GUAN_OK) return code;
    }
    return GUAN_OK;
}

int uninvoke_all(struct session *session, struct guan_error *error)
{
    int code = GUAN_OK;
    while (code == GUAN_OK && session->invocation_count > 0) code = uninvoke(session, 0, error);
    return code;
}

int invoke_return(struct session *session, uint32_t final, struct guan_error *error)
{
    struct value *data = NULL;
    uint32_t donedata = final == BITS_NONE ? CHART_NONE : session->chart->states[final].donedata;
    if (session->parent == NULL || session->parent->done) return GUAN_OK;
    if (donedata != CHART_NONE) {
        int code = payload_make(session, &session->chart->donedata[donedata], &data, error);
        if (code > GUAN_OK) return code;
    }
    struct machine_event event = {.type = EVENT_EXTERNAL, .data = data, .invokeid = session->invokeid};
    event.name = arena_printf(session->tree->arena, "done.invoke.%s", session->invokeid);
    event.origin = session->origin;
    event.origintype = SCXML_PROCESSOR;
    if (event.name == NULL) return error_memory(error);
    return queue_push(&session->tree->external, session->parent, &event, error);
}

/* --- events that pass through
 * --------------------------------------------------------------------------------------------------- */

/* An empty <finalize> takes back what went out by location, where the event's data have a member of that name. */
static int take_back(struct session *session, const struct chart_invoke *invoke, const struct machine_event *event,
                     struct guan_error *error)
{
    const struct chart_payload *payload = &invoke->payload;
    for (uint32_t i = 0; i < payload->namelist.count; i++) {
        const struct value *value = value_get(event->data, payload->namelist.items[i]);
        if (value == NULL) continue;
        int code = assign(session, payload->namelist_exprs.first + i, value, error);
        if (code != GUAN_OK) return code;
    }
    for (uint32_t i = 0; i < payload->params.count; i++) {
        const struct chart_param *param = &session->chart->params[payload->params.first + i];
        const struct value *value = param->location == CHART_NONE ? NULL : value_get(event->data, param->name);
        if (value == NULL) continue;
        int code = assign(session, param->location, value, error);
        if (code != GUAN_OK) return code;
    }
    return GUAN_OK;
}

static int finalize(struct session *session, const struct chart_invoke *invoke, const struct machine_event *event,
                    struct guan_error *error)
{
    if (!invoke->has_finalize) return GUAN_OK;
    if (invoke->finalize != CHART_NONE) return content_run(session, invoke->finalize, error);
    int code = take_back(session, invoke, event, error);
    return code == BLOCK_ENDED ? GUAN_OK : code;
}

int invoke_deliver(struct session *session, const struct machine_event *event, struct guan_error *error)
{
    int code = GUAN_OK;
    for (uint32_t i = 0; i < session->invocation_count && code == GUAN_OK; i++) {
        const struct invocation *invocation = &session->invocations[i];
        const struct chart_invoke *invoke = &session->chart->invokes[invocation->invoke];
        if (text_equal(invocation->id, event->invokeid)) code = finalize(session, invoke, event, error);
        if (code == GUAN_OK && invoke->autoforward && invocation->child != NULL && !invocation->child->done)
            code = queue_push(&session->tree->external, invocation->child, event, error);
    }
    return code;
}
