/* Coverage: what text and page have in common. */
#ifndef COVERAGE_H
#define COVERAGE_H

#include "render.h"

/* exercised: "exercised" …; "" of a heading. Without stories nothing is said of them. */
const char *coverage_status(const char *status, bool stories);
const char *coverage_kind(const char *kind);                      /* of a clause: time: "time" … */
const char *coverage_place(struct cli *cli, const json_t *place); /* where a clause is encoded: test-drive.confirm */
const char *coverage_percent(struct cli *cli, const json_t *tally, const char *key); /* of the testable ones: "48 %", or "" */

/* One HTML page, whole in itself. GUAN_FAILED, told, when it cannot be written. */
int coverage_page(struct cli *cli, const json_t *values, const char *file);

#endif
