/* What each kind of rule says of one sequence of events in the order of time. */
#include "audit/rulecheck.h"

#include "base/text.h"

#include <string.h>

typedef void judge_function(struct judging *j, const struct item *items, size_t count);

static void tell(struct judging *j, enum verdict verdict, const struct item *item, const struct item *other, instant due)
{
    j->outcome(j->user, verdict, item, other, due);
}

static void tell_if(struct judging *j, bool fine, const struct item *item, const struct item *other)
{
    tell(j, fine ? VERDICT_SATISFIED : VERDICT_VIOLATED, item, other, INSTANT_NONE);
}

static bool is(const struct item *item, unsigned role)
{
    return (item->roles & role) != 0;
}

/* A waived step answers what is asked for, but asks for nothing itself. */
static bool acts(const struct item *item)
{
    return is(item, ITEM_OF) && !is(item, ITEM_WAIVED);
}

static bool within_given(const struct judging *j)
{
    return j->rule->within.text != NULL;
}

static instant end_of(const struct judging *j, instant from)
{
    if (!within_given(j) || from == INSTANT_NONE) return INSTANT_NONE;
    return duration_add(j->zone, from, &j->terms->within);
}

/* The window that ends at `at` begins after this. */
static instant before(const struct judging *j, instant at)
{
    const struct duration *w = &j->terms->within, back = {-w->months, -w->days, -w->ms, w->has_days, w->has_exact};
    if (!within_given(j) || at == INSTANT_NONE) return INSTANT_NONE;
    return duration_add(j->zone, at, &back);
}

/* What is asked for has not come, up to the end of the sequence. */
static void missing(struct judging *j, const struct item *item, instant due)
{
    if (!j->open || (due != INSTANT_NONE && j->now > due)) tell(j, VERDICT_VIOLATED, item, NULL, due);
    else tell(j, due == INSTANT_NONE ? VERDICT_PENDING : VERDICT_DUE, item, NULL, due);
}

/* It came: in time? */
static void came(struct judging *j, const struct item *item, const struct item *answer, instant due)
{
    bool late = due != INSTANT_NONE && answer->event->at != INSTANT_NONE && answer->event->at > due;
    tell(j, late ? VERDICT_VIOLATED : VERDICT_SATISFIED, item, answer, late ? due : INSTANT_NONE);
}

/* --- single events ------------------------------------------------------------------------------------------------------- */

static void prohibit(struct judging *j, const struct item *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (acts(&items[i])) tell(j, VERDICT_VIOLATED, &items[i], NULL, INSTANT_NONE);
}

static void data(struct judging *j, const struct item *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (acts(&items[i])) tell_if(j, is(&items[i], ITEM_FIRST), &items[i], NULL);
}

static void authority(struct judging *j, const struct item *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (acts(&items[i])) tell_if(j, j->is_role[items[i].event->role] != 0, &items[i], NULL);
}

static bool has_all(const char *text, const struct chart_names *words)
{
    for (uint32_t i = 0; i < words->count; i++) {
        const char *cursor = text, *word;
        size_t length;
        bool found = false;
        while (!found && text_word(&cursor, &word, &length))
            found = strncmp(word, words->items[i], strlen(words->items[i])) == 0 &&
                    (strlen(words->items[i]) == length || word[strlen(words->items[i])] == ':'); /* kind:hash */
        if (!found) return false;
    }
    return true;
}

static void evidence(struct judging *j, const struct item *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct log_event *event = items[i].event;
        if (!acts(&items[i])) continue;
        const struct log_attribute *kinds = log_attribute_of(j->log, event->attributes, event->attribute_count, j->evidence);
        const char *text = kinds && kinds->kind == VALUE_TEXT ? log_text(j->log, kinds->as.text) : "";
        tell_if(j, has_all(text, &j->rule->evidence), &items[i], NULL);
    }
}

/* Without a role and a maximum: never. */
static void waiver(struct judging *j, const struct item *items, size_t count)
{
    bool never = !j->rule->roles.count && !j->rule->max.text;
    int64_t waived = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is(&items[i], ITEM_OF) || !is(&items[i], ITEM_WAIVED)) continue;
        bool fine = !never && (!j->rule->roles.count || j->is_role[items[i].event->role]);
        waived += 1000;
        tell_if(j, fine && waived <= j->terms->max, &items[i], NULL);
    }
}

