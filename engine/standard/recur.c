/* Deadlines that recur: with a calendar (`on`), by months or days (`every`), or with each occurrence of their anchor. One
 * instance of the step is owed per occurrence; of a calendar's only the next is armed.
 *
 *   occurrence ──▶ armed ──completed──▶ met (or early)        A completion counts for the occurrence whose window it is nearest
 *                    └──time──▶ missed ──completed──▶ late    to; of take="each", for the first one still open before it. */
#include "standard/terms.h"

#include "base/limits.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define EARLY_MOST (30 * MS_DAY) /* before a window, what is done longer ago than this was something else */

/* --- the next one ----------------------------------------------------------------------------------------------------------- */

struct next {
    int64_t day;
    struct calendar_event event; /* only of a calendar */
    bool found;
};

static int64_t today(const struct standard *standard, instant at)
{
    return anchor_day(standard->world->house->zone, at);
}

/* Beyond the years that a calendar speaks of there is nothing yet: the next file brings it. One that begins with the next year
 * is looked into from there. */
static int next_event(struct standard *standard, const char *id, int64_t from, struct next *next, struct guan_error *error)
{
    const struct calendar *calendar = house_calendar(standard->world->house, id);
    struct guan_error local = {0};
    next->found = false;
    if (!calendar) return error_set(error, GUAN_NO, "calendar-year", "the dealer has no calendar \"%s\"", id);
    int code = calendar_next(calendar, NULL, from, &next->event, &next->found, &local);
    if (code == GUAN_NO) {
        int64_t year = civil_days(civil_of_days(from).year + 1, 1, 1);
        code = calendar_next(calendar, NULL, year, &next->event, &next->found, &local);
    }
    if (code == GUAN_NO) next->found = false;
    next->day = next->event.day;
    return code == GUAN_FAILED ? error_memory(error) : GUAN_OK;
}

static int next_every(struct standard *standard, const char *text, struct anchor anchor, int64_t from, struct next *next,
                      struct guan_error *error)
{
    struct duration every;
    const char *value = text_starts(text, "T-") ? house_parameter(standard->world->house, text) : text;
    int code = duration_parse(value ? value : text, strlen(value ? value : text), &every, error);
    if (code != GUAN_OK) return code == GUAN_USAGE ? GUAN_FAILED : code;
    const struct zone *zone = standard->world->house->zone;
    next->found = every.months > 0 || every.days > 0;
    if (next->found) next->day = due_recurrence(zone, anchor, &every, due_recurrence_from(zone, anchor, &every, from));
    return GUAN_OK;
}

static int is_over(struct standard *standard, const char *until, struct anchor anchor, int64_t day, bool *over,
                   struct guan_error *error)
{
    struct due_context context = due_context_of(standard, false);
    instant end;
    *over = false;
    if (!until) return GUAN_OK;
    int code = due_within(&context, until, anchor, &end, error);
    if (code == GUAN_OK) *over = anchor_midnight(context.zone, day) >= end;
    return code == GUAN_USAGE ? GUAN_FAILED : code;
}

/* The first occurrence on or after the day `from`. */
static int next_occurrence(struct standard *standard, uint32_t index, struct anchor anchor, int64_t from, struct next *next,
                           struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    bool over;
    *next = (struct next){.found = false};
    if (anchor.at == INSTANT_NONE) return GUAN_OK;
    int code = deadline->on ? next_event(standard, deadline->on, from, next, error)
                            : next_every(standard, deadline->every, anchor, from, next, error);
    if (code == GUAN_OK && next->found) {
        code = is_over(standard, deadline->until, anchor, next->day, &over, error);
        next->found = code == GUAN_OK && !over;
    }
    return code;
}

/* --- looking ---------------------------------------------------------------------------------------------------------------- */

static int describe(struct standard *standard, uint32_t index, const struct next *next, struct candidate *candidate,
                    struct guan_error *error)
{
    struct civil day = civil_of_days(next->day);
    struct value *text = eval_date(standard->world->arena, &day);
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    *candidate = (struct candidate){.deadline = index,
                                    .key = value_as_text(text),
                                    .anchor = {anchor_midnight(standard->world->house->zone, next->day), false},
                                    .event = deadline->on ? &next->event : NULL,
                                    .occurrence = value_as_text(text)};
    return candidate->key ? GUAN_OK : error_memory(error);
}

