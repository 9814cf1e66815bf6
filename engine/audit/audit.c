/* The auditor's commands over a store: verification, findings. */
#include "case/kase.h"

#include <string.h>

int guan_verify(struct guan *guan, const struct guan_sink *sink, struct guan_error *error)
{
    struct ledger_report report;
    char hex[HASH_HEX];
    arena_reset(guan->arena);
    memset(&report, 0, sizeof report);
    int code = store_begin(guan->store, false, error);
    if (code != GUAN_OK) return code;
    code = ledger_verify(guan->store, &report, NULL, NULL, error);
    store_rollback(guan->store);
    if (code != GUAN_OK && code != GUAN_TAMPERED) return code;
    struct value *map = value_map(guan->arena);
    if (report.bad) {
        struct value *bad = value_map(guan->arena);
        value_set_int(guan->arena, bad, "index", (int64_t)report.bad_index);
        value_set_text(guan->arena, bad, "case", report.bad_case);
        value_set_int(guan->arena, bad, "n", (int64_t)report.bad_n);
        value_set_text(guan->arena, bad, "text", report.text);
        value_set(guan->arena, map, "bad", bad);
    } else {
        hash_hex(&report.root, hex);
        value_set_int(guan->arena, map, "entries", (int64_t)report.entries);
        value_set_int(guan->arena, map, "cases", (int64_t)report.cases);
        value_set_int(guan->arena, map, "size", (int64_t)report.entries);
        value_set_text(guan->arena, map, "root", hex);
        value_set_int(guan->arena, map, "sealed", 0);
        value_set_text(guan->arena, map, "text", report.text[0] ? report.text : NULL);
    }
    int put = answer_put(sink, map, error);
    return put != GUAN_OK ? put : code;
}

/* --- findings -------------------------------------------------------------------------------------------------------------- */

struct collecting {
    struct guan *guan;
    const struct guan_sink *sink;
    struct guan_error *error;
    struct arena *arena;
    size_t standing;
};

static int of_case(void *user, const struct case_row *row)
{
    struct collecting *c = user;
    struct value *list;
    struct setting *setting;
    if (strcmp(row->id, "-") == 0) return GUAN_OK;
    arena_reset(c->arena);
    int code = findings_fold(c->guan, row, c->arena, &list, c->error);
    if (code == GUAN_OK) code = setting_get(c->guan, &row->def, row->dealer, &setting, c->error);
    for (size_t i = 0; i < value_count(list) && code == GUAN_OK; i++) {
        struct value *finding = value_at(list, i);
        const char *due = value_get_text(finding, "due"), *status = value_get_text(finding, "status");
        instant at;
        char text[40];
        if (due && instant_parse(due, strlen(due), NULL, &at, NULL) == GUAN_OK) {
            instant_format_local(setting->house->zone, at, false, text, sizeof text);
            value_set_text(c->arena, finding, "due_local", text);
        }
        if (!status || strcmp(status, "withdrawn") != 0) c->standing++;
        code = answer_put(c->sink, finding, c->error);
    }
    return code;
}

int guan_findings(struct guan *guan, const char *kase, const struct guan_sink *sink, struct guan_error *error)
{
    struct collecting c = {.guan = guan, .sink = sink, .error = error, .arena = arena_new()};
    struct case_row row;
    if (!c.arena) return error_memory(error);
    arena_reset(guan->arena);
    int code = store_begin(guan->store, false, error);
    if (code == GUAN_OK && kase) code = resolve_case(guan, kase, &row, error);
    if (code == GUAN_OK) code = kase ? of_case(&c, &row) : store_case_each(guan->store, NULL, of_case, &c, error);
    store_rollback(guan->store);
    arena_free(c.arena);
    if (code != GUAN_OK) return code;
    return c.standing ? error_set(error, GUAN_NO, "findings", "%zu findings stand", c.standing) : GUAN_OK;
}
