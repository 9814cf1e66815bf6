/* Names over the whole case: S, P.S, an event. Private to this folder. */
#ifndef STANDARD_FIND_H
#define STANDARD_FIND_H

#include "standard/facts.h"

/* A step by the name that Lua or an anchor uses: of the own chart, P.S of the sessions of P, or a dotted step of another session.
 * Of several sessions the one with the last record. False: no session has such a step. */
bool named_step(struct standard *standard, const char *name, struct standard **owner, uint32_t *step);
/* Is it a step of a session that has not ended? What has ended is not asked: its flow may begin anew. */
bool named_running(const struct standard *standard, const char *name);
/* Events that only the engine makes: done.*, complete.*, asked.* … */
bool event_is_ours(const char *event);

struct occurrence {
    instant first, last;
}; /* INSTANT_NONE: never */
/* When a step was done or an event came, over the sessions that the name means. */
struct occurrence named_occurrence(struct standard *standard, const char *name);
/* The last at or before `by`, as far as older ones are remembered; INSTANT_NONE: none. */
instant named_last(struct standard *standard, const char *name, instant by);
/* Does a name mean this fact, as seen from `standard`: S, P.S, "P.*", "@class" of messages? */
bool fact_named(const struct standard *standard, const char *name, const struct fact *fact);
/* Wakes the ended sessions whose rules look at the fact; NULL: all that have rules. */
void hearers_wake(struct world *world, const struct fact *fact);

#endif
