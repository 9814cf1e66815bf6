/* A session between two macrosteps as a value, and back. States are named by id, so that a revised chart can take up an old case.
 *
 *   {"configuration": [leaf…], "history": {H: [state…]}, "data": {…}, "nil": [name…], "entered": [state…],
 *    "invokes": [{"id", "state", "index", "session", "src", "content"}…], "invokeid", "sends", "invocations", "sessions",
 *    "done", "cancelled"}
 *
 * What is empty, zero or false is left out. Nothing in a snapshot is believed: it may come from a damaged store. */
#include "machine/interpreter.h"

#include "base/text.h"

/* --- saving ------------------------------------------------------------------------------------------------------------- */

static void add_state(const struct session *session, struct arena *arena, struct value *list, uint32_t s)
{
    value_add(arena, list, value_text(arena, session->chart->states[s].id));
}

static void save_configuration(const struct session *session, struct arena *arena, struct value *map)
{
    const struct chart *chart = session->chart;
    struct value *list = value_list(arena);
    for (uint32_t s = 0; (s = bits_next(session->configuration, s + 1, chart->state_count)) != BITS_NONE;)
        if (!bits_any(session->configuration, s + 1, chart->states[s].last + 1)) add_state(session, arena, list, s);
    value_set(arena, map, "configuration", list);
    if (session->entered == NULL) return;
    struct value *entered = value_list(arena);
    for (uint32_t s = 0; (s = bits_next(session->entered, s, chart->state_count)) != BITS_NONE; s++)
        add_state(session, arena, entered, s);
    if (value_count(entered) > 0) value_set(arena, map, "entered", entered);
}

static void save_history(const struct session *session, struct arena *arena, struct value *map)
{
    struct value *all = value_map(arena);
    for (uint32_t i = 0; i < session->program->history_count; i++) {
        const struct remembered *past = session->history[i];
        if (past == NULL) continue;
        struct value *list = value_list(arena);
        for (uint32_t k = 0; k < past->count; k++) add_state(session, arena, list, past->states[k]);
        value_set(arena, all, session->chart->states[session->program->histories[i]].id, list);
    }
    if (value_count(all) > 0) value_set(arena, map, "history", all);
}

static void save_invokes(const struct session *session, struct arena *arena, struct value *map)
{
    if (session->invocation_count == 0) return;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < session->invocation_count; i++) {
        const struct invocation *invocation = &session->invocations[i];
        const struct chart_state *state = &session->chart->states[session->chart->invokes[invocation->invoke].state];
        struct value *one = value_map(arena);
        value_set_text(arena, one, "id", invocation->id);
        value_set_text(arena, one, "state", state->id);
        value_set_int(arena, one, "index", invocation->invoke - state->invokes.first);
        value_set_text(arena, one, "session", invocation->session);
        value_set_text(arena, one, "src", invocation->src);
        value_set_text(arena, one, "content", invocation->content);
        value_add(arena, list, one);
    }
    value_set(arena, map, "invokes", list);
}

int session_save(struct session *session, struct arena *arena, struct value **snapshot, struct guan_error *error)
{
    struct value *map = value_map(arena), *data = NULL, *nil = NULL;
    if (session->env != NULL) {
        int code = env_save(session->env, arena, &data, &nil, error);
        if (code != GUAN_OK) return code;
    }
    save_configuration(session, arena, map);
    save_history(session, arena, map);
    save_invokes(session, arena, map);
    if (value_count(data) > 0) value_set(arena, map, "data", data);
    if (value_count(nil) > 0) value_set(arena, map, "nil", nil);
    value_set_text(arena, map, "invokeid", session->invokeid);
    if (session->next_send > 0) value_set_int(arena, map, "sends", session->next_send);
    if (session->next_invoke > 0) value_set_int(arena, map, "invocations", session->next_invoke);
    if (session->parent == NULL && session->tree->named > 0) value_set_int(arena, map, "sessions", session->tree->named);
    if (session->done) value_set_bool(arena, map, "done", true);
    if (session->cancelled) value_set_bool(arena, map, "cancelled", true);
    if (arena_failed(arena)) return error_memory(error);
    *snapshot = map;
    return GUAN_OK;
}

