/* Memory that runs out at the first allocation, the second, …: an error each time, never a crash, a leak or a wrong result. */
#include "world.h"

static const char document[] = SCXML(
    "datamodel='lua' name='m'",
    "<datamodel><data id='n' expr='{1, {2}}'/><data id='t'>words  here</data><data id='id'/></datamodel>"
    "<script>function twice(x) return 2 * x end</script>"
    "<state id='s'><history id='h' type='deep'><transition target='a'><log label='default'/></transition></history>"
    "<state id='a'><onentry><send event='later' delay='1s' idlocation='id'><param name='p' expr='n'/></send>"
    "<foreach array='n' item='x' index='i'><log label='x' expr='x'/></foreach></onentry>"
    "<transition event='go' target='b'><assign location='n' expr='{twice(3)}'/><raise event='r'/></transition></state>"
    "<parallel id='b'><invoke id='k' autoforward='true' namelist='n'><content><scxml version='1.0' name='c' datamodel='lua'>"
    "<datamodel><data id='n'/></datamodel><state id='x'><transition event='stop' target='f'/></state>"
    "<final id='f'><donedata><content expr='n'/></donedata></final></scxml></content>"
    "<finalize><assign location='t' expr='_event.data'/></finalize></invoke>"
    "<state id='b1'><state id='b2'><transition event='r' target='b5'/></state><state id='b5'/></state><state id='b3'><state "
    "id='b4'/></state></parallel>"
    "<transition event='out' target='o'/></state>"
    "<state id='o'><transition event='back' target='h'/><transition event='done.invoke' target='f'/></state><final id='f'/>");

static const char *const events[] = {"go={\"v\":[1,{\"w\":2}]}", "stop", "out", "back"};

static int restore_all(struct world *world, const char *root, const struct value *child, const char *child_id)
{
    struct tree_host host = world_host(world);
    struct session *session;
    struct value *snapshot;
    tree_free(world->tree);
    world->tree = NULL;
    int code = json_read(world->arena, root, strlen(root), &snapshot, &world->error);
    if (code == GUAN_OK) code = tree_new(world->script, world->step, &host, &world->tree, &world->error);
    if (code == GUAN_OK) code = tree_restore(world->tree, world->chart, "m#1", NULL, snapshot, &world->root, &world->error);
    if (code == GUAN_OK && child != NULL) code = tree_restore(world->tree, NULL, child_id, "m#1", child, &session, &world->error);
    return code;
}

static int save_and_restore(struct world *world)
{
    struct value *root, *child = NULL;
    struct buffer text = {0};
    const char *child_id = NULL;
    int code = session_save(world->root, world->arena, &root, &world->error);
    for (size_t i = 1; i < tree_count(world->tree) && code == GUAN_OK; i++) {
        if (session_done(tree_at(world->tree, i))) continue;
        child_id = world_keep(world, session_id(tree_at(world->tree, i)));
        code = child_id == NULL ? GUAN_FAILED : session_save(tree_at(world->tree, i), world->arena, &child, &world->error);
    }
    if (code == GUAN_OK) json_write(&text, root);
    if (code == GUAN_OK && text.failed) code = GUAN_FAILED;
    if (code == GUAN_OK) code = restore_all(world, text.data, child, child_id);
    buffer_release(&text);
    return code;
}

static int play(struct world *world)
{
    bool any = true;
    struct tree_host host = world_host(world);
    int code = script_new(&world->script, &world->error);
    if (code == GUAN_OK) code = tree_new(world->script, world->step, &host, &world->tree, &world->error);
    if (code == GUAN_OK) code = world_begin(world);
    for (size_t i = 0; i < sizeof events / sizeof events[0] && code == GUAN_OK; i++) {
        char name[8] = {0};
        struct value *data = NULL;
        const char *equals = strchr(events[i], '=');
        memcpy(name, events[i], equals == NULL ? strlen(events[i]) : (size_t)(equals - events[i]));
        if (equals != NULL) code = json_read(world->step, equals + 1, strlen(equals + 1), &data, &world->error);
        if (code == GUAN_OK) code = world_event(world, name, data);
        if (code == GUAN_OK) code = save_and_restore(world);
    }
    while (code == GUAN_OK && any) code = world_fire(world, &any);
    return code;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct chart *chart = world_read(document);
    char *expected = NULL;
    int code = GUAN_FAILED;
    for (uint64_t n = 0; n < 2 || code != GUAN_OK; n++) {
        struct world world = {.arena = arena_new(), .step = arena_new(), .chart = chart, .trace_microsteps = true};
        buffer_text(&world.trace, "\n"); /* so that it has its memory before */
        memory_fail_after(n);
        code = play(&world);
        memory_fail_after(0);
        if (n > 0 && code != GUAN_OK && code != GUAN_FAILED) fail_msg("allocation %d: %d %s", (int)n, code, world.error.text);
        if (n == 0) {
            if (code != GUAN_OK) fail_msg("%s", world.error.text);
            expected = strdup(world.trace.data);
        } else if (code == GUAN_OK) {
            assert_string_equal(world.trace.data, expected);
        }
        world.chart = NULL;
        world_release(&world);
        if (n > 50000) fail_msg("it never succeeds");
        if (n > 0 && code == GUAN_OK) assert_true(n > 500); /* it did fail before */
    }
    assert_non_null(strstr(expected, "c#2(stop)"));
    free(expected);
    chart_free(chart);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
