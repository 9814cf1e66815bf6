/* Who leaves what: transitions that must say g:gate, and external ones that leave more than they seem to. */
#include "chart/compile.h"

#include <string.h>

/* What the questions are answered from, so that each takes little time however large the chart. */
struct gates {
    struct compile *c;
    uint32_t *next_step, *next_required; /* by state: itself or the next state that owns one; CHART_NONE */
    struct id_entry *timers;             /* events that come when a time is up, sorted */
    uint32_t timer_count;
};

/* --- the steps that a transition may leave open ------------------------------------------------------------------------ */

/* What an exit set can hold of the steps: those of the source's ancestors below the domain, of everything in the source, and of
 * the other regions of every parallel left. */
struct leaving {
    const struct compile *c;
    const uint32_t *next; /* one of the two of struct gates */
    uint32_t domain;
};

/* The first state of from … last that owns one; CHART_NONE. */
static uint32_t first_owner(const struct leaving *leaving, uint32_t from, uint32_t last)
{
    if (from > last) return CHART_NONE;
    return leaving->next[from] <= last ? leaving->next[from] : CHART_NONE;
}

/* In the other regions of the parallel `above`, seen from its child `region`. */
static uint32_t owner_beside(const struct leaving *leaving, uint32_t above, uint32_t region)
{
    uint32_t owner = first_owner(leaving, above + 1, region - 1);
    return owner != CHART_NONE ? owner
                               : first_owner(leaving, state_at(leaving->c, region)->last + 1, state_at(leaving->c, above)->last);
}

static uint32_t first_left(const struct leaving *leaving, uint32_t source)
{
    const struct compile *c = leaving->c;
    uint32_t from = source == leaving->domain ? source + 1 : source; /* an internal transition keeps its source */
    uint32_t owner = first_owner(leaving, from, state_at(c, source)->last);
    uint32_t below = source;
    while (owner == CHART_NONE && below != leaving->domain) {
        uint32_t above = state_at(c, below)->parent;
        if (above == leaving->domain || above == CHART_NONE) break;
        owner = first_owner(leaving, above, above);
        if (owner == CHART_NONE && state_at(c, above)->kind == CHART_PARALLEL) owner = owner_beside(leaving, above, below);
        below = above;
    }
    return owner;
}

/* --- events that come by themselves ------------------------------------------------------------------------------------ */

static bool starts(const char *name, const char *word)
{
    size_t n = strlen(word);
    return strncmp(name, word, n) == 0 && (name[n] == '\0' || name[n] == '.');
}

/* Is there a timer's event that the descriptor matches: the name itself, or one that goes on with a dot? */
static bool is_timer(const struct gates *gates, const struct chart_descriptor *descriptor)
{
    if (starts(descriptor->name, "deadline")) return true;
    uint32_t low = 0, high = gates->timer_count;
    if (find_id(gates->timers, high, descriptor->name) != CHART_NONE) return true;
    const char *prefix = arena_printf(gates->c->arena, "%s.", descriptor->name);
    if (prefix == NULL) return false;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (strcmp(gates->timers[middle].id, prefix) < 0) low = middle + 1;
        else high = middle;
    }
    return low < gates->timer_count && strncmp(gates->timers[low].id, prefix, strlen(prefix)) == 0;
}

/* done.invoke.X that leaves the state which invoked X: the flow has ended, nothing is cut short. */
static bool leaves_invoker(const struct compile *c, const char *name, uint32_t source, uint32_t domain)
{
    const struct chart_invoke *invokes = c->invokes.items;
    if (strncmp(name, "done.invoke.", 12) != 0) return false;
    for (uint32_t i = 0; i < c->invokes.count; i++) {
        bool left = is_inside(c, invokes[i].state, domain) || (domain == CHART_NONE && invokes[i].state == source);
        if (left && invokes[i].id != NULL && strcmp(invokes[i].id, name + 12) == 0) return true;
    }
    return false;
}

/* What the transition is taken by, when nobody decides it; NULL: somebody does. */
static const char *automatic(const struct gates *gates, const struct chart_transition *transition, uint32_t domain)
{
    const struct compile *c = gates->c;
    if (transition->events.count == 0) return "without an event";
    for (uint32_t i = 0; i < transition->events.count; i++) {
        const struct chart_descriptor *descriptor =
            (const struct chart_descriptor *)c->descriptors.items + transition->events.first + i;
        if (descriptor->length == 0 || descriptor->name == NULL) continue; /* "*" */
        if (starts(descriptor->name, "done") && !leaves_invoker(c, descriptor->name, transition->source, domain))
            return "on a done event";
        if (strncmp(descriptor->name, "complete.", 9) == 0 && find_state(c, descriptor->name + 9) != transition->source)
            return "on the completion of another state";
        if (is_timer(gates, descriptor)) return "on a timer";
    }
    return NULL;
}

/* --- the two checks ---------------------------------------------------------------------------------------------------- */

