/* UTF-8 text: validity, words, width on a terminal. Never the locale. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/value.h"

bool text_is_utf8(const char *bytes, size_t length); /* RFC 3629: no surrogates, no overlong forms */
bool text_is_name(const char *text, size_t length);  /* letters, digits, underscores, not a digit first: a Lua name */
bool text_equal(const char *a, const char *b);       /* NULL-safe */
bool text_starts(const char *text, const char *prefix);
size_t text_cut(const char *text, size_t length, size_t at_most); /* the longest prefix of whole characters */
size_t text_width(const char *text); /* columns, by grapheme (utf8proc); control characters count 0 */

/* The next blank-separated word at *cursor; false at the end. XML white space. */
bool text_word(const char **cursor, const char **word, size_t *length);
bool text_has_word(const char *list, const char *name); /* is it one of the words? */
/* Escapes control characters, marks that turn the direction of text and bytes that are no UTF-8 (as \xNN): names and titles. */
void text_printable(struct buffer *out, const char *text);
/* Edit distance (of characters) of at most 2, with something in common, for "did you mean". Over 64 characters: false. */
bool text_close(const char *a, const char *b);

#endif
