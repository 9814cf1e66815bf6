/* Steps: order, roles, four eyes, instances, repetition, late entries. */
#include "kit.h"

#define T "2026-03-07T"

static void test_done_and_complete(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='one' title='一' clause='CS-1' role='receptionist'/>"
                   "<g:step id='two' clause='CS-2' role='receptionist' required='no'/>"
                   "<transition event='complete.a' target='b'/></state><state id='b'/>");
    REFUSED("usage: unknown-step", kit_do(&kit, T "10:01", "周敏", "onee", ""));
    assert_string_equal("did you mean one?", kit.refusal.hint);
    OK(kit_do(&kit, T "10:01", "周敏", "two", ""));
    assert_string_equal("a", kit_state(&kit, "flow#1"));
    OK(kit_do(&kit, T "10:02", "周敏", "one", ""));
    assert_string_equal("complete.a", kit.raised);
    assert_string_equal("b", kit_state(&kit, "flow#1"));
    assert_string_equal("", kit_findings(&kit));
    assert_string_equal("receptionist", kit.record.role);
    REFUSED("usage: step-not-open", kit_do(&kit, T "10:03", "周敏", "two", ""));
    kit_close(&kit);
}

static void test_twice(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='one'/><g:step id='more' required='no' repeat='yes'>"
                   "<g:field name='n' type='integer'/></g:step></state>");
    OK(kit_do(&kit, T "10:01", "周敏", "one", ""));
    REFUSED("usage: step-done", kit_do(&kit, T "10:02", "周敏", "one", ""));
    OK(kit_do(&kit, T "10:02", "周敏", "more", "n=1"));
    OK(kit_do(&kit, T "10:03", "周敏", "more", "n=2"));
    OK(kit_do(&kit, T "10:02:30/" T "10:04", "周敏", "more", "n=3")); /* entered last, but not the latest */
    const struct value *facts = kit_json(&kit, kit.rows[0].facts);
    const struct value *item = value_get(value_get(value_get(value_get(facts, "steps"), "more"), "inst"), "");
    assert_int_equal(3, value_get_int(item, "count"));
    assert_int_equal(2, value_get_int(value_get(item, "form"), "n"));
    kit_close(&kit);
}

static void test_after_block(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<datamodel><data id='need' expr='false'/></datamodel><state id='a'>"
                   "<g:step id='one' clause='CS-1' waive-by='floor_manager'/><g:step id='two' clause='CS-2'/>"
                   "<g:step id='not_due' clause='CS-4' when='need'/>"
                   "<g:step id='three' clause='CS-3' after='one two not_due'/></state>");
    REFUSED("GUARD_BLOCKED after CS-3,CS-1,CS-2", kit_do(&kit, T "10:01", "周敏", "three", ""));
    assert_int_equal(2, value_count(kit.refusal.missing));
    assert_string_equal("two", value_get_text(value_at(kit.refusal.missing, 1), "step"));
    OK(kit_do(&kit, T "10:02", "周敏", "two", ""));
    OK(kit_waive(&kit, T "10:03", "陈静", "one"));
    REFUSED("usage: step-not-asked", kit_do(&kit, T "10:03", "周敏", "not_due", ""));
    /* recorded later, but it happened before: `after` looks at when things were done */
    REFUSED("GUARD_BLOCKED after CS-3,CS-2", kit_do(&kit, T "10:01:30/" T "10:05", "周敏", "three", ""));
    OK(kit_do(&kit, T "10:05", "周敏", "three", ""));
    assert_string_equal("F1 OVERRIDE_USED minor waived one CS-1", kit_findings(&kit));
    kit_close(&kit);
}

static void test_after_warn(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a' g:mode='warn'><g:step id='one' clause='CS-1'/><g:step id='two' clause='CS-2'/>"
                   "<g:step id='three' clause='CS-3' after='one two'/></state>");
    OK(kit_do(&kit, T "10:01", "周敏", "three", ""));
    assert_string_equal("F1 ORDER_VIOLATION major open three CS-3,CS-1,CS-2", kit_findings(&kit));
    OK(kit_do(&kit, T "10:02", "周敏", "one", ""));
    OK(kit_do(&kit, T "10:02", "周敏", "two", ""));
    assert_string_equal("complete.a", kit.raised); /* out of order counts as done */
    kit_close(&kit);
}

