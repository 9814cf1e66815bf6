/* Deadlines: which stand, from which anchor, due when; and what happens when the time has come.
 *
 *   look: stands? ──no──▶ armed terms are cancelled, a miss or a met one stays
 *            └─yes─▶ due ──▶ new or moved: armed ──timer──▶ standard_deadline: missed
 */
#include "standard/due.h"
#include "standard/findings.h"
#include "standard/walk.h"

#include "base/text.h"

#include <string.h>

/* One term that may stand: for which instance, from when. */
struct candidate {
    uint32_t deadline;
    const char *key;
    struct anchor anchor;        /* at INSTANT_NONE: none yet */
    const struct instance *item; /* whose record expressions look at; NULL: none */
};

static const char *parameter_or(const struct standard *standard, const char *text)
{
    const char *value = text && text_starts(text, "T-") ? house_parameter(standard->world->house, text) : NULL;
    return value ? value : text;
}

static void focus_candidate(struct standard *standard, const struct candidate *candidate)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[candidate->deadline];
    const struct run *run = facts_run(standard, deadline->state);
    focus_set(standard, (struct focus){.step = candidate->item ? deadline->step : CHART_NONE,
                                       .form = candidate->item ? candidate->item->form : NULL,
                                       .entered = run ? run->entered : INSTANT_NONE});
}

/* --- due
 * ------------------------------------------------------------------------------------------------------------------------ */

static int lua_anchor(struct standard *standard, uint32_t expr, struct anchor *out, struct guan_error *error)
{
    struct value *value;
    int code = eval_value(standard, expr, &value, error);
    const char *text = value_as_text(value);
    out->at = INSTANT_NONE;
    out->day = false;
    if (code == GUAN_OK && text && !anchor_read(standard->world->house->zone, text, out)) out->at = INSTANT_NONE;
    return code;
}

/* The dealer may tighten a deadline; give more time only where the step is tunable and no law. */
static int hooked(struct standard *standard, const struct candidate *candidate, instant *due, struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[candidate->deadline];
    struct world *world = standard->world;
    if (!world->hooks || !hooks_has(world->hooks, "due") || candidate->anchor.at == INSTANT_NONE) return GUAN_OK;
    struct value *results, *about = value_map(world->arena);
    const struct chart_step *step = deadline->step == CHART_NONE ? NULL : &standard->chart->steps[deadline->step];
    value_set_text(world->arena, about, "id", deadline->id);
    value_set_text(world->arena, about, "step", step ? step->id : NULL);
    value_set_text(world->arena, about, "process", standard->process);
    int code = eval_hook(standard, "due", about, NULL, &results, error);
    const char *text = value_as_text(value_at(results, 0));
    instant other;
    if (code != GUAN_OK || !text || due_within(world->house->zone, text, candidate->anchor, &other, NULL) != GUAN_OK) return code;
    bool tunable = step && step->tunable && step->klass != CHART_CLASS_LAW;
    if (*due == INSTANT_NONE || other < *due || tunable) *due = other;
    return GUAN_OK;
}

/* INSTANT_NONE: it cannot be told yet. */
static int due_of(struct standard *standard, const struct candidate *candidate, instant *due, struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[candidate->deadline];
    const struct zone *zone = standard->world->house->zone;
    struct anchor before;
    int code = GUAN_OK;
    *due = INSTANT_NONE;
    if (deadline->before != CHART_NONE) {
        focus_candidate(standard, candidate);
        code = lua_anchor(standard, deadline->before, &before, error);
        if (code == GUAN_OK && before.at != INSTANT_NONE)
            code = due_before(zone, parameter_or(standard, deadline->lead), before, due, error);
    } else if (deadline->within && candidate->anchor.at != INSTANT_NONE) {
        code = due_within(zone, parameter_or(standard, deadline->within), candidate->anchor, due, error);
    }
    if (code == GUAN_USAGE) code = GUAN_FAILED; /* a parameter that is no duration: the house's fault, not the command's */
    return code == GUAN_OK ? hooked(standard, candidate, due, error) : code;
}

/* --- terms
 * ----------------------------------------------------------------------------------------------------------------------- */

