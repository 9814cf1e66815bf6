/* <send> and <cancel>: the arguments are evaluated at once; what is delayed becomes a timer of the host's. */
#include "machine/interpreter.h"

#include "base/text.h"

/* --- delays ------------------------------------------------------------------------------------------------------------- */

/* A CSS2 time: digits with one point at most, then ms or s (and m, h, d, which say what they mean). */
static bool delay_parse(const char *text, int64_t *out)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", MS_SECOND}, {"m", MS_MINUTE}, {"h", MS_HOUR}, {"d", MS_DAY}};
    while (*text == ' ' || *text == '\t' || *text == '\n' || *text == '\r') text++;
    const int64_t most = INT64_C(1000000000000);
    int64_t whole = 0, part = 0, scale = 1;
    bool digits = false;
    for (; *text >= '0' && *text <= '9' && whole < most; text++, digits = true) whole = whole * 10 + (*text - '0');
    if (*text == '.') {
        text++;
        for (; *text >= '0' && *text <= '9'; text++, digits = true) {
            if (scale >= 1000000) continue; /* finer than anything is counted */
            part = part * 10 + (*text - '0');
            scale *= 10;
        }
    }
    if (!digits) return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t length = strlen(units[i].unit);
        if (strncmp(text, units[i].unit, length) != 0) continue;
        const char *rest = text + length;
        rest += strspn(rest, " \t\r\n");
        if (*rest != '\0') continue;
        if (whole > most / units[i].ms) return false;
        *out = whole * units[i].ms + (part * units[i].ms + scale / 2) / scale;
        return true;
    }
    return false;
}

/* --- targets ------------------------------------------------------------------------------------------------------------- */

/* The session that a target of the form #_… names; NULL: there is none (error.communication). False: not a target of ours at all.
 */
bool session_of_target(struct session *session, const char *target, struct session **out)
{
    *out = NULL;
    if (target == NULL || target[0] == '\0') {
        *out = session;
        return true;
    }
    if (!text_starts(target, "#_")) return false;
    const char *name = target + 2;
    if (text_equal(name, "parent")) {
        *out = session->parent;
    } else if (text_starts(name, "scxml_")) {
        *out = tree_find(session->tree, name + strlen("scxml_"));
    } else {
        for (uint32_t i = 0; i < session->invocation_count; i++)
            if (text_equal(session->invocations[i].id, name)) *out = session->invocations[i].child;
    }
    if (*out != NULL && (*out)->done) *out = NULL;
    return true;
}

static bool same_processor(const char *type)
{
    return type == NULL || type[0] == '\0' || text_equal(type, "scxml") || text_equal(type, SCXML_PROCESSOR);
}

static bool http_processor(const char *type)
{
    return text_equal(type, "basichttp") || text_equal(type, HTTP_PROCESSOR);
}

/* --- <send> ---------------------------------------------------------------------------------------------------------------- */

struct sending {
    const struct chart_exec *exec;
    const struct chart_send *send;
    const char *event, *target, *type;
    const char *id; /* the author's, or made for an idlocation */
    int64_t delay;
    struct value *data;
};

static int find_id(struct session *session, struct sending *s, struct guan_error *error)
{
    session->sendid = s->id = s->send->id;
    if (s->send->id_location == CHART_NONE) return GUAN_OK;
    session->sendid = s->id = arena_printf(session->tree->arena, "send.%u", (unsigned)++session->next_send);
    struct value *value = value_text(session->tree->arena, s->id);
    if (value == NULL) return error_memory(error);
    return assign(session, s->send->id_location, value, error);
}

static int find_delay(struct session *session, struct sending *s, struct guan_error *error)
{
    s->delay = s->send->delay;
    if (s->send->delay_expr == CHART_NONE) return GUAN_OK;
    const char *text;
    int code = evaluate_text(session, NULL, s->send->delay_expr, &text, error);
    if (code != GUAN_OK || delay_parse(text, &s->delay)) return code;
    return raise_error(session, "error.execution", &s->exec->place, error, "\"%s\" is not a delay such as 2s or 150ms", text);
}

