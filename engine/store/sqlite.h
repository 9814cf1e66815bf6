/* Inside the SQLite driver: the connection, and queries. */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include "store/driver.h"

#include <sqlite3.h>

/* One slot for each statement that is prepared once and kept. */
enum sqlite_slot {
    SLOT_BEGIN,
    SLOT_BEGIN_WRITE,
    SLOT_COMMIT,
    SLOT_ROLLBACK,
    SLOT_INFO,
    SLOT_INFO_SET,
    SLOT_BLOB,
    SLOT_BLOB_PUT,
    SLOT_CASE,
    SLOT_CASE_ADD,
    SLOT_CASE_SAVE,
    SLOT_CASE_KEY,
    SLOT_CASE_FIND,
    SLOT_CASE_BY_KEY,
    SLOT_SESSIONS,
    SLOT_SESSION_SAVE,
    SLOT_TIMERS,
    SLOT_TIMER_SET,
    SLOT_TIMER_REMOVE,
    SLOT_DUE,
    SLOT_NEXT_DUE,
    SLOT_DUE_WRONG,
    SLOT_DUE_WRONG_OF,
    SLOT_SETTLE,
    SLOT_ENTRY,
    SLOT_ENTRY_ADD,
    SLOT_HEAD,
    SLOT_HEAD_ROOT,
    SLOT_CHECKPOINT_PUT,
    SLOT_CHECKPOINT_NEXT,
    SLOT_CHECKPOINT_LAST,
    SLOT_SECRET,
    SLOT_SECRET_PUT,
    SLOT_DISCLOSURE,
    SLOT_DISCLOSURE_PUT,
    SLOT_NAMES,
    SLOT_NAME_PUT,
    SLOT_NAME_FIND,
    SLOT_ERASE_SECRET,
    SLOT_ERASE_DISCLOSURES,
    SLOT_ERASE_NAMES,
    SLOT_COMMAND,
    SLOT_COMMAND_PUT,
    SLOT_COUNT,
    SLOT_NONE = SLOT_COUNT /* prepared for one use: may be nested in itself */
};

struct sqlite_store {
    struct store base;
    sqlite3 *db;
    sqlite3_stmt *statements[SLOT_COUNT];
    char *lock_path;    /* NULL in memory */
    int lock;           /* file descriptor, -1 until first taken */
    int wal_pages;      /* of the log, after the last commit */
    char unsettled[64]; /* case whose timers were changed: its `due` is not up to date; "": none */
    bool erased;        /* what was deleted has to leave the log too */
};

/* A query: start, bind in order, then either row … end, or run. The first failure sticks and is told by the end. */
struct query {
    struct sqlite_store *store;
    sqlite3_stmt *statement;
    struct arena *arena; /* where texts and bytes are copied to; NULL: borrowed until the next row */
    int result;          /* SQLite's code */
    int bound;
    bool keep;
};

struct query query_start(struct store *store, enum sqlite_slot slot, struct arena *arena, const char *sql);
void query_bind_int(struct query *query, int64_t integer);
void query_bind_text(struct query *query, const char *text); /* NULL: null */
void query_bind_text_n(struct query *query, const char *text, size_t length);
void query_bind_blob(struct query *query, const void *bytes, size_t length);
void query_bind_hash(struct query *query, const struct hash *hash);
void query_bind_hash_or_null(struct query *query, const struct hash *hash); /* all zero: null */
bool query_row(struct query *query);                                        /* steps */
int64_t query_int(struct query *query, int column);
const char *query_text(struct query *query, int column, size_t *length); /* NULL for null; `length` may be NULL */
const char *query_blob(struct query *query, int column, size_t *length);
struct hash query_hash(struct query *query, int column);                      /* all zero for null */
void *query_grow(struct query *query, void *rows, size_t count, size_t size); /* room for one row more */
int query_end(struct query *query, struct guan_error *error);
int query_run(struct query *query, struct guan_error *error); /* one step and the end */

/* SQLite's code and message as ours. */
int sqlite_failure(sqlite3 *db, int result, struct guan_error *error);
int sqlite_execute(sqlite3 *db, const char *sql, struct guan_error *error);

/* sqlite_schema.c */
int sqlite_schema_create(sqlite3 *db, struct guan_error *error);
int sqlite_schema_check(sqlite3 *db, struct guan_error *error);
int sqlite_schema_empty(sqlite3 *db, bool *empty, struct guan_error *error); /* not another program's, nothing in it */

/* sqlite_lock.c: one writer among all processes */
int sqlite_lock_take(struct sqlite_store *store, struct guan_error *error);
void sqlite_lock_give(struct sqlite_store *store);

/* sqlite_timer.c: the timers of a case may have changed; and: its row is brought up to date */
int sqlite_timers_unsettle(struct store *store, const char *kase, struct guan_error *error);
int sqlite_timers_settle(struct store *store, struct guan_error *error);

