/* The rows that the case stands on now, against those that its entries lead to: who edits a table by hand edits no journal. */
#include "case/replay.h"

#include <string.h>

/* Two JSON texts of a row that are not the same. */
static int tell(struct arena *arena, const char *column, const char *recorded, size_t recorded_length, const char *performed,
                size_t performed_length, struct replay_report *report, struct guan_error *error)
{
    struct value *a = NULL, *b = NULL;
    report->key = column;
    if (recorded && json_read(arena, recorded, recorded_length, &a, NULL) != GUAN_OK)
        a = value_text_n(arena, recorded, recorded_length);
    if (performed && json_read(arena, performed, performed_length, &b, NULL) != GUAN_OK)
        b = value_text_n(arena, performed, performed_length);
    if (a && b && value_equal(a, b)) { /* the same, otherwise written: nobody but an editor does that */
        a = value_text_n(arena, recorded, recorded_length);
        b = value_text_n(arena, performed, performed_length);
    }
    return replay_difference(arena, a, b, report, error);
}

static bool same(const char *a, size_t a_length, const char *b, size_t b_length)
{
    if (!a || !b) return !a && !b;
    return a_length == b_length && memcmp(a, b, a_length) == 0;
}

static int tell_text(struct arena *arena, const char *key, const char *recorded, const char *performed,
                     struct replay_report *report, struct guan_error *error)
{
    report->key = key;
    return replay_difference(arena, value_text(arena, recorded), value_text(arena, performed), report, error);
}

static const char *time_text(struct arena *arena, instant at)
{
    char text[INSTANT_TEXT] = "";
    if (at != INSTANT_NONE) instant_format(at, text);
    return arena_text(arena, text, strlen(text));
}

/* --- sessions ------------------------------------------------------------------------------------------------------------------
 */

static int session(struct arena *arena, const struct session_row *live, const struct session_row *again, uint64_t n,
                   struct replay_report *report, struct guan_error *error)
{
    const char *id = live ? live->id : again->id;
    if (live && again && text_equal(live->id, again->id) &&
        same(live->snapshot, live->snapshot_length, again->snapshot, again->snapshot_length) &&
        same(live->facts, live->facts_length, again->facts, again->facts_length) && live->ended == again->ended &&
        text_equal(live->process, again->process) &&
        text_equal(live->parent ? live->parent : "", again->parent ? again->parent : ""))
        return GUAN_OK;
    replay_differs(report, "session", id, n, NULL);
    if (!live || !again || !text_equal(live->id, again->id))
        return tell_text(arena, "id", live ? live->id : NULL, again ? again->id : NULL, report, error);
    if (!same(live->snapshot, live->snapshot_length, again->snapshot, again->snapshot_length))
        return tell(arena, "snapshot", live->snapshot, live->snapshot_length, again->snapshot, again->snapshot_length, report,
                    error);
    if (!same(live->facts, live->facts_length, again->facts, again->facts_length))
        return tell(arena, "facts", live->facts, live->facts_length, again->facts, again->facts_length, report, error);
    if (live->ended != again->ended)
        return tell_text(arena, "ended", live->ended ? "yes" : "no", again->ended ? "yes" : "no", report, error);
    if (!text_equal(live->process, again->process))
        return tell_text(arena, "process", live->process, again->process, report, error);
    return tell_text(arena, "parent", live->parent, again->parent, report, error);
}

static int sessions(struct guan *guan, struct guan *scratch, const struct case_row *row, struct arena *arena,
                    struct replay_report *report, struct guan_error *error)
{
    struct session_row *live, *again;
    size_t live_count, again_count;
    int code = store_sessions(guan->store, arena, row->id, &live, &live_count, error);
    if (code == GUAN_OK) code = store_sessions(scratch->store, arena, row->id, &again, &again_count, error);
    for (size_t i = 0; code == GUAN_OK && report->status == REPLAY_IDENTICAL && (i < live_count || i < again_count); i++)
        code = session(arena, i < live_count ? &live[i] : NULL, i < again_count ? &again[i] : NULL, row->n, report, error);
    return code;
}