/* The day after which the next occurrence is looked for; the entry of the state when there was none yet. */
static int64_t last_day(struct standard *standard, uint32_t index, bool *any)
{
    const struct deadline_facts *facts = &standard->deadlines[index];
    int64_t last = today(standard, facts_run(standard, standard->chart->deadlines[index].state)->entered);
    *any = false;
    for (size_t i = 0; i < facts->count; i++) {
        int64_t day = today(standard, facts->items[i].anchor);
        if (facts->items[i].status == TERM_ARMED || (*any && day <= last)) continue;
        last = day;
        *any = true;
    }
    return last;
}

/* The first that is owed: due after the state was entered, and after the last that was settled. */
static int first_owed(struct standard *standard, uint32_t index, struct anchor anchor, struct next *next,
                      struct candidate *candidate, struct due_window *window, struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    instant entered = facts_run(standard, deadline->state)->entered;
    bool any;
    int64_t last = last_day(standard, index, &any), from = any ? last + 1 : last - 62;
    for (int tries = 0; tries < 1000; tries++) {
        int code = next_occurrence(standard, index, anchor, from, next, error);
        if (code != GUAN_OK || !next->found) return code;
        from = (deadline->on ? next->event.last : next->day) + 1;
        if (any && next->day <= last) continue; /* its holiday goes on after its day */
        code = describe(standard, index, next, candidate, error);
        if (code == GUAN_OK) code = candidate_due(standard, candidate, window, error);
        if (code != GUAN_OK) return code;
        if (window->due != INSTANT_NONE && window->due > entered) return GUAN_OK;
    }
    next->found = false;
    return GUAN_OK;
}

static void keep_armed(struct standard *standard, uint32_t index, const char *key)
{
    struct deadline_facts *facts = &standard->deadlines[index];
    for (size_t i = facts->count; i-- > 0;)
        if (facts->items[i].status == TERM_ARMED && !text_equal(facts->items[i].key, key))
            term_disarm(standard, index, facts->items[i].key);
}

static void forget_oldest(struct standard *standard, uint32_t index)
{
    struct deadline_facts *facts = &standard->deadlines[index];
    if (facts->count < LIMIT_TERMS) return;
    size_t oldest = 0;
    for (size_t i = 1; i < facts->count; i++)
        if (facts->items[i].due < facts->items[oldest].due) oldest = i;
    term_disarm(standard, index, facts->items[oldest].key);
    if (facts->count == LIMIT_TERMS) facts_term_remove(standard, index, facts->items[oldest].key);
}

int recur_look(struct standard *standard, uint32_t index, bool stands, struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    struct anchor anchor;
    struct candidate candidate;
    struct due_window window;
    struct next next = {.found = false};
    int code = single_anchor(standard, index, &anchor, error);
    if (code == GUAN_OK && stands) code = first_owed(standard, index, anchor, &next, &candidate, &window, error);
    if (code == GUAN_OK && next.found) {
        candidate_focus(standard, &candidate);
        code = eval_flag(standard, deadline->when, false, &next.found, error);
    }
    if (code != GUAN_OK) return code;
    keep_armed(standard, index, next.found ? candidate.key : NULL);
    if (!next.found) return GUAN_OK;
    forget_oldest(standard, index);
    return term_arm(standard, &candidate, &window, error);
}

/* --- take="each" --------------------------------------------------------------------------------------------------------------
 */

