/* Deadlines: anchors, due times, misses, lateness, one finding through its life; waivers. */
#include "kit.h"

#define T "2026-03-07T"

static void test_life_of_one(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='greet' clause='CS-1' repeat='yes'><g:deadline id='d' within='T-GREET' "
                   "clause='CS-2'/></g:step></state>");
    assert_string_equal("d 2026-03-07 10:01", kit_due(&kit));
    kit_until(&kit, T "10:00:59");
    assert_string_equal("", kit_findings(&kit));
    kit_until(&kit, T "10:02");
    assert_string_equal("F1 STEP_MISSING major open greet CS-2", kit_findings(&kit));
    assert_string_equal("", kit_due(&kit));
    OK(kit_do(&kit, T "10:05", "周敏", "greet", ""));
    assert_string_equal("F1 STEP_LATE minor remedied greet CS-2", kit_findings(&kit));
    const struct finding *finding = &kit.all.items[kit.all.count - 1];
    assert_true(finding->due == kit_time(&kit, T "10:01", 16) && finding->at == kit_time(&kit, T "10:05", 16));
    OK(kit_do(&kit, T "10:06", "周敏", "greet", "")); /* once more changes nothing */
    assert_int_equal(0, kit.now.count);
    OK(kit_do(&kit, T "10:00:30/" T "10:07", "周敏", "greet", "")); /* entered late, but it was in time */
    assert_string_equal("", kit_findings(&kit));
    kit_close(&kit);
}

static void test_in_time(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='greet'><g:deadline id='d' within='PT1M'/></g:step></state>");
    OK(kit_do(&kit, T "10:01", "周敏", "greet", "")); /* at the very instant; but the timer fired first */
    assert_string_equal("", kit_findings(&kit));
    assert_string_equal("withdrawn", kit.all.items[1].status);
    kit_close(&kit);
    kit_open(&kit, "<state id='a'><g:step id='greet'><g:deadline id='d' within='PT1M'/></g:step></state>");
    OK(kit_do(&kit, T "10:00:59", "周敏", "greet", ""));
    assert_string_equal("", kit_due(&kit));
    assert_int_equal(0, kit.all.count);
    kit_close(&kit);
}

/* A record that does not complete its step does not meet its deadline. */
static void test_incomplete(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(
        &kit,
        "<state id='a'><g:step id='call' repeat='yes' clause='CS-1' done-when='form.call.ok'><g:field name='ok' type='boolean'/>"
        "<g:deadline id='d' within='PT10M'/></g:step></state>");
    OK(kit_do(&kit, T "10:05", "周敏", "call", "ok=no"));
    assert_string_equal("d 2026-03-07 10:10", kit_due(&kit));
    kit_until(&kit, T "10:10");
    OK(kit_do(&kit, T "10:11", "周敏", "call", "ok=no"));
    assert_string_equal("F1 STEP_MISSING major open call CS-1", kit_findings(&kit));
    OK(kit_do(&kit, T "10:12", "周敏", "call", "ok=yes"));
    assert_string_equal("F1 STEP_LATE minor remedied call CS-1", kit_findings(&kit));
    kit_close(&kit);
}

static void test_event_and_severity(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:deadline id='gone' within='T-OWN' event='no_show' severity='none'/>"
                   "<g:deadline id='state_one' title='x' within='PT5M' clause='CS-1'/>"
                   "<g:step id='one'><g:deadline id='d' within='PT7M' severity='critical'/></g:step>"
                   "<transition event='no_show' target='b' g:gate='open'/></state><state id='b'/>");
    kit_until(&kit, T "10:10");
    assert_string_equal("F1 STEP_MISSING major open - CS-1; F2 STEP_MISSING critical open one ", kit_findings(&kit));
    kit_until(&kit, T "10:19:59");
    assert_string_equal("a", kit_state(&kit, "flow#1")); /* the dealer's T-OWN is 20 minutes */
    kit_until(&kit, T "10:20");
    assert_string_equal("b", kit_state(&kit, "flow#1"));
    assert_int_equal(2, kit.world.findings);
    kit_close(&kit);
}

