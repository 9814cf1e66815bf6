/* A dealer's hooks: found, called with copies, without memory from call to call, within the budget. */
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

static struct hooks *load(struct world *world, const char *source)
{
    struct hooks *hooks = NULL;
    error_clear(&world->error);
    script_budget(world->script, 1000000);
    hooks_load(world->script, source, strlen(source), "hooks.lua", &hooks, &world->error);
    return hooks;
}

static const char *call_in(struct world *world, struct hooks *hooks, const char *name, const char *arguments,
                           const struct script_surroundings *surroundings)
{
    struct value *results;
    struct buffer text = {0};
    error_clear(&world->error);
    script_budget(world->script, 1000000);
    int code = hooks_call(hooks, name, json(world, arguments), surroundings, world->arena, &results, &world->error);
    if (code != GUAN_OK) return arena_printf(world->arena, "%s: %s", world->error.rule, world->error.text);
    json_write(&text, results);
    const char *copy = arena_text(world->arena, text.data, text.length);
    buffer_release(&text);
    return copy;
}

static const char *call(struct world *world, struct hooks *hooks, const char *name, const char *arguments)
{
    return call_in(world, hooks, name, arguments, NULL);
}

static void both_spellings_work(void **state)
{
    struct world *world = *state;
    static const char *const sources[] = {
        "local A = {} function A.guard(event, case) if event == 'sign' then return 'NOT_TODAY', case.n + 1 end end return A",
        "LIMIT = 1 function guard(event, case) if event == 'sign' then return 'NOT_TODAY', case.n + LIMIT end end"};
    for (int i = 0; i < 2; i++) {
        struct hooks *hooks = load(world, sources[i]);
        assert_non_null(hooks);
        assert_true(hooks_has(hooks, "guard"));
        assert_false(hooks_has(hooks, "due"));
        assert_false(hooks_has(hooks, "LIMIT"));
        assert_string_equal(call(world, hooks, "guard", "[\"sign\",{\"n\":41}]"), "[\"NOT_TODAY\",42]");
        assert_string_equal(call(world, hooks, "guard", "[\"other\",{}]"), "[]");
        assert_string_equal(call(world, hooks, "due", "[]"), "[]");
        hooks_free(hooks);
    }
}

static void results_are_a_list(void **state)
{
    struct world *world = *state;
    struct hooks *hooks = load(world, "function score(f) return nil, f, nil, nil end function none() end "
                                      "function bad() return {1, a = 2} end function type_() return type end");
    assert_string_equal(call(world, hooks, "score", "[{\"a\":[1.0,2]}]"), "[null,{\"a\":[1.0,2]}]");
    assert_string_equal(call(world, hooks, "none", "[1,2,3]"), "[]");
    assert_string_equal(call(world, hooks, "bad", "[]"), "script-value: bad: a table with both numbers and names as keys");
    assert_string_equal(call(world, hooks, "type_", "[]"), "script-value: type_: a function cannot be kept");
    hooks_free(hooks);
}

static void nothing_is_kept_between_calls(void **state)
{
    struct world *world = *state;
    struct hooks *hooks = load(world, "local n = 0 T = {} function count() n = n + 1 T[#T + 1] = n return n, #T end "
                                      "function leak() seen = 1 end function change() count = nil end "
                                      "function touch(c) c.x = 1 return c.x end function lib() string.x = 1 end");
    for (int i = 0; i < 3; i++) assert_string_equal(call(world, hooks, "count", "[]"), "[1,1]");
    assert_string_equal(call(world, hooks, "leak", "[]"),
                        "script-error: 'seen' cannot be set: a hook keeps nothing between calls; make it local");
    assert_string_equal(world->error.where, "hooks.lua:1");
    assert_non_null(strstr(call(world, hooks, "change", "[]"), "script-error"));
    assert_non_null(strstr(call(world, hooks, "lib", "[]"), "script-error"));
    struct value *arguments = json(world, "[{\"x\":0}]"), *results;
    assert_int_equal(hooks_call(hooks, "touch", arguments, NULL, world->arena, &results, &world->error), GUAN_OK);
    assert_int_equal(value_get_int(value_at(arguments, 0), "x"), 0);
    hooks_free(hooks);
}

