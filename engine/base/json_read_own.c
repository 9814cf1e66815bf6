/* The fast way back for what json_write wrote. The text is copied once and read in place: strings and keys stay where they are.
 * Only the canonical form is known here, without reals; anything else is left to json_read, so that one reader judges. */
#include "base/json.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>

struct reader {
    struct arena *arena;
    char *at;
    struct value_member *open; /* children of the lists and maps that are not closed yet */
    size_t count, capacity;
    unsigned depth;
};

static struct value *read_value(struct reader *reader);

static bool take(struct reader *reader, char c)
{
    if (*reader->at != c) return false;
    reader->at++;
    return true;
}

/* After the backslash; 0: not one that json_write writes. */
static char escape(const char **from)
{
    static const char letters[] = "btnfr\"\\", meant[] = "\b\t\n\f\r\"\\", digits[] = "0123456789abcdef";
    const char *letter = **from ? strchr(letters, **from) : NULL;
    if (letter) {
        (*from)++;
        return meant[letter - letters];
    }
    if (strncmp(*from, "u00", 3) != 0 || ((*from)[3] != '0' && (*from)[3] != '1') || !(*from)[4]) return 0;
    const char *low = strchr(digits, (*from)[4]);
    char c = low ? (char)(((*from)[3] - '0') * 16 + (low - digits)) : '\0';
    *from += 5;
    return c && !strchr(meant, c) ? c : '\0'; /* those with a letter have no other form */
}

/* After the opening quote: unescaped and ended in its own place. NULL: not canonical. */
static char *read_text(struct reader *reader, size_t *length)
{
    char *start = reader->at, *to = start;
    const char *from = start;
    unsigned char seen = 0;
    while (*from != '"') {
        char c = *from++;
        if ((unsigned char)c < 0x20) return NULL;
        if (c == '\\' && !(c = escape(&from))) return NULL;
        seen |= (unsigned char)c;
        *to++ = c;
    }
    reader->at += from - start + 1;
    *to = '\0';
    *length = (size_t)(to - start);
    return seen < 0x80 || text_is_utf8(start, *length) ? start : NULL;
}

static struct value *read_string(struct reader *reader)
{
    size_t length;
    const char *bytes = read_text(reader, &length);
    struct value *value = bytes ? value_null(reader->arena) : NULL;
    if (!value) return NULL;
    value->kind = VALUE_TEXT;
    value->as.text.bytes = bytes;
    value->as.text.length = length;
    return value;
}

/* Up to 18 digits; 1.5 and 1e3 end before the point or the e, which nothing expects. */
static struct value *read_integer(struct reader *reader)
{
    bool negative = take(reader, '-');
    const char *start = reader->at;
    int64_t integer = 0;
    while (*reader->at >= '0' && *reader->at <= '9' && reader->at - start < 18) integer = integer * 10 + (*reader->at++ - '0');
    if (reader->at == start || (*start == '0' && (negative || reader->at - start > 1))) return NULL;
    if (*reader->at >= '0' && *reader->at <= '9') return NULL;
    return value_int(reader->arena, negative ? -integer : integer);
}

static bool add_child(struct reader *reader, const char *key, struct value *value)
{
    if (reader->count == reader->capacity) {
        size_t capacity = reader->capacity ? reader->capacity * 2 : 64;
        struct value_member *wider = memory_resize(reader->open, capacity * sizeof *wider);
        if (!wider) {
            (void)arena_alloc(reader->arena, SIZE_MAX); /* fails, and stays failed */
            return false;
        }
        reader->open = wider;
        reader->capacity = capacity;
    }
    reader->open[reader->count++] = (struct value_member){key, value};
    return true;
}

/* Closes a list or map whose children are those from `first` on. */
static struct value *close_nested(struct reader *reader, enum value_kind kind, size_t first)
{
    size_t count = reader->count - first;
    struct value *value = value_null(reader->arena);
    void *items = count ? arena_alloc(reader->arena, count * (kind == VALUE_MAP ? sizeof *reader->open : sizeof value)) : NULL;
    if (!value || (count && !items)) return NULL;
    value->kind = kind;
    if (kind == VALUE_MAP) {
        value->as.map.items = items;
        value->as.map.count = value->as.map.capacity = count;
        if (count) memcpy(items, reader->open + first, count * sizeof *reader->open);
    } else {
        value->as.list.items = items;
        value->as.list.count = value->as.list.capacity = count;
        for (size_t i = 0; i < count; i++) value->as.list.items[i] = reader->open[first + i].value;
    }
    reader->count = first;
    reader->depth--;
    return value;
}

/* In strictly rising order, so that no key is there twice. */
static const char *read_key(struct reader *reader, const char *before)
{
    size_t length;
    const char *key = take(reader, '"') ? read_text(reader, &length) : NULL;
    return key && (!before || strcmp(before, key) < 0) && take(reader, ':') ? key : NULL;
}

static struct value *read_nested(struct reader *reader, enum value_kind kind)
{
    char end = kind == VALUE_MAP ? '}' : ']';
    size_t first = reader->count;
    const char *key = NULL;
    if (++reader->depth > LIMIT_JSON_DEPTH) return NULL;
    if (take(reader, end)) return close_nested(reader, kind, first);
    do {
        if (kind == VALUE_MAP && !(key = read_key(reader, key))) return NULL;
        struct value *value = read_value(reader);
        if (!value || !add_child(reader, key, value)) return NULL;
    } while (take(reader, ','));
    return take(reader, end) ? close_nested(reader, kind, first) : NULL;
}

static bool take_word(struct reader *reader, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(reader->at, word, length) != 0) return false;
    reader->at += length;
    return true;
}

static struct value *read_value(struct reader *reader)
{
    if (take(reader, '"')) return read_string(reader);
    if (take(reader, '{')) return read_nested(reader, VALUE_MAP);
    if (take(reader, '[')) return read_nested(reader, VALUE_LIST);
    if (take_word(reader, "true")) return value_bool(reader->arena, true);
    if (take_word(reader, "false")) return value_bool(reader->arena, false);
    if (take_word(reader, "null")) return value_null(reader->arena);
    return read_integer(reader);
}

int json_read_own(struct arena *arena, const char *text, size_t length, struct value **out, struct guan_error *error)
{
    struct reader reader = {.arena = arena, .at = arena_text(arena, text, length)};
    const char *end = reader.at ? reader.at + length : NULL;
    struct value *value = reader.at ? read_value(&reader) : NULL;
    memory_free(reader.open);
    *out = value;
    if (arena_failed(arena)) return error_memory(error);
    return value && reader.at == end ? GUAN_OK : json_read(arena, text, length, out, error);
}
