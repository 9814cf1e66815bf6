/* Lengths of time, windows of days, and the parameters that stand for them. */
#include "chart/catalogue_read.h"
#include "chart/compile.h"

#include "base/clock.h"
#include "base/text.h"

#include <string.h>

/* --- values ------------------------------------------------------------------------------------------------------------ */

static bool digits(const char **text, uint32_t least, uint32_t most, uint32_t *value)
{
    uint32_t n = 0;
    *value = 0;
    for (; **text >= '0' && **text <= '9' && n < most; (*text)++, n++) *value = *value * 10 + (uint32_t)(**text - '0');
    return n >= least;
}

/* D-1@18:00, D+0@24:00 */
static bool is_clock_value(const char *text)
{
    uint32_t days, hour, minute;
    if (*text++ != 'D' || (*text != '-' && *text != '+')) return false;
    text++;
    if (!digits(&text, 1, 4, &days) || *text++ != '@' || !digits(&text, 2, 2, &hour) || *text++ != ':') return false;
    if (!digits(&text, 2, 2, &minute) || *text != '\0') return false;
    return minute < 60 && (hour < 24 || (hour == 24 && minute == 0));
}

/* Hours or days, not both: one counts exactly, the other by the calendar. */
static bool is_length(const char *text, struct duration *length)
{
    if (duration_parse(text, strlen(text), length, NULL) != GUAN_OK || (length->has_days && length->has_exact)) return false;
    return length->months >= 0 && length->days >= 0 && length->ms >= 0;
}

/* The days that so many months have at least or at most. */
static int64_t shortest(const struct duration *length)
{
    return length->months * (length->months >= 0 ? 28 : 31) + length->days;
}
static int64_t longest(const struct duration *length)
{
    return length->months * (length->months >= 0 ? 31 : 28) + length->days;
}

/* Two days counted from the anchor, "P2D/P3D" or "-P1D/P0D": the first and the last. */
static bool is_window(const char *text, bool work)
{
    const char *slash = strchr(text, '/');
    struct duration first, last;
    if (slash == NULL || duration_parse(text, (size_t)(slash - text), &first, NULL) != GUAN_OK ||
        duration_parse(slash + 1, strlen(slash + 1), &last, NULL) != GUAN_OK)
        return false;
    if (first.has_exact || last.has_exact || (work && (first.months != 0 || last.months != 0))) return false;
    return shortest(&first) <= longest(&last);
}

bool due_fits(enum due_use use, const char *text)
{
    struct duration length;
    if (use == DUE_WINDOW || use == DUE_WORK_WINDOW) return is_window(text, use == DUE_WORK_WINDOW);
    if (use == DUE_TERM && is_clock_value(text)) return true;
    if (!is_length(text, &length)) return false;
    bool days_only = length.has_days && length.months == 0;
    switch (use) {
    case DUE_WORK: return days_only;
    case DUE_EVERY: return length.has_days && (length.months > 0) != (length.days > 0);
    case DUE_SPAN: return length.months > 0 || length.days > 0 || length.ms > 0;
    default: return true;
    }
}

bool table_fits(enum due_use use, const char *table)
{
    struct cell cell;
    char value[80];
    while (table_next(&table, &cell)) {
        if (cell.value_length >= sizeof value) return false;
        memcpy(value, cell.value, cell.value_length);
        value[cell.value_length] = '\0';
        if (!due_fits(use, value)) return false;
    }
    return true;
}

bool table_next(const char **cursor, struct cell *cell)
{
    size_t length;
    if (!text_word(cursor, &cell->key, &length)) return false;
    const char *equal = memchr(cell->key, '=', length);
    cell->key_length = equal == NULL ? length : (size_t)(equal - cell->key);
    cell->value = equal == NULL ? cell->key + length : equal + 1;
    cell->value_length = length - (size_t)(cell->value - cell->key);
    return true;
}

/* --- parameters in the place of values ----------------------------------------------------------------------------------- */

static bool is_parameter_byte(char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' ||
           byte == '_';
}

static bool is_parameter_name(const char *text)
{
    if (!text_starts(text, "T-") || text[2] == '\0') return false;
    while (is_parameter_byte(*text)) text++;
    return *text == '\0';
}

bool due_names(const char *text, const char *parameter)
{
    size_t length = strlen(parameter);
    for (const char *at = strstr(text, parameter); at != NULL; at = strstr(at + 1, parameter))
        if ((at == text || !is_parameter_byte(at[-1])) && !is_parameter_byte(at[length])) return true;
    return false;
}

