/* do, send and waive: judged by standard, run by the tree, all in memory. */
#include "case/replay.h"

#include <string.h>

/* What _event carries besides SCXML's own fields. */
struct value *step_more(struct kase *kase, const char *role)
{
    struct value *more = value_map(kase->arena);
    char text[INSTANT_TEXT];
    instant_format(kase->at, text);
    value_set_text(kase->arena, more, "at", text);
    instant_format(kase->rec, text);
    value_set_text(kase->arena, more, "rec", text);
    value_set_text(kase->arena, more, "actor", kase->world.actor->id);
    value_set_text(kase->arena, more, "by", kase->world.by);
    value_set_text(kase->arena, more, "role", role);
    if (kase->world.signers) value_set(kase->arena, more, "signers", value_copy(kase->arena, kase->world.signers));
    return more;
}

int step_post(struct kase *kase, struct member *member, const char *name, const struct value *data, const struct value *more,
              struct guan_error *error)
{
    struct machine_event event = {.name = name, .type = EVENT_EXTERNAL, .data = data, .more = more};
    if (!name) return error_memory(error);
    return member->ended ? GUAN_OK : tree_post(kase->tree, member->session, &event, error);
}

/* NAME to the session itself, P.NAME to every session above it (SEMANTICS 3). */
static int post_up(struct kase *kase, struct member *member, const char *name, const struct value *data, const struct value *more,
                   struct guan_error *error)
{
    const char *full = arena_printf(kase->arena, "%s.%s", member->process, name);
    int code = step_post(kase, member, name, data, more, error);
    for (struct member *up = kase_member(kase, member->parent); up && code == GUAN_OK; up = kase_member(kase, up->parent))
        code = step_post(kase, up, full, data, more, error);
    return code;
}

/* The root takes P.NAME and invokes P; the new session is the target (SEMANTICS 11). */
static int start_target(struct kase *kase, struct target *target, const struct value *data, struct guan_error *error)
{
    int code = step_post(kase, kase->members[0], target->full, data, step_more(kase, NULL), error);
    if (code == GUAN_OK) code = kase_run(kase, error);
    if (code != GUAN_OK) return code;
    target->member = kase_active(kase, target->process);
    if (target->member) return GUAN_OK;
    return error_set(error, GUAN_USAGE, "not-started", "\"%s\" starts no %s now", target->full, target->process);
}

static int unknown_step(struct kase *kase, const struct target *target, struct guan_error *error)
{
    const struct member *member = target->member;
    uint32_t transition;
    error_set(error, GUAN_USAGE, "unknown-step", "%s has no step \"%s\"", target->process, target->name);
    if (member && !member->ended && session_accepts(member->session, target->name, &transition))
        return error_hint(error, "it is an event: guan send %s %s", kase->row.id, target->full);
    for (uint32_t i = 0; member && i < member->chart->step_count; i++)
        if (text_close(member->chart->steps[i].id, target->name))
            return error_hint(error, "did you mean \"%s\"?", member->chart->steps[i].id);
    return error_hint(error, "guan todo %s shows what can be done", kase->row.id);
}

int step_by(struct kase *kase, const struct guan_command *command, const char **out, struct guan_error *error)
{
    struct actor by;
    *out = NULL;
    if (!command->by) return GUAN_OK;
    int code = who_actor(kase, command->by, &by, error);
    if (code == GUAN_OK) *out = by.id;
    return code;
}

struct value *step_did(struct kase *kase, const char *kind, const struct member *member, const struct chart_step *step)
{
    struct value *did = value_map(kase->arena);
    value_set_text(kase->arena, did, "kind", kind);
    value_set_text(kase->arena, did, "process", member->process);
    value_set_text(kase->arena, did, "session", member->id);
    value_set_text(kase->arena, did, "step", step->id);
    value_set_text(kase->arena, did, "title", step->title);
    return did;
}

void step_entry(struct kase *kase, struct value *entry, const struct member *member, const struct chart_step *step,
                const struct actor *actors, size_t count)
{
    value_set_text(kase->arena, entry, "sess", member->id);
    value_set_text(kase->arena, entry, "state", member->chart->states[step->state].id);
    value_set_text(kase->arena, entry, "step", step->id);
    journal_clauses(kase, entry, &step->clauses);
    journal_with(kase, entry, actors, count);
}

static void touch(void *user, struct standard *standard)
{
    struct kase *kase = user;
    for (size_t i = 0; i < kase->member_count; i++)
        if (kase->members[i]->standard == standard) kase->members[i]->touched = true;
}

/* Every rule that is armed anywhere in the case looks at what happened. */
static int judge(struct kase *kase, struct member *member, const struct fact *fact, struct guan_error *error)
{
    struct fact whole = *fact;
    whole.owner = member->standard;
    whole.actor = kase->world.actor->id;
    whole.at = kase->at;
    whole.entry = kase->acting;
    return standard_judge(&kase->world, &whole, touch, kase, &kase->findings, &kase->refusal, error);
}

