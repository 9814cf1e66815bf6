/* The net of a flow: its labels, and its states as they are asked for. */
#include "audit/net_step.h"

#include <stdlib.h>
#include <string.h>

/* --- names -------------------------------------------------------------------------------------------------------------------
 */

static bool starts(const char *name, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(name, prefix, n) == 0 && (name[n] == 0 || name[n] == '.');
}

static bool is_silent(const struct net *net, const char *name)
{
    static const char *const families[] = {"done", "error", "deadline", "incomplete", "amended"};
    const struct chart *chart = net->chart;
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (starts(name, families[i])) return true;
    for (uint32_t i = 0; i < chart->exec_count; i++)
        if (chart->execs[i].kind == CHART_RAISE && strcmp(chart->execs[i].as.raise.event, name) == 0) return true;
    for (uint32_t i = 0; i < chart->send_count; i++)
        if (chart->sends[i].event && strcmp(chart->sends[i].event, name) == 0) return true;
    for (uint32_t i = 0; i < chart->deadline_count; i++)
        if (chart->deadlines[i].event && strcmp(chart->deadlines[i].event, name) == 0) return true;
    return false;
}

static bool takes(const struct chart *chart, uint32_t t, const char *name)
{
    const struct chart_transition *transition = &chart->transitions[t];
    for (uint32_t i = 0; i < transition->events.count; i++)
        if (chart_descriptor_matches(&chart->descriptors[transition->events.first + i], name, strlen(name))) return true;
    return false;
}

/* The event's number; CHART_NONE when no transition takes it (steps are kept all the same). */
static uint32_t add_event(struct net *net, const char *name, enum net_event_kind kind, uint32_t about)
{
    const struct chart *chart = net->chart;
    uint64_t *taken = NULL;
    for (uint32_t i = 0; i < net->event_count; i++)
        if (strcmp(net->events[i].name, name) == 0) return i;
    for (uint32_t t = 0; t < chart->transition_count; t++) {
        if (!takes(chart, t, name)) continue;
        if (!taken) taken = arena_alloc(net->arena, net->transition_words * sizeof *taken);
        if (!taken) return CHART_NONE;
        bits_add(taken, t);
    }
    if (!taken && kind != NET_STEP) return CHART_NONE;
    net->events[net->event_count] = (struct net_event){arena_text(net->arena, name, strlen(name)), kind, about, taken};
    return net->event_count++;
}

static void add_described(struct net *net)
{
    const struct chart *chart = net->chart;
    for (uint32_t i = 0; i < chart->descriptor_count; i++) {
        const struct chart_descriptor *d = &chart->descriptors[i];
        const char *name = d->length ? arena_text(net->arena, d->name, d->length) : NULL;
        if (!name || starts(name, "complete") || starts(name, "done.state") || starts(name, "waived")) continue;
        add_event(net, name, is_silent(net, name) ? NET_SILENT : NET_EVENT, CHART_NONE);
    }
}

static void add_names(struct net *net, const char *const *events, uint32_t count)
{
    const struct chart *chart = net->chart;
    for (uint32_t s = 0; s < chart->step_count; s++) add_event(net, chart->steps[s].id, NET_STEP, s);
    for (uint32_t s = 0; s < chart->state_count; s++) {
        const char *id = chart->states[s].id;
        const char *complete = arena_printf(net->arena, "complete.%s", id), *done = arena_printf(net->arena, "done.state.%s", id);
        if (!complete || !done) return;
        net->complete_event[s] = chart->states[s].steps.count ? add_event(net, complete, NET_INNER, s) : CHART_NONE;
        net->done_event[s] = add_event(net, done, NET_INNER, s);
    }
    for (uint32_t s = 0; s < chart->step_count; s++) {
        const char *waived = arena_printf(net->arena, "waived.%s", chart->steps[s].id);
        net->waived_event[s] = waived && chart->steps[s].waive_by.count ? add_event(net, waived, NET_INNER, s) : CHART_NONE;
    }
    add_described(net);
    for (uint32_t i = 0; i < count; i++)
        if (!is_silent(net, events[i])) add_event(net, events[i], NET_EVENT, CHART_NONE);
}

/* Steps done, steps waived, events. */
static void number_labels(struct net *net)
{
    net->label_count = 2 * net->chart->step_count;
    for (uint32_t i = 0; i < net->event_count; i++) {
        if (net->events[i].kind != NET_EVENT) continue;
        net->labels[i] = net->label_count;
        net->label_event[net->label_count++ - 2 * net->chart->step_count] = i;
    }
}

/* --- what matters ------------------------------------------------------------------------------------------------------------
 */

