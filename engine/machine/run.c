/* `guan run`: one document in memory on a virtual clock. The events of the caller come first, each when the one before is worked
 * off; then time jumps from timer to timer. */
#include "machine/run.h"

#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "machine/run_files.h"

#include <string.h>

struct pending {
    struct machine_timer timer; /* strings and values in the run's arena */
    uint64_t number;            /* of two that are due together the older goes first */
};
struct run {
    const struct run_options *options;
    const struct guan_sink *sink;
    struct run_files *files;
    struct script *script;
    struct arena *arena, *step; /* step: one tree_run's */
    struct tree *tree;
    struct session *root;
    struct pending *timers; /* a heap */
    size_t timer_count, timer_capacity;
    uint64_t next_number;
    instant now;
    bool stopped; /* the sink has had enough */
};

/* --- output --------------------------------------------------------------------------------------------------------------- */

static int put(struct run *run, const struct value *value, struct guan_error *error)
{
    struct buffer out = {0};
    json_write(&out, value);
    if (out.failed || arena_failed(run->step)) {
        buffer_release(&out);
        return error_memory(error);
    }
    if (!run->stopped && run->sink->put(run->sink->user, out.data, out.length) != 0) run->stopped = true;
    buffer_release(&out);
    return GUAN_OK;
}

static struct value *states_of(struct run *run, const struct chart *chart, const uint64_t *set, bool backwards)
{
    struct value *list = value_list(run->step);
    uint32_t s = backwards ? chart->state_count : 0;
    while ((s = backwards ? bits_previous(set, 1, s) : bits_next(set, s + 1, chart->state_count)) != BITS_NONE)
        value_add(run->step, list, value_text(run->step, chart->states[s].id));
    return list;
}

static struct value *transitions_of(struct run *run, const struct chart *chart, const struct effect *effect)
{
    struct value *list = value_list(run->step);
    for (uint32_t i = 0; i < effect->transition_count; i++) {
        const struct chart_transition *transition = &chart->transitions[effect->transitions[i]];
        struct value *one = value_map(run->step), *targets = value_list(run->step);
        value_set_text(run->step, one, "source", transition->source == 0 ? "scxml" : chart->states[transition->source].id);
        for (uint32_t k = 0; k < transition->targets.count; k++)
            value_add(run->step, targets, value_text(run->step, chart->states[chart->targets[transition->targets.first + k]].id));
        value_set(run->step, one, "targets", targets);
        value_set_int(run->step, one, "line", transition->place.line);
        value_add(run->step, list, one);
    }
    return list;
}

static int put_microstep(struct run *run, const struct session *session, const struct effect *effect, struct guan_error *error)
{
    const struct chart *chart = session_chart(session);
    struct value *line = value_map(run->step), *step = value_map(run->step);
    value_set_text(run->step, step, "session", session_id(session));
    value_set_text(run->step, step, "event", effect->event);
    value_set(run->step, step, "exit", states_of(run, chart, effect->exited, true));
    value_set(run->step, step, "transitions", transitions_of(run, chart, effect));
    value_set(run->step, step, "entry", states_of(run, chart, effect->entered, false));
    value_set(run->step, line, "microstep", step);
    return put(run, line, error);
}

static int put_effect(struct run *run, const struct session *session, const struct effect *effect, struct guan_error *error)
{
    struct value *line = value_map(run->step);
    switch (effect->kind) {
    case EFFECT_MICROSTEP: return run->options->trace ? put_microstep(run, session, effect, error) : GUAN_OK;
    case EFFECT_LOG:
        value_set_text(run->step, line, "log", effect->text == NULL ? "" : effect->text);
        value_set(run->step, line, "value", effect->value == NULL ? value_null(run->step) : value_copy(run->step, effect->value));
        return put(run, line, error);
    case EFFECT_ERROR:
        value_set_text(run->step, line, "error", effect->event);
        value_set_text(run->step, line, "session", session_id(session));
        value_set_text(run->step, line, "text", effect->text);
        return put(run, line, error);
    default: return GUAN_OK;
    }
}

