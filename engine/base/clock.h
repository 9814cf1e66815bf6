/* Instants, civil time in a dealer's zone, durations. Nothing here reads a clock.
 * An instant is milliseconds since 1970-01-01T00:00:00Z. Zones are the system's (tzdata); a NULL zone is UTC.
 * Years are 1..9999: what comes out beyond is cut to the first or last instant. INSTANT_NONE prints as nothing. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/value.h"

typedef int64_t instant;
#define INSTANT_NONE INT64_MIN
#define MS_SECOND    INT64_C(1000)
#define MS_MINUTE    INT64_C(60000)
#define MS_HOUR      INT64_C(3600000)
#define MS_DAY       INT64_C(86400000)
#define INSTANT_TEXT 25 /* "YYYY-MM-DDTHH:MM:SS.mmmZ" and the terminator */

struct civil {
    int year, month, day, hour, minute, second, ms; /* month 1..12; hour 24 is allowed on the way in, as 24:00 */
};

struct zone;
int zone_open(const char *name, struct zone **out, struct guan_error *error); /* e.g. "Asia/Shanghai"; GUAN_NO, "unknown-zone" */
void zone_close(struct zone *zone);
const char *zone_name(const struct zone *zone);
struct civil zone_civil(const struct zone *zone, instant at);
/* A time that a change of clocks skips is moved on; one that occurs twice is the first. */
instant zone_instant(const struct zone *zone, struct civil civil);

int64_t civil_days(int year, int month, int day); /* since 1970-01-01, proleptic Gregorian */
struct civil civil_of_days(int64_t days);         /* at 00:00 */
bool civil_valid(const struct civil *civil);
int civil_month_days(int year, int month);

void instant_format(instant at, char out[INSTANT_TEXT]); /* UTC with milliseconds; the record's form */
/* "2026-03-07 10:02" in the zone; `seconds` adds them. */
void instant_format_local(const struct zone *zone, instant at, bool seconds, char *out, size_t size);
/* Reads YYYY-MM-DD[T| ]HH:MM[:SS[.mmm]][Z|±HH:MM], or a date alone (00:00). Without an offset it is the zone's (NULL zone: UTC).
 */
int instant_parse(const char *text, size_t length, const struct zone *zone, instant *out, struct guan_error *error);
int date_parse(const char *text, size_t length, struct civil *out, struct guan_error *error); /* YYYY-MM-DD */

/* ISO 8601 durations: P1Y2M3W4DT5H6M7.5S; one sign in front. Years and months stay months, weeks and days stay days (they are
 * calendar units), the rest is exact. "P" and "PT" alone are errors. */
struct duration {
    int64_t months, days, ms;
    bool has_days;  /* written with a Y, M(onth), W or D part, be it P0D */
    bool has_exact; /* written with a T part */
};
int duration_parse(const char *text, size_t length, struct duration *out, struct guan_error *error);
/* LW-54: the same day of the month or its last day; days are the zone's calendar days; then the exact part. */
instant duration_add(const struct zone *zone, instant from, const struct duration *duration);
/* "2 天 3 小时" / "2 d 3 h": the two largest parts, for people. */
void duration_format_people(int64_t ms, bool english, char *out, size_t size);

#endif
