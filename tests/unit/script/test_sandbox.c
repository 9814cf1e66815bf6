/* The library: what is there, what is not, and that nothing leads out of it or from one session to another. */
#include "helper.h"

#include <locale.h>

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

/* Each is evaluated; the second column is the JSON of its value or "rule: text". */
static void ask_all(struct world *world, const char *const (*cases)[2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *answer = ask(world, cases[i][0]);
        if (strcmp(answer, cases[i][1]) != 0) fail_msg("%s: %s, expected %s", cases[i][0], answer, cases[i][1]);
    }
}
#define ASK_ALL(world, cases) ask_all(world, cases, sizeof cases / sizeof *cases)

static void only_the_list_is_there(void **state)
{
    static const char *const gone[] = {"io",
                                       "os",
                                       "load",
                                       "loadfile",
                                       "loadstring",
                                       "dofile",
                                       "require",
                                       "package",
                                       "debug",
                                       "coroutine",
                                       "xpcall",
                                       "collectgarbage",
                                       "getmetatable",
                                       "setmetatable",
                                       "rawget",
                                       "rawset",
                                       "print",
                                       "warn",
                                       "_G",
                                       "_VERSION",
                                       "string.dump",
                                       "string.pack",
                                       "string.unpack",
                                       "string.packsize",
                                       "math.random",
                                       "math.randomseed",
                                       "math.sin",
                                       "math.sqrt",
                                       "math.exp",
                                       "math.log",
                                       "table.move",
                                       "('').dump",
                                       "arg"};
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) assert_ask(*state, gone[i], "nil");
    static const char *const there[] = {
        "assert",         "error",          "ipairs",         "next",        "pairs",        "pcall",
        "select",         "tonumber",       "tostring",       "type",        "rawequal",     "rawlen",
        "math.abs",       "math.ceil",      "math.floor",     "math.fmod",   "math.max",     "math.min",
        "math.modf",      "math.tointeger", "math.type",      "math.ult",    "string.byte",  "string.char",
        "string.find",    "string.format",  "string.gmatch",  "string.gsub", "string.len",   "string.lower",
        "string.match",   "string.rep",     "string.reverse", "string.sub",  "string.upper", "table.concat",
        "table.insert",   "table.pack",     "table.remove",   "table.sort",  "table.unpack", "utf8.char",
        "utf8.codepoint", "utf8.codes",     "utf8.len",       "utf8.offset", "In",           "('').rep"};
    for (size_t i = 0; i < sizeof there / sizeof *there; i++) {
        struct world *world = *state;
        const char *source = arena_printf(world->arena, "type(%s)", there[i]);
        if (strcmp(ask(world, source), "\"function\"") != 0) fail_msg("%s", there[i]);
    }
}

static void nothing_leads_out(void **state)
{
    static const char *const cases[][2] = {
        {"__index == nil and __newindex == nil and _ENV.__index == nil", "true"},
        {"rawequal((...), _ENV)", "true"},
        {"select('#', ...)", "1"},
        {"(function() local n = 0 for k in pairs(_ENV) do n = n + 1 end return n end)()", "0"},
        {"(function() local _ENV = {} return string end)()", "nil"},
        {"(function() local n = 0 for k in pairs(string) do n = n + 1 end return n end)()", "0"},
        {"(function() local x <close> = {} end)()", "script-error: variable 'x' got a non-closable value"},
        {"pcall(function() string.rep = nil end)", "false"},
        {"(function() string.x = 1 end)()", "script-error: the library is read-only"},
        {"(function() local s = string; s.format = 1 end)()", "script-error: the library is read-only"},
        {"table.insert(string, 1)", "script-error: the table is read-only"},
        {"(function() ('').x = 1 end)()", "script-error: attempt to index a string value (constant '')"},
        {"{} + 1", "script-error: attempt to perform arithmetic on a table value"},
        {"#'x' + #{}", "1"},
    };
    ASK_ALL(*state, cases);
}

