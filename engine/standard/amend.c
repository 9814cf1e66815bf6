/* standard_amend: a record was wrong. What it says, or when it happened, is corrected, and what followed from it is looked at
 * again: anchors, timeliness, rules. The entry that made it stays its name. */
#include "standard/answers.h"
#include "standard/moments.h"
#include "standard/terms.h"

#include "base/text.h"

#include <string.h>

/* The record of an entry: the last of its instance, or an older one. */
struct found {
    struct instance *item;
    struct past *past; /* NULL: the last */
    instant at;
};

static int unknown(struct judge *judge, uint64_t of)
{
    int code = refuse_usage(judge->refusal, judge->error, judge->standard, NULL, "unknown-record",
                            "no record that is kept came from entry %llu", (unsigned long long)of);
    return refuse_hint(judge->refusal, judge->error, judge->standard, code,
                       "the last record of a step can be corrected, and those of the 30 days before it");
}

static int find(struct judge *judge, uint64_t of, struct found *found)
{
    struct standard *standard = judge->standard;
    for (uint32_t s = 0; s < standard->chart->step_count; s++)
        for (size_t i = 0; i < standard->steps[s].count; i++) {
            struct instance *item = &standard->steps[s].items[i];
            *found = (struct found){item, NULL, item->at};
            bool here = item->entry == of && item->at != INSTANT_NONE;
            for (size_t p = 0; p < item->past_count && !here; p++) {
                here = item->past[p].entry == of;
                if (here) found->past = &item->past[p], found->at = item->past[p].at;
            }
            if (!here) continue;
            judge->index = s;
            judge->step = &standard->chart->steps[s];
            judge->record->step = s;
            judge->key = item->key;
            judge->record->instance = *item->key ? item->key : NULL;
            judge->activation = item->activation;
            return GUAN_OK;
        }
    return unknown(judge, of);
}

/* --- what changes --------------------------------------------------------------------------------------------------------------
 */

static bool is_time(const struct judge *judge, const char *name)
{
    return strcmp(name, "at") == 0 && chart_field_by_name(judge->standard->chart, &judge->step->fields, "at") == CHART_NONE;
}

/* Did the activation that the record belongs to last at that time? A record that itself opened or ended it may move that end. */
static bool lasted(const struct judge *judge, const struct found *found, instant at)
{
    const struct state_facts *facts = &judge->standard->states[judge->step->state];
    for (size_t i = 0; i < facts->run_count; i++) {
        const struct run *run = &facts->runs[i];
        if (!found->past && facts->number - (uint32_t)(facts->run_count - 1 - i) != judge->activation) continue;
        if ((at >= run->entered || run->entered == found->at) &&
            (run->left == INSTANT_NONE || at < run->left || run->left == found->at))
            return true;
    }
    return false;
}

/* The corrected time is part of the input, so the entry's `form` holds it. */
static int put_time(struct judge *judge, instant at)
{
    struct arena *arena = judge->standard->world->arena;
    char text[INSTANT_TEXT];
    instant_format(at, text);
    if (!judge->record->plain) judge->record->plain = value_map(arena);
    value_set_text(arena, judge->record->plain, "at", text);
    return arena_failed(arena) ? error_memory(judge->error) : GUAN_OK;
}

static int read_time(struct judge *judge, const char *text, const struct found *found, instant *at)
{
    struct standard *standard = judge->standard;
    if (!text || instant_parse(text, strlen(text), standard->world->house->zone, at, NULL) != GUAN_OK)
        return refuse_usage(judge->refusal, judge->error, standard, judge->step->id, "field-format", "at: \"%.80s\" is no time",
                            text ? text : "");
    if (*at > standard->world->rec)
        return refuse_usage(judge->refusal, judge->error, standard, judge->step->id, "future", "at: %.80s is yet to come", text);
    if (lasted(judge, found, *at)) return put_time(judge, *at);
    return refuse_usage(judge->refusal, judge->error, standard, judge->step->id, "step-not-open", "%s was not open at %.80s",
                        step_label(standard, judge->index), text);
}

