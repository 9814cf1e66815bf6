/* Making findings, and what the dealer's hook thinks of their weight. */
#include "standard/findings.h"

#include "standard/eval.h"
#include "standard/refuse.h"

#include "base/text.h"

#include <string.h>

static const struct known_code {
    const char *code;
    enum chart_severity severity;
} codes[] = {{"STEP_MISSING", CHART_MAJOR},  {"STEP_LATE", CHART_MINOR},     {"WINDOW_EARLY", CHART_INFO},
             {"WINDOW_MISSED", CHART_MAJOR}, {"FIELD_INVALID", CHART_MINOR}, {"ORDER_VIOLATION", CHART_MAJOR},
             {"PROHIBITED", CHART_MAJOR},    {"ROLE_DENIED", CHART_MAJOR},   {"GUARD_BLOCKED", CHART_INFO},
             {"OVERRIDE_USED", CHART_MINOR}, {"OPEN_AT_CLOSE", CHART_MAJOR}, {"LATE_ENTRY", CHART_INFO},
             {"PRIVACY", CHART_CRITICAL},    {"FREQ_EXCEEDED", CHART_MINOR}, {"FREQ_GAP", CHART_MINOR},
             {"SILENCE", CHART_MINOR},       {"REMEDIED", CHART_INFO}};

static const struct known_code *known(const char *code)
{
    for (size_t i = 0; code && i < sizeof codes / sizeof *codes; i++)
        if (strcmp(codes[i].code, code) == 0) return &codes[i];
    return NULL;
}

enum chart_severity severity_of_code(const char *code)
{
    const struct known_code *found = known(code);
    return found ? found->severity : CHART_MINOR;
}

bool finding_code(const char *code)
{
    return known(code) != NULL;
}

bool names_law(const struct world *world, const struct chart_names *clauses)
{
    for (uint32_t i = 0; world->catalogue && i < clauses->count; i++) {
        const struct clause *clause = catalogue_clause(world->catalogue, clauses->items[i]);
        if (clause && clause->klass == CHART_CLASS_LAW) return true;
    }
    return false;
}

/* --- the dealer's score -------------------------------------------------------------------------------------------------------
 */

static bool is_law(const struct standard *standard, const struct finding *finding)
{
    uint32_t step = finding->step ? chart_step_by_id(standard->chart, finding->step) : CHART_NONE;
    if (names_law(standard->world, &finding->clauses)) return true;
    return step != CHART_NONE && standard->chart->steps[step].klass == CHART_CLASS_LAW;
}

static struct value *describe(struct standard *standard, const struct finding *finding)
{
    struct arena *arena = standard->world->arena;
    struct value *map = value_map(arena);
    value_set_text(arena, map, "code", finding->code);
    value_set_text(arena, map, "severity", chart_severity_name(finding->severity));
    value_set_text(arena, map, "status", finding->status);
    value_set_text(arena, map, "process", finding->process);
    value_set_text(arena, map, "step", finding->step);
    value_set_text(arena, map, "rule", finding->deadline);
    value_set(arena, map, "clause", names_value(arena, &finding->clauses));
    if (finding->due != INSTANT_NONE && finding->at != INSTANT_NONE)
        value_set_int(arena, map, "late_ms", finding->at - finding->due);
    return map;
}

/* Never law; never to nothing. */
static bool score(struct standard *standard, struct finding *finding)
{
    static const enum chart_severity known[] = {CHART_INFO, CHART_MINOR, CHART_MAJOR, CHART_CRITICAL};
    struct world *world = standard->world;
    struct value *results;
    struct guan_error ignored = {0};
    if (!world->hooks || !hooks_has(world->hooks, "score") || is_law(standard, finding)) return true;
    if (strcmp(finding->code, "HOOK_ERROR") == 0) return true;
    int code = eval_hook(standard, "score", describe(standard, finding), NULL, &results, &ignored);
    const struct value *answer = value_at(results, 0);
    if (code == GUAN_FAILED) return false;
    if (code == GUAN_OK && !standard->fault && (!answer || answer->kind == VALUE_NULL)) return true;
    const char *name = value_as_text(answer);
    for (size_t i = 0; name && i < sizeof known / sizeof *known; i++) {
        if (strcmp(name, chart_severity_name(known[i])) != 0) continue;
        finding->severity = known[i];
        return true;
    }
    const char *why = code == GUAN_OK && !standard->fault ? "what it answers is no severity" : "it failed";
    return finding_hook(standard, "score", CHART_NONE, finding->clauses, "score", why, NULL) == GUAN_OK;
}

static struct finding *append(struct standard *standard, struct findings *findings, const struct finding *finding)
{
    struct finding scored = *finding;
    if (!score(standard, &scored)) return NULL;
    if (!LIST_ROOM(standard->world->arena, findings->items, findings->count, findings->capacity)) return NULL;
    findings->items[findings->count] = scored;
    return &findings->items[findings->count++];
}

const char *finding_next(struct standard *standard)
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
                            uint32_t step, struct chart_names clauses, const char *rule)
{
    struct finding finding = about(standard, code, severity, step, clauses);
    finding.fid = finding_next(standard);
    finding.deadline = rule;
    return finding.fid ? append(standard, findings, &finding) : NULL;
}

/* A hook's answer that cannot hold: the flow's rule does, and it is told. The id is given when it is. */
int finding_hook(struct standard *standard, const char *hook, uint32_t step, struct chart_names clauses, const char *rule,
                 const char *why, struct guan_error *error)
{
    struct findings *pending = &standard->pending;
    struct finding finding = about(standard, "HOOK_ERROR", CHART_INFO, step, clauses);
    finding.deadline = rule;
    finding.at = standard->world->at;
    finding.text = arena_printf(standard->world->arena, "the dealer's hook %s for %s%s%s does not hold: %s", hook, rule,
                                finding.step ? " of " : "", finding.step ? finding.step : "", why);
    for (size_t i = 0; finding.text && i < pending->count; i++)
        if (pending->items[i].at == finding.at && strcmp(pending->items[i].text, finding.text) == 0) return GUAN_OK;
    if (!finding.text || !LIST_ROOM(standard->world->arena, pending->items, pending->count, pending->capacity))
        return error_memory(error);
    pending->items[pending->count++] = finding;
    return GUAN_OK;
}

int findings_tell(struct standard *standard, struct findings *findings, struct guan_error *error)
{
    for (; standard->told < standard->pending.count; standard->told++) {
        struct finding *finding = &standard->pending.items[standard->told];
        finding->fid = finding_next(standard);
        if (!finding->fid || !append(standard, findings, finding)) return error_memory(error);
    }
    return GUAN_OK;
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
