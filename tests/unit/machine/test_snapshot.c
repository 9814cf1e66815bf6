/* A session saved and restored: what the snapshot says, that nothing is lost, that nothing in it is believed. */
#include "world.h"

static const char *saved(struct world *world, struct session *session)
{
    struct value *snapshot;
    struct buffer text = {0};
    if (session_save(session, world->arena, &snapshot, &world->error) != GUAN_OK) fail_msg("%s", world->error.text);
    json_write(&text, snapshot);
    const char *kept = arena_text(world->arena, text.data, text.length);
    buffer_release(&text);
    return kept;
}

static struct value *json(struct world *world, const char *text)
{
    struct value *value = NULL;
    if (json_read(world->arena, text, strlen(text), &value, &world->error) != GUAN_OK)
        fail_msg("%s: %s", text, world->error.text);
    return value;
}

/* A new tree with the root of the old one. */
static int reload(struct world *world, const char *snapshot)
{
    struct tree_host host = world_host(world);
    tree_free(world->tree);
    world->tree = NULL;
    arena_reset(world->step);
    assert_int_equal(tree_new(world->script, world->step, &host, &world->tree, &world->error), GUAN_OK);
    script_budget(world->script, LIMIT_LUA_INSTRUCTIONS);
    return tree_restore(world->tree, world->chart, "m#1", NULL, json(world, snapshot), &world->root, &world->error);
}

static void what_it_says(void **state)
{
    (void)state;
    struct world world;
    world_start(&world, SCXML("datamodel='lua' name='m'",
                              "<datamodel><data id='n' expr='1'/><data id='none'/><data id='r' expr='1.0'/></datamodel>"
                              "<parallel id='p'><state id='a'><state id='a1'/></state><state/></parallel>"));
    assert_string_equal(saved(&world, world.root),
                        "{\"configuration\":[\"a1\",\"#4\"],\"data\":{\"n\":1,\"r\":1.0},\"nil\":[\"none\"],\"sessions\":1}");
    assert_int_equal(reload(&world, saved(&world, world.root)), GUAN_OK);
    assert_string_equal(world_state(&world), "a1 #4");
    assert_false(session_touched(world.root));
    world_release(&world);
}

static void history_and_counters_survive(void **state)
{
    (void)state;
    struct world world;
    world_start(
        &world,
        SCXML("datamodel='lua' name='m'",
              "<datamodel><data id='id'/></datamodel><state id='s'><history id='h' type='deep'><transition target='a'/></history>"
              "<state id='a'><transition event='on' target='b2'/></state><state id='b'><state id='b1'/><state id='b2'/></state>"
              "<transition event='out' target='o'/></state>"
              "<state id='o'><onentry><send event='x' delay='1s' idlocation='id'/></onentry><transition event='back' "
              "target='h'/></state>"));
    world_send(&world, "on");
    world_send(&world, "out");
    assert_string_equal(saved(&world, world.root),
                        "{\"configuration\":[\"o\"],\"data\":{\"id\":\"send.1\"},\"history\":{\"h\":[\"b2\"]},"
                        "\"sends\":1,\"sessions\":1}");
    assert_int_equal(reload(&world, saved(&world, world.root)), GUAN_OK);
    world_send(&world, "back");
    assert_string_equal(world_state(&world), "b2");
    world_send(&world, "out");
    assert_non_null(strstr(saved(&world, world.root), "send.2"));
    world_release(&world);
}

static void late_binding_survives(void **state)
{
    (void)state;
    struct world world;
    const char *xml = SCXML("datamodel='lua' binding='late' name='m'",
                            "<state id='a'><datamodel><data id='n' expr='1'/></datamodel><onexit>"
                            "<assign location='n' expr='n + 1'/></onexit><transition event='e' target='b'/></state>"
                            "<state id='b'><transition event='e' target='a'/></state>");
    world_start(&world, xml);
    world_send(&world, "e");
    assert_int_equal(reload(&world, saved(&world, world.root)), GUAN_OK);
    world_send(&world, "e");
    assert_string_equal(saved(&world, world.root),
                        "{\"configuration\":[\"a\"],\"data\":{\"n\":2},\"entered\":[\"a\"],\"sessions\":1}");
    world_release(&world);
}

static void functions_survive(void **state)
{
    (void)state;
    struct world world;
    world_start(&world, SCXML("datamodel='lua' name='m'",
                              "<datamodel><data id='n' expr='1'/></datamodel><script>n = n + 1; function twice(x) "
                              "return 2 * x end</script><state id='a'><transition event='e' cond='twice(n) == 4' "
                              "target='b'/></state><state id='b'/>"));
    assert_int_equal(reload(&world, saved(&world, world.root)), GUAN_OK);
    world_send(&world, "e");
    assert_string_equal(world_state(&world), "b");
    world_release(&world);
}