static int put_outcome(struct run *run, struct guan_error *error)
{
    const struct chart *chart = session_chart(run->root);
    const uint64_t *active = session_configuration(run->root);
    struct value *line = value_map(run->step), *list = value_list(run->step);
    uint32_t s = bits_next(active, 1, chart->state_count);
    if (session_done(run->root)) {
        value_set_text(run->step, line, "final", s == BITS_NONE ? "" : chart->states[s].id);
        return put(run, line, error);
    }
    for (; s != BITS_NONE; s = bits_next(active, s + 1, chart->state_count))
        if (!bits_any(active, s + 1, chart->states[s].last + 1))
            value_add(run->step, list, value_text(run->step, chart->states[s].id));
    value_set(run->step, line, "stable", list);
    return put(run, line, error);
}

/* --- the host ----------------------------------------------------------------------------------------------------------------
 */

static int stepped(void *user, struct session *session, const struct machine_event *event, const struct effects *effects,
                   struct guan_error *error)
{
    int code = GUAN_OK;
    (void)event;
    for (size_t i = 0; i < effects->count && code == GUAN_OK; i++) code = put_effect(user, session, &effects->items[i], error);
    return code;
}

static int find_chart(void *user, const struct session *parent, const char *src, const char *content, const struct chart **out,
                      struct guan_error *error)
{
    struct run *run = user;
    const char *from = session_chart(parent)->file;
    if (content != NULL) return run_files_chart(run->files, from, content, out, error);
    if (src == NULL) return error_set(error, GUAN_NO, "no-document", "the invoke has neither src nor content");
    char *path = run_files_path(from, src);
    if (path == NULL) return error_set(error, GUAN_NO, "no-document", "\"%s\" is not a file below the folder of %s", src, from);
    int code = run_files_chart(run->files, path, NULL, out, error);
    memory_free(path);
    return code;
}

static bool sooner(const struct pending *a, const struct pending *b)
{
    return a->timer.due < b->timer.due || (a->timer.due == b->timer.due && a->number < b->number);
}

static void sift_up(struct run *run, size_t i)
{
    while (i > 0) {
        size_t above = (i - 1) / 2;
        if (!sooner(&run->timers[i], &run->timers[above])) return;
        struct pending moved = run->timers[i];
        run->timers[i] = run->timers[above];
        run->timers[above] = moved;
        i = above;
    }
}

static void take_away(struct run *run, size_t i)
{
    run->timers[i] = run->timers[--run->timer_count];
    if (i == run->timer_count) return;
    sift_up(run, i);
    for (size_t below; (below = 2 * i + 1) < run->timer_count; i = below) {
        if (below + 1 < run->timer_count && sooner(&run->timers[below + 1], &run->timers[below])) below++;
        if (!sooner(&run->timers[below], &run->timers[i])) break;
        struct pending moved = run->timers[i];
        run->timers[i] = run->timers[below];
        run->timers[below] = moved;
    }
}

static const char *keep(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_text(arena, text, strlen(text));
}

static int set_timer(void *user, const struct machine_timer *timer, struct guan_error *error)
{
    struct run *run = user;
    if (run->timer_count == run->timer_capacity) {
        size_t capacity = run->timer_capacity == 0 ? 16 : run->timer_capacity * 2;
        struct pending *grown = memory_resize(run->timers, capacity * sizeof *grown);
        if (grown == NULL) return error_memory(error);
        run->timers = grown;
        run->timer_capacity = capacity;
    }
    struct pending pending = {*timer, run->next_number++};
    const char **texts[] = {
        &pending.timer.session,      &pending.timer.to,           &pending.timer.sendid,           &pending.timer.event.name,
        &pending.timer.event.sendid, &pending.timer.event.origin, &pending.timer.event.origintype, &pending.timer.event.invokeid};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) *texts[i] = keep(run->arena, *texts[i]);
    if (timer->event.data != NULL) pending.timer.event.data = value_copy(run->arena, timer->event.data);
    if (arena_failed(run->arena)) return error_memory(error);
    run->timers[run->timer_count++] = pending;
    sift_up(run, run->timer_count - 1);
    return GUAN_OK;
}

