/* A dealer's hooks. The chunk is compiled once and run anew for every call, in an environment that is thrown away afterwards:
 * nothing that a hook does can be seen by the next call, so the same input gives the same output. */
#include "script/state.h"

#include <stdlib.h>
#include <string.h>

struct hooks {
    struct script *script;
    script_ref ref;
    struct arena *arena;
    struct value *names; /* a map: of the functions that the chunk defines */
};

struct hook_call {
    struct env *env;
    const struct hooks *hooks;
    const char *name;
    const struct value *arguments;
    struct arena *arena;
    struct value *out;
    struct guan_error *error;
    int code;
    struct hooks_outline *outline; /* of hooks_check; NULL: another call */
};

/* Runs the chunk: pushes what it returns, and what it set. */
static void run_chunk(lua_State *lua, const struct hook_call *call)
{
    script_of(lua)->mode = MODE_HOOK_LOAD;
    lua_rawgeti(lua, LUA_REGISTRYINDEX, script_of(lua)->chunks[call->hooks->ref].function);
    env_push(lua, call->env);
    lua_call(lua, 1, 1);
    if (call->outline) call->outline->returns = lua_istable(lua, -1) ? HOOKS_TABLE : lua_isnil(lua, -1) ? HOOKS_NIL : HOOKS_OTHER;
    if (!lua_istable(lua, -1)) {
        lua_pop(lua, 1);
        lua_newtable(lua);
    }
    env_push_system(lua, call->env);
    script_of(lua)->mode = MODE_HOOK;
}

static int list_names(lua_State *lua)
{
    struct hook_call *call = lua_touserdata(lua, 1);
    run_chunk(lua, call);
    for (int table = 2; table <= 3; table++) {
        for (lua_pushnil(lua); lua_next(lua, table); lua_pop(lua, 1)) {
            if (lua_type(lua, -2) != LUA_TSTRING || !lua_isfunction(lua, -1)) continue;
            value_set(call->arena, call->hooks->names, lua_tostring(lua, -2), value_bool(call->arena, true));
        }
    }
    if (arena_failed(call->arena)) call->code = error_memory(call->error);
    return 0;
}

/* case.form["P.S"]: read-only, made when they are asked for. */
static void add_roots(lua_State *lua, const struct hook_call *call)
{
    const struct script_surroundings *around = call->env->surroundings;
    if (!around || !around->lookup || !lua_istable(lua, -1)) return;
    for (int root = 0; proxy_name(root); root++) {
        proxy_push_root(lua, root);
        lua_setfield(lua, -2, proxy_name(root));
    }
}

static int call_hook(lua_State *lua)
{
    struct hook_call *call = lua_touserdata(lua, 1);
    run_chunk(lua, call);
    for (int table = 2; table <= 3 && !lua_isfunction(lua, -1); table++) {
        lua_settop(lua, 3);
        lua_pushstring(lua, call->name);
        lua_rawget(lua, table);
    }
    if (!lua_isfunction(lua, -1)) return 0;
    size_t count = value_count(call->arguments);
    if (count > SCRIPT_RESULTS) return luaL_error(lua, "too many arguments");
    luaL_checkstack(lua, SCRIPT_RESULTS + 4, "too many arguments");
    for (size_t i = 0; i < count; i++) value_push(lua, value_at(call->arguments, i), false);
    if (count && value_at(call->arguments, count - 1)->kind == VALUE_MAP) add_roots(lua, call);
    lua_call(lua, (int)count, LUA_MULTRET);
    int top = lua_gettop(lua);
    while (top > 3 && lua_isnil(lua, top)) top--;
    if (top - 3 > SCRIPT_RESULTS) return luaL_error(lua, "too many results");
    for (int i = 4; i <= top; i++) {
        struct walk walk = {.arena = call->arena, .error = call->error, .name = call->name};
        struct value *result;
        call->code = value_take(lua, &walk, i, &result);
        if (call->code != GUAN_OK) return 0;
        value_add(call->arena, call->out, result ? result : value_null(call->arena));
    }
    if (arena_failed(call->arena)) call->code = error_memory(call->error);
    return 0;
}

static int run(struct hook_call *call, lua_CFunction function, const struct script_surroundings *surroundings)
{
    struct script *script = call->hooks->script;
    struct script_frame frame;
    int code = env_new(script, surroundings, &call->env, call->error);
    if (code != GUAN_OK) return code;
    code = script_enter(script, call->env, MODE_HOOK_LOAD, true, &frame, call->error);
    if (code == GUAN_OK) {
        lua_pushcfunction(script->lua, function);
        lua_pushlightuserdata(script->lua, call);
        int status = lua_pcall(script->lua, 1, 0, 0);
        code = script_leave(script, &frame, status, call->hooks->ref, call->error);
    }
    env_free(call->env);
    if (code == GUAN_OK && call->code != GUAN_OK) chunk_where(script, call->hooks->ref, call->error);
    return code == GUAN_OK ? call->code : code;
}

