/* The log's memory: texts kept once, events and their attributes in plain arrays, grouped by case at the end. */
#include "audit/log.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct log_event nowhere;

/* Room for one more of an array that doubles; false: the log has failed. */
static bool room(struct event_log *log, void *items, uint32_t count, size_t *capacity, size_t size)
{
    void **array = items;
    if (log->failed) return false;
    if (count < *capacity) return true;
    size_t more = *capacity ? *capacity * 2 : 1024;
    void *bigger = memory_resize(*array, more * size);
    if (!bigger) {
        log->failed = true;
        return false;
    }
    *array = bigger;
    *capacity = more;
    return true;
}

int log_new(struct event_log **out, struct guan_error *error)
{
    struct event_log *log = memory_alloc(sizeof *log);
    *out = log;
    if (!log) return error_memory(error);
    log->now = INSTANT_NONE;
    log->arena = arena_new();
    log->slot_count = 4096;
    log->slots = memory_alloc(log->slot_count * sizeof *log->slots);
    if (log->arena && log->slots && room(log, &log->texts, 0, &log->text_capacity, sizeof *log->texts) &&
        room(log, &log->events, 0, &log->event_capacity, sizeof *log->events)) {
        log->texts[log->text_count++] = "";
        return GUAN_OK;
    }
    log_free(log);
    *out = NULL;
    return error_memory(error);
}

void log_free(struct event_log *log)
{
    if (!log) return;
    arena_free(log->arena);
    memory_free(log->texts);
    memory_free(log->events);
    memory_free(log->cases);
    memory_free(log->attributes);
    memory_free(log->slots);
    memory_free(log->case_of);
    memory_free(log);
}

/* --- texts ----------------------------------------------------------------------------------------------------------- */

/* FNV-1a, spread once more: the table looks at the low bits. */
static uint32_t hash_of(const char *text, size_t length)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    hash ^= hash >> 32;
    return (uint32_t)(hash * UINT64_C(0x9E3779B97F4A7C15) >> 32);
}

/* The slot of the text, or the free one where it would go. */
static uint32_t slot_of(const struct event_log *log, const char *text, size_t length)
{
    uint32_t slot = hash_of(text, length) & (log->slot_count - 1);
    for (; log->slots[slot]; slot = (slot + 1) & (log->slot_count - 1)) {
        const char *other = log->texts[log->slots[slot]];
        if (strncmp(other, text, length) == 0 && other[length] == 0) break;
    }
    return slot;
}

static bool spread(struct event_log *log)
{
    uint32_t *old = log->slots;
    if ((uint64_t)log->text_count * 2 < log->slot_count) return true;
    uint32_t *slots = memory_alloc(2 * (size_t)log->slot_count * sizeof *slots);
    if (!slots) return false;
    log->slots = slots;
    log->slot_count *= 2;
    for (uint32_t i = 1; i < log->text_count; i++) slots[slot_of(log, log->texts[i], strlen(log->texts[i]))] = i;
    memory_free(old);
    return true;
}

uint32_t log_intern(struct event_log *log, const char *text, size_t length)
{
    if (!length || log->failed) return 0;
    uint32_t slot = slot_of(log, text, length);
    if (log->slots[slot]) return log->slots[slot];
    log->bytes += length;
    const char *kept = log->bytes <= LOG_BYTES ? arena_text(log->arena, text, length) : NULL;
    if (!kept || !room(log, &log->texts, log->text_count, &log->text_capacity, sizeof *log->texts)) {
        log->failed = true;
        return 0;
    }
    log->texts[log->text_count] = kept;
    log->slots[slot] = log->text_count++;
    if (!spread(log)) log->failed = true;
    return log->text_count - 1;
}

uint32_t log_find(const struct event_log *log, const char *text)
{
    return text && *text ? log->slots[slot_of(log, text, strlen(text))] : 0;
}

/* --- cases, events, attributes --------------------------------------------------------------------------------------- */

uint32_t log_case_add(struct event_log *log, uint32_t name)
{
    if (!room(log, &log->cases, log->case_count, &log->case_capacity, sizeof *log->cases)) return 0;
    log->cases[log->case_count] = (struct log_case){.name = name, .attributes = log->attribute_count};
    return log->case_count++;
}

uint32_t log_case_named(struct event_log *log, uint32_t name)
{
    if (name >= log->case_of_count) {
        uint32_t count = log->text_count * 2;
        uint32_t *bigger = memory_resize(log->case_of, count * sizeof *bigger);
        if (!bigger) {
            log->failed = true;
            return 0;
        }
        memset(bigger + log->case_of_count, 0, (count - log->case_of_count) * sizeof *bigger);
        log->case_of = bigger;
        log->case_of_count = count;
    }
    if (!log->case_of[name]) log->case_of[name] = log_case_add(log, name) + 1;
    return log->case_of[name] - 1;
}

struct log_event *log_event_add(struct event_log *log, uint32_t kase)
{
    if (log->event_count >= LOG_EVENTS) log->failed = true;
    if (!room(log, &log->events, log->event_count, &log->event_capacity, sizeof *log->events) || kase >= log->case_count) {
        log->failed = true;
        log->events[0] = nowhere;
        return &log->events[0];
    }
    struct log_event *event = &log->events[log->event_count++];
    *event =
        (struct log_event){.at = INSTANT_NONE, .kase = kase, .n = ++log->cases[kase].count, .attributes = log->attribute_count};
    return event;
}

void log_attribute_add(struct event_log *log, struct log_attribute attribute)
{
    if (!room(log, &log->attributes, log->attribute_count, &log->attribute_capacity, sizeof *log->attributes)) return;
    log->attributes[log->attribute_count++] = attribute;
}

