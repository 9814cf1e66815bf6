/* What a customer's past costs. A story is told whole, then a late step in that case is done in turn with the same step in a case
 * without the past (the same story, the sessions that have ended taken out of the store) and in a fresh one, where fewer flows
 * are open. And what a command costs in a process of its own, with all flows deployed and the whole story behind the case.
 *
 * usage: bench_journey [STORY [STEP [ROUNDS [DIR]]]] */
#include "bench.h"

#include "case/story.h"

#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { COLD = 60, WARM = 10 };

struct teller {
    const char *dir;
    struct arena *arena;
    struct story story;
    struct bundle *bundle;
    const struct zone *zone;
    instant end; /* of the last line */
};

/* --- the story ---------------------------------------------------------------------------------------------------------------
 */

static const char *read_file(struct arena *arena, const char *path, size_t *length)
{
    struct stat info;
    FILE *file = fopen(path, "rb");
    if (!file || stat(path, &info) != 0) bench_die(path, NULL);
    *length = (size_t)info.st_size;
    char *text = arena_alloc(arena, *length + 1);
    if (!text || fread(text, 1, *length, file) != *length) bench_die(path, NULL);
    fclose(file);
    return text;
}

static bool plays(const struct house *house, const struct guan_pair *staff)
{
    const struct person *person = house_person(house, staff->name);
    for (uint32_t i = 0; person && i < person->roles.count; i++)
        if (strcmp(person->roles.items[i], staff->value) == 0) return true;
    return false;
}

/* Whom the dealer does not have, as guan_story does it. */
static void add_cast(struct teller *teller)
{
    struct guan_error error;
    struct bundle *original;
    const struct house *house;
    struct buffer people = {0};
    bench_must(bundle_read(teller->dir, &original, &error), "bundle", &error);
    bench_must(bundle_house(original, teller->story.dealer, &house, &error), "house", &error);
    buffer_text(&people, "<people xmlns=\"urn:guan:1\">");
    for (size_t i = 0; i < teller->story.staff_count; i++) {
        const struct guan_pair *staff = &teller->story.staff[i];
        if (!plays(house, staff))
            buffer_printf(&people, "<person id=\"staff:story%zu\" name=\"%s\" roles=\"%s\"/>", i, staff->name, staff->value);
    }
    buffer_text(&people, "</people>");
    const char *path = arena_printf(teller->arena, "scripts/dealers/%s/people.xml", house->dealer);
    bench_must(bundle_add(teller->bundle, path, people.data, people.length, &error), "people", &error);
    buffer_release(&people);
    bundle_free(original);
}

static int by_order(const void *a, const void *b)
{
    const struct story_line *x = a, *y = b;
    if (x->order != y->order) return x->order < y->order ? -1 : 1;
    return x->number < y->number ? -1 : 1;
}

static void read_story(struct teller *teller, const char *path)
{
    struct guan_error error;
    const struct house *house;
    size_t length;
    const char *text = read_file(teller->arena, path, &length);
    struct story *story = &teller->story;
    bench_must(story_read(teller->arena, path, text, length, story, &error), "story", &error);
    bench_must(bundle_read(teller->dir, &teller->bundle, &error), "bundle", &error);
    add_cast(teller);
    bench_must(bundle_house(teller->bundle, story->dealer, &house, &error), "house", &error);
    teller->zone = house->zone;
    for (size_t i = 0; i < story->line_count; i++) {
        struct story_line *line = &story->lines[i];
        bench_must(instant_parse(line->rec, strlen(line->rec), teller->zone, &line->order, &error), line->rec, &error);
    }
    qsort(story->lines, story->line_count, sizeof *story->lines, by_order);
    teller->end = story->lines[story->line_count - 1].order;
}

/* --- telling it --------------------------------------------------------------------------------------------------------------
 */

static void begin_case(struct teller *teller, struct guan *guan, char kase[BENCH_CASE], const char *key)
{
    struct guan_error error;
    struct guan_sink keep = {bench_keep_case, kase};
    const struct story *story = &teller->story;
    struct guan_command open = {.verb = GUAN_OPEN,
                                .name = story->process,
                                .actor = "system",
                                .dealer = story->dealer,
                                .at = story->lines[0].rec,
                                .parties = story->parties,
                                .party_count = story->party_count,
                                .key = key};
    bench_must(guan_command(guan, &open, &keep, &error), "open", &error);
}

