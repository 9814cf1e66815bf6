/* The events of an iCalendar file as they are written, before they are laid over the calendar's years. Private to this folder. */
#ifndef BASE_CALENDAR_READ_H
#define BASE_CALENDAR_READ_H

#include "base/calendar.h"

enum calendar_kind { CALENDAR_HOLIDAY, CALENDAR_WORKDAY, CALENDAR_SEASON };

/* RRULE, as far as a calendar of days has use for it: at most one day a year. What is 0 is as in DTSTART. */
struct yearly {
    bool recurs;
    int month, month_day; /* BYMONTH, BYMONTHDAY */
    int weekday, nth;     /* BYDAY: 1 (Monday) to 7; in its month 1..5, or -1 (the last) to -5 */
    int64_t until;        /* the last day it may begin */
};

struct draft {
    struct calendar_event event; /* as DTSTART has it */
    enum calendar_kind kind;
    struct yearly rule;
    size_t line; /* BEGIN:VEVENT */
};

struct drafts {
    const char *name;
    int first_year, last_year;
    struct draft *items; /* sorted by UID; memory_free when done */
    size_t count, capacity;
};

/* `text` is changed and lent: the drafts point into it; text[length] may be written to. */
int calendar_drafts(char *text, size_t length, struct drafts *out, struct guan_error *error);

int calendar_weekday(int64_t day); /* 1 is Monday */

/* False: not a rule that a calendar can have. */
bool yearly_parse(const char *text, struct yearly *out);
/* The day of a year on which it begins, false if the year has none (29 February). `start` is DTSTART. */
bool yearly_day(const struct yearly *rule, int64_t start, int year, int64_t *out);

#endif
