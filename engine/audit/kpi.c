/* Key figures. Each is defined by the clauses of the standard that its steps cite, so that it holds for any flow that cites them;
 * where there is no clause of its own, by the step. What is given is two numbers: their quotient is the reader's. */
#include "audit/report.h"

#include <string.h>

enum kpi_kind {
    KPI_CASES,     /* cases with one of `of`, among the cases with one of `among` */
    KPI_AGAIN,     /* cases with two sessions that have one of `of`, among those with one */
    KPI_RECORDS,   /* records of `of`, among the records of `among` */
    KPI_TIMELY,    /* what a deadline of the clause asked for and was done in time, among all of it */
    KPI_ONCE,      /* sessions in which `of` was recorded once only, among those in which it was recorded */
    KPI_CLEAN,     /* sessions with `of` and no finding about it, among those with `of` */
    KPI_WAIVERS,   /* by the case */
    KPI_REFUSED,   /* by the case */
    KPI_LATE_ENTRY /* entries made long after the fact, among all that people made */
};

static const struct kpi {
    const char *id;
    enum kpi_kind kind;
    const char *of[4], *among[4]; /* clauses, with their articles, or "process.step" */
    const char *split;            /* a plain field of the first visit, by which it is given apart */
    bool per_hundred;
} kpis[] = {
    {"card_rate", KPI_CASES, {"CS-3.1.2", "CR-1.1.2"}, {"CS-3.1.1", "reception.arrive"}, NULL, false},
    {"drive_rate", KPI_CASES, {"CS-4.3.2"}, {"CS-3.1.1", "reception.arrive", "CS-4"}, NULL, false},
    {"deal_rate", KPI_CASES, {"CS-5.1.4b"}, {"CS-3.1.1", "reception.arrive", "CS-4", "CS-5.1"}, "channel", false},
    {"second_visit", KPI_AGAIN, {"CS-3.1.1", "reception.arrive"}, {NULL}, NULL, false},
    {"lost_clear", KPI_RECORDS, {"lost-deal.approve", "lost-deal.reject"}, {"lost-deal.apply"}, NULL, false},
    {"lost_rejected", KPI_RECORDS, {"lost-deal.reject"}, {"lost-deal.approve", "lost-deal.reject"}, NULL, false},
    {"thanks", KPI_TIMELY, {"CR-1.3.1a"}, {NULL}, NULL, false},
    {"first_call", KPI_TIMELY, {"CR-3.1.1a"}, {NULL}, NULL, false},
    {"promise", KPI_TIMELY, {"CR-1.2.2d"}, {NULL}, NULL, false},
    {"pdi_first", KPI_ONCE, {"CR-2.2.1b"}, {NULL}, NULL, false},
    {"documents", KPI_CLEAN, {"CR-2.2.2"}, {NULL}, NULL, false},
    {"complaint", KPI_TIMELY, {"LW-11"}, {NULL}, NULL, false},
    {"waivers", KPI_WAIVERS, {NULL}, {NULL}, NULL, true},
    {"refused", KPI_REFUSED, {NULL}, {NULL}, NULL, true},
    {"late_entry", KPI_LATE_ENTRY, {"T-LAG"}, {NULL}, NULL, false},
};
enum { KPI_COUNT = sizeof kpis / sizeof *kpis };

void kpi_begin(struct report *report)
{
    report->kpis = value_list(report->arena);
    for (size_t i = 0; i < KPI_COUNT; i++) {
        struct value *map = value_map(report->arena), *of = value_list(report->arena), *among = value_list(report->arena);
        for (size_t k = 0; k < 4 && kpis[i].of[k]; k++) value_add(report->arena, of, value_text(report->arena, kpis[i].of[k]));
        for (size_t k = 0; k < 4 && kpis[i].among[k]; k++)
            value_add(report->arena, among, value_text(report->arena, kpis[i].among[k]));
        value_set_text(report->arena, map, "id", kpis[i].id);
        value_set(report->arena, map, "of", of);
        value_set(report->arena, map, "among", among);
        value_set_int(report->arena, map, "count", 0);
        value_set_int(report->arena, map, "base", 0);
        value_set_bool(report->arena, map, "per_hundred", kpis[i].per_hundred);
        value_add(report->arena, report->kpis, map);
    }
}

