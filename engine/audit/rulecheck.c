/* Every rule of a file over a log: items, groups, verdicts, and what is said of them. */
#include "audit/rulecheck.h"

#include "audit/past.h"
#include "audit/rulelua.h"
#include "audit/rulenames.h"
#include "base/text.h"
#include "case/kase.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN_EVENTS = 5 }; /* of one case, under one rule */

struct outcome {
    uint32_t kase, event, other; /* events by index; UINT32_MAX: none */
    enum verdict verdict;
    instant due;
};

struct check {
    const struct past *past;
    const struct event_log *log;
    const struct rulefile *file;
    const struct guan_sink *sink;
    struct guan_error *error;
    struct rule_scripts *scripts;
    struct rule_names *names;
    struct arena *arena; /* of one row */
    const struct zone *zone;
    struct rule_terms terms;
    struct judging judging;
    uint32_t kase; /* being judged; UINT32_MAX: all of a dealer */
    struct item *items;
    size_t item_count, item_capacity;
    struct outcome *outcomes;
    size_t outcome_count, outcome_capacity;
    uint8_t *worst, *is_role; /* by case; by text */
    uint64_t activations, errors;
    struct guan_error first_error;
    uint32_t broken, vacuous;
    bool no_memory;
};

/* --- outcomes ----------------------------------------------------------------------------------------------------------------
 */

static void *more_room(struct check *c, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) return items;
    size_t more = *capacity ? *capacity * 2 : 256;
    void *bigger = memory_resize(items, more * size);
    if (bigger) *capacity = more;
    else c->no_memory = true;
    return bigger;
}

static uint32_t index_of(const struct check *c, const struct item *item)
{
    return item ? (uint32_t)(item->event - c->log->events) : UINT32_MAX;
}

static void keep(void *user, enum verdict verdict, const struct item *item, const struct item *other, instant due)
{
    struct check *c = user;
    uint32_t kase = item ? item->event->kase : c->kase;
    instant at = item ? item->event->at : c->log->now;
    if (c->past->since != INSTANT_NONE && at != INSTANT_NONE && at < c->past->since) return;
    if (kase == UINT32_MAX || !c->past->wanted[kase]) return;
    c->activations++;
    if (verdict > c->worst[kase]) c->worst[kase] = (uint8_t)verdict;
    if (verdict <= VERDICT_SATISFIED) return;
    struct outcome *outcomes = more_room(c, c->outcomes, c->outcome_count, &c->outcome_capacity, sizeof *outcomes);
    if (!outcomes) return;
    c->outcomes = outcomes;
    outcomes[c->outcome_count++] = (struct outcome){kase, index_of(c, item), index_of(c, other), verdict, due};
}

static int by_case(const void *a, const void *b)
{
    const struct outcome *x = a, *y = b;
    if (x->kase != y->kase) return x->kase < y->kase ? -1 : 1;
    if (x->verdict != y->verdict) return x->verdict > y->verdict ? -1 : 1;
    return x->event < y->event ? -1 : x->event > y->event;
}

/* --- items -------------------------------------------------------------------------------------------------------------------
 */

static void failed_condition(struct check *c, const struct log_event *event, const struct guan_error *error)
{
    if (c->errors++ > 0) return;
    c->first_error = *error;
    error_where(&c->first_error, "case %s, %s %u", log_text(c->log, c->log->cases[event->kase].name),
                c->log->journal ? "entry" : "event", event->n);
}

static int condition(struct check *c, uint32_t rule, bool when, const struct log_event *event, bool *out)
{
    struct guan_error error = {0};
    int code = when ? rule_when(c->scripts, rule, event, out, &error) : rule_holds(c->scripts, rule, event, out, &error);
    if (code == GUAN_OK) return GUAN_OK;
    *out = false;
    if (code == GUAN_FAILED) {
        if (c->error) *c->error = error;
        return code;
    }
    failed_condition(c, event, &error);
    return GUAN_OK;
}

static int64_t amount_of(const struct check *c, const struct log_event *event, const char *key)
{
    const struct log_attribute *a = log_attribute_of(c->log, event->attributes, event->attribute_count, log_find(c->log, key));
    int64_t amount = 0;
    if (!a) return 0;
    if (a->kind == VALUE_INT && a->as.integer > -INT64_C(1000000000000) && a->as.integer < INT64_C(1000000000000))
        return a->as.integer * 1000;
    if (a->kind == VALUE_REAL && a->as.real > -1e12 && a->as.real < 1e12) return (int64_t)(a->as.real * 1000);
    if (a->kind == VALUE_TEXT && rule_amount(log_text(c->log, a->as.text), &amount)) return amount;
    return 0;
}

