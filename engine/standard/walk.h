/* Following the effects of a macrostep. Private to this folder. */
#ifndef STANDARD_WALK_H
#define STANDARD_WALK_H

#include "standard/eval.h"
#include "standard/find.h"

/* Moves activations by the effects not yet seen, and notes what was left open. */
int walk(struct standard *standard, const struct effects *effects, struct guan_error *error);
/* Which deadlines of active states stand, and when they are due; changes go to standard->changes. */
int deadlines_look(struct standard *standard, struct guan_error *error);

#endif