/* The first `lines` of the story; what is to be refused may be. */
static void tell(struct teller *teller, struct guan *guan, const char *kase, size_t lines)
{
    struct guan_error error;
    struct guan_sink none = {bench_drop, NULL};
    for (size_t i = 0; i < lines; i++) {
        const struct story_line *line = &teller->story.lines[i];
        struct guan_command command = story_command(teller->bundle, &teller->story, line, kase, teller->arena);
        int code = guan_command(guan, &command, &none, &error);
        if (code != GUAN_OK && !line->refused) bench_die(line->text, &error);
    }
}

static struct guan *open_guan(struct teller *teller, const char *path)
{
    struct guan_error error;
    struct store *store;
    struct guan *guan;
    struct guan_sink none = {bench_drop, NULL};
    bench_must(store_open_new(path, STORE_VIRTUAL | STORE_CLAIMED, &store, &error), "store", &error);
    bench_must(guan_attach(store, &guan, &error), "attach", &error);
    bench_must(guan_publish(guan, teller->bundle, &none, &error), "publish", &error);
    return guan;
}

/* --- a late step ---------------------------------------------------------------------------------------------------------------
 */

static double step(struct guan *guan, const char *kase, const char *name, const char *actor, instant at)
{
    struct guan_error error;
    char text[INSTANT_TEXT];
    struct guan_sink none = {bench_drop, NULL};
    instant_format(at, text);
    struct guan_command command = {.verb = GUAN_STEP, .kase = kase, .name = name, .actor = actor, .at = text};
    double start = bench_cpu();
    bench_must(guan_command(guan, &command, &none, &error), name, &error);
    return bench_cpu() - start;
}

/* Who may do it: the first of the cast with one of its roles. */
static const char *actor_of(struct teller *teller, const char *name)
{
    const struct chart *chart;
    struct guan_error error;
    bench_must(bundle_chart(teller->bundle, teller->story.process, &chart, &error), "chart", &error);
    uint32_t index = chart_step_by_id(chart, name);
    if (index == CHART_NONE) bench_die("a late step is one of the root's own", NULL);
    const struct chart_step *step = &chart->steps[index];
    for (size_t i = 0; i < teller->story.staff_count; i++)
        for (uint32_t r = 0; r < step->roles.count; r++)
            if (strcmp(step->roles.items[r], teller->story.staff[i].value) == 0) return teller->story.staff[i].name;
    return "system";
}

