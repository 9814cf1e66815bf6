/* The lines of an iCalendar file (RFC 5545, 3.1): unfolded, cut into name, parameters and value. Private to this folder.
 * libical is not asked: it repairs or drops in silence what is wrong and cannot say where, and its parser is not made for hostile
 * files. */
#ifndef BASE_CALENDAR_TEXT_H
#define BASE_CALENDAR_TEXT_H

#include "base/clock.h"

/* A line as read; the texts lie in the reader's bytes and are its caller's to change. */
struct content {
    size_t line;        /* where it begins, from 1 */
    char *name;         /* in upper case */
    char *parameters;   /* "VALUE=DATE", or empty */
    char *value, *stop; /* terminated at `stop` */
};
struct content_reader {
    char *at, *end; /* `end` may be written to */
    size_t line;
};

enum { CALENDAR_FIRST_YEAR = 1900, CALENDAR_LAST_YEAR = 2199, SHOWN_BYTES = 64 };

/* GUAN_NO, rule "calendar", where "LINE:1". */
int calendar_refuse(struct guan_error *error, size_t line, const char *hint, const char *format, ...) GUAN_PRINTF(4, 5);
/* A text from the file for a message, cut at a character. Returns `out`. */
const char *calendar_shown(const char *text, char out[SHOWN_BYTES]);

/* The next line that is not empty; *found false at the end. */
int content_next(struct content_reader *reader, struct content *out, bool *found, struct guan_error *error);
/* The value as TEXT: escapes undone in place; empty is refused. */
int content_text(const struct content *content, const char **out, struct guan_error *error);
/* The value as a DATE within the years that calendars may speak of, in days. */
int content_date(const struct content *content, int64_t *out, struct guan_error *error);
/* YYYYMMDD. */
bool calendar_date(const char *text, size_t length, int64_t *out);

#endif
