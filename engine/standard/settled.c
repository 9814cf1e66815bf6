/* Where a macrostep would end: what is open, what is complete, which deadlines stand. */
#include "standard/moments.h"
#include "standard/walk.h"

#include <string.h>

static int look_at_step(struct standard *standard, uint32_t index, bool *counts, bool *open, struct guan_error *error)
{
    struct step_facts *facts = &standard->steps[index];
    bool asked, duty;
    facts->asked = facts->duty = ANSWER_UNKNOWN; /* afresh */
    int code = eval_asked(standard, index, &asked, error);
    if (code != GUAN_OK) return code;
    facts->asked = asked ? ANSWER_YES : ANSWER_NO;
    code = eval_duty(standard, index, &duty, error);
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

int standard_review(struct standard *standard, struct timer_changes *timers, struct guan_error *error)
{
    bool live = standard->states && standard->session && !session_done(standard->session);
    *timers = (struct timer_changes){0};
    int code = live ? deadlines_look(standard, error) : GUAN_OK;
    if (code == GUAN_OK && live) code = silences_look(standard, error);
    unfocus(standard);
    hand_over(standard, timers);
    return code == GUAN_OK && arena_failed(standard->world->arena) ? error_memory(error) : code;
}