void log_life(struct event_log *log, struct log_event *event, const char *lifecycle, size_t length)
{
    event->lifecycle = log_intern(log, lifecycle, length);
    event->life = LOG_OTHER;
    if (!length || (length == 8 && strncasecmp(lifecycle, "complete", 8) == 0)) event->life = LOG_COMPLETE;
    if (length == 10 && strncasecmp(lifecycle, "manualskip", 10) == 0) event->life = LOG_WAIVED;
}

const struct log_attribute *log_attribute_of(const struct event_log *log, uint32_t first, uint32_t count, uint32_t key)
{
    for (uint32_t i = first; key && i < first + count; i++)
        if (log->attributes[i].key == key) return &log->attributes[i];
    return NULL;
}

struct value *log_value(const struct event_log *log, struct arena *arena, const struct log_attribute *attribute)
{
    switch (attribute->kind) {
    case VALUE_INT: return value_int(arena, attribute->as.integer);
    case VALUE_BOOL: return value_bool(arena, attribute->as.integer != 0);
    case VALUE_REAL: return value_real(arena, attribute->as.real);
    default: return value_text(arena, log_text(log, attribute->as.text));
    }
}

bool log_number(const char *text, size_t length, int64_t *out)
{
    size_t sign = length > 1 && text[0] == '-';
    uint64_t value = 0;
    if (length == sign || length - sign > 18 || (text[sign] == '0' && length > 1)) return false;
    for (size_t i = sign; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        value = value * 10 + (uint64_t)(text[i] - '0');
    }
    *out = sign ? -(int64_t)value : (int64_t)value;
    return true;
}

int log_time(const char *text, size_t length, const struct zone *zone, instant *out)
{
    char clean[64];
    size_t used = 0, digits = 0;
    bool fraction = false;
    if (length >= sizeof clean - 1) return GUAN_NO;
    for (size_t i = 0; i < length; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (text[i] == '.' && i > 10) fraction = true;
        else if (fraction && !digit) fraction = false;
        else if (fraction && ++digits > 3) continue; /* finer than we keep */
        clean[used++] = text[i];
    }
    if (used > 16 && (clean[used - 5] == '+' || clean[used - 5] == '-') && strspn(clean + used - 4, "0123456789") >= 4) {
        memmove(clean + used - 1, clean + used - 2, 2); /* +0800 */
        clean[used - 2] = ':';
        used++;
    }
    return instant_parse(clean, used, zone, out, NULL) == GUAN_OK ? GUAN_OK : GUAN_NO;
}

/* --- the end ----------------------------------------------------------------------------------------------------------- */

/* An event without a time stands right behind the one before it. */
static int by_time(const void *a, const void *b)
{
    const struct log_event *x = a, *y = b;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    return x->n < y->n ? -1 : x->n > y->n;
}

static void order(struct log_event *events, uint32_t count)
{
    bool sorted = true, timeless = false;
    for (uint32_t i = 0; i < count; i++) {
        timeless = timeless || events[i].at == INSTANT_NONE;
        if (i > 0 && by_time(&events[i - 1], &events[i]) > 0) sorted = false;
    }
    if (!sorted && !timeless) qsort(events, count, sizeof *events, by_time);
}

int log_finish(struct event_log *log, struct guan_error *error)
{
    if (log->event_count >= LOG_EVENTS || log->bytes > LOG_BYTES) {
        error_set(error, GUAN_USAGE, "log-size", "the log has more than %u events or %llu bytes of different texts", LOG_EVENTS,
                  (unsigned long long)LOG_BYTES);
        return error_hint(error, "cut it by time or by case, and audit the parts");
    }
    struct log_event *sorted = log->failed ? NULL : memory_alloc((log->event_count + (size_t)1) * sizeof *sorted);
    if (!sorted) return error_memory(error);
    uint32_t next = 0;
    for (uint32_t c = 0; c < log->case_count; c++) {
        log->cases[c].first = next;
        next += log->cases[c].count;
        log->cases[c].count = 0;
    }
    for (uint32_t i = 0; i < log->event_count; i++) {
        struct log_case *kase = &log->cases[log->events[i].kase];
        sorted[kase->first + kase->count++] = log->events[i];
        if (log->events[i].at > log->now) log->now = log->events[i].at;
    }
    for (uint32_t c = 0; c < log->case_count; c++) order(sorted + log->cases[c].first, log->cases[c].count);
    memory_free(log->events);
    log->events = sorted;
    log->event_capacity = log->event_count;
    return GUAN_OK;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), n = strlen(end);
    return length > n && strcasecmp(text + length - n, end) == 0;
}

int log_read(const char *file, const struct log_columns *columns, const struct zone *zone, struct event_log **out,
             struct guan_error *error)
{
    bool xes = ends_with(file, ".xes"), csv = ends_with(file, ".csv");
    *out = NULL;
    if (!xes && !csv) {
        error_set(error, GUAN_USAGE, "log-kind", "\"%s\" is neither .xes nor .csv", file);
        return error_hint(error, "%s", ends_with(file, ".gz") ? "unpack it first: gunzip" : "export the log as XES or CSV");
    }
    FILE *stream = fopen(file, "rb");
    if (!stream) {
        error_set(error, GUAN_USAGE, "no-file", "\"%s\" cannot be read", file);
        return error_hint(error, "look at its name and who may read it");
    }
    struct event_log *log;
    int code = log_new(&log, error);
    if (code == GUAN_OK && xes) code = log_read_xes(stream, file, zone, log, error);
    if (code == GUAN_OK && csv) code = log_read_csv(stream, file, columns, zone, log, error);
    fclose(stream);
    if (code == GUAN_OK) code = log_finish(log, error);
    if (code != GUAN_OK) {
        log_free(log);
        return code;
    }
    *out = log;
    return GUAN_OK;
}