static void test_anchors(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='x' required='no' repeat='yes'/><g:step id='y' required='no' repeat='yes'/>"
                   "<g:step id='last'><g:deadline id='dl' from='x y' within='PT1H'/></g:step>"
                   "<g:step id='first'><g:deadline id='df' from='x y' take='first' within='PT1H'/></g:step>"
                   "<g:step id='ev'><g:deadline id='de' from='ping' within='P3D'/></g:step><transition event='ping'/></state>");
    assert_string_equal("", kit_due(&kit));
    OK(kit_do(&kit, T "10:10", "周敏", "x", ""));
    assert_string_equal("dl 2026-03-07 11:10; df 2026-03-07 11:10", kit_due(&kit));
    OK(kit_do(&kit, T "10:20", "周敏", "y", ""));
    assert_string_equal("dl 2026-03-07 11:20; df 2026-03-07 11:10", kit_due(&kit));
    OK(kit_do(&kit, T "10:05/" T "10:30", "周敏", "x", "")); /* entered out of order: the set counts */
    assert_string_equal("dl 2026-03-07 11:20; df 2026-03-07 11:05", kit_due(&kit));
    OK(kit_send(&kit, T "10:31", "周敏", "ping"));
    assert_string_equal("dl 2026-03-07 11:20; df 2026-03-07 11:05; de 2026-03-11 00:00", kit_due(&kit));
    kit_until(&kit, T "11:30");
    assert_string_equal("F1 STEP_MISSING major open first ; F2 STEP_MISSING major open last ", kit_findings(&kit));
    OK(kit_do(&kit, T "11:31", "周敏", "y", "")); /* the anchor moves: a new chance */
    assert_string_equal("de 2026-03-11 00:00; dl 2026-03-07 12:31", kit_due(&kit));
    kit_close(&kit);
}

static void test_before_and_when(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(
        &kit,
        "<datamodel><data id='slot'/></datamodel><state id='a'>"
        "<g:step id='book' repeat='yes'><g:field name='slot' type='datetime'/></g:step>"
        "<g:step id='confirm'><g:deadline id='day' before='slot' lead='D-1@18:00' when='slot and not same_day(slot, entered)'/>"
        "<g:deadline id='hour' within='PT1H' when='slot and same_day(slot, entered)'/></g:step>"
        "<g:step id='ready'><g:deadline id='lead' before='slot' lead='PT1H'/></g:step>"
        "<g:step id='come'><g:deadline id='come' fromexpr='slot' within='PT15M'/></g:step>"
        "<transition event='book'><assign location='slot' expr='form.book.slot'/></transition></state>");
    assert_string_equal("", kit_due(&kit));
    OK(kit_do(&kit, T "10:01", "周敏", "book", "slot=2026-03-09T14:00"));
    assert_string_equal("day 2026-03-08 18:00; lead 2026-03-09 13:00; come 2026-03-09 14:15", kit_due(&kit));
    OK(kit_do(&kit, T "10:02", "周敏", "book", "slot=2026-03-07T16:00"));
    assert_string_equal("lead 2026-03-07 15:00; come 2026-03-07 16:15; hour 2026-03-07 11:00", kit_due(&kit));
    OK(kit_do(&kit, T "10:03", "周敏", "confirm", ""));
    OK(kit_do(&kit, T "10:04", "周敏", "ready", ""));
    assert_string_equal("come 2026-03-07 16:15", kit_due(&kit));
    kit_close(&kit);
}

