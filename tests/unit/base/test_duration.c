/* ISO 8601 durations: what is taken, what is refused, and adding them in a zone. */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct duration parse(const char *text)
{
    struct duration duration = {0};
    struct guan_error error;
    if (duration_parse(text, strlen(text), &duration, &error)) fail_msg("%s", error.text);
    return duration;
}

static void test_parse(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct duration expected;
    } cases[] = {
        {"P1Y", {12, 0, 0, true, false}},
        {"P1M", {1, 0, 0, true, false}},
        {"P2W", {0, 14, 0, true, false}},
        {"P0D", {0, 0, 0, true, false}},
        {"PT0S", {0, 0, 0, false, true}},
        {"PT0.5S", {0, 0, 500, false, true}},
        {"PT7.125S", {0, 0, 7125, false, true}},
        {"PT24H", {0, 0, 24 * MS_HOUR, false, true}},
        {"PT90M", {0, 0, 90 * MS_MINUTE, false, true}},
        {"P1M1D", {1, 1, 0, true, false}},
        {"P1Y2M3W4DT5H6M7.5S", {14, 25, 5 * MS_HOUR + 6 * MS_MINUTE + 7500, true, true}},
        {"-P1Y2M3DT4S", {-14, -3, -4000, true, true}},
        {"+PT5M", {0, 0, 5 * MS_MINUTE, false, true}},
        {"P9999Y", {9999 * 12, 0, 0, true, false}},
        {"P007D", {0, 7, 0, true, false}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct duration d = parse(cases[i].text), e = cases[i].expected;
        if (d.months != e.months || d.days != e.days || d.ms != e.ms || d.has_days != e.has_days || d.has_exact != e.has_exact)
            fail_msg("%s", cases[i].text);
    }
}

static void test_refuses(void **state)
{
    (void)state;
    static const char *const bad[] = {"",       "P",      "PT",        "P1YT",
                                      "-P",     "T1H",    "1D",        "P1",
                                      "P1H",    "PT1D",   "PT1Y",      "P1D2M",
                                      "P1M1Y",  "PT1M1H", "P1D1D",     "P-1D",
                                      "P1.5D",  "P+1D",   "PT.5S",     "PT1.S",
                                      "PT1.5M", "PT1,5S", "PT1.2345S", "p1d",
                                      "P1D ",   " P1D",   "P1DT1",     "PT1S1",
                                      "--P1D",  "P 1D",   "P10000Y",   "P99999999999999999999D",
                                      "PT1H2H", "P1DP1D", "P1W2W",     "PT99999999999999999999S"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct duration out = {.months = 77};
        struct guan_error error = {0};
        if (duration_parse(bad[i], strlen(bad[i]), &out, &error) != GUAN_USAGE) fail_msg("\"%s\" was taken", bad[i]);
        assert_int_equal(out.months, 77);
        assert_string_equal(error.rule, "duration");
        assert_true(error.hint[0] != '\0');
    }
    struct duration out;
    assert_int_equal(duration_parse("P1DX", 3, &out, NULL), GUAN_OK);
    assert_int_equal(duration_parse("P1\0D", 4, &out, NULL), GUAN_USAGE);
}

static void adds(const struct zone *zone, const char *from, const char *text, const char *expected)
{
    instant start = 0;
    assert_int_equal(instant_parse(from, strlen(from), zone, &start, NULL), GUAN_OK);
    struct duration duration = parse(text);
    char out[INSTANT_TEXT];
    instant_format(duration_add(zone, start, &duration), out);
    if (strcmp(out, expected) != 0) fail_msg("%s + %s is %s, not %s", from, text, out, expected);
}

static void test_add(void **state)
{
    (void)state;
    adds(NULL, "2026-01-31T10:00", "P1M", "2026-02-28T10:00:00.000Z");
    adds(NULL, "2024-01-31T10:00", "P1M", "2024-02-29T10:00:00.000Z");
    adds(NULL, "2024-02-29T10:00", "P1Y", "2025-02-28T10:00:00.000Z");
    adds(NULL, "2026-03-31T10:00", "-P1M", "2026-02-28T10:00:00.000Z");
    adds(NULL, "2026-01-15T10:00", "-P13M", "2024-12-15T10:00:00.000Z");
    adds(NULL, "2026-01-31T10:00", "P1M1D", "2026-03-01T10:00:00.000Z"); /* months, then days */
    adds(NULL, "2026-12-31T23:59:59.999", "PT0.001S", "2027-01-01T00:00:00.000Z");
    adds(NULL, "2026-08-31T00:00", "P6M", "2027-02-28T00:00:00.000Z");
}

