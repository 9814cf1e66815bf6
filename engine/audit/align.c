/* A* with a queue of buckets: costs are small whole numbers. A greedy search finds some way first: what cannot be cheaper than
 * that is not looked at by the exact one. There the estimate is the number of events ahead that the model does not know at all;
 * it never drops faster than the cost grows, so the first time the end is taken from the queue is the cheapest, and when the cap
 * is hit the bucket at hand is a lower bound. Among the ways that cost the same, the one with the fewest events that the model
 * has no place for is taken: that a step was left out says more than that all after it came too early. */
#include "audit/align.h"

#include <string.h>

#define NONE  UINT32_MAX
#define HASTE 8u   /* the share of the cap that looking for some way may take */
#define FINE  200u /* what costs more is too far off for its ways to be told apart */

struct node {
    uint32_t state, position, cost;
    uint32_t parent, next; /* next: of the same slot */
    uint32_t label;
    uint8_t kind;  /* enum align_kind, of the move that led here */
    uint8_t quiet; /* by a silent move, or the start */
};
struct entry {
    uint32_t node, cost, next;
};

struct aligner {
    struct align_model model;
    uint32_t most;
    uint64_t work;
    struct node *nodes;
    uint32_t node_count;
    size_t node_capacity;
    uint32_t *slots; /* by hash: the first node */
    uint32_t slot_count;
    struct entry *entries;
    uint32_t entry_count;
    size_t entry_capacity;
    uint32_t lowest;   /* the first that may hold something */
    uint32_t *buckets; /* by priority: the first entry */
    uint32_t bucket_count;
    size_t bucket_capacity;
    uint32_t *ahead; /* by position: unknown events from there on */
    size_t ahead_capacity;
    /* of one search */
    const uint32_t *trace;
    uint32_t length;
    uint32_t limit;            /* what costs as much is not looked at */
    uint32_t on_log, on_model; /* what a move costs */
    enum { DIVE, GREEDY, EXACT } how;
    bool prefix, no_memory, capped;
};

int aligner_new(const struct align_model *model, uint32_t nodes, struct aligner **out, struct guan_error *error)
{
    struct aligner *a = memory_alloc(sizeof *a);
    *out = a;
    if (!a) return error_memory(error);
    a->model = *model;
    a->most = nodes;
    a->slot_count = 1u << 16;
    a->slots = memory_alloc(a->slot_count * sizeof *a->slots);
    if (a->slots) {
        memset(a->slots, 0xFF, a->slot_count * sizeof *a->slots);
        return GUAN_OK;
    }
    aligner_free(a);
    *out = NULL;
    return error_memory(error);
}

void aligner_free(struct aligner *a)
{
    if (!a) return;
    memory_free(a->nodes);
    memory_free(a->slots);
    memory_free(a->entries);
    memory_free(a->buckets);
    memory_free(a->ahead);
    memory_free(a);
}

void aligner_limit(struct aligner *a, uint32_t nodes)
{
    a->most = nodes;
}

uint64_t aligner_work(const struct aligner *a)
{
    return a->work;
}

static void *grow(struct aligner *a, void *items, size_t needed, size_t *capacity, size_t size)
{
    if (needed <= *capacity) return items;
    size_t more = *capacity ? *capacity * 2 : 1024;
    if (more < needed) more = needed;
    void *bigger = memory_resize(items, more * size);
    if (!bigger) {
        a->no_memory = true;
        return NULL;
    }
    *capacity = more;
    return bigger;
}

/* --- the queue ----------------------------------------------------------------------------------------------------------- */

static uint32_t priority(const struct aligner *a, uint32_t position, uint32_t cost)
{
    if (a->how == EXACT) return cost + a->ahead[position] * a->on_log;
    if (a->how == DIVE && position == a->length) return 0; /* the newest first: any way to the end */
    return cost + a->length - position;
}

static void push(struct aligner *a, uint32_t index)
{
    uint32_t at = priority(a, a->nodes[index].position, a->nodes[index].cost);
    uint32_t *buckets = grow(a, a->buckets, at + (size_t)1, &a->bucket_capacity, sizeof *buckets);
    struct entry *entries = grow(a, a->entries, a->entry_count + (size_t)1, &a->entry_capacity, sizeof *entries);
    if (buckets) a->buckets = buckets;
    if (entries) a->entries = entries;
    if (!buckets || !entries) return;
    while (a->bucket_count <= at) a->buckets[a->bucket_count++] = NONE;
    a->entries[a->entry_count] = (struct entry){index, a->nodes[index].cost, a->buckets[at]};
    a->buckets[at] = a->entry_count++;
    if (at < a->lowest) a->lowest = at;
}

