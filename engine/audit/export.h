/* Private to this layer: writing the record out in the formats that process mining, spreadsheets and databases read. */
#ifndef AUDIT_EXPORT_H
#define AUDIT_EXPORT_H

#include "audit/dossier.h"

#include <stdio.h>

struct export
{
    struct guan *guan;
    const struct guan_export *what;
    struct arena *arena; /* of the whole export: grows with the definition, not with the journal */
    struct statement statement;
    uint64_t events; /* what XES and OCEL call so */
    FILE *file;
    struct ocel *ocel;
};

/* Something that was done, as process mining sees it: a step, an event sent, a waiver; a flow that began or ended. */
struct export_event {
    const struct dossier_entry *entry, *acting;
    const char *activity, *lifecycle; /* complete, start, manualskip */
    bool flow;                        /* one that began or ended */
    const char *instance;
    const char *title; /* or NULL */
};
typedef int export_each_event(struct export *export, struct dossier *dossier, const struct export_event *event,
                              struct guan_error *error);
int export_events(struct export *export, struct dossier *dossier, export_each_event *each, struct guan_error *error);

/* One person, the same in every case and dealer: "base/staff:12", "0z0qn0cp6g/party:1", "system". */
const char *export_person(const struct dossier *dossier, const char *id);
const char *export_joined(struct dossier *dossier, const struct value *list); /* texts and numbers, blanks between; "" for none */
const char *export_scalar(struct dossier *dossier, const struct value *value); /* as text; lists and objects as JSON */
/* The class of the message that a step sends; NULL: none. */
const char *export_message(struct dossier *dossier, const struct dossier_entry *entry);
const char *export_kinds(struct dossier *dossier, const struct value *evidence); /* "pdi_sheet photo" */
const char *export_people(struct dossier *dossier, const struct value *list);    /* export_person of each, blanks between */
/* Findings that followed from the entry: "STEP_LATE:F1 …". */
const char *export_findings(struct dossier *dossier, const struct dossier_entry *acting);

/* A format: `open` before the first case (all has been counted by then), `each` a case, `close` after the last. */
struct export_format {
    const char *name;
    int (*open)(struct export *export, struct guan_error *error);
    dossier_each *each;
    int (*close)(struct export *export, struct guan_error *error);
    void (*drop)(struct export *export); /* whatever happened; may be NULL */
};
extern const struct export_format export_xes, export_csv, export_ocel_json, export_ocel_sqlite;

#endif
