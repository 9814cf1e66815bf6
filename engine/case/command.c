/* One command, one transaction (the picture stands in kase.h). */
#include "case/replay.h"

#include <string.h>

/* The values that were typed, for a refused command: nothing says that they are harmless, so all are personal. */
static int refused_input(struct kase *kase, const struct guan_command *command)
{
    struct personal *personal = arena_alloc(kase->arena, (command->field_count + 2) * sizeof *personal);
    size_t count = 0;
    if (!personal) return GUAN_FAILED;
    for (size_t i = 0; i < command->field_count; i++)
        personal[count++] = (struct personal){.path = arena_printf(kase->arena, "tried.%s", command->fields[i].name),
                                              .value = value_text(kase->arena, command->fields[i].value)};
    if (command->reason)
        personal[count++] = (struct personal){.path = "reason", .value = value_text(kase->arena, command->reason)};
    kase->personal = personal;
    kase->personal_count = count;
    return GUAN_OK;
}

const char *const command_tried[] = {"open", "step", "event", "waive", "amend", "assign", "tick"};

/* PROCESS.NAME as the entry says it: the session stands beside it. */
static const char *local_name(struct kase *kase, const struct refusal *refusal, const char *name)
{
    const struct member *member = kase_member(kase, refusal->session);
    size_t length = member ? strlen(member->process) : 0;
    return member && strncmp(name, member->process, length) == 0 && name[length] == '.' ? name + length + 1 : name;
}

/* Drops what was tried and records that it was. The code of the command stays GUAN_NO. */
static int write_refusal(struct kase *kase, const struct guan_command *command, const struct guan_error *why,
                         struct value **answer, struct guan_error *error)
{
    struct refusal refusal = kase->refusal;
    struct actor *actors;
    const char *by;
    size_t count;
    if (!refusal.code) { /* Lua over budget, an endless loop: the machine's own no */
        refusal.code = "GUARD_BLOCKED";
        refusal.reason = arena_printf(kase->arena, "%s", why->rule);
        refusal.text = arena_printf(kase->arena, "%s", why->text);
    }
    int code = kase_reload(kase, error);
    if (code == GUAN_OK) code = who_actors(kase, command, &actors, &count, error);
    if (code == GUAN_OK) code = step_by(kase, command, &by, error);
    if (code != GUAN_OK) return code;
    kase_moment(kase, kase->at, kase->rec, &actors[0], by);
    struct value *entry = journal_acting(kase, "refuse", &actors[0], by, command->role);
    value_set_text(kase->arena, entry, "tried", command_tried[command->verb]);
    const char *name = command->name ? local_name(kase, &refusal, command->name) : refusal.step;
    value_set_text(kase->arena, entry, command->verb == GUAN_SEND ? "event" : "step", name);
    value_set_text(kase->arena, entry, "sess", refusal.session);
    journal_with(kase, entry, actors, count);
    if (command->verb == GUAN_AMEND) journal_refers(kase, entry, command->entry);
    value_set_text(kase->arena, entry, "code", refusal.code);
    value_set_text(kase->arena, entry, "rule", refusal.reason);
    journal_clauses(kase, entry, &refusal.clauses);
    code = refused_input(kase, command);
    if (code == GUAN_OK) code = refusal_finding(kase, &refusal, error);
    if (code == GUAN_OK) code = journal_write(kase, error);
    if (code == GUAN_OK) code = kase_save(kase, error);
    if (code != GUAN_OK) return code;
    struct value *map = value_map(kase->arena), *findings = value_list(kase->arena);
    value_set_bool(kase->arena, map, "ok", false);
    value_set_text(kase->arena, map, "case", kase->row.id);
    value_set_int(kase->arena, map, "n", (int64_t)kase->acting);
    value_set(kase->arena, map, "refused", refusal_answer(kase, &refusal));
    value_add(kase->arena, findings, answer_finding(kase, &kase->findings.items[0]));
    value_set(kase->arena, map, "findings", findings);
    value_set(kase->arena, map, "fired", kase->fired);
    *answer = map;
    return arena_failed(kase->arena) ? error_memory(error) : GUAN_OK;
}