static int cancel_timers(void *user, const char *session, const char *sendid, struct guan_error *error)
{
    struct run *run = user;
    (void)error;
    for (size_t i = run->timer_count; i-- > 0;) {
        const struct machine_timer *timer = &run->timers[i].timer;
        if (!text_equal(timer->session, session) || (sendid != NULL && !text_equal(timer->sendid, sendid))) continue;
        take_away(run, i);
        i = run->timer_count; /* the heap has moved */
    }
    return GUAN_OK;
}

/* --- running -------------------------------------------------------------------------------------------------------------------
 */

static int run_queue(struct run *run, struct guan_error *error)
{
    script_budget(run->script, LIMIT_LUA_INSTRUCTIONS);
    return tree_run(run->tree, run->now, error);
}

/* NAME or NAME=JSON. */
static int give_event(struct run *run, const char *text, struct guan_error *error)
{
    const char *equals = strchr(text, '=');
    size_t length = equals == NULL ? strlen(text) : (size_t)(equals - text);
    struct value *data = NULL;
    if (length == 0) return error_set(error, GUAN_USAGE, "event", "\"%s\" is not an event: NAME or NAME=JSON", text);
    if (equals != NULL && json_read(run->step, equals + 1, strlen(equals + 1), &data, error) != GUAN_OK)
        return error_set(error, GUAN_USAGE, "event", "what follows NAME= in \"%s\" is not JSON", text);
    struct machine_event event = {.type = EVENT_EXTERNAL, .data = data};
    event.name = arena_text(run->step, text, length);
    if (event.name == NULL) return error_memory(error);
    int code = tree_post(run->tree, run->root, &event, error);
    return code == GUAN_OK ? run_queue(run, error) : code;
}

static bool over(const struct run *run)
{
    return run->stopped || session_done(run->root);
}

static int go_through_time(struct run *run, struct guan_error *error)
{
    for (uint32_t fired = 0; run->timer_count > 0 && !over(run); fired++) {
        if (fired == LIMIT_COMMAND_EVENTS)
            return error_set(error, GUAN_NO, "endless-timers", "after %u delayed events there are always more of them",
                             (unsigned)LIMIT_COMMAND_EVENTS);
        struct machine_timer timer = run->timers[0].timer;
        take_away(run, 0);
        arena_reset(run->step);
        run->now = timer.due;
        int code = tree_fire(run->tree, &timer, error);
        if (code == GUAN_OK) code = run_queue(run, error);
        if (code != GUAN_OK) return code;
    }
    return GUAN_OK;
}

static int run_tree(struct run *run, struct guan_error *error)
{
    const struct tree_host host = {
        .user = run, .chart = find_chart, .stepped = stepped, .timer = set_timer, .cancel = cancel_timers};
    const struct chart *chart;
    int code = run_files_chart(run->files, run->options->file, NULL, &chart, error);
    if (code == GUAN_OK) code = tree_new(run->script, run->step, &host, &run->tree, error);
    if (code != GUAN_OK) return code;
    uint64_t most = run->options->microsteps;
    tree_limits(run->tree, most > UINT32_MAX ? UINT32_MAX : (uint32_t)most, 0);
    script_budget(run->script, LIMIT_LUA_INSTRUCTIONS);
    code = tree_start(run->tree, chart, NULL, run->now, &run->root, error);
    if (code == GUAN_OK) code = run_queue(run, error);
    for (size_t i = 0; i < run->options->event_count && code == GUAN_OK && !over(run); i++) {
        arena_reset(run->step);
        code = give_event(run, run->options->events[i], error);
    }
    if (code == GUAN_OK) code = go_through_time(run, error);
    return code == GUAN_OK ? put_outcome(run, error) : code;
}

int run_document(const struct run_options *options, const struct guan_sink *sink, struct guan_error *error)
{
    struct run run = {.options = options, .sink = sink};
    struct guan_error spare = {0};
    if (error == NULL) error = &spare; /* the interpreter looks at what its parts report */
    run.arena = arena_new();
    run.step = arena_new();
    int code = run.arena == NULL || run.step == NULL ? error_memory(error) : run_files_new(&run.files, error);
    if (code == GUAN_OK) code = script_new(&run.script, error);
    if (code == GUAN_OK) code = run_tree(&run, error);
    tree_free(run.tree);
    script_free(run.script);
    run_files_free(run.files);
    memory_free(run.timers);
    arena_free(run.step);
    arena_free(run.arena);
    return code;
}