/* Numbers and texts do not meet: a text's number is small. */
static uint64_t key_of(const struct check *c, const struct log_event *event, const char *by)
{
    if (!by) return 0;
    if (strcmp(by, "actor") == 0) { /* party:1 is another in every case */
        bool party = text_starts(log_text(c->log, event->resource), "party:");
        return party ? (uint64_t)event->kase << 32 | event->resource : event->resource;
    }
    if (strcmp(by, "case") == 0) return event->kase;
    const struct log_attribute *a = log_attribute_of(c->log, event->attributes, event->attribute_count, log_find(c->log, by));
    if (!a) return 0;
    return a->kind == VALUE_TEXT ? a->as.text : (uint64_t)a->as.integer | UINT64_C(1) << 63;
}

static unsigned roles_of(struct check *c, const struct rule *rule, const struct log_event *event)
{
    const struct chart_names *second = rule->first.count ? &rule->first : rule->then.count ? &rule->then : &rule->from;
    unsigned roles = event->life == LOG_WAIVED ? ITEM_WAIVED : 0;
    if (rule_names_event(c->names, RULE_LIST_OF, &rule->of, event)) roles |= ITEM_OF;
    if (rule_names_event(c->names, RULE_LIST_FIRST, second, event)) roles |= ITEM_FIRST;
    if (rule_names_event(c->names, RULE_LIST_AMONG, &rule->among, event)) roles |= ITEM_AMONG;
    if (rule_names_event(c->names, RULE_LIST_UNTIL, &rule->until, event)) roles |= ITEM_UNTIL;
    return roles;
}

static int take_event(struct check *c, uint32_t index, const struct log_event *event)
{
    const struct rule *rule = &c->file->rules[index];
    unsigned roles = roles_of(c, rule, event);
    bool holds = true;
    int code = GUAN_OK;
    if (event->life == LOG_OTHER && !roles) return GUAN_OK;
    if ((roles & ITEM_OF) && rule->when.source) code = condition(c, index, true, event, &holds);
    if (!holds) roles &= ~(unsigned)ITEM_OF;
    struct item item = {.event = event, .amount = 1000};
    if (!holds && rule->kind == RULE_PROHIBIT) keep(c, VERDICT_SATISFIED, &item, NULL, INSTANT_NONE);
    if (code == GUAN_OK && (roles & ITEM_OF) && rule->check.source) {
        code = condition(c, index, false, event, &holds);
        roles = holds ? roles | ITEM_FIRST : roles & ~(unsigned)ITEM_FIRST;
    }
    if (code != GUAN_OK || (!(roles & ~(unsigned)ITEM_WAIVED) && !rule_sees_all(rule->kind))) return code;
    struct item *items = more_room(c, c->items, c->item_count, &c->item_capacity, sizeof *items);
    if (!items) return error_memory(c->error);
    item.roles = roles;
    item.key = key_of(c, event, rule->by);
    if (rule->sum) item.amount = amount_of(c, event, rule->sum);
    c->items = items;
    items[c->item_count++] = item;
    return GUAN_OK;
}

static int take_case(struct check *c, uint32_t index, uint32_t kase)
{
    const struct log_case *one = &c->log->cases[kase];
    int code = GUAN_OK;
    for (uint32_t i = one->first; i < one->first + one->count && code == GUAN_OK; i++)
        code = take_event(c, index, &c->log->events[i]);
    return code;
}

/* --- groups --------------------------------------------------------------------------------------------------------------------
 */

static int by_time(const void *a, const void *b)
{
    const struct log_event *x = ((const struct item *)a)->event, *y = ((const struct item *)b)->event;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    return x < y ? -1 : x > y;
}

