/* Lua for verdicts: what an expression sees, what becomes of one that fails. */
#include "standard/eval.h"

#include "base/text.h"

#include <string.h>

static struct env *live_env(const struct standard *standard)
{
    if (!standard->session || !standard->chart->lua || session_done(standard->session)) return NULL;
    return session_env(standard->session);
}

void standard_moment(struct world *world)
{
    for (size_t i = 0; i < world->session_count; i++) {
        struct env *env = live_env(world->sessions[i]);
        if (env) env_refresh(env);
    }
}

void focus_set(struct standard *standard, struct focus focus)
{
    struct focus *old = &standard->focus;
    bool same = old->step == focus.step && old->form == focus.form && old->entered == focus.entered &&
                old->recording == focus.recording && old->as_of == focus.as_of && text_equal(old->occurrence, focus.occurrence);
    struct env *env = live_env(standard);
    *old = focus;
    /* A record under judgement grows between two expressions: look again in any case. */
    if (env && (!same || focus.recording)) env_refresh(env);
}

void focus_state(struct standard *standard, uint32_t state)
{
    const struct run *run = facts_run(standard, state);
    focus_set(standard, (struct focus){.step = CHART_NONE, .entered = run ? run->entered : INSTANT_NONE});
}

static void set_instant(struct arena *arena, struct value *map, const char *key, instant at)
{
    char text[INSTANT_TEXT];
    instant_format(at, text);
    value_set_text(arena, map, key, text);
}

int eval_bind(struct standard *standard, const char *event, const struct value *data, const char *role, struct guan_error *error)
{
    struct world *world = standard->world;
    if (!live_env(standard)) return GUAN_OK;
    struct value *more = value_map(world->arena);
    set_instant(world->arena, more, "at", world->at);
    set_instant(world->arena, more, "rec", world->rec);
    value_set_text(world->arena, more, "actor", world->actor ? world->actor->id : NULL);
    value_set_text(world->arena, more, "by", world->by);
    value_set_text(world->arena, more, "role", role);
    if (world->signers) value_set(world->arena, more, "signers", value_copy(world->arena, world->signers));
    if (!more) return error_memory(error);
    struct machine_event bound = {.name = event, .type = EVENT_EXTERNAL, .data = data, .more = more};
    return session_bind_event(standard->session, &bound, error);
}

/* --- expressions -------------------------------------------------------------------------------------------------------- */

/* What goes wrong in one expression is told, not suffered; budget and memory are the command's end. */
static int forgive(struct standard *standard, int code, const struct guan_error *local, struct guan_error *error)
{
    if (code == GUAN_OK) return GUAN_OK;
    if (code != GUAN_NO || text_equal(local->rule, "script-budget")) {
        if (error) *error = *local;
        return code;
    }
    standard->fault = arena_text(standard->world->arena, local->text, strlen(local->text));
    return standard->fault ? GUAN_OK : error_memory(error);
}

static int ready(struct standard *standard, uint32_t expr, script_ref *ref, struct env **env, struct guan_error *local)
{
    *env = live_env(standard);
    standard->fault = NULL;
    return *env ? session_ref(standard->session, expr, ref, local) : GUAN_OK;
}

int eval_flag(struct standard *standard, uint32_t expr, bool otherwise, bool *out, struct guan_error *error)
{
    struct guan_error local = {0};
    struct env *env;
    script_ref ref;
    *out = expr == CHART_NONE || otherwise;
    if (expr == CHART_NONE) return GUAN_OK;
    int code = ready(standard, expr, &ref, &env, &local);
    if (!env) return GUAN_OK;
    if (code == GUAN_OK) code = env_eval_bool(env, ref, out, &local);
    if (code != GUAN_OK) *out = otherwise;
    return forgive(standard, code, &local, error);
}

int eval_value(struct standard *standard, uint32_t expr, struct value **out, struct guan_error *error)
{
    struct guan_error local = {0};
    struct env *env;
    script_ref ref;
    *out = NULL;
    if (expr == CHART_NONE) return GUAN_OK;
    int code = ready(standard, expr, &ref, &env, &local);
    if (!env) return GUAN_OK;
    if (code == GUAN_OK) code = env_eval(env, ref, standard->world->arena, out, &local);
    if (code != GUAN_OK) *out = NULL;
    return forgive(standard, code, &local, error);
}

int eval_check(struct standard *standard, uint32_t expr, const struct value *value, bool *holds, bool *failed,
               struct guan_error *error)
{
    struct guan_error local = {0};
    struct env *env;
    script_ref ref;
    *holds = true;
    *failed = false;
    if (expr == CHART_NONE) return GUAN_OK;
    int code = ready(standard, expr, &ref, &env, &local);
    if (!env) return GUAN_OK; /* a late entry in a session that has ended */
    if (code == GUAN_OK) code = env_check(env, ref, value, holds, &local);
    if (code != GUAN_OK) *holds = false, *failed = true;
    return forgive(standard, code, &local, error);
}

/* --- hooks -------------------------------------------------------------------------------------------------------------- */

struct value *eval_instant(struct arena *arena, instant at)
{
    char text[INSTANT_TEXT];
    instant_format(at, text);
    return value_text(arena, text);
}

struct value *eval_date(struct arena *arena, const struct civil *civil)
{
    return value_printf(arena, "%04d-%02d-%02d", civil->year, civil->month, civil->day);
}

