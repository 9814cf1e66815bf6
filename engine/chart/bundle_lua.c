/* What the Lua of flows and hooks names by a literal, and whether there is such a step or field; a dealer's hooks.lua as it runs.
 */
#include "chart/bundle_files.h"
#include "chart/compile.h"
#include "chart/mentions.h"

#include "base/text.h"
#include "script/script.h"

#include <string.h>

struct lua_check {
    const struct bundle *bundle;
    struct report *report;
    const struct chart *chart; /* whose Lua it is; NULL: hooks */
    bool whole;                /* every flow is sound, so that what is not found is not there */
};

static struct lua_check lua_check_of(const struct bundle *bundle, struct report *report, const struct chart *chart)
{
    struct lua_check check = {bundle, report, chart, true};
    for (size_t i = 0; i < bundle->process_count; i++) check.whole = check.whole && bundle->processes[i].chart != NULL;
    return check;
}

/* --- steps -------------------------------------------------------------------------------------------------------------- */

static const struct chart_step *step_in(const struct chart *chart, const char *id, const struct chart **owner)
{
    uint32_t step = chart == NULL ? CHART_NONE : chart_step_by_id(chart, id);
    if (step == CHART_NONE) return NULL;
    *owner = chart;
    return &chart->steps[step];
}

/* A step of the own flow; PROCESS.STEP; the step with a dot of a root. In hooks also S alone, of the session that is asked. */
static const struct chart_step *step_named(const struct lua_check *check, const char *name, const struct chart **owner)
{
    const char *dot = strchr(name, '.');
    const struct chart_step *step = step_in(check->chart, name, owner);
    if (step == NULL && dot != NULL) step = step_in(bundle_flow(check->bundle, name, (size_t)(dot - name)), dot + 1, owner);
    for (size_t i = 0; i < check->bundle->process_count && step == NULL && (dot != NULL || check->chart == NULL); i++)
        step = step_in(check->bundle->processes[i].chart, name, owner);
    return step;
}

/* What can be counted besides steps: events, all steps of a flow, a class of messages. */
static bool counted(const struct lua_check *check, const char *name)
{
    const char *dot = strchr(name, '.');
    if (name[0] == '@' || (check->chart != NULL && bundle_offers(check->chart, name))) return true;
    const struct chart *flow = dot == NULL ? NULL : bundle_flow(check->bundle, name, (size_t)(dot - name));
    if (flow != NULL && (strcmp(dot, ".*") == 0 || bundle_offers(flow, dot + 1))) return true;
    bool any = false;
    for (size_t i = 0; i < check->bundle->process_count && check->chart == NULL && dot == NULL; i++)
        any = any || bundle_offers(check->bundle->processes[i].chart, name);
    return any;
}

static void offer_steps(struct guess *guess, const struct lua_check *check, const struct chart *chart, const char **elsewhere)
{
    struct arena *arena = check->report->arena;
    bool own = chart == check->chart, dotted = strchr(guess->word, '.') != NULL;
    for (uint32_t i = 0; i < chart->step_count; i++) {
        const char *id = chart->steps[i].id;
        const char *full = own || strchr(id, '.') != NULL ? id : arena_printf(arena, "%s.%s", chart->name, id);
        if (full == NULL) return;
        if (!dotted && strcmp(guess->word, id) == 0) *elsewhere = arena_printf(arena, "write \"%s\"", full);
        if (own || dotted) guess_offer(guess, full);
        else if (check->chart == NULL) guess_offer(guess, id);
    }
}

static const char *step_hint(const struct lua_check *check, const char *name)
{
    struct guess guess = {.word = name};
    const char *elsewhere = NULL;
    if (check->chart != NULL) offer_steps(&guess, check, check->chart, &elsewhere);
    for (size_t i = 0; i < check->bundle->process_count && guess.best == NULL; i++)
        if (check->bundle->processes[i].chart != check->chart)
            offer_steps(&guess, check, check->bundle->processes[i].chart, &elsewhere);
    if (elsewhere != NULL) return elsewhere;
    return guess_hint(&guess, check->report->arena,
                      check->chart == NULL ? "write PROCESS.STEP" : "a step of this flow, or PROCESS.STEP of another");
}

/* --- fields ------------------------------------------------------------------------------------------------------------- */

static const char *const step_facts[] = {"done", "count", "at", "by", NULL};

static void tell_field(const struct lua_check *check, struct chart_place place, const struct mention *mention,
                       const struct chart *owner, const struct chart_step *step)
{
    struct arena *arena = check->report->arena;
    struct guess guess = {.word = mention->field};
    const char *all = NULL;
    bool facts = mention->root == MENTION_STEPS;
    uint32_t count = facts ? 4 : step->fields.count;
    for (uint32_t i = 0; i < count; i++) {
        const char *name = facts ? step_facts[i] : owner->fields[step->fields.first + i].name;
        guess_offer(&guess, name);
        if (i < 12) all = all == NULL ? arena_printf(arena, "there are: %s", name) : arena_printf(arena, "%s, %s", all, name);
    }
    problem(check->report, place, "unknown-field", guess_hint(&guess, arena, all),
            facts ? "of the step \"%s\" there is no \"%s\"" : "the step \"%s\" has no field \"%s\"", mention->step,
            mention->field);
}

static bool field_known(const struct mention *mention, const struct chart *owner, const struct chart_step *step)
{
    if (mention->field == NULL || mention->root == MENTION_FORMS) return true; /* forms: the key of an instance */
    for (const char *const *fact = step_facts; mention->root == MENTION_STEPS && *fact != NULL; fact++)
        if (strcmp(*fact, mention->field) == 0) return true;
    return mention->root != MENTION_STEPS && chart_field_by_name(owner, &step->fields, mention->field) != CHART_NONE;
}

