/* Our pattern matcher against the one in the Lua library: the same answers and the same messages for patterns and texts made up
 * by a small generator, and for those that somebody would write. */
#include "helper.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

static uint32_t seed = 12345;

static uint32_t below(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static void make(char *out, size_t most, const char *const *parts, uint32_t count)
{
    size_t length = 0, pieces = below(7);
    out[0] = '\0';
    for (size_t i = 0; i < pieces; i++) {
        const char *part = parts[below(count)];
        if (length + strlen(part) + 1 > most) return;
        memcpy(out + length, part, strlen(part) + 1);
        length += strlen(part);
    }
}

/* A statement whose result says all that find, match, gmatch and gsub make of the two. */
static const char program[] =
    "local s, p, r = %s, %s, %s local t = {} "
    "local function put(...) for i = 1, select('#', ...) do t[#t + 1] = tostring((select(i, ...))) end end "
    "put(pcall(string.find, s, p)) put(pcall(string.match, s, p, 2)) put(pcall(string.find, s, p, -2)) "
    "local step = string.gmatch(s, p) repeat local ok, a, b = pcall(step) put(ok, a, b) until not ok or not a "
    "put(pcall(string.gsub, s, p, r)) put(pcall(string.gsub, s, p, {a = 'x', b = false, [1] = 'one'}, 2)) "
    "put(pcall(string.gsub, s, p, function(a, b) return b end)) return table.concat(t, '|')";

static const char *theirs(lua_State *lua, const char *source)
{
    if (luaL_loadstring(lua, source) != LUA_OK || lua_pcall(lua, 0, 1, 0) != LUA_OK) fail_msg("%s", lua_tostring(lua, -1));
    return lua_tostring(lua, -1);
}

static void compare(struct world *world, lua_State *lua, const char *s, const char *p, const char *r)
{
    char source[2000], call[2200];
    /* %q of the library quotes them as Lua source */
    lua_getglobal(lua, "string");
    lua_getfield(lua, -1, "format");
    lua_pushstring(lua, program);
    const char *texts[] = {s, p, r};
    for (int i = 0; i < 3; i++) {
        lua_getfield(lua, 1, "format");
        lua_pushstring(lua, "%q");
        lua_pushstring(lua, texts[i]);
        lua_call(lua, 2, 1);
    }
    lua_call(lua, 4, 1);
    snprintf(source, sizeof source, "%s", lua_tostring(lua, -1));
    snprintf(call, sizeof call, "(function() %s end)()", source);
    script_ref ref;
    struct value *value = NULL;
    script_budget(world->script, 1000000);
    if (script_compile(world->script, SCRIPT_EXPRESSION, call, strlen(call), "t", 1, &ref, &world->error) != GUAN_OK ||
        env_eval(world->env, ref, world->arena, &value, &world->error) != GUAN_OK)
        fail_msg("%s: %s", call, world->error.text);
    const char *expected = theirs(lua, source);
    if (strcmp(value_as_text(value), expected) != 0)
        fail_msg("%s\nours:   %s\ntheirs: %s", source, value_as_text(value), expected);
    lua_settop(lua, 0);
}

static void answers_are_the_librarys(void **state)
{
    static const char *const words[] = {"a", "b", "ab", "aab", "(", ")", " ", "1", "-", "%", ".", "A", "]", "^", "\n"};
    static const char *const parts[] = {"a",  "b",    ".",      "%a", "%d",    "%s",    "%A",      "*",    "+",
                                        "-",  "?",    "(",      ")",  "()",    "(a)",   "(.-)",    "[ab]", "[^a]",
                                        "%1", "%b()", "%f[%a]", "^",  "$",     "[a-z]", "%w",      "%",    "[%a-]",
                                        "[]", "[",    "]",      "%%", "[%]a]", "%p",    "(a*(b))", "%u",   "%g"};
    static const char *const replacements[] = {"x", "%0", "%1", "%2", "%", "%%", "<%0%1>", ""};
    (void)state;
    struct world world;
    world_init(&world, NULL);
    lua_State *lua = luaL_newstate();
    luaL_openlibs(lua);
    static const char *const known[][2] = {{"  trim me  ", "^%s*(.-)%s*$"},
                                           {"key = value", "^(%w+)%s*=%s*(%w+)$"},
                                           {"2026-03-07T10:02", "(%d+)-(%d+)-(%d+)"},
                                           {"a,b,,c", "([^,]*)"},
                                           {"THE (quick) fox", "%((%a+)%)"},
                                           {"\"quoted\" 'too'", "([\"'])(.-)%1"},
                                           {"x(a(b)c)y", "%b()"},
                                           {"THE (quick) fox", "%f[%a]%a+"},
                                           {"hello", "()ll()"},
                                           {"", ""},
                                           {"abc", ""},
                                           {"aaa", "a-"},
                                           {"a.b", "."},
                                           {"a]b", "[]]"},
                                           {"a-b", "[a%-]+"},
                                           {"a^b", "[b^]"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) compare(&world, lua, known[i][0], known[i][1], replacements[i % 8]);
    for (int i = 0; i < 3000; i++) {
        char subject[64], pattern[64];
        make(subject, sizeof subject, words, sizeof words / sizeof *words);
        make(pattern, sizeof pattern, parts, sizeof parts / sizeof *parts);
        compare(&world, lua, subject, pattern, replacements[below(8)]);
        if (i % 100 == 0) arena_reset(world.arena);
    }
    lua_close(lua);
    world_release(&world);
}

static void bytes_of_any_kind_match(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, NULL);
    static const char *const cases[][2] = {
        {"('a\\0b'):find('\\0b')", "2"},
        {"('a\\0b'):match('%z')", "nil"},
        {"#('a\\0b'):match('.+')", "3"},
        {"('王磊先生'):match('^' .. utf8.charpattern)", "\"王\""},
        {"select(2, ('王磊'):gsub(utf8.charpattern, ''))", "2"},
        {"('\\xff\\x80'):find('[\\x80-\\xff]+$')", "1"},
        {"(' \\t\\n\\v\\f\\r'):match('^%s+$') ~= nil", "true"},
        {"('x'):find('x', 3)", "nil"},
        {"('x'):find('', 2)", "2"},
        {"('x'):find('', 10)", "nil"},
        {"('x'):match('x', -math.maxinteger)", "\"x\""},
        {"('x'):gsub('x', 1)", "\"1\""},
        {"('a.b'):find('.', 1, true)", "2"},
        {"('x'):gsub('x', true)", "script-error: bad argument #2 to 'gsub' (string/function/table expected, got boolean)"},
        {"('x'):gsub('x', function() return {} end)", "script-error: invalid replacement value (a table)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (strcmp(ask(&world, cases[i][0]), cases[i][1]) != 0) fail_msg("%s: %s", cases[i][0], ask(&world, cases[i][0]));
    world_release(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(answers_are_the_librarys), cmocka_unit_test(bytes_of_any_kind_match)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
