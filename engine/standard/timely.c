/* Timeliness: the one finding of a step instance, remembered with the step so that it keeps its id through its life. */
#include "standard/findings.h"
#include "standard/terms.h"

#include "standard/refuse.h"

#include "base/limits.h"

#include <string.h>

static enum chart_severity declared(const struct standard *standard, uint32_t deadline, const char *code)
{
    enum chart_severity severity =
        deadline == CHART_NONE ? CHART_SEVERITY_DEFAULT : standard->chart->deadlines[deadline].severity;
    if (strcmp(code, "WINDOW_EARLY") == 0) return CHART_INFO;
    return severity == CHART_SEVERITY_DEFAULT ? severity_of_code(code) : severity;
}

struct timely *timely_find(struct standard *standard, uint32_t step, const char *instance, uint32_t activation)
{
    struct step_facts *facts = &standard->steps[step];
    for (size_t i = 0; i < facts->timely_count; i++)
        if (facts->timely[i].activation == activation && strcmp(facts->timely[i].instance, instance) == 0)
            return &facts->timely[i];
    return NULL;
}

static void timely_forget(struct standard *standard, uint32_t step, size_t index)
{
    struct step_facts *facts = &standard->steps[step];
    facts->timely_count--;
    memmove(&facts->timely[index], &facts->timely[index + 1], (facts->timely_count - index) * sizeof *facts->timely);
}

static struct timely *timely_make(struct standard *standard, uint32_t step, const char *instance, uint32_t activation,
                                  uint32_t deadline, const char *code, instant due)
{
    struct step_facts *facts = &standard->steps[step];
    if (facts->timely_count == LIMIT_TERMS) timely_forget(standard, step, 0); /* only of what recurs are there so many */
    const char *fid = finding_next(standard), *copy = arena_text(standard->world->arena, instance, strlen(instance));
    if (!fid || !copy || !LIST_ROOM(standard->world->arena, facts->timely, facts->timely_count, facts->timely_capacity))
        return NULL;
    facts->timely[facts->timely_count] = (struct timely){.fid = fid,
                                                         .code = code,
                                                         .instance = copy,
                                                         .deadline = deadline,
                                                         .activation = activation,
                                                         .severity = declared(standard, deadline, code),
                                                         .due = due,
                                                         .at = INSTANT_NONE};
    return &facts->timely[facts->timely_count++];
}

/* --- what it says ------------------------------------------------------------------------------------------------------------
 */

static const char *code_of(const struct standard *standard, uint32_t deadline, enum verdict verdict)
{
    bool window = deadline != CHART_NONE && standard->chart->deadlines[deadline].window;
    if (verdict == VERDICT_EARLY) return "WINDOW_EARLY";
    if (window) return "WINDOW_MISSED";
    return verdict == VERDICT_MISSING ? "STEP_MISSING" : "STEP_LATE";
}

/* It had been done in time, as it now turns out. */
static int withdraw(struct standard *standard, uint32_t step, struct timely *timely, instant at, struct findings *findings,
                    struct guan_error *error)
{
    timely->at = at;
    if (!finding_timely(standard, findings, step, timely, "withdrawn")) return error_memory(error);
    timely_forget(standard, step, (size_t)(timely - standard->steps[step].timely));
    return GUAN_OK;
}

int timely_say(struct standard *standard, uint32_t step, const char *instance, uint32_t activation, uint32_t deadline,
               enum verdict verdict, instant due, instant at, struct findings *findings, struct guan_error *error)
{
    static const char *const status[] = {
        [VERDICT_NONE] = "", [VERDICT_MISSING] = "open", [VERDICT_EARLY] = "noted", [VERDICT_LATE] = "remedied"};
    struct timely *timely = timely_find(standard, step, instance, activation);
    if (standard->chart->deadlines[deadline].severity == CHART_SEVERITY_NONE) return GUAN_OK;
    if (timely && (timely->deadline != deadline || strcmp(timely->code, "OVERRIDE_USED") == 0)) return GUAN_OK;
    if (verdict == VERDICT_NONE) return timely ? withdraw(standard, step, timely, at, findings, error) : GUAN_OK;
    const char *code = code_of(standard, deadline, verdict);
    if (timely && strcmp(timely->code, code) == 0 && timely->due == due && timely->at == at) return GUAN_OK;
    if (!timely) timely = timely_make(standard, step, instance, activation, deadline, code, due);
    if (!timely) return error_memory(error);
    timely->code = code;
    timely->severity = declared(standard, deadline, code);
    timely->due = due;
    timely->at = at;
    return finding_timely(standard, findings, step, timely, status[verdict]) ? GUAN_OK : error_memory(error);
}

