/* RFC 4180 row by row from a stream, in memory that does not grow with the file: a byte order mark, one of , ; tab between
 * fields (the one that the first line has most of), quotes, any line end. */
#include "audit/log.h"

#include "base/text.h"

#include <string.h>

struct csv {
    FILE *stream;
    const char *file;
    char piece[1 << 16];
    size_t at, got;
    char comma;
    uint64_t line, column, offset; /* of the next byte */
    struct buffer text;            /* of the row: fields, each with a NUL behind it */
    size_t *starts;
    struct csv_field *fields;
    size_t count, capacity;
};

enum { END = -1 };

static int peek(struct csv *csv)
{
    if (csv->at == csv->got) {
        csv->got = fread(csv->piece, 1, sizeof csv->piece, csv->stream);
        csv->at = 0;
        if (csv->got == 0) return END;
    }
    return (unsigned char)csv->piece[csv->at];
}

static void skip(struct csv *csv)
{
    csv->column++;
    csv->offset++;
    if (csv->piece[csv->at++] == '\n') {
        csv->line++;
        csv->column = 1;
    }
}

static int refuse(struct csv *csv, struct guan_error *error, const char *rule, const char *text, const char *hint)
{
    error_set(error, GUAN_USAGE, rule, "%s", text);
    error_where(error, "%s:%llu:%llu", csv->file, (unsigned long long)csv->line, (unsigned long long)csv->column);
    error_hint(error, "%s", hint);
    return GUAN_USAGE;
}

/* Of the first line, as far as it is in the first piece. */
static char separator(const char *bytes, size_t length)
{
    size_t count[3] = {0};
    bool quoted = false;
    static const char marks[] = ",;\t";
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '"') quoted = !quoted;
        if (quoted) continue;
        if (bytes[i] == '\n' || bytes[i] == '\r') break;
        for (size_t k = 0; k < 3; k++) count[k] += bytes[i] == marks[k];
    }
    return count[1] > count[0] ? (count[2] > count[1] ? '\t' : ';') : count[2] > count[0] ? '\t' : ',';
}

int csv_open(FILE *stream, const char *file, struct csv **out, struct guan_error *error)
{
    struct csv *csv = memory_alloc(sizeof *csv);
    *out = csv;
    if (!csv) return error_memory(error);
    csv->stream = stream;
    csv->file = file;
    csv->line = csv->column = 1;
    if (peek(csv) != END && csv->got >= 3 && memcmp(csv->piece, "\xEF\xBB\xBF", 3) == 0) csv->at = (size_t)(csv->offset = 3);
    if (csv->got >= 2 && (memcmp(csv->piece, "\xFF\xFE", 2) == 0 || memcmp(csv->piece, "\xFE\xFF", 2) == 0)) {
        int code = refuse(csv, error, "encoding", "the file is UTF-16", "save it as \"CSV UTF-8\"");
        csv_free(csv);
        *out = NULL;
        return code;
    }
    csv->comma = separator(csv->piece + csv->at, csv->got - csv->at);
    return GUAN_OK;
}

void csv_free(struct csv *csv)
{
    if (!csv) return;
    buffer_release(&csv->text);
    memory_free(csv->starts);
    memory_free(csv->fields);
    memory_free(csv);
}

static int begin_field(struct csv *csv, struct guan_error *error)
{
    if (csv->count >= LOG_COLUMNS)
        return refuse(csv, error, "csv-columns", "a row has more than 1000 fields", "is this a CSV file?");
    if (csv->count == csv->capacity) {
        size_t more = csv->capacity ? 2 * csv->capacity : 32;
        size_t *starts = memory_resize(csv->starts, more * sizeof *starts);
        if (starts) csv->starts = starts;
        struct csv_field *fields = starts ? memory_resize(csv->fields, more * sizeof *fields) : NULL;
        if (!fields) return error_memory(error);
        csv->fields = fields;
        csv->capacity = more;
    }
    csv->starts[csv->count++] = csv->text.length;
    return GUAN_OK;
}

static int keep(struct csv *csv, int byte, struct guan_error *error)
{
    if (byte == 0)
        return refuse(csv, error, "nul-byte", "there is a NUL byte here", "this is no text: save the table as \"CSV UTF-8\"");
    if (csv->text.length - csv->starts[csv->count - 1] >= LOG_TEXT_BYTES)
        return refuse(csv, error, "csv-field", "a field is longer than a mebibyte", "is a quotation mark left open above?");
    buffer_byte(&csv->text, (char)byte);
    skip(csv);
    return csv->text.failed ? error_memory(error) : GUAN_OK;
}

static int quoted_field(struct csv *csv, struct guan_error *error)
{
    uint64_t line = csv->line, column = csv->column;
    int code = GUAN_OK;
    skip(csv);
    while (code == GUAN_OK) {
        int byte = peek(csv);
        if (byte == END) {
            csv->line = line;
            csv->column = column;
            return refuse(csv, error, "csv-quote", "the quotation mark that opens here is never closed",
                          "the file is cut off, or a \" inside of a field is not written \"\"");
        }
        if (byte == '"') {
            skip(csv);
            if (peek(csv) != '"') return GUAN_OK;
        }
        code = keep(csv, byte, error);
    }
    return code;
}

/* One field; what follows the closing quote is taken as it stands, as spreadsheets do. */
static int read_field(struct csv *csv, struct guan_error *error)
{
    int code = begin_field(csv, error), byte;
    if (code == GUAN_OK && peek(csv) == '"') code = quoted_field(csv, error);
    while (code == GUAN_OK && (byte = peek(csv)) != END && byte != csv->comma && byte != '\n' && byte != '\r')
        code = keep(csv, byte, error);
    if (code != GUAN_OK) return code;
    size_t start = csv->starts[csv->count - 1], length = csv->text.length - start;
    if (length && !text_is_utf8(csv->text.data + start, length)) {
        char text[80];
        snprintf(text, sizeof text, "this field, before byte %llu, is not UTF-8", (unsigned long long)csv->offset);
        return refuse(csv, error, "utf8", text, "save the table as \"CSV UTF-8\"");
    }
    buffer_byte(&csv->text, 0);
    return csv->text.failed ? error_memory(error) : GUAN_OK;
}

static void line_end(struct csv *csv)
{
    if (peek(csv) == '\r') skip(csv);
    if (peek(csv) == '\n') skip(csv);
    else if (csv->column > 1) { /* a lone CR */ csv->line++;
        csv->column = 1;
    }
}

int csv_next(struct csv *csv, struct csv_row *row, bool *found, struct guan_error *error)
{
    int byte, code = GUAN_OK;
    *found = false;
    while ((byte = peek(csv)) == '\n' || byte == '\r') line_end(csv); /* empty lines */
    if (byte == END)
        return ferror(csv->stream) ? error_set(error, GUAN_FAILED, "read", "%s cannot be read to its end", csv->file) : GUAN_OK;
    buffer_clear(&csv->text);
    csv->count = 0;
    row->line = csv->line;
    for (;;) {
        code = read_field(csv, error);
        if (code != GUAN_OK) return code;
        if (peek(csv) != csv->comma) break;
        skip(csv);
    }
    row->whole = peek(csv) != END;
    line_end(csv);
    for (size_t i = 0; i < csv->count; i++) {
        size_t end = i + 1 < csv->count ? csv->starts[i + 1] : csv->text.length;
        csv->fields[i] = (struct csv_field){csv->text.data + csv->starts[i], end - csv->starts[i] - 1};
    }
    row->fields = csv->fields;
    row->count = csv->count;
    *found = true;
    return GUAN_OK;
}
