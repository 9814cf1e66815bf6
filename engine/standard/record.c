/* standard_step: is this record allowed, what does it break, what is kept of it.
 *
 *   known → open, or a late entry → not twice → asked for → fields → roles → not-by → after → limits → hook → evidence →
 * done-when → kept
 *
 * Up to the last arrow nothing is remembered, so that a refusal leaves no trace. */
#include "standard/answers.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>

/* --- known, open --------------------------------------------------------------------------------------------------------------
 */

static const char *open_steps(struct standard *standard)
{
    struct arena *arena = standard->world->arena;
    const char **items = arena_alloc(arena, (standard->chart->step_count + 1) * sizeof *items);
    struct chart_names names = {items, 0};
    for (uint32_t i = 0; items && i < standard->chart->step_count; i++) {
        const struct chart_step *step = &standard->chart->steps[i];
        if (!facts_active(standard, step->state) || standard->steps[i].asked == ANSWER_NO) continue;
        if (!step->repeat && facts_satisfied(standard, i, NULL, INT64_MAX)) continue;
        items[names.count++] = step->id;
    }
    return names.count ? names_text(arena, &names) : NULL;
}

static int hint_open(struct judge *judge, int code)
{
    const char *open = open_steps(judge->standard);
    if (!open)
        return refuse_hint(judge->refusal, judge->error, judge->standard, code, "nothing is open in %s", judge->standard->id);
    return refuse_hint(judge->refusal, judge->error, judge->standard, code, "open in %s: %s", judge->standard->id, open);
}

static int judge_known(struct judge *judge)
{
    struct standard *standard = judge->standard;
    const char *close = NULL;
    judge->index = chart_step_by_id(standard->chart, judge->act->step);
    if (judge->index != CHART_NONE) {
        judge->step = &standard->chart->steps[judge->index];
        standard->world->duty = judge->step->duty;
        judge->record->step = judge->index;
        return GUAN_OK;
    }
    for (uint32_t i = 0; i < standard->chart->step_count; i++)
        close = closer(judge->act->step, close, standard->chart->steps[i].id);
    int code = refuse_usage(judge->refusal, judge->error, standard, NULL, "unknown-step", "%s has no step %s", standard->process,
                            judge->act->step);
    if (close) return refuse_hint(judge->refusal, judge->error, standard, code, "did you mean %s?", close);
    return hint_open(judge, code);
}

static int judge_open(struct judge *judge)
{
    struct standard *standard = judge->standard;
    const struct run *run;
    judge->activation = facts_activation(standard, judge->step->state, standard->world->at, &judge->late, &run);
    judge->record->late_entry = judge->late;
    if (judge->activation) {
        judge->entered = run->entered;
        return GUAN_OK;
    }
    char when[24];
    instant_format_local(standard->world->house->zone, standard->world->at, false, when, sizeof when);
    bool now = facts_active(standard, judge->step->state);
    int code = refuse_usage(judge->refusal, judge->error, standard, judge->step->id, "step-not-open", "%s was not open at %s",
                            step_label(standard, judge->index), when);
    if (!now) return hint_open(judge, code);
    instant_format_local(standard->world->house->zone, facts_run(standard, judge->step->state)->entered, true, when, sizeof when);
    return refuse_hint(judge->refusal, judge->error, standard, code, "it is open since %s", when);
}

/* Done already in the activation that this record belongs to? */
static int judge_twice(struct judge *judge)
{
    const struct instance *item = facts_instance(judge->standard, judge->index, judge->key);
    char when[24];
    if (judge->step->repeat || !item || !item->done || item->activation != judge->activation) return GUAN_OK;
    instant_format_local(judge->standard->world->house->zone, item->at, false, when, sizeof when);
    int code = refuse_usage(judge->refusal, judge->error, judge->standard, judge->step->id, "step-done",
                            "%s was done at %s already", step_label(judge->standard, judge->index), when);
    return refuse_hint(judge->refusal, judge->error, judge->standard, code, "it is done once; correct it with amend");
}

static int judge_asked(struct judge *judge)
{
    bool asked;
    if (judge->step->when == CHART_NONE || judge->late) return GUAN_OK;
    focus_state(judge->standard, judge->step->state);
    int code = eval_flag(judge->standard, judge->step->when, true, &asked, judge->error);
    if (code != GUAN_OK || asked) return code;
    return hint_open(judge, refuse_usage(judge->refusal, judge->error, judge->standard, judge->step->id, "step-not-asked",
                                         "%s is not asked for now", step_label(judge->standard, judge->index)));
}

/* The instance is named by the value that the machine sees. */
static const char *key_of(struct judge *judge, uint32_t field)
{
    struct arena *arena = judge->standard->world->arena;
    const struct value *value = value_get(judge->record->form, judge->standard->chart->fields[field].name);
    if (!value || value->kind == VALUE_TEXT) return value_as_text(value);
    struct buffer text = {0};
    json_write(&text, value);
    const char *key = text.data ? arena_text(arena, text.data, text.length) : NULL;
    buffer_release(&text);
    return key;
}

