/* The tables, and the proof that a file has these and nothing else: no triggers, no views, no foreign index that could lie.
 *
 * Rows are narrow and those that every step writes lie in as few pages as can be: a table of wide rows has a rowid (an index
 * would move rows over a quarter page elsewhere), a table of narrow rows that are read by case has none. Timers that come and go
 * together lie together. */
#include "store/sqlite.h"

#include <string.h>

#define APPLICATION_ID 0x6775616e /* "guan" */
#define SCHEMA_VERSION 2

static const struct object {
    const char *type, *name, *table, *sql;
} objects[] = {
    {"table", "info", "info", "CREATE TABLE info (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID"},
    {"table", "blobs", "blobs", "CREATE TABLE blobs (no INTEGER PRIMARY KEY, hash BLOB NOT NULL, bytes BLOB NOT NULL) STRICT"},
    {"index", "blobs_hash", "blobs", "CREATE UNIQUE INDEX blobs_hash ON blobs (hash)"},
    {"table", "cases", "cases",
     "CREATE TABLE cases (no INTEGER PRIMARY KEY, id TEXT NOT NULL, dealer TEXT NOT NULL, process TEXT NOT NULL, "
     "def BLOB NOT NULL, key BLOB, n INTEGER NOT NULL, last INTEGER NOT NULL, head BLOB NOT NULL, rec INTEGER NOT NULL, "
     "ended INTEGER NOT NULL, state TEXT NOT NULL, due INTEGER) STRICT"},
    {"index", "cases_id", "cases", "CREATE UNIQUE INDEX cases_id ON cases (id)"},
    {"index", "cases_key", "cases", "CREATE INDEX cases_key ON cases (key) WHERE key IS NOT NULL"},
    {"index", "cases_due", "cases", "CREATE INDEX cases_due ON cases (due) WHERE due IS NOT NULL"},
    {"table", "sessions", "sessions",
     "CREATE TABLE sessions (no INTEGER PRIMARY KEY, kase TEXT NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED, "
     "ord INTEGER NOT NULL, id TEXT NOT NULL, parent TEXT, process TEXT NOT NULL, ended INTEGER NOT NULL, snapshot TEXT, "
     "facts TEXT) STRICT"},
    {"index", "sessions_kase", "sessions", "CREATE UNIQUE INDEX sessions_kase ON sessions (kase, ord)"},
    {"table", "timers", "timers",
     "CREATE TABLE timers (kase TEXT NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED, session TEXT NOT NULL, "
     "name TEXT NOT NULL, instance TEXT NOT NULL, due INTEGER NOT NULL, body TEXT, "
     "PRIMARY KEY (kase, session, name, instance)) STRICT, WITHOUT ROWID"},
    {"table", "entries", "entries",
     "CREATE TABLE entries (idx INTEGER PRIMARY KEY, back INTEGER NOT NULL, leaf BLOB NOT NULL, node BLOB, bytes BLOB NOT NULL) "
     "STRICT"},
    {"table", "checkpoints", "checkpoints", "CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT"},
    {"table", "secrets", "secrets",
     "CREATE TABLE secrets (kase TEXT NOT NULL PRIMARY KEY REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED, "
     "secret BLOB NOT NULL) STRICT, WITHOUT ROWID"},
    {"table", "disclosures", "disclosures",
     "CREATE TABLE disclosures (kase TEXT NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED, digest BLOB NOT NULL, "
     "text TEXT NOT NULL, PRIMARY KEY (kase, digest)) STRICT, WITHOUT ROWID"},
    {"table", "names", "names",
     "CREATE TABLE names (kase TEXT NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED, id TEXT NOT NULL, "
     "name TEXT NOT NULL, role TEXT, PRIMARY KEY (kase, id)) STRICT, WITHOUT ROWID"},
    {"table", "commands", "commands",
     "CREATE TABLE commands (id TEXT NOT NULL PRIMARY KEY, answer BLOB NOT NULL) STRICT, WITHOUT ROWID"},
};
#define OBJECT_COUNT (sizeof objects / sizeof objects[0])

