/* What rules remember, as JSON and back. Each fact stands once, for all rules of the session that keep it:
 *
 *   "told": {"facts":[Δat,Δn,what,who, …], "what":[[session,process,name,message], …], "who":[…], "form":[i,{…}, …], "late":[i,
 * …]} "of":   {RULE: {"from":i, "is":"113…", "armed", "due", COLUMN:[k,value, …], …}}
 *
 * `is` has a digit a fact, from the i-th on: its roles in this rule, 0 for one that the rule does not keep. A column says of the
 * k-th fact that the rule keeps what is not the same for all. `what` and `who` count from 1; 0 is none. */
#include "standard/moments.h"

#include "base/text.h"

#include <string.h>

enum { FACT_NUMBERS = 4 };

/* --- columns ------------------------------------------------------------------------------------------------------------------
 */

static struct value *get_key(struct arena *arena, const struct moment *moment)
{
    return value_text(arena, moment->key);
}
static void set_key(struct moment *moment, const struct value *value)
{
    moment->key = value_as_text(value);
}

static struct value *get_sum(struct arena *arena, const struct moment *moment)
{
    return moment->amount ? value_int(arena, moment->amount) : NULL;
}
static void set_sum(struct moment *moment, const struct value *value)
{
    moment->amount = value_as_int(value);
}

/* What was found stands as long as nothing took it back. */
static struct value *get_fid(struct arena *arena, const struct moment *moment)
{
    return value_text(arena, moment->fid);
}
static void set_fid(struct moment *moment, const struct value *value)
{
    moment->fid = value_as_text(value);
    moment->stands = moment->fid != NULL;
}

static struct value *get_gone(struct arena *arena, const struct moment *moment)
{
    return moment->fid && !moment->stands ? value_bool(arena, true) : NULL;
}
static void set_gone(struct moment *moment, const struct value *value)
{
    moment->stands = !value_as_bool(value);
}

/* From the fact on: shorter, and the same for most. */
static struct value *get_due(struct arena *arena, const struct moment *moment)
{
    return moment->due != INSTANT_NONE ? value_int(arena, moment->due - moment->at) : NULL;
}
static void set_due(struct moment *moment, const struct value *value)
{
    moment->due = moment->at + value_as_int(value);
}

static struct value *get_end(struct arena *arena, const struct moment *moment)
{
    return moment->end != INSTANT_NONE ? value_int(arena, moment->end - moment->at) : NULL;
}
static void set_end(struct moment *moment, const struct value *value)
{
    moment->end = moment->at + value_as_int(value);
}

static const struct column {
    const char *name;
    struct value *(*get)(struct arena *arena, const struct moment *moment); /* NULL: nothing to say */
    void (*set)(struct moment *moment, const struct value *value);
} columns[] = {{"key", get_key, set_key},    {"sum", get_sum, set_sum}, {"fid", get_fid, set_fid},
               {"gone", get_gone, set_gone}, {"gap", get_due, set_due}, {"end", get_end, set_end}}; /* gone after fid */
enum { COLUMNS = sizeof columns / sizeof *columns };

static void put_list(struct arena *arena, struct value *map, const char *key, struct value *list)
{
    if (value_count(list)) value_append(arena, map, key, list);
}

static void add_pair(struct arena *arena, struct value *list, size_t index, struct value *value)
{
    value_add(arena, list, value_int(arena, (int64_t)index));
    value_add(arena, list, value);
}

/* --- writing ------------------------------------------------------------------------------------------------------------------
 */

/* The facts of several rules, each once, by time. */
struct told {
    const struct moment **items;
    size_t count;
};

static int compare(const struct moment *a, const struct moment *b)
{
    if (a->at != b->at) return a->at < b->at ? -1 : 1;
    return (a->entry > b->entry) - (a->entry < b->entry);
}

static bool merge(struct arena *arena, struct told *told, const struct rule_facts *facts)
{
    const struct moment **items = arena_alloc(arena, (told->count + facts->count) * sizeof *items);
    size_t count = 0, i = 0, k = 0;
    if (!items) return false;
    while (i < told->count || k < facts->count) {
        int order = i == told->count ? 1 : k == facts->count ? -1 : compare(told->items[i], &facts->items[k]);
        items[count++] = order <= 0 ? told->items[i] : &facts->items[k];
        i += order <= 0;
        k += order >= 0;
    }
    *told = (struct told){items, count};
    return true;
}

static bool same_kind(const struct moment *a, const struct moment *b)
{
    return text_equal(a->name, b->name) && text_equal(a->session, b->session) && text_equal(a->process, b->process) &&
           text_equal(a->message, b->message);
}

