/* Corrections and owners: what was recorded stays on record, what is true now stands beside it. */
#include "case/replay.h"

#include <string.h>

/* The entry `n` of the case, by the links back from its last. */
static int entry_of(struct kase *kase, uint64_t n, struct value **out, struct guan_error *error)
{
    struct entry_row row;
    uint64_t index = kase->row.last;
    if (n == 0 || n > kase->row.n)
        return error_set(error, GUAN_USAGE, "no-such-entry", "case %s has entries 1 to %llu", kase->row.id,
                         (unsigned long long)kase->row.n);
    int code = store_entry(kase->guan->store, kase->arena, index, &row, error);
    for (uint64_t at = kase->row.n; code == GUAN_OK && at > n; at--)
        code = store_entry(kase->guan->store, kase->arena, row.back, &row, error);
    return code == GUAN_OK ? json_read(kase->arena, row.bytes, row.length, out, error) : code;
}

static int personal_reason(struct kase *kase, const struct guan_command *command, const struct record *record,
                           struct guan_error *error)
{
    struct personal *personal = arena_alloc(kase->arena, (record->personal_count + 1) * sizeof *personal);
    if (!personal) return error_memory(error);
    if (record->personal_count) memcpy(personal, record->personal, record->personal_count * sizeof *personal);
    kase->personal_count = record->personal_count;
    if (command->reason && command->reason[0])
        personal[kase->personal_count++] = (struct personal){.path = "reason", .value = value_text(kase->arena, command->reason)};
    kase->personal = personal;
    return GUAN_OK;
}

int correct_amend(struct kase *kase, const struct guan_command *command, struct value **did, struct guan_error *error)
{
    struct act act;
    struct record record = {0};
    struct value *old;
    if (!command->reason || !command->reason[0])
        return error_set(error, GUAN_USAGE, "no-reason", "a correction needs a reason: --reason TEXT");
    int code = entry_of(kase, command->entry, &old, error);
    if (code != GUAN_OK) return code;
    struct member *member = kase_member(kase, value_get_text(old, "sess"));
    if (!text_equal(value_get_text(old, "kind"), "step") || !member)
        return error_set(error, GUAN_USAGE, "not-a-step", "entry %llu records no step", (unsigned long long)command->entry);
    code = step_begin(kase, command, &act, error);
    if (code != GUAN_OK) return code;
    act.step = value_get_text(old, "step");
    act.fields = command->fields;
    act.field_count = command->field_count;
    act.given = replay_given(kase);
    code = standard_amend(member->standard, &act, command->entry, kase->acting, &record, &kase->findings, &kase->refusal, error);
    if (code == GUAN_USAGE && kase->refusal.text) return refusal_usage(kase, &kase->refusal, error);
    if (code != GUAN_OK) return code;
    const struct chart_step *step = &member->chart->steps[record.step];
    struct value *entry = journal_acting(kase, "amend", &act.actors[0], kase->world.by, record.role);
    step_entry(kase, entry, member, step, act.actors, act.actor_count);
    journal_record(kase, entry, &record);
    journal_refers(kase, entry, command->entry);
    code = personal_reason(kase, command, &record, error);
    if (code != GUAN_OK) return code;
    journal_findings(kase, 0);
    for (size_t i = 0; i < kase->member_count; i++)
        kase->members[i]->touched = true; /* rules of other sessions have looked again */
    /* Nothing is done anew; amended.S lets the macrostep end, where anchors and completeness are looked at. */
    code = step_post(kase, member, arena_printf(kase->arena, "amended.%s", step->id), record.form, step_more(kase, record.role),
                     error);
    if (code == GUAN_OK) code = kase_run(kase, error);
    *did = step_did(kase, "amend", member, step);
    return code;
}

int correct_assign(struct kase *kase, const struct guan_command *command, struct value **did, struct guan_error *error)
{
    struct act act;
    struct record none = {0};
    const struct person *person = command->name ? house_person(kase->setting->house, command->name) : NULL;
    if (!person) {
        error_set(error, GUAN_USAGE, "unknown-actor", "nobody on the staff is called \"%s\"", command->name ? command->name : "");
        return error_hint(error, "staff stand in scripts/dealers/%s/dealer.xml", kase->setting->house->dealer);
    }
    int code = step_begin(kase, command, &act, error);
    if (code != GUAN_OK) return code;
    struct value *entry = journal_acting(kase, "assign", &act.actors[0], kase->world.by, command->role),
                 *facts = value_map(kase->arena);
    value_set_text(kase->arena, facts, "owner", person->id);
    value_set_text(kase->arena, facts, "before", value_get_text(kase->state, "owner"));
    value_set(kase->arena, entry, "facts", facts);
    code = personal_reason(kase, command, &none, error);
    value_set_text(kase->arena, kase->state, "owner", person->id);
    *did = value_map(kase->arena);
    value_set_text(kase->arena, *did, "kind", "assign");
    value_set_text(kase->arena, *did, "title", person->name);
    return code == GUAN_OK && arena_failed(kase->arena) ? error_memory(error) : code;
}
