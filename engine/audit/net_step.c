/* SCXML's algorithm over a key, with every condition both ways: a worklist of branches, each run until nothing is left to do. */
#include "audit/net_step.h"

#include <string.h>

static bool is_history(const struct chart_state *state)
{
    return state->kind == CHART_HISTORY_SHALLOW || state->kind == CHART_HISTORY_DEEP;
}

static bool below(const struct chart *chart, uint32_t s, uint32_t ancestor)
{
    return s > ancestor && s <= chart->states[ancestor].last;
}

static uint64_t *history(const struct net *net, uint64_t *key, uint32_t state)
{
    return key + net->history_at + (size_t)net->history_of[state] * net->words;
}

bool net_done(const struct net *net, const uint64_t *key)
{
    const struct chart_state *root = &net->chart->states[0];
    for (uint32_t i = 0; i < root->children.count; i++) {
        uint32_t child = net->chart->children[root->children.first + i];
        if (net->chart->states[child].kind == CHART_FINAL && bits_has(key, child)) return true;
    }
    return false;
}

/* --- entering ----------------------------------------------------------------------------------------------------------------
 */

static void add_descendants(struct net *net, uint64_t *key, uint32_t s);

static void add_regions(struct net *net, uint64_t *key, uint32_t parallel)
{
    const struct chart *chart = net->chart;
    const struct chart_span *children = &chart->states[parallel].children;
    for (uint32_t i = 0; i < children->count; i++) {
        uint32_t child = chart->children[children->first + i];
        if (!is_history(&chart->states[child]) && !bits_any(net->enter, child, chart->states[child].last + 1))
            add_descendants(net, key, child);
    }
}

static void add_ancestors(struct net *net, uint64_t *key, uint32_t s, uint32_t end)
{
    const struct chart *chart = net->chart;
    for (uint32_t a = chart->states[s].parent; a != end && a != 0 && a != CHART_NONE; a = chart->states[a].parent) {
        bits_add(net->enter, a);
        if (chart->states[a].kind == CHART_PARALLEL) add_regions(net, key, a);
    }
}

static void add_targets(struct net *net, uint64_t *key, const struct chart_span *targets, uint32_t end)
{
    const uint32_t *target = net->chart->targets + targets->first;
    for (uint32_t i = 0; i < targets->count; i++) add_descendants(net, key, target[i]);
    for (uint32_t i = 0; i < targets->count; i++) add_ancestors(net, key, target[i], end);
}

static void add_history(struct net *net, uint64_t *key, uint32_t s)
{
    const struct chart *chart = net->chart;
    const uint64_t *past = history(net, key, s);
    uint32_t parent = chart->states[s].parent;
    if (bits_has(net->defaults, s)) return;
    bits_add(net->defaults, s);
    if (!bits_any(past, 0, chart->state_count)) {
        add_targets(net, key, &chart->transitions[chart->states[s].initial].targets, parent);
        return;
    }
    const uint32_t end = chart->state_count;
    for (uint32_t i = bits_next(past, 0, end); i != BITS_NONE; i = bits_next(past, i + 1, end)) add_descendants(net, key, i);
    for (uint32_t i = bits_next(past, 0, end); i != BITS_NONE; i = bits_next(past, i + 1, end))
        add_ancestors(net, key, i, parent);
}

static void add_descendants(struct net *net, uint64_t *key, uint32_t s)
{
    const struct chart_state *state = &net->chart->states[s];
    if (is_history(state)) {
        add_history(net, key, s);
        return;
    }
    bits_add(net->enter, s);
    if (state->kind == CHART_COMPOUND && !bits_has(net->defaults, s)) {
        bits_add(net->defaults, s);
        if (!bits_any(net->enter, s + 1, state->last + 1))
            add_targets(net, key, &net->chart->transitions[state->initial].targets, s);
    } else if (state->kind == CHART_PARALLEL) {
        add_regions(net, key, s);
    }
}

static void queue_event(struct net *net, struct net_branch *branch, uint32_t event)
{
    if (event == CHART_NONE) return;
    if (branch->waiting == NET_QUEUE) net->cut = true;
    else branch->queue[branch->waiting++] = event;
}

