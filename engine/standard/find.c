/* What a name means in a case: the own session first, then the sessions of a process. */
#include "standard/find.h"

#include "base/text.h"

#include <string.h>

/* Splits "P.NAME" at the first dot; NULL when it has none. */
static const char *after_dot(const char *name, size_t *process)
{
    const char *dot = strchr(name, '.');
    *process = dot ? (size_t)(dot - name) : 0;
    return dot && dot[1] ? dot + 1 : NULL;
}

static bool is_process(const struct standard *standard, const char *name, size_t length)
{
    return strlen(standard->process) == length && memcmp(standard->process, name, length) == 0;
}

/* The name that a name has in a session, NULL: none. */
static const char *name_in(const struct standard *own, const struct standard *other, const char *name)
{
    size_t process;
    const char *local = after_dot(name, &process);
    if (other == own) {
        if (chart_step_by_id(own->chart, name) != CHART_NONE || !local || !is_process(own, name, process)) return name;
        return local;
    }
    if (!local) return NULL;
    return is_process(other, name, process) ? local : name;
}

static bool hears(const struct standard *standard, const char *name)
{
    for (size_t i = 0; i < value_count(standard->hears); i++)
        if (text_equal(value_as_text(value_at(standard->hears, i)), name)) return true;
    return false;
}

/* The same, of a session that is awake then: one that sleeps is woken only if the name can mean something there. */
static const char *name_awake(const struct standard *own, struct standard *other, const char *name)
{
    const char *local = name_in(own, other, name);
    if (!local) return NULL;
    if (standard_sleeps(other) && local == name && !hears(other, name)) return NULL;
    return facts_awake(other) ? local : NULL;
}

bool named_step(struct standard *standard, const char *name, struct standard **owner, uint32_t *step)
{
    const struct instance *best = NULL;
    uint32_t own = chart_step_by_id(standard->chart, name);
    *owner = standard;
    *step = own;
    if (own != CHART_NONE) return true;
    for (size_t i = 0; i < standard->world->session_count; i++) {
        struct standard *other = standard->world->sessions[i];
        const char *local = name_awake(standard, other, name);
        uint32_t found = local ? chart_step_by_id(other->chart, local) : CHART_NONE;
        if (found == CHART_NONE) continue;
        const struct instance *latest = facts_latest(other, found);
        if (*step != CHART_NONE && best && (!latest || latest->at < best->at)) continue;
        best = latest;
        *owner = other;
        *step = found;
    }
    return *step != CHART_NONE;
}

bool named_running(const struct standard *standard, const char *name)
{
    for (size_t i = 0; i < standard->world->session_count; i++) {
        const struct standard *other = standard->world->sessions[i];
        const char *local = other->session ? name_in(standard, other, name) : NULL;
        if (local && chart_step_by_id(other->chart, local) != CHART_NONE) return true;
    }
    return false;
}

bool event_is_ours(const char *event)
{
    static const char *const prefixes[] = {"done", "error", "complete", "deadline", "incomplete", "waived", "amended", "asked"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t length = strlen(prefixes[i]);
        if (strncmp(event, prefixes[i], length) == 0 && (event[length] == '.' || event[length] == '\0')) return true;
    }
    return false;
}

static void join(struct occurrence *all, instant first, instant last)
{
    if (first == INSTANT_NONE) return;
    if (all->first == INSTANT_NONE || first < all->first) all->first = first;
    if (all->last == INSTANT_NONE || last > all->last) all->last = last;
}

static void join_session(struct occurrence *all, const struct standard *standard, const char *name)
{
    uint32_t step = chart_step_by_id(standard->chart, name);
    if (step != CHART_NONE) {
        const struct step_facts *facts = &standard->steps[step];
        join(all, facts->first, facts->last);
        return;
    }
    for (size_t i = 0; i < standard->event_count; i++) {
        const struct event_facts *event = &standard->events[i];
        if (strcmp(event->name, name) == 0) join(all, event->first, event->last);
    }
}

struct occurrence named_occurrence(struct standard *standard, const char *name)
{
    struct occurrence all = {INSTANT_NONE, INSTANT_NONE};
    size_t process;
    bool local = chart_step_by_id(standard->chart, name) != CHART_NONE || !after_dot(name, &process);
    if (local) {
        join_session(&all, standard, name);
        return all;
    }
    for (size_t i = 0; i < standard->world->session_count; i++) {
        const char *there = name_awake(standard, standard->world->sessions[i], name);
        if (there) join_session(&all, standard->world->sessions[i], there);
    }
    return all;
}

/* --- as of a time, facts ---------------------------------------------------------------------------------------------------- */

static instant last_in(const struct standard *standard, const char *name, instant by)
{
    uint32_t step = chart_step_by_id(standard->chart, name);
    if (step != CHART_NONE) {
        const struct step_facts *facts = &standard->steps[step];
        if (facts->first == INSTANT_NONE || facts->first > by) return INSTANT_NONE;
        instant at = facts_record(standard, step, by).at;
        return at == INSTANT_NONE ? facts->first : at;
    }
    for (size_t i = 0; i < standard->event_count; i++) {
        const struct event_facts *event = &standard->events[i];
        if (strcmp(event->name, name) != 0 || event->first > by) continue;
        return event->last <= by ? event->last : event->first;
    }
    return INSTANT_NONE;
}

instant named_last(struct standard *standard, const char *name, instant by)
{
    size_t process;
    instant last = INSTANT_NONE;
    if (chart_step_by_id(standard->chart, name) != CHART_NONE || !after_dot(name, &process)) return last_in(standard, name, by);
    for (size_t i = 0; i < standard->world->session_count; i++) {
        const char *there = name_awake(standard, standard->world->sessions[i], name);
        instant at = there ? last_in(standard->world->sessions[i], there, by) : INSTANT_NONE;
        if (at > last) last = at;
    }
    return last;
}

bool fact_named(const struct standard *standard, const char *name, const struct fact *fact)
{
    size_t length = strlen(name);
    if (*name == '@') return fact->message && strcmp(name + 1, fact->message) == 0;
    if (length > 2 && strcmp(name + length - 2, ".*") == 0) return is_process(fact->owner, name, length - 2);
    const char *there = name_in(standard, fact->owner, name);
    return there && strcmp(there, fact->name) == 0;
}

void hearers_wake(struct world *world, const struct fact *fact)
{
    for (size_t i = 0; i < world->session_count; i++) {
        struct standard *standard = world->sessions[i];
        bool means = !fact;
        if (!standard_sleeps(standard)) continue;
        for (size_t k = 0; !means && k < value_count(standard->hears); k++)
            means = fact_named(standard, value_as_text(value_at(standard->hears, k)), fact);
        if (means && standard->hears) (void)facts_awake(standard);
    }
}
