/* Private: what flows are made of, and which of it cites which clause. */
#ifndef AUDIT_COVERAGE_H
#define AUDIT_COVERAGE_H

#include "case/story.h"

/* One element of a flow that can be exercised. */
struct element {
    const char *process;
    const struct chart *chart;
    enum witness_kind kind;
    uint32_t index;                 /* in the chart; a state 0 is the flow itself */
    const char *id, *state, *title; /* id: of a transition "source/events/targets", of a field "step.field" */
    const struct chart_names *clauses;
};
struct elements {
    struct element *items;
    size_t count, capacity;
};

/* All elements of all flows, in their order. Ids live in the arena. */
int elements_read(struct bundle *bundle, struct arena *arena, struct elements *out, struct guan_error *error);
const char *element_kind(const struct element *element); /* "process" "state" "transition" "step" "field" "deadline" "rule" */
unsigned element_seen(const struct element *element, const struct witness *witness); /* witness bits; of a flow: did it run */
bool element_is_frame(const struct element *element);                                /* a flow, a state */

/* How a clause stands in the cases of a store. */
struct standing {
    int64_t done, late, missed, waived, other;
    uint64_t command; /* counted last: a command counts once */
};
/* An element that cites a clause. */
struct cited {
    const struct element *element;
    size_t clause; /* index in the catalogue */
    bool counts;   /* entering a state is no exercise of a clause that something smaller cites */
};
int standings_read(struct guan *guan, const struct catalogue *catalogue, const struct cited *cited, size_t cited_count,
                   struct standing *out, struct guan_error *error);

#endif
