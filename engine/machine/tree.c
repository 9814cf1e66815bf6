/* The sessions of one case and the queue between them. */
#include "machine/interpreter.h"

#include "base/text.h"

#include <stdio.h>

/* --- queues ----------------------------------------------------------------------------------------------------------- */

int queue_push(struct queue *queue, struct session *to, const struct machine_event *event, struct guan_error *error)
{
    if (queue->count == queue->capacity) {
        uint32_t capacity = queue->capacity == 0 ? 4 : queue->capacity * 2;
        struct message *grown = memory_alloc(capacity * sizeof *grown);
        if (grown == NULL) return error_memory(error);
        for (uint32_t i = 0; i < queue->count; i++) grown[i] = queue->items[(queue->first + i) % queue->capacity];
        memory_free(queue->items);
        queue->items = grown;
        queue->first = 0;
        queue->capacity = capacity;
    }
    struct message *message = &queue->items[(queue->first + queue->count++) & (queue->capacity - 1)];
    message->to = to;
    message->event = *event;
    return GUAN_OK;
}

bool queue_pop(struct queue *queue, struct message *out)
{
    if (queue->count == 0) return false;
    *out = queue->items[queue->first];
    queue->first = (queue->first + 1) & (queue->capacity - 1);
    queue->count--;
    return true;
}

/* --- the tree --------------------------------------------------------------------------------------------------------- */

int tree_new(struct script *script, struct arena *arena, const struct tree_host *host, struct tree **out,
             struct guan_error *error)
{
    struct tree *tree = memory_alloc(sizeof *tree);
    if (tree == NULL) return error_memory(error);
    tree->script = script;
    tree->arena = arena;
    if (host != NULL) tree->host = *host;
    tree->wants_effects = tree->host.settled != NULL || tree->host.stepped != NULL;
    tree->microstep_limit = LIMIT_MICROSTEPS;
    tree->event_limit = LIMIT_COMMAND_EVENTS;
    *out = tree;
    return GUAN_OK;
}

void tree_free(struct tree *tree)
{
    if (tree == NULL) return;
    for (uint32_t i = 0; i < tree->session_count; i++) session_free(tree->sessions[i]);
    memory_free(tree->sessions);
    memory_free(tree->external.items);
    memory_free(tree->internal.items);
    memory_free(tree->loop);
    memory_free(tree);
}

void tree_limits(struct tree *tree, uint32_t microsteps, uint32_t events)
{
    if (microsteps > 0) tree->microstep_limit = microsteps;
    if (events > 0) tree->event_limit = events;
}

size_t tree_count(const struct tree *tree)
{
    return tree->session_count;
}
struct session *tree_at(const struct tree *tree, size_t index)
{
    return index < tree->session_count ? tree->sessions[index] : NULL;
}

struct session *tree_find(const struct tree *tree, const char *id)
{
    for (uint32_t i = 0; i < tree->session_count; i++)
        if (text_equal(tree->sessions[i]->id, id)) return tree->sessions[i];
    return NULL;
}

/* --- sessions ----------------------------------------------------------------------------------------------------------- */

static int name_session(struct tree *tree, const struct chart *chart, char *into, size_t size, struct guan_error *error)
{
    if (tree->host.name != NULL) return tree->host.name(tree->host.user, chart, into, size, error);
    const char *name = chart->name == NULL || chart->name[0] == '\0' ? "scxml" : chart->name;
    do snprintf(into, size, "%.*s#%u", (int)text_cut(name, strlen(name), size - 16), name, (unsigned)++tree->named);
    while (tree_find(tree, into) != NULL);
    return GUAN_OK;
}

int tree_add(struct tree *tree, const struct chart *chart, const char *id, struct session *parent, const char *invokeid,
             struct session **out, struct guan_error *error)
{
    char name[128];
    uint32_t alive = 0;
    for (uint32_t i = 0; i < tree->session_count; i++) alive += !tree->sessions[i]->done;
    if (alive >= LIMIT_SESSIONS)
        return error_set(error, GUAN_NO, "too-many-sessions", "%u sessions are running already", (unsigned)alive);
    int code = id == NULL ? name_session(tree, chart, name, sizeof name, error) : GUAN_OK;
    if (code != GUAN_OK) return code;
    if (id == NULL) id = name;
    if (tree_find(tree, id) != NULL) return error_set(error, GUAN_USAGE, "session-id", "there is a session \"%s\" already", id);
    if (tree->session_count == tree->session_capacity) {
        uint32_t capacity = tree->session_capacity == 0 ? 1 : tree->session_capacity * 2;
        struct session **grown = memory_resize(tree->sessions, capacity * sizeof(struct session *));
        if (grown == NULL) return error_memory(error);
        tree->sessions = grown;
        tree->session_capacity = capacity;
    }
    struct program *program;
    code = program_of(tree->script, chart, &program, error);
    if (code == GUAN_OK) code = session_new(tree, program, id, parent, invokeid, out, error);
    if (code == GUAN_OK) tree->sessions[tree->session_count++] = *out;
    return code;
}

