/* The SQLite driver: opening, and the life of a transaction.
 *
 *            begin(read)                     begin(write): lock, BEGIN IMMEDIATE
 *   idle ────────────────────▶ reads   idle ────────────────────▶ writes ──┐
 *     ▲                          │       ▲                           │     │ any failure: broken (store.c)
 *     └──── commit, rollback ────┘       └── commit: COMMIT, [checkpoint], unlock
 *                                            rollback: ROLLBACK, unlock
 *
 * A commit returns when the log is synced (WAL, synchronous=FULL). The log is copied back into the file (checkpoint) by a writer
 * that finds it long, under the same lock, and never by who closes. */
#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE_BYTES 4096
#define WAL_BYTES  (4 * 1024 * 1024) /* a longer log is checkpointed */
#define BUSY_MS    10000

static int log_grew(void *user, sqlite3 *db, const char *name, int pages)
{
    (void)db;
    (void)name;
    ((struct sqlite_store *)user)->wal_pages = pages;
    return SQLITE_OK;
}

/* What a hostile file could otherwise use, is off before its schema is read. */
static int harden(sqlite3 *db, struct guan_error *error)
{
    static const struct {
        int option, value;
    } options[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},   {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},   {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
        {SQLITE_DBCONFIG_ENABLE_VIEW, 0}, {SQLITE_DBCONFIG_ENABLE_FKEY, 1},      {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},     {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1}, {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        int result = sqlite3_db_config(db, options[i].option, options[i].value, NULL);
        if (result != SQLITE_OK) return sqlite_failure(db, result, error);
    }
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_busy_timeout(db, BUSY_MS);
    return GUAN_OK;
}

static int configure(struct sqlite_store *store, struct guan_error *error)
{
    int code = sqlite_execute(store->db,
                              "PRAGMA page_size = 4096; PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON;"
                              "PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY",
                              error);
    if (code) return code;
    if (!store->lock_path) /* in memory: nothing to sync, but rollback still has to work */
        return sqlite_execute(store->db, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF", error);
    code = sqlite_execute(store->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", error);
    sqlite3_wal_hook(store->db, log_grew, store); /* instead of SQLite's own automatic checkpoint */
    return code;
}

static void sqlite_close(struct store *base)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    for (size_t i = 0; i < SLOT_COUNT; i++) sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->db);
    if (store->lock >= 0) close(store->lock);
    memory_free(store->lock_path);
    memory_free(store->base.evidence);
    memory_free(store);
}

static char *beside(const char *file, const char *ending)
{
    size_t size = strlen(file) + strlen(ending) + 1;
    char *path = memory_alloc(size);
    if (path) sqlite3_snprintf((int)size, path, "%s%s", file, ending);
    return path;
}

/* The lock and the evidence lie beside the file that SQLite resolved `path` to, so that two ways to one store are one lock. */
static int name_files(struct sqlite_store *store, struct guan_error *error)
{
    const char *file = sqlite3_db_filename(store->db, "main");
    if (!file || !*file) return GUAN_OK;
    store->lock_path = beside(file, "-lock");
    store->base.evidence = beside(file, ".evidence");
    return store->lock_path && store->base.evidence ? GUAN_OK : error_memory(error);
}

static int connect_to(const char *path, struct sqlite_store **out, struct guan_error *error)
{
    struct sqlite_store *store = memory_alloc(sizeof *store);
    if (!store) return error_memory(error);
    store->base.driver = &sqlite_driver;
    store->lock = -1;
    int result = sqlite3_open_v2(
        path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE, NULL);
    int code = result == SQLITE_OK ? harden(store->db, error) : sqlite_failure(store->db, result, error);
    if (!code) code = name_files(store, error);
    if (code) {
        error_where(error, "%s", path);
        sqlite_close(&store->base);
        return code;
    }
    *out = store;
    return GUAN_OK;
}

/* --- transactions -------------------------------------------------------------------------------------------------- */

static int run(struct store *base, enum sqlite_slot slot, const char *sql, struct guan_error *error)
{
    struct query query = query_start(base, slot, NULL, sql);
    return query_run(&query, error);
}

static int sqlite_begin(struct store *base, bool write, struct guan_error *error)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    if (!write) return run(base, SLOT_BEGIN, "BEGIN", error);
    struct query rollback = query_start(base, SLOT_ROLLBACK, NULL, "ROLLBACK"); /* it must not need memory when it is needed */
    if (rollback.result != SQLITE_OK) return query_end(&rollback, error);
    int code = sqlite_lock_take(store, error);
    if (code) return code;
    code = run(base, SLOT_BEGIN_WRITE, "BEGIN IMMEDIATE", error);
    if (code) sqlite_lock_give(store);
    return code;
}

static void sqlite_rollback(struct store *base)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    /* SQLite may have rolled back by itself; there is nothing to do about a rollback that fails: the file is unchanged. */
    if (!sqlite3_get_autocommit(store->db)) run(base, SLOT_ROLLBACK, "ROLLBACK", NULL);
    store->unsettled[0] = '\0';
    sqlite_lock_give(store);
}

/* What is in the log is safe already: if a reader stands in the way or the disk fails now, a later commit tries again. */
static void checkpoint(struct sqlite_store *store)
{
    sqlite3_busy_timeout(store->db, 0);
    if (sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK) {
        store->wal_pages = 0;
        store->erased = false;
    }
    sqlite3_busy_timeout(store->db, BUSY_MS);
}

