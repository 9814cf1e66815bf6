/* Fields: what a step asks for. */
#include "chart/catalogue_read.h"
#include "chart/compile.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

/* In the order of enum chart_type. `personal`: unless the field says otherwise. */
static const char *const types[] = {"text",  "integer",  "decimal",  "money",    "boolean",  "yes",      "choice",
                                    "list",  "date",     "datetime", "duration", "mobile",   "landline", "wechat",
                                    "email", "contacts", "idno",     "vin",      "document", "evidence", NULL};

static bool is_personal(enum chart_type type)
{
    switch (type) {
    case CHART_TEXT:
    case CHART_LIST:
    case CHART_MOBILE:
    case CHART_LANDLINE:
    case CHART_WECHAT:
    case CHART_EMAIL:
    case CHART_CONTACTS:
    case CHART_IDNO:
    case CHART_DOCUMENT: return true;
    default: return false;
    }
}

/* --- bounds ------------------------------------------------------------------------------------------------------------ */

static bool is_integer(const char *text)
{
    if (*text == '-') text++;
    size_t n = strspn(text, "0123456789");
    return n > 0 && n <= 15 && text[n] == '\0';
}

static bool is_decimal(const char *text)
{
    if (*text == '-') text++;
    size_t n = strspn(text, "0123456789"), fraction = 0;
    if (text[n] == '.') {
        fraction = strspn(text + n + 1, "0123456789");
        if (fraction == 0) return false;
        fraction++;
    }
    return n > 0 && n + fraction <= 17 && text[n + fraction] == '\0';
}

static bool is_time(const char *text, bool date)
{
    struct civil civil;
    instant at;
    size_t length = strlen(text);
    return (date ? date_parse(text, length, &civil, NULL) : instant_parse(text, length, NULL, &at, NULL)) == GUAN_OK;
}

bool bound_fits(enum chart_type type, const char *text)
{
    struct duration duration;
    switch (type) {
    case CHART_INTEGER: return is_integer(text);
    case CHART_DECIMAL:
    case CHART_MONEY: return is_decimal(text);
    case CHART_TEXT:
    case CHART_LIST:
    case CHART_CONTACTS: return is_integer(text) && *text != '-';
    case CHART_DATE: return is_time(text, true);
    case CHART_DATETIME: return is_time(text, false);
    case CHART_DURATION: return duration_parse(text, strlen(text), &duration, NULL) == GUAN_OK;
    default: return false;
    }
}

static bool has_bounds(enum chart_type type)
{
    return type == CHART_INTEGER || type == CHART_DECIMAL || type == CHART_MONEY || type == CHART_TEXT || type == CHART_LIST ||
           type == CHART_CONTACTS || type == CHART_DATE || type == CHART_DATETIME || type == CHART_DURATION;
}

static bool is_number(enum chart_type type)
{
    return type == CHART_INTEGER || type == CHART_DECIMAL || type == CHART_MONEY;
}

/* min="T-FUEL": the house's value, as of the record. */
static void check_parameter(struct compile *c, const struct attribute *attribute, enum chart_type type)
{
    if (c->options->catalogue == NULL) return;
    const struct parameter *parameter = parameter_of(c, attribute, attribute->value);
    if (parameter == NULL) return;
    bool numeric = strcmp(parameter->type, "number") == 0 || strcmp(parameter->type, "percent") == 0;
    if (!numeric)
        problem(c->report, attribute->place, "bad-bound", "a parameter of type number or percent",
                "%s=\"%s\" is a parameter of type %s", attribute->name, attribute->value, parameter->type);
    else if (!bound_fits(type, parameter->value))
        problem(c->report, attribute->place, "bad-bound", "write type=\"decimal\"", "the parameter %s is \"%s\", which is no %s",
                attribute->value, parameter->value, chart_type_name(type));
}

static const char *bound_of(struct compile *c, const struct node *node, const char *name, enum chart_type type)
{
    const struct attribute *attribute = plain(node, name);
    if (attribute == NULL) return NULL;
    if (!has_bounds(type))
        problem(c->report, attribute->place, "bad-bound", "say it with check=\"…\"", "a field of type %s has no %s",
                chart_type_name(type), name);
    else if (is_number(type) && text_starts(attribute->value, "T-")) check_parameter(c, attribute, type);
    else if (!bound_fits(type, attribute->value))
        problem(c->report, attribute->place, "bad-bound",
                text_starts(attribute->value, "T-") ? "a parameter bounds an integer, a decimal or money" : NULL,
                "%s=\"%s\" is not %s", name, attribute->value,
                type == CHART_TEXT || type == CHART_LIST || type == CHART_CONTACTS ? "a count" : "a value of the field's type");
    return attribute->value;
}

