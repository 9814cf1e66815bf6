/* Content lines: what every iCalendar file is made of. Nothing wrong is passed over: a calendar decides when a duty is due. */
#include "base/calendar_text.h"

#include "base/clock_scan.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

int calendar_refuse(struct guan_error *error, size_t line, const char *hint, const char *format, ...)
{
    char text[sizeof error->text];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    error_set(error, GUAN_NO, "calendar", "%s", text);
    error_where(error, "%zu:1", line);
    error_hint(error, "%s", hint);
    return GUAN_NO;
}

const char *calendar_shown(const char *text, char out[SHOWN_BYTES])
{
    size_t kept = text_cut(text, strlen(text), SHOWN_BYTES - 1);
    memcpy(out, text, kept);
    out[kept] = '\0';
    return out;
}

/* One logical line, unfolded in place: what follows a line end and one blank belongs to it. */
static char *unfold(struct content_reader *reader, char **stop, size_t *line)
{
    char *start = reader->at, *to = start;
    *line = reader->line;
    for (bool more = true; more;) {
        size_t left = (size_t)(reader->end - reader->at);
        char *stretch = reader->at, *newline = left ? memchr(stretch, '\n', left) : NULL;
        size_t length = newline ? (size_t)(newline - stretch) : left;
        reader->at += length + (newline != NULL);
        reader->line++;
        if (newline && length && stretch[length - 1] == '\r') length--;
        memmove(to, stretch, length);
        to += length;
        more = newline && reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\t');
        if (more) reader->at++;
    }
    *to = '\0'; /* the line end's own place, or `end` */
    *stop = to;
    return start;
}

static bool printable(const char *text, const char *stop)
{
    for (; text < stop; text++)
        if (((unsigned char)*text < 0x20 && *text != '\t') || *text == 0x7F) return false;
    return true;
}

/* NAME *(";" parameters) ":" value; a colon between quotes is none. */
static bool split(char *text, struct content *out)
{
    char *at = text;
    for (; (*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '-'; at++)
        if (*at >= 'a' && *at <= 'z') *at = (char)(*at - 'a' + 'A');
    if (at == text || (*at != ';' && *at != ':')) return false;
    out->name = text;
    out->parameters = *at == ';' ? at + 1 : at;
    char *colon = at;
    for (bool quoted = false; *colon && (quoted || *colon != ':'); colon++)
        if (*colon == '"') quoted = !quoted;
    if (!*colon) return false;
    *at = '\0';
    *colon = '\0';
    out->value = colon + 1;
    return true;
}

int content_next(struct content_reader *reader, struct content *out, bool *found, struct guan_error *error)
{
    char *text = reader->at, *stop = text;
    while (stop == text && reader->at < reader->end) text = unfold(reader, &stop, &out->line);
    *found = stop > text;
    if (!*found) return GUAN_OK;
    out->stop = stop;
    if (!text_is_utf8(text, (size_t)(stop - text)) || !printable(text, stop))
        return calendar_refuse(error, out->line, "save the file as plain text in UTF-8", "the line has bytes that are no text");
    if (split(text, out)) return GUAN_OK;
    char shown[SHOWN_BYTES];
    return calendar_refuse(error, out->line, "write it as NAME:value; a line that goes on in the next begins there with a blank",
                           "\"%s\" is no line of a calendar", calendar_shown(text, shown));
}

int content_text(const struct content *content, const char **out, struct guan_error *error)
{
    char *to = content->value;
    for (const char *from = content->value; *from; from++) {
        if (*from == '\\') {
            from++;
            if (!*from || !strchr("\\;,nN", *from))
                return calendar_refuse(error, content->line, "write a backslash as \\\\",
                                       "%s has a backslash that stands for nothing", content->name);
            *to++ = *from == 'n' || *from == 'N' ? ' ' : *from;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    *out = content->value;
    if (to > content->value) return GUAN_OK;
    return calendar_refuse(error, content->line, "give it a value or leave the line out", "%s is empty", content->name);
}

bool calendar_date(const char *text, size_t length, int64_t *out)
{
    struct scan scan = {text, text + length};
    struct civil date = {0};
    if (!scan_digits(&scan, 4, &date.year) || !scan_digits(&scan, 2, &date.month) || !scan_digits(&scan, 2, &date.day))
        return false;
    if (!scan_end(&scan) || !civil_valid(&date) || date.year < CALENDAR_FIRST_YEAR || date.year > CALENDAR_LAST_YEAR)
        return false;
    *out = civil_days(date.year, date.month, date.day);
    return true;
}

int content_date(const struct content *content, int64_t *out, struct guan_error *error)
{
    const char *parameters = content->parameters;
    char shown[SHOWN_BYTES];
    if (*parameters && strcasecmp(parameters, "VALUE=DATE") != 0)
        return calendar_refuse(error, content->line, "write whole days, as in DTSTART;VALUE=DATE:20250128",
                               "%s cannot be read with \"%s\"", content->name, calendar_shown(parameters, shown));
    if (calendar_date(content->value, (size_t)(content->stop - content->value), out)) return GUAN_OK;
    return calendar_refuse(error, content->line, "write a day from 1900 to 2199 without a time of day, as in 20250128",
                           "\"%s\" of %s is not a day", calendar_shown(content->value, shown), content->name);
}
