/* What the tree of sessions asks of a case: charts of invoked flows, names, what Lua sees, verdicts, timers. */
#include "case/witness.h"

#include <stdio.h>
#include <string.h>

static struct member *member_of(struct kase *kase, const struct session *session)
{
    return kase_member(kase, session_id(session));
}

/* src="reception.scxml" is the process of that name in the case's definition. */
static int host_chart(void *user, const struct session *parent, const char *src, const char *content, const struct chart **out,
                      struct guan_error *error)
{
    struct kase *kase = user;
    (void)parent;
    (void)content;
    if (!src) return error_set(error, GUAN_NO, "inline-in-case", "a case invokes flows of its definition by src only");
    const char *name = text_starts(src, "file:") ? src + 5 : src;
    size_t length = strlen(name);
    if (length > 6 && strcmp(name + length - 6, ".scxml") == 0) length -= 6;
    const char *process = arena_text(kase->arena, name, length);
    return process ? bundle_chart(kase->setting->bundle, process, out, error) : error_memory(error);
}

static int host_name(void *user, const struct chart *chart, char *into, size_t size, struct guan_error *error)
{
    struct kase *kase = user;
    struct value *numbers = value_get(kase->state, "seq");
    const struct member *active = kase_active(kase, chart->name);
    const struct chart *known;
    if (bundle_chart(kase->setting->bundle, chart->name, &known, NULL) != GUAN_OK || known != chart)
        return error_set(error, GUAN_NO, "inline-in-case", "a case invokes flows of its definition by src only");
    if (active && !session_done(active->session)) /* SEMANTICS 11 */
        return error_set(error, GUAN_NO, "already-open", "%s is open already: %s", chart->name, active->id);
    if (!numbers) {
        numbers = value_map(kase->arena);
        value_set(kase->arena, kase->state, "seq", numbers);
    }
    int64_t number = value_get_int(numbers, chart->name) + 1;
    value_set_int(kase->arena, numbers, chart->name, number);
    int length = snprintf(into, size, "%s#%lld", chart->name, (long long)number);
    if (length < 0 || (size_t)length >= size)
        return error_set(error, GUAN_NO, "name-too-long", "the process name %s is too long", chart->name);
    return arena_failed(kase->arena) ? error_memory(error) : GUAN_OK;
}

/* The first thing that is asked of a session: the moment to give it its standard. NULL stops the tree. */
static const struct script_surroundings *host_surroundings(void *user, struct session *session)
{
    struct kase *kase = user;
    struct member *member = member_of(kase, session);
    if (!member) {
        const struct session *parent = session_parent(session);
        const struct chart *chart = session_chart(session);
        member = kase_member_new(kase, session_id(session), parent ? session_id(parent) : NULL, chart, chart->name, session, NULL,
                                 NULL);
        if (!member) return NULL;
    }
    member->session = session;
    standard_attach(member->standard, session);
    return standard_surroundings(member->standard);
}

static int host_settled(void *user, struct session *session, const struct effects *effects, struct arena *arena,
                        const char **events, size_t capacity, size_t *count, struct guan_error *error)
{
    struct kase *kase = user;
    struct member *member = member_of(kase, session);
    struct timer_changes changes = {0};
    (void)arena;
    if (!member) return error_memory(error);
    int code = standard_settled(member->standard, effects, &changes, events, capacity, count, error);
    return code == GUAN_OK ? host_timers(kase, member->id, &changes, error) : code;
}

static int host_stepped(void *user, struct session *session, const struct machine_event *event, const struct effects *effects,
                        struct guan_error *error)
{
    struct kase *kase = user;
    struct member *member = member_of(kase, session);
    size_t before = kase->findings.count;
    struct value *abandoned = NULL;
    if (!member) return error_memory(error);
    member->touched = true;
    int code = standard_stepped(member->standard, effects, kase->late, &kase->findings, &abandoned, &kase->refusal, error);
    if (code != GUAN_OK) return code;
    witness_effects(kase, member, effects);
    for (size_t i = 0; i < effects->count; i++) {
        if (effects->items[i].kind != EFFECT_MICROSTEP) continue;
        struct value *entry = journal_transition(kase, member, event, &effects->items[i]);
        if (abandoned) {
            struct value *facts = value_map(kase->arena);
            value_set(kase->arena, facts, "abandoned", abandoned);
            value_set(kase->arena, entry, "facts", facts);
            abandoned = NULL;
        }
        journal_follow(kase, entry);
    }
    journal_findings(kase, before);
    return arena_failed(kase->arena) ? error_memory(error) : GUAN_OK;
}

/* --- timers ------------------------------------------------------------------------------------------------------------- */

static struct kase_timer *timer_find(struct kase *kase, const char *session, const char *name, const char *instance)
{
    for (size_t i = 0; i < kase->timer_count; i++) {
        const struct timer_row *row = &kase->timers[i].row;
        if (strcmp(row->session, session) == 0 && strcmp(row->name, name) == 0 && strcmp(row->instance, instance) == 0)
            return &kase->timers[i];
    }
    return NULL;
}

