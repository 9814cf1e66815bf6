/* A zone's rules as a table of changes. Private to this folder. */
#ifndef BASE_ZONE_READ_H
#define BASE_ZONE_READ_H

#include "base/clock.h"

/* Tables end here. Their last 28 years, a whole cycle of the calendar, stand for all that follow. */
enum { ZONE_CYCLE_YEAR = 2038, ZONE_END_YEAR = ZONE_CYCLE_YEAR + 28 };

struct zone_change {
    instant at;
    int32_t offset; /* ms east of UTC from then on */
};
struct zone_changes {
    struct zone_change *items; /* the first is "since ever"; memory_free when done */
    size_t count, capacity;
};

bool zone_add_change(struct zone_changes *changes, instant at, int32_t offset); /* in order; false: no memory */
/* The rules of `name` among the system's: GUAN_NO if there are none, or they cannot be read; GUAN_FAILED: no memory. */
int zone_read(const char *name, struct zone_changes *out);
/* A file of theirs: TZif, RFC 8536, version 2 and above. */
int zone_read_bytes(const unsigned char *bytes, size_t length, struct zone_changes *out);
/* The rule for all years to come, "CET-1CEST,M3.5.0,M10.5.0/3": adds its changes after `from` up to ZONE_END_YEAR. */
int zone_read_rule(const char *text, size_t length, instant from, struct zone_changes *out);

#endif
