/* Activations, instances, terms: the small operations on what is remembered. */
#include "standard/facts.h"

#include "base/limits.h"

#include <string.h>

bool list_room(struct arena *arena, void *list, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) return true;
    size_t more = *capacity ? *capacity * 2 : 4;
    void *room = arena_alloc(arena, more * size), *old;
    if (!room) return false;
    memcpy(&old, list, sizeof old); /* a pointer of any type */
    if (count) memcpy(room, old, count * size);
    memcpy(list, &room, sizeof room);
    *capacity = more;
    return true;
}

bool state_matters(const struct chart_state *state)
{
    return state->steps.count > 0 || state->deadlines.count > 0 || state->rules.count > 0;
}

/* --- activations ---------------------------------------------------------------------------------------------------- */

const struct run *facts_run(const struct standard *standard, uint32_t state)
{
    const struct state_facts *facts = standard->states ? &standard->states[state] : NULL;
    return facts && facts->run_count ? &facts->runs[facts->run_count - 1] : NULL;
}

bool facts_active(const struct standard *standard, uint32_t state)
{
    const struct run *run = facts_run(standard, state);
    return run && run->left == INSTANT_NONE;
}

uint32_t facts_activation(const struct standard *standard, uint32_t state, instant at, bool *past, const struct run **run)
{
    const struct state_facts *facts = standard->states ? &standard->states[state] : NULL;
    for (size_t i = facts ? facts->run_count : 0; i-- > 0;) {
        *run = &facts->runs[i];
        *past = (*run)->left != INSTANT_NONE;
        if (at >= (*run)->entered && (!*past || at < (*run)->left)) return facts->number - (uint32_t)(facts->run_count - 1 - i);
    }
    *run = NULL;
    *past = false;
    return 0;
}

static void clear_terms(struct standard *standard, struct chart_span deadlines)
{
    for (uint32_t i = 0; i < deadlines.count; i++) standard->deadlines[deadlines.first + i].count = 0;
}

int facts_enter(struct standard *standard, uint32_t state, struct guan_error *error)
{
    const struct chart_state *owner = &standard->chart->states[state];
    struct state_facts *facts = &standard->states[state];
    if (facts->run_count == FACTS_MOST_RUNS) memmove(facts->runs, facts->runs + 1, --facts->run_count * sizeof *facts->runs);
    if (!LIST_ROOM(standard->world->arena, facts->runs, facts->run_count, facts->run_capacity)) return error_memory(error);
    facts->runs[facts->run_count++] = (struct run){standard->world->at, INSTANT_NONE};
    facts->number++;
    facts->completed = false;
    clear_terms(standard, owner->deadlines);
    for (uint32_t i = 0; i < owner->rules.count; i++) /* a silence is counted anew */
        if (standard->chart->rules[owner->rules.first + i].kind == CHART_RULE_MAX_GAP)
            standard->rules[owner->rules.first + i] = (struct rule_facts){0};
    for (uint32_t i = owner->steps.first; i < owner->steps.first + owner->steps.count; i++) {
        standard->steps[i].asked = standard->steps[i].duty = ANSWER_UNKNOWN;
        standard->steps[i].completion_count = 0;
        clear_terms(standard, standard->chart->steps[i].deadlines);
    }
    return GUAN_OK;
}

/* An earlier miss stands; what is armed is cancelled. */
static void cancel_terms(struct standard *standard, struct chart_span deadlines)
{
    for (uint32_t i = deadlines.first; i < deadlines.first + deadlines.count; i++) {
        struct deadline_facts *facts = &standard->deadlines[i];
        for (size_t t = facts->count; t-- > 0;) {
            if (facts->items[t].status != TERM_ARMED) continue;
            const char *key = facts->items[t].key;
            facts_disarm(standard, i, key);
            facts_term_remove(standard, i, key);
        }
    }
}

