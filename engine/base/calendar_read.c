/* VCALENDAR and its VEVENTs, property by property. What would change the meaning of a day and is not carried out is refused; the
 * rest of iCalendar (alarms, descriptions, zones) is passed over. */
#include "base/calendar_read.h"

#include "base/calendar_text.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_DEPTH = 8, MOST_DAYS = 366, MOST_NAME_BYTES = 60 };

enum property { UID, SUMMARY, CATEGORIES, DTSTART, DTEND, RRULE, X_GUAN_DAY, PROPERTIES };
static const char *const property_names[PROPERTIES] = {"UID", "SUMMARY", "CATEGORIES", "DTSTART", "DTEND", "RRULE", "X-GUAN-DAY"};

struct reading {
    struct content_reader reader;
    struct drafts *out;
    struct guan_error *error;
    size_t years_line;
};

/* The next line, which must be there: `inside` and `since` say what it would end. */
static int need(struct reading *reading, struct content *out, const char *inside, size_t since)
{
    bool found;
    int code = content_next(&reading->reader, out, &found, reading->error);
    if (code || found) return code;
    return calendar_refuse(reading->error, reading->reader.line, "is the file whole? The last line is END:VCALENDAR",
                           "the file ends inside %.40s, which began in line %zu", inside, since);
}

/* Components of no interest, with all inside them. */
static int skip_component(struct reading *reading, const struct content *begin)
{
    const char *open[MOST_DEPTH] = {begin->value};
    struct content content = *begin;
    for (size_t depth = 1; depth;) {
        int code = need(reading, &content, open[depth - 1], begin->line);
        if (code) return code;
        if (strcmp(content.name, "BEGIN") == 0) {
            if (depth == MOST_DEPTH)
                return calendar_refuse(reading->error, content.line, "leave these parts out",
                                       "BEGIN inside BEGIN, more than %d deep", MOST_DEPTH);
            open[depth++] = content.value;
        } else if (strcmp(content.name, "END") == 0) {
            char shown[SHOWN_BYTES];
            if (strcmp(content.value, open[--depth]) != 0)
                return calendar_refuse(reading->error, content.line, "every BEGIN has its END, the inner one first",
                                       "END:%s does not close BEGIN:%.40s", calendar_shown(content.value, shown), open[depth]);
        }
    }
    return GUAN_OK;
}

static int read_categories(const struct content *content, struct draft *draft, struct guan_error *error)
{
    static const char *const names[] = {"HOLIDAY", "WORKDAY", "SEASON"};
    int kinds = 0;
    for (const char *word = content->value;; word++) {
        size_t length = strcspn(word, ",");
        for (int i = 0; i < 3; i++)
            if (strlen(names[i]) == length && memcmp(word, names[i], length) == 0) {
                draft->kind = (enum calendar_kind)i;
                kinds++;
            }
        word += length;
        if (!*word) break;
    }
    if (kinds == 1) return GUAN_OK;
    return calendar_refuse(error, content->line, "HOLIDAY: nobody works; WORKDAY: a make-up day; SEASON: neither",
                           "CATEGORIES names none of HOLIDAY, WORKDAY and SEASON, or more than one");
}

static int read_property(const struct content *content, enum property which, struct draft *draft, struct guan_error *error)
{
    struct calendar_event *event = &draft->event;
    char shown[SHOWN_BYTES];
    switch (which) {
    case UID: return content_text(content, &event->uid, error);
    case SUMMARY: return content_text(content, &event->summary, error);
    case CATEGORIES: return read_categories(content, draft, error);
    case DTSTART: return content_date(content, &event->first, error);
    case DTEND: return content_date(content, &event->last, error); /* the day after, until the event is whole */
    case X_GUAN_DAY: return content_date(content, &event->day, error);
    default: break;
    }
    if (yearly_parse(content->value, &draft->rule)) return GUAN_OK;
    return calendar_refuse(error, content->line,
                           "write FREQ=YEARLY, with ;UNTIL=20301231 if it ends, ;BYMONTH=5;BYDAY=2SU if it moves; "
                           "what differs from year to year is an event for each year",
                           "\"%s\" is not a rule for one day a year", calendar_shown(content->value, shown));
}