static int by_key(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static void judge_items(struct check *c, const struct rule *rule)
{
    if (rule->dealer && c->item_count) qsort(c->items, c->item_count, sizeof *c->items, by_time);
    for (size_t i = 0; i < c->item_count; i++) c->items[i].order = (uint32_t)i;
    if (rule->by && c->item_count) qsort(c->items, c->item_count, sizeof *c->items, by_key);
    if (!rule->by) {
        rule_judge(&c->judging, c->items, c->item_count);
        return;
    }
    for (size_t first = 0, i = 1; i <= c->item_count; i++) {
        if (i < c->item_count && c->items[i].key == c->items[first].key) continue;
        rule_judge(&c->judging, c->items + first, i - first);
        first = i;
    }
}

static int number(struct check *c, const struct rule *rule, const struct house *house, const struct rule_number *from,
                  int64_t *out)
{
    const char *text = from->parameter && house ? house_parameter(house, from->text) : NULL;
    *out = from->amount;
    if (!from->parameter || (text && rule_amount(text, out))) return GUAN_OK;
    error_set(c->error, GUAN_USAGE, "unknown-parameter", "the rule \"%s\" asks for %s, which is no number here", rule->id,
              from->text);
    error_where(c->error, "%s:%u:%u", c->file->file, rule->place.line, rule->place.col);
    return error_hint(c->error, "%s",
                      house ? "parameters stand in processes/parameters.xml" : "a log has no parameters: write the number");
}

static int span(struct check *c, const struct rule *rule, const struct house *house, const struct rule_span *from,
                struct duration *out)
{
    const char *text = from->parameter && house ? house_parameter(house, from->text) : NULL;
    *out = from->length;
    if (!from->parameter || (text && duration_parse(text, strlen(text), out, NULL) == GUAN_OK)) return GUAN_OK;
    error_set(c->error, GUAN_USAGE, "unknown-parameter", "the rule \"%s\" asks for %s, which is no length of time here", rule->id,
              from->text);
    error_where(c->error, "%s:%u:%u", c->file->file, rule->place.line, rule->place.col);
    return error_hint(c->error, "%s",
                      house ? "parameters stand in processes/parameters.xml" : "a log has no parameters: write PT24H");
}

/* What a rule means at one dealer's. */
static int terms_of(struct check *c, const struct rule *rule, uint32_t dealer)
{
    const struct house *house = NULL;
    int code = past_house(c->past, dealer, &house, c->error);
    if (code == GUAN_OK) code = span(c, rule, house, &rule->within, &c->terms.within);
    if (code == GUAN_OK) code = span(c, rule, house, &rule->until_after, &c->terms.until);
    if (code == GUAN_OK) code = number(c, rule, house, &rule->min, &c->terms.min);
    if (code == GUAN_OK) code = number(c, rule, house, &rule->max, &c->terms.max);
    if (!rule->max.text) c->terms.max = INT64_MAX;
    if (!rule->min.text) c->terms.min = rule->max.text ? 0 : 1000;
    c->zone = house ? house->zone : c->past->zone;
    c->judging.zone = c->zone;
    return code;
}

static int judge_case(struct check *c, uint32_t index, uint32_t kase)
{
    const struct log_case *one = &c->log->cases[kase];
    int code = take_case(c, index, kase);
    c->kase = kase;
    c->judging.open = one->open;
    c->judging.begin = one->count ? c->log->events[one->first].at : INSTANT_NONE;
    c->judging.now = one->open ? c->log->now : one->count ? c->log->events[one->first + one->count - 1].at : INSTANT_NONE;
    if (code == GUAN_OK) judge_items(c, &c->file->rules[index]);
    c->item_count = 0;
    return code;
}

/* All cases of one dealer, from `first` on, as one sequence. */
static int judge_dealer(struct check *c, uint32_t index, uint32_t first)
{
    uint32_t dealer = c->log->cases[first].dealer;
    int code = GUAN_OK;
    for (uint32_t k = first; k < c->log->case_count && code == GUAN_OK; k++)
        if (c->log->cases[k].dealer == dealer) code = take_case(c, index, k);
    c->kase = UINT32_MAX;
    c->judging.open = true;
    c->judging.now = c->log->now;
    if (code == GUAN_OK) judge_items(c, &c->file->rules[index]);
    c->item_count = 0;
    return code;
}

static bool dealer_is_new(const struct check *c, uint32_t kase)
{
    for (uint32_t k = 0; k < kase; k++)
        if (c->log->cases[k].dealer == c->log->cases[kase].dealer) return false;
    return true;
}

static void mark_roles(struct check *c, const struct rule *rule, uint8_t mark)
{
    for (uint32_t i = 0; i < rule->roles.count; i++) {
        uint32_t known = log_find(c->log, rule->roles.items[i]);
        if (known) c->is_role[known] = mark;
    }
}

static int judge_rule(struct check *c, uint32_t index)
{
    const struct rule *rule = &c->file->rules[index];
    uint32_t dealer = UINT32_MAX;
    int code = GUAN_OK;
    memset(c->worst, 0, c->log->case_count);
    c->outcome_count = 0;
    c->activations = c->errors = 0;
    c->judging.rule = rule;
    rule_names_forget(c->names);
    mark_roles(c, rule, 1);
    for (uint32_t k = 0; k < c->log->case_count && code == GUAN_OK; k++) {
        bool known = c->log->cases[k].dealer == dealer;
        if (!rule->dealer && !c->past->wanted[k]) continue;
        if (rule->dealer && (known || !dealer_is_new(c, k))) continue;
        if (!known) code = terms_of(c, rule, dealer = c->log->cases[k].dealer);
        if (code == GUAN_OK) code = rule->dealer ? judge_dealer(c, index, k) : judge_case(c, index, k);
    }
    mark_roles(c, rule, 0);
    return code == GUAN_OK && c->no_memory ? error_memory(c->error) : code;
}

/* --- what is said
 * ---------------------------------------------------------------------------------------------------------------- */

static const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {"none", "satisfied", "pending", "due", "violated"};
    return names[verdict];
}

