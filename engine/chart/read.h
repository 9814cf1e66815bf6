/* XML to chart, with every problem found in one pass. */
#ifndef CHART_READ_H
#define CHART_READ_H

#include "chart/catalogue.h"
#include "chart/chart.h"

/* One problem of a definition: `file:line:col: severity: text [rule]`, with a hint how to mend it. */
struct diagnostic {
    const char *file;
    struct chart_place place;
    bool error; /* else a warning */
    const char *rule, *text, *hint;
};
/* Takes a diagnostic; strings are the callee's to copy. */
typedef void (*diagnostic_sink)(void *user, const struct diagnostic *diagnostic);

/* Where `src` of <script>, <data> and <invoke> leads: a file of the same bundle. `path` is relative to the document's folder.
 * Returns NULL when there is none. */
typedef const char *(*chart_source)(void *user, const char *from_file, const char *path, size_t *length);

struct chart_read_options {
    const char *file;                  /* shown in diagnostics, kept in the chart */
    const struct catalogue *catalogue; /* clauses, roles, parameters known; NULL: g: names are not checked (guan run) */
    chart_source source;               /* NULL: no src */
    void *source_user;
    diagnostic_sink sink;
    void *sink_user;
    bool published; /* it was checked before, and only what the chart is made of is read; Lua is parsed when it runs */
};

/* GUAN_NO when there was an error (told to the sink; *out is NULL), else GUAN_OK. `error` gets the first error, or memory. */
int chart_read(const char *bytes, size_t length, const struct chart_read_options *options, struct chart **out,
               struct guan_error *error);
void chart_free(struct chart *chart);

#endif
