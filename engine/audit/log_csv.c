/* A log as a table: one event a row, columns known by their headers. Columns that are not ours are the event's attributes. */
#include "audit/log.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

/* From KIND on: of a table of ours, where a row is an entry; KIND and LEAF tell it. */
enum column {
    CASE,
    ACTIVITY,
    TIME,
    RESOURCE,
    ROLE,
    LIFE,
    ENDED,
    SESSION,
    KIND,
    LEAF,
    ENTRY,
    RECORDED,
    DEALER,
    PROCESS,
    REFS,
    FIELDS,
    FACTS,
    EVIDENCE,
    WITH,
    INSTANCE,
    MESSAGE,
    COLUMNS
};

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
    [ENTRY] = {"entry", NULL},
    [RECORDED] = {"recorded", NULL},
    [DEALER] = {"dealer", NULL},
    [PROCESS] = {"process", NULL},
    [REFS] = {"refs", NULL},
    [FIELDS] = {"fields", NULL},
    [FACTS] = {"facts", NULL},
    [EVIDENCE] = {"evidence", NULL},
    [WITH] = {"with", NULL},
    [INSTANCE] = {"instance", NULL},
    [MESSAGE] = {"message", NULL},
};

struct table {
    const char *file;
    const struct zone *zone;
    struct event_log *log;
    struct guan_error *error;
    size_t column[COLUMNS]; /* SIZE_MAX: none */
    bool own;               /* of our export */
    struct arena *arena;    /* of the row */
    uint32_t *keys;         /* of the attributes, by column; 0: not one */
    size_t count;
};