/* The place of what `moment` is among `seen`, from 1 on; new ones are put there. */
static size_t place_of(const struct moment **seen, size_t *count, const struct moment *moment,
                       bool (*same)(const struct moment *, const struct moment *))
{
    for (size_t i = *count; i-- > 0;)
        if (same(seen[i], moment)) return i + 1;
    seen[(*count)++] = moment;
    return *count;
}

static bool same_actor(const struct moment *a, const struct moment *b)
{
    return text_equal(a->actor, b->actor);
}

static struct value *save_kinds(struct arena *arena, const struct moment **kinds, size_t count)
{
    struct value *list = value_list(arena);
    for (size_t i = 0; i < count; i++) {
        struct value *kind = value_list(arena);
        value_add(arena, kind, value_text(arena, kinds[i]->session));
        value_add(arena, kind, value_text(arena, kinds[i]->process));
        value_add(arena, kind, value_text(arena, kinds[i]->name));
        if (kinds[i]->message) value_add(arena, kind, value_text(arena, kinds[i]->message));
        value_add(arena, list, kind);
    }
    return list;
}

static struct value *save_told(struct arena *arena, const struct told *told)
{
    struct value *map = value_map(arena), *facts = value_list(arena), *late = value_list(arena), *forms = value_list(arena),
                 *who = value_list(arena);
    const struct moment **kinds = arena_alloc(arena, told->count * sizeof *kinds),
                        **actors = arena_alloc(arena, told->count * sizeof *actors);
    size_t kind_count = 0, actor_count = 0;
    instant at = 0;
    int64_t entry = 0;
    if (!kinds || !actors) return NULL;
    for (size_t i = 0; i < told->count; i++) {
        const struct moment *one = told->items[i];
        size_t kind = one->session ? place_of(kinds, &kind_count, one, same_kind) : 0;
        size_t actor = one->actor ? place_of(actors, &actor_count, one, same_actor) : 0;
        value_add(arena, facts, value_int(arena, one->at - at));
        value_add(arena, facts, value_int(arena, (int64_t)one->entry - entry));
        value_add(arena, facts, value_int(arena, (int64_t)kind));
        value_add(arena, facts, value_int(arena, (int64_t)actor));
        at = one->at;
        entry = (int64_t)one->entry;
        if (one->late) value_add(arena, late, value_int(arena, (int64_t)i));
        if (one->form) add_pair(arena, forms, i, value_copy(arena, one->form));
    }
    for (size_t i = 0; i < actor_count; i++) value_add(arena, who, value_text(arena, actors[i]->actor));
    value_append(arena, map, "facts", facts);
    put_list(arena, map, "what", save_kinds(arena, kinds, kind_count));
    put_list(arena, map, "who", who);
    put_list(arena, map, "form", forms);
    put_list(arena, map, "late", late);
    return map;
}

static void save_roles(struct arena *arena, struct value *map, const struct told *told, const struct rule_facts *facts)
{
    size_t first = 0, length = 0;
    if (!facts->count) return;
    while (compare(told->items[first], &facts->items[0]) != 0) first++;
    char *digits = arena_alloc(arena, told->count - first + 1);
    for (size_t k = 0; digits && k < facts->count; length++) {
        bool kept = compare(told->items[first + length], &facts->items[k]) == 0;
        digits[length] = "0123456789abcdef"[kept ? facts->items[k].roles & 15u : 0];
        k += kept;
    }
    if (first) value_set_int(arena, map, "from", (int64_t)first);
    value_set(arena, map, "is", value_text_n(arena, digits, length));
}

static struct value *save_rule(struct arena *arena, const struct told *told, const struct rule_facts *facts)
{
    struct value *map = value_map(arena);
    save_roles(arena, map, told, facts);
    for (size_t c = 0; c < COLUMNS; c++) {
        struct value *column = value_list(arena);
        for (size_t k = 0; k < facts->count; k++) {
            struct value *value = columns[c].get(arena, &facts->items[k]);
            if (value) add_pair(arena, column, k, value);
        }
        put_list(arena, map, columns[c].name, column);
    }
    value_set_text(arena, map, "armed", facts->armed);
    if (facts->armed && facts->due != INSTANT_NONE) value_set_int(arena, map, "due", facts->due);
    return map;
}

struct value *rules_save(const struct standard *standard, struct arena *arena)
{
    struct value *all = value_map(arena), *rules = value_map(arena);
    struct told told = {NULL, 0};
    for (uint32_t r = 0; r < standard->chart->rule_count; r++)
        if (standard->rules[r].count && !merge(arena, &told, &standard->rules[r])) return NULL;
    for (uint32_t r = 0; r < standard->chart->rule_count; r++) {
        const struct rule_facts *facts = &standard->rules[r];
        if (facts->count || facts->armed)
            value_append(arena, rules, standard->chart->rules[r].id, save_rule(arena, &told, facts));
    }
    if (told.count) value_append(arena, all, "told", save_told(arena, &told));
    if (value_count(rules)) value_append(arena, all, "of", rules);
    return all;
}