static void look_at_steps(struct net *net)
{
    const struct chart *chart = net->chart;
    for (uint32_t i = 0; i < chart->step_count; i++) {
        const struct chart_step *step = &chart->steps[i];
        bool again = step->repeat || step->per != CHART_NONE;
        if (step->required || !again) bits_add(net->matters, i);
        for (uint32_t k = 0; k < step->after.count; k++) {
            uint32_t before = chart->step_refs[step->after.first + k], home = chart->steps[before].state;
            bits_add(net->matters, before);
            if (home != step->state && !chart_is_descendant(chart, step->state, home)) bits_add(net->kept, before);
        }
    }
}

static bool allocate(struct net *net, uint32_t extra)
{
    const struct chart *chart = net->chart;
    uint32_t step_words = BITS_WORDS(chart->step_count + 1);
    net->words = BITS_WORDS(chart->state_count);
    net->transition_words = BITS_WORDS(chart->transition_count + 1);
    net->history_of = arena_alloc(net->arena, chart->state_count * sizeof *net->history_of);
    for (uint32_t s = 0; net->history_of && s < chart->state_count; s++)
        if (chart->states[s].kind == CHART_HISTORY_SHALLOW || chart->states[s].kind == CHART_HISTORY_DEEP)
            net->history_of[s] = net->histories++;
    net->done_at = net->words;
    net->complete_at = net->done_at + step_words;
    net->history_at = net->complete_at + net->words;
    net->key_words = net->history_at + net->histories * net->words;
    size_t events = (size_t)chart->descriptor_count + 2 * (size_t)chart->state_count + 2 * (size_t)chart->step_count + extra + 1;
    net->events = arena_alloc(net->arena, events * sizeof *net->events);
    net->labels = arena_alloc(net->arena, events * sizeof *net->labels);
    net->label_event = arena_alloc(net->arena, events * sizeof *net->label_event);
    net->complete_event = arena_alloc(net->arena, chart->state_count * sizeof *net->complete_event);
    net->done_event = arena_alloc(net->arena, chart->state_count * sizeof *net->done_event);
    net->waived_event = arena_alloc(net->arena, (chart->step_count + (size_t)1) * sizeof *net->waived_event);
    net->matters = arena_alloc(net->arena, step_words * sizeof *net->matters);
    net->kept = arena_alloc(net->arena, step_words * sizeof *net->kept);
    net->enter = arena_alloc(net->arena, net->words * sizeof *net->enter);
    net->defaults = arena_alloc(net->arena, net->words * sizeof *net->defaults);
    net->exited = arena_alloc(net->arena, net->words * sizeof *net->exited);
    net->scratch = arena_alloc(net->arena, net->key_words * sizeof *net->scratch);
    size_t transitions = chart->transition_count + (size_t)1;
    net->chosen = arena_alloc(net->arena, transitions * sizeof *net->chosen);
    net->domains = arena_alloc(net->arena, transitions * sizeof *net->domains);
    net->guards = arena_alloc(net->arena, transitions * sizeof *net->guards);
    net->slot_count = 1024;
    net->slots = memory_alloc(net->slot_count * sizeof *net->slots);
    return net->slots && !arena_failed(net->arena);
}

/* --- states ------------------------------------------------------------------------------------------------------------------
 */

static uint64_t *key_at(const struct net *net, uint32_t state)
{
    return net->keys + (size_t)state * net->key_words;
}

