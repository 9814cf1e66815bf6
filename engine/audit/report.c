/* guan audit report: one walk over the record, everything that a quality manager puts on the table as one JSON object. */
#include "audit/report.h"

#include <stdlib.h>
#include <string.h>

int report_severity(const char *name)
{
    static const char *const names[] = {"info", "minor", "major", "critical"};
    for (int i = 0; i < 4; i++)
        if (text_equal(name, names[i])) return i;
    return 0;
}

bool report_stands(const struct report *report, const struct dossier *dossier, const struct value *finding)
{
    const char *rec = value_get_text(finding, "rec");
    (void)report;
    if (text_equal(value_get_text(finding, "status"), "withdrawn")) return false;
    for (size_t i = 0; i < dossier->count; i++) /* its last word was said within the period */
        if (dossier->entries[i].inside && text_equal(value_get_text(dossier->entries[i].entry, "rec"), rec)) return true;
    return false;
}

bool report_timely(const struct value *finding)
{
    static const char *const codes[] = {"STEP_LATE", "STEP_MISSING", "WINDOW_MISSED", "WINDOW_EARLY", "OVERRIDE_USED"};
    const char *code = value_get_text(finding, "code");
    if (!value_get(finding, "due")) return false;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (text_equal(code, codes[i])) return true;
    return false;
}

/* --- findings by clause ----------------------------------------------------------------------------------------------------- */

static struct report_clause *clause_of(struct report *report, struct dossier *dossier, const char *id)
{
    for (size_t i = 0; i < report->clause_count; i++)
        if (strcmp(report->clauses[i].id, id) == 0) return &report->clauses[i];
    struct report_clause *items =
        arena_grow(report->arena, report->clauses, report->clause_count, &report->clause_capacity, sizeof *items);
    const struct clause *clause = catalogue_clause(dossier->setting->catalogue, id);
    if (!items) return NULL;
    report->clauses = items;
    struct report_clause *row = &items[report->clause_count++];
    *row = (struct report_clause){.id = arena_text(report->arena, id, strlen(id))};
    if (!clause) return row;
    row->title = clause->title ? arena_text(report->arena, clause->title, strlen(clause->title)) : NULL;
    row->basis = clause->basis ? arena_text(report->arena, clause->basis, strlen(clause->basis)) : NULL;
    row->klass = chart_class_name(clause->klass);
    return row;
}

static void add_finding(struct report *report, struct dossier *dossier, const struct value *finding)
{
    const char *severity = value_get_text(finding, "severity"), *status = value_get_text(finding, "status");
    const struct value *clauses = value_get(finding, "clause");
    bool open = text_equal(status, "open");
    report->findings++;
    report->standing += open;
    count_add(report->arena, report->severity, severity ? severity : "?", 1);
    count_add(report->arena, report->status, status ? status : "?", 1);
    count_add(report->arena, report->code, value_get_text(finding, "code"), 1);
    for (size_t i = 0; i < value_count(clauses); i++) {
        const char *id = value_as_text(value_at(clauses, i));
        struct report_clause *row = id ? clause_of(report, dossier, id) : NULL;
        if (!row) continue;
        row->severity[report_severity(severity)]++;
        row->total++;
        row->standing += open;
    }
}

/* The gravest first, then the most, then by name. */
static int by_weight(const void *a, const void *b)
{
    const struct report_clause *x = a, *y = b;
    for (int i = 3; i >= 0; i--)
        if (x->severity[i] != y->severity[i]) return x->severity[i] > y->severity[i] ? -1 : 1;
    return strcmp(x->id, y->id);
}

static struct value *clauses_value(struct report *report)
{
    struct value *list = value_list(report->arena);
    if (report->clause_count) qsort(report->clauses, report->clause_count, sizeof *report->clauses, by_weight);
    for (size_t i = 0; i < report->clause_count; i++) {
        const struct report_clause *row = &report->clauses[i];
        struct value *map = value_map(report->arena);
        value_set_text(report->arena, map, "clause", row->id);
        value_set_text(report->arena, map, "title", row->title);
        value_set(report->arena, map, "standard", value_text_n(report->arena, row->id, strcspn(row->id, "-")));
        value_set_text(report->arena, map, "basis", row->basis);
        value_set_text(report->arena, map, "class", row->klass);
        value_set_int(report->arena, map, "critical", row->severity[3]);
        value_set_int(report->arena, map, "major", row->severity[2]);
        value_set_int(report->arena, map, "minor", row->severity[1]);
        value_set_int(report->arena, map, "info", row->severity[0]);
        value_set_int(report->arena, map, "total", row->total);
        value_set_int(report->arena, map, "standing", row->standing);
        value_add(report->arena, list, map);
    }
    return list;
}

/* --- all of it -------------------------------------------------------------------------------------------------------------- */

