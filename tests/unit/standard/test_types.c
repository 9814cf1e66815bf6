/* Field types: what is read from what was typed, what is refused; limits. Due times. */
#include "kit.h"

#include "standard/due.h"
#include "standard/types.h"

struct row {
    enum chart_type type;
    const char *typed, *json;
}; /* json NULL: refused */

static const struct row rows[] = {
    {CHART_TEXT, "你好 world", "\"你好 world\""},
    {CHART_TEXT, "", NULL},
    {CHART_TEXT, "\xff\xfe", NULL},
    {CHART_INTEGER, "12", "12"},
    {CHART_INTEGER, "-7", "-7"},
    {CHART_INTEGER, "+7", "7"},
    {CHART_INTEGER, "007", "7"},
    {CHART_INTEGER, "1.0", NULL},
    {CHART_INTEGER, "1e3", NULL},
    {CHART_INTEGER, "", NULL},
    {CHART_INTEGER, "--1", NULL},
    {CHART_INTEGER, "12 ", NULL},
    {CHART_INTEGER, "999999999999999", "999999999999999"},
    {CHART_INTEGER, "9999999999999999", NULL},
    {CHART_DECIMAL, "1.50", "\"1.5\""},
    {CHART_DECIMAL, "-0.0", "\"0\""},
    {CHART_DECIMAL, "007.10", "\"7.1\""},
    {CHART_DECIMAL, "-3", "\"-3\""},
    {CHART_DECIMAL, ".5", NULL},
    {CHART_DECIMAL, "1,5", NULL},
    {CHART_DECIMAL, "5.", NULL},
    {CHART_MONEY, "198000", "19800000"},
    {CHART_MONEY, "198000.5", "19800050"},
    {CHART_MONEY, "0.05", "5"},
    {CHART_MONEY, "-0.05", "-5"},
    {CHART_MONEY, "1.234", NULL},
    {CHART_MONEY, "19.8万", NULL},
    {CHART_MONEY, "1.", NULL},
    {CHART_MONEY, "99999999999999", NULL},
    {CHART_BOOLEAN, "yes", "true"},
    {CHART_BOOLEAN, "valid", "true"},
    {CHART_BOOLEAN, "是", "true"},
    {CHART_BOOLEAN, "false", "false"},
    {CHART_BOOLEAN, "否", "false"},
    {CHART_BOOLEAN, "YES", NULL},
    {CHART_BOOLEAN, "1", NULL},
    {CHART_YES, "ok", "true"},
    {CHART_YES, "no", "false"},
    {CHART_LIST, "a, b，c、d", "[\"a\",\"b\",\"c\",\"d\"]"},
    {CHART_LIST, "none", "[]"},
    {CHART_LIST, "a,,b", "[\"a\",\"b\"]"},
    {CHART_LIST, "", NULL},
    {CHART_DATE, "2026-03-07", "\"2026-03-07\""},
    {CHART_DATE, "2026-02-30", NULL},
    {CHART_DATE, "2026-3-7", NULL},
    {CHART_DATE, "2026-03-07T10:00", NULL},
    {CHART_DATETIME, "2026-03-07T10:02", "\"2026-03-07T02:02:00.000Z\""},
    {CHART_DATETIME, "2026-03-07T10:02:03Z", "\"2026-03-07T10:02:03.000Z\""},
    {CHART_DATETIME, "tomorrow", NULL},
    {CHART_DURATION, "p1m", "\"P1M\""},
    {CHART_DURATION, "PT24H", "\"PT24H\""},
    {CHART_DURATION, "P", NULL},
    {CHART_DURATION, "3 days", NULL},
    {CHART_MOBILE, "13800000001", "\"13800000001\""},
    {CHART_MOBILE, "12800000001", NULL},
    {CHART_MOBILE, "1380000000", NULL},
    {CHART_MOBILE, "138000000012", NULL},
    {CHART_LANDLINE, "010-12345678", "\"010-12345678\""},
    {CHART_LANDLINE, "07551234567", "\"07551234567\""},
    {CHART_LANDLINE, "10-12345678", NULL},
    {CHART_LANDLINE, "010-123456", NULL},
    {CHART_LANDLINE, "01012345678901", NULL},
    {CHART_WECHAT, "wl_camp01", "\"wl_camp01\""},
    {CHART_WECHAT, "13800000001", "\"13800000001\""},
    {CHART_WECHAT, "1camp_wl", NULL},
    {CHART_WECHAT, "short", NULL},
    {CHART_WECHAT, "a23456789012345678901", NULL},
    {CHART_EMAIL, "a.b@example.cn", "\"a.b@example.cn\""},
    {CHART_EMAIL, "a@b", NULL},
    {CHART_EMAIL, "a@@b.cn", NULL},
    {CHART_EMAIL, "@b.cn", NULL},
    {CHART_EMAIL, "a b@c.cn", NULL},
    {CHART_CONTACTS, "mobile:13800000001(valid),wechat:wl_camp01",
     "[{\"kind\":\"mobile\",\"valid\":true,\"value\":\"13800000001\"},{\"kind\":\"wechat\",\"valid\":false,\"value\":\"wl_"
     "camp01\"}]"},
    {CHART_CONTACTS, "mobile：13800000001（valid），wechat: wl_camp01（invalid)",
     "[{\"kind\":\"mobile\",\"valid\":true,\"value\":\"13800000001\"},{\"kind\":\"wechat\",\"valid\":false,\"value\":\"wl_"
     "camp01\"}]"},
    {CHART_CONTACTS, "mobile：13800000001（valid", NULL},
    {CHART_CONTACTS, "mobile：13800000001valid）", NULL},
    {CHART_CONTACTS, "mobile（a：b）", NULL},
    {CHART_CONTACTS, "none", "[]"},
    {CHART_CONTACTS, "mobile:123(valid)", NULL},
    {CHART_CONTACTS, "fax:010-12345678", NULL},
    {CHART_CONTACTS, "13800000001", NULL},
    {CHART_CONTACTS, "mobile:13800000001(perhaps)", NULL},
    {CHART_CONTACTS, "mobile(a:b)", NULL},
    {CHART_IDNO, "11010519491231002X", "\"11010519491231002X\""},
    {CHART_IDNO, "11010519491231002x", "\"11010519491231002X\""},
    {CHART_IDNO, "110105194912310021", NULL}, /* check character */
    {CHART_IDNO, "11010519491331002X", NULL},
    {CHART_IDNO, "110105491231002", NULL},
    {CHART_VIN, "LSVAA4182E2123456", "\"LSVAA4182E2123456\""},
    {CHART_VIN, "lsvaa4182e2123456", "\"LSVAA4182E2123456\""},
    {CHART_VIN, "LSVAA4182E212345", NULL},
    {CHART_VIN, "LSVAO4182E2123456", NULL},
    {CHART_CHOICE, "red", "\"red\""},
    {CHART_CHOICE, "绿", "\"green\""},
    {CHART_CHOICE, "blue", NULL},
    {CHART_CHOICE, "", NULL},
    {CHART_DOCUMENT, "粤B-123", "\"粤B-123\""},
    {CHART_DOCUMENT, "", NULL},
    {CHART_EVIDENCE, "abc", "\"abc\""},
};

