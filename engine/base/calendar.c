/* Calendars in use: the working days of all years counted once, so that a question about them is an index or one binary search,
 * and the events in order of their first day. */
#include "base/calendar.h"

#include "base/calendar_read.h"
#include "base/calendar_text.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    struct calendar_event event;
    int64_t latest; /* the latest `last` up to here: never falls, which is what a binary search needs */
};

struct calendar {
    struct arena *arena; /* of all this, and of the file's text */
    const char *name;
    int first_year, last_year;
    int64_t start, days;   /* of the years: the first day, and how many */
    uint32_t *before;      /* days + 1: working days in [start, start + i) */
    struct entry *entries; /* HOLIDAY and SEASON */
    size_t count, capacity, total;
};

struct build {
    struct calendar *calendar;
    const struct drafts *drafts;
    struct guan_error *error;
};

static int grow(struct calendar *calendar, struct guan_error *error)
{
    if (calendar->count < calendar->capacity) return GUAN_OK;
    size_t capacity = calendar->capacity ? calendar->capacity * 2 : 32;
    struct entry *wider = arena_alloc(calendar->arena, capacity * sizeof *wider);
    if (!wider) return error_memory(error);
    if (calendar->count) memcpy(wider, calendar->entries, calendar->count * sizeof *wider);
    calendar->entries = wider;
    calendar->capacity = capacity;
    return GUAN_OK;
}

/* Writes, for now, who claims a day (the draft's index and 1) in the place of the count after it. */
static int claim_days(const struct build *build, size_t index, int64_t first, int64_t last)
{
    const struct calendar *calendar = build->calendar;
    const struct draft *draft = &build->drafts->items[index];
    uint32_t *claims = calendar->before + 1;
    for (int64_t day = first; day <= last; day++) {
        int64_t i = day - calendar->start;
        if (i < 0 || i >= calendar->days) continue;
        struct civil date = civil_of_days(day);
        if (claims[i])
            return calendar_refuse(build->error, draft->line, "a day belongs to one of them: let one end before the other begins",
                                   "the event claims %04d-%02d-%02d, as does the one of line %zu", date.year, date.month,
                                   date.day, build->drafts->items[claims[i] - 1].line);
        if (draft->kind == CALENDAR_WORKDAY && calendar_weekday(day) <= 5)
            return calendar_refuse(build->error, draft->line, "is the date right? Make-up days are Saturdays and Sundays",
                                   "the make-up day %04d-%02d-%02d is a working day anyway", date.year, date.month, date.day);
        claims[i] = (uint32_t)index + 1;
    }
    return GUAN_OK;
}

/* An event in one year, `shift` days from where it is written. */
static int lay(const struct build *build, size_t index, int64_t shift)
{
    struct calendar *calendar = build->calendar;
    const struct draft *draft = &build->drafts->items[index];
    struct calendar_event event = draft->event;
    event.first += shift;
    event.last += shift;
    event.day += shift;
    if (event.last < calendar->start || event.first >= calendar->start + calendar->days) return GUAN_OK;
    if (calendar->total++ == LIMIT_CALENDAR_EVENTS)
        return calendar_refuse(build->error, draft->line, "keep only the years that are needed",
                               "more than %u events, each year of a recurring one counted", LIMIT_CALENDAR_EVENTS);
    int code = draft->kind == CALENDAR_SEASON ? GUAN_OK : claim_days(build, index, event.first, event.last);
    if (!code && draft->kind != CALENDAR_WORKDAY) {
        code = grow(calendar, build->error);
        if (!code) calendar->entries[calendar->count++].event = event;
    }
    return code;
}

static int lay_all(const struct build *build, size_t index)
{
    const struct calendar *calendar = build->calendar;
    const struct draft *draft = &build->drafts->items[index];
    int64_t first = draft->event.first, begins;
    if (!draft->rule.recurs) {
        size_t before = calendar->total;
        int code = lay(build, index, 0);
        if (code || calendar->total > before) return code;
        return calendar_refuse(build->error, draft->line, "is the date right? If so, add its year to X-GUAN-YEARS",
                               "the event is outside of the calendar's years %d/%d", calendar->first_year, calendar->last_year);
    }
    /* From the year before: an event may begin in it and end in the first. */
    for (int year = calendar->first_year - 1; year <= calendar->last_year; year++) {
        int code = yearly_day(&draft->rule, first, year, &begins) ? lay(build, index, begins - first) : GUAN_OK;
        if (code) return code;
    }
    return GUAN_OK;
}

static void count_workdays(const struct build *build)
{
    const struct calendar *calendar = build->calendar;
    uint32_t *before = calendar->before;
    for (int64_t i = 0; i < calendar->days; i++) {
        uint32_t claim = before[i + 1];
        bool works =
            claim ? build->drafts->items[claim - 1].kind == CALENDAR_WORKDAY : calendar_weekday(calendar->start + i) <= 5;
        before[i + 1] = before[i] + works;
    }
}

static int by_first_day(const void *left, const void *right)
{
    const struct calendar_event *a = &((const struct entry *)left)->event, *b = &((const struct entry *)right)->event;
    if (a->first != b->first) return a->first < b->first ? -1 : 1;
    if (a->last != b->last) return a->last < b->last ? -1 : 1;
    return strcmp(a->uid, b->uid);
}