/* Takes the sessions that have ended out of a case; what is verified are entries, not these rows. Their number. */
static int forget_past(const char *path, const char *kase)
{
    sqlite3 *db;
    char *text = sqlite3_mprintf("DELETE FROM sessions WHERE ended AND kase = %Q", kase),
         *order = sqlite3_mprintf("UPDATE sessions SET ord = (SELECT count(*) FROM sessions o WHERE o.kase = sessions.kase AND "
                                  "o.ord < sessions.ord) WHERE kase = %Q",
                                  kase);
    if (!text || !order || sqlite3_open(path, &db) != SQLITE_OK || sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
        bench_die("past", NULL);
    int count = sqlite3_changes(db);
    if (sqlite3_exec(db, order, NULL, NULL, NULL) != SQLITE_OK) bench_die("past", NULL);
    sqlite3_free(text);
    sqlite3_free(order);
    sqlite3_close(db);
    return count;
}

enum { FULL, BARE, FRESH, CASES };

static void late_steps(struct teller *teller, const char *path, const char *name, size_t rounds)
{
    char kase[CASES][BENCH_CASE] = {"", "", ""};
    double *spent[CASES], p50[CASES];
    struct guan *guan = open_guan(teller, path);
    const char *actor = actor_of(teller, name);
    instant at[CASES] = {teller->end, teller->end, teller->story.lines[0].order};
    for (int c = 0; c < CASES; c++) {
        char key[16];
        snprintf(key, sizeof key, "case%d", c);
        spent[c] = bench_alloc(rounds, sizeof *spent[c]);
        begin_case(teller, guan, kase[c], key);
    }
    double start = bench_seconds();
    tell(teller, guan, kase[FULL], teller->story.line_count);
    printf("%zu lines told in %.0f ms, durable each, the flows read with them\n", teller->story.line_count,
           (bench_seconds() - start) * 1e3);
    tell(teller, guan, kase[BARE], teller->story.line_count);
    tell(teller, guan, kase[FRESH], 1);
    int past = forget_past(path, kase[BARE]);
    for (size_t i = 0; i < rounds + WARM; i++)
        for (int c = 0; c < CASES; c++) {
            double took = step(guan, kase[c], name, actor, at[c] += MS_SECOND);
            if (i >= WARM) spent[c][i - WARM] = took;
        }
    for (int c = 0; c < CASES; c++) p50[c] = bench_median(spent[c], rounds);
    printf(
        "%s, %zu rounds in turn, p50 of CPU: %.0f us with the whole story behind it; without its %d ended sessions %.0f us, so "
        "%.0f us for the past (ratio %.2f); in a fresh case %.0f us (ratio %.2f)\n",
        name, rounds, p50[FULL] * 1e6, past, p50[BARE] * 1e6, (p50[FULL] - p50[BARE]) * 1e6, p50[FULL] / p50[BARE],
        p50[FRESH] * 1e6, p50[FULL] / p50[FRESH]);
    guan_close(guan);
    for (int c = 0; c < CASES; c++) free(spent[c]);
}

/* --- processes ---------------------------------------------------------------------------------------------------------------
 */

struct spent {
    double wall[COLD], cpu[COLD];
};

static void process(const char *const *words, struct spent *spent, int round)
{
    double start = bench_seconds();
    struct rusage usage;
    fflush(NULL); /* what is buffered is said once */
    pid_t child = fork();
    if (child == 0) {
        if (freopen("/dev/null", "w", stdout)) execv(words[0], (char *const *)(uintptr_t)words);
        _exit(127);
    }
    int status = 0;
    if (child < 0 || wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) || WEXITSTATUS(status) > 1)
        bench_die(words[0], NULL);
    spent->wall[round] = bench_seconds() - start;
    spent->cpu[round] =
        (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void report(const char *what, const struct spent *spent)
{
    printf("cold guan %-5s p50 %.1f ms, p95 %.1f ms; of CPU least %.1f ms, p50 %.1f ms; of %d\n", what,
           bench_quantile(spent->wall, COLD, 0.5) * 1e3, bench_quantile(spent->wall, COLD, 0.95) * 1e3,
           bench_quantile(spent->cpu, COLD, 0) * 1e3, bench_quantile(spent->cpu, COLD, 0.5) * 1e3, (int)COLD);
}

/* In turn, so that a busy machine hits all of them; in the store of the late steps. */
static void cold(struct teller *teller, const char *path, const char *name)
{
    static const char *const looks[][2] = {
        {"todo", "key:case0"}, {"show", "key:case0"}, {"log", "key:case0"}, {"list", NULL}, {"find", "case0"}};
    enum { LOOKS = sizeof looks / sizeof *looks };
    struct spent done, looked[LOOKS];
    char text[INSTANT_TEXT];
    const char *actor = actor_of(teller, name);
    for (int i = 0; i < COLD; i++) {
        instant_format(teller->end + MS_DAY + i * MS_SECOND, text);
        const char *words[] = {GUAN_PROGRAM, "--store", path, "--as", actor, "--at", text, "do", "key:case0", name, NULL};
        process(words, &done, i);
        for (size_t k = 0; k < LOOKS; k++) {
            const char *look[] = {GUAN_PROGRAM, "--store", path, looks[k][0], looks[k][1], NULL};
            process(look, &looked[k], i);
        }
    }
    printf("%zu flows deployed\n", bundle_process_count(teller->bundle));
    report("do", &done);
    for (size_t k = 0; k < LOOKS; k++) report(looks[k][0], &looked[k]);
}

int main(int argc, char **argv)
{
    struct teller teller = {.dir = argc > 4 ? argv[4] : SOURCE_DIR, .arena = arena_new()};
    const char *story = argc > 1 ? argv[1] : SOURCE_DIR "/tests/stories/wanglei.story";
    const char *name = argc > 2 ? argv[2] : "message.service";
    size_t rounds = argc > 3 ? strtoul(argv[3], NULL, 10) : 400;
    if (!teller.arena || !rounds) bench_die("arguments", NULL);
    read_story(&teller, story);
    char folder[] = "guan-bench-XXXXXX", path[64];
    if (!mkdtemp(folder)) bench_die("mkdtemp", NULL);
    snprintf(path, sizeof path, "%s/guan.db", folder);
    late_steps(&teller, path, name, rounds);
    cold(&teller, path, name);
    bench_remove(folder);
    bundle_free(teller.bundle);
    arena_free(teller.arena);
    return 0;
}
