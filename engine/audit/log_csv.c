/* A log as a table: one event a row, columns known by their headers. Columns that are not ours are the event's attributes. */
#include "audit/log.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

/* KIND and LEAF: a table of ours, where a row is an entry. */
enum column { CASE, ACTIVITY, TIME, RESOURCE, ROLE, LIFE, ENDED, SESSION, KIND, LEAF, COLUMNS };

/* What people and tools call them; the first is what we say. */
static const char *const usual[COLUMNS][8] = {
    [CASE] = {"case", "case:concept:name", "case_id", "caseid", "case id", "trace", NULL},
    [ACTIVITY] = {"activity", "concept:name", "event", "task", "step", "activity name", NULL},
    [TIME] = {"time", "time:timestamp", "timestamp", "at", "complete timestamp", "end time", "happened", NULL},
    [RESOURCE] = {"resource", "org:resource", "actor", "user", NULL},
    [ROLE] = {"role", "org:role", NULL},
    [LIFE] = {"lifecycle", "lifecycle:transition", NULL},
    [ENDED] = {"ended", "case:ended", NULL},
    [SESSION] = {"session", NULL},
    [KIND] = {"kind", NULL},
    [LEAF] = {"leaf", NULL},
};

struct table {
    const char *file;
    const struct zone *zone;
    struct event_log *log;
    struct guan_error *error;
    size_t column[COLUMNS]; /* SIZE_MAX: none */
    uint32_t *keys;         /* of the attributes, by column; 0: not one */
    size_t count;
};

static int refuse(const struct table *t, uint64_t line, size_t field, const char *rule, const char *text, const char *hint)
{
    error_set(t->error, GUAN_NO, rule, "%s", text);
    error_where(t->error, "%s:%llu: field %zu", t->file, (unsigned long long)line, field + 1);
    error_hint(t->error, "%s", hint);
    return GUAN_NO;
}

static size_t find(const struct csv_row *header, const char *name)
{
    for (size_t i = 0; i < header->count; i++)
        if (strcasecmp(header->fields[i].text, name) == 0) return i;
    return SIZE_MAX;
}

static int no_column(const struct table *t, const struct csv_row *header, const char *name)
{
    struct buffer names = {0};
    for (size_t i = 0; i < header->count && names.length < 200; i++)
        buffer_printf(&names, "%s%s", i ? ", " : "", header->fields[i].text);
    int code = error_set(t->error, GUAN_NO, "csv-header", "there is no column \"%s\"; there are: %s", name,
                         names.data ? names.data : "");
    error_where(t->error, "%s:%llu:1", t->file, (unsigned long long)header->line);
    error_hint(t->error, "say which is which: --columns case=NAME,activity=NAME,time=NAME");
    buffer_release(&names);
    return code;
}

static int columns_of(struct table *t, const struct csv_row *header, const struct log_columns *given)
{
    const char *const named[COLUMNS] = {given ? given->kase : NULL, given ? given->activity : NULL,
                                        given ? given->time : NULL, given ? given->resource : NULL,
                                        given ? given->role : NULL, given ? given->lifecycle : NULL};
    for (size_t c = 0; c < COLUMNS; c++) {
        t->column[c] = named[c] ? find(header, named[c]) : SIZE_MAX;
        if (named[c] && t->column[c] == SIZE_MAX) return no_column(t, header, named[c]);
        for (size_t i = 0; !named[c] && usual[c][i] && t->column[c] == SIZE_MAX; i++) t->column[c] = find(header, usual[c][i]);
        if (t->column[c] == SIZE_MAX && c <= ACTIVITY) return no_column(t, header, usual[c][0]);
    }
    t->count = header->count;
    t->keys = arena_alloc(t->log->arena, (header->count + 1) * sizeof *t->keys);
    if (!t->keys) return error_memory(t->error);
    for (size_t i = 0; i < header->count; i++) {
        t->keys[i] = log_intern(t->log, header->fields[i].text, header->fields[i].length);
        for (size_t c = 0; c < COLUMNS; c++)
            if (t->column[c] == i) t->keys[i] = 0;
    }
    return GUAN_OK;
}

static void attributes_of(struct table *t, const struct csv_row *row, struct log_event *event)
{
    struct event_log *log = t->log;
    for (size_t i = 0; i < row->count && i < t->count; i++) {
        struct log_attribute attribute = {.key = t->keys[i], .kind = VALUE_TEXT};
        if (!t->keys[i] || !row->fields[i].length) continue;
        if (log_number(row->fields[i].text, row->fields[i].length, &attribute.as.integer)) attribute.kind = VALUE_INT;
        else attribute.as.text = log_intern(log, row->fields[i].text, row->fields[i].length);
        log_attribute_add(log, attribute);
        event->attribute_count++;
    }
}

