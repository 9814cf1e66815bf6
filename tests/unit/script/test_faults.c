/* Memory runs out at the first allocation, the second, …: every call says so, nothing crashes, nothing leaks, and what went
 * through before still holds. */
#include "helper.h"

static int lookup(void *user, const char *const *path, size_t depth, struct arena *arena, struct value **out,
                  struct guan_error *error)
{
    (void)user;
    if (strcmp(path[0], "now") != 0 || depth != 1) return GUAN_OK;
    *out = value_list(arena);
    value_add(arena, *out, value_text(arena, "2026"));
    return arena_failed(arena) ? error_memory(error) : GUAN_OK;
}

static int join(void *user, const struct value *args, struct arena *arena, struct value **out, struct guan_error *error)
{
    (void)user;
    *out = value_printf(arena, "%s-%s", value_as_text(value_at(args, 0)), value_as_text(value_at(args, 1)));
    return arena_failed(arena) ? error_memory(error) : GUAN_OK;
}

static const struct script_function functions[] = {{"join", join}};
static const struct script_surroundings surroundings = {NULL, lookup, functions, 1};

#define TRY(call)                                                                                                                \
    do {                                                                                                                         \
        code = (call);                                                                                                           \
        if (code != GUAN_OK) goto out;                                                                                           \
    } while (0)

static int compile(struct script *script, enum script_kind kind, const char *source, script_ref *out, struct guan_error *error)
{
    return script_compile(script, kind, source, strlen(source), "f.scxml", 1, out, error);
}

/* A life from beginning to end; GUAN_OK or the first error. */
static int live(const struct value *event, struct guan_error *error)
{
    struct script *script = NULL;
    struct env *env = NULL;
    struct hooks *hooks = NULL;
    struct value *value, *names;
    script_ref text, place, statements, condition;
    bool yes;
    static const char source[] = "function guard(e) return e.name .. '!' end";
    struct arena *arena = arena_new();
    int code = arena ? script_new(&script, error) : error_memory(error);
    if (code != GUAN_OK) goto out;
    TRY(script_chart_refs(script, &live, 4) ? GUAN_OK : error_memory(error));
    TRY(compile(script, SCRIPT_EXPRESSION, "{join('a', now[1]), #x, string.rep('y', 2000):gsub('y', 'zz'), _event.data}", &text,
                error));
    TRY(compile(script, SCRIPT_LOCATION, "x.list", &place, error));
    TRY(compile(script, SCRIPT_STATEMENTS, "function f(t) table.sort(t) return t end y = f({3, 1, 2})", &statements, error));
    TRY(compile(script, SCRIPT_EXPRESSION, "pcall(error, {code = _event.name}) or y[3] == 3", &condition, error));
    TRY(env_new(script, &surroundings, &env, error));
    TRY(env_declare(env, "x", event, error));
    TRY(env_system(env, "_event", event, error));
    TRY(env_run_document(env, statements, error));
    TRY(env_run_functions(env, statements, error));
    TRY(env_assign(env, place, event, error));
    TRY(env_move(env, place, text, error));
    TRY(env_eval(env, text, arena, &value, error));
    TRY(env_eval_bool(env, condition, &yes, error));
    TRY(env_save(env, arena, &value, &names, error));
    TRY(env_get(env, "y", arena, &value, error));
    TRY(hooks_load(script, source, strlen(source), "hooks.lua", &hooks, error));
    struct value *arguments = value_list(arena);
    value_add(arena, arguments, value_copy(arena, event));
    TRY(arena_failed(arena) ? error_memory(error) : GUAN_OK);
    TRY(hooks_call(hooks, "guard", arguments, &surroundings, arena, &value, error));
    if (strcmp(value_as_text(value_at(value, 0)), "go!") != 0) code = GUAN_TAMPERED;
out:
    hooks_free(hooks);
    env_free(env);
    script_free(script);
    arena_free(arena);
    return code;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct guan_error error = {0};
    struct value *event;
    static const char text[] = "{\"name\":\"go\",\"data\":{\"list\":[1,2.5,\"王\",{\"a\":true}]}}";
    assert_int_equal(json_read(arena, text, strlen(text), &event, &error), GUAN_OK);
    memory_fail_after(0);
    assert_int_equal(live(event, &error), GUAN_OK);
    uint64_t all = memory_fail_after(0);
    assert_true(all > 100);
    for (uint64_t n = 1; n <= all; n++) {
        error_clear(&error);
        memory_fail_after(n);
        int code = live(event, &error);
        memory_fail_after(0);
        /* a block that cannot shrink, or an emergency collection that freed enough, is no failure */
        if (code == GUAN_OK) continue;
        if (code != GUAN_FAILED || strcmp(error.rule, "memory") != 0)
            fail_msg("allocation %u: %d %s %s", (unsigned)n, code, error.rule, error.text);
    }
    arena_free(arena);
}

/* After a failure the same state goes on working. */
static void a_state_outlives_a_failure(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, &surroundings);
    declare(&world, "x", "{\"a\":[1,2,3]}");
    declare(&world, "y", NULL);
    script_ref place = ref_of(&world, SCRIPT_LOCATION, "y");
    script_ref source = ref_of(&world, SCRIPT_EXPRESSION, "{b = {x.a[1], string.rep('z', 3000), now[1]}}");
    int failed = 0;
    for (uint64_t n = 1; n < 40; n++) {
        env_refresh(world.env);
        memory_fail_after(n);
        int code = env_move(world.env, place, source, &world.error);
        memory_fail_after(0);
        if (code == GUAN_OK) continue;
        failed++;
        if (code != GUAN_FAILED) fail_msg("allocation %u: %s", (unsigned)n, world.error.text);
        assert_string_equal(world.error.rule, "memory");
        assert_ask(&world, "x.a[3]", "3");
    }
    assert_true(failed > 3);
    assert_int_equal(env_move(world.env, place, source, &world.error), GUAN_OK);
    assert_ask(&world, "#y.b[2]", "3000");
    world_release(&world);
}

static void a_check_may_fail(void **state)
{
    (void)state;
    struct guan_error error;
    uint32_t line;
    uint64_t n = 1;
    int code = GUAN_FAILED;
    for (; code != GUAN_OK; n++) {
        memory_fail_after(n);
        code = script_check(SCRIPT_LOCATION, "x.y.z", 5, 1, &line, &error);
        memory_fail_after(0);
        if (code != GUAN_OK) assert_string_equal(error.rule, "memory");
    }
    assert_true(n > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail), cmocka_unit_test(a_state_outlives_a_failure),
                                       cmocka_unit_test(a_check_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