static int read_changes(struct judge *judge, const struct found *found, instant *at)
{
    struct arena *arena = judge->standard->world->arena;
    const struct value *old = found->past ? found->past->form : found->item->form;
    const struct chart_field *per = judge->step->per == CHART_NONE ? NULL : &judge->standard->chart->fields[judge->step->per];
    int code = GUAN_OK;
    judge->typed = value_map(arena);
    judge->record->form = old ? value_copy(arena, old) : value_map(arena);
    if (arena_failed(arena)) return error_memory(judge->error);
    for (size_t i = 0; i < judge->act->field_count && code == GUAN_OK; i++) {
        const struct guan_pair *pair = &judge->act->fields[i];
        if (is_time(judge, pair->name)) code = read_time(judge, pair->value ? pair->value : "", found, at);
        else if (per && strcmp(per->name, pair->name) == 0)
            code = refuse_usage(judge->refusal, judge->error, judge->standard, judge->step->id, "field-fixed",
                                "%s names the record: it cannot be corrected", per->name);
        else code = judge_typed(judge, pair);
    }
    const struct value *given = judge->act->given ? judge->act->given->form : NULL;
    for (size_t i = 0; i < value_count(given) && code == GUAN_OK; i++) {
        const struct value_member *member = &given->as.map.items[i];
        if (is_time(judge, member->key)) code = read_time(judge, value_as_text(member->value), found, at);
        else code = judge_given(judge, member->key);
    }
    if (code == GUAN_OK && judge->act->given) code = judge_given_facts(judge);
    if (code == GUAN_OK && !judge->act->field_count && !judge->act->given)
        code = refuse_usage(judge->refusal, judge->error, judge->standard, judge->step->id, "nothing-changes",
                            "say what is to be corrected: FIELD=VALUE, or at=TIME");
    return code;
}

static int judge_actor(struct judge *judge)
{
    const struct chart_step *step = judge->step;
    if (judge->act->actor_count && role_fits(&judge->act->actors[0], &step->roles, judge->act->role, &judge->record->role))
        return GUAN_OK;
    return refuse_no(judge->refusal, judge->error, judge->standard, step->id, "ROLE_DENIED", "role", step->clauses,
                     "%s is corrected by %s", step_label(judge->standard, judge->index),
                     names_text(judge->standard->world->arena, &step->roles));
}

/* --- keeping
 * ---------------------------------------------------------------------------------------------------------------------- */

/* The last record is the one that happened last. */
static void reorder(struct instance *item)
{
    for (size_t p = 0; p < item->past_count; p++) {
        struct past *past = &item->past[p], last = {item->at, item->entry, item->by, item->form};
        if (past->at <= item->at) continue;
        item->at = past->at;
        item->entry = past->entry;
        item->by = past->by;
        item->form = past->form;
        *past = last;
    }
}

static void count_again(struct step_facts *facts, instant old, instant at)
{
    instant first = at, last = at;
    for (size_t i = 0; i < facts->count; i++)
        for (size_t p = 0; p <= facts->items[i].past_count; p++) {
            instant one = p ? facts->items[i].past[p - 1].at : facts->items[i].at;
            if (one == INSTANT_NONE) continue;
            if (one < first) first = one;
            if (one > last) last = one;
        }
    if (facts->first == old || first < facts->first) facts->first = first;
    if (facts->last == old || last > facts->last) facts->last = last;
}

static int keep_completion(struct standard *standard, uint32_t step, uint64_t of, instant at, struct guan_error *error)
{
    struct step_facts *facts = &standard->steps[step];
    for (size_t i = 0; i < facts->completion_count; i++) {
        if (facts->completions[i].entry != of) continue;
        struct completion completion = facts->completions[i];
        facts->completion_count--;
        memmove(&facts->completions[i], &facts->completions[i + 1], (facts->completion_count - i) * sizeof completion);
        completion.at = at;
        return facts_completed(standard, step, completion, error);
    }
    return GUAN_OK;
}

static int keep(struct judge *judge, const struct found *found, uint64_t of, instant at)
{
    struct instance *item = found->item;
    bool one = item->count <= 1, last = !found->past;
    if (found->past) {
        found->past->at = at;
        found->past->form = judge->record->form;
    } else {
        item->at = at;
        item->form = judge->record->form;
        if (judge->step->done_when != CHART_NONE) item->done = judge->record->complete;
    }
    if (item->since != INSTANT_NONE && (at < item->since || (item->since == found->at && (one || last)))) item->since = at;
    if (last && item->done && item->since == INSTANT_NONE) item->since = at;
    if (!item->done) item->since = INSTANT_NONE;
    reorder(item);
    count_again(&judge->standard->steps[judge->index], found->at, at);
    return keep_completion(judge->standard, judge->index, of, at, judge->error);
}

/* --- what followed
 * ---------------------------------------------------------------------------------------------------------------- */

