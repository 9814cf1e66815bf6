/* The system's time zone files (TZif, RFC 8536). Not by libical: it takes 1.5 to 5 ms for a zone, in every command anew, for it
 * reads a list of all zones and loads ICU's data to unroll rules that are at hand here. */
#include "base/zone_read.h"

#include <stdio.h>
#include <string.h>

enum { HEADER_BYTES = 44, MOST_FILE_BYTES = 65536, MOST_NAME_BYTES = 64 };
#define ZONE_FOLDER "/usr/share/zoneinfo/"

bool zone_add_change(struct zone_changes *changes, instant at, int32_t offset)
{
    struct zone_change *last = changes->count ? &changes->items[changes->count - 1] : NULL;
    if (last && last->at == at) last->offset = offset; /* a rule that gives way to the next in the same instant */
    if (last && (last->at == at || last->offset == offset)) return true;
    if (changes->count == changes->capacity) {
        size_t wider = changes->capacity ? changes->capacity * 2 : 64;
        struct zone_change *moved = memory_resize(changes->items, wider * sizeof *moved);
        if (!moved) return false;
        changes->items = moved;
        changes->capacity = wider;
    }
    changes->items[changes->count++] = (struct zone_change){at, offset};
    return true;
}

static uint64_t big_endian(const unsigned char *bytes, size_t count)
{
    uint64_t out = 0;
    for (size_t i = 0; i < count; i++) out = out << 8 | bytes[i];
    return out;
}

struct block {
    const unsigned char *times, *indexes, *types;
    size_t time_count, type_count, leap_count, length; /* of it all, with the header */
};

/* A header and its data, whose times have `width` bytes. */
static bool take_block(const unsigned char *bytes, size_t length, size_t width, struct block *out)
{
    if (length < HEADER_BYTES || memcmp(bytes, "TZif", 4) != 0 || bytes[4] < '2') return false;
    size_t counts[6], most = length;
    for (size_t i = 0; i < 6; i++) {
        counts[i] = (size_t)big_endian(bytes + 20 + 4 * i, 4);
        if (counts[i] > most) return false;
    }
    enum { IS_UT, IS_STD, LEAP, TIME, TYPE, CHARACTER };
    size_t needed = counts[TIME] * (width + 1) + counts[TYPE] * 6 + counts[CHARACTER] + counts[LEAP] * (width + 4) +
                    counts[IS_STD] + counts[IS_UT];
    if (needed > length - HEADER_BYTES) return false;
    out->times = bytes + HEADER_BYTES;
    out->indexes = out->times + counts[TIME] * width;
    out->types = out->indexes + counts[TIME];
    out->time_count = counts[TIME];
    out->type_count = counts[TYPE];
    out->leap_count = counts[LEAP];
    out->length = HEADER_BYTES + needed;
    return true;
}

/* Seconds in the file; offsets of a day and more are no offsets. */
static bool take_type(const struct block *block, size_t index, int32_t *offset)
{
    if (index >= block->type_count) return false;
    int64_t seconds = (int32_t)(uint32_t)big_endian(block->types + 6 * index, 4);
    *offset = (int32_t)(seconds * MS_SECOND);
    return seconds > -86400 && seconds < 86400;
}

int zone_read_bytes(const unsigned char *bytes, size_t length, struct zone_changes *out)
{
    struct block old, block;
    if (!take_block(bytes, length, 4, &old)) return GUAN_NO;
    if (!take_block(bytes + old.length, length - old.length, 8, &block) || block.leap_count) return GUAN_NO;
    int32_t offset;
    instant last = civil_days(1970, 1, 1) * MS_DAY;
    if (!take_type(&block, 0, &offset)) return GUAN_NO;
    if (!zone_add_change(out, INT64_MIN, offset)) return GUAN_FAILED;
    for (size_t i = 0; i < block.time_count; i++) {
        int64_t seconds = (int64_t)big_endian(block.times + 8 * i, 8);
        if (!take_type(&block, block.indexes[i], &offset)) return GUAN_NO;
        if (seconds < civil_days(1, 1, 1) * 86400) seconds = civil_days(1, 1, 1) * 86400; /* "the big bang" */
        if (seconds >= civil_days(ZONE_END_YEAR, 1, 1) * 86400) break;
        instant at = seconds * MS_SECOND;
        if (i && at < last) return GUAN_NO;
        if (!zone_add_change(out, at, offset)) return GUAN_FAILED;
        last = at;
    }
    /* Between two line ends at the end of the file. */
    const char *rule = (const char *)bytes + old.length + block.length, *end = (const char *)bytes + length;
    if (end - rule < 2 || rule[0] != '\n' || end[-1] != '\n') return GUAN_NO;
    return end - rule == 2 ? GUAN_OK : zone_read_rule(rule + 1, (size_t)(end - rule) - 2, last, out);
}

/* Area/Place, and nothing that leaves the folder. */
static bool is_zone_name(const char *name)
{
    size_t length = strlen(name);
    bool part = false;
    for (size_t i = 0; i < length; i++) {
        bool letter = (name[i] >= 'A' && name[i] <= 'Z') || (name[i] >= 'a' && name[i] <= 'z');
        bool inner = (name[i] >= '0' && name[i] <= '9') || name[i] == '_' || name[i] == '-' || name[i] == '+';
        if (name[i] == '/' ? !part : !letter && !(inner && part)) return false;
        part = name[i] != '/';
    }
    return part && length <= MOST_NAME_BYTES;
}

int zone_read(const char *name, struct zone_changes *out)
{
    *out = (struct zone_changes){0};
    char path[sizeof ZONE_FOLDER + MOST_NAME_BYTES];
    if (!is_zone_name(name)) return GUAN_NO;
    snprintf(path, sizeof path, ZONE_FOLDER "%s", name);
    FILE *file = fopen(path, "rb");
    if (!file) return GUAN_NO;
    unsigned char *bytes = memory_alloc(MOST_FILE_BYTES);
    size_t length = bytes ? fread(bytes, 1, MOST_FILE_BYTES, file) : 0;
    int code = bytes ? zone_read_bytes(bytes, length, out) : GUAN_FAILED;
    fclose(file);
    memory_free(bytes);
    return code;
}
