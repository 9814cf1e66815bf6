/* Building and reading values. Lists and maps double inside the arena; the old array is dropped with it. */
#include "base/value.h"

#include <stdio.h>
#include <string.h>

static struct value *make(struct arena *arena, enum value_kind kind)
{
    struct value *value = arena_alloc(arena, sizeof *value);
    if (value) value->kind = kind;
    return value;
}

struct value *value_null(struct arena *arena)
{
    return make(arena, VALUE_NULL);
}

struct value *value_bool(struct arena *arena, bool truth)
{
    struct value *value = make(arena, VALUE_BOOL);
    if (value) value->as.truth = truth;
    return value;
}

struct value *value_int(struct arena *arena, int64_t integer)
{
    struct value *value = make(arena, VALUE_INT);
    if (value) value->as.integer = integer;
    return value;
}

struct value *value_real(struct arena *arena, double real)
{
    struct value *value = make(arena, VALUE_REAL);
    if (value) value->as.real = real;
    return value;
}

struct value *value_text(struct arena *arena, const char *text)
{
    return text ? value_text_n(arena, text, strlen(text)) : NULL;
}

static struct value *text_of(struct arena *arena, const char *copy, size_t length)
{
    struct value *value = copy ? make(arena, VALUE_TEXT) : NULL;
    if (value) {
        value->as.text.bytes = copy;
        value->as.text.length = length;
    }
    return value;
}

struct value *value_text_n(struct arena *arena, const char *bytes, size_t length)
{
    return text_of(arena, arena_text(arena, bytes, length), length);
}

struct value *value_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    char *copy = length >= 0 ? arena_alloc(arena, (size_t)length + 1) : NULL;
    if (copy) vsnprintf(copy, (size_t)length + 1, format, again);
    va_end(again);
    va_end(arguments);
    return text_of(arena, copy, (size_t)length);
}

struct value *value_list(struct arena *arena)
{
    return make(arena, VALUE_LIST);
}

struct value *value_map(struct arena *arena)
{
    return make(arena, VALUE_MAP);
}

/* Room for one more item of `size` in an array of `count`; false when memory ran out. */
static bool grow(struct arena *arena, void **items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) return true;
    size_t wider = *capacity ? *capacity * 2 : 4;
    void *moved = arena_alloc(arena, wider * size);
    if (!moved) return false;
    if (count) memcpy(moved, *items, count * size);
    *items = moved;
    *capacity = wider;
    return true;
}

void value_add(struct arena *arena, struct value *list, struct value *item)
{
    if (!list || list->kind != VALUE_LIST || !item) return;
    void *items = list->as.list.items;
    if (!grow(arena, &items, list->as.list.count, &list->as.list.capacity, sizeof(struct value *))) return;
    list->as.list.items = items;
    list->as.list.items[list->as.list.count++] = item;
}

void value_append(struct arena *arena, struct value *map, const char *key, struct value *value)
{
    if (!map || map->kind != VALUE_MAP || !key || !value) return;
    char *copy = arena_text(arena, key, strlen(key));
    void *items = map->as.map.items;
    if (!copy || !grow(arena, &items, map->as.map.count, &map->as.map.capacity, sizeof(struct value_member))) return;
    map->as.map.items = items;
    map->as.map.items[map->as.map.count++] = (struct value_member){copy, value};
}

/* Looks from `hint` on and then around: maps that are compared or filled alike have their keys in the same order. */
static struct value_member *find(const struct value *map, const char *key, size_t hint)
{
    if (!map || map->kind != VALUE_MAP || !key) return NULL;
    size_t count = map->as.map.count;
    for (size_t i = 0, at = hint < count ? hint : 0; i < count; i++, at = at + 1 < count ? at + 1 : 0)
        if (strcmp(map->as.map.items[at].key, key) == 0) return &map->as.map.items[at];
    return NULL;
}

void value_set(struct arena *arena, struct value *map, const char *key, struct value *value)
{
    if (!value) return;
    struct value_member *old = find(map, key, 0);
    if (old) old->value = value;
    else value_append(arena, map, key, value);
}

void value_set_text(struct arena *arena, struct value *map, const char *key, const char *text)
{
    value_set(arena, map, key, value_text(arena, text));
}

