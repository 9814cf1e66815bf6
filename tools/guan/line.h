/* One line typed at a terminal, with editing and Tab (libedit). Nothing that is typed is kept in a history. */
#ifndef LINE_H
#define LINE_H

#include "cli.h"

struct line;
struct line *line_open(struct cli *cli); /* NULL: no memory, or this is no terminal that can be edited on */
void line_close(struct line *line);      /* the terminal is as it was before; NULL is accepted */

/* What was typed, without blanks at its ends; "" for nothing, NULL when it was given up (Ctrl-C, Ctrl-D) or the terminal is gone.
 * Tab completes to one of `words`. Lives as long as scratch text. */
const char *line_read(struct line *line, const char *prompt, const char *const *words, size_t count);

#endif
