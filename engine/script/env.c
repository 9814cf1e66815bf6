/* Environments: what one session sees. The data are a plain table; see state.h for what stands behind it. */
#include "script/state.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Declared names are keys of the data's metatable, beside __index and __newindex: names of data never begin with an underscore.
 */

void env_push(lua_State *lua, const struct env *env)
{
    lua_rawgeti(lua, LUA_REGISTRYINDEX, env->table);
}

static void push_names(lua_State *lua, const struct env *env)
{
    env_push(lua, env);
    lua_getmetatable(lua, -1);
    lua_remove(lua, -2);
}

void env_push_system(lua_State *lua, const struct env *env)
{
    push_names(lua, env);
    lua_getfield(lua, -1, "__index");
    lua_remove(lua, -2);
}

static bool declared(lua_State *lua, const struct env *env, const char *name)
{
    push_names(lua, env);
    bool found = lua_getfield(lua, -1, name) != LUA_TNIL;
    lua_pop(lua, 2);
    return found && name[0] != '_';
}

/* --- the surroundings ------------------------------------------------------------------------------------------------ */

struct value *env_lookup(lua_State *lua, const char *const *path, size_t depth)
{
    struct script *script = script_of(lua);
    const struct script_surroundings *around = script->env ? script->env->surroundings : NULL;
    if (!around || !around->lookup) return NULL;
    script_charge(lua, 16);
    struct guan_error error = {0};
    struct value *value = NULL;
    script_host_begin(script);
    int code = around->lookup(around->user, path, depth, script->scratch, &value, &error);
    script_host_end(lua, code, &error);
    if (arena_failed(script->scratch)) {
        script_stop(script, STOP_SYSTEM);
        script_raise_stop(lua);
    }
    return value;
}

static int function_named(const struct env *env, const char *name)
{
    const struct script_surroundings *around = env->surroundings;
    for (size_t i = 0; around && i < around->function_count; i++)
        if (strcmp(around->functions[i].name, name) == 0) return (int)i;
    return -1;
}

/* A function of the surroundings; its upvalue is its place in their list. */
static int call_host(lua_State *lua)
{
    struct script *script = script_of(lua);
    const struct script_surroundings *around = script->env->surroundings;
    size_t which = (size_t)lua_tointeger(lua, lua_upvalueindex(1));
    if (!around || which >= around->function_count) return luaL_error(lua, "this function is not available here");
    script_charge(lua, 16);
    struct guan_error error = {0};
    struct value *arguments = value_list(script->scratch);
    int count = lua_gettop(lua);
    for (int i = 1; i <= count; i++) {
        struct walk walk = {.arena = script->scratch, .error = &error, .name = "argument"};
        struct value *item = NULL;
        int code = value_take(lua, &walk, i, &item);
        if (code == GUAN_NO) return luaL_error(lua, "%s", error.text);
        value_add(script->scratch, arguments, item ? item : value_null(script->scratch));
    }
    struct value *result = NULL;
    int code = arena_failed(script->scratch) ? error_memory(&error) : GUAN_OK;
    script_host_begin(script);
    if (code == GUAN_OK) code = around->functions[which].call(around->user, arguments, script->scratch, &result, &error);
    if (code == GUAN_OK && arena_failed(script->scratch)) code = error_memory(&error);
    script_host_end(lua, code, &error);
    value_push(lua, result, false);
    return 1;
}

static int call_in(lua_State *lua)
{
    struct script *script = script_of(lua);
    const struct env *env = script->env;
    const char *state = luaL_checkstring(lua, 1);
    if (!env || !env->in) return luaL_error(lua, "In() is not available here");
    lua_pushboolean(lua, env->in(env->in_user, state));
    return 1;
}