static int correct_rule(struct standard *standard, uint32_t index, const struct fact *fact, struct guan_error *error)
{
    const struct chart_rule *rule = &standard->chart->rules[index];
    struct rule_facts *facts = &standard->rules[index];
    for (size_t i = 0; i < facts->count; i++) {
        struct moment moment = facts->items[i];
        if (moment.entry != fact->entry || !moment.session) continue;
        moment.at = fact->at;
        moment.due = INSTANT_NONE;
        if (moment.form || rule->when != CHART_NONE || rule->check != CHART_NONE) moment.form = fact->form;
        if (rule->by && strcmp(rule->by, "actor") != 0)
            moment.key = text_key(standard->world->arena, value_get(fact->form, rule->by));
        if (rule->sum) moment.amount = thousandths(value_get(fact->form, rule->sum));
        moment_drop(standard, index, i);
        return moment_keep(standard, index, &moment) == SIZE_MAX ? error_memory(error) : GUAN_OK;
    }
    return GUAN_OK;
}

static int follow(struct judge *judge, const struct fact *fact, instant from, struct findings *findings)
{
    struct world *world = judge->standard->world;
    int code = GUAN_OK;
    hearers_wake(world, NULL);
    for (size_t s = 0; s < world->session_count && code == GUAN_OK; s++) {
        struct standard *standard = world->sessions[s];
        for (uint32_t r = 0; standard->rules && r < standard->chart->rule_count && code == GUAN_OK; r++)
            code = correct_rule(standard, r, fact, judge->error);
        if (code == GUAN_OK && standard->states && standard->session && !session_done(standard->session))
            code = deadlines_again(standard, fact, findings, judge->error);
    }
    if (code == GUAN_OK) code = rules_again(world, from, findings, judge->error);
    for (size_t s = 0; s < world->session_count && code == GUAN_OK; s++)
        code = findings_tell(world->sessions[s], findings, judge->error);
    return code;
}

/* As of the time when it happened: `now` is that of the record. */
static int judge_as_then(struct judge *judge, instant at)
{
    struct standard *standard = judge->standard;
    struct world *world = standard->world;
    const struct run *run;
    bool past;
    instant now = world->at;
    world->at = at;
    if (facts_activation(standard, judge->step->state, at, &past, &run)) judge->entered = run->entered;
    standard_moment(world);
    int code = eval_bind(standard, judge->step->id, judge->record->form, judge->record->role, judge->error);
    if (code == GUAN_OK) code = judge_rules(judge);
    if (code == GUAN_OK) code = judge_complete(judge);
    world->at = now;
    focus_set(standard, FOCUS_NONE);
    standard_moment(world);
    return code;
}

int standard_amend(struct standard *standard, const struct act *act, uint64_t of, uint64_t entry, struct record *record,
                   struct findings *findings, struct refusal *refusal, struct guan_error *error)
{
    struct judge judge = {
        .standard = standard, .act = act, .record = record, .refusal = refusal, .error = error, .entered = INSTANT_NONE};
    struct world *world = standard->world;
    struct found found = {0};
    (void)entry;
    *record = (struct record){.step = CHART_NONE};
    *refusal = (struct refusal){0};
    int code = find(&judge, of, &found);
    instant at = code == GUAN_OK ? found.at : INSTANT_NONE, now = world->at;
    if (code == GUAN_OK) code = judge_actor(&judge);
    if (code == GUAN_OK) code = read_changes(&judge, &found, &at);
    if (code == GUAN_OK) code = judge_as_then(&judge, at);
    if (code == GUAN_OK) code = keep(&judge, &found, of, at);
    if (code != GUAN_OK) return code;
    struct fact fact = {.owner = standard,
                        .name = judge.step->id,
                        .message = judge.step->message,
                        .actor = act->actors[0].id,
                        .form = record->form,
                        .at = at,
                        .entry = of};
    world->at = at;
    code = judge_findings(&judge, findings);
    if (code == GUAN_OK) code = judge_answered(&judge, findings);
    if (code == GUAN_OK && (record->complete || found.past))
        code = timely_done(standard, judge.index, judge.key, judge.activation, findings, error);
    world->at = now;
    if (code == GUAN_OK) code = follow(&judge, &fact, at < found.at ? at : found.at, findings);
    if (code == GUAN_OK) standard_moment(world);
    return code == GUAN_OK && arena_failed(world->arena) ? error_memory(error) : code;
}