/* What is said when a value is none. */
static const struct use {
    const char *rule, *what, *hint;
} uses[] = {
    [DUE_TERM] = {"bad-duration", "length of time", "PT24H for hours, P3D for days, D-1@18:00 for a time of day, or a parameter"},
    [DUE_WORK] = {"work-days", "number of working days", "P7D: days=\"work\" counts whole days"},
    [DUE_WINDOW] = {"bad-window", "window of days", "P2D/P3D: the first and the last day, counted from the anchor"},
    [DUE_WORK_WINDOW] = {"work-days", "window of working days", "P2D/P3D: days=\"work\" counts whole days"},
    [DUE_SPAN] = {"bad-duration", "length of time", "PT48H for hours or P7D for days, more than nothing; or a parameter"},
    [DUE_EVERY] = {"bad-every", "interval", "P6M or P1Y, or P7D: months or days, not both"},
};

const char *due_hint(enum due_use use)
{
    return uses[use].hint;
}

static void refuse(struct compile *c, const struct attribute *attribute, enum due_use use, const char *text)
{
    if (use == DUE_WORK && !due_fits(DUE_TERM, text)) use = DUE_TERM;
    if (use == DUE_WORK_WINDOW && !due_fits(DUE_WINDOW, text)) use = DUE_WINDOW;
    problem(c->report, attribute->place, uses[use].rule, uses[use].hint, "%s=\"%s\" is no %s", attribute->name, text,
            uses[use].what);
}

/* A parameter's name; `cell`: a cell of its table is asked for. */
static void check_parameter(struct compile *c, const struct attribute *attribute, enum due_use use, const char *id, bool cell)
{
    if (c->options->catalogue == NULL) return;
    const struct parameter *parameter = parameter_of(c, attribute, id);
    if (parameter == NULL) return;
    bool table = strcmp(parameter->type, "table") == 0;
    if (table != cell)
        problem(c->report, attribute->place, "table-cell",
                table ? arena_printf(c->arena, "say which: %s[form.grade.level]", id) : "write its name alone",
                table ? "the parameter %s is a table" : "the parameter %s is no table", id);
    else if (!(table ? table_fits(use, parameter->value) : due_fits(use, parameter->value)))
        problem(c->report, attribute->place, uses[use].rule, uses[use].hint, "the parameter %s is \"%s\", which is no %s", id,
                parameter->value, uses[use].what);
}

/* T-CADENCE[expr]: the name; `key` gets the expression. */
static const char *cell_of(struct compile *c, const struct attribute *attribute, enum due_use use, uint32_t *key)
{
    const char *text = attribute->value, *open = strchr(text, '[');
    const char *id = arena_text(c->arena, text, (size_t)(open - text));
    size_t length = attribute->length - (size_t)(open - text);
    if (id == NULL || key == NULL || !is_parameter_name(id) || open[length - 1] != ']') {
        refuse(c, attribute, use, text);
        return text;
    }
    const char *source = arena_text(c->arena, open + 1, length - 2);
    if (source != NULL) *key = add_expr(c, CHART_EXPRESSION, source, length - 2, attribute->place);
    check_parameter(c, attribute, use, id, true);
    return id;
}

static void check_part(struct compile *c, const struct attribute *attribute, enum due_use use, const char *text)
{
    if (text == NULL || due_fits(use, text)) return;
    if (is_parameter_name(text)) check_parameter(c, attribute, use, text, false);
    else refuse(c, attribute, use, text);
}

/* min(PT24H, T-REST): all its parts, at least two. */
static void check_least(struct compile *c, const struct attribute *attribute, enum due_use use)
{
    const char *part = attribute->value + strlen("min("), *end = attribute->value + attribute->length;
    uint32_t count = 0;
    for (bool more = end[-1] == ')'; more; count++) {
        size_t length = strcspn(part, ",)");
        more = part[length] == ',';
        if (!more && part + length + 1 != end) break; /* something behind the bracket */
        const char *from = part, *to = part + length;
        while (from < to && *from == ' ') from++;
        while (from < to && to[-1] == ' ') to--;
        check_part(c, attribute, use, arena_text(c->arena, from, (size_t)(to - from)));
        part += length + 1;
    }
    if (part != end || count < 2)
        problem(c->report, attribute->place, "bad-duration", "min(PT24H, D+1@18:00): two or more, with commas between",
                "%s=\"%s\" is no choice of lengths of time", attribute->name, attribute->value);
}

const char *due_of(struct compile *c, const struct attribute *attribute, enum due_use use, uint32_t *key)
{
    if (key != NULL) *key = CHART_NONE;
    if (attribute == NULL) return NULL;
    const char *text = attribute->value;
    if (key != NULL && (use == DUE_TERM || use == DUE_WORK) && text_starts(text, "min(")) check_least(c, attribute, use);
    else if (text_starts(text, "T-") && strchr(text, '[') != NULL) return cell_of(c, attribute, use, key);
    else check_part(c, attribute, use, text);
    return text;
}
