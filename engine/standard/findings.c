/* Findings. Those of timeliness are remembered with the step, so that one keeps its id through its life. */
#include "standard/findings.h"

#include "standard/refuse.h"

#include "base/text.h"

#include <string.h>

enum chart_severity severity_of_code(const char *code)
{
    static const struct {
        const char *code;
        enum chart_severity severity;
    } table[] = {{"STEP_MISSING", CHART_MAJOR},  {"STEP_LATE", CHART_MINOR},     {"WINDOW_EARLY", CHART_INFO},
                 {"WINDOW_MISSED", CHART_MAJOR}, {"FIELD_INVALID", CHART_MINOR}, {"ORDER_VIOLATION", CHART_MAJOR},
                 {"PROHIBITED", CHART_MAJOR},    {"ROLE_DENIED", CHART_MAJOR},   {"GUARD_BLOCKED", CHART_INFO},
                 {"OVERRIDE_USED", CHART_MINOR}, {"OPEN_AT_CLOSE", CHART_MAJOR}, {"LATE_ENTRY", CHART_INFO},
                 {"PRIVACY", CHART_CRITICAL},    {"REMEDIED", CHART_INFO}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].code, code) == 0) return table[i].severity;
    return CHART_MINOR;
}

static struct finding *append(struct standard *standard, struct findings *findings, const struct finding *finding)
{
    if (!LIST_ROOM(standard->world->arena, findings->items, findings->count, findings->capacity)) return NULL;
    findings->items[findings->count] = *finding;
    return &findings->items[findings->count++];
}

static const char *next_fid(struct standard *standard)
{
    return arena_printf(standard->world->arena, "F%u", ++standard->world->findings);
}

static struct finding about(struct standard *standard, const char *code, enum chart_severity severity, uint32_t step,
                            struct chart_names clauses)
{
    return (struct finding){.code = code,
                            .severity = severity,
                            .clauses = clauses,
                            .status = severity == CHART_INFO ? "noted" : "open",
                            .process = standard->process,
                            .session = standard->id,
                            .step = step == CHART_NONE ? NULL : standard->chart->steps[step].id,
                            .due = INSTANT_NONE,
                            .at = INSTANT_NONE};
}

struct finding *finding_add(struct standard *standard, struct findings *findings, const char *code, enum chart_severity severity,
                            uint32_t step, struct chart_names clauses)
{
    struct finding finding = about(standard, code, severity, step, clauses);
    finding.fid = next_fid(standard);
    return finding.fid ? append(standard, findings, &finding) : NULL;
}

/* --- timeliness ------------------------------------------------------------------------------------------------------------ */

static struct chart_names clauses_of(struct standard *standard, uint32_t step, const struct timely *timely)
{
    const struct chart_step *said = &standard->chart->steps[step];
    if (timely->deadline == CHART_NONE || standard->chart->deadlines[timely->deadline].clauses.count == 0) return said->clauses;
    return standard->chart->deadlines[timely->deadline].clauses;
}

static const char *text_of(struct standard *standard, uint32_t step, const struct timely *timely)
{
    char due[24], late[64];
    const char *label = step_label(standard, step);
    struct arena *arena = standard->world->arena;
    if (timely->due == INSTANT_NONE) return arena_printf(arena, "%s was not done", label);
    instant_format_local(standard->world->house->zone, timely->due, false, due, sizeof due);
    if (timely->at == INSTANT_NONE) return arena_printf(arena, "%s was due at %s", label, due);
    duration_format_people(timely->at - timely->due, true, late, sizeof late);
    if (timely->at > timely->due) return arena_printf(arena, "%s was due at %s, done %s late", label, due, late);
    return arena_printf(arena, "%s was due at %s and done by then", label, due);
}

struct finding *finding_timely(struct standard *standard, struct findings *findings, uint32_t step, const struct timely *timely,
                               const char *status)
{
    struct finding finding = about(standard, timely->code, timely->severity, step, clauses_of(standard, step, timely));
    finding.fid = timely->fid;
    finding.status = status;
    finding.instance = *timely->instance ? timely->instance : NULL;
    finding.deadline = timely->deadline == CHART_NONE ? NULL : standard->chart->deadlines[timely->deadline].id;
    finding.due = timely->due;
    finding.at = timely->at;
    finding.text = text_of(standard, step, timely);
    return append(standard, findings, &finding);
}

