/* Due times: what `within`, `lead` and `window` say, counted from an anchor in the dealer's zone. Pure; knows no chart. */
#ifndef STANDARD_DUE_H
#define STANDARD_DUE_H

#include "base/calendar.h"
#include "base/clock.h"

/* How days are counted, and what the names of parameters stand for. */
struct due_context {
    const struct zone *zone;
    bool work;                    /* days are working days */
    const struct calendar *works; /* of the dealer; NULL: there is none, which is an error where it is needed */
    const char *(*parameter)(void *user, const char *name); /* NULL: none; NULL answer: unknown */
    void *user;
};

/* A point in time as a flow gives it: an instant, or a day as a whole. */
struct anchor {
    instant at; /* of a day: its 00:00 */
    bool day;
};
/* Reads a datetime or a date (YYYY-MM-DD). False: neither. */
bool anchor_read(const struct zone *zone, const char *text, struct anchor *out);
int64_t anchor_day(const struct zone *zone, instant at);       /* days since 1970-01-01 */
instant anchor_midnight(const struct zone *zone, int64_t day); /* its 00:00 */

/* PT24H: exact. P3D, P1M: the day so reached, at 24:00 (LW-54: the anchor's day does not count); as working days, the third one
 * after the anchor's day. D±N@HH:MM: that day's clock. min(…): the earliest of these. A parameter's name: its value. */
int due_within(const struct due_context *context, const char *text, struct anchor anchor, instant *due, struct guan_error *error);
/* As long before the anchor. PT1H: exact. P15D: the same time of day; before a day: at 24:00. D-1@18:00: the clock of the day
 * before. NULL text: the anchor itself, a day at its 24:00. */
int due_before(const struct due_context *context, const char *text, struct anchor anchor, instant *due, struct guan_error *error);

/* INSTANT_NONE in `opens`: any time before will do. */
struct due_window {
    instant opens, due;
};
bool due_is_window(const struct due_context *context, const char *text);
/* P2D/P3D: from the second day after the anchor's, 00:00, to the third, 24:00. -P1D/P0D: around the day of a calendar's event;
 * -P1D/end: to the end of that event; during: all of it. `event` NULL: the anchor's day alone. */
int due_window(const struct due_context *context, const char *text, struct anchor anchor, const struct calendar_event *event,
               struct due_window *out, struct guan_error *error);

/* The day of the k-th recurrence, the anchor's own being the 0th: months keep its day number, or take the month's last. */
int64_t due_recurrence(const struct zone *zone, struct anchor anchor, const struct duration *every, int64_t k);
/* The least k > 0 whose recurrence is at or after `day`. */
int64_t due_recurrence_from(const struct zone *zone, struct anchor anchor, const struct duration *every, int64_t day);

#endif
