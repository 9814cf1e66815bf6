/* What a deadline of the chart says, as instants: parameters, table cells, calendars, the dealer's hook. */
#include "standard/terms.h"

#include "base/text.h"

#include <string.h>

static const char *parameter(void *user, const char *name)
{
    const struct standard *standard = user;
    return house_parameter(standard->world->house, name);
}

struct due_context due_context_of(struct standard *standard, bool work)
{
    const struct house *house = standard->world->house;
    return (struct due_context){.zone = house->zone,
                                .work = work,
                                .works = work ? house_calendar(house, "holidays") : NULL,
                                .parameter = parameter,
                                .user = standard};
}

void candidate_focus(struct standard *standard, const struct candidate *candidate)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[candidate->deadline];
    const struct run *run = facts_run(standard, deadline->state);
    focus_set(standard, (struct focus){.step = candidate->item ? deadline->step : CHART_NONE,
                                       .form = candidate->item ? candidate->item->form : NULL,
                                       .entered = run ? run->entered : INSTANT_NONE,
                                       .occurrence = candidate->occurrence});
}

int lua_anchor(struct standard *standard, uint32_t expr, struct anchor *out, struct guan_error *error)
{
    struct value *value;
    int code = eval_value(standard, expr, &value, error);
    const char *text = value_as_text(value);
    out->at = INSTANT_NONE;
    out->day = false;
    if (code == GUAN_OK && text && !anchor_read(standard->world->house->zone, text, out)) out->at = INSTANT_NONE;
    return code;
}

int keyed_text(struct standard *standard, const char *text, uint32_t key, const char **out, struct guan_error *error)
{
    struct value *value;
    char cell[80];
    *out = text;
    if (key == CHART_NONE || !text) return GUAN_OK;
    int code = eval_value(standard, key, &value, error);
    const char *found = NULL, *name = value_as_text(value);
    if (code == GUAN_OK && name) found = house_cell(standard->world->house, text, name, cell, sizeof cell);
    *out = found ? arena_text(standard->world->arena, found, strlen(found)) : NULL;
    return code == GUAN_OK && found && !*out ? error_memory(error) : code;
}

/* --- as the flow has it ---------------------------------------------------------------------------------------------------- */

static int due_as_written(struct standard *standard, const struct candidate *candidate, struct due_window *out,
                          struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[candidate->deadline];
    struct due_context context = due_context_of(standard, deadline->work);
    struct anchor before;
    const char *within;
    candidate_focus(standard, candidate);
    if (deadline->before != CHART_NONE) {
        int code = lua_anchor(standard, deadline->before, &before, error);
        if (code != GUAN_OK || before.at == INSTANT_NONE) return code;
        return due_before(&context, deadline->lead, before, &out->due, error);
    }
    if (candidate->anchor.at == INSTANT_NONE) return GUAN_OK;
    if (deadline->window) return due_window(&context, deadline->window, candidate->anchor, candidate->event, out, error);
    int code = keyed_text(standard, deadline->within, deadline->within_key, &within, error);
    if (code != GUAN_OK) return code;
    if (within) return due_within(&context, within, candidate->anchor, &out->due, error);
    if (!deadline->within && candidate->occurrence) return due_within(&context, "P0D", candidate->anchor, &out->due, error);
    return GUAN_OK;
}

/* --- the dealer's hook ------------------------------------------------------------------------------------------------------ */

static bool is_law(const struct standard *standard, const struct chart_deadline *deadline)
{
    const struct chart_step *step = deadline->step == CHART_NONE ? NULL : &standard->chart->steps[deadline->step];
    return names_law(standard->world, &deadline->clauses) || (step && step->klass == CHART_CLASS_LAW);
}

static int read_answer(struct standard *standard, const char *text, const struct candidate *candidate, struct due_window *out)
{
    struct due_context context = due_context_of(standard, standard->chart->deadlines[candidate->deadline].work);
    struct guan_error ignored = {0};
    context.parameter = NULL; /* an answer is what it is */
    if (due_is_window(&context, text)) return due_window(&context, text, candidate->anchor, candidate->event, out, &ignored);
    return due_within(&context, text, candidate->anchor, &out->due, &ignored);
}

/* The XML's rule holds; that the hook tried is told once a term, when it is armed. */
static int refused(struct standard *standard, const struct candidate *candidate, const char *why, struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[candidate->deadline];
    if (facts_term(standard, candidate->deadline, candidate->key)) return GUAN_OK;
    return finding_hook(standard, "due", deadline->step, deadline->clauses, deadline->id, why, error);
}

static int hooked(struct standard *standard, const struct candidate *candidate, struct due_window *window,
                  struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[candidate->deadline];
    struct world *world = standard->world;
    if (!world->hooks || !hooks_has(world->hooks, "due") || candidate->anchor.at == INSTANT_NONE) return GUAN_OK;
    struct value *results, *about = value_map(world->arena);
    const struct chart_step *step = deadline->step == CHART_NONE ? NULL : &standard->chart->steps[deadline->step];
    value_set_text(world->arena, about, "id", deadline->id);
    value_set_text(world->arena, about, "step", step ? step->id : NULL);
    value_set_text(world->arena, about, "process", standard->process);
    value_set_text(world->arena, about, "within", deadline->within ? deadline->within : deadline->window);
    int code = eval_hook(standard, "due", about, NULL, &results, error);
    const struct value *answer = value_at(results, 0);
    struct due_window other = *window;
    if (code != GUAN_OK) return code;
    if (standard->fault) return refused(standard, candidate, "it failed", error);
    if (!answer || answer->kind == VALUE_NULL) return GUAN_OK;
    const char *text = value_as_text(answer);
    if (!text || read_answer(standard, text, candidate, &other) != GUAN_OK)
        return refused(standard, candidate, "what it answers is no due time", error);
    bool law = is_law(standard, deadline), later = window->due != INSTANT_NONE && other.due > window->due;
    bool wider = window->opens != INSTANT_NONE && (other.opens == INSTANT_NONE || other.opens < window->opens);
    bool duty = step && step->duty;
    if (step && step->tunable && !law && !duty) {
        *window = other;
        return GUAN_OK;
    }
    if (later)
        return refused(standard, candidate,
                       law    ? "law is not moved later"
                       : duty ? "a duty towards the customer is not put off"
                              : "it would give more time",
                       error);
    if (wider) other.opens = window->opens;
    if (other.opens != INSTANT_NONE && other.opens >= other.due) other.opens = window->opens;
    *window = other;
    return GUAN_OK;
}

int candidate_due(struct standard *standard, const struct candidate *candidate, struct due_window *out, struct guan_error *error)
{
    *out = (struct due_window){INSTANT_NONE, INSTANT_NONE};
    int code = due_as_written(standard, candidate, out, error);
    if (code == GUAN_USAGE) code = GUAN_FAILED; /* a parameter that is no duration: the house's fault, not the command's */
    if (code != GUAN_OK) return code;
    return hooked(standard, candidate, out, error);
}
