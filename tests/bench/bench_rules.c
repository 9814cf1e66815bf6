/* What rules cost as a case grows: the same message again and again through the rules of the journey, an hour apart, in
 * memory-speed commits; the first hundred against the last hundred.
 *
 * usage: bench_rules [MESSAGES] */
#include "bench.h"

#include "case/kase.h"

enum { SAMPLE = 100, SETTLE = 600 };

static struct guan *open_guan(const char *dir, const char *process, const char *actor, char kase[BENCH_CASE])
{
    struct guan_error error = {0};
    struct store *store;
    struct guan *guan;
    struct guan_sink none = {bench_drop, NULL}, keep = {bench_keep_case, kase};
    if (store_open_new(":memory:", STORE_VIRTUAL | STORE_CLAIMED, &store, &error) != GUAN_OK) bench_die("store", &error);
    if (guan_attach(store, &guan, &error) != GUAN_OK || guan_deploy(guan, dir, &none, &error) != GUAN_OK)
        bench_die("deploy", &error);
    const struct guan_pair party = {"李娜", "customer"};
    struct guan_command open = {.verb = GUAN_OPEN,
                                .name = process,
                                .actor = actor,
                                .dealer = "base",
                                .at = "2026-01-01T09:00:00Z",
                                .parties = &party,
                                .party_count = 1};
    if (guan_command(guan, &open, &keep, &error) != GUAN_OK) bench_die("open", &error);
    return guan;
}

static double step(struct guan *guan, const char *kase, const char *name, const char *field, instant at)
{
    struct guan_error error = {0};
    char text[INSTANT_TEXT];
    const struct guan_pair pair = {field, "1"};
    instant_format(at, text);
    struct guan_command command = {.verb = GUAN_STEP,
                                   .kase = kase,
                                   .name = name,
                                   .actor = "林涛",
                                   .at = text,
                                   .fields = &pair,
                                   .field_count = field ? 1 : 0};
    double start = bench_seconds();
    if (guan_command(guan, &command, NULL, &error) != GUAN_OK) bench_die(name, &error);
    return bench_seconds() - start;
}

/* Six rules over every message, four a day: what they keep grows until the windows are full, then no more. */
static void full_windows(size_t messages)
{
    char kase[BENCH_CASE] = "";
    struct guan *guan = open_guan(SOURCE_DIR, "journey", "周敏", kase);
    double *spent = bench_alloc(messages, sizeof *spent);
    instant at = civil_days(2026, 1, 1) * MS_DAY + 10 * MS_HOUR;
    for (size_t i = 0; i < messages; i++, at += 6 * MS_HOUR) spent[i] = step(guan, kase, "message.marketing", NULL, at);
    printf("%zu messages, four a day, through 6 rules: p50 of the first %d %.0f us, from %d on %.0f us, of the last %d %.0f us\n",
           messages, (int)SAMPLE, bench_median(spent, SAMPLE) * 1e6, (int)SETTLE, bench_median(spent + SETTLE, SAMPLE) * 1e6,
           (int)SAMPLE, bench_median(spent + messages - SAMPLE, SAMPLE) * 1e6);
    guan_close(guan);
    free(spent);
}

/* The same judged step in a case of some hundred entries and in one of `entries`. */
static void long_journal(size_t entries)
{
    char kase[BENCH_CASE] = "";
    struct guan *guan = open_guan(SOURCE_DIR "/tests/bench/bundle", "bench", "林涛", kase);
    double early[SAMPLE], late[SAMPLE];
    instant at = civil_days(2026, 1, 1) * MS_DAY + 10 * MS_HOUR;
    for (size_t i = 0; i < SAMPLE; i++, at += MS_DAY) step(guan, kase, "note", NULL, at); /* the rules' windows are full */
    for (size_t i = 0; i < SAMPLE; i++, at += MS_DAY) early[i] = step(guan, kase, "note", NULL, at);
    for (size_t i = 0; i < entries / 2; i++, at += 10) step(guan, kase, "go", "odo", at);
    for (size_t i = 0; i < SAMPLE; i++, at += MS_DAY) late[i] = step(guan, kase, "note", NULL, at);
    printf("a step through 2 rules: p50 %.0f us with some 100 entries behind it, %.0f us with %zu; ratio %.2f\n",
           bench_median(early, SAMPLE) * 1e6, bench_median(late, SAMPLE) * 1e6, entries,
           bench_median(late, SAMPLE) / bench_median(early, SAMPLE));
    guan_close(guan);
}

int main(int argc, char **argv)
{
    size_t entries = argc > 1 ? strtoul(argv[1], NULL, 10) : 100000;
    long_journal(entries);
    full_windows(1300);
    return 0;
}
