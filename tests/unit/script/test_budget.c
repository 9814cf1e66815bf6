/* Budgets: whatever a script does, it ends, and pcall does not help it. Not by the clock: the tests end, or they do not. */
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

static void everything_ends(void **state)
{
    struct world *world = *state;
    static const char *const sources[] = {
        "while true do end",
        "for i = 1, math.huge do end",
        "::again:: goto again",
        "local function f() return f() end f()",
        "while true do pcall(function() while true do end end) end",
        "pcall(function() pcall(function() while true do end end) while true do end end) while true do end",
        "local function f() pcall(f) while true do end end f()",
        "while true do pcall(error, {}) end",
        /* searches that run back and forth */
        "local s = string.rep('a', 200000); string.find(s, '.-.-.-.-b')",
        "local s = string.rep('a', 30); while true do string.match(s, string.rep('a?', 30) .. string.rep('a', 30) .. 'b') end",
        "string.gsub(string.rep('(', 200000), '%b()', '')",
        "string.find(string.rep('a', 100000), '(a*)*b')",
        "while true do string.find(string.rep('a', 200000), string.rep('a', 1000) .. 'b', 1, true) end",
        "for _ in string.gmatch(string.rep('a', 200000), 'a-b') do end",
        "string.match(string.rep('a', 100000), '[' .. string.rep('x', 100000) .. ']*b')",
        "while true do string.gsub('aaaa', 'a', function() while true do end end) end",
        /* work inside functions of the library */
        "local t = {} for i = 1, 20000 do t[i] = i end while true do table.insert(t, 1, 0) table.remove(t, 1) end",
        "local t = {} for i = 1, 20000 do t[i] = -i end while true do table.sort(t) end",
        "table.sort({3, 2, 1}, function() while true do end end)",
        "local t = {} for i = 1, 5000 do t['k' .. i] = i end while true do pairs(t) end",
        "local t = {} for i = 1, 5000 do t['k' .. i] = i end while true do next(t) end",
        "local t = {} for i = 1, 20000 do t[i] = 'x' end while true do table.concat(t) end",
        "local s = string.rep('a', 200000) while true do s:upper() end",
        "local s = string.rep(' ', 200000) while true do tonumber(s) end",
        "local s = string.rep(' ', 200000) while true do pcall(function() return s + 1 end) end",
        "local s = string.rep('x', 200000) while true do local t = s .. 'y' end",
        "while true do string.rep('x', 200000) end",
        "local s = string.rep('a', 200000) while true do utf8.len(s) end",
        /* memory */
        "local t = {} while true do t[#t + 1] = string.rep('x', 100000) .. #t end",
        "local t = {} while true do t = {t} end",
        "local s = 'x' while true do s = s .. s end",
        "pcall(function() local s = 'x' while true do s = s .. s end end) while true do end",
        "local function f(...) return f(1, ...) end f()",
        "local function f(n) return 1 + f(n + 1) end f(1)",
        "local t = {} for i = 1, 1e9 do t[i] = i end",
    };
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        script_budget(world->script, 200000);
        int code = env_run(world->env, ref_of(world, SCRIPT_STATEMENTS, sources[i]), &world->error);
        if (code != GUAN_NO || strcmp(world->error.rule, "script-budget") != 0)
            fail_msg("%s: %d %s %s", sources[i], code, world->error.rule, world->error.text);
        /* and the next command goes on as if nothing had been */
        assert_ask(world, "1 + 1", "2");
    }
}

static void nothing_grows_too_long(void **state)
{
    struct world *world = *state;
    assert_ask(world, "string.rep('x', 1 << 40)", "script-error: the text would be too long (at most 262144 bytes)");
    assert_ask(world, "string.rep('', 1 << 40, ',')", "script-error: the text would be too long (at most 262144 bytes)");
    assert_ask(world, "#(string.rep('x', 200000) .. string.rep('x', 60000))", "260000");
    assert_ask(world, "pcall(function() return string.rep('x', 200000) .. string.rep('x', 200000) end)",
               "script-budget: the script needs more memory than it may have");
    assert_ask(world, "('a'):rep(300):match(string.rep('a?', 300))", "script-error: pattern too complex");
    assert_ask(world, "('a'):rep(50):match(string.rep('(a)', 40))", "script-error: too many captures");
}