static void put_time(const struct check *c, struct value *map, const char *key, const char *local, instant at)
{
    char text[40];
    if (at == INSTANT_NONE) return;
    instant_format(at, text);
    value_set_text(c->arena, map, key, text);
    instant_format_local(c->zone, at, true, text, sizeof text);
    value_set_text(c->arena, map, local, text);
}

static struct value *event_value(const struct check *c, uint32_t index, const char *kind)
{
    const struct log_event *event = &c->log->events[index];
    struct value *map = value_map(c->arena);
    value_set_text(c->arena, map, "is", kind);
    value_set_text(c->arena, map, "activity", log_text(c->log, event->activity));
    value_set_int(c->arena, map, c->log->journal ? "entry" : "event", event->n);
    put_time(c, map, "at", "at_local", event->at);
    if (event->resource)
        value_set_text(c->arena, map, "actor",
                       past_person(c->past, c->log->cases[event->kase].dealer, log_text(c->log, event->resource)));
    return map;
}

static int put_case(struct check *c, const struct rule *rule, const struct outcome *outcomes, size_t count)
{
    struct value *map = value_map(c->arena), *events = value_list(c->arena), *entries = value_list(c->arena);
    enum verdict verdict = outcomes[0].verdict; /* the worst comes first */
    instant due = INSTANT_NONE;
    size_t alike = 0;
    for (size_t i = 0; i < count && outcomes[i].verdict == verdict; i++, alike++) {
        const struct outcome *o = &outcomes[i];
        if (o->due != INSTANT_NONE && (due == INSTANT_NONE || o->due < due)) due = o->due;
        if (o->event != UINT32_MAX) value_add(c->arena, entries, value_int(c->arena, c->log->events[o->event].n));
        if (i >= SHOWN_EVENTS || o->event == UINT32_MAX) continue;
        value_add(c->arena, events, event_value(c, o->event, "event"));
        if (o->other != UINT32_MAX) value_add(c->arena, events, event_value(c, o->other, "other"));
    }
    value_set_text(c->arena, map, "rule", rule->id);
    value_set_text(c->arena, map, "case", log_text(c->log, c->log->cases[outcomes[0].kase].name));
    value_set_text(c->arena, map, "verdict", verdict_name(verdict));
    value_set_int(c->arena, map, "count", (int64_t)alike);
    put_time(c, map, "due", "due_local", due);
    value_set(c->arena, map, c->log->journal ? "entries" : "places", entries);
    value_set(c->arena, map, "events", events);
    return answer_put(c->sink, map, c->error);
}

static int put_cases(struct check *c, const struct rule *rule)
{
    int code = GUAN_OK;
    if (c->outcome_count) qsort(c->outcomes, c->outcome_count, sizeof *c->outcomes, by_case);
    for (size_t first = 0, i = 1; i <= c->outcome_count && code == GUAN_OK; i++) {
        if (i < c->outcome_count && c->outcomes[i].kase == c->outcomes[first].kase) continue;
        arena_reset(c->arena);
        code = put_case(c, rule, c->outcomes + first, i - first);
        first = i;
    }
    return code;
}