static bool region_final(const struct net *net, const uint64_t *key, uint32_t s)
{
    const struct chart *chart = net->chart;
    const struct chart_state *state = &chart->states[s];
    for (uint32_t i = 0; i < state->children.count; i++) {
        uint32_t child = chart->children[state->children.first + i];
        if (is_history(&chart->states[child])) continue;
        bool fine = state->kind == CHART_PARALLEL ? region_final(net, key, child)
                                                  : chart->states[child].kind == CHART_FINAL && bits_has(key, child);
        if (state->kind == CHART_PARALLEL && !fine) return false;
        if (state->kind != CHART_PARALLEL && fine) return true;
    }
    return state->kind == CHART_PARALLEL && state->children.count > 0;
}

static void entered(struct net *net, uint64_t *key, struct net_branch *branch)
{
    const struct chart *chart = net->chart;
    uint64_t *steps = net_steps(net, key), *complete = key + net->complete_at;
    for (uint32_t w = 0; w < net->words; w++) key[w] |= net->enter[w];
    for (uint32_t s = bits_next(net->enter, 0, chart->state_count); s != BITS_NONE;
         s = bits_next(net->enter, s + 1, chart->state_count)) {
        const struct chart_state *state = &chart->states[s];
        bits_remove(complete, s);
        for (uint32_t i = state->steps.first; i < state->steps.first + state->steps.count; i++) bits_remove(steps, i);
        if (state->kind != CHART_FINAL || state->parent == 0) continue;
        queue_event(net, branch, net->done_event[state->parent]);
        uint32_t grand = chart->states[state->parent].parent;
        if (grand != CHART_NONE && chart->states[grand].kind == CHART_PARALLEL && region_final(net, key, grand))
            queue_event(net, branch, net->done_event[grand]);
    }
}

void net_start(struct net *net, uint64_t *key)
{
    struct net_branch none = {.waiting = 0};
    memset(net->enter, 0, net->words * sizeof *net->enter);
    memset(net->defaults, 0, net->words * sizeof *net->defaults);
    add_targets(net, key, &net->chart->transitions[net->chart->states[0].initial].targets, 0);
    entered(net, key, &none);
}

/* --- leaving -----------------------------------------------------------------------------------------------------------------
 */

static bool open_work(const struct net *net, const uint64_t *key, uint32_t s)
{
    const struct chart_state *state = &net->chart->states[s];
    for (uint32_t i = state->steps.first; i < state->steps.first + state->steps.count; i++) {
        const struct chart_step *step = &net->chart->steps[i];
        if (step->required && step->when == CHART_NONE && !bits_has(key + net->done_at, i)) return true;
    }
    return false;
}

/* May these transitions leave the state? The strictest gate of those that do counts; warn is a departure too. */
static bool gate_open(const struct net *net, uint32_t s)
{
    for (uint32_t i = 0; i < net->chosen_count; i++)
        if (net->domains[i] != CHART_NONE && below(net->chart, s, net->domains[i]) &&
            net->chart->transitions[net->chosen[i]].gate != CHART_GATE_OPEN)
            return false;
    return true;
}

static void remember(struct net *net, uint64_t *key, uint32_t s)
{
    const struct chart *chart = net->chart;
    const struct chart_state *state = &chart->states[s];
    for (uint32_t h = s + 1; net->histories && h <= state->last; h++) {
        if (!is_history(&chart->states[h]) || chart->states[h].parent != s) continue;
        uint64_t *past = history(net, key, h);
        memset(past, 0, net->words * sizeof *past);
        for (uint32_t i = bits_next(key, s + 1, state->last + 1); i != BITS_NONE; i = bits_next(key, i + 1, state->last + 1)) {
            bool deep = chart->states[h].kind == CHART_HISTORY_DEEP;
            bool leaf = chart->states[i].kind == CHART_ATOMIC || chart->states[i].kind == CHART_FINAL;
            if (deep ? leaf : chart->states[i].parent == s) bits_add(past, i);
        }
    }
}

