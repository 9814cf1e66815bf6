/* Data, system variables, surroundings; what assignment and <script> may and may not do; saving and loading. */
#include "helper.h"

static int setup(void **state)
{
    static struct world world;
    world_init(&world, NULL);
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    world_release(*state);
    return 0;
}

static void data_come_back_as_they_were(void **state)
{
    struct world *world = *state;
    static const char *const texts[] = {"0",
                                        "-1",
                                        "9223372036854775807",
                                        "-9223372036854775808",
                                        "1.0",
                                        "0.1",
                                        "1e300",
                                        "true",
                                        "false",
                                        "\"\"",
                                        "\"王\\u0000x\"",
                                        "[]",
                                        "[1,1.0,\"a\",[2]]",
                                        "{\"a\":{\"b\":[{\"c\":1}]},\"b c\":2,\"\":3,\"end\":4}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct value *value = json(world, texts[i]), *back;
        assert_int_equal(env_declare(world->env, "x", value, &world->error), GUAN_OK);
        assert_int_equal(env_get(world->env, "x", world->arena, &back, &world->error), GUAN_OK);
        if (!value_equal(value, back)) fail_msg("%s came back as another value", texts[i]);
        const char *twice = saved(world);
        assert_int_equal(env_declare(world->env, "x", value_get(value_at(json(world, twice), 0), "x"), &world->error), GUAN_OK);
        assert_string_equal(saved(world), twice);
    }
    assert_ask(world, "x", "{\"\":3,\"a\":{\"b\":[{\"c\":1}]},\"b c\":2,\"end\":4}");
    declare(world, "x", "{}");
    assert_ask(world, "x", "[]");
}

/* Lua's own order of keys differs from run to run. */
static void maps_come_in_order(void **state)
{
    struct world *world = *state;
    script_ref ref =
        ref_of(world, SCRIPT_EXPRESSION, "{zeta = 1, alpha = 2, B = 3, ['\xe7\x8e\x8b'] = 4, b = 5, a = 6, [''] = 7}");
    static const char *const keys[] = {"", "B", "a", "alpha", "b", "zeta", "\xe7\x8e\x8b"};
    struct value *value, *names;
    assert_int_equal(env_eval(world->env, ref, world->arena, &value, &world->error), GUAN_OK);
    assert_int_equal(value_count(value), 7);
    for (size_t i = 0; i < 7; i++) assert_string_equal(value->as.map.items[i].key, keys[i]);
    declare(world, "z", "1");
    declare(world, "a", "1");
    declare(world, "y", NULL);
    declare(world, "b", NULL);
    assert_int_equal(env_save(world->env, world->arena, &value, &names, &world->error), GUAN_OK);
    assert_string_equal(value->as.map.items[0].key, "a");
    assert_string_equal(value_as_text(value_at(names, 0)), "b");
}

static void integers_and_reals_stay_apart(void **state)
{
    struct world *world = *state;
    declare(world, "i", "1");
    declare(world, "r", "1.0");
    assert_string_equal(saved(world), "[{\"i\":1,\"r\":1.0},[]]");
    assert_int_equal(move(world, "i", "i * 2"), GUAN_OK);
    assert_int_equal(move(world, "r", "r * 2"), GUAN_OK);
    assert_string_equal(saved(world), "[{\"i\":2,\"r\":2.0},[]]");
    assert_ask(world, "i / 2", "1.0");
    assert_ask(world, "i // 2", "1");
    assert_ask(world, "math.maxinteger + 1 == math.mininteger", "true");
}

static void declared_names_may_be_nil(void **state)
{
    struct world *world = *state;
    declare(world, "later", NULL);
    declare(world, "now_", "1");
    assert_true(env_declared(world->env, "later"));
    assert_false(env_declared(world->env, "other"));
    assert_false(env_declared(world->env, "__index"));
    assert_ask(world, "later == nil", "true");
    assert_ask(world, "undeclared == nil", "true");
    assert_int_equal(move(world, "now_", "nil"), GUAN_OK);
    assert_string_equal(saved(world), "[{},[\"later\",\"now_\"]]");
    assert_int_equal(assign(world, "later", "5"), GUAN_OK);
    assert_int_equal(run_text(world, "now_ = 6; later = nil"), GUAN_OK);
    assert_string_equal(saved(world), "[{\"now_\":6},[\"later\"]]");
}