static uint32_t slot_of(const struct net *net, const uint64_t *key)
{
    uint64_t hash = 0;
    for (uint32_t w = 0; w < net->key_words; w++) {
        hash = (hash ^ key[w]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    uint32_t slot = (uint32_t)hash & (net->slot_count - 1);
    while (net->slots[slot] && memcmp(key_at(net, net->slots[slot] - 1), key, net->key_words * sizeof *key) != 0)
        slot = (slot + 1) & (net->slot_count - 1);
    return slot;
}

void *net_grow(struct net *net, void *items, size_t needed, size_t *capacity, size_t size)
{
    if (needed <= *capacity) return items;
    size_t bigger = *capacity * 2 < needed ? needed * 2 : *capacity * 2;
    void *grown = memory_resize(items, bigger * size);
    if (grown) *capacity = bigger;
    else net->no_memory = true;
    return grown;
}

static void spread(struct net *net)
{
    uint32_t *old = net->slots;
    if (net->state_count * 2 < net->slot_count) return;
    uint32_t *slots = memory_alloc(2 * (size_t)net->slot_count * sizeof *slots);
    if (!slots) {
        net->no_memory = true;
        return;
    }
    net->slots = slots;
    net->slot_count *= 2;
    for (uint32_t i = 0; i < net->state_count; i++) net->slots[slot_of(net, key_at(net, i))] = i + 1;
    memory_free(old);
}

/* The state of that key, a new one if there was none; CHART_NONE: no room. */
static uint32_t state_of(struct net *net, const uint64_t *key)
{
    uint32_t slot = slot_of(net, key);
    if (net->slots[slot]) return net->slots[slot] - 1;
    if (net->state_count >= NET_STATES) {
        net->cut = true;
        return CHART_NONE;
    }
    size_t count = net->state_count + (size_t)1;
    uint64_t *keys = net_grow(net, net->keys, count * net->key_words, &net->key_capacity, sizeof *keys);
    if (keys) net->keys = keys;
    struct net_edges *edges = net_grow(net, net->edges_of, count, &net->edges_of_capacity, sizeof *edges);
    if (edges) net->edges_of = edges;
    if (!keys || !edges) return CHART_NONE;
    memcpy(key_at(net, net->state_count), key, net->key_words * sizeof *key);
    net->edges_of[net->state_count] = (struct net_edges){0};
    net->slots[slot] = net->state_count + 1;
    net->state_count++;
    spread(net);
    return net->state_count - 1;
}

/* --- edges -------------------------------------------------------------------------------------------------------------------
 */

struct making {
    uint32_t from, label;
};

static void add_edge(struct net *net, const uint64_t *key, void *user)
{
    const struct making *making = user;
    struct net_edges *of = &net->edges_of[making->from];
    uint32_t target = state_of(net, key);
    if (target == CHART_NONE || (making->label == ALIGN_SILENT && target == making->from)) return;
    of = &net->edges_of[making->from]; /* may have moved */
    for (uint32_t i = of->first; i < of->first + of->count; i++)
        if (net->edges[i].label == making->label && net->edges[i].target == target) return;
    struct align_edge *edges = net_grow(net, net->edges, net->edge_count + (size_t)1, &net->edge_capacity, sizeof *edges);
    if (!edges) return;
    net->edges = edges;
    edges[net->edge_count++] = (struct align_edge){making->label, target};
    of->count++;
}

static bool prepared(const struct net *net, const uint64_t *key, const struct chart_step *step)
{
    const struct chart *chart = net->chart;
    for (uint32_t i = 0; i < step->after.count; i++) {
        uint32_t before = chart->step_refs[step->after.first + i];
        if (!bits_has(key + net->done_at, before) && chart->steps[before].when == CHART_NONE) return false;
    }
    return true;
}

static void do_step(struct net *net, uint32_t from, uint64_t *key, uint32_t s)
{
    const struct chart_step *step = &net->chart->steps[s];
    struct making making = {from, s};
    uint64_t *done = net_steps(net, key);
    bool was = bits_has(done, s), again = step->repeat || step->per != CHART_NONE || !bits_has(net->matters, s);
    if (!bits_has(key, step->state) || !prepared(net, key, step) || (was && !again && step->done_when == CHART_NONE)) return;
    for (uint32_t i = 0; i < step->reopens.count; i++) bits_remove(done, net->chart->step_refs[step->reopens.first + i]);
    if (step->done_when != CHART_NONE) { /* recorded, not complete */
        bits_remove(done, s);
        net_macrostep(net, key, s, false, add_edge, &making);
    }
    if (bits_has(net->matters, s)) bits_add(done, s);
    net_macrostep(net, key, s, false, add_edge, &making);
}

static void waive_step(struct net *net, uint32_t from, uint64_t *key, uint32_t s)
{
    const struct chart_step *step = &net->chart->steps[s];
    struct making making = {from, net->chart->step_count + s};
    if (!step->waive_by.count || !bits_has(key, step->state) || !bits_has(net->matters, s) || bits_has(net_steps(net, key), s))
        return;
    bits_add(net_steps(net, key), s);
    net_macrostep(net, key, net->waived_event[s], false, add_edge, &making);
}

static void work_out(struct net *net, uint32_t from)
{
    size_t size = net->key_words * sizeof(uint64_t);
    uint64_t *key = memory_alloc(size);
    net->edges_of[from].first = net->edge_count;
    net->edges_of[from].known = true;
    if (!key) net->no_memory = true;
    if (!key || net_done(net, key_at(net, from))) {
        memory_free(key);
        return;
    }
    for (uint32_t s = 0; s < net->chart->step_count && !net->no_memory; s++) {
        memcpy(key, key_at(net, from), size);
        do_step(net, from, key, s);
        memcpy(key, key_at(net, from), size);
        waive_step(net, from, key, s);
    }
    for (uint32_t e = 0; e < net->event_count && !net->no_memory; e++) {
        enum net_event_kind kind = net->events[e].kind;
        struct making making = {from, kind == NET_EVENT ? net->labels[e] : ALIGN_SILENT};
        if (kind != NET_EVENT && kind != NET_SILENT) continue;
        memcpy(key, key_at(net, from), size);
        net_macrostep(net, key, e, true, add_edge, &making);
    }
    memory_free(key);
}

static int edges(void *user, uint32_t state, const struct align_edge **out, uint32_t *count, struct guan_error *error)
{
    struct net *net = user;
    if (!net->edges_of[state].known) work_out(net, state);
    if (net->no_memory) return error_memory(error);
    *out = net->edges + net->edges_of[state].first;
    *count = net->edges_of[state].count;
    return GUAN_OK;
}

static bool accepts(void *user, uint32_t state)
{
    const struct net *net = user;
    return net_done(net, key_at(net, state));
}

/* --- the net -------------------------------------------------------------------------------------------------------------------
 */

/* State 0 is where no macrostep has ended: silently, it may be any that the start can lead to. */
static void begin(struct net *net)
{
    uint64_t *key = memory_alloc(net->key_words * sizeof *key);
    struct making making = {0, ALIGN_SILENT};
    if (!key || state_of(net, key) == CHART_NONE) {
        net->no_memory = true;
        memory_free(key);
        return;
    }
    net->edges_of[0].known = true;
    net_start(net, key);
    net_macrostep(net, key, CHART_NONE, false, add_edge, &making);
    memory_free(key);
}

int net_new(const struct chart *chart, const char *const *events, uint32_t count, struct net **out, struct guan_error *error)
{
    struct net *net = memory_alloc(sizeof *net);
    *out = net;
    if (!net) return error_memory(error);
    net->chart = chart;
    net->arena = arena_new();
    if (net->arena && allocate(net, count)) {
        add_names(net, events, count);
        number_labels(net);
        look_at_steps(net);
        if (!arena_failed(net->arena)) begin(net);
        if (!net->no_memory && !arena_failed(net->arena)) return GUAN_OK;
    }
    net_free(net);
    *out = NULL;
    return error_memory(error);
}

void net_free(struct net *net)
{
    if (!net) return;
    arena_free(net->arena);
    memory_free(net->keys);
    memory_free(net->slots);
    memory_free(net->edges_of);
    memory_free(net->edges);
    memory_free(net->branch_keys);
    memory_free(net->branches);
    memory_free(net);
}

struct align_model net_model(struct net *net)
{
    return (struct align_model){.user = net, .initial = 0, .edges = edges, .accepts = accepts};
}

uint32_t net_label_count(const struct net *net)
{
    return net->label_count;
}

static uint32_t step_of(const struct net *net, uint32_t label)
{
    uint32_t count = net->chart->step_count;
    return label < count ? label : label < 2 * count ? label - count : CHART_NONE;
}

const char *net_label_name(const struct net *net, uint32_t label)
{
    uint32_t step = step_of(net, label);
    if (step != CHART_NONE) return net->chart->steps[step].id;
    return net->events[net->label_event[label - 2 * net->chart->step_count]].name;
}

const char *net_label_title(const struct net *net, uint32_t label)
{
    uint32_t step = step_of(net, label);
    if (step != CHART_NONE) return net->chart->steps[step].title;
    const uint64_t *taken = net->events[net->label_event[label - 2 * net->chart->step_count]].taken;
    for (uint32_t t = bits_next(taken, 0, net->chart->transition_count); t != BITS_NONE;
         t = bits_next(taken, t + 1, net->chart->transition_count))
        if (net->chart->transitions[t].title) return net->chart->transitions[t].title;
    return NULL;
}

bool net_label_waived(const struct net *net, uint32_t label)
{
    return label >= net->chart->step_count && label < 2 * net->chart->step_count;
}

uint32_t net_label(const struct net *net, const char *name, bool waived)
{
    uint32_t step = chart_step_by_id(net->chart, name), steps = net->chart->step_count;
    if (step != CHART_NONE) return waived ? (net->chart->steps[step].waive_by.count ? steps + step : ALIGN_UNKNOWN) : step;
    for (uint32_t label = 2 * steps; !waived && label < net->label_count; label++)
        if (strcmp(net_label_name(net, label), name) == 0) return label;
    return ALIGN_UNKNOWN;
}

uint32_t net_state_count(const struct net *net)
{
    return net->state_count;
}

bool net_ends(const struct net *net)
{
    const struct chart_state *root = &net->chart->states[0];
    for (uint32_t i = 0; i < root->children.count; i++)
        if (net->chart->states[net->chart->children[root->children.first + i]].kind == CHART_FINAL) return true;
    return false;
}

bool net_is_cut(const struct net *net)
{
    return net->cut;
}
