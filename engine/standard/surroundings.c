/* What Lua sees besides the data: steps form forms case param now today entered occurrence, and the functions of days, windows
 * and counts. Read-only. */
#include "standard/due.h"
#include "standard/eval.h"
#include "standard/find.h"
#include "standard/moments.h"
#include "standard/terms.h"

#include "base/text.h"

#include <string.h>

#define IN_WINDOW_DAYS 62 /* a window around an event lies within these */

/* --- names ---------------------------------------------------------------------------------------------------------------- */

static void put_instant(struct arena *arena, struct value *map, const char *key, instant at)
{
    char text[INSTANT_TEXT];
    if (at == INSTANT_NONE) return;
    instant_format(at, text);
    value_set_text(arena, map, key, text);
}

static struct value *see_steps(struct standard *standard, const char *name, struct arena *arena)
{
    struct standard *owner;
    uint32_t step;
    if (!named_step(standard, name, &owner, &step)) return NULL;
    instant by = standard->focus.as_of;
    struct past latest = facts_record(owner, step, by);
    bool now = owner == standard && standard->focus.recording && standard->focus.step == step;
    struct value *map = value_map(arena);
    value_set_bool(arena, map, "done", facts_satisfied(owner, step, NULL, by ? by : INT64_MAX) && latest.at != INSTANT_NONE);
    value_set_int(arena, map, "count", (int64_t)facts_count(owner, step) + (now ? 1 : 0));
    if (now) {
        put_instant(arena, map, "at", standard->world->at);
        value_set_text(arena, map, "by", standard->world->actor ? standard->world->actor->id : NULL);
    } else if (latest.at != INSTANT_NONE) {
        put_instant(arena, map, "at", latest.at);
        value_set_text(arena, map, "by", latest.by);
    }
    return map;
}

static struct value *see_form(struct standard *standard, const char *name)
{
    struct standard *owner;
    uint32_t step;
    if (!named_step(standard, name, &owner, &step)) return NULL;
    if (owner == standard && standard->focus.form && standard->focus.step == step) return (struct value *)standard->focus.form;
    return (struct value *)facts_record(owner, step, standard->focus.as_of).form;
}

static struct value *see_forms(struct standard *standard, const char *name, struct arena *arena)
{
    struct standard *owner;
    uint32_t step;
    if (!named_step(standard, name, &owner, &step)) return NULL;
    struct value *map = value_map(arena);
    const struct step_facts *facts = &owner->steps[step];
    for (size_t i = 0; i < facts->count; i++)
        if (facts->items[i].form) value_set(arena, map, facts->items[i].key, (struct value *)facts->items[i].form);
    return map;
}

/* Digits with at most one point. */
static struct value *number_value(struct arena *arena, const char *text)
{
    int64_t whole = 0, scale = 1;
    bool point = false, negative = *text == '-';
    size_t digits = 0;
    for (const char *at = text + (negative ? 1 : 0); *at; at++) {
        if (*at == '.' && !point) {
            point = true;
            continue;
        }
        if (*at < '0' || *at > '9' || ++digits > 15) return value_text(arena, text);
        whole = whole * 10 + (*at - '0');
        if (point) scale *= 10;
    }
    if (digits == 0) return value_text(arena, text);
    if (negative) whole = -whole;
    return point ? value_real(arena, (double)whole / (double)scale) : value_int(arena, whole);
}

static struct value *see_param(const struct standard *standard, const char *id, struct arena *arena)
{
    const struct house *house = standard->world->house;
    const char *text = house ? house_parameter(house, id) : NULL;
    if (!text) return NULL;
    const struct parameter *parameter = house->catalogue ? catalogue_parameter(house->catalogue, id) : NULL;
    bool number = parameter && (text_equal(parameter->type, "number") || text_equal(parameter->type, "percent"));
    return number ? number_value(arena, text) : value_text(arena, text);
}

