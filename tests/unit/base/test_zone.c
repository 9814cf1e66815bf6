/* Zone files and rules: the same as the C library reads in them, and what is damaged is refused. */
#include "base/zone_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void test_as_the_c_library(void **state)
{
    (void)state;
    /* With and without summer time, north and south, hours below 0 and past 24, ends of rules, days left out. */
    static const char *const names[] = {"Asia/Shanghai",  "Europe/Berlin",     "America/New_York", "Australia/Sydney",
                                        "Asia/Gaza",      "America/Nuuk",      "America/Santiago", "America/St_Johns",
                                        "Asia/Kathmandu", "Africa/Monrovia",   "Pacific/Apia",     "Europe/Dublin",
                                        "Asia/Tehran",    "Africa/Casablanca", "Antarctica/Troll", "Etc/GMT+8"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct zone *zone;
        struct guan_error error;
        if (zone_open(names[i], &zone, &error)) fail_msg("%s", error.text);
        setenv("TZ", names[i], 1);
        tzset();
        for (instant at = civil_days(1900, 1, 1) * MS_DAY; at < civil_days(2066, 1, 1) * MS_DAY;
             at += 31 * MS_HOUR + 977 * MS_SECOND) {
            time_t seconds = (time_t)(at / MS_SECOND);
            struct tm expected;
            localtime_r(&seconds, &expected);
            struct civil civil = zone_civil(zone, at);
            if (civil.year != expected.tm_year + 1900 || civil.month != expected.tm_mon + 1 || civil.day != expected.tm_mday ||
                civil.hour != expected.tm_hour || civil.minute != expected.tm_min || civil.second != expected.tm_sec)
                fail_msg("%s %lld", names[i], (long long)seconds);
        }
        zone_close(zone);
    }
    unsetenv("TZ");
    tzset();
}

/* The first two changes of 2028 (a leap year), which is after `from`. */
static void test_rules(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *first, *second;
    } rows[] = {
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2028-03-26T01:00:00.000Z", "2028-10-29T01:00:00.000Z"},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2028-04-01T16:00:00.000Z", "2028-09-30T16:00:00.000Z"},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2028-03-26T01:00:00.000Z", "2028-10-29T01:00:00.000Z"},
        {"EET-2EEST,M3.4.4/50,M10.4.4/50", "2028-03-25T00:00:00.000Z", "2028-10-27T23:00:00.000Z"},
        {"A+0:30:15B-1,J60,J365", "2028-03-01T02:30:15.000Z", "2028-12-31T01:00:00.000Z"}, /* 29 February has no number */
        {"AAA0BBB,59,364/1", "2028-02-29T02:00:00.000Z", "2028-12-30T00:00:00.000Z"},      /* here it has */
        {"AAA0BBB,J59,J61", "2028-02-28T02:00:00.000Z", "2028-03-02T01:00:00.000Z"},
    };
    instant from = civil_days(2027, 12, 31) * MS_DAY + 23 * MS_HOUR;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct zone_changes changes = {0};
        assert_true(zone_add_change(&changes, INT64_MIN, 1));
        assert_int_equal(zone_read_rule(rows[i].rule, strlen(rows[i].rule), from, &changes), GUAN_OK);
        assert_true(changes.count > 2);
        char first[INSTANT_TEXT], second[INSTANT_TEXT];
        instant_format(changes.items[1].at, first);
        instant_format(changes.items[2].at, second);
        if (strcmp(first, rows[i].first) != 0 || strcmp(second, rows[i].second) != 0)
            fail_msg("%s: %s %s", rows[i].rule, first, second);
        memory_free(changes.items);
    }
}

/* Summer time all the year: each end gives way to the next beginning. */
static void test_rule_without_winter(void **state)
{
    (void)state;
    static const char rule[] = "XXX3EDT4,0/0,J365/23";
    struct zone_changes changes = {0};
    instant from = civil_days(2026, 6, 1) * MS_DAY;
    assert_true(zone_add_change(&changes, INT64_MIN, -4 * (int32_t)MS_HOUR));
    assert_int_equal(zone_read_rule(rule, strlen(rule), from, &changes), GUAN_OK);
    assert_true(changes.count > 30);
    for (size_t i = 1; i < changes.count && changes.items[i].at < civil_days(ZONE_END_YEAR, 1, 1) * MS_DAY; i++)
        assert_int_equal(changes.items[i].offset, -4 * (int32_t)MS_HOUR);
    memory_free(changes.items);
}

