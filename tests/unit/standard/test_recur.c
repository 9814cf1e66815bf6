/* Windows, reminders, and deadlines that recur: with a calendar, by months, with each occurrence of their anchor. */
#include "kit.h"

#define T "2026-03-07T"

static const char *const festivals = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nX-WR-CALNAME:festivals\r\n"
                                     "X-GUAN-YEARS:2026/2026\r\n"
                                     "BEGIN:VEVENT\r\nUID:spring\r\nSUMMARY:春节\r\nCATEGORIES:HOLIDAY\r\n"
                                     "DTSTART;VALUE=DATE:20260215\r\nDTEND;VALUE=DATE:20260224\r\n"
                                     "X-GUAN-DAY;VALUE=DATE:20260217\r\nEND:VEVENT\r\n"
                                     "BEGIN:VEVENT\r\nUID:autumn\r\nSUMMARY:中秋节\r\nCATEGORIES:HOLIDAY\r\n"
                                     "DTSTART;VALUE=DATE:20260925\r\nDTEND;VALUE=DATE:20260928\r\nEND:VEVENT\r\n"
                                     "BEGIN:VEVENT\r\nUID:national\r\nSUMMARY:国庆节\r\nCATEGORIES:HOLIDAY\r\n"
                                     "DTSTART;VALUE=DATE:20261001\r\nDTEND;VALUE=DATE:20261008\r\nEND:VEVENT\r\n"
                                     "END:VCALENDAR\r\n";

static void open_with(struct kit *kit, const char *hooks, const char *body, const char *when)
{
    kit_new(kit);
    kit_file(kit, "processes/calendars/festivals.ics", festivals);
    kit_file(kit, "processes/calendars/holidays.ics", festivals);
    if (hooks) kit_file(kit, "scripts/dealers/base/hooks.lua", hooks);
    kit_flow(kit, "flow", body);
    kit_start(kit, "flow", when);
}

static const struct finding *last(const struct kit *kit)
{
    assert_true(kit->all.count > 0);
    return &kit->all.items[kit->all.count - 1];
}

/* --- windows ---------------------------------------------------------------------------------------------------------------- */

static const char *const call =
    "<state id='a'><g:step id='sign' required='no' repeat='yes'/><g:step id='call' clause='CS-1' repeat='yes'>"
    "<g:deadline id='first' from='sign' window='P2D/P3D' clause='CS-2'/></g:step></state>";

static void test_window(void **state)
{
    struct kit kit;
    (void)state;
    open_with(&kit, NULL, call, "2026-09-12T10:00");
    OK(kit_do(&kit, "2026-09-12T16:10", "周敏", "sign", ""));
    assert_string_equal("first 2026-09-16 00:00", kit_due(&kit));
    OK(kit_do(&kit, "2026-09-14T00:00", "周敏", "call", ""));
    assert_string_equal("", kit_findings(&kit));
    assert_string_equal("", kit_due(&kit));
    kit_close(&kit);
}

/* Story 4.4: it counts as done, and is noted. */
static void test_window_early(void **state)
{
    struct kit kit;
    (void)state;
    open_with(&kit, NULL, call, "2026-09-12T10:00");
    OK(kit_do(&kit, "2026-09-12T16:10", "周敏", "sign", ""));
    OK(kit_do(&kit, "2026-09-13T11:00", "周敏", "call", ""));
    assert_string_equal("F1 WINDOW_EARLY info noted call CS-2", kit_findings(&kit));
    assert_string_equal("", kit_due(&kit));
    kit_until(&kit, "2026-09-20T00:00");
    assert_string_equal("F1 WINDOW_EARLY info noted call CS-2", kit_findings(&kit));
    OK(kit_do(&kit, "2026-09-15T11:00/2026-09-20T01:00", "周敏", "call", "")); /* one in the window as well */
    assert_string_equal("F2 LATE_ENTRY info noted call T-LAG", kit_findings(&kit));
    kit_close(&kit);
}

