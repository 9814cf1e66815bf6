/* Values made of several: lists, lists of records, contacts. Commas, brackets and colons are ASCII or Chinese; what stands in
 * brackets keeps its commas. */
#include "standard/types.h"

#include "base/text.h"

#include <string.h>

#define LIST_MOST 500u /* items of one list */

/* The mark that `text` begins with, as a Chinese keyboard has it too: its length; 0: it begins with another. */
static size_t mark_at(const char *text, const char *ascii, const char *wide)
{
    if (text_starts(text, ascii)) return strlen(ascii);
    return text_starts(text, wide) ? strlen(wide) : 0;
}

static const char *mark_in(const char *text, const char *ascii, const char *wide)
{
    const char *narrow = strstr(text, ascii), *other = strstr(text, wide);
    return narrow && (!other || narrow < other) ? narrow : other;
}

static size_t separator(const char *text)
{
    size_t comma = mark_at(text, ",", "，");
    return comma ? comma : mark_at(text, "、", "、");
}

static const char *trimmed(struct arena *arena, const char *from, const char *end)
{
    while (from < end && (*from == ' ' || *from == '\t')) from++;
    while (end > from && (end[-1] == ' ' || end[-1] == '\t')) end--;
    return arena_text(arena, from, (size_t)(end - from));
}

/* The next item that is not empty; NULL at the end. *cursor moves behind it. */
static const char *next_item(struct arena *arena, const char **cursor, bool brackets)
{
    while (**cursor) {
        const char *from = *cursor, *at = from;
        int depth = 0;
        for (; *at; at++) {
            if (brackets && mark_at(at, "(", "（")) depth++;
            if (brackets && mark_at(at, ")", "）") && depth > 0) depth--;
            if (depth == 0 && separator(at)) break;
        }
        *cursor = at + separator(at);
        const char *item = trimmed(arena, from, at);
        if (!item || *item) return item;
    }
    return NULL;
}

/* Splits "A(k=v;k=v)" into "A" and what is in the brackets (NULL: none). False: brackets that do not close at the end. */
static bool split_brackets(struct arena *arena, const char *item, const char **head, const char **inside)
{
    const char *open = mark_in(item, "(", "（"), *end = item + strlen(item);
    size_t close = end > item && end[-1] == ')' ? 1 : end - item >= 3 && strcmp(end - 3, "）") == 0 ? 3 : 0;
    *inside = NULL;
    *head = trimmed(arena, item, open ? open : end);
    if (!open) return mark_in(item, ")", "）") == NULL;
    if (close == 0) return false;
    *inside = trimmed(arena, open + mark_at(open, "(", "（"), end - close);
    return true;
}

/* --- records ---------------------------------------------------------------------------------------------------------------- */

static bool put_nested(const struct type_context *context, const struct chart_field *list, struct value *record, const char *name,
                       const char *text, const char **expected)
{
    uint32_t index = chart_field_by_name(context->chart, &list->fields, name);
    if (index == CHART_NONE) {
        *expected = arena_printf(context->arena, "no field %s in %s", name, list->name);
        return false;
    }
    const struct chart_field *field = &context->chart->fields[index];
    struct value *value = type_read(context, field, text, expected);
    if (!value) {
        *expected = arena_printf(context->arena, "%s in %s: %s", name, list->name, *expected ? *expected : "");
        return false;
    }
    value_set(context->arena, record, field->name, value);
    return true;
}

static bool put_pairs(const struct type_context *context, const struct chart_field *list, struct value *record,
                      const char *inside, const char **expected)
{
    struct arena *arena = context->arena;
    for (const char *at = inside; at && *at;) {
        size_t length = strcspn(at, ";");
        const char *pair = trimmed(arena, at, at + length), *sign = pair ? strchr(pair, '=') : NULL;
        at += length + (at[length] == ';');
        if (!pair || !*pair) continue;
        if (!sign) {
            *expected = arena_printf(arena, "name=value between the brackets, not %s", pair);
            return false;
        }
        const char *name = trimmed(arena, pair, sign), *text = trimmed(arena, sign + 1, pair + strlen(pair));
        if (!name || !text || !put_nested(context, list, record, name, text, expected)) return false;
    }
    return true;
}

