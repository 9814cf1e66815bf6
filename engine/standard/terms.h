/* Terms of deadlines: when one is due, arming it, those that recur. Private to this folder. */
#ifndef STANDARD_TERMS_H
#define STANDARD_TERMS_H

#include "standard/due.h"
#include "standard/eval.h"
#include "standard/findings.h"

/* One term that may stand: for which instance, from when. */
struct candidate {
    uint32_t deadline;
    const char *key;
    struct anchor anchor;               /* at INSTANT_NONE: none yet */
    const struct instance *item;        /* whose record expressions look at; NULL: none */
    const struct calendar_event *event; /* of a calendar; NULL: none */
    const char *occurrence;             /* its day, "2026-09-25"; NULL: it does not recur by the calendar */
};

/* spec.c */
struct due_context due_context_of(struct standard *standard, bool work);
void candidate_focus(struct standard *standard, const struct candidate *candidate);
int lua_anchor(struct standard *standard, uint32_t expr, struct anchor *out, struct guan_error *error);
/* due INSTANT_NONE: it cannot be told yet. Asks the dealer's hook too. */
int candidate_due(struct standard *standard, const struct candidate *candidate, struct due_window *out, struct guan_error *error);
/* The value of `within="T-X[expr]"`, or the text as it is; NULL: there is no such cell. */
int keyed_text(struct standard *standard, const char *text, uint32_t key, const char **out, struct guan_error *error);

/* deadlines.c */
int term_arm(struct standard *standard, const struct candidate *candidate, const struct due_window *window,
             struct guan_error *error);
void term_disarm(struct standard *standard, uint32_t deadline, const char *key);
/* From what a deadline that does not recur is counted; at INSTANT_NONE: nothing yet. */
int single_anchor(struct standard *standard, uint32_t deadline, struct anchor *out, struct guan_error *error);
/* The step was done: what that makes of one of its deadlines. */
int deadline_done(struct standard *standard, uint32_t deadline, const char *instance, struct findings *findings,
                  struct guan_error *error);
/* An anchor has happened, perhaps late: terms that it moves, findings that it changes. Touched: `*changed`. */
int deadlines_fact(struct standard *standard, const struct fact *fact, struct findings *findings, bool *changed,
                   struct guan_error *error);
/* A record was corrected: all that may be counted from it is looked at again. */
int deadlines_again(struct standard *standard, const struct fact *fact, struct findings *findings, struct guan_error *error);

/* recur.c: every, on; take="each" */
int recur_look(struct standard *standard, uint32_t deadline, bool stands, struct guan_error *error);
int recur_add(struct standard *standard, uint32_t deadline, const struct fact *fact, struct guan_error *error);
/* Its anchor was corrected. */
int recur_again(struct standard *standard, uint32_t deadline, const struct fact *fact, struct findings *findings,
                struct guan_error *error);
/* What the step's completions make of the terms that recur. */
int recur_judge(struct standard *standard, uint32_t step, struct findings *findings, struct guan_error *error);
/* The missed and the next one are left out. */
void recur_waive(struct standard *standard, uint32_t step);

#endif