/* __index of the library: what none of the tables has. What is found is kept with the system variables. */
static int names_behind(lua_State *lua)
{
    struct env *env = script_of(lua)->env;
    if (!env || lua_type(lua, 2) != LUA_TSTRING) return 0;
    const char *name = lua_tostring(lua, 2);
    int function, root = proxy_root(name);
    if (declared(lua, env, name) || !env->surroundings) return 0;
    if ((function = function_named(env, name)) >= 0) {
        lua_pushinteger(lua, function);
        lua_pushcclosure(lua, call_host, 1);
    } else if (!env->surroundings->lookup) {
        return 0;
    } else if (root >= 0) {
        proxy_push_root(lua, root);
    } else {
        struct value *value = env_lookup(lua, &name, 1);
        if (!value) return 0;
        value_push(lua, value, true);
    }
    env_push_system(lua, env);
    lua_pushvalue(lua, 2);
    lua_pushvalue(lua, -3);
    lua_rawset(lua, -3);
    lua_pop(lua, 1);
    return 1;
}

/* --- writes ---------------------------------------------------------------------------------------------------------- */

/* Why a name cannot be one of data; NULL: it can. */
static const char *not_free(lua_State *lua, const struct env *env, const char *name, size_t length)
{
    if (name[0] == '_') return "is reserved: names that begin with '_' belong to the system";
    if (!text_is_name(name, length)) return "is no name: use letters, digits and underscores";
    lua_rawgeti(lua, LUA_REGISTRYINDEX, script_of(lua)->reserved);
    bool taken = lua_getfield(lua, -1, name) != LUA_TNIL;
    lua_pop(lua, 2);
    if (taken) return "is a word of Lua or of its library; choose another name";
    if (!env->surroundings) return NULL;
    bool shown = function_named(env, name) >= 0;
    if (!shown && env->surroundings->lookup) shown = proxy_root(name) >= 0 || env_lookup(lua, &name, 1);
    return shown ? "is read-only here; choose another name" : NULL;
}

/* Puts (key, value) of the __newindex on the stack into the table on top. */
static int put(lua_State *lua)
{
    lua_pushvalue(lua, 2);
    lua_pushvalue(lua, 3);
    lua_rawset(lua, -3);
    return 0;
}

/* __newindex of the data: a name that they do not hold. */
static int env_write(lua_State *lua)
{
    struct script *script = script_of(lua);
    struct env *env = script->env;
    if (lua_type(lua, 2) != LUA_TSTRING) return luaL_error(lua, "only names can be set here");
    size_t length;
    const char *name = lua_tolstring(lua, 2, &length);
    enum script_mode mode = script->mode;
    bool function = lua_isfunction(lua, 3);
    bool known = declared(lua, env, name);
    if (!known) {
        const char *why = not_free(lua, env, name, length);
        if (why) return luaL_error(lua, "'%s' %s", name, why);
    }
    if (mode == MODE_HOOK) return luaL_error(lua, "'%s' cannot be set: a hook keeps nothing between calls; make it local", name);
    if (mode == MODE_EVAL && !known) return luaL_error(lua, "'%s' is not declared; add <data id=\"%s\"/>", name, name);
    if (mode == MODE_HOOK_LOAD || (function && (mode == MODE_DOCUMENT || mode == MODE_FUNCTIONS))) {
        env_push_system(lua, env);
        return put(lua);
    }
    if (function) return luaL_error(lua, "'%s' is a function: define it in the document's own <script>", name);
    if (mode != MODE_FUNCTIONS && !known) {
        push_names(lua, env);
        lua_pushvalue(lua, 2);
        lua_pushboolean(lua, true);
        lua_rawset(lua, -3);
    }
    env_push(lua, env);
    return put(lua);
}

/* --- life ------------------------------------------------------------------------------------------------------------ */

void env_setup(lua_State *lua)
{
    static const char *const words[] = {"and",      "break",  "do",   "else", "elseif", "end",  "false", "for",
                                        "function", "goto",   "if",   "in",   "local",  "nil",  "not",   "or",
                                        "repeat",   "return", "then", "true", "until",  "while"};
    struct script *script = script_of(lua);
    lua_pushcfunction(lua, call_in);
    lua_setfield(lua, -2, "In");
    lua_newtable(lua);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        lua_pushboolean(lua, true);
        lua_setfield(lua, -2, words[i]);
    }
    for (lua_pushnil(lua); lua_next(lua, -3); lua_pop(lua, 1)) {
        lua_pushvalue(lua, -2);
        lua_pushboolean(lua, true);
        lua_rawset(lua, -5);
    }
    script->reserved = luaL_ref(lua, LUA_REGISTRYINDEX);
    lua_newtable(lua); /* of the library */
    lua_pushcfunction(lua, names_behind);
    lua_setfield(lua, -2, "__index");
    lua_setmetatable(lua, -2);
    lua_newtable(lua); /* of all system tables */
    lua_pushvalue(lua, -2);
    lua_setfield(lua, -2, "__index");
    script->system_meta = luaL_ref(lua, LUA_REGISTRYINDEX);
}