/* False: a gate holds. */
static bool leave(struct net *net, uint64_t *key)
{
    const struct chart *chart = net->chart;
    uint64_t *exited = net->exited;
    memset(exited, 0, net->words * sizeof *exited);
    for (uint32_t i = 0; i < net->chosen_count; i++) {
        uint32_t d = net->domains[i], end = d == CHART_NONE ? 0 : chart->states[d].last + 1;
        if (d == CHART_NONE) continue;
        for (uint32_t s = bits_next(key, d + 1, end); s != BITS_NONE; s = bits_next(key, s + 1, end)) bits_add(exited, s);
    }
    for (uint32_t s = bits_next(exited, 0, chart->state_count); s != BITS_NONE;
         s = bits_next(exited, s + 1, chart->state_count)) {
        if (open_work(net, key, s) && !gate_open(net, s)) return false;
        remember(net, key, s);
    }
    for (uint32_t s = bits_next(exited, 0, chart->state_count); s != BITS_NONE;
         s = bits_next(exited, s + 1, chart->state_count)) {
        const struct chart_state *state = &chart->states[s];
        bits_remove(key, s);
        bits_remove(key + net->complete_at, s);
        for (uint32_t i = state->steps.first; i < state->steps.first + state->steps.count; i++)
            if (!bits_has(net->kept, i)) bits_remove(net_steps(net, key), i);
    }
    return true;
}

/* --- choosing ----------------------------------------------------------------------------------------------------------------
 */

static bool targets_below(const struct net *net, uint64_t *key, const struct chart_span *targets, uint32_t ancestor,
                          uint32_t depth)
{
    const struct chart *chart = net->chart;
    for (uint32_t i = 0; i < targets->count; i++) {
        uint32_t target = chart->targets[targets->first + i];
        const struct chart_state *state = &chart->states[target];
        if (!is_history(state)) {
            if (!below(chart, target, ancestor)) return false;
            continue;
        }
        const uint64_t *past = history(net, key, target);
        if (!bits_any(past, 0, chart->state_count)) {
            if (depth > 8 || !targets_below(net, key, &chart->transitions[state->initial].targets, ancestor, depth + 1))
                return false;
            continue;
        }
        for (uint32_t s = bits_next(past, 0, chart->state_count); s != BITS_NONE; s = bits_next(past, s + 1, chart->state_count))
            if (!below(chart, s, ancestor)) return false;
    }
    return true;
}

static uint32_t domain_of(const struct net *net, uint64_t *key, uint32_t t)
{
    const struct chart *chart = net->chart;
    const struct chart_transition *transition = &chart->transitions[t];
    if (transition->targets.count == 0) return CHART_NONE;
    if (transition->plain) return transition->domain;
    if (transition->internal) return transition->source;
    uint32_t s = chart->states[transition->source].parent;
    while (s != 0 && (chart->states[s].kind != CHART_COMPOUND || !targets_below(net, key, &transition->targets, s, 0)))
        s = chart->states[s].parent;
    return s;
}

static void consider(struct net *net, uint64_t *key, uint32_t t)
{
    const struct chart *chart = net->chart;
    uint32_t domain = domain_of(net, key, t), count = 0;
    for (uint32_t i = 0; i < net->chosen_count; i++)
        if (net->chosen[i] == t) return;
    for (uint32_t i = 0; domain != CHART_NONE && i < net->chosen_count; i++) {
        uint32_t other = net->domains[i];
        bool meet = other != CHART_NONE && (other == domain || below(chart, other, domain) || below(chart, domain, other));
        if (meet && !below(chart, chart->transitions[t].source, chart->transitions[net->chosen[i]].source)) return;
    }
    for (uint32_t i = 0; i < net->chosen_count; i++) {
        uint32_t other = net->domains[i];
        bool meet = domain != CHART_NONE && other != CHART_NONE &&
                    (other == domain || below(chart, other, domain) || below(chart, domain, other));
        if (meet) continue; /* preempted: its source is further out */
        net->chosen[count] = net->chosen[i];
        net->domains[count++] = other;
    }
    net->chosen[count] = t;
    net->domains[count] = domain;
    net->chosen_count = count + 1;
}

