/* standard_judge: something has happened; what the rules of the case and the dealer's hooks say to it.
 *
 *   on_message, guard ──▶ law's prohibitions ──▶ the other rules ──▶ silences ──▶ deadlines counted from it
 *
 * A verdict is a function of the set of facts (SEMANTICS 19): a fact that comes late has the later ones looked at again. */
#include "standard/answers.h"
#include "standard/moments.h"
#include "standard/refuse.h"
#include "standard/terms.h"

#include "base/text.h"

#include <string.h>

const char *rule_code(const struct chart_rule *rule)
{
    static const char *const codes[] = {
        [CHART_RULE_PROHIBIT] = "PROHIBITED", [CHART_RULE_LIMIT] = "FREQ_EXCEEDED", [CHART_RULE_MIN_GAP] = "FREQ_GAP",
        [CHART_RULE_MAX_GAP] = "SILENCE",     [CHART_RULE_SHARE] = "FREQ_EXCEEDED", [CHART_RULE_PRECEDES] = "ORDER_VIOLATION",
        [CHART_RULE_DATA] = "FIELD_INVALID",  [CHART_RULE_SEPARATE] = "ROLE_DENIED"};
    return rule->code ? rule->code : codes[rule->kind];
}

enum chart_severity rule_severity(const struct chart_rule *rule)
{
    const char *code = rule_code(rule);
    if (rule->severity != CHART_SEVERITY_DEFAULT) return rule->severity;
    if (rule->klass == CHART_CLASS_LAW && strcmp(code, "PROHIBITED") == 0) return CHART_CRITICAL;
    return severity_of_code(code);
}

/* --- findings
 * -------------------------------------------------------------------------------------------------------------------- */

static struct standard *session_of(const struct world *world, const char *id)
{
    for (size_t i = world->session_count; i-- > 0;)
        if (strcmp(world->sessions[i]->id, id) == 0) return world->sessions[i];
    return NULL;
}

/* Raised, or taken back; the id stays with the fact. */
static int say(struct standard *standard, uint32_t index, struct moment *moment, bool broken, struct findings *findings,
               struct guan_error *error)
{
    const struct chart_rule *rule = &standard->chart->rules[index];
    struct standard *owner = session_of(standard->world, moment->session);
    if (moment->stands == broken || !owner || !facts_awake(owner)) return GUAN_OK;
    uint32_t step = chart_step_by_id(owner->chart, moment->name);
    struct finding *finding = finding_add(owner, findings, rule_code(rule), rule_severity(rule), step, rule->clauses, rule->id);
    if (!finding) return error_memory(error);
    if (moment->fid) { /* the same one again */
        finding->fid = moment->fid;
        standard->world->findings--;
    }
    moment->fid = finding->fid;
    moment->stands = broken;
    if (!broken) finding->status = "withdrawn";
    finding->instance = moment->key;
    finding->at = moment->at;
    finding->text = arena_printf(standard->world->arena, "%s: %s", rule->title ? rule->title : rule->id, moment->name);
    return finding->text ? GUAN_OK : error_memory(error);
}

static int judge_one(struct standard *standard, uint32_t index, size_t at, struct findings *findings, struct guan_error *error)
{
    bool broken;
    int code = rule_verdict(standard, index, at, &broken, error);
    return code == GUAN_OK ? say(standard, index, &standard->rules[index].items[at], broken, findings, error) : code;
}

static int judge_from(struct standard *standard, uint32_t index, instant at, struct findings *findings, struct guan_error *error)
{
    struct rule_facts *facts = &standard->rules[index];
    size_t first = facts->count;
    int code = GUAN_OK;
    while (first > 0 && facts->items[first - 1].at >= at) first--;
    for (size_t i = first; i < facts->count && code == GUAN_OK; i++) code = judge_one(standard, index, i, findings, error);
    return code;
}

/* --- keeping
 * ---------------------------------------------------------------------------------------------------------------------- */

static bool named(const struct standard *standard, const struct chart_names *names, const struct fact *fact, bool patterns)
{
    for (uint32_t i = 0; i < names->count; i++) {
        const char *name = names->items[i];
        bool pattern = *name == '@' || (strlen(name) > 2 && strcmp(name + strlen(name) - 2, ".*") == 0);
        if ((pattern || !patterns) && fact_named(standard, name, fact)) return true;
    }
    return false;
}

