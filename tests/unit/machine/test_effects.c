/* What the host is told and asked: effects in order, settled, stepped, vetoes, timers. */
#include "world.h"

static void microsteps_in_order(void **state)
{
    (void)state;
    struct world world;
    world_start(&world, SCXML("datamodel='lua' name='m'",
                              "<state id='a'><onexit><log label='x' expr='1'/></onexit>"
                              "<transition event='go' target='b'><raise event='r'/></transition></state>"
                              "<state id='b' initial='b1'><state id='b1'><transition event='r' target='b2'/></state>"
                              "<final id='b2'/><transition event='done.state.b' target='end'/></state>"
                              "<final id='end'/>"));
    assert_string_equal(world_trace(&world), "m#1() +a\n");
    assert_string_equal(world_state(&world), "a");
    world_send(&world, "go");
    assert_string_equal(world_trace(&world),
                        "m#1(go) -a +b +b1\nlog x 1\nm#1(r) -b1 +b2\nm#1(done.state.b) -b -b2 +end\ndone m#1\n");
    assert_true(session_done(world.root));
    assert_false(session_cancelled(world.root));
    assert_string_equal(world_state(&world), "end");
    world_send(&world, "go"); /* to nobody */
    assert_string_equal(world_trace(&world), "");
    world_release(&world);
}

static void transitions_are_named(void **state)
{
    (void)state;
    struct world world;
    uint32_t transition = 99;
    world_start(&world, SCXML("datamodel='lua'", "<state id='a' initial='a1'><transition event='out.*' target='b'/>"
                                                 "<state id='a1'><transition event='in' cond='false' target='a'/></state></state>"
                                                 "<state id='b'/>"));
    assert_true(session_accepts(world.root, "out.side", &transition));
    assert_int_equal(world.chart->transitions[transition].source, chart_state_by_id(world.chart, "a"));
    assert_true(session_accepts(world.root, "in", NULL)); /* conditions are not asked */
    assert_false(session_accepts(world.root, "outside", NULL));
    assert_false(session_accepts(world.root, "", NULL));
    world_send(&world, "out");
    assert_false(session_accepts(world.root, "out", NULL));
    world_release(&world);
}

static unsigned asked;

static int settle_twice(void *user, struct session *session, const struct effects *effects, struct arena *arena,
                        const char **events, size_t capacity, size_t *count, struct guan_error *error)
{
    (void)user, (void)arena, (void)capacity, (void)error, (void)effects, (void)session;
    if (asked++ < 2) events[(*count)++] = asked == 1 ? "complete.a" : "complete.b";
    return GUAN_OK;
}

static void settled_raises_internal_events(void **state)
{
    (void)state;
    struct world world;
    asked = 0;
    world_init(&world, SCXML("datamodel='lua'",
                             "<state id='a'><invoke><content><scxml version='1.0'><state id='c'/></scxml></content></invoke>"
                             "<transition event='complete.a' target='b'/></state>"
                             "<state id='b'><transition event='complete.b' cond='_event.type == \"internal\"' "
                             "target='c'/></state><state id='c'/>"));
    world.settled = settle_twice;
    assert_int_equal(world_begin(&world), GUAN_OK);
    assert_string_equal(world_state(&world), "c");
    assert_int_equal(asked, 3);
    assert_int_equal(tree_count(world.tree), 1); /* asked before invokes: `a` was left by then */
    world_release(&world);
}

static int settle_for_ever(void *user, struct session *session, const struct effects *effects, struct arena *arena,
                           const char **events, size_t capacity, size_t *count, struct guan_error *error)
{
    (void)user, (void)arena, (void)capacity, (void)error, (void)effects, (void)session;
    events[(*count)++] = "again";
    return GUAN_OK;
}