static void test_other_sessions(void **state)
{
    struct kit kit;
    (void)state;
    kit_new(&kit);
    kit_flow(&kit, "sub",
             "<state id='s'><g:step id='sign' required='no'><g:field name='n' type='integer'/></g:step>"
             "<transition event='sign' target='z'/><transition event='bye' target='z'/></state><final id='z'/>");
    kit_flow(&kit, "flow",
             "<parallel id='p'><g:step id='call'><g:deadline id='after_sign' from='sub.sign' within='PT1H'/></g:step>"
             "<g:step id='once'><g:deadline id='first' from='sub.sign' take='first' within='PT1H'/></g:step>"
             "<g:step id='wave'><g:deadline id='after_bye' from='sub.bye' within='PT1H'/></g:step>"
             "<state id='x' initial='on'><state id='on'><invoke id='sub' type='scxml' src='sub.scxml'/>"
             "<transition event='done.invoke.sub' cond=\"form['sub.sign'].n == 2 and steps['sub.sign'].done\" target='off'/>"
             "<transition event='done.invoke.sub' target='on'/></state><state id='off'/></state></parallel>");
    kit_start(&kit, "flow", T "10:00");
    OK(kit_send(&kit, T "10:10", "周敏", "sub.bye"));
    assert_string_equal("after_bye 2026-03-07 11:10", kit_due(&kit));
    assert_string_equal("s", kit_state(&kit, "sub#2"));
    OK(kit_do(&kit, T "10:20", "周敏", "sub.sign", "n=1"));
    assert_string_equal("after_bye 2026-03-07 11:10; after_sign 2026-03-07 11:20; first 2026-03-07 11:20", kit_due(&kit));
    OK(kit_do(&kit, T "10:30", "周敏", "sub.sign", "n=2"));
    assert_string_equal("after_bye 2026-03-07 11:10; after_sign 2026-03-07 11:30; first 2026-03-07 11:20",
                        kit_due(&kit)); /* ended sessions too */
    assert_string_equal("off", kit_state(&kit, "flow#1"));
    kit_close(&kit);
}

/* Each question is an instance of its own, with its own promise. */
static void test_instances(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='answer' required='no' repeat='yes' per='q' done-when=\"form.answer.status ~= "
                   "'open'\" clause='CS-1'>"
                   "<g:field name='q' personal='no'/><g:field name='status' type='choice' of='open closed'/>"
                   "<g:deadline id='promise' from='answer' within='P1D' when=\"form.answer.status == 'open'\" "
                   "clause='CS-2'/></g:step></state>");
    OK(kit_do(&kit, T "10:01", "周敏", "answer", "q=Q1 status=open"));
    OK(kit_do(&kit, T "10:02", "周敏", "answer", "q=Q2 status=open"));
    OK(kit_do(&kit, T "10:03", "周敏", "answer", "q=Q3 status=closed"));
    assert_string_equal("promise/Q1 2026-03-09 00:00; promise/Q2 2026-03-09 00:00", kit_due(&kit));
    OK(kit_do(&kit, T "11:00", "周敏", "answer", "q=Q2 status=closed"));
    assert_string_equal("promise/Q1 2026-03-09 00:00", kit_due(&kit));
    OK(kit_do(&kit, "2026-03-10T09:00", "周敏", "answer", "q=Q1 status=closed"));
    assert_string_equal("F1 STEP_LATE minor remedied answer CS-2", kit_findings(&kit));
    assert_string_equal("Q1", kit.all.items[kit.all.count - 1].instance);
    kit_close(&kit);
}

static void test_new_activation(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='one' clause='CS-1'><g:deadline id='d' within='PT10M'/></g:step>"
                   "<transition event='again' target='a' g:gate='open'/></state>");
    kit_until(&kit, T "10:11");
    OK(kit_send(&kit, T "10:12", "周敏", "again"));
    assert_string_equal("d 2026-03-07 10:22", kit_due(&kit));
    kit_until(&kit, T "10:30");
    assert_string_equal("F1 STEP_MISSING major open one CS-1; F2 STEP_MISSING major open one CS-1", kit_findings(&kit));
    OK(kit_do(&kit, T "10:05/" T "10:31", "周敏", "one", "")); /* into the first activation */
    assert_string_equal("F2 STEP_MISSING major open one CS-1", kit_findings(&kit));
    REFUSED("usage: step-done", kit_do(&kit, T "10:06/" T "10:31", "周敏", "one", ""));
    OK(kit_do(&kit, T "10:32", "周敏", "one", ""));
    assert_string_equal("F2 STEP_LATE minor remedied one CS-1", kit_findings(&kit));
    kit_close(&kit);
}