/* What every event needs, and how its days lie. `at` has the line of each property, 0 without. */
static int finish_event(struct draft *draft, const size_t at[PROPERTIES], struct guan_error *error)
{
    struct calendar_event *event = &draft->event;
    for (size_t i = UID; i <= DTSTART; i++)
        if (!at[i])
            return calendar_refuse(error, draft->line, "every event has UID, SUMMARY, CATEGORIES and DTSTART",
                                   "the event has no %s", property_names[i]);
    event->last = at[DTEND] ? event->last - 1 : event->first;
    if (!at[X_GUAN_DAY]) event->day = event->first;
    if (event->last < event->first)
        return calendar_refuse(error, at[DTEND], "DTEND is the day after the last; of a single day leave it out",
                               "DTEND is not after DTSTART");
    if (event->last - event->first >= MOST_DAYS)
        return calendar_refuse(error, at[DTEND], "is the year of DTEND right?", "the event is longer than a year");
    if (event->day < event->first || event->day > event->last)
        return calendar_refuse(error, at[X_GUAN_DAY], "X-GUAN-DAY is the festival's own day, one of the event's days",
                               "X-GUAN-DAY is outside of the event");
    int64_t first;
    if (at[RRULE] && (!yearly_day(&draft->rule, event->first, civil_of_days(event->first).year, &first) || first != event->first))
        return calendar_refuse(error, at[DTSTART], "make DTSTART the first day that the rule gives",
                               "DTSTART is no day of its own RRULE");
    return GUAN_OK;
}