static void undeclared_names_are_refused(void **state)
{
    struct world *world = *state;
    declare(world, "x", "{\"a\":1}");
    assert_int_equal(assign(world, "y", "1"), GUAN_NO);
    assert_refused(world, "script-error", "'y' is not declared");
    assert_int_equal(assign(world, "y.z", "1"), GUAN_NO);
    assert_refused(world, "script-error", "nil value");
    assert_int_equal(move(world, "y", "1"), GUAN_NO);
    assert_int_equal(assign(world, "x.b", "2"), GUAN_OK);
    assert_ask(world, "(function() y = 1 end)()", "script-error: 'y' is not declared; add <data id=\"y\"/>");
    assert_string_equal(saved(world), "[{\"x\":{\"a\":1,\"b\":2}},[]]");
}

static void assignment_copies(void **state)
{
    struct world *world = *state;
    declare(world, "a", "{\"list\":[1,2]}");
    declare(world, "b", NULL);
    assert_int_equal(move(world, "b", "a.list"), GUAN_OK);
    assert_int_equal(assign(world, "b[#b + 1]", "3"), GUAN_OK);
    assert_string_equal(saved(world), "[{\"a\":{\"list\":[1,2]},\"b\":[1,2,3]},[]]");
    assert_int_equal(move(world, "a.self", "a"), GUAN_OK);
    assert_string_equal(saved(world), "[{\"a\":{\"list\":[1,2],\"self\":{\"list\":[1,2]}},\"b\":[1,2,3]},[]]");
    assert_int_equal(move(world, "b", "b[1]"), GUAN_OK);
    assert_ask(world, "b", "1");
}

static void scripts_make_names_but_no_functions(void **state)
{
    struct world *world = *state;
    assert_int_equal(run_text(world, "x = 1; y = {2}; nothing = nil"), GUAN_OK);
    assert_string_equal(saved(world), "[{\"x\":1,\"y\":[2]},[\"nothing\"]]");
    assert_int_equal(run_text(world, "function f() end"), GUAN_NO);
    assert_refused(world, "script-error", "'f' is a function");
    assert_int_equal(run_text(world, "x = print or function() end"), GUAN_NO);
    assert_refused(world, "script-value", "x: a function cannot be kept");
}

