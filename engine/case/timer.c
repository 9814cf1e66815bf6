/* What is due fires by itself, before anything else is done to a case: each timer a small command of `system`. */
#include "case/replay.h"

#include <string.h>

static struct kase_timer *earliest(struct kase *kase)
{
    struct kase_timer *best = NULL;
    for (size_t i = 0; i < kase->timer_count; i++) {
        struct kase_timer *timer = &kase->timers[i];
        if (timer->removed || timer->row.due > kase->rec) continue;
        if (!best || timer->row.due < best->row.due ||
            (timer->row.due == best->row.due &&
             (strcmp(timer->row.session, best->row.session) < 0 ||
              (strcmp(timer->row.session, best->row.session) == 0 && strcmp(timer->row.name, best->row.name) < 0))))
            best = timer;
    }
    return best;
}

/* The title of the deadline or the rule, else of the deadline's step. */
static const char *timer_title(struct kase *kase, const struct timer_row *row)
{
    const struct member *member = kase_member(kase, row->session);
    const char *colon = strchr(row->name, ':'), *id = colon ? colon + 1 : row->name;
    bool rule = text_starts(row->name, "rule:");
    for (uint32_t i = 0; rule && member && i < member->chart->rule_count; i++)
        if (strcmp(member->chart->rules[i].id, id) == 0) return member->chart->rules[i].title;
    for (uint32_t i = 0; !rule && member && i < member->chart->deadline_count; i++) {
        const struct chart_deadline *deadline = &member->chart->deadlines[i];
        if (strcmp(deadline->id, id) != 0) continue;
        return deadline->title || deadline->step == CHART_NONE ? deadline->title : member->chart->steps[deadline->step].title;
    }
    return NULL;
}

static void told(struct kase *kase, const struct timer_row *row, const char *event)
{
    struct value *map = value_map(kase->arena);
    value_set_text(kase->arena, map, "session", row->session);
    value_set_text(kase->arena, map, "timer", row->name);
    value_set_text(kase->arena, map, "event", event);
    value_set_text(kase->arena, map, "title", timer_title(kase, row));
    answer_local(kase, map, "due", row->due);
    if (kase->findings.count) value_set_text(kase->arena, map, "code", kase->findings.items[0].code);
    if (!kase->fired) kase->fired = value_list(kase->arena);
    value_add(kase->arena, kase->fired, map);
}

static struct value *timer_entry(struct kase *kase, const char *kind, const struct timer_row *row, const char *event)
{
    char due[INSTANT_TEXT];
    instant_format(row->due, due);
    struct value *entry = journal_acting(kase, kind, &kase->system, NULL, NULL);
    value_set_text(kase->arena, entry, "sess", row->session);
    value_set_text(kase->arena, entry, "rule", row->name);
    value_set_text(kase->arena, entry, "inst", row->instance[0] ? row->instance : NULL);
    value_set_text(kase->arena, entry, "event", event);
    value_set_text(kase->arena, entry, "due", due);
    return entry;
}

/* A delayed <send>: the event as it was sent. */
static int fire_send(struct kase *kase, const struct timer_row *row, const char **name, struct guan_error *error)
{
    struct value *body;
    int code = json_read(kase->arena, row->body ? row->body : "", row->body ? strlen(row->body) : 0, &body, error);
    if (code != GUAN_OK)
        return error_set(error, GUAN_TAMPERED, "row", "a timer of case %s is not as it was written", kase->row.id);
    const struct machine_timer timer = {.session = row->session,
                                        .to = value_get_text(body, "to"),
                                        .sendid = row->name + strlen("send:"),
                                        .due = row->due,
                                        .event = {.name = value_get_text(body, "event"),
                                                  .type = (enum event_type)value_get_int(body, "type"),
                                                  .sendid = value_get_text(body, "sendid"),
                                                  .origin = value_get_text(body, "origin"),
                                                  .origintype = value_get_text(body, "origintype"),
                                                  .invokeid = value_get_text(body, "invokeid"),
                                                  .data = value_get(body, "data")}};
    if (!timer.to || !timer.event.name)
        return error_set(error, GUAN_TAMPERED, "row", "a timer of case %s is not as it was written", kase->row.id);
    *name = timer.event.name;
    timer_entry(kase, "timer", row, *name);
    return tree_fire(kase->tree, &timer, error);
}

