/* Entries of a case (DESIGN §5): the acting one holds the whole input, the followers what came of it. Written together. */
#include "case/replay.h"
#include "case/witness.h"

#include <stdlib.h>
#include <string.h>

static void set_time(struct arena *arena, struct value *entry, const char *key, instant at)
{
    char text[INSTANT_TEXT];
    if (at == INSTANT_NONE) return;
    instant_format(at, text);
    value_set_text(arena, entry, key, text);
}

static struct value *entry_new(struct kase *kase, const char *kind)
{
    struct value *entry = value_map(kase->arena);
    value_set_text(kase->arena, entry, "kind", kind);
    value_set_text(kase->arena, entry, "cause", kase->cause);
    value_set_int(kase->arena, entry, "sem", RECORD_SEM);
    set_time(kase->arena, entry, "rec", kase->rec);
    return entry;
}

struct value *journal_acting(struct kase *kase, const char *kind, const struct actor *actor, const char *by, const char *role)
{
    struct value *entry = entry_new(kase, kind);
    char hex[HASH_HEX];
    hash_hex(&kase->setting->house_hash, hex);
    value_set_text(kase->arena, entry, "actor", actor->id);
    value_set_text(kase->arena, entry, "by", by);
    value_set_text(kase->arena, entry, "auth", actor == &kase->system ? NULL : kase->auth);
    value_set_text(kase->arena, entry, "role", role);
    set_time(kase->arena, entry, "at", kase->at);
    value_set_text(kase->arena, entry, "house", hex);
    kase->acting_entry = entry;
    kase->acting = kase->row.n + 1;
    who_takes(kase, kind, actor, role);
    return entry;
}

void journal_clauses(struct kase *kase, struct value *entry, const struct chart_names *clauses)
{
    if (!clauses->count) return;
    struct value *list = value_list(kase->arena);
    for (uint32_t i = 0; i < clauses->count; i++) value_add(kase->arena, list, value_text(kase->arena, clauses->items[i]));
    value_set(kase->arena, entry, "clause", list);
}

void journal_with(struct kase *kase, struct value *entry, const struct actor *actors, size_t count)
{
    struct value *with = value_list(kase->arena);
    for (size_t i = 1; i < count; i++) value_add(kase->arena, with, value_text(kase->arena, actors[i].id));
    if (count > 1) value_set(kase->arena, entry, "with", with);
}

void journal_refers(struct kase *kase, struct value *entry, uint64_t n)
{
    struct value *refs = value_list(kase->arena);
    value_add(kase->arena, refs, value_int(kase->arena, (int64_t)n));
    value_set(kase->arena, entry, "refs", refs);
}

void journal_follow(struct kase *kase, struct value *entry)
{
    struct value **items =
        arena_grow(kase->arena, kase->followers, kase->follower_count, &kase->follower_capacity, sizeof *items);
    if (!items) return; /* the arena remembers */
    kase->followers = items;
    kase->followers[kase->follower_count++] = entry;
}

static struct value *state_ids(struct kase *kase, const struct chart *chart, const uint64_t *set)
{
    struct value *list = value_list(kase->arena);
    for (uint32_t s = bits_next(set, 0, chart->state_count); s != BITS_NONE; s = bits_next(set, s + 1, chart->state_count))
        value_add(kase->arena, list, value_text(kase->arena, chart->states[s].id));
    return value_count(list) ? list : NULL;
}

struct value *journal_transition(struct kase *kase, struct member *member, const struct machine_event *event,
                                 const struct effect *effect)
{
    struct value *entry = entry_new(kase, "transition");
    const char *name = effect->event ? effect->event : event ? event->name : NULL;
    value_set_text(kase->arena, entry, "sess", member->id);
    value_set_text(kase->arena, entry, "event", name);
    value_set(kase->arena, entry, "from", state_ids(kase, member->chart, effect->exited));
    value_set(kase->arena, entry, "to", state_ids(kase, member->chart, effect->entered));
    if (effect->transition_count) journal_clauses(kase, entry, &member->chart->transitions[effect->transitions[0]].clauses);
    return entry;
}

static struct value *finding_entry(struct kase *kase, const struct finding *finding)
{
    struct value *entry = entry_new(kase, "finding");
    value_set_text(kase->arena, entry, "sess", finding->session);
    value_set_text(kase->arena, entry, "step", finding->step);
    value_set_text(kase->arena, entry, "inst", finding->instance);
    value_set_text(kase->arena, entry, "rule", finding->deadline);
    value_set_text(kase->arena, entry, "fid", finding->fid);
    value_set_text(kase->arena, entry, "code", finding->code);
    value_set_text(kase->arena, entry, "severity", chart_severity_name(finding->severity));
    value_set_text(kase->arena, entry, "status", finding->status);
    journal_clauses(kase, entry, &finding->clauses);
    set_time(kase->arena, entry, "due", finding->due);
    set_time(kase->arena, entry, "at", finding->at);
    journal_refers(kase, entry, kase->acting);
    return entry;
}