/* Does the condition hold? *asked false: it was not decided yet; it is added. */
static bool guard(struct net *net, uint32_t t, bool *undecided)
{
    if (net->chart->transitions[t].cond == CHART_NONE) return true;
    for (uint32_t i = 0; i < net->guard_count; i++)
        if (net->guards[i].transition == t) return net->guards[i].holds;
    net->guards[net->guard_count] = (struct net_guard){t, false};
    *undecided = true;
    return false;
}

static bool matches(const struct net *net, uint32_t t, uint32_t event)
{
    if (event == CHART_NONE) return net->chart->transitions[t].events.count == 0;
    return net->events[event].taken && bits_has(net->events[event].taken, t);
}

/* False: a condition (the one behind the last) has to be decided first. */
static bool select_set(struct net *net, uint64_t *key, uint32_t event)
{
    const struct chart *chart = net->chart;
    bool undecided = false;
    net->chosen_count = 0;
    for (uint32_t leaf = bits_next(key, 1, chart->state_count); leaf != BITS_NONE;
         leaf = bits_next(key, leaf + 1, chart->state_count)) {
        bool found = false;
        if (chart->states[leaf].kind != CHART_ATOMIC && chart->states[leaf].kind != CHART_FINAL) continue;
        for (uint32_t s = leaf; !found && s != CHART_NONE; s = chart->states[s].parent) {
            const struct chart_span *own = &chart->states[s].transitions;
            for (uint32_t t = own->first; !found && t < own->first + own->count; t++) {
                found = matches(net, t, event) && guard(net, t, &undecided);
                if (undecided) return false;
                if (found) consider(net, key, t);
            }
        }
    }
    return true;
}

/* --- branches ------------------------------------------------------------------------------------------------------------------
 */

static uint64_t *branch_key(const struct net *net, uint32_t i)
{
    return net->branch_keys + (size_t)i * net->key_words;
}

static bool known_branch(const struct net *net, const uint64_t *key, const struct net_branch *branch)
{
    for (uint32_t i = 0; i < net->branch_count; i++) {
        const struct net_branch *b = &net->branches[i];
        if (b->waiting == branch->waiting && b->quiet == branch->quiet && b->fresh == branch->fresh &&
            memcmp(b->queue, branch->queue, b->waiting * sizeof *b->queue) == 0 &&
            memcmp(branch_key(net, i), key, net->key_words * sizeof *key) == 0)
            return true;
    }
    return false;
}

static void add_branch(struct net *net, const uint64_t *key, struct net_branch branch)
{
    if (known_branch(net, key, &branch)) return;
    if (net->branch_count >= NET_BRANCHES) {
        net->cut = true;
        return;
    }
    size_t count = net->branch_count + (size_t)1;
    struct net_branch *branches = net_grow(net, net->branches, count, &net->branch_capacity, sizeof *branches);
    if (branches) net->branches = branches;
    uint64_t *keys = net_grow(net, net->branch_keys, count * net->key_words, &net->branch_key_capacity, sizeof *keys);
    if (keys) net->branch_keys = keys;
    if (!keys || !branches) return;
    memcpy(branch_key(net, net->branch_count), key, net->key_words * sizeof *key);
    net->branches[net->branch_count++] = branch;
}

/* The chosen transitions, taken. */
static void microstep(struct net *net, const uint64_t *from, struct net_branch branch)
{
    uint64_t *key = net->scratch;
    memcpy(key, from, net->key_words * sizeof *key);
    branch.quiet = branch.fresh = false;
    if (!leave(net, key)) return;
    memset(net->enter, 0, net->words * sizeof *net->enter);
    memset(net->defaults, 0, net->words * sizeof *net->defaults);
    for (uint32_t i = 0; i < net->chosen_count; i++)
        if (net->domains[i] != CHART_NONE)
            add_targets(net, key, &net->chart->transitions[net->chosen[i]].targets, net->domains[i]);
    /* a history outside of the domain leads to what is still active: that is not entered again */
    for (uint32_t w = 0; w < net->words; w++) net->enter[w] &= ~key[w];
    entered(net, key, &branch);
    add_branch(net, key, branch);
}

