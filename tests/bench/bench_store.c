/* What durability and the record cost: a typical step through store and ledger, one commit each, against plain SQLite writing the
 * same rows without hashes, one after the other in one run on one disk. Then how quickly the record is verified.
 *
 * usage: bench_store [STEPS [CASES [ENTRIES]]] */
#include "bench.h"

#include "ledger/ledger.h"

#include <sqlite3.h>
#include <sys/stat.h>

#define HOUSE "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" /* of nothing */

enum { FRAME_BYTES = 4096 + 24, SNAPSHOT_BYTES = 1100, FACTS_BYTES = 436, STATE_BYTES = 400 };

static char folder[] = "guan-bench-XXXXXX";
static uint64_t seed = 20260307;

static uint32_t pick(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 33) % n;
}

static const char *file_of(const char *name, const char *ending)
{
    static char path[100];
    snprintf(path, sizeof path, "%s/%s.db%s", folder, name, ending);
    return path;
}

static long long file_size(const char *name, const char *ending)
{
    struct stat status;
    return stat(file_of(name, ending), &status) == 0 ? (long long)status.st_size : 0;
}

static void remove_files(const char *name)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-lock"};
    for (size_t i = 0; i < 4; i++) unlink(file_of(name, endings[i]));
}

/* What was measured of one way to write. */
struct series {
    double *wall; /* of each commit */
    double cpu;
    long long pages, commits_counted;
    size_t count;
};

/* The rows of a step. */
struct texts {
    char snapshot[SNAPSHOT_BYTES], facts[FACTS_BYTES], state[STATE_BYTES], entry1[600], entry2[600];
    size_t entry1_length, entry2_length;
};

static void fill(char *out, size_t size, uint64_t number)
{
    memset(out, 'x', size);
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%020llu", (unsigned long long)number);
    memcpy(out, digits, (size_t)length);
}

static void case_name(char out[24], uint32_t number)
{
    snprintf(out, 24, "260307-%06x", number * 2654435761u >> 8);
}

/* --- ours ----------------------------------------------------------------------------------------------------------------------
 */

static struct value *step_entry(struct arena *arena, uint64_t number, bool acting)
{
    struct value *entry = value_map(arena);
    char rec[INSTANT_TEXT];
    instant_format(INT64_C(1772852520000) + (int64_t)number, rec);
    value_set_text(arena, entry, "kind", acting ? "step" : "transition");
    value_set(arena, entry, "cause", value_printf(arena, "01HV%022llu", (unsigned long long)number));
    value_set_int(arena, entry, "sem", 1);
    value_set_text(arena, entry, "sess", "test-drive#1");
    value_set_text(arena, entry, acting ? "step" : "from", acting ? "confirm" : "appointed");
    value_set_text(arena, entry, acting ? "at" : "to", acting ? rec : "confirmed");
    value_set_text(arena, entry, "rec", rec);
    if (!acting) return entry;
    value_set_text(arena, entry, "actor", "staff:12");
    value_set_text(arena, entry, "auth", "os:1000");
    value_set_text(arena, entry, "role", "sales_consultant");
    struct value *clauses = value_list(arena), *form = value_map(arena);
    value_add(arena, clauses, value_text(arena, "CS-4.3.2"));
    value_set(arena, entry, "clause", clauses);
    value_set_text(arena, form, "channel", "phone");
    value_set_text(arena, form, "slot", "2026-03-08T02:00:00.000Z");
    value_set(arena, entry, "form", form);
    value_set_text(arena, entry, "house", HOUSE);
    return entry;
}