static void invoked_sessions_survive(void **state)
{
    (void)state;
    struct world world;
    world_start(&world, SCXML("datamodel='lua' name='m'",
                              "<datamodel><data id='got'/></datamodel><state id='a'>"
                              "<invoke id='k' autoforward='true'><content><scxml version='1.0' name='c' datamodel='lua'>"
                              "<state id='x'><transition event='e' target='f'/></state>"
                              "<final id='f'><donedata><param name='v' expr='7'/></donedata></final></scxml></content>"
                              "<finalize><assign location='got' expr='_event.data.v'/></finalize></invoke>"
                              "<transition event='done.invoke.k' cond='got == 7' target='b'/></state><state id='b'/>"));
    const char *root = saved(&world, world.root), *child = saved(&world, tree_at(world.tree, 1));
    struct session *session;
    assert_non_null(strstr(root, "\"invokes\":[{\"id\":\"k\",\"index\":0,\"session\":\"c#2\",\"state\":\"a\"}]"));
    assert_string_equal(child, "{\"configuration\":[\"x\"],\"invokeid\":\"k\"}");
    assert_int_equal(reload(&world, root), GUAN_OK);
    assert_int_equal(tree_restore(world.tree, NULL, "c#2", "m#1", json(&world, child), &session, &world.error), GUAN_OK);
    world_send(&world, "e");
    assert_string_equal(world_state(&world), "b");
    world_release(&world);
}

static void a_child_that_is_gone(void **state)
{
    (void)state;
    struct world world;
    world_start(&world, SCXML("datamodel='lua' name='m'",
                              "<state id='a'><invoke id='k'><content><scxml version='1.0'><final/></scxml></content>"
                              "</invoke><transition event='e' target='b'/></state><state id='b'/>"));
    assert_true(session_done(tree_at(world.tree, 1)));
    assert_int_equal(reload(&world, saved(&world, world.root)), GUAN_OK);
    world_send(&world, "e");
    assert_string_equal(world_state(&world), "b");
    world_release(&world);
}

static void an_ended_session(void **state)
{
    (void)state;
    struct world world;
    world_start(&world, SCXML("datamodel='lua' name='m'", "<final id='f'/>"));
    assert_string_equal(saved(&world, world.root), "{\"configuration\":[\"f\"],\"done\":true,\"sessions\":1}");
    assert_int_equal(reload(&world, saved(&world, world.root)), GUAN_OK);
    assert_true(session_done(world.root));
    assert_string_equal(world_state(&world), "f");
    world_release(&world);
}

static void nothing_is_believed(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{}",
        "[]",
        "{\"configuration\":[]}",
        "{\"configuration\":[\"nowhere\"]}",
        "{\"configuration\":[1]}",
        "{\"configuration\":[\"a\"]}",               /* a region is missing */
        "{\"configuration\":[\"p\"]}",               /* all are */
        "{\"configuration\":[\"a1\",\"a2\",\"b\"]}", /* two children */
        "{\"configuration\":[\"a1\",\"b\",\"q\"]}",
        "{\"configuration\":[\"h\",\"b\"]}", /* a history */
        "{\"configuration\":[\"#0\"]}",
        "{\"configuration\":[\"a1\",\"b\"],\"history\":{\"a\":[\"a1\"]}}",
        "{\"configuration\":[\"a1\",\"b\"],\"history\":{\"h\":[\"b\"]}}",
        "{\"configuration\":[\"a1\",\"b\"],\"history\":{\"h\":[\"h\"]}}",
        "{\"configuration\":[\"a1\",\"b\"],\"history\":{\"h\":[3]}}",
        "{\"configuration\":[\"a1\",\"b\"],\"sends\":-1}",
        "{\"configuration\":[\"a1\",\"b\"],\"invocations\":99999999999}",
        "{\"configuration\":[\"a1\",\"b\"],\"invokes\":[{}]}",
        "{\"configuration\":[\"a1\",\"b\"],\"invokes\":[{\"id\":\"k\",\"state\":\"a\",\"index\":0,\"session\":\"x\"}]}",
        "{\"configuration\":[\"a1\",\"b\"],\"invokes\":[{\"id\":\"k\",\"state\":\"b\",\"index\":1,\"session\":\"x\"}]}",
        "{\"configuration\":[\"a1\",\"b\"],\"nil\":[4]}",
        "{\"configuration\":[\"a1\",\"b\"],\"data\":{\"_event\":1}}",
        "{\"configuration\":[\"a1\",\"b\"],\"data\":{\"not a name\":1}}",
    };
    struct world world;
    world_start(&world, SCXML("datamodel='lua' name='m'",
                              "<parallel id='p'><state id='a'><history id='h'><transition target='a1'/></history>"
                              "<state id='a1'/><state id='a2'/></state><state id='b'><invoke id='k' src='x'/>"
                              "</state></parallel><state id='q'/>"));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        error_clear(&world.error);
        if (reload(&world, bad[i]) != GUAN_NO) fail_msg("taken: %s", bad[i]);
        assert_true(world.error.text[0] != '\0');
    }
    assert_int_equal(reload(&world, "{\"configuration\":[\"a1\",\"b\"],\"history\":{\"h\":[\"a2\"]},\"other\":1}"), GUAN_OK);
    struct session *again;
    assert_int_equal(tree_restore(world.tree, world.chart, "m#1", NULL, json(&world, "{}"), &again, &world.error), GUAN_USAGE);
    assert_int_equal(tree_restore(world.tree, world.chart, "c#1", "nobody", json(&world, "{}"), &again, &world.error),
                     GUAN_USAGE);
    assert_int_equal(tree_restore(world.tree, NULL, "c#1", "m#1", json(&world, "{}"), &again, &world.error), GUAN_NO);
    world_release(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_says),
        cmocka_unit_test(history_and_counters_survive),
        cmocka_unit_test(late_binding_survives),
        cmocka_unit_test(functions_survive),
        cmocka_unit_test(invoked_sessions_survive),
        cmocka_unit_test(a_child_that_is_gone),
        cmocka_unit_test(an_ended_session),
        cmocka_unit_test(nothing_is_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
