/* Values across the border: trees into Lua, Lua's trees out again, and read-only tables.
 *
 * A read-only table is a userdata with a plain table behind it: it has no fields of its own that raw access could reach, and all
 * share one metatable. One with a root is filled key by key from the surroundings. */
#include "script/state.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const proxy_roots[] = {"steps", "form", "forms", "param"};
enum { ROOT_NONE = -1, ROOT_STEPS, ROOT_FORM, ROOT_COUNT = 4 };

struct proxy {
    int root;    /* index of proxy_roots, or ROOT_NONE */
    bool listed; /* a root: all of it is there */
};

int proxy_root(const char *name)
{
    for (int i = 0; i < ROOT_COUNT; i++)
        if (strcmp(proxy_roots[i], name) == 0) return i;
    return ROOT_NONE;
}

const char *proxy_name(int root)
{
    return root < ROOT_COUNT ? proxy_roots[root] : NULL;
}

/* --- into Lua -------------------------------------------------------------------------------------------------------- */

/* Puts the table on top behind a new proxy. */
static void wrap(lua_State *lua, int root)
{
    struct proxy *proxy = lua_newuserdatauv(lua, sizeof *proxy, 1);
    *proxy = (struct proxy){.root = root};
    lua_insert(lua, -2);
    lua_setiuservalue(lua, -2, 1);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, script_of(lua)->proxy_meta);
    lua_setmetatable(lua, -2);
}

void proxy_push_root(lua_State *lua, int root)
{
    lua_newtable(lua);
    wrap(lua, root);
}

static void push(lua_State *lua, const struct value *value, bool proxied, unsigned depth)
{
    switch (value ? value->kind : VALUE_NULL) {
    case VALUE_NULL: lua_pushnil(lua); return;
    case VALUE_BOOL: lua_pushboolean(lua, value->as.truth); return;
    case VALUE_INT: lua_pushinteger(lua, value->as.integer); return;
    case VALUE_REAL: lua_pushnumber(lua, value->as.real); return;
    case VALUE_TEXT: lua_pushlstring(lua, value->as.text.bytes, value->as.text.length); return;
    case VALUE_LIST:
    case VALUE_MAP: break;
    }
    if (depth > LIMIT_JSON_DEPTH) luaL_error(lua, "a value is nested more than %d deep", (int)LIMIT_JSON_DEPTH);
    luaL_checkstack(lua, 6, "nested too deep");
    size_t count = value_count(value);
    if (count > INT32_MAX) luaL_error(lua, "a value is too long");
    lua_createtable(lua, value->kind == VALUE_LIST ? (int)count : 0, value->kind == VALUE_MAP ? (int)count : 0);
    for (size_t i = 0; i < count; i++) {
        if (value->kind == VALUE_LIST) {
            push(lua, value->as.list.items[i], proxied, depth + 1);
            lua_rawseti(lua, -2, (lua_Integer)i + 1);
        } else {
            lua_pushstring(lua, value->as.map.items[i].key);
            push(lua, value->as.map.items[i].value, proxied, depth + 1);
            lua_rawset(lua, -3);
        }
    }
    if (proxied) wrap(lua, ROOT_NONE);
}

void value_push(lua_State *lua, const struct value *value, bool proxied)
{
    push(lua, value, proxied, 1);
}

/* --- read-only tables -------------------------------------------------------------------------------------------------- */

static int proxy_index(lua_State *lua)
{
    struct proxy *proxy = lua_touserdata(lua, 1);
    lua_getiuservalue(lua, 1, 1);
    lua_pushvalue(lua, 2);
    if (lua_rawget(lua, -2) != LUA_TNIL || proxy->root == ROOT_NONE || proxy->listed || lua_type(lua, 2) != LUA_TSTRING) return 1;
    const char *path[2] = {proxy_roots[proxy->root], lua_tostring(lua, 2)};
    struct value *value = env_lookup(lua, path, 2);
    if (value) {
        value_push(lua, value, true);
    } else if (proxy->root == ROOT_FORM || proxy->root == ROOT_STEPS) {
        /* form.x.y is nil, not an error, for a step that was never done */
        lua_newtable(lua);
        wrap(lua, ROOT_NONE);
    } else {
        return 1;
    }
    lua_pushvalue(lua, 2);
    lua_pushvalue(lua, -2);
    lua_rawset(lua, 3);
    return 1;
}

static int proxy_newindex(lua_State *lua)
{
    const char *key = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : NULL;
    if (key) return luaL_error(lua, "'%s' cannot be set: the table is read-only", key);
    return luaL_error(lua, "the table is read-only");
}