void facts_leave(struct standard *standard, uint32_t state)
{
    const struct chart_state *owner = &standard->chart->states[state];
    struct state_facts *facts = &standard->states[state];
    if (!facts_active(standard, state)) return;
    facts->runs[facts->run_count - 1].left = standard->world->at;
    cancel_terms(standard, owner->deadlines);
    for (uint32_t i = 0; i < owner->steps.count; i++)
        cancel_terms(standard, standard->chart->steps[owner->steps.first + i].deadlines);
    for (uint32_t i = owner->rules.first; i < owner->rules.first + owner->rules.count; i++) {
        if (standard->rules[i].armed)
            facts_timer(standard, "rule", standard->chart->rules[i].id, standard->rules[i].armed, INSTANT_NONE);
        standard->rules[i].armed = NULL;
    }
}

/* --- instances -------------------------------------------------------------------------------------------------------- */

struct instance *facts_instance(const struct standard *standard, uint32_t step, const char *key)
{
    const struct step_facts *facts = &standard->steps[step];
    for (size_t i = 0; i < facts->count; i++)
        if (strcmp(facts->items[i].key, key) == 0) return &facts->items[i];
    return NULL;
}

struct instance *facts_instance_make(struct standard *standard, uint32_t step, const char *key)
{
    struct step_facts *facts = &standard->steps[step];
    struct instance *found = facts_instance(standard, step, key);
    if (found) return found;
    const char *copy = arena_text(standard->world->arena, key, strlen(key));
    if (!copy || !LIST_ROOM(standard->world->arena, facts->items, facts->count, facts->capacity)) return NULL;
    facts->items[facts->count] = (struct instance){.key = copy, .since = INSTANT_NONE, .at = INSTANT_NONE, .rec = INSTANT_NONE};
    return &facts->items[facts->count++];
}

const struct instance *facts_latest(const struct standard *standard, uint32_t step)
{
    const struct step_facts *facts = &standard->steps[step];
    const struct instance *latest = NULL;
    for (size_t i = 0; i < facts->count; i++) {
        const struct instance *item = &facts->items[i];
        if (item->at == INSTANT_NONE) continue;
        if (!latest || item->at > latest->at || (item->at == latest->at && item->entry > latest->entry)) latest = item;
    }
    return latest;
}

struct past facts_record(const struct standard *standard, uint32_t step, instant by)
{
    const struct step_facts *facts = &standard->steps[step];
    struct past best = {.at = INSTANT_NONE};
    for (size_t i = 0; i < facts->count; i++) {
        const struct instance *item = &facts->items[i];
        for (size_t k = 0; k <= item->past_count; k++) {
            struct past one = {item->at, item->entry, item->by, item->form};
            if (k) one = item->past[k - 1];
            if (one.at == INSTANT_NONE || (by && one.at > by)) continue;
            if (best.at == INSTANT_NONE || one.at > best.at || (one.at == best.at && one.entry > best.entry)) best = one;
        }
    }
    return best;
}

void facts_past(struct standard *standard, struct instance *item, struct past past)
{
    if (past.at == INSTANT_NONE || past.at < item->at - FACTS_LOOK_BACK) return;
    if (item->past_count == FACTS_MOST_PAST) { /* the oldest makes room */
        size_t oldest = 0;
        for (size_t i = 1; i < item->past_count; i++)
            if (item->past[i].at < item->past[oldest].at) oldest = i;
        if (item->past[oldest].at < past.at) item->past[oldest] = past;
        return;
    }
    if (!LIST_ROOM(standard->world->arena, item->past, item->past_count, item->past_capacity)) return;
    item->past[item->past_count++] = past;
}

bool deadline_recurs(const struct chart_deadline *deadline)
{
    return deadline->every || deadline->on || deadline->take == CHART_TAKE_EACH;
}

bool step_keeps(const struct chart *chart, uint32_t step)
{
    struct chart_span span = chart->steps[step].deadlines;
    for (uint32_t d = span.first; d < span.first + span.count; d++)
        if (chart->deadlines[d].window || deadline_recurs(&chart->deadlines[d])) return true;
    return false;
}