static int make(lua_State *lua)
{
    struct env *env = lua_touserdata(lua, 1);
    lua_newtable(lua);
    lua_createtable(lua, 0, 4);
    lua_createtable(lua, 0, 4);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, env->script->system_meta);
    lua_setmetatable(lua, -2);
    lua_setfield(lua, -2, "__index");
    lua_pushcfunction(lua, env_write);
    lua_setfield(lua, -2, "__newindex");
    lua_setmetatable(lua, -2);
    env->table = luaL_ref(lua, LUA_REGISTRYINDEX);
    return 0;
}

int env_new(struct script *script, const struct script_surroundings *surroundings, struct env **out, struct guan_error *error)
{
    *out = NULL;
    struct env *env = memory_alloc(sizeof *env);
    if (!env) return error_memory(error);
    *env = (struct env){.script = script, .surroundings = surroundings, .table = LUA_NOREF};
    script->held_most += SCRIPT_ENV_BYTES;
    int code = script_protect(script, env, make, env, error);
    if (code == GUAN_OK) *out = env;
    else env_free(env);
    return code;
}

void env_free(struct env *env)
{
    if (!env) return;
    luaL_unref(env->script->lua, LUA_REGISTRYINDEX, env->table);
    env->script->held_most -= SCRIPT_ENV_BYTES;
    memory_free(env);
}

static int refresh(lua_State *lua)
{
    env_push_system(lua, lua_touserdata(lua, 1));
    for (lua_pushnil(lua); lua_next(lua, 2);) {
        bool kept = lua_isfunction(lua, -1) || lua_tostring(lua, -2)[0] == '_';
        lua_pop(lua, 1);
        if (kept) continue;
        lua_pushvalue(lua, -1);
        lua_pushnil(lua);
        lua_rawset(lua, 2);
    }
    return 0;
}

void env_refresh(struct env *env)
{
    /* removing needs no memory, so nothing can fail */
    script_protect(env->script, env, refresh, env, NULL);
}

int env_in(struct env *env, bool (*in)(void *user, const char *state), void *user, struct guan_error *error)
{
    (void)error;
    env->in = in;
    env->in_user = user;
    return GUAN_OK;
}

/* --- data ------------------------------------------------------------------------------------------------------------ */

struct datum {
    struct env *env;
    const char *name;
    const struct value *in;
    struct arena *arena;
    struct value **out, **nil_names;
    struct guan_error *error;
    int code;
    bool found;
};

static int declare(lua_State *lua)
{
    struct datum *datum = lua_touserdata(lua, 1);
    const char *why = declared(lua, datum->env, datum->name) ? NULL : not_free(lua, datum->env, datum->name, strlen(datum->name));
    if (why) return luaL_error(lua, "'%s' %s", datum->name, why);
    env_push(lua, datum->env);
    lua_pushstring(lua, datum->name);
    value_push(lua, datum->in, false);
    lua_rawset(lua, 2);
    lua_getmetatable(lua, 2);
    lua_pushstring(lua, datum->name);
    lua_pushboolean(lua, true);
    lua_rawset(lua, 3);
    return 0;
}

int env_declare(struct env *env, const char *name, const struct value *value, struct guan_error *error)
{
    struct datum datum = {.env = env, .name = name, .in = value};
    return script_protect(env->script, env, declare, &datum, error);
}

static int ask_declared(lua_State *lua)
{
    struct datum *datum = lua_touserdata(lua, 1);
    datum->found = declared(lua, datum->env, datum->name);
    return 0;
}

bool env_declared(struct env *env, const char *name)
{
    struct datum datum = {.env = env, .name = name};
    script_protect(env->script, env, ask_declared, &datum, NULL);
    return datum.found;
}

