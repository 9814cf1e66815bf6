/* Reading dates, times and durations: a cursor over bytes that need not be terminated. Private to this folder. */
#ifndef BASE_CLOCK_SCAN_H
#define BASE_CLOCK_SCAN_H

#include "base/clock.h"

struct scan {
    const char *at, *end;
};

bool scan_end(const struct scan *scan);
bool scan_is_digit(const struct scan *scan);
bool scan_byte(struct scan *scan, char byte);             /* takes the byte if it is next */
bool scan_digits(struct scan *scan, int count, int *out); /* exactly `count` */
/* One to three digits after a point; a finer part is left over and so refused: nothing is lost in silence. */
bool scan_thousandths(struct scan *scan, int *out);
/* What was typed is no `what`, which is also the rule: GUAN_USAGE. */
int scan_refuse(struct guan_error *error, const char *what, const char *text, size_t length, const char *hint);

instant instant_bound(instant at); /* cut to the years 1..9999 */

#endif
