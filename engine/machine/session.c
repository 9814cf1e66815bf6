/* A session: its memory, what its Lua sees, its data. */
#include "machine/interpreter.h"

#include "base/text.h"

#include <stdio.h>

char *text_copy(const char *text)
{
    if (text == NULL) return NULL;
    size_t size = strlen(text) + 1;
    char *copy = memory_alloc(size);
    if (copy != NULL) memcpy(copy, text, size);
    return copy;
}

/* --- memory ----------------------------------------------------------------------------------------------------------- */

int session_new(struct tree *tree, struct program *program, const char *id, struct session *parent, const char *invokeid,
                struct session **out, struct guan_error *error)
{
    const struct chart *chart = program->chart;
    bool invokes = chart->invoke_count > 0, late = !chart->early && chart->data_count > 0;
    size_t set = program->words * sizeof(uint64_t), id_size = strlen(id) + sizeof "#_scxml_";
    struct session *session =
        memory_alloc(sizeof *session + set * (1u + invokes + late) + program->history_count * sizeof(void *));
    if (session == NULL) return error_memory(error);
    char *rest = (char *)(session + 1);
    session->configuration = (uint64_t *)(void *)rest;
    if (invokes) session->pending = session->configuration + program->words;
    if (late) session->entered = session->configuration + (size_t)program->words * (1u + invokes);
    session->history = (struct remembered **)(void *)(rest + set * (1u + invokes + late));
    session->tree = tree;
    session->program = program;
    session->chart = chart;
    session->parent = parent;
    session->origin = memory_alloc(id_size);
    session->invokeid = text_copy(invokeid);
    if (session->origin == NULL || (invokeid != NULL && session->invokeid == NULL)) {
        session_free(session);
        return error_memory(error);
    }
    snprintf(session->origin, id_size, "#_scxml_%s", id);
    session->id = session->origin + strlen("#_scxml_");
    *out = session;
    return GUAN_OK;
}

void session_free(struct session *session)
{
    if (session == NULL) return;
    for (uint32_t i = 0; i < session->program->history_count; i++) memory_free(session->history[i]);
    for (uint32_t i = 0; i < session->invocation_count; i++) invocation_release(&session->invocations[i]);
    memory_free(session->invocations);
    env_free(session->env);
    memory_free(session->origin);
    memory_free(session->invokeid);
    memory_free(session);
}

/* --- what Lua sees -------------------------------------------------------------------------------------------------------- */

static bool in_state(void *user, const char *id)
{
    const struct session *session = user;
    uint32_t state = chart_state_by_id(session->chart, id);
    return state != CHART_NONE && bits_has(session->configuration, state);
}

static int set_ioprocessors(struct session *session, struct guan_error *error)
{
    struct arena *arena = session->tree->arena;
    struct value *all = value_map(arena);
    static const char *const names[] = {SCXML_PROCESSOR, "scxml"};
    for (size_t i = 0; i < 2; i++) {
        struct value *one = value_map(arena);
        value_set_text(arena, one, "location", session->origin);
        value_set(arena, all, names[i], one);
    }
    return arena_failed(arena) ? error_memory(error) : env_system(session->env, "_ioprocessors", all, error);
}

static int set_text(struct session *session, const char *name, const char *text, struct guan_error *error)
{
    struct value value = {.kind = VALUE_TEXT, .as.text = {text, strlen(text)}};
    return env_system(session->env, name, &value, error);
}

static int make_env(struct session *session, struct guan_error *error)
{
    const struct program *program = session->program;
    int code = env_new(session->tree->script, session->surroundings, &session->env, error);
    if (code == GUAN_OK) code = env_in(session->env, in_state, session, error);
    if (code == GUAN_OK && program->mentions_sessionid) code = set_text(session, "_sessionid", session->id, error);
    if (code == GUAN_OK && program->mentions_name) code = set_text(session, "_name", session->chart->name, error);
    if (code == GUAN_OK && program->mentions_ioprocessors) code = set_ioprocessors(session, error);
    return code;
}

int session_prepare(struct session *session, struct guan_error *error)
{
    const struct tree_host *host = &session->tree->host;
    if (host->surroundings != NULL) {
        session->surroundings = host->surroundings(host->user, session);
        if (session->surroundings == NULL) return error_memory(error);
    }
    return session->chart->lua ? make_env(session, error) : GUAN_OK;
}