void value_set_int(struct arena *arena, struct value *map, const char *key, int64_t integer)
{
    value_set(arena, map, key, value_int(arena, integer));
}

void value_set_bool(struct arena *arena, struct value *map, const char *key, bool truth)
{
    value_set(arena, map, key, value_bool(arena, truth));
}

void value_remove(struct value *map, const char *key)
{
    struct value_member *member = find(map, key, 0);
    if (!member) return;
    size_t after = map->as.map.count - (size_t)(member - map->as.map.items) - 1;
    memmove(member, member + 1, after * sizeof *member);
    map->as.map.count--;
}

struct value *value_copy(struct arena *arena, const struct value *value)
{
    if (!value) return NULL;
    if (value->kind == VALUE_TEXT) return value_text_n(arena, value->as.text.bytes, value->as.text.length);
    struct value *copy = make(arena, value->kind);
    if (!copy) return NULL;
    if (value->kind == VALUE_LIST) {
        for (size_t i = 0; i < value->as.list.count; i++) value_add(arena, copy, value_copy(arena, value->as.list.items[i]));
    } else if (value->kind == VALUE_MAP) {
        for (size_t i = 0; i < value->as.map.count; i++)
            value_append(arena, copy, value->as.map.items[i].key, value_copy(arena, value->as.map.items[i].value));
    } else {
        copy->as = value->as;
    }
    return copy;
}

struct value *value_get(const struct value *map, const char *key)
{
    struct value_member *member = find(map, key, 0);
    return member ? member->value : NULL;
}

struct value *value_at(const struct value *list, size_t index)
{
    return list && list->kind == VALUE_LIST && index < list->as.list.count ? list->as.list.items[index] : NULL;
}

size_t value_count(const struct value *list_or_map)
{
    if (!list_or_map) return 0;
    if (list_or_map->kind == VALUE_LIST) return list_or_map->as.list.count;
    return list_or_map->kind == VALUE_MAP ? list_or_map->as.map.count : 0;
}

const char *value_as_text(const struct value *value)
{
    return value && value->kind == VALUE_TEXT ? value->as.text.bytes : NULL;
}

int64_t value_as_int(const struct value *value)
{
    return value && value->kind == VALUE_INT ? value->as.integer : 0;
}

bool value_as_bool(const struct value *value)
{
    return value && value->kind == VALUE_BOOL && value->as.truth;
}

const char *value_get_text(const struct value *map, const char *key)
{
    return value_as_text(value_get(map, key));
}

int64_t value_get_int(const struct value *map, const char *key)
{
    return value_as_int(value_get(map, key));
}

bool value_get_bool(const struct value *map, const char *key)
{
    return value_as_bool(value_get(map, key));
}

static bool lists_equal(const struct value *a, const struct value *b)
{
    if (a->as.list.count != b->as.list.count) return false;
    for (size_t i = 0; i < a->as.list.count; i++)
        if (!value_equal(a->as.list.items[i], b->as.list.items[i])) return false;
    return true;
}

static bool maps_equal(const struct value *a, const struct value *b)
{
    if (a->as.map.count != b->as.map.count) return false;
    for (size_t i = 0; i < a->as.map.count; i++) {
        const struct value_member *other = find(b, a->as.map.items[i].key, i);
        if (!other || !value_equal(a->as.map.items[i].value, other->value)) return false;
    }
    return true;
}

bool value_equal(const struct value *a, const struct value *b)
{
    if (a == b) return true;
    if (!a || !b || a->kind != b->kind) return false;
    switch (a->kind) {
    case VALUE_NULL: return true;
    case VALUE_BOOL: return a->as.truth == b->as.truth;
    case VALUE_INT: return a->as.integer == b->as.integer;
    case VALUE_REAL: return a->as.real == b->as.real;
    case VALUE_TEXT:
        return a->as.text.length == b->as.text.length && memcmp(a->as.text.bytes, b->as.text.bytes, a->as.text.length) == 0;
    case VALUE_LIST: return lists_equal(a, b);
    case VALUE_MAP: return maps_equal(a, b);
    }
    return false;
}
