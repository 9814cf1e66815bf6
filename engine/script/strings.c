/* The string functions that the sandbox replaces: searching pays by the step, results are bounded, nothing shows an address. */
#include "script/pattern.h"

#include <string.h>

/* A place counted from 1, or from the end when negative; 0 stays 0. */
static lua_Integer place(lua_Integer at, size_t length)
{
    if (at >= 0) return at;
    return (lua_Unsigned)0 - (lua_Unsigned)at > length ? 0 : (lua_Integer)length + at + 1;
}

static size_t place_from(lua_Integer at, size_t length)
{
    at = place(at, length);
    return at < 1 ? 1 : (size_t)at;
}

/* --- find, match, gmatch --------------------------------------------------------------------------------------------------- */

static const char *find_plain(lua_State *lua, const char *s, size_t length, const char *what, size_t what_length)
{
    if (what_length == 0) return s;
    while (length >= what_length) {
        const char *at = memchr(s, what[0], length - what_length + 1);
        script_charge(lua, (uint64_t)((at ? at : s + length) - s) / 16 + 1);
        if (!at) return NULL;
        script_charge(lua, what_length / 16);
        if (memcmp(at, what, what_length) == 0) return at;
        length -= (size_t)(at + 1 - s);
        s = at + 1;
    }
    return NULL;
}

static bool is_plain(const char *pattern, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (memchr("^$*+?.([%-", pattern[i], 10)) return false;
    return true;
}

static struct pattern prepare(lua_State *lua, const char *s, size_t length, const char *pattern, size_t pattern_length)
{
    script_charge(lua, 4);
    return (struct pattern){
        .lua = lua, .subject = s, .subject_end = s + length, .start = pattern, .end = pattern + pattern_length};
}

static int search(lua_State *lua, bool find)
{
    size_t length, pattern_length;
    const char *s = luaL_checklstring(lua, 1, &length), *pattern = luaL_checklstring(lua, 2, &pattern_length);
    size_t from = place_from(luaL_optinteger(lua, 3, 1), length) - 1;
    if (from > length) {
        lua_pushnil(lua);
        return 1;
    }
    if (find && (lua_toboolean(lua, 4) || is_plain(pattern, pattern_length))) {
        const char *at = find_plain(lua, s + from, length - from, pattern, pattern_length);
        if (!at) lua_pushnil(lua);
        else lua_pushinteger(lua, at - s + 1);
        if (at) lua_pushinteger(lua, at - s + (lua_Integer)pattern_length);
        return at ? 2 : 1;
    }
    bool anchored = pattern_length > 0 && *pattern == '^';
    struct pattern p = prepare(lua, s, length, pattern + anchored, pattern_length - anchored);
    for (const char *at = s + from; at <= p.subject_end; at++) {
        const char *end = pattern_match(&p, at);
        if (end && find) {
            lua_pushinteger(lua, at - s + 1);
            lua_pushinteger(lua, end - s);
            return pattern_push_captures(&p, NULL, NULL) + 2;
        }
        if (end) return pattern_push_captures(&p, at, end);
        if (anchored) break;
    }
    lua_pushnil(lua);
    return 1;
}

static int string_find(lua_State *lua)
{
    return search(lua, true);
}

static int string_match(lua_State *lua)
{
    return search(lua, false);
}

/* Upvalues: text, pattern, where to go on, end of the last match (an empty match does not follow at the same place). */
static int gmatch_step(lua_State *lua)
{
    size_t length, pattern_length;
    const char *s = lua_tolstring(lua, lua_upvalueindex(1), &length);
    const char *pattern = lua_tolstring(lua, lua_upvalueindex(2), &pattern_length);
    lua_Integer from = lua_tointeger(lua, lua_upvalueindex(3)), last = lua_tointeger(lua, lua_upvalueindex(4));
    struct pattern p = prepare(lua, s, length, pattern, pattern_length);
    for (const char *at = s + from; at <= p.subject_end; at++) {
        const char *end = pattern_match(&p, at);
        if (!end || end - s == last) continue;
        lua_pushinteger(lua, end - s);
        lua_copy(lua, -1, lua_upvalueindex(3));
        lua_replace(lua, lua_upvalueindex(4));
        return pattern_push_captures(&p, at, end);
    }
    return 0;
}

