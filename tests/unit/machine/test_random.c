/* Properties of the interpreter on random charts and events:
 *   configurations are always legal; every microstep leaves and enters what the Recommendation's algorithm says, and takes the
 * transitions that it says; a session saved and loaded again after every event goes on as one kept in memory; same input, same
 * trace, also without the shortcuts that save calls into Lua. GUAN_SEED runs one seed only and prints its document; GUAN_SEEDS
 * sets how many are tried. A failure prints the seed and the shortest list of events found. */
#include "machine/interpreter.h"

#include "random_chart.h"
#include "reference.h"
#include "world.h"

#include <locale.h>

#define EVENTS 14
#define SEEDS  200

/* "a" … "e": that event; "t": the next timer. */
struct sequence {
    char items[EVENTS];
    int count;
};

struct watched {
    struct world world; /* first: the host's user */
    struct reference reference;
    const char *wrong; /* what was seen first */
    bool conditions;
};

/* --- legal configurations --------------------------------------------------------------------------------------------------- */

static const char *illegal(const struct session *session)
{
    const struct chart *chart = session_chart(session);
    const uint64_t *active = session_configuration(session);
    if (bits_has(active, 0)) return "the document is active as a state";
    for (uint32_t s = 0; s < chart->state_count; s++) {
        if (s > 0 && !bits_has(active, s)) continue;
        uint32_t children = 0, on = 0;
        if (reference_history(chart, s)) return "a history is active";
        if (s > 0 && chart->states[s].parent != 0 && !bits_has(active, chart->states[s].parent))
            return "a state is active without its parent";
        for (uint32_t child = s + 1; child <= chart->states[s].last; child = chart->states[child].last + 1) {
            children += !reference_history(chart, child);
            on += bits_has(active, child);
        }
        if (chart->states[s].kind == CHART_COMPOUND && on != 1) return "a compound state has not one active child";
        if (chart->states[s].kind == CHART_PARALLEL && on != children) return "a region is missing";
    }
    return NULL;
}

/* --- against the reference -------------------------------------------------------------------------------------------------- */

static bool same_set(const bool *flags, const uint64_t *bits, uint32_t count)
{
    for (uint32_t s = 0; s < count; s++)
        if (flags[s] != bits_has(bits, s)) return false;
    return true;
}

static const char *differs(struct watched *watched, const struct effect *effect)
{
    struct reference *r = &watched->reference;
    uint32_t wanted[REFERENCE_STATES], count = effect->transition_count;
    bool initial = effect->transition_count == 1 && effect->transitions[0] == r->chart->states[0].initial;
    if (!initial && !watched->conditions) {
        count = reference_select(r, effect->event, wanted);
        if (count != effect->transition_count || memcmp(wanted, effect->transitions, count * sizeof *wanted) != 0)
            return "other transitions";
    }
    reference_microstep(r, effect->transitions, effect->transition_count, initial);
    if (!same_set(r->leave, effect->exited, r->chart->state_count)) return "another exit set";
    if (!same_set(r->enter, effect->entered, r->chart->state_count)) return "another entry set";
    return NULL;
}

static int watch(void *user, struct session *session, const struct machine_event *event, const struct effects *effects,
                 struct guan_error *error)
{
    struct watched *watched = user;
    int code = world_stepped(user, session, event, effects, error);
    if (session_parent(session) != NULL || watched->wrong != NULL) return code;
    bool any = false;
    uint32_t wanted[REFERENCE_STATES];
    if (event != NULL && !watched->conditions && reference_select(&watched->reference, event->name, wanted) > 0)
        watched->wrong = "an event was passed over";
    for (size_t i = 0; i < effects->count; i++) {
        if (effects->items[i].kind != EFFECT_MICROSTEP) continue;
        if (!any) watched->wrong = NULL;
        any = true;
        if (watched->wrong == NULL) watched->wrong = differs(watched, &effects->items[i]);
    }
    if (watched->wrong == NULL && !session_done(session) &&
        !same_set(watched->reference.active, session_configuration(session), watched->reference.chart->state_count))
        watched->wrong = "another configuration";
    return code;
}

/* --- one run
 * ---------------------------------------------------------------------------------------------------------------------- */

static void make_tree(struct watched *watched, bool fresh)
{
    struct world *world = &watched->world;
    struct tree_host host = world_host(world);
    host.stepped = watch;
    tree_free(world->tree);
    if (fresh) {
        script_free(world->script);
        assert_int_equal(script_new(&world->script, &world->error), GUAN_OK);
    }
    arena_reset(world->step);
    assert_int_equal(tree_new(world->script, world->step, &host, &world->tree, &world->error), GUAN_OK);
    tree_limits(world->tree, 300, 300);
}