static int lookup(void *user, const char *const *path, size_t depth, struct arena *arena, struct value **out,
                  struct guan_error *error)
{
    struct standard *standard = user;
    const char *name = path[0];
    *out = NULL;
    if (depth > 1) {
        if (strcmp(name, "steps") == 0) *out = see_steps(standard, path[1], arena);
        else if (strcmp(name, "form") == 0) *out = see_form(standard, path[1]);
        else if (strcmp(name, "forms") == 0) *out = see_forms(standard, path[1], arena);
        else if (strcmp(name, "param") == 0) *out = see_param(standard, path[1], arena);
    } else if (strcmp(name, "now") == 0) {
        *out = eval_instant(arena, standard->world->at);
    } else if (strcmp(name, "today") == 0) {
        struct civil today = zone_civil(standard->world->house->zone, standard->world->at);
        *out = eval_date(arena, &today);
    } else if (strcmp(name, "entered") == 0) {
        if (standard->focus.entered != INSTANT_NONE) *out = eval_instant(arena, standard->focus.entered);
    } else if (strcmp(name, "occurrence") == 0) {
        *out = value_text(arena, standard->focus.occurrence);
    } else if (strcmp(name, "case") == 0) {
        *out = eval_case(standard);
    }
    return arena_failed(arena) ? error_memory(error) : GUAN_OK;
}

/* --- functions -------------------------------------------------------------------------------------------------------------- */

static const struct zone *zone_of(void *user)
{
    return ((struct standard *)user)->world->house->zone;
}

static int need_time(void *user, const struct value *args, size_t index, const char *function, struct anchor *out,
                     struct guan_error *error)
{
    const char *text = value_as_text(value_at(args, index));
    if (text && anchor_read(zone_of(user), text, out)) return GUAN_OK;
    return error_set(error, GUAN_NO, "lua-argument", "%s: argument %zu is no date or time: %s", function, index + 1,
                     text ? text : "nil");
}

static int need_duration(const struct value *args, size_t index, const char *function, struct duration *out,
                         struct guan_error *error)
{
    const char *text = value_as_text(value_at(args, index));
    if (text && duration_parse(text, strlen(text), out, NULL) == GUAN_OK) return GUAN_OK;
    return error_set(error, GUAN_NO, "lua-argument", "%s: argument %zu is no duration: %s", function, index + 1,
                     text ? text : "nil");
}

static struct civil day_of(void *user, const struct anchor *anchor)
{
    return zone_civil(zone_of(user), anchor->at);
}

static int64_t day_number(void *user, const struct anchor *anchor)
{
    struct civil day = day_of(user, anchor);
    return civil_days(day.year, day.month, day.day);
}

static int call_date_add(void *user, const struct value *args, struct arena *arena, struct value **out, struct guan_error *error)
{
    struct anchor from;
    struct duration duration;
    int code = need_time(user, args, 0, "date_add", &from, error);
    if (code == GUAN_OK) code = need_duration(args, 1, "date_add", &duration, error);
    if (code != GUAN_OK) return code;
    if (from.day && duration.has_exact)
        return error_set(error, GUAN_NO, "lua-argument", "date_add: hours cannot be added to a date");
    from.at = duration_add(zone_of(user), from.at, &duration);
    struct civil day = day_of(user, &from);
    *out = from.day ? eval_date(arena, &day) : eval_instant(arena, from.at);
    return GUAN_OK;
}

static int two_times(void *user, const struct value *args, const char *function, struct anchor *a, struct anchor *b,
                     struct guan_error *error)
{
    int code = need_time(user, args, 0, function, a, error);
    return code == GUAN_OK ? need_time(user, args, 1, function, b, error) : code;
}

static int call_days_between(void *user, const struct value *args, struct arena *arena, struct value **out,
                             struct guan_error *error)
{
    struct anchor a, b;
    int code = two_times(user, args, "days_between", &a, &b, error);
    if (code == GUAN_OK) *out = value_int(arena, day_number(user, &b) - day_number(user, &a));
    return code;
}