static int string_gmatch(lua_State *lua)
{
    size_t length;
    luaL_checklstring(lua, 1, &length);
    luaL_checkstring(lua, 2);
    size_t from = place_from(luaL_optinteger(lua, 3, 1), length) - 1;
    lua_settop(lua, 2);
    lua_pushinteger(lua, (lua_Integer)(from > length ? length + 1 : from));
    lua_pushinteger(lua, -1);
    lua_pushcclosure(lua, gmatch_step, 4);
    return 1;
}

/* --- gsub ----------------------------------------------------------------------------------------------------------------------
 */

static void add_template(struct pattern *p, luaL_Buffer *out, const char *at, const char *end)
{
    size_t length;
    const char *template = lua_tolstring(p->lua, 3, &length);
    for (const char *c = template; c < template + length; c++) {
        if (*c != '%') {
            luaL_addchar(out, *c);
            continue;
        }
        char which = ++c < template + length ? *c : '\0';
        if (which == '%') {
            luaL_addchar(out, '%');
        } else if (which == '0') {
            luaL_addlstring(out, at, (size_t)(end - at));
        } else if (which >= '1' && which <= '9') {
            pattern_push_capture(p, which - '1', at, end);
            luaL_tolstring(p->lua, -1, NULL);
            lua_remove(p->lua, -2);
            luaL_addvalue(out);
        } else {
            luaL_error(p->lua, "invalid use of '%%' in replacement string");
        }
    }
    script_charge(p->lua, length / 4);
}

/* Was there a replacement? */
static bool add_replacement(struct pattern *p, luaL_Buffer *out, const char *at, const char *end)
{
    lua_State *lua = p->lua;
    int kind = lua_type(lua, 3);
    if (kind == LUA_TSTRING || kind == LUA_TNUMBER) {
        add_template(p, out, at, end);
        return true;
    }
    if (kind == LUA_TFUNCTION) {
        lua_pushvalue(lua, 3);
        lua_call(lua, pattern_push_captures(p, at, end), 1);
    } else {
        pattern_push_capture(p, 0, at, end);
        lua_gettable(lua, 3);
    }
    if (!lua_toboolean(lua, -1)) {
        lua_pop(lua, 1);
        luaL_addlstring(out, at, (size_t)(end - at));
        return false;
    }
    if (!lua_isstring(lua, -1)) luaL_error(lua, "invalid replacement value (a %s)", luaL_typename(lua, -1));
    luaL_addvalue(out);
    return true;
}

static int string_gsub(lua_State *lua)
{
    size_t length, pattern_length;
    const char *s = luaL_checklstring(lua, 1, &length), *pattern = luaL_checklstring(lua, 2, &pattern_length);
    int kind = lua_type(lua, 3);
    luaL_argexpected(
        lua, kind == LUA_TNUMBER || kind == LUA_TSTRING || kind == LUA_TFUNCTION || kind == LUA_TTABLE || kind == LUA_TUSERDATA,
        3, "string/function/table");
    if (kind == LUA_TNUMBER) lua_tostring(lua, 3);
    bool anchored = pattern_length > 0 && *pattern == '^';
    lua_Integer most = luaL_optinteger(lua, 4, (lua_Integer)length + 1), count = 0;
    struct pattern p = prepare(lua, s, length, pattern + anchored, pattern_length - anchored);
    const char *at = s, *last = NULL;
    luaL_Buffer out;
    luaL_buffinit(lua, &out);
    while (count < most) {
        const char *end = pattern_match(&p, at);
        if (end && end != last) {
            count++;
            add_replacement(&p, &out, at, end);
            at = last = end;
        } else if (at < p.subject_end) {
            luaL_addchar(&out, *at++);
        } else {
            break;
        }
        if (anchored) break;
    }
    if (at < p.subject_end) luaL_addlstring(&out, at, (size_t)(p.subject_end - at));
    luaL_pushresult(&out);
    lua_pushinteger(lua, count);
    return 2;
}

/* --- the others
 * ------------------------------------------------------------------------------------------------------------------ */

