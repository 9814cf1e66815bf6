/* Filling struct guan_error. Each returns the code, so that a failing function can `return error_set(…)`.
 * A NULL error is accepted everywhere: the code alone is returned. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "guan.h"

#if defined(__GNUC__)
#define GUAN_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define GUAN_PRINTF(f, a)
#endif

int error_set(struct guan_error *error, int code, const char *rule, const char *format, ...) GUAN_PRINTF(4, 5);
/* Adds the place or the hint to an error that is set already; returns its code. With a NULL error the code is not known here:
 * GUAN_FAILED; where the code matters, return your own. */
int error_where(struct guan_error *error, const char *format, ...) GUAN_PRINTF(2, 3);
int error_hint(struct guan_error *error, const char *format, ...) GUAN_PRINTF(2, 3);
/* GUAN_FAILED, rule "memory". */
int error_memory(struct guan_error *error);
void error_clear(struct guan_error *error);

#endif
