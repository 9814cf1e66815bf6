/* A document, a line of three dashes, and letters: the events a … e, t for the next timer. Any document that can be read runs
 * without harm; its configurations are legal, and what is saved can be loaded and is the same. */
#include "fuzz.h"

#include "base/json.h"
#include "base/limits.h"
#include "chart/read.h"
#include "machine/machine.h"

#include <string.h>

enum { MOST_EVENTS = 24, MOST_TIMERS = 16 };

struct fuzzed {
    struct script *script;
    struct arena *arena, *kept;
    struct tree *tree;
    struct session *root;
    struct machine_timer timers[MOST_TIMERS];
    size_t timer_count;
};

static const char *keep(struct fuzzed *f, const char *text)
{
    return text ? arena_text(f->kept, text, strlen(text)) : NULL;
}

static int set_timer(void *user, const struct machine_timer *timer, struct guan_error *error)
{
    struct fuzzed *f = user;
    (void)error;
    if (f->timer_count == MOST_TIMERS) return GUAN_OK;
    struct machine_timer copy = {.session = keep(f, timer->session), .to = keep(f, timer->to), .sendid = keep(f, timer->sendid)};
    copy.event.name = keep(f, timer->event.name);
    copy.event.type = timer->event.type;
    copy.event.data = timer->event.data ? value_copy(f->kept, timer->event.data) : NULL;
    f->timers[f->timer_count++] = copy;
    return GUAN_OK;
}

static int stepped(void *user, struct session *session, const struct machine_event *event, const struct effects *effects,
                   struct guan_error *error)
{
    (void)user, (void)event, (void)error;
    const struct chart *chart = session_chart(session);
    for (size_t i = 0; i < effects->count; i++)
        for (uint32_t k = 0; k < effects->items[i].transition_count; k++)
            promise(effects->items[i].transitions[k] < chart->transition_count, "transitions are the chart's");
    return GUAN_OK;
}

static int chart_of(void *user, const struct session *parent, const char *src, const char *content, const struct chart **out,
                    struct guan_error *error)
{
    (void)user, (void)parent, (void)src, (void)content, (void)out;
    return error ? (error->code = GUAN_NO) : GUAN_NO;
}

static void check_legal(const struct session *session)
{
    const struct chart *chart = session_chart(session);
    const uint64_t *active = session_configuration(session);
    for (uint32_t s = 0; s < chart->state_count && !session_done(session); s++) {
        const struct chart_state *state = &chart->states[s];
        uint32_t regions = 0, on = 0;
        if (s > 0 && !bits_has(active, s)) continue;
        promise(state->kind != CHART_HISTORY_SHALLOW && state->kind != CHART_HISTORY_DEEP, "no history is active");
        promise(s == 0 || state->parent == 0 || bits_has(active, state->parent), "the parent is active");
        for (uint32_t i = 0; i < state->children.count; i++) {
            uint32_t child = chart->children[state->children.first + i];
            enum chart_state_kind kind = chart->states[child].kind;
            regions += kind != CHART_HISTORY_SHALLOW && kind != CHART_HISTORY_DEEP;
            on += bits_has(active, child);
        }
        promise(state->kind != CHART_COMPOUND || on == 1, "one child of a compound state is active");
        promise(state->kind != CHART_PARALLEL || on == regions, "all regions of a parallel are active");
    }
}

/* The root into a tree of its own and out again. */
static void check_snapshot(struct fuzzed *f, const struct chart *chart)
{
    struct value *first, *second;
    struct tree *tree;
    struct session *again;
    struct guan_error error = {0};
    if (session_save(f->root, f->arena, &first, &error)) return; /* what Lua holds may be no tree */
    promise(tree_new(f->script, f->arena, NULL, &tree, &error) == GUAN_OK, "a tree can be made");
    int code = tree_restore(tree, chart, session_id(f->root), NULL, first, &again, &error);
    promise(code == GUAN_OK || strcmp(error.rule, "snapshot") != 0, "what was saved fits");
    if (code == GUAN_OK && session_save(again, f->arena, &second, &error) == GUAN_OK)
        promise(value_equal(first, second), "and is the same when saved again");
    tree_free(tree);
}

static int one_event(struct fuzzed *f, uint8_t byte)
{
    static const char *const names[] = {"a", "b", "c", "d.x", "e"};
    struct guan_error error = {0};
    struct machine_event event = {.type = EVENT_EXTERNAL, .name = names[byte % 5]};
    script_budget(f->script, 20000);
    if (byte == 't' && f->timer_count > 0) {
        struct machine_timer timer = f->timers[0];
        memmove(f->timers, f->timers + 1, --f->timer_count * sizeof f->timers[0]);
        if (tree_fire(f->tree, &timer, &error)) return 1;
    } else if (tree_post(f->tree, f->root, &event, &error)) {
        return 1;
    }
    return tree_run(f->tree, 0, &error);
}

static void play(struct fuzzed *f, const struct chart *chart, const uint8_t *events, size_t count)
{
    struct tree_host host = {.user = f, .chart = chart_of, .stepped = stepped, .timer = set_timer};
    struct guan_error error = {0};
    if (tree_new(f->script, f->arena, &host, &f->tree, &error)) return;
    tree_limits(f->tree, 100, 100);
    script_budget(f->script, 20000);
    int code = tree_start(f->tree, chart, NULL, 0, &f->root, &error);
    if (code == GUAN_OK) code = tree_run(f->tree, 0, &error);
    for (size_t i = 0; i < count && i < MOST_EVENTS && code == GUAN_OK; i++) {
        for (size_t k = 0; k < tree_count(f->tree); k++) check_legal(tree_at(f->tree, k));
        check_snapshot(f, chart);
        code = one_event(f, events[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char divider[] = "\n---\n";
    size_t at = 0;
    while (at + sizeof divider - 1 <= size && memcmp(data + at, divider, sizeof divider - 1) != 0) at++;
    if (at + sizeof divider - 1 > size) return 0;
    struct chart_read_options options = {.file = "fuzz.scxml"};
    struct guan_error error = {0};
    struct chart *chart = NULL;
    if (chart_read((const char *)data, at, &options, &chart, &error)) return 0;
    struct fuzzed f = {.arena = arena_new(), .kept = arena_new()};
    if (script_new(&f.script, &error) == GUAN_OK) play(&f, chart, data + at + sizeof divider - 1, size - at - sizeof divider + 1);
    tree_free(f.tree);
    script_free(f.script);
    arena_free(f.arena);
    arena_free(f.kept);
    chart_free(chart);
    return 0;
}
