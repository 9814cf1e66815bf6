/* What comes every year. Not libical's RRULE: asked once, it loads ICU's data (5 ms and more of every command's start), and takes
 * a quarter of a second to see that a rule such as 31 February never comes. One day a year is all that holidays and seasons need;
 * the test compares with libical. */
#include "base/calendar_read.h"
#include "base/calendar_text.h"
#include "base/clock_scan.h"

#include <string.h>

/* Up to two digits, 1 to `most`. */
static bool take_number(struct scan *scan, int most, int *out)
{
    int number = 0;
    for (int i = 0; i < 2 && scan_is_digit(scan); i++) number = number * 10 + (*scan->at++ - '0');
    *out = number;
    return number > 0 && number <= most;
}

static bool take_weekday(struct scan *scan, struct yearly *out)
{
    static const char names[] = "MOTUWETHFRSASU";
    bool back = scan_byte(scan, '-');
    if (!back) scan_byte(scan, '+');
    if (!take_number(scan, 5, &out->nth) || scan->end - scan->at != 2) return false;
    if (back) out->nth = -out->nth;
    for (int i = 0; i < 7; i++)
        if (memcmp(scan->at, names + 2 * (ptrdiff_t)i, 2) == 0) out->weekday = i + 1;
    scan->at += 2;
    return out->weekday != 0;
}

static bool take_until(struct scan *scan, struct yearly *out)
{
    bool good = calendar_date(scan->at, (size_t)(scan->end - scan->at), &out->until);
    scan->at = scan->end;
    return good;
}

static bool is(const char *name, size_t length, const char *wanted)
{
    return strlen(wanted) == length && memcmp(name, wanted, length) == 0;
}

/* One NAME=value; none may come twice. */
static bool take_part(const char *part, size_t length, struct yearly *out)
{
    const char *equals = memchr(part, '=', length);
    if (!equals) return false;
    size_t name = (size_t)(equals - part);
    struct scan value = {equals + 1, part + length};
    bool good = false;
    if (is(part, length, "FREQ=YEARLY")) good = !out->recurs;
    else if (is(part, name, "UNTIL")) good = out->until == INT64_MAX && take_until(&value, out);
    else if (is(part, name, "BYMONTH")) good = !out->month && take_number(&value, 12, &out->month);
    else if (is(part, name, "BYMONTHDAY")) good = !out->month_day && take_number(&value, 31, &out->month_day);
    else if (is(part, name, "BYDAY")) good = !out->weekday && take_weekday(&value, out);
    if (is(part, length, "FREQ=YEARLY")) out->recurs = true;
    else good = good && scan_end(&value);
    return good;
}

bool yearly_parse(const char *text, struct yearly *out)
{
    *out = (struct yearly){.until = INT64_MAX};
    for (size_t length; take_part(text, length = strcspn(text, ";"), out); text += length + 1)
        if (!text[length])
            return out->recurs && (out->month || (!out->month_day && !out->weekday)) && !(out->month_day && out->weekday);
    return false;
}

int calendar_weekday(int64_t day)
{
    return (int)((day % 7 + 10) % 7) + 1; /* day 0 was a Thursday */
}

bool yearly_day(const struct yearly *rule, int64_t start, int year, int64_t *out)
{
    struct civil begun = civil_of_days(start);
    int month = rule->month ? rule->month : begun.month, length = civil_month_days(year, month), day = begun.day;
    if (rule->month_day) day = rule->month_day;
    if (rule->weekday && rule->nth > 0)
        day = 1 + (rule->weekday - calendar_weekday(civil_days(year, month, 1)) + 7) % 7 + (rule->nth - 1) * 7;
    if (rule->weekday && rule->nth < 0)
        day = length - (calendar_weekday(civil_days(year, month, length)) - rule->weekday + 7) % 7 + (rule->nth + 1) * 7;
    if (day < 1 || day > length) return false;
    *out = civil_days(year, month, day);
    return *out >= start && *out <= rule->until;
}
