/* Reading dates, times and durations byte by byte: no locale, no sscanf. */
#include "base/clock_scan.h"

#include "base/text.h"

#include <string.h>

bool scan_end(const struct scan *scan)
{
    return scan->at == scan->end;
}

bool scan_is_digit(const struct scan *scan)
{
    return !scan_end(scan) && *scan->at >= '0' && *scan->at <= '9';
}

bool scan_byte(struct scan *scan, char byte)
{
    if (scan_end(scan) || *scan->at != byte) return false;
    scan->at++;
    return true;
}

bool scan_digits(struct scan *scan, int count, int *out)
{
    *out = 0;
    for (int i = 0; i < count; i++) {
        if (!scan_is_digit(scan)) return false;
        *out = *out * 10 + (*scan->at++ - '0');
    }
    return true;
}

bool scan_thousandths(struct scan *scan, int *out)
{
    *out = 0;
    if (!scan_is_digit(scan)) return false;
    for (int unit = 100; scan_is_digit(scan) && unit; unit /= 10) *out += (*scan->at++ - '0') * unit;
    return true; /* a fourth digit stays, and nothing takes it */
}

int scan_refuse(struct guan_error *error, const char *what, const char *text, size_t length, const char *hint)
{
    char shown[80];
    size_t kept = text_cut(text, length, sizeof shown - 1);
    if (!text_is_utf8(text, kept)) kept = 0;
    for (size_t i = 0; i < kept; i++) shown[i] = (unsigned char)text[i] < 0x20 || text[i] == 0x7F ? '?' : text[i];
    shown[kept] = '\0';
    error_set(error, GUAN_USAGE, what, "\"%s\" is not a %s", shown, what);
    error_hint(error, "%s", hint);
    return GUAN_USAGE;
}

instant instant_bound(instant at)
{
    const instant first = INT64_C(-62135596800000), last = INT64_C(253402300799999); /* years 1 and 9999 */
    return at < first ? first : at > last ? last : at;
}
