/* Timers, and which cases are due. The row of a case holds the earliest due time of its timers, brought up to date once, when the
 * transaction is through with the case's timers or somebody asks: setting one and removing another is one change of the index. */
#include "store/sqlite.h"

#include <string.h>

int sqlite_timers_settle(struct store *store, struct guan_error *error)
{
    char *kase = ((struct sqlite_store *)store)->unsettled;
    if (!*kase) return GUAN_OK;
    struct query query =
        query_start(store, SLOT_SETTLE, NULL,
                    "UPDATE cases SET due = earliest.due FROM (SELECT min(due) AS due FROM timers WHERE kase = ?1) "
                    "AS earliest WHERE id = ?1 AND cases.due IS NOT earliest.due");
    query_bind_text(&query, kase);
    int code = query_run(&query, error);
    *kase = '\0';
    return code;
}

int sqlite_timers_unsettle(struct store *store, const char *kase, struct guan_error *error)
{
    char *unsettled = ((struct sqlite_store *)store)->unsettled;
    if (strcmp(unsettled, kase) == 0) return GUAN_OK;
    int code = sqlite_timers_settle(store, error);
    if (code) return code;
    size_t length = strlen(kase);
    if (length >= sizeof((struct sqlite_store *)store)->unsettled)
        return error_set(error, GUAN_USAGE, "case-id", "the id of the case is too long");
    memcpy(unsettled, kase, length + 1);
    return GUAN_OK;
}

int sqlite_timers(struct store *store, struct arena *arena, const char *kase, struct timer_row **rows, size_t *count,
                  struct guan_error *error)
{
    struct query query = query_start(store, SLOT_TIMERS, arena,
                                     "SELECT session, name, instance, due, body FROM timers WHERE kase = ? "
                                     "ORDER BY due, session, name, instance");
    query_bind_text(&query, kase);
    *rows = NULL;
    *count = 0;
    while (query_row(&query)) {
        *rows = query_grow(&query, *rows, *count, sizeof **rows);
        if (!*rows) break;
        struct timer_row *row = &(*rows)[(*count)++];
        row->session = query_text(&query, 0, NULL);
        row->name = query_text(&query, 1, NULL);
        row->instance = query_text(&query, 2, NULL);
        row->due = query_int(&query, 3);
        row->body = query_text(&query, 4, NULL);
    }
    return query_end(&query, error);
}

int sqlite_timer_set(struct store *store, const char *kase, const struct timer_row *row, struct guan_error *error)
{
    int code = sqlite_timers_unsettle(store, kase, error);
    if (code) return code;
    struct query query = query_start(store, SLOT_TIMER_SET, NULL,
                                     "INSERT INTO timers (kase, session, name, instance, due, body) VALUES (?, ?, ?, ?, ?, ?) "
                                     "ON CONFLICT DO UPDATE SET due = excluded.due, body = excluded.body");
    query_bind_text(&query, kase);
    query_bind_text(&query, row->session);
    query_bind_text(&query, row->name);
    query_bind_text(&query, row->instance);
    query_bind_int(&query, row->due);
    query_bind_text(&query, row->body);
    return query_run(&query, error);
}

int sqlite_timer_remove(struct store *store, const char *kase, const char *session, const char *name, const char *instance,
                        struct guan_error *error)
{
    int code = sqlite_timers_unsettle(store, kase, error);
    if (code) return code;
    struct query query = query_start(store, SLOT_TIMER_REMOVE, NULL,
                                     "DELETE FROM timers WHERE kase = ? AND session = ? AND name = ? AND instance = ?");
    query_bind_text(&query, kase);
    query_bind_text(&query, session);
    query_bind_text(&query, name);
    query_bind_text(&query, instance);
    return query_run(&query, error);
}

int sqlite_due(struct store *store, struct arena *arena, instant until, size_t limit, const char ***ids, size_t *count,
               struct guan_error *error)
{
    *ids = NULL;
    *count = 0;
    int code = sqlite_timers_settle(store, error);
    if (code) return code;
    struct query query = query_start(store, SLOT_DUE, arena, "SELECT id FROM cases WHERE due <= ? ORDER BY due, id LIMIT ?");
    query_bind_int(&query, until);
    query_bind_int(&query, limit > INT64_MAX ? INT64_MAX : (int64_t)limit);
    while (query_row(&query)) {
        *ids = query_grow(&query, *ids, *count, sizeof **ids);
        if (!*ids) break;
        (*ids)[(*count)++] = query_text(&query, 0, NULL);
    }
    return query_end(&query, error);
}

int sqlite_next_due(struct store *store, instant *out, struct guan_error *error)
{
    int code = sqlite_timers_settle(store, error);
    if (code) return code;
    struct query query =
        query_start(store, SLOT_NEXT_DUE, NULL, "SELECT due FROM cases WHERE due IS NOT NULL ORDER BY due LIMIT 1");
    *out = query_row(&query) ? query_int(&query, 0) : INSTANT_NONE;
    return query_end(&query, error);
}

int sqlite_due_wrong(struct store *store, struct arena *arena, const char *kase, const char **out, struct guan_error *error)
{
    *out = NULL;
    int code = sqlite_timers_settle(store, error);
    if (code) return code;
    struct query query =
        kase ? query_start(store, SLOT_DUE_WRONG_OF, arena,
                           "SELECT id FROM cases WHERE id = ? AND due IS NOT (SELECT min(due) FROM timers WHERE kase = cases.id)")
             : query_start(store, SLOT_DUE_WRONG, arena,
                           "SELECT id FROM cases WHERE due IS NOT (SELECT min(due) FROM timers WHERE kase = cases.id) "
                           "ORDER BY id LIMIT 1");
    if (kase) query_bind_text(&query, kase);
    if (query_row(&query)) *out = query_text(&query, 0, NULL);
    return query_end(&query, error);
}
