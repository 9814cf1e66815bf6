/* Private to this layer: the report while it is collected, case by case. */
#ifndef AUDIT_REPORT_H
#define AUDIT_REPORT_H

#include "audit/dossier.h"

/* Rows of one list; what is beyond is counted only. */
#define REPORT_ROWS  300
#define REPORT_WEEKS 53

struct report_stage {
    const char *process, *state, *title; /* state NULL: the whole flow */
    const char *in;                      /* title of the flow */
    int64_t *times;                      /* ms, of those that ended */
    size_t count, capacity, running;
};

struct report_week {
    int64_t monday; /* day since 1970 */
    int64_t entries, steps, waivers, refused, severity[4];
};

struct report_clause {
    const char *id, *title, *basis, *klass;
    int64_t severity[4], total, standing;
};

struct report {
    struct guan *guan;
    struct arena *arena;
    struct statement statement;
    struct value *severity, *status, *code, *auth; /* counts */
    int64_t findings, standing, late_count, waiver_count, refused_count, override_count, typed_for, erased;
    struct value *dealers;                                                  /* list of {"id","title","cases"} */
    struct value *late, *waivers, *overrides, *refused, *pairs, *signed_by; /* lists */
    struct report_clause *clauses;
    size_t clause_count, clause_capacity;
    struct report_stage *stages;
    size_t stage_count, stage_capacity;
    struct report_week *weeks;
    size_t week_count, week_capacity;
    struct value *kpis; /* in the order of the table in kpi.c */
};

int report_severity(const char *name); /* 0 info … 3 critical */
/* Within the period, and not withdrawn. */
bool report_stands(const struct report *report, const struct dossier *dossier, const struct value *finding);
/* Is it about time: late, missing, outside its window? */
bool report_timely(const struct value *finding);

/* report_rows.c */
void report_rows(struct report *report, struct dossier *dossier);
int report_reasons(struct report *report, struct dossier *dossier, struct guan_error *error);
/* duties.c */
void report_duties(struct report *report, struct dossier *dossier);
/* stages.c */
void report_stages(struct report *report, struct dossier *dossier);
struct value *report_stages_value(struct report *report);
void report_weeks(struct report *report, struct dossier *dossier);
struct value *report_weeks_value(struct report *report);
/* kpi.c */
void kpi_begin(struct report *report);
void kpi_add(struct report *report, struct dossier *dossier);
struct value *kpi_value(struct report *report);
/* sample.c; inside a transaction */
int sample_draw(struct guan *guan, const struct guan_draw *draw, struct arena *arena, struct value **out,
                struct guan_error *error);

#endif
