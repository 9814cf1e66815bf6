/* Source: what is an expression, a location, statements; messages and lines; the place for a chart's pieces. */
#include "helper.h"

static int check(enum script_kind kind, const char *source, uint32_t *line, struct guan_error *error)
{
    return script_check(kind, source, strlen(source), 7, line, error);
}

static void syntax_is_checked(void **state)
{
    (void)state;
    static const struct {
        enum script_kind kind;
        const char *source;
        bool good;
        uint32_t line;
        const char *text;
    } cases[] = {
        {SCRIPT_EXPRESSION, "1 + 1", true, 7, ""},
        {SCRIPT_EXPRESSION, "1 + 1 -- sum", true, 7, ""},
        {SCRIPT_EXPRESSION, "{1, 2,\n3}", true, 7, ""},
        {SCRIPT_EXPRESSION, "", false, 7, "exactly one expression"},
        {SCRIPT_EXPRESSION, "a, b", false, 7, "exactly one expression"},
        {SCRIPT_EXPRESSION, "1;", false, 7, "exactly one expression"},
        {SCRIPT_EXPRESSION, "1) or (2", false, 7, "near ')'"},
        {SCRIPT_EXPRESSION, "1) x = (2", false, 7, "near ')'"},
        {SCRIPT_EXPRESSION, "1 end x = 1 do return 2", false, 7, "near 'end'"},
        {SCRIPT_EXPRESSION, "1 +", false, 7, "near <eof>"},
        {SCRIPT_EXPRESSION, "1 +\n\n)", false, 9, "near ')'"},
        {SCRIPT_EXPRESSION, "x --[[", false, 7, "unfinished long comment"},
        {SCRIPT_EXPRESSION, "x = 1", false, 7, "near '='"},
        {SCRIPT_EXPRESSION, "return 1", false, 7, "near 'return'"},
        {SCRIPT_EXPRESSION, "\x1bLua", false, 7, "near '<\\27>'"},
        {SCRIPT_CHECK, "value > 1", true, 7, ""},
        {SCRIPT_CHECK, "value = 1", false, 7, "near '='"},
        {SCRIPT_LOCATION, "x", true, 7, ""},
        {SCRIPT_LOCATION, "x.y[1].z", true, 7, ""},
        {SCRIPT_LOCATION, "Var1[#Var1 + 1]", true, 7, ""},
        {SCRIPT_LOCATION, "x=1;y", false, 7, "near '='"},
        {SCRIPT_LOCATION, "x, y", false, 7, "exactly one expression"},
        {SCRIPT_LOCATION, "f()", false, 7, "nothing that can be assigned"},
        {SCRIPT_LOCATION, "1", false, 7, "nothing that can be assigned"},
        {SCRIPT_LOCATION, "(x)", false, 7, "nothing that can be assigned"},
        {SCRIPT_LOCATION, "local x", false, 7, "near 'local'"},
        {SCRIPT_LOCATION, "'this is no location'", false, 7, "nothing that can be assigned"},
        {SCRIPT_STATEMENTS, "x = 1\ny = 2", true, 7, ""},
        {SCRIPT_STATEMENTS, "", true, 7, ""},
        {SCRIPT_STATEMENTS, "x = 1\nend", false, 8, "near 'end'"},
        {SCRIPT_STATEMENTS, "x = 1\ny = = 2", false, 8, "near '='"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t line = 0;
        struct guan_error error = {0};
        int code = check(cases[i].kind, cases[i].source, &line, &error);
        if ((code == GUAN_OK) != cases[i].good) fail_msg("%s: %d %s", cases[i].source, code, error.text);
        if (line != cases[i].line) fail_msg("%s: line %u", cases[i].source, line);
        if (code == GUAN_OK) continue;
        assert_string_equal(error.rule, "lua-syntax");
        if (!strstr(error.text, cases[i].text)) fail_msg("%s: %s", cases[i].source, error.text);
    }
}

static void compiling_says_where(void **state)
{
    struct world *world = *state;
    script_ref ref;
    assert_int_equal(
        script_compile(world->script, SCRIPT_STATEMENTS, "x = 1\ny = = 2", 13, "dir/a.scxml", 30, &ref, &world->error), GUAN_NO);
    assert_string_equal(world->error.where, "dir/a.scxml:31");
    assert_int_equal(ref, SCRIPT_NO_REF);
}

static void running_says_where(void **state)
{
    struct world *world = *state;
    declare(world, "x", "1");
    assert_int_equal(run_text(world, "x = 2\nx = x + nothing"), GUAN_NO);
    assert_string_equal(world->error.where, "test.scxml:11");
    assert_refused(world, "script-error", "arithmetic on a nil value (global 'nothing')");
    /* the function's own line, not that of the expression which calls it */
    assert_int_equal(run_document(world, "\n\nfunction f() error('no good') end"), GUAN_OK);
    assert_ask(world, "f()", "script-error: no good");
    assert_string_equal(world->error.where, "test.scxml:12");
    /* a value that is no tree: the expression's place */
    assert_ask(world, "\n\nf", "script-value: a function cannot be kept");
    assert_string_equal(world->error.where, "test.scxml:10");
}

static void source_is_bounded(void **state)
{
    struct world *world = *state;
    size_t length = 2u * 1024u * 1024u;
    char *source = memory_alloc(length);
    memset(source, ' ', length);
    script_ref ref;
    assert_int_equal(script_compile(world->script, SCRIPT_EXPRESSION, source, length, "a", 1, &ref, &world->error), GUAN_NO);
    assert_refused(world, "lua-syntax", "too long");
    memset(source, '(', length / 4);
    assert_int_equal(script_compile(world->script, SCRIPT_EXPRESSION, source, length / 4, "a", 1, &ref, &world->error), GUAN_NO);
    assert_refused(world, "lua-syntax", "overflow");
    memory_free(source);
}

static void refs_are_kept_by_chart(void **state)
{
    struct world *world = *state;
    int chart_a = 0, chart_b = 0;
    script_ref *a = script_chart_refs(world->script, &chart_a, 3);
    assert_int_equal(a[0] | a[1] | a[2], SCRIPT_NO_REF);
    a[1] = ref_of(world, SCRIPT_EXPRESSION, "40 + 2");
    script_ref kept = a[1];
    script_ref *b = script_chart_refs(world->script, &chart_b, 1);
    assert_ptr_not_equal(a, b);
    assert_ptr_equal(script_chart_refs(world->script, &chart_a, 3), a);
    struct value *value;
    assert_int_equal(env_eval(world->env, a[1], world->arena, &value, &world->error), GUAN_OK);
    assert_int_equal(value_as_int(value), 42);
    script_forget(world->script, &chart_a);
    assert_int_equal(env_eval(world->env, kept, world->arena, &value, &world->error), GUAN_NO);
    assert_int_equal(script_chart_refs(world->script, &chart_a, 3)[1], SCRIPT_NO_REF);
    assert_int_equal(env_eval(world->env, 99999, world->arena, &value, &world->error), GUAN_NO);
    assert_int_equal(env_eval(world->env, SCRIPT_NO_REF, world->arena, &value, &world->error), GUAN_NO);
}

static void pieces_are_shared_by_environments(void **state)
{
    struct world *world = *state;
    struct env *other;
    assert_int_equal(env_new(world->script, NULL, &other, &world->error), GUAN_OK);
    script_ref script = ref_of(world, SCRIPT_STATEMENTS, "function who() return name end");
    script_ref ask_who = ref_of(world, SCRIPT_EXPRESSION, "who()");
    struct env *envs[] = {world->env, other};
    const char *names[] = {"one", "two"};
    struct value *value;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(env_declare(envs[i], "name", value_text(world->arena, names[i]), &world->error), GUAN_OK);
        assert_int_equal(env_run_document(envs[i], script, &world->error), GUAN_OK);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(env_eval(envs[i], ask_who, world->arena, &value, &world->error), GUAN_OK);
        assert_string_equal(value_as_text(value), names[i]);
    }
    env_free(other);
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(syntax_is_checked),
        cmocka_unit_test_setup_teardown(compiling_says_where, setup, teardown),
        cmocka_unit_test_setup_teardown(running_says_where, setup, teardown),
        cmocka_unit_test_setup_teardown(source_is_bounded, setup, teardown),
        cmocka_unit_test_setup_teardown(refs_are_kept_by_chart, setup, teardown),
        cmocka_unit_test_setup_teardown(pieces_are_shared_by_environments, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
