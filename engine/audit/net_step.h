/* Private to net*.c: the insides of a net, and one macrostep under all outcomes of its conditions. */
#ifndef AUDIT_NET_STEP_H
#define AUDIT_NET_STEP_H

#include "audit/net.h"
#include "base/bits.h"

enum net_event_kind { NET_STEP, NET_EVENT, NET_SILENT, NET_INNER }; /* inner: done.state.*, complete.*, waived.* */

struct net_event {
    const char *name;
    enum net_event_kind kind;
    uint32_t about;  /* NET_STEP: the step; NET_INNER: the state or step */
    uint64_t *taken; /* transitions that it matches; NULL: none */
};

/* One way that a macrostep may go on: a state's key, and what waits. */
struct net_branch {
    uint32_t queue[NET_QUEUE];
    uint32_t waiting;
    bool quiet; /* no eventless transition: that was chosen */
    bool fresh; /* its event has not been looked at */
};

struct net {
    const struct chart *chart;
    struct arena *arena;
    uint32_t words;                                       /* of a configuration */
    uint32_t done_at, complete_at, history_at, key_words; /* parts of a key */
    uint32_t histories;
    uint32_t *history_of;     /* by state */
    uint64_t *matters, *kept; /* steps: whether it is done matters; also after its state is left */
    uint32_t transition_words;
    struct net_event *events;
    uint32_t event_count;
    uint32_t *complete_event, *done_event, *waived_event; /* by state, state, step; CHART_NONE: nobody asks */
    uint32_t *labels;                                     /* of NET_EVENT: its number among them, by event */
    uint32_t label_count;
    uint32_t *label_event; /* of labels behind the steps' */
    /* states */
    uint64_t *keys;
    uint32_t state_count;
    size_t key_capacity;
    uint32_t *slots;
    uint32_t slot_count;
    struct net_edges {
        uint32_t first, count;
        bool known;
    } * edges_of;
    size_t edges_of_capacity;
    struct align_edge *edges;
    uint32_t edge_count;
    size_t edge_capacity;
    bool cut, no_memory;
    /* of one macrostep */
    uint64_t *branch_keys;
    struct net_branch *branches;
    uint32_t branch_count;
    size_t branch_key_capacity, branch_capacity;
    uint32_t *chosen, *domains, chosen_count;
    uint64_t *enter, *defaults, *exited, *scratch;
    struct net_guard {
        uint32_t transition;
        bool holds;
    } * guards;
    uint32_t guard_count;
};

/* Begins a macrostep: branch 0 is `key`. Then the event (CHART_NONE: none, the start). For every way it may end `each` is called
 * with the key. `must`: the event has to be taken by a transition. */
int net_macrostep(struct net *net, const uint64_t *key, uint32_t event, bool must,
                  void (*each)(struct net *net, const uint64_t *key, void *user), void *user);
/* Enters the initial states into an empty key. */
void net_start(struct net *net, uint64_t *key);
bool net_done(const struct net *net, const uint64_t *key); /* a final state at the top is active */
static inline uint64_t *net_steps(const struct net *net, uint64_t *key)
{
    return key + net->done_at;
}

/* Room for `needed` elements, doubling; NULL: no memory, and the net says so. */
void *net_grow(struct net *net, void *items, size_t needed, size_t *capacity, size_t size);

#endif
