/* UTF-8 text. utf8proc knows graphemes and widths; validity is our own, strict and with a fast path for ASCII. */
#include "base/text.h"

#include <string.h>
#include <utf8proc.h>

/* The length of the sound character at `bytes`, 0 if there is none. */
static size_t character(const unsigned char *bytes, size_t left)
{
    unsigned char first = bytes[0];
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4) return 0;
    size_t size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (left < size) return 0;
    for (size_t i = 1; i < size; i++)
        if ((bytes[i] & 0xC0) != 0x80) return 0;
    if (first == 0xE0 && bytes[1] < 0xA0) return 0; /* overlong */
    if (first == 0xED && bytes[1] > 0x9F) return 0; /* surrogates */
    if (first == 0xF0 && bytes[1] < 0x90) return 0; /* overlong */
    if (first == 0xF4 && bytes[1] > 0x8F) return 0; /* over U+10FFFF */
    return size;
}

bool text_is_utf8(const char *bytes, size_t length)
{
    size_t i = 0;
    while (i < length) {
        uint64_t eight;
        while (length - i >= sizeof eight) {
            memcpy(&eight, bytes + i, sizeof eight);
            if (eight & UINT64_C(0x8080808080808080)) break;
            i += sizeof eight;
        }
        if (i == length) break;
        size_t size = character((const unsigned char *)bytes + i, length - i);
        if (size == 0) return false;
        i += size;
    }
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool text_is_name(const char *text, size_t length)
{
    if (length == 0 || !is_letter(text[0])) return false;
    for (size_t i = 1; i < length; i++)
        if (!is_letter(text[i]) && !(text[i] >= '0' && text[i] <= '9')) return false;
    return true;
}

bool text_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool text_starts(const char *text, const char *prefix)
{
    return text && prefix && strncmp(text, prefix, strlen(prefix)) == 0;
}

size_t text_cut(const char *text, size_t length, size_t at_most)
{
    size_t end = length < at_most ? length : at_most;
    /* Back to the start of the last character: if it is not whole, it goes. Bytes that are no UTF-8 stay as they are. */
    for (size_t back = 1; back <= 4 && back <= end; back++) {
        unsigned char c = (unsigned char)text[end - back];
        if ((c & 0xC0) == 0x80) continue;
        size_t size = c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
        return size > back ? end - back : end;
    }
    return end;
}

size_t text_width(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t left = text ? strlen(text) : 0, width = 0, cluster = 0;
    utf8proc_int32_t before = 0, state = 0;
    for (bool first = true; left; first = false) {
        utf8proc_int32_t point;
        utf8proc_ssize_t size = utf8proc_iterate(at, (utf8proc_ssize_t)left, &point);
        if (size <= 0) { /* shown as one replacement character */
            point = 0xFFFD;
            size = 1;
        }
        if (first || utf8proc_grapheme_break_stateful(before, point, &state)) {
            width += cluster;
            cluster = 0;
        }
        /* What joins within a grapheme is drawn in one cell or in two. */
        cluster += (size_t)utf8proc_charwidth(point);
        if (cluster > 2) cluster = 2;
        before = point;
        at += size;
        left -= (size_t)size;
    }
    return width + cluster;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool text_word(const char **cursor, const char **word, size_t *length)
{
    const char *at = *cursor;
    if (!at) return false;
    while (is_blank(*at)) at++;
    const char *start = at;
    while (*at && !is_blank(*at)) at++;
    *cursor = at;
    *word = start;
    *length = (size_t)(at - start);
    return at != start;
}

bool text_has_word(const char *list, const char *name)
{
    const char *word;
    size_t length;
    while (text_word(&list, &word, &length))
        if (strlen(name) == length && memcmp(name, word, length) == 0) return true;
    return false;
}

/* Controls, and the marks that turn the direction of text: with them a title can pose as something else. */
static bool is_unsafe(utf8proc_int32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || (point >= 0x200E && point <= 0x200F) ||
           (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) || point == 0x061C || point == 0xFEFF;
}

void text_printable(struct buffer *out, const char *text)
{
    size_t left = text ? strlen(text) : 0;
    while (left) {
        utf8proc_int32_t point = 0;
        size_t size = character((const unsigned char *)text, left);
        if (size) utf8proc_iterate((const unsigned char *)text, (utf8proc_ssize_t)size, &point);
        bool escape = size == 0 || is_unsafe(point);
        if (size == 0) size = 1;
        if (escape)
            for (size_t i = 0; i < size; i++) buffer_printf(out, "\\x%02x", (unsigned char)text[i]);
        else buffer_add(out, text, size);
        text += size;
        left -= size;
    }
}

enum { CLOSE_POINTS = 64 }; /* names longer than this are never mistyped names */

static size_t decode(const char *text, utf8proc_int32_t points[CLOSE_POINTS])
{
    size_t count = 0, left = strlen(text);
    while (left) {
        if (count == CLOSE_POINTS) return SIZE_MAX;
        utf8proc_ssize_t size = utf8proc_iterate((const unsigned char *)text, (utf8proc_ssize_t)left, &points[count++]);
        if (size <= 0) return SIZE_MAX;
        text += size;
        left -= (size_t)size;
    }
    return count;
}

bool text_close(const char *a, const char *b)
{
    utf8proc_int32_t x[CLOSE_POINTS], y[CLOSE_POINTS];
    if (!a || !b) return false;
    size_t m = decode(a, x), n = decode(b, y);
    if (m == SIZE_MAX || n == SIZE_MAX || m > n + 2 || n > m + 2) return false;
    size_t row[CLOSE_POINTS + 1];
    for (size_t j = 0; j <= n; j++) row[j] = j;
    for (size_t i = 1; i <= m; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = diagonal + (x[i - 1] != y[j - 1]);
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    /* Something must be shared: "ab" is not a mistyped "xy". */
    return row[n] <= 2 && (row[n] < m || row[n] < n || row[n] == 0);
}
