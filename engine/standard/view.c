/* standard_view: how the machine will see a record of a session that is not there yet. */
#include "standard/judge.h"

int standard_view(struct world *world, const struct chart *chart, const char *process, const struct act *act,
                  const struct value **form, struct refusal *refusal, struct guan_error *error)
{
    struct standard *standard;
    struct record record = {.step = CHART_NONE};
    struct judge judge = {.act = act, .record = &record, .refusal = refusal, .error = error, .entered = INSTANT_NONE};
    *refusal = (struct refusal){0};
    *form = act->given ? act->given->form : NULL;
    judge.index = chart_step_by_id(chart, act->step);
    if (judge.index == CHART_NONE || act->given) return GUAN_OK;
    int code = standard_new(world, chart, NULL, process, process, NULL, &standard, error);
    if (code != GUAN_OK) return code;
    judge.standard = standard;
    judge.step = &chart->steps[judge.index];
    judge.typed = value_map(world->arena);
    record.form = value_map(world->arena);
    if (!record.form) return error_memory(error);
    for (size_t i = 0; i < act->field_count && code == GUAN_OK; i++) code = judge_typed(&judge, &act->fields[i]);
    *form = record.form;
    return code;
}