static void test_add_in_a_zone(void **state)
{
    (void)state;
    struct zone *berlin = NULL, *shanghai = NULL;
    assert_int_equal(zone_open("Europe/Berlin", &berlin, NULL), GUAN_OK);
    assert_int_equal(zone_open("Asia/Shanghai", &shanghai, NULL), GUAN_OK);
    /* A calendar day over a change of clocks has 23 hours, PT24H has 24. */
    adds(berlin, "2026-03-28T12:00", "P1D", "2026-03-29T10:00:00.000Z");
    adds(berlin, "2026-03-28T12:00", "PT24H", "2026-03-29T11:00:00.000Z");
    adds(berlin, "2026-03-28T02:30", "P1D", "2026-03-29T01:30:00.000Z"); /* skipped: 03:30 */
    adds(berlin, "2026-10-24T02:30", "P1D", "2026-10-25T00:30:00.000Z"); /* twice: the first */
    adds(berlin, "2026-10-24T02:30", "P1DT1H", "2026-10-25T01:30:00.000Z");
    /* From the second of two equal hours, an exact duration or nothing does not fall back to the first. */
    adds(berlin, "2026-10-25T02:30+01:00", "PT1H", "2026-10-25T02:30:00.000Z");
    adds(berlin, "2026-10-25T02:30+01:00", "P0D", "2026-10-25T01:30:00.000Z");
    /* 2 a.m. of 1 March in Shanghai is still February in UTC: the zone's day counts. */
    adds(shanghai, "2026-01-31T02:00", "P1M", "2026-02-27T18:00:00.000Z");
    zone_close(berlin);
    zone_close(shanghai);
}

static void test_add_is_bounded(void **state)
{
    (void)state;
    adds(NULL, "9999-01-01", "P9999Y", "9999-12-31T23:59:59.999Z");
    adds(NULL, "9999-01-01", "P3650000D", "9999-12-31T23:59:59.999Z");
    adds(NULL, "2026-01-01", "-P3650000D", "0001-01-01T00:00:00.000Z");
    adds(NULL, "2026-01-01", "-PT87000000H", "0001-01-01T00:00:00.000Z");
    struct duration huge = {INT64_MAX, INT64_MAX, INT64_MAX, true, true}, tiny = {INT64_MIN, INT64_MIN, INT64_MIN, true, true};
    char text[INSTANT_TEXT];
    instant_format(duration_add(NULL, INT64_MAX, &huge), text);
    assert_string_equal(text, "9999-12-31T23:59:59.999Z");
    instant_format(duration_add(NULL, 0, &tiny), text);
    assert_string_equal(text, "0001-01-01T00:00:00.000Z");
    assert_true(duration_add(NULL, INSTANT_NONE, &huge) == INSTANT_NONE);
}

static void test_people(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *chinese, *english;
    } cases[] = {{2 * MS_DAY + 3 * MS_HOUR + 59 * MS_MINUTE, "2 天 3 小时", "2 d 3 h"},
                 {2 * MS_DAY + 59 * MS_MINUTE, "2 天", "2 d"},
                 {3 * MS_HOUR + 5 * MS_MINUTE, "3 小时 5 分钟", "3 h 5 min"},
                 {61 * MS_SECOND, "1 分钟 1 秒", "1 min 1 s"},
                 {59999, "59 秒", "59 s"},
                 {0, "0 秒", "0 s"},
                 {-999, "0 秒", "0 s"},
                 {-(MS_DAY + MS_HOUR), "-1 天 1 小时", "-1 d 1 h"}};
    char text[64];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        duration_format_people(cases[i].ms, false, text, sizeof text);
        assert_string_equal(text, cases[i].chinese);
        duration_format_people(cases[i].ms, true, text, sizeof text);
        assert_string_equal(text, cases[i].english);
    }
    duration_format_people(INT64_MIN, true, text, sizeof text);
    assert_string_equal(text, "-106751991167 d 7 h");
    duration_format_people(3 * MS_HOUR, false, text, 7); /* cut at a character */
    assert_string_equal(text, "3 小");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),         cmocka_unit_test(test_refuses),        cmocka_unit_test(test_add),
        cmocka_unit_test(test_add_in_a_zone), cmocka_unit_test(test_add_is_bounded), cmocka_unit_test(test_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