static void test_roles_and_signers(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit,
             "<state id='a'><g:step id='sign' clause='CS-1' role='sales_consultant' with='customer|agent company' repeat='yes'/>"
             "<g:step id='drive' clause='CS-2' role='test_drive_specialist sales_consultant' repeat='yes'/>"
             "<g:step id='any' repeat='yes'/><g:step id='auto' role='system'/></state>");
    REFUSED("ROLE_DENIED role CS-1", kit_do(&kit, T "10:01", "周敏+王磊+公司", "sign", ""));
    REFUSED("ROLE_DENIED with CS-1", kit_do(&kit, T "10:01", "林涛+王磊", "sign", ""));
    REFUSED("ROLE_DENIED with CS-1", kit_do(&kit, T "10:01", "林涛+王磊+刘敏", "sign", ""));
    REFUSED("usage: signers", kit_do(&kit, T "10:01", "林涛+林涛+公司", "sign", ""));
    OK(kit_do(&kit, T "10:02", "林涛+公司+周明", "sign", "")); /* any order, the agent for the customer */
    OK(kit_do(&kit, T "10:03", "王磊+林涛+公司", "sign", ""));
    assert_string_equal("customer", kit.record.role);
    REFUSED("ROLE_DENIED role CS-2", kit_do(&kit, T "10:04", "王磊+何勇", "drive", "")); /* whoever did it holds a place */
    OK(kit_do(&kit, T "10:04", "何勇+王磊", "drive", ""));
    assert_string_equal("test_drive_specialist", kit.record.role);
    OK(kit_do_as(&kit, T "10:05", "何勇", "sales_consultant", "drive", ""));
    assert_string_equal("sales_consultant", kit.record.role);
    REFUSED("ROLE_DENIED role CS-2", kit_do_as(&kit, T "10:06", "林涛", "test_drive_specialist", "drive", ""));
    OK(kit_do(&kit, T "10:07", "王磊", "any", ""));
    REFUSED("ROLE_DENIED role ", kit_do(&kit, T "10:07", "王磊", "auto", ""));
    OK(kit_do(&kit, T "10:08", "system", "auto", ""));
    kit_close(&kit);
}

static void test_not_by(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='ask' clause='CS-1' repeat='yes'/><g:step id='grant' clause='CS-2' after='ask' "
                   "not-by='ask'/></state>");
    OK(kit_do(&kit, T "10:01", "林涛", "ask", ""));
    REFUSED("GUARD_BLOCKED not-by CS-2", kit_do(&kit, T "10:02", "林涛", "grant", ""));
    OK(kit_do(&kit, T "10:03", "周敏", "ask", "")); /* the last who did it counts */
    OK(kit_do(&kit, T "10:04", "林涛", "grant", ""));
    kit_close(&kit);
}

static void test_claimed(void **state)
{
    struct kit kit;
    struct refusal refusal;
    struct record record;
    struct findings findings = {0};
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='law' clause='LW-1'/><g:step id='eyes' clause='CS-1' not-by='plain'/><g:step "
                   "id='plain'/></state>");
    kit.world.accept_claimed = false;
    struct actor actor = kit_actor(&kit, "林涛");
    actor.claimed = true;
    kit.world.actor = &actor;
    struct act act = {.step = "law", .actors = &actor, .actor_count = 1};
    assert_int_equal(GUAN_NO, standard_step(kit_standard(&kit, "flow#1"), &act, 1, &record, &findings, &refusal, &kit.error));
    assert_string_equal("ROLE_DENIED", refusal.code);
    assert_string_equal("claimed", refusal.reason);
    act.step = "eyes";
    assert_int_equal(GUAN_NO, standard_step(kit_standard(&kit, "flow#1"), &act, 1, &record, &findings, &refusal, &kit.error));
    act.step = "plain";
    assert_int_equal(GUAN_OK, standard_step(kit_standard(&kit, "flow#1"), &act, 1, &record, &findings, &refusal, &kit.error));
    actor.claimed = false;
    act.step = "law";
    assert_int_equal(GUAN_OK, standard_step(kit_standard(&kit, "flow#1"), &act, 1, &record, &findings, &refusal, &kit.error));
    kit_close(&kit);
}