int timely_missing(struct standard *standard, uint32_t step, const char *instance, uint32_t activation, uint32_t deadline,
                   instant due, struct findings *findings, struct guan_error *error)
{
    const char *code = code_of(standard, deadline, VERDICT_MISSING);
    struct timely *timely = timely_find(standard, step, instance, activation);
    enum chart_severity severity = declared(standard, deadline, code);
    if (timely && strcmp(timely->code, "STEP_MISSING") != 0 && strcmp(timely->code, "WINDOW_MISSED") != 0)
        return GUAN_OK; /* late or left out already: nothing worse */
    if (timely && (deadline != CHART_NONE || timely->at != INSTANT_NONE)) return GUAN_OK; /* another deadline of the instance */
    if (!timely) timely = timely_make(standard, step, instance, activation, deadline, code, due);
    if (!timely) return error_memory(error);
    if (severity > timely->severity) timely->severity = severity;
    struct finding *finding = finding_timely(standard, findings, step, timely, "open");
    if (!finding) return error_memory(error);
    if (deadline == CHART_NONE)
        finding->clauses = names_union(standard->world->arena, finding->clauses, standard->chart->steps[step].clauses);
    return GUAN_OK;
}

/* --- done ----------------------------------------------------------------------------------------------------------------------
 */

/* A finding that no term stands for any more: of a gate, or of an older activation. */
static int judge_left(struct standard *standard, uint32_t step, struct timely *timely, struct findings *findings,
                      struct guan_error *error)
{
    instant at = standard->world->at;
    if (strcmp(timely->code, "OVERRIDE_USED") == 0) return GUAN_OK;
    if (timely->due == INSTANT_NONE || at <= timely->due) return withdraw(standard, step, timely, at, findings, error);
    if (timely->at != INSTANT_NONE && timely->at <= at) return GUAN_OK; /* done again, later */
    timely->code = code_of(standard, timely->deadline, VERDICT_LATE);
    timely->severity = declared(standard, timely->deadline, timely->code);
    timely->at = at;
    return finding_timely(standard, findings, step, timely, "remedied") ? GUAN_OK : error_memory(error);
}

static bool recurs(const struct standard *standard, const struct timely *timely)
{
    return timely->deadline != CHART_NONE && deadline_recurs(&standard->chart->deadlines[timely->deadline]);
}

static int judge_gates(struct standard *standard, uint32_t step, const char *instance, uint32_t activation,
                       struct findings *findings, struct guan_error *error)
{
    bool current = activation == standard->states[standard->chart->steps[step].state].number;
    int code = GUAN_OK;
    for (size_t i = standard->steps[step].timely_count; i-- > 0 && code == GUAN_OK;) {
        struct timely *timely = &standard->steps[step].timely[i];
        const struct term *term =
            timely->deadline == CHART_NONE ? NULL : facts_term(standard, timely->deadline, timely->instance);
        if (timely->activation != activation || recurs(standard, timely) || (current && term)) continue;
        if (!*timely->instance || strcmp(timely->instance, instance) == 0)
            code = judge_left(standard, step, timely, findings, error);
    }
    return code;
}

/* In the window; else before it; else after it. */
static enum verdict best_completion(const struct step_facts *facts, const char *key, const struct due_window *window, instant *at)
{
    enum verdict verdict = VERDICT_MISSING;
    for (size_t i = 0; i < facts->completion_count; i++) {
        const struct completion *one = &facts->completions[i];
        if (strcmp(one->key, key) != 0) continue;
        if (one->at > window->due) {
            if (verdict == VERDICT_MISSING) verdict = VERDICT_LATE, *at = one->at;
        } else if (one->at >= window->opens) {
            *at = one->at;
            return VERDICT_NONE;
        } else if (verdict == VERDICT_MISSING) {
            verdict = VERDICT_EARLY;
            *at = one->at;
        }
    }
    return verdict;
}

