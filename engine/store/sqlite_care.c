/* Care of the file: a copy while others work, a look at its structure, figures. */
#include "store/sqlite.h"

#include "store/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

/* The file's own path with an ending; false in memory, or when it does not fit. */
static bool beside(const struct sqlite_store *store, const char *ending, char out[PATH_BYTES])
{
    const char *file = sqlite3_db_filename(store->db, "main");
    if (!file || !*file || strlen(file) + strlen(ending) >= PATH_BYTES) return false;
    sqlite3_snprintf(PATH_BYTES, out, "%s%s", file, ending);
    return true;
}

/* One row of one or two figures. */
static int count(struct sqlite_store *store, const char *sql, uint64_t *first, uint64_t *second, struct guan_error *error)
{
    struct query query = query_start(&store->base, SLOT_NONE, NULL, sql);
    if (query_row(&query)) {
        *first = (uint64_t)query_int(&query, 0);
        if (second) *second = (uint64_t)query_int(&query, 1);
    }
    return query_end(&query, error);
}

/* --- backup --------------------------------------------------------------------------------------------------------- */

static int make_file(const char *path, struct guan_error *error)
{
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) return close(file), GUAN_OK;
    int code = errno == EEXIST ? error_set(error, GUAN_USAGE, "store-exists", "there is a file already")
                               : error_set(error, GUAN_FAILED, "store", "the backup cannot be made: %s", strerror(errno));
    error_where(error, "%s", path);
    if (code == GUAN_USAGE) error_hint(error, "give another name");
    return code;
}

/* In the transaction for reading that store.c has begun: all pages of one moment. */
static int copy_pages(struct sqlite_store *store, sqlite3 *to, uint64_t *entries, struct guan_error *error)
{
    int code = count(store, "SELECT count(*) FROM entries", entries, NULL, error); /* the moment is now */
    if (code) return code;
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", store->db, "main");
    if (!backup) return sqlite_failure(to, sqlite3_errcode(to), error);
    int result = sqlite3_backup_step(backup, -1), end = sqlite3_backup_finish(backup);
    if (result != SQLITE_DONE) return sqlite_failure(to, end != SQLITE_OK ? end : result, error);
    return sqlite_schema_check(to, error);
}

int sqlite_backup(struct store *base, const char *path, uint64_t *entries, struct guan_error *error)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    sqlite3 *to = NULL;
    int code = make_file(path, error);
    if (code) return code;
    int result = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    code = result == SQLITE_OK ? copy_pages(store, to, entries, error) : sqlite_failure(to, result, error);
    result = sqlite3_close(to);
    if (!code && result != SQLITE_OK) code = sqlite_failure(NULL, result, error);
    char folder[PATH_BYTES];
    sqlite3_snprintf(PATH_BYTES, folder, "%s.evidence", path);
    if (!code && base->evidence) code = folder_copy(base->evidence, folder, error);
    if (code) unlink(path);
    return code;
}

/* --- check ---------------------------------------------------------------------------------------------------------- */

struct checking {
    int (*each)(void *user, const char *text);
    void *user;
    bool found;
};

static int complain(struct checking *checking, const char *text)
{
    checking->found = true;
    return checking->each(checking->user, text);
}

/* Rows of complaints; what `integrity_check` says of a sound file is "ok". */
static int ask(struct sqlite_store *store, const char *sql, struct checking *checking, struct guan_error *error)
{
    struct query query = query_start(&store->base, SLOT_NONE, NULL, sql);
    int stopped = 0;
    while (!stopped && query_row(&query)) {
        const char *text = (const char *)sqlite3_column_text(query.statement, 0);
        if (text && strcmp(text, "ok") != 0) stopped = complain(checking, text);
    }
    int code = query_end(&query, error);
    return code ? code : stopped;
}

int sqlite_check(struct store *base, int (*each)(void *user, const char *text), void *user, struct guan_error *error)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    struct checking checking = {each, user, false};
    struct guan_error schema = {0};
    int code = sqlite_schema_check(store->db, &schema);
    if (code == GUAN_TAMPERED) code = complain(&checking, schema.text);
    else if (code && error) *error = schema;
    if (!code) code = ask(store, "PRAGMA integrity_check", &checking, error);
    if (!code)
        code = ask(store,
                   "SELECT 'a row of ' || \"table\" || ' belongs to a row of ' || parent || ' that is not there' FROM "
                   "pragma_foreign_key_check",
                   &checking, error);
    if (code) return code;
    return checking.found ? error_set(error, GUAN_TAMPERED, "store-corrupt", "the store's file is damaged") : GUAN_OK;
}

/* --- figures -------------------------------------------------------------------------------------------------------- */

static void look_at_files(struct sqlite_store *store, struct store_figures *out)
{
    char path[PATH_BYTES];
    struct stat status;
    struct statvfs disk;
    if (beside(store, "", path) && statvfs(path, &disk) == 0) out->disk_free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    if (beside(store, "-wal", path) && stat(path, &status) == 0) out->log_bytes = (uint64_t)status.st_size;
    if (store->base.evidence) folder_count(store->base.evidence, &out->evidence, &out->evidence_bytes);
}

int sqlite_figures(struct store *base, struct store_figures *out, struct guan_error *error)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    const struct {
        const char *sql;
        uint64_t *first, *second;
    } asked[] = {
        {"SELECT count(*) FROM cases WHERE id <> '-'", &out->cases, NULL},
        {"SELECT count(*), coalesce(sum(length(bytes)), 0) FROM entries", &out->entries, &out->entry_bytes},
        {"SELECT count(*) FROM checkpoints", &out->checkpoints, NULL},
        {"SELECT count(*) FROM sessions", &out->sessions, NULL},
        {"SELECT count(*) FROM timers", &out->timers, NULL},
        {"SELECT count(*) FROM disclosures", &out->disclosures, NULL},
        {"SELECT count(*), coalesce(sum(length(bytes)), 0) FROM blobs", &out->blobs, &out->blob_bytes},
        {"SELECT count(*) FROM commands", &out->commands, NULL},
        {"SELECT c.page_count * p.page_size, f.freelist_count * p.page_size FROM pragma_page_count AS c, pragma_page_size AS p, "
         "pragma_freelist_count AS f",
         &out->file_bytes, &out->unused_bytes},
    };
    int code = GUAN_OK;
    for (size_t i = 0; !code && i < sizeof asked / sizeof asked[0]; i++)
        code = count(store, asked[i].sql, asked[i].first, asked[i].second, error);
    look_at_files(store, out);
    return code;
}