static void test_window_missed(void **state)
{
    struct kit kit;
    (void)state;
    open_with(&kit, NULL, call, "2026-09-12T10:00");
    OK(kit_do(&kit, "2026-09-12T16:10", "周敏", "sign", ""));
    kit_until(&kit, "2026-09-15T23:59");
    assert_string_equal("", kit_findings(&kit));
    kit_until(&kit, "2026-09-30T00:00"); /* however late the tick: once */
    assert_string_equal("F1 WINDOW_MISSED major open call CS-2", kit_findings(&kit));
    assert_int_equal(1, kit.all.count);
    OK(kit_do(&kit, "2026-10-01T09:00", "周敏", "call", ""));
    assert_string_equal("F1 WINDOW_MISSED major remedied call CS-2", kit_findings(&kit));
    assert_true(last(&kit)->due == kit_time(&kit, "2026-09-16T00:00", 16));
    assert_true(last(&kit)->at == kit_time(&kit, "2026-10-01T09:00", 16));
    OK(kit_do(&kit, "2026-09-15T11:00/2026-10-01T10:00", "周敏", "call", "")); /* it had been done after all */
    assert_string_equal("F2 LATE_ENTRY info noted call T-LAG", kit_findings(&kit));
    kit_close(&kit);
}

static void test_reminder(void **state)
{
    struct kit kit;
    (void)state;
    open_with(&kit, NULL,
              "<state id='a'><g:step id='one'><g:deadline id='d' within='P3D' remind='PT24H'/></g:step>"
              "<transition event='deadline.near.d'><raise event='seen'/></transition><transition event='seen' target='b' "
              "g:gate='open'/></state><state id='b'/>",
              "2026-03-07T10:00");
    assert_string_equal("d 2026-03-11 00:00; remind:d 2026-03-10 00:00", kit_due(&kit));
    kit_until(&kit, "2026-03-09T23:59");
    assert_string_equal("a", kit_state(&kit, "flow#1"));
    kit_until(&kit, "2026-03-10T00:00");
    assert_string_equal("b", kit_state(&kit, "flow#1"));
    assert_int_equal(0, kit.all.count);
    assert_string_equal("", kit_due(&kit));
    kit_close(&kit);
    open_with(&kit, NULL, "<state id='a'><g:step id='one'><g:deadline id='d' within='P3D' remind='PT24H'/></g:step></state>",
              "2026-03-07T10:00");
    OK(kit_do(&kit, "2026-03-08T10:00", "周敏", "one", "")); /* done: no reminder */
    assert_string_equal("", kit_due(&kit));
    kit_close(&kit);
}

/* --- calendars ----------------------------------------------------------------------------------------------------------------
 */

static const char *const greet =
    "<state id='a'><g:step id='greet' required='no' repeat='yes' clause='CS-1' waive-by='floor_manager'>"
    "<g:deadline id='g' on='festivals' window='-P1D/P0D' severity='minor' clause='CS-2'/></g:step></state>";

/* Story 4.10. */
static void test_festivals(void **state)
{
    struct kit kit;
    (void)state;
    open_with(&kit, NULL, greet, "2026-03-14T11:15");
    assert_string_equal("g/2026-09-25 2026-09-26 00:00", kit_due(&kit)); /* only the next one */
    kit_until(&kit, "2026-09-26T00:00");
    assert_string_equal("F1 WINDOW_MISSED minor open greet CS-2", kit_findings(&kit));
    assert_string_equal("2026-09-25", last(&kit)->instance);
    assert_string_equal("g/2026-10-01 2026-10-02 00:00", kit_due(&kit));
    OK(kit_do(&kit, "2026-10-01T09:00", "周敏", "greet", ""));
    assert_string_equal("F1 WINDOW_MISSED minor open greet CS-2", kit_findings(&kit));
    assert_string_equal("", kit_due(&kit));                                     /* the calendar says no more */
    OK(kit_do(&kit, "2026-09-24T20:00/2026-10-01T10:00", "周敏", "greet", "")); /* it had been done */
    assert_string_equal("F2 LATE_ENTRY info noted greet T-LAG", kit_findings(&kit));
    kit_close(&kit);
}