/* All ways to take an event (CHART_NONE: none). Answers whether it may also be that nothing takes it. */
static bool take(struct net *net, uint32_t at, struct net_branch branch, uint32_t event)
{
    bool none = false;
    net->guard_count = 0;
    for (uint32_t ways = 0;; ways++) {
        /* the pool may have moved */
        while (!select_set(net, branch_key(net, at), event)) net->guard_count++;
        if (net->chosen_count) {
            uint64_t *from = branch_key(net, at);
            microstep(net, from, branch);
        } else none = true;
        while (net->guard_count && net->guards[net->guard_count - 1].holds) net->guard_count--;
        if (ways >= NET_BRANCHES) net->cut = true;
        if (!net->guard_count || ways >= NET_BRANCHES || net->no_memory) return none;
        net->guards[net->guard_count - 1].holds = true;
    }
}

enum completeness { OPEN, MAYBE, COMPLETE };

static enum completeness look_at(const struct net *net, const uint64_t *key, uint32_t s)
{
    const struct chart_state *state = &net->chart->states[s];
    bool counts = false, maybe = false;
    if (net->complete_event[s] == CHART_NONE || bits_has(key + net->complete_at, s)) return OPEN;
    for (uint32_t i = state->steps.first; i < state->steps.first + state->steps.count; i++) {
        const struct chart_step *step = &net->chart->steps[i];
        if (!step->required) continue;
        counts = true;
        if (bits_has(key + net->done_at, i)) continue;
        if (step->when == CHART_NONE) return OPEN;
        maybe = true;
    }
    return !counts ? OPEN : maybe ? MAYBE : COMPLETE;
}

/* The end of a macrostep: complete.X where it is sure; where steps depend on a condition, both. True: that is all. */
static bool settle(struct net *net, uint32_t at)
{
    const struct chart *chart = net->chart;
    struct net_branch raised = {.waiting = 0};
    uint64_t *key = net->scratch;
    memcpy(key, branch_key(net, at), net->key_words * sizeof *key);
    for (uint32_t s = bits_next(key, 1, chart->state_count); s != BITS_NONE; s = bits_next(key, s + 1, chart->state_count)) {
        if (look_at(net, key, s) != COMPLETE) continue;
        bits_add(key + net->complete_at, s);
        queue_event(net, &raised, net->complete_event[s]);
    }
    if (raised.waiting) {
        add_branch(net, key, raised);
        return false;
    }
    for (uint32_t s = bits_next(key, 1, chart->state_count); s != BITS_NONE; s = bits_next(key, s + 1, chart->state_count)) {
        if (look_at(net, key, s) != MAYBE) continue;
        struct net_branch one = {.queue = {net->complete_event[s]}, .waiting = 1};
        bits_add(key + net->complete_at, s);
        add_branch(net, key, one);
        bits_remove(key + net->complete_at, s);
    }
    return true;
}

int net_macrostep(struct net *net, const uint64_t *key, uint32_t event, bool must,
                  void (*each)(struct net *net, const uint64_t *key, void *user), void *user)
{
    struct net_branch start = {
        .queue = {event}, .waiting = event == CHART_NONE ? 0 : 1, .quiet = event != CHART_NONE, .fresh = must};
    net->branch_count = 0;
    add_branch(net, key, start);
    for (uint32_t i = 0; i < net->branch_count && !net->no_memory; i++) {
        struct net_branch branch = net->branches[i];
        if (net_done(net, branch_key(net, i))) {
            each(net, branch_key(net, i), user);
            continue;
        }
        if (!branch.quiet && !take(net, i, branch, CHART_NONE)) continue;
        if (branch.waiting) {
            uint32_t next = branch.queue[0];
            bool fresh = branch.fresh;
            branch.waiting--;
            memmove(branch.queue, branch.queue + 1, branch.waiting * sizeof *branch.queue);
            branch.fresh = false;
            if (!take(net, i, branch, next) || fresh) continue;
            branch.quiet = true;
            memcpy(net->scratch, branch_key(net, i), net->key_words * sizeof *net->scratch);
            add_branch(net, net->scratch, branch);
        } else if (settle(net, i)) {
            each(net, branch_key(net, i), user);
        }
    }
    return net->no_memory ? GUAN_FAILED : GUAN_OK;
}
