/* Separation of duties: steps that the standard keeps apart, steps that two have to sign, and how sure it is who acted. */
#include "audit/report.h"

#include <string.h>

static struct value *pair_of(struct report *report, const char *process, const struct chart_step *step,
                             const struct chart_step *other)
{
    for (size_t i = 0; i < value_count(report->pairs); i++) {
        struct value *pair = value_at(report->pairs, i);
        if (text_equal(value_get_text(pair, "process"), process) && text_equal(value_get_text(pair, "step"), step->id) &&
            text_equal(value_get_text(pair, "other"), other->id))
            return pair;
    }
    struct value *pair = value_map(report->arena);
    value_set_text(report->arena, pair, "process", process);
    value_set_text(report->arena, pair, "step", step->id);
    value_set_text(report->arena, pair, "title", step->title);
    value_set_text(report->arena, pair, "other", other->id);
    value_set_text(report->arena, pair, "other_title", other->title);
    value_set_int(report->arena, pair, "checked", 0);
    value_set_int(report->arena, pair, "same", 0);
    value_set_int(report->arena, pair, "refused", 0);
    value_set(report->arena, pair, "rows", value_list(report->arena));
    value_add(report->arena, report->pairs, pair);
    return pair;
}

/* The last record of a step in the same session before a position. */
static const struct dossier_entry *before(const struct dossier *dossier, size_t position, const char *step)
{
    const char *session = dossier->entries[position].session;
    for (size_t i = position; i-- > 0;) {
        const struct dossier_entry *e = &dossier->entries[i];
        if (strcmp(e->kind, "step") == 0 && text_equal(e->session, session) && text_equal(value_get_text(e->entry, "step"), step))
            return e;
    }
    return NULL;
}

static void add_pairs(struct report *report, struct dossier *dossier, size_t position, const struct chart *chart,
                      const struct chart_step *step)
{
    const struct dossier_entry *e = &dossier->entries[position];
    bool refused = strcmp(e->kind, "refuse") == 0;
    for (uint32_t i = 0; i < step->not_by_steps.count; i++) {
        const struct chart_step *other = &chart->steps[chart->step_refs[step->not_by_steps.first + i]];
        const struct dossier_entry *done = before(dossier, position, other->id);
        if (!done) continue;
        struct value *pair = pair_of(report, chart->name, step, other);
        bool same = text_equal(value_get_text(done->entry, "actor"), value_get_text(e->entry, "actor"));
        if (refused) {
            count_add(report->arena, pair, "refused", same);
            continue;
        }
        count_add(report->arena, pair, "checked", 1);
        count_add(report->arena, pair, "same", same);
        if (!same || value_count(value_get(pair, "rows")) >= REPORT_ROWS) continue;
        struct value *row = value_map(report->arena);
        value_set_text(report->arena, row, "case", dossier->row->id);
        value_set_int(report->arena, row, "n", (int64_t)e->n);
        value_set_text(report->arena, row, "who", dossier_name(dossier, value_get_text(e->entry, "actor")));
        value_add(report->arena, value_get(pair, "rows"), row);
    }
}

static void add_signed(struct report *report, const struct dossier_entry *e, const struct chart *chart,
                       const struct chart_step *step)
{
    struct value *row = NULL;
    if (!step->with.count) return;
    for (size_t i = 0; i < value_count(report->signed_by) && !row; i++) {
        struct value *known = value_at(report->signed_by, i);
        if (text_equal(value_get_text(known, "process"), chart->name) && text_equal(value_get_text(known, "step"), step->id))
            row = known;
    }
    if (!row) {
        row = value_map(report->arena);
        value_set_text(report->arena, row, "process", chart->name);
        value_set_text(report->arena, row, "step", step->id);
        value_set_text(report->arena, row, "title", step->title);
        value_set_int(report->arena, row, "done", 0);
        value_set_int(report->arena, row, "together", 0);
        value_add(report->arena, report->signed_by, row);
    }
    count_add(report->arena, row, "done", 1);
    count_add(report->arena, row, "together", value_count(value_get(e->entry, "with")) > 0);
}

void report_duties(struct report *report, struct dossier *dossier)
{
    for (size_t i = 0; i < dossier->count; i++) {
        const struct dossier_entry *e = &dossier->entries[i];
        const char *auth = value_get_text(e->entry, "auth"), *name = value_get_text(e->entry, "step");
        if (!e->inside) continue;
        if (auth) count_add(report->arena, report->auth, text_starts(auth, "os:") ? "os" : auth, 1);
        report->typed_for += value_get(e->entry, "by") != NULL;
        bool step = strcmp(e->kind, "step") == 0;
        const struct chart_step *found = step || strcmp(e->kind, "refuse") == 0 ? dossier_step(dossier, e->session, name) : NULL;
        if (!found) continue;
        const struct chart *chart = dossier_chart(dossier, e->session);
        add_pairs(report, dossier, i, chart, found);
        if (step) add_signed(report, e, chart, found);
    }
}
