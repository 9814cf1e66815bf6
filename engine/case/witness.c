/* What a story exercises of its flows: states entered, transitions taken, steps done or left out, fields given, deadlines met or
 * missed, rules judged or broken, roles that acted. */
#include "case/witness.h"

#include <string.h>

void witness_init(struct witness *witness, struct arena *arena)
{
    *witness = (struct witness){.arena = arena};
}

/* --- what was seen ------------------------------------------------------------------------------------------------------------
 */

const struct seen *witness_of(const struct witness *witness, const char *process)
{
    for (size_t i = 0; i < witness->count; i++)
        if (strcmp(witness->items[i].process, process) == 0) return &witness->items[i];
    return NULL;
}

unsigned witness_flags(const struct witness *witness, const char *process, enum witness_kind kind, uint32_t index)
{
    const struct seen *seen = witness_of(witness, process);
    return seen && index < seen->counts[kind] ? seen->flags[kind][index] : 0;
}

bool witness_acted(const struct witness *witness, const char *process, const char *role)
{
    const struct seen *seen = witness_of(witness, process);
    for (size_t i = 0; seen && i < seen->role_count; i++)
        if (strcmp(seen->roles[i], role) == 0) return true;
    return false;
}

static struct seen *make(struct witness *witness, const char *process, const uint32_t counts[WITNESS_KINDS])
{
    struct seen *known = (struct seen *)(uintptr_t)witness_of(witness, process);
    if (known) return known;
    struct seen *items = arena_grow(witness->arena, witness->items, witness->count, &witness->capacity, sizeof *items);
    if (!items) return NULL;
    witness->items = items;
    struct seen *seen = &items[witness->count++];
    *seen = (struct seen){.process = arena_text(witness->arena, process, strlen(process))};
    for (int kind = 0; kind < WITNESS_KINDS; kind++) {
        seen->flags[kind] = arena_alloc(witness->arena, (size_t)counts[kind] + 1);
        seen->counts[kind] = seen->flags[kind] ? counts[kind] : 0;
    }
    return seen;
}

static void add_role(struct witness *witness, struct seen *seen, const char *role)
{
    if (witness_acted(witness, seen->process, role)) return;
    const char **roles = arena_grow(witness->arena, seen->roles, seen->role_count, &seen->role_capacity, sizeof *roles);
    if (!roles) return;
    seen->roles = roles;
    seen->roles[seen->role_count++] = arena_text(witness->arena, role, strlen(role));
}

void witness_merge(struct witness *into, const struct witness *from)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct seen *one = &from->items[i];
        struct seen *seen = make(into, one->process, one->counts);
        if (!seen || arena_failed(into->arena)) return;
        for (int kind = 0; kind < WITNESS_KINDS; kind++)
            for (uint32_t k = 0; k < one->counts[kind] && k < seen->counts[kind]; k++)
                seen->flags[kind][k] |= one->flags[kind][k];
        for (size_t k = 0; k < one->role_count; k++) add_role(into, seen, one->roles[k]);
    }
}

/* --- fresh
 * ---------------------------------------------------------------------------------------------------------------------- */

static void note(struct witness *witness, const struct witness_note *fresh)
{
    struct witness_note *items =
        arena_grow(witness->arena, witness->fresh, witness->fresh_count, &witness->fresh_capacity, sizeof *items);
    if (!items) return;
    witness->fresh = items;
    witness->fresh[witness->fresh_count++] = *fresh;
}

static void note_one(struct witness *witness, const char *process, const struct chart *chart, enum witness_kind kind,
                     uint32_t index, unsigned char flag)
{
    const struct witness_note fresh = {.process = process, .chart = chart, .kind = kind, .index = index, .flag = flag};
    note(witness, &fresh);
}

static void keep(struct witness *witness, const struct witness_note *fresh)
{
    const struct chart *chart = fresh->chart;
    const uint32_t counts[WITNESS_KINDS] = {chart->state_count, chart->transition_count, chart->step_count,
                                            chart->field_count, chart->deadline_count,   chart->rule_count};
    struct seen *seen = make(witness, fresh->process, counts);
    if (!seen) return;
    if (fresh->role) add_role(witness, seen, fresh->role);
    else if (fresh->index < seen->counts[fresh->kind]) seen->flags[fresh->kind][fresh->index] |= fresh->flag;
}

/* A rule that refuses has been judged, though nothing else of the command stays. */
void witness_drop(struct kase *kase)
{
    struct witness *witness = kase->guan->witness;
    for (size_t i = 0; witness && i < witness->fresh_count; i++)
        if (!witness->fresh[i].role && witness->fresh[i].kind == WITNESS_RULE) keep(witness, &witness->fresh[i]);
    if (witness) witness->fresh_count = 0;
}

/* --- where it happens
 * ------------------------------------------------------------------------------------------------------------ */