static int twice(void *user, const struct value *args, struct arena *arena, struct value **out, struct guan_error *error)
{
    (void)user;
    (void)error;
    *out = value_int(arena, 2 * value_as_int(value_at(args, 0)));
    return GUAN_OK;
}

static int lookup(void *user, const char *const *path, size_t depth, struct arena *arena, struct value **out,
                  struct guan_error *error)
{
    (void)error;
    if (depth == 1 && strcmp(path[0], "today") == 0) *out = value_text(arena, user);
    return GUAN_OK;
}

static void surroundings_are_of_the_call(void **state)
{
    struct world *world = *state;
    static const struct script_function functions[] = {{"twice", twice}};
    char first[] = "2026-03-07", second[] = "2026-03-08";
    struct script_surroundings one = {first, lookup, functions, 1}, two = {second, lookup, functions, 1};
    struct hooks *hooks = load(world, "function f(n) return twice and twice(n), today end function g() today = 1 end");
    assert_string_equal(call_in(world, hooks, "f", "[4]", &one), "[8,\"2026-03-07\"]");
    assert_string_equal(call_in(world, hooks, "f", "[5]", &two), "[10,\"2026-03-08\"]");
    assert_string_equal(call(world, hooks, "f", "[5]"), "[]");
    assert_string_equal(call_in(world, hooks, "g", "[]", &one), "script-error: 'today' is read-only here; choose another name");
    hooks_free(hooks);
}

static void bad_hooks_are_refused(void **state)
{
    struct world *world = *state;
    assert_null(load(world, "function guard("));
    assert_string_equal(world->error.rule, "lua-syntax");
    assert_string_equal(world->error.where, "hooks.lua:1");
    assert_null(load(world, "\n\nerror('not ready')"));
    assert_string_equal(world->error.rule, "script-error");
    assert_string_equal(world->error.where, "hooks.lua:3");
    assert_null(load(world, "while true do end"));
    assert_string_equal(world->error.rule, "script-budget");
    assert_null(load(world, "string = {}"));
    assert_null(load(world, "function pairs() end"));
    struct hooks *hooks =
        load(world, "function loop() while true do pcall(loop) end end function eat() local t = {} while true do "
                    "t[#t + 1] = ('x'):rep(100000) .. #t end end");
    assert_non_null(strstr(call(world, hooks, "loop", "[]"), "script-budget"));
    assert_non_null(strstr(call(world, hooks, "eat", "[]"), "script-budget"));
    hooks_free(hooks);
    hooks_free(NULL);
}

/* returns|name:line of the table|functions set */
static const char *outline(struct world *world, const char *source)
{
    static const char *const returns[] = {"nil", "table", "other"};
    struct hooks_outline outline;
    struct buffer text = {0};
    error_clear(&world->error);
    if (hooks_check(source, strlen(source), world->arena, &outline, &world->error) != GUAN_OK)
        return arena_printf(world->arena, "%s at %u", world->error.rule, outline.line);
    buffer_printf(&text, "%s", returns[outline.returns]);
    json_write(&text, outline.returned);
    json_write(&text, outline.set);
    const char *copy = arena_text(world->arena, text.data, text.length);
    buffer_release(&text);
    return copy;
}

static void outlines(void **state)
{
    struct world *world = *state;
    assert_string_equal(outline(world, "local h = {due = 1}\nfunction h.guard() end\nfunction help() end\nreturn h"),
                        "table{\"due\":0,\"guard\":2}{\"help\":3}");
    assert_string_equal(outline(world, "local hooks = {} return hook"), "nil{}{}");
    assert_string_equal(outline(world, "LIMIT = 1 return 5"), "other{}{}");
    assert_string_equal(outline(world, "return {guard = print, pairs, [true] = 1}"), "table{}{}"); /* there is no print */
    assert_string_equal(outline(world, "\nlocal x = nil + 1"), "script-error at 2");
    assert_string_equal(outline(world, "while true do end"), "script-budget at 1");
    assert_string_equal(outline(world, "\n\nfunction ("), "lua-syntax at 3");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(both_spellings_work),          TEST(results_are_a_list),    TEST(nothing_is_kept_between_calls),
        TEST(surroundings_are_of_the_call), TEST(bad_hooks_are_refused), TEST(outlines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
