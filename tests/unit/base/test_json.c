/* JSON in and out. The canonical form is tested with small documents of our own, after the rules of RFC 8785. Not tested there:
 * numbers with a fraction, which the record refuses, and 56.0 as 56, since we keep integers and reals apart. */
#include "base/json.h"
#include "base/limits.h"

#include <locale.h>
#include <math.h>
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

static struct value *read_text(const char *text)
{
    struct value *value = NULL;
    struct guan_error error;
    if (json_read(arena, text, strlen(text), &value, &error)) fail_msg("%s: %s", error.where, error.text);
    return value;
}

static void refuses(const char *text, size_t length, const char *where)
{
    struct value *value = NULL;
    struct guan_error error = {0};
    assert_int_equal(json_read(arena, text, length, &value, &error), GUAN_NO);
    assert_null(value);
    assert_string_equal(error.rule, "json");
    assert_string_equal(error.where, where);
}

static void writes(const struct value *value, const char *expected)
{
    struct buffer out = {0};
    json_write(&out, value);
    assert_string_equal(out.data, expected);
    buffer_release(&out);
}

static void records(const struct value *value, const char *expected)
{
    struct buffer out = {0};
    struct guan_error error = {0};
    if (json_write_record(&out, value, &error)) fail_msg("%s", error.text);
    assert_string_equal(out.data, expected);
    buffer_release(&out);
}

static void record_refuses(const struct value *value, const char *where)
{
    struct buffer out = {0};
    struct guan_error error = {0};
    assert_int_equal(json_write_record(&out, value, &error), GUAN_NO);
    assert_string_equal(error.rule, "record-value");
    assert_string_equal(error.where, where);
    buffer_release(&out);
}

static void test_read_kinds(void **state)
{
    (void)state;
    struct value *v = read_text(" {\"i\": -9223372036854775808, \"r\": 1.0, \"e\": 1e2, \"t\": true, \"n\": null,"
                                " \"s\": \"a\\u0000b\", \"l\": [1, [], {}]} ");
    assert_int_equal(value_get(v, "i")->kind, VALUE_INT);
    assert_true(value_get_int(v, "i") == INT64_MIN);
    assert_int_equal(value_get(v, "r")->kind, VALUE_REAL);
    assert_int_equal(value_get(v, "e")->kind, VALUE_REAL);
    assert_true(value_get_bool(v, "t"));
    assert_int_equal(value_get(v, "n")->kind, VALUE_NULL);
    assert_int_equal(value_get(v, "s")->as.text.length, 3);
    assert_int_equal(value_count(value_get(v, "l")), 3);
    assert_string_equal(value_as_text(read_text("\"alone\"")), "alone");
}

static void test_read_refuses(void **state)
{
    (void)state;
    refuses("{\"a\":1,\n\"a\":2}", 13, "2:3");
    refuses("[1,]", 4, "1:4");
    refuses("", 0, "1:1");
    refuses("[9223372036854775808]", 21, "1:20");
    refuses("[\"\xC3\x28\"]", 6, "1:2");
    refuses("[\"\xED\xA0\x80\"]", 7, "1:2");
    refuses("[1] x", 5, "1:5");
    refuses("[NaN]", 5, "1:4");
    refuses("{\"a\\u0000b\":1}", 14, "1:11");
    refuses("[1e999]", 7, "1:6");
}

static void test_read_depth(void **state)
{
    (void)state;
    char text[4 * LIMIT_JSON_DEPTH];
    memset(text, '[', LIMIT_JSON_DEPTH);
    memset(text + LIMIT_JSON_DEPTH, ']', LIMIT_JSON_DEPTH);
    text[2 * LIMIT_JSON_DEPTH] = '\0';
    struct value *deep = read_text(text);
    records(deep, text);
    memset(text, '[', LIMIT_JSON_DEPTH + 1);
    memset(text + LIMIT_JSON_DEPTH + 1, ']', LIMIT_JSON_DEPTH + 1);
    refuses(text, 2 * LIMIT_JSON_DEPTH + 2, "1:65");
    /* Brackets within a string do not count, nor does a quote that is escaped end it. */
    text[0] = text[1] = '"';
    memset(text + 1, '[', 3 * LIMIT_JSON_DEPTH);
    memcpy(text + 1, "\\\"", 2);
    text[3 * LIMIT_JSON_DEPTH] = '"';
    text[3 * LIMIT_JSON_DEPTH + 1] = '\0';
    assert_int_equal(read_text(text)->as.text.length, 3 * LIMIT_JSON_DEPTH - 2);
    struct value *list = value_list(arena);
    value_add(arena, list, deep);
    record_refuses(list, "");
    struct buffer out = {0};
    json_write(&out, list);
    assert_true(out.failed);
    buffer_release(&out);
}

static void test_escapes(void **state)
{
    (void)state;
    records(read_text("\"\\u0000\\u0001\\b\\t\\n\\u000B\\f\\r\\u001F\\u007f\\\"\\\\\\/\\u20ac\\ud83d\\ude00\""),
            "\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\x7F\\\"\\\\/€😀\"");
}

