/* Deadlines: which stand, from which anchor, due when; and what happens when the time has come.
 *
 *   look: stands? ──no──▶ armed terms are cancelled, a miss or a met one stays
 *            └─yes─▶ due ──▶ new or moved: armed ──timer──▶ standard_deadline: missed
 */
#include "standard/moments.h"
#include "standard/terms.h"
#include "standard/walk.h"

#include "base/text.h"

#include <string.h>

/* --- terms
 * ----------------------------------------------------------------------------------------------------------------------- */

static int set_reminder(struct standard *standard, uint32_t index, const struct term *term, struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    struct due_context context = due_context_of(standard, false);
    instant near;
    if (!deadline->remind) return GUAN_OK;
    int code = due_before(&context, deadline->remind, (struct anchor){term->due, false}, &near, error);
    if (code != GUAN_OK) return code == GUAN_USAGE ? GUAN_FAILED : code;
    bool past = term->due <= standard->world->rec; /* too late to warn of it */
    facts_timer(standard, "remind", deadline->id, term->key, past ? INSTANT_NONE : near);
    return GUAN_OK;
}

int term_arm(struct standard *standard, const struct candidate *candidate, const struct due_window *window,
             struct guan_error *error)
{
    struct deadline_facts *facts = &standard->deadlines[candidate->deadline];
    struct term *term = facts_term(standard, candidate->deadline, candidate->key);
    if (term && term->due == window->due) { /* stands, was met, or was missed */
        term->opens = window->opens;
        return GUAN_OK;
    }
    if (!term) {
        const char *key = arena_text(standard->world->arena, candidate->key, strlen(candidate->key));
        if (!key || !LIST_ROOM(standard->world->arena, facts->items, facts->count, facts->capacity)) return error_memory(error);
        term = &facts->items[facts->count++];
        term->key = key;
    }
    term->due = window->due;
    term->opens = window->opens;
    term->anchor = candidate->anchor.at;
    term->status = TERM_ARMED;
    facts_timer(standard, "deadline", standard->chart->deadlines[candidate->deadline].id, term->key, term->due);
    return set_reminder(standard, candidate->deadline, term, error);
}

void term_disarm(struct standard *standard, uint32_t deadline, const char *key)
{
    struct term *term = facts_term(standard, deadline, key);
    if (!term || term->status != TERM_ARMED) return;
    facts_disarm(standard, deadline, term->key);
    facts_term_remove(standard, deadline, term->key);
}

static int look_at(struct standard *standard, const struct candidate *candidate, bool stands, struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[candidate->deadline];
    struct due_window window = {INSTANT_NONE, INSTANT_NONE};
    int code = GUAN_OK;
    if (stands && deadline->when != CHART_NONE) {
        candidate_focus(standard, candidate);
        code = eval_flag(standard, deadline->when, false, &stands, error);
    }
    if (code == GUAN_OK && stands) code = candidate_due(standard, candidate, &window, error);
    if (code != GUAN_OK) return code;
    if (window.due != INSTANT_NONE) return term_arm(standard, candidate, &window, error);
    term_disarm(standard, candidate->deadline, candidate->key);
    return GUAN_OK;
}

/* --- anchors
 * ---------------------------------------------------------------------------------------------------------------------- */

int single_anchor(struct standard *standard, uint32_t index, struct anchor *out, struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    struct candidate plain = {.deadline = index};
    *out = (struct anchor){INSTANT_NONE, false};
    if (deadline->from_expr != CHART_NONE) {
        candidate_focus(standard, &plain);
        return lua_anchor(standard, deadline->from_expr, out, error);
    }
    if (deadline->from.count == 0) {
        const struct run *run = facts_run(standard, deadline->state);
        out->at = run ? run->entered : INSTANT_NONE;
    }
    for (uint32_t i = 0; i < deadline->from.count; i++) {
        struct occurrence when = named_occurrence(standard, deadline->from.items[i]);
        instant at = deadline->take == CHART_TAKE_FIRST ? when.first : when.last;
        if (at == INSTANT_NONE) continue;
        bool better = deadline->take == CHART_TAKE_FIRST ? at < out->at : at > out->at;
        if (out->at == INSTANT_NONE || better) out->at = at;
    }
    return GUAN_OK;
}

/* Every instance of a `per` step that was begun and not finished, from its own record. */
static int look_at_instances(struct standard *standard, uint32_t index, bool stands, struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    const struct step_facts *facts = &standard->steps[deadline->step];
    uint32_t number = standard->states[deadline->state].number;
    for (size_t i = 0; i < facts->count; i++) {
        const struct instance *item = &facts->items[i];
        if (item->activation != number || item->at == INSTANT_NONE) continue;
        struct candidate candidate = {.deadline = index, .key = item->key, .anchor = {item->at, false}, .item = item};
        int code = look_at(standard, &candidate, stands && !item->done && !item->waived, error);
        if (code != GUAN_OK) return code;
    }
    return GUAN_OK;
}

