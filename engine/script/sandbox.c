/* The library that Lua code sees: an allow list over the standard one, and what had to be made anew because the original shows
 * addresses, depends on the machine, or works for long without an instruction being counted. */
#include "script/state.h"

#include <lualib.h>
#include <math.h>
#include <string.h>

void sandbox_tostring(lua_State *lua, int index)
{
    switch (lua_type(lua, index)) {
    case LUA_TNIL: lua_pushliteral(lua, "nil"); return;
    case LUA_TBOOLEAN: lua_pushstring(lua, lua_toboolean(lua, index) ? "true" : "false"); return;
    case LUA_TNUMBER:
        if (!lua_isinteger(lua, index) && isnan(lua_tonumber(lua, index))) {
            lua_pushliteral(lua, "nan"); /* its sign differs between machines */
            return;
        }
        lua_pushvalue(lua, index);
        lua_tostring(lua, -1);
        return;
    case LUA_TSTRING: lua_pushvalue(lua, index); return;
    case LUA_TFUNCTION: lua_pushliteral(lua, "function"); return;
    default: lua_pushliteral(lua, "table"); return;
    }
}

static int sandbox_to_string(lua_State *lua)
{
    luaL_checkany(lua, 1);
    sandbox_tostring(lua, 1);
    return 1;
}

static int sandbox_type(lua_State *lua)
{
    luaL_checkany(lua, 1);
    lua_pushstring(lua, lua_type(lua, 1) == LUA_TUSERDATA ? "table" : luaL_typename(lua, 1));
    return 1;
}

static int sandbox_pcall(lua_State *lua)
{
    luaL_checkany(lua, 1);
    int status = script_pcall(lua, lua_gettop(lua) - 1, LUA_MULTRET);
    if (script_of(lua)->stop) return script_raise_stop(lua);
    if (status != LUA_OK && lua_type(lua, -1) == LUA_TSTRING) {
        /* without the place, which would tell how and when the chunk was loaded */
        lua_pushstring(lua, script_message(script_of(lua), lua_tostring(lua, -1), NULL));
        lua_replace(lua, -2);
    }
    lua_pushboolean(lua, status == LUA_OK);
    lua_insert(lua, 1);
    return lua_gettop(lua);
}

int sandbox_charged(lua_State *lua)
{
    uint64_t length = 0;
    for (int i = 1; i <= 2; i++) {
        if (lua_type(lua, i) == LUA_TSTRING) length += lua_rawlen(lua, i) / 16;
        else if (lua_type(lua, i) == LUA_TTABLE) length += lua_rawlen(lua, i) / 4;
    }
    script_charge(lua, length + 1);
    return lua_tocfunction(lua, lua_upvalueindex(1))(lua);
}

/* --- putting it together ------------------------------------------------------------------------------------------------ */

/* Copies the named functions from the table at `from` into the one on top; each pays for the length of its arguments. */
static void allow(lua_State *lua, int from, const char *const *names)
{
    for (; *names; names++) {
        lua_getfield(lua, from, *names);
        if (lua_iscfunction(lua, -1)) lua_pushcclosure(lua, sandbox_charged, 1);
        lua_setfield(lua, -2, *names);
    }
}

static int sealed(lua_State *lua)
{
    return luaL_error(lua, "the library is read-only");
}

/* Puts the table on top into the library as `name`, behind an empty one that nobody can fill. */
static void seal(lua_State *lua, int library, const char *name)
{
    lua_newtable(lua);
    lua_createtable(lua, 0, 2);
    lua_pushvalue(lua, -3);
    lua_setfield(lua, -2, "__index");
    lua_pushcfunction(lua, sealed);
    lua_setfield(lua, -2, "__newindex");
    lua_setmetatable(lua, -2);
    lua_setfield(lua, library, name);
    lua_pop(lua, 1);
}

static void open_library(lua_State *lua, lua_CFunction open, const char *name)
{
    lua_pushcfunction(lua, open);
    lua_pushstring(lua, name);
    lua_call(lua, 1, 1);
}

static void set_base(lua_State *lua, int library)
{
    static const char *const names[] = {"assert", "error", "ipairs", "rawequal", "rawlen", "select", "tonumber", NULL};
    static const luaL_Reg own[] = {
        {"pcall", sandbox_pcall}, {"tostring", sandbox_to_string}, {"type", sandbox_type}, {NULL, NULL}};
    open_library(lua, luaopen_base, LUA_GNAME);
    lua_pushvalue(lua, library);
    allow(lua, -2, names);
    luaL_setfuncs(lua, own, 0);
    tables_base_setup(lua);
    lua_pop(lua, 2);
}

static void set_string(lua_State *lua, int library)
{
    static const char *const names[] = {"char", "len", "lower", "reverse", "sub", "upper", "format", NULL};
    open_library(lua, luaopen_string, LUA_STRLIBNAME);
    lua_newtable(lua);
    allow(lua, -2, names);
    strings_setup(lua);
    /* ("x"):rep(3), and "1" + 1: the metatable of strings keeps its arithmetic, for the price of the strings' length */
    lua_pushliteral(lua, "");
    lua_getmetatable(lua, -1);
    int metatable = lua_gettop(lua);
    for (lua_pushnil(lua); lua_next(lua, metatable);) {
        if (lua_iscfunction(lua, -1)) {
            lua_pushcclosure(lua, sandbox_charged, 1);
            lua_pushvalue(lua, -2);
            lua_insert(lua, -2);
            lua_rawset(lua, metatable);
        } else {
            lua_pop(lua, 1);
        }
    }
    lua_pushvalue(lua, metatable - 2);
    lua_setfield(lua, metatable, "__index");
    lua_settop(lua, metatable - 2);
    seal(lua, library, LUA_STRLIBNAME);
    lua_pop(lua, 1);
}

static void set_plain(lua_State *lua, int library, lua_CFunction open, const char *name, const char *const *names,
                      void (*own)(lua_State *lua))
{
    open_library(lua, open, name);
    lua_newtable(lua);
    allow(lua, -2, names);
    if (own) own(lua);
    seal(lua, library, name);
    lua_pop(lua, 1);
}

void sandbox_setup(lua_State *lua)
{
    static const char *const math_names[] = {"abs",  "ceil", "floor", "fmod", "max",        "min",        "modf", "tointeger",
                                             "type", "ult",  "huge",  "pi",   "maxinteger", "mininteger", NULL};
    static const char *const table_names[] = {"concat", "pack", NULL};
    static const char *const utf8_names[] = {"char", "charpattern", "codepoint", "codes", "len", "offset", NULL};
    lua_newtable(lua);
    int library = lua_gettop(lua);
    set_base(lua, library);
    set_string(lua, library);
    set_plain(lua, library, luaopen_math, LUA_MATHLIBNAME, math_names, NULL);
    set_plain(lua, library, luaopen_table, LUA_TABLIBNAME, table_names, tables_setup);
    set_plain(lua, library, luaopen_utf8, LUA_UTF8LIBNAME, utf8_names, utf8_setup);
    /* The auxiliary library makes a metatable when the first long buffer is needed, and leaves it half made for ever if memory
     * runs out just then. */
    luaL_Buffer buffer;
    luaL_buffinitsize(lua, &buffer, sizeof buffer.init + 1);
    luaL_pushresultsize(&buffer, 0);
    lua_pop(lua, 1);
    /* what the standard library left in the state is not reachable, and not there */
    lua_newtable(lua);
    lua_rawseti(lua, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}