static void judge(const struct lua_check *check, const struct mention *mention, struct chart_place place)
{
    const struct chart *owner = NULL;
    const struct chart_step *step = step_named(check, mention->step, &owner);
    bool own = check->chart != NULL && strchr(mention->step, '.') == NULL;
    if (!own && !check->whole) return;
    if (step == NULL && mention->root >= MENTION_COUNT && counted(check, mention->step)) return;
    if (step == NULL)
        problem(check->report, place, "unknown-step", check->whole ? step_hint(check, mention->step) : NULL,
                "there is no step \"%s\"", mention->step);
    else if ((check->chart != NULL || strchr(mention->step, '.') != NULL) && !field_known(mention, owner, step))
        tell_field(check, place, mention, owner, step);
}

void check_lua_names(const struct bundle *bundle, const struct chart *chart, struct report *report)
{
    struct lua_check check = lua_check_of(bundle, report, chart);
    for (uint32_t i = 0; i < chart->expr_count; i++) {
        const struct chart_expr *expr = &chart->exprs[i];
        struct mentions mentions;
        mentions_init(&mentions, report->arena, expr->source, expr->length, false);
        for (struct mention mention; mentions_next(&mentions, &mention);) {
            struct chart_place place = expr->place;
            if (mention.line > 1) place = (struct chart_place){place.line + mention.line - 1, mention.col};
            judge(&check, &mention, place);
        }
    }
}

/* --- hooks.lua ------------------------------------------------------------------------------------------------------------ */

/* Known to those who ask them: standard. */
static const char *const hook_names[] = {"validate", "guard", "on_message", "required", "due", "score", NULL};

static bool is_hook(const char *name, struct guess *guess)
{
    *guess = (struct guess){.word = name};
    for (const char *const *known = hook_names; *known != NULL; known++) {
        if (strcmp(*known, name) == 0) return true;
        guess_offer(guess, *known);
    }
    return false;
}

/* A function among the globals may be a helper; one that is nearly a hook is not. */
static void check_hook_names(struct report *report, const struct value *names, bool returned, uint32_t end)
{
    for (size_t i = 0; i < value_count(names); i++) {
        const struct value_member *item = &names->as.map.items[i];
        uint32_t line = (uint32_t)value_as_int(item->value);
        struct chart_place place = {line == 0 ? end : line, 1};
        struct guess guess;
        bool known = is_hook(item->key, &guess);
        if (known && line == 0) problem(report, place, "hook-function", NULL, "the hook \"%s\" is no function", item->key);
        else if (!known && line != 0 && (returned || guess.best != NULL))
            problem(report, place, "unknown-hook",
                    guess_hint(&guess, report->arena,
                               "there are: validate, guard, on_message, required, due, score; make a helper local"),
                    "there is no hook \"%s\"", item->key);
    }
}

/* The line of the last `return` at the beginning of a line, or the last line with anything on it. */
static uint32_t end_of(const char *source, size_t length)
{
    uint32_t line = 1, last = 1, returns = 0;
    for (size_t i = 0, start = 0; i <= length; i++) {
        if (i < length && source[i] != '\n') continue;
        size_t from = start;
        while (from < i && (source[from] == ' ' || source[from] == '\t' || source[from] == '\r')) from++;
        if (from < i) last = line;
        if (i - from >= 6 && memcmp(source + from, "return", 6) == 0) returns = line;
        start = i + 1;
        line++;
    }
    return returns > 0 ? returns : last;
}

static bool sets_hook(const struct value *set)
{
    struct guess guess;
    for (size_t i = 0; i < value_count(set); i++)
        if (is_hook(set->as.map.items[i].key, &guess) || guess.best != NULL) return true;
    return false;
}

static void check_names_in(const struct bundle *bundle, const struct bundle_file *file, struct report *report)
{
    struct lua_check check = lua_check_of(bundle, report, NULL);
    struct mentions mentions;
    mentions_init(&mentions, report->arena, file->bytes, file->length, true);
    for (struct mention mention; mentions_next(&mentions, &mention);)
        judge(&check, &mention, (struct chart_place){mention.line, mention.col});
}

int check_hooks(const struct bundle *bundle, const struct bundle_file *file, struct report *report, struct guan_error *error)
{
    struct hooks_outline outline;
    struct guan_error fault;
    error_clear(&fault);
    int code = hooks_check(file->bytes, file->length, report->arena, &outline, &fault);
    if (code == GUAN_FAILED) {
        if (error != NULL) *error = fault;
        return code;
    }
    if (text_equal(fault.rule, "lua-syntax")) return GUAN_OK; /* told when the house was read */
    check_names_in(bundle, file, report);
    uint32_t end = end_of(file->bytes, file->length);
    if (code != GUAN_OK) {
        const char *hint = fault.hint[0] == '\0' ? NULL : arena_text(report->arena, fault.hint, strlen(fault.hint));
        problem(report, (struct chart_place){outline.line, 1},
                text_equal(fault.rule, "script-budget") ? "script-budget" : "hooks-run", hint,
                "hooks.lua fails when it is loaded: %s", fault.text);
        return GUAN_OK;
    }
    if (outline.returns == HOOKS_OTHER || (outline.returns == HOOKS_NIL && !sets_hook(outline.set)))
        problem(report, (struct chart_place){end, 1}, "no-hooks",
                "write  return hooks  at the end, where hooks is the table of your functions",
                "hooks.lua returns no table: none of its rules would hold");
    check_hook_names(report, outline.returned, true, end);
    check_hook_names(report, outline.set, false, end);
    return GUAN_OK;
}
