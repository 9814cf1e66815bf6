/* What the parts of the script layer share: the Lua state and its budgets, values across the border, the environments' insides.
 * Not for other layers.
 *
 * How a name is found, each arrow an __index:
 *
 *     data (a plain table: the fast path) -> system variables, functions of <script>, cached surroundings (one a session)
 *         -> library (one a state) -> names_behind(): functions and lookup of the surroundings
 *
 * and a write to a name that data does not hold goes to env_write(). Neither the metatables nor the tables behind data can be
 * reached from Lua. Every call of the Lua API that can raise an error stands inside lua_pcall. */
#ifndef SCRIPT_STATE_H
#define SCRIPT_STATE_H

#include "base/limits.h"
#include "script/script.h"

#include <lauxlib.h>
#include <locale.h>
#include <lua.h>

#define SCRIPT_TEXT_BYTES   (256u * 1024u)           /* one string made while Lua runs */
#define SCRIPT_SOURCE_BYTES (1024u * 1024u)          /* one piece of source */
#define SCRIPT_RESULTS      250                      /* values that one call may spread over the stack */
#define SCRIPT_DEPTH        (LIMIT_JSON_DEPTH - 16u) /* of a value; a snapshot puts more around it */
#define SCRIPT_ENV_BYTES    2048u                    /* what each environment adds to the memory that a state may hold */
#define SCRIPT_SLICE        1000u                    /* instructions between two looks at the budget */

/* Why a run was ended for good: no pcall of Lua code gets past it. */
enum script_stop {
    STOP_NONE,
    STOP_INSTRUCTIONS,
    STOP_BYTES,  /* over LIMIT_LUA_BYTES or SCRIPT_TEXT_BYTES */
    STOP_SYSTEM, /* the system has no memory left */
    STOP_HOST    /* a callback failed: script->host_error */
};

/* What a write to a new name means. */
enum script_mode {
    MODE_EVAL,      /* an error, unless declared */
    MODE_RUN,       /* declares it; functions refused */
    MODE_DOCUMENT,  /* declares it; functions kept beside the data */
    MODE_FUNCTIONS, /* functions kept, everything else forgotten afterwards */
    MODE_HOOK_LOAD, /* kept beside the data, for this call of the hook */
    MODE_HOOK       /* an error */
};

struct chunk {
    int function;     /* LUA_NOREF: forgotten */
    int getter;       /* locations only: the same source as an expression */
    uint32_t line;    /* of its first line in the file */
    const char *name; /* one of script->names */
};

struct chunk_name {
    struct chunk_name *next;
    char text[];
};

struct chart_refs {
    const void *key;
    script_ref *refs;
    uint32_t count;
};

struct script {
    lua_State *lua;
    size_t held, held_most; /* bytes */
    uint64_t budget;
    uint32_t slice;
    enum script_stop stop, denied; /* denied: why the last allocation was refused */
    bool charging;                 /* large allocations count against the budget */
    int depth;                     /* of entries from C: a callback may evaluate something else */
    struct env *env;
    enum script_mode mode;
    locale_t locale, host_locale;
    struct arena *scratch; /* values on their way; forgotten when the outermost entry is left */
    struct guan_error host_error;
    int proxy_meta, system_meta, reserved; /* in the registry */
    struct chunk *chunks;                  /* by script_ref; 0 is none */
    size_t chunk_count, chunk_capacity;
    struct chunk_name *names;
    struct chart_refs *charts;
    size_t chart_count;
};

struct env {
    struct script *script;
    const struct script_surroundings *surroundings;
    bool (*in)(void *user, const char *state);
    void *in_user;
    int table; /* the data, in the registry */
};

static inline struct script *script_of(lua_State *lua)
{
    return *(struct script **)lua_getextraspace(lua);
}

/* --- state.c: entering, leaving, budgets ---------------------------------------------------------------------------- */

/* A state with the allocator and nothing else. */
int script_bare(struct script **out, struct guan_error *error);

struct script_frame {
    struct env *env;
    enum script_mode mode;
    bool charging;
    locale_t locale;
    int top;
};
/* Around everything that touches the state. `running`: Lua code will run, so the budget is asked and counts. */
int script_enter(struct script *script, struct env *env, enum script_mode mode, bool running, struct script_frame *frame,
                 struct guan_error *error);