/* --- how often ------------------------------------------------------------------------------------------------------------- */

static void limit(struct judging *j, const struct item *items, size_t count)
{
    int64_t total = 0;
    size_t first = 0;
    for (size_t i = 0; i < count; i++) {
        instant from = before(j, items[i].event->at);
        if (!acts(&items[i])) continue;
        total += items[i].amount;
        for (; first < i && from != INSTANT_NONE && items[first].event->at <= from; first++)
            if (acts(&items[first])) total -= items[first].amount;
        tell_if(j, total <= j->terms->max, &items[i], NULL);
    }
}

static void min_gap(struct judging *j, const struct item *items, size_t count)
{
    const struct item *last = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!acts(&items[i])) continue;
        if (last) tell_if(j, last->event->at <= before(j, items[i].event->at), &items[i], last);
        last = &items[i];
    }
}

static void share(struct judging *j, const struct item *items, size_t count)
{
    int64_t of = 0, among = 0;
    size_t first = 0;
    for (size_t i = 0; i < count; i++) {
        instant from = before(j, items[i].event->at);
        of += acts(&items[i]);
        among += is(&items[i], ITEM_AMONG);
        for (; first < i && from != INSTANT_NONE && items[first].event->at <= from; first++) {
            of -= acts(&items[first]);
            among -= is(&items[first], ITEM_AMONG);
        }
        if (!acts(&items[i]) || among < (int64_t)j->rule->sample || among == 0) continue;
        tell_if(j, of * 100000 <= j->terms->max * among, &items[i], NULL);
    }
}

static void occurs(struct judging *j, const struct item *items, size_t count)
{
    const struct item *last = NULL;
    int64_t times = 0;
    instant due = end_of(j, j->begin);
    for (size_t i = 0; i < count; i++) {
        if (!is(&items[i], ITEM_OF)) continue;
        times += 1000;
        last = &items[i];
        bool late = due != INSTANT_NONE && last->event->at > due && times <= j->terms->min;
        if (late) tell(j, VERDICT_VIOLATED, last, NULL, due);
        else if (times > j->terms->max) tell(j, VERDICT_VIOLATED, last, NULL, INSTANT_NONE);
    }
    if (times < j->terms->min) missing(j, last, due);
    else tell(j, VERDICT_SATISFIED, last, NULL, INSTANT_NONE);
}

static void max_gap(struct judging *j, const struct item *items, size_t count)
{
    const struct item *open = NULL;
    instant end = INSTANT_NONE, since = INSTANT_NONE;
    bool anchored = j->rule->from.count != 0;
    if (!anchored) since = j->begin;
    for (size_t i = 0; i < count; i++) {
        bool running = since != INSTANT_NONE;
        if (!running && anchored && is(&items[i], ITEM_FIRST)) {
            since = items[i].event->at;
            end = j->rule->until_after.text ? duration_add(j->zone, since, &j->terms->until) : INSTANT_NONE;
            open = &items[i];
            continue;
        }
        if (!running || !(items[i].roles & (ITEM_OF | ITEM_UNTIL))) continue;
        instant due = end_of(j, since);
        if (end != INSTANT_NONE && due > end) return;
        came(j, open ? open : &items[i], &items[i], due);
        open = &items[i];
        since = is(&items[i], ITEM_UNTIL) ? INSTANT_NONE : items[i].event->at;
    }
    instant due = end_of(j, since);
    if (since == INSTANT_NONE || (end != INSTANT_NONE && due > end)) return;
    /* A closed case is quiet: only what was too long before its end counts. */
    if (j->open) missing(j, open, due);
    else if (j->now > due) tell(j, VERDICT_VIOLATED, open, NULL, due);
}

/* --- order ----------------------------------------------------------------------------------------------------------------- */

static void precedes(struct judging *j, const struct item *items, size_t count)
{
    const struct item *first = NULL;
    size_t ahead = 0;
    for (size_t i = 0; i < count; i++) {
        /* what has the same time came before, in whatever order it was written down */
        for (; ahead < count && (ahead <= i || items[ahead].event->at == items[i].event->at); ahead++)
            if (is(&items[ahead], ITEM_FIRST)) first = &items[ahead];
        if (!acts(&items[i])) continue;
        instant due = first ? end_of(j, first->event->at) : INSTANT_NONE;
        bool late = due != INSTANT_NONE && items[i].event->at > due;
        tell(j, first && !late ? VERDICT_SATISFIED : VERDICT_VIOLATED, &items[i], first, late ? due : INSTANT_NONE);
        if (j->rule->once) return;
    }
}