static void test_key_order(void **state)
{
    (void)state;
    /* By UTF-16 units: U+1F600 is D83D DE00, so before U+E000 and U+FB01, but after U+D7FF. No normalisation. */
    records(read_text("{\"\\ufb01\":1,\"\\ue000\":2,\"\\ud83d\\ude00\":3,\"\\ud7ff\":4,\"é\":5,\"e\\u0301\":6,\"z\":7,\"Z\":8,"
                      "\"10\":9,\"9\":10,\"\":11,\"za\":12,\"\\udbff\\udfff\":13,\"\\uffff\":14,\"\\r\":15}"),
            "{\"\":11,\"\\r\":15,\"10\":9,\"9\":10,\"Z\":8,\"e\xCC\x81\":6,\"z\":7,\"za\":12,\"é\":5,\"\xED\x9F\xBF\":4,"
            "\"😀\":3,\"\xF4\x8F\xBF\xBF\":13,\"\xEE\x80\x80\":2,\"\xEF\xAC\x81\":1,\"\xEF\xBF\xBF\":14}");
}

static void test_many_keys(void **state)
{
    (void)state;
    struct value *map = value_map(arena);
    for (int i = 99; i >= 0; i--) value_set_int(arena, map, arena_printf(arena, "k%02d", i), i);
    struct buffer expected = {0};
    for (int i = 0; i < 100; i++) buffer_printf(&expected, "%s\"k%02d\":%d", i ? "," : "{", i, i);
    buffer_byte(&expected, '}');
    records(map, expected.data);
    buffer_release(&expected);
}

static void test_nested_record(void **state)
{
    (void)state;
    records(read_text("{ \"b\" : [ 1 , { \"y\" : true , \"x\" : false } , [ ] , { } ] , \"a\" : -12 }"),
            "{\"a\":-12,\"b\":[1,{\"x\":false,\"y\":true},[],{}]}");
}

static void test_record_refuses(void **state)
{
    (void)state;
    record_refuses(read_text("{\"a\":{\"km\":1.5}}"), "key \"km\"");
    record_refuses(read_text("{\"a\":{\"b\":1},\"c\":null}"), "key \"c\"");
    record_refuses(read_text("{\"a\":[{\"b\":1},null]}"), "key \"a\"");
    record_refuses(read_text("9007199254740992"), "");
    record_refuses(read_text("-9007199254740992"), "");
    records(read_text("[9007199254740991,-9007199254740991,0]"), "[9007199254740991,-9007199254740991,0]");
    record_refuses(value_text(arena, "\xFF"), "");
}

static void test_write_any(void **state)
{
    (void)state;
    writes(read_text("[null, 9223372036854775807, -9223372036854775808]"), "[null,9223372036854775807,-9223372036854775808]");
    writes(NULL, "null");
    writes(value_text(arena, "a\xFF\xE5\x85z关"), "\"a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz关\"");
}

static void test_reals(void **state)
{
    (void)state;
    static const struct {
        double real;
        const char *text;
    } cases[] = {{0.1, "0.1"},
                 {56.0, "56.0"},
                 {-0.0, "-0.0"},
                 {333333333.33333329, "333333333.3333333"},
                 {1e30, "1e+30"},
                 {4.5, "4.5"},
                 {2e-3, "0.002"},
                 {1e-27, "1e-27"},
                 {1.0 / 3, "0.3333333333333333"},
                 {5e-324, "4.94065645841247e-324"},
                 {1.7976931348623157e308, "1.7976931348623157e+308"},
                 {HUGE_VAL, "null"},
                 {-HUGE_VAL, "null"},
                 {NAN, "null"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        writes(value_real(arena, cases[i].real), cases[i].text);
        if (!isfinite(cases[i].real)) continue;
        struct value *back = read_text(cases[i].text);
        assert_int_equal(back->kind, VALUE_REAL);
        assert_memory_equal(&back->as.real, &cases[i].real, sizeof(double));
    }
}

/* With a decimal comma, if this machine has such a locale. */
static void test_locale(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "ru_RU.UTF-8", "ps_AF.UTF-8", NULL};
    size_t i = 0;
    while (names[i] && !setlocale(LC_NUMERIC, names[i])) i++;
    if (!names[i]) skip();
    writes(value_real(arena, 1234.5), "1234.5");
    assert_true(read_text("0.25")->as.real == 0.25);
    setlocale(LC_NUMERIC, "C");
}

static void test_out_of_memory(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":[1,2,3,{\"b\":\"text\"}]}";
    int code = GUAN_FAILED;
    for (uint64_t n = 1; code; n++) {
        memory_fail_after(n);
        struct arena *own = arena_new();
        struct value *value = NULL;
        struct guan_error error = {0};
        struct buffer out = {0};
        code = json_read(own, text, strlen(text), &value, &error);
        if (!code) code = json_write_record(&out, value, &error);
        memory_fail_after(0);
        if (code) {
            assert_int_equal(code, GUAN_FAILED);
            assert_string_equal(error.rule, "memory");
        } else {
            assert_string_equal(out.data, text);
            assert_true(n > 1);
        }
        buffer_release(&out);
        arena_free(own);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_kinds),    cmocka_unit_test(test_read_refuses),   cmocka_unit_test(test_read_depth),
        cmocka_unit_test(test_escapes),       cmocka_unit_test(test_key_order),      cmocka_unit_test(test_many_keys),
        cmocka_unit_test(test_nested_record), cmocka_unit_test(test_record_refuses), cmocka_unit_test(test_write_any),
        cmocka_unit_test(test_reals),         cmocka_unit_test(test_locale),         cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
