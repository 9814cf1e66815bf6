/* Running what was compiled. The ways that are walked a million times a second (a condition, an assignment) are one protected
 * call. */
#include "script/state.h"

/* The registry's numbers of a chunk: a callback may compile something, which moves script->chunks. */
struct pieces {
    int setter; /* or the only function */
    int value;  /* LUA_NOREF: not a location */
};

static bool find(const struct script *script, script_ref ref, struct pieces *pieces, struct guan_error *error)
{
    *pieces = (struct pieces){LUA_NOREF, LUA_NOREF};
    if (ref > 0 && (size_t)ref < script->chunk_count)
        *pieces = (struct pieces){script->chunks[ref].function, script->chunks[ref].getter};
    if (pieces->setter != LUA_NOREF) return true;
    error_set(error, GUAN_NO, "script-error", "nothing was compiled here");
    return false;
}

static bool find_location(const struct script *script, script_ref ref, struct pieces *pieces, struct guan_error *error)
{
    if (!find(script, ref, pieces, error)) return false;
    if (pieces->value != LUA_NOREF) return true;
    error_set(error, GUAN_NO, "script-error", "this was not compiled as a location");
    return false;
}

static void push_value_of(lua_State *lua, const struct pieces *pieces)
{
    lua_rawgeti(lua, LUA_REGISTRYINDEX, pieces->value != LUA_NOREF ? pieces->value : pieces->setter);
}

int env_eval_bool(struct env *env, script_ref ref, bool *out, struct guan_error *error)
{
    struct script *script = env->script;
    struct script_frame frame;
    struct pieces pieces;
    *out = false;
    if (!find(script, ref, &pieces, error)) return GUAN_NO;
    int code = script_enter(script, env, MODE_EVAL, true, &frame, error);
    if (code != GUAN_OK) return code;
    push_value_of(script->lua, &pieces);
    env_push(script->lua, env);
    int status = lua_pcall(script->lua, 1, 1, 0);
    bool truth = status == LUA_OK && lua_toboolean(script->lua, -1);
    code = script_leave(script, &frame, status, ref, error);
    *out = truth;
    return code;
}

/* --- values out ------------------------------------------------------------------------------------------------------ */

struct run {
    struct env *env;
    const struct value *in;
    struct arena *arena;
    struct value *out;
    struct pieces pieces, expression;
    bool truth;
    struct guan_error *error;
    int code;
};

static int eval(lua_State *lua)
{
    struct run *run = lua_touserdata(lua, 1);
    lua_settop(lua, 0);
    push_value_of(lua, &run->pieces);
    env_push(lua, run->env);
    lua_call(lua, 1, 1);
    struct walk walk = {.arena = run->arena, .error = run->error};
    run->code = value_take(lua, &walk, 1, &run->out);
    return 0;
}

/* Runs a C function that raises, with `run`; adds the place to what it found wrong itself. */
static int run_protected(struct run *run, script_ref ref, lua_CFunction function, enum script_mode mode)
{
    struct script *script = run->env->script;
    struct script_frame frame;
    int code = script_enter(script, run->env, mode, true, &frame, run->error);
    if (code != GUAN_OK) return code;
    lua_pushcfunction(script->lua, function);
    lua_pushlightuserdata(script->lua, run);
    int status = lua_pcall(script->lua, 1, 0, 0);
    code = script_leave(script, &frame, status, ref, run->error);
    if (code != GUAN_OK || run->code == GUAN_OK) return code;
    chunk_where(script, ref, run->error);
    return run->code;
}

int env_eval(struct env *env, script_ref ref, struct arena *arena, struct value **out, struct guan_error *error)
{
    struct run run = {.env = env, .arena = arena, .error = error};
    *out = NULL;
    if (!find(env->script, ref, &run.pieces, error)) return GUAN_NO;
    int code = run_protected(&run, ref, eval, MODE_EVAL);
    if (code == GUAN_OK) *out = run.out;
    return code;
}

static int check(lua_State *lua)
{
    struct run *run = lua_touserdata(lua, 1);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, run->pieces.setter);
    env_push(lua, run->env);
    value_push(lua, run->in, false);
    lua_call(lua, 2, 1);
    run->truth = lua_toboolean(lua, -1);
    return 0;
}

int env_check(struct env *env, script_ref ref, const struct value *value, bool *out, struct guan_error *error)
{
    struct run run = {.env = env, .in = value, .error = error};
    *out = false;
    if (!find(env->script, ref, &run.pieces, error)) return GUAN_NO;
    int code = run_protected(&run, ref, check, MODE_EVAL);
    *out = code == GUAN_OK && run.truth;
    return code;
}

/* --- values in ------------------------------------------------------------------------------------------------------- */

static int assign(lua_State *lua)
{
    struct run *run = lua_touserdata(lua, 1);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, run->pieces.setter);
    env_push(lua, run->env);
    value_push(lua, run->in, false);
    lua_call(lua, 2, 0);
    return 0;
}

int env_assign(struct env *env, script_ref location, const struct value *value, struct guan_error *error)
{
    struct run run = {.env = env, .in = value, .error = error};
    if (!find_location(env->script, location, &run.pieces, error)) return GUAN_NO;
    return run_protected(&run, location, assign, MODE_EVAL);
}

