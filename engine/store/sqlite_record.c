/* The journal, and what is kept beside it: facts of the store, bytes by their hash, answers to commands. */
#include "store/sqlite.h"

#include <string.h>

int sqlite_info(struct store *store, struct arena *arena, const char *key, const char **value, struct guan_error *error)
{
    struct query query = query_start(store, SLOT_INFO, arena, "SELECT value FROM info WHERE key = ?");
    query_bind_text(&query, key);
    *value = query_row(&query) ? query_text(&query, 0, NULL) : NULL;
    return query_end(&query, error);
}

int sqlite_info_set(struct store *store, const char *key, const char *value, struct guan_error *error)
{
    struct query query =
        query_start(store, SLOT_INFO_SET, NULL,
                    "INSERT INTO info (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value");
    query_bind_text(&query, key);
    query_bind_text(&query, value);
    return query_run(&query, error);
}

/* --- bytes by their hash ------------------------------------------------------------------------------------------------------
 */

int sqlite_blob_put(struct store *store, const struct hash *hash, const void *bytes, size_t length, struct guan_error *error)
{
    struct query query =
        query_start(store, SLOT_BLOB_PUT, NULL, "INSERT INTO blobs (hash, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING");
    query_bind_hash(&query, hash);
    query_bind_blob(&query, bytes, length);
    return query_run(&query, error);
}

int sqlite_blob(struct store *store, struct arena *arena, const struct hash *hash, const char **bytes, size_t *length,
                struct guan_error *error)
{
    struct query query = query_start(store, SLOT_BLOB, arena, "SELECT bytes FROM blobs WHERE hash = ?");
    query_bind_hash(&query, hash);
    bool found = query_row(&query);
    if (found) *bytes = query_blob(&query, 0, length);
    int code = query_end(&query, error);
    if (code) return code;
    char hex[HASH_HEX];
    hash_hex(hash, hex);
    struct hash really;
    if (!found) error_set(error, code = GUAN_USAGE, "no-such-blob", "there is no file with this hash in the store");
    else if (hash_bytes(*bytes, *length, &really)) code = error_memory(error);
    else if (!hash_equal(hash, &really)) /* code that runs, evidence that counts: never taken on trust */
        error_set(error, code = GUAN_TAMPERED, "store-corrupt", "a file in the store was changed: it does not have its hash");
    if (code) error_where(error, "%s", hex);
    return code;
}

/* --- the journal --------------------------------------------------------------------------------------------------- */

int sqlite_entry_add(struct store *store, const struct entry_row *row, struct guan_error *error)
{
    struct query query =
        query_start(store, SLOT_ENTRY_ADD, NULL, "INSERT INTO entries (idx, back, leaf, bytes) VALUES (?, ?, ?, ?)");
    query_bind_int(&query, (int64_t)row->index);
    query_bind_int(&query, (int64_t)row->back); /* UINT64_MAX is kept as -1 */
    query_bind_hash(&query, &row->leaf);
    query_bind_blob(&query, row->bytes, row->length);
    query_row(&query);
    if (query.result == SQLITE_CONSTRAINT_PRIMARYKEY) {
        query_end(&query, NULL);
        error_set(error, GUAN_TAMPERED, "store-corrupt", "the journal has more entries than its head says");
        error_where(error, "entry %llu", (unsigned long long)row->index);
        error_hint(error, "run guan audit verify");
        return GUAN_TAMPERED;
    }
    return query_end(&query, error);
}

static void read_entry(struct query *query, struct entry_row *out)
{
    out->index = (uint64_t)query_int(query, 0);
    out->back = (uint64_t)query_int(query, 1);
    out->leaf = query_hash(query, 2);
    out->bytes = query_blob(query, 3, &out->length);
}