bool proxy_table(lua_State *lua, int index)
{
    struct proxy *proxy = lua_touserdata(lua, index);
    if (proxy->root != ROOT_NONE && !proxy->listed) {
        const char *path[1] = {proxy_roots[proxy->root]};
        struct value *value = env_lookup(lua, path, 1);
        if (!value) return false;
        index = lua_absindex(lua, index);
        value_push(lua, value, true);
        if (lua_type(lua, -1) != LUA_TUSERDATA) return luaL_error(lua, "'%s' is no table", path[0]);
        lua_getiuservalue(lua, -1, 1);
        lua_remove(lua, -2);
        lua_pushvalue(lua, -1);
        lua_setiuservalue(lua, index, 1);
        proxy->listed = true;
        return true;
    }
    lua_getiuservalue(lua, index, 1);
    return true;
}

static int proxy_len(lua_State *lua)
{
    if (!proxy_table(lua, 1)) return luaL_error(lua, "the table cannot be counted");
    lua_pushinteger(lua, (lua_Integer)lua_rawlen(lua, -1));
    return 1;
}

void proxy_setup(lua_State *lua)
{
    static const luaL_Reg metamethods[] = {
        {"__index", proxy_index}, {"__newindex", proxy_newindex}, {"__len", proxy_len}, {NULL, NULL}};
    luaL_newlib(lua, metamethods);
    lua_pushliteral(lua, "table"); /* what messages of Lua call it */
    lua_setfield(lua, -2, "__name");
    script_of(lua)->proxy_meta = luaL_ref(lua, LUA_REGISTRYINDEX);
}

/* --- out of Lua -------------------------------------------------------------------------------------------------------- */

static int refuse(struct walk *walk, const char *what)
{
    struct buffer place = {0};
    if (walk->name) buffer_text(&place, walk->name);
    for (size_t i = 0; i < walk->depth && i < SCRIPT_DEPTH; i++) {
        if (walk->path[i].key) buffer_printf(&place, place.length ? ".%s" : "%s", walk->path[i].key);
        else buffer_printf(&place, "[%lld]", (long long)walk->path[i].index);
    }
    if (place.length) buffer_text(&place, ": ");
    buffer_text(&place, what);
    script_refuse(walk->error, "script-value", place.data ? place.data : what);
    buffer_release(&place);
    return error_hint(walk->error, "values are nil, booleans, numbers, texts, lists 1..n, and maps with names as keys");
}

/* A table that is met twice would come back as two after a save: refused, as is one inside itself. */
static int note_table(lua_State *lua, struct walk *walk, int index)
{
    const void *table = lua_topointer(lua, index);
    if (!walk->first) {
        walk->first = table;
        return GUAN_OK;
    }
    bool again = table == walk->first;
    if (!again && lua_isnil(lua, walk->seen)) {
        lua_newtable(lua);
        lua_replace(lua, walk->seen);
    }
    if (!again) {
        again = lua_rawgetp(lua, walk->seen, table) != LUA_TNIL;
        lua_pop(lua, 1);
    }
    if (again) return refuse(walk, "the same table stands in two places or inside itself; make a copy of it");
    lua_pushboolean(lua, true);
    lua_rawsetp(lua, walk->seen, table);
    return GUAN_OK;
}

/* Counts the entries; GUAN_OK when the table is a list (*map false) or a map. */
static int classify(lua_State *lua, struct walk *walk, int table, size_t *count, bool *map)
{
    lua_Integer most = 0;
    size_t numbers = 0, names = 0;
    bool odd = false;
    for (lua_pushnil(lua); lua_next(lua, table); lua_pop(lua, 1)) {
        if (lua_type(lua, -2) == LUA_TSTRING) {
            names++;
        } else if (lua_isinteger(lua, -2)) {
            lua_Integer key = lua_tointeger(lua, -2);
            if (key < 1) odd = true;
            if (key > most) most = key;
            numbers++;
        } else {
            odd = true;
        }
    }
    *count = numbers + names;
    *map = names > 0;
    if (names && numbers) return refuse(walk, "a table with both numbers and names as keys");
    if (odd) return refuse(walk, "a table whose keys are neither 1, 2, 3 … nor names");
    if (numbers && (lua_Unsigned)most != numbers) return refuse(walk, "a list with holes");
    return GUAN_OK;
}

int value_member_order(const void *a, const void *b)
{
    return strcmp(((const struct value_member *)a)->key, ((const struct value_member *)b)->key);
}

static int take(lua_State *lua, struct walk *walk, int index, struct value **out);

static int take_list(lua_State *lua, struct walk *walk, int table, size_t count, struct value *list)
{
    struct value **items = arena_alloc(walk->arena, count * sizeof *items);
    if (!list || !items) return error_memory(walk->error);
    list->as.list.items = items;
    list->as.list.count = list->as.list.capacity = count;
    for (size_t i = 0; i < count; i++) {
        walk->path[walk->depth - 1].index = (lua_Integer)i + 1;
        lua_rawgeti(lua, table, (lua_Integer)i + 1);
        int code = take(lua, walk, lua_gettop(lua), &items[i]);
        if (code != GUAN_OK) return code;
        lua_pop(lua, 1);
    }
    return GUAN_OK;
}

