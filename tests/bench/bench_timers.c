/* What a tick costs by what is due, not by what waits: 10,000 due timers of real cases are fired, once in a store that holds
 * nothing else and once beside 1,000,000 timers that wait.
 *
 * usage: bench_timers [CASES [WAITING]] */
#include "bench.h"

#include "store/store.h"

static char folder[] = "guan-bench-XXXXXX";

/* Customers who came in at ten: each waits to be greeted within a minute. */
static void add_cases(struct guan *guan, unsigned cases)
{
    struct guan_error error;
    for (unsigned i = 0; i < cases; i++) {
        char kase[BENCH_CASE] = "", key[16];
        struct guan_sink keep = {bench_keep_case, kase};
        const struct guan_pair party = {"王磊", "customer"}, channel = {"channel", "showroom"};
        snprintf(key, sizeof key, "k%u", i);
        struct guan_command open = {.verb = GUAN_OPEN,
                                    .name = "journey",
                                    .actor = "周敏",
                                    .dealer = "base",
                                    .key = key,
                                    .at = "2026-03-07T10:00:00",
                                    .parties = &party,
                                    .party_count = 1};
        if (guan_command(guan, &open, &keep, &error) != GUAN_OK) bench_die("open", &error);
        struct guan_command arrive = {.verb = GUAN_STEP,
                                      .kase = kase,
                                      .name = "reception.arrive",
                                      .actor = "周敏",
                                      .at = "2026-03-07T10:00:00",
                                      .fields = &channel,
                                      .field_count = 1};
        if (guan_command(guan, &arrive, NULL, &error) != GUAN_OK) bench_die("arrive", &error);
    }
}

/* Timers that wait for another year, straight into the store, a thousand a case. */
static void add_waiting(const char *path, unsigned waiting)
{
    struct store *store;
    struct guan_error error;
    instant due = civil_days(2027, 3, 7) * MS_DAY;
    if (store_open(path, &store, &error) != GUAN_OK || store_begin(store, true, &error) != GUAN_OK) bench_die("store", &error);
    for (unsigned i = 0; i < waiting; i++) {
        char id[24], name[32];
        snprintf(id, sizeof id, "waiting%u", i / 1000);
        snprintf(name, sizeof name, "deadline:d%u", i % 1000);
        if (i % 1000 == 0) {
            struct case_row row = {
                .id = id, .dealer = "base", .process = "journey", .rec = due, .state = "{}", .state_length = 2};
            if (store_case_add(store, &row, &error) != GUAN_OK) bench_die("case", &error);
        }
        struct timer_row timer = {.session = "journey#1", .name = name, .instance = "", .due = due + i};
        if (store_timer_set(store, id, &timer, &error) != GUAN_OK) bench_die("timer", &error);
    }
    if (store_commit(store, &error) != GUAN_OK) bench_die("commit", &error);
    store_close(store);
}

static double run(const char *name, int round, unsigned cases, unsigned waiting)
{
    char path[80];
    struct guan *guan;
    struct guan_error error;
    struct guan_sink none = {bench_drop, NULL};
    snprintf(path, sizeof path, "%s/%s%d.db", folder, name, round);
    if (guan_init(path, GUAN_VIRTUAL, &error) != GUAN_OK || guan_open(path, &guan, &error) != GUAN_OK) bench_die("init", &error);
    if (guan_deploy(guan, SOURCE_DIR, &none, &error) != GUAN_OK) bench_die("deploy", &error);
    add_cases(guan, cases);
    guan_close(guan);
    if (waiting) add_waiting(path, waiting);
    if (guan_open(path, &guan, &error) != GUAN_OK) bench_die("open", &error);
    const struct guan_command tick = {.verb = GUAN_TICK, .until = "2026-03-07T10:01:30"};
    double start = bench_seconds();
    if (guan_command(guan, &tick, NULL, &error) != GUAN_OK) bench_die("tick", &error);
    double spent = bench_seconds() - start;
    guan_close(guan);
    return spent;
}

int main(int argc, char **argv)
{
    unsigned cases = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 10000;
    unsigned waiting = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1000000;
    if (!mkdtemp(folder)) bench_die("mkdtemp", NULL);
    double alone = 1e9, beside = 1e9; /* the best of three in turn: the machine's moods are not ours */
    for (int i = 0; i < 3; i++) {
        double a = run("alone", i, cases, 0), b = run("beside", i, cases, waiting);
        alone = a < alone ? a : alone;
        beside = b < beside ? b : beside;
    }
    printf("%u due: %.2f s alone (%.0f us each, a durable commit each), %.2f s beside %u that wait; ratio %.2f\n", cases, alone,
           alone / cases * 1e6, beside, waiting, beside / alone);
    bench_remove(folder);
    return 0;
}