static void test_per(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(
        &kit,
        "<state id='a'><g:step id='licence' clause='CS-1' per='driver'><g:field name='driver'/></g:step>"
        "<g:step id='start' clause='CS-2' after='licence' repeat='yes'><g:field name='driver' default='_event.actor'/></g:step>"
        "<g:step id='end' after='licence' repeat='yes'/><transition event='complete.a' target='b'/></state><state id='b'/>");
    OK(kit_do(&kit, T "10:01", "何勇", "licence", "driver=王磊"));
    assert_string_equal("party:1", kit.record.instance);
    REFUSED("usage: step-done", kit_do(&kit, T "10:01", "何勇", "licence", "driver=王磊"));
    REFUSED("GUARD_BLOCKED after CS-2,CS-1", kit_do(&kit, T "10:02", "刘敏", "start", ""));
    OK(kit_do(&kit, T "10:02", "王磊", "start", ""));
    OK(kit_do(&kit, T "10:03", "何勇", "licence", "driver=刘敏"));
    OK(kit_do(&kit, T "10:04", "刘敏", "start", ""));
    OK(kit_do(&kit, T "10:05", "何勇", "licence", "driver=路人甲"));
    assert_true(kit.record.instance[0] == '~'); /* a stranger's name is a token */
    OK(kit_do(&kit, T "10:06", "何勇", "start", "driver=路人甲"));
    OK(kit_do(&kit, T "10:06", "何勇", "end", ""));
    assert_string_equal("b", kit_state(&kit, "flow#1"));
    kit_close(&kit);
}

static void test_done_when_and_reopens(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit,
             "<state id='a'><g:step id='pdi' clause='CS-1' repeat='yes' done-when='#form.pdi.fail == 0 or steps.pdi.count >= 3'>"
             "<g:field name='fail' type='list' personal='no'/></g:step>"
             "<g:step id='docs' repeat='yes' reopens='tick'/><g:step id='tick' clause='CS-2' after='docs pdi'/>"
             "<transition event='leave' target='b'/></state><state id='b'/>");
    OK(kit_do(&kit, T "10:01", "周敏", "pdi", "fail=brakes,lamp"));
    assert_false(kit.record.complete);
    OK(kit_do(&kit, T "10:01", "周敏", "docs", ""));
    REFUSED("GUARD_BLOCKED after CS-2,CS-1", kit_do(&kit, T "10:02", "周敏", "tick", ""));
    OK(kit_do(&kit, T "10:03", "周敏", "pdi", "fail=none"));
    assert_true(kit.record.complete);
    OK(kit_do(&kit, T "10:04", "周敏", "tick", ""));
    assert_string_equal("complete.a", kit.raised);
    OK(kit_do(&kit, T "10:05", "周敏", "docs", "")); /* again: the tick is open again */
    REFUSED("GUARD_BLOCKED gate CS-2", kit_send(&kit, T "10:06", "周敏", "leave"));
    OK(kit_do(&kit, T "10:07", "周敏", "tick", ""));
    assert_string_equal("", kit.raised);                  /* complete.a once an activation */
    OK(kit_do(&kit, T "10:08", "周敏", "pdi", "fail=x")); /* the third record completes by its count */
    assert_true(kit.record.complete);
    OK(kit_send(&kit, T "10:09", "周敏", "leave"));
    kit_close(&kit);
}

