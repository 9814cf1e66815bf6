/* One record under judgement, passed from question to question. Private to this folder. */
#ifndef STANDARD_JUDGE_H
#define STANDARD_JUDGE_H

#include "standard/eval.h"
#include "standard/findings.h"
#include "standard/refuse.h"

/* A field that is missing or does not hold; once a field, also when many records of a list fail it. */
struct failing {
    const struct chart_field *field;
    const char *why;
    const char *rule; /* which of its limits: yes min max pattern check; NULL: it is missing */
};

struct judge {
    struct standard *standard;
    const struct act *act;
    struct record *record;
    struct refusal *refusal;
    struct guan_error *error;
    const struct chart_step *step;
    uint32_t index;
    uint32_t activation; /* of the step's state that the record belongs to */
    instant entered;
    bool late;           /* that one is over: nothing is blocked */
    const char *key;     /* instance; "" */
    size_t doer;         /* who holds the step's own place, among act->actors */
    struct value *typed; /* by field, as typed: what check and validate see */
    struct failing *failing;
    size_t failing_count, failing_capacity;
    size_t personal_capacity;
    struct hook_answer answer;         /* of validate */
    const char *leaves;                /* code of the finding that it leaves; NULL: none */
    struct chart_names leaves_clauses; /* of that one */
    const char *denied;                /* a late entry that no role covered, or not-by forbade: why */
    struct chart_names order;          /* clauses of the prerequisites that were missing */
    bool disorder;
};

/* fields.c: what was typed becomes record->form, plain, personal, derived; defaults; what is missing. */
int judge_fields(struct judge *judge);
int judge_typed(struct judge *judge, const struct guan_pair *pair);          /* one field */
int judge_asked_field(struct judge *judge, const struct chart_field *field); /* its evidence, `when`, default; or it is missing */
int judge_missing(struct judge *judge);                                      /* refuses for what is missing */
int judge_given(struct judge *judge, const char *name);                      /* one field of act->given */
int judge_given_facts(struct judge *judge);                                  /* what was derived then, and its personal values */
bool judge_veiled(const struct judge *judge); /* is any value among `typed` personal, so that it may be gone one day? */
int judge_instance(struct judge *judge);      /* of a waiver: only the `per` field may be given */
/* limits.c: min max pattern check yes, into judge->failing. */
int judge_limits(struct judge *judge);
int judge_field_limits(struct judge *judge, const struct chart_field *field); /* of one field */
int judge_failing(struct judge *judge, const struct chart_field *field, const char *rule, const char *why);
bool field_asked(struct judge *judge, const struct chart_field *field, int *code); /* its `when` */
void judge_derive(struct judge *judge, const struct chart_field *field, const char *name, struct value *value);
void judge_focus(struct judge *judge);

/* record.c: known, open, not done yet, asked for; what comes first; limits and the hook validate; done-when */
int judge_turn(struct judge *judge);
int judge_after(struct judge *judge);
int judge_rules(struct judge *judge);
int judge_complete(struct judge *judge);

/* keep.c */
int judge_keep(struct judge *judge, uint64_t entry);
int judge_findings(struct judge *judge, struct findings *findings);
/* Code and severity of the finding of a field that is missing or does not hold. */
const char *judge_field_code(const struct chart_field *field, enum chart_severity *severity);
struct chart_names judge_clauses(const struct judge *judge, const struct chart_field *field); /* the field's, else the step's */

/* roles.c */
int judge_roles(struct judge *judge);
int judge_not_by(struct judge *judge);
/* The role of `actor` among `roles` (empty: any, or none), `wanted` first; false: none fits. "a|b" is either. */
bool role_fits(const struct actor *actor, const struct chart_names *roles, const char *wanted, const char **role);

/* send.c: may people send it at all: no step, nothing that the engine makes, no wildcard */
bool sendable(const struct standard *standard, const char *event);

#endif
