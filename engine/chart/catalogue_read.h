/* Making a catalogue of its files, and guessing in it. */
#ifndef CHART_CATALOGUE_READ_H
#define CHART_CATALOGUE_READ_H

#include "chart/report.h"

struct catalogue *catalogue_new(void);
void catalogue_free(struct catalogue *catalogue);
/* Adds a standards file, parameters.xml or roles.xml, by its root element. GUAN_NO when it has errors. */
int catalogue_add(struct catalogue *catalogue, const char *path, const char *bytes, size_t length, diagnostic_sink sink,
                  void *user, struct guan_error *error);
/* After the last file: sorts, finds duplicates and unknown references. */
int catalogue_finish(struct catalogue *catalogue, diagnostic_sink sink, void *user, struct guan_error *error);

enum catalogue_part { CATALOGUE_CLAUSES, CATALOGUE_PARAMETERS, CATALOGUE_ROLES };
void catalogue_guess(const struct catalogue *catalogue, enum catalogue_part part, struct guess *guess);
/* Is `value` one of the parameter's type? A duration is a length of time or a window; a table is "A=P7D B=P14D", all of them
 * durations or all numbers. */
bool parameter_value_fits(const char *type, const char *value);
const char *parameter_value_hint(const char *type); /* how to write one, or NULL */

#endif
