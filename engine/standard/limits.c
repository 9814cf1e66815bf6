/* The limits of fields: min max pattern check, and "must be yes". */
#include "standard/judge.h"
#include "standard/types.h"

#include "base/text.h"

#include <string.h>

static bool has_limits(const struct chart_field *field)
{
    return field->min || field->max || field->pattern || field->check != CHART_NONE || field->type == CHART_YES;
}

/* As written, or what the house has for a parameter now. */
static const char *bound(const struct world *world, const char *text)
{
    const char *value = text && text_starts(text, "T-") ? house_parameter(world->house, text) : NULL;
    return value ? value : text;
}

/* Which limit it breaks, and how to say that; *rule NULL: it holds. */
static int judge_value(struct judge *judge, const struct chart_field *field, const struct value *value, const char **rule,
                       const char **why)
{
    struct world *world = judge->standard->world;
    struct type_context context = {world->arena, judge->standard->chart, world->house->zone};
    const char *min = bound(world, field->min), *max = bound(world, field->max), *text = value_as_text(value);
    bool holds = true, failed = false;
    /* A personal default is a token: there is nothing to measure. */
    bool token = field->personal && value == value_get(judge->record->form, field->name);
    *rule = NULL;
    if (field->type == CHART_YES && !value_as_bool(value)) *rule = "yes", *why = "it must be yes";
    else if (token) *rule = NULL;
    else if (!type_within(&context, field, value, min, NULL))
        *rule = "min", *why = arena_printf(world->arena, "less than %s", min);
    else if (!type_within(&context, field, value, NULL, max))
        *rule = "max", *why = arena_printf(world->arena, "more than %s", max);
    else if (field->pattern && text && !type_matches(field->pattern, text))
        *rule = "pattern", *why = "it has not the form that is asked for";
    if (*rule || field->check == CHART_NONE) return GUAN_OK;
    judge_focus(judge);
    int code = eval_check(judge->standard, field->check, value, &holds, &failed, judge->error);
    if (code != GUAN_OK || holds) return code;
    *rule = "check";
    *why = failed ? arena_printf(world->arena, "its check could not be computed: %s", judge->standard->fault)
                  : "it does not pass its check";
    return GUAN_OK;
}

/* `fails`: the names of those that do not hold. */
static int judge_nested(struct judge *judge, const struct chart_field *list, const struct value *records, struct value *fails)
{
    const struct chart *chart = judge->standard->chart;
    struct arena *arena = judge->standard->world->arena;
    for (uint32_t f = 0; f < list->fields.count; f++) {
        const struct chart_field *field = &chart->fields[list->fields.first + f];
        bool holds = true;
        for (size_t i = 0; has_limits(field) && i < value_count(records); i++) {
            const struct value *value = value_get(value_at(records, i), field->name);
            const char *rule = NULL, *why = NULL;
            int code = value ? judge_value(judge, field, value, &rule, &why) : GUAN_OK;
            if (code == GUAN_OK && rule) code = judge_failing(judge, field, rule, why);
            if (code != GUAN_OK) return code;
            if (rule) holds = false;
        }
        if (!holds) value_add(arena, fails, value_text(arena, field->name));
    }
    return GUAN_OK;
}

/* Does a limit look at a personal value? The check of a list sees what its records hold. */
static bool any_personal(const struct chart *chart, const struct chart_field *field, bool limited)
{
    limited = limited || has_limits(field);
    if (!field->fields.count) return field->personal && limited;
    for (uint32_t i = 0; i < field->fields.count; i++)
        if (any_personal(chart, &chart->fields[field->fields.first + i], field->check != CHART_NONE)) return true;
    return false;
}

/* The verdict of then, in a command that is performed again. */
static int given_verdict(struct judge *judge, const struct chart_field *field)
{
    const struct chart *chart = judge->standard->chart;
    const struct value *facts = value_get(judge->act->given->facts, field->name), *check = value_get(facts, "check"),
                       *fails = value_get(facts, "fails");
    if (!check || value_as_bool(check)) return GUAN_OK;
    int code = fails ? GUAN_OK : judge_failing(judge, field, "check", "it did not hold");
    for (size_t i = 0; i < value_count(fails) && code == GUAN_OK; i++) {
        const char *name = value_as_text(value_at(fails, i));
        uint32_t index = name ? chart_field_by_name(chart, &field->fields, name) : CHART_NONE;
        code = judge_failing(judge, index == CHART_NONE ? field : &chart->fields[index], "check", "it did not hold");
    }
    return code;
}

/* The verdict on values that may be erased stays, and for a list whose it is: "*" is the list as a whole. */
static void keep_verdict(struct judge *judge, const struct chart_field *field, bool own, struct value *fails)
{
    struct arena *arena = judge->standard->world->arena;
    struct value *all = value_list(arena);
    judge_derive(judge, field, "check", value_bool(arena, own && !value_count(fails)));
    if (!value_count(fails)) return;
    if (!own) value_add(arena, all, value_text(arena, "*"));
    for (size_t i = 0; i < value_count(fails); i++) value_add(arena, all, value_at(fails, i));
    judge_derive(judge, field, "fails", all);
}

int judge_field_limits(struct judge *judge, const struct chart_field *field)
{
    const struct value *value = value_get(judge->typed, field->name);
    const char *rule = NULL, *why = NULL;
    int code = GUAN_OK;
    bool asked = !value || field_asked(judge, field, &code), personal = any_personal(judge->standard->chart, field, false);
    struct value *fails = value_list(judge->standard->world->arena);
    if (code != GUAN_OK || !value || !asked) return code;
    if (personal && judge->act->given) return given_verdict(judge, field);
    if (has_limits(field)) code = judge_value(judge, field, value, &rule, &why);
    if (code == GUAN_OK && rule) code = judge_failing(judge, field, rule, why);
    if (code == GUAN_OK) code = judge_nested(judge, field, value, fails);
    if (code == GUAN_OK && personal) keep_verdict(judge, field, !rule, fails);
    return code;
}

int judge_limits(struct judge *judge)
{
    const struct chart *chart = judge->standard->chart;
    const struct chart_step *step = judge->step;
    int code = GUAN_OK;
    for (uint32_t f = 0; f < step->fields.count && code == GUAN_OK; f++)
        code = judge_field_limits(judge, &chart->fields[step->fields.first + f]);
    return code;
}
