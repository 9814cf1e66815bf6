/* The auditor's commands over a store: findings. */
#include "audit/clauses.h"
#include "audit/why.h"

#include <string.h>

/* --- findings -------------------------------------------------------------------------------------------------------------- */

struct collecting {
    struct guan *guan;
    const struct guan_sink *sink;
    struct guan_error *error;
    struct arena *arena;
    const struct guan_filter *filter;
    size_t standing;
};

static void add_local(struct arena *arena, const struct zone *zone, struct value *map, const char *key, const char *local)
{
    const char *text = value_get_text(map, key);
    instant at;
    char out[40];
    if (!text || instant_parse(text, strlen(text), NULL, &at, NULL) != GUAN_OK) return;
    instant_format_local(zone, at, false, out, sizeof out);
    value_set_text(arena, map, local, out);
}

static bool passes(const struct guan_filter *filter, const struct value *finding, instant since)
{
    const char *rec = value_get_text(finding, "rec");
    instant at;
    if (!filter) return true;
    if (filter->open && !text_equal(value_get_text(finding, "status"), "open")) return false;
    if (filter->clause && !clauses_under(value_get(finding, "clause"), filter->clause)) return false;
    return since == INSTANT_NONE || (rec && instant_parse(rec, strlen(rec), NULL, &at, NULL) == GUAN_OK && at >= since);
}

static int of_case(void *user, const struct case_row *row)
{
    struct collecting *c = user;
    struct value *list;
    struct setting *setting;
    instant since = INSTANT_NONE;
    const char *from = c->filter ? c->filter->since : NULL;
    if (strcmp(row->id, "-") == 0) return GUAN_OK;
    arena_reset(c->arena);
    int code = findings_fold(c->guan, row, c->arena, &list, c->error);
    if (code == GUAN_OK) code = setting_get(c->guan, &row->def, row->dealer, &setting, c->error);
    if (code == GUAN_OK && from && instant_parse(from, strlen(from), setting->house->zone, &since, NULL) != GUAN_OK)
        return error_set(c->error, GUAN_USAGE, "time", "--since \"%s\" is not a time; write 2026-03-07", from);
    for (size_t i = 0; i < value_count(list) && code == GUAN_OK; i++) {
        struct value *finding = value_at(list, i);
        if (!passes(c->filter, finding, since)) continue;
        const char *actor = value_get_text(finding, "actor");
        const struct person *person = actor ? house_person(setting->house, actor) : NULL;
        finding_person(c->arena, finding, finding, person ? person->name : actor);
        add_local(c->arena, setting->house->zone, finding, "due", "due_local");
        add_local(c->arena, setting->house->zone, finding, "at", "at_local");
        if (!text_equal(value_get_text(finding, "status"), "withdrawn")) c->standing++;
        code = answer_put(c->sink, finding, c->error);
    }
    return code;
}

int guan_findings(struct guan *guan, const struct guan_filter *filter, const struct guan_sink *sink, struct guan_error *error)
{
    struct collecting c = {.guan = guan, .sink = sink, .error = error, .arena = arena_new(), .filter = filter};
    const char *kase = filter ? filter->kase : NULL;
    struct case_row row;
    if (!c.arena) return error_memory(error);
    arena_reset(guan->arena);
    int code = store_begin(guan->store, false, error);
    if (code == GUAN_OK) code = clause_in_store(guan, filter ? filter->clause : NULL, error);
    if (code == GUAN_OK && kase) code = resolve_case(guan, kase, &row, error);
    if (code == GUAN_OK) code = kase ? of_case(&c, &row) : store_case_each(guan->store, NULL, of_case, &c, error);
    store_rollback(guan->store);
    arena_free(c.arena);
    if (code != GUAN_OK) return code;
    return c.standing
               ? error_set(error, GUAN_NO, "findings", "%zu finding%s", c.standing, c.standing == 1 ? " stands" : "s stand")
               : GUAN_OK;
}
