/* Saying no: refusals and usage errors, both for people and by code. Private to this folder. */
#ifndef STANDARD_REFUSE_H
#define STANDARD_REFUSE_H

#include "standard/facts.h"

/* The question is wrong: nothing is recorded. `step` may be NULL. Returns GUAN_USAGE. */
int refuse_usage(struct refusal *refusal, struct guan_error *error, struct standard *standard, const char *step,
                 const char *reason, const char *format, ...) GUAN_PRINTF(6, 7);
/* The answer is no. Returns GUAN_NO. */
int refuse_no(struct refusal *refusal, struct guan_error *error, struct standard *standard, const char *step, const char *code,
              const char *reason, struct chart_names clauses, const char *format, ...) GUAN_PRINTF(8, 9);
/* Adds a hint to either; returns `code`. */
int refuse_hint(struct refusal *refusal, struct guan_error *error, struct standard *standard, int code, const char *format, ...)
    GUAN_PRINTF(5, 6);

/* What is missing: a step, a field of a step. */
void refuse_missing_step(struct refusal *refusal, struct standard *owner, uint32_t step);
void refuse_missing_field(struct refusal *refusal, struct standard *standard, const struct chart_field *field);

/* Clauses of both, each once; order kept. */
struct chart_names names_union(struct arena *arena, struct chart_names a, struct chart_names b);
bool names_have(const struct chart_names *names, const char *name);
/* The close one of two words, for "did you mean": `best` or, if that is NULL and it is close to `word`, `candidate`. */
const char *closer(const char *word, const char *best, const char *candidate);
/* "a, b, c" in the arena; never NULL. */
const char *names_text(struct arena *arena, const struct chart_names *names);
const char *step_label(struct standard *standard, uint32_t step); /* "confirm 预约确认" */
struct value *names_value(struct arena *arena, const struct chart_names *names);

#endif