static void check_bounds(struct compile *c, const struct node *node, const struct chart_field *field)
{
    const char *min = field->min, *max = field->max;
    bool counts =
        field->type == CHART_INTEGER || field->type == CHART_TEXT || field->type == CHART_LIST || field->type == CHART_CONTACTS;
    if (!counts || min == NULL || max == NULL || !is_integer(min) || !is_integer(max)) return;
    if (strtoll(min, NULL, 10) > strtoll(max, NULL, 10))
        problem(c->report, plain(node, "max")->place, "bad-bound", NULL, "max=\"%s\" is below min=\"%s\"", max, min);
}

/* --- patterns ---------------------------------------------------------------------------------------------------------- */

/* Repetitions multiply when they nest: the product of all bounds keeps what regcomp builds small. */
static bool pattern_is_small(const char *pattern)
{
    unsigned long product = 1;
    for (const char *brace = strchr(pattern, '{'); brace != NULL; brace = strchr(brace + 1, '{')) {
        unsigned long most = 1;
        for (const char *digit = brace + 1; *digit != '\0' && *digit != '}'; digit++) {
            if (*digit < '0' || *digit > '9') continue;
            unsigned long n = strtoul(digit, NULL, 10);
            if (n > most) most = n;
            digit += strspn(digit, "0123456789") - 1;
        }
        if (most > 1000 || product * most > 1000) return false;
        product *= most;
    }
    return strlen(pattern) <= 500;
}

static const char *pattern_of(struct compile *c, const struct node *node)
{
    const struct attribute *pattern = plain(node, "pattern");
    if (pattern == NULL) return NULL;
    if (!pattern_is_small(pattern->value)) {
        problem(c->report, pattern->place, "bad-pattern", "500 characters, repetitions that multiply to 1000 at most",
                "the pattern is too large");
        return NULL;
    }
    regex_t regex;
    int code = regcomp(&regex, pattern->value, REG_EXTENDED | REG_NOSUB);
    if (code == 0) {
        regfree(&regex);
        return pattern->value;
    }
    char text[200];
    regerror(code, &regex, text, sizeof text);
    problem(c->report, pattern->place, "bad-pattern", "patterns are POSIX extended regular expressions", "the pattern \"%s\": %s",
            pattern->value, text);
    return NULL;
}

/* --- fields ------------------------------------------------------------------------------------------------------------ */

static enum chart_type type_of(struct compile *c, const struct node *node, struct chart_names of)
{
    const struct attribute *type = plain(node, "type"), *list = plain(node, "of");
    enum chart_type found = word_of(c, type, types, CHART_TEXT, "unknown-type");
    if (found == CHART_CHOICE && of.count == 0)
        problem(c->report, node->place, "choice-without-of", "name the values: of=\"red green\"",
                "a choice needs the attribute \"of\"");
    if (found != CHART_CHOICE && list != NULL)
        problem(c->report, list->place, "choice-without-of", "write type=\"choice\"", "only a choice has the attribute \"of\"");
    return found;
}

static bool listed(const struct chart_names *words, uint32_t but, const char *word)
{
    for (uint32_t i = 0; i < words->count; i++)
        if (i != but && strcmp(words->items[i], word) == 0) return true;
    return false;
}

/* What people call the values; typed, a name stands for its value, so it can be no other's. */
static struct chart_names choice_names(struct compile *c, const struct node *node, const struct chart_field *field)
{
    const struct attribute *names = plain(node, "names");
    struct chart_names all = names_of(c, names == NULL ? NULL : names->value);
    if (names == NULL) return all;
    if (field->type != CHART_CHOICE) {
        problem(c->report, names->place, "choice-names", "write type=\"choice\"", "only a choice has the attribute \"names\"");
        return (struct chart_names){0};
    }
    if (all.count != field->of.count) {
        problem(c->report, names->place, "choice-names", "one name for each value of the attribute \"of\", in its order",
                "the field \"%s\" has %u values and %u names", field->name, field->of.count, all.count);
        return (struct chart_names){0};
    }
    for (uint32_t i = 0; i < all.count; i++)
        if (listed(&all, i, all.items[i]) || listed(&field->of, i, all.items[i]))
            problem(c->report, names->place, "choice-names", "give each value a name of its own",
                    "\"%s\" names more than one value", all.items[i]);
    return all;
}

