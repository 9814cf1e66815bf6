/* What one `do` costs in all: the flow judged, Lua run, entries hashed, rows written, one durable commit; against plain SQLite
 * that commits a row of as many bytes, in turn on the same disk. Only guan.h is used, as a server would.
 *
 * usage: bench_command [STEPS] */
#include "bench.h"

#include <sqlite3.h>
#include <sys/stat.h>

enum { FRAME_BYTES = 4096 + 24, PLAIN_BYTES = 1500 };

static long long size_of(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? (long long)status.st_size : 0;
}

static void step(struct guan *guan, const char *kase, unsigned number)
{
    char at[40];
    struct guan_error error;
    snprintf(at, sizeof at, "2026-03-07T%02u:%02u:%02u.%03u", 10 + number / 3600000 % 12, number / 60000 % 60, number / 1000 % 60,
             number % 1000);
    struct guan_command command = {.verb = GUAN_STEP, .kase = kase, .name = "go", .actor = "林涛", .at = at};
    const struct guan_pair odo = {"odo", "3412"};
    command.fields = &odo;
    command.field_count = 1;
    if (guan_command(guan, &command, NULL, &error) != GUAN_OK) bench_die("do", &error);
}

static sqlite3 *plain_open(const char *path, sqlite3_stmt **insert)
{
    sqlite3 *db;
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; CREATE TABLE t(id INTEGER "
                     "PRIMARY KEY, b BLOB)",
                     NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "INSERT INTO t(b) VALUES(?)", -1, insert, NULL) != SQLITE_OK)
        bench_die("sqlite", NULL);
    return db;
}

static void plain_step(sqlite3 *db, sqlite3_stmt *insert, const char *bytes)
{
    if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK) bench_die("begin", NULL);
    sqlite3_bind_blob(insert, 1, bytes, PLAIN_BYTES, SQLITE_STATIC);
    if (sqlite3_step(insert) != SQLITE_DONE || sqlite3_reset(insert) != SQLITE_OK) bench_die("insert", NULL);
    if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK) bench_die("commit", NULL);
}

int main(int argc, char **argv)
{
    size_t steps = argc > 1 ? strtoul(argv[1], NULL, 10) : 2000;
    char dir[] = "guan-bench-XXXXXX", path[64], wal[80], plain_path[64], kase[BENCH_CASE] = "", bytes[PLAIN_BYTES];
    struct guan_error error;
    struct guan *guan;
    struct guan_sink none = {bench_drop, NULL}, keep = {bench_keep_case, kase};
    if (!mkdtemp(dir)) bench_die("mkdtemp", NULL);
    snprintf(path, sizeof path, "%s/guan.db", dir);
    snprintf(wal, sizeof wal, "%s-wal", path);
    snprintf(plain_path, sizeof plain_path, "%s/plain.db", dir);
    memset(bytes, 'x', sizeof bytes);
    if (guan_init(path, GUAN_VIRTUAL, &error) != GUAN_OK || guan_open(path, &guan, &error) != GUAN_OK) bench_die("init", &error);
    if (guan_deploy(guan, SOURCE_DIR "/tests/bench/bundle", &none, &error) != GUAN_OK) bench_die("deploy", &error);
    const struct guan_pair party = {"王磊", "customer"};
    struct guan_command open = {.verb = GUAN_OPEN,
                                .name = "bench",
                                .actor = "林涛",
                                .dealer = "base",
                                .at = "2026-03-07T09:00:00",
                                .parties = &party,
                                .party_count = 1};
    if (guan_command(guan, &open, &keep, &error) != GUAN_OK) bench_die("open", &error);
    sqlite3_stmt *insert;
    sqlite3 *db = plain_open(plain_path, &insert);
    double *ours = bench_alloc(steps, sizeof *ours), *plain = bench_alloc(steps, sizeof *plain), spent = 0;
    long long before = size_of(wal), frames = 0, commits = 0;
    for (size_t i = 0; i < steps; i++) {
        double start = bench_seconds(), start_cpu = bench_cpu();
        step(guan, kase, (unsigned)i);
        spent += bench_cpu() - start_cpu;
        ours[i] = bench_seconds() - start;
        long long after = size_of(wal);
        if (after > before) frames += (after - before) / FRAME_BYTES, commits++; /* a checkpoint made it shorter: not counted */
        before = after;
        start = bench_seconds();
        plain_step(db, insert, bytes);
        plain[i] = bench_seconds() - start;
    }
    double p50 = bench_median(ours, steps), plain_p50 = bench_median(plain, steps);
    printf("%zu steps, one durable commit each: p50 %.0f us; plain SQLite with a row of %d bytes: p50 %.0f us; ratio %.2f\n",
           steps, p50 * 1e6, (int)PLAIN_BYTES, plain_p50 * 1e6, p50 / plain_p50);
    printf("CPU a step (with the kernel's share of the commit): %.0f us; pages a commit: %.1f\n", spent / (double)steps * 1e6,
           commits ? (double)frames / (double)commits : 0.0);
    sqlite3_finalize(insert);
    sqlite3_close(db);
    guan_close(guan);
    if (sqlite3_open(path, &db) == SQLITE_OK) sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_close(db);
    printf("store: %lld bytes in all, %.0f a step\n", size_of(path), (double)size_of(path) / (double)steps);
    free(ours);
    free(plain);
    bench_remove(dir);
    return 0;
}