static bool is_done(const struct dossier_entry *e)
{
    return e->inside && strcmp(e->kind, "step") == 0;
}

static bool matches(struct dossier *dossier, const struct dossier_entry *e, const char *const *words)
{
    const char *activity = dossier_activity(dossier, e);
    for (size_t i = 0; i < 4 && words[i]; i++)
        if (text_equal(activity, words[i]) || dossier_cites(value_get(e->entry, "clause"), words[i], true)) return true;
    return false;
}

static bool has(struct dossier *dossier, const char *const *words)
{
    for (size_t i = 0; i < dossier->count; i++)
        if (is_done(&dossier->entries[i]) && matches(dossier, &dossier->entries[i], words)) return true;
    return false;
}

static int64_t records(struct dossier *dossier, const char *const *words)
{
    int64_t count = 0;
    for (size_t i = 0; i < dossier->count; i++)
        count += is_done(&dossier->entries[i]) && matches(dossier, &dossier->entries[i], words);
    return count;
}

/* Is the entry the first of its session that matches? */
static bool opens_session(struct dossier *dossier, size_t position, const char *const *words)
{
    if (!is_done(&dossier->entries[position]) || !matches(dossier, &dossier->entries[position], words)) return false;
    for (size_t i = 0; i < position; i++) {
        const struct dossier_entry *e = &dossier->entries[i];
        if (text_equal(e->session, dossier->entries[position].session) && is_done(e) && matches(dossier, e, words)) return false;
    }
    return true;
}

static int64_t in_session(struct dossier *dossier, const char *session, const char *const *words)
{
    int64_t count = 0;
    for (size_t i = 0; i < dossier->count; i++) {
        const struct dossier_entry *e = &dossier->entries[i];
        count += text_equal(e->session, session) && is_done(e) && matches(dossier, e, words);
    }
    return count;
}

static bool found_in(const struct report *report, const struct dossier *dossier, const char *session, const char *clause)
{
    for (size_t i = 0; i < value_count(dossier->findings); i++) {
        const struct value *finding = value_at(dossier->findings, i);
        if (text_equal(value_get_text(finding, "session"), session) &&
            dossier_cites(value_get(finding, "clause"), clause, true) && report_stands(report, dossier, finding))
            return true;
    }
    return false;
}

static void count_sessions(struct report *report, struct dossier *dossier, const struct kpi *kpi, int64_t *count, int64_t *base)
{
    for (size_t i = 0; i < dossier->count; i++) {
        if (!opens_session(dossier, i, kpi->of)) continue;
        const char *session = dossier->entries[i].session;
        ++*base;
        if (kpi->kind == KPI_ONCE) *count += in_session(dossier, session, kpi->of) == 1;
        else *count += !found_in(report, dossier, session, kpi->of[0]);
    }
}

/* --- deadlines -------------------------------------------------------------------------------------------------------------- */

static bool deadline_cites(const struct chart *chart, const struct chart_step *step, const char *clause)
{
    for (uint32_t i = 0; i < step->deadlines.count; i++) {
        const struct chart_deadline *deadline = &chart->deadlines[step->deadlines.first + i];
        for (uint32_t k = 0; k < deadline->clauses.count; k++)
            if (strcmp(deadline->clauses.items[k], clause) == 0) return true;
    }
    return false;
}

static bool same_step(const struct value *a, const char *session, const struct value *b)
{
    const char *of = value_get_text(a, "sess");
    return text_equal(of, session) && text_equal(value_get_text(a, "step"), value_get_text(b, "step")) &&
           text_equal(value_get_text(a, "inst"), value_get_text(b, "inst"));
}

/* The finding of timeliness about this instance of the step. */
static bool was_late(const struct report *report, const struct dossier *dossier, const struct value *entry, const char *clause)
{
    for (size_t i = 0; i < value_count(dossier->findings); i++) {
        const struct value *finding = value_at(dossier->findings, i);
        if (same_step(entry, value_get_text(finding, "session"), finding) && report_timely(finding) &&
            dossier_cites(value_get(finding, "clause"), clause, false) && report_stands(report, dossier, finding))
            return true;
    }
    return false;
}

static bool was_done(const struct dossier *dossier, size_t before, const char *session, const struct value *step)
{
    for (size_t i = 0; i < before; i++)
        if (is_done(&dossier->entries[i]) && same_step(dossier->entries[i].entry, session, step)) return true;
    return false;
}

