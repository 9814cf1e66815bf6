/* Due times. Calendar parts and exact parts never mix: "24小时" is exact hours, "天" is calendar days (LW-54). */
#include "standard/due.h"

#include "base/text.h"

#include <string.h>

static instant midnight(const struct zone *zone, instant at, int64_t days, int hour, int minute)
{
    struct civil civil = zone_civil(zone, at);
    civil = civil_of_days(civil_days(civil.year, civil.month, civil.day) + days);
    civil.hour = hour;
    civil.minute = minute;
    return zone_instant(zone, civil);
}

bool anchor_read(const struct zone *zone, const char *text, struct anchor *out)
{
    struct civil day;
    size_t length = strlen(text);
    if (date_parse(text, length, &day, NULL) == GUAN_OK) {
        *out = (struct anchor){zone_instant(zone, day), true};
        return true;
    }
    out->day = false;
    return instant_parse(text, length, zone, &out->at, NULL) == GUAN_OK;
}

static bool take_number(const char **at, int digits, int *out)
{
    *out = 0;
    for (int i = 0; i < digits; i++, (*at)++) {
        if (**at < '0' || **at > '9') return false;
        *out = *out * 10 + (**at - '0');
    }
    return true;
}

/* D-1@18:00 */
static bool read_day_clock(const char *text, size_t length, int *days, int *hour, int *minute)
{
    char copy[24];
    if (length < 8 || length >= sizeof copy || (text[1] != '+' && text[1] != '-')) return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    const char *mark = strchr(copy, '@'), *at = copy + 2;
    if (!mark || mark - at < 1 || mark - at > 4 || !take_number(&at, (int)(mark - at), days) || at != mark) return false;
    if (copy[1] == '-') *days = -*days;
    at++;
    if (!take_number(&at, 2, hour) || *at++ != ':' || !take_number(&at, 2, minute) || *at) return false;
    return *minute < 60 && (*hour < 24 || (*hour == 24 && *minute == 0));
}

static int day_clock(const struct zone *zone, const char *text, instant anchor, instant *due, struct guan_error *error)
{
    int days, hour, minute;
    if (!read_day_clock(text, strlen(text), &days, &hour, &minute))
        return error_set(error, GUAN_USAGE, "due", "%.40s is no day and time; write D-1@18:00 or D+0@24:00", text);
    *due = midnight(zone, anchor, days, hour, minute);
    return GUAN_OK;
}

int due_within(const struct zone *zone, const char *text, struct anchor anchor, instant *due, struct guan_error *error)
{
    struct duration duration;
    if (*text == 'D') return day_clock(zone, text, anchor.at, due, error);
    int code = duration_parse(text, strlen(text), &duration, error);
    if (code != GUAN_OK) return code;
    *due = duration_add(zone, anchor.at, &duration);
    if (duration.has_days && !duration.has_exact) *due = midnight(zone, *due, 0, 24, 0);
    return GUAN_OK;
}

int due_before(const struct zone *zone, const char *text, struct anchor anchor, instant *due, struct guan_error *error)
{
    struct duration lead;
    *due = anchor.day ? midnight(zone, anchor.at, 0, 24, 0) : anchor.at;
    if (!text) return GUAN_OK;
    if (*text == 'D') return day_clock(zone, text, anchor.at, due, error);
    int code = duration_parse(text, strlen(text), &lead, error);
    if (code != GUAN_OK) return code;
    lead.months = -lead.months;
    lead.days = -lead.days;
    lead.ms = -lead.ms;
    *due = duration_add(zone, anchor.at, &lead);
    if (anchor.day && lead.has_days && !lead.has_exact) *due = midnight(zone, *due, 0, 24, 0);
    return GUAN_OK;
}