static int fire_deadline(struct kase *kase, const struct timer_row *row, const char **name, struct guan_error *error)
{
    struct member *member = kase_member(kase, row->session);
    if (!member) return GUAN_OK;
    int code = standard_deadline(member->standard, row->name, row->instance, row->due, &kase->findings, name, error);
    if (code != GUAN_OK || !*name) return code;
    struct machine_event event = {.name = *name, .type = EVENT_EXTERNAL};
    member->touched = true;
    timer_entry(kase, "timer", row, *name);
    journal_findings(kase, 0);
    return member->ended ? GUAN_OK : tree_post(kase->tree, member->session, &event, error);
}

static int fire(struct kase *kase, const struct timer_row *row, struct guan_error *error)
{
    const char *event = NULL;
    const struct value *recorded = replay_next(kase);
    kase->cause = recorded ? value_get_text(recorded, "cause") : guan_new_id(kase->guan, kase->arena);
    kase->findings = (struct findings){0};
    kase->refusal = (struct refusal){0};
    kase->late = false;
    kase->acting = kase->row.n + 1;
    kase_moment(kase, row->due, kase->rec, &kase->system, NULL);
    int code = text_starts(row->name, "send:") ? fire_send(kase, row, &event, error) : fire_deadline(kase, row, &event, error);
    if (code != GUAN_OK || !kase->acting_entry) return code; /* met or moved: nothing happens */
    code = kase_run(kase, error);
    if (code == GUAN_OK) told(kase, row, event);
    return code == GUAN_OK ? journal_write(kase, error) : code;
}

/* A gate refused what the timer wanted: it is consumed, and recorded once (SEMANTICS 1). */
static int consume(struct kase *kase, const struct timer_row *row, struct guan_error *error)
{
    struct refusal refusal = kase->refusal;
    if (!refusal.code)
        refusal =
            (struct refusal){.code = "GUARD_BLOCKED", .reason = error ? arena_printf(kase->arena, "%s", error->rule) : "error"};
    refusal.session = row->session;
    int code = kase_reload(kase, error);
    if (code != GUAN_OK) return code;
    kase_moment(kase, row->due, kase->rec, &kase->system, NULL);
    host_timer_remove(kase, row->session, row->name, row->instance);
    struct value *entry = timer_entry(kase, "refuse", row, NULL);
    value_set_text(kase->arena, entry, "tried", "timer");
    value_set_text(kase->arena, entry, "code", refusal.code);
    journal_clauses(kase, entry, &refusal.clauses);
    code = refusal_finding(kase, &refusal, error);
    return code == GUAN_OK ? journal_write(kase, error) : code;
}

int timers_fire(struct kase *kase, struct guan_error *error)
{
    instant at = kase->at;
    const char *cause = kase->cause;
    int code = GUAN_OK;
    uint32_t fired = 0;
    for (struct kase_timer *timer = earliest(kase); timer && code == GUAN_OK; timer = earliest(kase)) {
        struct timer_row row = timer->row;
        if (++fired > LIMIT_COMMAND_EVENTS)
            return error_set(error, GUAN_FAILED, "too-many-timers", "case %s has more than %u timers due at once", kase->row.id,
                             LIMIT_COMMAND_EVENTS);
        timer->removed = true;
        code = fire(kase, &row, error);
        if (code == GUAN_NO) code = consume(kase, &row, error);
        if (code == GUAN_OK && !replay_holds(kase)) code = kase_save(kase, error);
    }
    kase->cause = cause;
    kase->findings = (struct findings){0};
    kase->refusal = (struct refusal){0};
    kase->at = at;
    return code;
}
