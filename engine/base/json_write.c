/* Values to canonical JSON (RFC 8785): the record's bytes, so every choice here is fixed for ever. */
#include "base/json.h"

#include "base/limits.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct writer {
    struct buffer *out;
    struct guan_error *error;
    const char *key; /* the innermost so far, for the message */
    bool record;
    unsigned depth;
};

static int write_value(struct writer *writer, const struct value *value);

static int refuse(const struct writer *writer, const char *what)
{
    error_set(writer->error, GUAN_NO, "record-value", "the record cannot hold %s", what);
    if (writer->key) error_where(writer->error, "key \"%s\"", writer->key);
    return GUAN_NO;
}

static void write_escape(struct buffer *out, unsigned char c)
{
    static const char short_forms[] = "\b\t\n\f\r\"\\", letters[] = "btnfr\"\\";
    const char *found = c ? strchr(short_forms, c) : NULL;
    if (found) {
        char pair[2] = {'\\', letters[found - short_forms]};
        buffer_add(out, pair, 2);
    } else {
        buffer_printf(out, "\\u%04x", c);
    }
}

static void write_escaped(struct buffer *out, const char *bytes, size_t length)
{
    size_t plain = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        buffer_add(out, bytes + plain, i - plain);
        write_escape(out, c);
        plain = i + 1;
    }
    buffer_add(out, bytes + plain, length - plain);
}

/* Bytes that are no UTF-8 would make the whole document unreadable: each becomes U+FFFD. */
static void write_repaired(struct buffer *out, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t size = 1;
        while (size <= 4 && i + size <= length && !text_is_utf8(bytes + i, size)) size++;
        if (size <= 4 && i + size <= length) {
            write_escaped(out, bytes + i, size);
            i += size;
        } else {
            buffer_text(out, "\xEF\xBF\xBD");
            i++;
        }
    }
}

static int write_string(struct writer *writer, const char *bytes, size_t length)
{
    bool sound = text_is_utf8(bytes, length);
    if (!sound && writer->record) return refuse(writer, "text that is not UTF-8");
    buffer_byte(writer->out, '"');
    if (sound) write_escaped(writer->out, bytes, length);
    else write_repaired(writer->out, bytes, length);
    buffer_byte(writer->out, '"');
    return GUAN_OK;
}

/* Orders bytes of UTF-8 as the UTF-16 code units would be: supplementary characters (F0..F4) are surrogates there, below
 * U+E000..U+FFFF (EE, EF). */
static int weight(unsigned char byte)
{
    if (byte >= 0xF0) return byte - 0xF0 + 0xEE;
    return byte >= 0xEE ? byte + 0x12 : byte;
}

enum { FEW = 32 }; /* members of a map */

static int compare_members(const void *a, const void *b)
{
    const struct value_member *const *left = a, *const *right = b;
    const unsigned char *x = (const unsigned char *)(*left)->key, *y = (const unsigned char *)(*right)->key;
    while (*x && *x == *y) {
        x++;
        y++;
    }
    return weight(*x) - weight(*y);
}

/* Few, or what was read in this order: inserting is cheapest then. */
static void sort(const struct value_member **members, size_t count)
{
    if (count > FEW) {
        qsort(members, count, sizeof *members, compare_members);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        const struct value_member *member = members[i];
        size_t at = i;
        for (; at > 0 && compare_members(&members[at - 1], &member) > 0; at--) members[at] = members[at - 1];
        members[at] = member;
    }
}

static int write_members(struct writer *writer, const struct value_member *const *members, size_t count)
{
    buffer_byte(writer->out, '{');
    for (size_t i = 0; i < count; i++) {
        if (i) buffer_byte(writer->out, ',');
        writer->key = members[i]->key;
        int code = write_string(writer, members[i]->key, strlen(members[i]->key));
        if (code) return code;
        buffer_byte(writer->out, ':');
        code = write_value(writer, members[i]->value);
        if (code) return code;
    }
    buffer_byte(writer->out, '}');
    return GUAN_OK;
}

