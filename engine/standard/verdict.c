/* One rule, one fact: is it broken? A function of the set of facts that the rule keeps, judged as of the fact's time. */
#include "standard/moments.h"
#include "standard/terms.h"

#include "base/text.h"

#include <string.h>

bool rule_armed(const struct standard *standard, uint32_t index, instant at)
{
    uint32_t state = standard->chart->rules[index].state;
    const struct run *run;
    bool past;
    return state == 0 || facts_activation(standard, state, at, &past, &run) != 0;
}

bool is_law_ban(const struct chart_rule *rule)
{
    return rule->kind == CHART_RULE_PROHIBIT && rule->klass == CHART_CLASS_LAW;
}

bool law_taken(const struct world *world, uint64_t entry)
{
    for (size_t s = 0; s < world->session_count; s++) {
        const struct standard *standard = world->sessions[s];
        for (uint32_t r = 0; standard->rules && r < standard->chart->rule_count; r++) {
            if (!is_law_ban(&standard->chart->rules[r])) continue;
            for (size_t i = standard->rules[r].count; i-- > 0;)
                if (standard->rules[r].items[i].entry == entry && standard->rules[r].items[i].stands) return true;
        }
    }
    return false;
}

/* --- Lua as of the fact
 * ---------------------------------------------------------------------------------------------------------- */

static int bind(struct standard *standard, uint32_t rule, const struct moment *moment, struct guan_error *error)
{
    struct world *world = standard->world;
    const struct run *run = facts_run(standard, standard->chart->rules[rule].state);
    struct focus focus = FOCUS_NONE;
    bool own = strcmp(moment->session, standard->id) == 0;
    const char *name = own ? moment->name : arena_printf(world->arena, "%s.%s", moment->process, moment->name);
    if (!name) return error_memory(error);
    focus.as_of = moment->at;
    focus.entered = run ? run->entered : INSTANT_NONE;
    focus_set(standard, focus);
    standard_moment(world);
    return eval_bind(standard, name, moment->form, NULL, error);
}

/* Runs with the moment and the actor of the fact, and puts the world back. An expression that fails is what is stricter. */
static int holds(struct standard *standard, uint32_t rule, const struct moment *moment, uint32_t expr, bool otherwise, bool *out,
                 struct guan_error *error)
{
    struct world *world = standard->world;
    instant at = world->at;
    const struct actor *actor = world->actor;
    struct actor then = {.id = moment->actor, .name = moment->actor};
    *out = true;
    if (expr == CHART_NONE) return GUAN_OK;
    world->at = moment->at;
    if (!actor || !text_equal(actor->id, moment->actor)) world->actor = &then;
    int code = bind(standard, rule, moment, error);
    if (code == GUAN_OK && standard->chart->exprs[expr].kind == CHART_CHECK) {
        bool failed;
        code = eval_check(standard, expr, moment->form, out, &failed, error);
    } else if (code == GUAN_OK) {
        code = eval_flag(standard, expr, otherwise, out, error);
    }
    world->at = at;
    world->actor = actor;
    focus_set(standard, FOCUS_NONE);
    standard_moment(world);
    return code;
}

/* --- numbers
 * ------------------------------------------------------------------------------------------------------------------------ */

/* `max`, a number or a parameter's name, in thousandths; INT64_MAX: none that can be told. */
static int64_t max_of(const struct standard *standard, const struct chart_rule *rule)
{
    const char *text = rule->max;
    if (text && text[0] == 'T') text = house_parameter(standard->world->house, text);
    if (!text) return INT64_MAX;
    struct value value = {.kind = VALUE_TEXT, .as.text = {text, strlen(text)}};
    return thousandths(&value);
}

static bool same_key(const struct chart_rule *rule, const struct moment *a, const struct moment *b)
{
    return !rule->by || text_equal(a->key, b->key) || (!a->key && !b->key);
}

static bool over_limit(struct standard *standard, uint32_t index, size_t at, struct guan_error *error)
{
    const struct chart_rule *rule = &standard->chart->rules[index];
    const struct moment *items = standard->rules[index].items;
    instant from = rule_window(standard, index, items[at].at, error);
    int64_t total = 0;
    for (size_t i = at + 1; i-- > 0 && (from == INSTANT_NONE || items[i].at > from);)
        if ((items[i].roles & MOMENT_OF) && same_key(rule, &items[i], &items[at])) {
            int64_t one = rule->sum ? items[i].amount : 1000;
            total = one > 0 && total > INT64_MAX - one ? INT64_MAX : total + one;
        }
    return total > max_of(standard, rule);
}

