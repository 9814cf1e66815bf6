/* guan_replay: cases performed again, one after the other, each against a moment's view of the store. Nothing is written to it.
 */
#include "case/replay.h"
#include "ledger/entry.h"

#include <string.h>

struct replaying {
    struct guan *guan, *scratch;
    const struct guan_replay_options *options;
    const struct guan_sink *sink;
    struct arena *arena; /* of one case */
    char after[64];      /* the case that was last, when all are asked for */
    uint64_t all, done;
    uint64_t entries, given, identical, not_comparable, different;
};

static struct value *difference(struct arena *arena, const struct replay_report *report)
{
    struct value *map = value_map(arena);
    value_set_text(arena, map, "where", report->where);
    value_set_text(arena, map, "row", report->row);
    if (report->n) value_set_int(arena, map, "n", (int64_t)report->n);
    value_set_text(arena, map, "key", report->key);
    value_set_text(arena, map, "recorded", report->recorded);
    value_set_text(arena, map, "performed", report->performed);
    value_set_text(arena, map, "text", report->text);
    return map;
}

/* Those that came out the same are only counted, unless they were asked for by name. */
static int tell(struct replaying *r, const struct case_row *row, const struct replay_report *report, struct guan_error *error)
{
    static const char *const statuses[] = {"identical", "not_comparable", "different"};
    struct value *map = value_map(r->arena);
    if (report->status == REPLAY_IDENTICAL && !r->options->case_count) return GUAN_OK;
    value_set_text(r->arena, map, "case", row->id);
    value_set_text(r->arena, map, "status", statuses[report->status]);
    value_set_int(r->arena, map, "entries", (int64_t)row->n);
    if (report->status == REPLAY_NOT_COMPARABLE) value_set_int(r->arena, map, "sem", report->sem);
    if (report->status == REPLAY_DIFFERENT) value_set(r->arena, map, "difference", difference(r->arena, report));
    return arena_failed(r->arena) ? error_memory(error) : answer_put(r->sink, map, error);
}

static int one_case(struct replaying *r, const struct case_row *row, struct guan_error *error)
{
    struct replay_report report;
    int code = replay_case(r->guan, r->scratch, row, r->arena, &report, error);
    if (code != GUAN_OK) return code;
    r->done++;
    r->entries += row->n;
    r->given += report.given;
    if (report.status == REPLAY_IDENTICAL) r->identical++;
    else if (report.status == REPLAY_NOT_COMPARABLE) r->not_comparable++;
    else r->different++;
    code = tell(r, row, &report, error);
    if (r->options->progress) r->options->progress(r->options->user, r->done, r->all);
    return code;
}

/* --- entries that no row leads to ------------------------------------------------------------------------------------------- */

static int count_entries(void *user, const struct case_row *row)
{
    *(uint64_t *)user += row->n;
    return GUAN_OK;
}

struct straying {
    struct replaying *r;
    struct guan_error *error;
};

/* The first entry of a case whose row is gone. */
static int look_for_row(void *user, const struct entry_row *row)
{
    struct straying *straying = user;
    struct replaying *r = straying->r;
    struct entry_view view;
    struct case_row found;
    char id[ENTRY_CASE_BYTES + 1];
    if (entry_scan(row->bytes, row->length, &view) || view.n != 1) return GUAN_OK; /* bytes that are none, verify tells */
    memcpy(id, view.kase.at, view.kase.length);
    id[view.kase.length] = '\0';
    arena_reset(r->arena);
    int code = store_case(r->guan->store, r->arena, id, &found, straying->error);
    if (code != GUAN_USAGE) return code == GUAN_TAMPERED ? GUAN_OK : code;
    struct replay_report report = {.status = REPLAY_IDENTICAL};
    replay_differs(&report, "case", id, 1, "the case's row is gone, so it is in no list and none of its deadlines is kept");
    found = (struct case_row){.id = id};
    r->different++;
    return tell(r, &found, &report, straying->error);
}

/* Every entry belongs to a case that was performed again, or to the ledger's own. */
static int strays(struct replaying *r, struct guan_error *error)
{
    struct ledger_head head;
    struct straying straying = {r, error};
    uint64_t entries = 0;
    int code = store_begin(r->guan->store, false, error);
    if (code == GUAN_OK) code = store_head(r->guan->store, &head, error);
    if (code == GUAN_OK) code = store_case_each(r->guan->store, NULL, count_entries, &entries, error);
    if (code == GUAN_OK && entries != head.size) code = store_entry_each(r->guan->store, 0, look_for_row, &straying, error);
    store_rollback(r->guan->store);
    return code;
}

