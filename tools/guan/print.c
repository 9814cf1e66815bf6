/* Scratch text, colours, and reading the engine's JSON. */
#include "print.h"

#include "width.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct scratch {
    struct scratch *next;
    max_align_t bytes[];
};

void *scratch_take(struct cli *cli, size_t size)
{
    struct scratch *piece = calloc(1, sizeof *piece + size);
    if (!piece) {
        cli->failed = true;
        return NULL;
    }
    piece->next = cli->scratch;
    cli->scratch = piece;
    return piece->bytes;
}

void scratch_free(struct cli *cli)
{
    while (cli->scratch) {
        struct scratch *piece = cli->scratch;
        cli->scratch = piece->next;
        free(piece);
    }
}

const char *say(struct cli *cli, const char *format, ...)
{
    va_list list, again;
    va_start(list, format);
    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, list);
    char *text = length < 0 ? NULL : scratch_take(cli, (size_t)length + 1);
    if (text) vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(list);
    return text ? text : "";
}

const char *safe(struct cli *cli, const char *text)
{
    if (!text || !*text) return "";
    char *copy = width_safe(text);
    if (!copy) {
        cli->failed = true;
        return "";
    }
    const char *kept = say(cli, "%s", copy);
    free(copy);
    return kept;
}

const char *style_on(const struct cli *cli, enum style style)
{
    static const char *const codes[] = {
        [PLAIN] = "", [BOLD] = "\033[1m", [DIM] = "\033[2m", [GOOD] = "\033[32m", [BAD] = "\033[31m", [WARN] = "\033[33m"};
    return cli->colour ? codes[style] : "";
}

const char *style_off(const struct cli *cli, enum style style)
{
    return cli->colour && style != PLAIN ? "\033[0m" : "";
}

void print(struct cli *cli, enum style style, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fputs(style_on(cli, style), stdout);
    vprintf(format, list);
    fputs(style_off(cli, style), stdout);
    va_end(list);
}

const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

const char *title_at(const json_t *object)
{
    return title_text(text_at(object, "title"));
}

json_int_t number_at(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

bool true_at(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

const char *list_at(struct cli *cli, const json_t *object, const char *key, const char *between)
{
    const json_t *list = json_object_get(object, key);
    if (json_is_string(list)) return safe(cli, json_string_value(list));
    const char *all = "";
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        const char *text = json_is_object(item) ? title_at(item) : json_string_value(item);
        if (json_is_integer(item)) text = say(cli, "%" JSON_INTEGER_FORMAT, json_integer_value(item));
        if (text && *text) all = say(cli, "%s%s%s", all, *all ? between : "", safe(cli, text));
    }
    return all;
}