static struct zone *zone;
static struct arena *arena;
static const char *const colours[] = {"red", "green"}, *const called[] = {"红", "绿"};

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return zone_open("Asia/Shanghai", &zone, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    zone_close(zone);
    return 0;
}

static void test_table(void **state)
{
    struct type_context context = {arena, NULL, zone};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct chart_field field = {.name = "x", .type = rows[i].type, .of = {colours, 2}, .names = {called, 2}};
        const char *expected;
        struct buffer text = {0};
        const struct value *value = type_read(&context, &field, rows[i].typed, &expected);
        if (!value && rows[i].json) fail_msg("%s refused: %s", rows[i].typed, expected);
        if (value && !rows[i].json) fail_msg("%s %s accepted", chart_type_name(rows[i].type), rows[i].typed);
        if (!value) {
            assert_non_null(expected);
            continue;
        }
        json_write(&text, value);
        assert_string_equal(rows[i].json, text.data);
        buffer_release(&text);
    }
}

static void test_limits(void **state)
{
    static const struct {
        enum chart_type type;
        const char *typed, *min, *max;
        bool within;
    } limits[] = {
        {CHART_INTEGER, "5", "5", "5", true},
        {CHART_INTEGER, "4", "5", NULL, false},
        {CHART_INTEGER, "6", NULL, "5", false},
        {CHART_DECIMAL, "1.5", "1.45", "1.50", true},
        {CHART_DECIMAL, "-2", "-1.5", NULL, false},
        {CHART_DECIMAL, "10", "9", NULL, true},
        {CHART_MONEY, "99.99", "100", NULL, false},
        {CHART_MONEY, "100", "100.00", NULL, true},
        {CHART_TEXT, "你好", "2", "2", true},
        {CHART_TEXT, "你好啊", NULL, "2", false},
        {CHART_LIST, "a,b", "1", "2", true},
        {CHART_LIST, "none", "1", NULL, false},
        {CHART_DATE, "2026-03-07", "2026-03-07", NULL, true},
        {CHART_DATE, "2026-03-06", "2026-03-07", NULL, false},
        {CHART_DATETIME, "2026-03-07T10:00", NULL, "2026-03-07T09:59", false},
        {CHART_DURATION, "P1M", "P3D", "P40D", true},
        {CHART_DURATION, "PT1H", "P1D", NULL, false},
        {CHART_CONTACTS, "mobile:13800000001(valid),mobile:13800000002(valid)", "2", NULL, false}, /* kinds, not entries */
        {CHART_CONTACTS, "mobile:13800000001(valid),wechat:13800000001(valid)", "2", NULL, true},
        {CHART_CONTACTS, "mobile:13800000001(valid),wechat:13800000001", "2", NULL, false},
    };
    struct type_context context = {arena, NULL, zone};
    (void)state;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct chart_field field = {.name = "x", .type = limits[i].type};
        const char *expected;
        const struct value *value = type_read(&context, &field, limits[i].typed, &expected);
        assert_non_null(value);
        if (type_within(&context, &field, value, limits[i].min, limits[i].max) != limits[i].within)
            fail_msg("%s", limits[i].typed);
    }
    assert_true(type_matches("[0-9]{3}", "123"));
    assert_false(type_matches("[0-9]{3}", "1234"));
    assert_false(type_matches("a|b", "ab"));
}

