/* What rules remember of the facts that they watch: bounded by the window and 30 days more (SEMANTICS 19), and in number. */
#include "standard/moments.h"

#include "base/json.h"
#include "base/limits.h"
#include "standard/due.h"
#include "standard/terms.h"
#include "standard/types.h"

#include <string.h>

/* --- keeping -------------------------------------------------------------------------------------------------------------------
 */

static bool before(const struct moment *a, const struct moment *b)
{
    return a->at < b->at || (a->at == b->at && a->entry < b->entry);
}

size_t moment_keep(struct standard *standard, uint32_t rule, const struct moment *moment)
{
    struct rule_facts *facts = &standard->rules[rule];
    if (!LIST_ROOM(standard->world->arena, facts->items, facts->count, facts->capacity)) return SIZE_MAX;
    size_t i = facts->count++;
    for (; i > 0 && before(moment, &facts->items[i - 1]); i--) facts->items[i] = facts->items[i - 1];
    facts->items[i] = *moment;
    return i;
}

void moment_drop(struct standard *standard, uint32_t rule, size_t index)
{
    struct rule_facts *facts = &standard->rules[rule];
    facts->count--;
    memmove(&facts->items[index], &facts->items[index + 1], (facts->count - index) * sizeof *facts->items);
}

/* `within` back from `at`; INSTANT_NONE: no window, or one that cannot be told. */
instant rule_window(struct standard *standard, uint32_t index, instant at, struct guan_error *error)
{
    const struct chart_rule *rule = &standard->chart->rules[index];
    struct duration back;
    const char *text;
    if (!rule->within || keyed_text(standard, rule->within, rule->within_key, &text, error) != GUAN_OK || !text)
        return INSTANT_NONE;
    const char *value = text[0] == 'T' ? house_parameter(standard->world->house, text) : NULL;
    if (value) text = value;
    if (duration_parse(text, strlen(text), &back, NULL) != GUAN_OK) return INSTANT_NONE;
    back.months = -back.months;
    back.days = -back.days;
    back.ms = -back.ms;
    return duration_add(standard->world->house->zone, at, &back);
}

/* What is looked at however long ago it was: who did a step first, the first of its kind. */
static bool for_good(const struct chart_rule *rule, const struct moment *moment)
{
    if (rule->kind == CHART_RULE_PRECEDES) return rule->once || (moment->roles & MOMENT_FROM);
    return rule->kind == CHART_RULE_SEPARATE;
}

int moments_prune(struct standard *standard, uint32_t index, struct guan_error *error)
{
    const struct chart_rule *rule = &standard->chart->rules[index];
    struct rule_facts *facts = &standard->rules[index];
    if (!facts->count) return GUAN_OK;
    instant last = facts->items[facts->count - 1].at, from = rule_window(standard, index, last, error);
    if (from == INSTANT_NONE || from > last) from = last;
    for (size_t i = 0; i + 1 < facts->count && facts->items[i].at < from - FACTS_LOOK_BACK;) {
        if (for_good(rule, &facts->items[i])) i++;
        else moment_drop(standard, index, i);
    }
    while (facts->count > LIMIT_MOMENTS) moment_drop(standard, index, 0);
    return GUAN_OK;
}

/* --- amounts
 * --------------------------------------------------------------------------------------------------------------------- */

int64_t thousandths(const struct value *value)
{
    const char *text = value_as_text(value);
    int64_t whole = 0;
    if (!value) return 0;
    if (value->kind == VALUE_INT) {
        int64_t most = INT64_MAX / 1000;
        return value->as.integer > most ? INT64_MAX : value->as.integer < -most ? -INT64_MAX : value->as.integer * 1000;
    }
    if (value->kind == VALUE_REAL) {
        double scaled = value->as.real * 1000;
        return scaled > 9e18 ? INT64_MAX : scaled < -9e18 ? -INT64_MAX : (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
    if (!text) return 0;
    const char *point = strchr(text, '.');
    bool negative = *text == '-';
    for (const char *at = text + (negative ? 1 : 0); *at && at != point; at++) {
        if (*at < '0' || *at > '9' || whole > INT64_C(900000000000000)) return 0;
        whole = whole * 10 + (*at - '0');
    }
    for (int i = 0; i < 3; i++) {
        int digit = point && point[1] >= '0' && point[1] <= '9' ? *++point - '0' : 0;
        whole = whole * 10 + digit;
    }
    return negative ? -whole : whole;
}

const char *text_key(struct arena *arena, const struct value *value)
{
    if (!value || value->kind == VALUE_TEXT) return value_as_text(value);
    struct buffer text = {0};
    json_write(&text, value);
    const char *key = text.data ? arena_text(arena, text.data, text.length) : NULL;
    buffer_release(&text);
    return key;
}

/* --- count, sum
 * ------------------------------------------------------------------------------------------------------------------- */

static struct standard *session_of(const struct world *world, const char *id)
{
    for (size_t i = world->session_count; i-- > 0;)
        if (strcmp(world->sessions[i]->id, id) == 0) return world->sessions[i];
    return NULL;
}

static bool counts(struct standard *standard, const struct moment *moment, const char *name)
{
    struct fact fact = {.owner = moment->session ? session_of(standard->world, moment->session) : NULL,
                        .name = moment->name,
                        .message = moment->message};
    return fact.owner && fact.name && fact_named(standard, name, &fact);
}

/* How much of `field` a moment has kept; false: nothing of it. */
static bool amount_of(const struct chart_rule *rule, const struct moment *moment, const char *field, int64_t *out)
{
    *out = 1;
    if (!field) return true;
    *out = moment->amount;
    if (rule->sum && strcmp(rule->sum, field) == 0) return true;
    *out = thousandths(value_get(moment->form, field));
    return moment->form != NULL;
}

struct seen {
    uint64_t *entries;
    size_t count, capacity;
};

static bool first_time(struct arena *arena, struct seen *seen, uint64_t entry)
{
    for (size_t i = 0; i < seen->count; i++)
        if (seen->entries[i] == entry) return false;
    if (!LIST_ROOM(arena, seen->entries, seen->count, seen->capacity)) return false;
    seen->entries[seen->count++] = entry;
    return true;
}

int moments_total(struct standard *standard, const char *name, const char *field, instant after, int64_t *out)
{
    const struct world *world = standard->world;
    struct seen seen = {NULL, 0, 0};
    *out = 0;
    hearers_wake(standard->world, NULL);
    for (size_t s = 0; s < world->session_count; s++) {
        const struct standard *other = world->sessions[s];
        for (uint32_t r = 0; other->rules && r < other->chart->rule_count; r++)
            for (size_t i = other->rules[r].count; i-- > 0;) {
                const struct moment *moment = &other->rules[r].items[i];
                int64_t amount;
                if (moment->at <= after) break;
                if (moment->at > world->at || !counts(standard, moment, name)) continue;
                if (amount_of(&other->chart->rules[r], moment, field, &amount) && first_time(world->arena, &seen, moment->entry))
                    *out += amount;
            }
    }
    return arena_failed(world->arena) ? GUAN_FAILED : GUAN_OK;
}
