/* Alignment: against a brute-force aligner on random models, with the cap, and over the net of small flows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/align.h"
#include "audit/net.h"
#include "base/json.h"
#include "chart/read.h"

/* --- random models -----------------------------------------------------------------------------------------------------------
 */

enum { STATES = 9, EDGES = 4, LABELS = 4, LONGEST = 9 };
/* Moves cost MOVE; one on the log a little more, so that the rest of a sum says how many there are. */
enum { MOVE = 1000, FAR = 1000 * MOVE };

struct random_model {
    struct align_edge edges[STATES][EDGES];
    uint32_t count[STATES];
    bool accepts[STATES];
};

static uint32_t dice(uint64_t *seed, uint32_t sides)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)(*seed >> 33) % sides;
}

static int random_edges(void *user, uint32_t state, const struct align_edge **edges, uint32_t *count, struct guan_error *error)
{
    struct random_model *model = user;
    (void)error;
    *edges = model->edges[state];
    *count = model->count[state];
    return GUAN_OK;
}

static bool random_accepts(void *user, uint32_t state)
{
    return ((struct random_model *)user)->accepts[state];
}

static void throw_model(struct random_model *model, uint64_t *seed)
{
    memset(model, 0, sizeof *model);
    for (uint32_t s = 0; s < STATES; s++) {
        model->count[s] = dice(seed, EDGES + 1);
        model->accepts[s] = dice(seed, 4) == 0;
        for (uint32_t i = 0; i < model->count[s]; i++) {
            model->edges[s][i].label = dice(seed, 4) == 0 ? ALIGN_SILENT : dice(seed, LABELS);
            model->edges[s][i].target = dice(seed, STATES);
        }
    }
}

/* Relaxes every move of the whole product until nothing changes. */
static uint32_t brute(const struct random_model *model, const uint32_t *trace, uint32_t length, bool prefix)
{
    uint32_t cost[STATES][LONGEST + 1], best = FAR;
    for (uint32_t s = 0; s < STATES; s++)
        for (uint32_t p = 0; p <= length; p++) cost[s][p] = s == 0 && p == 0 ? 0 : FAR;
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t s = 0; s < STATES; s++)
            for (uint32_t p = 0; p <= length; p++) {
                uint32_t here = cost[s][p];
                if (here == FAR) continue;
                if (p < length && cost[s][p + 1] > here + MOVE + 1) cost[s][p + 1] = here + MOVE + 1, changed = true;
                for (uint32_t i = 0; i < model->count[s]; i++) {
                    const struct align_edge *edge = &model->edges[s][i];
                    uint32_t *quiet = &cost[edge->target][p], more = edge->label == ALIGN_SILENT ? 0 : MOVE;
                    if (*quiet > here + more) *quiet = here + more, changed = true;
                    if (more && p < length && trace[p] == edge->label && cost[edge->target][p + 1] > here)
                        cost[edge->target][p + 1] = here, changed = true;
                }
            }
    }
    for (uint32_t s = 0; s < STATES; s++)
        if ((prefix || model->accepts[s]) && cost[s][length] < best) best = cost[s][length];
    return best;
}

/* The moves are a way: they spell the trace, the model can make them, and they cost what is said. */
static void replay(const struct random_model *model, const uint32_t *trace, uint32_t length, bool prefix,
                   const struct align_result *result)
{
    uint64_t at = 1;
    uint32_t position = 0, cost = 0;
    for (uint32_t m = 0; m <= result->move_count; m++) {
        for (int round = 0; round < STATES; round++) /* silent moves */
            for (uint32_t s = 0; s < STATES; s++)
                for (uint32_t i = 0; (at >> s & 1) && i < model->count[s]; i++)
                    if (model->edges[s][i].label == ALIGN_SILENT) at |= UINT64_C(1) << model->edges[s][i].target;
        if (m == result->move_count) break;
        const struct align_move *move = &result->moves[m];
        cost += move->kind != ALIGN_SYNC;
        if (move->kind != ALIGN_MODEL) {
            assert_int_equal(move->event, position);
            assert_int_equal(move->label, trace[position]);
            position++;
        }
        if (move->kind == ALIGN_LOG) continue;
        uint64_t next = 0;
        for (uint32_t s = 0; s < STATES; s++)
            for (uint32_t i = 0; (at >> s & 1) && i < model->count[s]; i++)
                if (model->edges[s][i].label == move->label) next |= UINT64_C(1) << model->edges[s][i].target;
        assert_true(next != 0);
        at = next;
    }
    bool ends = prefix;
    for (uint32_t s = 0; s < STATES; s++) ends = ends || ((at >> s & 1) && model->accepts[s]);
    assert_true(ends);
    assert_int_equal(position, length);
    assert_int_equal(cost, result->cost);
}