static int judge_key(struct judge *judge)
{
    if (judge->step->per == CHART_NONE) return GUAN_OK;
    judge->record->instance = key_of(judge, judge->step->per);
    /* In mode warn it may be missing: then there is a finding, and no instance. */
    judge->key = judge->record->instance ? judge->record->instance : "";
    return arena_failed(judge->standard->world->arena) ? error_memory(judge->error) : GUAN_OK;
}

/* --- order ---------------------------------------------------------------------------------------------------------------------
 */

/* Done, left out or not due, for the same value of the prerequisite's `per` field where this record has that field. */
static int before_done(struct judge *judge, uint32_t other, bool *done)
{
    struct standard *standard = judge->standard;
    const struct chart_step *step = &standard->chart->steps[other];
    const char *key = step->per == CHART_NONE ? NULL : key_of(judge, step->per);
    *done = facts_satisfied(standard, other, key, standard->world->at);
    if (*done) return GUAN_OK;
    bool asked;
    int code = eval_asked(standard, other, &asked, judge->error);
    *done = code == GUAN_OK && !asked;
    return code;
}

int judge_after(struct judge *judge)
{
    struct standard *standard = judge->standard;
    struct buffer names = {0};
    judge->order = judge->step->clauses;
    for (uint32_t i = 0; i < judge->step->after.count; i++) {
        uint32_t other = standard->chart->step_refs[judge->step->after.first + i];
        bool done;
        int code = before_done(judge, other, &done);
        if (code != GUAN_OK) return code;
        if (done) continue;
        buffer_printf(&names, "%s%s", judge->disorder ? ", " : "", step_label(standard, other));
        judge->disorder = true;
        judge->order = names_union(standard->world->arena, judge->order, standard->chart->steps[other].clauses);
        if (judge->step->mode == CHART_MODE_BLOCK && !judge->late) refuse_missing_step(judge->refusal, standard, other);
    }
    const char *text = arena_text(standard->world->arena, names.data ? names.data : "", names.length);
    buffer_release(&names);
    if (!text) return error_memory(judge->error);
    if (!judge->disorder || judge->step->mode == CHART_MODE_WARN || judge->late) return GUAN_OK;
    int code = refuse_no(judge->refusal, judge->error, standard, judge->step->id, "GUARD_BLOCKED", "after", judge->order,
                         "%s comes after %s", step_label(standard, judge->index), text);
    return refuse_hint(judge->refusal, judge->error, standard, code, "do first: %s", text);
}

/* --- limits and hook
 * ------------------------------------------------------------------------------------------------------------ */

static int refuse_failing(struct judge *judge)
{
    struct standard *standard = judge->standard;
    struct chart_names clauses = {NULL, 0};
    for (size_t i = 0; i < judge->failing_count; i++) {
        refuse_missing_field(judge->refusal, standard, judge->failing[i].field);
        clauses = names_union(standard->world->arena, clauses, judge_clauses(judge, judge->failing[i].field));
    }
    const struct chart_field *first = judge->failing[0].field;
    return refuse_no(judge->refusal, judge->error, standard, judge->step->id, "GUARD_BLOCKED", "check", clauses, "%s: %s %s: %s",
                     step_label(standard, judge->index), first->name, first->title ? first->title : "", judge->failing[0].why);
}

/* What is missing may have waited for the hook, which may let it pass. */
int judge_rules(struct judge *judge)
{
    bool missing = false, block = judge->step->mode == CHART_MODE_BLOCK;
    int code = judge_limits(judge);
    if (code == GUAN_OK) code = judge_hook(judge);
    for (size_t i = 0; i < judge->failing_count; i++) missing = missing || !judge->failing[i].rule;
    if (code != GUAN_OK) return code;
    if (missing && block) return judge_missing(judge);
    if (!judge->failing_count || !block || judge->late) return judge_hook_no(judge);
    code = refuse_failing(judge);
    if (judge->answer.says != HOOK_YES) return code;
    return refuse_hint(judge->refusal, judge->error, judge->standard, code,
                       "the dealer's rule lets it pass, but it is law, or not tunable");
}

/* --- evidence, done-when
 * ---------------------------------------------------------------------------------------------------------- */

static bool is_evidence_field(const struct judge *judge, const char *kind)
{
    const struct chart *chart = judge->standard->chart;
    uint32_t field = chart_field_by_name(chart, &judge->step->fields, kind);
    return field != CHART_NONE && chart->fields[field].type == CHART_EVIDENCE;
}

/* "sheet!" names the kind "sheet". */
static bool is_kind(const char *item, const char *kind)
{
    size_t length = strlen(kind);
    return strncmp(item, kind, length) == 0 && (item[length] == '\0' || strcmp(item + length, "!") == 0);
}

