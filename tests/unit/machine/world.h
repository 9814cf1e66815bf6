/* What the tests of the interpreter share: a tree of sessions, a host that writes down what it is told, and timers on a virtual
 * clock. */
#ifndef WORLD_H
#define WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "chart/read.h"
#include "machine/machine.h"

#define WORLD_TIMERS 256

struct world_timer {
    struct machine_timer timer; /* everything in the world's arena */
    uint64_t number;
};
struct world_document {
    struct world_document *next;
    const char *text;
    struct chart *chart;
};

struct world {
    struct script *script;
    struct arena *arena, *step; /* step: the tree's */
    struct tree *tree;
    struct session *root;
    struct chart *chart;
    struct world_document *documents;
    struct buffer trace;
    struct world_timer timers[WORLD_TIMERS];
    size_t timer_count;
    uint64_t next_timer;
    instant now;
    int (*settled)(void *user, struct session *session, const struct effects *effects, struct arena *arena, const char **events,
                   size_t capacity, size_t *count, struct guan_error *error);
    bool veto, trace_microsteps;
    struct guan_error error;
};

/* --- the host ------------------------------------------------------------------------------------------------------------- */

static inline void world_states(struct world *world, const struct chart *chart, const uint64_t *set, char sign)
{
    for (uint32_t s = 0; (s = bits_next(set, s + 1, chart->state_count)) != BITS_NONE;)
        buffer_printf(&world->trace, " %c%s", sign, chart->states[s].id);
}

static inline int world_stepped(void *user, struct session *session, const struct machine_event *event,
                                const struct effects *effects, struct guan_error *error)
{
    struct world *world = user;
    const struct chart *chart = session_chart(session);
    (void)event;
    if (world->veto) return error_set(error, GUAN_NO, "veto", "no");
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        switch (effect->kind) {
        case EFFECT_MICROSTEP:
            if (!world->trace_microsteps) break;
            buffer_printf(&world->trace, "%s(%s)", session_id(session), effect->event == NULL ? "" : effect->event);
            world_states(world, chart, effect->exited, '-');
            world_states(world, chart, effect->entered, '+');
            buffer_byte(&world->trace, '\n');
            break;
        case EFFECT_LOG:
            buffer_printf(&world->trace, "log %s ", effect->text == NULL ? "" : effect->text);
            if (effect->value != NULL) json_write(&world->trace, effect->value);
            buffer_byte(&world->trace, '\n');
            break;
        case EFFECT_RAISE: break;
        case EFFECT_SEND: buffer_printf(&world->trace, "send %s\n", effect->event); break;
        case EFFECT_CANCEL: buffer_printf(&world->trace, "cancel %s\n", effect->text); break;
        case EFFECT_INVOKE: buffer_printf(&world->trace, "invoke %s %s\n", effect->event, effect->text); break;
        case EFFECT_UNINVOKE: buffer_printf(&world->trace, "uninvoke %s\n", effect->text); break;
        case EFFECT_ERROR: buffer_printf(&world->trace, "%s\n", effect->event); break;
        case EFFECT_DONE: buffer_printf(&world->trace, "done %s\n", effect->text); break;
        }
    }
    return world->trace.failed ? error_memory(error) : GUAN_OK;
}

static inline int world_settled(void *user, struct session *session, const struct effects *effects, struct arena *arena,
                                const char **events, size_t capacity, size_t *count, struct guan_error *error)
{
    struct world *world = user;
    return world->settled == NULL ? GUAN_OK : world->settled(user, session, effects, arena, events, capacity, count, error);
}

static inline const char *world_keep(struct world *world, const char *text)
{
    return text == NULL ? NULL : arena_text(world->arena, text, strlen(text));
}

static inline int world_timer(void *user, const struct machine_timer *timer, struct guan_error *error)
{
    struct world *world = user;
    if (world->timer_count == WORLD_TIMERS) return error_set(error, GUAN_NO, "timers", "too many");
    struct machine_timer copy = *timer;
    const char **texts[] = {&copy.session,      &copy.to,           &copy.sendid,           &copy.event.name,
                            &copy.event.sendid, &copy.event.origin, &copy.event.origintype, &copy.event.invokeid};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) *texts[i] = world_keep(world, *texts[i]);
    if (copy.event.data != NULL) copy.event.data = value_copy(world->arena, copy.event.data);
    if (arena_failed(world->arena)) return error_memory(error);
    world->timers[world->timer_count++] = (struct world_timer){copy, world->next_timer++};
    return GUAN_OK;
}

static inline int world_cancel(void *user, const char *session, const char *sendid, struct guan_error *error)
{
    struct world *world = user;
    size_t kept = 0;
    (void)error;
    for (size_t i = 0; i < world->timer_count; i++) {
        const struct machine_timer *timer = &world->timers[i].timer;
        bool off = text_equal(timer->session, session) && (sendid == NULL || text_equal(timer->sendid, sendid));
        if (!off) world->timers[kept++] = world->timers[i];
    }
    world->timer_count = kept;
    return GUAN_OK;
}