static unsigned roles_of(const struct standard *standard, const struct chart_rule *rule, const struct fact *fact)
{
    unsigned roles = 0;
    if (named(standard, &rule->of, fact, false)) roles |= MOMENT_OF;
    if (named(standard, &rule->among, fact, false)) roles |= MOMENT_AMONG;
    /* What a plain name was is known from its step; what a pattern was is kept here. */
    if (named(standard, &rule->first, fact, true) || named(standard, &rule->from, fact, false)) roles |= MOMENT_FROM;
    if (named(standard, &rule->ends, fact, false)) roles |= MOMENT_END;
    return roles;
}

static int describe(struct standard *standard, const struct chart_rule *rule, const struct fact *fact, unsigned roles,
                    struct moment *moment, struct guan_error *error)
{
    struct arena *arena = standard->world->arena;
    bool lua = rule->when != CHART_NONE || rule->check != CHART_NONE;
    *moment = (struct moment){.at = fact->at,
                              .entry = fact->entry,
                              .session = fact->owner->id,
                              .process = fact->owner->process,
                              .name = fact->name,
                              .message = fact->message,
                              .actor = fact->actor,
                              .roles = roles,
                              .late = fact->late,
                              .form = lua ? fact->form : NULL,
                              .due = INSTANT_NONE,
                              .end = INSTANT_NONE};
    if (rule->by && strcmp(rule->by, "actor") == 0) moment->key = fact->actor;
    else if (rule->by) moment->key = text_key(arena, value_get(fact->form, rule->by));
    if (rule->sum) moment->amount = thousandths(value_get(fact->form, rule->sum));
    return arena_failed(arena) ? error_memory(error) : GUAN_OK;
}

/* A person is remembered once a step, a first once: the earliest. */
static bool superfluous(const struct standard *standard, uint32_t index, const struct moment *moment)
{
    const struct chart_rule *rule = &standard->chart->rules[index];
    const struct rule_facts *facts = &standard->rules[index];
    bool separate = rule->kind == CHART_RULE_SEPARATE, precedes = rule->kind == CHART_RULE_PRECEDES;
    for (size_t i = 0; (separate || precedes) && i < facts->count; i++) {
        const struct moment *other = &facts->items[i];
        if (other->at > moment->at) continue;
        if (precedes && other->roles == moment->roles && (rule->once || moment->roles == MOMENT_FROM)) return true;
        if (separate && text_equal(other->actor, moment->actor) && text_equal(other->name, moment->name) &&
            text_equal(other->process, moment->process))
            return true;
    }
    return false;
}

static int refuse(struct standard *standard, const struct chart_rule *rule, const struct fact *fact, struct refusal *refusal,
                  struct guan_error *error)
{
    const char *reason = arena_printf(standard->world->arena, "rule:%s", rule->id);
    if (!reason) return error_memory(error);
    return refuse_no(refusal, error, fact->owner, fact->name, "GUARD_BLOCKED", reason, rule->clauses, "%s refuses %s",
                     rule->title ? rule->title : rule->id, fact->name);
}

/* --- one rule
 * ------------------------------------------------------------------------------------------------------------------------ */

struct judging {
    const struct fact *fact;
    void (*touched)(void *user, struct standard *standard);
    void *user;
    struct findings *findings;
    struct refusal *refusal;
    struct guan_error *error;
};

static int judge_new(const struct judging *judging, struct standard *standard, uint32_t index, size_t at)
{
    const struct chart_rule *rule = &standard->chart->rules[index];
    bool broken;
    int code = rule_verdict(standard, index, at, &broken, judging->error);
    if (code != GUAN_OK) return code;
    if (broken && rule->mode == CHART_MODE_BLOCK && !judging->fact->late)
        return refuse(standard, rule, judging->fact, judging->refusal, judging->error);
    return say(standard, index, &standard->rules[index].items[at], broken, judging->findings, judging->error);
}

static bool has_later(const struct rule_facts *facts, instant at)
{
    return facts->count && facts->items[facts->count - 1].at >= at;
}