static int judge_evidence(struct judge *judge)
{
    const struct chart_names *kinds = &judge->step->evidence;
    struct standard *standard = judge->standard;
    for (size_t e = 0; e < judge->act->evidence_count; e++) {
        const char *kind = judge->act->evidence[e].kind;
        bool known = is_evidence_field(judge, kind);
        for (uint32_t i = 0; i < kinds->count && !known; i++) known = is_kind(kinds->items[i], kind);
        if (known) continue;
        int code = refuse_usage(judge->refusal, judge->error, standard, judge->step->id, "evidence", "%s takes no attachment %s",
                                step_label(standard, judge->index), kind);
        return refuse_hint(judge->refusal, judge->error, standard, code, "it takes: %s",
                           names_text(standard->world->arena, kinds));
    }
    for (uint32_t i = 0; i < kinds->count; i++) {
        const char *item = kinds->items[i];
        size_t length = strlen(item);
        bool there = length == 0 || item[length - 1] != '!';
        for (size_t e = 0; e < judge->act->evidence_count && !there; e++) there = is_kind(item, judge->act->evidence[e].kind);
        if (there) continue;
        int code = refuse_usage(judge->refusal, judge->error, standard, judge->step->id, "evidence",
                                "%s needs the attachment %.*s", step_label(standard, judge->index), (int)(length - 1), item);
        return refuse_hint(judge->refusal, judge->error, standard, code, "add %.*s=@FILE", (int)(length - 1), item);
    }
    return GUAN_OK;
}

int judge_complete(struct judge *judge)
{
    bool complete = true;
    int code = GUAN_OK;
    if (judge->step->done_when != CHART_NONE) {
        judge_focus(judge);
        code = eval_flag(judge->standard, judge->step->done_when, false, &complete, judge->error);
    }
    judge->record->complete = complete;
    return code;
}

/* --- the whole
 * ------------------------------------------------------------------------------------------------------------------------ */

int judge_turn(struct judge *judge)
{
    int code = judge_known(judge);
    if (code == GUAN_OK) code = judge_open(judge);
    if (code != GUAN_OK) return code;
    judge->key = "";
    if (judge->step->per == CHART_NONE) code = judge_twice(judge);
    if (code == GUAN_OK) code = eval_bind(judge->standard, judge->step->id, NULL, NULL, judge->error);
    return code == GUAN_OK ? judge_asked(judge) : code;
}

static int judge_record(struct judge *judge)
{
    struct standard *standard = judge->standard;
    int code = judge_turn(judge);
    if (code == GUAN_OK) code = judge_fields(judge);
    if (code == GUAN_OK) code = judge_key(judge);
    if (code == GUAN_OK && judge->step->per != CHART_NONE) code = judge_twice(judge);
    if (code == GUAN_OK) code = judge_roles(judge);
    if (code == GUAN_OK) code = judge_not_by(judge);
    if (code == GUAN_OK) code = judge_after(judge);
    if (code == GUAN_OK && judge->step->fields.count)
        code = eval_bind(standard, judge->step->id, judge->record->form, judge->record->role, judge->error);
    if (code == GUAN_OK) code = judge_rules(judge);
    if (code == GUAN_OK) code = judge_evidence(judge);
    return code == GUAN_OK ? judge_complete(judge) : code;
}

/* A verdict that Lua did not reach in its budget is a refusal like another. */
static int out_of_budget(struct judge *judge, int code)
{
    if (code != GUAN_NO || judge->refusal->code || !judge->step) return code;
    return refuse_no(judge->refusal, judge->error, judge->standard, judge->step->id, "GUARD_BLOCKED", "script-budget",
                     judge->step->clauses, "an expression of %s took too long", judge->step->id);
}

int standard_step(struct standard *standard, const struct act *act, uint64_t entry, struct record *record,
                  struct findings *findings, struct refusal *refusal, struct guan_error *error)
{
    struct judge judge = {
        .standard = standard, .act = act, .record = record, .refusal = refusal, .error = error, .entered = INSTANT_NONE};
    *record = (struct record){.step = CHART_NONE};
    *refusal = (struct refusal){0};
    standard_moment(standard->world);
    int code = out_of_budget(&judge, judge_record(&judge));
    focus_set(standard, FOCUS_NONE);
    if (code == GUAN_OK) code = judge_keep(&judge, entry);
    if (code == GUAN_OK) code = judge_findings(&judge, findings);
    if (code == GUAN_OK) code = judge_answered(&judge, findings);
    if (code == GUAN_OK && record->complete)
        code = timely_done(standard, judge.index, judge.key, judge.activation, findings, error);
    if (code == GUAN_OK) code = standard_lag(standard, judge.step->id, findings, error);
    if (code == GUAN_OK) code = findings_tell(standard, findings, error);
    if (code == GUAN_OK) standard_moment(standard->world);
    return code == GUAN_OK && arena_failed(standard->world->arena) ? error_memory(error) : code;
}