static void test_nearest(void **state)
{
    struct kit kit;
    (void)state;
    open_with(&kit, NULL, greet, "2026-03-14T11:15");
    OK(kit_do(&kit, "2026-05-01T09:00", "周敏", "greet", "")); /* of no festival: too long before */
    assert_string_equal("g/2026-09-25 2026-09-26 00:00", kit_due(&kit));
    OK(kit_do(&kit, "2026-09-22T09:00", "周敏", "greet", ""));
    assert_string_equal("F1 WINDOW_EARLY info noted greet CS-2", kit_findings(&kit));
    assert_string_equal("g/2026-10-01 2026-10-02 00:00", kit_due(&kit));
    OK(kit_do(&kit, "2026-09-27T09:00", "周敏", "greet", "")); /* nearer to the first: a second greeting of it */
    assert_string_equal("g/2026-10-01 2026-10-02 00:00", kit_due(&kit));
    OK(kit_do(&kit, "2026-10-05T09:00", "周敏", "greet", ""));
    assert_string_equal("F1 WINDOW_EARLY info noted greet CS-2; F2 WINDOW_MISSED minor remedied greet CS-2", kit_findings(&kit));
    kit_close(&kit);
}

/* The order in which they are entered says nothing. */
static void test_late_and_in_order(void **state)
{
    struct kit kit;
    (void)state;
    open_with(&kit, NULL, greet, "2026-03-14T11:15");
    OK(kit_do(&kit, "2026-10-05T09:00", "周敏", "greet", ""));
    assert_string_equal("F1 WINDOW_MISSED minor open greet CS-2; F2 WINDOW_MISSED minor remedied greet CS-2", kit_findings(&kit));
    OK(kit_do(&kit, "2026-09-22T09:00/2026-10-05T10:00", "周敏", "greet", ""));
    assert_string_equal("F2 WINDOW_MISSED minor remedied greet CS-2; F1 WINDOW_EARLY info noted greet CS-2; "
                        "F3 LATE_ENTRY info noted greet T-LAG",
                        kit_findings(&kit));
    kit_close(&kit);
}

static void test_waiver(void **state)
{
    struct kit kit;
    (void)state;
    open_with(&kit, NULL, greet, "2026-03-14T11:15");
    OK(kit_waive(&kit, "2026-09-20T11:15", "陈静", "greet"));
    assert_string_equal("F1 OVERRIDE_USED minor waived greet CS-1", kit_findings(&kit));
    assert_string_equal("g/2026-10-01 2026-10-02 00:00", kit_due(&kit)); /* that one is owed */
    kit_until(&kit, "2026-10-03T00:00");
    assert_string_equal("F1 OVERRIDE_USED minor waived greet CS-1; F2 WINDOW_MISSED minor open greet CS-2", kit_findings(&kit));
    OK(kit_waive(&kit, "2026-10-03T11:15", "陈静", "greet"));
    assert_string_equal("F1 OVERRIDE_USED minor waived greet CS-1; F2 OVERRIDE_USED minor waived greet CS-2,CS-1",
                        kit_findings(&kit));
    kit_close(&kit);
}

static void test_state_left(void **state)
{
    struct kit kit;
    (void)state;
    open_with(&kit, NULL,
              "<state id='a'><g:step id='greet' required='no' repeat='yes'><g:deadline id='g' on='festivals' "
              "window='during'/></g:step><transition event='out' target='b' g:gate='open'/></state><state id='b'/>",
              "2026-02-20T10:00");
    assert_string_equal("g/2026-02-17 2026-02-24 00:00", kit_due(&kit)); /* it still runs */
    OK(kit_send(&kit, "2026-02-21T10:00", "周敏", "out"));
    assert_string_equal("", kit_due(&kit));
    kit_until(&kit, "2026-12-01T00:00");
    assert_int_equal(0, kit.all.count);
    kit_close(&kit);
}

/* --- by months ----------------------------------------------------------------------------------------------------------------
 */

/* Story 1: the reminder for 2026-09-14 is due on 08-30. */
static void test_every(void **state)
{
    struct kit kit;
    (void)state;
    open_with(&kit, NULL,
              "<state id='a'><g:step id='sign' required='no'/><g:step id='remind' required='no' repeat='yes' clause='CS-1'>"
              "<g:deadline id='r' from='sign' every='P6M' before='occurrence' lead='P15D' until='P1Y' severity='minor'/>"
              "</g:step></state>",
              "2026-03-14T10:00");
    assert_string_equal("", kit_due(&kit));
    OK(kit_do(&kit, "2026-03-14T11:15", "周敏", "sign", ""));
    assert_string_equal("r/2026-09-14 2026-08-31 00:00", kit_due(&kit));
    OK(kit_do(&kit, "2026-08-28T10:00", "周敏", "remind", ""));
    assert_string_equal("r/2027-03-14 2027-02-28 00:00", kit_due(&kit));
    kit_until(&kit, "2028-01-01T00:00");
    assert_string_equal("F1 STEP_MISSING minor open remind CS-1", kit_findings(&kit)); /* and then it is over */
    assert_string_equal("2027-03-14", last(&kit)->instance);
    assert_string_equal("", kit_due(&kit));
    kit_close(&kit);
}