static bool tunable_of(struct compile *c, const struct node *node, const struct chart_field *field, bool otherwise)
{
    const struct attribute *given = plain(node, "tunable");
    bool law = field->klass == CHART_CLASS_LAW, tunable = yes_no(c, given, otherwise);
    if (given != NULL && tunable && law)
        problem(c->report, given->place, "tunable-law", "delete tunable", "the field \"%s\" is law: it is not tunable",
                field->name);
    return tunable && !law;
}

static struct chart_field field_of(struct compile *c, const struct node *node, enum chart_class klass, bool tunable)
{
    static const char *const infos[] = {"basic", "contact", "need", "history", NULL};
    const struct attribute *name = plain(node, "name"), *title = plain(node, "title"), *of = plain(node, "of");
    struct chart_field field = {.name = name == NULL ? "" : name->value, .place = node->place};
    if (name != NULL && !is_word(name->value))
        problem(c->report, name->place, "bad-name", "letters, digits and underscores", "\"%s\" cannot be the name of a field",
                name->value);
    field.title = title == NULL ? NULL : title->value;
    field.of = names_of(c, of == NULL ? NULL : of->value);
    field.type = type_of(c, node, field.of);
    field.names = choice_names(c, node, &field);
    field.required = yes_no(c, plain(node, "required"), true);
    field.personal = yes_no(c, plain(node, "personal"), is_personal(field.type));
    field.min = bound_of(c, node, "min", field.type);
    field.max = bound_of(c, node, "max", field.type);
    check_bounds(c, node, &field);
    field.pattern = pattern_of(c, node);
    field.check = expr_of(c, node, "check", CHART_CHECK);
    field.initial = expr_of(c, node, "default", CHART_EXPRESSION);
    field.when = expr_of(c, node, "when", CHART_EXPRESSION);
    field.clauses = clauses_of(c, plain(node, "clause"));
    field.severity = severity_of(c, node, false);
    field.code = code_of(c, node);
    uint32_t info = word_of(c, plain(node, "info"), infos, 4, "unknown-info");
    field.info = infos[info];
    field.class_given = plain(node, "class") != NULL;
    field.klass = class_of(c, node, field.clauses, klass);
    field.tunable = tunable_of(c, node, &field, tunable);
    return field;
}

static void check_duplicates(struct compile *c, struct chart_span span)
{
    for (uint32_t i = 1; i < span.count; i++) {
        const struct chart_field *field = field_at(c, span.first + i);
        for (uint32_t k = 0; k < i; k++) {
            if (strcmp(field->name, field_at(c, span.first + k)->name) != 0) continue;
            problem(c->report, field->place, "duplicate-field", "give one of them another name",
                    "the step has a field \"%s\" already", field->name);
            break;
        }
    }
}

struct chart_span compile_fields(struct compile *c, const struct node *node, enum chart_class klass, bool tunable)
{
    uint32_t count = 0, i = 0;
    for (const struct node *child = node->first; (child = node_child(child, TAG_FIELD)) != NULL; child = child->next) count++;
    if (count > LIMIT_FIELDS) {
        problem(c->report, node->place, "too-many-fields", "split the step", "there are more than %u fields", LIMIT_FIELDS);
        return (struct chart_span){0, 0};
    }
    struct chart_span span = list_reserve(c, &c->fields, count);
    for (const struct node *child = node->first; (child = node_child(child, TAG_FIELD)) != NULL && i < span.count;
         child = child->next) {
        struct chart_field field = field_of(c, child, klass, tunable);
        if (node_child(child->first, TAG_FIELD) != NULL && field.type != CHART_LIST)
            problem(c->report, child->place, "nested-field", "write type=\"list\"", "only a list has fields inside");
        field.fields = compile_fields(c, child, field.klass, field.tunable);
        if (c->failed) return span;
        *field_at(c, span.first + i++) = field;
    }
    check_duplicates(c, span);
    return span;
}
