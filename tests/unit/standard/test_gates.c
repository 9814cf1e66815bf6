/* Gates: block, warn, open; complete.X; parallel regions, invoked sessions, histories. */
#include "kit.h"

#define T "2026-03-07T"

static void test_three_kinds(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit,
             "<state id='a'><g:step id='one' clause='CS-1'/><g:step id='two' clause='CS-2'/><g:step id='opt' required='no'/>"
             "<transition event='hard' target='b'/><transition event='soft' target='b' g:gate='warn'/>"
             "<transition event='exit' target='b' g:gate='open'/><transition event='stay'/></state>"
             "<state id='b'><transition event='back' target='a'/></state>");
    REFUSED("GUARD_BLOCKED gate CS-1,CS-2", kit_send(&kit, T "10:01", "周敏", "hard"));
    assert_int_equal(2, value_count(kit.refusal.missing));
    assert_string_equal("flow#1", value_get_text(value_at(kit.refusal.missing, 0), "session"));
    assert_string_equal("a", kit_state(&kit, "flow#1"));
    OK(kit_send(&kit, T "10:02", "周敏", "stay")); /* no target: nothing is left */
    OK(kit_do(&kit, T "10:03", "周敏", "one", ""));
    REFUSED("GUARD_BLOCKED gate CS-2", kit_send(&kit, T "10:04", "周敏", "hard"));
    OK(kit_send(&kit, T "10:05", "周敏", "soft"));
    assert_string_equal("F1 STEP_MISSING major open two CS-2", kit_findings(&kit));
    OK(kit_send(&kit, T "10:06", "周敏", "back"));
    OK(kit_send(&kit, T "10:07", "周敏", "exit"));
    assert_int_equal(2, value_count(kit.abandoned));
    assert_string_equal("one", value_as_text(value_at(kit.abandoned, 0)));
    assert_string_equal("F1 STEP_MISSING major open two CS-2", kit_findings(&kit)); /* abandoned is no finding */
    kit_close(&kit);
}

/* The step's own event may leave its state: it counts as done by then. */
static void test_by_the_step_itself(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='one' clause='CS-1'/><transition event='one' target='b'/></state><state id='b'/>");
    OK(kit_do(&kit, T "10:01", "周敏", "one", ""));
    assert_string_equal("b", kit_state(&kit, "flow#1"));
    kit_close(&kit);
}

static void test_parallel(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<parallel id='p'><state id='left' initial='l1'><g:step id='one' clause='CS-1'/>"
                   "<state id='l1'><transition event='inner' target='l2'/></state><state id='l2'/>"
                   "<transition event='all' target='l2'/><transition type='internal' event='own' target='l2'/></state>"
                   "<state id='right'><g:step id='two' clause='CS-2'/></state></parallel>");
    OK(kit_send(&kit, T "10:01", "周敏", "inner"));
    OK(kit_send(&kit, T "10:02", "周敏", "own"));
    /* from a region outwards leaves all regions */
    REFUSED("GUARD_BLOCKED gate CS-2,CS-1", kit_send(&kit, T "10:03", "周敏", "all"));
    kit_close(&kit);
}

static void test_strictest_of_several(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<parallel id='p'><state id='left' initial='l1'><state id='l1'><g:step id='one' clause='CS-1'/>"
                   "<transition event='go' target='l2' g:gate='open'/></state><state id='l2'/></state>"
                   "<state id='right' initial='r1'><state id='r1'><g:step id='two' clause='CS-2'/>"
                   "<transition event='go' target='r2' g:gate='warn'/></state><state id='r2'/></state></parallel>");
    OK(kit_send(&kit, T "10:01", "周敏", "go")); /* each transition has its own exit set */
    assert_string_equal("F1 STEP_MISSING major open two CS-2", kit_findings(&kit));
    assert_int_equal(1, value_count(kit.abandoned));
    kit_close(&kit);
}

static void test_history_target(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='w' initial='a'><history id='h'><transition target='a'/></history>"
                   "<state id='a'><g:step id='one' clause='CS-1'/><transition event='back' target='h'/></state></state>");
    REFUSED("GUARD_BLOCKED gate CS-1", kit_send(&kit, T "10:01", "周敏", "back"));
    OK(kit_do(&kit, T "10:02", "周敏", "one", ""));
    OK(kit_send(&kit, T "10:03", "周敏", "back"));
    kit_close(&kit);
}