int sqlite_entry(struct store *store, struct arena *arena, uint64_t index, struct entry_row *out, struct guan_error *error)
{
    struct query query = query_start(store, SLOT_ENTRY, arena, "SELECT idx, back, leaf, bytes FROM entries WHERE idx = ?");
    query_bind_int(&query, (int64_t)index);
    bool found = query_row(&query);
    if (found) read_entry(&query, out);
    int code = query_end(&query, error);
    if (code || found) return code;
    error_set(error, GUAN_USAGE, "no-such-entry", "there is no such entry");
    error_where(error, "entry %llu", (unsigned long long)index);
    return GUAN_USAGE;
}

/* From 0 means from the very first row, were it at a negative index that only a forger can have made. */
int sqlite_entry_each(struct store *store, uint64_t from, int (*each)(void *user, const struct entry_row *row), void *user,
                      struct guan_error *error)
{
    struct query query =
        query_start(store, SLOT_NONE, NULL, "SELECT idx, back, leaf, bytes FROM entries WHERE idx >= ? ORDER BY idx");
    query_bind_int(&query, from ? (int64_t)from : INT64_MIN);
    int stopped = 0;
    while (!stopped && query_row(&query)) {
        struct entry_row row;
        read_entry(&query, &row);
        if (query.result == SQLITE_OK) stopped = each(user, &row);
    }
    int code = query_end(&query, error);
    return code ? code : stopped;
}

/* --- the ledger's head: only the roots that the size has -----------------------------------------------------------------------
 */

int sqlite_head(struct store *store, struct ledger_head *out, struct guan_error *error)
{
    struct query query = query_start(store, SLOT_HEAD, NULL, "SELECT size, frontier FROM head WHERE one = 1");
    *out = (struct ledger_head){0};
    if (query_row(&query)) {
        size_t length = 0, at = 0;
        out->size = (uint64_t)query_int(&query, 0);
        const char *roots = query_blob(&query, 1, &length);
        for (unsigned k = 0; k < 64; k++) {
            if (!(out->size >> k & 1)) continue;
            if (length - at >= HASH_BYTES) memcpy(out->frontier[k].bytes, roots + at, HASH_BYTES);
            at += HASH_BYTES;
            if (at > length) break;
        }
        if (query.result == SQLITE_OK && at != length) query.result = SQLITE_CORRUPT;
    } else if (query.result == SQLITE_OK) {
        query.result = SQLITE_CORRUPT; /* the row is made with the store */
    }
    return query_end(&query, error);
}

int sqlite_head_save(struct store *store, const struct ledger_head *head, struct guan_error *error)
{
    unsigned char roots[64 * HASH_BYTES];
    size_t length = 0;
    for (unsigned k = 0; k < 64; k++) {
        if (!(head->size >> k & 1)) continue;
        memcpy(roots + length, head->frontier[k].bytes, HASH_BYTES);
        length += HASH_BYTES;
    }
    struct query query = query_start(store, SLOT_HEAD_SAVE, NULL, "REPLACE INTO head (one, size, frontier) VALUES (1, ?, ?)");
    query_bind_int(&query, (int64_t)head->size);
    query_bind_blob(&query, roots, length);
    return query_run(&query, error);
}

/* --- commands ------------------------------------------------------------------------------------------------------ */

int sqlite_command_seen(struct store *store, struct arena *arena, const char *id, const char **answer, size_t *length,
                        struct guan_error *error)
{
    struct query query = query_start(store, SLOT_COMMAND, arena, "SELECT answer FROM commands WHERE id = ?");
    query_bind_text(&query, id);
    *answer = NULL;
    *length = 0;
    if (query_row(&query)) *answer = query_blob(&query, 0, length);
    return query_end(&query, error);
}

int sqlite_command_put(struct store *store, const char *id, const char *answer, size_t length, struct guan_error *error)
{
    struct query query = query_start(store, SLOT_COMMAND_PUT, NULL, "INSERT INTO commands (id, answer) VALUES (?, ?)");
    query_bind_text(&query, id);
    query_bind_blob(&query, answer, length);
    return query_run(&query, error);
}