static int write_map(struct writer *writer, const struct value *map)
{
    const struct value_member *few[FEW];
    const struct value_member **members = few;
    size_t count = map->as.map.count;
    if (count > FEW) {
        members = memory_alloc(count * sizeof *members);
        if (!members) {
            writer->out->failed = true;
            return error_memory(writer->error);
        }
    }
    for (size_t i = 0; i < count; i++) members[i] = &map->as.map.items[i];
    sort(members, count);
    int code = write_members(writer, members, count);
    if (members != few) memory_free(members);
    return code;
}

static int write_list(struct writer *writer, const struct value *list)
{
    buffer_byte(writer->out, '[');
    for (size_t i = 0; i < list->as.list.count; i++) {
        if (i) buffer_byte(writer->out, ',');
        int code = write_value(writer, list->as.list.items[i]);
        if (code) return code;
    }
    buffer_byte(writer->out, ']');
    return GUAN_OK;
}

static int write_integer(struct writer *writer, int64_t integer)
{
    const int64_t bound = INT64_C(1) << 53;
    if (writer->record && (integer >= bound || integer <= -bound)) return refuse(writer, "an integer of 2^53 or more");
    char digits[21], *at = digits + sizeof digits;
    uint64_t rest = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer;
    do *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (integer < 0) *--at = '-';
    buffer_add(writer->out, at, (size_t)(digits + sizeof digits - at));
    return GUAN_OK;
}

/* The fewest digits (of 15, 16, 17) that read back the same. printf and strtod may use the locale's decimal point, whatever it
 * is; the output has a full stop. */
static void write_real(struct buffer *out, double real)
{
    if (!isfinite(real)) {
        buffer_text(out, "null");
        return;
    }
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, real);
        if (strtod(text, NULL) == real) break;
    }
    bool marked = false;
    for (const char *at = text; *at;) {
        if (strchr("0123456789+-e", *at)) {
            marked = marked || *at == 'e';
            buffer_byte(out, *at++);
        } else {
            buffer_byte(out, '.');
            marked = true;
            while (*at && !strchr("0123456789+-e", *at)) at++;
        }
    }
    if (!marked) buffer_text(out, ".0");
}

static int write_nested(struct writer *writer, const struct value *value)
{
    if (writer->depth == LIMIT_JSON_DEPTH) {
        if (writer->record) return refuse(writer, "lists and objects nested so deep");
        writer->out->failed = true;
        return GUAN_NO;
    }
    const char *key = writer->key;
    writer->depth++;
    int code = value->kind == VALUE_LIST ? write_list(writer, value) : write_map(writer, value);
    writer->depth--;
    writer->key = key;
    return code;
}

static int write_value(struct writer *writer, const struct value *value)
{
    switch (value ? value->kind : VALUE_NULL) {
    case VALUE_NULL:
        if (writer->record) return refuse(writer, "a null: leave the key out");
        buffer_text(writer->out, "null");
        return GUAN_OK;
    case VALUE_BOOL: buffer_text(writer->out, value->as.truth ? "true" : "false"); return GUAN_OK;
    case VALUE_INT: return write_integer(writer, value->as.integer);
    case VALUE_REAL:
        if (writer->record) return refuse(writer, "a real number: write it as text or as an integer of smaller units");
        write_real(writer->out, value->as.real);
        return GUAN_OK;
    case VALUE_TEXT: return write_string(writer, value->as.text.bytes, value->as.text.length);
    case VALUE_LIST:
    case VALUE_MAP: return write_nested(writer, value);
    }
    return GUAN_OK;
}

int json_write_record(struct buffer *out, const struct value *value, struct guan_error *error)
{
    struct writer writer = {.out = out, .error = error, .record = true};
    int code = write_value(&writer, value);
    return code == GUAN_OK && out->failed ? error_memory(error) : code;
}

void json_write(struct buffer *out, const struct value *value)
{
    struct writer writer = {.out = out};
    write_value(&writer, value);
}
