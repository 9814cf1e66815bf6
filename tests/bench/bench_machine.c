/* How fast the interpreter is, on charts made here:
 *
 *   common ancestor   a parallel of n regions, each n states deep; the innermost state of each has an eventless transition to one
 * state outside, which goes back. A round is out and back. Null data model, effects produced. transitions       a parallel of n
 * atomic regions, each with n eventless transitions back to the parallel. A round is one of them. linear            12 states in
 * a row; in each three step events, whose bits Lua keeps (one guard, two assignments), and one guarded transition to the next: 48
 * events a case. sessions          100,000 of that linear chart alive at once.
 *
 * bench_machine [SECONDS a measurement] */
#include "bench.h"

#include "chart/read.h"
#include "machine/interpreter.h"

#include <math.h>

static void tell_diagnostic(void *user, const struct diagnostic *diagnostic)
{
    (void)user;
    if (diagnostic->error) fprintf(stderr, "%u: %s\n", diagnostic->place.line, diagnostic->text);
}

static struct chart *chart_of(struct buffer *xml)
{
    struct chart_read_options options = {.file = "bench.scxml", .sink = tell_diagnostic};
    struct guan_error error = {0};
    struct chart *chart = NULL;
    if (chart_read(xml->data, xml->length, &options, &chart, &error) != GUAN_OK) {
        fprintf(stderr, "%s\n", error.text);
        exit(EXIT_FAILURE);
    }
    buffer_release(xml);
    return chart;
}

#define HEAD "<scxml xmlns=\"http://www.w3.org/2005/07/scxml\" version=\"1.0\" "

/* --- eventless charts ----------------------------------------------------------------------------------------------------- */

static struct chart *common_ancestor(int n)
{
    struct buffer xml = {0};
    buffer_text(&xml, HEAD "datamodel=\"null\" initial=\"p\"><parallel id=\"p\">");
    for (int r = 0; r < n; r++) {
        for (int d = 0; d < n; d++) buffer_printf(&xml, "<state id=\"s%d.%d\">", r, d);
        buffer_text(&xml, "<transition target=\"out\"/>");
        for (int d = 0; d < n; d++) buffer_text(&xml, "</state>");
    }
    buffer_text(&xml, "</parallel><state id=\"out\"><transition target=\"p\"/></state></scxml>");
    return chart_of(&xml);
}

static struct chart *transitions(int n)
{
    struct buffer xml = {0};
    buffer_text(&xml, HEAD "datamodel=\"null\" initial=\"p\"><parallel id=\"p\">");
    for (int r = 0; r < n; r++) {
        buffer_printf(&xml, "<state id=\"s%d\">", r);
        for (int t = 0; t < n; t++) buffer_text(&xml, "<transition target=\"p\"/>");
        buffer_text(&xml, "</state>");
    }
    buffer_text(&xml, "</parallel></scxml>");
    return chart_of(&xml);
}

struct tally {
    uint64_t microsteps;
};

static int count_effects(void *user, struct session *session, const struct machine_event *event, const struct effects *effects,
                         struct guan_error *error)
{
    struct tally *tally = user;
    (void)session;
    (void)event;
    (void)error;
    for (size_t i = 0; i < effects->count; i++) tally->microsteps += effects->items[i].kind == EFFECT_MICROSTEP;
    return GUAN_OK;
}

#define STEPS 1000u

static double eventless(struct chart *chart, int microsteps_a_round, double seconds)
{
    struct script *script;
    struct guan_error error = {0};
    struct tally tally = {0};
    struct tree_host host = {.user = &tally, .stepped = count_effects};
    struct arena *arena = arena_new();
    bench_must(script_new(&script, &error), "machine", &error);
    uint64_t steps = 0;
    double start = 0;
    for (int round = 0; round < 4 || bench_seconds() - start < seconds; round++) {
        if (round == 3) { /* warm */
            start = bench_seconds();
            steps = 0;
        }
        struct tree *tree;
        struct session *session;
        bench_must(tree_new(script, arena, &host, &tree, &error), "machine", &error);
        tree_limits(tree, STEPS, 0);
        tree_start(tree, chart, NULL, 0, &session, &error); /* ends at the limit */
        steps += STEPS;
        tree_free(tree);
        arena_reset(arena);
    }
    double rate = (double)steps / (bench_seconds() - start) / microsteps_a_round;
    script_free(script);
    arena_free(arena);
    chart_free(chart);
    return rate;
}

static void bench_eventless(const char *name, struct chart *(*make)(int), int microsteps_a_round, const double *wanted,
                            double seconds)
{
    static const int sizes[] = {4, 16, 64, 256};
    double before = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        double rate = eventless(make(sizes[i]), microsteps_a_round, seconds);
        printf("%-16s n=%-4d %12.0f rounds/s", name, sizes[i], rate);
        if (wanted[i] > 0) printf("   %5.2f of the wanted %.0f", rate / wanted[i], wanted[i]);
        if (before > 0) printf("   1/%.1f of the size before", before / rate);
        printf("\n");
        before = rate;
    }
}

/* --- a case of 48 events ------------------------------------------------------------------------------------------------------
 */

#define STATES 12

