/* Private to rulecheck*.c: one rule over one sequence of events.
 *
 *   a case's events ─▶ items: what a rule names, with its conditions asked ─▶ groups by key ─▶ the kind's judge ─▶ outcomes
 *
 * Rules of a dealer's whole business get the events of all its cases as one sequence. */
#ifndef AUDIT_RULECHECK_H
#define AUDIT_RULECHECK_H

#include "audit/log.h"
#include "audit/rulefile.h"

enum {
    ITEM_OF = 1,    /* and `when` holds */
    ITEM_FIRST = 2, /* precedes: first; max-gap: from; responds, next, alternates: then */
    ITEM_AMONG = 4,
    ITEM_UNTIL = 8,
    ITEM_WAIVED = 16
};

struct item {
    const struct log_event *event;
    unsigned roles;
    uint64_t key;   /* of `by` */
    uint32_t order; /* in time */
    int64_t amount; /* of `sum`, in thousandths */
};

enum verdict { VERDICT_NONE, VERDICT_SATISFIED, VERDICT_PENDING, VERDICT_DUE, VERDICT_VIOLATED }; /* the worse the later */

/* The lengths and numbers of a rule, parameters looked up. */
struct rule_terms {
    struct duration within, until;
    int64_t min, max; /* thousandths; max INT64_MAX: none */
};

struct judging {
    const struct event_log *log;
    const struct rule *rule;
    const struct rule_terms *terms;
    const struct zone *zone;
    bool open;                  /* more may come */
    instant begin, now;         /* of the case; of the log */
    uint32_t evidence;          /* the key */
    const uint8_t *is_role;     /* by number of a text: one of rule->roles */
    uint32_t *seen_by, *marked; /* by number of a text, valid where marked is `mark` */
    uint32_t mark;
    void (*outcome)(void *user, enum verdict verdict, const struct item *item, const struct item *other, instant due);
    void *user;
};

/* `check` was asked already: the kind data sees ITEM_FIRST where it holds. */
void rule_judge(struct judging *judging, const struct item *items, size_t count);
/* Does the kind look at all events of a case, not only at those it names? */
bool rule_sees_all(enum rule_kind kind);

#endif