static int save_rows(struct store *store, struct case_row *kase, const struct texts *texts, uint64_t number,
                     struct guan_error *error)
{
    const struct session_row session = {.id = "test-drive#1",
                                        .parent = "journey#1",
                                        .process = "test-drive",
                                        .snapshot = texts->snapshot,
                                        .snapshot_length = SNAPSHOT_BYTES,
                                        .facts = texts->facts,
                                        .facts_length = FACTS_BYTES};
    const struct timer_row set = {.session = "test-drive#1",
                                  .name = number % 2 ? "deadline:confirm" : "deadline:checkin",
                                  .instance = "",
                                  .due = INT64_C(1772852520000) + pick(1u << 30)};
    const char *remove = number % 2 ? "deadline:checkin" : "deadline:confirm";
    kase->state = texts->state;
    kase->state_length = STATE_BYTES;
    int code = store_session_save(store, kase->id, 2, &session, error);
    if (!code) code = store_timer_set(store, kase->id, &set, error);
    if (!code) code = store_timer_remove(store, kase->id, "test-drive#1", remove, "", error);
    if (!code) code = store_case_save(store, kase, error);
    return code;
}

static void our_step(struct store *store, struct arena *arena, const char *id, const struct texts *texts, uint64_t number)
{
    struct guan_error error;
    struct ledger_head head;
    struct case_row kase;
    int code = store_begin(store, true, &error);
    if (!code) code = store_head(store, &head, &error);
    if (!code) code = store_case(store, arena, id, &kase, &error);
    if (!code) code = ledger_append(store, &head, &kase, arena, step_entry(arena, number, true), &error);
    if (!code) code = ledger_append(store, &head, &kase, arena, step_entry(arena, number, false), &error);
    if (!code) code = save_rows(store, &kase, texts, number, &error);
    if (!code) code = store_head_save(store, &head, &error);
    if (!code) code = store_commit(store, &error);
    if (code) bench_die("step", &error);
    arena_reset(arena);
}

/* `cases` cases, each with an entry, a session and two timers besides those that the steps move. */
static struct store *our_store(uint32_t cases, struct texts *texts)
{
    struct guan_error error;
    struct store *store;
    struct ledger_head head;
    struct arena *arena = arena_new();
    int code = store_open_new(file_of("ours", ""), STORE_VIRTUAL, &store, &error);
    if (code) bench_die("create", &error);
    code = store_begin(store, true, &error);
    if (!code) code = store_head(store, &head, &error);
    for (uint32_t i = 0; !code && i < cases; i++) {
        char id[24];
        case_name(id, i);
        struct case_row kase = {
            .id = id, .dealer = "base", .process = "journey", .state = texts->state, .state_length = STATE_BYTES};
        hash_bytes(id, strlen(id), &kase.key);
        code = store_case_add(store, &kase, &error);
        if (!code) code = ledger_append(store, &head, &kase, arena, step_entry(arena, 0, true), &error);
        if (!code) code = save_rows(store, &kase, texts, i, &error);
        for (int t = 0; !code && t < 2; t++) {
            const struct timer_row timer = {.session = "journey#1",
                                            .name = t ? "deadline:greet" : "deadline:care",
                                            .instance = "",
                                            .due = INT64_C(1772852520000) + pick(1u << 30)};
            code = store_timer_set(store, id, &timer, &error);
        }
        arena_reset(arena);
    }
    if (!code) code = store_head_save(store, &head, &error);
    if (!code) code = store_commit(store, &error);
    if (code) bench_die("fill", &error);
    arena_free(arena);
    return store;
}

/* --- plain SQLite
 * --------------------------------------------------------------------------------------------------------------- */

enum { P_BEGIN, P_COMMIT, P_SIZE, P_CASE, P_ENTRY, P_SESSION, P_TIMER, P_UNTIMER, P_SAVE, P_DUE, P_COUNT };

struct plain {
    sqlite3 *db;
    sqlite3_stmt *statements[P_COUNT];
    int64_t size;
};

static sqlite3_stmt *plain_run(struct plain *plain, int which)
{
    int result = sqlite3_step(plain->statements[which]);
    if (result != SQLITE_DONE && result != SQLITE_ROW) bench_die(sqlite3_errmsg(plain->db), NULL);
    sqlite3_reset(plain->statements[which]);
    return plain->statements[which];
}