static void settled_for_ever_is_stopped(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, SCXML("datamodel='lua'", "<state id='a'/>"));
    world.settled = settle_for_ever;
    assert_int_equal(world_begin(&world), GUAN_NO);
    assert_string_equal(world.error.rule, "endless-loop");
    world_release(&world);
}

static void a_veto_stops_everything(void **state)
{
    (void)state;
    struct world world;
    world_start(&world, SCXML("datamodel='lua'",
                              "<state id='a'><transition event='go' target='b'><send event='later' delay='1s'/></transition>"
                              "</state><state id='b'/>"));
    world.veto = true;
    assert_int_equal(world_event(&world, "go", NULL), GUAN_NO);
    assert_string_equal(world.error.rule, "veto");
    assert_int_equal(world.timer_count, 0); /* nothing has left the session */
    world_release(&world);
}

static void timers_are_absolute(void **state)
{
    (void)state;
    struct world world;
    bool any;
    world_init(&world, SCXML("datamodel='lua'",
                             "<state id='a'><onentry><send event='e' id='x' delay='1500ms'><param name='p' expr='1'/></send>"
                             "<send event='f' delay='1s'/></onentry>"
                             "<transition event='f' target='b'/></state>"
                             "<state id='b'><transition event='e' cond='_event.data.p == 1' target='c'/></state>"
                             "<state id='c'><onentry><send event='g' delay='2s'/></onentry></state>"));
    world.now = 1000000;
    assert_int_equal(world_begin(&world), GUAN_OK);
    assert_int_equal(world.timer_count, 2);
    assert_true(world.timers[0].timer.due == 1001500);
    assert_string_equal(world.timers[0].timer.sendid, "x");
    assert_non_null(world.timers[1].timer.sendid);
    assert_null(world.timers[1].timer.event.sendid);
    assert_string_equal(world.timers[0].timer.to, "scxml#1");
    assert_int_equal(world_fire(&world, &any), GUAN_OK);
    assert_string_equal(world_state(&world), "b");
    assert_int_equal(world_fire(&world, &any), GUAN_OK);
    assert_string_equal(world_state(&world), "c");
    assert_true(world.timers[0].timer.due == 1003500);
    world_release(&world);
}

static void ending_cancels_timers(void **state)
{
    (void)state;
    struct world world;
    world_start(&world, SCXML("datamodel='lua'", "<state id='a'><onentry><send event='e' delay='1s'/></onentry>"
                                                 "<transition event='go' target='f'/></state>"
                                                 "<final id='f'><onexit><send event='e' delay='1s'/></onexit></final>"));
    assert_int_equal(world.timer_count, 1);
    world_send(&world, "go");
    assert_int_equal(world.timer_count, 0);
    world_release(&world);
}

static void loops_are_named(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, SCXML("datamodel='null'", "<state id='start'><transition target='ping'/></state>"
                                                 "<state id='ping'><transition target='pong'/></state>"
                                                 "<state id='pong'><transition target='ping'/></state>"));
    assert_int_equal(world_begin(&world), GUAN_NO);
    assert_string_equal(world.error.rule, "endless-loop");
    assert_non_null(strstr(world.error.text, "ping -> pong"));
    assert_null(strstr(world.error.text, "start"));
    world_release(&world);

    world_init(&world, SCXML("datamodel='lua'", "<state id='a'><onentry><raise event='e'/></onentry>"
                                                "<transition event='e'><raise event='e'/></transition></state>"));
    tree_limits(world.tree, 100, 0);
    assert_int_equal(world_begin(&world), GUAN_NO);
    assert_string_equal(world.error.rule, "endless-loop");
    assert_non_null(strstr(world.error.text, "100"));
    world_release(&world);
}

/* Asking fails and raises an error, which is looked at, and then it is asked again. */
static void a_condition_that_fails_for_ever(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, SCXML("datamodel='lua'", "<state id='a'><transition cond='(nil).x' target='b'/></state><state id='b'/>"));
    assert_int_equal(world_begin(&world), GUAN_NO);
    assert_string_equal(world.error.rule, "endless-loop");
    assert_non_null(strstr(world.error.text, "error.execution"));
    assert_non_null(strstr(world.error.hint, "test.scxml:1: "));
    world_release(&world);
}