/* Whole months: as many as can be added to the earlier without passing the later. */
static int call_months_between(void *user, const struct value *args, struct arena *arena, struct value **out,
                               struct guan_error *error)
{
    struct anchor a, b;
    int code = two_times(user, args, "months_between", &a, &b, error);
    if (code != GUAN_OK) return code;
    bool backwards = b.at < a.at;
    struct anchor early = backwards ? b : a, late = backwards ? a : b;
    struct civil from = day_of(user, &early), to = day_of(user, &late);
    struct duration months = {.months = (to.year - from.year) * 12 + (to.month - from.month), .has_days = true};
    if (months.months > 0 && duration_add(zone_of(user), early.at, &months) > late.at) months.months--;
    *out = value_int(arena, backwards ? -months.months : months.months);
    return GUAN_OK;
}

static int call_same_day(void *user, const struct value *args, struct arena *arena, struct value **out, struct guan_error *error)
{
    struct anchor a, b;
    int code = two_times(user, args, "same_day", &a, &b, error);
    if (code == GUAN_OK) *out = value_bool(arena, day_number(user, &a) == day_number(user, &b));
    return code;
}

static bool read_clock(const char *text, int *minutes)
{
    if (!text || strlen(text) != 5 || text[2] != ':') return false;
    for (int i = 0; i < 5; i++)
        if (i != 2 && (text[i] < '0' || text[i] > '9')) return false;
    int hour = (text[0] - '0') * 10 + text[1] - '0', minute = (text[3] - '0') * 10 + text[4] - '0';
    *minutes = hour * 60 + minute;
    return minute < 60 && *minutes <= 24 * 60;
}

/* "21:00/08:00", as a parameter has it. */
static bool read_hours(const char *text, int *from, int *to)
{
    char first[6];
    if (!text || strlen(text) != 11 || text[5] != '/') return false;
    memcpy(first, text, 5);
    first[5] = '\0';
    return read_clock(first, from) && read_clock(text + 6, to);
}

/* From the first clock time up to the second, over midnight if need be. */
static int call_in_hours(void *user, const struct value *args, struct arena *arena, struct value **out, struct guan_error *error)
{
    int from, to;
    const char *first = value_as_text(value_at(args, 0)), *second = value_as_text(value_at(args, 1));
    bool good = value_count(args) == 1 ? read_hours(first, &from, &to) : read_clock(first, &from) && read_clock(second, &to);
    if (!good)
        return error_set(error, GUAN_NO, "lua-argument",
                         "in_hours takes two clock times: in_hours('21:00', '08:00'), or '21:00/08:00'");
    struct civil civil = zone_civil(zone_of(user), ((struct standard *)user)->world->at);
    int now = civil.hour * 60 + civil.minute;
    *out = value_bool(arena, from <= to ? now >= from && now < to : now >= from || now < to);
    return GUAN_OK;
}

/* Is today within so many days of an event of the calendar? In a year that the calendar does not speak of: an error. */
static int call_in_window(void *user, const struct value *args, struct arena *arena, struct value **out, struct guan_error *error)
{
    struct standard *standard = user;
    const char *id = value_as_text(value_at(args, 0)), *text = value_as_text(value_at(args, 1));
    const struct calendar *calendar = id ? house_calendar(standard->world->house, id) : NULL;
    struct due_context context = due_context_of(standard, false);
    int64_t day = anchor_day(context.zone, standard->world->at), from = day - IN_WINDOW_DAYS;
    *out = value_bool(arena, false);
    if (!calendar) return error_set(error, GUAN_NO, "lua-argument", "in_window: the dealer has no calendar %s", id ? id : "nil");
    if (!text) text = "during";
    if (!due_is_window(&context, text))
        return error_set(error, GUAN_NO, "lua-argument", "in_window: %s is no window; write -P1D/P0D, -P1D/end or during", text);
    for (;;) {
        bool found;
        struct calendar_event event;
        struct due_window window;
        struct guan_error beyond = {0};
        int code = calendar_next(calendar, NULL, from, &event, &found, &beyond);
        if (code == GUAN_NO && from < day) { /* the years begin later */
            from++;
            continue;
        }
        if (code == GUAN_NO && from > day) return GUAN_OK; /* they end: none of theirs was it */
        if (code != GUAN_OK) return error_set(error, code, beyond.rule, "%s", beyond.text);
        if (!found || event.first > day + IN_WINDOW_DAYS) return GUAN_OK;
        code = due_window(&context, text, (struct anchor){standard->world->at, false}, &event, &window, error);
        if (code != GUAN_OK) return code == GUAN_USAGE ? GUAN_NO : code;
        if (standard->world->at >= window.opens && standard->world->at < window.due) *out = value_bool(arena, true);
        from = event.last + 1;
    }
    return GUAN_OK;
}