void witness_seen(void *user, const struct standard *standard, enum witnessed what, uint32_t index)
{
    struct kase *kase = user;
    bool deadline = what == SEEN_MET || what == SEEN_MISSED;
    unsigned char flag = WITNESS_MET;
    if (what == SEEN_MISSED) flag = WITNESS_MISSED;
    if (what == SEEN_JUDGED) flag = WITNESS_JUDGED;
    if (what == SEEN_BROKEN) flag = WITNESS_JUDGED | WITNESS_BROKEN;
    if (kase->guan->witness)
        note_one(kase->guan->witness, standard_process(standard), standard_chart(standard),
                 deadline ? WITNESS_DEADLINE : WITNESS_RULE, index, flag);
}

void witness_effects(struct kase *kase, const struct member *member, const struct effects *effects)
{
    struct witness *witness = kase->guan->witness;
    const struct chart *chart = member->chart;
    for (size_t i = 0; witness && i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        if (effect->kind != EFFECT_MICROSTEP) continue;
        for (uint32_t t = 0; t < effect->transition_count; t++)
            note_one(witness, member->process, chart, WITNESS_TRANSITION, effect->transitions[t], WITNESS_DONE);
        for (uint32_t s = bits_next(effect->entered, 0, chart->state_count); s != BITS_NONE;
             s = bits_next(effect->entered, s + 1, chart->state_count))
            note_one(witness, member->process, chart, WITNESS_STATE, s, WITNESS_DONE);
    }
}

/* A form as the entry holds it: the plain values, records of lists among them. */
static void note_form(struct witness *witness, const struct member *member, const struct chart_span *fields,
                      const struct value *form)
{
    const struct chart *chart = member->chart;
    for (uint32_t f = fields->first; f < fields->first + fields->count; f++) {
        const struct value *value = value_get(form, chart->fields[f].name);
        if (!value) continue;
        note_one(witness, member->process, chart, WITNESS_FIELD, f, WITNESS_DONE);
        for (size_t i = 0; chart->fields[f].fields.count && i < value_count(value); i++)
            note_form(witness, member, &chart->fields[f].fields, value_at(value, i));
    }
}

/* "form.driver", "form.items.0.name": a personal value that was given. */
static void note_path(struct witness *witness, const struct member *member, const struct chart_span *fields, const char *path)
{
    static const char form[] = "form.";
    const struct chart *chart = member->chart;
    if (!text_starts(path, form)) return;
    for (const char *word = path + sizeof form - 1; *word;) {
        size_t length = strcspn(word, ".");
        const char *name = arena_text(witness->arena, word, length);
        bool number = strspn(word, "0123456789") == length;
        uint32_t field = number || !name ? CHART_NONE : chart_field_by_name(chart, fields, name);
        if (!number && field == CHART_NONE) return;
        if (!number) {
            note_one(witness, member->process, chart, WITNESS_FIELD, field, WITNESS_DONE);
            fields = &chart->fields[field].fields;
        }
        word += length + (word[length] == '.');
    }
}

static void note_step(struct kase *kase, const struct member *member, uint32_t index, bool waived)
{
    struct witness *witness = kase->guan->witness;
    const struct chart_step *step = &member->chart->steps[index];
    note_one(witness, member->process, member->chart, WITNESS_STEP, index, waived ? WITNESS_WAIVED : WITNESS_DONE);
    if (waived) return;
    note_form(witness, member, &step->fields, value_get(kase->acting_entry, "form"));
    for (size_t i = 0; i < kase->personal_count; i++) note_path(witness, member, &step->fields, kase->personal[i].path);
    for (uint32_t f = step->fields.first; f < step->fields.first + step->fields.count; f++)
        for (size_t i = 0; member->chart->fields[f].type == CHART_EVIDENCE && i < kase->attachment_count; i++)
            if (text_equal(kase->attachments[i].evidence.kind, member->chart->fields[f].name))
                note_one(witness, member->process, member->chart, WITNESS_FIELD, f, WITNESS_DONE);
    for (uint32_t i = 0; i < step->with.count; i++) { /* who had to sign has signed; "a|b" is not told apart */
        const struct witness_note role = {.process = member->process, .chart = member->chart, .role = step->with.items[i]};
        note(witness, &role);
    }
}

void witness_entry(struct kase *kase)
{
    struct witness *witness = kase->guan->witness;
    const struct value *entry = kase->acting_entry;
    const char *kind = value_get_text(entry, "kind"), *step = value_get_text(entry, "step"),
               *role = value_get_text(entry, "role");
    const struct member *member = kase_member(kase, value_get_text(entry, "sess"));
    if (!witness) return;
    if (member && !member->chart) member = NULL; /* an ended session that nothing asked about */
    bool done = text_equal(kind, "step"), waived = text_equal(kind, "waive");
    uint32_t index = member && step && (done || waived) ? chart_step_by_id(member->chart, step) : CHART_NONE;
    if (index != CHART_NONE) note_step(kase, member, index, waived);
    if (member && role && !text_equal(kind, "refuse")) {
        const struct witness_note acted = {.process = member->process, .chart = member->chart, .role = role};
        note(witness, &acted);
    }
    for (size_t i = 0; i < witness->fresh_count; i++) keep(witness, &witness->fresh[i]);
    witness->fresh_count = 0;
}