static void add_dealer(struct report *report, const struct dossier *dossier)
{
    struct value *found = NULL;
    for (size_t i = 0; i < value_count(report->dealers) && !found; i++)
        if (text_equal(value_get_text(value_at(report->dealers, i), "id"), dossier->row->dealer))
            found = value_at(report->dealers, i);
    if (!found) {
        found = value_map(report->arena);
        value_set_text(report->arena, found, "id", dossier->row->dealer);
        value_set_text(report->arena, found, "title", dossier->setting->house->title);
        value_add(report->arena, report->dealers, found);
    }
    count_add(report->arena, found, "cases", 1);
}

static int add_case(void *user, struct dossier *dossier, struct guan_error *error)
{
    struct report *report = user;
    struct hash secret;
    int code = dossier_findings(report->guan, dossier, error);
    if (code == GUAN_OK) code = statement_add(&report->statement, dossier, error);
    if (code != GUAN_OK) return code;
    report->erased += store_secret(report->guan->store, dossier->row->id, &secret, NULL) == GUAN_USAGE;
    for (size_t i = 0; i < value_count(dossier->findings); i++) {
        const struct value *finding = value_at(dossier->findings, i);
        if (report_stands(report, dossier, finding)) add_finding(report, dossier, finding);
    }
    add_dealer(report, dossier);
    report_rows(report, dossier);
    code = report_reasons(report, dossier, error);
    report_duties(report, dossier);
    report_stages(report, dossier);
    report_weeks(report, dossier);
    kpi_add(report, dossier);
    return code == GUAN_OK && arena_failed(report->arena) ? error_memory(error) : code;
}

static struct value *summary_value(struct report *report)
{
    struct value *map = value_map(report->arena);
    value_set_int(report->arena, map, "cases", (int64_t)report->statement.cases);
    value_set_int(report->arena, map, "running", (int64_t)report->statement.open_cases);
    value_set_int(report->arena, map, "entries", (int64_t)report->statement.entries);
    value_set_int(report->arena, map, "findings", report->findings);
    value_set_int(report->arena, map, "standing", report->standing);
    value_set_int(report->arena, map, "late", report->late_count);
    value_set_int(report->arena, map, "waivers", report->waiver_count);
    value_set_int(report->arena, map, "overrides", report->override_count);
    value_set_int(report->arena, map, "refused", report->refused_count);
    value_set_int(report->arena, map, "erased", report->erased);
    value_set(report->arena, map, "severity", report->severity);
    value_set(report->arena, map, "status", report->status);
    value_set(report->arena, map, "code", report->code);
    return map;
}

static struct value *report_value(struct report *report, struct value *sample)
{
    struct value *map = value_map(report->arena), *duties = value_map(report->arena);
    value_set(report->arena, map, "statement", statement_value(report->guan, &report->statement));
    value_set(report->arena, map, "dealers", report->dealers);
    value_set(report->arena, map, "summary", summary_value(report));
    value_set(report->arena, map, "clauses", clauses_value(report));
    value_set(report->arena, map, "late", report->late);
    value_set(report->arena, map, "waivers", report->waivers);
    value_set(report->arena, map, "overrides", report->overrides);
    value_set(report->arena, map, "refused", report->refused);
    value_set(report->arena, duties, "pairs", report->pairs);
    value_set(report->arena, duties, "signed", report->signed_by);
    value_set(report->arena, duties, "auth", report->auth);
    value_set_int(report->arena, duties, "typed_for", report->typed_for);
    value_set(report->arena, map, "duties", duties);
    value_set(report->arena, map, "kpis", kpi_value(report));
    value_set(report->arena, map, "stages", report_stages_value(report));
    value_set(report->arena, map, "weeks", report_weeks_value(report));
    value_set(report->arena, map, "sample", sample);
    return map;
}

static void report_begin(struct report *report)
{
    struct value **const maps[] = {&report->severity, &report->status, &report->code, &report->auth};
    struct value **const lists[] = {&report->dealers, &report->late,  &report->waivers,  &report->overrides,
                                    &report->refused, &report->pairs, &report->signed_by};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) *maps[i] = value_map(report->arena);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) *lists[i] = value_list(report->arena);
    kpi_begin(report);
}

int guan_report(struct guan *guan, const struct guan_period *period, const char *number, const struct guan_sink *sink,
                struct guan_error *error)
{
    struct report report = {.guan = guan, .arena = arena_new()};
    struct guan_draw draw = {.count = 10, .number = number};
    struct value *sample = NULL;
    if (!report.arena) return error_memory(error);
    if (period) draw.period = *period;
    report_begin(&report);
    int code = store_begin(guan->store, false, error);
    if (code == GUAN_OK) code = statement_begin(guan, period, report.arena, &report.statement, error);
    if (code == GUAN_OK) code = dossier_walk(guan, period, NULL, add_case, &report, error);
    if (code == GUAN_OK && number) code = sample_draw(guan, &draw, report.arena, &sample, error);
    store_rollback(guan->store);
    if (code == GUAN_OK) {
        struct value *map = report_value(&report, sample);
        code = arena_failed(report.arena) ? error_memory(error) : answer_put(sink, map, error);
    }
    for (size_t i = 0; i < report.stage_count; i++) memory_free(report.stages[i].times);
    arena_free(report.arena);
    return code;
}
