/* JSON-like values: what a data model holds, what an entry says, what a result is.
 * Trees live in an arena; they are built once and then read. Integers and reals are kept apart. Strings are UTF-8.
 * Builders accept NULL where memory ran out before (see arena_failed). */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include "base/memory.h"

enum value_kind { VALUE_NULL, VALUE_BOOL, VALUE_INT, VALUE_REAL, VALUE_TEXT, VALUE_LIST, VALUE_MAP };

struct value;
struct value_member {
    const char *key;
    struct value *value;
};
struct value {
    enum value_kind kind;
    union {
        bool truth;
        int64_t integer;
        double real;
        struct {
            const char *bytes;
            size_t length;
        } text; /* terminated; may hold NUL inside */
        struct {
            struct value **items;
            size_t count, capacity;
        } list;
        struct {
            struct value_member *items;
            size_t count, capacity;
        } map; /* in order of insertion */
    } as;
};

struct value *value_null(struct arena *arena);
struct value *value_bool(struct arena *arena, bool truth);
struct value *value_int(struct arena *arena, int64_t integer);
struct value *value_real(struct arena *arena, double real);
struct value *value_text(struct arena *arena, const char *text); /* NULL text gives NULL */
struct value *value_text_n(struct arena *arena, const char *bytes, size_t length);
struct value *value_printf(struct arena *arena, const char *format, ...) GUAN_PRINTF(2, 3);
struct value *value_list(struct arena *arena);
struct value *value_map(struct arena *arena);
struct value *value_copy(struct arena *arena, const struct value *value); /* deep */

void value_add(struct arena *arena, struct value *list, struct value *item);
/* Replaces an older value of the key. A NULL value is "absent": nothing is set. The key is copied. */
void value_set(struct arena *arena, struct value *map, const char *key, struct value *value);
/* As value_set, for keys known to be new: does not look for an older one. */
void value_append(struct arena *arena, struct value *map, const char *key, struct value *value);
void value_set_text(struct arena *arena, struct value *map, const char *key, const char *text); /* NULL: absent */
void value_set_int(struct arena *arena, struct value *map, const char *key, int64_t integer);
void value_set_bool(struct arena *arena, struct value *map, const char *key, bool truth);
void value_remove(struct value *map, const char *key);

/* Readers: NULL, 0 or false when the value is absent or of another kind. All accept NULL. */
struct value *value_get(const struct value *map, const char *key);
struct value *value_at(const struct value *list, size_t index);
size_t value_count(const struct value *list_or_map);
const char *value_as_text(const struct value *value);
int64_t value_as_int(const struct value *value);
bool value_as_bool(const struct value *value);
const char *value_get_text(const struct value *map, const char *key);
int64_t value_get_int(const struct value *map, const char *key);
bool value_get_bool(const struct value *map, const char *key);
bool value_equal(const struct value *a, const struct value *b); /* map order does not count; 1 and 1.0 differ */

#endif