static void the_cheapest_is_found(void **state)
{
    (void)state;
    uint64_t seed = UINT64_C(0x2026030710020001);
    uint32_t found = 0, bounded = 0;
    for (int round = 0; round < 3000; round++) {
        struct random_model model;
        uint32_t trace[LONGEST], length = dice(&seed, LONGEST + 1);
        bool prefix = dice(&seed, 3) == 0;
        throw_model(&model, &seed);
        for (uint32_t i = 0; i < length; i++) trace[i] = dice(&seed, 6) == 0 ? ALIGN_UNKNOWN : dice(&seed, LABELS);
        const struct align_model way = {&model, 0, random_edges, random_accepts};
        uint32_t weight = brute(&model, trace, length, prefix), expected = weight / MOVE;
        for (uint32_t cap = 6; cap < 100000000; cap *= 10000) {
            struct aligner *aligner;
            struct align_result result;
            struct guan_error error;
            struct arena *arena = arena_new();
            assert_int_equal(aligner_new(&way, cap, &aligner, &error), GUAN_OK);
            assert_int_equal(align(aligner, trace, length, prefix, arena, &result, &error), GUAN_OK);
            if (result.exact) assert_true(result.found == (weight != FAR));
            if (result.exact && result.found) assert_int_equal(result.cost, expected);
            if (cap > 6) assert_true(result.exact);
            assert_true(result.lower <= expected || (result.exact && !result.found));
            if (result.found) {
                assert_true(result.cost >= expected);
                replay(&model, trace, length, prefix, &result);
            }
            uint32_t on_log = 0;
            for (uint32_t m = 0; m < result.move_count; m++) on_log += result.moves[m].kind == ALIGN_LOG;
            if (result.found && cap > 6) assert_int_equal(on_log, weight % MOVE); /* rather left out than out of place */
            found += result.found && cap > 6;
            bounded += !result.exact && result.lower > 0;
            aligner_free(aligner);
            arena_free(arena);
        }
    }
    assert_true(found > 1000 && bounded > 100); /* both sides were looked at */
}

/* --- flows ---------------------------------------------------------------------------------------------------------------------
 */

#define HEAD                                                                                                                     \
    "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:g='urn:guan:1' version='1.0' datamodel='lua' name='f' initial='a' "    \
    "g:role='clerk'>"

static const char *no_source(void *user, const char *from, const char *path, size_t *length)
{
    (void)user;
    (void)from;
    (void)path;
    *length = 0;
    return "";
}

static void print_problem(void *user, const struct diagnostic *d)
{
    (void)user;
    if (d->error) print_error("%u:%u %s: %s\n", d->place.line, d->place.col, d->rule, d->text);
}

/* The cost of a trace such as "arrive greet !feedback": a mark stands before what was waived. */
static uint32_t cost_of(const char *flow, const char *words, bool prefix)
{
    struct chart *chart;
    struct net *net;
    struct aligner *aligner;
    struct align_result result;
    struct guan_error error = {0};
    struct arena *arena = arena_new();
    uint32_t trace[64], length = 0;
    const struct chart_read_options options = {.file = "f.scxml", .source = no_source, .sink = print_problem};
    assert_int_equal(chart_read(flow, strlen(flow), &options, &chart, &error), GUAN_OK);
    assert_int_equal(net_new(chart, NULL, 0, &net, &error), GUAN_OK);
    while (*words) {
        char name[64] = {0};
        bool waived = *words == '!';
        words += waived;
        size_t n = strcspn(words, " ");
        memcpy(name, words, n);
        words += n + (words[n] == ' ');
        trace[length++] = net_label(net, name, waived);
    }
    const struct align_model model = net_model(net);
    assert_int_equal(aligner_new(&model, 100000, &aligner, &error), GUAN_OK);
    assert_int_equal(align(aligner, trace, length, prefix, arena, &result, &error), GUAN_OK);
    assert_true(result.found && result.exact && !net_is_cut(net));
    aligner_free(aligner);
    net_free(net);
    chart_free(chart);
    arena_free(arena);
    return result.cost;
}

static void steps_and_gates_are_kept(void **state)
{
    (void)state;
    static const char flow[] =
        HEAD "<state id='a'><g:step id='arrive' title='x' required='no'/><transition event='arrive' target='b'/></state>"
             "<state id='b'><g:step id='greet' title='x' waive-by='boss'/><g:step id='offer' title='x' after='greet'/>"
             "<g:step id='tea' title='x' required='no' repeat='yes'/><g:step id='form' title='x' when='case.new'/>"
             "<transition event='complete.b' target='c'/><transition event='storm' target='z' g:gate='open'/>"
             "<transition event='leave' target='z'/></state>"
             "<state id='c'><transition event='bye' target='z'/></state><final id='z'/></scxml>";
    assert_int_equal(cost_of(flow, "arrive greet offer bye", false), 0);
    assert_int_equal(cost_of(flow, "arrive greet offer leave", false), 0);      /* the form may have been asked for until then */
    assert_int_equal(cost_of(flow, "arrive greet offer form leave", false), 1); /* now it was complete: there is only bye */
    assert_int_equal(cost_of(flow, "arrive tea greet tea tea offer bye", false), 0);
    assert_int_equal(cost_of(flow, "arrive greet form offer bye", false), 0);
    assert_int_equal(cost_of(flow, "arrive greet offer form bye", false), 0); /* not yet complete, if it is asked for */
    assert_int_equal(cost_of(flow, "arrive offer greet bye", false), 2);      /* the wrong way round */
    assert_int_equal(cost_of(flow, "arrive greet bye", false), 1);
    assert_int_equal(cost_of(flow, "arrive greet leave", false), 1); /* the gate holds: the offer is missing */
    assert_int_equal(cost_of(flow, "arrive storm", false), 0);       /* an open one does not */
    assert_int_equal(cost_of(flow, "arrive !greet offer bye", false), 0);
    assert_int_equal(cost_of(flow, "arrive greet !offer bye", false), 2); /* nobody may */
    assert_int_equal(cost_of(flow, "arrive greet greet offer bye", false), 1);
    assert_int_equal(cost_of(flow, "arrive greet", false), 1);
    assert_int_equal(cost_of(flow, "arrive greet", true), 0);
    assert_int_equal(cost_of(flow, "", false), 2); /* arrive, storm */
    assert_int_equal(cost_of(flow, "arrive dance greet offer bye", false), 1);
}