static enum chart_severity declared(const struct standard *standard, uint32_t deadline, const char *code)
{
    enum chart_severity severity =
        deadline == CHART_NONE ? CHART_SEVERITY_DEFAULT : standard->chart->deadlines[deadline].severity;
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

static struct timely *timely_make(struct standard *standard, uint32_t step, const char *instance, uint32_t activation,
                                  uint32_t deadline, const char *code, instant due)
{
    struct step_facts *facts = &standard->steps[step];
    const char *fid = next_fid(standard), *copy = arena_text(standard->world->arena, instance, strlen(instance));
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

static void timely_forget(struct standard *standard, uint32_t step, size_t index)
{
    struct step_facts *facts = &standard->steps[step];
    facts->timely_count--;
    memmove(&facts->timely[index], &facts->timely[index + 1], (facts->timely_count - index) * sizeof *facts->timely);
}

int timely_missing(struct standard *standard, uint32_t step, const char *instance, uint32_t activation, uint32_t deadline,
                   instant due, struct findings *findings, struct guan_error *error)
{
    struct timely *timely = timely_find(standard, step, instance, activation);
    enum chart_severity severity = declared(standard, deadline, "STEP_MISSING");
    bool stands = timely != NULL;
    if (stands && strcmp(timely->code, "STEP_MISSING") != 0) return GUAN_OK; /* late or left out already: nothing worse */
    if (stands && deadline != CHART_NONE) return GUAN_OK;                    /* another deadline of the same instance */
    if (!stands) timely = timely_make(standard, step, instance, activation, deadline, "STEP_MISSING", due);
    if (!timely) return error_memory(error);
    if (severity > timely->severity) timely->severity = severity;
    struct finding *finding = finding_timely(standard, findings, step, timely, "open");
    if (!finding) return error_memory(error);
    if (deadline == CHART_NONE)
        finding->clauses = names_union(standard->world->arena, finding->clauses, standard->chart->steps[step].clauses);
    return GUAN_OK;
}

/* What becomes of one standing finding now that the step was done at `at`. */
static int judge_late(struct standard *standard, uint32_t step, size_t index, struct findings *findings, struct guan_error *error)
{
    struct timely *timely = &standard->steps[step].timely[index];
    instant at = standard->world->at;
    if (strcmp(timely->code, "OVERRIDE_USED") == 0) return GUAN_OK;
    if (timely->due == INSTANT_NONE || at <= timely->due) { /* it had been done in time, as it now turns out */
        timely->at = at;
        if (!finding_timely(standard, findings, step, timely, "withdrawn")) return error_memory(error);
        timely_forget(standard, step, index);
        return GUAN_OK;
    }
    if (timely->at != INSTANT_NONE && timely->at <= at) return GUAN_OK; /* done again, later */
    timely->code = "STEP_LATE";
    timely->severity = declared(standard, timely->deadline, "STEP_LATE");
    timely->at = at;
    return finding_timely(standard, findings, step, timely, "remedied") ? GUAN_OK : error_memory(error);
}

static int judge_all(struct standard *standard, uint32_t step, const char *instance, uint32_t activation,
                     struct findings *findings, struct guan_error *error)
{
    int code = GUAN_OK;
    for (size_t i = standard->steps[step].timely_count; i-- > 0 && code == GUAN_OK;) {
        const struct timely *timely = &standard->steps[step].timely[i];
        if (timely->activation == activation && (!*timely->instance || strcmp(timely->instance, instance) == 0))
            code = judge_late(standard, step, i, findings, error);
    }
    return code;
}

/* A term whose time had passed without its timer having fired. */
static int late_unfired(struct standard *standard, uint32_t step, uint32_t deadline, const struct term *term, uint32_t activation,
                        struct findings *findings, struct guan_error *error)
{
    if (standard->chart->deadlines[deadline].severity == CHART_SEVERITY_NONE) return GUAN_OK;
    if (timely_find(standard, step, term->key, activation)) return GUAN_OK;
    struct timely *timely = timely_make(standard, step, term->key, activation, deadline, "STEP_LATE", term->due);
    if (!timely) return error_memory(error);
    timely->at = standard->world->at;
    return finding_timely(standard, findings, step, timely, "remedied") ? GUAN_OK : error_memory(error);
}

static int meet(struct standard *standard, uint32_t step, uint32_t deadline, struct term *term, uint32_t activation,
                struct findings *findings, struct guan_error *error)
{
    bool in_time = standard->world->at <= term->due, armed = term->status == TERM_ARMED;
    if (term->status == TERM_MET) return GUAN_OK;
    if (armed) facts_timer(standard, deadline, term->key, INSTANT_NONE);
    term->status = in_time ? TERM_MET : TERM_MISSED;
    return !in_time && armed ? late_unfired(standard, step, deadline, term, activation, findings, error) : GUAN_OK;
}

int timely_done(struct standard *standard, uint32_t index, const char *instance, uint32_t activation, struct findings *findings,
                struct guan_error *error)
{
    const struct chart_step *step = &standard->chart->steps[index];
    int code = judge_all(standard, index, instance, activation, findings, error);
    if (activation != standard->states[step->state].number) return code;
    for (uint32_t d = step->deadlines.first; d < step->deadlines.first + step->deadlines.count && code == GUAN_OK; d++) {
        struct term *term = facts_term(standard, d, instance);
        if (!term) term = facts_term(standard, d, "");
        if (term) code = meet(standard, index, d, term, activation, findings, error);
    }
    return code;
}

/* --- waivers -----------------------------------------------------------------------------------------------------------------
 */

static void drop_terms(struct standard *standard, uint32_t step, const char *instance)
{
    struct chart_span deadlines = standard->chart->steps[step].deadlines;
    for (uint32_t d = deadlines.first; d < deadlines.first + deadlines.count; d++) {
        struct deadline_facts *facts = &standard->deadlines[d];
        for (size_t i = facts->count; i-- > 0;) {
            const char *key = facts->items[i].key;
            if (facts->items[i].status != TERM_ARMED || (instance && strcmp(key, instance) != 0)) continue;
            facts_timer(standard, d, key, INSTANT_NONE);
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