/* --- reading ------------------------------------------------------------------------------------------------------------------
 */

static struct value *from_one(const struct value *list, int64_t place)
{
    return place > 0 ? value_at(list, (size_t)place - 1) : NULL;
}

static void load_fact(struct moment *out, const struct moment *before, const struct value *saved, size_t i)
{
    const struct value *facts = value_get(saved, "facts");
    int64_t numbers[FACT_NUMBERS];
    for (size_t n = 0; n < FACT_NUMBERS; n++) numbers[n] = value_as_int(value_at(facts, i * FACT_NUMBERS + n));
    const struct value *kind = from_one(value_get(saved, "what"), numbers[2]);
    *out = (struct moment){.at = (before ? before->at : 0) + numbers[0],
                           .entry = (before ? before->entry : 0) + (uint64_t)numbers[1],
                           .session = value_as_text(value_at(kind, 0)),
                           .process = value_as_text(value_at(kind, 1)),
                           .name = value_as_text(value_at(kind, 2)),
                           .message = value_as_text(value_at(kind, 3)),
                           .actor = value_as_text(from_one(value_get(saved, "who"), numbers[3])),
                           .due = INSTANT_NONE,
                           .end = INSTANT_NONE};
}

/* The facts as all rules see them; NULL: none, or no memory. */
static struct moment *load_told(struct arena *arena, const struct value *saved, size_t *count)
{
    const struct value *late = value_get(saved, "late"), *forms = value_get(saved, "form");
    *count = value_count(value_get(saved, "facts")) / FACT_NUMBERS;
    struct moment *told = *count ? arena_alloc(arena, *count * sizeof *told) : NULL;
    if (!told) return NULL;
    for (size_t i = 0; i < *count; i++) load_fact(&told[i], i ? &told[i - 1] : NULL, saved, i);
    for (size_t i = 0; i < value_count(late); i++) {
        size_t at = (size_t)value_as_int(value_at(late, i));
        if (at < *count) told[at].late = true;
    }
    for (size_t i = 0; i + 1 < value_count(forms); i += 2) {
        size_t at = (size_t)value_as_int(value_at(forms, i));
        if (at < *count) told[at].form = value_at(forms, i + 1);
    }
    return told;
}

static unsigned roles_in(char digit)
{
    if (digit >= '1' && digit <= '9') return (unsigned)(digit - '0');
    return digit >= 'a' && digit <= 'f' ? (unsigned)(digit - 'a') + 10 : 0;
}

static void load_rule(struct standard *standard, uint32_t index, const struct moment *told, size_t count,
                      const struct value *saved)
{
    const struct chart_rule *rule = &standard->chart->rules[index];
    struct rule_facts *facts = &standard->rules[index];
    const char *digits = value_get_text(saved, "is");
    size_t first = (size_t)value_get_int(saved, "from"), length = digits ? strlen(digits) : 0;
    bool lua = rule->when != CHART_NONE || rule->check != CHART_NONE;
    facts->armed = value_get_text(saved, "armed");
    facts->due = value_get(saved, "due") ? value_get_int(saved, "due") : INSTANT_NONE;
    if (!told || first > count || length > count - first) return;
    facts->capacity = length + 1; /* room for what comes */
    facts->items = arena_alloc(standard->world->arena, facts->capacity * sizeof *facts->items);
    for (size_t i = 0; facts->items && i < length; i++) {
        unsigned roles = roles_in(digits[i]);
        if (!roles) continue;
        struct moment *moment = &facts->items[facts->count++];
        *moment = told[first + i];
        moment->roles = roles;
        if (!lua) moment->form = NULL;
    }
    for (size_t c = 0; c < COLUMNS; c++) {
        const struct value *column = value_get(saved, columns[c].name);
        for (size_t i = 0; i + 1 < value_count(column); i += 2) {
            size_t k = (size_t)value_as_int(value_at(column, i));
            if (k < facts->count) columns[c].set(&facts->items[k], value_at(column, i + 1));
        }
    }
}

void rules_load(struct standard *standard, const struct value *saved)
{
    size_t count;
    const struct moment *told = load_told(standard->world->arena, value_get(saved, "told"), &count);
    const struct value *rules = value_get(saved, "of");
    for (uint32_t r = 0; rules && r < standard->chart->rule_count; r++) {
        const struct value *rule = value_get(rules, standard->chart->rules[r].id);
        if (rule) load_rule(standard, r, told, count, rule);
    }
}