static int refuse(const struct table *t, uint64_t line, size_t field, const char *rule, const char *text, const char *hint)
{
    error_set(t->error, GUAN_USAGE, rule, "%s", text);
    error_where(t->error, "%s:%llu: field %zu", t->file, (unsigned long long)line, field + 1);
    error_hint(t->error, "%s", hint);
    return GUAN_USAGE;
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
    int code = error_set(t->error, GUAN_USAGE, "csv-header", "there is no column \"%s\"; there are: %s", name,
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
    t->own = t->column[KIND] != SIZE_MAX && t->column[LEAF] != SIZE_MAX;
    for (size_t c = KIND; c < COLUMNS && !t->own; c++) t->column[c] = SIZE_MAX;
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

/* --- a row of ours -----------------------------------------------------------------------------------------------------------
 */

static uint32_t intern_field(struct table *t, const struct csv_row *row, enum column column)
{
    struct csv_field field = field_of(t, row, column);
    return log_intern(t->log, field.text, field.length);
}

static struct value *json_of(struct table *t, const struct csv_row *row, enum column column)
{
    struct csv_field field = field_of(t, row, column);
    struct value *value = NULL;
    return field.length && json_read(t->arena, field.text, field.length, &value, NULL) == GUAN_OK ? value : NULL;
}

static instant time_of(struct table *t, const struct csv_row *row, enum column column)
{
    struct csv_field field = field_of(t, row, column);
    instant at;
    return field.length && log_time(field.text, field.length, t->zone, &at) == GUAN_OK ? at : INSTANT_NONE;
}

static uint32_t number_of(struct table *t, const struct csv_row *row, enum column column)
{
    struct csv_field field = field_of(t, row, column);
    int64_t number = 0;
    return log_number(field.text, field.length, &number) && number > 0 && number < UINT32_MAX ? (uint32_t)number : 0;
}

/* What each entry says of its case. An older export has no column for the end: there the entry that closes a case says it. */
static uint32_t know_case(struct table *t, const struct csv_row *row)
{
    struct event_log *log = t->log;
    struct csv_field ended = field_of(t, row, ENDED);
    const char *kind = field_of(t, row, KIND).text;
    uint32_t before = log->case_count, index = log_case_named(log, intern_field(t, row, CASE));
    if (log->failed) return index;
    struct log_case *kase = &log->cases[index];
    bool closed = strcmp(kind, "close") == 0;
    if (ended.length) kase->open = strcmp(ended.text, "true") != 0;
    else if (closed || index == before) kase->open = !closed;
    kase->dealer = intern_field(t, row, DEALER);
    if (strcmp(kind, "open") == 0) kase->process = intern_field(t, row, PROCESS);
    instant recorded = time_of(t, row, RECORDED);
    if (recorded != INSTANT_NONE && recorded > log->now) log->now = recorded;
    return index;
}

/* "pdi_sheet:HASH photo:HASH" */
static const char *kinds_of(struct table *t, const struct csv_row *row)
{
    const char *text = field_of(t, row, EVIDENCE).text, *word, *all = "";
    size_t length;
    while (all && text_word(&text, &word, &length)) {
        size_t kind = 0;
        while (kind < length && word[kind] != ':') kind++;
        all = arena_printf(t->arena, "%s%s%.*s", all, *all ? " " : "", (int)kind, word);
    }
    return all;
}

static void text_of(struct table *t, struct log_event *event, const char *key, const char *text)
{
    log_text_add(t->log, event, log_intern(t->log, key, strlen(key)), text);
}

/* What people did is an event; a correction changes one; the rest is what came of it. */
static int take_entry(struct table *t, const struct csv_row *row, instant at)
{
    struct event_log *log = t->log;
    const char *kind = field_of(t, row, KIND).text;
    uint32_t kase = know_case(t, row);
    bool waive = strcmp(kind, "waive") == 0, done = strcmp(kind, "step") == 0 || strcmp(kind, "event") == 0;
    arena_reset(t->arena);
    struct value *form = json_of(t, row, FIELDS), *facts = json_of(t, row, FACTS);
    if (strcmp(kind, "amend") == 0) {
        const char *text = value_get_text(form, "at");
        instant said = INSTANT_NONE;
        if (text && instant_parse(text, strlen(text), NULL, &said, NULL) != GUAN_OK) said = INSTANT_NONE;
        log_amend(log, kase, number_of(t, row, REFS), said, form, facts);
    }
    if ((!waive && !done) || log->failed) return log->failed ? GUAN_FAILED : GUAN_OK;
    struct log_event *event = log_event_add(log, kase);
    event->n = number_of(t, row, ENTRY);
    event->at = at;
    event->activity = intern_field(t, row, ACTIVITY);
    event->resource = log_person(log, field_of(t, row, RESOURCE).text);
    event->role = intern_field(t, row, ROLE);
    event->session = intern_field(t, row, SESSION);
    if (waive) log_life(log, event, "manualskip", strlen("manualskip"));
    else log_life(log, event, "complete", strlen("complete"));
    log_map_add(log, event, form);
    log_map_add(log, event, facts);
    text_of(t, event, "evidence", kinds_of(t, row));
    text_of(t, event, "with", log_text(log, log_person(log, field_of(t, row, WITH).text)));
    text_of(t, event, "inst", field_of(t, row, INSTANCE).text);
    text_of(t, event, "message", field_of(t, row, MESSAGE).text);
    return log->failed || arena_failed(t->arena) ? GUAN_FAILED : GUAN_OK;
}

/* --- any row -----------------------------------------------------------------------------------------------------------------
 */

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
    if (row->count < t->count || (t->own && !row->whole))
        return refuse(t, row->line, row->count - 1, "csv-row",
                      row->whole ? "the row has fewer fields than the header" : "the table is cut off in this row",
                      "export it again: every row has as many fields as the first");
    if (!kase.length)
        return refuse(t, row->line, t->column[CASE], "csv-case", "the row has no case", "every event belongs to a case");
    if (time.length && log_time(time.text, time.length, t->zone, &at) != GUAN_OK) {
        char text[80];
        snprintf(text, sizeof text, "\"%.*s\" is not a time", (int)text_cut(time.text, time.length, 40), time.text);
        return refuse(t, row->line, t->column[TIME], "log-time", text, "write 2026-03-07 10:02:00 or 2026-03-07T10:02:00+08:00");
    }
    if (t->own) return take_entry(t, row, at);
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
    struct table table = {.file = file, .zone = zone, .log = log, .error = error, .arena = arena_new()};
    struct csv_row row;
    struct csv *csv = NULL;
    bool found;
    int code = table.arena ? csv_open(stream, file, &csv, error) : error_memory(error);
    if (code != GUAN_OK) {
        arena_free(table.arena);
        return code;
    }
    code = csv_next(csv, &row, &found, error);
    if (code == GUAN_OK && !found) {
        error_set(error, GUAN_USAGE, "csv-header", "the table is empty");
        error_where(error, "%s:1:1", file);
        error_hint(error, "its first row names the columns: case,activity,time,resource,role");
        code = GUAN_USAGE;
    }
    if (code == GUAN_OK) code = columns_of(&table, &row, columns);
    while (code == GUAN_OK && (code = csv_next(csv, &row, &found, error)) == GUAN_OK && found) code = take_row(&table, &row);
    csv_free(csv);
    if (code == GUAN_FAILED && arena_failed(table.arena)) log->failed = true;
    arena_free(table.arena);
    if (code == GUAN_FAILED && log->failed && (log->bytes > LOG_BYTES || log->event_count >= LOG_EVENTS))
        return log_finish(log, error);
    return code == GUAN_FAILED && log->failed ? error_memory(error) : code;
}
