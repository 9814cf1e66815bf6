/* ISO 8601 durations, and adding them in a zone. Our own: calendar units and exact time must stay apart (LW-54). */
#include "base/clock_scan.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { MOST_YEARS = 9999 };

struct unit {
    char letter;
    int64_t size;
    int64_t most; /* count, so that all fits in 9999 years */
};
enum { FIRST_EXACT = 4, LAST_UNIT = 6 };
/* In the order in which they may be written. */
static const struct unit units[] = {
    {'Y', 12, MOST_YEARS},
    {'M', 1, MOST_YEARS *INT64_C(12)},
    {'W', 7, MOST_YEARS *INT64_C(53)},
    {'D', 1, MOST_YEARS *INT64_C(366)},
    {'H', MS_HOUR, MOST_YEARS *INT64_C(366) * 24},
    {'M', MS_MINUTE, MOST_YEARS *INT64_C(366) * 1440},
    {'S', MS_SECOND, MOST_YEARS *INT64_C(366) * 86400},
};

/* Digits and a bound; the fraction (of seconds only) in thousandths. */
static bool scan_count(struct scan *scan, int64_t *count, int *fraction, bool *has_fraction)
{
    if (!scan_is_digit(scan)) return false;
    for (*count = 0; scan_is_digit(scan); scan->at++) {
        if (*count > INT64_C(1000000000000)) return false;
        *count = *count * 10 + (*scan->at - '0');
    }
    *has_fraction = scan_byte(scan, '.');
    *fraction = 0;
    return !*has_fraction || scan_thousandths(scan, fraction);
}

/* One "12D" at unit `from` or after; the unit after it, or -1. */
static int scan_part(struct scan *scan, int from, int end, struct duration *out)
{
    int64_t count;
    int fraction;
    bool has_fraction;
    if (!scan_count(scan, &count, &fraction, &has_fraction)) return -1;
    int at = from;
    while (at < end && !scan_byte(scan, units[at].letter)) at++;
    if (at == end || count > units[at].most || (has_fraction && at != LAST_UNIT)) return -1;
    int64_t amount = count * units[at].size + fraction;
    if (at < 2) out->months += amount;
    else if (at < FIRST_EXACT) out->days += amount;
    else out->ms += amount;
    return at + 1;
}

static bool scan_duration(struct scan *scan, struct duration *out)
{
    bool negative = scan_byte(scan, '-');
    if (!negative) scan_byte(scan, '+');
    if (!scan_byte(scan, 'P')) return false;
    for (int next = 0; !scan_end(scan) && *scan->at != 'T'; out->has_days = true) {
        next = scan_part(scan, next, FIRST_EXACT, out);
        if (next < 0) return false;
    }
    if (scan_byte(scan, 'T')) {
        for (int next = FIRST_EXACT; next == FIRST_EXACT || !scan_end(scan); out->has_exact = true) {
            next = scan_part(scan, next, LAST_UNIT + 1, out);
            if (next < 0) return false;
        }
    }
    if (negative) {
        out->months = -out->months;
        out->days = -out->days;
        out->ms = -out->ms;
    }
    return out->has_days || out->has_exact;
}

int duration_parse(const char *text, size_t length, struct duration *out, struct guan_error *error)
{
    struct scan scan = {text, text + length};
    struct duration duration = {0};
    if (scan_duration(&scan, &duration)) {
        *out = duration;
        return GUAN_OK;
    }
    return scan_refuse(error, "duration", text, length, "write it as PT24H (exact hours), P3D (calendar days), P1M or PT7.5S");
}

static int64_t within(int64_t amount, int64_t most)
{
    return amount < -most ? -most : amount > most ? most : amount;
}

/* The same day of another month or its last day. */
static struct civil add_months(struct civil civil, int64_t months)
{
    enum { BIAS = 2 * MOST_YEARS }; /* keeps the division among positive numbers */
    int64_t all = (civil.year + BIAS) * INT64_C(12) + civil.month - 1 + within(months, units[1].most);
    civil.year = (int)(all / 12) - BIAS;
    civil.month = (int)(all % 12) + 1;
    int last = civil_month_days(civil.year, civil.month);
    if (civil.day > last) civil.day = last;
    return civil;
}

instant duration_add(const struct zone *zone, instant from, const struct duration *duration)
{
    if (from == INSTANT_NONE) return INSTANT_NONE;
    /* Without calendar parts the wall clock is not asked: in an hour that occurs twice it could not give `from` back. */
    if (duration->months || duration->days) {
        struct civil civil = add_months(zone_civil(zone, from), duration->months);
        struct civil date = civil_of_days(civil_days(civil.year, civil.month, civil.day) + within(duration->days, units[3].most));
        civil.year = date.year;
        civil.month = date.month;
        civil.day = date.day;
        from = zone_instant(zone, civil);
    }
    return instant_bound(instant_bound(from) + within(duration->ms, units[LAST_UNIT].most * MS_SECOND));
}

void duration_format_people(int64_t ms, bool english, char *out, size_t size)
{
    static const struct {
        int64_t size;
        const char *chinese, *english;
    } parts[] = {{86400, "天", "d"}, {3600, "小时", "h"}, {60, "分钟", "min"}, {1, "秒", "s"}};
    if (size == 0) return;
    uint64_t seconds = (ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms) / 1000;
    size_t at = 0;
    while (at < 3 && seconds < (uint64_t)parts[at].size) at++;
    char text[64];
    int length =
        snprintf(text, sizeof text, "%s%llu %s", ms < 0 && seconds ? "-" : "",
                 (unsigned long long)(seconds / (uint64_t)parts[at].size), english ? parts[at].english : parts[at].chinese);
    uint64_t rest = seconds % (uint64_t)parts[at].size;
    if (at < 3 && rest >= (uint64_t)parts[at + 1].size)
        snprintf(text + length, sizeof text - (size_t)length, " %llu %s",
                 (unsigned long long)(rest / (uint64_t)parts[at + 1].size),
                 english ? parts[at + 1].english : parts[at + 1].chinese);
    size_t kept = text_cut(text, strlen(text), size - 1);
    memcpy(out, text, kept);
    out[kept] = '\0';
}