/* Invoked sessions that ended in an earlier run are gone. */
static void forget_ended(struct tree *tree)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < tree->session_count; i++) {
        struct session *session = tree->sessions[i], *parent = session->parent;
        for (uint32_t k = 0; k < session->invocation_count; k++)
            if (session->invocations[k].child != NULL && session->invocations[k].child->done)
                session->invocations[k].child = NULL;
        if (!session->done || parent == NULL) tree->sessions[kept++] = session;
        else session_free(session);
    }
    tree->session_count = kept;
}

/* --- what leaves it ------------------------------------------------------------------------------------------------------- */

int tree_send_out(struct tree *tree, const struct outgoing *outgoing, struct guan_error *error)
{
    if (tree->outbox_count == tree->outbox_capacity) {
        size_t capacity = tree->outbox_capacity == 0 ? 4 : tree->outbox_capacity * 2;
        struct outgoing *grown = arena_alloc(tree->arena, capacity * sizeof *grown);
        if (grown == NULL) return error_memory(error);
        if (tree->outbox_count > 0) memcpy(grown, tree->outbox, tree->outbox_count * sizeof *grown);
        tree->outbox = grown;
        tree->outbox_capacity = capacity;
    }
    tree->outbox[tree->outbox_count++] = *outgoing;
    return GUAN_OK;
}

static int empty_outbox(struct tree *tree, struct guan_error *error)
{
    const struct tree_host *host = &tree->host;
    int code = GUAN_OK;
    for (size_t i = 0; i < tree->outbox_count && code == GUAN_OK; i++) {
        const struct outgoing *out = &tree->outbox[i];
        if (out->is_timer) code = host->timer(host->user, &out->timer, error);
        else if (host->cancel != NULL) code = host->cancel(host->user, out->timer.session, out->timer.sendid, error);
    }
    tree->outbox = NULL;
    tree->outbox_count = tree->outbox_capacity = 0;
    return code;
}

/* --- running ---------------------------------------------------------------------------------------------------------------- */

int tree_start(struct tree *tree, const struct chart *chart, const char *id, instant now, struct session **out,
               struct guan_error *error)
{
    struct guan_error spare = {0};
    if (error == NULL) error = &spare; /* what went wrong decides what becomes of it */
    tree->now = now;
    int code = tree_add(tree, chart, id, NULL, NULL, out, error);
    if (code == GUAN_OK) code = session_begin(*out, error);
    return code == GUAN_OK ? empty_outbox(tree, error) : code;
}

static const char *keep(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_text(arena, text, strlen(text));
}

int tree_post(struct tree *tree, struct session *session, const struct machine_event *event, struct guan_error *error)
{
    struct arena *arena = tree->arena;
    struct machine_event copy = {.type = event->type};
    copy.name = keep(arena, event->name);
    copy.sendid = keep(arena, event->sendid);
    copy.origin = keep(arena, event->origin);
    copy.origintype = keep(arena, event->origintype);
    copy.invokeid = keep(arena, event->invokeid);
    copy.data = event->data == NULL ? NULL : value_copy(arena, event->data);
    copy.more = event->more == NULL ? NULL : value_copy(arena, event->more);
    if (arena_failed(arena)) return error_memory(error);
    return queue_push(&tree->external, session, &copy, error);
}

int tree_fire(struct tree *tree, const struct machine_timer *timer, struct guan_error *error)
{
    struct session *from = tree_find(tree, timer->session), *to = tree_find(tree, timer->to);
    if (from == NULL || from->done) return GUAN_OK;
    if (to == NULL) session_of_target(from, timer->to, &to);
    if (to != NULL && !to->done) return tree_post(tree, to, &timer->event, error);
    struct machine_event lost = {.name = "error.communication", .type = EVENT_PLATFORM, .sendid = timer->event.sendid};
    return tree_post(tree, from, &lost, error);
}

/* Invoked sessions start before any event is looked at: they came to be while the macrostep that invoked them ended. */
static int start_invoked(struct tree *tree, struct guan_error *error)
{
    int code = GUAN_OK;
    for (uint32_t i = 0; i < tree->session_count && tree->unstarted > 0 && code == GUAN_OK; i++) {
        struct session *session = tree->sessions[i];
        if (session->started) continue;
        tree->unstarted--;
        session->started = true;
        if (!session->done) code = session_begin(session, error);
        if (code == GUAN_OK) code = empty_outbox(tree, error);
    }
    return code;
}

int tree_run(struct tree *tree, instant now, struct guan_error *error)
{
    struct message message;
    struct guan_error spare = {0};
    uint32_t events = 0;
    if (error == NULL) error = &spare;
    tree->now = now;
    forget_ended(tree);
    int code = start_invoked(tree, error);
    while (code == GUAN_OK && queue_pop(&tree->external, &message)) {
        if (message.to->done) continue;
        if (++events > tree->event_limit)
            return error_set(error, GUAN_NO, "too-many-events", "more than %u events followed one another",
                             (unsigned)tree->event_limit);
        code = session_event(message.to, &message.event, error);
        if (code == GUAN_OK) code = empty_outbox(tree, error);
        if (code == GUAN_OK) code = start_invoked(tree, error);
    }
    return code;
}