/* The same file, made by us and copied: the same tables, rows and indexes. */
static void plain_open(struct plain *plain, int64_t size)
{
    static const char *const sql[P_COUNT] = {
        "BEGIN IMMEDIATE",
        "COMMIT",
        "SELECT idx FROM entries ORDER BY idx DESC LIMIT 1",
        "SELECT * FROM cases WHERE id = ?",
        "INSERT INTO entries VALUES (?, ?, ?, ?, ?)",
        "UPDATE sessions SET snapshot = ?, facts = ? WHERE kase = ? AND ord = 2",
        "INSERT OR REPLACE INTO timers VALUES (?, 'test-drive#1', ?, '', ?, NULL)",
        "DELETE FROM timers WHERE kase = ? AND session = 'test-drive#1' AND name = ? AND instance = ''",
        "UPDATE cases SET n = n + 2, last = ?, head = ?, rec = ?, state = ? WHERE id = ?",
        "UPDATE cases SET due = earliest.due FROM (SELECT min(due) AS due FROM timers WHERE kase = ?1) AS earliest WHERE id = ?1 "
        "AND "
        "cases.due IS NOT earliest.due",
    };
    if (sqlite3_open(file_of("plain", ""), &plain->db) != SQLITE_OK) bench_die("plain", NULL);
    sqlite3_exec(plain->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", NULL, NULL, NULL);
    for (int i = 0; i < P_COUNT; i++)
        if (sqlite3_prepare_v2(plain->db, sql[i], -1, &plain->statements[i], NULL) != SQLITE_OK)
            bench_die(sqlite3_errmsg(plain->db), NULL);
    plain->size = size;
}

static void plain_entry(struct plain *plain, const char *bytes, size_t length)
{
    sqlite3_stmt *s = plain->statements[P_ENTRY];
    sqlite3_bind_int64(s, 1, plain->size++);
    sqlite3_bind_int64(s, 2, plain->size / 2);
    sqlite3_bind_blob(s, 3, bytes, HASH_BYTES, SQLITE_STATIC);
    if (plain->size % 2) sqlite3_bind_null(s, 4);
    else sqlite3_bind_blob(s, 4, bytes, HASH_BYTES, SQLITE_STATIC);
    sqlite3_bind_blob(s, 5, bytes, (int)length, SQLITE_STATIC);
    plain_run(plain, P_ENTRY);
}

static void plain_timers(struct plain *plain, const char *id, uint64_t number)
{
    sqlite3_stmt *s = plain->statements[P_TIMER];
    sqlite3_bind_text(s, 1, id, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 2, number % 2 ? "deadline:confirm" : "deadline:checkin", -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 3, INT64_C(1772852520000) + pick(1u << 30));
    plain_run(plain, P_TIMER);
    s = plain->statements[P_UNTIMER];
    sqlite3_bind_text(s, 1, id, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 2, number % 2 ? "deadline:checkin" : "deadline:confirm", -1, SQLITE_STATIC);
    plain_run(plain, P_UNTIMER);
}

static void plain_step(struct plain *plain, const char *id, const struct texts *texts, uint64_t number)
{
    char head[HASH_BYTES];
    fill(head, sizeof head, number);
    plain_run(plain, P_BEGIN);
    plain_run(plain, P_SIZE);
    sqlite3_bind_text(plain->statements[P_CASE], 1, id, -1, SQLITE_STATIC);
    plain_run(plain, P_CASE);
    plain_entry(plain, texts->entry1, texts->entry1_length);
    plain_entry(plain, texts->entry2, texts->entry2_length);
    sqlite3_stmt *s = plain->statements[P_SESSION];
    sqlite3_bind_text(s, 1, texts->snapshot, SNAPSHOT_BYTES, SQLITE_STATIC);
    sqlite3_bind_text(s, 2, texts->facts, FACTS_BYTES, SQLITE_STATIC);
    sqlite3_bind_text(s, 3, id, -1, SQLITE_STATIC);
    plain_run(plain, P_SESSION);
    plain_timers(plain, id, number);
    s = plain->statements[P_SAVE];
    sqlite3_bind_int64(s, 1, plain->size - 1);
    sqlite3_bind_blob(s, 2, head, HASH_BYTES, SQLITE_STATIC);
    sqlite3_bind_int64(s, 3, INT64_C(1772852520000) + (int64_t)number);
    sqlite3_bind_text(s, 4, texts->state, STATE_BYTES, SQLITE_STATIC);
    sqlite3_bind_text(s, 5, id, -1, SQLITE_STATIC);
    plain_run(plain, P_SAVE);
    sqlite3_bind_text(plain->statements[P_DUE], 1, id, -1, SQLITE_STATIC);
    plain_run(plain, P_DUE);
    plain_run(plain, P_COMMIT);
}

static void plain_close(struct plain *plain)
{
    for (int i = 0; i < P_COUNT; i++) sqlite3_finalize(plain->statements[i]);
    sqlite3_close(plain->db);
}

/* --- the two in turn
 * -------------------------------------------------------------------------------------------------------------- */

struct moment {
    double wall, cpu;
    long long log;
};

static struct moment now(const char *name)
{
    return (struct moment){bench_seconds(), bench_cpu(), file_size(name, "-wal")};
}

static void count(struct series *series, struct moment before, struct moment after)
{
    series->wall[series->count++] = after.wall - before.wall;
    series->cpu += after.cpu - before.cpu;
    if (after.log <= before.log) return; /* the log was emptied or begun anew in between */
    series->pages += (after.log - before.log + FRAME_BYTES / 2) / FRAME_BYTES;
    series->commits_counted++;
}

static void copy_file(const char *from, const char *to)
{
    sqlite3 *a = NULL, *b = NULL;
    if (sqlite3_open(file_of(from, ""), &a) || sqlite3_open(file_of(to, ""), &b)) bench_die("copy", NULL);
    sqlite3_backup *backup = sqlite3_backup_init(b, "main", a, "main");
    if (!backup || sqlite3_backup_step(backup, -1) != SQLITE_DONE) bench_die("copy", NULL);
    sqlite3_backup_finish(backup);
    sqlite3_close(b);
    sqlite3_close(a);
}

static void report(const char *name, struct series *series)
{
    printf("  %-6s p50 %7.1f µs  p99 %7.1f µs  CPU %5.1f µs  %.2f pages a commit\n", name,
           bench_quantile(series->wall, series->count, 0.5) * 1e6, bench_quantile(series->wall, series->count, 0.99) * 1e6,
           series->cpu / (double)series->count * 1e6,
           (double)series->pages / (double)(series->commits_counted ? series->commits_counted : 1));
}

/* The bytes of two entries of a step, as the other side writes them. */
static void learn_entries(struct texts *texts)
{
    struct arena *arena = arena_new();
    struct buffer out = {0};
    for (int i = 0; i < 2; i++) {
        struct value *entry = step_entry(arena, 1, i == 0);
        value_set_int(arena, entry, "v", 1);
        value_set_int(arena, entry, "n", 100);
        value_set_text(arena, entry, "case", "260307-000000");
        value_set_text(arena, entry, "prev", "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0");
        buffer_clear(&out);
        if (json_write_record(&out, entry, NULL) || out.length > sizeof texts->entry1) bench_die("entry", NULL);
        memcpy(i ? texts->entry2 : texts->entry1, out.data, out.length);
        *(i ? &texts->entry2_length : &texts->entry1_length) = out.length;
    }
    buffer_release(&out);
    arena_free(arena);
}

static void bench_steps(size_t steps, uint32_t cases)
{
    static struct texts texts;
    struct plain plain = {0};
    struct series ours = {.wall = bench_alloc(steps, sizeof(double))}, theirs = {.wall = bench_alloc(steps, sizeof(double))};
    fill(texts.snapshot, SNAPSHOT_BYTES, 0);
    fill(texts.facts, FACTS_BYTES, 0);
    fill(texts.state, STATE_BYTES, 0);
    learn_entries(&texts);
    struct store *store = our_store(cases, &texts);
    copy_file("ours", "plain");
    plain_open(&plain, cases);
    struct arena *arena = arena_new();
    for (size_t i = 0; i < steps; i++) {
        char id[24];
        case_name(id, pick(cases));
        fill(texts.snapshot, SNAPSHOT_BYTES, i);
        struct moment before = now("ours");
        our_step(store, arena, id, &texts, i);
        count(&ours, before, now("ours"));
        before = now("plain");
        plain_step(&plain, id, &texts, i);
        count(&theirs, before, now("plain"));
    }
    store_close(store);
    plain_close(&plain);
    arena_free(arena);
    printf("durable steps: %zu, in turn, over %u cases; entries of %zu + %zu bytes, a session of %d\n", steps, cases,
           texts.entry1_length, texts.entry2_length, SNAPSHOT_BYTES + FACTS_BYTES);
    report("guan", &ours);
    report("SQLite", &theirs);
    printf("  ratio of p50 %.2f; CPU more a step %.1f µs\n",
           bench_quantile(ours.wall, ours.count, 0.5) / bench_quantile(theirs.wall, theirs.count, 0.5),
           (ours.cpu - theirs.cpu) / (double)steps * 1e6);
    free(ours.wall);
    free(theirs.wall);
}

/* --- the file, a cold opening
 * ------------------------------------------------------------------------------------------------------ */

static void bench_file(size_t steps, uint32_t cases)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    long long bytes = 0, entries = 1;
    if (sqlite3_open(file_of("ours", ""), &db) != SQLITE_OK) bench_die("file", NULL);
    if (sqlite3_prepare_v2(db, "SELECT sum(pgsize) FROM dbstat WHERE name = 'entries'", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        bytes = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    entries = (long long)(2 * steps) + cases;
    sqlite3_close(db);
    if (bytes)
        printf("store: %.0f bytes an entry, %.0f a step of two\n", (double)bytes / (double)entries,
               2.0 * (double)bytes / (double)entries);
}

static void bench_opening(void)
{
    struct guan_error error;
    struct store *store;
    struct ledger_head head;
    double best = 1e9;
    for (int i = 0; i < 50; i++) {
        double start = bench_seconds();
        int code = store_open(file_of("ours", ""), &store, &error);
        if (!code) code = store_begin(store, false, &error);
        if (!code) code = store_head(store, &head, &error);
        if (code) bench_die("open", &error);
        store_close(store);
        double took = bench_seconds() - start;
        if (took < best) best = took;
    }
    printf("opening a store, cold, with %.1f MiB of log: %.2f ms\n", (double)file_size("ours", "-wal") / 1048576.0, best * 1e3);
}

/* --- verification
 * ------------------------------------------------------------------------------------------------------------------- */

static void add_digest(struct store *store, struct arena *arena, const char *kase, struct value *entry, uint64_t number)
{
    unsigned char salt[16] = {0};
    struct hash digest;
    struct guan_error error;
    const char *text;
    char hex[HASH_HEX];
    memcpy(salt, &number, sizeof number);
    int code = personal_disclose(arena, salt, "form.note", value_text(arena, "王磊 13800138000"), &digest, &text, &error);
    if (!code) code = store_disclosure_put(store, kase, &digest, text, &error);
    if (code) bench_die("disclose", &error);
    hash_hex(&digest, hex);
    struct value *sd = value_list(arena);
    value_add(arena, sd, value_text(arena, hex));
    value_set(arena, entry, "sd", sd);
}

/* A house of no files, published: entries name it. */
static int publish_house(struct store *store, struct arena *arena, struct ledger_head *head, struct guan_error *error)
{
    struct hash hash;
    struct case_row own;
    struct value *entry = value_map(arena);
    value_set_text(arena, entry, "kind", "publish");
    value_set_text(arena, entry, "rec", "2026-01-01T00:00:00.000Z");
    value_set_text(arena, entry, "house", HOUSE);
    int code = hash_from_hex(HOUSE, &hash) ? store_blob_put(store, &hash, "", 0, error) : GUAN_FAILED;
    if (!code) code = store_case(store, arena, "-", &own, error);
    if (!code) code = ledger_append(store, head, &own, arena, entry, error);
    return code ? code : store_case_save(store, &own, error);
}

static void bench_verify(uint64_t entries, unsigned personal_every)
{
    enum { BUSY = 200 };
    struct guan_error error;
    struct store *store;
    struct ledger_head head = {0};
    struct case_row cases[BUSY];
    char ids[BUSY][24];
    struct arena *arena = arena_new();
    remove_files("verify");
    int code = store_open_new(file_of("verify", ""), STORE_VIRTUAL, &store, &error);
    if (!code) code = store_begin(store, true, &error);
    for (uint32_t i = 0; !code && i < BUSY; i++) {
        case_name(ids[i], i);
        cases[i] = (struct case_row){.id = ids[i], .dealer = "base", .process = "journey", .state = "{}", .state_length = 2};
        code = store_case_add(store, &cases[i], &error);
    }
    if (!code) code = publish_house(store, arena, &head, &error);
    for (uint64_t i = 0; !code && i < entries; i++) {
        struct value *entry = step_entry(arena, i, i % 2 == 0);
        uint32_t which = (uint32_t)(i / 2 * 7 % BUSY); /* two entries of a case, then of another */
        if (personal_every && i % personal_every == 0) add_digest(store, arena, ids[which], entry, i);
        code = ledger_append(store, &head, &cases[which], arena, entry, &error);
        arena_reset(arena);
    }
    for (uint32_t i = 0; !code && i < BUSY; i++) code = store_case_save(store, &cases[i], &error);
    if (!code) code = store_head_save(store, &head, &error);
    if (!code) code = store_commit(store, &error);
    if (!code) code = store_begin(store, false, &error);
    if (code) bench_die("journal", &error);
    double best = 1e9, cpu = 1e9;
    for (int round = 0; round < 3; round++) {
        struct ledger_report result;
        double start = bench_seconds(), start_cpu = bench_cpu();
        if (ledger_verify(store, NULL, &result, &error)) bench_die(result.text, &error);
        double took = bench_seconds() - start, took_cpu = bench_cpu() - start_cpu;
        if (took < best) best = took;
        if (took_cpu < cpu) cpu = took_cpu;
    }
    store_rollback(store);
    store_close(store);
    arena_free(arena);
    printf("verify: %.0f entries/s, %.0f by CPU time (%llu entries", (double)entries / best, (double)entries / cpu,
           (unsigned long long)entries);
    printf(personal_every ? ", a personal value in every %uth)\n" : ")\n", personal_every);
}

static unsigned long argument(int argc, char **argv, int which, unsigned long otherwise)
{
    unsigned long number = which < argc ? strtoul(argv[which], NULL, 10) : 0;
    return number ? number : otherwise;
}

int main(int argc, char **argv)
{
    size_t steps = argument(argc, argv, 1, 2000);
    uint32_t cases = (uint32_t)argument(argc, argv, 2, 2000);
    uint64_t entries = argument(argc, argv, 3, 200000);
    if (!mkdtemp(folder)) bench_die("folder", NULL);
    bench_steps(steps, cases);
    bench_file(steps, cases);
    bench_opening();
    bench_verify(entries, 0);
    bench_verify(entries, 4);
    remove_files("ours");
    remove_files("plain");
    remove_files("verify");
    rmdir(folder);
    return 0;
}