static struct value *texts(struct arena *arena, const struct chart_names *names)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < names->count; i++) value_add(arena, list, value_text(arena, names->items[i]));
    return list;
}

static int put_rule(struct check *c, const struct rule *rule)
{
    uint32_t counts[VERDICT_VIOLATED + 1] = {0};
    for (uint32_t k = 0; k < c->log->case_count; k++) counts[c->worst[k]]++;
    arena_reset(c->arena);
    struct value *map = value_map(c->arena), *cases = value_map(c->arena);
    value_set_text(c->arena, map, "rule", rule->id);
    value_set_text(c->arena, map, "title", rule->title);
    value_set_text(c->arena, map, "kind", rule_kind_name(rule->kind));
    value_set_text(c->arena, map, "severity", rule->severity);
    value_set_text(c->arena, map, "code", rule->code);
    value_set(c->arena, map, "clause", texts(c->arena, &rule->clauses));
    value_set_int(c->arena, map, "line", rule->place.line);
    value_set_int(c->arena, map, "activations", (int64_t)c->activations);
    for (enum verdict v = VERDICT_SATISFIED; v <= VERDICT_VIOLATED; v++)
        value_set_int(c->arena, cases, verdict_name(v), counts[v]);
    value_set(c->arena, map, "cases", cases);
    value_set_bool(c->arena, map, "vacuous", c->activations == 0);
    if (c->errors) {
        value_set_int(c->arena, map, "errors", (int64_t)c->errors);
        value_set_text(c->arena, map, "error", arena_printf(c->arena, "%s: %s", c->first_error.where, c->first_error.text));
    }
    c->broken += counts[VERDICT_VIOLATED] > 0 || c->errors > 0;
    c->vacuous += c->activations == 0;
    return answer_put(c->sink, map, c->error);
}

static int put_total(struct check *c)
{
    arena_reset(c->arena);
    struct value *map = value_map(c->arena);
    past_total(c->past, c->arena, map);
    value_set_int(c->arena, map, "rules", c->file->count);
    value_set_int(c->arena, map, "violated", c->broken);
    value_set_int(c->arena, map, "vacuous", c->vacuous);
    return answer_put(c->sink, map, c->error);
}

/* --- the whole
 * -------------------------------------------------------------------------------------------------------------------- */

static int prepare(struct check *c, struct script *script)
{
    const struct event_log *log = c->log;
    c->arena = arena_new();
    c->worst = memory_alloc(log->case_count + (size_t)1);
    c->is_role = memory_alloc(log->text_count);
    c->judging.is_role = c->is_role;
    c->judging.seen_by = memory_alloc(log->text_count * sizeof(uint32_t));
    c->judging.marked = memory_alloc(log->text_count * sizeof(uint32_t));
    if (!c->arena || !c->worst || !c->is_role || !c->judging.seen_by || !c->judging.marked) return error_memory(c->error);
    c->judging.log = log;
    c->judging.terms = &c->terms;
    c->judging.evidence = log_find(log, "evidence");
    c->judging.outcome = keep;
    c->judging.user = c;
    int code = rule_names_new(log, &c->names, c->error);
    return code == GUAN_OK ? rule_scripts_new(log, c->file, script, &c->scripts, c->error) : code;
}

int past_rules(const struct past *past, const struct rulefile *file, const struct guan_sink *sink, struct guan_error *error)
{
    struct check c = {.past = past, .log = past->log, .file = file, .sink = sink, .error = error};
    int code = prepare(&c, past->guan ? past->guan->script : NULL);
    for (uint32_t i = 0; i < file->count && code == GUAN_OK; i++) {
        code = judge_rule(&c, i);
        if (code == GUAN_OK) code = put_cases(&c, &file->rules[i]);
        if (code == GUAN_OK) code = put_rule(&c, &file->rules[i]);
    }
    if (code == GUAN_OK) code = put_total(&c);
    if (code == GUAN_OK && c.broken)
        code = error_set(error, GUAN_NO, "rules", "%u rule%s violated", c.broken, c.broken == 1 ? " is" : "s are");
    rule_scripts_free(c.scripts);
    rule_names_free(c.names);
    memory_free(c.worst);
    memory_free(c.is_role);
    memory_free(c.judging.seen_by);
    memory_free(c.judging.marked);
    memory_free(c.items);
    memory_free(c.outcomes);
    arena_free(c.arena);
    return code;
}