static bool names_step(const struct chart *chart, const struct chart_deadline *deadline)
{
    for (uint32_t i = 0; i < deadline->from.count; i++)
        if (strcmp(deadline->from.items[i], chart->steps[deadline->step].id) == 0) return true;
    return false;
}

static int look_at_deadline(struct standard *standard, uint32_t index, struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    bool stands = true, of_step = deadline->step != CHART_NONE;
    int code = of_step ? eval_asked(standard, deadline->step, &stands, error) : GUAN_OK;
    if (code != GUAN_OK) return code;
    if (of_step && standard->chart->steps[deadline->step].per != CHART_NONE && names_step(standard->chart, deadline))
        return look_at_instances(standard, index, stands, error);
    if (deadline->every || deadline->on) return recur_look(standard, index, stands, error);
    if (deadline->take == CHART_TAKE_EACH) return GUAN_OK; /* armed when its anchor happens */
    struct candidate candidate = {.deadline = index, .key = ""};
    if (of_step && facts_satisfied(standard, deadline->step, NULL, INT64_MAX)) stands = false;
    if (stands) code = single_anchor(standard, index, &candidate.anchor, error);
    return code == GUAN_OK ? look_at(standard, &candidate, stands, error) : code;
}

static int look_at_span(struct standard *standard, struct chart_span span, struct guan_error *error)
{
    int code = GUAN_OK;
    for (uint32_t i = span.first; i < span.first + span.count && code == GUAN_OK; i++)
        code = look_at_deadline(standard, i, error);
    return code;
}

int deadlines_look(struct standard *standard, struct guan_error *error)
{
    const struct chart *chart = standard->chart;
    int code = GUAN_OK;
    if (chart->deadline_count == 0) return GUAN_OK;
    for (uint32_t s = 1; s < chart->state_count && code == GUAN_OK; s++) {
        if (!facts_active(standard, s)) continue;
        code = look_at_span(standard, chart->states[s].deadlines, error);
        for (uint32_t i = 0; i < chart->states[s].steps.count && code == GUAN_OK; i++)
            code = look_at_span(standard, chart->steps[chart->states[s].steps.first + i].deadlines, error);
    }
    return code;
}

/* --- done, moved
 * ----------------------------------------------------------------------------------------------------------------------- */

/* The anchors at or before `by`, as far as they are remembered, the first first. */
static size_t anchors_until(struct standard *standard, const struct chart_deadline *deadline, instant by,
                            instant anchors[FACTS_MOST_PAST])
{
    size_t count = 0;
    for (instant before = by; count < FACTS_MOST_PAST;) {
        instant last = INSTANT_NONE;
        for (uint32_t i = 0; i < deadline->from.count; i++) {
            instant at = named_last(standard, deadline->from.items[i], before);
            if (at > last) last = at;
        }
        if (last == INSTANT_NONE) break;
        anchors[count++] = last;
        before = last - 1;
    }
    for (size_t i = 0; i < count / 2; i++) {
        instant other = anchors[i];
        anchors[i] = anchors[count - 1 - i];
        anchors[count - 1 - i] = other;
    }
    return count;
}

/* Against which due time a step done at `since` counts: that of the last anchor before it, or of an earlier one that passed
 * before the next came: such a miss stands. */
static int window_at(struct standard *standard, uint32_t index, const struct term *term, instant since, struct due_window *window,
                     struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    instant anchors[FACTS_MOST_PAST];
    size_t count =
        deadline->from.count && deadline->take == CHART_TAKE_LAST ? anchors_until(standard, deadline, since, anchors) : 0;
    for (size_t i = 0; i < count; i++) {
        struct candidate candidate = {.deadline = index, .key = term->key, .anchor = {anchors[i], false}};
        int code = candidate_due(standard, &candidate, window, error);
        if (code != GUAN_OK) return code;
        if (window->due == INSTANT_NONE) continue;
        if (window->due < since && (i + 1 == count || window->due < anchors[i + 1])) return GUAN_OK;
    }
    return GUAN_OK;
}

static bool own_instances(const struct standard *standard, const struct chart_deadline *deadline)
{
    return standard->chart->steps[deadline->step].per != CHART_NONE && names_step(standard->chart, deadline);
}

int deadline_done(struct standard *standard, uint32_t index, const char *instance, struct findings *findings,
                  struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    const struct instance *item = facts_instance(standard, deadline->step, instance);
    struct term *term = facts_term(standard, index, instance);
    if (!term) term = facts_term(standard, index, "");
    if (!term || !item || item->since == INSTANT_NONE) return GUAN_OK;
    uint32_t number = standard->states[deadline->state].number;
    const struct timely *timely = timely_find(standard, deadline->step, term->key, number);
    struct due_window window = {term->opens, timely && timely->deadline == index ? timely->due : term->due};
    int code = own_instances(standard, deadline) ? GUAN_OK : window_at(standard, index, term, item->since, &window, error);
    return code == GUAN_OK ? timely_judge(standard, index, term->key, &window, item->since, findings, error) : code;
}

