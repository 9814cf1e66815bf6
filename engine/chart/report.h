/* Collects the problems of one file, so that all are found in one pass and told in the order of their places. */
#ifndef CHART_REPORT_H
#define CHART_REPORT_H

#include "chart/read.h"

struct report_item {
    struct diagnostic diagnostic;
    uint32_t order;
};
struct report {
    struct arena *arena;
    const char *file;
    struct report_item *items; /* LIMIT_DIAGNOSTICS of them */
    uint32_t count, errors, dropped;
};

void report_init(struct report *report, struct arena *arena, const char *file);
/* `hint` may be NULL; it must live as long as the arena. */
void problem(struct report *report, struct chart_place place, const char *rule, const char *hint, const char *format, ...)
    GUAN_PRINTF(5, 6);
void warning(struct report *report, struct chart_place place, const char *rule, const char *hint, const char *format, ...)
    GUAN_PRINTF(5, 6);
/* Tells the sink everything, sorted; `error` gets the first error. GUAN_OK, GUAN_NO, or GUAN_FAILED when memory ran out. */
int report_end(struct report *report, diagnostic_sink sink, void *user, struct guan_error *error);

/* "did you mean": offer all candidates, take the closest. */
struct guess {
    const char *word, *best;
};
void guess_offer(struct guess *guess, const char *candidate);
/* The hint, or `otherwise` when nothing came close. */
const char *guess_hint(const struct guess *guess, struct arena *arena, const char *otherwise);

#endif