static int get(lua_State *lua)
{
    struct datum *datum = lua_touserdata(lua, 1);
    struct walk walk = {.arena = datum->arena, .error = datum->error, .name = datum->name};
    env_push(lua, datum->env);
    lua_pushstring(lua, datum->name);
    lua_rawget(lua, 2);
    datum->code = value_take(lua, &walk, 3, datum->out);
    return 0;
}

int env_get(struct env *env, const char *name, struct arena *arena, struct value **out, struct guan_error *error)
{
    struct datum datum = {.env = env, .name = name, .arena = arena, .out = out, .error = error};
    *out = NULL;
    int code = script_protect(env->script, env, get, &datum, error);
    return code == GUAN_OK ? datum.code : code;
}

static int set_system(lua_State *lua)
{
    struct datum *datum = lua_touserdata(lua, 1);
    env_push_system(lua, datum->env);
    lua_pushstring(lua, datum->name);
    value_push(lua, datum->in, true);
    lua_rawset(lua, 2);
    return 0;
}

int env_system(struct env *env, const char *name, const struct value *value, struct guan_error *error)
{
    if (name[0] != '_') return error_set(error, GUAN_NO, "script-error", "'%s' is no system variable", name);
    struct datum datum = {.env = env, .name = name, .in = value};
    return script_protect(env->script, env, set_system, &datum, error);
}

/* --- saving ---------------------------------------------------------------------------------------------------------- */

int env_take(lua_State *lua, struct env *env, struct walk *walk, struct value **out)
{
    lua_pushnil(lua);
    walk->seen = lua_gettop(lua);
    env_push(lua, env);
    int table = lua_gettop(lua);
    struct value *data = value_map(walk->arena);
    size_t count = 0;
    for (lua_pushnil(lua); lua_next(lua, table); lua_pop(lua, 1)) count++;
    struct value_member *items = arena_alloc(walk->arena, (count + 1) * sizeof *items);
    if (!data || !items) return error_memory(walk->error);
    data->as.map.items = items;
    data->as.map.capacity = count + 1;
    for (lua_pushnil(lua); lua_next(lua, table); lua_pop(lua, 1)) {
        walk->name = lua_type(lua, -2) == LUA_TSTRING ? lua_tostring(lua, -2) : NULL;
        if (!walk->name) return error_set(walk->error, GUAN_NO, "script-value", "the data hold something without a name");
        struct value_member *item = &items[data->as.map.count++];
        item->key = arena_text(walk->arena, walk->name, strlen(walk->name));
        if (!item->key) return error_memory(walk->error);
        int code = value_take(lua, walk, -1, &item->value);
        if (code != GUAN_OK) return code;
    }
    qsort(items, count, sizeof *items, value_member_order);
    *out = data;
    return GUAN_OK;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(value_as_text(*(struct value *const *)a), value_as_text(*(struct value *const *)b));
}

static int save(lua_State *lua)
{
    struct datum *datum = lua_touserdata(lua, 1);
    struct walk walk = {.arena = datum->arena, .error = datum->error};
    datum->code = env_take(lua, datum->env, &walk, datum->out);
    if (datum->code != GUAN_OK) return 0;
    struct value *names = value_list(datum->arena);
    lua_settop(lua, 1);
    env_push(lua, datum->env);
    lua_getmetatable(lua, 2);
    for (lua_pushnil(lua); lua_next(lua, 3); lua_pop(lua, 1)) {
        const char *name = lua_tostring(lua, -2);
        if (name[0] == '_') continue;
        lua_pushvalue(lua, -2);
        bool absent = lua_rawget(lua, 2) == LUA_TNIL;
        lua_pop(lua, 1);
        if (absent) value_add(datum->arena, names, value_text(datum->arena, name));
    }
    *datum->nil_names = names;
    if (arena_failed(datum->arena)) datum->code = error_memory(datum->error);
    else if (value_count(names)) qsort(names->as.list.items, value_count(names), sizeof(struct value *), by_text);
    return 0;
}

int env_save(struct env *env, struct arena *arena, struct value **data, struct value **nil_names, struct guan_error *error)
{
    struct datum datum = {.env = env, .arena = arena, .out = data, .nil_names = nil_names, .error = error};
    *data = *nil_names = NULL;
    int code = script_protect(env->script, env, save, &datum, error);
    return code == GUAN_OK ? datum.code : code;
}
