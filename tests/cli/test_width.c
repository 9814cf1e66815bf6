/* Widths, cuts and escapes of text on a terminal. */
#include "width.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void widths(void **state)
{
    static const struct {
        const char *text;
        size_t width;
    } cases[] = {
        {"", 0},
        {"abc", 3},
        {"关", 2},
        {"试驾 TD", 7},
        {"（，：）", 8},                                     /* full-width punctuation */
        {"e\xCC\x81", 1},                                    /* e with a combining acute */
        {"\xF0\xA0\xAE\xB7", 2},                             /* 𠮷, beyond the first plane */
        {"\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9", 2}, /* two people joined into one emoji */
        {"a\xFF"
         "b",
         3}, /* a byte that is not UTF-8 */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(width_of(cases[i].text, strlen(cases[i].text)), cases[i].width);
}

static void cuts(void **state)
{
    (void)state;
    assert_int_equal(width_fit("one two three", 8), strlen("one two "));
    assert_int_equal(width_fit("one two three", 7), strlen("one two ")); /* a blank may hang over */
    assert_int_equal(width_fit("one", 10), 3);
    assert_int_equal(width_fit("oneword", 3), 3);                 /* no blank: cut where it is full */
    assert_int_equal(width_fit("驾驶证核验", 5), strlen("驾驶")); /* half a 汉字 is none */
    assert_int_equal(width_fit("ab驾驶", 4), strlen("ab驾"));
    assert_int_equal(width_fit("关关", 1), strlen("关")); /* never nothing: printing must get on */
    assert_int_equal(width_fit("", 5), 0);
}

static void escapes(void **state)
{
    static const char *const cases[][2] = {
        {"王磊 ok", "王磊 ok"},
        {"a\033[31mb", "a\\x1B[31mb"},
        {"a\nb\t\x7F", "a\\x0Ab\\x09\\x7F"},
        {"\xC2\x85", "\\u{0085}"},           /* next line, a C1 control */
        {"x\xE2\x80\xAEy", "x\\u{202E}y"},   /* right-to-left override */
        {"x\xE2\x81\xA6y", "x\\u{2066}y"},   /* isolate */
        {"\xFF\xC0\xAF", "\\xFF\\xC0\\xAF"}, /* never UTF-8 */
        {"\xED\xA0\x80", "\\xED\\xA0\\x80"}, /* a surrogate */
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *safe = width_safe(cases[i][0]), *again = safe ? width_safe(safe) : NULL;
        assert_non_null(again);
        assert_string_equal(safe, cases[i][1]);
        assert_string_equal(again, safe); /* what is safe stays as it is */
        free(safe);
        free(again);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(widths), cmocka_unit_test(cuts), cmocka_unit_test(escapes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