static void events_are_limited(void **state)
{
    (void)state;
    struct world world;
    world_start(&world, SCXML("datamodel='lua'", "<state id='a'><transition event='e'><send event='e'/></transition></state>"));
    tree_limits(world.tree, 0, 50);
    assert_int_equal(world_event(&world, "e", NULL), GUAN_NO);
    assert_string_equal(world.error.rule, "too-many-events");
    world_release(&world);
}

static void budgets_stop_the_tree(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, SCXML("datamodel='lua'", "<state id='a'><onentry><script>while true do end</script></onentry>"
                                                "<transition event='error' target='b'/></state><state id='b'/>"));
    assert_int_equal(world_begin(&world), GUAN_NO);
    assert_string_equal(world.error.rule, "script-budget");
    world_release(&world);
}

static void more_fields_of_an_event(void **state)
{
    (void)state;
    struct world world;
    world_start(&world, SCXML("datamodel='lua'",
                              "<state id='a'><transition event='e' cond=\"_event.actor == 'staff:1' and _event.data.n == 2\" "
                              "target='b'/></state><state id='b'/>"));
    struct value *more = value_map(world.arena), *data = value_map(world.arena);
    value_set_text(world.arena, more, "actor", "staff:1");
    value_set_int(world.arena, data, "n", 2);
    struct machine_event event = {.name = "e", .type = EVENT_EXTERNAL, .data = data, .more = more};
    assert_int_equal(tree_post(world.tree, world.root, &event, &world.error), GUAN_OK);
    assert_int_equal(world_settle(&world), GUAN_OK);
    assert_string_equal(world_state(&world), "b");
    world_release(&world);
}

static void sessions_of_a_tree(void **state)
{
    (void)state;
    struct world world;
    world_start(&world,
                SCXML("datamodel='lua' name='m'",
                      "<state id='a'><invoke id='k'><content><scxml version='1.0' name='child' datamodel='lua'><state id='c'>"
                      "<onexit><log label='bye'/></onexit><transition event='end' target='f'/></state><final id='f'/></scxml>"
                      "</content></invoke><transition event='leave' target='b'/></state>"
                      "<state id='b'><transition event='back' target='a'/></state>"));
    assert_int_equal(tree_count(world.tree), 2);
    struct session *child = tree_at(world.tree, 1);
    assert_string_equal(session_id(child), "child#2");
    assert_string_equal(session_invokeid(child), "k");
    assert_ptr_equal(session_parent(child), world.root);
    assert_ptr_equal(tree_find(world.tree, "child#2"), child);
    assert_true(session_touched(child));
    world_trace(&world);
    world_send(&world, "leave");
    assert_string_equal(world_trace(&world), "m#1(leave) -a +b\nuninvoke child#2\nlog bye \n");
    assert_true(session_done(child));
    assert_true(session_cancelled(child));
    world_send(&world, "back");
    assert_int_equal(tree_count(world.tree), 2); /* the old one is forgotten */
    assert_string_equal(session_id(tree_at(world.tree, 1)), "child#3");
    world_release(&world);
}

static void a_cancelled_session_sees_its_last_event(void **state)
{
    (void)state;
    struct world world;
    world_start(&world,
                SCXML("datamodel='lua' name='m'", "<state id='a'><invoke id='k' autoforward='true'><content><scxml version='1.0' "
                                                  "name='c' datamodel='lua'><state id='x'>"
                                                  "<onexit><log expr='_event.name'/></onexit></state></scxml></content></invoke>"
                                                  "<transition event='leave' target='b'/></state><state id='b'/>"));
    world_send(&world, "seen");
    world_trace(&world);
    world_send(&world, "leave");
    assert_string_equal(world_trace(&world), "m#1(leave) -a +b\nuninvoke c#2\nlog  \"seen\"\n");
    world_release(&world);
}