int hooks_load(struct script *script, const char *source, size_t length, const char *chunk, struct hooks **out,
               struct guan_error *error)
{
    *out = NULL;
    struct hooks *hooks = memory_alloc(sizeof *hooks);
    if (!hooks) return error_memory(error);
    hooks->script = script;
    hooks->arena = arena_new();
    hooks->names = value_map(hooks->arena);
    int code = hooks->names ? GUAN_OK : error_memory(error);
    if (code == GUAN_OK) code = script_compile(script, SCRIPT_STATEMENTS, source, length, chunk, 1, &hooks->ref, error);
    struct hook_call call = {.hooks = hooks, .arena = hooks->arena, .error = error};
    if (code == GUAN_OK) code = run(&call, list_names, NULL);
    if (code == GUAN_OK) *out = hooks;
    else hooks_free(hooks);
    return code;
}

/* --- checking ------------------------------------------------------------------------------------------------------------ */

/* Where the function on top begins; 0: it is none, or none of the chunk's. Pops it. */
static int64_t line_of(lua_State *lua)
{
    lua_Debug about = {0};
    if (!lua_isfunction(lua, -1)) {
        lua_pop(lua, 1);
        return 0;
    }
    lua_getinfo(lua, ">S", &about);
    return about.linedefined > 0 ? about.linedefined : 0;
}

static int list_outline(lua_State *lua)
{
    struct hook_call *call = lua_touserdata(lua, 1);
    run_chunk(lua, call);
    for (int table = 2; table <= 3; table++) {
        struct value *names = table == 2 ? call->outline->returned : call->outline->set;
        for (lua_pushnil(lua); lua_next(lua, table);) {
            bool text = lua_type(lua, -2) == LUA_TSTRING, wanted = table == 2 || lua_isfunction(lua, -1);
            int64_t line = line_of(lua);
            if (text && wanted) value_set_int(call->arena, names, lua_tostring(lua, -1), line);
        }
        if (!arena_failed(call->arena) && value_count(names) > 0)
            qsort(names->as.map.items, value_count(names), sizeof *names->as.map.items, value_member_order);
    }
    if (arena_failed(call->arena)) call->code = error_memory(call->error);
    return 0;
}

/* "hooks.lua:12" */
static uint32_t line_in(const char *where)
{
    const char *colon = strrchr(where, ':');
    uint32_t line = 0;
    for (const char *at = colon ? colon + 1 : ""; *at >= '0' && *at <= '9' && line < 100000000; at++)
        line = line * 10 + (uint32_t)(*at - '0');
    return line ? line : 1;
}

int hooks_check(const char *source, size_t length, struct arena *arena, struct hooks_outline *out, struct guan_error *error)
{
    struct script *script;
    struct guan_error local = {0};
    *out = (struct hooks_outline){.returned = value_map(arena), .set = value_map(arena), .line = 1};
    int code = script_new(&script, error);
    if (code != GUAN_OK) return code;
    struct hooks hooks = {.script = script, .arena = arena};
    struct hook_call call = {.hooks = &hooks, .arena = arena, .error = &local, .outline = out};
    code = script_compile(script, SCRIPT_STATEMENTS, source, length, "hooks.lua", 1, &hooks.ref, &local);
    if (code == GUAN_OK) code = run(&call, list_outline, NULL);
    script_free(script);
    if (code == GUAN_OK) return GUAN_OK;
    out->line = line_in(local.where);
    if (error) *error = local;
    return code;
}

void hooks_free(struct hooks *hooks)
{
    if (!hooks) return;
    chunk_forget(hooks->script, hooks->ref);
    arena_free(hooks->arena);
    memory_free(hooks);
}

uint64_t hooks_budget(const struct hooks *hooks)
{
    return hooks->script->budget;
}

void hooks_budget_set(struct hooks *hooks, uint64_t instructions)
{
    script_budget(hooks->script, instructions);
}

bool hooks_has(struct hooks *hooks, const char *name)
{
    return value_get(hooks->names, name) != NULL;
}

int hooks_call(struct hooks *hooks, const char *name, const struct value *args, const struct script_surroundings *surroundings,
               struct arena *arena, struct value **results, struct guan_error *error)
{
    *results = value_list(arena);
    if (!*results) return error_memory(error);
    if (!hooks_has(hooks, name)) return GUAN_OK;
    struct hook_call call = {.hooks = hooks, .name = name, .arguments = args, .arena = arena, .out = *results, .error = error};
    return run(&call, call_hook, surroundings);
}