int step_start(struct kase *kase, struct target *target, struct act *act, struct guan_error *error)
{
    const struct chart *chart;
    const struct value *form = NULL;
    act->step = target->name;
    int code = bundle_chart(kase->setting->bundle, target->process, &chart, error);
    if (code == GUAN_OK) code = standard_view(&kase->world, chart, target->process, act, &form, &kase->refusal, error);
    if (code == GUAN_USAGE && kase->refusal.text) return refusal_usage(kase, &kase->refusal, error);
    return code == GUAN_OK ? start_target(kase, target, form, error) : code;
}

int step_target(struct kase *kase, const struct guan_command *command, struct target *target, struct act *act,
                struct guan_error *error)
{
    int code = resolve_target(kase, command->name, true, target, error);
    if (code == GUAN_OK && target->step == CHART_NONE) return unknown_step(kase, target, error);
    return code == GUAN_OK ? step_begin(kase, command, act, error) : code;
}

static struct value *roles_of(struct arena *arena, const struct actor *actors, size_t count)
{
    struct value *roles = value_list(arena);
    for (size_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < actors[i].roles.count; k++) value_add(arena, roles, value_text(arena, actors[i].roles.items[k]));
    return roles;
}

/* What every command of a person begins with. */
int step_begin(struct kase *kase, const struct guan_command *command, struct act *act, struct guan_error *error)
{
    struct actor *actors;
    const char *by;
    memset(act, 0, sizeof *act);
    int code = who_actors(kase, command, &actors, &act->actor_count, error);
    if (code == GUAN_OK) code = step_by(kase, command, &by, error);
    if (code != GUAN_OK) return code;
    act->actors = actors;
    act->role = command->role;
    kase->acting = kase->row.n + 1;
    kase_moment(kase, kase->at, kase->rec, &actors[0], by);
    kase->world.signers = roles_of(kase->arena, actors, act->actor_count);
    return kase->world.signers ? GUAN_OK : error_memory(error);
}

static int with_evidence(struct kase *kase, const struct guan_command *command, struct act *act, struct guan_error *error)
{
    struct guan_pair *fields = NULL;
    int code = (kase->guan->replay ? replay_evidence : attach_files)(kase, command, &fields, &act->field_count, error);
    if (code != GUAN_OK) return code;
    struct evidence *evidence = arena_alloc(kase->arena, (kase->attachment_count + 1) * sizeof *evidence);
    if (!evidence) return error_memory(error);
    for (size_t i = 0; i < kase->attachment_count; i++) evidence[i] = kase->attachments[i].evidence;
    act->fields = fields;
    act->given = replay_given(kase);
    act->evidence = evidence;
    act->evidence_count = kase->attachment_count;
    return GUAN_OK;
}

int step_do(struct kase *kase, const struct guan_command *command, struct value **did, struct guan_error *error)
{
    struct target target;
    struct act act;
    struct record record = {0};
    int code = step_target(kase, command, &target, &act, error);
    if (code == GUAN_OK) code = with_evidence(kase, command, &act, error);
    if (code == GUAN_OK && target.starts) code = step_start(kase, &target, &act, error);
    if (code != GUAN_OK) return code;

    struct member *member = target.member;
    size_t before = kase->findings.count;
    act.step = target.name;
    code = standard_step(member->standard, &act, kase->acting, &record, &kase->findings, &kase->refusal, error);
    if (code == GUAN_USAGE && kase->refusal.text) return refusal_usage(kase, &kase->refusal, error);
    if (code != GUAN_OK) return code;
    const struct chart_step *step = &member->chart->steps[record.step];
    const struct fact fact = {.name = step->id, .message = step->message, .form = record.form, .late = record.late_entry};
    code = judge(kase, member, &fact, error);
    if (code != GUAN_OK) return code;
    struct value *entry = journal_acting(kase, "step", &act.actors[0], kase->world.by, record.role);
    step_entry(kase, entry, member, step, act.actors, act.actor_count);
    journal_record(kase, entry, &record);
    journal_findings(kase, before);
    member->touched = true;
    kase->late = record.late_entry;
    const char *name = record.complete ? step->id : arena_printf(kase->arena, "incomplete.%s", step->id);
    const struct value *more = step_more(kase, record.role);
    if (target.starts)
        code = step_post(kase, member, name, record.form, more, error); /* the root has seen P.S: it started the session */
    else code = post_up(kase, member, name, record.form, more, error);
    if (code == GUAN_OK) code = kase_run(kase, error);
    *did = step_did(kase, "step", member, step);
    return code;
}

