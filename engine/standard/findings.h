/* Making findings, and the one finding of timeliness of a step instance. Private to this folder. */
#ifndef STANDARD_FINDINGS_H
#define STANDARD_FINDINGS_H

#include "standard/due.h"
#include "standard/facts.h"

enum chart_severity severity_of_code(const char *code); /* the defaults of the codes */
bool finding_code(const char *code);                    /* one that a dealer's hook may leave; NULL: no */
const char *finding_next(struct standard *standard);    /* "F7"; NULL: out of memory */

/* A new finding about a step (CHART_NONE: none) of this session, by a rule or deadline (NULL: none); fid is counted on. NULL: out
 * of memory. */
struct finding *finding_add(struct standard *standard, struct findings *findings, const char *code, enum chart_severity severity,
                            uint32_t step, struct chart_names clauses, const char *rule);
/* One more word on a finding of timeliness: same fid, as `timely` now says. */
struct finding *finding_timely(struct standard *standard, struct findings *findings, uint32_t step, const struct timely *timely,
                               const char *status);

/* A hook's answer that does not hold: kept until findings_tell. */
int finding_hook(struct standard *standard, const char *hook, uint32_t step, struct chart_names clauses, const char *rule,
                 const char *why, struct guan_error *error);
int findings_tell(struct standard *standard, struct findings *findings, struct guan_error *error);
bool names_law(const struct world *world, const struct chart_names *clauses); /* one of them is law */

/* --- timeliness: STEP_MISSING → STEP_LATE (remedied) | withdrawn | OVERRIDE_USED (waived); of a window WINDOW_EARLY (noted) or
 * WINDOW_MISSED → (remedied) … --- */

enum verdict { VERDICT_NONE, VERDICT_MISSING, VERDICT_EARLY, VERDICT_LATE };
/* What an instance has come to under one deadline: the finding is made, changed or withdrawn, if that is news. */
int timely_say(struct standard *standard, uint32_t step, const char *instance, uint32_t activation, uint32_t deadline,
               enum verdict verdict, instant due, instant at, struct findings *findings, struct guan_error *error);
/* The same for a term whose step was done, first at `since`. */
int timely_judge(struct standard *standard, uint32_t deadline, const char *key, const struct due_window *window, instant since,
                 struct findings *findings, struct guan_error *error);

/* The finding that stands for an instance in an activation; NULL: none. */
struct timely *timely_find(struct standard *standard, uint32_t step, const char *instance, uint32_t activation);
/* A step is missing: a deadline passed (CHART_NONE: a gate). Takes up the finding that stands already. */
int timely_missing(struct standard *standard, uint32_t step, const char *instance, uint32_t activation, uint32_t deadline,
                   instant due, struct findings *findings, struct guan_error *error);
/* An instance was completed at world.at: deadlines are met, what they said becomes late or is withdrawn. */
int timely_done(struct standard *standard, uint32_t step, const char *instance, uint32_t activation, struct findings *findings,
                struct guan_error *error);
/* The instance (NULL: all of them) is left out: its findings become OVERRIDE_USED; none there: one is made. */
int timely_waived(struct standard *standard, uint32_t step, const char *instance, uint32_t activation, struct findings *findings,
                  struct guan_error *error);

#endif
