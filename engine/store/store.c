/* The rules that hold for every driver, and the way to it: nothing outside a transaction, no writing in one for reading, nothing
 * but rollback after a failure, since a database may then have dropped the transaction and would write halves. */
#include "store/driver.h"

#include <stdio.h>
#include <string.h>

static int ready(const struct store *store, bool write, struct guan_error *error)
{
    if (store->mode == STORE_IDLE)
        return error_set(error, GUAN_FAILED, "store-transaction", "the store was used outside a transaction");
    if (store->broken)
        return error_set(error, GUAN_FAILED, "store-transaction", "the transaction failed before and can only be rolled back");
    if (write && store->mode != STORE_WRITES)
        return error_set(error, GUAN_FAILED, "store-transaction", "a transaction for reading cannot write");
    return GUAN_OK;
}

static int noted(struct store *store, int code)
{
    if (code == GUAN_FAILED && store->mode != STORE_IDLE) store->broken = true;
    return code;
}

/* --- opening ------------------------------------------------------------------------------------------------------- */

static int choose_driver(const char *path, const struct store_driver **out, struct guan_error *error)
{
    if (strncmp(path, "postgresql:", 11) == 0) {
        error_set(error, GUAN_USAGE, "no-such-driver", "a store in PostgreSQL is not supported yet");
        error_hint(error, "give a file, e.g. guan.db");
        return GUAN_USAGE;
    }
    *out = &sqlite_driver;
    return GUAN_OK;
}

/* What every store begins with: its flags, the secret that keys of customers are hashed with, the ledger's own case. */
static int add_first_rows(struct store *store, unsigned flags, struct guan_error *error)
{
    struct hash secret;
    char text[HASH_HEX], digits[16];
    if (random_bytes(secret.bytes, sizeof secret.bytes))
        return error_set(error, GUAN_FAILED, "random", "the system gave no random bytes for the store's secret");
    hash_hex(&secret, text);
    snprintf(digits, sizeof digits, "%u", flags);
    const struct case_row own = {.id = "-", .dealer = "", .process = "", .last = UINT64_MAX, .state = "{}", .state_length = 2};
    int code = store_info_set(store, "flags", digits, error);
    if (!code) code = store_info_set(store, "secret", text, error);
    if (!code) code = store_case_add(store, &own, error);
    return code;
}

static int read_flags(struct store *store, struct guan_error *error)
{
    struct arena *arena = arena_new();
    if (!arena) return error_memory(error);
    const char *text = NULL;
    int code = store_info(store, arena, "flags", &text, error);
    if (!code && (!text || text[0] < '0' || text[0] > '3' || text[1]))
        code = error_set(error, GUAN_TAMPERED, "store-corrupt", "the store does not say what kind it is");
    if (!code) store->flags = (unsigned)(text[0] - '0');
    arena_free(arena);
    return code;
}

int store_open_new(const char *path, unsigned flags, struct store **out, struct guan_error *error)
{
    const struct store_driver *driver;
    int code = choose_driver(path, &driver, error);
    if (code) return code;
    struct store *store;
    code = driver->open(path, true, &store, error);
    if (code) return code;
    store->mode = STORE_WRITES;
    store->flags = flags & (STORE_VIRTUAL | STORE_CLAIMED);
    code = add_first_rows(store, store->flags, error);
    if (!code) code = store_commit(store, error);
    if (code) store_close(store);
    else *out = store;
    return code;
}

int store_create(const char *path, unsigned flags, struct guan_error *error)
{
    if (strcmp(path, ":memory:") == 0) return error_set(error, GUAN_USAGE, "store-path", "a store to keep needs a file");
    struct store *store;
    int code = store_open_new(path, flags, &store, error);
    if (!code) store_close(store);
    return code;
}

int store_open(const char *path, struct store **out, struct guan_error *error)
{
    const struct store_driver *driver;
    int code = choose_driver(path, &driver, error);
    if (code) return code;
    struct store *store;
    code = driver->open(path, false, &store, error);
    if (code) return code;
    code = read_flags(store, error);
    if (code) store_close(store);
    else *out = store;
    return code;
}

void store_close(struct store *store)
{
    if (!store) return;
    store_rollback(store);
    store->driver->close(store);
}

unsigned store_flags(const struct store *store)
{
    return store->flags;
}