static void bad_values_are_reported_by_the_script(void **state)
{
    struct world *world = *state;
    static const char *const cases[][2] = {
        {"x = {}; x.me = x", "x.me: the same table"},
        {"x = {{}}; y = x[1]", "the same table"},
        {"x = {1, nil, 3}", "x: a list with holes"},
        {"x = {1, a = 2}", "x: a table with both"},
        {"x = {[0] = 1}", "x: a table whose keys"},
        {"x = {[1.5] = 1}", "x: a table whose keys"},
        {"x = {[true] = 1}", "x: a table whose keys"},
        {"x = {a = {b = {0 / 0}}}", "x.a.b[1]: a number that is infinite"},
        {"x = math.huge", "x: a number that is infinite"},
        {"x = '\\xff'", "x: a text that is not UTF-8"},
        {"x = {['\\xff'] = 1}", "a key that is not UTF-8"},
        {"x = {['a\\0b'] = 1}", "a key that is not UTF-8"},
        {"x = {f = type}", "x.f: a function"},
        {"x = _ENV", "the same table"},
        {"x = {} ; for i = 1, 100 do x = {x} end", "nested too deep"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        world_release(world);
        world_init(world, NULL);
        assert_int_equal(run_text(world, cases[i][0]), GUAN_NO);
        assert_refused(world, "script-value", cases[i][1]);
        assert_non_null(strstr(saved(world), "script-value: "));
    }
}

static void reserved_names_are_refused(void **state)
{
    struct world *world = *state;
    static const char *const names[] = {"_event", "_mine", "__index", "string", "pairs", "In", "end", "1x", "", "a b", "a.b"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(env_declare(world->env, names[i], NULL, &world->error), GUAN_NO);
        assert_string_equal(world->error.rule, "script-error");
        assert_false(env_declared(world->env, names[i]));
    }
    assert_int_equal(run_text(world, "string = nil"), GUAN_NO);
    assert_int_equal(run_text(world, "pairs = 1"), GUAN_NO);
    assert_int_equal(run_text(world, "_x = 1"), GUAN_NO);
    assert_int_equal(run_text(world, "_ENV['a b'] = 1"), GUAN_NO);
    assert_int_equal(run_text(world, "_ENV[1] = 1"), GUAN_NO);
    assert_int_equal(run_text(world, "table.insert(_ENV, 1)"), GUAN_NO);
    assert_int_equal(run_text(world, "table.sort(_ENV)"), GUAN_NO);
    assert_string_equal(saved(world), "[{},[]]");
}

static void system_variables_are_read_only(void **state)
{
    struct world *world = *state;
    declare(world, "x", NULL);
    assert_ask(world, "_event == nil", "true");
    struct value *event = json(world, "{\"name\":\"go\",\"data\":{\"a\":[1,{\"b\":2}],\"e\":{}}}");
    assert_int_equal(env_system(world->env, "_event", event, &world->error), GUAN_OK);
    assert_int_equal(env_system(world->env, "_name", value_text(world->arena, "doc"), &world->error), GUAN_OK);
    assert_int_equal(env_system(world->env, "x", NULL, &world->error), GUAN_NO);
    assert_ask(world, "_event.name .. _event.data.a[2].b .. #_event.data.a .. type(_event.data)", "\"go22table\"");
    assert_ask(world, "_event.data == _event.data and _event.data ~= _event", "true");
    assert_ask(world, "_event.data.none == nil and next(_event.data.e) == nil", "true");
    assert_ask(world, "(function() local s = '' for k, v in pairs(_event.data) do s = s .. k .. type(v) end return s end)()",
               "\"atableetable\"");
    assert_ask(world, "(function() local s = 0 for i, v in ipairs(_event.data.a) do s = s + i end return s end)()", "3");
    assert_ask(world, "select(2, table.unpack(_event.data.a)).b", "2");
    static const char *const writes[] = {"_event = 1",
                                         "_name = nil",
                                         "_event.name = 'x'",
                                         "_event.data.new = 1",
                                         "_event.data.a[1] = 5",
                                         "_event.data.a[2].b = 5",
                                         "table.insert(_event.data.a, 1)",
                                         "table.remove(_event.data.a)",
                                         "table.sort(_event.data.a)",
                                         "local e = _event.data; e.a = 1"};
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
        assert_int_equal(run_text(world, writes[i]), GUAN_NO);
        assert_string_equal(world->error.rule, "script-error");
    }
    assert_int_equal(assign(world, "_event", "1"), GUAN_NO);
    assert_int_equal(assign(world, "_event.data.a", "1"), GUAN_NO);
    assert_ask(world, "_event", "{\"data\":{\"a\":[1,{\"b\":2}],\"e\":[]},\"name\":\"go\"}");
    /* a copy is the data's own */
    assert_int_equal(move(world, "x", "_event.data"), GUAN_OK);
    assert_int_equal(run_text(world, "x.a[1] = 7; y = {_event.data, _event.data}"), GUAN_OK);
    assert_int_equal(run_text(world, "y[1].a[1] = 8"), GUAN_OK);
    assert_ask(world, "{x.a[1], y[1].a[1], y[2].a[1], _event.data.a[1]}", "[7,8,1,1]");
    assert_int_equal(env_system(world->env, "_event", NULL, &world->error), GUAN_OK);
    assert_ask(world, "_event == nil", "true");
}

static bool is_active(void *user, const char *id)
{
    return strcmp(user, id) == 0;
}