static int sqlite_commit(struct store *base, struct guan_error *error)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    int code = sqlite_timers_settle(base, error);
    if (!code) code = run(base, SLOT_COMMIT, "COMMIT", error);
    if (code) {
        sqlite_rollback(base);
        return code;
    }
    if (base->mode == STORE_WRITES && (store->erased || store->wal_pages >= WAL_BYTES / PAGE_BYTES)) checkpoint(store);
    sqlite_lock_give(store);
    return GUAN_OK;
}

/* --- opening ------------------------------------------------------------------------------------------------------- */

static int open_existing(const char *path, struct store **out, struct guan_error *error)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        if (errno != ENOENT && errno != ENOTDIR) {
            error_set(error, GUAN_FAILED, "store", "the store cannot be looked at: %s", strerror(errno));
            error_where(error, "%s", path);
            return GUAN_FAILED;
        }
        error_set(error, GUAN_USAGE, "no-such-store", "there is no store");
        error_where(error, "%s", path);
        error_hint(error, "make one with guan init, or name it with --store or GUAN_STORE");
        return GUAN_USAGE;
    }
    struct sqlite_store *store;
    int code = connect_to(path, &store, error);
    if (code) return code;
    struct guan_error why = {0};
    code = sqlite_schema_check(store->db, &why);
    if (code && (sqlite3_errcode(store->db) & 0xff) == SQLITE_NOTADB) {
        code = error_set(&why, GUAN_USAGE, "not-a-store", "the file is not a store of guan");
        error_hint(&why, "give another file, or make a store: guan init");
    }
    if (!code) code = configure(store, &why);
    if (code) {
        if (error) *error = why;
        if (!why.where[0]) error_where(error, "%s", path);
        sqlite_close(&store->base);
        return code;
    }
    *out = &store->base;
    return GUAN_OK;
}

/* The file is ours to use if there is nothing in it, be it that a first try was killed half way. */
static int check_empty(struct sqlite_store *store, const char *path, struct guan_error *error)
{
    bool empty = false;
    int code = sqlite_schema_empty(store->db, &empty, error);
    if (code == GUAN_FAILED || (!code && empty)) return code;
    error_set(error, GUAN_USAGE, "store-exists", "there is a file already");
    error_where(error, "%s", path);
    error_hint(error, "use it as it is, or give another name");
    return GUAN_USAGE;
}

static int open_new(const char *path, struct store **out, struct guan_error *error)
{
    if (strcmp(path, ":memory:") != 0) {
        int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600); /* personal data: for the owner only */
        if (file < 0 && errno != EEXIST) {
            error_set(error, GUAN_FAILED, "store", "the store cannot be made: %s", strerror(errno));
            error_where(error, "%s", path);
            return GUAN_FAILED;
        }
        if (file >= 0) close(file);
    }
    struct sqlite_store *store;
    int code = connect_to(path, &store, error);
    if (code) return code;
    code = check_empty(store, path, error);
    if (!code) code = configure(store, error);
    if (!code) code = sqlite_begin(&store->base, true, error);
    if (!code) code = check_empty(store, path, error); /* another process may have been quicker */
    if (!code) code = sqlite_schema_create(store->db, error);
    if (code) {
        sqlite_rollback(&store->base);
        sqlite_close(&store->base);
        return code;
    }
    *out = &store->base;
    return GUAN_OK;
}

static int sqlite_open(const char *path, bool create, struct store **out, struct guan_error *error)
{
    return create ? open_new(path, out, error) : open_existing(path, out, error);
}

const struct store_driver sqlite_driver = {
    .open = sqlite_open,
    .close = sqlite_close,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .info = sqlite_info,
    .info_set = sqlite_info_set,
    .blob_put = sqlite_blob_put,
    .blob = sqlite_blob,
    .case_add = sqlite_case_add,
    .case_save = sqlite_case_save,
    .case_get = sqlite_case_get,
    .case_find = sqlite_case_find,
    .case_by_key = sqlite_case_by_key,
    .case_each = sqlite_case_each,
    .sessions = sqlite_sessions,
    .session_save = sqlite_session_save,
    .timers = sqlite_timers,
    .timer_set = sqlite_timer_set,
    .timer_remove = sqlite_timer_remove,
    .due = sqlite_due,
    .next_due = sqlite_next_due,
    .due_wrong = sqlite_due_wrong,
    .entry_add = sqlite_entry_add,
    .entry = sqlite_entry,
    .entry_each = sqlite_entry_each,
    .head = sqlite_head,
    .head_save = sqlite_head_save,
    .checkpoint_put = sqlite_checkpoint_put,
    .checkpoint_next = sqlite_checkpoint_next,
    .checkpoint_last = sqlite_checkpoint_last,
    .secret_put = sqlite_secret_put,
    .secret = sqlite_secret,
    .disclosure_put = sqlite_disclosure_put,
    .disclosure = sqlite_disclosure,
    .name_put = sqlite_name_put,
    .names = sqlite_names,
    .name_find = sqlite_name_find,
    .erase = sqlite_erase,
    .command_seen = sqlite_command_seen,
    .command_put = sqlite_command_put,
    .backup = sqlite_backup,
    .check = sqlite_check,
    .figures = sqlite_figures,
};