static void test_broken_rules(void **state)
{
    (void)state;
    static const char *const rules[] = {"",
                                        "CST",
                                        "8",
                                        "CST-24",
                                        "CST-8CDT",
                                        "CST-8CDT,M3.5.0",
                                        "CST-8CDT,M13.5.0,M10.5.0",
                                        "CST-8CDT,M3.6.0,M10.5.0",
                                        "CST-8CDT,M3.5.7,M10.5.0",
                                        "CST-8CDT,M0.5.0,M10.5.0",
                                        "CST-8CDT,J0,J1",
                                        "CST-8CDT,366,1",
                                        "CST-8CDT,1/168,2",
                                        "CST-8CDT,1,2,3",
                                        "<CST-8",
                                        "CST-8:60",
                                        "CST-8 ",
                                        "CST-99999999999999999999"};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        struct zone_changes changes = {0};
        if (zone_read_rule(rules[i], strlen(rules[i]), 0, &changes) != GUAN_NO) fail_msg("%s", rules[i]);
        memory_free(changes.items);
    }
}

static size_t read_file(const char *path, unsigned char *bytes, size_t size)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(bytes, 1, size, file);
    fclose(file);
    return length;
}

static void test_damaged_files(void **state)
{
    (void)state;
    static unsigned char whole[65536];
    size_t length = read_file("/usr/share/zoneinfo/Europe/Berlin", whole, sizeof whole);
    struct zone_changes changes = {0};
    assert_int_equal(zone_read_bytes(whole, length, &changes), GUAN_OK);
    assert_true(changes.count > 100);
    memory_free(changes.items);
    /* Every beginning of it, in a block of its own, so that a read past the end is seen. */
    for (size_t cut = 0; cut < length; cut++) {
        unsigned char *part = malloc(cut ? cut : 1);
        assert_non_null(part);
        memcpy(part, whole, cut);
        changes = (struct zone_changes){0};
        if (zone_read_bytes(part, cut, &changes) != GUAN_NO) fail_msg("%zu bytes", cut);
        memory_free(changes.items);
        free(part);
    }
    /* Every byte of it spoilt: an answer, whichever; what is read is in order. */
    for (size_t i = 0; i < length; i++) {
        static const unsigned char spoils[] = {0xFF, 0x80, 0x01};
        for (size_t k = 0; k < sizeof spoils; k++) {
            whole[i] ^= spoils[k];
            changes = (struct zone_changes){0};
            int code = zone_read_bytes(whole, length, &changes);
            assert_true(code == GUAN_OK || code == GUAN_NO);
            for (size_t n = 1; n < changes.count; n++) assert_true(changes.items[n].at > changes.items[n - 1].at);
            memory_free(changes.items);
            whole[i] ^= spoils[k];
        }
    }
}

static void test_names(void **state)
{
    (void)state;
    static const char *const refused[] = {"",
                                          "/",
                                          "Asia",
                                          "Asia/",
                                          "/Asia/Shanghai",
                                          "Asia//Shanghai",
                                          "../zoneinfo/Asia/Shanghai",
                                          "Asia/./Shanghai",
                                          "zone.tab",
                                          "leapseconds",
                                          "Asia/Shanghai ",
                                          "Asia/Shanghai\n",
                                          "right/Asia/Shanghai",
                                          "-Asia/Shanghai",
                                          "中国",
                                          "Asia/Asia/Asia/Asia/Asia/Asia/Asia/Asia/Asia/Asia/Asia/Asia/Asia/Asia/Asia/Asia"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct zone_changes changes;
        if (zone_read(refused[i], &changes) != GUAN_NO) fail_msg("%s", refused[i]);
        memory_free(changes.items);
    }
}

static void test_out_of_memory(void **state)
{
    (void)state;
    int code = GUAN_FAILED;
    for (uint64_t n = 1; code; n++) {
        struct zone *zone;
        struct guan_error error = {0};
        memory_fail_after(n);
        code = zone_open("Europe/Berlin", &zone, &error);
        memory_fail_after(0);
        if (code) {
            assert_int_equal(code, GUAN_FAILED);
            assert_string_equal(error.rule, "memory");
            assert_null(zone);
        } else {
            assert_true(n > 4);
            zone_close(zone);
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_the_c_library), cmocka_unit_test(test_rules),         cmocka_unit_test(test_rule_without_winter),
        cmocka_unit_test(test_broken_rules),     cmocka_unit_test(test_damaged_files), cmocka_unit_test(test_names),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