static void in_asks_the_interpreter(void **state)
{
    struct world *world = *state;
    char active[] = "s1";
    assert_ask(world, "In('s1')", "script-error: In() is not available here");
    assert_int_equal(env_in(world->env, is_active, active, &world->error), GUAN_OK);
    assert_ask(world, "In('s1') and not In('s2')", "true");
    assert_ask(world, "In()", "script-error: bad argument #1 to 'In' (string expected, got no value)");
}

static void checks_see_a_value(void **state)
{
    struct world *world = *state;
    declare(world, "most", "3");
    bool yes;
    script_ref ref = ref_of(world, SCRIPT_CHECK, "#value.list <= most and value.list[1] == 'x'");
    assert_int_equal(env_check(world->env, ref, json(world, "{\"list\":[\"x\"]}"), &yes, &world->error), GUAN_OK);
    assert_true(yes);
    assert_int_equal(env_check(world->env, ref, json(world, "{\"list\":[1,2,3,4]}"), &yes, &world->error), GUAN_OK);
    assert_false(yes);
    assert_int_equal(env_check(world->env, ref, NULL, &yes, &world->error), GUAN_NO);
    assert_false(yes);
}

static void truth_is_luas(void **state)
{
    struct world *world = *state;
    static const char *const sources[] = {"nil", "false", "0", "''", "{}", "true"};
    for (int i = 0; i < 6; i++) {
        bool yes;
        assert_int_equal(env_eval_bool(world->env, ref_of(world, SCRIPT_EXPRESSION, sources[i]), &yes, &world->error), GUAN_OK);
        assert_int_equal(yes, i > 1);
    }
    bool yes = true;
    assert_int_equal(env_eval_bool(world->env, ref_of(world, SCRIPT_EXPRESSION, "(nil).x"), &yes, &world->error), GUAN_NO);
    assert_false(yes);
}

static void locations_are_read_too(void **state)
{
    struct world *world = *state;
    declare(world, "x", "{\"y\":4}");
    struct value *value;
    script_ref ref = ref_of(world, SCRIPT_LOCATION, "x.y");
    assert_int_equal(env_eval(world->env, ref, world->arena, &value, &world->error), GUAN_OK);
    assert_int_equal(value_as_int(value), 4);
    assert_int_equal(env_move(world->env, ref_of(world, SCRIPT_LOCATION, "x.z"), ref, &world->error), GUAN_OK);
    assert_ask(world, "x.z", "4");
    assert_int_equal(env_assign(world->env, ref_of(world, SCRIPT_EXPRESSION, "x"), NULL, &world->error), GUAN_NO);
}

static void functions_survive_a_restore(void **state)
{
    struct world *world = *state;
    static const char source[] = "count = 10; list[1] = 'changed'; created = 'again'; function twice() return count * 2 end "
                                 "function bump() count = count + 1 return count end";
    declare(world, "count", "1");
    declare(world, "list", "[\"a\"]");
    assert_int_equal(run_document(world, source), GUAN_OK);
    assert_ask(world, "twice()", "20");
    assert_ask(world, "bump()", "11");
    assert_string_equal(saved(world), "[{\"count\":11,\"created\":\"again\",\"list\":[\"changed\"]},[]]");
    world_release(world);
    world_init(world, NULL);
    declare(world, "count", "5");
    declare(world, "list", "[\"b\",{\"deep\":1}]");
    declare(world, "gone", NULL);
    script_ref ref = ref_of(world, SCRIPT_STATEMENTS, source);
    assert_int_equal(env_run_functions(world->env, ref, &world->error), GUAN_OK);
    assert_string_equal(saved(world), "[{\"count\":5,\"list\":[\"b\",{\"deep\":1}]},[\"gone\"]]");
    assert_ask(world, "twice()", "10");
    assert_ask(world, "bump()", "6");
    /* one that fails half way leaves the data as they were */
    ref = ref_of(world, SCRIPT_STATEMENTS, "count = 0; list = nil; other = 1; error('stop')");
    assert_int_equal(env_run_functions(world->env, ref, &world->error), GUAN_NO);
    assert_refused(world, "script-error", "stop");
    assert_string_equal(saved(world), "[{\"count\":6,\"list\":[\"b\",{\"deep\":1}]},[\"gone\"]]");
}

