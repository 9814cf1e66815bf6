/* Several workers on one store, some of them killed: each deadline is fired exactly once, and the findings are those of one
 * worker. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "../unit/audit/shop.h"

enum { CASES = 40, WORKERS = 3, ROUNDS = 30 };

struct counted {
    int timers, findings;
};

static int count_entry(void *user, const char *json, size_t length)
{
    struct counted *counted = user;
    struct arena *arena = arena_new();
    struct value *entry;
    if (arena && json_read(arena, json, length, &entry, NULL) == GUAN_OK) {
        counted->timers += text_equal(value_get_text(entry, "kind"), "timer");
        counted->findings += text_equal(value_get_text(entry, "kind"), "finding");
    }
    arena_free(arena);
    return 0;
}

/* Ticks until nothing is left, as a worker does; with `for_ever`, until it is killed. */
static void worker(const char *path, bool for_ever)
{
    struct guan *guan;
    struct guan_error error;
    const struct guan_command tick = {.verb = GUAN_TICK, .until = "2026-03-07T12:00:00"};
    if (guan_open(path, &guan, &error) != GUAN_OK) _exit(3);
    do {
        if (guan_command(guan, &tick, NULL, &error) != GUAN_OK) _exit(4);
    } while (for_ever);
    guan_close(guan);
    _exit(0);
}

static pid_t start(const char *path, bool for_ever)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) worker(path, for_ever);
    return pid;
}

static void make(const char *path, char cases[CASES][32])
{
    struct caught caught;
    struct guan_error error;
    struct guan *guan = shop_open(path, NULL, &caught);
    for (int i = 0; i < CASES; i++) {
        char key[16];
        const struct guan_pair party = {"王磊", "customer"};
        snprintf(key, sizeof key, "k%d", i);
        struct guan_command open = {.verb = GUAN_OPEN,
                                    .name = "root",
                                    .actor = "周敏",
                                    .at = "2026-03-07T10:00:00",
                                    .key = key,
                                    .parties = &party,
                                    .party_count = 1};
        assert_int_equal(shop_do(guan, &caught, &open, &error), GUAN_OK);
        snprintf(cases[i], sizeof cases[i], "%s", value_get_text(caught.answer, "case"));
        assert_int_equal(shop_step(guan, &caught, cases[i], "visit.arrive", "2026-03-07T10:02:00", "channel", "shop", &error),
                         GUAN_OK);
    }
    shop_close(guan, &caught);
}

static void check(const char *path, char cases[CASES][32])
{
    struct guan *guan;
    struct guan_error error;
    struct guan_sink none = {NULL, NULL};
    assert_int_equal(guan_open(path, &guan, &error), GUAN_OK);
    assert_int_equal(guan_verify(guan, &none, &error), GUAN_OK);
    for (int i = 0; i < CASES; i++) {
        struct counted counted = {0};
        struct guan_sink sink = {count_entry, &counted};
        assert_int_equal(guan_log(guan, cases[i], &sink, &error), GUAN_OK);
        assert_int_equal(counted.timers, 1);
        assert_int_equal(counted.findings, 1);
    }
    guan_close(guan);
}

static void in_folder(void (*test)(const char *path, char cases[CASES][32]))
{
    char dir[] = "/tmp/guan-work-XXXXXX", path[64], command[96];
    char(*cases)[32] = calloc(CASES, sizeof *cases);
    assert_non_null(mkdtemp(dir));
    assert_non_null(cases);
    snprintf(path, sizeof path, "%s/guan.db", dir);
    make(path, cases);
    test(path, cases);
    check(path, cases);
    snprintf(command, sizeof command, "rm -r %s", dir);
    assert_int_equal(system(command), 0);
    free(cases);
}

static void side_by_side(const char *path, char cases[CASES][32])
{
    pid_t workers[WORKERS];
    (void)cases;
    for (int i = 0; i < WORKERS; i++) workers[i] = start(path, false);
    for (int i = 0; i < WORKERS; i++) {
        int status;
        waitpid(workers[i], &status, 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
}

static void killed_again_and_again(const char *path, char cases[CASES][32])
{
    uint64_t seed = UINT64_C(0x9e3779b9);
    (void)cases;
    for (int round = 0; round < ROUNDS; round++) {
        pid_t pid = start(path, true);
        seed = seed * UINT64_C(6364136223846793005) + 1;
        struct timespec pause = {0, (long)(seed >> 40) % 40000000};
        nanosleep(&pause, NULL);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    pid_t last = start(path, false);
    int status;
    waitpid(last, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void several_workers(void **state)
{
    (void)state;
    in_folder(side_by_side);
}

static void killed_workers(void **state)
{
    (void)state;
    in_folder(killed_again_and_again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(several_workers), cmocka_unit_test(killed_workers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