/* A history above what is left, with its states on either side of a word's end: nothing of it may stick. */
static void nothing_sticks(void **state)
{
    (void)state;
    for (int before = 55; before < 70; before++) {
        struct world world;
        struct buffer xml = {0};
        buffer_text(
            &xml,
            "<scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0' datamodel='null' initial='leaf2'><state id='outer'>"
            "<history id='h' type='deep'><transition target='leaf1'/></history>");
        for (int i = 0; i < before; i++) buffer_printf(&xml, "<state id='f%d'/>", i);
        buffer_text(
            &xml, "<state id='middle'><state id='leaf1'><transition event='back' target='h'/></state>"
                  "<state id='leaf2'><transition event='away' target='away'/></state></state></state>"
                  "<state id='away'><transition event='in' target='leaf1'/><transition event='on' target='f3'/></state></scxml>");
        world_start(&world, xml.data);
        world_send(&world, "away");
        world_send(&world, "in");
        world_send(&world, "back");
        assert_string_equal(world_state(&world), "leaf2");
        world_send(&world, "away");
        assert_string_equal(world_state(&world), "away");
        world_send(&world, "on");
        assert_string_equal(world_state(&world), "f3");
        world_release(&world);
        buffer_release(&xml);
    }
}

/* Chart after chart in one Lua state, at the same addresses as often as the allocator likes. */
static void charts_come_and_go(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, SCXML("datamodel='lua'",
                             "<state id='keeps'><onentry><assign location='n' expr='n + 1'/></onentry>"
                             "<transition event='e' target='keeps'/></state><datamodel><data id='n' expr='0'/></datamodel>"));
    assert_int_equal(world_begin(&world), GUAN_OK);
    for (int i = 0; i < 30; i++) {
        char xml[400];
        snprintf(xml, sizeof xml,
                 SCXML("datamodel='lua'", "<state id='a%d'><transition cond='%d == %d' target='b%d'/></state><state id='b%d'/>"),
                 i, i, i, i, i);
        struct chart *chart = world_read(xml);
        struct tree *tree;
        struct session *session;
        assert_int_equal(tree_new(world.script, world.step, NULL, &tree, &world.error), GUAN_OK);
        assert_int_equal(tree_start(tree, chart, NULL, 0, &session, &world.error), GUAN_OK);
        snprintf(xml, sizeof xml, "b%d", i);
        assert_true(bits_has(session_configuration(session), chart_state_by_id(chart, xml)));
        tree_free(tree);
        machine_forget(world.script, chart);
        chart_free(chart);
        world_send(&world, "e"); /* the other chart's pieces are still there */
    }
    struct value *n;
    assert_int_equal(env_get(session_env(world.root), "n", world.arena, &n, &world.error), GUAN_OK);
    assert_int_equal(value_as_int(n), 31);
    world_release(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(microsteps_in_order),
        cmocka_unit_test(transitions_are_named),
        cmocka_unit_test(settled_raises_internal_events),
        cmocka_unit_test(settled_for_ever_is_stopped),
        cmocka_unit_test(a_veto_stops_everything),
        cmocka_unit_test(timers_are_absolute),
        cmocka_unit_test(ending_cancels_timers),
        cmocka_unit_test(loops_are_named),
        cmocka_unit_test(a_condition_that_fails_for_ever),
        cmocka_unit_test(events_are_limited),
        cmocka_unit_test(budgets_stop_the_tree),
        cmocka_unit_test(more_fields_of_an_event),
        cmocka_unit_test(sessions_of_a_tree),
        cmocka_unit_test(charts_come_and_go),
        cmocka_unit_test(nothing_sticks),
        cmocka_unit_test(a_cancelled_session_sees_its_last_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