static void test_complete(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<datamodel><data id='need' expr='true'/></datamodel>"
                   "<state id='outer' initial='inner'><g:step id='far' clause='CS-1'/>"
                   "<transition event='far'/><transition event='spare'><assign location='need' expr='false'/></transition>"
                   "<transition event='need'><assign location='need' expr='true'/></transition>"
                   "<transition event='leave' target='end'/>"
                   "<state id='inner'><g:step id='near' clause='CS-2' when='need'/>"
                   "<state id='leaf'><g:step id='opt' required='no'/></state></state></state><state id='end'/>");
    assert_string_equal("", kit.raised);
    OK(kit_do(&kit, T "10:01", "周敏", "opt", ""));
    assert_string_equal("", kit.raised); /* a state with optional steps only never completes */
    OK(kit_send(&kit, T "10:02", "周敏", "spare"));
    assert_string_equal("complete.inner", kit.raised); /* its only required step is not due any more */
    OK(kit_send(&kit, T "10:03", "周敏", "need"));
    OK(kit_do(&kit, T "10:04", "周敏", "far", ""));
    assert_string_equal("complete.outer", kit.raised);
    /* a step that becomes required later closes the gate again */
    REFUSED("GUARD_BLOCKED gate CS-2", kit_send(&kit, T "10:05", "周敏", "leave"));
    OK(kit_do(&kit, T "10:06", "周敏", "near", ""));
    assert_string_equal("", kit.raised); /* once an activation */
    OK(kit_send(&kit, T "10:07", "周敏", "leave"));
    kit_close(&kit);
}

static void test_complete_on_entry(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(
        &kit,
        "<datamodel><data id='need' expr='false'/></datamodel><state id='a' initial='b'><g:step id='one' when='need'/>"
        "<state id='b'><g:step id='two' when='need'/><transition event='complete.b' target='c'/></state><state id='c'/></state>");
    assert_string_equal("complete.a complete.b", kit.raised); /* document order, at once */
    assert_string_equal("c", kit_state(&kit, "flow#1"));
    kit_close(&kit);
}

/* Time alone changes nothing: the gate judges by the last look, not by what `when` would say now. */
static void test_time_alone(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='one' clause='CS-1' when=\"now &lt; '2026-03-07T02:30:00.000Z'\"/><g:step id='two' "
                   "required='no'/><g:step id='three' required='no' after='one'/>"
                   "<transition event='leave' target='b'/></state><state id='b'/>");
    REFUSED("GUARD_BLOCKED gate CS-1", kit_send(&kit, T "10:31", "周敏", "leave"));
    REFUSED("GUARD_BLOCKED after CS-1", kit_do(&kit, T "10:31", "周敏", "three", ""));
    OK(kit_do(&kit, T "10:32", "周敏", "two", "")); /* a look: not due any more */
    assert_string_equal("complete.a", kit.raised);
    OK(kit_send(&kit, T "10:33", "周敏", "leave"));
    kit_close(&kit);
}

/* A `when` that fails is on the safe side: the step is asked for, and closes the gate. One that looks into a form not yet there
 * does not fail. */
static void test_when_fails(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='one' clause='CS-1' when='nothing.there == 1'/>"
                   "<g:step id='two' clause='CS-2' when='form.one.deep == true'><g:field name='deep' type='boolean'/></g:step>"
                   "<transition event='leave' target='b'/></state><state id='b'/>");
    REFUSED("GUARD_BLOCKED gate CS-1", kit_send(&kit, T "10:31", "周敏", "leave"));
    OK(kit_do(&kit, T "10:32", "周敏", "one", ""));
    OK(kit_send(&kit, T "10:33", "周敏", "leave"));
    kit_close(&kit);
}

/* A state entered and left in one macrostep is judged at the verdict. */
static void test_passing_through(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit,
             "<datamodel><data id='need' expr='false'/></datamodel>"
             "<state id='a'><transition event='go' target='b'/></state>"
             "<state id='b'><onentry><assign location='need' expr='true'/></onentry><g:step id='one' clause='CS-1' when='need'/>"
             "<g:step id='two' clause='CS-2' when='not need'/><transition target='c' g:gate='warn'/></state><state id='c'/>");
    OK(kit_send(&kit, T "10:01", "周敏", "go"));
    assert_string_equal("F1 STEP_MISSING major open one CS-1", kit_findings(&kit));
    kit_close(&kit);
}

static void open_with_sub(struct kit *kit, const char *gate)
{
    kit_new(kit);
    kit_flow(kit, "sub",
             "<state id='s'><g:step id='one' clause='CS-2'/><g:step id='two' clause='CS-3'/><g:deadline id='d' "
             "within='PT1H'/></state>");
    kit_flow(kit, "flow",
             arena_printf(kit->arena,
                          "<state id='w' initial='on'><g:step id='own' clause='CS-1'/>"
                          "<state id='on'><invoke id='sub' type='scxml' src='sub.scxml'/>"
                          "<transition event='leave' target='off' %s/></state><state id='off'/></state>",
                          gate));
    kit_start(kit, "flow", T "10:00");
}