static int read_event_property(struct reading *reading, const struct content *content, struct draft *draft, size_t at[PROPERTIES])
{
    static const char *const refused[] = {"DURATION", "EXDATE", "EXRULE", "RDATE", "RECURRENCE-ID"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (strcmp(content->name, refused[i]) == 0)
            return calendar_refuse(reading->error, content->line,
                                   "give the event a DTEND, or split it in several with a UID each",
                                   "%s is not carried out, and the days would be wrong without", content->name);
    for (size_t i = 0; i < PROPERTIES; i++) {
        if (strcmp(content->name, property_names[i]) != 0) continue;
        if (at[i])
            return calendar_refuse(reading->error, content->line, "keep one of them; or is END:VEVENT missing?",
                                   "the event has %s twice, first in line %zu", property_names[i], at[i]);
        at[i] = content->line;
        return read_property(content, (enum property)i, draft, reading->error);
    }
    return GUAN_OK;
}

static struct draft *new_draft(struct reading *reading)
{
    struct drafts *out = reading->out;
    if (out->count == out->capacity) {
        size_t capacity = out->capacity ? out->capacity * 2 : 32;
        struct draft *items = memory_resize(out->items, capacity * sizeof *items);
        if (!items) return NULL;
        out->items = items;
        out->capacity = capacity;
    }
    struct draft *draft = &out->items[out->count++];
    *draft = (struct draft){0};
    return draft;
}

static int read_event(struct reading *reading, const struct content *begin)
{
    if (reading->out->count == LIMIT_CALENDAR_EVENTS)
        return calendar_refuse(reading->error, begin->line, "keep only the years that are needed", "more than %u events",
                               LIMIT_CALENDAR_EVENTS);
    struct draft *draft = new_draft(reading);
    if (!draft) return error_memory(reading->error);
    draft->line = begin->line;
    size_t at[PROPERTIES] = {0};
    for (;;) {
        struct content content;
        int code = need(reading, &content, "VEVENT", begin->line);
        if (code) return code;
        if (strcmp(content.name, "BEGIN") == 0) {
            code = skip_component(reading, &content);
        } else if (strcmp(content.name, "END") == 0) {
            if (strcmp(content.value, "VEVENT") == 0) return finish_event(draft, at, reading->error);
            return calendar_refuse(reading->error, content.line, "write END:VEVENT first", "the event of line %zu is not closed",
                                   begin->line);
        } else {
            code = read_event_property(reading, &content, draft, at);
        }
        if (code) return code;
    }
}

/* "2025/2026", or a single year. */
static int read_years(struct reading *reading, const struct content *content)
{
    struct drafts *out = reading->out;
    size_t length = (size_t)(content->stop - content->value);
    int years[2] = {0};
    bool good = length == 4 || (length == 9 && content->value[4] == '/');
    for (size_t i = 0; good && i < length; i++) {
        if (i == 4) continue;
        good = content->value[i] >= '0' && content->value[i] <= '9';
        years[i / 5] = years[i / 5] * 10 + (content->value[i] - '0');
    }
    if (length == 4) years[1] = years[0];
    out->first_year = years[0];
    out->last_year = years[1];
    reading->years_line = content->line;
    if (good && years[0] >= CALENDAR_FIRST_YEAR && years[0] <= years[1] && years[1] <= CALENDAR_LAST_YEAR) return GUAN_OK;
    char shown[SHOWN_BYTES];
    return calendar_refuse(reading->error, content->line, "write X-GUAN-YEARS:2025/2026, from 1900 to 2199",
                           "\"%s\" are not the years of a calendar", calendar_shown(content->value, shown));
}

static int read_name(struct reading *reading, const struct content *content)
{
    int code = content_text(content, &reading->out->name, reading->error);
    if (code || strlen(reading->out->name) <= MOST_NAME_BYTES) return code;
    return calendar_refuse(reading->error, content->line, "the name is what a deadline's on=\"…\" says; X-WR-CALDESC may be long",
                           "X-WR-CALNAME is longer than %d bytes", MOST_NAME_BYTES);
}

static int read_calendar_property(struct reading *reading, const struct content *content)
{
    bool name = strcmp(content->name, "X-WR-CALNAME") == 0, years = strcmp(content->name, "X-GUAN-YEARS") == 0;
    if ((name && reading->out->name) || (years && reading->years_line))
        return calendar_refuse(reading->error, content->line, "keep one of them", "the calendar has %s twice", content->name);
    if (name) return read_name(reading, content);
    return years ? read_years(reading, content) : GUAN_OK;
}

static int read_body(struct reading *reading, size_t begun)
{
    for (;;) {
        struct content content;
        int code = need(reading, &content, "VCALENDAR", begun);
        if (code) return code;
        bool begin = strcmp(content.name, "BEGIN") == 0;
        if (begin && strcmp(content.value, "VEVENT") == 0) {
            code = read_event(reading, &content);
        } else if (begin) {
            code = skip_component(reading, &content);
        } else if (strcmp(content.name, "END") == 0) {
            if (strcmp(content.value, "VCALENDAR") == 0) break;
            return calendar_refuse(reading->error, content.line, "every BEGIN has its END, the inner one first",
                                   "END closes what has not begun");
        } else {
            code = read_calendar_property(reading, &content);
        }
        if (code) return code;
    }
    if (reading->out->name && reading->years_line) return GUAN_OK;
    return calendar_refuse(reading->error, begun, "write X-WR-CALNAME:holidays and X-GUAN-YEARS:2025/2026 below BEGIN:VCALENDAR",
                           "the calendar has no %s", reading->out->name ? "X-GUAN-YEARS" : "X-WR-CALNAME");
}

static int by_uid(const void *left, const void *right)
{
    const struct draft *a = left, *b = right;
    int order = strcmp(a->event.uid, b->event.uid);
    return order ? order : a->line < b->line ? -1 : a->line > b->line;
}

static int unique(struct drafts *drafts, struct guan_error *error)
{
    if (drafts->count) qsort(drafts->items, drafts->count, sizeof *drafts->items, by_uid);
    for (size_t i = 1; i < drafts->count; i++) {
        const struct draft *a = &drafts->items[i - 1], *b = &drafts->items[i];
        char shown[SHOWN_BYTES];
        if (strcmp(a->event.uid, b->event.uid) == 0)
            return calendar_refuse(error, b->line, "give every event a UID of its own, as in spring-festival-2027",
                                   "two events have the UID \"%s\", the first in line %zu", calendar_shown(a->event.uid, shown),
                                   a->line);
    }
    return GUAN_OK;
}

int calendar_drafts(char *text, size_t length, struct drafts *out, struct guan_error *error)
{
    *out = (struct drafts){0};
    static const char mark[] = "\xEF\xBB\xBF"; /* some editors begin UTF-8 with it */
    size_t marked = length >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
    struct reading reading = {{text + marked, text + length, 1}, out, error, 0};
    struct content content;
    bool found;
    int code = content_next(&reading.reader, &content, &found, error);
    if (code) return code;
    if (!found || strcmp(content.name, "BEGIN") != 0 || strcmp(content.value, "VCALENDAR") != 0)
        return calendar_refuse(error, found ? content.line : 1, "is it an .ics file?", "a calendar begins with BEGIN:VCALENDAR");
    code = read_body(&reading, content.line);
    if (!code) code = content_next(&reading.reader, &content, &found, error);
    if (!code && found)
        return calendar_refuse(error, content.line, "one calendar a file", "there is something after END:VCALENDAR");
    return code ? code : unique(out, error);
}