/* The newest of the cheapest; NONE when all is done. */
static uint32_t pop(struct aligner *a)
{
    for (; a->lowest < a->bucket_count; a->lowest++) {
        uint32_t *bucket = &a->buckets[a->lowest];
        while (*bucket != NONE) {
            const struct entry *entry = &a->entries[*bucket];
            *bucket = entry->next;
            if (a->nodes[entry->node].cost == entry->cost) return entry->node;
        }
    }
    return NONE;
}

/* --- nodes ----------------------------------------------------------------------------------------------------------------- */

static uint32_t slot_of(const struct aligner *a, uint32_t state, uint32_t position)
{
    uint64_t hash = ((uint64_t)state << 32 | position) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(hash >> 33) & (a->slot_count - 1);
}

static void spread(struct aligner *a)
{
    if (a->node_count < a->slot_count) return;
    uint32_t *slots = memory_resize(a->slots, 2 * (size_t)a->slot_count * sizeof *slots);
    if (!slots) return; /* longer chains, nothing worse */
    a->slots = slots;
    a->slot_count *= 2;
    memset(slots, 0xFF, a->slot_count * sizeof *slots);
    for (uint32_t i = 0; i < a->node_count; i++) {
        uint32_t *slot = &slots[slot_of(a, a->nodes[i].state, a->nodes[i].position)];
        a->nodes[i].next = *slot;
        *slot = i;
    }
}

/* Comes to (state, position) by a move from `parent`. */
static void reach(struct aligner *a, struct node to)
{
    if (to.cost + a->ahead[to.position] * a->on_log >= a->limit) return;
    uint32_t index = a->slots[slot_of(a, to.state, to.position)];
    while (index != NONE && (a->nodes[index].state != to.state || a->nodes[index].position != to.position))
        index = a->nodes[index].next;
    if (index != NONE && a->nodes[index].cost <= to.cost) return;
    if (index == NONE) {
        if (a->node_count >= (a->how == EXACT ? a->most : a->most / HASTE + 1)) {
            a->capped = true;
            return;
        }
        struct node *nodes = grow(a, a->nodes, a->node_count + (size_t)1, &a->node_capacity, sizeof *nodes);
        if (!nodes) return;
        a->nodes = nodes;
        index = a->node_count++;
        a->work++;
        uint32_t *slot = &a->slots[slot_of(a, to.state, to.position)];
        to.next = *slot;
        *slot = index;
        a->nodes[index] = to;
        spread(a);
    } else {
        to.next = a->nodes[index].next;
        a->nodes[index] = to;
    }
    push(a, index);
}

static int expand(struct aligner *a, uint32_t index, struct guan_error *error)
{
    const struct node from = a->nodes[index];
    const struct align_edge *edges;
    uint32_t count, event = from.position < a->length ? a->trace[from.position] : ALIGN_SILENT;
    int code = a->model.edges(a->model.user, from.state, &edges, &count, error);
    if (code != GUAN_OK) return code;
    struct node to = {.parent = index,
                      .state = from.state,
                      .position = from.position + 1,
                      .cost = from.cost + a->on_log,
                      .label = event,
                      .kind = ALIGN_LOG};
    if (from.position < a->length) reach(a, to); /* first in, last out */
    for (uint32_t i = 0; i < count; i++) {
        to.state = edges[i].target;
        to.label = edges[i].label;
        to.kind = ALIGN_MODEL;
        to.quiet = edges[i].label == ALIGN_SILENT;
        to.position = from.position;
        to.cost = from.cost + (to.quiet ? 0 : a->on_model);
        reach(a, to);
        if (edges[i].label != event || to.quiet) continue;
        to.kind = ALIGN_SYNC;
        to.position = from.position + 1;
        to.cost = from.cost;
        reach(a, to);
    }
    return a->no_memory ? error_memory(error) : GUAN_OK;
}

/* --- searching ---------------------------------------------------------------------------------------------------------------
 */