/* Every session through text into another tree, now and then into another Lua state. */
static const char *reload(struct watched *watched, int turn)
{
    struct world *world = &watched->world;
    struct kept {
        const char *id, *parent, *text;
        bool root;
    } kept[32];
    size_t count = 0;
    for (size_t i = 0; i < tree_count(world->tree) && count < 32; i++) {
        struct session *session = tree_at(world->tree, i);
        struct value *snapshot;
        struct buffer text = {0};
        if (session_done(session) && session_parent(session) != NULL) continue;
        if (session_save(session, world->step, &snapshot, &world->error) != GUAN_OK) return "it cannot be saved";
        json_write(&text, snapshot);
        kept[count].id = world_keep(world, session_id(session));
        kept[count].parent = session_parent(session) == NULL ? NULL : world_keep(world, session_id(session_parent(session)));
        kept[count++].text = world_keep(world, text.data);
        buffer_release(&text);
    }
    make_tree(watched, turn % 4 == 3);
    for (size_t i = 0; i < count; i++) {
        struct session *session;
        struct value *snapshot;
        if (json_read(world->arena, kept[i].text, strlen(kept[i].text), &snapshot, &world->error) != GUAN_OK)
            return "the snapshot is no JSON";
        const struct chart *chart = kept[i].parent == NULL ? world->chart : NULL;
        script_budget(world->script, LIMIT_LUA_INSTRUCTIONS);
        if (tree_restore(world->tree, chart, kept[i].id, kept[i].parent, snapshot, &session, &world->error) != GUAN_OK)
            return arena_printf(world->arena, "it cannot be restored: %s", world->error.text);
        if (i == 0) world->root = session;
    }
    return NULL;
}

static int one(struct world *world, char item)
{
    static const char *const names[] = {"a", "b.x", "c.y", "d", "e"};
    bool any;
    if (item == 't') return world_fire(world, &any);
    struct value *data = value_map(world->step);
    value_set_int(world->step, data, "v", item);
    return world_event(world, names[item - 'a'], data);
}

/* Runs the sequence; NULL when all is well. The trace stays in the world's buffer. */
static const char *run(struct watched *watched, const char *xml, const struct sequence *sequence, bool conditions, bool reloading,
                       bool shortcuts)
{
    struct world *world = &watched->world;
    *watched = (struct watched){.conditions = conditions};
    *world = (struct world){.arena = arena_new(), .step = arena_new(), .chart = world_read(xml), .trace_microsteps = true};
    watched->reference.chart = world->chart;
    assert_true(world->chart->state_count <= REFERENCE_STATES && world->chart->transition_count <= REFERENCE_STATES);
    make_tree(watched, true);
    struct program *program;
    assert_int_equal(program_of(world->script, world->chart, &program, &world->error), GUAN_OK);
    program->shortcuts = shortcuts;
    int code = world_begin(world);
    for (int i = 0; code == GUAN_OK && watched->wrong == NULL && i <= sequence->count; i++) {
        for (size_t k = 0; k < tree_count(world->tree) && watched->wrong == NULL; k++)
            if (!session_done(tree_at(world->tree, k))) watched->wrong = illegal(tree_at(world->tree, k));
        if (watched->wrong == NULL && reloading) watched->wrong = reload(watched, i);
        if (!reloading) arena_reset(world->step);
        if (i < sequence->count && watched->wrong == NULL) code = one(world, sequence->items[i]);
    }
    if (code != GUAN_OK) buffer_printf(&world->trace, "stopped: %s\n", world->error.rule);
    if (code == GUAN_FAILED || code == GUAN_USAGE) watched->wrong = "it failed";
    return watched->wrong;
}

/* What is wrong with a chart and a sequence, in any of the ways; NULL: nothing. */
static const char *judge(const char *xml, const struct sequence *sequence, bool conditions)
{
    struct watched first, second, third;
    const char *wrong = run(&first, xml, sequence, conditions, false, true);
    const char *again = run(&second, xml, sequence, conditions, false, false);
    const char *reloaded = run(&third, xml, sequence, conditions, true, true);
    static char said[300];
    if (wrong == NULL) wrong = again;
    if (wrong == NULL) wrong = reloaded;
    if (wrong == NULL && !text_equal(first.world.trace.data, second.world.trace.data)) wrong = "the second run is another";
    if (wrong == NULL && !text_equal(first.world.trace.data, third.world.trace.data))
        wrong = "saved and loaded it goes on otherwise";
    if (wrong != NULL) snprintf(said, sizeof said, "%s", wrong);
    world_release(&first.world);
    world_release(&second.world);
    world_release(&third.world);
    return wrong == NULL ? NULL : said;
}