static int arm(struct standard *standard, const struct candidate *candidate, instant due, struct guan_error *error)
{
    struct deadline_facts *facts = &standard->deadlines[candidate->deadline];
    struct term *term = facts_term(standard, candidate->deadline, candidate->key);
    if (term && term->due == due) return GUAN_OK; /* stands, was met, or was missed */
    if (!term) {
        const char *key = arena_text(standard->world->arena, candidate->key, strlen(candidate->key));
        if (!key || !LIST_ROOM(standard->world->arena, facts->items, facts->count, facts->capacity)) return error_memory(error);
        term = &facts->items[facts->count++];
        term->key = key;
    }
    term->due = due;
    term->status = TERM_ARMED;
    facts_timer(standard, candidate->deadline, term->key, due);
    return GUAN_OK;
}

static void disarm(struct standard *standard, uint32_t deadline, const char *key)
{
    struct term *term = facts_term(standard, deadline, key);
    if (!term || term->status != TERM_ARMED) return;
    facts_timer(standard, deadline, term->key, INSTANT_NONE);
    facts_term_remove(standard, deadline, term->key);
}

static int look_at(struct standard *standard, const struct candidate *candidate, bool stands, struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[candidate->deadline];
    instant due = INSTANT_NONE;
    int code = GUAN_OK;
    if (stands && deadline->when != CHART_NONE) {
        focus_candidate(standard, candidate);
        code = eval_flag(standard, deadline->when, false, &stands, error);
    }
    if (code == GUAN_OK && stands) code = due_of(standard, candidate, &due, error);
    if (code != GUAN_OK) return code;
    if (due != INSTANT_NONE) return arm(standard, candidate, due, error);
    disarm(standard, candidate->deadline, candidate->key);
    return GUAN_OK;
}

/* --- anchors
 * ---------------------------------------------------------------------------------------------------------------------- */

static int single_anchor(struct standard *standard, uint32_t index, struct anchor *out, struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    struct candidate plain = {.deadline = index};
    *out = (struct anchor){INSTANT_NONE, false};
    if (deadline->from_expr != CHART_NONE) {
        focus_candidate(standard, &plain);
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
        struct candidate candidate = {index, item->key, {item->at, false}, item};
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

/* --- the time has come
 * --------------------------------------------------------------------------------------------------------------- */

static uint32_t deadline_of_timer(const struct chart *chart, const char *name)
{
    if (!text_starts(name, "deadline:")) return CHART_NONE;
    for (uint32_t i = 0; i < chart->deadline_count; i++)
        if (strcmp(chart->deadlines[i].id, name + strlen("deadline:")) == 0) return i;
    return CHART_NONE;
}

static int state_missed(struct standard *standard, uint32_t index, instant due, struct findings *findings,
                        struct guan_error *error)
{
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    enum chart_severity severity = deadline->severity == CHART_SEVERITY_DEFAULT ? CHART_MAJOR : deadline->severity;
    struct finding *finding = finding_add(standard, findings, "STEP_MISSING", severity, CHART_NONE, deadline->clauses);
    if (!finding) return error_memory(error);
    finding->deadline = deadline->id;
    finding->due = due;
    finding->text = arena_printf(standard->world->arena, "%s has passed", deadline->title ? deadline->title : deadline->id);
    return GUAN_OK;
}

int standard_deadline(struct standard *standard, const char *name, const char *instance, instant due, struct findings *findings,
                      const char **event, struct guan_error *error)
{
    uint32_t index = deadline_of_timer(standard->chart, name);
    *event = NULL;
    if (index == CHART_NONE) return GUAN_OK;
    const struct chart_deadline *deadline = &standard->chart->deadlines[index];
    struct term *term = facts_term(standard, index, instance ? instance : "");
    if (!term || term->status != TERM_ARMED || term->due != due || !facts_active(standard, deadline->state)) return GUAN_OK;
    int code = GUAN_OK;
    term->status = TERM_MISSED;
    if (deadline->severity != CHART_SEVERITY_NONE)
        code = deadline->step == CHART_NONE
                   ? state_missed(standard, index, due, findings, error)
                   : timely_missing(standard, deadline->step, term->key, standard->states[deadline->state].number, index, due,
                                    findings, error);
    *event = deadline->event ? deadline->event : arena_printf(standard->world->arena, "deadline.missed.%s", deadline->id);
    standard_moment(standard->world);
    return code == GUAN_OK && !*event ? error_memory(error) : code;
}