/* --- timers -------------------------------------------------------------------------------------------------------------------
 */

static const struct timer_row *find(const struct timer_row *rows, size_t count, const struct timer_row *wanted)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i].session, wanted->session) == 0 && strcmp(rows[i].name, wanted->name) == 0 &&
            strcmp(rows[i].instance, wanted->instance) == 0)
            return &rows[i];
    return NULL;
}

static int timer(struct arena *arena, const struct timer_row *live, const struct timer_row *again, uint64_t n,
                 struct replay_report *report, struct guan_error *error)
{
    const struct timer_row *row = live ? live : again;
    const char *a = live && live->body ? live->body : NULL, *b = again && again->body ? again->body : NULL;
    bool body = !same(a, a ? strlen(a) : 0, b, b ? strlen(b) : 0);
    if (live && again && live->due == again->due && !body) return GUAN_OK;
    replay_differs(report, "timer",
                   arena_printf(arena, "%s %s%s%s", row->session, row->name, row->instance[0] ? " " : "", row->instance), n,
                   NULL);
    if (live && again && live->due == again->due)
        return tell(arena, "body", a, a ? strlen(a) : 0, b, b ? strlen(b) : 0, report, error);
    return tell_text(arena, "due", live ? time_text(arena, live->due) : NULL, again ? time_text(arena, again->due) : NULL, report,
                     error);
}

static int timers(struct guan *guan, struct guan *scratch, const struct case_row *row, struct arena *arena,
                  struct replay_report *report, struct guan_error *error)
{
    struct timer_row *live, *again;
    size_t live_count, again_count;
    int code = store_timers(guan->store, arena, row->id, &live, &live_count, error);
    if (code == GUAN_OK) code = store_timers(scratch->store, arena, row->id, &again, &again_count, error);
    for (size_t i = 0; code == GUAN_OK && report->status == REPLAY_IDENTICAL && i < again_count; i++)
        code = timer(arena, find(live, live_count, &again[i]), &again[i], row->n, report, error);
    for (size_t i = 0; code == GUAN_OK && report->status == REPLAY_IDENTICAL && i < live_count; i++)
        if (!find(again, again_count, &live[i])) code = timer(arena, &live[i], NULL, row->n, report, error);
    return code;
}

/* --- names --------------------------------------------------------------------------------------------------------------------
 */

static const struct name_row *named(const struct name_row *rows, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i].id, id) == 0) return &rows[i];
    return NULL;
}

/* Which there are and in what role; that a name is the one that was given, verify sees. */
static int names(struct guan *guan, struct guan *scratch, const struct case_row *row, struct arena *arena,
                 struct replay_report *report, struct guan_error *error)
{
    struct name_row *live, *again;
    size_t live_count, again_count;
    struct hash secret;
    int code = store_secret(guan->store, row->id, &secret, NULL);
    if (code != GUAN_OK) return code == GUAN_USAGE ? GUAN_OK : code; /* erased, and these with it */
    code = store_names(guan->store, arena, row->id, &live, &live_count, error);
    if (code == GUAN_OK) code = store_names(scratch->store, arena, row->id, &again, &again_count, error);
    for (size_t i = 0; code == GUAN_OK && i < again_count; i++) {
        const struct name_row *name = named(live, live_count, again[i].id);
        if (name && text_equal(name->role, again[i].role)) continue;
        replay_differs(report, "name", again[i].id, row->n, name ? NULL : "a name or a contact of the case is gone");
        return tell_text(arena, "role", name ? name->role : NULL, again[i].role, report, error);
    }
    for (size_t i = 0; code == GUAN_OK && i < live_count; i++) {
        if (strcmp(live[i].id, "key") == 0 || named(again, again_count, live[i].id)) continue;
        replay_differs(report, "name", live[i].id, row->n, "nothing that was recorded gives the case this name or contact");
        return tell_text(arena, "role", live[i].role, NULL, report, error);
    }
    return code;
}

/* --- the case's row ------------------------------------------------------------------------------------------------------------
 */

static const char *hex_text(struct arena *arena, const struct hash *hash)
{
    char hex[HASH_HEX];
    hash_hex(hash, hex);
    return arena_text(arena, hex, HASH_HEX - 1);
}

