/* Queries with a sticky failure, so that a function of the driver is its SQL, its bindings and its columns. */
#include "store/sqlite.h"

#include <string.h>

int sqlite_failure(sqlite3 *db, int result, struct guan_error *error)
{
    const char *said = db && sqlite3_extended_errcode(db) == result ? sqlite3_errmsg(db) : sqlite3_errstr(result);
    switch (result & 0xff) {
    case SQLITE_NOMEM: return error_memory(error);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        error_set(error, GUAN_FAILED, "store-busy", "another program has been writing to the store for too long");
        error_hint(error, "try again; see which other guan is running");
        return GUAN_FAILED;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        if (db && sqlite3_extended_errcode(db) != result)
            said = "a value in a row is not of its kind"; /* found here, not there */
        error_set(error, GUAN_TAMPERED, "store-corrupt", "the store's file is damaged: %s", said);
        error_hint(error, "use a backup, and find out what changed the file");
        return GUAN_TAMPERED;
    case SQLITE_FULL:
        error_set(error, GUAN_FAILED, "store", "the disk is full; nothing was recorded");
        error_hint(error, "make room, then try again");
        return GUAN_FAILED;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        error_set(error, GUAN_FAILED, "store", "the store may not be written: %s", said);
        error_hint(error, "check the rights of the file and of its folder");
        return GUAN_FAILED;
    default: return error_set(error, GUAN_FAILED, "store", "the store failed: %s (%d)", said, result);
    }
}

int sqlite_execute(sqlite3 *db, const char *sql, struct guan_error *error)
{
    int result = sqlite3_exec(db, sql, NULL, NULL, NULL);
    return result == SQLITE_OK ? GUAN_OK : sqlite_failure(db, result, error);
}

struct query query_start(struct store *store, enum sqlite_slot slot, struct arena *arena, const char *sql)
{
    struct query query = {.store = (struct sqlite_store *)store, .arena = arena, .keep = slot != SLOT_NONE};
    if (query.keep) query.statement = query.store->statements[slot];
    if (!query.statement) {
        query.result =
            sqlite3_prepare_v3(query.store->db, sql, -1, query.keep ? SQLITE_PREPARE_PERSISTENT : 0, &query.statement, NULL);
        if (query.keep) query.store->statements[slot] = query.statement;
    }
    return query;
}

static void bound(struct query *query, int result)
{
    if (query->result == SQLITE_OK) query->result = result;
}

void query_bind_int(struct query *query, int64_t integer)
{
    bound(query, sqlite3_bind_int64(query->statement, ++query->bound, integer));
}

/* Bound values are borrowed: a query ends before the function that started it returns. */
void query_bind_text_n(struct query *query, const char *text, size_t length)
{
    bound(query, sqlite3_bind_text64(query->statement, ++query->bound, text, length, SQLITE_STATIC, SQLITE_UTF8));
}

void query_bind_text(struct query *query, const char *text)
{
    query_bind_text_n(query, text, text ? strlen(text) : 0);
}

void query_bind_blob(struct query *query, const void *bytes, size_t length)
{
    /* A NULL pointer would bind null, not empty. */
    bound(query, sqlite3_bind_blob64(query->statement, ++query->bound, bytes ? bytes : "", length, SQLITE_STATIC));
}

void query_bind_hash(struct query *query, const struct hash *hash)
{
    query_bind_blob(query, hash->bytes, HASH_BYTES);
}

void query_bind_hash_or_null(struct query *query, const struct hash *hash)
{
    static const struct hash none = {{0}};
    if (memcmp(hash, &none, sizeof none) == 0) query_bind_text(query, NULL);
    else query_bind_hash(query, hash);
}

bool query_row(struct query *query)
{
    if (query->result != SQLITE_OK) return false;
    int result = sqlite3_step(query->statement);
    if (result == SQLITE_ROW) return true;
    if (result != SQLITE_DONE) query->result = result;
    return false;
}

int64_t query_int(struct query *query, int column)
{
    if (sqlite3_column_type(query->statement, column) != SQLITE_INTEGER) bound(query, SQLITE_CORRUPT);
    return sqlite3_column_int64(query->statement, column);
}

static const char *column_bytes(struct query *query, int column, int type, size_t *length)
{
    int found = sqlite3_column_type(query->statement, column);
    size_t size = 0;
    const char *bytes = NULL;
    if (found == type) {
        bytes = type == SQLITE_TEXT ? (const char *)sqlite3_column_text(query->statement, column)
                                    : sqlite3_column_blob(query->statement, column);
        size = (size_t)sqlite3_column_bytes(query->statement, column);
        if (!bytes && size) bound(query, SQLITE_NOMEM);
        if (!bytes && !size) bytes = ""; /* an empty blob */
        if (query->arena && bytes) bytes = arena_text(query->arena, bytes, size);
    } else if (found != SQLITE_NULL) {
        bound(query, SQLITE_CORRUPT); /* the tables are STRICT: somebody wrote into the file */
    }
    if (length) *length = size;
    return bytes;
}

const char *query_text(struct query *query, int column, size_t *length)
{
    return column_bytes(query, column, SQLITE_TEXT, length);
}

const char *query_blob(struct query *query, int column, size_t *length)
{
    return column_bytes(query, column, SQLITE_BLOB, length);
}

struct hash query_hash(struct query *query, int column)
{
    struct hash hash = {{0}};
    int type = sqlite3_column_type(query->statement, column);
    if (type == SQLITE_NULL) return hash;
    const void *bytes = sqlite3_column_blob(query->statement, column);
    if (type == SQLITE_BLOB && bytes && sqlite3_column_bytes(query->statement, column) == HASH_BYTES)
        memcpy(hash.bytes, bytes, HASH_BYTES);
    else bound(query, SQLITE_CORRUPT);
    return hash;
}

void *query_grow(struct query *query, void *rows, size_t count, size_t size)
{
    if (count & (count - 1) || count == 1) return rows; /* capacities are 2, 4, 8, … */
    void *more = arena_alloc(query->arena, (count ? 2 * count : 2) * size);
    if (!more) bound(query, SQLITE_NOMEM);
    if (more && count) memcpy(more, rows, count * size);
    return more;
}

int query_end(struct query *query, struct guan_error *error)
{
    int code = query->result == SQLITE_OK ? GUAN_OK : sqlite_failure(query->store->db, query->result, error);
    if (!query->keep) {
        sqlite3_finalize(query->statement);
    } else if (query->statement) {
        sqlite3_reset(query->statement);
        sqlite3_clear_bindings(query->statement);
    }
    if (!code && query->arena && arena_failed(query->arena)) return error_memory(error);
    return code;
}

int query_run(struct query *query, struct guan_error *error)
{
    query_row(query);
    return query_end(query, error);
}