int facts_completed(struct standard *standard, uint32_t step, struct completion completion, struct guan_error *error)
{
    struct step_facts *facts = &standard->steps[step];
    if (facts->completion_count == LIMIT_TERMS)
        memmove(facts->completions, facts->completions + 1, --facts->completion_count * sizeof *facts->completions);
    if (!LIST_ROOM(standard->world->arena, facts->completions, facts->completion_count, facts->completion_capacity))
        return error_memory(error);
    size_t i = facts->completion_count++;
    for (; i > 0 && facts->completions[i - 1].at > completion.at; i--) facts->completions[i] = facts->completions[i - 1];
    facts->completions[i] = completion;
    return GUAN_OK;
}

bool facts_satisfied(const struct standard *standard, uint32_t step, const char *key, instant by)
{
    const struct step_facts *facts = &standard->steps[step];
    uint32_t number = standard->states[standard->chart->steps[step].state].number;
    bool some = false;
    for (size_t i = 0; i < facts->count; i++) {
        const struct instance *item = &facts->items[i];
        if (item->activation != number) continue;
        if (item->waived && !*item->key) return true; /* the whole step was left out */
        if (key && strcmp(item->key, key) != 0) continue;
        if (!item->waived && (!item->done || item->since > by)) return false;
        some = true;
    }
    return some;
}

uint32_t facts_count(const struct standard *standard, uint32_t step)
{
    const struct step_facts *facts = &standard->steps[step];
    uint32_t number = standard->states[standard->chart->steps[step].state].number, count = 0;
    for (size_t i = 0; i < facts->count; i++)
        if (facts->items[i].activation == number) count += facts->items[i].count;
    return count;
}

/* --- terms, timers, events ---------------------------------------------------------------------------------------------- */

struct term *facts_term(struct standard *standard, uint32_t deadline, const char *key)
{
    struct deadline_facts *facts = &standard->deadlines[deadline];
    for (size_t i = 0; i < facts->count; i++)
        if (strcmp(facts->items[i].key, key) == 0) return &facts->items[i];
    return NULL;
}

void facts_term_remove(struct standard *standard, uint32_t deadline, const char *key)
{
    struct deadline_facts *facts = &standard->deadlines[deadline];
    struct term *term = facts_term(standard, deadline, key);
    if (!term) return;
    size_t after = facts->count - (size_t)(term - facts->items) - 1;
    memmove(term, term + 1, after * sizeof *term);
    facts->count--;
}

void facts_timer(struct standard *standard, const char *kind, const char *id, const char *key, instant due)
{
    struct timer_changes *changes = &standard->changes;
    struct arena *arena = standard->world->arena;
    const char *name = arena_printf(arena, "%s:%s", kind, id);
    if (!name || !LIST_ROOM(arena, changes->items, changes->count, changes->capacity)) return;
    changes->items[changes->count++] = (struct timer_change){name, key, due};
}

void facts_disarm(struct standard *standard, uint32_t deadline, const char *key)
{
    const struct chart_deadline *said = &standard->chart->deadlines[deadline];
    facts_timer(standard, "deadline", said->id, key, INSTANT_NONE);
    if (said->remind) facts_timer(standard, "remind", said->id, key, INSTANT_NONE);
}

void facts_occurred(struct standard *standard, const char *event, instant at)
{
    struct event_facts *facts = NULL;
    for (size_t i = 0; i < standard->event_count && !facts; i++)
        if (strcmp(standard->events[i].name, event) == 0) facts = &standard->events[i];
    if (!facts) {
        const char *name = arena_text(standard->world->arena, event, strlen(event));
        if (!name || !LIST_ROOM(standard->world->arena, standard->events, standard->event_count, standard->event_capacity))
            return;
        facts = &standard->events[standard->event_count++];
        *facts = (struct event_facts){name, at, at};
    }
    if (at < facts->first) facts->first = at;
    if (at > facts->last) facts->last = at;
}
