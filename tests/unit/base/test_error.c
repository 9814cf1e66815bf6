/* Errors: cut at characters, NULL accepted. */
#include "base/error.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_set_where_hint(void **state)
{
    (void)state;
    struct guan_error error = {.hint = "old", .where = "old"};
    assert_int_equal(error_set(&error, GUAN_USAGE, "some-rule", "no %s", "step"), GUAN_USAGE);
    assert_string_equal(error.rule, "some-rule");
    assert_string_equal(error.text, "no step");
    assert_string_equal(error.hint, "");
    assert_string_equal(error.where, "");
    assert_int_equal(error_where(&error, "%s:%d", "a.xml", 3), GUAN_USAGE);
    assert_int_equal(error_hint(&error, "try %d", 4), GUAN_USAGE);
    assert_string_equal(error.where, "a.xml:3");
    assert_string_equal(error.hint, "try 4");
    error_clear(&error);
    assert_int_equal(error.code, GUAN_OK);
    assert_string_equal(error.text, "");
}

static void test_null_is_accepted(void **state)
{
    (void)state;
    assert_int_equal(error_set(NULL, GUAN_NO, "r", "t"), GUAN_NO);
    assert_int_not_equal(error_where(NULL, "w"), GUAN_OK);
    assert_int_not_equal(error_hint(NULL, "h"), GUAN_OK);
    assert_int_equal(error_memory(NULL), GUAN_FAILED);
    error_clear(NULL);
}

static void test_cut_at_a_character(void **state)
{
    (void)state;
    char many[1000] = "";
    for (size_t lead = 0; lead < 3; lead++) { /* wherever the field ends within the character */
        memset(many, 'a', lead);
        for (size_t i = 0; i < 300; i++) memcpy(many + lead + 3 * i, "关", 4);
        struct guan_error error;
        error_set(&error, GUAN_NO, "r", "%s", many);
        error_where(&error, "%s", many);
        error_hint(&error, "%s", many);
        const char *fields[] = {error.text, error.where, error.hint};
        const size_t sizes[] = {sizeof error.text, sizeof error.where, sizeof error.hint};
        for (size_t i = 0; i < 3; i++) {
            assert_true(text_is_utf8(fields[i], strlen(fields[i])));
            assert_true(strlen(fields[i]) < sizes[i] && strlen(fields[i]) > sizes[i] - 4);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_where_hint),
        cmocka_unit_test(test_null_is_accepted),
        cmocka_unit_test(test_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