static bool named_by(struct standard *standard, const struct chart_names *names, const struct fact *fact)
{
    for (uint32_t i = 0; i < names->count; i++)
        if (fact_named(standard, names->items[i], fact)) return true;
    return false;
}

/* The step was done before its anchor was entered. */
static int judge_done(struct standard *standard, const struct candidate *candidate, const struct due_window *window, instant at,
                      struct findings *findings, struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[candidate->deadline];
    const struct instance *item = facts_instance(standard, deadline->step, candidate->key);
    if (!item || item->since == INSTANT_NONE || item->waived || item->since < at) return GUAN_OK;
    struct term *term = facts_term(standard, candidate->deadline, candidate->key);
    if (term && !(deadline->from.count && deadline->take == CHART_TAKE_LAST)) {
        term->due = window->due;
        term->opens = window->opens;
        return timely_judge(standard, candidate->deadline, candidate->key, window, item->since, findings, error);
    }
    if (!facts_term(standard, candidate->deadline, candidate->key)) {
        int code = term_arm(standard, candidate, window, error);
        if (code != GUAN_OK) return code;
    }
    return deadline_done(standard, candidate->deadline, candidate->key, findings, error);
}

/* The anchor is another than was thought when the term was missed: it is armed anew, and what it said is taken back. */
static int take_back(struct standard *standard, const struct candidate *candidate, const struct due_window *window,
                     bool corrected, struct findings *findings, struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[candidate->deadline];
    struct term *term = facts_term(standard, candidate->deadline, candidate->key);
    if (!term || term->status != TERM_MISSED || term->due == window->due || (!corrected && candidate->anchor.at > term->due))
        return GUAN_OK;
    int code = GUAN_OK;
    if (deadline->step != CHART_NONE)
        code = timely_say(standard, deadline->step, term->key, standard->states[deadline->state].number, candidate->deadline,
                          VERDICT_NONE, term->due, INSTANT_NONE, findings, error);
    return code == GUAN_OK ? term_arm(standard, candidate, window, error) : code;
}

/* Of a step that is still open: the first due time that passed before the next anchor came is the miss that stands. */
static int first_miss(struct standard *standard, uint32_t index, struct findings *findings, struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    const struct term *term = facts_term(standard, index, "");
    struct due_window window;
    instant now = standard->world->rec + 1; /* what is due at this very instant has been missed */
    if (!term) return GUAN_OK;
    window = (struct due_window){term->opens, term->due};
    int code = window_at(standard, index, term, now, &window, error);
    if (code != GUAN_OK) return code;
    enum verdict verdict = window.due < now ? VERDICT_MISSING : VERDICT_NONE;
    return timely_say(standard, deadline->step, "", standard->states[deadline->state].number, index, verdict, window.due,
                      INSTANT_NONE, findings, error);
}

static int move(struct standard *standard, uint32_t index, instant at, bool corrected, struct findings *findings,
                struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    struct candidate candidate = {.deadline = index, .key = ""};
    struct due_window window;
    bool stands = true;
    int code = single_anchor(standard, index, &candidate.anchor, error);
    if (code == GUAN_OK) candidate_focus(standard, &candidate);
    if (code == GUAN_OK) code = eval_flag(standard, deadline->when, false, &stands, error);
    if (code == GUAN_OK && stands) code = candidate_due(standard, &candidate, &window, error);
    if (code != GUAN_OK || !stands || window.due == INSTANT_NONE) return code;
    if (deadline->step != CHART_NONE && facts_satisfied(standard, deadline->step, NULL, INT64_MAX))
        return judge_done(standard, &candidate, &window, at, findings, error);
    code = take_back(standard, &candidate, &window, corrected, findings, error);
    bool chain = deadline->step != CHART_NONE && deadline->from.count && deadline->take == CHART_TAKE_LAST;
    return code == GUAN_OK && chain ? first_miss(standard, index, findings, error) : code;
}

int deadlines_fact(struct standard *standard, const struct fact *fact, struct findings *findings, bool *changed,
                   struct guan_error *error)
{
    const struct chart *chart = standard->chart;
    int code = GUAN_OK;
    for (uint32_t i = 0; i < chart->deadline_count && code == GUAN_OK; i++) {
        const struct chart_deadline *deadline = &chart->deadlines[i];
        if (deadline->every || deadline->on || !named_by(standard, &deadline->from, fact)) continue;
        if (!facts_active(standard, deadline->state)) continue;
        if (deadline->step != CHART_NONE && own_instances(standard, deadline)) continue;
        *changed = true;
        if (deadline->take != CHART_TAKE_EACH) code = move(standard, i, fact->at, false, findings, error);
        else if (fact->at >= facts_run(standard, deadline->state)->entered) code = recur_add(standard, i, fact, error);
        if (code == GUAN_OK && deadline->take == CHART_TAKE_EACH && deadline->step != CHART_NONE)
            code = recur_judge(standard, deadline->step, findings, error);
    }
    return code;
}