static void test_late_entry(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit,
             "<state id='a'><g:step id='one' clause='CS-1' required='no' role='receptionist' after='zero'>"
             "<g:field name='n' type='integer' max='5' required='no'/></g:step><g:step id='zero' clause='CS-2' required='no'/>"
             "<transition event='go' target='b'/></state>"
             "<state id='b'><g:step id='later' required='no'/><transition event='one' target='c'/><transition event='end' "
             "target='z' g:gate='open'/></state>"
             "<state id='c'/><final id='z'/>");
    REFUSED("usage: step-not-open", kit_do(&kit, T "10:05", "周敏", "later", "")); /* not yet active: refused in any mode */
    REFUSED("usage: step-not-open", kit_do(&kit, T "09:00/" T "10:05", "周敏", "one", ""));
    OK(kit_send(&kit, T "11:00", "周敏", "go"));
    REFUSED("usage: step-not-open", kit_do(&kit, T "11:30", "周敏", "one", ""));
    REFUSED("usage: step-not-open", kit_do(&kit, T "10:30/" T "11:31", "周敏", "later", "")); /* open, but not then */
    /* out of order, by the wrong role, past its limit, 4 h after: nothing blocks it, all of it is found */
    OK(kit_do(&kit, T "10:30/" T "14:31", "林涛", "one", "n=7"));
    assert_true(kit.record.late_entry);
    assert_string_equal("F1 FIELD_INVALID minor open one CS-1; F2 ORDER_VIOLATION major open one CS-1,CS-2; "
                        "F3 ROLE_DENIED major open one CS-1; F4 LATE_ENTRY info noted one T-LAG",
                        kit_findings(&kit));
    assert_string_equal("c", kit_state(&kit, "flow#1")); /* raises its event as usual */
    kit_close(&kit);
}

static void test_late_entry_of_ended_session(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='one' clause='CS-1'/><transition event='end' target='z' "
                   "g:gate='warn'/></state><final id='z'/>");
    OK(kit_send(&kit, T "11:00", "周敏", "end"));
    assert_string_equal("ended", kit_state(&kit, "flow#1"));
    assert_string_equal("F1 STEP_MISSING major open one CS-1", kit_findings(&kit));
    OK(kit_do(&kit, T "10:30/" T "11:10", "周敏", "one", ""));
    assert_string_equal("", kit_findings(&kit)); /* it had been done before the state was left */
    assert_string_equal("withdrawn", kit.all.items[kit.all.count - 1].status);
    kit_close(&kit);
}

static void test_activations(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='one' clause='CS-1'><g:field name='n' type='integer'/></g:step>"
                   "<transition event='again' target='a' g:gate='open'/><transition event='probe' cond='form.one.n == 1 and not "
                   "steps.one.done' "
                   "target='b' g:gate='open'/></state><state id='b'/>");
    OK(kit_do(&kit, T "10:01", "周敏", "one", "n=1"));
    OK(kit_send(&kit, T "10:02", "周敏", "again")); /* a new activation opens the step, its last record goes on showing */
    REFUSED("usage: step-done", kit_do(&kit, T "10:01:30/" T "10:03", "周敏", "one", "n=3"));
    OK(kit_send(&kit, T "10:04", "周敏", "probe"));
    assert_string_equal("b", kit_state(&kit, "flow#1"));
    kit_close(&kit);
}

static void test_send(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit,
             "<state id='a'><g:step id='one' required='no'/><g:deadline id='d' within='PT1H' event='no_show' severity='none'/>"
             "<transition event='cancel' target='b' g:role='floor_manager customer' g:clause='CS-3'/>"
             "<transition event='no_show' target='b' g:gate='open'/><transition event='one' target='b'/></state><state id='b'/>");
    REFUSED("usage: event-is-step", kit_send(&kit, T "10:01", "陈静", "one"));
    REFUSED("usage: event-reserved", kit_send(&kit, T "10:01", "陈静", "flow.complete.a"));
    REFUSED("usage: event-reserved", kit_send(&kit, T "10:01", "陈静", "no_show"));
    REFUSED("usage: event-not-open", kit_send(&kit, T "10:01", "陈静", "cancle"));
    assert_string_equal("did you mean cancel?", kit.refusal.hint);
    REFUSED("ROLE_DENIED role CS-3", kit_send(&kit, T "10:01", "林涛", "cancel"));
    OK(kit_send(&kit, T "10:01", "王磊", "cancel"));
    assert_string_equal("", kit_due(&kit)); /* the deadline went with its state */
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_done_and_complete),
        cmocka_unit_test(test_twice),
        cmocka_unit_test(test_after_block),
        cmocka_unit_test(test_after_warn),
        cmocka_unit_test(test_roles_and_signers),
        cmocka_unit_test(test_not_by),
        cmocka_unit_test(test_claimed),
        cmocka_unit_test(test_per),
        cmocka_unit_test(test_done_when_and_reopens),
        cmocka_unit_test(test_late_entry),
        cmocka_unit_test(test_late_entry_of_ended_session),
        cmocka_unit_test(test_activations),
        cmocka_unit_test(test_send),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