int host_timer_set(struct kase *kase, const struct timer_row *row, struct guan_error *error)
{
    struct kase_timer *timer = timer_find(kase, row->session, row->name, row->instance ? row->instance : "");
    if (!timer) {
        struct kase_timer *timers =
            arena_grow(kase->arena, kase->timers, kase->timer_count, &kase->timer_capacity, sizeof *timers);
        if (!timers) return error_memory(error);
        kase->timers = timers;
        timer = &kase->timers[kase->timer_count++];
        *timer = (struct kase_timer){0};
    }
    if (timer->stored && timer->row.due == row->due && text_equal(timer->row.body, row->body)) {
        timer->removed = false;
        return GUAN_OK;
    }
    timer->row = *row;
    if (!row->instance) timer->row.instance = "";
    timer->changed = true;
    timer->removed = false;
    return GUAN_OK;
}

void host_timer_remove(struct kase *kase, const char *session, const char *name, const char *instance)
{
    for (size_t i = 0; i < kase->timer_count; i++) {
        struct kase_timer *timer = &kase->timers[i];
        if (strcmp(timer->row.session, session) == 0 && (!name || strcmp(timer->row.name, name) == 0) &&
            (!instance || strcmp(timer->row.instance, instance) == 0))
            timer->removed = true;
    }
}

int host_timers(struct kase *kase, const char *session, const struct timer_changes *changes, struct guan_error *error)
{
    int code = GUAN_OK;
    for (size_t i = 0; i < changes->count && code == GUAN_OK; i++) {
        const struct timer_change *change = &changes->items[i];
        const char *instance = change->instance ? change->instance : "";
        struct timer_row row = {.session = session, .name = change->name, .instance = instance, .due = change->due};
        if (change->due == INSTANT_NONE) host_timer_remove(kase, session, change->name, instance);
        else code = host_timer_set(kase, &row, error);
    }
    return code;
}

static int host_timer(void *user, const struct machine_timer *timer, struct guan_error *error)
{
    struct kase *kase = user;
    const struct machine_event *event = &timer->event;
    struct buffer body = {0};
    struct value *map = value_map(kase->arena);
    value_set_text(kase->arena, map, "to", timer->to);
    value_set_text(kase->arena, map, "event", event->name);
    value_set_int(kase->arena, map, "type", event->type);
    value_set_text(kase->arena, map, "sendid", event->sendid);
    value_set_text(kase->arena, map, "origin", event->origin);
    value_set_text(kase->arena, map, "origintype", event->origintype);
    value_set_text(kase->arena, map, "invokeid", event->invokeid);
    value_set(kase->arena, map, "data", event->data ? value_copy(kase->arena, event->data) : NULL);
    json_write(&body, map);
    struct timer_row row = {.session = arena_text(kase->arena, timer->session, strlen(timer->session)),
                            .name = arena_printf(kase->arena, "send:%s", timer->sendid),
                            .instance = "",
                            .due = timer->due,
                            .body = arena_text(kase->arena, body.data, body.length)};
    buffer_release(&body);
    return arena_failed(kase->arena) ? error_memory(error) : host_timer_set(kase, &row, error);
}

static int host_cancel(void *user, const char *session, const char *sendid, struct guan_error *error)
{
    struct kase *kase = user;
    const char *name = sendid ? arena_printf(kase->arena, "send:%s", sendid) : NULL;
    if (sendid && !name) return error_memory(error);
    host_timer_remove(kase, session, name, NULL);
    return GUAN_OK;
}

void host_init(struct kase *kase)
{
    kase->host = (struct tree_host){.user = kase,
                                    .chart = host_chart,
                                    .name = host_name,
                                    .surroundings = host_surroundings,
                                    .settled = host_settled,
                                    .stepped = host_stepped,
                                    .timer = host_timer,
                                    .cancel = host_cancel};
}

/* --- running ------------------------------------------------------------------------------------------------------------- */

static int review(struct kase *kase, struct guan_error *error)
{
    int code = GUAN_OK;
    for (size_t i = 0; code == GUAN_OK && i < kase->member_count; i++) {
        struct member *member = kase->members[i];
        struct timer_changes changes = {0};
        size_t before = kase->findings.count;
        if (member->ended) continue;
        if (session_done(member->session)) {
            member->ended = member->touched = true;
            standard_ended(member->standard);
            host_timer_remove(kase, member->id, NULL, NULL);
            continue;
        }
        code = standard_review(member->standard, &changes, &kase->findings, error);
        journal_findings(kase, before);
        if (changes.count) member->touched = true;
        if (code == GUAN_OK) code = host_timers(kase, member->id, &changes, error);
    }
    return code;
}

/* Tells each session of its steps that are asked for now, or no longer. */
static int tell_turned(struct kase *kase, bool *told, struct guan_error *error)
{
    struct chart_names steps;
    *told = false;
    for (size_t i = 0; i < kase->member_count; i++) {
        struct member *member = kase->members[i];
        if (member->ended) continue;
        int code = standard_turned(member->standard, &steps, error);
        for (uint32_t k = 0; k < steps.count && code == GUAN_OK; k++) {
            *told = member->touched = true;
            code = step_post(kase, member, arena_printf(kase->arena, "asked.%s", steps.items[k]), NULL, NULL, error);
        }
        if (code != GUAN_OK) return code;
    }
    return GUAN_OK;
}

int kase_run(struct kase *kase, struct guan_error *error)
{
    bool again = true;
    int code = GUAN_OK;
    /* Two flows may turn each other's steps; whoever does so for ever is left as he stands. */
    for (int round = 0; round < 8 && again && code == GUAN_OK; round++) {
        code = tree_run(kase->tree, kase->rec, error);
        if (code == GUAN_OK) code = review(kase, error);
        if (code == GUAN_OK) code = tell_turned(kase, &again, error);
    }
    return code;
}