static int string_byte(lua_State *lua)
{
    size_t length;
    const char *s = luaL_checklstring(lua, 1, &length);
    lua_Integer from = luaL_optinteger(lua, 2, 1), to = place(luaL_optinteger(lua, 3, from), length);
    size_t first = place_from(from, length), last = to < 0 ? 0 : (size_t)to;
    if (last > length) last = length;
    if (first > last) return 0;
    if (last - first >= SCRIPT_RESULTS) return luaL_error(lua, "too many bytes (at most %d)", SCRIPT_RESULTS);
    luaL_checkstack(lua, SCRIPT_RESULTS, "too many bytes");
    for (size_t i = first; i <= last; i++) lua_pushinteger(lua, (unsigned char)s[i - 1]);
    return (int)(last - first) + 1;
}

static int string_rep(lua_State *lua)
{
    size_t length, between;
    const char *s = luaL_checklstring(lua, 1, &length);
    lua_Integer count = luaL_checkinteger(lua, 2);
    const char *separator = luaL_optlstring(lua, 3, "", &between);
    if (count < 1) count = 0;
    if (length + between > 0 && (lua_Unsigned)count > SCRIPT_TEXT_BYTES / (length + between))
        return luaL_error(lua, "the text would be too long (at most %d bytes)", (int)SCRIPT_TEXT_BYTES);
    if (length + between == 0) count = 0;
    script_charge(lua, (uint64_t)count / 4);
    luaL_Buffer out;
    luaL_buffinit(lua, &out);
    for (lua_Integer i = 0; i < count; i++) {
        luaL_addlstring(&out, s, length);
        if (i + 1 < count) luaL_addlstring(&out, separator, between);
    }
    luaL_pushresult(&out);
    return 1;
}

/* The library's format (upvalue 1), for what neither shows addresses nor differs between machines. */
static int string_format(lua_State *lua)
{
    size_t length;
    const char *format = luaL_checklstring(lua, 1, &length), *end = format + length;
    int argument = 1, arguments = lua_gettop(lua);
    for (const char *c = format; c < end; c++) {
        if (*c != '%') continue;
        for (c++; c < end && memchr("-+ #0123456789.", *c, 15);) c++;
        if (c == end) break;
        if (*c == '%') continue;
        if (!memchr("cdeEfFgGioxXs", *c, 13)) return luaL_error(lua, "'%%%c' cannot be used in 'format'", *c);
        if (++argument > arguments || *c != 's') continue;
        sandbox_tostring(lua, argument);
        lua_replace(lua, argument);
    }
    script_charge(lua, length / 4);
    return lua_tocfunction(lua, lua_upvalueindex(1))(lua);
}

/* The library's codepoint (upvalue 1), for a few characters at a time. */
static int utf8_codepoint(lua_State *lua)
{
    size_t length;
    luaL_checklstring(lua, 1, &length);
    lua_Integer from = luaL_optinteger(lua, 2, 1), to = luaL_optinteger(lua, 3, from);
    if (place(to, length) - (lua_Integer)place_from(from, length) >= SCRIPT_RESULTS)
        return luaL_error(lua, "too many characters (at most %d bytes)", SCRIPT_RESULTS);
    script_charge(lua, length / 16);
    return lua_tocfunction(lua, lua_upvalueindex(1))(lua);
}

/* Puts `function` around what sandbox_charged() guards. */
static void replace(lua_State *lua, const char *name, lua_CFunction function)
{
    lua_getfield(lua, -1, name);
    lua_getupvalue(lua, -1, 1);
    lua_remove(lua, -2);
    lua_pushcclosure(lua, function, 1);
    lua_setfield(lua, -2, name);
}

void utf8_setup(lua_State *lua)
{
    replace(lua, "codepoint", utf8_codepoint);
}

void strings_setup(lua_State *lua)
{
    static const luaL_Reg functions[] = {{"byte", string_byte}, {"find", string_find},   {"gmatch", string_gmatch},
                                         {"gsub", string_gsub}, {"match", string_match}, {"rep", string_rep},
                                         {NULL, NULL}};
    luaL_setfuncs(lua, functions, 0);
    replace(lua, "format", string_format);
}