static void texts_have_no_addresses(void **state)
{
    static const char *const cases[][2] = {
        {"tostring({})", "\"table\""},
        {"tostring(print)", "\"nil\""},
        {"tostring(type)", "\"function\""},
        {"tostring(function() end)", "\"function\""},
        {"string.format('%s %s %s', {}, type, nil)", "\"table function nil\""},
        {"string.format('%p', {})", "script-error: '%p' cannot be used in 'format'"},
        {"string.format('%a', 1)", "script-error: '%a' cannot be used in 'format'"},
        {"string.format('%q', 1.5)", "script-error: '%q' cannot be used in 'format'"},
        {"string.format('%999d', 1)", "script-error: invalid conversion specification: '%999d'"},
        {"string.format('%5.1f|%-4d|%x|%%|%c|%g|%s', 2.25, 7, 255, 65, 0.1, 'z')", "\"  2.2|7   |ff|%|A|0.1|z\""},
        {"string.format('%d', 'x')", "script-error: bad argument #2 to 'format' (number expected, got string)"},
        {"string.format('%s')", "script-error: bad argument #2 to 'format' (no value)"},
        {"tostring(0 / 0) .. tostring(-(0 / 0))", "\"nannan\""},
        {"tostring(1e15) .. ' ' .. 2^53 .. ' ' .. 1e100 .. ' ' .. -0.0", "\"1e+15 9.007199254741e+15 1e+100 -0.0\""},
        {"type(select(2, pcall(error, {})))", "\"table\""},
    };
    ASK_ALL(*state, cases);
}

static void order_is_fixed(void **state)
{
    static const char *const cases[][2] = {
        {"(function() local s = '' for k in pairs({b=1, a=1, [10]=1, [2.5]=1, [1]=1, B=1, ['a\\0']=1, [-3]=1}) do s = s .. k .. "
         "' ' end "
         "return s end)()",
         "\"-3 1 2.5 10 B a a\\u0000 b \""},
        {"(function() local t, s = {}, 0 for i = 1, 100 do t['k' .. i] = i end for k, v in pairs(t) do t[k] = nil s = s + v end "
         "return s + #t end)()",
         "5050"},
        {"(function() local s = '' for k in pairs({1, 2, 3, 4}) do s = s .. k end return s end)()", "\"1234\""},
        {"pairs({[{}] = 1})", "script-error: a table can be listed only if its keys are numbers and texts"},
        {"pairs(1)", "script-error: bad argument #1 to 'pairs' (table expected, got number)"},
        {"next({})", "nil"},
        {"(function() local t = {c=3, a=1, b=2} local k, v = next(t) local s = '' while k do s = s .. k .. v k, v = next(t, k) "
         "end "
         "return s end)()",
         "\"a1b2c3\""},
        {"(function() local t = {[9007199254740993]=1, [9007199254740992.5 * 1.0]=2, [1.5]=3, [2]=4} return next(t, 1.5) end)()",
         "2"},
        {"'Z' < 'a' and 'a' < '\\xc3\\xa4' and '' < 'a'", "true"},
    };
    ASK_ALL(*state, cases);
}

static void tables_are_worked_on(void **state)
{
    static const char *const cases[][2] = {
        {"(function() local t = {3, 1, 2} table.sort(t) return t end)()", "[1,2,3]"},
        {"(function() local t = {3, 1, 2} table.sort(t, function(a, b) return a > b end) return t end)()", "[3,2,1]"},
        {"(function() local t = {} for i = 1, 500 do t[i] = {i % 7, i} end table.sort(t, function(a, b) return a[1] < b[1] end) "
         "for i = 2, 500 do if t[i - 1][1] == t[i][1] and t[i - 1][2] >= t[i][2] then return i end end return 'stable' end)()",
         "\"stable\""},
        {"table.sort({1, 'a'})", "script-error: attempt to compare string with number"},
        {"table.sort({2, 1}, function() return true end)", "nil"},
        {"(function() local t = {1, 2} table.insert(t, 3) table.insert(t, 1, 0) table.insert(t, #t + 1, 4) return t end)()",
         "[0,1,2,3,4]"},
        {"table.insert({}, 3, 1)", "script-error: bad argument #2 to 'insert' (position out of bounds)"},
        {"table.insert({}, 0, 1)", "script-error: bad argument #2 to 'insert' (position out of bounds)"},
        {"table.insert({})", "script-error: wrong number of arguments to 'insert'"},
        {"(function() local t = {1, 2, 3} local a, b = table.remove(t, 1), table.remove(t) return {a, b, t} end)()", "[1,3,[2]]"},
        {"table.remove({})", "nil"},
        {"table.remove({}, 2)", "script-error: bad argument #2 to 'remove' (position out of bounds)"},
        {"select('#', table.unpack({1, nil, 3}, 1, 3))", "3"},
        {"table.unpack({}, 1, 1000000)", "script-error: too many values to unpack (at most 250)"},
        {"table.unpack({}, math.mininteger, math.maxinteger)", "script-error: too many values to unpack (at most 250)"},
        {"table.concat({1, 2.5, 'x'}, ', ')", "\"1, 2.5, x\""},
        {"table.concat({{}})", "script-error: invalid value (table) at index 1 in table for 'concat'"},
        {"table.pack(1, 2).n", "2"},
        {"{string.byte('abc', -2, -1)}", "[98,99]"},
        {"string.byte(string.rep('a', 1000), 1, -1)", "script-error: too many bytes (at most 250)"},
        {"{utf8.codepoint('关ab', 1, -1)}", "[20851,97,98]"},
        {"utf8.codepoint(string.rep('a', 1000), 1, -1)", "script-error: too many characters (at most 250 bytes)"},
        {"utf8.len('关a') .. utf8.char(20851)", "\"2关\""},
        {"string.rep('ab', 3, '-') .. string.rep('x', -1) .. string.rep('', 1e9 // 1 | 0)", "\"ab-ab-ab\""},
        {"math.type(1) .. math.type(1.0) .. math.floor(2.5) .. math.tointeger('3')", "\"integerfloat23\""},
        {"'10' + 1", "11"},
        {"tonumber('0x10') + tonumber('z', 36)", "51"},
    };
    ASK_ALL(*state, cases);
}