static inline int world_chart(void *user, const struct session *parent, const char *src, const char *content,
                              const struct chart **out, struct guan_error *error)
{
    struct world *world = user;
    (void)parent;
    if (content == NULL) return error_set(error, GUAN_NO, "no-file", "there is no %s", src == NULL ? "document" : src);
    for (const struct world_document *known = world->documents; known != NULL; known = known->next) {
        *out = known->chart;
        if (text_equal(known->text, content)) return GUAN_OK;
    }
    struct world_document *document = arena_alloc(world->arena, sizeof *document);
    struct chart_read_options options = {.file = "content.scxml"};
    if (document == NULL) return error_memory(error);
    document->text = world_keep(world, content);
    int code = chart_read(content, strlen(content), &options, &document->chart, error);
    if (code != GUAN_OK) return code;
    document->next = world->documents;
    world->documents = document;
    *out = document->chart;
    return GUAN_OK;
}

/* --- the world ------------------------------------------------------------------------------------------------------------- */

static inline struct tree_host world_host(struct world *world)
{
    return (struct tree_host){.user = world,
                              .chart = world_chart,
                              .settled = world_settled,
                              .stepped = world_stepped,
                              .timer = world_timer,
                              .cancel = world_cancel};
}

static inline void world_complain(void *user, const struct diagnostic *diagnostic)
{
    (void)user;
    if (diagnostic->error) print_error("%s:%u: %s\n", diagnostic->file, diagnostic->place.line, diagnostic->text);
}

static inline struct chart *world_read(const char *xml)
{
    struct chart_read_options options = {.file = "test.scxml", .sink = world_complain};
    struct guan_error error = {0};
    struct chart *chart = NULL;
    if (chart_read(xml, strlen(xml), &options, &chart, &error) != GUAN_OK) fail_msg("%s: %s", error.where, error.text);
    return chart;
}

/* Without starting. */
static inline void world_init(struct world *world, const char *xml)
{
    *world = (struct world){.arena = arena_new(), .step = arena_new(), .chart = world_read(xml), .trace_microsteps = true};
    struct tree_host host = world_host(world);
    assert_int_equal(script_new(&world->script, &world->error), GUAN_OK);
    assert_int_equal(tree_new(world->script, world->step, &host, &world->tree, &world->error), GUAN_OK);
}

static inline int world_settle(struct world *world)
{
    script_budget(world->script, LIMIT_LUA_INSTRUCTIONS);
    return tree_run(world->tree, world->now, &world->error);
}

static inline int world_begin(struct world *world)
{
    script_budget(world->script, LIMIT_LUA_INSTRUCTIONS);
    int code = tree_start(world->tree, world->chart, NULL, world->now, &world->root, &world->error);
    return code == GUAN_OK ? world_settle(world) : code;
}

static inline void world_start(struct world *world, const char *xml)
{
    world_init(world, xml);
    if (world_begin(world) != GUAN_OK) fail_msg("%s", world->error.text);
}

static inline void world_release(struct world *world)
{
    tree_free(world->tree);
    script_free(world->script);
    for (const struct world_document *document = world->documents; document != NULL; document = document->next)
        chart_free(document->chart);
    chart_free(world->chart);
    buffer_release(&world->trace);
    arena_free(world->step);
    arena_free(world->arena);
}

static inline int world_event(struct world *world, const char *name, const struct value *data)
{
    struct machine_event event = {.name = name, .type = EVENT_EXTERNAL, .data = data};
    int code = tree_post(world->tree, world->root, &event, &world->error);
    return code == GUAN_OK ? world_settle(world) : code;
}

static inline void world_send(struct world *world, const char *name)
{
    arena_reset(world->step);
    if (world_event(world, name, NULL) != GUAN_OK) fail_msg("%s: %s", name, world->error.text);
}

/* The timer that is due first fires; false when there is none. */
static inline int world_fire(struct world *world, bool *any)
{
    size_t first = 0;
    *any = world->timer_count > 0;
    if (!*any) return GUAN_OK;
    for (size_t i = 1; i < world->timer_count; i++) {
        const struct world_timer *a = &world->timers[i], *b = &world->timers[first];
        if (a->timer.due < b->timer.due || (a->timer.due == b->timer.due && a->number < b->number)) first = i;
    }
    struct machine_timer timer = world->timers[first].timer;
    world->timers[first] = world->timers[--world->timer_count];
    world->now = timer.due;
    int code = tree_fire(world->tree, &timer, &world->error);
    return code == GUAN_OK ? world_settle(world) : code;
}

/* The active states that have no active child, with blanks between. */
static inline const char *world_state(struct world *world)
{
    const struct chart *chart = session_chart(world->root);
    const uint64_t *active = session_configuration(world->root);
    const char *text = "";
    for (uint32_t s = 0; (s = bits_next(active, s + 1, chart->state_count)) != BITS_NONE;)
        if (!bits_any(active, s + 1, chart->states[s].last + 1))
            text = arena_printf(world->arena, "%s%s%s", text, *text == '\0' ? "" : " ", chart->states[s].id);
    return text;
}

/* What was written down since the last time. */
static inline const char *world_trace(struct world *world)
{
    const char *text = world->trace.data == NULL ? "" : arena_text(world->arena, world->trace.data, world->trace.length);
    buffer_clear(&world->trace);
    return text;
}

#define SCXML(attributes, body) "<scxml xmlns=\"http://www.w3.org/2005/07/scxml\" version=\"1.0\" " attributes ">" body "</scxml>"

#endif