static int take_map(lua_State *lua, struct walk *walk, int table, size_t count, struct value *map)
{
    struct value_member *items = arena_alloc(walk->arena, count * sizeof *items);
    if (!map || !items) return error_memory(walk->error);
    map->as.map.items = items;
    map->as.map.count = map->as.map.capacity = count;
    size_t i = 0;
    for (lua_pushnil(lua); lua_next(lua, table); lua_pop(lua, 1), i++) {
        size_t length;
        const char *key = lua_tolstring(lua, -2, &length);
        walk->path[walk->depth - 1].key = key;
        if (!text_is_utf8(key, length) || memchr(key, '\0', length)) return refuse(walk, "a key that is not UTF-8 text");
        items[i].key = arena_text(walk->arena, key, length);
        if (!items[i].key) return error_memory(walk->error);
        int code = take(lua, walk, lua_gettop(lua), &items[i].value);
        if (code != GUAN_OK) return code;
    }
    qsort(items, count, sizeof *items, value_member_order);
    return GUAN_OK;
}

static int take_table(lua_State *lua, struct walk *walk, int index, struct value **out)
{
    luaL_checkstack(lua, 8, "nested too deep");
    if (walk->depth >= SCRIPT_DEPTH) return refuse(walk, "nested too deep");
    int code = GUAN_OK;
    if (lua_type(lua, index) == LUA_TUSERDATA) {
        walk->proxies = true;
        if (!proxy_table(lua, index)) return refuse(walk, "a table that can only be asked key by key");
    } else {
        code = note_table(lua, walk, index);
        lua_pushvalue(lua, index);
    }
    int table = lua_gettop(lua);
    size_t count = 0;
    bool map = false;
    if (code == GUAN_OK) code = classify(lua, walk, table, &count, &map);
    if (code != GUAN_OK) return code;
    script_charge(lua, count / 4);
    *out = map ? value_map(walk->arena) : value_list(walk->arena);
    walk->path[walk->depth++].key = NULL;
    if (count) code = map ? take_map(lua, walk, table, count, *out) : take_list(lua, walk, table, count, *out);
    if (code != GUAN_OK) return code;
    walk->depth--;
    lua_pop(lua, 1);
    return GUAN_OK;
}

/* `index` is absolute. On an error the stack is left as it is: the caller's protected call ends. */
static int take(lua_State *lua, struct walk *walk, int index, struct value **out)
{
    *out = NULL;
    switch (lua_type(lua, index)) {
    case LUA_TNIL: return GUAN_OK;
    case LUA_TBOOLEAN: *out = value_bool(walk->arena, lua_toboolean(lua, index)); break;
    case LUA_TNUMBER:
        if (lua_isinteger(lua, index)) *out = value_int(walk->arena, lua_tointeger(lua, index));
        else if (isfinite(lua_tonumber(lua, index))) *out = value_real(walk->arena, lua_tonumber(lua, index));
        else return refuse(walk, "a number that is infinite or not a number");
        break;
    case LUA_TSTRING: {
        size_t length;
        const char *bytes = lua_tolstring(lua, index, &length);
        if (!text_is_utf8(bytes, length)) return refuse(walk, "a text that is not UTF-8");
        *out = value_text_n(walk->arena, bytes, length);
        break;
    }
    case LUA_TTABLE:
    case LUA_TUSERDATA: {
        int code = take_table(lua, walk, index, out);
        if (code != GUAN_OK) return code;
        break;
    }
    default: return refuse(walk, "a function cannot be kept");
    }
    return *out ? GUAN_OK : error_memory(walk->error);
}

int value_take(lua_State *lua, struct walk *walk, int index, struct value **out)
{
    index = lua_absindex(lua, index);
    luaL_checkstack(lua, 4, "nested too deep");
    if (!walk->seen) {
        lua_pushnil(lua);
        walk->seen = lua_gettop(lua);
    }
    return take(lua, walk, index, out);
}

bool value_is_plain(lua_State *lua, int index)
{
    size_t length;
    const char *bytes;
    switch (lua_type(lua, index)) {
    case LUA_TNIL:
    case LUA_TBOOLEAN: return true;
    case LUA_TNUMBER: return lua_isinteger(lua, index) || isfinite(lua_tonumber(lua, index));
    case LUA_TSTRING: bytes = lua_tolstring(lua, index, &length); return text_is_utf8(bytes, length);
    default: return false;
    }
}
