/* Writing entries, and reading those of one case. */
#include "ledger/entry.h"

#include "base/limits.h"

#include <string.h>

/* Ids of cases are compared as they stand in the entry, so they hold nothing that JSON would escape. */
static bool is_case_id(const char *id)
{
    size_t length = strlen(id);
    if (length == 0 || length > ENTRY_CASE_BYTES) return false;
    for (const char *at = id; *at; at++)
        if (*at <= 0x20 || *at > 0x7e || *at == '"' || *at == '\\') return false;
    return true;
}

static int check_frame(const struct case_row *kase, const struct value *entry, instant *rec, struct guan_error *error)
{
    if (!is_case_id(kase->id)) {
        error_set(error, GUAN_USAGE, "case-id", "an id of a case is 1 to %d letters, digits and signs", ENTRY_CASE_BYTES);
        error_where(error, "%s", kase->id);
        return GUAN_USAGE;
    }
    const char *text = value_get_text(entry, "rec");
    if (!text || !value_get_text(entry, "kind"))
        return error_set(error, GUAN_FAILED, "entry", "an entry was to be written without its kind or time");
    int code = instant_parse(text, strlen(text), NULL, rec, error);
    if (code) return code;
    char canonical[INSTANT_TEXT];
    instant_format(*rec, canonical);
    if (strcmp(canonical, text) != 0)
        return error_set(error, GUAN_FAILED, "entry", "an entry's time is not in the record's form: %s", text);
    if (kase->n > 0 && *rec < kase->rec) {
        instant_format(kase->rec, canonical);
        error_set(error, GUAN_NO, "record-time", "the case has an entry of %s: nothing can be recorded before it", canonical);
        error_where(error, "%s", kase->id);
        error_hint(error, "set the clock right");
        return GUAN_NO;
    }
    return GUAN_OK;
}

/* The bytes, or why they cannot be in the record. */
static int write_entry(struct buffer *out, const struct case_row *kase, struct arena *arena, struct value *entry,
                       struct guan_error *error)
{
    char prev[HASH_HEX];
    hash_hex(&kase->head, prev);
    value_set_int(arena, entry, "v", 1);
    value_set_text(arena, entry, "case", kase->id);
    value_set_int(arena, entry, "n", (int64_t)kase->n + 1);
    value_remove(entry, "prev");
    if (kase->n > 0) value_set_text(arena, entry, "prev", prev);
    if (arena_failed(arena)) return error_memory(error);
    int code = json_write_record(out, entry, error);
    if (code) return code;
    if (out->length > LIMIT_ENTRY_BYTES) {
        error_set(error, GUAN_NO, "entry-too-large", "an entry of %zu bytes is more than the record takes (%u)", out->length,
                  LIMIT_ENTRY_BYTES);
        error_where(error, "%s", kase->id);
        error_hint(error, "shorten the texts, or attach them as evidence: field=@FILE");
        return GUAN_NO;
    }
    struct entry_view view;
    const char *wrong = entry_scan(out->data, out->length, &view); /* never write what would not verify */
    return wrong ? error_set(error, GUAN_FAILED, "entry", "an entry was to be written that %s", wrong) : GUAN_OK;
}

int ledger_append(struct store *store, struct ledger_head *head, struct case_row *kase, struct arena *arena, struct value *entry,
                  struct guan_error *error)
{
    instant rec;
    int code = check_frame(kase, entry, &rec, error);
    if (code) return code;
    struct buffer bytes = {0};
    code = write_entry(&bytes, kase, arena, entry, error);
    struct entry_row row = {
        .index = head->size, .back = kase->n > 0 ? kase->last : UINT64_MAX, .bytes = bytes.data, .length = bytes.length};
    struct ledger_head grown = *head;
    if (!code && (merkle_leaf(bytes.data, bytes.length, &row.leaf) || merkle_add(&grown, &row.leaf))) code = error_memory(error);
    if (!code && grown.size % 2 == 0) row.node = grown.frontier[__builtin_ctzll(grown.size)]; /* the subtree that it completes */
    if (!code) code = store_entry_add(store, &row, error);
    buffer_release(&bytes);
    if (code) return code;
    *head = grown;
    kase->n++;
    kase->last = row.index;
    kase->head = row.leaf;
    kase->rec = rec;
    return GUAN_OK;
}

/* --- the entries of one case --------------------------------------------------------------------------------------- */

struct link {
    struct entry_row row;
    struct link *next;
};

static int broken(const struct case_row *kase, uint64_t index, struct guan_error *error)
{
    error_set(error, GUAN_TAMPERED, "ledger", "the chain of the case's entries is broken at leaf %llu",
              (unsigned long long)index);
    error_where(error, "%s", kase->id);
    error_hint(error, "guan audit verify tells more");
    return GUAN_TAMPERED;
}

/* From the last to the first; each new one in front, so the list comes out in order. */
static int collect(struct store *store, const struct case_row *kase, struct arena *arena, struct link **first,
                   struct guan_error *error)
{
    uint64_t index = kase->last;
    *first = NULL;
    for (uint64_t n = kase->n; n > 0; n--) {
        struct link *link = arena_alloc(arena, sizeof *link);
        if (!link) return error_memory(error);
        int code = index == UINT64_MAX ? GUAN_USAGE : store_entry(store, arena, index, &link->row, error);
        if (code == GUAN_USAGE) return broken(kase, index, error);
        if (code) return code;
        if (link->row.back != UINT64_MAX && link->row.back >= index) return broken(kase, index, error);
        index = link->row.back;
        link->next = *first;
        *first = link;
    }
    return GUAN_OK;
}

/* The bytes that are read have to be those that were recorded, whatever lies beside them. */
static int check_bytes(const struct case_row *kase, const struct link *link, uint64_t n, struct hash *leaf,
                       struct guan_error *error)
{
    if (merkle_leaf(link->row.bytes, link->row.length, leaf)) return error_memory(error);
    if (hash_equal(leaf, &link->row.leaf) && (link->next || hash_equal(leaf, &kase->head))) return GUAN_OK;
    error_set(error, GUAN_TAMPERED, "ledger", "entry %llu of the case was changed: it does not have its hash (leaf %llu)",
              (unsigned long long)n, (unsigned long long)link->row.index);
    error_where(error, "%s", kase->id);
    error_hint(error, "guan audit verify tells more");
    return GUAN_TAMPERED;
}

static bool follows(const struct case_row *kase, const struct value *entry, uint64_t n, const struct hash *before)
{
    char hex[HASH_HEX];
    const char *id = value_get_text(entry, "case"), *prev = value_get_text(entry, "prev");
    hash_hex(before, hex);
    return id && strcmp(id, kase->id) == 0 && value_get_int(entry, "n") == (int64_t)n &&
           (n == 1 ? !prev : prev && strcmp(prev, hex) == 0);
}

int ledger_case_each(struct store *store, const struct case_row *kase, struct arena *arena,
                     int (*each)(void *user, const struct entry_row *row, const struct value *entry), void *user,
                     struct guan_error *error)
{
    struct link *link;
    int code = collect(store, kase, arena, &link, error);
    uint64_t n = 0;
    struct hash before = {{0}}, leaf;
    for (; !code && link; link = link->next) {
        struct value *entry;
        code = check_bytes(kase, link, ++n, &leaf, error);
        if (!code) code = json_read_own(arena, link->row.bytes, link->row.length, &entry, error);
        if (code == GUAN_NO || (!code && !follows(kase, entry, n, &before))) return broken(kase, link->row.index, error);
        before = leaf;
        if (!code) code = each(user, &link->row, entry);
    }
    return code;
}
