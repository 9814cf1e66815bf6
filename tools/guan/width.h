/* Text on a terminal: how many columns it takes, and what must not reach one. UTF-8 always, never the locale. */
#ifndef WIDTH_H
#define WIDTH_H

#include <stddef.h>

/* Columns that `length` bytes take, by grapheme: 汉字 are two wide, an accent takes none. */
size_t width_of(const char *text, size_t length);

/* How many bytes of `text` fit into `columns`, cut after a blank or between 汉字; at least one grapheme, unless it is empty. */
size_t width_fit(const char *text, size_t columns);

/* A copy in which nothing is left that a terminal would obey or that reorders a line: controls and bidi marks as \xNN or
 * \u{NNNN}, bytes that are not UTF-8 as \xNN. The caller frees it; NULL: no memory. */
char *width_safe(const char *text);

#endif