/* From the end: each `of` and the first `then` after it; alternates: before the next `of`. */
static void responds(struct judging *j, const struct item *items, size_t count)
{
    const struct item *answer = NULL, *again = NULL;
    bool alternates = j->rule->kind == RULE_ALTERNATES;
    for (size_t i = count; i-- > 0;) {
        if (acts(&items[i])) {
            instant due = end_of(j, items[i].event->at);
            if (alternates && again && (!answer || again < answer)) tell(j, VERDICT_VIOLATED, &items[i], again, due);
            else if (answer) came(j, &items[i], answer, due);
            else missing(j, &items[i], due);
            again = &items[i];
        }
        if (is(&items[i], ITEM_FIRST)) answer = &items[i];
    }
}

static void next(struct judging *j, const struct item *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!acts(&items[i])) continue;
        instant due = end_of(j, items[i].event->at);
        if (i + 1 == count) missing(j, &items[i], due);
        else if (is(&items[i + 1], ITEM_FIRST)) came(j, &items[i], &items[i + 1], due);
        else tell(j, VERDICT_VIOLATED, &items[i], &items[i + 1], INSTANT_NONE);
    }
}

static void starts(struct judging *j, const struct item *items, size_t count)
{
    if (count) tell_if(j, is(&items[0], ITEM_OF), &items[0], NULL);
}

static void ends(struct judging *j, const struct item *items, size_t count)
{
    if (!count) return;
    bool fine = is(&items[count - 1], ITEM_OF);
    tell(j, fine ? VERDICT_SATISFIED : j->open ? VERDICT_PENDING : VERDICT_VIOLATED, &items[count - 1], NULL, INSTANT_NONE);
}

static void excludes(struct judging *j, const struct item *items, size_t count)
{
    const struct item *first = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!acts(&items[i])) continue;
        if (!first) first = &items[i];
        bool other = items[i].event->activity != first->event->activity;
        if (other || first == &items[i]) tell_if(j, !other, &items[i], other ? first : NULL);
    }
}

/* --- persons -----------------------------------------------------------------------------------------------------------------
 */

static void separate(struct judging *j, const struct item *items, size_t count)
{
    j->mark++;
    for (size_t i = 0; i < count; i++) {
        uint32_t actor = items[i].event->resource, activity = items[i].event->activity;
        if (!acts(&items[i]) || !actor) continue;
        bool known = j->marked[actor] == j->mark;
        if (!known) j->seen_by[actor] = activity;
        j->marked[actor] = j->mark;
        tell_if(j, j->seen_by[actor] == activity, &items[i], NULL);
    }
}

static void same_actor(struct judging *j, const struct item *items, size_t count)
{
    const struct item *first = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!acts(&items[i]) || !items[i].event->resource) continue;
        if (!first) first = &items[i];
        tell_if(j, items[i].event->resource == first->event->resource, &items[i], first == &items[i] ? NULL : first);
    }
}

/* --- the table -----------------------------------------------------------------------------------------------------------------
 */

static judge_function *const judges[RULE_KINDS] = {
    [RULE_PROHIBIT] = prohibit,   [RULE_LIMIT] = limit,         [RULE_MIN_GAP] = min_gap,   [RULE_MAX_GAP] = max_gap,
    [RULE_SHARE] = share,         [RULE_PRECEDES] = precedes,   [RULE_DATA] = data,         [RULE_SEPARATE] = separate,
    [RULE_OCCURS] = occurs,       [RULE_STARTS] = starts,       [RULE_ENDS] = ends,         [RULE_RESPONDS] = responds,
    [RULE_NEXT] = next,           [RULE_ALTERNATES] = responds, [RULE_EXCLUDES] = excludes, [RULE_SAME_ACTOR] = same_actor,
    [RULE_AUTHORITY] = authority, [RULE_EVIDENCE] = evidence,   [RULE_WAIVER] = waiver};

void rule_judge(struct judging *judging, const struct item *items, size_t count)
{
    judges[judging->rule->kind](judging, items, count);
}

bool rule_sees_all(enum rule_kind kind)
{
    return kind == RULE_STARTS || kind == RULE_ENDS || kind == RULE_NEXT;
}