/* --- many seeds
 * -------------------------------------------------------------------------------------------------------------------- */

static void shrink(const char *xml, struct sequence *sequence, bool conditions)
{
    for (bool shorter = true; shorter;) {
        shorter = false;
        for (int i = sequence->count; i-- > 0;) {
            struct sequence less = *sequence;
            memmove(less.items + i, less.items + i + 1, (size_t)(less.count - i - 1));
            less.count--;
            if (judge(xml, &less, conditions) == NULL) continue;
            *sequence = less;
            shorter = true;
        }
    }
}

static void try_seed(uint64_t seed, bool loud)
{
    bool conditions = seed % 3 != 0;
    struct random_chart chart = random_chart(seed, conditions);
    struct sequence sequence = {.count = EVENTS};
    buffer_byte(&chart.xml, '\0');
    assert_false(chart.xml.failed);
    for (int i = 0; i < EVENTS; i++) sequence.items[i] = "aaabbbcccddeettt"[random_below(&chart, 16)];
    if (loud) printf("%s\n", chart.xml.data);
    if (loud) {
        struct watched watched;
        run(&watched, chart.xml.data, &sequence, conditions, false, true);
        printf("%s\n%.*s\n", watched.world.trace.data, sequence.count, sequence.items);
        world_release(&watched.world);
    }
    const char *wrong = judge(chart.xml.data, &sequence, conditions);
    if (wrong != NULL) {
        shrink(chart.xml.data, &sequence, conditions);
        wrong = judge(chart.xml.data, &sequence, conditions);
        fail_msg("seed %llu: %s; events: %.*s (GUAN_SEED=%llu prints the document)", (unsigned long long)seed, wrong,
                 sequence.count, sequence.items, (unsigned long long)seed);
    }
    buffer_release(&chart.xml);
}

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

static void properties_hold(void **state)
{
    (void)state;
    uint64_t seed = number_of("GUAN_SEED", 0), seeds = number_of("GUAN_SEEDS", SEEDS);
    if (seed > 0) {
        try_seed(seed, true);
        return;
    }
    for (seed = 1; seed <= seeds; seed++) try_seed(seed, false);
}

/* The charts must be worth it: they move, and each kind of thing happens somewhere. */
static void charts_are_worth_it(void **state)
{
    (void)state;
    static const char *const wanted[] = {"log ",         "send ",           "cancel ",  "invoke ", "uninvoke ",
                                         "done ",        "error.execution", "(done.st", "(b.x)",   "(error.execution",
                                         "(done.invoke", "child#",          "root#1() "};
    bool seen[sizeof wanted / sizeof wanted[0]] = {false};
    struct sequence sequence = {"abcdtabcdteabc", EVENTS};
    for (uint64_t seed = 1; seed <= 120; seed++) {
        struct random_chart chart = random_chart(seed, true);
        struct watched watched;
        buffer_byte(&chart.xml, '\0');
        run(&watched, chart.xml.data, &sequence, true, false, true);
        for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
            seen[i] = seen[i] || (watched.world.trace.data != NULL && strstr(watched.world.trace.data, wanted[i]) != NULL);
        world_release(&watched.world);
        buffer_release(&chart.xml);
    }
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (!seen[i]) fail_msg("no chart shows \"%s\"", wanted[i]);
}

/* The same under another locale, where the system has one. */
static void locales_make_no_difference(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "zh_CN.UTF-8"};
    struct sequence sequence = {"abcdtabcdteabc", EVENTS};
    bool any = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct random_chart chart = random_chart(7, true);
        struct watched plain, local;
        buffer_byte(&chart.xml, '\0');
        run(&plain, chart.xml.data, &sequence, true, false, true);
        if (setlocale(LC_ALL, names[i]) != NULL) {
            any = true;
            run(&local, chart.xml.data, &sequence, true, true, true);
            setlocale(LC_ALL, "C");
            assert_string_equal(plain.world.trace.data, local.world.trace.data);
            world_release(&local.world);
        }
        world_release(&plain.world);
        buffer_release(&chart.xml);
    }
    if (!any) {
        print_message("neither de_DE.UTF-8 nor zh_CN.UTF-8 is installed\n");
        skip();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(properties_hold),
        cmocka_unit_test(charts_are_worth_it),
        cmocka_unit_test(locales_make_no_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