int sqlite_schema_create(sqlite3 *db, struct guan_error *error)
{
    for (size_t i = 0; i < OBJECT_COUNT; i++) {
        int code = sqlite_execute(db, objects[i].sql, error);
        if (code) return code;
    }
    char sql[100];
    sqlite3_snprintf(sizeof sql, sql, "PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION_ID, SCHEMA_VERSION);
    return sqlite_execute(db, sql, error);
}

/* The first integer of a query of one row. */
static int ask(sqlite3 *db, const char *sql, int64_t *out, struct guan_error *error)
{
    sqlite3_stmt *statement;
    int result = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (result == SQLITE_OK) {
        result = sqlite3_step(statement);
        *out = result == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    }
    int code = result == SQLITE_ROW || result == SQLITE_DONE ? GUAN_OK : sqlite_failure(db, result, error);
    sqlite3_finalize(statement);
    return code;
}

int sqlite_schema_empty(sqlite3 *db, bool *empty, struct guan_error *error)
{
    int64_t id = 0, count = 0;
    int code = ask(db, "PRAGMA application_id", &id, error);
    if (!code) code = ask(db, "SELECT count(*) FROM sqlite_schema", &count, error);
    *empty = id == 0 && count == 0;
    return code;
}

static bool same(sqlite3_stmt *row, int column, const char *text)
{
    const unsigned char *found = sqlite3_column_text(row, column);
    return found && strcmp((const char *)found, text) == 0;
}

static int compare_objects(sqlite3 *db, sqlite3_stmt *rows, struct guan_error *error)
{
    size_t i = 0;
    int result;
    while ((result = sqlite3_step(rows)) == SQLITE_ROW) {
        const struct object *object = i < OBJECT_COUNT ? &objects[i] : NULL;
        if (!object || !same(rows, 0, object->type) || !same(rows, 1, object->name) || !same(rows, 2, object->table) ||
            !same(rows, 3, object->sql)) {
            error_set(error, GUAN_TAMPERED, "schema", "the store has a table, index, trigger or view that guan did not make");
            error_where(error, "%s", (const char *)sqlite3_column_text(rows, 1));
            error_hint(error, "use a backup, and find out who changed the file");
            return GUAN_TAMPERED;
        }
        i++;
    }
    if (result != SQLITE_DONE) return sqlite_failure(db, result, error);
    if (i == OBJECT_COUNT) return GUAN_OK;
    error_set(error, GUAN_TAMPERED, "schema", "a table or index of the store is gone");
    error_where(error, "%s", objects[i].name);
    error_hint(error, "use a backup, and find out who changed the file");
    return GUAN_TAMPERED;
}

int sqlite_schema_check(sqlite3 *db, struct guan_error *error)
{
    int64_t id = 0, version = 0;
    int code = ask(db, "PRAGMA application_id", &id, error);
    if (!code) code = ask(db, "PRAGMA user_version", &version, error);
    if (code) return code;
    if (id != APPLICATION_ID) {
        error_set(error, GUAN_USAGE, "not-a-store", "the file is not a store of guan");
        error_hint(error, "give another file, or make a store: guan init");
        return GUAN_USAGE;
    }
    if (version != SCHEMA_VERSION) {
        error_set(error, GUAN_USAGE, "store-version", "the store has format %lld, this guan knows format %d", (long long)version,
                  SCHEMA_VERSION);
        error_hint(error, "use the guan that made it, or a newer one");
        return GUAN_USAGE;
    }
    sqlite3_stmt *rows;
    int result = sqlite3_prepare_v2(db, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid", -1, &rows, NULL);
    code = result == SQLITE_OK ? compare_objects(db, rows, error) : sqlite_failure(db, result, error);
    sqlite3_finalize(rows);
    return code;
}