/* --- transactions -------------------------------------------------------------------------------------------------- */

int store_begin(struct store *store, bool write, struct guan_error *error)
{
    if (store->mode != STORE_IDLE)
        return error_set(error, GUAN_FAILED, "store-transaction", "a transaction was begun inside another");
    int code = store->driver->begin(store, write, error);
    if (code) return code;
    store->mode = write ? STORE_WRITES : STORE_READS;
    store->broken = false;
    return GUAN_OK;
}

int store_commit(struct store *store, struct guan_error *error)
{
    int code = ready(store, false, error);
    if (code) {
        store_rollback(store);
        return code;
    }
    code = store->driver->commit(store, error);
    store->mode = STORE_IDLE;
    return code;
}

void store_rollback(struct store *store)
{
    if (store->mode == STORE_IDLE) return;
    store->driver->rollback(store);
    store->mode = STORE_IDLE;
}

/* --- dispatch: see store.h for what each means --------------------------------------------------------------------- */

int store_info(struct store *store, struct arena *arena, const char *key, const char **value, struct guan_error *error)
{
    return noted(store, store->driver->info(store, arena, key, value, error));
}

int store_info_set(struct store *store, const char *key, const char *value, struct guan_error *error)
{
    int code = ready(store, true, error);
    return code ? code : noted(store, store->driver->info_set(store, key, value, error));
}

int store_blob_put(struct store *store, const struct hash *hash, const void *bytes, size_t length, struct guan_error *error)
{
    int code = ready(store, true, error);
    return code ? code : noted(store, store->driver->blob_put(store, hash, bytes, length, error));
}

int store_blob(struct store *store, struct arena *arena, const struct hash *hash, const char **bytes, size_t *length,
               struct guan_error *error)
{
    return noted(store, store->driver->blob(store, arena, hash, bytes, length, error));
}

int store_case_add(struct store *store, const struct case_row *row, struct guan_error *error)
{
    int code = ready(store, true, error);
    return code ? code : noted(store, store->driver->case_add(store, row, error));
}

int store_case_save(struct store *store, const struct case_row *row, struct guan_error *error)
{
    int code = ready(store, true, error);
    return code ? code : noted(store, store->driver->case_save(store, row, error));
}

int store_case(struct store *store, struct arena *arena, const char *id, struct case_row *out, struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->case_get(store, arena, id, out, error));
}

int store_case_find(struct store *store, struct arena *arena, const char *prefix, struct case_row *out, struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->case_find(store, arena, prefix, out, error));
}

int store_case_by_key(struct store *store, struct arena *arena, const struct hash *key, struct case_row *out,
                      struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->case_by_key(store, arena, key, out, error));
}

int store_case_each(struct store *store, const char *after, int (*each)(void *user, const struct case_row *row), void *user,
                    struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->case_each(store, after, each, user, error));
}

int store_sessions(struct store *store, struct arena *arena, const char *kase, struct session_row **rows, size_t *count,
                   struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->sessions(store, arena, kase, rows, count, error));
}

int store_session_save(struct store *store, const char *kase, uint32_t order, const struct session_row *row,
                       struct guan_error *error)
{
    int code = ready(store, true, error);
    return code ? code : noted(store, store->driver->session_save(store, kase, order, row, error));
}

int store_timers(struct store *store, struct arena *arena, const char *kase, struct timer_row **rows, size_t *count,
                 struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->timers(store, arena, kase, rows, count, error));
}

int store_timer_set(struct store *store, const char *kase, const struct timer_row *row, struct guan_error *error)
{
    int code = ready(store, true, error);
    return code ? code : noted(store, store->driver->timer_set(store, kase, row, error));
}

int store_timer_remove(struct store *store, const char *kase, const char *session, const char *name, const char *instance,
                       struct guan_error *error)
{
    int code = ready(store, true, error);
    return code ? code : noted(store, store->driver->timer_remove(store, kase, session, name, instance, error));
}

int store_due(struct store *store, struct arena *arena, instant until, size_t limit, const char ***ids, size_t *count,
              struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->due(store, arena, until, limit, ids, count, error));
}

int store_next_due(struct store *store, instant *out, struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->next_due(store, out, error));
}

int store_due_wrong(struct store *store, struct arena *arena, const char *kase, const char **out, struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->due_wrong(store, arena, kase, out, error));
}

