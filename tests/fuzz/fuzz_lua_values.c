/* Any bytes as Lua: refused with a message, or run to an end within the budget; a value that came out goes in again and comes out
 * the same; data that a script left behind without an error can be saved. The same bytes as JSON go through Lua unchanged. */
#include "fuzz.h"

#include "base/json.h"
#include "base/text.h"
#include "script/script.h"

#include <string.h>

struct subject {
    struct script *script;
    struct env *env;
    struct arena *arena;
    const char *source;
    size_t length;
};

static void check_error(int code, const struct guan_error *error)
{
    promise(code == GUAN_NO && error->code == code && error->rule[0] && error->text[0], "a refusal says why");
    promise(text_is_utf8(error->text, strlen(error->text)), "a message is UTF-8");
}

static bool compiles(const struct subject *subject, enum script_kind kind, script_ref *ref)
{
    struct guan_error error = {0}, again = {0};
    uint32_t line = 0;
    int code = script_compile(subject->script, kind, subject->source, subject->length, "f", 1, ref, &error);
    promise(script_check(kind, subject->source, subject->length, 1, &line, &again) == code, "checking and compiling agree");
    if (code != GUAN_OK) check_error(code, &error);
    return code == GUAN_OK;
}

/* What Lua makes of a value, it keeps. */
static void round_trip(const struct subject *subject, const struct value *value)
{
    struct guan_error error = {0};
    struct value *first = NULL, *second = NULL;
    int code = env_declare(subject->env, "kept", value, &error);
    if (code == GUAN_OK) code = env_get(subject->env, "kept", subject->arena, &first, &error);
    if (code != GUAN_OK) {
        check_error(code, &error);
        promise(env_declare(subject->env, "kept", NULL, &error) == GUAN_OK, "nil can always be set");
        return;
    }
    struct buffer text = {0};
    if (first) {
        json_write(&text, first);
        promise(json_read(subject->arena, text.data, text.length, &second, &error) == GUAN_OK, "a value can be written and read");
        promise(value_equal(first, second), "and is the same");
    }
    promise(env_declare(subject->env, "kept", first, &error) == GUAN_OK, "what came out goes in");
    promise(env_get(subject->env, "kept", subject->arena, &second, &error) == GUAN_OK, "and out");
    promise(first ? value_equal(first, second) : !second, "the same");
    buffer_release(&text);
}

static void run(const struct subject *subject)
{
    struct guan_error error = {0};
    struct value *value = NULL, *names = NULL;
    script_ref ref;
    if (compiles(subject, SCRIPT_EXPRESSION, &ref)) {
        int code = env_eval(subject->env, ref, subject->arena, &value, &error);
        if (code != GUAN_OK) check_error(code, &error);
        else round_trip(subject, value);
    }
    compiles(subject, SCRIPT_CHECK, &ref);
    script_budget(subject->script, 20000);
    if (compiles(subject, SCRIPT_LOCATION, &ref) && env_move(subject->env, ref, ref, &error) != GUAN_OK)
        check_error(GUAN_NO, &error);
    script_budget(subject->script, 20000);
    if (!compiles(subject, SCRIPT_STATEMENTS, &ref)) return;
    int code = env_run(subject->env, ref, &error);
    if (code != GUAN_OK) check_error(code, &error);
    else promise(env_save(subject->env, subject->arena, &value, &names, &error) == GUAN_OK, "what a script left can be saved");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct guan_error error = {0};
    struct value *value = NULL;
    struct subject subject = {.arena = arena_new(), .source = (const char *)data, .length = size};
    promise(script_new(&subject.script, &error) == GUAN_OK, "a state");
    promise(env_new(subject.script, NULL, &subject.env, &error) == GUAN_OK, "an environment");
    script_budget(subject.script, 20000);
    if (json_read(subject.arena, subject.source, size, &value, &error) == GUAN_OK) round_trip(&subject, value);
    run(&subject);
    env_free(subject.env);
    script_free(subject.script);
    arena_free(subject.arena);
    return 0;
}