/* What the dealer's key is found by is made of the key, which is a name of the case, and of the store's secret. */
static int key_row(struct guan *guan, const struct case_row *live, struct arena *arena, struct replay_report *report,
                   struct guan_error *error)
{
    struct name_row *names;
    struct hash key = {{0}}, secret;
    size_t count;
    int code = store_secret(guan->store, live->id, &secret, NULL);
    if (code != GUAN_OK) return code == GUAN_USAGE ? GUAN_OK : code; /* erased: nobody can tell */
    code = store_names(guan->store, arena, live->id, &names, &count, error);
    for (size_t i = 0; code == GUAN_OK && i < count; i++)
        if (strcmp(names[i].id, "key") == 0) code = resolve_key(guan, names[i].name, &key, error);
    if (code != GUAN_OK || hash_equal(&key, &live->key)) return code;
    replay_differs(report, "case", live->id, live->n, "the case is not found by the dealer's key that it was given");
    return tell_text(arena, "key", hex_text(arena, &live->key), hex_text(arena, &key), report, error);
}

static int due_row(struct guan *guan, const struct case_row *live, struct arena *arena, struct replay_report *report,
                   struct guan_error *error)
{
    const char *wrong;
    int code = store_due_wrong(guan->store, arena, live->id, &wrong, error);
    if (code != GUAN_OK || !wrong) return code;
    replay_differs(report, "case", live->id, live->n, "the row does not say when the next of its deadlines is due");
    report->key = "due";
    return GUAN_OK;
}

/* Where the last entry lies in the ledger is not of the case's making; verify looks at that. */
static int case_row(struct guan *scratch, const struct case_row *live, struct arena *arena, struct replay_report *report,
                    struct guan_error *error)
{
    struct case_row again;
    int code = store_case(scratch->store, arena, live->id, &again, error);
    if (code != GUAN_OK) return code;
    const struct {
        const char *key, *recorded, *performed;
    } columns[] = {
        {"dealer", live->dealer, again.dealer},
        {"process", live->process, again.process},
        {"def", hex_text(arena, &live->def), hex_text(arena, &again.def)},
        {"n", arena_printf(arena, "%llu", (unsigned long long)live->n), arena_printf(arena, "%llu", (unsigned long long)again.n)},
        {"head", hex_text(arena, &live->head), hex_text(arena, &again.head)},
        {"rec", time_text(arena, live->rec), time_text(arena, again.rec)},
        {"ended", live->ended ? "yes" : "no", again.ended ? "yes" : "no"}};
    if (arena_failed(arena)) return error_memory(error);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        if (text_equal(columns[i].recorded, columns[i].performed)) continue;
        replay_differs(report, "case", live->id, live->n, NULL);
        return tell_text(arena, columns[i].key, columns[i].recorded, columns[i].performed, report, error);
    }
    if (same(live->state, live->state_length, again.state, again.state_length)) return GUAN_OK;
    replay_differs(report, "case", live->id, live->n, NULL);
    return tell(arena, "state", live->state, live->state_length, again.state, again.state_length, report, error);
}

int replay_reconcile(struct guan *guan, struct guan *scratch, const struct case_row *row, struct arena *arena,
                     struct replay_report *report, struct guan_error *error)
{
    int code = sessions(guan, scratch, row, arena, report, error);
    if (code == GUAN_OK && report->status == REPLAY_IDENTICAL) code = timers(guan, scratch, row, arena, report, error);
    if (code == GUAN_OK && report->status == REPLAY_IDENTICAL) code = case_row(scratch, row, arena, report, error);
    if (code == GUAN_OK && report->status == REPLAY_IDENTICAL) code = key_row(guan, row, arena, report, error);
    if (code == GUAN_OK && report->status == REPLAY_IDENTICAL) code = due_row(guan, row, arena, report, error);
    if (code == GUAN_OK && report->status == REPLAY_IDENTICAL) code = names(guan, scratch, row, arena, report, error);
    return code == GUAN_OK && arena_failed(arena) ? error_memory(error) : code;
}