static void test_already_overdue(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='x' required='no'/><transition event='x' target='b'/></state>"
                   "<state id='b'><g:step id='y' clause='CS-1'><g:deadline id='d' from='x' within='PT10M'/></g:step></state>");
    OK(kit_do(&kit, T "10:05/" T "10:30", "周敏", "x", ""));
    assert_string_equal("d 2026-03-07 10:15", kit_due(&kit)); /* case/ fires it in the same transaction */
    kit_until(&kit, T "10:30");
    assert_string_equal("F1 STEP_MISSING major open y CS-1", kit_findings(&kit));
    kit_close(&kit);
}

static void test_stale_timer(void **state)
{
    struct kit kit;
    struct findings findings = {0};
    const char *event;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='one'><g:deadline id='d' within='PT10M'/></g:step></state>");
    struct standard *standard = kit_standard(&kit, "flow#1");
    instant due = kit_time(&kit, T "10:10", 16);
    kit.world.at = due;
    assert_int_equal(GUAN_OK, standard_deadline(standard, "deadline:d", "", due + 1, &findings, &event, &kit.error));
    assert_null(event); /* it has moved since */
    assert_int_equal(GUAN_OK, standard_deadline(standard, "deadline:other", "", due, &findings, &event, &kit.error));
    assert_null(event);
    assert_int_equal(GUAN_OK, standard_deadline(standard, "deadline:d", "", due, &findings, &event, &kit.error));
    assert_string_equal("deadline.missed.d", event);
    assert_int_equal(GUAN_OK, standard_deadline(standard, "deadline:d", "", due, &findings, &event, &kit.error));
    assert_null(event); /* once a due time */
    assert_int_equal(1, findings.count);
    kit_close(&kit);
}

static void test_due_hook(void **state)
{
    struct kit kit;
    (void)state;
    kit_new(&kit);
    kit_file(&kit, "scripts/dealers/base/hooks.lua",
             "function due(deadline, case)\n  if deadline.step == 'one' then return 'PT5M' end\n  return 'PT3H'\nend\n");
    kit_flow(&kit, "flow",
             "<state id='a'><g:step id='one'><g:deadline id='d1' within='PT10M'/></g:step>"
             "<g:step id='two'><g:deadline id='d2' within='PT1H'/></g:step>"
             "<g:step id='three' tunable='yes'><g:deadline id='d3' within='PT1H'/></g:step></state>");
    kit_start(&kit, "flow", T "10:00");
    assert_string_equal("d1 2026-03-07 10:05; d2 2026-03-07 11:00; d3 2026-03-07 13:00", kit_due(&kit));
    kit_close(&kit);
}