/* Where the targets are not plain the domain is taken as the source's parent, or the nearest compound above it. */
static uint32_t domain_of(const struct compile *c, const struct chart_transition *transition)
{
    if (transition->domain != CHART_NONE) return transition->domain;
    uint32_t domain = state_at(c, transition->source)->parent;
    while (domain != 0 && domain != CHART_NONE && state_at(c, domain)->kind != CHART_COMPOUND)
        domain = state_at(c, domain)->parent;
    return domain;
}

static void check_gate(const struct gates *gates, const struct chart_transition *transition)
{
    struct compile *c = gates->c;
    if (transition->gate_given) return;
    uint32_t domain = domain_of(c, transition);
    if (domain == CHART_NONE) return;
    const char *how = automatic(gates, transition, domain);
    if (how == NULL) return;
    struct leaving leaving = {c, gates->next_required, domain};
    uint32_t owner = first_left(&leaving, transition->source);
    if (owner == CHART_NONE) return;
    problem(c->report, transition->place, "gate-needed",
            "g:gate=\"block\" waits for the steps, \"warn\" lets pass with a finding, \"open\" abandons them",
            "this transition is taken %s and may leave required steps of \"%s\" open: it must say g:gate", how,
            state_at(c, owner)->id);
}

/* An external transition leaves all regions of a parallel, even if its targets are in it. */
static void check_regions(const struct gates *gates, const struct chart_transition *transition)
{
    struct compile *c = gates->c;
    if (transition->internal || transition->domain == CHART_NONE) return;
    struct leaving leaving = {c, gates->next_step, transition->domain};
    uint32_t below = transition->source;
    for (uint32_t above = state_at(c, below)->parent; above != CHART_NONE && above != transition->domain;
         below = above, above = state_at(c, above)->parent) {
        if (state_at(c, above)->kind != CHART_PARALLEL) continue;
        bool stays = true, within = state_at(c, transition->source)->kind == CHART_COMPOUND;
        for (uint32_t i = 0; i < transition->targets.count; i++) {
            uint32_t target = *word_at(&c->targets, transition->targets.first + i);
            stays = stays && is_inside(c, target, above);
            within = within && is_inside(c, target, transition->source);
        }
        if (!stays) continue;
        uint32_t owner = owner_beside(&leaving, above, below);
        if (owner == CHART_NONE) return;
        warning(c->report, transition->place, "leaves-all-regions",
                within ? "write type=\"internal\"" : "put a state around what belongs together, or target a state of this region",
                "this transition leaves and re-enters all of \"%s\": the steps of \"%s\" start anew", state_at(c, above)->id,
                state_at(c, owner)->id);
        return;
    }
}

static void list_timers(struct gates *gates)
{
    const struct compile *c = gates->c;
    const struct chart_send *sends = c->sends.items;
    for (uint32_t i = 0; i < c->sends.count; i++)
        if (sends[i].event != NULL && (sends[i].delay > 0 || sends[i].delay_expr != CHART_NONE))
            gates->timers[gates->timer_count++].id = sends[i].event;
    for (uint32_t i = 0; i < c->deadlines.count; i++)
        if (deadline_at(c, i)->event != NULL) gates->timers[gates->timer_count++].id = deadline_at(c, i)->event;
    sort_ids(gates->timers, gates->timer_count);
}

static void list_owners(struct gates *gates)
{
    const struct compile *c = gates->c;
    uint32_t next_step = CHART_NONE, next_required = CHART_NONE;
    for (uint32_t i = c->states.count; i-- > 0;) {
        struct chart_span steps = state_at(c, i)->steps;
        if (steps.count > 0) next_step = i;
        for (uint32_t k = 0; k < steps.count; k++)
            if (step_at(c, steps.first + k)->required) next_required = i;
        gates->next_step[i] = next_step;
        gates->next_required[i] = next_required;
    }
}

void check_gates(struct compile *c)
{
    if (c->steps.count == 0) return;
    struct gates gates = {.c = c};
    gates.next_step = arena_alloc(c->arena, c->states.count * sizeof *gates.next_step);
    gates.next_required = arena_alloc(c->arena, c->states.count * sizeof *gates.next_required);
    gates.timers = arena_alloc(c->arena, ((size_t)c->sends.count + c->deadlines.count) * sizeof *gates.timers);
    if (gates.next_step == NULL || gates.next_required == NULL || gates.timers == NULL) return;
    list_timers(&gates);
    list_owners(&gates);
    for (uint32_t i = 0; i < c->states.count; i++) {
        struct chart_span transitions = state_at(c, i)->transitions;
        for (uint32_t k = 0; k < transitions.count; k++) {
            const struct chart_transition *transition = transition_at(c, transitions.first + k);
            if (transition->targets.count == 0) continue; /* leaves nothing */
            check_gate(&gates, transition);
            check_regions(&gates, transition);
        }
    }
}
