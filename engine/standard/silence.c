/* Rules of kind max-gap: at most so long from the anchor to the first fact, and between two. One finding a gap, named by the
 * instant it began: open when its time has come, remedied when a fact comes late. */
#include "standard/moments.h"
#include "standard/terms.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>

static bool is_length(const char *text)
{
    struct duration duration;
    return text_starts(text, "T-") || duration_parse(text, strlen(text), &duration, NULL) == GUAN_OK;
}

/* When a silence that begins at `at` is too long; INSTANT_NONE: it cannot be told (a cell that is not there). Looked up as of
 * then. */
static int due_from(struct standard *standard, uint32_t index, instant at, bool again, instant *due, struct guan_error *error)
{
    const struct chart_rule *rule = &standard->chart->rules[index];
    struct due_context context = due_context_of(standard, false);
    struct focus focus = FOCUS_NONE;
    const char *within;
    /* A session that has ended has no Lua to ask again: what it said stands. */
    if (*due != INSTANT_NONE && (!again || !standard->session || session_done(standard->session))) return GUAN_OK;
    *due = INSTANT_NONE;
    focus.as_of = at;
    focus_set(standard, focus);
    int code = keyed_text(standard, rule->within, rule->within_key, &within, error);
    focus_set(standard, FOCUS_NONE);
    if (code != GUAN_OK || !within) return code;
    code = due_within(&context, within, (struct anchor){at, false}, due, error);
    return code == GUAN_USAGE ? GUAN_FAILED : code;
}

/* --- the gaps, in order
 * ---------------------------------------------------------------------------------------------------------- */

static int say(struct standard *standard, uint32_t index, struct moment *from, const char *status, instant at,
               struct findings *findings, struct guan_error *error)
{
    const struct chart_rule *rule = &standard->chart->rules[index];
    struct finding *finding =
        finding_add(standard, findings, rule_code(rule), rule_severity(rule), CHART_NONE, rule->clauses, rule->id);
    if (!finding) return error_memory(error);
    if (from->fid) {
        finding->fid = from->fid;
        standard->world->findings--;
    }
    from->fid = finding->fid;
    from->stands = strcmp(status, "withdrawn") != 0;
    from->end = at;
    finding->status = status;
    finding->instance = value_as_text(eval_instant(standard->world->arena, from->at));
    finding->due = from->due;
    finding->at = at;
    finding->text = arena_printf(standard->world->arena, "%s: too long without", rule->title ? rule->title : rule->id);
    return finding->text && finding->instance ? GUAN_OK : error_memory(error);
}

/* A gap that a fact has ended. */
static int closed(struct standard *standard, uint32_t index, struct moment *from, instant to, instant end,
                  struct findings *findings, struct guan_error *error)
{
    bool broken = from->due != INSTANT_NONE && to > from->due && (end == INSTANT_NONE || from->due <= end);
    if (findings) witness(standard, broken ? SEEN_BROKEN : SEEN_JUDGED, index);
    if (!findings || (!broken && !from->stands)) return GUAN_OK;
    if (broken && from->stands && from->end == to) return GUAN_OK;
    return say(standard, index, from, broken ? "remedied" : "withdrawn", broken ? to : INSTANT_NONE, findings, error);
}

static int withdraw(struct standard *standard, uint32_t index, struct moment *from, struct findings *findings,
                    struct guan_error *error)
{
    return findings && from->stands ? say(standard, index, from, "withdrawn", INSTANT_NONE, findings, error) : GUAN_OK;
}

static void arm(struct standard *standard, uint32_t index, const struct moment *open, instant end)
{
    struct rule_facts *facts = &standard->rules[index];
    const char *id = standard->chart->rules[index].id;
    bool stands = open && open->due != INSTANT_NONE && !open->stands && (end == INSTANT_NONE || open->due <= end) &&
                  facts_active(standard, standard->chart->rules[index].state);
    const char *key = stands ? value_as_text(eval_instant(standard->world->arena, open->at)) : NULL;
    if (facts->armed && (!key || strcmp(key, facts->armed) != 0)) {
        facts_timer(standard, "rule", id, facts->armed, INSTANT_NONE);
        facts->armed = NULL;
    }
    if (!key || (facts->armed && facts->due == open->due)) return;
    facts_timer(standard, "rule", id, key, open->due);
    facts->armed = key;
    facts->due = open->due;
}

