/* Cases and their sessions. */
#include "store/sqlite.h"

#include <string.h>

#define CASE_COLUMNS    "id, dealer, process, def, key, n, last, head, rec, ended, state"
#define AMBIGUOUS_SHOWN 5

static void read_case(struct query *query, struct case_row *out)
{
    out->id = query_text(query, 0, NULL);
    out->dealer = query_text(query, 1, NULL);
    out->process = query_text(query, 2, NULL);
    out->def = query_hash(query, 3);
    out->key = query_hash(query, 4);
    out->n = (uint64_t)query_int(query, 5);
    out->last = (uint64_t)query_int(query, 6); /* -1 stands for UINT64_MAX */
    out->head = query_hash(query, 7);
    out->rec = query_int(query, 8);
    out->ended = query_int(query, 9) != 0;
    out->state = query_text(query, 10, &out->state_length);
}

static void bind_progress(struct query *query, const struct case_row *row)
{
    query_bind_hash(query, &row->def);
    query_bind_int(query, (int64_t)row->n);
    query_bind_int(query, (int64_t)row->last);
    query_bind_hash(query, &row->head);
    query_bind_int(query, row->rec);
    query_bind_int(query, row->ended);
    query_bind_text_n(query, row->state, row->state_length);
}

int sqlite_case_add(struct store *store, const struct case_row *row, struct guan_error *error)
{
    int code = sqlite_timers_unsettle(store, row->id, error); /* timers may be there before their case */
    if (code) return code;
    struct query query = query_start(store, SLOT_CASE_ADD, NULL,
                                     "INSERT INTO cases (id, dealer, process, key, def, n, last, head, rec, ended, state) "
                                     "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query_bind_text(&query, row->id);
    query_bind_text(&query, row->dealer);
    query_bind_text(&query, row->process);
    query_bind_hash_or_null(&query, &row->key);
    bind_progress(&query, row);
    query_row(&query);
    if (query.result == SQLITE_CONSTRAINT_UNIQUE) {
        query_end(&query, NULL);
        error_set(error, GUAN_USAGE, "case-exists", "there is a case with this id already");
        error_where(error, "%s", row->id);
        return GUAN_USAGE;
    }
    return query_end(&query, error);
}

/* One case is changed, or there is none. */
static int changed(struct query *query, const char *id, struct guan_error *error)
{
    int code = query_run(query, error);
    if (code || sqlite3_changes(query->store->db) > 0) return code;
    error_set(error, GUAN_USAGE, "no-such-case", "there is no such case");
    error_where(error, "%s", id);
    error_hint(error, "see guan list");
    return GUAN_USAGE;
}

int sqlite_case_save(struct store *store, const struct case_row *row, struct guan_error *error)
{
    struct query query = query_start(store, SLOT_CASE_SAVE, NULL,
                                     "UPDATE cases SET def = ?, n = ?, last = ?, head = ?, rec = ?, ended = ?, state = ? "
                                     "WHERE id = ?");
    bind_progress(&query, row);
    query_bind_text(&query, row->id);
    int code = changed(&query, row->id, error);
    if (code) return code;
    /* Apart, because naming the column would write its index every time, and it hardly ever changes. */
    query = query_start(store, SLOT_CASE_KEY, NULL, "UPDATE cases SET key = ?1 WHERE id = ?2 AND key IS NOT ?1");
    query_bind_hash_or_null(&query, &row->key);
    query_bind_text(&query, row->id);
    return query_run(&query, error);
}

/* The row of a query that has at most one; `who` names it when there is none. */
static int one_case(struct query *query, const char *who, struct case_row *out, struct guan_error *error)
{
    bool found = query_row(query);
    if (found) read_case(query, out);
    int code = query_end(query, error);
    if (code || found) return code;
    error_set(error, GUAN_USAGE, "no-such-case", "there is no such case");
    error_where(error, "%s", who);
    error_hint(error, "see guan list");
    return GUAN_USAGE;
}

int sqlite_case_get(struct store *store, struct arena *arena, const char *id, struct case_row *out, struct guan_error *error)
{
    struct query query = query_start(store, SLOT_CASE, arena, "SELECT " CASE_COLUMNS " FROM cases WHERE id = ?");
    query_bind_text(&query, id);
    return one_case(&query, id, out, error);
}

int sqlite_case_by_key(struct store *store, struct arena *arena, const struct hash *key, struct case_row *out,
                       struct guan_error *error)
{
    struct query query =
        query_start(store, SLOT_CASE_BY_KEY, arena, "SELECT " CASE_COLUMNS " FROM cases WHERE key = ? ORDER BY no DESC LIMIT 1");
    query_bind_hash(&query, key);
    return one_case(&query, "key", out, error);
}

static int ambiguous(const char *prefix, const char *const *ids, size_t count, struct guan_error *error)
{
    struct buffer text = {0};
    for (size_t i = 0; i < count && i < AMBIGUOUS_SHOWN; i++) buffer_printf(&text, "%s%s", i ? ", " : "", ids[i]);
    if (count > AMBIGUOUS_SHOWN) buffer_text(&text, ", …");
    error_set(error, GUAN_USAGE, "ambiguous-case", "several cases begin like this: %s", text.data ? text.data : "");
    buffer_release(&text);
    error_where(error, "%s", prefix);
    error_hint(error, "type more of the id");
    return GUAN_USAGE;
}

/* The ledger's own case "-" is found by its whole name only. */
int sqlite_case_find(struct store *store, struct arena *arena, const char *prefix, struct case_row *out, struct guan_error *error)
{
    struct query query =
        query_start(store, SLOT_CASE_FIND, arena,
                    "SELECT id FROM cases WHERE id >= ?1 AND id < ?1 || char(1114111) AND (id <> '-' OR id = ?1) "
                    "ORDER BY id LIMIT ?2");
    query_bind_text(&query, prefix);
    query_bind_int(&query, AMBIGUOUS_SHOWN + 1);
    const char *ids[AMBIGUOUS_SHOWN + 1];
    size_t count = 0;
    while (query_row(&query)) ids[count++] = query_text(&query, 0, NULL);
    int code = query_end(&query, error);
    if (code) return code;
    if (count == 0) return sqlite_case_get(store, arena, prefix, out, error); /* says that there is none */
    if (count > 1 && strcmp(ids[0], prefix) != 0) return ambiguous(prefix, ids, count, error);
    return sqlite_case_get(store, arena, ids[0], out, error);
}

int sqlite_case_each(struct store *store, const char *after, int (*each)(void *user, const struct case_row *row), void *user,
                     struct guan_error *error)
{
    struct query query =
        query_start(store, SLOT_NONE, NULL, "SELECT " CASE_COLUMNS " FROM cases WHERE ?1 IS NULL OR id > ?1 ORDER BY id");
    query_bind_text(&query, after);
    int stopped = 0;
    while (!stopped && query_row(&query)) {
        struct case_row row;
        read_case(&query, &row);
        if (query.result == SQLITE_OK) stopped = each(user, &row);
    }
    int code = query_end(&query, error);
    return code ? code : stopped;
}

/* --- sessions ------------------------------------------------------------------------------------------------------ */

int sqlite_sessions(struct store *store, struct arena *arena, const char *kase, struct session_row **rows, size_t *count,
                    struct guan_error *error)
{
    struct query query =
        query_start(store, SLOT_SESSIONS, arena,
                    "SELECT id, parent, process, ended, snapshot, facts FROM sessions WHERE kase = ? ORDER BY ord");
    query_bind_text(&query, kase);
    *rows = NULL;
    *count = 0;
    while (query_row(&query)) {
        *rows = query_grow(&query, *rows, *count, sizeof **rows);
        if (!*rows) break;
        struct session_row *row = &(*rows)[(*count)++];
        row->id = query_text(&query, 0, NULL);
        row->parent = query_text(&query, 1, NULL);
        row->process = query_text(&query, 2, NULL);
        row->ended = query_int(&query, 3) != 0;
        row->snapshot = query_text(&query, 4, &row->snapshot_length);
        row->facts = query_text(&query, 5, &row->facts_length);
    }
    return query_end(&query, error);
}

int sqlite_session_save(struct store *store, const char *kase, uint32_t order, const struct session_row *row,
                        struct guan_error *error)
{
    struct query query = query_start(
        store, SLOT_SESSION_SAVE, NULL,
        "INSERT INTO sessions (kase, ord, id, parent, process, ended, snapshot, facts) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (kase, ord) DO UPDATE SET id = excluded.id, parent = excluded.parent, process = excluded.process, "
        "ended = excluded.ended, snapshot = excluded.snapshot, facts = excluded.facts");
    query_bind_text(&query, kase);
    query_bind_int(&query, order);
    query_bind_text(&query, row->id);
    query_bind_text(&query, row->parent);
    query_bind_text(&query, row->process);
    query_bind_int(&query, row->ended);
    query_bind_text_n(&query, row->snapshot, row->snapshot_length);
    query_bind_text_n(&query, row->facts, row->facts_length);
    return query_run(&query, error);
}
