/* The cheapest way to explain a trace by a model: moves on the log alone and visible moves on the model alone cost 1, moves on
 * both and silent moves cost nothing. Exact by A* over (state, position); where the cap is hit, bounds that hold. */
#ifndef AUDIT_ALIGN_H
#define AUDIT_ALIGN_H

#include "base/memory.h"

#define ALIGN_SILENT  UINT32_MAX        /* label of an edge that shows nowhere */
#define ALIGN_UNKNOWN (UINT32_MAX - 1u) /* label of an event that the model does not know */

struct align_edge {
    uint32_t label, target;
};
struct align_model {
    void *user;
    uint32_t initial;
    /* What can be done in a state; valid until the next call. */
    int (*edges)(void *user, uint32_t state, const struct align_edge **edges, uint32_t *count, struct guan_error *error);
    bool (*accepts)(void *user, uint32_t state);
};

enum align_kind { ALIGN_SYNC, ALIGN_LOG, ALIGN_MODEL };
struct align_move {
    enum align_kind kind;
    uint32_t label; /* of the model; ALIGN_LOG: of the event */
    uint32_t event; /* position in the trace; ALIGN_MODEL: where it is missing */
};
struct align_result {
    uint32_t cost;  /* of `moves` */
    uint32_t lower; /* nothing is cheaper: equal to `cost` where `exact` */
    bool exact, found;
    struct align_move *moves; /* in the caller's arena */
    uint32_t move_count;
};

struct aligner;
/* `nodes`: the most pairs of state and position looked at for one trace. */
int aligner_new(const struct align_model *model, uint32_t nodes, struct aligner **out, struct guan_error *error);
void aligner_limit(struct aligner *aligner, uint32_t nodes);
uint64_t aligner_work(const struct aligner *aligner); /* nodes so far, of all traces */
void aligner_free(struct aligner *aligner);
/* `prefix`: the model need not have come to its end. *found false: no way at all (the model has no end), or none within the cap.
 */
int align(struct aligner *aligner, const uint32_t *trace, uint32_t length, bool prefix, struct arena *arena,
          struct align_result *out, struct guan_error *error);

#endif