/* --- surroundings ---------------------------------------------------------------------------------------------------- */

struct around {
    int asked, now, fail;
};

static int lookup(void *user, const char *const *path, size_t depth, struct arena *arena, struct value **out,
                  struct guan_error *error)
{
    struct around *around = user;
    around->asked++;
    if (around->fail) return error_set(error, around->fail, "test", "lookup failed");
    if (strcmp(path[0], "now") == 0) *out = value_int(arena, around->now);
    if (strcmp(path[0], "case") == 0) {
        *out = value_map(arena);
        value_set_text(arena, *out, "id", "c1");
    }
    if (depth == 2 && strcmp(path[1], "arrive") == 0) {
        *out = value_map(arena);
        value_set_text(arena, *out, "from", path[0]);
    }
    if (depth == 1 && strcmp(path[0], "param") == 0) {
        *out = value_map(arena);
        value_set_int(arena, *out, "B", 2);
        value_set_int(arena, *out, "A", 1);
    }
    return GUAN_OK;
}

static int add(void *user, const struct value *args, struct arena *arena, struct value **out, struct guan_error *error)
{
    (void)user;
    if (value_count(args) != 2) return error_set(error, GUAN_NO, "test", "add: two numbers are expected");
    if (value_as_int(value_at(args, 0)) < 0) return error_set(error, GUAN_FAILED, "disk", "the disk is gone");
    *out = value_map(arena);
    value_set_int(arena, *out, "sum", value_as_int(value_at(args, 0)) + value_as_int(value_at(args, 1)));
    return GUAN_OK;
}

static const struct script_function functions[] = {{"add", add}};

static void surroundings_are_seen(void **state)
{
    struct world *world = *state;
    struct around around = {.now = 5};
    struct script_surroundings surroundings = {&around, lookup, functions, 1};
    world_release(world);
    world_init(world, &surroundings);
    assert_ask(world, "now", "5");
    around.now = 6;
    assert_ask(world, "now", "5");
    env_refresh(world->env);
    assert_ask(world, "now", "6");
    assert_ask(world, "case.id", "\"c1\"");
    assert_ask(world, "form.arrive.from .. steps.arrive.from .. forms.arrive.from .. param.arrive.from",
               "\"formstepsformsparam\"");
    assert_ask(world, "form.none.x == nil and steps.none.done == nil and form['a.b'].c == nil", "true");
    assert_ask(world, "forms.none == nil and param.none == nil and form[1] == nil", "true");
    assert_ask(world, "form.arrive == form.arrive and form.none == form.none", "true");
    assert_ask(world, "(function() local s = '' for k, v in pairs(param) do s = s .. k .. v end return s end)()", "\"A1B2\"");
    assert_ask(world, "param", "{\"A\":1,\"B\":2}");
    assert_ask(world, "next(form)", "script-error: this table can only be asked key by key");
    assert_ask(world, "form", "script-value: a table that can only be asked key by key");
    assert_ask(world, "add(1, 2).sum + add(3, 4).sum", "10");
    int asked = around.asked;
    assert_ask(world, "{now, case.id, form.arrive.from, steps.none.x}", "[6,\"c1\",\"form\"]");
    assert_int_equal(around.asked, asked);
}