static struct csv_field field_of(const struct table *t, const struct csv_row *row, enum column column)
{
    size_t at = t->column[column];
    return at < row->count ? row->fields[at] : (struct csv_field){"", 0};
}

/* Of our own export: what people did; the rest is what came of it. */
static bool is_entry(const struct table *t, const struct csv_row *row, struct csv_field *life)
{
    const char *kind = field_of(t, row, KIND).text;
    if (t->column[LEAF] == SIZE_MAX || t->column[KIND] == SIZE_MAX) return true;
    if (strcmp(kind, "waive") == 0) *life = (struct csv_field){"manualskip", strlen("manualskip")};
    return strcmp(kind, "step") == 0 || strcmp(kind, "event") == 0 || life->length;
}

/* Our export says nothing of an end but by the entry that closes a case. */
static void know_case(struct table *t, const struct csv_row *row)
{
    struct csv_field name = field_of(t, row, CASE);
    uint32_t before = t->log->case_count, index = log_case_named(t->log, log_intern(t->log, name.text, name.length));
    bool closed = strcmp(field_of(t, row, KIND).text, "close") == 0;
    if (!t->log->failed && (closed || index == before)) t->log->cases[index].open = !closed;
}

static int take_row(struct table *t, const struct csv_row *row)
{
    struct event_log *log = t->log;
    struct csv_field kase = field_of(t, row, CASE), activity = field_of(t, row, ACTIVITY), time = field_of(t, row, TIME);
    struct csv_field resource = field_of(t, row, RESOURCE), role = field_of(t, row, ROLE), life = field_of(t, row, LIFE),
                     session = field_of(t, row, SESSION);
    instant at = INSTANT_NONE;
    if (row->count > t->count)
        return refuse(t, row->line, t->count, "csv-row", "the row has more fields than the header",
                      "a field with a separator in it stands in quotation marks");
    if (!kase.length)
        return refuse(t, row->line, t->column[CASE], "csv-case", "the row has no case", "every event belongs to a case");
    if (time.length && log_time(time.text, time.length, t->zone, &at) != GUAN_OK) {
        char text[80];
        snprintf(text, sizeof text, "\"%.*s\" is not a time", (int)text_cut(time.text, time.length, 40), time.text);
        return refuse(t, row->line, t->column[TIME], "log-time", text, "write 2026-03-07 10:02:00 or 2026-03-07T10:02:00+08:00");
    }
    if (t->column[LEAF] != SIZE_MAX) know_case(t, row);
    if (!is_entry(t, row, &life)) return GUAN_OK;
    if (!activity.length) {
        log->skipped++;
        return GUAN_OK;
    }
    uint32_t index = log_case_named(log, log_intern(log, kase.text, kase.length));
    struct log_event *event = log_event_add(log, index);
    event->at = at;
    event->activity = log_intern(log, activity.text, activity.length);
    event->resource = log_intern(log, resource.text, resource.length);
    event->role = log_intern(log, role.text, role.length);
    event->session = log_intern(log, session.text, session.length);
    log_life(log, event, life.text, life.length);
    attributes_of(t, row, event);
    struct csv_field ended = field_of(t, row, ENDED);
    if (!log->failed && ended.length)
        log->cases[index].open = strcasecmp(ended.text, "false") == 0 || strcasecmp(ended.text, "no") == 0;
    return log->failed ? GUAN_FAILED : GUAN_OK;
}

int log_read_csv(FILE *stream, const char *file, const struct log_columns *columns, const struct zone *zone,
                 struct event_log *log, struct guan_error *error)
{
    struct table table = {.file = file, .zone = zone, .log = log, .error = error};
    struct csv_row row;
    struct csv *csv;
    bool found;
    int code = csv_open(stream, file, &csv, error);
    if (code != GUAN_OK) return code;
    code = csv_next(csv, &row, &found, error);
    if (code == GUAN_OK && !found) {
        error_set(error, GUAN_NO, "csv-header", "the table is empty");
        error_where(error, "%s:1:1", file);
        error_hint(error, "its first row names the columns: case,activity,time,resource,role");
        code = GUAN_NO;
    }
    if (code == GUAN_OK) code = columns_of(&table, &row, columns);
    while (code == GUAN_OK && (code = csv_next(csv, &row, &found, error)) == GUAN_OK && found) code = take_row(&table, &row);
    csv_free(csv);
    if (code == GUAN_FAILED && log->failed && (log->bytes > LOG_BYTES || log->event_count >= LOG_EVENTS))
        return log_finish(log, error);
    return code == GUAN_FAILED && log->failed ? error_memory(error) : code;
}
