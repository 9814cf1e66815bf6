/* What becomes of a hook's answer about a step or an event. Private to this folder. */
#ifndef STANDARD_ANSWERS_H
#define STANDARD_ANSWERS_H

#include "standard/judge.h"

/* What a hook was asked about. */
struct asked {
    struct standard *standard;
    const char *hook, *name; /* of the step or event */
    uint32_t step;           /* CHART_NONE: an event */
    bool late;
};
/* A no, or a failure. GUAN_NO: refused. GUAN_OK: *leaves is the code of the finding that it leaves, or NULL: none (a HOOK_ERROR
 * is told). */
int answer_no(const struct asked *asked, const struct hook_answer *answer, const char **leaves, struct refusal *refusal,
              struct guan_error *error);
/* That finding, with the default severity of its code. */
int answer_leaves(const struct asked *asked, const char *code, struct chart_names clauses, struct findings *findings,
                  struct guan_error *error);

/* validate: asks it, and takes out of judge->failing what it lets pass. */
int judge_hook(struct judge *judge);
/* Its no, into judge->leaves; GUAN_NO: refused. */
int judge_hook_no(struct judge *judge);
/* All that fails is tunable, and there is a hook that may let it pass. */
bool judge_may_relax(const struct judge *judge);
/* The finding that it left. */
int judge_answered(struct judge *judge, struct findings *findings);

#endif