static bool too_soon(struct standard *standard, uint32_t index, size_t at, struct guan_error *error)
{
    const struct moment *items = standard->rules[index].items;
    instant from = rule_window(standard, index, items[at].at, error);
    if (from == INSTANT_NONE) return false;
    for (size_t i = at; i-- > 0 && items[i].at > from;)
        if (items[i].roles & MOMENT_OF) return true;
    return false;
}

static bool over_share(struct standard *standard, uint32_t index, size_t at, struct guan_error *error)
{
    const struct chart_rule *rule = &standard->chart->rules[index];
    const struct moment *items = standard->rules[index].items;
    instant from = rule_window(standard, index, items[at].at, error);
    int64_t of = 0, among = 0, max = max_of(standard, rule);
    for (size_t i = at + 1; i-- > 0 && (from == INSTANT_NONE || items[i].at > from);) {
        of += (items[i].roles & MOMENT_OF) ? 1 : 0;
        among += (items[i].roles & MOMENT_AMONG) ? 1 : 0;
    }
    return max != INT64_MAX && among > 0 && among >= (int64_t)rule->sample && of * 100 * 1000 > max * among;
}

/* --- order, persons
 * ------------------------------------------------------------------------------------------------------------------ */

static instant first_of(struct standard *standard, const char *name)
{
    return named_occurrence(standard, name).first;
}

static bool not_preceded(struct standard *standard, uint32_t index, size_t at)
{
    const struct chart_rule *rule = &standard->chart->rules[index];
    const struct moment *items = standard->rules[index].items;
    for (size_t i = 0; i < at; i++) {
        if (items[i].roles & MOMENT_FROM) return false; /* by a pattern: kept here */
        if (rule->once && (items[i].roles & MOMENT_OF)) return false;
    }
    for (uint32_t i = 0; i < rule->first.count; i++) {
        instant first = first_of(standard, rule->first.items[i]);
        if (first != INSTANT_NONE && first <= items[at].at) return false;
    }
    return true;
}

/* Only what a person did first of each step counts: the later of two steps is the one that breaks the rule. */
static bool same_person(const struct standard *standard, uint32_t index, size_t at)
{
    const struct moment *items = standard->rules[index].items, *one = &items[at];
    bool other = false;
    for (size_t i = 0; i < at; i++) {
        if (!text_equal(items[i].actor, one->actor)) continue;
        if (strcmp(items[i].name, one->name) == 0 && text_equal(items[i].process, one->process)) return false;
        other = true;
    }
    return other;
}

/* --- the whole
 * ------------------------------------------------------------------------------------------------------------------------ */

static bool is_frequency(const struct chart_rule *rule)
{
    return strncmp(rule_code(rule), "FREQ_", 5) == 0;
}

int rule_verdict(struct standard *standard, uint32_t index, size_t at, bool *broken, struct guan_error *error)
{
    const struct chart_rule *rule = &standard->chart->rules[index];
    const struct moment *moment = &standard->rules[index].items[at];
    bool asked = true, fine = true;
    *broken = false;
    if (!(moment->roles & MOMENT_OF) || !rule_armed(standard, index, moment->at)) return GUAN_OK;
    witness(standard, SEEN_JUDGED, index);
    switch (rule->kind) {
    case CHART_RULE_PROHIBIT:
    case CHART_RULE_DATA: break;
    case CHART_RULE_LIMIT: fine = !over_limit(standard, index, at, error); break;
    case CHART_RULE_MIN_GAP: fine = !too_soon(standard, index, at, error); break;
    case CHART_RULE_SHARE: fine = !over_share(standard, index, at, error); break;
    case CHART_RULE_PRECEDES: fine = !not_preceded(standard, index, at); break;
    case CHART_RULE_SEPARATE: fine = !same_person(standard, index, at); break;
    case CHART_RULE_MAX_GAP: return GUAN_OK;
    }
    bool lua = rule->kind == CHART_RULE_PROHIBIT || rule->kind == CHART_RULE_DATA;
    bool ended = !standard->session || session_done(standard->session); /* its Lua is gone */
    if ((!lua && fine) || (ended && (rule->when != CHART_NONE || rule->check != CHART_NONE))) return GUAN_OK;
    if (is_frequency(rule) && law_taken(standard->world, moment->entry)) return GUAN_OK;
    int code = holds(standard, index, moment, rule->when, rule->klass == CHART_CLASS_LAW, &asked, error);
    if (code != GUAN_OK || !asked) return code;
    if (rule->kind == CHART_RULE_DATA) code = holds(standard, index, moment, rule->check, false, &fine, error);
    *broken = rule->kind == CHART_RULE_PROHIBIT || !fine;
    if (*broken) witness(standard, SEEN_BROKEN, index);
    return code;
}