static void surroundings_are_read_only(void **state)
{
    struct world *world = *state;
    struct around around = {.now = 5};
    struct script_surroundings surroundings = {&around, lookup, functions, 1};
    world_release(world);
    world_init(world, &surroundings);
    static const char *const writes[] = {"now = 1",         "case = nil", "case.id = 1",        "form = {}",   "form.x = 1",
                                         "form.none.x = 1", "add = 1",    "function add() end", "param.A = 1", "now = nil"};
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
        if (run_text(world, writes[i]) != GUAN_NO || run_document(world, writes[i]) != GUAN_NO) fail_msg("%s", writes[i]);
        assert_string_equal(world->error.rule, "script-error");
    }
    assert_int_equal(env_declare(world->env, "now", NULL, &world->error), GUAN_NO);
    assert_int_equal(env_declare(world->env, "form", NULL, &world->error), GUAN_NO);
    assert_int_equal(env_declare(world->env, "add", NULL, &world->error), GUAN_NO);
    declare(world, "mine", NULL);
    /* a declared name that holds nil is not asked for */
    int asked = around.asked;
    assert_ask(world, "mine", "nil");
    assert_int_equal(around.asked, asked);
}

static void errors_of_callbacks_come_through(void **state)
{
    struct world *world = *state;
    struct around around = {.now = 5};
    struct script_surroundings surroundings = {&around, lookup, functions, 1};
    world_release(world);
    world_init(world, &surroundings);
    assert_ask(world, "add(1)", "script-error: add: two numbers are expected");
    assert_ask(world, "select(2, pcall(add, 1))", "\"add: two numbers are expected\"");
    assert_ask(world, "add(1, function() end)", "script-error: argument: a function cannot be kept");
    assert_ask(world, "pcall(add, -1, 0)", "disk: the disk is gone");
    assert_int_equal(world->error.code, GUAN_FAILED);
    around.fail = GUAN_NO;
    assert_ask(world, "later", "script-error: lookup failed");
    assert_ask(world, "1 + 1", "2");
}

/* A lookup that evaluates in another environment. */
struct nest {
    struct env *other;
    script_ref ref;
};

static int nested_lookup(void *user, const char *const *path, size_t depth, struct arena *arena, struct value **out,
                         struct guan_error *error)
{
    struct nest *nest = user;
    (void)depth;
    if (strcmp(path[0], "theirs") != 0) return GUAN_OK;
    return env_eval(nest->other, nest->ref, arena, out, error);
}

static void callbacks_may_evaluate(void **state)
{
    struct world *world = *state;
    struct nest nest;
    struct script_surroundings surroundings = {&nest, nested_lookup, NULL, 0};
    struct env *env;
    assert_int_equal(env_new(world->script, &surroundings, &env, &world->error), GUAN_OK);
    nest.other = world->env;
    nest.ref = ref_of(world, SCRIPT_EXPRESSION, "x");
    declare(world, "x", "{\"deep\":[3]}");
    assert_int_equal(env_declare(env, "x", value_int(world->arena, 4), &world->error), GUAN_OK);
    struct value *value;
    script_ref ref = ref_of(world, SCRIPT_EXPRESSION, "theirs.deep[1] * 10 + x");
    assert_int_equal(env_eval(env, ref, world->arena, &value, &world->error), GUAN_OK);
    assert_int_equal(value_as_int(value), 34);
    nest.ref = ref_of(world, SCRIPT_EXPRESSION, "(function() while true do end end)()");
    env_refresh(env);
    ref = ref_of(world, SCRIPT_EXPRESSION, "pcall(function() return theirs end)");
    assert_int_equal(env_eval(env, ref, world->arena, &value, &world->error), GUAN_NO);
    assert_string_equal(world->error.rule, "script-budget");
    env_free(env);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(data_come_back_as_they_were),
        TEST(integers_and_reals_stay_apart),
        TEST(maps_come_in_order),
        TEST(declared_names_may_be_nil),
        TEST(undeclared_names_are_refused),
        TEST(assignment_copies),
        TEST(scripts_make_names_but_no_functions),
        TEST(bad_values_are_reported_by_the_script),
        TEST(reserved_names_are_refused),
        TEST(system_variables_are_read_only),
        TEST(in_asks_the_interpreter),
        TEST(checks_see_a_value),
        TEST(truth_is_luas),
        TEST(locations_are_read_too),
        TEST(functions_survive_a_restore),
        TEST(surroundings_are_seen),
        TEST(surroundings_are_read_only),
        TEST(errors_of_callbacks_come_through),
        TEST(callbacks_may_evaluate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