static struct value *read_record(const struct type_context *context, const struct chart_field *list, const char *item,
                                 const char **expected)
{
    const char *head, *inside, *first = context->chart->fields[list->fields.first].name;
    struct value *record = value_map(context->arena);
    if (!split_brackets(context->arena, item, &head, &inside)) {
        *expected = "records like A(k=v;k=v),B(k=v)";
        return NULL;
    }
    if (!put_pairs(context, list, record, inside, expected)) return NULL;
    if (head && *head) {
        if (value_get(record, first)) value_set_text(context->arena, record, "name", head);
        else if (!put_nested(context, list, record, first, head, expected)) return NULL;
    }
    return record;
}

struct value *type_list(const struct type_context *context, const struct chart_field *field, const char *text,
                        const char **expected)
{
    struct value *list = value_list(context->arena);
    const char *item;
    if (strcmp(text, "none") == 0) return list;
    if (!*text) return NULL;
    while ((item = next_item(context->arena, &text, field->fields.count > 0)) != NULL) {
        if (value_count(list) >= LIST_MOST) {
            *expected = "at most 500 items";
            return NULL;
        }
        struct value *one = field->fields.count ? read_record(context, field, item, expected) : value_text(context->arena, item);
        if (!one) return NULL;
        value_add(context->arena, list, one);
    }
    return list;
}

/* --- contacts --------------------------------------------------------------------------------------------------------------- */

static struct value *read_contact(const struct type_context *context, const char *item, const char **expected)
{
    static const struct {
        const char *kind;
        enum chart_type type;
    } kinds[] = {{"mobile", CHART_MOBILE}, {"landline", CHART_LANDLINE}, {"wechat", CHART_WECHAT}, {"email", CHART_EMAIL}};
    struct arena *arena = context->arena;
    const char *head, *mark, *colon = mark_in(item, ":", "：");
    bool valid = false;
    if (!colon || !split_brackets(arena, item, &head, &mark) || !head || strlen(head) <= (size_t)(colon - item)) return NULL;
    if (mark && strcmp(mark, "invalid") != 0 && !type_truth(mark, &valid)) return NULL;
    const char *kind = arena_text(arena, item, (size_t)(colon - item)),
               *value = trimmed(arena, head + (colon - item) + mark_at(colon, ":", "："), head + strlen(head));
    for (size_t i = 0; kind && value && i < sizeof kinds / sizeof *kinds; i++) {
        struct chart_field field = {.type = kinds[i].type};
        if (strcmp(kinds[i].kind, kind) != 0) continue;
        struct value *read = type_read(context, &field, value, expected), *contact = value_map(arena);
        if (!read) return NULL;
        value_set_text(arena, contact, "kind", kind);
        value_set(arena, contact, "value", read);
        value_set_bool(arena, contact, "valid", valid);
        return contact;
    }
    *expected = "contacts of the kinds mobile, landline, wechat, email";
    return NULL;
}

struct value *type_contacts(const struct type_context *context, const char *text, const char **expected)
{
    struct value *list = value_list(context->arena);
    const char *item;
    if (strcmp(text, "none") == 0) return list;
    if (!*text) return NULL;
    while ((item = next_item(context->arena, &text, true)) != NULL) {
        struct value *contact = value_count(list) < LIST_MOST ? read_contact(context, item, expected) : NULL;
        if (!contact) return NULL;
        value_add(context->arena, list, contact);
    }
    return list;
}

struct value *type_kinds(struct arena *arena, const struct value *contacts)
{
    static const char *const kinds[] = {"email", "landline", "mobile", "wechat"};
    struct value *list = value_list(arena);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        bool found = false;
        for (size_t i = 0; i < value_count(contacts); i++) {
            const struct value *contact = value_at(contacts, i);
            found = found || (value_get_bool(contact, "valid") && text_equal(value_get_text(contact, "kind"), kinds[k]));
        }
        if (found) value_add(arena, list, value_text(arena, kinds[k]));
    }
    return list;
}
