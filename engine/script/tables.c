/* The table functions: order that does not depend on addresses, a stable sort, work that is paid for. Tables with a metatable
 * (the environment, the library) and read-only ones are not written to. */
#include "script/state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- pairs and next: numbers first, ascending, then texts by their bytes ------------------------------------------------ */

struct key {
    enum { KEY_INTEGER, KEY_REAL, KEY_TEXT } kind;
    lua_Integer integer;
    lua_Number real;
    const char *text;
    size_t length;
};

static void read_key(lua_State *lua, int index, struct key *key)
{
    *key = (struct key){.kind = KEY_TEXT};
    if (lua_type(lua, index) == LUA_TSTRING) {
        key->text = lua_tolstring(lua, index, &key->length);
    } else if (lua_isinteger(lua, index)) {
        key->kind = KEY_INTEGER;
        key->integer = lua_tointeger(lua, index);
    } else if (lua_type(lua, index) == LUA_TNUMBER) {
        key->kind = KEY_REAL;
        key->real = lua_tonumber(lua, index);
    } else {
        luaL_error(lua, "a table can be listed only if its keys are numbers and texts");
    }
}

/* A real key is never integral: Lua would have made it an integer. */
static bool integer_below_real(lua_Integer integer, lua_Number real)
{
    if (real >= 9223372036854775808.0) return true;
    if (real < -9223372036854775808.0) return false;
    return integer <= (lua_Integer)floor(real);
}

static int key_order(const void *left, const void *right)
{
    const struct key *a = left, *b = right;
    if (a->kind == KEY_TEXT && b->kind == KEY_TEXT) {
        int order = memcmp(a->text, b->text, a->length < b->length ? a->length : b->length);
        return order ? order : (a->length > b->length) - (a->length < b->length);
    }
    if (a->kind == KEY_TEXT || b->kind == KEY_TEXT) return a->kind == KEY_TEXT ? 1 : -1;
    if (a->kind == KEY_INTEGER && b->kind == KEY_INTEGER) return (a->integer > b->integer) - (a->integer < b->integer);
    if (a->kind == KEY_INTEGER) return integer_below_real(a->integer, b->real) ? -1 : 1;
    if (b->kind == KEY_INTEGER) return integer_below_real(b->integer, a->real) ? 1 : -1;
    return (a->real > b->real) - (a->real < b->real);
}

static void push_key(lua_State *lua, const struct key *key)
{
    if (key->kind == KEY_INTEGER) lua_pushinteger(lua, key->integer);
    else if (key->kind == KEY_REAL) lua_pushnumber(lua, key->real);
    else lua_pushlstring(lua, key->text, key->length);
}

/* Replaces a read-only table at 1 by the plain one behind it. */
static void open_table(lua_State *lua)
{
    if (lua_type(lua, 1) != LUA_TUSERDATA) {
        luaL_checktype(lua, 1, LUA_TTABLE);
        return;
    }
    if (!proxy_table(lua, 1)) luaL_error(lua, "this table can only be asked key by key");
    lua_replace(lua, 1);
}

static int pairs_step(lua_State *lua)
{
    lua_Integer at = lua_tointeger(lua, lua_upvalueindex(3));
    for (;;) {
        lua_settop(lua, 0);
        if (lua_rawgeti(lua, lua_upvalueindex(2), ++at) == LUA_TNIL) return 1;
        lua_pushvalue(lua, 1);
        if (lua_rawget(lua, lua_upvalueindex(1)) != LUA_TNIL) break; /* not removed meanwhile */
    }
    lua_pushinteger(lua, at);
    lua_replace(lua, lua_upvalueindex(3));
    return 2;
}

