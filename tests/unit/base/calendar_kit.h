/* What the tests of calendars share: days and calendars from text. */
#ifndef CALENDAR_KIT_H
#define CALENDAR_KIT_H

#include "base/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Calendar years 2024 to 2026 around `events`. */
#define BEGIN                  "BEGIN:VCALENDAR\nX-WR-CALNAME:test\nX-GUAN-YEARS:2024/2026\n"
#define END                    "END:VCALENDAR\n"
#define EVENT(uid, kind, rest) "BEGIN:VEVENT\nUID:" uid "\nSUMMARY:" uid "\nCATEGORIES:" kind "\n" rest "\nEND:VEVENT\n"

static inline int64_t day(const char *text)
{
    struct civil civil;
    if (date_parse(text, strlen(text), &civil, NULL)) fail_msg("%s", text);
    return civil_days(civil.year, civil.month, civil.day);
}

static inline struct calendar *read_text(const char *text)
{
    struct calendar *calendar;
    struct guan_error error;
    if (calendar_read(text, strlen(text), &calendar, &error)) fail_msg("%s: %s", error.where, error.text);
    return calendar;
}

static inline bool works(const struct calendar *calendar, int64_t when)
{
    bool out;
    struct guan_error error;
    if (calendar_is_workday(calendar, when, &out, &error)) fail_msg("%s", error.text);
    return out;
}

#endif