/* What is decided when the anchor happens stays: its record may be gone later. */
int recur_add(struct standard *standard, uint32_t index, const struct fact *fact, struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    const char *key = arena_printf(standard->world->arena, "%llu", (unsigned long long)fact->entry);
    if (!key) return error_memory(error);
    struct candidate candidate = {.deadline = index, .key = key, .anchor = {fact->at, false}};
    struct due_window window = {INSTANT_NONE, INSTANT_NONE};
    bool stands = true;
    uint32_t anchor = fact->owner == standard ? chart_step_by_id(standard->chart, fact->name) : CHART_NONE;
    struct focus focus = {.step = anchor,
                          .form = anchor == CHART_NONE ? NULL : fact->form,
                          .entered = facts_run(standard, deadline->state)->entered,
                          .as_of = fact->at};
    focus_set(standard, focus);
    int code = eval_flag(standard, deadline->when, false, &stands, error);
    if (code == GUAN_OK && stands) code = candidate_due(standard, &candidate, &window, error);
    if (code != GUAN_OK) return code;
    struct term *old = facts_term(standard, index, key);
    if (!stands || window.due == INSTANT_NONE) {
        if (old) term_disarm(standard, index, key);
        return GUAN_OK;
    }
    if (!old) forget_oldest(standard, index);
    return term_arm(standard, &candidate, &window, error);
}

int recur_again(struct standard *standard, uint32_t index, const struct fact *fact, struct findings *findings,
                struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    const char *key = arena_printf(standard->world->arena, "%llu", (unsigned long long)fact->entry);
    const struct term *old = key ? facts_term(standard, index, key) : NULL;
    instant due = old ? old->due : INSTANT_NONE;
    if (!key) return error_memory(error);
    if (fact->at < facts_run(standard, deadline->state)->entered) return GUAN_OK;
    int code = recur_add(standard, index, fact, error);
    const struct term *term = facts_term(standard, index, key);
    if (code != GUAN_OK || due == INSTANT_NONE || !term || term->due == due || deadline->step == CHART_NONE) return code;
    return timely_say(standard, deadline->step, key, standard->states[deadline->state].number, index, VERDICT_NONE, term->due,
                      INSTANT_NONE, findings, error);
}

/* --- judging ------------------------------------------------------------------------------------------------------------------
 */

/* One occurrence under judgement: the best of the completions that count for it. */
struct owed {
    uint32_t deadline;
    struct term *term;
    enum verdict verdict;
    instant at;
};

static int by_anchor(const void *a, const void *b)
{
    const struct owed *left = a, *right = b;
    if (left->term->anchor != right->term->anchor) return left->term->anchor < right->term->anchor ? -1 : 1;
    if (left->deadline != right->deadline) return left->deadline < right->deadline ? -1 : 1;
    return strcmp(left->term->key, right->term->key);
}

static void count_for(struct owed *owed, instant at)
{
    const struct term *term = owed->term;
    enum verdict verdict = at > term->due                                    ? VERDICT_LATE
                           : term->opens != INSTANT_NONE && at < term->opens ? VERDICT_EARLY
                                                                             : VERDICT_NONE;
    static const int rank[] = {[VERDICT_NONE] = 0, [VERDICT_EARLY] = 1, [VERDICT_LATE] = 2, [VERDICT_MISSING] = 3};
    if (rank[verdict] > rank[owed->verdict] || (verdict == owed->verdict && at >= owed->at)) return;
    owed->verdict = verdict;
    owed->at = at;
}

static void match_each(struct owed *owed, size_t count, const struct step_facts *facts)
{
    for (size_t c = 0; c < facts->completion_count; c++)
        for (size_t i = 0; i < count && owed[i].term->anchor <= facts->completions[c].at; i++) {
            if (owed[i].verdict != VERDICT_MISSING) continue;
            count_for(&owed[i], facts->completions[c].at);
            break;
        }
}

static int64_t distance(const struct term *term, instant at)
{
    instant opens = term->opens == INSTANT_NONE ? term->due : term->opens;
    if (at > term->due) return at - term->due;
    return at < opens ? opens - at : 0;
}

static void match_nearest(struct owed *owed, size_t count, const struct step_facts *facts)
{
    for (size_t c = 0; c < facts->completion_count; c++) {
        instant at = facts->completions[c].at;
        struct owed *nearest = NULL;
        for (size_t i = 0; i < count; i++)
            if (!nearest || distance(owed[i].term, at) < distance(nearest->term, at)) nearest = &owed[i];
        if (!nearest) continue;
        if (nearest->term->opens != INSTANT_NONE && at < nearest->term->opens - EARLY_MOST) continue;
        count_for(nearest, at);
    }
}