/* `status` is lua_pcall's, its message on top of the stack; `ref` tells where, when the message does not. */
int script_leave(struct script *script, const struct script_frame *frame, int status, script_ref ref, struct guan_error *error);
/* Calls a C function that may raise, with `data` as light userdata. */
int script_protect(struct script *script, struct env *env, lua_CFunction function, void *data, struct guan_error *error);
/* Takes from the budget; raises when there is nothing left. */
void script_charge(lua_State *lua, uint64_t cost);
void script_stop(struct script *script, enum script_stop why);
/* lua_pcall inside a protected call: lack of memory becomes a stop, which the caller must not swallow. */
int script_pcall(lua_State *lua, int arguments, int results);
int script_raise_stop(lua_State *lua); /* does not return */
/* Around a callback of the host: its locale, and its error as a Lua error. */
void script_host_begin(struct script *script);
void script_host_end(lua_State *lua, int code, const struct guan_error *error);
/* GUAN_NO with a text that holds what Lua code said, which may be any bytes. */
int script_refuse(struct guan_error *error, const char *rule, const char *text);
/* Cuts the positions off the front of a message; the last of them, if any, goes to `where`. */
const char *script_message(struct script *script, const char *text, struct guan_error *where);

/* --- compile.c ------------------------------------------------------------------------------------------------------- */

void chunk_where(const struct script *script, script_ref ref, struct guan_error *error);
void chunk_forget(struct script *script, script_ref ref);

/* --- values.c: values across the border -------------------------------------------------------------------------------- */

/* Pushes a value; NULL and VALUE_NULL are nil. `proxied`: tables are read-only for Lua, all the way down. Raises. */
void value_push(lua_State *lua, const struct value *value, bool proxied);
/* A read-only view on what the surroundings know under `root`, key by key; root is an index of proxy_roots. Raises. */
void proxy_push_root(lua_State *lua, int root);
/* The index of a root's name, or -1; and the other way, NULL behind the last. */
int proxy_root(const char *name);
const char *proxy_name(int root);
/* Makes the metatable of proxies. Raises. */
void proxy_setup(lua_State *lua);
/* Pushes the plain table behind a proxy (its contents may be proxies); false when it cannot be listed. Raises. */
bool proxy_table(lua_State *lua, int index);

struct walk {
    struct arena *arena;
    struct guan_error *error;
    const char *name; /* of the whole, for messages; NULL: none */
    bool proxies;     /* out: a proxy was met */
    /* private */
    int seen;
    const void *first;
    size_t depth;
    struct {
        const char *key;
        lua_Integer index;
    } path[SCRIPT_DEPTH];
};
/* Copies the Lua value at `index` out; nil gives NULL. GUAN_NO "script-value" when it is no JSON tree. Raises when memory runs
 * out. Several calls with one walk find tables that they share. */
int value_take(lua_State *lua, struct walk *walk, int index, struct value **out);
/* For qsort of map members, by the bytes of their keys: Lua's own order differs from run to run. */
int value_member_order(const void *a, const void *b);
/* Is the value no table, and fit to be kept? */
bool value_is_plain(lua_State *lua, int index);

/* --- env.c ------------------------------------------------------------------------------------------------------------- */

void env_push(lua_State *lua, const struct env *env);        /* its data */
void env_push_system(lua_State *lua, const struct env *env); /* what stands behind them */
/* Makes what all environments share; the library is on top of the stack and stays there. Raises. */
void env_setup(lua_State *lua);
/* Asks the surroundings; raises their error. NULL: no such name. */
struct value *env_lookup(lua_State *lua, const char *const *path, size_t depth);
/* All data as one map, checked. In a protected call. */
int env_take(lua_State *lua, struct env *env, struct walk *walk, struct value **out);

/* --- sandbox.c, tables.c, strings.c ---------------------------------------------------------------------------------------- */

void sandbox_setup(lua_State *lua); /* pushes the library. Raises */
/* Each puts what the sandbox makes anew into the table on top: pairs and next; of `table`; of `string`; of `utf8`. Raise. */
void tables_base_setup(lua_State *lua);
void tables_setup(lua_State *lua);
void strings_setup(lua_State *lua);
void utf8_setup(lua_State *lua);
void sandbox_tostring(lua_State *lua, int index); /* pushes text without addresses */
int sandbox_charged(lua_State *lua);              /* the function in its upvalue, for the price of its arguments' length */

#endif
