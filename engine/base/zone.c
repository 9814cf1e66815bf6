/* Time zones: the system's rules are read once into a table of changes, so that an open zone is immutable, and a lookup a binary
 * search that allocates nothing. */
#include "base/clock_scan.h"
#include "base/zone_read.h"

#include <string.h>

struct zone {
    char *name;
    struct zone_changes changes;
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

static int unknown(const char *name, struct guan_error *error)
{
    error_set(error, GUAN_NO, "unknown-zone", "there is no time zone \"%.60s\"", name);
    error_hint(error, "write it as in Asia/Shanghai or Europe/Berlin, or UTC; if that is what you wrote, install tzdata");
    return GUAN_NO;
}

int zone_open(const char *name, struct zone **out, struct guan_error *error)
{
    *out = NULL;
    struct zone *zone = memory_alloc(sizeof *zone);
    if (zone) zone->name = memory_alloc(strlen(name) + 1);
    int code = zone && zone->name ? GUAN_OK : GUAN_FAILED;
    if (!code && strcmp(name, "UTC") != 0) code = zone_read(name, &zone->changes);
    else if (!code && !zone_add_change(&zone->changes, INT64_MIN, 0)) code = GUAN_FAILED;
    if (code) {
        zone_close(zone);
        return code == GUAN_NO ? unknown(name, error) : error_memory(error);
    }
    memcpy(zone->name, name, strlen(name));
    *out = zone;
    return GUAN_OK;
}

void zone_close(struct zone *zone)
{
    if (!zone) return;
    memory_free(zone->changes.items);
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
    int year = civil_of_days(days).year, twin = ZONE_CYCLE_YEAR;
    int64_t start = civil_days(year, 1, 1), length = civil_days(year + 1, 1, 1) - start;
    while (twin < ZONE_END_YEAR - 1) {
        int64_t first = civil_days(twin, 1, 1);
        if ((start - first) % 7 == 0 && civil_days(twin + 1, 1, 1) - first == length) break;
        twin++;
    }
    return at + (civil_days(twin, 1, 1) - start) * MS_DAY;
}

static int32_t offset_at(const struct zone *zone, instant at)
{
    if (!zone) return 0;
    const struct zone_changes *changes = &zone->changes;
    if (changes->count > 1 && at >= civil_days(ZONE_END_YEAR, 1, 1) * MS_DAY) at = into_cycle(at);
    size_t low = 0, high = changes->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (changes->items[middle].at <= at) low = middle;
        else high = middle;
    }
    return changes->items[low].offset;
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
