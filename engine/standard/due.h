/* Due times: what `within` and `lead` say, added to an anchor in the dealer's zone. Pure; knows no chart. */
#ifndef STANDARD_DUE_H
#define STANDARD_DUE_H

#include "base/clock.h"

/* A point in time as a flow gives it: an instant, or a day as a whole. */
struct anchor {
    instant at; /* of a day: its 00:00 */
    bool day;
};
/* Reads a datetime or a date (YYYY-MM-DD). False: neither. */
bool anchor_read(const struct zone *zone, const char *text, struct anchor *out);

/* PT24H: exact. P3D, P1M: the day so reached, at 24:00 (LW-54: the anchor's day does not count). D±N@HH:MM: that
 * day's clock. */
int due_within(const struct zone *zone, const char *text, struct anchor anchor, instant *due, struct guan_error *error);
/* As long before the anchor. PT1H: exact. P15D: the same time of day; before a day: at 24:00. D-1@18:00: the clock of the day
 * before. NULL text: the anchor itself, a day at its 24:00. */
int due_before(const struct zone *zone, const char *text, struct anchor anchor, instant *due, struct guan_error *error);

#endif
