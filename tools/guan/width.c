/* Width by grapheme (utf8proc), and text made safe for a terminal. */
#include "width.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* One grapheme: its length in bytes and its columns. A byte that is not UTF-8 stands for itself, one column. */
static size_t grapheme(const char *text, size_t length, size_t *columns, bool *wide)
{
    size_t used = 0;
    utf8proc_int32_t before = -1, state = 0;
    *columns = 0;
    *wide = false;
    while (used < length) {
        utf8proc_int32_t point;
        utf8proc_ssize_t step =
            utf8proc_iterate((const utf8proc_uint8_t *)text + used, (utf8proc_ssize_t)(length - used), &point);
        if (step <= 0) {
            if (used > 0) break;
            *columns = 1;
            return 1;
        }
        if (before >= 0 && utf8proc_grapheme_break_stateful(before, point, &state)) break;
        int width = utf8proc_charwidth(point);
        /* An emoji of several parts is as wide as its widest. */
        if (width > 0 && (size_t)width > *columns) *columns = (size_t)width;
        if (point == 0xFE0F && *columns == 1) *columns = 2; /* shown as an emoji */
        if (before < 0) *wide = width == 2;
        before = point;
        used += (size_t)step;
    }
    return used;
}

size_t width_of(const char *text, size_t length)
{
    size_t total = 0, columns;
    bool wide;
    for (size_t at = 0; at < length;) {
        at += grapheme(text + at, length - at, &columns, &wide);
        total += columns;
    }
    return total;
}

size_t width_fit(const char *text, size_t columns)
{
    size_t length = strlen(text), at = 0, taken = 0, good = 0;
    bool was_wide = false;
    while (at < length) {
        size_t width;
        bool wide;
        size_t used = grapheme(text + at, length - at, &width, &wide);
        if (at > 0 && (was_wide || wide)) good = at;
        if (taken + width > columns && text[at] != ' ') return good > 0 ? good : at > 0 ? at : used;
        taken += width;
        at += used;
        if (text[at - 1] == ' ') good = at;
        was_wide = wide;
    }
    return length;
}

static bool is_unsafe(utf8proc_int32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x061C || (point >= 0x200E && point <= 0x200F) ||
           (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) || point == 0xFEFF;
}

char *width_safe(const char *text)
{
    size_t length = strlen(text), out = 0;
    if (length > (SIZE_MAX - 1) / 4) return NULL;
    /* The longest escape of a byte is \xNN; that of a character, \u{NNNN}, stands for two bytes or more. */
    char *safe = malloc(length * 4 + 1);
    if (!safe) return NULL;
    for (size_t at = 0; at < length;) {
        utf8proc_int32_t point;
        utf8proc_ssize_t step = utf8proc_iterate((const utf8proc_uint8_t *)text + at, (utf8proc_ssize_t)(length - at), &point);
        size_t used = step > 0 ? (size_t)step : 1;
        if (step <= 0 || (used == 1 && is_unsafe(point))) {
            out += (size_t)snprintf(safe + out, 5, "\\x%02X", (unsigned)(unsigned char)text[at]);
        } else if (is_unsafe(point)) {
            out += (size_t)snprintf(safe + out, 9, "\\u{%04X}", (unsigned)point);
        } else {
            memcpy(safe + out, text + at, used);
            out += used;
        }
        at += used;
    }
    safe[out] = '\0';
    return safe;
}