static void test_birthday(void **state)
{
    struct kit kit;
    (void)state;
    open_with(&kit, NULL,
              "<state id='a'><g:step id='info' required='no' repeat='yes'><g:field name='birthday' type='date'/></g:step>"
              "<g:step id='birthday' required='no' repeat='yes' clause='CS-1'>"
              "<g:deadline id='b' fromexpr='form.info.birthday' every='P1Y' window='P0D/P0D' severity='minor'/></g:step></state>",
              "2026-02-01T10:00");
    OK(kit_do(&kit, "2026-02-01T11:00", "周敏", "info", "birthday=1996-02-29"));
    assert_string_equal("b/2026-02-28 2026-03-01 00:00", kit_due(&kit));
    OK(kit_do(&kit, "2026-02-28T09:00", "周敏", "birthday", ""));
    assert_string_equal("b/2027-02-28 2027-03-01 00:00", kit_due(&kit));
    assert_string_equal("", kit_findings(&kit));
    OK(kit_do(&kit, "2026-03-05T11:00", "周敏", "info", "birthday=1996-04-18")); /* it was another day */
    assert_string_equal("b/2026-04-18 2026-04-19 00:00", kit_due(&kit));
    kit_close(&kit);
}

/* --- each ---------------------------------------------------------------------------------------------------------------------
 */

static void test_each(void **state)
{
    struct kit kit;
    (void)state;
    open_with(&kit, NULL,
              "<state id='a'><g:step id='issue' required='no' repeat='yes'><g:field name='safety' type='boolean'/></g:step>"
              "<g:step id='close' required='no' repeat='yes' clause='CS-1'>"
              "<g:deadline id='slow' from='issue' take='each' within='P3D' when='not form.issue.safety'/>"
              "<g:deadline id='fast' from='issue' take='each' within='PT24H' when='form.issue.safety'/></g:step></state>",
              "2026-03-07T10:00");
    OK(kit_do(&kit, "2026-03-07T11:00", "周敏", "issue", "safety=no"));
    OK(kit_do(&kit, "2026-03-07T12:00", "周敏", "issue", "safety=yes"));
    assert_string_equal("slow/2 2026-03-11 00:00; fast/3 2026-03-08 12:00", kit_due(&kit));
    OK(kit_do(&kit, "2026-03-08T10:00", "周敏", "close", "")); /* the one that was opened first */
    assert_string_equal("fast/3 2026-03-08 12:00", kit_due(&kit));
    kit_until(&kit, "2026-03-09T00:00");
    assert_string_equal("F1 STEP_MISSING major open close CS-1", kit_findings(&kit));
    assert_string_equal("3", last(&kit)->instance);
    OK(kit_do(&kit, "2026-03-09T10:00", "周敏", "close", ""));
    assert_string_equal("F1 STEP_LATE minor remedied close CS-1", kit_findings(&kit));
    OK(kit_do(&kit, "2026-03-08T11:00/2026-03-09T11:00", "周敏", "close", ""));
    assert_string_equal("F2 LATE_ENTRY info noted close T-LAG", kit_findings(&kit));
    kit_close(&kit);
}

/* --- working days, tables, min
 * -------------------------------------------------------------------------------------------------- */

static void test_working_days(void **state)
{
    struct kit kit;
    (void)state;
    open_with(
        &kit, NULL,
        "<state id='a'><g:step id='x' required='no' repeat='yes'/><g:step id='one'><g:deadline id='d' from='x' within='P2D' "
        "days='work'/></g:step></state>",
        "2026-09-23T10:00");
    OK(kit_do(&kit, "2026-09-23T11:00", "周敏", "x", ""));
    assert_string_equal("d 2026-09-29 00:00", kit_due(&kit));
    assert_int_equal(GUAN_NO, kit_do(&kit, "2026-12-31T11:00", "周敏", "x", ""));
    assert_string_equal("calendar-year", kit.error.rule); /* it would run into a year that is not there */
    kit_close(&kit);
}