static void test_cancelled_session(void **state)
{
    struct kit kit;
    (void)state;
    open_with_sub(&kit, "");
    OK(kit_do(&kit, T "10:01", "周敏", "sub.one", ""));
    REFUSED("GUARD_BLOCKED gate CS-3", kit_send(&kit, T "10:02", "周敏", "leave"));
    assert_string_equal("sub#1", value_get_text(value_at(kit.refusal.missing, 0), "session"));
    assert_string_equal("s", kit_state(&kit, "sub#1"));
    assert_string_equal("d 2026-03-07 11:00", kit_due(&kit)); /* the refused command left no trace */
    kit_close(&kit);

    open_with_sub(&kit, "g:gate='warn'");
    OK(kit_send(&kit, T "10:02", "周敏", "leave"));
    assert_string_equal("F1 STEP_MISSING major open one CS-2; F2 STEP_MISSING major open two CS-3", kit_findings(&kit));
    assert_string_equal("sub#1", kit.all.items[0].session);
    assert_string_equal("sub", kit.all.items[0].process);
    assert_string_equal("ended", kit_state(&kit, "sub#1"));
    assert_string_equal("", kit_due(&kit));
    OK(kit_do(&kit, T "10:01/" T "10:10", "周敏", "sub.one", "")); /* a late entry in a session that has ended */
    assert_string_equal("F2 STEP_MISSING major open two CS-3", kit_findings(&kit));
    kit_close(&kit);

    open_with_sub(&kit, "g:gate='open'");
    OK(kit_send(&kit, T "10:02", "周敏", "leave"));
    assert_string_equal("sub.one", value_as_text(value_at(kit.abandoned, 0)));
    assert_string_equal("", kit_findings(&kit));
    kit_close(&kit);
}

/* A miss that stands is taken up by the gate, not found twice. */
static void test_gate_after_miss(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(
        &kit,
        "<state id='a'><g:step id='one' clause='CS-1'><g:deadline id='d' within='PT10M' clause='CS-2' severity='info'/></g:step>"
        "<transition event='leave' target='b' g:gate='warn'/></state><state id='b'/>");
    kit_until(&kit, T "10:30");
    assert_string_equal("F1 STEP_MISSING info open one CS-2", kit_findings(&kit));
    OK(kit_send(&kit, T "10:31", "周敏", "leave"));
    assert_string_equal("F1 STEP_MISSING major open one CS-2,CS-1", kit_findings(&kit));
    assert_int_equal(1, kit.world.findings);
    OK(kit_do(&kit, T "10:20/" T "10:40", "周敏", "one", "")); /* it was done, but after its time */
    assert_string_equal("F1 STEP_LATE info remedied one CS-2", kit_findings(&kit));
    kit_close(&kit);
}

static void test_hook_requires(void **state)
{
    struct kit kit;
    (void)state;
    kit_new(&kit);
    kit_file(&kit, "scripts/dealers/base/hooks.lua",
             "function required(step, case)\n"
             "  if step.id == 'extra' then return case.now < '2026-03-07T02:30:00.000Z' end\n"
             "  if step.id == 'tune' or step.id == 'fixed' or step.id == 'law' then return false end\nend\n");
    kit_flow(&kit, "flow",
             "<state id='a'><g:step id='extra' required='no' clause='CS-1'/><g:step id='tune' tunable='yes' clause='CS-2'/>"
             "<g:step id='fixed' clause='CS-3'/><g:step id='law' clause='LW-1'/><transition event='leave' "
             "target='b'/></state><state id='b'/>");
    kit_start(&kit, "flow", T "10:00");
    REFUSED("GUARD_BLOCKED gate CS-1,CS-3,LW-1", kit_send(&kit, T "10:01", "周敏", "leave"));
    REFUSED("GUARD_BLOCKED gate CS-1,CS-3,LW-1", kit_send(&kit, T "10:31", "周敏", "leave")); /* for a hook as well: time alone */
    OK(kit_do(&kit, T "10:32", "周敏", "fixed", ""));
    REFUSED("GUARD_BLOCKED gate LW-1", kit_send(&kit, T "10:33", "周敏", "leave"));
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_kinds),       cmocka_unit_test(test_by_the_step_itself),
        cmocka_unit_test(test_parallel),          cmocka_unit_test(test_strictest_of_several),
        cmocka_unit_test(test_history_target),    cmocka_unit_test(test_complete),
        cmocka_unit_test(test_complete_on_entry), cmocka_unit_test(test_time_alone),
        cmocka_unit_test(test_when_fails),        cmocka_unit_test(test_passing_through),
        cmocka_unit_test(test_cancelled_session), cmocka_unit_test(test_gate_after_miss),
        cmocka_unit_test(test_hook_requires),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