static void a_budget_is_for_a_command(void **state)
{
    struct world *world = *state;
    script_ref ref = ref_of(world, SCRIPT_STATEMENTS, "for i = 1, 1000 do end");
    int runs = 0;
    script_budget(world->script, 10000);
    while (env_run(world->env, ref, &world->error) == GUAN_OK) runs++;
    assert_true(runs > 1 && runs < 11);
    assert_string_equal(world->error.rule, "script-budget");
    assert_int_equal(env_run(world->env, ref, &world->error), GUAN_NO);
    /* data can be saved all the same */
    declare(world, "x", "[1]");
    assert_string_equal(saved(world), "[{\"x\":[1]},[]]");
    int again = 0;
    script_budget(world->script, 10000);
    while (env_run(world->env, ref, &world->error) == GUAN_OK) again++;
    assert_int_equal(runs, again);
}

static void small_budgets_are_exact(void **state)
{
    struct world *world = *state;
    script_ref ref = ref_of(world, SCRIPT_STATEMENTS, "local a = 1; local b = 2; local c = a + b");
    uint64_t least = 0;
    for (uint64_t n = 1; n < 100 && !least; n++) {
        script_budget(world->script, n);
        if (env_run(world->env, ref, &world->error) == GUAN_OK) least = n;
    }
    assert_in_range(least, 5, 12);
    script_budget(world->script, least - 1);
    assert_int_equal(env_run(world->env, ref, &world->error), GUAN_NO);
    script_budget(world->script, 0);
    assert_int_equal(env_run(world->env, ref, &world->error), GUAN_NO);
}

static void memory_comes_back(void **state)
{
    struct world *world = *state;
    script_ref ref = ref_of(world, SCRIPT_STATEMENTS, "local t = {} for i = 1, 2000 do t[i] = ('x'):rep(1000) .. i end");
    for (int i = 0; i < 50; i++) {
        script_budget(world->script, 1000000);
        assert_int_equal(env_run(world->env, ref, &world->error), GUAN_OK);
    }
    assert_true(script_memory(world->script) < 32u * 1024u * 1024u);
}

/* What many sessions in one state may weigh (DESIGN: a dealer's cases in one process). */
static void environments_are_small(void **state)
{
    enum { COUNT = 2000 };
    struct world *world = *state;
    static struct env *envs[COUNT];
    struct value *event = json(world, "{\"name\":\"go\",\"type\":\"external\",\"data\":{\"slot\":3}}");
    size_t before = script_memory(world->script);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(env_new(world->script, NULL, &envs[i], &world->error), GUAN_OK);
        static const char *const names[] = {"channel", "slot", "no_shows", "repaired", "result"};
        for (int k = 0; k < 5; k++)
            assert_int_equal(env_declare(envs[i], names[k], value_int(world->arena, k), &world->error), GUAN_OK);
        struct value *id = value_printf(world->arena, "test-drive#%d", i);
        assert_int_equal(env_system(envs[i], "_sessionid", id, &world->error), GUAN_OK);
        assert_int_equal(env_system(envs[i], "_event", event, &world->error), GUAN_OK);
    }
    size_t each = (script_memory(world->script) - before) / COUNT;
    if (each > 1536) fail_msg("%zu bytes for each environment", each);
    for (int i = 0; i < COUNT; i++) env_free(envs[i]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(everything_ends),         TEST(nothing_grows_too_long), TEST(a_budget_is_for_a_command),
        TEST(small_budgets_are_exact), TEST(memory_comes_back),      TEST(environments_are_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
