/* Attributes to values: lists of words, Lua expressions, event names, delays. */
#include "chart/compile.h"

#include "base/text.h"
#include "script/script.h"

#include <string.h>

struct chart_names names_of(struct compile *c, const char *value)
{
    struct chart_names names = {NULL, 0};
    if (value == NULL) return names;
    const char *cursor = value, *word;
    size_t length;
    uint32_t count = 0;
    while (text_word(&cursor, &word, &length)) count++;
    const char **items = arena_alloc(c->arena, count * sizeof *items);
    if (items == NULL) return names;
    for (cursor = value; text_word(&cursor, &word, &length);) items[names.count++] = arena_text(c->arena, word, length);
    names.items = items;
    return names;
}

/* --- Lua ------------------------------------------------------------------------------------------------------------ */

static const enum script_kind kinds[] = {[CHART_EXPRESSION] = SCRIPT_EXPRESSION,
                                         [CHART_LOCATION] = SCRIPT_LOCATION,
                                         [CHART_SCRIPT] = SCRIPT_STATEMENTS,
                                         [CHART_CHECK] = SCRIPT_CHECK};

bool lua_parses(struct compile *c, const char *source, size_t length)
{
    uint32_t line;
    struct guan_error error;
    if (c->options->published) return true;
    error_clear(&error);
    int code = script_check(SCRIPT_EXPRESSION, source, length, 1, &line, &error);
    if (code == GUAN_FAILED) c->failed = true;
    return code == GUAN_OK;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The null data model knows only In('id'). */
static bool is_in_predicate(const char *source)
{
    const char *cursor = source + strspn(source, " \t\r\n");
    if (strncmp(cursor, "In", 2) != 0) return false;
    cursor += 2;
    while (is_blank(*cursor)) cursor++;
    if (*cursor++ != '(') return false;
    while (is_blank(*cursor)) cursor++;
    char quote = *cursor;
    if (quote != '\'' && quote != '"') return false;
    cursor = strchr(cursor + 1, quote);
    if (cursor == NULL) return false;
    for (cursor++; is_blank(*cursor);) cursor++;
    if (*cursor++ != ')') return false;
    return cursor[strspn(cursor, " \t\r\n")] == '\0';
}

static void check_lua(struct compile *c, enum chart_lua kind, const char *source, size_t length, struct chart_place place)
{
    struct guan_error error;
    error_clear(&error);
    uint32_t line = place.line;
    int code = script_check(kinds[kind], source, length, place.line, &line, &error);
    if (code == GUAN_FAILED) c->failed = true;
    if (code == GUAN_OK || code == GUAN_FAILED) return;
    if (line != place.line) place = (struct chart_place){line, 1};
    problem(c->report, place, "lua-syntax", kind == CHART_SCRIPT ? NULL : arena_printf(c->arena, "in: %.200s", source), "%s",
            error.text);
}

static void null_model(struct compile *c, struct chart_place place)
{
    problem(c->report, place, "null-datamodel", "write datamodel=\"lua\" on the root element",
            "the null data model has no data and no expression but In('state')");
}

uint32_t add_expr(struct compile *c, enum chart_lua kind, const char *source, size_t length, struct chart_place place)
{
    if (c->lua && !c->options->published) check_lua(c, kind, source, length, place);
    else if (!c->lua && kind != CHART_EXPRESSION) null_model(c, place);
    uint32_t index = c->exprs.count;
    struct chart_expr *expr = list_add(c, &c->exprs);
    *expr = (struct chart_expr){source, length, kind, place};
    return index;
}

uint32_t expr_of(struct compile *c, const struct node *node, const char *name, enum chart_lua kind)
{
    const struct attribute *attribute = node_attribute(node, SPACE_NONE, name);
    if (attribute == NULL) return CHART_NONE;
    if (!c->lua && strcmp(name, "cond") == 0 && !is_in_predicate(attribute->value)) null_model(c, attribute->place);
    return add_expr(c, kind, attribute->value, attribute->length, attribute->place);
}

bool at_most_one(struct compile *c, const struct node *node, const char *one, const char *other)
{
    if (node_value(node, one) == NULL) return true;
    const struct attribute *second = node_attribute(node, SPACE_NONE, other);
    if (second == NULL) return true;
    problem(c->report, second->place, "attribute-conflict", "keep one of the two", "<%s> has both \"%s\" and \"%s\"", node->name,
            one, other);
    return false;
}

/* --- names of events ------------------------------------------------------------------------------------------------ */

static bool is_name_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_' ||
           byte == '-' || byte == ':' || (unsigned char)byte >= 0x80u;
}

bool is_event_name(const char *name, size_t length)
{
    bool token = false; /* something stands before the dot */
    for (size_t i = 0; i < length; i++) {
        if (name[i] == '.' && !token) return false;
        if (name[i] != '.' && !is_name_byte(name[i])) return false;
        token = name[i] != '.';
    }
    return token;
}

bool is_id(const char *id)
{
    size_t length = strlen(id);
    for (size_t i = 0; i < length; i++)
        if (id[i] != '.' && !is_name_byte(id[i])) return false;
    return length > 0;
}

void check_event_name(struct compile *c, const struct attribute *attribute)
{
    if (attribute == NULL || is_event_name(attribute->value, attribute->length)) return;
    problem(c->report, attribute->place, "event-name", "letters, digits, _ and -, with single dots between",
            "\"%s\" is not the name of an event", attribute->value);
}

/* --- delays --------------------------------------------------------------------------------------------------------- */

bool delay_parse(const char *text, int64_t *ms)
{
    const int64_t most = INT64_MAX / 1000000;
    int64_t whole = 0, micro = 0, scale = 100000; /* of the unit */
    bool digits = false;
    text += strspn(text, " \t\r\n");
    for (; *text >= '0' && *text <= '9'; text++, digits = true) {
        if (whole > most / 10 - 1) return false;
        whole = whole * 10 + (*text - '0');
    }
    if (*text == '.') {
        for (text++, digits = false; *text >= '0' && *text <= '9'; text++, scale /= 10, digits = true)
            micro += (*text - '0') * scale;
    }
    if (!digits) return false;
    bool milli = *text == 'm';
    if (milli) text++;
    if (*text++ != 's' || text[strspn(text, " \t\r\n")] != '\0') return false;
    *ms = milli ? whole + micro / 1000000 : whole * 1000 + micro / 1000;
    return true;
}