static void order(struct calendar *calendar)
{
    if (calendar->count) qsort(calendar->entries, calendar->count, sizeof *calendar->entries, by_first_day);
    for (size_t i = 0; i < calendar->count; i++) {
        struct entry *entry = &calendar->entries[i];
        entry->latest = i && entry[-1].latest > entry->event.last ? entry[-1].latest : entry->event.last;
    }
}

static int build(struct calendar *calendar, const struct drafts *drafts, struct guan_error *error)
{
    calendar->name = drafts->name;
    calendar->first_year = drafts->first_year;
    calendar->last_year = drafts->last_year;
    calendar->start = civil_days(drafts->first_year, 1, 1);
    calendar->days = civil_days(drafts->last_year + 1, 1, 1) - calendar->start;
    calendar->before = arena_alloc(calendar->arena, ((size_t)calendar->days + 1) * sizeof *calendar->before);
    if (!calendar->before) return error_memory(error);
    struct build work = {calendar, drafts, error};
    for (size_t i = 0; i < drafts->count; i++) {
        int code = lay_all(&work, i);
        if (code) return code;
    }
    count_workdays(&work);
    order(calendar);
    return GUAN_OK;
}

int calendar_read(const char *text, size_t length, struct calendar **out, struct guan_error *error)
{
    *out = NULL;
    if (length > LIMIT_FILE_BYTES)
        return calendar_refuse(error, 1, "keep only the years that are needed", "the file is larger than %u bytes",
                               LIMIT_FILE_BYTES);
    struct arena *arena = arena_new();
    struct calendar *calendar = arena_alloc(arena, sizeof *calendar);
    char *own = arena_text(arena, text, length);
    if (arena_failed(arena)) {
        arena_free(arena);
        return error_memory(error);
    }
    calendar->arena = arena;
    struct drafts drafts;
    int code = calendar_drafts(own, length, &drafts, error);
    if (!code) code = build(calendar, &drafts, error);
    memory_free(drafts.items);
    if (code) arena_free(arena);
    else *out = calendar;
    return code;
}

void calendar_free(struct calendar *calendar)
{
    if (calendar) arena_free(calendar->arena);
}

const char *calendar_name(const struct calendar *calendar)
{
    return calendar->name;
}

size_t calendar_count(const struct calendar *calendar)
{
    return calendar->total;
}

static int no_year(const struct calendar *calendar, int year, struct guan_error *error)
{
    error_set(error, GUAN_NO, "calendar-year", "the calendar %s has no year %d%s", calendar->name, year,
              year > calendar->last_year ? " yet" : "");
    error_hint(error, "add the days of %d to processes/calendars/%s.ics as they were published, and the year to its X-GUAN-YEARS",
               year, calendar->name);
    return GUAN_NO;
}

/* The day's place in the calendar. */
static int place(const struct calendar *calendar, int64_t day, int64_t *out, struct guan_error *error)
{
    int year = civil_of_days(day).year;
    if (year < calendar->first_year || year > calendar->last_year) return no_year(calendar, year, error);
    *out = day - calendar->start;
    return GUAN_OK;
}

int calendar_is_workday(const struct calendar *calendar, int64_t day, bool *out, struct guan_error *error)
{
    int64_t i;
    int code = place(calendar, day, &i, error);
    if (!code) *out = calendar->before[i + 1] > calendar->before[i];
    return code;
}

int calendar_add_workdays(const struct calendar *calendar, int64_t day, int64_t n, int64_t *out, struct guan_error *error)
{
    int64_t i;
    int code = place(calendar, day, &i, error);
    if (code) return code;
    const uint32_t *before = calendar->before;
    if (n > calendar->days) return no_year(calendar, calendar->last_year + 1, error);
    if (n < -calendar->days) return no_year(calendar, calendar->first_year - 1, error);
    /* The place among all working days, from 1, of the one that is asked for. */
    int64_t rank = n > 0 ? before[i + 1] + n : before[i] + 1 + n;
    if (rank < 1) return no_year(calendar, calendar->first_year - 1, error);
    if (rank > before[calendar->days]) return no_year(calendar, calendar->last_year + 1, error);
    int64_t low = 0, high = calendar->days; /* before[low] < rank <= before[high] */
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (before[middle] < rank) low = middle;
        else high = middle;
    }
    *out = calendar->start + low;
    return GUAN_OK;
}

int calendar_next(const struct calendar *calendar, const char *name, int64_t from, struct calendar_event *out, bool *found,
                  struct guan_error *error)
{
    *found = false;
    int64_t unused;
    int code = place(calendar, from, &unused, error);
    if (code) return code;
    size_t low = 0, high = calendar->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (calendar->entries[middle].latest < from) low = middle + 1;
        else high = middle;
    }
    for (; low < calendar->count && !*found; low++) {
        const struct calendar_event *event = &calendar->entries[low].event;
        if (event->last < from || (name && !text_equal(name, event->summary) && !text_equal(name, event->uid))) continue;
        *out = *event;
        *found = true;
    }
    return GUAN_OK;
}
