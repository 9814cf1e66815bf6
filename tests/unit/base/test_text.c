/* UTF-8, words, widths, "did you mean". */
#include "base/text.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool sound(const char *text)
{
    return text_is_utf8(text, strlen(text));
}

static void test_utf8(void **state)
{
    (void)state;
    static const char *const good[] = {"",
                                       "plain ascii, longer than eight bytes",
                                       "关卡 é 😀",
                                       "\x7F",
                                       "\xC2\x80",
                                       "\xDF\xBF",
                                       "\xE0\xA0\x80",
                                       "\xED\x9F\xBF",
                                       "\xEE\x80\x80",
                                       "\xEF\xBF\xBF",
                                       "\xF0\x90\x80\x80",
                                       "\xF4\x8F\xBF\xBF",
                                       "1234567关1234567812345678é"};
    static const char *const bad[] = {"\x80",
                                      "\xBF",
                                      "\xC0\x80",
                                      "\xC1\xBF",
                                      "\xC2",
                                      "\xC2z",
                                      "\xE0\x9F\xBF",
                                      "\xE5\x85",
                                      "\xE5\x85z",
                                      "\xED\xA0\x80",
                                      "\xED\xBF\xBF",
                                      "\xF0\x8F\xBF\xBF",
                                      "\xF4\x90\x80\x80",
                                      "\xF5\x80\x80\x80",
                                      "\xF0\x9F\x98",
                                      "\xFF",
                                      "\xFE",
                                      "12345678\x80",
                                      "1234567\xE5\x85"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) assert_true(sound(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) assert_false(sound(bad[i]));
    assert_true(text_is_utf8("a\0b", 3));
}

static void test_names(void **state)
{
    (void)state;
    assert_true(text_is_name("_a9Z", 4));
    assert_false(text_is_name("9a", 2));
    assert_false(text_is_name("", 0));
    assert_false(text_is_name("a-b", 3));
    assert_false(text_is_name("a.b", 3));
    assert_false(text_is_name("é", 2));
    assert_true(text_is_name("a.b", 1));
    assert_true(text_equal(NULL, NULL));
    assert_false(text_equal("a", NULL));
    assert_true(text_equal("a", "a"));
    assert_true(text_starts("error.execution", "error."));
    assert_false(text_starts("err", "error."));
    assert_false(text_starts(NULL, "x"));
}

static void test_cut(void **state)
{
    (void)state;
    static const size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
    const char *text = "aé关😀z"; /* 1 2 3 4 1 */
    for (size_t at = 0; at < sizeof expected / sizeof expected[0]; at++)
        assert_int_equal(text_cut(text, strlen(text), at), expected[at]);
    assert_int_equal(text_cut("\x80\x80\x80\x80\x80\x80", 6, 5), 5);
}

static void test_width(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t width;
    } cases[] = {{"", 0},
                 {"abc", 3},
                 {"车辆交付", 8},
                 {"e\xCC\x81", 1},
                 {"a\tb\n", 2},
                 {"😀", 2},
                 {"한", 2},
                 {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", 2}, /* the same in three jamo */
                 {"👩‍👩‍👧", 2},
                 {"🇨🇳", 2},
                 {"🇨🇳🇩🇪", 4},
                 {"ｆ", 2},
                 {"a\xFF\x62", 3},
                 {"\xE2\x80\x8B", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (text_width(cases[i].text) != cases[i].width)
            fail_msg("\"%s\" is %zu wide, not %zu", cases[i].text, text_width(cases[i].text), cases[i].width);
    }
    assert_int_equal(text_width(NULL), 0);
}

static void test_words(void **state)
{
    (void)state;
    const char *cursor = " \t pdi\r\n车 fuel ", *word;
    size_t length;
    static const char *const expected[] = {"pdi", "车", "fuel"};
    for (size_t i = 0; i < 3; i++) {
        assert_true(text_word(&cursor, &word, &length));
        assert_int_equal(length, strlen(expected[i]));
        assert_memory_equal(word, expected[i], length);
    }
    assert_false(text_word(&cursor, &word, &length));
    assert_false(text_word(&cursor, &word, &length));
    cursor = NULL;
    assert_false(text_word(&cursor, &word, &length));
}

static void test_printable(void **state)
{
    (void)state;
    struct buffer out = {0};
    text_printable(&out, "王\x1B[31m\n\x7F\xC2\x9B\xE2\x80\xAE\xFF end é");
    assert_string_equal(out.data, "王\\x1b[31m\\x0a\\x7f\\xc2\\x9b\\xe2\\x80\\xae\\xff end é");
    buffer_release(&out);
    text_printable(&out, NULL);
    assert_int_equal(out.length, 0);
}

static void test_close(void **state)
{
    (void)state;
    assert_true(text_close("arrive", "arive"));
    assert_true(text_close("arrive", "arrvie"));
    assert_true(text_close("arrive", "arrived2"));
    assert_true(text_close("same", "same"));
    assert_true(text_close("交车就绪", "交车就续"));
    assert_false(text_close("arrive", "arrived22"));
    assert_false(text_close("arrive", "axxxve"));
    assert_false(text_close("ab", "xy"));
    assert_false(text_close("a", ""));
    assert_false(text_close(NULL, "a"));
    assert_false(text_close("\xFFtext", "text"));
    char longer[200];
    memset(longer, 'a', sizeof longer - 1);
    longer[199] = '\0';
    assert_false(text_close(longer, longer));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8),  cmocka_unit_test(test_names), cmocka_unit_test(test_cut),
        cmocka_unit_test(test_width), cmocka_unit_test(test_words), cmocka_unit_test(test_printable),
        cmocka_unit_test(test_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
