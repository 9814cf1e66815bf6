/* Where a macrostep would end: what is open, what is complete, which deadlines stand. */
#include "standard/moments.h"
#include "standard/walk.h"

#include <string.h>

static int look_at_step(struct standard *standard, uint32_t index, bool *counts, bool *open, struct guan_error *error)
{
    struct step_facts *facts = &standard->steps[index];
    bool asked, duty, entered = facts_run(standard, standard->chart->steps[index].state)->entered == standard->world->at;
    bool first = facts->duty == ANSWER_UNKNOWN && entered;
    const char *why;
    facts->asked = facts->duty = ANSWER_UNKNOWN; /* afresh */
    int code = eval_asked(standard, index, &asked, error);
    if (code != GUAN_OK) return code;
    facts->asked = asked ? ANSWER_YES : ANSWER_NO;
    code = eval_duty_anew(standard, index, &duty, &why, error);
    if (code == GUAN_OK && why && first) /* told when the state is entered, no more */
        code = finding_hook(standard, "required", index, standard->chart->steps[index].clauses, "required", why, error);
    if (code != GUAN_OK) return code;
    facts->duty = duty ? ANSWER_YES : ANSWER_NO;
    *counts = *counts || standard->chart->steps[index].required || duty;
    *open = *open || (duty && !facts_satisfied(standard, index, NULL, INT64_MAX));
    return GUAN_OK;
}

/* complete.X once an activation, when nothing is open of at least one step that is not plainly optional. */
static int look_at_state(struct standard *standard, uint32_t index, bool room, bool *complete, struct guan_error *error)
{
    const struct chart_state *state = &standard->chart->states[index];
    bool counts = false, open = false;
    for (uint32_t i = state->steps.first; i < state->steps.first + state->steps.count; i++) {
        int code = look_at_step(standard, i, &counts, &open, error);
        if (code != GUAN_OK) return code;
    }
    *complete = counts && !open && !standard->states[index].completed && room;
    if (*complete) standard->states[index].completed = true;
    return GUAN_OK;
}

static void hand_over(struct standard *standard, struct timer_changes *timers)
{
    *timers = standard->changes;
    standard->changes = (struct timer_changes){0};
}

static void unfocus(struct standard *standard)
{
    focus_set(standard, FOCUS_NONE);
}

int standard_settled(struct standard *standard, const struct effects *effects, struct timer_changes *timers, const char **events,
                     size_t capacity, size_t *count, struct guan_error *error)
{
    struct arena *arena = standard->world->arena;
    *count = 0;
    *timers = (struct timer_changes){0};
    int code = walk(standard, effects, error);
    for (uint32_t s = 1; code == GUAN_OK && standard->states && s < standard->chart->state_count; s++) {
        bool complete;
        if (!facts_active(standard, s)) continue;
        code = look_at_state(standard, s, *count < capacity, &complete, error);
        if (code != GUAN_OK || !complete) continue;
        events[*count] = arena_printf(arena, "complete.%s", standard->chart->states[s].id);
        if (!events[(*count)++]) code = error_memory(error);
    }
    if (code == GUAN_OK && standard->states) code = deadlines_look(standard, error);
    if (code == GUAN_OK && standard->states) code = silences_look(standard, error);
    unfocus(standard);
    hand_over(standard, timers);
    return code == GUAN_OK && arena_failed(standard->world->arena) ? error_memory(error) : code;
}

int standard_review(struct standard *standard, struct timer_changes *timers, struct findings *findings, struct guan_error *error)
{
    bool live = standard->states && standard->session && !session_done(standard->session);
    *timers = (struct timer_changes){0};
    int code = live ? deadlines_look(standard, error) : GUAN_OK;
    if (code == GUAN_OK && live) code = silences_look(standard, error);
    unfocus(standard);
    if (code == GUAN_OK) code = findings_tell(standard, findings, error);
    hand_over(standard, timers);
    return code == GUAN_OK && arena_failed(standard->world->arena) ? error_memory(error) : code;
}

int standard_turned(struct standard *standard, struct chart_names *steps, struct guan_error *error)
{
    const struct chart *chart = standard->chart;
    const char **names = NULL;
    size_t count = 0, capacity = 0;
    *steps = (struct chart_names){NULL, 0};
    if (!standard->states || !standard->session || session_done(standard->session)) return GUAN_OK;
    for (uint32_t i = 0; i < chart->step_count; i++) {
        struct step_facts *facts = &standard->steps[i];
        enum answer before = facts->asked;
        bool asked;
        if (chart->steps[i].when == CHART_NONE || before == ANSWER_UNKNOWN || !facts_active(standard, chart->steps[i].state))
            continue;
        facts->asked = ANSWER_UNKNOWN;
        int code = eval_asked(standard, i, &asked, error);
        facts->asked = before;
        if (code != GUAN_OK) return code;
        if (asked == (before == ANSWER_YES)) continue;
        if (!LIST_ROOM(standard->world->arena, names, count, capacity)) return error_memory(error);
        names[count++] = chart->steps[i].id;
    }
    unfocus(standard);
    *steps = (struct chart_names){names, (uint32_t)count};
    return GUAN_OK;
}