/* --- the hook
 * ------------------------------------------------------------------------------------------------------------------- */

static void test_table_and_min(void **state)
{
    struct kit kit;
    (void)state;
    open_with(
        &kit, NULL,
        "<state id='a'><g:step id='grade' required='no' repeat='yes'><g:field name='grade' type='choice' of='A B C'/></g:step>"
        "<g:step id='one'><g:deadline id='d' from='grade' take='first' within='T-CADENCE[form.grade.grade]'/></g:step>"
        "<g:step id='two'><g:deadline id='m' within='min(PT24H, T-DAY)'/></g:step>"
        "<g:rule id='r' kind='max-gap' of='one' from='grade' within='T-CADENCE[form.grade.grade]'/></state>",
        "2026-03-07T10:00");
    assert_string_equal("m 2026-03-08 00:00", kit_due(&kit));
    OK(kit_do(&kit, "2026-03-07T11:00", "周敏", "grade", "grade=C")); /* no such cell: nothing is due */
    assert_string_equal("m 2026-03-08 00:00", kit_due(&kit));
    OK(kit_do(&kit, "2026-03-07T11:30", "周敏", "grade", "grade=B"));
    assert_string_equal("m 2026-03-08 00:00; d 2026-03-10 00:00", kit_due(&kit));
    OK(kit_do(&kit, "2026-03-07T10:30/2026-03-07T12:00", "周敏", "grade", "grade=A")); /* the first; but B is the latest */
    assert_string_equal("m 2026-03-08 00:00; d 2026-03-10 00:00; rule:r/2026-03-07T02:30:00.000Z 2026-03-09 00:00",
                        kit_due(&kit));
    kit_close(&kit);
}

static void test_hook(void **state)
{
    struct kit kit;
    (void)state;
    open_with(&kit,
              "function due(d)\n if d.id == 'call' then return 'P2D/P2D' end\n if d.id == 'loose' then return 'P1D/P9D' end\n"
              " if d.id == 'free' then return 'P9D' end\n if d.id == 'bad' then return 7 end\n"
              " if d.id == 'law' then return 'P9D' end\n if d.id == 'lawful' then return 'P1D' end\nend\n",
              "<state id='a'><g:step id='s1'><g:deadline id='call' window='P2D/P3D'/></g:step>"
              "<g:step id='s2' clause='CS-1'><g:deadline id='loose' window='P2D/P3D'/></g:step>"
              "<g:step id='s3' tunable='yes'><g:deadline id='free' within='P3D'/></g:step>"
              "<g:step id='s4'><g:deadline id='bad' within='P3D'/></g:step>"
              "<g:step id='s5'><g:deadline id='law' within='P3D' clause='LW-1'/></g:step>"
              "<g:step id='s6' clause='LW-2'><g:deadline id='lawful' within='P3D'/></g:step></state>",
              "2026-03-07T10:00");
    assert_string_equal("call 2026-03-10 00:00; loose 2026-03-11 00:00; free 2026-03-17 00:00; bad 2026-03-11 00:00; "
                        "law 2026-03-11 00:00; lawful 2026-03-09 00:00",
                        kit_due(&kit));
    assert_string_equal("F1 HOOK_ERROR info noted s2 ; F2 HOOK_ERROR info noted s4 ; F3 HOOK_ERROR info noted s5 LW-1",
                        kit_findings(&kit));
    assert_non_null(strstr(kit.all.items[2].text, "hook due"));
    OK(kit_do(&kit, "2026-03-07T11:00", "周敏", "s4", "")); /* told once */
    assert_int_equal(3, kit.all.count);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_window),
        cmocka_unit_test(test_window_early),
        cmocka_unit_test(test_window_missed),
        cmocka_unit_test(test_reminder),
        cmocka_unit_test(test_festivals),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_late_and_in_order),
        cmocka_unit_test(test_waiver),
        cmocka_unit_test(test_state_left),
        cmocka_unit_test(test_every),
        cmocka_unit_test(test_birthday),
        cmocka_unit_test(test_each),
        cmocka_unit_test(test_working_days),
        cmocka_unit_test(test_table_and_min),
        cmocka_unit_test(test_hook),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
