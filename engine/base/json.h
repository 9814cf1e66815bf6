/* JSON text to values and back. Reading is jansson's; the canonical form (RFC 8785) is ours, since the record is. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/value.h"

/* Duplicate keys, bad UTF-8, depth over LIMIT_JSON_DEPTH, integers over int64 are errors with line and column (GUAN_NO, rule
 * "json"). */
int json_read(struct arena *arena, const char *text, size_t length, struct value **out, struct guan_error *error);

/* The same, faster for what json_write wrote: rows of the store. Any other text is as good, and read by json_read. */
int json_read_own(struct arena *arena, const char *text, size_t length, struct value **out, struct guan_error *error);

/* RFC 8785: keys sorted by UTF-16 code units, no white space. For the record: a real, a null, an integer of 2^53 or more is an
 * error (GUAN_NO, rule "record-value"), since an entry may not hold one. */
int json_write_record(struct buffer *out, const struct value *value, struct guan_error *error);
/* Same order and escapes; reals and nulls allowed. Reals keep a point or exponent and round-trip, a non-finite one becomes null;
 * a byte that is no UTF-8 becomes U+FFFD. Nesting over LIMIT_JSON_DEPTH fails the buffer. */
void json_write(struct buffer *out, const struct value *value);

#endif
