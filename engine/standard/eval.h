/* Running the flow's Lua for a verdict. Private to this folder. */
#ifndef STANDARD_EVAL_H
#define STANDARD_EVAL_H

#include "standard/facts.h"

/* What the next expressions look at. Cheap when nothing changes. */
void focus_set(struct standard *standard, struct focus focus);
void focus_state(struct standard *standard, uint32_t state); /* no record; `entered` of that state's latest activation */

/* Binds _event to a step's, with at rec actor by role. */
int eval_bind(struct standard *standard, const char *event, const struct value *data, const char *role, struct guan_error *error);

/* CHART_NONE is true. An expression that fails, or has no Lua any more, is `otherwise`; standard->fault says why it failed.
 * Over budget or out of memory: the code, and the command is over. */
int eval_flag(struct standard *standard, uint32_t expr, bool otherwise, bool *out, struct guan_error *error);
/* NULL: nil, or failed. */
int eval_value(struct standard *standard, uint32_t expr, struct value **out, struct guan_error *error);
/* *failed: the check could not be computed. */
int eval_check(struct standard *standard, uint32_t expr, const struct value *value, bool *holds, bool *failed,
               struct guan_error *error);

/* Is the step offered, by its `when`? Is it required: offered, and `required` or what the dealer's hook says? From the last
 * settle where that is known: time alone changes nothing. */
int eval_asked(struct standard *standard, uint32_t step, bool *asked, struct guan_error *error);
int eval_duty(struct standard *standard, uint32_t step, bool *duty, struct guan_error *error);
/* The same, never from the last settle. *why: the hook's answer cannot hold, the flow's rule does; NULL: nothing of the kind. */
int eval_duty_anew(struct standard *standard, uint32_t step, bool *duty, const char **why, struct guan_error *error);

/* A dealer's hook; *results NULL: there is none, or it failed (standard->fault). */
int eval_hook(struct standard *standard, const char *name, struct value *first, struct value *second, struct value **results,
              struct guan_error *error);
enum hook_says { HOOK_NOTHING, HOOK_YES, HOOK_NO, HOOK_FAILED };
struct hook_answer {
    enum hook_says says;
    const char *code; /* with a yes or a no; of one that failed "hook-error" or "script-budget"; NULL: none */
    const char *why;  /* it failed: for people */
};
/* One that answers true, false or nothing, with or without a code; failing is an answer, too. */
int hook_ask(struct standard *standard, const char *name, struct value *first, struct value *second, struct hook_answer *out,
             struct guan_error *error);
struct value *eval_instant(struct arena *arena, instant at);             /* as the record writes it */
struct value *eval_date(struct arena *arena, const struct civil *civil); /* "2026-03-07" */
struct value *eval_case(struct standard *standard);                      /* `case` as Lua sees it */
struct value *eval_step(struct standard *standard, uint32_t step);       /* a step as hooks see it */

#endif