static struct chart *linear(void)
{
    struct buffer xml = {0};
    buffer_text(&xml,
                HEAD "datamodel=\"lua\" initial=\"s0\"><datamodel><data id=\"done\" expr=\"0\"/><data id=\"count\" expr=\"0\"/>"
                     "</datamodel>");
    for (int s = 0; s < STATES; s++) {
        buffer_printf(&xml, "<state id=\"s%d\">", s);
        for (int k = 0; k < 3; k++)
            buffer_printf(
                &xml,
                "<transition event=\"step%d\" cond=\"done &amp; %d == 0\"><assign location=\"done\" expr=\"done | %d\"/>"
                "<assign location=\"count\" expr=\"count + 1\"/></transition>",
                k, 1 << k, 1 << k);
        buffer_printf(
            &xml,
            "<transition event=\"next\" cond=\"done == 7\" target=\"s%d\"><assign location=\"done\" expr=\"0\"/></transition>",
            (s + 1) % STATES);
        buffer_text(&xml, "</state>");
    }
    buffer_text(&xml, "</scxml>");
    return chart_of(&xml);
}

static uint64_t run_case(struct tree *tree, struct session *session, struct arena *arena)
{
    static const char *const names[] = {"step0", "step1", "step2", "next"};
    struct guan_error error = {0};
    for (int i = 0; i < STATES * 4; i++) {
        struct machine_event event = {.name = names[i % 4], .type = EVENT_EXTERNAL};
        bench_must(tree_post(tree, session, &event, &error), "machine", &error);
        bench_must(tree_run(tree, 0, &error), "machine", &error);
        arena_reset(arena);
    }
    return STATES * 4;
}

static void bench_linear(bool shortcuts, double wanted, double seconds)
{
    struct script *script;
    struct tree *tree;
    struct session *session;
    struct program *program;
    struct guan_error error = {0};
    struct chart *chart = linear();
    struct arena *arena = arena_new();
    bench_must(script_new(&script, &error), "machine", &error);
    bench_must(program_of(script, chart, &program, &error), "machine", &error);
    program->shortcuts = shortcuts;
    bench_must(tree_new(script, arena, NULL, &tree, &error), "machine", &error);
    bench_must(tree_start(tree, chart, NULL, 0, &session, &error), "machine", &error);
    run_case(tree, session, arena);
    uint64_t events = 0;
    double start = bench_seconds();
    while (bench_seconds() - start < seconds) {
        script_budget(script, LIMIT_LUA_INSTRUCTIONS);
        events += run_case(tree, session, arena);
    }
    double rate = (double)events / (bench_seconds() - start);
    printf("%-16s %s %12.0f events/s   %5.2f of the wanted %.0f\n", "linear", shortcuts ? "shortcuts" : "all Lua  ", rate,
           rate / wanted, wanted);
    if (!bits_has(session_configuration(session), chart_state_by_id(chart, "s0")))
        printf("linear: the case is not where it should be\n");
    tree_free(tree);
    script_free(script);
    chart_free(chart);
    arena_free(arena);
}

/* --- many sessions
 * -------------------------------------------------------------------------------------------------------------- */

#define SESSIONS 100000u

static double resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long all = 0, resident = 0;
    char line[200];
    if (file == NULL || fgets(line, sizeof line, file) == NULL) return 0;
    char *end;
    all = strtoul(line, &end, 10);
    resident = strtoul(end, NULL, 10);
    (void)all;
    fclose(file);
    return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

static void bench_sessions(void)
{
    struct script *script;
    struct guan_error error = {0};
    struct chart *chart = linear();
    struct arena *arena = arena_new();
    struct tree **trees = memory_alloc(SESSIONS * sizeof *trees);
    if (trees == NULL) exit(EXIT_FAILURE);
    bench_must(script_new(&script, &error), "machine", &error);
    double before = resident_bytes(), start = bench_seconds();
    for (uint32_t i = 0; i < SESSIONS; i++) {
        struct session *session;
        struct machine_event event = {.name = "step0", .type = EVENT_EXTERNAL};
        script_budget(script, LIMIT_LUA_INSTRUCTIONS);
        bench_must(tree_new(script, arena, NULL, &trees[i], &error), "machine", &error);
        bench_must(tree_start(trees[i], chart, NULL, 0, &session, &error), "machine", &error);
        bench_must(tree_post(trees[i], session, &event, &error), "machine", &error);
        bench_must(tree_run(trees[i], 0, &error), "machine", &error);
        arena_reset(arena);
    }
    double bytes = (resident_bytes() - before) / SESSIONS;
    printf("%-16s %u alive: %.0f bytes each (limit 4096), of which Lua %.0f; made and stepped in %.1f s\n", "sessions", SESSIONS,
           bytes, (double)script_memory(script) / SESSIONS, bench_seconds() - start);
    for (uint32_t i = 0; i < SESSIONS; i++) tree_free(trees[i]);
    memory_free(trees);
    script_free(script);
    chart_free(chart);
    arena_free(arena);
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? strtod(argv[1], NULL) : 1.0;
    static const double wanted_ancestor[] = {1500000, 300000, 50000, 0}, wanted_transitions[] = {3000000, 1000000, 200000, 0};
    bench_eventless("common ancestor", common_ancestor, 2, wanted_ancestor, seconds);
    bench_eventless("transitions", transitions, 1, wanted_transitions, seconds);
    bench_linear(false, 800000, seconds);
    bench_linear(true, 1000000, seconds);
    bench_sessions();
    return EXIT_SUCCESS;
}