int command_perform(struct kase *kase, const struct guan_command *command, struct value **did, struct guan_error *error)
{
    switch (command->verb) {
    case GUAN_STEP: return step_do(kase, command, did, error);
    case GUAN_SEND: return step_send(kase, command, did, error);
    case GUAN_WAIVE: return step_waive(kase, command, did, error);
    case GUAN_AMEND: return correct_amend(kase, command, did, error);
    case GUAN_ASSIGN: return correct_assign(kase, command, did, error);
    case GUAN_OPEN:
    case GUAN_TICK: break;
    }
    return error_set(error, GUAN_USAGE, "verb", "there is no such command");
}

/* Writes what a command did, fires what it made due, and says it. */
int command_complete(struct kase *kase, struct value *did, struct value **answer, struct guan_error *error)
{
    uint64_t acting = kase->acting;
    int code = journal_write(kase, error);
    struct findings findings = kase->findings;
    if (code == GUAN_OK && !replay_holds(kase)) code = kase_save(kase, error);
    if (code == GUAN_OK) code = timers_fire(kase, error);
    if (code != GUAN_OK || !answer) return code;
    kase->findings = findings;
    kase->acting = acting;
    *answer = answer_command(kase, did);
    value_set(kase->arena, *answer, "todo", value_get(query_todo(kase, false), "sessions"));
    return arena_failed(kase->arena) ? error_memory(error) : GUAN_OK;
}

int command_carry_out(struct kase *kase, const struct guan_command *command, struct value **answer, struct guan_error *error)
{
    struct value *did = NULL;
    struct guan_error why;
    int code = timers_fire(kase, error);
    if (code != GUAN_OK) return code;
    error_clear(&why);
    instant at = kase->at, rec = kase->rec;
    code = command_perform(kase, command, &did, &why);
    if (code == GUAN_OK) return command_complete(kase, did, answer, error);
    if (code != GUAN_NO) {
        *error = why;
        return code;
    }
    kase->at = at;
    kase->rec = rec;
    struct value *refused;
    code = write_refusal(kase, command, &why, &refused, error);
    if (code != GUAN_OK) return code;
    if (answer) *answer = refused;
    *error = why;
    return GUAN_NO;
}

static int on_case(struct guan *guan, const struct guan_command *command, struct kase *kase, struct value **answer,
                   struct guan_error *error)
{
    struct case_row row;
    int code = resolve_case(guan, command->kase, &row, error);
    if (code == GUAN_OK) code = kase_load(guan, &row, kase, error);
    if (code != GUAN_OK) return code;
    kase->cause = command->id ? command->id : guan_new_id(guan, guan->arena);
    code = resolve_times(guan, kase->setting->house->zone, row.rec, command, &kase->at, &kase->rec, error);
    /* What comes after an erasure is linked with nothing, not even by its tokens. */
    if (code == GUAN_OK && kase->erased) code = guan->random(guan->random_user, kase->secret.bytes, sizeof kase->secret.bytes);
    return code == GUAN_OK ? command_carry_out(kase, command, answer, error) : code;
}

static int on_open(struct guan *guan, const struct guan_command *command, struct kase *kase, struct value **answer,
                   struct guan_error *error)
{
    struct value *did = NULL;
    int code = open_case(guan, command, kase, &did, error);
    if (code == GUAN_NO && kase->refusal.text) return error_set(error, GUAN_USAGE, "refused", "%s", kase->refusal.text);
    return code == GUAN_OK ? command_complete(kase, did, answer, error) : code;
}

