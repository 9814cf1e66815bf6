/* What becomes of a hook's answer: a yes relaxes what is tunable and no law, a no refuses, or leaves a finding where what has
 * happened cannot be refused. A duty towards the customer heeds neither. */
#include "standard/answers.h"

#include "base/text.h"

#include "base/text.h"

/* --- no ------------------------------------------------------------------------------------------------------------------- */

int answer_no(const struct asked *asked, const struct hook_answer *answer, const char **leaves, struct refusal *refusal,
              struct guan_error *error)
{
    struct standard *standard = asked->standard;
    const struct chart_step *step = asked->step == CHART_NONE ? NULL : &standard->chart->steps[asked->step];
    struct chart_names clauses = step ? step->clauses : (struct chart_names){NULL, 0};
    bool failed = answer->says == HOOK_FAILED, duty = step && step->duty, known = finding_code(answer->code);
    *leaves = NULL;
    if (duty || (failed && asked->late))
        return finding_hook(standard, asked->hook, asked->step, clauses, asked->hook,
                            failed ? answer->why : "a duty towards the customer cannot be refused", error);
    if (!failed && (asked->late || (known && step && step->mode == CHART_MODE_WARN))) {
        *leaves = known ? answer->code : "PROHIBITED";
        return GUAN_OK;
    }
    const char *reason = answer->code ? answer->code : "hook", *label = step ? step_label(standard, asked->step) : asked->name;
    return refuse_no(refusal, error, standard, asked->name, "GUARD_BLOCKED", reason, clauses, "the dealer's rule %s %s: %s",
                     failed ? "failed for" : "refuses", label, failed ? answer->why : reason);
}

int answer_leaves(const struct asked *asked, const char *code, struct chart_names clauses, struct findings *findings,
                  struct guan_error *error)
{
    struct standard *standard = asked->standard;
    struct finding *finding = finding_add(standard, findings, code, severity_of_code(code), asked->step, clauses, asked->hook);
    if (!finding) return error_memory(error);
    finding->at = standard->world->at;
    finding->text = arena_printf(standard->world->arena, "%s: by the dealer's rule %s", asked->name, asked->hook);
    return finding->text ? GUAN_OK : error_memory(error);
}

/* --- validate ------------------------------------------------------------------------------------------------------------- */

static struct asked about(const struct judge *judge)
{
    return (struct asked){judge->standard, "validate", judge->step->id, judge->index, judge->late};
}

static bool relaxable(const struct judge *judge, const struct chart_field *field)
{
    const struct chart *chart = judge->standard->chart;
    bool names_instance = judge->step->per != CHART_NONE && field == &chart->fields[judge->step->per];
    return field->tunable && !names_instance;
}

bool judge_may_relax(const struct judge *judge)
{
    const struct world *world = judge->standard->world;
    if (!world->hooks || !hooks_has(world->hooks, "validate")) return false;
    for (size_t i = 0; i < judge->failing_count; i++)
        if (!relaxable(judge, judge->failing[i].field)) return false;
    return true;
}

/* Takes what is tunable out of what fails; the names of those fields. */
static struct value *relax(struct judge *judge)
{
    struct arena *arena = judge->standard->world->arena;
    struct value *fields = value_list(arena);
    size_t kept = 0;
    judge->leaves_clauses = judge->step->clauses;
    for (size_t i = 0; i < judge->failing_count; i++) {
        const struct chart_field *field = judge->failing[i].field;
        if (!relaxable(judge, field)) {
            judge->failing[kept++] = judge->failing[i];
            continue;
        }
        value_add(arena, fields, value_text(arena, field->name));
        judge->leaves_clauses = names_union(arena, judge->leaves_clauses, field->clauses);
    }
    judge->failing_count = kept;
    return fields;
}

/* What the hook let pass stands in the record; its verdict on values that may be erased does, too. */
static int judge_yes(struct judge *judge, struct value *verdict)
{
    struct arena *arena = judge->standard->world->arena;
    struct value *fields = relax(judge);
    if (judge_veiled(judge)) value_set_text(arena, verdict, "verdict", "ok");
    if (value_count(fields)) {
        value_set_text(arena, verdict, "verdict", "relaxed");
        value_set_text(arena, verdict, "code", judge->answer.code);
        value_set(arena, verdict, "fields", fields);
        if (finding_code(judge->answer.code)) judge->leaves = judge->answer.code;
    }
    if (!judge->failing_count) return GUAN_OK;
    return finding_hook(judge->standard, "validate", judge->index, judge->step->clauses, "validate",
                        "what fails is law, or not tunable", judge->error);
}

/* What the hook said then, of values that may be gone now. */
static void given_answer(struct judge *judge)
{
    const struct value *facts = value_get(judge->act->given->facts, ".validate");
    const char *verdict = value_get_text(facts, "verdict");
    judge->answer = (struct hook_answer){.says = verdict ? HOOK_NO : HOOK_NOTHING, .why = "so it was then"};
    if (!verdict) return;
    if (text_equal(verdict, "ok") || text_equal(verdict, "relaxed")) judge->answer.says = HOOK_YES;
    else if (text_equal(verdict, "hook-error") || text_equal(verdict, "script-budget")) judge->answer.says = HOOK_FAILED;
    judge->answer.code = judge->answer.says == HOOK_YES ? value_get_text(facts, "code")
                         : text_equal(verdict, "hook")  ? NULL
                                                        : verdict;
}

int judge_hook(struct judge *judge)
{
    struct standard *standard = judge->standard;
    struct arena *arena = standard->world->arena;
    struct value *verdict = value_map(arena);
    bool veiled = judge_veiled(judge);
    int code = GUAN_OK;
    judge_focus(judge);
    if (judge->record->derived) value_remove(judge->record->derived, ".validate");
    if (veiled && judge->act->given) given_answer(judge);
    else code = hook_ask(standard, "validate", eval_step(standard, judge->index), judge->typed, &judge->answer, judge->error);
    if (code != GUAN_OK) return code;
    if (judge->answer.says == HOOK_YES) code = judge_yes(judge, verdict);
    if ((judge->answer.says == HOOK_NO || judge->answer.says == HOOK_FAILED) && veiled)
        value_set_text(arena, verdict, "verdict", judge->answer.code ? judge->answer.code : "hook");
    if (code != GUAN_OK || !value_count(verdict)) return code;
    if (!judge->record->derived) judge->record->derived = value_map(arena);
    value_set(arena, judge->record->derived, ".validate", verdict);
    return GUAN_OK;
}

int judge_hook_no(struct judge *judge)
{
    struct asked asked = about(judge);
    if (judge->answer.says != HOOK_NO && judge->answer.says != HOOK_FAILED) return GUAN_OK;
    judge->leaves_clauses = judge->step->clauses;
    return answer_no(&asked, &judge->answer, &judge->leaves, judge->refusal, judge->error);
}

/* The flow's own finding about a field says it already. */
static bool said(const struct judge *judge)
{
    for (size_t i = 0; i < judge->failing_count; i++) {
        const char *code = judge->failing[i].field->code;
        if (text_equal(code ? code : "FIELD_INVALID", judge->leaves)) return true;
    }
    return false;
}

int judge_answered(struct judge *judge, struct findings *findings)
{
    struct asked asked = about(judge);
    if (!judge->leaves || said(judge)) return GUAN_OK;
    int code = answer_leaves(&asked, judge->leaves, judge->leaves_clauses, findings, judge->error);
    if (code == GUAN_OK) findings->items[findings->count - 1].instance = judge->record->instance;
    return code;
}
