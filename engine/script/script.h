/* Lua as data model and rule language, in a sandbox: allow list, budgets, values only.
 *
 * One `script` is one Lua state: compiled chunks are cached in it, once per chart. An `env` is what one session sees: its data as
 * globals, the read-only surroundings behind them. Same input, same output, on every machine (DESIGN §4). */
#ifndef SCRIPT_SCRIPT_H
#define SCRIPT_SCRIPT_H

#include "base/value.h"

struct script;
struct env;

/* Budgets are per command: script_budget() starts a new one. Over budget: GUAN_NO, rule "script-budget" (instructions or memory).
 */
int script_new(struct script **out, struct guan_error *error);
void script_free(struct script *script);
void script_budget(struct script *script, uint64_t instructions);
size_t script_memory(const struct script *script); /* bytes held by Lua */

/* --- source ------------------------------------------------------------------------------------------------------ */

enum script_kind { SCRIPT_EXPRESSION, SCRIPT_LOCATION, SCRIPT_STATEMENTS, SCRIPT_CHECK /* an expression that sees `value` */ };

/* A compiled piece; valid as long as the script. */
typedef int script_ref;
#define SCRIPT_NO_REF 0

/* Compiles; nothing is run. `chunk` is shown in messages ("file:line"). GUAN_NO, rule "lua-syntax", text without our wrapping. */
int script_compile(struct script *script, enum script_kind kind, const char *source, size_t length, const char *chunk,
                   uint32_t line, script_ref *out, struct guan_error *error);
/* Only checks the syntax, with a state of its own; *at_line counts from `line`. For chart and hooks. */
int script_check(enum script_kind kind, const char *source, size_t length, uint32_t line, uint32_t *at_line,
                 struct guan_error *error);
/* Where a chart keeps what is compiled of it in this state: `count` refs, all SCRIPT_NO_REF at first ask, at the same place for
 * every later one. `key` is the chart's address. NULL: out of memory. Lives until script_forget (which drops the compiled pieces
 * too). */
script_ref *script_chart_refs(struct script *script, const void *key, uint32_t count);
void script_forget(struct script *script, const void *key);

/* --- a session's environment ------------------------------------------------------------------------------------- */

/* What Lua sees besides the data. `lookup` gives the value of a read-only global ("now", "case", "param" …); GUAN_OK with *out
 * NULL: no such name. Tables are converted when first read and kept until script_env_refresh(). Tree-like globals may be deep:
 * `steps`, `form`, `forms`, `param` are asked key by key: path[0] is the global, path[1] the key; a NULL *out is nil (for `form`
 * and `steps` an empty table, so that form.x.y is nil and no error). These four are asked with depth 1 only when Lua lists or
 * copies them whole; a NULL *out then says that they cannot be listed. A callback's error becomes a Lua error with its text;
 * GUAN_FAILED ends the run. */
struct script_surroundings {
    void *user;
    int (*lookup)(void *user, const char *const *path, size_t depth, struct arena *arena, struct value **out,
                  struct guan_error *error);
    const struct script_function {
        const char *name;
        /* Pure. `args` is a list. */
        int (*call)(void *user, const struct value *args, struct arena *arena, struct value **out, struct guan_error *error);
    } * functions;
    size_t function_count;
};

int env_new(struct script *script, const struct script_surroundings *surroundings, struct env **out, struct guan_error *error);
void env_free(struct env *env);
void env_refresh(struct env *env); /* the surroundings changed */

/* Data. A declared name may hold nil. `declare` copies the tree in, also over an older value; `get` copies it out (NULL value for
 * nil). Names are Lua names that do not begin with `_` and are neither the library's nor the surroundings' (GUAN_NO,
 * "script-error"). */
int env_declare(struct env *env, const char *name, const struct value *value, struct guan_error *error);
bool env_declared(struct env *env, const char *name);
int env_get(struct env *env, const char *name, struct arena *arena, struct value **out, struct guan_error *error);
/* System variables (_event, _sessionid, _name, _ioprocessors, _x): read-only for Lua. */
int env_system(struct env *env, const char *name, const struct value *value, struct guan_error *error);
/* In(id) */
int env_in(struct env *env, bool (*in)(void *user, const char *state), void *user, struct guan_error *error);
/* All data as one map value (declared names that are nil come in "nil": a list). Error when a value is not a JSON tree. */
int env_save(struct env *env, struct arena *arena, struct value **data, struct value **nil_names, struct guan_error *error);

/* --- running ------------------------------------------------------------------------------------------------------ */
/* Each returns GUAN_NO with rule "script-error" (Lua's message), "script-budget", or "script-value" (a result that is no JSON
 * tree). */

int env_eval(struct env *env, script_ref ref, struct arena *arena, struct value **out, struct guan_error *error); /* NULL: nil */
int env_eval_bool(struct env *env, script_ref ref, bool *out, struct guan_error *error); /* Lua's truth */
int env_check(struct env *env, script_ref ref, const struct value *value, bool *out, struct guan_error *error);
int env_assign(struct env *env, script_ref location, const struct value *value,
               struct guan_error *error); /* a location whose root is not declared is an error */
/* location = expression, in one call; a table is copied. The way of <assign expr>. */
int env_move(struct env *env, script_ref location, script_ref expression, struct guan_error *error);
/* <script> in executable content. It may create names, but no functions: they would be lost when the session is saved. All data
 * are checked to be JSON trees when it ends. */
int env_run(struct env *env, script_ref ref, struct guan_error *error);
/* The document's own <script>, when the session starts: the functions that it makes are globals too. */
int env_run_document(struct env *env, script_ref ref, struct guan_error *error);
/* The document's <script> once more after loading a saved session: only its functions are kept. */
int env_run_functions(struct env *env, script_ref ref, struct guan_error *error);

/* --- hooks --------------------------------------------------------------------------------------------------------- */

/* A dealer's hooks.lua: a chunk that returns a table of functions, or sets globals named as the hooks. It has an environment of
 * its own with the same sandbox; arguments are copies. */
struct hooks;
int hooks_load(struct script *script, const char *source, size_t length, const char *chunk, struct hooks **out,
               struct guan_error *error);
/* Runs the chunk once, in a state of its own and with a command's budget, and tells what it is made of. GUAN_NO: the syntax, or
 * it failed; then `line` is where. */
struct hooks_outline {
    enum { HOOKS_NIL, HOOKS_TABLE, HOOKS_OTHER } returns;
    struct value *returned; /* of the table: each text that is a key, to the line of its function; 0: it is no function */
    struct value *set;      /* the functions among the globals, in the same way; both in the order of their names */
    uint32_t line;
};
int hooks_check(const char *source, size_t length, struct arena *arena, struct hooks_outline *out, struct guan_error *error);
void hooks_free(struct hooks *hooks);
bool hooks_has(struct hooks *hooks, const char *name);
/* What is left of the command's budget; giving back what a hook used up. */
uint64_t hooks_budget(const struct hooks *hooks);
void hooks_budget_set(struct hooks *hooks, uint64_t instructions);
/* Calls it with the arguments of a list; its results come back as a list (trailing nils cut). GUAN_OK with an empty list when
 * there is no such hook. `surroundings` (may be NULL) adds its functions and names for the call: date_add, months_between …; the
 * last argument, where it is a map, gets steps form forms param, which are asked key by key, as members. */
int hooks_call(struct hooks *hooks, const char *name, const struct value *args, const struct script_surroundings *surroundings,
               struct arena *arena, struct value **results, struct guan_error *error);

#endif