static void test_waivers(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit,
             "<state id='a'><g:step id='one' clause='CS-1' waive-by='floor_manager'><g:deadline id='d' within='PT10M' "
             "clause='CS-2'/></g:step>"
             "<g:step id='two' clause='CS-3'/><g:step id='law' clause='LW-1'/><g:step id='bare' class='law'/>"
             "<g:step id='mixed' clause='CS-4' waive-by='floor_manager'><g:field name='paper' type='yes' clause='LW-2'/></g:step>"
             "<g:step id='late' clause='CS-5' waive-by='floor_manager'><g:deadline id='dl' within='PT5M'/></g:step></state>");
    REFUSED("usage: unknown-step", kit_waive(&kit, T "10:01", "陈静", "ones"));
    REFUSED("ROLE_DENIED waive-by CS-1", kit_waive(&kit, T "10:01", "周敏", "one"));
    REFUSED("ROLE_DENIED waive-by CS-3", kit_waive(&kit, T "10:01", "陈静", "two"));
    REFUSED("GUARD_BLOCKED law LW-1", kit_waive(&kit, T "10:01", "陈静", "law"));
    REFUSED("GUARD_BLOCKED law ", kit_waive(&kit, T "10:01", "陈静", "bare"));
    REFUSED("GUARD_BLOCKED law LW-2", kit_waive(&kit, T "10:01", "陈静", "mixed"));
    OK(kit_waive(&kit, T "10:02", "陈静", "one"));
    assert_string_equal("F1 OVERRIDE_USED minor waived one CS-1", kit_findings(&kit));
    assert_string_equal("dl 2026-03-07 10:05", kit_due(&kit)); /* nothing is due any more */
    REFUSED("usage: step-done", kit_waive(&kit, T "10:03", "陈静", "one"));
    OK(kit_do(&kit, T "10:20", "周敏", "late", ""));
    assert_string_equal("F1 OVERRIDE_USED minor waived one CS-1; F2 STEP_LATE minor remedied late CS-5", kit_findings(&kit));
    OK(kit_waive(&kit, T "10:21", "陈静", "late")); /* a done step: its lateness is forgiven, and stays visible */
    assert_string_equal("F1 OVERRIDE_USED minor waived one CS-1; F2 OVERRIDE_USED minor waived late CS-5", kit_findings(&kit));
    const struct finding *finding = &kit.all.items[kit.all.count - 1];
    assert_true(finding->due == kit_time(&kit, T "10:05", 16) && finding->at == kit_time(&kit, T "10:20", 16));
    REFUSED("usage: step-done", kit_waive(&kit, T "10:22", "陈静", "late"));
    kit_close(&kit);
}

/* After the miss, and after the state was left with it. */
static void test_waiver_after_miss(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='one' clause='CS-1' waive-by='floor_manager'><g:deadline id='d' within='PT10M' "
                   "clause='CS-2'/></g:step>"
                   "<transition event='leave' target='b' g:gate='warn'/></state><state id='b'/>");
    OK(kit_send(&kit, T "10:30", "周敏", "leave"));
    assert_string_equal("F1 STEP_MISSING major open one CS-2,CS-1", kit_findings(&kit));
    OK(kit_waive(&kit, T "10:31", "陈静", "one"));
    assert_string_equal("F1 OVERRIDE_USED minor waived one CS-2,CS-1", kit_findings(&kit));
    REFUSED("usage: step-not-open", kit_waive(&kit, T "10:32", "陈静", "one"));
    kit_close(&kit);
}

/* A step of instances is left out as a whole, or for one value. */
static void test_waiver_of_instances(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='check' per='k' repeat='yes' clause='CS-1' waive-by='floor_manager'>"
                   "<g:field name='k' personal='no'/></g:step><g:step id='use' after='check' repeat='yes'><g:field name='k' "
                   "personal='no'/></g:step></state>");
    OK(kit_do(&kit, T "10:01", "周敏", "check", "k=A"));
    OK(kit_other(&kit, T "10:02", "陈静", "check", true, "k", "B"));
    OK(kit_do(&kit, T "10:03", "周敏", "use", "k=B"));
    REFUSED("usage: unknown-field", kit_other(&kit, T "10:04", "陈静", "check", true, "x", "B"));
    REFUSED("GUARD_BLOCKED after CS-1", kit_do(&kit, T "10:04", "周敏", "use", "k=C"));
    OK(kit_waive(&kit, T "10:05", "陈静", "check"));
    OK(kit_do(&kit, T "10:06", "周敏", "use", "k=C"));
    assert_string_equal("F1 OVERRIDE_USED minor waived check CS-1; F2 OVERRIDE_USED minor waived check CS-1", kit_findings(&kit));
    kit_close(&kit);
}

