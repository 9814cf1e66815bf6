/* One Lua state: its allocator, its budgets, the way in and the way out. */
#include "script/state.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>

static enum script_stop allocation_refused(struct script *script, void *old, size_t old_size, size_t size)
{
    size_t held = old ? old_size : 0;
    if (size <= held) return STOP_NONE;
    if (script->held + (size - held) > script->held_most) return STOP_BYTES;
    if (!script->charging || size < 1024) return STOP_NONE;
    bool text = !old && old_size == LUA_TSTRING;
    if (text && size > SCRIPT_TEXT_BYTES) return STOP_BYTES;
    /* Joining long strings and spreading arguments cost time that the instruction count does not see. */
    uint64_t cost = text ? size / 16 : size / 4;
    if (cost >= script->budget) return STOP_INSTRUCTIONS;
    script->budget -= cost;
    return STOP_NONE;
}

static void *allocate(void *user, void *old, size_t old_size, size_t size)
{
    struct script *script = user;
    if (size == 0) {
        if (old) script->held -= old_size;
        memory_free(old);
        return NULL;
    }
    enum script_stop refused = allocation_refused(script, old, old_size, size);
    void *block = refused ? NULL : memory_resize(old, size);
    if (!block) {
        if (old && size <= old_size) {
            block = old; /* a block that cannot shrink stays as it is */
        } else {
            script->denied = refused ? refused : STOP_SYSTEM;
            return NULL;
        }
    }
    script->held = script->held - (old ? old_size : 0) + size;
    return block;
}

/* Every `slice` instructions. After a stop the count is 1, so that a pcall in Lua code gains nothing. */
static void look_at_budget(lua_State *lua, lua_Debug *unused)
{
    (void)unused;
    struct script *script = script_of(lua);
    if (script->stop) script_raise_stop(lua);
    uint32_t slice = script->slice;
    script_charge(lua, slice);
    if (script->budget < slice) {
        script->slice = (uint32_t)script->budget;
        lua_sethook(lua, look_at_budget, LUA_MASKCOUNT, (int)script->slice);
    }
}

static void arm(struct script *script)
{
    script->slice = script->budget < SCRIPT_SLICE ? (uint32_t)script->budget : SCRIPT_SLICE;
    if (script->slice == 0) script->slice = 1;
    lua_sethook(script->lua, look_at_budget, LUA_MASKCOUNT, (int)script->slice);
}

void script_stop(struct script *script, enum script_stop why)
{
    if (why == STOP_INSTRUCTIONS) script->budget = 0;
    script->stop = why;
    lua_sethook(script->lua, look_at_budget, LUA_MASKCOUNT, 1);
}

int script_pcall(lua_State *lua, int arguments, int results)
{
    struct script *script = script_of(lua);
    int status = lua_pcall(lua, arguments, results, 0);
    if (status == LUA_ERRMEM && !script->stop) script_stop(script, script->denied);
    return status;
}

int script_raise_stop(lua_State *lua)
{
    lua_pushnil(lua);
    return lua_error(lua);
}

void script_charge(lua_State *lua, uint64_t cost)
{
    struct script *script = script_of(lua);
    if (!script->charging) return;
    if (cost < script->budget) {
        script->budget -= cost;
        return;
    }
    script_stop(script, STOP_INSTRUCTIONS);
    script_raise_stop(lua);
}

void script_host_begin(struct script *script)
{
    uselocale(script->host_locale);
}

void script_host_end(lua_State *lua, int code, const struct guan_error *error)
{
    struct script *script = script_of(lua);
    uselocale(script->locale);
    if (code == GUAN_OK) return;
    if (code == GUAN_FAILED && !script->stop) {
        script->host_error = *error;
        script_stop(script, STOP_HOST);
    }
    if (script->stop) script_raise_stop(lua);
    luaL_error(lua, "%s", error->text);
}

/* --- in and out ------------------------------------------------------------------------------------------------------ */