static int move(lua_State *lua)
{
    struct run *run = lua_touserdata(lua, 1);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, run->pieces.setter);
    env_push(lua, run->env);
    push_value_of(lua, &run->expression);
    lua_pushvalue(lua, 3);
    lua_call(lua, 1, 1);
    if (!value_is_plain(lua, 4)) {
        struct walk walk = {.arena = script_of(lua)->scratch, .error = run->error};
        run->code = value_take(lua, &walk, 4, &run->out);
        if (run->code != GUAN_OK) return 0;
        lua_settop(lua, 3);
        value_push(lua, run->out, false);
    }
    lua_call(lua, 2, 0);
    return 0;
}

int env_move(struct env *env, script_ref location, script_ref expression, struct guan_error *error)
{
    struct run run = {.env = env, .error = error};
    if (!find_location(env->script, location, &run.pieces, error)) return GUAN_NO;
    if (!find(env->script, expression, &run.expression, error)) return GUAN_NO;
    return run_protected(&run, expression, move, MODE_EVAL);
}

/* --- statements ------------------------------------------------------------------------------------------------------ */

static bool all_plain(lua_State *lua, const struct env *env)
{
    bool plain = true;
    env_push(lua, env);
    int table = lua_gettop(lua);
    for (lua_pushnil(lua); plain && lua_next(lua, table); lua_pop(lua, 1)) plain = value_is_plain(lua, -1);
    lua_settop(lua, table - 1);
    return plain;
}

/* After a <script>: the data are JSON trees, or it is an error now and not when the session is saved. What it took from a
 * read-only table becomes data's own, as it would by saving and loading. */
static int run_statements(lua_State *lua)
{
    struct run *run = lua_touserdata(lua, 1);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, run->pieces.setter);
    env_push(lua, run->env);
    lua_call(lua, 1, 0);
    if (all_plain(lua, run->env)) return 0;
    struct walk walk = {.arena = script_of(lua)->scratch, .error = run->error};
    struct value *data;
    run->code = env_take(lua, run->env, &walk, &data);
    if (run->code != GUAN_OK || !walk.proxies) return 0;
    env_push(lua, run->env);
    for (size_t i = 0; i < value_count(data); i++) {
        lua_pushstring(lua, data->as.map.items[i].key);
        value_push(lua, data->as.map.items[i].value, false);
        lua_rawset(lua, -3);
    }
    return 0;
}

int env_run(struct env *env, script_ref ref, struct guan_error *error)
{
    struct run run = {.env = env, .error = error};
    if (!find(env->script, ref, &run.pieces, error)) return GUAN_NO;
    return run_protected(&run, ref, run_statements, MODE_RUN);
}

int env_run_document(struct env *env, script_ref ref, struct guan_error *error)
{
    struct run run = {.env = env, .error = error};
    if (!find(env->script, ref, &run.pieces, error)) return GUAN_NO;
    return run_protected(&run, ref, run_statements, MODE_DOCUMENT);
}

/* The script runs over a copy of the data: what it stores is gone with the copy, its functions stay. They see the same table as
 * before, so the originals wait beside it meanwhile. */
static int run_functions(lua_State *lua)
{
    struct run *run = lua_touserdata(lua, 1);
    struct walk walk = {.arena = script_of(lua)->scratch, .error = run->error};
    struct value *copy;
    run->code = env_take(lua, run->env, &walk, &copy);
    if (run->code != GUAN_OK) return 0;
    lua_settop(lua, 1);
    env_push(lua, run->env);
    lua_newtable(lua);
    for (size_t i = 0; i < value_count(copy); i++) {
        const struct value_member *item = &copy->as.map.items[i];
        lua_pushstring(lua, item->key);
        lua_pushvalue(lua, -1);
        lua_rawget(lua, 2);
        lua_rawset(lua, 3);
        lua_pushstring(lua, item->key);
        value_push(lua, item->value, false);
        lua_rawset(lua, 2);
    }
    lua_rawgeti(lua, LUA_REGISTRYINDEX, run->pieces.setter);
    lua_pushvalue(lua, 2);
    int status = script_pcall(lua, 1, 0);
    int message = lua_gettop(lua);
    for (lua_pushnil(lua); lua_next(lua, 2);) {
        lua_pop(lua, 1);
        lua_pushvalue(lua, -1);
        lua_pushvalue(lua, -1);
        lua_rawget(lua, 3);
        lua_rawset(lua, 2);
    }
    for (lua_pushnil(lua); lua_next(lua, 3);) {
        lua_pushvalue(lua, -2);
        lua_insert(lua, -2);
        lua_rawset(lua, 2);
    }
    lua_settop(lua, message);
    return status == LUA_OK ? 0 : lua_error(lua);
}

int env_run_functions(struct env *env, script_ref ref, struct guan_error *error)
{
    struct run run = {.env = env, .error = error};
    if (!find(env->script, ref, &run.pieces, error)) return GUAN_NO;
    return run_protected(&run, ref, run_functions, MODE_FUNCTIONS);
}
