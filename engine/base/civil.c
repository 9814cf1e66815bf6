/* Days, civil time and their written forms. Proleptic Gregorian, years 1..9999: what lies outside is cut to the nearest end. */
#include "base/clock_scan.h"

#include <stdio.h>

int64_t civil_days(int year, int month, int day)
{
    /* Years begin in March here, so that the leap day is the last of its year. */
    int64_t y = year, m = month - 3;
    if (m < 0) {
        m += 12;
        y--;
    }
    int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int64_t of_year = (153 * m + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct civil civil_of_days(int64_t days)
{
    const int64_t limit = INT64_C(200000000000); /* keeps the year an int; every instant is within */
    if (days > limit) days = limit;
    if (days < -limit) days = -limit;
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097, left = days - era * 146097;
    int64_t year = (left - left / 1460 + left / 36524 - left / 146096) / 365;
    int64_t of_year = left - (year * 365 + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    struct civil civil = {.day = (int)(of_year - (153 * month + 2) / 5 + 1)};
    civil.month = (int)(month < 10 ? month + 3 : month - 9);
    civil.year = (int)(year + era * 400 + (civil.month <= 2));
    return civil;
}

int civil_month_days(int year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12) return 0;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

bool civil_valid(const struct civil *civil)
{
    if (civil->year < 1 || civil->year > 9999 || civil->month < 1 || civil->month > 12) return false;
    if (civil->day < 1 || civil->day > civil_month_days(civil->year, civil->month)) return false;
    if (civil->minute < 0 || civil->minute > 59 || civil->second < 0 || civil->second > 59) return false;
    if (civil->ms < 0 || civil->ms > 999 || civil->hour < 0) return false;
    return civil->hour < 24 || (civil->hour == 24 && civil->minute == 0 && civil->second == 0 && civil->ms == 0);
}

/* The last `count` digits and what follows them; where to go on. */
static char *put_digits(char *out, int number, int count, char after)
{
    unsigned rest = (unsigned)number;
    for (int i = count; i-- > 0; rest /= 10) out[i] = (char)('0' + rest % 10);
    out[count] = after;
    return out + count + 1;
}

void instant_format(instant at, char out[INSTANT_TEXT])
{
    out[0] = '\0';
    if (at == INSTANT_NONE) return;
    struct civil c = zone_civil(NULL, at);
    char *end = put_digits(put_digits(put_digits(out, c.year, 4, '-'), c.month, 2, '-'), c.day, 2, 'T');
    end = put_digits(put_digits(end, c.hour, 2, ':'), c.minute, 2, ':');
    *put_digits(put_digits(end, c.second, 2, '.'), c.ms, 3, 'Z') = '\0';
}

void instant_format_local(const struct zone *zone, instant at, bool seconds, char *out, size_t size)
{
    if (size == 0) return;
    out[0] = '\0';
    if (at == INSTANT_NONE) return;
    struct civil c = zone_civil(zone, at);
    int length = snprintf(out, size, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
    if (seconds && length > 0 && (size_t)length < size) snprintf(out + length, size - (size_t)length, ":%02d", c.second);
}

static bool scan_date(struct scan *scan, struct civil *out)
{
    return scan_digits(scan, 4, &out->year) && scan_byte(scan, '-') && scan_digits(scan, 2, &out->month) &&
           scan_byte(scan, '-') && scan_digits(scan, 2, &out->day);
}

static bool scan_time(struct scan *scan, struct civil *out)
{
    if (!scan_digits(scan, 2, &out->hour) || !scan_byte(scan, ':') || !scan_digits(scan, 2, &out->minute)) return false;
    if (!scan_byte(scan, ':')) return true;
    if (!scan_digits(scan, 2, &out->second)) return false;
    return !scan_byte(scan, '.') || scan_thousandths(scan, &out->ms);
}

/* Z or ±HH:MM; what was read in milliseconds. */
static bool scan_offset(struct scan *scan, int64_t *out)
{
    *out = 0;
    if (scan_byte(scan, 'Z')) return true;
    int sign = scan_byte(scan, '-') ? -1 : scan_byte(scan, '+') ? 1 : 0, hours, minutes;
    if (!sign || !scan_digits(scan, 2, &hours) || !scan_byte(scan, ':') || !scan_digits(scan, 2, &minutes)) return false;
    if (hours > 23 || minutes > 59) return false;
    *out = sign * (hours * MS_HOUR + minutes * MS_MINUTE);
    return true;
}

int date_parse(const char *text, size_t length, struct civil *out, struct guan_error *error)
{
    struct scan scan = {text, text + length};
    struct civil civil = {0};
    if (!scan_date(&scan, &civil) || !scan_end(&scan) || !civil_valid(&civil))
        return scan_refuse(error, "date", text, length, "write it as 2026-03-07");
    *out = civil;
    return GUAN_OK;
}

int instant_parse(const char *text, size_t length, const struct zone *zone, instant *out, struct guan_error *error)
{
    struct scan scan = {text, text + length};
    struct civil civil = {0};
    int64_t offset = 0;
    bool own_offset = false, good = scan_date(&scan, &civil);
    if (good && !scan_end(&scan)) {
        good = (scan_byte(&scan, 'T') || scan_byte(&scan, ' ')) && scan_time(&scan, &civil);
        if (good && !scan_end(&scan)) good = own_offset = scan_offset(&scan, &offset);
    }
    if (!good || !scan_end(&scan) || !civil_valid(&civil))
        return scan_refuse(error, "time", text, length,
                           "write it as 2026-03-07T10:02, with seconds or an offset (+08:00) if need be");
    *out = own_offset ? zone_instant(NULL, civil) - offset : zone_instant(zone, civil);
    return GUAN_OK;
}