static int over_budget(enum script_stop why, struct guan_error *error)
{
    if (why == STOP_SYSTEM) return error_memory(error);
    if (why == STOP_BYTES) {
        error_set(error, GUAN_NO, "script-budget", "the script needs more memory than it may have");
        return error_hint(error, "keep fewer or shorter values: a text made by a script has at most %u bytes", SCRIPT_TEXT_BYTES);
    }
    error_set(error, GUAN_NO, "script-budget", "the script ran for too long and was stopped");
    return error_hint(error, "look for a loop that does not end");
}

int script_enter(struct script *script, struct env *env, enum script_mode mode, bool running, struct script_frame *frame,
                 struct guan_error *error)
{
    if (running && script->budget == 0) return over_budget(STOP_INSTRUCTIONS, error);
    if (!lua_checkstack(script->lua, 20)) return error_memory(error);
    *frame =
        (struct script_frame){script->env, script->mode, script->charging, uselocale(script->locale), lua_gettop(script->lua)};
    if (script->depth++ == 0) script->host_locale = frame->locale;
    script->env = env;
    script->mode = mode;
    script->charging = running;
    return GUAN_OK;
}

static bool read_number(const char **cursor, uint32_t *out)
{
    const char *at = *cursor;
    uint32_t number = 0;
    for (; *at >= '0' && *at <= '9' && number < 100000000; at++) number = number * 10 + (uint32_t)(*at - '0');
    if (at == *cursor || *at != ':') return false;
    *cursor = at + 1;
    *out = number;
    return true;
}

const char *script_message(struct script *script, const char *text, struct guan_error *where)
{
    /* Chunks are named \1 and their ref, so that messages seen by Lua code do not depend on where the files lie. */
    while (*text == '\1') {
        const char *at = text + 1;
        uint32_t ref, line;
        if (!read_number(&at, &ref) || !read_number(&at, &line)) break;
        if (where && ref < script->chunk_count)
            error_where(where, "%s:%u", script->chunks[ref].name, script->chunks[ref].line + (line ? line - 1 : 0));
        text = *at == ' ' ? at + 1 : at;
    }
    return text;
}

/* An error object that is a table: its text, else what it holds. */
static int describe(lua_State *lua)
{
    struct script *script = script_of(lua);
    struct guan_error unused = {0};
    struct walk walk = {.arena = script->scratch, .error = &unused};
    struct value *value = NULL;
    struct buffer *out = lua_touserdata(lua, 2);
    if (lua_type(lua, 1) == LUA_TNUMBER) lua_tostring(lua, 1);
    if (value_take(lua, &walk, 1, &value) != GUAN_OK || !value) {
        buffer_text(out, "an error that is no text");
    } else if (value->kind == VALUE_TEXT) {
        buffer_text(out, value_as_text(value));
    } else if (value_get_text(value, "text")) {
        buffer_text(out, value_get_text(value, "text"));
    } else {
        json_write(out, value);
    }
    return 0;
}

int script_refuse(struct guan_error *error, const char *rule, const char *text)
{
    struct buffer clean = {0};
    if (!text_is_utf8(text, strlen(text))) text_printable(&clean, text);
    int code = error_set(error, GUAN_NO, rule, "%s", clean.data ? clean.data : text);
    buffer_release(&clean);
    return code;
}

static int failed(struct script *script, int status, script_ref ref, struct guan_error *error)
{
    lua_State *lua = script->lua;
    if (script->stop == STOP_HOST) {
        if (error) *error = script->host_error;
        return script->host_error.code;
    }
    struct guan_error place = {0};
    int code;
    if (script->stop || status == LUA_ERRMEM) {
        enum script_stop why = script->stop ? script->stop : script->denied;
        if (why == STOP_INSTRUCTIONS) script->budget = 0;
        code = over_budget(why, error);
    } else if (lua_type(lua, -1) == LUA_TSTRING) {
        const char *text = script_message(script, lua_tostring(lua, -1), &place);
        code = script_refuse(error, "script-error", text);
    } else {
        struct buffer text = {0};
        lua_pushcfunction(lua, describe);
        lua_insert(lua, -2);
        lua_pushlightuserdata(lua, &text);
        script->charging = false;
        lua_pcall(lua, 2, 0, 0);
        code = script_refuse(error, "script-error", text.data ? text.data : "an error that is no text");
        buffer_release(&text);
    }
    if (place.where[0]) error_where(error, "%s", place.where);
    else chunk_where(script, ref, error);
    return code;
}

