/* Private to this layer: one case's record as an auditor reads it, and the walk over all of them that every question shares. */
#ifndef AUDIT_DOSSIER_H
#define AUDIT_DOSSIER_H

#include "case/kase.h"

/* One entry, with what its followers take from the acting entry before it. */
struct dossier_entry {
    const struct value *entry;
    const char *kind, *session; /* session NULL: none */
    uint64_t index, n;
    struct hash leaf;
    instant rec, at;
    size_t acting; /* position of the acting entry of the same command; its own for an acting one */
    bool inside;   /* recorded within the period */
};

struct dossier {
    struct arena *arena; /* of this case: forgotten before the next */
    const struct case_row *row;
    struct setting *setting;
    const struct name_row *names;
    size_t name_count;
    struct dossier_entry *entries;
    size_t count, capacity, inside; /* inside: how many entries */
    const struct value *findings;   /* as they stand now; NULL until asked for */
};

struct period {
    const struct guan_period *asked; /* NULL: all */
    instant since, until;            /* of the dealer whose case is read; INSTANT_NONE: no bound */
};

typedef int dossier_each(void *user, struct dossier *dossier, struct guan_error *error);

/* Calls `each` for every case (or `kase` alone, when not NULL) that has an entry within the period. The caller holds the
 * transaction. Memory: one case at a time. */
int dossier_walk(struct guan *guan, const struct guan_period *asked, const struct case_row *kase, dossier_each *each, void *user,
                 struct guan_error *error);
int dossier_findings(struct guan *guan, struct dossier *dossier, struct guan_error *error);

/* The process of a session, "test-drive" of "test-drive#2"; NULL for NULL. In the dossier's arena. */
const char *dossier_process(struct dossier *dossier, const char *session);
const struct chart *dossier_chart(struct dossier *dossier, const char *session); /* NULL: unknown */
const struct chart_step *dossier_step(struct dossier *dossier, const char *session, const char *step);
/* What people call the step or the event of an entry or a finding; NULL: it has no title. */
const char *dossier_title(struct dossier *dossier, const struct value *entry);
/* The name behind staff:12 or party:1; NULL: unknown or erased. */
const char *dossier_name(const struct dossier *dossier, const char *id);
/* "process.step", "process.event", or the process alone: what is done, in one word. */
const char *dossier_activity(struct dossier *dossier, const struct dossier_entry *entry);
bool dossier_acting(const char *kind);
/* Does the list of texts hold one that is `clause` or, with `below`, an article of it (CR-2.2.2a of CR-2.2.2)? */
bool dossier_cites(const struct value *clauses, const char *clause, bool below);

/* KEY and KEY_local. */
void dossier_time(const struct dossier *dossier, struct arena *arena, struct value *map, const char *key, instant at);
/* "2026-03-07T10:02:40.000+08:00" */
#define ZONED_TEXT 40
void zoned_format(const struct zone *zone, instant at, char out[ZONED_TEXT]);

/* The personal value that an entry's digest stands for: {"path","value"} a digest that is still disclosed; *erased counts the
 * others. */
int dossier_disclosed(struct guan *guan, struct dossier *dossier, const struct value *entry, struct value **out, size_t *erased,
                      struct guan_error *error);

/* --- statement.c: what an export or a report says of its own completeness --- */

struct statement {
    struct period period;
    bool names;
    uint64_t cases, entries, open_cases;
    uint64_t ledger_size;
    struct hash ledger_root;
    uint64_t sealed;           /* size of the newest signed checkpoint; 0: none */
    const char *note;          /* it, as it was signed; NULL: none */
    struct ledger_head leaves; /* tree over the leaves of the entries taken, in the order of the export */
    struct value *kinds;       /* kind: count */
    struct arena *arena;
    instant first, last;     /* recorded */
    const struct zone *zone; /* of the case read last */
};
int statement_begin(struct guan *guan, const struct guan_period *asked, struct arena *arena, struct statement *out,
                    struct guan_error *error);
int statement_add(struct statement *statement, const struct dossier *dossier, struct guan_error *error);
/* {"query":{…},"counts":{…},"checkpoint":{…},"entries_root","first","last"} */
struct value *statement_value(struct guan *guan, const struct statement *statement);
/* Adds `by` to the number under `key`, which may be new. */
void count_add(struct arena *arena, struct value *map, const char *key, int64_t by);

#endif