static int end_of(struct standard *standard, uint32_t index, instant start, instant *end, struct guan_error *error)
{
    const char *until = standard->chart->rules[index].until;
    struct due_context context = due_context_of(standard, false);
    *end = INSTANT_NONE;
    if (!until || !is_length(until)) return GUAN_OK;
    int code = due_within(&context, until, (struct anchor){start, false}, end, error);
    return code == GUAN_USAGE ? GUAN_FAILED : code;
}

/* Walks the moments: `open` is where the running gap began. */
int silence_fold(struct standard *standard, uint32_t index, struct findings *findings, struct guan_error *error)
{
    struct rule_facts *facts = &standard->rules[index];
    struct moment *open = NULL;
    instant end = INSTANT_NONE;
    bool again = findings && standard->chart->rules[index].within_key != CHART_NONE;
    int code = GUAN_OK;
    for (size_t i = 0; i < facts->count && code == GUAN_OK; i++) {
        struct moment *moment = &facts->items[i];
        bool starts = !open && (moment->roles & MOMENT_FROM), goes_on = open && (moment->roles & (MOMENT_OF | MOMENT_END));
        if (goes_on) code = closed(standard, index, open, moment->at, end, findings, error);
        if (code == GUAN_OK && starts) code = end_of(standard, index, moment->at, &end, error);
        if (code == GUAN_OK && open && (moment->roles & MOMENT_END)) open = NULL;
        else if (starts || goes_on) open = moment;
        if (code == GUAN_OK && open != moment) code = withdraw(standard, index, moment, findings, error);
        if (code == GUAN_OK && open == moment) code = due_from(standard, index, moment->at, again, &moment->due, error);
    }
    if (code != GUAN_OK) return code;
    if (open && findings && open->stands && open->end != INSTANT_NONE) /* what had ended it was corrected away */
        code =
            say(standard, index, open, open->due <= standard->world->rec ? "open" : "withdrawn", INSTANT_NONE, findings, error);
    arm(standard, index, open, end);
    return code;
}

/* --- where it begins
 * --------------------------------------------------------------------------------------------------------------- */

static int keep_at(struct standard *standard, uint32_t index, instant at, unsigned roles, struct guan_error *error)
{
    struct moment moment = {.at = at, .roles = roles, .due = INSTANT_NONE, .end = INSTANT_NONE};
    return moment_keep(standard, index, &moment) == SIZE_MAX ? error_memory(error) : GUAN_OK;
}

/* The first look in an activation: the entry of the state, or what had happened before it. */
static int begin(struct standard *standard, uint32_t index, struct guan_error *error)
{
    const struct chart_rule *rule = &standard->chart->rules[index];
    const struct run *run = facts_run(standard, rule->state);
    instant from = INSTANT_NONE, of = INSTANT_NONE;
    if (standard->rules[index].count || !run) return GUAN_OK;
    if (!rule->from.count) return keep_at(standard, index, run->entered, MOMENT_FROM, error);
    for (uint32_t i = 0; i < rule->from.count; i++) {
        instant at = named_last(standard, rule->from.items[i], run->entered);
        if (at > from) from = at;
    }
    if (from == INSTANT_NONE) return GUAN_OK;
    for (uint32_t i = 0; i < rule->of.count; i++) {
        instant at = named_last(standard, rule->of.items[i], run->entered);
        if (at > of) of = at;
    }
    int code = keep_at(standard, index, from, MOMENT_FROM, error);
    return code == GUAN_OK && of > from ? keep_at(standard, index, of, MOMENT_OF, error) : code;
}