int store_entry_add(struct store *store, const struct entry_row *row, struct guan_error *error)
{
    int code = ready(store, true, error);
    return code ? code : noted(store, store->driver->entry_add(store, row, error));
}

int store_entry(struct store *store, struct arena *arena, uint64_t index, struct entry_row *out, struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->entry(store, arena, index, out, error));
}

int store_entry_each(struct store *store, uint64_t from, int (*each)(void *user, const struct entry_row *row), void *user,
                     struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->entry_each(store, from, each, user, error));
}

int store_head(struct store *store, struct ledger_head *out, struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->head(store, out, error));
}

int store_head_save(struct store *store, const struct ledger_head *head, struct guan_error *error)
{
    int code = ready(store, true, error);
    return code ? code : noted(store, store->driver->head_save(store, head, error));
}

int store_checkpoint_put(struct store *store, const struct checkpoint_row *row, struct guan_error *error)
{
    int code = ready(store, true, error);
    return code ? code : noted(store, store->driver->checkpoint_put(store, row, error));
}

int store_checkpoint_next(struct store *store, struct arena *arena, uint64_t from, struct checkpoint_row *out,
                          struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->checkpoint_next(store, arena, from, out, error));
}

int store_checkpoint_last(struct store *store, struct arena *arena, struct checkpoint_row *out, struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->checkpoint_last(store, arena, out, error));
}

int store_secret_put(struct store *store, const char *kase, const struct hash *secret, struct guan_error *error)
{
    int code = ready(store, true, error);
    return code ? code : noted(store, store->driver->secret_put(store, kase, secret, error));
}

int store_secret(struct store *store, const char *kase, struct hash *out, struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->secret(store, kase, out, error));
}

int store_disclosure_put(struct store *store, const char *kase, const struct hash *digest, const char *text,
                         struct guan_error *error)
{
    int code = ready(store, true, error);
    return code ? code : noted(store, store->driver->disclosure_put(store, kase, digest, text, error));
}

int store_disclosure(struct store *store, struct arena *arena, const char *kase, const struct hash *digest, const char **text,
                     struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->disclosure(store, arena, kase, digest, text, error));
}

int store_name_put(struct store *store, const char *kase, const struct name_row *row, struct guan_error *error)
{
    int code = ready(store, true, error);
    return code ? code : noted(store, store->driver->name_put(store, kase, row, error));
}

int store_names(struct store *store, struct arena *arena, const char *kase, struct name_row **rows, size_t *count,
                struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->names(store, arena, kase, rows, count, error));
}

int store_name_find(struct store *store, struct arena *arena, const char *words, const char ***ids, size_t *count,
                    struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->name_find(store, arena, words, ids, count, error));
}

int store_erase(struct store *store, const char *kase, struct guan_error *error)
{
    int code = ready(store, true, error);
    return code ? code : noted(store, store->driver->erase(store, kase, error));
}

int store_command_seen(struct store *store, struct arena *arena, const char *id, const char **answer, size_t *length,
                       struct guan_error *error)
{
    int code = ready(store, false, error);
    return code ? code : noted(store, store->driver->command_seen(store, arena, id, answer, length, error));
}

int store_command_put(struct store *store, const char *id, const char *answer, size_t length, struct guan_error *error)
{
    int code = ready(store, true, error);
    return code ? code : noted(store, store->driver->command_put(store, id, answer, length, error));
}

/* --- care ---------------------------------------------------------------------------------------------------------- */

int store_backup(struct store *store, const char *path, uint64_t *entries, struct guan_error *error)
{
    uint64_t ignored;
    int code = store_begin(store, false, error);
    if (code) return code;
    code = store->driver->backup(store, path, entries ? entries : &ignored, error);
    store_rollback(store);
    return code;
}

int store_check(struct store *store, int (*each)(void *user, const char *text), void *user, struct guan_error *error)
{
    int code = store_begin(store, false, error);
    if (code) return code;
    code = store->driver->check(store, each, user, error);
    store_rollback(store);
    return code;
}

int store_figures(struct store *store, struct store_figures *out, struct guan_error *error)
{
    *out = (struct store_figures){0};
    int code = store_begin(store, false, error);
    if (code) return code;
    code = store->driver->figures(store, out, error);
    store_rollback(store);
    return code;
}