struct value *eval_case(struct standard *standard)
{
    struct arena *arena = standard->world->arena;
    struct value *map = value_map(arena);
    value_set_text(arena, map, "id", standard->world->kase);
    value_set_text(arena, map, "dealer", standard->world->house ? standard->world->house->dealer : NULL);
    value_set_text(arena, map, "process", standard->process);
    value_set_text(arena, map, "session", standard->id);
    value_set(arena, map, "now", eval_instant(arena, standard->world->at));
    if (standard->world->house) {
        struct civil today = zone_civil(standard->world->house->zone, standard->world->at);
        value_set(arena, map, "today", eval_date(arena, &today));
    }
    if (standard->world->actor) value_set_text(arena, map, "actor", standard->world->actor->id);
    return map;
}

struct value *eval_step(struct standard *standard, uint32_t index)
{
    struct arena *arena = standard->world->arena;
    const struct chart_step *step = &standard->chart->steps[index];
    struct value *map = value_map(arena), *clauses = value_list(arena);
    for (uint32_t i = 0; i < step->clauses.count; i++) value_add(arena, clauses, value_text(arena, step->clauses.items[i]));
    value_set_text(arena, map, "id", step->id);
    value_set_text(arena, map, "name", arena_printf(arena, "%s.%s", standard->process, step->id));
    value_set_text(arena, map, "process", standard->process);
    value_set_text(arena, map, "class", chart_class_name(step->klass));
    value_set_bool(arena, map, "required", step->required);
    value_set_bool(arena, map, "tunable", step->tunable);
    value_set_bool(arena, map, "duty", step->duty);
    value_set(arena, map, "clause", clauses);
    return map;
}

int eval_hook(struct standard *standard, const char *name, struct value *first, struct value *second, struct value **results,
              struct guan_error *error)
{
    struct world *world = standard->world;
    struct guan_error local = {0};
    *results = NULL;
    standard->fault = NULL;
    if (!world->hooks || !hooks_has(world->hooks, name)) return GUAN_OK;
    struct value *args = value_list(world->arena);
    value_add(world->arena, args, first);
    if (second) value_add(world->arena, args, second);
    value_add(world->arena, args, eval_case(standard));
    if (arena_failed(world->arena)) return error_memory(error);
    uint64_t budget = hooks_budget(world->hooks);
    int code = hooks_call(world->hooks, name, args, standard_surroundings(standard), world->arena, results, &local);
    if (code != GUAN_OK) *results = NULL;
    if (world->duty && code == GUAN_NO && text_equal(local.rule, "script-budget")) { /* no hook stops a duty, nor by its length */
        hooks_budget_set(world->hooks, budget);
        standard->fault = "it took too long";
        return GUAN_OK;
    }
    return forgive(standard, code, &local, error);
}

int hook_ask(struct standard *standard, const char *name, struct value *first, struct value *second, struct hook_answer *out,
             struct guan_error *error)
{
    struct guan_error local = {0};
    struct value *results;
    *out = (struct hook_answer){HOOK_NOTHING, NULL, NULL};
    int code = eval_hook(standard, name, first, second, &results, &local);
    if (code == GUAN_FAILED) return error_memory(error);
    const struct value *answer = value_at(results, 0);
    if (code != GUAN_OK) *out = (struct hook_answer){HOOK_FAILED, "script-budget", "it took too long"};
    else if (standard->fault) *out = (struct hook_answer){HOOK_FAILED, "hook-error", standard->fault};
    else if (answer && answer->kind == VALUE_BOOL)
        *out = (struct hook_answer){answer->as.truth ? HOOK_YES : HOOK_NO, value_as_text(value_at(results, 1)), NULL};
    return GUAN_OK;
}

/* --- offered, required ---------------------------------------------------------------------------------------------------- */

int eval_asked(struct standard *standard, uint32_t step, bool *asked, struct guan_error *error)
{
    struct step_facts *facts = &standard->steps[step];
    *asked = facts->asked != ANSWER_NO;
    if (facts->asked != ANSWER_UNKNOWN || standard->chart->steps[step].when == CHART_NONE) return GUAN_OK;
    focus_state(standard, standard->chart->steps[step].state);
    return eval_flag(standard, standard->chart->steps[step].when, true, asked, error);
}

/* A hook may require more; less only where the step is tunable and no law. */
int eval_duty_anew(struct standard *standard, uint32_t index, bool *duty, const char **why, struct guan_error *error)
{
    const struct chart_step *step = &standard->chart->steps[index];
    struct value *results;
    bool asked;
    *duty = false;
    *why = NULL;
    int code = eval_asked(standard, index, &asked, error);
    if (code != GUAN_OK || !asked) return code;
    *duty = step->required;
    if (!standard->world->hooks || !hooks_has(standard->world->hooks, "required")) return GUAN_OK;
    code = eval_hook(standard, "required", eval_step(standard, index), NULL, &results, error);
    const struct value *answer = value_at(results, 0);
    if (code == GUAN_OK && standard->fault) *why = "it failed";
    if (code != GUAN_OK || !answer || answer->kind != VALUE_BOOL) return code;
    if (answer->as.truth || (step->tunable && step->klass != CHART_CLASS_LAW)) *duty = answer->as.truth;
    else if (step->required)
        *why = step->duty ? "a duty towards the customer is not left out" : "the step is law, or not tunable";
    return GUAN_OK;
}

int eval_duty(struct standard *standard, uint32_t index, bool *duty, struct guan_error *error)
{
    const char *why;
    *duty = standard->steps[index].duty == ANSWER_YES;
    return standard->steps[index].duty == ANSWER_UNKNOWN ? eval_duty_anew(standard, index, duty, &why, error) : GUAN_OK;
}