static int settle(struct standard *standard, uint32_t step, struct owed *owed, struct findings *findings,
                  struct guan_error *error)
{
    struct term *term = owed->term;
    bool armed = term->status == TERM_ARMED;
    if (term->status == TERM_WAIVED) return GUAN_OK;
    uint32_t number = standard->states[standard->chart->steps[step].state].number;
    if (owed->verdict == VERDICT_MISSING) {
        const struct timely *timely = timely_find(standard, step, term->key, number);
        if (term->status == TERM_MISSED && timely && timely->at != INSTANT_NONE) /* what remedied it counts for another */
            return timely_say(standard, step, term->key, number, owed->deadline, VERDICT_MISSING, term->due, INSTANT_NONE,
                              findings, error);
        if (term->status != TERM_MET) return GUAN_OK;
        /* what had met it was corrected away */
        term->status = TERM_ARMED;
        facts_timer(standard, "deadline", standard->chart->deadlines[owed->deadline].id, term->key, term->due);
        return timely_say(standard, step, term->key, number, owed->deadline, VERDICT_NONE, term->due, INSTANT_NONE, findings,
                          error);
    }
    if (armed) facts_disarm(standard, owed->deadline, term->key);
    term->status = owed->verdict == VERDICT_LATE ? TERM_MISSED : TERM_MET;
    witness(standard, owed->verdict == VERDICT_LATE ? SEEN_MISSED : SEEN_MET, owed->deadline);
    return timely_say(standard, step, term->key, number, owed->deadline, owed->verdict, term->due, owed->at, findings, error);
}

static int judge_those(struct standard *standard, uint32_t step, bool each, struct findings *findings, struct guan_error *error)
{
    const struct chart *chart = standard->chart;
    struct chart_span span = chart->steps[step].deadlines;
    size_t count = 0, most = 0;
    for (uint32_t d = span.first; d < span.first + span.count; d++) most += standard->deadlines[d].count;
    struct owed *owed = arena_alloc(standard->world->arena, (most + 1) * sizeof *owed);
    if (!owed) return error_memory(error);
    for (uint32_t d = span.first; d < span.first + span.count; d++) {
        const struct chart_deadline *deadline = &chart->deadlines[d];
        if (!deadline_recurs(deadline) || (deadline->take == CHART_TAKE_EACH) != each) continue;
        struct owed *from = each ? owed : owed + count; /* those of a calendar each for itself */
        for (size_t t = 0; t < standard->deadlines[d].count; t++)
            owed[count++] = (struct owed){d, &standard->deadlines[d].items[t], VERDICT_MISSING, INSTANT_NONE};
        if (!each) match_nearest(from, (size_t)(owed + count - from), &standard->steps[step]);
    }
    if (each && count) {
        qsort(owed, count, sizeof *owed, by_anchor);
        match_each(owed, count, &standard->steps[step]);
    }
    int code = GUAN_OK;
    for (size_t i = 0; i < count && code == GUAN_OK; i++) code = settle(standard, step, &owed[i], findings, error);
    return code;
}

int recur_judge(struct standard *standard, uint32_t step, struct findings *findings, struct guan_error *error)
{
    if (!step_keeps(standard->chart, step)) return GUAN_OK;
    int code = judge_those(standard, step, false, findings, error);
    return code == GUAN_OK ? judge_those(standard, step, true, findings, error) : code;
}

void recur_waive(struct standard *standard, uint32_t step)
{
    struct chart_span span = standard->chart->steps[step].deadlines;
    for (uint32_t d = span.first; d < span.first + span.count; d++)
        for (size_t t = 0; deadline_recurs(&standard->chart->deadlines[d]) && t < standard->deadlines[d].count; t++) {
            struct term *term = &standard->deadlines[d].items[t];
            if (term->status != TERM_ARMED) continue;
            facts_disarm(standard, d, term->key);
            term->status = TERM_WAIVED;
        }
}
