/* Processes that write to one store are killed at moments drawn from a seed: in the middle of a write, a sync or a truncation of
 * the file, or by the clock; alone or two at a time. Afterwards every transaction is there whole or not at all, every one that a
 * process was told is committed is there, and the record verifies.
 *
 * All that a store holds is a function of the number of transactions, so that what it has to hold is known. (A kill shows
 * atomicity, not what a power cut does: nothing is really synced here.) */
#include "../unit/store/faulty_vfs.h"

#include "ledger/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

enum {
    ROUNDS = 200,
    ROUNDS_A_STORE = 20,
    CASES = 5,
    AT_MOST = 400,          /* transactions of one process */
    BLOB_BYTES = 100 * 1024 /* now and then, so that the log gets long enough to be checkpointed */
};

static char folder[] = "/tmp/guan-kill-XXXXXX";
static char path[64];
static uint64_t seed;

static uint32_t pick(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 33) % n;
}

static void remove_files(void)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-lock", "-journal"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char name[100];
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
}

/* --- what the k-th transaction writes --------------------------------------------------------------------------------------- */

struct work {
    struct store *store;
    struct arena *arena;
    struct guan_error error;
    struct ledger_head head;
    struct case_row kase;
};

static int64_t counter(struct work *w)
{
    const char *text = NULL;
    if (store_info(w->store, w->arena, "counter", &text, &w->error)) return -1;
    return text ? strtoll(text, NULL, 10) : 0;
}

static int append_entry(struct work *w, const char *kind, int64_t k)
{
    struct value *entry = value_map(w->arena);
    char rec[INSTANT_TEXT];
    instant_format(k * MS_SECOND, rec);
    value_set_text(w->arena, entry, "kind", kind);
    value_set_text(w->arena, entry, "rec", rec);
    value_set_int(w->arena, entry, "k", k);
    return ledger_append(w->store, &w->head, &w->kase, w->arena, entry, &w->error);
}

static int write_timers(struct work *w, int64_t k)
{
    const struct timer_row row = {
        .session = "journey#1", .name = arena_printf(w->arena, "t%d", (int)(k % 3)), .instance = "", .due = k};
    int code = store_timer_set(w->store, w->kase.id, &row, &w->error);
    if (code) return code;
    return store_timer_remove(w->store, w->kase.id, "journey#1", arena_printf(w->arena, "t%d", (int)((k + 1) % 3)), "",
                              &w->error);
}

static int write_rows(struct work *w, int64_t k)
{
    const char *text = arena_printf(w->arena, "{\"k\":%lld,\"pad\":\"%01000lld\"}", (long long)k, (long long)k);
    const struct session_row session = {.id = "journey#1",
                                        .process = "journey",
                                        .snapshot = text,
                                        .snapshot_length = strlen(text),
                                        .facts = "{}",
                                        .facts_length = 2};
    w->kase.state = text;
    w->kase.state_length = strlen(text);
    int code = store_session_save(w->store, w->kase.id, 1, &session, &w->error);
    if (!code) code = store_case_save(w->store, &w->kase, &w->error);
    if (!code) code = store_head_save(w->store, &w->head, &w->error);
    if (!code) code = store_info_set(w->store, "counter", arena_printf(w->arena, "%lld", (long long)k), &w->error);
    return code;
}

static int write_blob(struct work *w, int64_t k)
{
    if (k % 4) return GUAN_OK;
    char *bytes = arena_alloc(w->arena, BLOB_BYTES);
    if (!bytes) return GUAN_FAILED;
    memset(bytes, (int)k, BLOB_BYTES);
    memcpy(bytes, &k, sizeof k);
    struct hash hash;
    hash_bytes(bytes, BLOB_BYTES, &hash);
    return store_blob_put(w->store, &hash, bytes, BLOB_BYTES, &w->error);
}

/* Returns the number of the transaction, or -1. */
static int64_t transact(struct work *w)
{
    if (store_begin(w->store, true, &w->error)) return -1;
    int64_t k = counter(w) + 1;
    const char *id = arena_printf(w->arena, "c%d", (int)(k % CASES));
    int code = store_head(w->store, &w->head, &w->error);
    if (!code && store_case(w->store, w->arena, id, &w->kase, &w->error)) {
        w->kase = (struct case_row){.id = id, .dealer = "base", .process = "journey", .state = "{}", .state_length = 2};
        code = store_case_add(w->store, &w->kase, &w->error);
    }
    if (!code) code = append_entry(w, "step", k);
    if (!code) code = write_blob(w, k);
    if (!code) code = append_entry(w, "transition", k);
    if (!code) code = write_timers(w, k);
    if (!code) code = write_rows(w, k);
    if (!code) code = store_commit(w->store, &w->error);
    return code ? -1 : k;
}

/* --- a process that will be killed ----------------------------------------------------------------------------------------- */

static void live(int tell, long countdown)
{
    struct work w = {.arena = arena_new()};
    if (countdown) faulty_set(countdown, FAULTY_KILL);
    if (store_open(path, &w.store, &w.error)) _exit(3);
    for (int i = 0; i < AT_MOST; i++) {
        int64_t k = transact(&w);
        if (k < 0) _exit(4);
        if (write(tell, &k, sizeof k) != sizeof k) _exit(5);
        arena_reset(w.arena);
    }
    _exit(0);
}

static pid_t start(int pipe_ends[2], long countdown)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(pipe_ends[0]);
        live(pipe_ends[1], countdown);
    }
    return child;
}