int command_check(const struct guan_command *command, struct guan_error *error)
{
    if (command->field_count > LIMIT_FIELDS)
        return error_set(error, GUAN_USAGE, "too-many-fields", "a command has at most %u fields", LIMIT_FIELDS);
    for (size_t i = 0; i < command->field_count; i++) {
        const struct guan_pair *pair = &command->fields[i];
        size_t length = strlen(pair->value);
        if (length > LIMIT_FIELD_BYTES)
            return error_set(error, GUAN_USAGE, "field-too-long", "%s: a value has at most %u bytes", pair->name,
                             LIMIT_FIELD_BYTES);
        if (!text_is_utf8(pair->value, length) || !text_is_utf8(pair->name, strlen(pair->name)))
            return error_set(error, GUAN_USAGE, "utf-8", "a value is not UTF-8 text");
    }
    const char *const texts[] = {command->id, command->kase, command->name,   command->actor, command->by,     command->role,
                                 command->at, command->rec,  command->reason, command->key,   command->dealer, command->until};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i] && (strlen(texts[i]) > LIMIT_TEXT_ARGUMENT || !text_is_utf8(texts[i], strlen(texts[i]))))
            return error_set(error, GUAN_USAGE, "argument", "an argument is longer than %u bytes, or not UTF-8 text",
                             LIMIT_TEXT_ARGUMENT);
    for (size_t i = 0; i < command->party_count; i++)
        if (!text_is_utf8(command->parties[i].name, strlen(command->parties[i].name)))
            return error_set(error, GUAN_USAGE, "utf-8", "a party's name is not UTF-8 text");
    return GUAN_OK;
}

/* --- a transaction around it ---------------------------------------------------------------------------------------------- */

/* A command id that was carried out before gets the same answer (GUAN_NO for a refusal, as then). */
static int seen(struct guan *guan, const struct guan_command *command, const struct guan_sink *sink, bool *done,
                struct guan_error *error)
{
    const char *text;
    size_t length;
    struct value *answer;
    *done = false;
    if (!command->id) return GUAN_OK;
    int code = store_command_seen(guan->store, guan->arena, command->id, &text, &length, error);
    if (code != GUAN_OK || !text) return code;
    *done = true;
    code = json_read(guan->arena, text, length, &answer, error);
    if (code == GUAN_OK) code = answer_put(sink, answer, error);
    return code == GUAN_OK && !value_get_bool(answer, "ok") ? GUAN_NO : code;
}

static int remember(struct guan *guan, const struct guan_command *command, const struct value *answer, struct buffer *text,
                    struct guan_error *error)
{
    if (!answer) return GUAN_OK;
    int code = answer_write(answer, text, error);
    if (code != GUAN_OK || !command->id) return code;
    return store_command_put(guan->store, command->id, text->data, text->length, error);
}

static int transact(struct guan *guan, const struct guan_command *command, const struct guan_sink *sink, struct guan_error *error)
{
    struct kase kase;
    struct value *answer = NULL;
    struct buffer text = {0};
    bool done, wanted = sink || command->id;
    memset(&kase, 0, sizeof kase);
    int code = store_begin(guan->store, true, error);
    if (code != GUAN_OK) return code;
    code = seen(guan, command, sink, &done, error);
    if (code != GUAN_OK || done) {
        store_rollback(guan->store);
        return code;
    }
    code = command->verb == GUAN_OPEN ? on_open(guan, command, &kase, wanted ? &answer : NULL, error)
                                      : on_case(guan, command, &kase, wanted ? &answer : NULL, error);
    if (kase.fault.code != GUAN_OK) {
        code = kase.fault.code;
        *error = kase.fault;
    }
    bool keep = code == GUAN_OK || (code == GUAN_NO && (answer || !wanted));
    if (keep && remember(guan, command, answer, &text, error) != GUAN_OK) keep = false, code = GUAN_FAILED;
    if (keep && store_commit(guan->store, error) != GUAN_OK) keep = false, code = GUAN_FAILED;
    if (!keep) store_rollback(guan->store);
    kase_drop(&kase);
    int put = keep && answer ? answer_hand(sink, &text, error) : GUAN_OK;
    buffer_release(&text);
    return put == GUAN_OK ? code : put;
}

/* --- tick ------------------------------------------------------------------------------------------------------------------ */

