/* Corrections: what a record says, or when it happened; and what followed from it. */
#include "kit.h"

#define T "2026-03-07T"

static const char *const flow =
    "<state id='a'><g:step id='x' required='no' repeat='yes' role='receptionist' clause='CS-1'>"
    "<g:field name='n' type='integer' max='9'/><g:field name='name' type='text'/><g:field name='slot' type='datetime' "
    "required='no'/></g:step>"
    "<g:step id='due' clause='CS-2'><g:deadline id='d' from='x' within='PT1H'/></g:step>"
    "<g:step id='slot'><g:deadline id='s' before='form.x.slot' lead='PT1H'/></g:step>"
    "<transition event='go' target='b' g:gate='open'/></state><state id='b'/>";

static void test_form(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, flow);
    OK(kit_do(&kit, T "10:10", "周敏", "x", "n=3 name=王小明"));
    uint64_t of = kit.n;
    REFUSED("usage: unknown-record", kit_amend(&kit, T "10:20", "周敏", 77, "flow#1", "n=4"));
    REFUSED("usage: unknown-field", kit_amend(&kit, T "10:20", "周敏", of, "flow#1", "m=4"));
    REFUSED("usage: field-format", kit_amend(&kit, T "10:20", "周敏", of, "flow#1", "n=four"));
    REFUSED("usage: nothing-changes", kit_amend(&kit, T "10:20", "周敏", of, "flow#1", ""));
    REFUSED("GUARD_BLOCKED check CS-1", kit_amend(&kit, T "10:20", "周敏", of, "flow#1", "n=10"));
    REFUSED("ROLE_DENIED role CS-1", kit_amend(&kit, T "10:20", "林涛", of, "flow#1", "n=4"));
    OK(kit_amend(&kit, T "10:20", "周敏", of, "flow#1", "n=4"));
    assert_int_equal(4, value_get_int(kit.record.form, "n"));
    assert_non_null(value_get_text(kit.record.form, "name"));           /* the whole form, as the machine sees it */
    assert_string_equal("{\"n\":4}", kit_text(&kit, kit.record.plain)); /* only what changed */
    assert_int_equal(0, kit.record.personal_count);
    OK(kit_amend(&kit, T "10:21", "周敏", of, "flow#1", "name=李大力 slot=2026-03-08T14:00"));
    assert_int_equal(1, kit.record.personal_count);
    assert_string_equal("form.name", kit.record.personal[0].path);
    assert_int_equal(4, value_get_int(kit.record.form, "n")); /* the earlier correction stays */
    assert_string_equal("d 2026-03-07 11:10; s 2026-03-08 13:00", kit_due(&kit));
    kit_close(&kit);
}

/* The anchor was another: what is due moves, a miss is taken back, or comes to be. */
static void test_anchor(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, flow);
    OK(kit_do(&kit, T "10:10", "周敏", "x", "n=3 name=a"));
    uint64_t of = kit.n;
    REFUSED("usage: future", kit_amend(&kit, T "10:20", "周敏", of, "flow#1", "at=2026-03-07T10:30"));
    REFUSED("usage: step-not-open", kit_amend(&kit, T "10:20", "周敏", of, "flow#1", "at=2026-03-06T10:30"));
    OK(kit_amend(&kit, T "10:20", "周敏", of, "flow#1", "at=2026-03-07T10:05"));
    assert_string_equal("d 2026-03-07 11:05", kit_due(&kit));
    kit_until(&kit, T "11:30");
    assert_string_equal("F1 STEP_MISSING major open due CS-2", kit_findings(&kit));
    OK(kit_amend(&kit, T "11:30", "周敏", of, "flow#1", "at=2026-03-07T11:10"));
    assert_string_equal("", kit_findings(&kit));
    assert_string_equal("d 2026-03-07 12:10", kit_due(&kit));
    OK(kit_do(&kit, T "12:00", "周敏", "due", ""));
    assert_string_equal("", kit_findings(&kit));
    OK(kit_amend(&kit, T "12:30", "周敏", of, "flow#1", "at=2026-03-07T10:30"));
    assert_string_equal("F2 STEP_LATE minor remedied due CS-2", kit_findings(&kit));
    OK(kit_amend(&kit, T "12:40", "周敏", of, "flow#1", "at=2026-03-07T11:15"));
    assert_string_equal("", kit_findings(&kit));
    kit_close(&kit);
}

/* When the step itself was done. */
static void test_own_time(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, flow);
    OK(kit_do(&kit, T "10:10", "周敏", "x", "n=3 name=a"));
    OK(kit_do(&kit, T "11:20", "周敏", "due", ""));
    assert_string_equal("F1 STEP_LATE minor remedied due CS-2", kit_findings(&kit));
    uint64_t of = kit.n;
    OK(kit_amend(&kit, T "11:30", "周敏", of, "flow#1", "at=2026-03-07T11:00"));
    assert_string_equal("", kit_findings(&kit));
    OK(kit_amend(&kit, T "11:40", "周敏", of, "flow#1", "at=2026-03-07T11:15"));
    assert_string_equal("F2 STEP_LATE minor remedied due CS-2", kit_findings(&kit));
    kit_close(&kit);
}

static void test_rules(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='m' required='no' repeat='yes' message='marketing' clause='CS-1'><g:field name='ok' "
                   "type='boolean'/></g:step>"
                   "<g:rule id='gap' kind='min-gap' of='@marketing' within='PT1H' mode='warn' clause='CS-4'/>"
                   "<g:rule id='bad' kind='prohibit' of='m' when='not _event.data.ok' mode='warn' clause='CS-5'/>"
                   "<g:step id='close' required='no' repeat='yes' clause='CS-2'><g:deadline id='e' from='m' take='each' "
                   "within='PT4H'/></g:step></state>");
    OK(kit_do(&kit, T "10:10", "周敏", "m", "ok=no"));
    uint64_t first = kit.n;
    OK(kit_do(&kit, T "10:30", "周敏", "m", "ok=yes"));
    assert_string_equal("F1 PROHIBITED major open m CS-5; F2 FREQ_GAP minor open m CS-4", kit_findings(&kit));
    assert_string_equal("e/2 2026-03-07 14:10; e/3 2026-03-07 14:30", kit_due(&kit));
    OK(kit_amend(&kit, T "10:40", "周敏", first, "flow#1", "ok=yes")); /* an older record: it is kept */
    assert_string_equal("F2 FREQ_GAP minor open m CS-4", kit_findings(&kit));
    OK(kit_amend(&kit, T "12:40", "周敏", first, "flow#1", "at=2026-03-07T11:40"));
    assert_string_equal("", kit_findings(&kit));
    assert_string_equal("e/2 2026-03-07 15:40; e/3 2026-03-07 14:30", kit_due(&kit));
    OK(kit_amend(&kit, T "12:41", "周敏", first, "flow#1", "at=2026-03-07T10:45"));
    assert_string_equal("F3 FREQ_GAP minor open m CS-4", kit_findings(&kit));
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_form), cmocka_unit_test(test_anchor),
                                       cmocka_unit_test(test_own_time), cmocka_unit_test(test_rules)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
