/* The reader of our own rows: the same values and the same errors as json_read, whatever the text. */
#include "base/json.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* Both read it alike; what they read, or NULL. */
static struct value *alike_n(const char *text, size_t length)
{
    struct value *theirs = NULL, *ours = NULL;
    struct guan_error theirs_error = {0}, ours_error = {0};
    int code = json_read(arena, text, length, &theirs, &theirs_error);
    int own = json_read_own(arena, text, length, &ours, &ours_error);
    if (own != code) fail_msg("%s: %d is not %d", text, own, code);
    assert_string_equal(ours_error.text, theirs_error.text);
    assert_string_equal(ours_error.where, theirs_error.where);
    if (code == GUAN_OK && !value_equal(theirs, ours)) fail_msg("%s is read in two ways", text);
    return ours;
}

static struct value *alike(const char *text)
{
    return alike_n(text, strlen(text));
}

static void test_values(void **state)
{
    (void)state;
    static const char *const sound[] = {"null",
                                        "true",
                                        "false",
                                        "0",
                                        "-7",
                                        "999999999999999999",
                                        "9223372036854775807",
                                        "-9223372036854775808",
                                        "1.5",
                                        "1e3",
                                        "-0",
                                        "\"\"",
                                        "\"王磊\"",
                                        "[]",
                                        "{}",
                                        "[[],{}]",
                                        "{\"a\":1,\"b\":[true,null,\"c\"],\"c\":{\"d\":{}}}",
                                        " [ 1 , 2 ] ",
                                        "{\"b\":1,\"a\":2}",
                                        "{\"\":1,\"a\":2}",
                                        "[\"\\\"\\\\\\b\\t\\n\\f\\r\\u0001\\u001f\"]",
                                        "[\"\\u738b\\/\\u0041\\u0000x\"]",
                                        "{\"\\n\":1}"};
    for (size_t i = 0; i < sizeof sound / sizeof *sound; i++)
        if (!alike(sound[i])) fail_msg("%s is not read", sound[i]);
}

static void test_refusals(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "nul",
                                      "truex",
                                      "-",
                                      "01",
                                      "+1",
                                      "1.",
                                      "9223372036854775808",
                                      "1 2",
                                      "\"a",
                                      "\"\n\"",
                                      "\"\\x\"",
                                      "\"\\u00\"",
                                      "\"\\u00zz\"",
                                      "\"\\",
                                      "[1",
                                      "[1,",
                                      "[1,]",
                                      "[,1]",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\":1",
                                      "{\"a\":1,}",
                                      "{a:1}",
                                      "{\"a\":1,\"a\":2}",
                                      "\"\xFF\"",
                                      "\"\xC0\x80\"",
                                      "\"\xED\xA0\x80\"",
                                      "{\"\xE7\x8E\":1}",
                                      "[}",
                                      "{]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (alike(bad[i])) fail_msg("%s is read", bad[i]);
    assert_null(alike_n("[1]\0", 4));
    assert_null(alike_n("\"a\0b\"", 5));
}

static void test_depth(void **state)
{
    (void)state;
    char text[2 * LIMIT_JSON_DEPTH + 3];
    for (unsigned depth = LIMIT_JSON_DEPTH; depth <= LIMIT_JSON_DEPTH + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        assert_int_equal(alike_n(text, 2 * depth) != NULL, depth == LIMIT_JSON_DEPTH);
    }
}

/* The text that was given stays as it is, and what was read can grow. */
static void test_apart(void **state)
{
    (void)state;
    char text[] = "{\"a\":\"b\\n\",\"l\":[1,2]}";
    struct value *value = alike(text);
    assert_string_equal(text, "{\"a\":\"b\\n\",\"l\":[1,2]}");
    memset(text, 'x', sizeof text);
    value_set_int(arena, value, "new", 3);
    value_add(arena, value_get(value, "l"), value_int(arena, 3));
    struct buffer out = {0};
    json_write(&out, value);
    assert_string_equal(out.data, "{\"a\":\"b\\n\",\"l\":[1,2,3],\"new\":3}");
    buffer_release(&out);
}

static void test_many(void **state)
{
    (void)state;
    struct value *list = value_list(arena);
    for (int i = 0; i < 1000; i++) value_add(arena, list, value_printf(arena, "text %d \x01", i));
    struct buffer out = {0};
    json_write(&out, list);
    assert_true(value_equal(alike_n(out.data, out.length), list));
    buffer_release(&out);
}

static void test_memory(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":[1,\"b\"]}";
    int code = GUAN_FAILED;
    for (uint64_t n = 1; code != GUAN_OK; n++) {
        struct arena *scarce = arena_new();
        struct value *value;
        struct guan_error error = {0};
        memory_fail_after(n);
        code = json_read_own(scarce, text, sizeof text - 1, &value, &error);
        memory_fail_after(0);
        if (code != GUAN_OK) assert_string_equal(error.rule, "memory");
        else assert_true(n > 2);
        arena_free(scarce);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_values, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refusals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_depth, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_memory, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
