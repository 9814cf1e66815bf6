/* What Lua names by a literal: the scan of its tokens, and the hints for names that there are not. */
#include "flow.h"

#include "chart/bundle.h"
#include "chart/mentions.h"

static struct arena *arena;

static int setup(void **unused)
{
    (void)unused;
    arena = arena_new();
    return arena == NULL;
}

static int teardown(void **unused)
{
    (void)unused;
    arena_free(arena);
    return 0;
}

/* "form:a.b:field@1:2; …" */
static const char *all_of(const char *source, bool hooks)
{
    static const char *const roots[] = {"form", "forms", "steps", "done", "count", "sum"};
    struct mentions mentions;
    const char *text = "";
    mentions_init(&mentions, arena, source, strlen(source), hooks);
    for (struct mention mention; mentions_next(&mentions, &mention);)
        text = arena_printf(arena, "%s%s%s:%s:%s@%u:%u", text, *text == '\0' ? "" : "; ", roots[mention.root], mention.step,
                            mention.field == NULL ? "" : mention.field, mention.line, mention.col);
    return text;
}

static void paths(void **unused)
{
    (void)unused;
    assert_string_equal(all_of("form.wash.outside", false), "form:wash:outside@1:1");
    assert_string_equal(all_of("客 and form [ 'a.b' ] . c.d", false), "form:a.b:c@1:7");
    assert_string_equal(all_of("forms['a.b']['K']\n or steps.x.count", false), "forms:a.b:K@1:1; steps:x:count@2:5");
    assert_string_equal(all_of("form.a[x].c", false), "form:a:@1:1");
    assert_string_equal(all_of("(form['a'] or {}).c", false), "form:a:@1:2");
    assert_string_equal(all_of("form.a..steps.b", false), "form:a:@1:1; steps:b:@1:9");
}

static void calls(void **unused)
{
    (void)unused;
    assert_string_equal(all_of("done('a.b') or count(\"x\", 'P1D') > 1", false), "done:a.b:@1:1; count:x:@1:16");
    assert_string_equal(all_of("sum('a', 'f', 'P1D') + sum('a', f, 'P1D')", false), "sum:a:f@1:1; sum:a:@1:24");
    assert_string_equal(all_of("done(x) or done('a' .. x) or done('a\\n') or my.done('a') or t:count('x')", false), "");
}

static void what_is_no_name(void **unused)
{
    (void)unused;
    assert_string_equal(all_of("-- form.a.b\n--[[ form.a\n]] '\\'form.a' .. \"form.b\" .. [=[ form.c ]] ]=]", false), "");
    assert_string_equal(all_of("form[a] or form['a' .. b] or form[1] or form or my.form.a or case.form.a", false), "");
    assert_string_equal(all_of("'form.a", false), ""); /* cut off */
    assert_string_equal(all_of("--[[form.a", false), "");
    assert_string_equal(all_of("form.", false), "");
    assert_string_equal(all_of("form['a'", false), "");
}

static void own_names(void **unused)
{
    (void)unused;
    assert_string_equal(all_of("function f(a, form) return form.x end return steps.y", false), "steps:y:@1:46");
    assert_string_equal(all_of("local a, steps = 1, 2 return steps.y or form.x", false), "form:x:@1:41");
    assert_string_equal(all_of("for form in pairs({}) do form.x() end", false), "");
    assert_string_equal(all_of("function count(x) end return count('x') or done('y')", false), "done:y:@1:44");
}

static void hooks_ask_the_case(void **unused)
{
    (void)unused;
    assert_string_equal(
        all_of("function validate(step, form, case) return form.x or case.form['a.b'].c or done('a.b') end", true),
        "form:a.b:c@1:59; done:a.b:@1:76");
}

/* --- hints -------------------------------------------------------------------------------------------------------------- */

#define FILE_OF(name, inside)                                                                                                    \
    "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:g='urn:guan:1' version='1.0' datamodel='lua' name='" name              \
    "'><state id='a'>" inside "</state></scxml>"

