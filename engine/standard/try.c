/* standard_try: a record that is being typed, judged as far as it has come by the functions that judge records. */
#include "standard/judge.h"

#include "base/text.h"

/* Who, and after what: where the step has instances, which one is not known yet. */
static int try_step(struct judge *judge)
{
    int code = judge_roles(judge);
    if (code == GUAN_OK) code = judge_not_by(judge);
    return code == GUAN_OK && judge->step->per == CHART_NONE ? judge_after(judge) : code;
}

static bool given(const struct act *act, const char *field)
{
    for (size_t i = 0; i < act->field_count; i++)
        if (text_equal(act->fields[i].name, field)) return true;
    return false;
}

static int refuse_value(struct judge *judge, struct trial *trial)
{
    const struct failing *failing = &judge->failing[0];
    trial->rule = failing->rule;
    refuse_missing_field(judge->refusal, judge->standard, failing->field);
    return refuse_usage(judge->refusal, judge->error, judge->standard, judge->step->id, "field-value", "%s %s: %s",
                        failing->field->name, failing->field->title ? failing->field->title : "", failing->why);
}

/* Fields are looked at in their order, up to the one that is asked about: its `when` may see those before it. */
static int try_field(struct judge *judge, const char *name, struct trial *trial)
{
    const struct chart *chart = judge->standard->chart;
    struct arena *arena = judge->standard->world->arena;
    uint32_t index = chart_field_by_name(chart, &judge->step->fields, name);
    int code = GUAN_OK;
    judge->typed = value_map(arena);
    judge->record->form = value_map(arena);
    if (arena_failed(arena)) return error_memory(judge->error);
    for (size_t i = 0; i < judge->act->field_count && code == GUAN_OK; i++) code = judge_typed(judge, &judge->act->fields[i]);
    if (index == CHART_NONE) return code;
    trial->field = &chart->fields[index];
    if (judge->step->mode == CHART_MODE_WARN) trial->leaves = judge_field_code(trial->field, &trial->severity);
    for (uint32_t f = judge->step->fields.first; f <= index && code == GUAN_OK; f++)
        code = judge_asked_field(judge, &chart->fields[f]);
    judge->failing_count = 0; /* what is missing is yet to come */
    if (code == GUAN_OK) trial->asked = field_asked(judge, trial->field, &code);
    if (code != GUAN_OK) return code;
    if (!given(judge->act, name)) {
        trial->initial = value_get(judge->typed, name);
        return GUAN_OK;
    }
    code = judge_field_limits(judge, trial->field);
    return code == GUAN_OK && judge->failing_count ? refuse_value(judge, trial) : code;
}

int standard_try(struct standard *standard, const struct act *act, const char *field, struct trial *trial,
                 struct refusal *refusal, struct guan_error *error)
{
    struct record record = {.step = CHART_NONE};
    struct judge judge = {
        .standard = standard, .act = act, .record = &record, .refusal = refusal, .error = error, .entered = INSTANT_NONE};
    *trial = (struct trial){.step = CHART_NONE, .asked = true};
    *refusal = (struct refusal){0};
    standard_moment(standard->world);
    int code = judge_turn(&judge);
    trial->step = judge.index;
    if (code == GUAN_OK) code = field ? try_field(&judge, field, trial) : try_step(&judge);
    focus_set(standard, FOCUS_NONE);
    return code == GUAN_OK && arena_failed(standard->world->arena) ? error_memory(error) : code;
}