static void test_lag(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='one' repeat='yes'/></state>");
    OK(kit_do(&kit, T "10:01/" T "12:01", "周敏", "one", ""));
    assert_int_equal(0, kit.all.count);
    OK(kit_do(&kit, T "10:01/" T "12:01:01", "周敏", "one", ""));
    assert_string_equal("F1 LATE_ENTRY info noted one T-LAG", kit_findings(&kit));
    kit_close(&kit);
}

static void test_looking(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(
        &kit,
        "<state id='a' g:title='甲' initial='b'><g:step id='opt' required='no'/>"
        "<g:step id='one' title='一' clause='CS-1' role='receptionist' after='opt' waive-by='floor_manager'><g:field name='x'/>"
        "<g:field name='y' required='no'/><g:deadline id='d' within='PT10M'/></g:step><g:step id='off' when='false'/>"
        "<transition event='cancel' target='c' g:gate='open' g:role='customer' g:title='取消'/><state id='b'/></state><state "
        "id='c'/>");
    kit.world.at = kit_time(&kit, T "10:04", 16);
    struct value *todo = standard_todo(kit_standard(&kit, "flow#1"));
    assert_string_equal(
        "[{\"after\":[\"opt\"],\"clause\":[\"CS-1\"],\"done\":false,\"due\":\"2026-03-07T02:10:00.000Z\",\"due_in\":360000,"
        "\"event\":false,\"missing\":[\"x\"],\"required\":true,\"role\":[\"receptionist\"],\"step\":\"one\",\"title\":\"一\","
        "\"waive_by\":[\"floor_manager\"]},"
        "{\"clause\":[],\"done\":false,\"event\":false,\"required\":false,\"role\":[],\"step\":\"opt\"},"
        "{\"done\":false,\"event\":true,\"required\":false,\"role\":[\"customer\"],\"step\":\"cancel\",\"title\":\"取消\"}]",
        kit_text(&kit, todo));
    assert_string_equal("[{\"id\":\"a\",\"title\":\"甲\"},{\"id\":\"b\"}]",
                        kit_text(&kit, standard_where(kit_standard(&kit, "flow#1"))));
    assert_string_equal(
        "[{\"due\":\"2026-03-07T02:10:00.000Z\",\"id\":\"d\",\"missed\":false,\"step\":\"one\",\"title\":\"一\"}]",
        kit_text(&kit, standard_deadlines(kit_standard(&kit, "flow#1"))));
    assert_true(standard_offers_step(kit_standard(&kit, "flow#1"), "one"));
    assert_false(standard_offers_step(kit_standard(&kit, "flow#1"), "two"));
    OK(kit_send(&kit, T "10:05", "王磊", "cancel"));
    assert_false(standard_offers_step(kit_standard(&kit, "flow#1"), "one"));
    kit.world.at = kit_time(&kit, T "10:04", 16);
    assert_true(standard_offers_step(kit_standard(&kit, "flow#1"), "one"));
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_life_of_one),
        cmocka_unit_test(test_in_time),
        cmocka_unit_test(test_event_and_severity),
        cmocka_unit_test(test_anchors),
        cmocka_unit_test(test_before_and_when),
        cmocka_unit_test(test_other_sessions),
        cmocka_unit_test(test_instances),
        cmocka_unit_test(test_new_activation),
        cmocka_unit_test(test_already_overdue),
        cmocka_unit_test(test_stale_timer),
        cmocka_unit_test(test_due_hook),
        cmocka_unit_test(test_waivers),
        cmocka_unit_test(test_waiver_after_miss),
        cmocka_unit_test(test_waiver_of_instances),
        cmocka_unit_test(test_incomplete),
        cmocka_unit_test(test_lag),
        cmocka_unit_test(test_looking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