/* In the null data model only the host asks for one. */
struct env *session_env(struct session *session)
{
    if (session->env == NULL && make_env(session, NULL) != GUAN_OK) {
        env_free(session->env);
        session->env = NULL;
    }
    return session->env;
}

/* --- data ----------------------------------------------------------------------------------------------------------------- */

/* Only what the document's own top level declares can be given from outside. */
static const struct value *given_value(const struct session *session, const struct chart_data *data)
{
    return data->state == 0 ? value_get(session->given, data->id) : NULL;
}

/* A value that cannot be had leaves the name declared and empty (5.3.3). */
int session_data_init(struct session *session, const struct chart_data *data, struct guan_error *error)
{
    const struct value *value = given_value(session, data);
    struct value *made = NULL;
    int code = GUAN_OK;
    if (value == NULL) {
        code = data->expr != CHART_NONE ? evaluate(session, data->expr, &made, error)
                                        : evaluate_inline(session, &data->text, &made, error);
        value = made;
    }
    if (code == GUAN_OK && value != NULL) {
        code = env_declare(session->env, data->id, value, error);
        if (code != GUAN_OK) code = blame(session, &data->place, error);
    }
    return code == BLOCK_ENDED ? GUAN_OK : code;
}

int session_data_declare(struct session *session, struct guan_error *error)
{
    const struct chart *chart = session->chart;
    if (!chart->lua) return GUAN_OK;
    for (uint32_t i = 0; i < chart->data_count; i++) {
        int code = env_declare(session->env, chart->data[i].id, NULL, error);
        if (code != GUAN_OK) code = blame(session, &chart->data[i].place, error);
        if (code > GUAN_OK) return code;
    }
    for (uint32_t i = 0; i < chart->data_count; i++) {
        if (!chart->early && chart->data[i].state != 0) continue;
        int code = session_data_init(session, &chart->data[i], error);
        if (code != GUAN_OK) return code;
    }
    return GUAN_OK;
}

/* --- events --------------------------------------------------------------------------------------------------------------- */

int session_bind_event(struct session *session, const struct machine_event *event, struct guan_error *error)
{
    static const char *const types[] = {
        [EVENT_PLATFORM] = "platform", [EVENT_INTERNAL] = "internal", [EVENT_EXTERNAL] = "external"};
    if (session_env(session) == NULL) return error_memory(error);
    session->event_bound = false; /* the host may have its own in mind */
    struct value items[8], *map_items[8];
    struct value_member members[8];
    const char *const fields[][2] = {{"name", event->name},     {"type", types[event->type]},      {"sendid", event->sendid},
                                     {"origin", event->origin}, {"origintype", event->origintype}, {"invokeid", event->invokeid}};
    size_t count = 0;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (fields[i][1] == NULL) continue;
        items[count] = (struct value){.kind = VALUE_TEXT, .as.text = {fields[i][1], strlen(fields[i][1])}};
        map_items[count] = &items[count];
        members[count] = (struct value_member){fields[i][0], map_items[count]};
        count++;
    }
    struct value map = {.kind = VALUE_MAP, .as.map = {members, count, count}};
    if (event->data == NULL && event->more == NULL) return env_system(session->env, "_event", &map, error);
    struct arena *arena = session->tree->arena;
    struct value *whole = value_copy(arena, &map);
    value_set(arena, whole, "data", value_copy(arena, event->data));
    for (size_t i = 0; event->more != NULL && i < value_count(event->more); i++)
        value_set(arena, whole, event->more->as.map.items[i].key, value_copy(arena, event->more->as.map.items[i].value));
    return arena_failed(arena) ? error_memory(error) : env_system(session->env, "_event", whole, error);
}

/* --- what others ask ------------------------------------------------------------------------------------------------------- */

const char *session_id(const struct session *session)
{
    return session->id;
}
const struct chart *session_chart(const struct session *session)
{
    return session->chart;
}
struct session *session_parent(const struct session *session)
{
    return session->parent;
}
const char *session_invokeid(const struct session *session)
{
    return session->invokeid;
}
const uint64_t *session_configuration(const struct session *session)
{
    return session->configuration;
}
bool session_done(const struct session *session)
{
    return session->done;
}
bool session_cancelled(const struct session *session)
{
    return session->cancelled;
}
bool session_touched(const struct session *session)
{
    return session->touched;
}

int session_ref(struct session *session, uint32_t expr, script_ref *out, struct guan_error *error)
{
    return program_ref(session->program, expr, out, error);
}