int script_leave(struct script *script, const struct script_frame *frame, int status, script_ref ref, struct guan_error *error)
{
    int code = status == LUA_OK ? GUAN_OK : failed(script, status, ref, error);
    lua_settop(script->lua, frame->top);
    script->env = frame->env;
    script->mode = frame->mode;
    script->charging = frame->charging;
    uselocale(frame->locale);
    if (--script->depth > 0) return code;
    if (script->stop) {
        script->stop = STOP_NONE;
        arm(script);
    }
    if (arena_size(script->scratch) > 0) arena_reset(script->scratch);
    return code;
}

int script_protect(struct script *script, struct env *env, lua_CFunction function, void *data, struct guan_error *error)
{
    struct script_frame frame;
    int code = script_enter(script, env, MODE_EVAL, false, &frame, error);
    if (code != GUAN_OK) return code;
    lua_pushcfunction(script->lua, function);
    lua_pushlightuserdata(script->lua, data);
    int status = lua_pcall(script->lua, 1, 0, 0);
    return script_leave(script, &frame, status, SCRIPT_NO_REF, error);
}

/* --- life ------------------------------------------------------------------------------------------------------------ */

static int setup(lua_State *lua)
{
    proxy_setup(lua);
    sandbox_setup(lua);
    env_setup(lua);
    return 0;
}

int script_bare(struct script **out, struct guan_error *error)
{
    *out = NULL;
    struct script *script = memory_alloc(sizeof *script);
    if (!script) return error_memory(error);
    script->held_most = LIMIT_LUA_BYTES;
    script->budget = LIMIT_LUA_INSTRUCTIONS;
    script->scratch = arena_new();
    /* Numbers, order and letters are C's whatever locale the program runs in; messages keep their language. */
    locale_t base = duplocale(LC_GLOBAL_LOCALE);
    script->locale = base ? newlocale(LC_NUMERIC_MASK | LC_COLLATE_MASK | LC_CTYPE_MASK, "C", base) : (locale_t)0;
    if (base && !script->locale) freelocale(base);
    script->lua = lua_newstate(allocate, script);
    if (!script->scratch || !script->locale || !script->lua) {
        script_free(script);
        return error_memory(error);
    }
    *(struct script **)lua_getextraspace(script->lua) = script;
    script->host_locale = LC_GLOBAL_LOCALE;
    arm(script);
    *out = script;
    return GUAN_OK;
}

int script_new(struct script **out, struct guan_error *error)
{
    int code = script_bare(out, error);
    if (code != GUAN_OK) return code;
    code = script_protect(*out, NULL, setup, NULL, error);
    if (code != GUAN_OK) {
        script_free(*out);
        *out = NULL;
    }
    return code;
}

void script_free(struct script *script)
{
    if (!script) return;
    if (script->lua) lua_close(script->lua);
    for (size_t i = 0; i < script->chart_count; i++) memory_free(script->charts[i].refs);
    memory_free(script->charts);
    memory_free(script->chunks);
    for (struct chunk_name *name = script->names, *next; name; name = next) {
        next = name->next;
        memory_free(name);
    }
    arena_free(script->scratch);
    if (script->locale) freelocale(script->locale);
    memory_free(script);
}

void script_budget(struct script *script, uint64_t instructions)
{
    script->budget = instructions;
    arm(script);
}

size_t script_memory(const struct script *script)
{
    return script->held;
}
