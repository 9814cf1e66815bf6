/* From what was typed to a value, by the field's type. Private to this folder; knows no session.
 *
 *   text document evidence          the text                      integer        integer
 *   decimal                         canonical text: "1.50" is 1.5 money          integer, fen
 *   boolean yes                     true, false                   date           "YYYY-MM-DD"
 *   choice                          one of the words              datetime       UTC, "YYYY-MM-DDTHH:MM:SS.mmmZ"
 *   duration                        the text, upper case          idno vin       upper case
 *   list                            list of texts; with nested fields: list of maps, the head under the first nested field's name
 *                                   (under "name" if that field is given in the brackets too)
 *   contacts                        list of {kind, value, valid}
 */
#ifndef STANDARD_TYPES_H
#define STANDARD_TYPES_H

#include "base/clock.h"
#include "chart/chart.h"

struct type_context {
    struct arena *arena;
    const struct chart *chart;
    const struct zone *zone;
};

/* NULL: not of the type; *expected says what is, for people. (Or memory ran out: ask arena_failed.) */
struct value *type_read(const struct type_context *context, const struct chart_field *field, const char *text,
                        const char **expected);
struct value *type_list(const struct type_context *context, const struct chart_field *field, const char *text,
                        const char **expected);
struct value *type_contacts(const struct type_context *context, const char *text, const char **expected);
bool type_truth(const char *text, bool *out); /* yes no true false ok valid 是 否 */
bool type_integer(const char *text, int64_t *out);
bool type_fen(const char *text, int64_t *out);                   /* "198000.50" */
const char *type_decimal(struct arena *arena, const char *text); /* canonical; NULL: not one */
int type_decimal_compare(const char *a, const char *b);          /* of two canonical ones */

/* Is the value within min and max? `min` or `max` may be NULL; they are as written in the flow. Lists count their items, contacts
 * the kinds that are valid, texts their characters. */
bool type_within(const struct type_context *context, const struct chart_field *field, const struct value *value, const char *min,
                 const char *max);
bool type_matches(const char *pattern, const char *text); /* POSIX extended, anchored */
/* The kinds of the valid contacts, sorted, each once. */
struct value *type_kinds(struct arena *arena, const struct value *contacts);

#endif