static int judge_rule(const struct judging *judging, struct standard *standard, uint32_t index)
{
    const struct chart_rule *rule = &standard->chart->rules[index];
    const struct fact *fact = judging->fact;
    struct rule_facts *facts = &standard->rules[index];
    unsigned roles = roles_of(standard, rule, fact);
    bool late = has_later(facts, fact->at);
    struct moment moment;
    if (!roles && !late) return GUAN_OK;
    int code = describe(standard, rule, fact, roles, &moment, judging->error);
    if (code != GUAN_OK) return code;
    if (judging->touched) judging->touched(judging->user, standard);
    if (rule->kind == CHART_RULE_MAX_GAP) return silence_fact(standard, index, fact, &moment, judging->findings, judging->error);
    if (roles && !superfluous(standard, index, &moment)) {
        size_t at = moment_keep(standard, index, &moment);
        if (at == SIZE_MAX) return error_memory(judging->error);
        code = judge_new(judging, standard, index, at);
    }
    if (code == GUAN_OK && late) code = judge_from(standard, index, fact->at, judging->findings, judging->error);
    return code == GUAN_OK ? moments_prune(standard, index, judging->error) : code;
}

/* Law's prohibitions come first: they take the frequency findings of the same act. */
static int judge_armed(const struct judging *judging, struct world *world)
{
    int code = GUAN_OK;
    /* What comes late can change what any rule said. */
    hearers_wake(world, judging->fact->at > world->told ? judging->fact : NULL);
    for (int pass = 0; pass < 2; pass++)
        for (size_t s = 0; s < world->session_count && code == GUAN_OK; s++) {
            struct standard *standard = world->sessions[s];
            for (uint32_t r = 0; standard->rules && r < standard->chart->rule_count && code == GUAN_OK; r++)
                if (is_law_ban(&standard->chart->rules[r]) == (pass == 0)) code = judge_rule(judging, standard, r);
        }
    return code;
}

int rules_again(struct world *world, instant at, struct findings *findings, struct guan_error *error)
{
    int code = GUAN_OK;
    hearers_wake(world, NULL);
    for (int pass = 0; pass < 2; pass++)
        for (size_t s = 0; s < world->session_count && code == GUAN_OK; s++) {
            struct standard *standard = world->sessions[s];
            for (uint32_t r = 0; standard->rules && r < standard->chart->rule_count && code == GUAN_OK; r++) {
                const struct chart_rule *rule = &standard->chart->rules[r];
                if (is_law_ban(rule) != (pass == 0)) continue;
                code = rule->kind == CHART_RULE_MAX_GAP ? silence_fold(standard, r, findings, error)
                                                        : judge_from(standard, r, at, findings, error);
            }
        }
    return code;
}

/* --- the dealer's hooks
 * -------------------------------------------------------------------------------------------------------------- */

/* A step or event of the root goes by its own name, of another session as P.NAME: as people type it. */
static const char *full_name(const struct fact *fact)
{
    const struct world *world = fact->owner->world;
    bool root = world->session_count && world->sessions[0] == fact->owner;
    return root ? fact->name : arena_printf(world->arena, "%s.%s", fact->owner->process, fact->name);
}

static struct value *about_message(const struct fact *fact)
{
    struct arena *arena = fact->owner->world->arena;
    struct value *map = value_map(arena);
    value_set_text(arena, map, "class", fact->message);
    value_set_text(arena, map, "step", fact->name);
    value_set_text(arena, map, "name", full_name(fact));
    value_set_text(arena, map, "channel", value_get_text(fact->form, "channel"));
    if (fact->form) value_set(arena, map, "form", value_copy(arena, fact->form));
    return map;
}

/* Personal values are tokens here: the verdict is not recorded, so it must come out the same after they are erased. */
static struct value *about_event(const struct fact *fact)
{
    struct arena *arena = fact->owner->world->arena;
    struct value *map = value_map(arena);
    value_set_text(arena, map, "name", full_name(fact));
    value_set_text(arena, map, "process", fact->owner->process);
    value_set_text(arena, map, "actor", fact->actor);
    value_set_text(arena, map, "at", value_as_text(eval_instant(arena, fact->at)));
    value_set(arena, map, "data", fact->form ? value_copy(arena, fact->form) : value_map(arena));
    value_set(arena, map, "form", fact->form ? value_copy(arena, fact->form) : value_map(arena));
    return map;
}

