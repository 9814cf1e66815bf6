/* Due times. Calendar parts and exact parts never mix: "24小时" is exact hours, "天" is calendar days (LW-54). */
#include "standard/due.h"

#include "base/text.h"

#include <string.h>

#define DUE_TEXT 64u /* one due value, or a part of min(…) */

/* --- days ------------------------------------------------------------------------------------------------------------- */

int64_t anchor_day(const struct zone *zone, instant at)
{
    struct civil civil = zone_civil(zone, at);
    return civil_days(civil.year, civil.month, civil.day);
}

static instant day_clock(const struct zone *zone, int64_t day, int hour, int minute)
{
    struct civil civil = civil_of_days(day);
    civil.hour = hour;
    civil.minute = minute;
    return zone_instant(zone, civil);
}

instant anchor_midnight(const struct zone *zone, int64_t day)
{
    return day_clock(zone, day, 0, 0);
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

/* So many days on or back, by the context's kind of days. None is the day itself. */
static int add_days(const struct due_context *context, int64_t day, int64_t days, int64_t *out, struct guan_error *error)
{
    *out = day + days;
    if (!context->work || days == 0) return GUAN_OK;
    if (!context->works)
        return error_set(error, GUAN_NO, "calendar-year",
                         "working days are counted, but the dealer has no calendar \"holidays\"");
    return calendar_add_workdays(context->works, day, days, out, error);
}

/* The calendar part of a duration, from a day. */
static int shift(const struct due_context *context, int64_t day, const struct duration *duration, int64_t *out,
                 struct guan_error *error)
{
    struct duration months = {.months = duration->months, .has_days = true};
    if (months.months) day = anchor_day(context->zone, duration_add(context->zone, anchor_midnight(context->zone, day), &months));
    return add_days(context, day, duration->days, out, error);
}

/* --- D-1@18:00 ---------------------------------------------------------------------------------------------------------- */

static bool take_number(const char **at, int digits, int *out)
{
    *out = 0;
    for (int i = 0; i < digits; i++, (*at)++) {
        if (**at < '0' || **at > '9') return false;
        *out = *out * 10 + (**at - '0');
    }
    return true;
}

static bool read_day_clock(const char *text, int *days, int *hour, int *minute)
{
    if (text[1] != '+' && text[1] != '-') return false;
    const char *mark = strchr(text, '@'), *at = text + 2;
    if (!mark || mark - at < 1 || mark - at > 4) return false;
    if (!take_number(&at, (int)(mark - at), days) || at != mark) return false;
    if (text[1] == '-') *days = -*days;
    at++;
    if (!take_number(&at, 2, hour) || *at++ != ':' || !take_number(&at, 2, minute) || *at) return false;
    return *minute < 60 && (*hour < 24 || (*hour == 24 && *minute == 0));
}

static int clock_of_day(const struct due_context *context, const char *text, instant anchor, instant *due,
                        struct guan_error *error)
{
    int days, hour, minute;
    int64_t day;
    if (!read_day_clock(text, &days, &hour, &minute))
        return error_set(error, GUAN_USAGE, "due", "%.40s is no day and time; write D-1@18:00 or D+0@24:00", text);
    int code = add_days(context, anchor_day(context->zone, anchor), days, &day, error);
    if (code == GUAN_OK) *due = day_clock(context->zone, day, hour, minute);
    return code;
}

/* --- within, before ------------------------------------------------------------------------------------------------------ */

static const char *value_of(const struct due_context *context, const char *text)
{
    const char *value = context->parameter && text_starts(text, "T-") ? context->parameter(context->user, text) : NULL;
    return value ? value : text;
}

static int within_one(const struct due_context *context, const char *text, struct anchor anchor, instant *due,
                      struct guan_error *error)
{
    struct duration duration;
    text = value_of(context, text);
    if (*text == 'D') return clock_of_day(context, text, anchor.at, due, error);
    int code = duration_parse(text, strlen(text), &duration, error);
    if (code != GUAN_OK) return code;
    if (duration.has_days && !duration.has_exact) {
        int64_t day;
        code = shift(context, anchor_day(context->zone, anchor.at), &duration, &day, error);
        if (code == GUAN_OK) *due = day_clock(context->zone, day, 24, 0);
        return code;
    }
    *due = duration_add(context->zone, anchor.at, &duration);
    return GUAN_OK;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The next part of "min(A, B)": `*at` moves behind its comma, or becomes NULL at the bracket. False: it is not written so. */
static bool next_part(const char **at, char part[DUE_TEXT])
{
    const char *from = *at, *end = from + strcspn(from, ",)");
    *at = *end == ',' ? end + 1 : NULL;
    if (!*end || (*end == ')' && end[1])) return false;
    while (from < end && is_blank(*from)) from++;
    while (end > from && is_blank(end[-1])) end--;
    if (from == end || (size_t)(end - from) >= DUE_TEXT) return false;
    memcpy(part, from, (size_t)(end - from));
    part[end - from] = '\0';
    return true;
}

int due_within(const struct due_context *context, const char *text, struct anchor anchor, instant *due, struct guan_error *error)
{
    char part[DUE_TEXT];
    text = value_of(context, text);
    if (!text_starts(text, "min(")) return within_one(context, text, anchor, due, error);
    *due = INSTANT_NONE;
    for (const char *at = text + strlen("min("); at;) {
        instant one;
        if (!next_part(&at, part))
            return error_set(error, GUAN_USAGE, "due", "%.60s is not of the form min(PT24H, D+0@18:00)", text);
        int code = within_one(context, part, anchor, &one, error);
        if (code != GUAN_OK) return code;
        if (*due == INSTANT_NONE || one < *due) *due = one;
    }
    return GUAN_OK;
}

int due_before(const struct due_context *context, const char *text, struct anchor anchor, instant *due, struct guan_error *error)
{
    struct duration lead;
    int64_t day = anchor_day(context->zone, anchor.at), earlier;
    *due = anchor.day ? day_clock(context->zone, day, 24, 0) : anchor.at;
    if (!text) return GUAN_OK;
    text = value_of(context, text);
    if (*text == 'D') return clock_of_day(context, text, anchor.at, due, error);
    int code = duration_parse(text, strlen(text), &lead, error);
    if (code != GUAN_OK) return code;
    lead.months = -lead.months;
    lead.days = -lead.days;
    lead.ms = -lead.ms;
    bool days = lead.has_days && !lead.has_exact;
    if (!days || !(anchor.day || context->work)) {
        *due = duration_add(context->zone, anchor.at, &lead);
        return GUAN_OK;
    }
    code = shift(context, day, &lead, &earlier, error);
    struct civil clock = zone_civil(context->zone, anchor.at);
    if (code == GUAN_OK) *due = day_clock(context->zone, earlier, anchor.day ? 24 : clock.hour, anchor.day ? 0 : clock.minute);
    return code;
}

/* --- windows --------------------------------------------------------------------------------------------------------------- */

bool due_is_window(const struct due_context *context, const char *text)
{
    text = value_of(context, text);
    return strchr(text, '/') != NULL || strcmp(text, "during") == 0;
}

static int window_edge(const struct due_context *context, const char *text, size_t length, int64_t day, int64_t *out,
                       struct guan_error *error)
{
    struct duration duration;
    int code = duration_parse(text, length, &duration, error);
    if (code != GUAN_OK) return code;
    if (duration.has_exact) return error_set(error, GUAN_USAGE, "due", "%.60s: a window is counted in days", text);
    return shift(context, day, &duration, out, error);
}

int due_window(const struct due_context *context, const char *text, struct anchor anchor, const struct calendar_event *event,
               struct due_window *out, struct guan_error *error)
{
    text = value_of(context, text);
    const char *slash = strchr(text, '/');
    int64_t day = event ? event->day : anchor_day(context->zone, anchor.at), opens = day, closes = day;
    int code = GUAN_OK;
    if (strcmp(text, "during") == 0) {
        if (event) opens = event->first, closes = event->last;
    } else if (!slash) {
        return error_set(error, GUAN_USAGE, "due", "%.60s is no window; write P2D/P3D", text);
    } else {
        code = window_edge(context, text, (size_t)(slash - text), day, &opens, error);
        if (code == GUAN_OK && strcmp(slash + 1, "end") == 0) closes = event ? event->last : day;
        else if (code == GUAN_OK) code = window_edge(context, slash + 1, strlen(slash + 1), day, &closes, error);
    }
    *out = (struct due_window){day_clock(context->zone, opens, 0, 0), day_clock(context->zone, closes, 24, 0)};
    return code;
}

/* --- recurrence ------------------------------------------------------------------------------------------------------------- */

int64_t due_recurrence(const struct zone *zone, struct anchor anchor, const struct duration *every, int64_t k)
{
    struct duration times = {.months = every->months * k, .days = every->days * k, .has_days = true};
    return anchor_day(zone, duration_add(zone, anchor_midnight(zone, anchor_day(zone, anchor.at)), &times));
}

int64_t due_recurrence_from(const struct zone *zone, struct anchor anchor, const struct duration *every, int64_t day)
{
    /* A month has 28 to 31 days: begin where it cannot be too late. */
    int64_t most = every->months * 31 + every->days, between = day - anchor_day(zone, anchor.at);
    int64_t k = most > 0 && between > most ? between / most : 1;
    while (most > 0 && due_recurrence(zone, anchor, every, k) < day && k < INT64_C(4000000)) k++;
    return k;
}
