/* Expressions, conditions and locations of a document, and what becomes of their failures. */
#include "machine/interpreter.h"

#include "base/json.h"
#include "base/text.h"

#include <stdio.h>

/* _event is set only for expressions that can see it. */
static int bind(struct session *session, uint32_t expr, struct guan_error *error)
{
    if (session->event == NULL || session->event_bound || !session->program->mentions_event[expr]) return GUAN_OK;
    int code = session_bind_event(session, session->event, error);
    session->event_bound = code == GUAN_OK;
    return code;
}

int evaluate_ready(struct session *session, uint32_t expr, script_ref *ref, struct guan_error *error)
{
    if (!session->chart->lua)
        return error_set(error, GUAN_NO, "script-error", "the null data model evaluates nothing but In('id')");
    int code = program_ref(session->program, expr, ref, error);
    return code == GUAN_OK ? bind(session, expr, error) : code;
}

static const struct chart_place *place_of(const struct session *session, uint32_t expr)
{
    return &session->chart->exprs[expr].place;
}

int evaluate(struct session *session, uint32_t expr, struct value **out, struct guan_error *error)
{
    script_ref ref = SCRIPT_NO_REF;
    *out = NULL;
    int code = evaluate_ready(session, expr, &ref, error);
    if (code == GUAN_OK) code = env_eval(session->env, ref, session->tree->arena, out, error);
    return code == GUAN_OK ? GUAN_OK : blame(session, place_of(session, expr), error);
}

int evaluate_text(struct session *session, const char *fixed, uint32_t expr, const char **out, struct guan_error *error)
{
    *out = fixed;
    if (expr == CHART_NONE) return GUAN_OK;
    struct value *value;
    int code = evaluate(session, expr, &value, error);
    if (code != GUAN_OK) return code;
    if (value != NULL && value->kind == VALUE_TEXT && strlen(value->as.text.bytes) == value->as.text.length) {
        *out = value->as.text.bytes;
        return GUAN_OK;
    }
    if (value != NULL && value->kind == VALUE_INT) {
        *out = arena_printf(session->tree->arena, "%lld", (long long)value->as.integer);
        return *out == NULL ? error_memory(error) : GUAN_OK;
    }
    return raise_error(session, "error.execution", place_of(session, expr), error, "the expression should give text");
}

int evaluate_guard(struct session *session, uint32_t expr, bool *out, struct guan_error *error)
{
    const struct program *program = session->program;
    const struct guard *guard = &program->guards[expr];
    *out = false;
    if (guard->kind != GUARD_SCRIPT && (program->shortcuts || !session->chart->lua)) {
        bool in = guard->state != CHART_NONE && bits_has(session->configuration, guard->state);
        *out = guard->kind == GUARD_TRUE || (guard->kind == GUARD_IN && in) || (guard->kind == GUARD_NOT_IN && !in);
        return GUAN_OK;
    }
    script_ref ref = SCRIPT_NO_REF;
    int code = evaluate_ready(session, expr, &ref, error);
    if (code == GUAN_OK) code = env_eval_bool(session->env, ref, out, error);
    if (code != GUAN_OK) {
        *out = false;
        code = blame(session, place_of(session, expr), error);
    }
    return code == BLOCK_ENDED ? GUAN_OK : code;
}

/* The variable that a location starts with. */
static size_t root_of(const struct chart_expr *expr, const char **name)
{
    const char *at = expr->source, *end = at + expr->length;
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) at++;
    size_t length = 0;
    while (at + length < end && text_is_name(at, length + 1)) length++;
    *name = at;
    return length;
}

int evaluate_location(struct session *session, uint32_t expr, struct value **out, struct guan_error *error)
{
    script_ref ref = SCRIPT_NO_REF;
    *out = NULL;
    int code = evaluate_ready(session, expr, &ref, error);
    if (code == GUAN_OK) code = env_eval(session->env, ref, session->tree->arena, out, error);
    if (code != GUAN_OK) return blame(session, place_of(session, expr), error);
    if (*out != NULL) return GUAN_OK;
    const char *at;
    char name[256];
    size_t length = root_of(&session->chart->exprs[expr], &at);
    snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), at);
    if (name[0] == '_' || env_declared(session->env, name)) return GUAN_OK;
    return raise_error(session, "error.execution", place_of(session, expr), error, "%s is not declared", name);
}

/* Every run of blanks becomes one, none stay at the ends. */
static struct value *fold_blanks(struct arena *arena, const char *text)
{
    char *folded = arena_text(arena, text, strlen(text));
    size_t length = 0;
    if (folded == NULL) return NULL;
    for (; *text != '\0'; text++) {
        bool blank = *text == ' ' || *text == '\t' || *text == '\n' || *text == '\r';
        if (!blank) folded[length++] = *text;
        else if (length > 0 && folded[length - 1] != ' ') folded[length++] = ' ';
    }
    if (length > 0 && folded[length - 1] == ' ') length--;
    return value_text_n(arena, folded, length);
}

/* Text is what it says in Lua; else what it says in JSON; else itself. */
int evaluate_inline(struct session *session, const struct chart_text *text, struct value **out, struct guan_error *error)
{
    *out = NULL;
    if (text->text == NULL) return GUAN_OK;
    struct arena *arena = session->tree->arena;
    if (!text->xml && text->expr != CHART_NONE && session->chart->lua) {
        script_ref ref = SCRIPT_NO_REF;
        int code = evaluate_ready(session, text->expr, &ref, error);
        if (code == GUAN_OK) code = env_eval(session->env, ref, arena, out, error);
        if (code == GUAN_OK && *out != NULL) return GUAN_OK;
        /* Words that happen to be Lua but fail when run are words; a table that is no tree is a mistake. */
        if (code != GUAN_OK && !text_equal(error->rule, "script-error"))
            return blame(session, place_of(session, text->expr), error);
        error_clear(error);
    } else if (!text->xml && json_read(arena, text->text, strlen(text->text), out, NULL) == GUAN_OK) {
        return GUAN_OK;
    }
    *out = text->xml ? value_text(arena, text->text) : fold_blanks(arena, text->text);
    return *out == NULL ? error_memory(error) : GUAN_OK;
}

int assign(struct session *session, uint32_t location, const struct value *value, struct guan_error *error)
{
    script_ref ref = SCRIPT_NO_REF;
    int code = evaluate_ready(session, location, &ref, error);
    if (code == GUAN_OK) code = env_assign(session->env, ref, value, error);
    return code == GUAN_OK ? GUAN_OK : blame(session, place_of(session, location), error);
}

int assign_expr(struct session *session, uint32_t location, uint32_t expr, struct guan_error *error)
{
    script_ref to = SCRIPT_NO_REF, from = SCRIPT_NO_REF;
    uint32_t at = expr;
    int code = evaluate_ready(session, expr, &from, error);
    if (code == GUAN_OK) code = evaluate_ready(session, at = location, &to, error);
    if (code == GUAN_OK) code = env_move(session->env, to, from, error);
    return code == GUAN_OK ? GUAN_OK : blame(session, place_of(session, at), error);
}
