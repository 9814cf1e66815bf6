/* The rule that a zone follows after its recorded changes: POSIX TZ as RFC 8536 extends it (hours from -167 to 167). */
#include "base/clock_scan.h"
#include "base/zone_read.h"

enum { MOST_HOURS = 167 };

struct when {
    enum { JULIAN, ZERO_BASED, MONTHLY } kind;
    int month, week, day; /* MONTHLY: the week-th (5: last) weekday 0..6, Sunday first; else the day of the year */
    int64_t time;         /* ms of the day, by the clock as it is before the change */
};

static bool take_number(struct scan *scan, int most, int *out)
{
    *out = 0;
    if (!scan_is_digit(scan)) return false;
    while (scan_is_digit(scan) && *out <= most) *out = *out * 10 + (*scan->at++ - '0');
    return *out <= most;
}

/* [+-]hh[:mm[:ss]] in ms. */
static bool take_time(struct scan *scan, int64_t *out)
{
    bool minus = scan_byte(scan, '-');
    int hours, minutes = 0, seconds = 0;
    if (!minus) scan_byte(scan, '+');
    if (!take_number(scan, MOST_HOURS, &hours)) return false;
    if (scan_byte(scan, ':')) {
        if (!take_number(scan, 59, &minutes)) return false;
        if (scan_byte(scan, ':') && !take_number(scan, 59, &seconds)) return false;
    }
    *out = (minus ? -1 : 1) * (hours * MS_HOUR + minutes * MS_MINUTE + seconds * MS_SECOND);
    return true;
}

/* A name of letters, or of anything between < and >. */
static bool take_name(struct scan *scan)
{
    bool quoted = scan_byte(scan, '<');
    const char *start = scan->at;
    while (!scan_end(scan) && (quoted ? *scan->at != '>' : (*scan->at | 0x20) >= 'a' && (*scan->at | 0x20) <= 'z')) scan->at++;
    return scan->at > start && (!quoted || scan_byte(scan, '>'));
}

/* The offset east of UTC, which POSIX writes the other way round. */
static bool take_offset(struct scan *scan, int32_t *out)
{
    int64_t west;
    if (!take_time(scan, &west) || west <= -MS_DAY || west >= MS_DAY) return false;
    *out = (int32_t)-west;
    return true;
}

static bool take_when(struct scan *scan, struct when *out)
{
    *out = (struct when){.kind = ZERO_BASED, .time = 2 * MS_HOUR};
    bool good = scan_byte(scan, ',');
    if (scan_byte(scan, 'M')) {
        out->kind = MONTHLY;
        good = good && take_number(scan, 12, &out->month) && out->month && scan_byte(scan, '.') &&
               take_number(scan, 5, &out->week) && out->week && scan_byte(scan, '.') && take_number(scan, 6, &out->day);
    } else {
        if (scan_byte(scan, 'J')) out->kind = JULIAN;
        good = good && take_number(scan, 365, &out->day) && (out->kind == ZERO_BASED || out->day);
    }
    return good && (!scan_byte(scan, '/') || take_time(scan, &out->time));
}

/* By the clock that reads `offset` before the change. */
static instant when_in(const struct when *when, int year, int32_t offset)
{
    int64_t day = civil_days(year, 1, 1) + when->day;
    if (when->kind == JULIAN) day -= when->day < 60 || civil_month_days(year, 2) == 28; /* 29 February has no number */
    if (when->kind == MONTHLY) {
        int64_t first = civil_days(year, when->month, 1), weekday = ((first + 4) % 7 + 7) % 7;
        int length = civil_month_days(year, when->month), of_month = (int)((when->day - weekday + 7) % 7) + (when->week - 1) * 7;
        day = first + (of_month < length ? of_month : of_month - 7);
    }
    return day * MS_DAY + when->time - offset;
}

int zone_read_rule(const char *text, size_t length, instant from, struct zone_changes *out)
{
    struct scan scan = {text, text + length};
    int32_t standard, summer;
    struct when start, end;
    if (!take_name(&scan) || !take_offset(&scan, &standard)) return GUAN_NO;
    if (scan_end(&scan)) return GUAN_OK; /* as the last change left it */
    summer = standard + (int32_t)MS_HOUR;
    if (!take_name(&scan) || (!scan_end(&scan) && *scan.at != ',' && !take_offset(&scan, &summer))) return GUAN_NO;
    if (!take_when(&scan, &start) || !take_when(&scan, &end) || !scan_end(&scan)) return GUAN_NO;
    for (int year = zone_civil(NULL, from).year; year < ZONE_END_YEAR; year++) {
        struct zone_change two[2] = {{when_in(&start, year, standard), summer}, {when_in(&end, year, summer), standard}};
        bool south = two[1].at < two[0].at;
        for (int i = 0; i < 2; i++) {
            const struct zone_change *change = &two[south ? 1 - i : i];
            if (change->at > from && !zone_add_change(out, change->at, change->offset)) return GUAN_FAILED;
        }
    }
    return GUAN_OK;
}