/* --- restoring ------------------------------------------------------------------------------------------------------------ */

static int broken(struct guan_error *error, const struct session *session, const char *what)
{
    return error_set(error, GUAN_NO, "snapshot", "the saved state of %s does not fit its document: %s", session->id, what);
}

/* The state of an id in a list; CHART_NONE if it is none of this chart. */
static uint32_t state_in(const struct session *session, const struct value *id)
{
    const char *text = value_as_text(id);
    uint32_t s = text == NULL ? CHART_NONE : chart_state_by_id(session->chart, text);
    return s == 0 ? CHART_NONE : s;
}

/* Exactly one child of every active compound state, all children of every active parallel one, no history. */
static bool legal(const struct session *session)
{
    const struct chart *chart = session->chart;
    for (uint32_t s = 0; s != BITS_NONE; s = bits_next(session->configuration, s + 1, chart->state_count)) {
        const struct chart_state *state = &chart->states[s];
        uint32_t active = 0, regions = 0;
        if (is_history(state)) return false;
        for (uint32_t i = 0; i < state->children.count; i++) {
            uint32_t child = chart->children[state->children.first + i];
            regions += !is_history(&chart->states[child]);
            active += bits_has(session->configuration, child);
        }
        if (state->kind == CHART_COMPOUND && active != 1) return false;
        if (state->kind == CHART_PARALLEL && active != regions) return false;
    }
    return true;
}

static int restore_configuration(struct session *session, const struct value *snapshot, struct guan_error *error)
{
    const struct chart *chart = session->chart;
    const struct value *list = value_get(snapshot, "configuration"), *entered = value_get(snapshot, "entered");
    for (size_t i = 0; i < value_count(list); i++) {
        uint32_t s = state_in(session, value_at(list, i));
        if (s == CHART_NONE) return broken(error, session, "an active state is unknown");
        for (; s != 0; s = chart->states[s].parent) bits_add(session->configuration, s);
    }
    if (!session->cancelled && !legal(session)) return broken(error, session, "the active states cannot be active together");
    for (size_t i = 0; session->entered != NULL && i < value_count(entered); i++) {
        uint32_t s = state_in(session, value_at(entered, i));
        if (s == CHART_NONE) return broken(error, session, "a state entered before is unknown");
        bits_add(session->entered, s);
    }
    return GUAN_OK;
}

static int restore_history(struct session *session, const struct value *all, struct guan_error *error)
{
    const struct chart *chart = session->chart;
    for (size_t i = 0; all != NULL && all->kind == VALUE_MAP && i < all->as.map.count; i++) {
        uint32_t h = chart_state_by_id(chart, all->as.map.items[i].key);
        const struct value *list = all->as.map.items[i].value;
        if (h == CHART_NONE || !is_history(&chart->states[h])) return broken(error, session, "a history is unknown");
        uint32_t count = (uint32_t)(value_count(list) < chart->state_count ? value_count(list) : chart->state_count);
        struct remembered *past = memory_alloc(sizeof *past + count * sizeof(uint32_t));
        if (past == NULL) return error_memory(error);
        struct remembered **slot = &session->history[program_history(session->program, h)];
        memory_free(*slot);
        *slot = past;
        for (uint32_t k = 0; k < count; k++) {
            uint32_t s = state_in(session, value_at(list, k));
            if (s == CHART_NONE || !below(chart, s, chart->states[h].parent) || is_history(&chart->states[s]))
                return broken(error, session, "a history holds a state from elsewhere");
            past->states[past->count++] = s;
        }
    }
    return GUAN_OK;
}