void journal_findings(struct kase *kase, size_t from)
{
    for (size_t i = from; i < kase->findings.count; i++) journal_follow(kase, finding_entry(kase, &kase->findings.items[i]));
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What the machine saw instead: tokens, which say nothing once the case's secret is erased, so that it can be performed again. */
static void write_tokens(struct kase *kase, struct value *entry)
{
    struct value *tokens = value_map(kase->arena);
    for (size_t i = 0; i < kase->personal_count; i++)
        if (kase->personal[i].seen)
            value_set(kase->arena, tokens, kase->personal[i].path, value_copy(kase->arena, kase->personal[i].seen));
    if (value_count(tokens)) value_set(kase->arena, entry, "tok", tokens);
}

/* Digests of personal values into the entry, disclosures into the store: they leave the journal when the case is erased. */
static int write_personal(struct kase *kase, struct value *entry, struct guan_error *error)
{
    const struct personal *personal = kase->personal;
    size_t count = kase->personal_count;
    if (!count) return GUAN_OK;
    write_tokens(kase, entry);
    if (kase->guan->replay) return replay_digests(kase, entry, error);
    const char **digests = arena_alloc(kase->arena, count * sizeof *digests);
    struct value *list = value_list(kase->arena);
    int code = digests ? GUAN_OK : error_memory(error);
    for (size_t i = 0; i < count && code == GUAN_OK; i++) {
        unsigned char salt[16];
        struct hash digest;
        char hex[HASH_HEX];
        const char *disclosure;
        code = kase->guan->random(kase->guan->random_user, salt, sizeof salt);
        if (code == GUAN_OK)
            code = personal_disclose(kase->arena, salt, personal[i].path, personal[i].value, &digest, &disclosure, error);
        if (code == GUAN_OK) code = store_disclosure_put(kase->guan->store, kase->row.id, &digest, disclosure, error);
        if (code != GUAN_OK) break;
        hash_hex(&digest, hex);
        digests[i] = arena_text(kase->arena, hex, HASH_HEX - 1);
    }
    if (code != GUAN_OK) return code;
    if (arena_failed(kase->arena)) return error_memory(error);
    qsort(digests, count, sizeof *digests, by_text); /* sorted, so that the order tells nothing */
    for (size_t i = 0; i < count; i++) value_add(kase->arena, list, value_text(kase->arena, digests[i]));
    value_set(kase->arena, entry, "sd", list);
    return GUAN_OK;
}

static int write_evidence(struct kase *kase, struct value *entry, struct guan_error *error)
{
    struct value *list = value_list(kase->arena);
    int code = GUAN_OK;
    for (size_t i = 0; i < kase->attachment_count && code == GUAN_OK; i++) {
        const struct attachment *attachment = &kase->attachments[i];
        struct value *map = value_map(kase->arena);
        char hex[HASH_HEX];
        hash_hex(&attachment->evidence.hash, hex);
        value_set_text(kase->arena, map, "sha256", hex);
        value_set_int(kase->arena, map, "size", (int64_t)attachment->evidence.size);
        value_set_text(kase->arena, map, "kind", attachment->evidence.kind);
        value_add(kase->arena, list, map);
        if (attachment->path) /* of a re-performance: the file is not looked at */
            code = store_evidence_put(kase->guan->store, attachment->path, &attachment->evidence.hash, attachment->evidence.size,
                                      error);
    }
    if (kase->attachment_count) value_set(kase->arena, entry, "ev", list);
    return code;
}

void journal_record(struct kase *kase, struct value *entry, const struct record *record)
{
    value_set_text(kase->arena, entry, "inst", record->instance);
    if (value_count(record->plain)) value_set(kase->arena, entry, "form", record->plain);
    if (value_count(record->derived)) value_set(kase->arena, entry, "facts", record->derived);
    kase->personal = record->personal;
    kase->personal_count = record->personal_count;
}

int journal_write(struct kase *kase, struct guan_error *error)
{
    if (arena_failed(kase->arena)) return error_memory(error);
    witness_entry(kase);
    int code = write_personal(kase, kase->acting_entry, error);
    if (code == GUAN_OK) code = contacts_keep(kase, kase->acting_entry, error);
    if (code == GUAN_OK) code = write_evidence(kase, kase->acting_entry, error);
    if (code == GUAN_OK)
        code = ledger_append(kase->guan->store, &kase->ledger, &kase->row, kase->arena, kase->acting_entry, error);
    for (size_t i = 0; i < kase->follower_count && code == GUAN_OK; i++)
        code = ledger_append(kase->guan->store, &kase->ledger, &kase->row, kase->arena, kase->followers[i], error);
    kase->follower_count = 0;
    kase->personal_count = kase->attachment_count = 0;
    kase->acting_entry = NULL;
    return code;
}