static void count_timely(struct report *report, struct dossier *dossier, const char *clause, int64_t *count, int64_t *base)
{
    for (size_t i = 0; i < dossier->count; i++) {
        const struct dossier_entry *e = &dossier->entries[i];
        const struct chart_step *step = is_done(e) ? dossier_step(dossier, e->session, value_get_text(e->entry, "step")) : NULL;
        if (!step || !deadline_cites(dossier_chart(dossier, e->session), step, clause)) continue;
        if (was_done(dossier, i, e->session, e->entry)) continue; /* again: it was asked for once */
        ++*base;
        *count += !was_late(report, dossier, e->entry, clause);
    }
    for (size_t i = 0; i < value_count(dossier->findings); i++) { /* what was never done */
        const struct value *finding = value_at(dossier->findings, i);
        *base += report_timely(finding) && dossier_cites(value_get(finding, "clause"), clause, false) &&
                 report_stands(report, dossier, finding) &&
                 !was_done(dossier, dossier->count, value_get_text(finding, "session"), finding);
    }
}

/* --- all of them ------------------------------------------------------------------------------------------------------------ */

static void count_kind(struct dossier *dossier, const char *kind, int64_t *count)
{
    for (size_t i = 0; i < dossier->count; i++)
        *count += dossier->entries[i].inside && strcmp(dossier->entries[i].kind, kind) == 0;
}

static void count_lag(struct dossier *dossier, int64_t *count, int64_t *base)
{
    for (size_t i = 0; i < dossier->count; i++) {
        const struct dossier_entry *e = &dossier->entries[i];
        if (!e->inside) continue;
        *base += strcmp(e->kind, "step") == 0 || strcmp(e->kind, "event") == 0 || strcmp(e->kind, "waive") == 0;
        *count += strcmp(e->kind, "finding") == 0 && text_equal(value_get_text(e->entry, "code"), "LATE_ENTRY");
    }
}

/* The value of the field in the first record that has it. */
static const char *split_of(const struct dossier *dossier, const char *field)
{
    for (size_t i = 0; i < dossier->count; i++) {
        const char *text = value_get_text(value_get(dossier->entries[i].entry, "form"), field);
        if (text) return text;
    }
    return "-";
}

static void add_split(struct report *report, struct value *map, const char *key, int64_t count, int64_t base)
{
    struct value *parts = value_get(map, "parts");
    if (!parts) {
        parts = value_map(report->arena);
        value_set(report->arena, map, "parts", parts);
    }
    struct value *part = value_get(parts, key);
    if (!part) {
        part = value_map(report->arena);
        value_set(report->arena, parts, key, part);
    }
    count_add(report->arena, part, "count", count);
    count_add(report->arena, part, "base", base);
}

void kpi_add(struct report *report, struct dossier *dossier)
{
    for (size_t i = 0; i < KPI_COUNT; i++) {
        const struct kpi *kpi = &kpis[i];
        struct value *map = value_at(report->kpis, i);
        int64_t count = 0, base = 0;
        switch (kpi->kind) {
        case KPI_CASES:
            base = has(dossier, kpi->among) || has(dossier, kpi->of);
            count = has(dossier, kpi->of);
            break;
        case KPI_AGAIN:
            for (size_t k = 0; k < dossier->count; k++) count += opens_session(dossier, k, kpi->of);
            base = count > 0;
            count = count > 1;
            break;
        case KPI_RECORDS:
            count = records(dossier, kpi->of);
            base = records(dossier, kpi->among);
            break;
        case KPI_TIMELY: count_timely(report, dossier, kpi->of[0], &count, &base); break;
        case KPI_ONCE:
        case KPI_CLEAN: count_sessions(report, dossier, kpi, &count, &base); break;
        case KPI_WAIVERS:
            count_kind(dossier, "waive", &count);
            base = 1;
            break;
        case KPI_REFUSED:
            count_kind(dossier, "refuse", &count);
            base = 1;
            break;
        case KPI_LATE_ENTRY: count_lag(dossier, &count, &base); break;
        }
        count_add(report->arena, map, "count", count);
        count_add(report->arena, map, "base", base);
        if (kpi->split && base) add_split(report, map, split_of(dossier, kpi->split), count, base);
    }
}

struct value *kpi_value(struct report *report)
{
    return report->kpis;
}