/* A no refuses, or leaves a finding. A yes lets nothing pass: what the flow refuses is refused before or after. */
static int ask(const struct judging *judging, const char *hook, struct value *about)
{
    const struct fact *fact = judging->fact;
    struct standard *owner = fact->owner;
    struct asked asked = {owner, hook, fact->name, chart_step_by_id(owner->chart, fact->name), fact->late};
    bool step = asked.step != CHART_NONE;
    struct hook_answer answer;
    const char *leaves;
    int code = hook_ask(owner, hook, about, NULL, &answer, judging->error);
    if (code != GUAN_OK || answer.says == HOOK_NOTHING || answer.says == HOOK_YES) return code;
    code = answer_no(&asked, &answer, &leaves, judging->refusal, judging->error);
    if (code != GUAN_OK || !leaves) return code;
    struct chart_names clauses = step ? owner->chart->steps[asked.step].clauses : (struct chart_names){NULL, 0};
    return answer_leaves(&asked, leaves, clauses, judging->findings, judging->error);
}

static int judge_hooks(const struct judging *judging, const struct world *world)
{
    int code = GUAN_OK;
    if (!world->hooks) return GUAN_OK;
    if (judging->fact->message && hooks_has(world->hooks, "on_message"))
        code = ask(judging, "on_message", about_message(judging->fact));
    if (code == GUAN_OK && hooks_has(world->hooks, "guard")) code = ask(judging, "guard", about_event(judging->fact));
    return code;
}

/* --- the whole
 * ------------------------------------------------------------------------------------------------------------------------ */

static int judge_deadlines(const struct judging *judging, struct world *world)
{
    int code = GUAN_OK;
    for (size_t s = 0; s < world->session_count && code == GUAN_OK; s++) {
        struct standard *standard = world->sessions[s];
        bool changed = false;
        if (!standard->states || !standard->session || session_done(standard->session)) continue;
        code = deadlines_fact(standard, judging->fact, judging->findings, &changed, judging->error);
        if (changed && judging->touched) judging->touched(judging->user, standard);
    }
    return code;
}

/* Lua over its budget in a rule is a refusal like another. */
static int out_of_budget(const struct judging *judging, int code)
{
    if (code != GUAN_NO || judging->refusal->code) return code;
    const char *reason = judging->error && judging->error->rule[0] ? judging->error->rule : "rule";
    reason = arena_text(judging->fact->owner->world->arena, reason, strlen(reason));
    return refuse_no(judging->refusal, judging->error, judging->fact->owner, judging->fact->name, "GUARD_BLOCKED", reason,
                     (struct chart_names){NULL, 0}, "what the rules ask about %s could not be computed", judging->fact->name);
}

int standard_judge(struct world *world, const struct fact *fact, void (*touched)(void *user, struct standard *standard),
                   void *user, struct findings *findings, struct refusal *refusal, struct guan_error *error)
{
    struct arena *arena = world->arena;
    struct fact kept = *fact;
    if (fact->name) kept.name = arena_text(arena, fact->name, strlen(fact->name));
    if (fact->actor) kept.actor = arena_text(arena, fact->actor, strlen(fact->actor));
    struct judging judging = {&kept, touched, user, findings, refusal, error};
    *refusal = (struct refusal){0};
    if (arena_failed(arena)) return error_memory(error);
    int code = judge_hooks(&judging, world);
    if (code == GUAN_OK && chart_step_by_id(fact->owner->chart, fact->name) == CHART_NONE) {
        facts_occurred(fact->owner, fact->name, fact->at);
        if (touched) touched(user, fact->owner);
    }
    if (code == GUAN_OK) code = judge_armed(&judging, world);
    if (code == GUAN_OK) code = judge_deadlines(&judging, world);
    code = out_of_budget(&judging, code);
    for (size_t s = 0; s < world->session_count && code == GUAN_OK; s++)
        code = findings_tell(world->sessions[s], findings, error);
    if (code == GUAN_OK) standard_moment(world);
    return code == GUAN_OK && arena_failed(arena) ? error_memory(error) : code;
}
