/* What the engine's sink gives: passed through with --json, else kept or rendered row by row. */
#ifndef ANSWER_H
#define ANSWER_H

#include "cli.h"

#include <jansson.h>

struct answer {
    struct guan_sink sink; /* give its address to the engine */
    struct cli *cli;
    bool many;                                          /* --json: an array, else the one value as it came */
    void (*each)(struct cli *cli, const json_t *value); /* rendered as they come; NULL: kept in `values` */
    json_t *values;
    json_t *last; /* the last one that came, without --json */
    size_t count;
};

void answer_start(struct answer *answer, struct cli *cli, bool many, void (*each)(struct cli *cli, const json_t *value));

/* Renders what was kept (`render` may be NULL), tells the error unless the answer itself says why, and returns the exit code. */
int answer_finish(struct answer *answer, int code, const struct guan_error *error,
                  void (*render)(struct cli *cli, const json_t *values));

/* An error as JSON on stdout, without a line end; and as text on stderr. */
void error_json(const struct guan_error *error);
void error_text(struct cli *cli, const struct guan_error *error);

#endif
