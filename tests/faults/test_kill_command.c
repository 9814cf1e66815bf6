/* kill -9 at any moment of a `do`: afterwards the whole command is there, or nothing of it, and the record verifies.
 *
 * A child records steps, each with a command id of its own, and tells through a pipe which ones it has been answered; the parent
 * kills it after a seeded number of microseconds. What was acknowledged must be there; of what was not, all or nothing. */
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

enum { ROUNDS = 200 };

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static int note(struct guan *guan, const char *kase, unsigned round, unsigned number)
{
    char id[40], at[40], count[16];
    struct guan_error error;
    snprintf(id, sizeof id, "r%u-%u", round, number);
    snprintf(at, sizeof at, "2026-03-07T11:%02u:%02u.%03u", round / 60, round % 60, number % 1000);
    snprintf(count, sizeof count, "%u", number);
    const struct guan_pair fields[] = {{"text", "一句话"}, {"count", count}};
    struct guan_command command = {
        .verb = GUAN_STEP, .id = id, .kase = kase, .name = "note", .actor = "周敏", .at = at, .fields = fields, .field_count = 2};
    return guan_command(guan, &command, NULL, &error);
}

static void child(const char *path, const char *kase, unsigned round, int answers)
{
    struct guan *guan;
    struct guan_error error;
    unsigned ready = UINT32_MAX;
    if (guan_open(path, &guan, &error) != GUAN_OK) _exit(3);
    if (write(answers, &ready, sizeof ready) != sizeof ready) _exit(5);
    for (unsigned number = 0;; number++) {
        if (note(guan, kase, round, number) != GUAN_OK) _exit(4);
        if (write(answers, &number, sizeof number) != sizeof number) _exit(5);
    }
}

struct seen {
    unsigned round;
    uint64_t steps, others;
};

static int count_round(void *user, const char *json, size_t length)
{
    struct seen *seen = user;
    struct arena *arena = arena_new();
    struct value *entry;
    char prefix[16];
    snprintf(prefix, sizeof prefix, "r%u-", seen->round);
    if (arena && json_read(arena, json, length, &entry, NULL) == GUAN_OK && text_starts(value_get_text(entry, "cause"), prefix)) {
        if (text_equal(value_get_text(entry, "kind"), "step")) seen->steps++;
        else seen->others++;
    }
    arena_free(arena);
    return 0;
}

static void one_round(const char *path, const char *kase, unsigned round, uint64_t *seed, uint64_t *in_flight)
{
    int ends[2];
    unsigned number, answered = 0;
    struct guan *guan;
    struct guan_error error;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(ends[0]);
        child(path, kase, round, ends[1]);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &number, sizeof number), (int)sizeof number); /* it is ready */
    struct timespec pause = {0, (long)(next_random(seed) % 20000) * 1000};
    nanosleep(&pause, NULL);
    kill(pid, SIGKILL);
    int status;
    waitpid(pid, &status, 0);
    assert_true(WIFSIGNALED(status));
    while (read(ends[0], &number, sizeof number) == (ssize_t)sizeof number) answered = number + 1;
    close(ends[0]);

    struct seen seen = {.round = round};
    struct guan_sink sink = {count_round, &seen}, none = {NULL, NULL};
    assert_int_equal(guan_open(path, &guan, &error), GUAN_OK);
    assert_int_equal(guan_verify(guan, &none, &error), GUAN_OK);
    assert_int_equal(guan_log(guan, kase, &sink, &error), GUAN_OK);
    assert_true(seen.steps == answered || seen.steps == answered + 1u);
    if (seen.steps > answered) (*in_flight)++;
    /* Sending the last one again changes nothing where it was carried out. */
    if (seen.steps) assert_int_equal(note(guan, kase, round, (unsigned)seen.steps - 1), GUAN_OK);
    struct seen again = {.round = round};
    sink.user = &again;
    assert_int_equal(guan_log(guan, kase, &sink, &error), GUAN_OK);
    assert_int_equal(again.steps, seen.steps);
    guan_close(guan);
}

static void killed_at_any_moment(void **state)
{
    (void)state;
    char dir[] = "/tmp/guan-kill-XXXXXX", path[64], command[96];
    uint64_t seed = UINT64_C(0x20260307), in_flight = 0;
    struct caught caught;
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/guan.db", dir);
    struct guan *guan = shop_open(path, NULL, &caught);
    char kase[32];
    snprintf(kase, sizeof kase, "%s", shop_case(guan, &caught));
    shop_close(guan, &caught);
    for (unsigned round = 0; round < ROUNDS; round++) one_round(path, kase, round, &seed, &in_flight);
    print_message("%d kills, %llu of them between a commit and its answer\n", (int)ROUNDS, (unsigned long long)in_flight);
    snprintf(command, sizeof command, "rm -r %s", dir);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(killed_at_any_moment)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