static int find_arguments(struct session *session, struct sending *s, struct guan_error *error)
{
    int code = find_id(session, s, error);
    if (code == GUAN_OK) code = evaluate_text(session, s->send->event, s->send->event_expr, &s->event, error);
    if (code == GUAN_OK) code = evaluate_text(session, s->send->target, s->send->target_expr, &s->target, error);
    if (code == GUAN_OK) code = evaluate_text(session, s->send->type, s->send->type_expr, &s->type, error);
    if (code == GUAN_OK) code = find_delay(session, s, error);
    if (code == GUAN_OK) code = payload_make(session, &s->send->payload, &s->data, error);
    return code;
}

/* What is wrong with the arguments as a whole. */
static int check_arguments(struct session *session, const struct sending *s, struct guan_error *error)
{
    const struct chart_place *place = &s->exec->place;
    if (http_processor(s->type)) {
        if (s->target == NULL || s->target[0] == '\0')
            return raise_error(session, "error.communication", place, error, "an event over HTTP needs a target");
        return raise_error(session, "error.execution", place, error, "sending over HTTP is not supported");
    }
    if (!same_processor(s->type))
        return raise_error(session, "error.execution", place, error, "there is no event processor \"%s\"", s->type);
    if (s->event == NULL || s->event[0] == '\0')
        return raise_error(session, "error.execution", place, error, "the event has no name");
    if (s->delay > 0 && text_equal(s->target, "#_internal"))
        return raise_error(session, "error.execution", place, error, "an internal event cannot be delayed");
    return GUAN_OK;
}

static int send_later(struct session *session, const struct sending *s, const struct session *to,
                      const struct machine_event *event, struct guan_error *error)
{
    struct tree *tree = session->tree;
    if (tree->host.timer == NULL)
        return raise_error(session, "error.communication", &s->exec->place, error, "nothing here keeps delayed events");
    struct outgoing out = {.is_timer = true, .timer = {.session = session->id, .to = to != NULL ? to->id : s->target}};
    out.timer.sendid = s->id != NULL ? s->id : arena_printf(tree->arena, "send.%u", (unsigned)++session->next_send);
    out.timer.due = tree->now + s->delay;
    out.timer.event = *event;
    return tree_send_out(tree, &out, error);
}

static int dispatch(struct session *session, const struct sending *s, struct guan_error *error)
{
    struct tree *tree = session->tree;
    struct machine_event event = {.name = s->event, .type = EVENT_INTERNAL, .sendid = s->id, .data = s->data};
    struct effect effect = {.kind = EFFECT_SEND, .event = s->event, .value = s->data, .text = s->target};
    if (text_equal(s->target, "#_internal")) {
        effect_add(tree, &effect);
        return raise_event(session, &event, error);
    }
    struct session *to;
    if (!session_of_target(session, s->target, &to))
        return raise_error(session, "error.execution", &s->exec->place, error, "\"%s\" is not a target", s->target);
    if (to == NULL && s->delay == 0)
        return raise_error(session, "error.communication", &s->exec->place, error, "there is no session \"%s\"", s->target);
    event.type = EVENT_EXTERNAL;
    event.origintype = SCXML_PROCESSOR;
    event.origin = session->origin;
    bool upwards = to != NULL ? to == session->parent : text_equal(s->target, "#_parent");
    event.invokeid = upwards ? session->invokeid : NULL;
    effect_add(tree, &effect);
    if (s->delay > 0) return send_later(session, s, to, &event, error);
    /* Once it is cancelled, nothing that an invoked session sends reaches the one that invoked it. */
    if (session->cancelled && upwards) return GUAN_OK;
    return queue_push(&tree->external, to, &event, error);
}

int send_run(struct session *session, const struct chart_exec *exec, struct guan_error *error)
{
    struct sending s = {.exec = exec, .send = &session->chart->sends[exec->as.send]};
    int code = find_arguments(session, &s, error);
    if (code == GUAN_OK) code = check_arguments(session, &s, error);
    if (code == GUAN_OK) code = dispatch(session, &s, error);
    session->sendid = NULL;
    return code;
}

/* --- <cancel> ----------------------------------------------------------------------------------------------------------------
 */

int cancel_run(struct session *session, const struct chart_exec *exec, struct guan_error *error)
{
    const char *sendid;
    int code = evaluate_text(session, exec->as.cancel.sendid, exec->as.cancel.sendid_expr, &sendid, error);
    if (code != GUAN_OK) return code;
    struct effect effect = {.kind = EFFECT_CANCEL, .text = sendid};
    effect_add(session->tree, &effect);
    struct outgoing out = {.timer = {.session = session->id, .sendid = sendid}};
    return tree_send_out(session->tree, &out, error);
}