/* sqlite_case.c, sqlite_timer.c, sqlite_record.c, sqlite_personal.c: the driver's functions */
int sqlite_case_add(struct store *store, const struct case_row *row, struct guan_error *error);
int sqlite_case_save(struct store *store, const struct case_row *row, struct guan_error *error);
int sqlite_case_get(struct store *store, struct arena *arena, const char *id, struct case_row *out, struct guan_error *error);
int sqlite_case_find(struct store *store, struct arena *arena, const char *prefix, struct case_row *out,
                     struct guan_error *error);
int sqlite_case_by_key(struct store *store, struct arena *arena, const struct hash *key, struct case_row *out,
                       struct guan_error *error);
int sqlite_case_each(struct store *store, const char *after, int (*each)(void *user, const struct case_row *row), void *user,
                     struct guan_error *error);
int sqlite_sessions(struct store *store, struct arena *arena, const char *kase, struct session_row **rows, size_t *count,
                    struct guan_error *error);
int sqlite_session_save(struct store *store, const char *kase, uint32_t order, const struct session_row *row,
                        struct guan_error *error);
int sqlite_timers(struct store *store, struct arena *arena, const char *kase, struct timer_row **rows, size_t *count,
                  struct guan_error *error);
int sqlite_timer_set(struct store *store, const char *kase, const struct timer_row *row, struct guan_error *error);
int sqlite_timer_remove(struct store *store, const char *kase, const char *session, const char *name, const char *instance,
                        struct guan_error *error);
int sqlite_due(struct store *store, struct arena *arena, instant until, size_t limit, const char ***ids, size_t *count,
               struct guan_error *error);
int sqlite_next_due(struct store *store, instant *out, struct guan_error *error);
int sqlite_due_wrong(struct store *store, struct arena *arena, const char *kase, const char **out, struct guan_error *error);
int sqlite_info(struct store *store, struct arena *arena, const char *key, const char **value, struct guan_error *error);
int sqlite_info_set(struct store *store, const char *key, const char *value, struct guan_error *error);
int sqlite_blob_put(struct store *store, const struct hash *hash, const void *bytes, size_t length, struct guan_error *error);
int sqlite_blob(struct store *store, struct arena *arena, const struct hash *hash, const char **bytes, size_t *length,
                struct guan_error *error);
int sqlite_entry_add(struct store *store, const struct entry_row *row, struct guan_error *error);
int sqlite_entry(struct store *store, struct arena *arena, uint64_t index, struct entry_row *out, struct guan_error *error);
int sqlite_entry_each(struct store *store, uint64_t from, int (*each)(void *user, const struct entry_row *row), void *user,
                      struct guan_error *error);
int sqlite_head(struct store *store, struct ledger_head *out, struct guan_error *error);
int sqlite_head_save(struct store *store, const struct ledger_head *head, struct guan_error *error);
int sqlite_checkpoint_put(struct store *store, const struct checkpoint_row *row, struct guan_error *error);
int sqlite_checkpoint_next(struct store *store, struct arena *arena, uint64_t from, struct checkpoint_row *out,
                           struct guan_error *error);
int sqlite_checkpoint_last(struct store *store, struct arena *arena, struct checkpoint_row *out, struct guan_error *error);
int sqlite_command_seen(struct store *store, struct arena *arena, const char *id, const char **answer, size_t *length,
                        struct guan_error *error);
int sqlite_command_put(struct store *store, const char *id, const char *answer, size_t length, struct guan_error *error);
int sqlite_secret_put(struct store *store, const char *kase, const struct hash *secret, struct guan_error *error);
int sqlite_secret(struct store *store, const char *kase, struct hash *out, struct guan_error *error);
int sqlite_disclosure_put(struct store *store, const char *kase, const struct hash *digest, const char *text,
                          struct guan_error *error);
int sqlite_disclosure(struct store *store, struct arena *arena, const char *kase, const struct hash *digest, const char **text,
                      struct guan_error *error);
int sqlite_name_put(struct store *store, const char *kase, const struct name_row *row, struct guan_error *error);
int sqlite_names(struct store *store, struct arena *arena, const char *kase, struct name_row **rows, size_t *count,
                 struct guan_error *error);
int sqlite_name_find(struct store *store, struct arena *arena, const char *words, const char ***ids, size_t *count,
                     struct guan_error *error);
int sqlite_erase(struct store *store, const char *kase, struct guan_error *error);

/* sqlite_care.c */
int sqlite_backup(struct store *store, const char *path, uint64_t *entries, struct guan_error *error);
int sqlite_check(struct store *store, int (*each)(void *user, const char *text), void *user, struct guan_error *error);
int sqlite_figures(struct store *store, struct store_figures *out, struct guan_error *error);

#endif