/* What is over is forgotten after 30 days; the first that is kept then begins. */
static void forget(struct standard *standard, uint32_t index)
{
    struct rule_facts *facts = &standard->rules[index];
    const char *until = standard->chart->rules[index].until;
    bool counted = until && is_length(until); /* from the first */
    while (facts->count > 1) {
        bool old = facts->items[1].at < facts->items[facts->count - 1].at - FACTS_LOOK_BACK && !counted;
        if (!old && facts->count <= LIMIT_MOMENTS) return;
        if ((facts->items[0].roles & MOMENT_FROM) && !(facts->items[1].roles & MOMENT_END)) facts->items[1].roles |= MOMENT_FROM;
        moment_drop(standard, index, 0);
    }
}

int silence_fact(struct standard *standard, uint32_t index, const struct fact *fact, const struct moment *moment,
                 struct findings *findings, struct guan_error *error)
{
    const struct chart_rule *rule = &standard->chart->rules[index];
    const struct run *run = facts_run(standard, rule->state);
    int code = begin(standard, index, error);
    if (code != GUAN_OK || !run) return code;
    bool within =
        (fact->at >= run->entered || (moment->roles & MOMENT_FROM)) && (run->left == INSTANT_NONE || fact->at < run->left);
    if (moment->roles && within && moment_keep(standard, index, moment) == SIZE_MAX) return error_memory(error);
    forget(standard, index);
    return silence_fold(standard, index, findings, error);
}

int silences_look(struct standard *standard, struct guan_error *error)
{
    int code = GUAN_OK;
    for (uint32_t r = 0; standard->rules && r < standard->chart->rule_count && code == GUAN_OK; r++) {
        const struct chart_rule *rule = &standard->chart->rules[r];
        if (rule->kind != CHART_RULE_MAX_GAP || !facts_active(standard, rule->state)) continue;
        code = begin(standard, r, error);
        if (code == GUAN_OK) code = silence_fold(standard, r, NULL, error);
    }
    return code;
}

/* --- the time has come
 * -------------------------------------------------------------------------------------------------------------- */

static int too_long(struct standard *standard, uint32_t index, const char *instance, struct findings *findings, bool *said,
                    struct guan_error *error)
{
    const struct chart_rule *rule = &standard->chart->rules[index];
    struct rule_facts *facts = &standard->rules[index];
    struct focus focus = FOCUS_NONE;
    bool asked;
    for (size_t i = facts->count; i-- > 0;) {
        const char *key = value_as_text(eval_instant(standard->world->arena, facts->items[i].at));
        if (!key) return error_memory(error);
        if (strcmp(key, instance) != 0 || facts->items[i].stands || facts->items[i].due == INSTANT_NONE) continue;
        focus.as_of = standard->world->at;
        focus_set(standard, focus);
        int code = eval_flag(standard, rule->when, false, &asked, error);
        focus_set(standard, FOCUS_NONE);
        *said = asked;
        if (asked) witness(standard, SEEN_BROKEN, index);
        return code == GUAN_OK && asked ? say(standard, index, &facts->items[i], "open", INSTANT_NONE, findings, error) : code;
    }
    return GUAN_OK;
}

int silence_due(struct standard *standard, const char *id, const char *instance, instant due, struct findings *findings,
                const char **event, struct guan_error *error)
{
    bool said = false;
    uint32_t index = 0;
    while (index < standard->chart->rule_count && strcmp(standard->chart->rules[index].id, id) != 0) index++;
    if (index == standard->chart->rule_count || !standard->rules) return GUAN_OK;
    struct rule_facts *facts = &standard->rules[index];
    if (!facts->armed || strcmp(facts->armed, instance) != 0 || facts->due != due) return GUAN_OK;
    facts->armed = NULL;
    int code = too_long(standard, index, instance, findings, &said, error);
    if (code != GUAN_OK || !said) return code;
    *event = arena_printf(standard->world->arena, "deadline.missed.%s", id);
    standard_moment(standard->world);
    return *event ? GUAN_OK : error_memory(error);
}