/* The hint of the first error of a bundle with this in its flow; the hooks may be NULL. */
static const char *hint_of(const char *steps, const char *hooks)
{
    struct bundle *bundle;
    struct guan_error error = {0};
    const char *flow = arena_printf(arena, FILE_OF("wash", "%s"), steps);
    const char *files[][2] = {
        {"processes/wash.scxml", flow},
        {"processes/car.scxml", FILE_OF("car", "<g:step id='bill'><g:field name='total'/><g:field name='paid'/></g:step>")},
        {"processes/standards/cs.xml", "<standard id='CS' xmlns='urn:guan:1'><clause id='CS-1' title='1'/><clause id='CS-1.1' "
                                       "title='1'/><clause id='CS-1.1a' title='1'/><clause id='CS-1.2' title='1'/></standard>"},
        {"scripts/dealers/one/dealer.xml", "<dealer xmlns='urn:guan:1' id='one' title='1' zone='Asia/Shanghai'/>"},
        {"scripts/dealers/one/hooks.lua", hooks}};
    assert_int_equal(bundle_new(&bundle, NULL), GUAN_OK);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i][1] != NULL)
            assert_int_equal(bundle_add(bundle, files[i][0], files[i][1], strlen(files[i][1]), &error), GUAN_OK);
    int code = bundle_check(bundle, NULL, NULL, &error);
    bundle_free(bundle);
    return code == GUAN_OK ? "none" : arena_text(arena, error.hint, strlen(error.hint));
}

static void hints(void **unused)
{
    (void)unused;
    assert_string_equal(hint_of("<g:step id='wash' when='form.wash and steps.wash.at'/>", "return {}"), "none");
    assert_string_equal(hint_of("<g:step id='wash' when='form.wsh.x'/>", NULL), "did you mean \"wash\"?");
    assert_string_equal(hint_of("<g:step id='wash' when=\"done('car.bll')\"/>", NULL), "did you mean \"car.bill\"?");
    assert_string_equal(hint_of("<g:step id='wash' when=\"done('bill')\"/>", NULL), "write \"car.bill\"");
    assert_string_equal(hint_of("<g:step id='wash' when=\"form['car.bill'].sum\"/>", NULL), "there are: total, paid");
    assert_string_equal(hint_of("<g:step id='wash' when='steps.wash.when'/>", NULL), "there are: done, count, at, by");
    assert_string_equal(hint_of("", "local h = {} function h.deu() end return h"), "did you mean \"due\"?");
    assert_non_null(strstr(hint_of("", "local hooks = {} function hooks.guard() end return hook"), "return hooks"));
}

static void clause_hints(void **unused)
{
    (void)unused;
    assert_string_equal(hint_of("<g:step id='s' clause='CS-1.3'/>", NULL), "did you mean \"CS-1.1\"?");
    assert_string_equal(hint_of("<g:step id='s' clause='cs-1.2'/>", NULL), "did you mean \"CS-1.2\"?");
    assert_string_equal(hint_of("<g:step id='s' clause='CS-9.9'/>", NULL), "CS has CS-1");
    assert_string_equal(hint_of("<g:step id='s' clause='CS-1.45'/>", NULL), "CS-1 has CS-1.1 CS-1.2");
    assert_string_equal(hint_of("<g:step id='s' clause='CS-1.1.7'/>", NULL), "CS-1.1 has CS-1.1a");
    assert_string_equal(hint_of("<g:step id='s' clause='XX-7.7'/>", NULL), "clauses stand in processes/standards/");
}

static void xml_hints(void **unused)
{
    (void)unused;
    struct guan_error error = read_bad(FLOW("\n<state id='a'>\n<g:step id='s'>\n</state>"));
    assert_string_equal(error.text, "the end tag does not fit: <g:step> of line 3 is still open");
    assert_non_null(strstr(error.hint, "write </g:step>"));
    error = read_bad(HEAD "><state id='a'/>");
    assert_string_equal(error.text, "the file ends too early: <scxml> of line 1 is still open");
    static const char *const curly[] = {"id=“a”", "id=‘a’", "id=＂a＂", "id='a” initial='b'", "id='a' initial=“b”"};
    for (size_t i = 0; i < sizeof curly / sizeof *curly; i++) {
        error = read_bad(arena_printf(arena, HEAD "><state %s/></scxml>", curly[i]));
        assert_non_null(strstr(error.hint, "straight quotes"));
    }
    error = read_bad(FLOW("<state id='a'initial='b'/>"));
    assert_non_null(strstr(error.hint, "a blank before"));
    error = read_bad(FLOW("<state id='a' g:title='x < y'/>"));
    assert_string_equal(error.hint, "write &lt; for <, or close the quote before it");
    error = read_bad(FLOW("<state id='a' g:title='x & y'/>"));
    assert_string_equal(error.hint, "write &amp; for &, &lt; for <");
    error = read_bad("<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:g='urn:guan:2' version='1.0'><state/></scxml>");
    assert_string_equal(error.hint, "did you mean \"urn:guan:1\"?");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(paths), TEST(calls),        TEST(what_is_no_name), TEST(own_names), TEST(hooks_ask_the_case),
        TEST(hints), TEST(clause_hints), TEST(xml_hints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
