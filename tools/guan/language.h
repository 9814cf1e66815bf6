/* Chinese or English: gettext over the catalogues that lie beside the program. Only LC_MESSAGES is ever set. */
#ifndef LANGUAGE_H
#define LANGUAGE_H

#include <libintl.h>
#include <stdbool.h>

#define _(text)  gettext(text)
#define N_(text) text

/* gettext for text from a table: the empty text is its header, not a message. */
const char *translated(const char *text) __attribute__((format_arg(1)));

/* A title of the standards (they are Chinese) in the language of the user; one without a translation stays as it is. */
const char *title_text(const char *title);

/* `wanted`: "zh", "en", or NULL for what the environment says. False: another language was asked for. */
bool language_set(const char *wanted);

/* Is Chinese what is set, and its catalogue there? */
bool language_is_chinese(void);

#endif