/* Waits for the end; a process ends by a kill, or because it has done all. */
static bool ended_as_meant(pid_t child)
{
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) || (WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* One round; returns the last transaction that a process was told is committed. */
static int64_t run_and_kill(void)
{
    int ends[2], count = pick(3) == 0 ? 2 : 1;
    pid_t children[2] = {0};
    bool by_clock = pick(2) == 0;
    assert_int_equal(pipe(ends), 0);
    for (int i = 0; i < count; i++) children[i] = start(ends, by_clock ? 0 : 1 + (long)pick(pick(4) ? 300 : 3000));
    close(ends[1]);
    for (int i = 0; by_clock && i < count; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 1000L * pick(15000)}, NULL);
        kill(children[i], SIGKILL);
    }
    int64_t k, told = 0;
    while (read(ends[0], &k, sizeof k) == sizeof k)
        if (k > told) told = k;
    close(ends[0]);
    for (int i = 0; i < count; i++) assert_true(ended_as_meant(children[i]));
    return told;
}

/* --- what has to be there ------------------------------------------------------------------------------------------------------
 */

static bool says(const char *text, int64_t k)
{
    char begin[40];
    int length = snprintf(begin, sizeof begin, "{\"k\":%lld,", (long long)k);
    return text && strncmp(text, begin, (size_t)length) == 0;
}

static void check_case(struct work *w, int which, int64_t last)
{
    struct session_row *sessions;
    struct timer_row *timers;
    size_t session_count, timer_count, expected = 0;
    int64_t due[3] = {0, 0, 0}, newest = 0, count = 0;
    for (int64_t k = 1; k <= last; k++) {
        if (k % CASES != which) continue;
        due[k % 3] = k;
        due[(k + 1) % 3] = 0;
        newest = k;
        count++;
    }
    char id[16];
    snprintf(id, sizeof id, "c%d", which);
    int code = store_case(w->store, w->arena, id, &w->kase, &w->error);
    assert_int_equal(code, newest ? GUAN_OK : GUAN_USAGE);
    assert_int_equal(store_sessions(w->store, w->arena, id, &sessions, &session_count, &w->error), GUAN_OK);
    assert_int_equal(store_timers(w->store, w->arena, id, &timers, &timer_count, &w->error), GUAN_OK);
    for (int i = 0; i < 3; i++) {
        if (!due[i]) continue;
        expected++;
        bool found = false;
        for (size_t t = 0; t < timer_count; t++) found = found || (timers[t].name[1] == '0' + i && timers[t].due == due[i]);
        assert_true(found);
    }
    assert_int_equal(timer_count, expected);
    assert_int_equal(session_count, newest ? 1 : 0);
    if (!newest) return;
    assert_true(says(w->kase.state, newest) && says(sessions[0].snapshot, newest));
    assert_int_equal(w->kase.n, 2 * count);
}

static void check_store(int64_t told)
{
    struct work w = {.arena = arena_new()};
    struct ledger_report report;
    if (store_open(path, &w.store, &w.error)) fail_msg("%s", w.error.text);
    assert_int_equal(store_begin(w.store, false, &w.error), GUAN_OK);
    int64_t last = counter(&w);
    if (last < told) fail_msg("transaction %lld was told to be committed, %lld are there", (long long)told, (long long)last);
    if (ledger_verify(w.store, NULL, &report, &w.error)) fail_msg("%s", report.text);
    assert_int_equal(report.entries, 2 * last);
    for (int i = 0; i < CASES; i++) check_case(&w, i, last);
    store_close(w.store);
    arena_free(w.arena);
}

static void a_killed_writer_leaves_whole_transactions(void **state)
{
    (void)state;
    struct guan_error error;
    int64_t told = 0, all = 0;
    for (int round = 0; round < ROUNDS; round++) {
        if (round % ROUNDS_A_STORE == 0) {
            remove_files();
            faulty_set(0, 0);
            assert_int_equal(store_create(path, 0, &error), GUAN_OK);
            all += told;
            told = 0;
        }
        int64_t now = run_and_kill();
        if (now > told) told = now;
        check_store(told);
    }
    assert_true(all > ROUNDS); /* they got something done before they died */
}

/* Killed in its first write, its second, … until it gets through. */
static void a_store_that_was_being_made_can_be_made(void **state)
{
    (void)state;
    struct guan_error error;
    int status = SIGKILL;
    long n = 0;
    while (!WIFEXITED(status)) {
        remove_files();
        n++;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            faulty_set(n, FAULTY_KILL);
            _exit(store_create(path, 0, &error) == GUAN_OK ? 0 : 1);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        int code = store_create(path, 0, &error);
        assert_true(code == GUAN_OK || strcmp(error.rule, "store-exists") == 0);
        check_store(0);
    }
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_true(n > 20);
}

int main(void)
{
    const char *text = getenv("GUAN_SEED");
    seed = text ? strtoull(text, NULL, 10) : UINT64_C(20260307);
    if (!seed) seed = 1;
    print_message("seed %llu\n", (unsigned long long)seed);
    if (!mkdtemp(folder)) return 1;
    snprintf(path, sizeof path, "%s/guan.db", folder);
    faulty_install();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_writer_leaves_whole_transactions),
        cmocka_unit_test(a_store_that_was_being_made_can_be_made),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove_files();
    rmdir(folder);
    return failed;
}