static void errors_are_values(void **state)
{
    static const char *const cases[][2] = {
        {"select(2, pcall(error, 'x'))", "\"x\""},
        {"select(2, pcall(function() error('x') end))", "\"x\""},
        {"select(2, pcall(function() local a = nil; return a.b end))", "\"attempt to index a nil value (local 'a')\""},
        {"select(2, pcall(error, {code = 'STEP_LATE'})).code", "\"STEP_LATE\""},
        {"error({code = 'STEP_LATE'})", "script-error: {\"code\":\"STEP_LATE\"}"},
        {"error({text = 'not today', code = 1})", "script-error: not today"},
        {"error({type})", "script-error: an error that is no text"},
        {"error(nil)", "script-error: an error that is no text"},
        {"error(42)", "script-error: 42"},
        {"error('\\1' .. '3:x')", "script-error: \1"
                                  "3:x"},
        {"error('\\xff')", "script-error: \\xff"},
        {"pcall()", "script-error: bad argument #1 to 'pcall' (value expected)"},
        {"assert(false, 'no')", "script-error: no"},
        {"assert(nil)", "script-error: assertion failed!"},
        {"select('#', pcall(function() return 1, nil, nil end))", "4"},
    };
    ASK_ALL(*state, cases);
}

static void sessions_do_not_see_each_other(void **state)
{
    struct world *world = *state;
    struct env *other;
    assert_int_equal(env_new(world->script, NULL, &other, &world->error), GUAN_OK);
    assert_int_equal(run_document(world, "x = 1 function f() return 1 end pcall(function() string.y = 1 end) "
                                         "pcall(function() table.insert(string, 1) end)"),
                     GUAN_OK);
    struct value *value;
    script_ref ref = ref_of(world, SCRIPT_EXPRESSION, "x == nil and f == nil and string.y == nil and #string == 0");
    assert_int_equal(env_eval(other, ref, world->arena, &value, &world->error), GUAN_OK);
    assert_true(value_as_bool(value));
    env_free(other);
}

/* A program that embeds us may have set any locale. */
static void a_locale_changes_nothing(void **state)
{
    struct world *world = *state;
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) skip();
    char comma[8];
    snprintf(comma, sizeof comma, "%.1f", 1.5);
    assert_string_equal(comma, "1,5");
    static const char *const cases[][2] = {
        {"1.5 .. ''", "\"1.5\""},   {"tostring(1.5) .. string.format('%.2f', 0.25)", "\"1.50.25\""},
        {"tonumber('1.5')", "1.5"}, {"tonumber('1,5')", "nil"},
        {"'Z' < 'a'", "true"},      {"string.upper('\\xc3\\xa4') == '\\xc3\\xa4'", "true"},
    };
    world_release(world);
    world_init(world, NULL);
    ASK_ALL(world, cases);
    snprintf(comma, sizeof comma, "%.1f", 1.5);
    assert_string_equal(comma, "1,5"); /* and theirs is still set */
    setlocale(LC_ALL, "C");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(only_the_list_is_there),         TEST(nothing_leads_out),
        TEST(texts_have_no_addresses),        TEST(order_is_fixed),
        TEST(tables_are_worked_on),           TEST(errors_are_values),
        TEST(sessions_do_not_see_each_other), TEST(a_locale_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