/* One case, one transaction. `fired` and the ids live in `kept`: the command's arena is given back after each case. */
static int tick_case(struct guan *guan, const char *id, instant until, struct arena *kept, struct value *fired,
                     struct guan_error *error)
{
    struct case_row row;
    struct kase kase;
    arena_reset(guan->arena);
    int code = store_begin(guan->store, true, error);
    if (code != GUAN_OK) return code;
    code = store_case(guan->store, guan->arena, id, &row, error);
    if (code == GUAN_OK) code = kase_load(guan, &row, &kase, error);
    if (code == GUAN_OK) {
        kase_moment(&kase, until, until > row.rec ? until : row.rec, &kase.system, NULL);
        code = timers_fire(&kase, error);
        for (size_t i = 0; i < value_count(kase.fired); i++) {
            struct value *timer = value_copy(kept, value_at(kase.fired, i));
            value_set_text(kept, timer, "case", id);
            value_add(kept, fired, timer);
        }
        kase_drop(&kase);
    }
    if (code == GUAN_OK) code = store_commit(guan->store, error);
    if (code != GUAN_OK) store_rollback(guan->store);
    return code;
}

static int tick_time(struct guan *guan, const struct guan_command *command, instant *out, struct guan_error *error)
{
    bool is_virtual = (store_flags(guan->store) & STORE_VIRTUAL) != 0;
    struct zone *zone;
    if (!command->until && is_virtual) return error_set(error, GUAN_USAGE, "no-clock", "this store is virtual: say --until TIME");
    *out = guan_wall_clock();
    if (!command->until) return GUAN_OK;
    int code = zone_open("Asia/Shanghai", &zone, error);
    if (code != GUAN_OK) return code;
    instant now = *out;
    code = instant_parse(command->until, strlen(command->until), zone, out, error);
    zone_close(zone);
    if (code != GUAN_OK)
        return error_set(error, GUAN_USAGE, "time", "\"%s\" is not a time; write 2026-03-07T10:02:00", command->until);
    if (!is_virtual && *out > now) return error_set(error, GUAN_USAGE, "future", "time does not run ahead in this store");
    return GUAN_OK;
}

/* The cases with something due, a batch at a time, so that a long sleep costs no memory. */
static int tick_batch(struct guan *guan, instant until, struct arena *kept, struct value *fired, size_t *count,
                      struct guan_error *error)
{
    enum { BATCH = 1000 };
    const char **ids;
    int code = store_begin(guan->store, false, error);
    if (code != GUAN_OK) return code;
    code = store_due(guan->store, kept, until, BATCH, &ids, count, error);
    store_rollback(guan->store);
    for (size_t i = 0; code == GUAN_OK && i < *count; i++) code = tick_case(guan, ids[i], until, kept, fired, error);
    return code;
}

static int tick(struct guan *guan, const struct guan_command *command, const struct guan_sink *sink, struct guan_error *error)
{
    instant until;
    size_t count = 0;
    int64_t cases = 0;
    int code = tick_time(guan, command, &until, error);
    struct arena *kept = arena_new();
    if (!kept) return error_memory(error);
    struct value *answer = value_map(kept), *fired = value_list(kept);
    do {
        if (code == GUAN_OK) code = tick_batch(guan, until, kept, fired, &count, error);
        cases += (int64_t)count;
    } while (code == GUAN_OK && count > 0);
    value_set_bool(kept, answer, "ok", true);
    value_set_int(kept, answer, "cases", cases);
    value_set(kept, answer, "fired", fired);
    if (code == GUAN_OK && arena_failed(kept)) code = error_memory(error);
    if (code == GUAN_OK) code = answer_put(sink, answer, error);
    arena_free(kept);
    return code;
}

int guan_command(struct guan *guan, const struct guan_command *command, const struct guan_sink *sink, struct guan_error *error)
{
    struct guan_error local;
    if (!error) error = &local; /* so that every path below can say why */
    error_clear(error);
    arena_reset(guan->arena);
    int code = command_check(command, error);
    if (code != GUAN_OK) return code;
    return command->verb == GUAN_TICK ? tick(guan, command, sink, error) : transact(guan, command, sink, error);
}
