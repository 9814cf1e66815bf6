/* standard_waive: leaving a step out, by someone who may, never law. Takes over what the step's deadlines found. */
#include "standard/judge.h"

#include "base/text.h"

#include <string.h>

static int find(struct judge *judge)
{
    struct standard *standard = judge->standard;
    judge->index = chart_step_by_id(standard->chart, judge->act->step);
    if (judge->index == CHART_NONE) {
        const char *close = NULL;
        for (uint32_t i = 0; i < standard->chart->step_count; i++)
            close = closer(judge->act->step, close, standard->chart->steps[i].id);
        int code = refuse_usage(judge->refusal, judge->error, standard, NULL, "unknown-step", "%s has no step %s",
                                standard->process, judge->act->step);
        return close ? refuse_hint(judge->refusal, judge->error, standard, code, "did you mean %s?", close) : code;
    }
    judge->step = &standard->chart->steps[judge->index];
    judge->activation = standard->states[judge->step->state].number;
    judge->late = !facts_active(standard, judge->step->state);
    return GUAN_OK;
}

static bool has_finding(const struct judge *judge, const char *key)
{
    const struct step_facts *facts = &judge->standard->steps[judge->index];
    for (size_t i = 0; i < facts->timely_count; i++) {
        const struct timely *timely = &facts->timely[i];
        if (timely->activation != judge->activation || strcmp(timely->code, "OVERRIDE_USED") == 0) continue;
        if (!*key || strcmp(timely->instance, key) == 0) return true;
    }
    return false;
}

/* One that recurs is owed again. */
static bool owes_again(const struct judge *judge)
{
    const struct standard *standard = judge->standard;
    for (uint32_t d = judge->step->deadlines.first; d < judge->step->deadlines.first + judge->step->deadlines.count; d++)
        for (size_t t = 0; deadline_recurs(&standard->chart->deadlines[d]) && t < standard->deadlines[d].count; t++)
            if (standard->deadlines[d].items[t].status == TERM_ARMED) return true;
    return false;
}

/* Something is owed: an open step, or a finding that stands. */
static int judge_owed(struct judge *judge)
{
    struct standard *standard = judge->standard;
    const char *label = step_label(standard, judge->index);
    bool asked, stands = has_finding(judge, judge->key);
    if (stands) return GUAN_OK;
    if (judge->late)
        return refuse_usage(judge->refusal, judge->error, standard, judge->step->id, "step-not-open", "%s is not open", label);
    int code = eval_asked(standard, judge->index, &asked, judge->error);
    if (code != GUAN_OK) return code;
    if (!asked)
        return refuse_usage(judge->refusal, judge->error, standard, judge->step->id, "step-not-asked", "%s is not asked for now",
                            label);
    const struct instance *item = facts_instance(standard, judge->index, judge->key);
    if (!item || item->activation != judge->activation || (!item->done && !item->waived)) return GUAN_OK;
    if (owes_again(judge)) return GUAN_OK;
    return refuse_usage(judge->refusal, judge->error, standard, judge->step->id, "step-done", "%s was %s already", label,
                        item->done ? "done" : "left out");
}

/* --- law -------------------------------------------------------------------------------------------------------------------- */

static struct chart_names law_among(const struct world *world, struct chart_names clauses)
{
    const char **items = arena_alloc(world->arena, (clauses.count + 1) * sizeof *items);
    struct chart_names law = {items, 0};
    for (uint32_t i = 0; items && world->catalogue && i < clauses.count; i++) {
        const struct clause *clause = catalogue_clause(world->catalogue, clauses.items[i]);
        if (clause && clause->klass == CHART_CLASS_LAW) items[law.count++] = clauses.items[i];
    }
    return law;
}

/* The step's own clauses; of one not yet done also those of the fields that it would leave out. */
static int judge_law(struct judge *judge)
{
    struct standard *standard = judge->standard;
    const struct chart_step *step = judge->step;
    const struct instance *item = facts_instance(standard, judge->index, judge->key);
    bool done = item && item->done && item->activation == judge->activation, law = step->klass == CHART_CLASS_LAW;
    struct chart_names clauses = law_among(standard->world, step->clauses);
    if (law && !clauses.count) clauses = step->clauses;
    for (uint32_t i = 0; i < step->fields.count && !done; i++) {
        const struct chart_field *field = &standard->chart->fields[step->fields.first + i];
        struct chart_names own = law_among(standard->world, field->clauses);
        if (!field->required || (!own.count && !(field->class_given && field->klass == CHART_CLASS_LAW))) continue;
        law = true;
        clauses = names_union(standard->world->arena, clauses, own);
    }
    if (!law && !clauses.count) return GUAN_OK;
    return refuse_no(judge->refusal, judge->error, standard, step->id, "GUARD_BLOCKED", "law", clauses,
                     "%s is law: nobody can leave it out", step_label(standard, judge->index));
}

static int judge_authority(struct judge *judge)
{
    struct standard *standard = judge->standard;
    const struct chart_step *step = judge->step;
    const char *label = step_label(standard, judge->index);
    if (step->waive_by.count && judge->act->actor_count &&
        role_fits(&judge->act->actors[0], &step->waive_by, judge->act->role, &judge->record->role))
        return GUAN_OK;
    if (!step->waive_by.count)
        return refuse_no(judge->refusal, judge->error, standard, step->id, "ROLE_DENIED", "waive-by", step->clauses,
                         "%s can be left out by nobody", label);
    return refuse_no(judge->refusal, judge->error, standard, step->id, "ROLE_DENIED", "waive-by", step->clauses,
                     "%s can be left out by %s", label, names_text(standard->world->arena, &step->waive_by));
}

static int keep(struct judge *judge)
{
    struct standard *standard = judge->standard;
    struct instance *item = facts_instance_make(standard, judge->index, judge->key);
    if (!item) return error_memory(judge->error);
    if (item->activation != judge->activation) {
        item->activation = judge->activation;
        item->count = 0;
        item->done = false;
        item->since = INSTANT_NONE;
    }
    item->waived = true;
    return GUAN_OK;
}

int standard_waive(struct standard *standard, const struct act *act, uint64_t entry, uint32_t *step, struct findings *findings,
                   struct refusal *refusal, struct guan_error *error)
{
    struct record record = {0};
    struct judge judge = {.standard = standard, .act = act, .record = &record, .refusal = refusal, .error = error, .key = ""};
    (void)entry;
    *refusal = (struct refusal){0};
    *step = CHART_NONE;
    int code = find(&judge);
    if (code == GUAN_OK) code = judge_instance(&judge);
    if (code != GUAN_OK) return code;
    const char *key =
        judge.step->per == CHART_NONE ? NULL : value_get_text(record.form, standard->chart->fields[judge.step->per].name);
    if (key) judge.key = key;
    *step = judge.index;
    code = judge_owed(&judge);
    if (code == GUAN_OK) code = judge_law(&judge);
    if (code == GUAN_OK) code = judge_authority(&judge);
    if (code == GUAN_OK) code = keep(&judge);
    if (code == GUAN_OK) code = timely_waived(standard, judge.index, key, judge.activation, findings, error);
    if (code == GUAN_OK) code = findings_tell(standard, findings, error);
    if (code == GUAN_OK) standard_moment(standard->world);
    return code == GUAN_OK && arena_failed(standard->world->arena) ? error_memory(error) : code;
}
