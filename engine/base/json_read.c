/* JSON text to values: jansson parses, its tree is copied into the arena. */
#include "base/json.h"

#include "base/limits.h"

#include <jansson.h>
#include <string.h>

/* jansson recurses, so the depth is bounded before it runs; counting columns here gives the place as well. */
static int check_depth(const char *text, size_t length, struct guan_error *error)
{
    size_t depth = 0, line = 1, column = 0;
    bool in_string = false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c & 0xC0) != 0x80) column++;
        if (c == '\n') {
            line++;
            column = 0;
        } else if (in_string) {
            if (c == '\\') {
                i++;
                column++;
            } else if (c == '"') {
                in_string = false;
            }
        } else if (c == '"') {
            in_string = true;
        } else if ((c == ']' || c == '}') && depth) {
            depth--;
        } else if ((c == '[' || c == '{') && ++depth > LIMIT_JSON_DEPTH) {
            error_set(error, GUAN_NO, "json", "lists and objects are nested deeper than %u", LIMIT_JSON_DEPTH);
            error_where(error, "%zu:%zu", line, column);
            return GUAN_NO;
        }
    }
    return GUAN_OK;
}

static struct value *convert(struct arena *arena, const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_TRUE: return value_bool(arena, true);
    case JSON_FALSE: return value_bool(arena, false);
    case JSON_INTEGER: return value_int(arena, json_integer_value(json));
    case JSON_REAL: return value_real(arena, json_real_value(json));
    case JSON_STRING: return value_text_n(arena, json_string_value(json), json_string_length(json));
    case JSON_ARRAY: {
        struct value *list = value_list(arena);
        for (size_t i = 0; i < json_array_size(json); i++) value_add(arena, list, convert(arena, json_array_get(json, i)));
        return list;
    }
    case JSON_OBJECT: {
        struct value *map = value_map(arena);
        json_t *object = (json_t *)json; /* jansson's iterators take no const */
        for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at))
            value_append(arena, map, json_object_iter_key(at), convert(arena, json_object_iter_value(at)));
        return map;
    }
    case JSON_NULL: break;
    }
    return value_null(arena);
}

/* jansson's sentence, without the piece of the input that it quotes: that may be cut within a character. */
static int refuse(const json_error_t *problem, struct guan_error *error)
{
    if (json_error_code(problem) == json_error_out_of_memory) return error_memory(error);
    const char *near = strstr(problem->text, " near ");
    int length = (int)(near ? (size_t)(near - problem->text) : strlen(problem->text));
    error_set(error, GUAN_NO, "json", "this is not JSON: %.*s", length, problem->text);
    error_where(error, "%d:%d", problem->line > 0 ? problem->line : 1, problem->column > 0 ? problem->column : 1);
    return GUAN_NO;
}

int json_read(struct arena *arena, const char *text, size_t length, struct value **out, struct guan_error *error)
{
    *out = NULL;
    int code = check_depth(text, length, error);
    if (code) return code;
    json_error_t problem;
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &problem);
    if (!json) return refuse(&problem, error);
    struct value *value = convert(arena, json);
    json_decref(json);
    if (arena_failed(arena)) return error_memory(error);
    *out = value;
    return GUAN_OK;
}