int step_waive(struct kase *kase, const struct guan_command *command, struct value **did, struct guan_error *error)
{
    struct target target;
    struct act act;
    uint32_t index;
    if (!command->reason || !command->reason[0])
        return error_set(error, GUAN_USAGE, "no-reason", "a waiver needs a reason: --reason TEXT");
    int code = resolve_target(kase, command->name, true, &target, error);
    if (code == GUAN_OK && (target.step == CHART_NONE || target.starts)) return unknown_step(kase, &target, error);
    if (code == GUAN_OK) code = step_begin(kase, command, &act, error);
    if (code != GUAN_OK) return code;
    struct member *member = target.member;
    act.step = target.name;
    code = standard_waive(member->standard, &act, kase->acting, &index, &kase->findings, &kase->refusal, error);
    if (code == GUAN_USAGE && kase->refusal.text) return refusal_usage(kase, &kase->refusal, error);
    if (code != GUAN_OK) return code;
    const struct chart_step *step = &member->chart->steps[index];
    struct value *entry = journal_acting(kase, "waive", &act.actors[0], kase->world.by, act.role);
    struct personal *reason = arena_alloc(kase->arena, sizeof *reason);
    if (!reason) return error_memory(error);
    code = standard_lag(member->standard, step->id, &kase->findings, error);
    if (code != GUAN_OK) return code;
    *reason = (struct personal){.path = "reason", .value = value_text(kase->arena, command->reason)};
    step_entry(kase, entry, member, step, act.actors, act.actor_count);
    kase->personal = reason;
    kase->personal_count = 1;
    journal_findings(kase, 0);
    member->touched = true;
    /* No S is raised (SEMANTICS 20); waived.S lets the macrostep end, where completeness is looked at. */
    code = step_post(kase, member, arena_printf(kase->arena, "waived.%s", step->id), NULL, step_more(kase, act.role), error);
    if (code == GUAN_OK) code = kase_run(kase, error);
    *did = step_did(kase, "waive", member, step);
    return code;
}

/* Undeclared data of an event is personal: the machine sees tokens, the entry digests. */
static int event_data(struct kase *kase, const struct guan_command *command, struct value **out, struct guan_error *error)
{
    if (replay_accepted(kase)) return replay_data(kase, out, error);
    struct personal *personal = arena_alloc(kase->arena, (command->field_count + 1) * sizeof *personal);
    struct value *data = value_map(kase->arena);
    if (!personal) return error_memory(error);
    for (size_t i = 0; i < command->field_count; i++) {
        const struct guan_pair *pair = &command->fields[i];
        struct value *value = value_text(kase->arena, pair->value);
        const char *token = kase_party_id(kase, pair->value);
        int code = token ? GUAN_OK : personal_token(kase->arena, &kase->secret, value, &token, error);
        if (code != GUAN_OK) return code;
        struct value *seen = value_text(kase->arena, token);
        personal[i] = (struct personal){arena_printf(kase->arena, "data.%s", pair->name), value, seen};
        value_set(kase->arena, data, pair->name, seen);
    }
    kase->personal = personal;
    kase->personal_count = command->field_count;
    *out = data;
    return arena_failed(kase->arena) ? error_memory(error) : GUAN_OK;
}

int step_send(struct kase *kase, const struct guan_command *command, struct value **did, struct guan_error *error)
{
    struct target target;
    struct act act;
    struct value *data = NULL;
    const char *role = command->role;
    uint32_t transition = CHART_NONE;
    int code = resolve_target(kase, command->name, false, &target, error);
    if (code == GUAN_OK) code = step_begin(kase, command, &act, error);
    if (code == GUAN_OK) code = event_data(kase, command, &data, error);
    if (code == GUAN_OK && target.starts) code = start_target(kase, &target, data, error);
    if (code != GUAN_OK) return code;
    struct member *member = target.member;
    if (!target.starts || session_accepts(member->session, target.name, &transition)) {
        code = standard_may_send(member->standard, target.name, &act.actors[0], &role, &kase->refusal, error);
        if (code == GUAN_USAGE && kase->refusal.text) return refusal_usage(kase, &kase->refusal, error);
        if (code != GUAN_OK) return code;
        session_accepts(member->session, target.name, &transition);
    } else {
        role = NULL;
    }
    size_t before = kase->findings.count;
    const struct fact fact = {.name = target.name, .form = data};
    code = standard_lag(member->standard, NULL, &kase->findings, error);
    if (code == GUAN_OK) code = judge(kase, member, &fact, error);
    if (code != GUAN_OK) return code;
    struct value *entry = journal_acting(kase, "event", &act.actors[0], kase->world.by, role);
    value_set_text(kase->arena, entry, "sess", member->id);
    value_set_text(kase->arena, entry, "event", target.name);
    if (transition != CHART_NONE) journal_clauses(kase, entry, &member->chart->transitions[transition].clauses);
    journal_findings(kase, before);
    const struct value *more = step_more(kase, role);
    code = target.starts ? step_post(kase, member, target.name, data, more, error)
                         : post_up(kase, member, target.name, data, more, error);
    if (code == GUAN_OK) code = kase_run(kase, error);
    *did = value_map(kase->arena);
    value_set_text(kase->arena, *did, "kind", "event");
    value_set_text(kase->arena, *did, "process", member->process);
    value_set_text(kase->arena, *did, "session", member->id);
    value_set_text(kase->arena, *did, "event", target.name);
    if (transition != CHART_NONE) value_set_text(kase->arena, *did, "title", member->chart->transitions[transition].title);
    return code;
}
