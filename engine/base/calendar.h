/* Calendars as iCalendar text (RFC 5545): holidays and make-up workdays, seasons. Days are counted since 1970-01-01 (civil_days).
 *
 * Of VCALENDAR: X-WR-CALNAME (the name), X-GUAN-YEARS ("2025/2026": the years it speaks of). Of VEVENT: UID, SUMMARY, DTSTART and
 * DTEND as dates (DTEND is the day after), CATEGORIES: HOLIDAY, WORKDAY (a make-up day), SEASON, X-GUAN-DAY (the festival itself
 * within a longer holiday; default DTSTART), RRULE for what comes every year: FREQ=YEARLY, UNTIL, BYMONTH with BYMONTHDAY or
 * BYDAY=2SU. No two holidays or make-up days share a day. Properties that would change the days are refused, others passed over.
 * Saturday and Sunday are the weekend. */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include "base/clock.h"

struct calendar;
struct calendar_event {
    const char *uid, *summary; /* of the calendar */
    int64_t first, last;       /* days, both inside */
    int64_t day;               /* the festival itself */
};

/* GUAN_NO, rule "calendar", where "line:1" (the caller puts the file's name in front). */
int calendar_read(const char *text, size_t length, struct calendar **out, struct guan_error *error);
void calendar_free(struct calendar *calendar);
const char *calendar_name(const struct calendar *calendar);
size_t calendar_count(const struct calendar *calendar); /* events, each year of a recurring one */

/* GUAN_NO, rule "calendar-year": the calendar does not speak of that day's year; the text names the year and the calendar. */
int calendar_is_workday(const struct calendar *calendar, int64_t day, bool *out, struct guan_error *error);
/* The n-th working day after `day` (n > 0), or before it (n < 0); n = 0: `day` itself if it is one, else the next. */
int calendar_add_workdays(const struct calendar *calendar, int64_t day, int64_t n, int64_t *out, struct guan_error *error);
/* The first event (HOLIDAY or SEASON), by its first day, whose `last` is at or after `from`; `name` NULL: any, else by SUMMARY or
 * UID. The one that follows: from = its last + 1 (of seasons that overlap, ask by name). *found false: none is left in the
 * calendar's years; "calendar-year" if `from` is not in them. */
int calendar_next(const struct calendar *calendar, const char *name, int64_t from, struct calendar_event *out, bool *found,
                  struct guan_error *error);

#endif