/* count("P.S", "P7D"), sum("P.S", "field", "P7D"): of what the rules of the case keep, in the time up to now. Names as in rules:
 * S, P.S, "P.*", "@class"; what no rule watches is not kept, nor what is older than a rule's window and 30 days. */
static int total(struct standard *standard, const struct value *args, const char *field, size_t last, const char *function,
                 int64_t *out, struct guan_error *error)
{
    const char *name = value_as_text(value_at(args, 0));
    struct duration back;
    if (!name) return error_set(error, GUAN_NO, "lua-argument", "%s: argument 1 is no name of a step", function);
    int code = need_duration(args, last, function, &back, error);
    if (code != GUAN_OK) return code;
    back.months = -back.months;
    back.days = -back.days;
    back.ms = -back.ms;
    instant after = duration_add(zone_of(standard), standard->world->at, &back);
    return moments_total(standard, name, field, after, out) == GUAN_OK ? GUAN_OK : error_memory(error);
}

static int call_count(void *user, const struct value *args, struct arena *arena, struct value **out, struct guan_error *error)
{
    int64_t count = 0;
    int code = total(user, args, NULL, 1, "count", &count, error);
    *out = value_int(arena, count);
    return code;
}

static int call_sum(void *user, const struct value *args, struct arena *arena, struct value **out, struct guan_error *error)
{
    const char *field = value_as_text(value_at(args, 1));
    int64_t sum = 0;
    if (!field) return error_set(error, GUAN_NO, "lua-argument", "sum: argument 2 is no name of a field");
    int code = total(user, args, field, 2, "sum", &sum, error);
    *out = sum % 1000 ? value_real(arena, (double)sum / 1000) : value_int(arena, sum / 1000);
    return code;
}

static int call_done(void *user, const struct value *args, struct arena *arena, struct value **out, struct guan_error *error)
{
    struct standard *standard = user, *owner;
    const char *name = value_as_text(value_at(args, 0));
    uint32_t step;
    if (!name) return error_set(error, GUAN_NO, "lua-argument", "done: argument 1 is no name of a step");
    bool known = named_step(standard, name, &owner, &step);
    instant by = standard->focus.as_of ? standard->focus.as_of : INT64_MAX;
    *out = value_bool(arena, known && facts_satisfied(owner, step, NULL, by));
    return GUAN_OK;
}

static const struct script_function functions[] = {
    {"date_add", call_date_add},
    {"days_between", call_days_between},
    {"months_between", call_months_between},
    {"same_day", call_same_day},
    {"in_hours", call_in_hours},
    {"in_window", call_in_window},
    {"count", call_count},
    {"sum", call_sum},
    {"done", call_done},
};

const struct script_surroundings *standard_surroundings(struct standard *standard)
{
    standard->surroundings = (struct script_surroundings){
        .user = standard, .lookup = lookup, .functions = functions, .function_count = sizeof functions / sizeof *functions};
    return &standard->surroundings;
}
