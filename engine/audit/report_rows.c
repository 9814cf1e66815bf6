/* The report's lists: what came late, what was waived and why, what was refused. */
#include "audit/report.h"
#include "audit/why.h"

#include <string.h>

/* Values of a dossier do not outlive it: rows are copied. */
static void copy(struct report *report, struct value *to, const struct value *from, const char *key)
{
    const struct value *value = value_get(from, key);
    if (value) value_set(report->arena, to, key, value_copy(report->arena, value));
}

static instant time_of(const struct value *map, const char *key)
{
    const char *text = value_get_text(map, key);
    instant at;
    return text && instant_parse(text, strlen(text), NULL, &at, NULL) == GUAN_OK ? at : INSTANT_NONE;
}

static struct value *row_of(struct report *report, struct dossier *dossier, const struct value *about, const char *session)
{
    struct value *row = value_map(report->arena);
    const char *process = dossier_process(dossier, session), *actor = value_get_text(about, "actor");
    value_set_text(report->arena, row, "case", dossier->row->id);
    value_set_text(report->arena, row, "process", process);
    copy(report, row, about, "step");
    copy(report, row, about, "event");
    copy(report, row, about, "clause");
    value_set_text(report->arena, row, "title", dossier_title(dossier, about));
    finding_person(report->arena, row, about, dossier_name(dossier, actor));
    dossier_time(dossier, report->arena, row, "at", time_of(about, "at"));
    return row;
}

static void add_late(struct report *report, struct dossier *dossier, const struct value *finding)
{
    report->late_count++;
    if (value_count(report->late) >= REPORT_ROWS) return;
    struct value *row = row_of(report, dossier, finding, value_get_text(finding, "session"));
    static const char *const keys[] = {"fid", "code", "severity", "status", "rule", "late_ms", "entries"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) copy(report, row, finding, keys[i]);
    dossier_time(dossier, report->arena, row, "due", time_of(finding, "due"));
    value_add(report->arena, report->late, row);
}

/* What the flow or a house allowed by a rule of its own: nobody waived it. */
static void add_override(struct report *report, struct dossier *dossier, const struct value *finding)
{
    const char *rule = value_get_text(finding, "rule"), *session = value_get_text(finding, "session");
    const struct value *entries = value_get(finding, "entries");
    for (size_t i = 0; i < dossier->count; i++)
        for (size_t k = 0; k < value_count(entries); k++)
            if (strcmp(dossier->entries[i].kind, "waive") == 0 &&
                (int64_t)dossier->entries[i].n == value_as_int(value_at(entries, k)))
                return;
    report->override_count++;
    if (value_count(report->overrides) >= REPORT_ROWS) return;
    struct value *row = row_of(report, dossier, finding, session);
    static const char *const keys[] = {"fid", "severity", "status", "rule"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) copy(report, row, finding, keys[i]);
    value_set_text(report->arena, row, "rule_title", rule_title(dossier, session, rule));
    value_add(report->arena, report->overrides, row);
}

/* The finding that follows an acting entry, for its severity and its code. */
static const struct value *finding_of(const struct dossier *dossier, size_t acting)
{
    for (size_t i = acting + 1; i < dossier->count && dossier->entries[i].acting == acting; i++)
        if (strcmp(dossier->entries[i].kind, "finding") == 0) return dossier->entries[i].entry;
    return NULL;
}

static struct value *add_entry(struct report *report, struct dossier *dossier, size_t position, struct value *list)
{
    const struct dossier_entry *e = &dossier->entries[position];
    if (value_count(list) >= REPORT_ROWS) return NULL;
    struct value *row = row_of(report, dossier, e->entry, e->session);
    const struct value *finding = finding_of(dossier, position);
    value_set_int(report->arena, row, "n", (int64_t)e->n);
    copy(report, row, e->entry, "role");
    copy(report, row, finding, "fid");
    copy(report, row, finding, "due");
    value_add(report->arena, list, row);
    return row;
}

void report_rows(struct report *report, struct dossier *dossier)
{
    for (size_t i = 0; i < value_count(dossier->findings); i++) {
        const struct value *finding = value_at(dossier->findings, i);
        if (!report_stands(report, dossier, finding)) continue;
        if (text_equal(value_get_text(finding, "code"), "OVERRIDE_USED")) add_override(report, dossier, finding);
        else if (report_timely(finding)) add_late(report, dossier, finding);
    }
    for (size_t i = 0; i < dossier->count; i++) {
        const struct dossier_entry *e = &dossier->entries[i];
        if (!e->inside || strcmp(e->kind, "refuse") != 0) continue;
        report->refused_count++;
        struct value *row = add_entry(report, dossier, i, report->refused);
        if (!row) continue;
        copy(report, row, e->entry, "tried");
        copy(report, row, e->entry, "code");
        copy(report, row, e->entry, "rule");
        value_set_text(report->arena, row, "rule_title", rule_title(dossier, e->session, value_get_text(e->entry, "rule")));
    }
}

int report_reasons(struct report *report, struct dossier *dossier, struct guan_error *error)
{
    for (size_t i = 0; i < dossier->count; i++) {
        const struct dossier_entry *e = &dossier->entries[i];
        struct value *disclosed;
        size_t erased;
        if (!e->inside || strcmp(e->kind, "waive") != 0) continue;
        report->waiver_count++;
        struct value *row = add_entry(report, dossier, i, report->waivers);
        if (!row) continue;
        int code = dossier_disclosed(report->guan, dossier, e->entry, &disclosed, &erased, error);
        if (code != GUAN_OK) return code;
        for (size_t k = 0; k < value_count(disclosed); k++)
            if (text_equal(value_get_text(value_at(disclosed, k), "path"), "reason"))
                value_set_text(report->arena, row, "reason", value_get_text(value_at(disclosed, k), "value"));
        value_set_bool(report->arena, row, "erased", erased > 0);
    }
    return GUAN_OK;
}
