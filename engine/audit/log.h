/* An event log in memory: cases of events, every text kept once and named by a number. Read from a store's journal, from XES
 * (IEEE 1849) or from CSV; what asks questions about the past does not know which.
 *
 * Number 0 is "none". After log_finish() the events of a case stand together, in the order of their times; events without a time
 * keep their place. */
#ifndef AUDIT_LOG_H
#define AUDIT_LOG_H

#include "base/clock.h"

#include <stdio.h>

struct guan;

#define LOG_EVENTS     20000000u       /* of one log */
#define LOG_TEXT_BYTES (1024u * 1024u) /* of one value */
#define LOG_BYTES      (2048ull << 20) /* of all texts */
#define LOG_DEPTH      64u             /* of elements in XES */
#define LOG_COLUMNS    1000u           /* of CSV; and attributes of one event */

enum log_life { LOG_COMPLETE, LOG_WAIVED, LOG_OTHER };

struct log_attribute {
    uint32_t key;
    enum value_kind kind; /* VALUE_TEXT: `text`; VALUE_INT, VALUE_BOOL: `integer`; VALUE_REAL */
    union {
        uint32_t text;
        int64_t integer;
        double real;
    } as;
};

struct log_event {
    instant at;    /* INSTANT_NONE: not said */
    uint32_t kase; /* index */
    uint32_t n;    /* the journal's number, or its place among the case's events in the file, from 1 */
    uint32_t activity, resource, role, lifecycle, session;
    uint32_t attributes; /* the first */
    uint16_t attribute_count;
    uint8_t life; /* enum log_life */
};

struct log_case {
    uint32_t name, dealer, process; /* process: the flow it runs by; 0: not said */
    uint32_t first, count;          /* events */
    uint32_t attributes, attribute_count;
    bool open; /* more may come */
};

struct event_log {
    const char **texts; /* by number */
    uint32_t text_count;
    struct log_event *events;
    uint32_t event_count;
    struct log_case *cases;
    uint32_t case_count;
    struct log_attribute *attributes;
    uint32_t attribute_count;
    uint32_t skipped; /* events without an activity */
    bool journal;     /* `n` are entries */
    instant now;      /* the last moment the log knows of; wall stores: the clock */
    /* private */
    struct arena *arena;
    uint32_t *slots, *case_of; /* hash of texts; case by the number of its name */
    uint32_t slot_count, case_of_count;
    size_t text_capacity, event_capacity, case_capacity, attribute_capacity;
    uint64_t bytes;
    bool failed; /* no memory, or over a limit: asked once, at the end */
};

struct log_columns { /* names of headers in CSV; NULL: the usual ones */
    const char *kase, *activity, *time, *resource, *role, *lifecycle;
};

/* --- building --- */
int log_new(struct event_log **out, struct guan_error *error);
void log_free(struct event_log *log);
uint32_t log_intern(struct event_log *log, const char *text, size_t length); /* 0 for an empty text */
uint32_t log_find(const struct event_log *log, const char *text);            /* 0: not in the log */
static inline const char *log_text(const struct event_log *log, uint32_t number)
{
    return log->texts[number];
}
uint32_t log_case_add(struct event_log *log, uint32_t name);                   /* index */
uint32_t log_case_named(struct event_log *log, uint32_t name);                 /* the one of that name, or a new one */
struct log_event *log_event_add(struct event_log *log, uint32_t kase);         /* never NULL: what cannot be kept fails the log */
void log_attribute_add(struct event_log *log, struct log_attribute attribute); /* behind the last */
void log_life(struct event_log *log, struct log_event *event, const char *lifecycle, size_t length);
/* Digits are a number, so that conditions can compare; what would not come out the same again (007) stays text. */
bool log_number(const char *text, size_t length, int64_t *out);
/* As real logs write times: any number of decimals, a blank for T, an offset without its colon. */
int log_time(const char *text, size_t length, const struct zone *zone, instant *out);
int log_finish(struct event_log *log, struct guan_error *error);

/* --- of an entry of ours (log_values.c) --- */
void log_text_add(struct event_log *log, struct log_event *event, uint32_t key, const char *text); /* nothing for an empty one */
void log_map_add(struct event_log *log, struct log_event *event, const struct value *map);
/* What the event `n` of the case being read now says, after a correction: newer attributes stand before older ones. */
void log_amend(struct event_log *log, uint32_t kase, uint32_t n, instant at, const struct value *form, const struct value *facts);
/* "base/staff:12" is staff:12, as the journal has it; also of several with blanks between. */
uint32_t log_person(struct event_log *log, const char *text);

/* --- asking --- */
/* NULL: none. */
const struct log_attribute *log_attribute_of(const struct event_log *log, uint32_t first, uint32_t count, uint32_t key);
struct value *log_value(const struct event_log *log, struct arena *arena, const struct log_attribute *attribute);

/* --- reading: GUAN_NO with file:line:col and how to mend it --- */
/* By the end of its name, .xes or .csv. Times without an offset are the zone's (NULL: UTC). */
int log_read(const char *file, const struct log_columns *columns, const struct zone *zone, struct event_log **out,
             struct guan_error *error);
int log_read_xes(FILE *stream, const char *file, const struct zone *zone, struct event_log *log, struct guan_error *error);
int log_read_csv(FILE *stream, const char *file, const struct log_columns *columns, const struct zone *zone,
                 struct event_log *log, struct guan_error *error);
/* The journal of a store, corrections carried out: steps, events, waivers. `cases` as people type them; count 0: all. */
int log_read_journal(struct guan *guan, const char *const *cases, size_t count, struct event_log **out, struct guan_error *error);

/* Rows of RFC 4180, also for files that are no logs. */
struct csv;
struct csv_field {
    const char *text; /* terminated, no NUL inside */
    size_t length;
};
struct csv_row {
    const struct csv_field *fields; /* borrowed until the next row */
    size_t count;
    uint64_t line; /* where it begins */
    bool whole;    /* a line end follows */
};
int csv_open(FILE *stream, const char *file, struct csv **out, struct guan_error *error);
int csv_next(struct csv *csv, struct csv_row *row, bool *found, struct guan_error *error);
void csv_free(struct csv *csv);

#endif