static int restore_data(struct session *session, const struct value *snapshot, struct guan_error *error)
{
    const struct value *data = value_get(snapshot, "data"), *nil = value_get(snapshot, "nil");
    int code = session_prepare(session, error);
    if (!session->chart->lua) return code;
    for (size_t i = 0; code == GUAN_OK && data != NULL && data->kind == VALUE_MAP && i < data->as.map.count; i++)
        code = env_declare(session->env, data->as.map.items[i].key, data->as.map.items[i].value, error);
    for (size_t i = 0; code == GUAN_OK && i < value_count(nil); i++) {
        const char *name = value_as_text(value_at(nil, i));
        code = name == NULL ? broken(error, session, "a name is missing") : env_declare(session->env, name, NULL, error);
    }
    if (code != GUAN_OK || session->chart->script == CHART_NONE) return code;
    script_ref ref;
    code = program_ref(session->program, session->chart->script, &ref, error);
    return code == GUAN_OK ? env_run_functions(session->env, ref, error) : code;
}

static int restore_invokes(struct session *session, const struct value *list, struct guan_error *error)
{
    const struct chart *chart = session->chart;
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *one = value_at(list, i);
        uint32_t s = state_in(session, value_get(one, "state"));
        int64_t index = value_get_int(one, "index");
        const char *id = value_get_text(one, "id"), *child = value_get_text(one, "session");
        const char *src = value_get_text(one, "src"), *content = value_get_text(one, "content");
        if (s == CHART_NONE || index < 0 || index >= chart->states[s].invokes.count || id == NULL || child == NULL)
            return broken(error, session, "an invoke is unknown");
        struct invocation *invocation =
            invocation_add(session, chart->states[s].invokes.first + (uint32_t)index, id, child, NULL);
        if (invocation == NULL) return error_memory(error);
        invocation->src = text_copy(src);
        invocation->content = text_copy(content);
        if ((src != NULL && invocation->src == NULL) || (content != NULL && invocation->content == NULL))
            return error_memory(error);
    }
    return GUAN_OK;
}

static int restore_counter(const struct session *session, const struct value *snapshot, const char *name, uint32_t *out,
                           struct guan_error *error)
{
    int64_t number = value_get_int(snapshot, name);
    if (number < 0 || number > UINT32_MAX) return broken(error, session, "a counter is out of range");
    if (*out < number) *out = (uint32_t)number;
    return GUAN_OK;
}

static int restore(struct session *session, const struct value *snapshot, struct guan_error *error)
{
    session->started = true;
    session->done = value_get_bool(snapshot, "done");
    session->cancelled = value_get_bool(snapshot, "cancelled");
    session->running = !session->done;
    int code = restore_configuration(session, snapshot, error);
    if (code == GUAN_OK) code = restore_history(session, value_get(snapshot, "history"), error);
    if (code == GUAN_OK) code = restore_invokes(session, value_get(snapshot, "invokes"), error);
    if (code == GUAN_OK) code = restore_counter(session, snapshot, "sends", &session->next_send, error);
    if (code == GUAN_OK) code = restore_counter(session, snapshot, "invocations", &session->next_invoke, error);
    if (code == GUAN_OK && session->parent == NULL)
        code = restore_counter(session, snapshot, "sessions", &session->tree->named, error);
    return code == GUAN_OK ? restore_data(session, snapshot, error) : code;
}

int tree_restore(struct tree *tree, const struct chart *chart, const char *id, const char *parent, const struct value *snapshot,
                 struct session **out, struct guan_error *error)
{
    struct session *above = parent == NULL ? NULL : tree_find(tree, parent);
    struct invocation *invocation = NULL;
    *out = NULL;
    if (parent != NULL && above == NULL)
        return error_set(error, GUAN_USAGE, "session-id", "the session \"%s\" that invoked \"%s\" is not there", parent, id);
    for (uint32_t i = 0; above != NULL && i < above->invocation_count; i++)
        if (text_equal(above->invocations[i].session, id)) invocation = &above->invocations[i];
    if (chart == NULL && invocation == NULL)
        return error_set(error, GUAN_NO, "snapshot", "the document of session \"%s\" is not known", id);
    int code = GUAN_OK;
    if (chart == NULL) code = invoke_chart(above, invocation->invoke, invocation->src, invocation->content, &chart, error);
    if (code == GUAN_OK) code = tree_add(tree, chart, id, above, value_get_text(snapshot, "invokeid"), out, error);
    if (code != GUAN_OK) return code;
    if (invocation != NULL) invocation->child = *out;
    return restore(*out, snapshot, error);
}