static const char *local(instant at)
{
    char text[30];
    instant_format_local(zone, at, true, text, sizeof text);
    return arena_printf(arena, "%s", text);
}

static void test_due(void **state)
{
    static const struct {
        const char *anchor, *within, *due;
    } table[] = {
        {"2026-03-07T10:02:30", "PT24H", "2026-03-08 10:02:30"},
        {"2026-03-07T10:02", "P3D", "2026-03-11 00:00:00"}, /* the anchor's day does not count; 24:00 */
        {"2026-03-07T00:00", "P3D", "2026-03-11 00:00:00"},
        {"2026-03-07T10:02", "P0D", "2026-03-08 00:00:00"},
        {"2026-01-31T10:00", "P1M", "2026-03-01 00:00:00"}, /* the month's last day, at 24:00 */
        {"2024-02-29T10:00", "P1Y", "2025-03-01 00:00:00"},
        {"2026-03-07T10:02", "P1W", "2026-03-15 00:00:00"},
        {"2026-03-07T10:02", "D+0@24:00", "2026-03-08 00:00:00"},
        {"2026-03-07T23:59", "D-1@18:00", "2026-03-06 18:00:00"},
        {"2026-03-07T00:00", "D+2@09:30", "2026-03-09 09:30:00"},
        {"2026-03-07", "PT1H", "2026-03-07 01:00:00"},
    };
    static const struct {
        const char *anchor, *lead, *due;
    } before[] = {
        {"2026-03-14T10:00", "PT1H", "2026-03-14 09:00:00"},
        {"2026-03-14T10:00", "P1D", "2026-03-13 10:00:00"},
        {"2026-03-14T10:00", "D-1@18:00", "2026-03-13 18:00:00"},
        {"2026-03-14T10:00", "D-1@24:00", "2026-03-14 00:00:00"},
        {"2026-03-14T10:00", NULL, "2026-03-14 10:00:00"},
        {"2026-09-14", "P15D", "2026-08-31 00:00:00"}, /* a day before a day ends at its 24:00 */
        {"2026-09-14", NULL, "2026-09-15 00:00:00"},
        {"2026-03-31", "P1M", "2026-03-01 00:00:00"},
    };
    static const char *const bad[] = {
        "", "P", "D", "D0@18:00", "D-1@25:00", "D-1@24:01", "D-1@18:60", "D+12345@10:00", "D-1@8:00", "D-@18:00", "soon"};
    struct due_context context = {.zone = zone};
    struct anchor anchor;
    instant due;
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_true(anchor_read(zone, table[i].anchor, &anchor));
        assert_int_equal(GUAN_OK, due_within(&context, table[i].within, anchor, &due, NULL));
        assert_string_equal(table[i].due, local(due));
    }
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        assert_true(anchor_read(zone, before[i].anchor, &anchor));
        assert_int_equal(GUAN_OK, due_before(&context, before[i].lead, anchor, &due, NULL));
        assert_string_equal(before[i].due, local(due));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(GUAN_USAGE, due_within(&context, bad[i], anchor, &due, NULL));
        assert_int_equal(GUAN_USAGE, due_before(&context, bad[i], anchor, &due, NULL));
    }
    assert_false(anchor_read(zone, "sometime", &anchor));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_due),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