static int sandbox_pairs(lua_State *lua)
{
    luaL_checkany(lua, 1);
    lua_settop(lua, 1);
    open_table(lua);
    size_t count = 0, i = 0;
    for (lua_pushnil(lua); lua_next(lua, 1); lua_pop(lua, 1)) count++;
    script_charge(lua, count);
    if (count > INT32_MAX) return luaL_error(lua, "the table is too long");
    struct key *keys = lua_newuserdatauv(lua, (count + 1) * sizeof *keys, 0);
    for (lua_pushnil(lua); lua_next(lua, 1); lua_pop(lua, 1)) read_key(lua, -2, &keys[i++]);
    qsort(keys, count, sizeof *keys, key_order);
    lua_pushvalue(lua, 1);
    lua_createtable(lua, (int)count, 0);
    for (i = 0; i < count; i++) {
        push_key(lua, &keys[i]);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
    lua_pushinteger(lua, 0);
    lua_pushcclosure(lua, pairs_step, 3);
    lua_pushvalue(lua, 1);
    lua_pushnil(lua);
    return 3;
}

static int sandbox_next(lua_State *lua)
{
    luaL_checkany(lua, 1);
    lua_settop(lua, 2);
    open_table(lua);
    struct key after = {0}, best = {0}, key;
    bool found = false, first = lua_isnil(lua, 2);
    if (!first) read_key(lua, 2, &after);
    uint64_t count = 0;
    for (lua_pushnil(lua); lua_next(lua, 1); lua_pop(lua, 1), count++) {
        read_key(lua, -2, &key);
        if (!first && key_order(&key, &after) <= 0) continue;
        if (found && key_order(&key, &best) >= 0) continue;
        best = key;
        found = true;
    }
    script_charge(lua, count / 2);
    if (!found) return 0;
    push_key(lua, &best);
    lua_pushvalue(lua, -1);
    lua_rawget(lua, 1);
    return 2;
}

/* --- table ------------------------------------------------------------------------------------------------------------- */

static lua_Integer check_writable(lua_State *lua)
{
    if (lua_type(lua, 1) != LUA_TUSERDATA) luaL_checktype(lua, 1, LUA_TTABLE);
    if (lua_getmetatable(lua, 1)) luaL_error(lua, "the table is read-only");
    return (lua_Integer)lua_rawlen(lua, 1);
}

static int table_insert(lua_State *lua)
{
    lua_Integer count = check_writable(lua), position = count + 1;
    int arguments = lua_gettop(lua);
    if (arguments != 2 && arguments != 3) return luaL_error(lua, "wrong number of arguments to 'insert'");
    if (arguments == 3) {
        position = luaL_checkinteger(lua, 2);
        luaL_argcheck(lua, position >= 1 && position <= count + 1, 2, "position out of bounds");
        script_charge(lua, (uint64_t)(count + 1 - position) / 4);
        for (lua_Integer i = count; i >= position; i--) {
            lua_rawgeti(lua, 1, i);
            lua_rawseti(lua, 1, i + 1);
        }
    }
    lua_rawseti(lua, 1, position);
    return 0;
}

static int table_remove(lua_State *lua)
{
    lua_Integer count = check_writable(lua), position = luaL_optinteger(lua, 2, count);
    if (position != count) luaL_argcheck(lua, position >= 1 && position <= count + 1, 2, "position out of bounds");
    lua_rawgeti(lua, 1, position);
    if (position < count) script_charge(lua, (uint64_t)(count - position) / 4);
    for (; position < count; position++) {
        lua_rawgeti(lua, 1, position + 1);
        lua_rawseti(lua, 1, position);
    }
    if (position >= 1) {
        lua_pushnil(lua);
        lua_rawseti(lua, 1, position);
    }
    return 1;
}

static int table_unpack(lua_State *lua)
{
    lua_Integer from = luaL_optinteger(lua, 2, 1), to = lua_isnoneornil(lua, 3) ? luaL_len(lua, 1) : luaL_checkinteger(lua, 3);
    if (from > to) return 0;
    if ((lua_Unsigned)to - (lua_Unsigned)from >= SCRIPT_RESULTS)
        return luaL_error(lua, "too many values to unpack (at most %d)", SCRIPT_RESULTS);
    luaL_checkstack(lua, SCRIPT_RESULTS, "too many values");
    for (lua_Integer i = from;; i++) {
        lua_geti(lua, 1, i);
        if (i == to) break;
    }
    return (int)(to - from) + 1;
}

/* Is the value on top less than the one below it? */
static bool less(lua_State *lua, bool given)
{
    if (!given) return lua_compare(lua, -1, -2, LUA_OPLT);
    lua_pushvalue(lua, 2);
    lua_pushvalue(lua, -2);
    lua_pushvalue(lua, -4);
    lua_call(lua, 2, 1);
    bool answer = lua_toboolean(lua, -1);
    lua_pop(lua, 1);
    return answer;
}

/* Merges [low, middle) and [middle, high) of the table at `from` into the one at `to`. */
static void merge(lua_State *lua, int from, int to, lua_Integer low, lua_Integer middle, lua_Integer high, bool given)
{
    lua_Integer left = low, right = middle;
    for (lua_Integer i = low; i < high; i++) {
        bool take_right = left >= middle;
        if (!take_right && right < high) {
            lua_rawgeti(lua, from, left);
            lua_rawgeti(lua, from, right);
            take_right = less(lua, given);
            lua_pop(lua, 2);
        }
        lua_rawgeti(lua, from, take_right ? right++ : left++);
        lua_rawseti(lua, to, i);
    }
}

/* Stable, so that the result does not depend on how it is done. */
static int table_sort(lua_State *lua)
{
    lua_Integer count = check_writable(lua);
    bool given = !lua_isnoneornil(lua, 2);
    if (given) luaL_checktype(lua, 2, LUA_TFUNCTION);
    if (count > INT32_MAX) return luaL_error(lua, "the table is too long");
    lua_settop(lua, 2);
    lua_createtable(lua, (int)count, 0);
    lua_createtable(lua, (int)count, 0);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(lua, 1, i);
        lua_rawseti(lua, 3, i);
    }
    int from = 3, to = 4;
    for (lua_Integer width = 1; width < count; width *= 2) {
        script_charge(lua, (uint64_t)count);
        for (lua_Integer low = 1; low <= count; low += 2 * width) {
            lua_Integer middle = low + width <= count ? low + width : count + 1;
            lua_Integer high = middle + width <= count ? middle + width : count + 1;
            merge(lua, from, to, low, middle, high, given);
        }
        from = to;
        to = 7 - from;
    }
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(lua, from, i);
        lua_rawseti(lua, 1, i);
    }
    return 0;
}

void tables_base_setup(lua_State *lua)
{
    static const luaL_Reg functions[] = {{"next", sandbox_next}, {"pairs", sandbox_pairs}, {NULL, NULL}};
    luaL_setfuncs(lua, functions, 0);
}

void tables_setup(lua_State *lua)
{
    static const luaL_Reg functions[] = {
        {"insert", table_insert}, {"remove", table_remove}, {"sort", table_sort}, {"unpack", table_unpack}, {NULL, NULL}};
    luaL_setfuncs(lua, functions, 0);
}