int timely_judge(struct standard *standard, uint32_t deadline, const char *key, const struct due_window *window, instant since,
                 struct findings *findings, struct guan_error *error)
{
    uint32_t step = standard->chart->deadlines[deadline].step;
    struct term *term = facts_term(standard, deadline, key);
    instant at = since;
    enum verdict verdict = since <= window->due ? VERDICT_NONE : VERDICT_LATE;
    if (window->opens != INSTANT_NONE) verdict = best_completion(&standard->steps[step], key, window, &at);
    if (verdict == VERDICT_MISSING) return GUAN_OK;
    if (term && term->status == TERM_ARMED) facts_disarm(standard, deadline, term->key);
    if (term) term->status = verdict == VERDICT_LATE ? TERM_MISSED : TERM_MET;
    witness(standard, verdict == VERDICT_LATE ? SEEN_MISSED : SEEN_MET, deadline);
    return timely_say(standard, step, key, standard->states[standard->chart->steps[step].state].number, deadline, verdict,
                      window->due, at, findings, error);
}

int timely_done(struct standard *standard, uint32_t index, const char *instance, uint32_t activation, struct findings *findings,
                struct guan_error *error)
{
    const struct chart_step *step = &standard->chart->steps[index];
    int code = judge_gates(standard, index, instance, activation, findings, error);
    if (activation != standard->states[step->state].number) return code;
    for (uint32_t d = step->deadlines.first; d < step->deadlines.first + step->deadlines.count && code == GUAN_OK; d++)
        if (!deadline_recurs(&standard->chart->deadlines[d])) code = deadline_done(standard, d, instance, findings, error);
    return code == GUAN_OK ? recur_judge(standard, index, findings, error) : code;
}

/* --- waivers -----------------------------------------------------------------------------------------------------------------
 */

static void drop_terms(struct standard *standard, uint32_t step, const char *instance)
{
    struct chart_span deadlines = standard->chart->steps[step].deadlines;
    for (uint32_t d = deadlines.first; d < deadlines.first + deadlines.count; d++) {
        struct deadline_facts *facts = &standard->deadlines[d];
        if (deadline_recurs(&standard->chart->deadlines[d])) continue;
        for (size_t i = facts->count; i-- > 0;) {
            const char *key = facts->items[i].key;
            if (facts->items[i].status != TERM_ARMED || (instance && strcmp(key, instance) != 0)) continue;
            facts_disarm(standard, d, key);
            facts_term_remove(standard, d, key);
        }
    }
}

static int override(struct standard *standard, uint32_t step, struct timely *timely, struct findings *findings,
                    struct guan_error *error)
{
    timely->code = "OVERRIDE_USED";
    timely->severity = severity_of_code("OVERRIDE_USED");
    struct finding *finding = finding_timely(standard, findings, step, timely, "waived");
    if (!finding) return error_memory(error);
    finding->clauses = names_union(standard->world->arena, finding->clauses, standard->chart->steps[step].clauses);
    return GUAN_OK;
}

int timely_waived(struct standard *standard, uint32_t step, const char *instance, uint32_t activation, struct findings *findings,
                  struct guan_error *error)
{
    struct step_facts *facts = &standard->steps[step];
    size_t taken = 0;
    drop_terms(standard, step, instance);
    recur_waive(standard, step);
    for (size_t i = 0; i < facts->timely_count; i++) {
        struct timely *timely = &facts->timely[i];
        if (timely->activation != activation || (instance && strcmp(timely->instance, instance) != 0)) continue;
        if (strcmp(timely->code, "OVERRIDE_USED") == 0) continue;
        taken++;
        int code = override(standard, step, timely, findings, error);
        if (code != GUAN_OK) return code;
    }
    if (taken) return GUAN_OK;
    struct timely *timely =
        timely_make(standard, step, instance ? instance : "", activation, CHART_NONE, "OVERRIDE_USED", INSTANT_NONE);
    return timely ? override(standard, step, timely, findings, error) : error_memory(error);
}