int deadlines_again(struct standard *standard, const struct fact *fact, struct findings *findings, struct guan_error *error)
{
    const struct chart *chart = standard->chart;
    int code = GUAN_OK;
    for (uint32_t i = 0; i < chart->deadline_count && code == GUAN_OK; i++) {
        const struct chart_deadline *deadline = &chart->deadlines[i];
        if (deadline->every || deadline->on || !facts_active(standard, deadline->state)) continue;
        if (deadline->step != CHART_NONE && own_instances(standard, deadline)) continue;
        if (deadline->take != CHART_TAKE_EACH) {
            code = move(standard, i, INT64_MIN, true, findings, error);
        } else if (named_by(standard, &deadline->from, fact)) {
            code = recur_again(standard, i, fact, findings, error);
            if (code == GUAN_OK && deadline->step != CHART_NONE) code = recur_judge(standard, deadline->step, findings, error);
        }
    }
    return code;
}

/* --- the time has come
 * --------------------------------------------------------------------------------------------------------------- */

/* The deadline of a timer "KIND:ID". */
static uint32_t deadline_of_timer(const struct chart *chart, const char *kind, const char *name)
{
    size_t length = strlen(kind);
    if (!text_starts(name, kind)) return CHART_NONE;
    for (uint32_t i = 0; i < chart->deadline_count; i++)
        if (strcmp(chart->deadlines[i].id, name + length) == 0) return i;
    return CHART_NONE;
}

static int state_missed(struct standard *standard, uint32_t index, const struct term *term, struct findings *findings,
                        struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    enum chart_severity severity = deadline->severity == CHART_SEVERITY_DEFAULT ? CHART_MAJOR : deadline->severity;
    struct finding *finding =
        finding_add(standard, findings, "STEP_MISSING", severity, CHART_NONE, deadline->clauses, deadline->id);
    if (!finding) return error_memory(error);
    finding->instance = *term->key ? term->key : NULL;
    finding->due = term->due;
    finding->text = arena_printf(standard->world->arena, "%s has passed", deadline->title ? deadline->title : deadline->id);
    return GUAN_OK;
}

static int missed(struct standard *standard, uint32_t index, struct term *term, struct findings *findings,
                  struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    term->status = TERM_MISSED;
    witness(standard, SEEN_MISSED, index);
    if (deadline->remind) facts_timer(standard, "remind", deadline->id, term->key, INSTANT_NONE);
    if (deadline->severity == CHART_SEVERITY_NONE) return GUAN_OK;
    if (deadline->step == CHART_NONE) return state_missed(standard, index, term, findings, error);
    return timely_missing(standard, deadline->step, term->key, standard->states[deadline->state].number, index, term->due,
                          findings, error);
}

static int remind(struct standard *standard, uint32_t index, const char *instance, const char **event, struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    const struct term *term = facts_term(standard, index, instance);
    if (!term || term->status != TERM_ARMED || !facts_active(standard, deadline->state)) return GUAN_OK;
    *event = arena_printf(standard->world->arena, "deadline.near.%s", deadline->id);
    standard_moment(standard->world);
    return *event ? GUAN_OK : error_memory(error);
}

int standard_deadline(struct standard *standard, const char *name, const char *instance, instant due, struct findings *findings,
                      const char **event, struct guan_error *error)
{
    uint32_t near = deadline_of_timer(standard->chart, "remind:", name);
    uint32_t index = deadline_of_timer(standard->chart, "deadline:", name);
    *event = NULL;
    if (!instance) instance = "";
    if (near != CHART_NONE) return remind(standard, near, instance, event, error);
    if (text_starts(name, "rule:")) return silence_due(standard, name + strlen("rule:"), instance, due, findings, event, error);
    if (index == CHART_NONE) return GUAN_OK;
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    struct term *term = facts_term(standard, index, instance);
    if (!term || term->status != TERM_ARMED || term->due != due || !facts_active(standard, deadline->state)) return GUAN_OK;
    int code = missed(standard, index, term, findings, error);
    if (code == GUAN_OK) code = findings_tell(standard, findings, error);
    *event = deadline->event ? deadline->event : arena_printf(standard->world->arena, "deadline.missed.%s", deadline->id);
    standard_moment(standard->world);
    return code == GUAN_OK && !*event ? error_memory(error) : code;
}
