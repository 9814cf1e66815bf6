/* Private: what one or more cases exercised of their flows. Only stories have a witness; a store's own commands have none.
 *
 *   what happens ──witness_note──▶ fresh ──entries written──▶ kept
 *                                    └──── command refused ──▶ dropped, but for what the rules said
 */
#ifndef CASE_WITNESS_H
#define CASE_WITNESS_H

#include "case/kase.h"

enum witness_kind {
    WITNESS_STATE,
    WITNESS_TRANSITION,
    WITNESS_STEP,
    WITNESS_FIELD,
    WITNESS_DEADLINE,
    WITNESS_RULE,
    WITNESS_KINDS
};
/* Bits of what was seen of one element. States: entered; transitions: taken; fields: given. */
enum { WITNESS_DONE = 1, WITNESS_WAIVED = 2 };   /* steps */
enum { WITNESS_MET = 1, WITNESS_MISSED = 2 };    /* deadlines */
enum { WITNESS_JUDGED = 1, WITNESS_BROKEN = 2 }; /* rules */

struct seen {
    const char *process;
    unsigned char *flags[WITNESS_KINDS]; /* by the element's index in the chart */
    uint32_t counts[WITNESS_KINDS];
    const char **roles; /* that acted, each once */
    size_t role_count, role_capacity;
};
struct witness {
    struct arena *arena;
    struct seen *items; /* one a process */
    size_t count, capacity;
    struct witness_note {
        const char *process, *role; /* role: of somebody who acted, else NULL */
        const struct chart *chart;
        enum witness_kind kind;
        uint32_t index;
        unsigned char flag;
    } * fresh;
    size_t fresh_count, fresh_capacity;
};

/* Everything of it lives in the arena: check arena_failed at the end. */
void witness_init(struct witness *witness, struct arena *arena);
const struct seen *witness_of(const struct witness *witness, const char *process); /* NULL: no session of it ran */
unsigned witness_flags(const struct witness *witness, const char *process, enum witness_kind kind, uint32_t index);
bool witness_acted(const struct witness *witness, const char *process, const char *role);
void witness_merge(struct witness *into, const struct witness *from);

/* Called where it happens; nothing is done when kase->guan has no witness. */
void witness_seen(void *kase, const struct standard *standard, enum witnessed what, uint32_t index); /* world.witness */
void witness_effects(struct kase *kase, const struct member *member, const struct effects *effects);
void witness_entry(struct kase *kase); /* the acting entry is about to be written: keeps what is fresh */
void witness_drop(struct kase *kase);  /* the command was refused */

#endif
