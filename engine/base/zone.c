/* Time zones. libical knows the rules, but behind a cache that grows as it is asked; here its answers are drawn once into a
 * table of changes, so that an open zone is immutable, and a lookup a binary search that allocates nothing. */
#include "base/clock_scan.h"

#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>

/* From when tables begin to when they end. The last 28 years, a whole cycle of the calendar, stand for all that follow. */
enum { FIRST_YEAR = 1900, CYCLE_YEAR = 2038, END_YEAR = CYCLE_YEAR + 28 };
/* No zone keeps an offset for less than this, as far as tables go: samples that far apart see every change. */
enum { SAMPLE_DAYS = 7 };

struct change {
    instant at;
    int32_t offset; /* ms east of UTC from then on */
};

struct zone {
    char *name;
    struct change *changes; /* the first is "since ever" */
    size_t count, capacity;
};

static int64_t floor_days(int64_t ms)
{
    return ms >= 0 ? ms / MS_DAY : -((-ms + MS_DAY - 1) / MS_DAY);
}

static instant civil_ms(const struct civil *c)
{
    return civil_days(c->year, c->month, c->day) * MS_DAY + c->hour * MS_HOUR + c->minute * MS_MINUTE + c->second * MS_SECOND +
           c->ms;
}

static struct civil civil_of_ms(int64_t ms)
{
    int64_t days = floor_days(ms), left = ms - days * MS_DAY;
    struct civil civil = civil_of_days(days);
    civil.hour = (int)(left / MS_HOUR);
    civil.minute = (int)(left / MS_MINUTE % 60);
    civil.second = (int)(left / MS_SECOND % 60);
    civil.ms = (int)(left % MS_SECOND);
    return civil;
}

static int32_t ask(icaltimezone *source, instant at)
{
    struct civil c = civil_of_ms(at);
    struct icaltimetype time = icaltime_null_time();
    time.year = c.year;
    time.month = c.month;
    time.day = c.day;
    time.hour = c.hour;
    time.minute = c.minute;
    time.second = c.second;
    return icaltimezone_get_utc_offset_of_utc_time(source, &time, NULL) * (int32_t)MS_SECOND;
}

static bool add_change(struct zone *zone, instant at, int32_t offset)
{
    if (zone->count == zone->capacity) {
        size_t wider = zone->capacity ? zone->capacity * 2 : 64;
        struct change *moved = memory_resize(zone->changes, wider * sizeof *moved);
        if (!moved) return false;
        zone->changes = moved;
        zone->capacity = wider;
    }
    zone->changes[zone->count++] = (struct change){at, offset};
    return true;
}

/* The change between two samples that differ, to the second. */
static instant bisect(icaltimezone *source, instant before, instant after, int32_t old)
{
    while (after - before > MS_SECOND) {
        instant middle = before + (after - before) / (2 * MS_SECOND) * MS_SECOND;
        if (ask(source, middle) == old) before = middle;
        else after = middle;
    }
    return after;
}

static bool draw(struct zone *zone, icaltimezone *source)
{
    instant at = civil_days(FIRST_YEAR, 1, 1) * MS_DAY, end = civil_days(END_YEAR, 1, 1) * MS_DAY;
    ask(source, end); /* libical works its rules out up to what is asked: once is cheaper than in pieces */
    int32_t offset = ask(source, at);
    if (!add_change(zone, INT64_MIN, offset)) return false;
    for (instant next; at < end; at = next) {
        next = at + SAMPLE_DAYS * MS_DAY < end ? at + SAMPLE_DAYS * MS_DAY : end;
        int32_t now = ask(source, next);
        if (now == offset) continue;
        if (!add_change(zone, bisect(source, at, next, offset), now)) return false;
        offset = now;
    }
    return true;
}

static int unknown(const char *name, struct guan_error *error)
{
    error_set(error, GUAN_NO, "unknown-zone", "there is no time zone \"%.60s\"", name);
    error_hint(error, "write it as in Asia/Shanghai or Europe/Berlin, or UTC; if that is what you wrote, install tzdata");
    return GUAN_NO;
}

int zone_open(const char *name, struct zone **out, struct guan_error *error)
{
    *out = NULL;
    bool utc = strcmp(name, "UTC") == 0;
    icaltimezone *source = utc ? NULL : icaltimezone_get_builtin_timezone(name);
    /* Without its rules libical still knows the name, and would take it for UTC. */
    if (!utc && (!source || !icaltimezone_get_component(source))) return unknown(name, error);
    struct zone *zone = memory_alloc(sizeof *zone);
    if (zone) zone->name = memory_alloc(strlen(name) + 1);
    if (!zone || !zone->name || !(utc ? add_change(zone, INT64_MIN, 0) : draw(zone, source))) {
        zone_close(zone);
        return error_memory(error);
    }
    memcpy(zone->name, name, strlen(name));
    *out = zone;
    return GUAN_OK;
}

void zone_close(struct zone *zone)
{
    if (!zone) return;
    memory_free(zone->changes);
    memory_free(zone->name);
    memory_free(zone);
}

const char *zone_name(const struct zone *zone)
{
    return zone ? zone->name : "UTC";
}

/* The same day of a year in the cycle that begins on the same weekday and is as long. */
static instant into_cycle(instant at)
{
    int64_t days = floor_days(at);
    int year = civil_of_days(days).year, twin = CYCLE_YEAR;
    int64_t start = civil_days(year, 1, 1), length = civil_days(year + 1, 1, 1) - start;
    while (twin < END_YEAR - 1) {
        int64_t first = civil_days(twin, 1, 1);
        if ((start - first) % 7 == 0 && civil_days(twin + 1, 1, 1) - first == length) break;
        twin++;
    }
    return at + (civil_days(twin, 1, 1) - start) * MS_DAY;
}

static int32_t offset_at(const struct zone *zone, instant at)
{
    if (!zone) return 0;
    if (zone->count > 1 && at >= civil_days(END_YEAR, 1, 1) * MS_DAY) at = into_cycle(at);
    size_t low = 0, high = zone->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->changes[middle].at <= at) low = middle;
        else high = middle;
    }
    return zone->changes[low].offset;
}

struct civil zone_civil(const struct zone *zone, instant at)
{
    at = instant_bound(at);
    return civil_of_ms(instant_bound(at + offset_at(zone, at)));
}

instant zone_instant(const struct zone *zone, struct civil civil)
{
    if (civil.year < 0) civil.year = 0;
    if (civil.year > 10000) civil.year = 10000;
    int64_t wall = civil_ms(&civil);
    /* Offsets are within a day, so these lie before and after any change that the wall time can be near. */
    int32_t before = offset_at(zone, wall - MS_DAY), after = offset_at(zone, wall + MS_DAY);
    instant early = wall - before, late = wall - after;
    if (before == after || offset_at(zone, early) == before) return instant_bound(early);
    if (offset_at(zone, late) == after) return instant_bound(late);
    return instant_bound(early); /* skipped: the old offset moves it on by what was skipped */
}
