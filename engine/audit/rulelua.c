/* The conditions of a rule file, compiled once, run in one environment that looks at the event at hand. */
#include "audit/rulelua.h"

#include "base/limits.h"

#include <string.h>

struct rule_scripts {
    const struct event_log *log;
    const struct log_event *event;
    struct script *script;
    struct env *env;
    script_ref *refs; /* when and check of each rule */
    struct script_surroundings around;
    bool own;
};

static struct value *of_attributes(const struct event_log *log, uint32_t first, uint32_t count, struct arena *arena)
{
    struct value *map = value_map(arena);
    for (uint32_t i = first; i < first + count; i++) {
        const char *key = log_text(log, log->attributes[i].key);
        if (!value_get(map, key)) value_set(arena, map, key, log_value(log, arena, &log->attributes[i]));
    }
    return map;
}

static struct value *of_case(const struct rule_scripts *s, struct arena *arena)
{
    const struct log_case *kase = &s->log->cases[s->event->kase];
    struct value *map = of_attributes(s->log, kase->attributes, kase->attribute_count, arena);
    value_set_text(arena, map, "id", log_text(s->log, kase->name));
    return map;
}

static struct value *text_or_none(const struct event_log *log, uint32_t number, struct arena *arena)
{
    return number ? value_text(arena, log_text(log, number)) : NULL;
}

static struct value *of_form(const struct rule_scripts *s, const char *key, struct arena *arena)
{
    const struct log_event *event = s->event;
    const struct log_attribute *attribute =
        log_attribute_of(s->log, event->attributes, event->attribute_count, log_find(s->log, key));
    return attribute ? log_value(s->log, arena, attribute) : value_null(arena);
}

static int lookup(void *user, const char *const *path, size_t depth, struct arena *arena, struct value **out,
                  struct guan_error *error)
{
    struct rule_scripts *s = user;
    const struct log_event *event = s->event;
    char text[INSTANT_TEXT];
    *out = NULL;
    if (!event) return GUAN_OK; /* while compiling */
    if (strcmp(path[0], "form") == 0 && depth > 1) *out = of_form(s, path[1], arena);
    else if (strcmp(path[0], "form") == 0) *out = of_attributes(s->log, event->attributes, event->attribute_count, arena);
    else if (strcmp(path[0], "activity") == 0) *out = value_text(arena, log_text(s->log, event->activity));
    else if (strcmp(path[0], "actor") == 0) *out = text_or_none(s->log, event->resource, arena);
    else if (strcmp(path[0], "role") == 0) *out = text_or_none(s->log, event->role, arena);
    else if (strcmp(path[0], "lifecycle") == 0) *out = text_or_none(s->log, event->lifecycle, arena);
    else if (strcmp(path[0], "case") == 0) *out = of_case(s, arena);
    else if (strcmp(path[0], "at") == 0 && event->at != INSTANT_NONE) {
        instant_format(event->at, text);
        *out = value_text(arena, text);
    }
    return arena_failed(arena) ? error_memory(error) : GUAN_OK;
}

static int compile(struct rule_scripts *s, const struct rulefile *file, const struct rule_lua *lua, script_ref *out,
                   struct guan_error *error)
{
    if (!lua->source) return GUAN_OK;
    return script_compile(s->script, SCRIPT_EXPRESSION, lua->source, strlen(lua->source), file->file, lua->place.line, out,
                          error);
}

int rule_scripts_new(const struct event_log *log, const struct rulefile *file, struct script *script, struct rule_scripts **out,
                     struct guan_error *error)
{
    struct rule_scripts *s = memory_alloc(sizeof *s);
    *out = s;
    if (!s) return error_memory(error);
    s->log = log;
    s->script = script;
    s->own = script == NULL;
    s->around = (struct script_surroundings){.user = s, .lookup = lookup};
    s->refs = memory_alloc(2 * (file->count + (size_t)1) * sizeof *s->refs);
    int code = s->refs ? GUAN_OK : error_memory(error);
    if (code == GUAN_OK && s->own) code = script_new(&s->script, error);
    if (code == GUAN_OK) {
        script_budget(s->script, UINT64_C(100) * LIMIT_LUA_INSTRUCTIONS);
        code = env_new(s->script, &s->around, &s->env, error);
    }
    for (uint32_t i = 0; i < file->count && code == GUAN_OK; i++) {
        code = compile(s, file, &file->rules[i].when, &s->refs[2 * i], error);
        if (code == GUAN_OK) code = compile(s, file, &file->rules[i].check, &s->refs[2 * i + 1], error);
    }
    if (code == GUAN_OK) return code;
    rule_scripts_free(s);
    *out = NULL;
    return code;
}

void rule_scripts_free(struct rule_scripts *s)
{
    if (!s) return;
    env_free(s->env);
    if (s->own) script_free(s->script);
    memory_free(s->refs);
    memory_free(s);
}

static int ask(struct rule_scripts *s, script_ref ref, const struct log_event *event, bool *out, struct guan_error *error)
{
    *out = true;
    if (ref == SCRIPT_NO_REF) return GUAN_OK;
    s->event = event;
    env_refresh(s->env);
    script_budget(s->script, LIMIT_LUA_INSTRUCTIONS); /* of one condition */
    return env_eval_bool(s->env, ref, out, error);
}

int rule_when(struct rule_scripts *s, uint32_t rule, const struct log_event *event, bool *out, struct guan_error *error)
{
    return ask(s, s->refs[2 * rule], event, out, error);
}

int rule_holds(struct rule_scripts *s, uint32_t rule, const struct log_event *event, bool *out, struct guan_error *error)
{
    return ask(s, s->refs[2 * rule + 1], event, out, error);
}