static void complete_is_not_said_too_early(void **state)
{
    (void)state;
    static const char flow[] = HEAD "<state id='a'><g:step id='one' title='x'/><g:step id='two' title='x' when='case.new'/>"
                                    "<transition event='complete.a' target='b' g:gate='open'/></state>"
                                    "<state id='b'><transition event='bye' target='z'/></state><final id='z'/></scxml>";
    assert_int_equal(cost_of(flow, "one bye", false), 0);
    assert_int_equal(cost_of(flow, "one two bye", false), 0);
    assert_int_equal(cost_of(flow, "bye", false), 1);
    assert_int_equal(cost_of(flow, "two bye", false), 1);
}

static void conditions_are_choices(void **state)
{
    (void)state;
    static const char flow[] = HEAD
        "<state id='a'><transition event='go' cond='x' target='b'/><transition event='go' target='c'/></state>"
        "<state id='b'><transition event='one' target='z'/></state>"
        "<state id='c'><transition cond='y' target='z'/><transition event='two' target='z'/>"
        "<onentry><send event='bell' delay='5s'/></onentry><transition event='bell' target='b'/></state><final id='z'/></scxml>";
    assert_int_equal(cost_of(flow, "go one", false), 0);
    assert_int_equal(cost_of(flow, "go two", false), 0);
    assert_int_equal(cost_of(flow, "go", false), 0);
    assert_int_equal(cost_of(flow, "go two one", false), 1);
    assert_int_equal(cost_of(flow, "one", false), 1);
}

static void parallels_and_histories(void **state)
{
    (void)state;
    static const char flow[] =
        HEAD "<state id='a' initial='p'><parallel id='p'>"
             "<state id='l' initial='l1'><state id='l1'><transition event='l' target='l2'/></state><final id='l2'/></state>"
             "<state id='r' initial='r1'><state id='r1'><transition event='r' target='r2'/></state><state id='r2'>"
             "<transition event='rr' target='r3'/></state><final id='r3'/></state>"
             "</parallel><history id='h' type='deep'><transition target='p'/></history>"
             "<transition event='done.state.p' target='z'/><transition event='pause' target='off'/></state>"
             "<state id='off'><transition event='resume' target='h'/></state><final id='z'/></scxml>";
    assert_int_equal(cost_of(flow, "l r rr", false), 0);
    assert_int_equal(cost_of(flow, "r l rr", false), 0);
    assert_int_equal(cost_of(flow, "r rr l", false), 0);
    assert_int_equal(cost_of(flow, "rr r l", false), 2);
    assert_int_equal(cost_of(flow, "r pause resume rr l", false), 0);
    assert_int_equal(cost_of(flow, "r pause resume r rr l", false), 1); /* r2 is remembered */
    assert_int_equal(cost_of(flow, "r pause rr l", false), 1);          /* resume is missing */
}

static void work_done_before_is_remembered(void **state)
{
    (void)state;
    static const char flow[] =
        HEAD "<state id='a'><g:step id='check' title='x' required='no'/><g:step id='wipe' title='x' required='no' repeat='yes' "
             "reopens='check'/><transition event='on' target='b'/></state>"
             "<state id='b'><g:step id='sign' title='x' after='check'/><transition event='complete.b' target='z'/>"
             "<transition event='back' target='a' g:gate='open'/></state><final id='z'/></scxml>";
    assert_int_equal(cost_of(flow, "check on sign", false), 0);
    assert_int_equal(cost_of(flow, "on sign", false), 1);
    assert_int_equal(cost_of(flow, "check on back on sign", false), 1); /* of the latest activation */
    assert_int_equal(cost_of(flow, "check wipe on sign", false), 1);
    assert_int_equal(cost_of(flow, "check wipe check on sign", false), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cheapest_is_found),   cmocka_unit_test(steps_and_gates_are_kept),
        cmocka_unit_test(conditions_are_choices),  cmocka_unit_test(complete_is_not_said_too_early),
        cmocka_unit_test(parallels_and_histories), cmocka_unit_test(work_done_before_is_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