/* *end: the node that explains all, or NONE. */
static int search(struct aligner *a, uint32_t *end, struct guan_error *error)
{
    for (uint32_t i = 0; i < a->node_count; i++) a->slots[slot_of(a, a->nodes[i].state, a->nodes[i].position)] = NONE;
    a->node_count = a->entry_count = a->bucket_count = a->lowest = 0;
    a->capped = false;
    *end = NONE;
    reach(a, (struct node){.state = a->model.initial, .parent = NONE, .quiet = 1});
    uint32_t index;
    while (!a->no_memory && (index = pop(a)) != NONE) {
        const struct node *node = &a->nodes[index];
        if (node->position == a->length && (a->prefix || a->model.accepts(a->model.user, node->state))) {
            *end = index;
            return GUAN_OK;
        }
        int code = expand(a, index, error);
        if (code != GUAN_OK || (a->capped && a->how == EXACT)) return code; /* what was left out costs no less than the bucket */
    }
    return a->no_memory ? error_memory(error) : GUAN_OK;
}

static int tell(const struct aligner *a, uint32_t end, struct arena *arena, struct align_result *out, struct guan_error *error)
{
    uint32_t count = 0;
    for (uint32_t i = end; i != NONE; i = a->nodes[i].parent) count += !a->nodes[i].quiet;
    out->moves = arena_alloc(arena, (count + (size_t)1) * sizeof *out->moves);
    if (!out->moves) return error_memory(error);
    out->found = true;
    out->cost = a->nodes[end].cost;
    out->move_count = count;
    for (uint32_t i = end; i != NONE; i = a->nodes[i].parent) {
        const struct node *node = &a->nodes[i];
        if (node->quiet) continue;
        uint32_t event = node->kind == ALIGN_MODEL ? node->position : node->position - 1;
        out->moves[--count] = (struct align_move){(enum align_kind)node->kind, node->label, event};
    }
    return GUAN_OK;
}

static int look_ahead(struct aligner *a, struct guan_error *error)
{
    uint32_t *ahead = grow(a, a->ahead, a->length + (size_t)1, &a->ahead_capacity, sizeof *ahead);
    if (!ahead) return error_memory(error);
    a->ahead = ahead;
    ahead[a->length] = 0;
    for (uint32_t i = a->length; i-- > 0;) ahead[i] = ahead[i + 1] + (a->trace[i] == ALIGN_UNKNOWN);
    return GUAN_OK;
}

static uint32_t count_log(const struct align_result *result)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < result->move_count; i++) count += result->moves[i].kind == ALIGN_LOG;
    return count;
}

/* Once more, at the cost that is known: a move on the log now costs a little more than one on the model. What the cap cuts short
 * stays as it was found. */
static int prefer(struct aligner *a, struct arena *arena, struct align_result *out, struct guan_error *error)
{
    uint32_t end, cost = out->cost, extra = count_log(out);
    if (!out->found || !out->exact || extra <= a->ahead[0] || cost > FINE) return GUAN_OK;
    a->how = EXACT;
    a->on_model = cost + 1;
    a->on_log = cost + 2;
    a->limit = cost * a->on_model + extra;
    int code = search(a, &end, error);
    if (code == GUAN_OK && end != NONE) code = tell(a, end, arena, out, error);
    out->cost = cost;
    return code;
}

/* Any way, a good way, the best way: each is only asked for what is cheaper than the one before. */
int align(struct aligner *a, const uint32_t *trace, uint32_t length, bool prefix, struct arena *arena, struct align_result *out,
          struct guan_error *error)
{
    *out = (struct align_result){0};
    a->trace = trace;
    a->length = length;
    a->prefix = prefix;
    a->no_memory = false;
    a->limit = UINT32_MAX;
    a->on_log = a->on_model = 1;
    int code = look_ahead(a, error);
    for (a->how = DIVE; a->how <= EXACT && code == GUAN_OK; a->how++) {
        uint32_t end;
        code = search(a, &end, error);
        if (code == GUAN_OK && end != NONE) code = tell(a, end, arena, out, error);
        if (out->found) a->limit = out->cost;
        if (a->how == EXACT) out->exact = end != NONE || !a->capped;
    }
    out->lower = out->exact ? out->cost : a->lowest;
    if (out->found && out->cost == out->lower) out->exact = true;
    return code == GUAN_OK ? prefer(a, arena, out, error) : code;
}