/* --- which ------------------------------------------------------------------------------------------------------------------ */

static int count_case(void *user, const struct case_row *row)
{
    if (strcmp(row->id, "-") != 0) ++*(uint64_t *)user;
    return GUAN_OK;
}

enum { FOUND = -1 }; /* no code of ours: stops the walk */

static int next_case(void *user, const struct case_row *row)
{
    char *id = user;
    size_t length = strlen(row->id);
    if (strcmp(row->id, "-") == 0 || length >= sizeof((struct replaying *)0)->after) return GUAN_OK;
    memcpy(id, row->id, length + 1);
    return FOUND;
}

/* A transaction a case, so that a long audit holds nobody up. *more: there was one. */
static int next(struct replaying *r, bool *more, struct guan_error *error)
{
    struct case_row row;
    char after[sizeof r->after];
    arena_reset(r->arena);
    arena_reset(r->guan->arena);
    memcpy(after, r->after, sizeof after);
    int code = store_begin(r->guan->store, false, error);
    if (code == GUAN_OK) code = store_case_each(r->guan->store, after[0] ? after : NULL, next_case, r->after, error);
    *more = code == FOUND;
    if (*more) code = store_case(r->guan->store, r->arena, r->after, &row, error);
    if (code == GUAN_OK && *more) code = one_case(r, &row, error);
    store_rollback(r->guan->store);
    return code;
}

static int named(struct replaying *r, const char *name, struct guan_error *error)
{
    struct case_row row;
    arena_reset(r->arena);
    arena_reset(r->guan->arena);
    int code = store_begin(r->guan->store, false, error);
    if (code == GUAN_OK) code = resolve_case(r->guan, name, &row, error);
    if (code == GUAN_OK) code = one_case(r, &row, error);
    store_rollback(r->guan->store);
    return code;
}

static int count_all(struct replaying *r, struct guan_error *error)
{
    r->all = r->options->case_count;
    if (r->all || !r->options->progress) return GUAN_OK;
    int code = store_begin(r->guan->store, false, error);
    if (code == GUAN_OK) code = store_case_each(r->guan->store, NULL, count_case, &r->all, error);
    store_rollback(r->guan->store);
    return code;
}

static int replay(struct replaying *r, struct guan_error *error)
{
    int code = count_all(r, error);
    bool more = !r->options->case_count;
    for (size_t i = 0; i < r->options->case_count && code == GUAN_OK; i++) code = named(r, r->options->cases[i], error);
    while (more && code == GUAN_OK) code = next(r, &more, error);
    if (code == GUAN_OK && !r->options->case_count) code = strays(r, error);
    if (code != GUAN_OK) return code;
    arena_reset(r->arena);
    struct value *map = value_map(r->arena);
    value_set_int(r->arena, map, "cases", (int64_t)r->done);
    value_set_int(r->arena, map, "entries", (int64_t)r->entries);
    value_set_int(r->arena, map, "given", (int64_t)r->given);
    value_set_int(r->arena, map, "identical", (int64_t)r->identical);
    value_set_int(r->arena, map, "not_comparable", (int64_t)r->not_comparable);
    value_set_int(r->arena, map, "different", (int64_t)r->different);
    value_set_int(r->arena, map, "sem", RECORD_SEM);
    return arena_failed(r->arena) ? error_memory(error) : answer_put(r->sink, map, error);
}

int guan_replay(struct guan *guan, const struct guan_replay_options *options, const struct guan_sink *sink,
                struct guan_error *error)
{
    static const struct guan_replay_options all = {0};
    struct replaying r = {.guan = guan, .options = options ? options : &all, .sink = sink, .arena = arena_new()};
    int code = r.arena ? replay_open(guan, &r.scratch, error) : error_memory(error);
    if (code == GUAN_OK) code = replay(&r, error);
    replay_close(r.scratch);
    arena_free(r.arena);
    if (code != GUAN_OK || !r.different) return code;
    return error_set(error, GUAN_TAMPERED, "different", "%llu of %llu cases are not what their record leads to",
                     (unsigned long long)r.different, (unsigned long long)r.done);
}
