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
        query_start(store, SLOT_ENTRY_ADD, NULL, "INSERT INTO entries (idx, back, leaf, node, bytes) VALUES (?, ?, ?, ?, ?)");
    query_bind_int(&query, (int64_t)row->index);
    query_bind_int(&query, (int64_t)row->back); /* UINT64_MAX is kept as -1 */
    query_bind_hash(&query, &row->leaf);
    query_bind_hash_or_null(&query, &row->node);
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
    out->node = query_hash(query, 3);
    out->bytes = query_blob(query, 4, &out->length);
}

int sqlite_entry(struct store *store, struct arena *arena, uint64_t index, struct entry_row *out, struct guan_error *error)
{
    struct query query = query_start(store, SLOT_ENTRY, arena, "SELECT idx, back, leaf, node, bytes FROM entries WHERE idx = ?");
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
        query_start(store, SLOT_NONE, NULL, "SELECT idx, back, leaf, node, bytes FROM entries WHERE idx >= ? ORDER BY idx");
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

/* --- the ledger's head: found in the entries that completed its subtrees ------------------------------------------- */

static int size_of_ledger(struct store *store, uint64_t *out, struct guan_error *error)
{
    struct query query = query_start(store, SLOT_HEAD, NULL, "SELECT idx FROM entries ORDER BY idx DESC LIMIT 1");
    int64_t last = query_row(&query) ? query_int(&query, 0) : -1;
    *out = last >= 0 && last < INT64_MAX ? (uint64_t)last + 1 : 0;
    return query_end(&query, error);
}

/* The root of the subtree of height `k` that ends with entry `last`. */
static int root_at(struct store *store, unsigned k, uint64_t last, struct hash *out, struct guan_error *error)
{
    struct query query =
        query_start(store, SLOT_HEAD_ROOT, NULL, "SELECT CASE WHEN ? THEN node ELSE leaf END FROM entries WHERE idx = ?");
    query_bind_int(&query, k);
    query_bind_int(&query, (int64_t)last);
    if (query_row(&query) && sqlite3_column_type(query.statement, 0) != SQLITE_NULL) *out = query_hash(&query, 0);
    else if (query.result == SQLITE_OK) query.result = SQLITE_CORRUPT;
    return query_end(&query, error);
}

int sqlite_head(struct store *store, struct ledger_head *out, struct guan_error *error)
{
    *out = (struct ledger_head){0};
    int code = size_of_ledger(store, &out->size, error);
    uint64_t end = 0;
    for (unsigned k = 64; !code && k-- > 0;) {
        if (!(out->size >> k & 1)) continue;
        end += UINT64_C(1) << k;
        code = root_at(store, k, end - 1, &out->frontier[k], error);
    }
    return code;
}

int sqlite_head_save(struct store *store, const struct ledger_head *head, struct guan_error *error)
{
    uint64_t size;
    int code = size_of_ledger(store, &size, error);
    if (code || size == head->size) return code;
    return error_set(error, GUAN_FAILED, "store-head", "the ledger has %llu entries, not %llu", (unsigned long long)size,
                     (unsigned long long)head->size);
}

/* --- checkpoints --------------------------------------------------------------------------------------------------- */

int sqlite_checkpoint_put(struct store *store, const struct checkpoint_row *row, struct guan_error *error)
{
    struct query query =
        query_start(store, SLOT_CHECKPOINT_PUT, NULL,
                    "INSERT INTO checkpoints (size, note) VALUES (?, ?) ON CONFLICT DO UPDATE SET note = excluded.note");
    query_bind_int(&query, (int64_t)row->size);
    query_bind_text_n(&query, row->note, row->length);
    return query_run(&query, error);
}

static int read_checkpoint(struct query *query, struct checkpoint_row *out, struct guan_error *error)
{
    bool found = query_row(query);
    if (found) {
        out->size = (uint64_t)query_int(query, 0);
        out->note = query_text(query, 1, &out->length);
    }
    int code = query_end(query, error);
    if (code || found) return code;
    error_set(error, GUAN_USAGE, "no-such-checkpoint", "there is no such checkpoint");
    error_hint(error, "guan audit checkpoint makes one");
    return GUAN_USAGE;
}

/* From 0 means from the very first row, as with entries. */
int sqlite_checkpoint_next(struct store *store, struct arena *arena, uint64_t from, struct checkpoint_row *out,
                           struct guan_error *error)
{
    struct query query = query_start(store, SLOT_CHECKPOINT_NEXT, arena,
                                     "SELECT size, note FROM checkpoints WHERE size >= ? ORDER BY size LIMIT 1");
    query_bind_int(&query, from ? (int64_t)from : INT64_MIN);
    return read_checkpoint(&query, out, error);
}

int sqlite_checkpoint_last(struct store *store, struct arena *arena, struct checkpoint_row *out, struct guan_error *error)
{
    struct query query =
        query_start(store, SLOT_CHECKPOINT_LAST, arena, "SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1");
    return read_checkpoint(&query, out, error);
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
