/* What the tests of the script layer share: one state and one environment, and asking them in Lua. */
#ifndef HELPER_H
#define HELPER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "script/script.h"

struct world {
    struct script *script;
    struct env *env;
    struct arena *arena;
    struct guan_error error;
};

static inline void world_init(struct world *world, const struct script_surroundings *surroundings)
{
    *world = (struct world){.arena = arena_new()};
    assert_int_equal(script_new(&world->script, &world->error), GUAN_OK);
    assert_int_equal(env_new(world->script, surroundings, &world->env, &world->error), GUAN_OK);
}

static inline void world_release(struct world *world)
{
    env_free(world->env);
    script_free(world->script);
    arena_free(world->arena);
}

static inline script_ref ref_of(struct world *world, enum script_kind kind, const char *source)
{
    script_ref ref;
    if (script_compile(world->script, kind, source, strlen(source), "test.scxml", 10, &ref, &world->error) != GUAN_OK)
        fail_msg("%s: %s", source, world->error.text);
    return ref;
}

static inline struct value *json(struct world *world, const char *text)
{
    struct value *value = NULL;
    if (json_read(world->arena, text, strlen(text), &value, &world->error) != GUAN_OK)
        fail_msg("%s: %s", text, world->error.text);
    return value;
}

/* The value of an expression as JSON; on an error "rule: text". */
static inline const char *ask(struct world *world, const char *source)
{
    script_ref ref;
    struct value *value = NULL;
    struct buffer text = {0};
    error_clear(&world->error);
    script_budget(world->script, 1000000);
    int code = script_compile(world->script, SCRIPT_EXPRESSION, source, strlen(source), "test.scxml", 10, &ref, &world->error);
    if (code == GUAN_OK) code = env_eval(world->env, ref, world->arena, &value, &world->error);
    if (code != GUAN_OK) return arena_printf(world->arena, "%s: %s", world->error.rule, world->error.text);
    if (!value) return "nil";
    json_write(&text, value);
    const char *copy = arena_text(world->arena, text.data, text.length);
    buffer_release(&text);
    return copy;
}

static inline int run_text(struct world *world, const char *source)
{
    error_clear(&world->error);
    script_budget(world->script, 1000000);
    return env_run(world->env, ref_of(world, SCRIPT_STATEMENTS, source), &world->error);
}

static inline int run_document(struct world *world, const char *source)
{
    error_clear(&world->error);
    script_budget(world->script, 1000000);
    return env_run_document(world->env, ref_of(world, SCRIPT_STATEMENTS, source), &world->error);
}

static inline int assign(struct world *world, const char *location, const char *value)
{
    error_clear(&world->error);
    return env_assign(world->env, ref_of(world, SCRIPT_LOCATION, location), json(world, value), &world->error);
}

static inline int move(struct world *world, const char *location, const char *expression)
{
    error_clear(&world->error);
    return env_move(world->env, ref_of(world, SCRIPT_LOCATION, location), ref_of(world, SCRIPT_EXPRESSION, expression),
                    &world->error);
}

static inline void declare(struct world *world, const char *name, const char *value)
{
    if (env_declare(world->env, name, value ? json(world, value) : NULL, &world->error) != GUAN_OK)
        fail_msg("%s: %s", name, world->error.text);
}

static inline const char *saved(struct world *world)
{
    struct value *data, *names, *both = value_list(world->arena);
    struct buffer text = {0};
    if (env_save(world->env, world->arena, &data, &names, &world->error) != GUAN_OK)
        return arena_printf(world->arena, "%s: %s", world->error.rule, world->error.text);
    value_add(world->arena, both, data);
    value_add(world->arena, both, names);
    json_write(&text, both);
    const char *copy = arena_text(world->arena, text.data, text.length);
    buffer_release(&text);
    return copy;
}

#define assert_ask(world, source, answer) assert_string_equal(ask(world, source), answer)
#define assert_refused(world, rule_, part)                                                                                       \
    do {                                                                                                                         \
        assert_string_equal((world)->error.rule, rule_);                                                                         \
        if (!strstr((world)->error.text, part)) fail_msg("\"%s\" is not in \"%s\"", part, (world)->error.text);                  \
    } while (0)

#endif
