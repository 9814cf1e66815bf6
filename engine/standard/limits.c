/* The limits of fields: min max pattern check, and "must be yes". */
#include "standard/judge.h"
#include "standard/types.h"

#include "base/text.h"

#include <string.h>

static bool has_limits(const struct chart_field *field)
{
    return field->min || field->max || field->pattern || field->check != CHART_NONE || field->type == CHART_YES;
}

/* NULL: it holds. */
static int judge_value(struct judge *judge, const struct chart_field *field, const struct value *value, const char **why)
{
    struct world *world = judge->standard->world;
    struct type_context context = {world->arena, judge->standard->chart, world->house->zone};
    const char *min = field->min, *max = field->max, *text = value_as_text(value);
    bool holds = true, failed = false;
    /* A personal default is a token: there is nothing to measure. */
    bool token = field->personal && value == value_get(judge->record->form, field->name);
    *why = NULL;
    if (field->type == CHART_YES && !value_as_bool(value)) *why = "it must be yes";
    else if (token) *why = NULL;
    else if (!type_within(&context, field, value, min, NULL)) *why = arena_printf(world->arena, "less than %s", min);
    else if (!type_within(&context, field, value, NULL, max)) *why = arena_printf(world->arena, "more than %s", max);
    else if (field->pattern && text && !type_matches(field->pattern, text)) *why = "it has not the form that is asked for";
    if (*why || field->check == CHART_NONE) return GUAN_OK;
    judge_focus(judge);
    int code = eval_check(judge->standard, field->check, value, &holds, &failed, judge->error);
    if (code != GUAN_OK || holds) return code;
    *why = failed ? arena_printf(world->arena, "its check could not be computed: %s", judge->standard->fault)
                  : "it does not pass its check";
    return GUAN_OK;
}

static int judge_nested(struct judge *judge, const struct chart_field *list, const struct value *records, bool *hold)
{
    const struct chart *chart = judge->standard->chart;
    for (uint32_t f = 0; f < list->fields.count; f++) {
        const struct chart_field *field = &chart->fields[list->fields.first + f];
        for (size_t i = 0; has_limits(field) && i < value_count(records); i++) {
            const struct value *value = value_get(value_at(records, i), field->name);
            const char *why = NULL;
            int code = value ? judge_value(judge, field, value, &why) : GUAN_OK;
            if (code == GUAN_OK && why) code = judge_failing(judge, field, false, why);
            if (code != GUAN_OK) return code;
            if (why) *hold = false;
        }
    }
    return GUAN_OK;
}

static bool any_personal(const struct chart *chart, const struct chart_field *field)
{
    if (!field->fields.count) return field->personal && has_limits(field);
    for (uint32_t i = 0; i < field->fields.count; i++)
        if (any_personal(chart, &chart->fields[field->fields.first + i])) return true;
    return false;
}

int judge_limits(struct judge *judge)
{
    const struct chart *chart = judge->standard->chart;
    const struct chart_step *step = judge->step;
    for (uint32_t f = 0; f < step->fields.count; f++) {
        const struct chart_field *field = &chart->fields[step->fields.first + f];
        const struct value *value = value_get(judge->typed, field->name);
        const char *why = NULL;
        int code = GUAN_OK;
        bool asked = !value || field_asked(judge, field, &code), hold = true;
        if (code != GUAN_OK) return code;
        if (!value || !asked) continue;
        if (has_limits(field)) code = judge_value(judge, field, value, &why);
        if (code == GUAN_OK && why) code = judge_failing(judge, field, false, why);
        if (code == GUAN_OK) code = judge_nested(judge, field, value, &hold);
        if (code != GUAN_OK) return code;
        /* The verdict on a value that may be erased stays. */
        if (any_personal(chart, field))
            judge_derive(judge, field, "check", value_bool(judge->standard->world->arena, !why && hold));
    }
    return GUAN_OK;
}
