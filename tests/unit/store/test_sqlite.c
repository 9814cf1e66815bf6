/* What is SQLite's own: which files are taken for a store, the lock among processes, the log, and a disk or memory that fails. */
#include "contract.h"
#include "faulty_vfs.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/guan-sqlite-XXXXXX";
static char path[64];

/* Memory of SQLite's own: the n-th allocation and all after it fail. */
static struct {
    sqlite3_mem_methods real, ours;
    long countdown, count;
} memory;

static void *failing_malloc(int size)
{
    memory.count++;
    return memory.countdown && memory.count >= memory.countdown ? NULL : memory.real.xMalloc(size);
}

static void *failing_realloc(void *old, int size)
{
    memory.count++;
    return memory.countdown && memory.count >= memory.countdown ? NULL : memory.real.xRealloc(old, size);
}

static void fail_sqlite_memory(long n)
{
    memory.countdown = n;
    memory.count = 0;
}

static const char *file_of(const char *ending)
{
    static char name[100];
    snprintf(name, sizeof name, "%s%s", path, ending);
    return name;
}

static void remove_files(void)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-lock", "-journal"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) unlink(file_of(endings[i]));
}

static int make_file(unsigned flags, struct store **out, struct guan_error *error)
{
    remove_files();
    return store_open_new(path, flags, out, error);
}

static int open_again(struct store **store, struct guan_error *error)
{
    store_close(*store);
    *store = NULL;
    return store_open(path, store, error);
}

static void start_anew(struct fixture *f)
{
    store_close(f->store);
    f->store = NULL;
    OK(make_file(0, &f->store, &f->error));
}

static long long file_size(const char *ending)
{
    struct stat status;
    return stat(file_of(ending), &status) == 0 ? (long long)status.st_size : -1;
}

static void write_file(const char *text)
{
    FILE *file = fopen(path, "wb");
    fputs(text, file);
    fclose(file);
}

/* As anyone with the file could: another connection, all guards off. */
static void tamper(const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static bool file_holds(const char *ending, const char *text)
{
    FILE *file = fopen(file_of(ending), "rb");
    if (!file) return false;
    static char bytes[1 << 20];
    size_t length = fread(bytes, 1, sizeof bytes, file), size = strlen(text);
    fclose(file);
    for (size_t i = 0; i + size <= length; i++)
        if (memcmp(bytes + i, text, size) == 0) return true;
    return false;
}

/* --- which files --------------------------------------------------------------------------------------------------- */

static void a_store_is_made_once(void **state)
{
    struct fixture *f = *state;
    REFUSED(f, store_create(path, 0, &f->error), GUAN_USAGE, "store-exists");
    assert_string_equal(f->error.where, path);
    REFUSED(f, store_create(":memory:", 0, &f->error), GUAN_USAGE, "store-path");
    store_close(f->store);
    f->store = NULL;
    remove_files();
    OK(store_create(path, STORE_VIRTUAL, &f->error));
    OK(store_open(path, &f->store, &f->error));
    assert_int_equal(store_flags(f->store), STORE_VIRTUAL);
}

static void other_files_are_left_alone(void **state)
{
    struct fixture *f = *state;
    struct store *store;
    store_close(f->store);
    f->store = NULL;
    remove_files();
    REFUSED(f, store_open(path, &store, &f->error), GUAN_USAGE, "no-such-store");
    assert_int_equal(file_size(""), -1);
    REFUSED(f, store_open("postgresql://x/y", &store, &f->error), GUAN_USAGE, "no-such-driver");
    REFUSED(f, store_create(folder, 0, &f->error), GUAN_FAILED, "store");
    REFUSED(f, store_create("/tmp/no such folder/x", 0, &f->error), GUAN_FAILED, "store");

    write_file("a shopping list: nothing of ours, long enough to be looked at as a database header would be");
    REFUSED(f, store_open(path, &store, &f->error), GUAN_USAGE, "not-a-store");
    REFUSED(f, store_create(path, 0, &f->error), GUAN_USAGE, "store-exists");
    assert_true(file_holds("", "shopping list"));
    assert_int_equal(file_size("-lock"), -1);

    remove_files();
    tamper("CREATE TABLE other (a)");
    REFUSED(f, store_open(path, &store, &f->error), GUAN_USAGE, "not-a-store");
    REFUSED(f, store_create(path, 0, &f->error), GUAN_USAGE, "store-exists");
    assert_int_equal(file_size("-wal"), -1); /* not even its journal mode is touched */
}

static void an_empty_file_becomes_a_store(void **state)
{
    struct fixture *f = *state;
    store_close(f->store);
    f->store = NULL;
    remove_files();
    write_file("");
    REFUSED(f, store_open(path, &f->store, &f->error), GUAN_USAGE, "not-a-store");
    f->store = NULL;
    OK(store_create(path, 0, &f->error));
    OK(store_open(path, &f->store, &f->error));
}

static void a_store_of_another_version_is_refused(void **state)
{
    struct fixture *f = *state;
    tamper("PRAGMA user_version = 99");
    REFUSED(f, open_again(&f->store, &f->error), GUAN_USAGE, "store-version");
}

static void a_foreign_object_is_found(void **state)
{
    struct fixture *f = *state;
    static const char *const objects[] = {
        "CREATE TRIGGER t AFTER INSERT ON entries BEGIN DELETE FROM entries; END",
        "CREATE VIEW v AS SELECT * FROM entries",
        "CREATE INDEX i ON entries (leaf)",
        "CREATE TABLE extra (a)",
        "DROP INDEX cases_due",
        "DROP TABLE commands",
        "DROP INDEX cases_key; CREATE INDEX cases_key ON cases (key DESC)",
        "ALTER TABLE commands ADD COLUMN more TEXT",
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '') WHERE name = 'entries'",
    };
    for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++) {
        OK(open_again(&f->store, &f->error));
        store_close(f->store);
        f->store = NULL;
        tamper(objects[i]);
        REFUSED(f, open_again(&f->store, &f->error), GUAN_TAMPERED, "schema");
        assert_true(f->error.where[0] != '\0');
        start_anew(f);
    }
}

static void values_of_another_kind_are_found(void **state)
{
    struct fixture *f = *state;
    BEGIN(f);
    write_all(f);
    COMMIT(f);
    tamper("UPDATE entries SET leaf = x'00'");
    struct entry_row row;
    struct ledger_head head;
    OK(store_begin(f->store, false, &f->error));
    REFUSED(f, store_entry(f->store, f->arena, 0, &row, &f->error), GUAN_TAMPERED, "store-corrupt");
    store_rollback(f->store);
    tamper("UPDATE entries SET leaf = zeroblob(32), idx = 5"); /* a ledger of 6, without its roots */
    OK(store_begin(f->store, false, &f->error));
    REFUSED(f, store_head(f->store, &head, &f->error), GUAN_TAMPERED, "store-corrupt");
    store_rollback(f->store);
    tamper("UPDATE info SET value = '9' WHERE key = 'flags'");
    REFUSED(f, open_again(&f->store, &f->error), GUAN_TAMPERED, "store-corrupt");
}

static void personal_data_are_for_the_owner_only(void **state)
{
    struct fixture *f = *state;
    BEGIN(f);
    add_case(f, "c");
    COMMIT(f);
    static const char *const endings[] = {"", "-wal", "-shm", "-lock"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        struct stat status;
        assert_int_equal(stat(file_of(endings[i]), &status), 0);
        assert_int_equal(status.st_mode & 077, 0);
    }
}

static void erased_bytes_leave_the_files(void **state)
{
    struct fixture *f = *state;
    const struct name_row name = {.id = "party:1", .name = "Zhou-Bajie-In-Plain", .role = "customer"};
    BEGIN(f);
    add_case(f, "c");
    OK(store_name_put(f->store, "c", &name, &f->error));
    COMMIT(f);
    assert_true(file_holds("-wal", name.name));
    BEGIN(f);
    OK(store_erase(f->store, "c", &f->error));
    COMMIT(f);
    assert_false(file_holds("", name.name));
    assert_false(file_holds("-wal", name.name));
}

/* --- among processes ----------------------------------------------------------------------------------------------------------
 */

static bool lock_is_free(void)
{
    int file = open(file_of("-lock"), O_RDWR);
    assert_true(file >= 0);
    bool free_now = flock(file, LOCK_EX | LOCK_NB) == 0;
    close(file);
    return free_now;
}

static void one_writer_holds_the_lock(void **state)
{
    struct fixture *f = *state;
    assert_true(lock_is_free());
    BEGIN(f);
    assert_false(lock_is_free());
    COMMIT(f);
    assert_true(lock_is_free());
    BEGIN(f);
    store_rollback(f->store);
    assert_true(lock_is_free());
    OK(store_begin(f->store, false, &f->error));
    assert_true(lock_is_free());
    COMMIT(f);
    const struct timer_row timer = {.session = "s", .name = "n", .instance = "", .due = 5};
    BEGIN(f);
    OK(store_timer_set(f->store, "nobody", &timer, &f->error));
    assert_int_equal(store_commit(f->store, &f->error), GUAN_FAILED);
    assert_true(lock_is_free());
    BEGIN(f);
    store_close(f->store);
    f->store = NULL;
    assert_true(lock_is_free());
}

static void two_ways_to_one_store_are_one_lock(void **state)
{
    struct fixture *f = *state;
    char other[100];
    snprintf(other, sizeof other, "%s/link.db", folder);
    assert_int_equal(symlink(path, other), 0);
    struct store *second;
    OK(store_open(other, &second, &f->error));
    OK(store_begin(second, true, &f->error));
    assert_false(lock_is_free());
    store_close(second);
    unlink(other);
}

static void a_reader_sees_one_moment(void **state)
{
    struct fixture *f = *state;
    struct store *reader;
    struct case_row row;
    OK(store_open(path, &reader, &f->error));
    OK(store_begin(reader, false, &f->error));
    REFUSED(f, store_case(reader, f->arena, "c", &row, &f->error), GUAN_USAGE, "no-such-case");
    BEGIN(f);
    add_case(f, "c");
    COMMIT(f);
    REFUSED(f, store_case(reader, f->arena, "c", &row, &f->error), GUAN_USAGE, "no-such-case");
    OK(store_commit(reader, &f->error));
    OK(store_begin(reader, false, &f->error));
    OK(store_case(reader, f->arena, "c", &row, &f->error));
    store_close(reader);
}

/* --- the log ------------------------------------------------------------------------------------------------------- */

static void put_blob(struct fixture *f, unsigned char seed)
{
    size_t size = 1u << 20;
    char *bytes = test_malloc(size);
    memset(bytes, seed, size);
    struct hash hash;
    hash_bytes(bytes, size, &hash);
    BEGIN(f);
    OK(store_blob_put(f->store, &hash, bytes, size, &f->error));
    COMMIT(f);
    test_free(bytes);
}

static void a_long_log_is_emptied_by_a_commit(void **state)
{
    struct fixture *f = *state;
    put_blob(f, 1);
    put_blob(f, 2);
    assert_true(file_size("-wal") > 2 << 20);
    long long before = file_size("");
    put_blob(f, 3);
    put_blob(f, 4);
    assert_int_equal(file_size("-wal"), 0);
    assert_true(file_size("") > before + (4 << 20) - 4096 * 16);
}

static void closing_leaves_the_log(void **state)
{
    struct fixture *f = *state;
    BEGIN(f);
    write_all(f);
    COMMIT(f);
    long long log = file_size("-wal"), file = file_size("");
    assert_true(log > 0);
    store_close(f->store);
    f->store = NULL;
    assert_int_equal(file_size("-wal"), log);
    assert_int_equal(file_size(""), file);
    OK(store_open(path, &f->store, &f->error));
    assert_int_equal(count_all(f), ALL);
}

static void a_reader_in_the_way_delays_the_emptying_only(void **state)
{
    struct fixture *f = *state;
    struct store *reader;
    struct ledger_head head;
    OK(store_open(path, &reader, &f->error));
    OK(store_begin(reader, false, &f->error));
    OK(store_head(reader, &head, &f->error));
    for (unsigned char i = 1; i <= 5; i++) put_blob(f, i);
    assert_true(file_size("-wal") > 4 << 20);
    OK(store_commit(reader, &f->error));
    put_blob(f, 6);
    assert_int_equal(file_size("-wal"), 0);
    store_close(reader);
}

/* --- when the disk or the memory fails ----------------------------------------------------------------------------- */

/* write_all without demanding success. */
static int try_all(struct fixture *f)
{
    const struct case_row kase = a_case("c");
    const struct session_row session = {.id = "journey#1", .process = "journey", .facts = "", .facts_length = 0};
    const struct timer_row timer = {.session = "journey#1", .name = "n", .instance = "", .due = 5};
    const struct entry_row entry = {.index = 0, .back = UINT64_MAX, .leaf = hash_of("leaf"), .bytes = "{}", .length = 2};
    struct ledger_head head = {.size = 1};
    const struct name_row name = {.id = "party:1", .name = "王磊", .role = "customer"};
    const struct hash hash = hash_of("blob"), digest = hash_of("digest");
    struct guan_error *error = &f->error;
    int code = store_begin(f->store, true, error);
    if (!code) code = store_case_add(f->store, &kase, error);
    if (!code) code = store_info_set(f->store, "origin", "x", error);
    if (!code) code = store_blob_put(f->store, &hash, "blob", 4, error);
    if (!code) code = store_session_save(f->store, "c", 1, &session, error);
    if (!code) code = store_timer_set(f->store, "c", &timer, error);
    if (!code) code = store_entry_add(f->store, &entry, error);
    if (!code) code = store_head_save(f->store, &head, error);
    if (!code) code = store_secret_put(f->store, "c", &digest, error);
    if (!code) code = store_disclosure_put(f->store, "c", &digest, "WyJh", error);
    if (!code) code = store_name_put(f->store, "c", &name, error);
    if (!code) code = store_command_put(f->store, "cmd", "{}", 2, error);
    if (!code) code = store_commit(f->store, error);
    if (code) store_rollback(f->store);
    return code;
}

static void check_whole_or_absent(struct fixture *f, bool told)
{
    OK(open_again(&f->store, &f->error));
    int found = count_all(f);
    if (told) assert_int_equal(found, ALL);
    else assert_true(found == 0 || found == ALL); /* told to have failed, it may still turn out to be on the disk */
}

static void failing_writes(struct fixture *f, int fault)
{
    int code = GUAN_FAILED;
    long n = 1;
    for (; code; n++) {
        start_anew(f);
        faulty_set(n, fault);
        code = try_all(f);
        faulty_set(0, 0);
        if (code) {
            assert_int_equal(code, GUAN_FAILED);
            assert_string_equal(f->error.rule, "store");
            assert_true(lock_is_free());
            OK(store_begin(f->store, true, &f->error)); /* and the handle still works */
            store_rollback(f->store);
        }
        check_whole_or_absent(f, code == GUAN_OK);
    }
    assert_true(n > 5);
}

static void writes_that_fail_are_told(void **state)
{
    failing_writes(*state, SQLITE_IOERR_WRITE);
}

static void a_full_disk_is_told(void **state)
{
    failing_writes(*state, SQLITE_FULL);
}

static void making_a_store_on_a_failing_disk_can_be_tried_again(void **state)
{
    struct fixture *f = *state;
    int code = GUAN_FAILED;
    long n = 1;
    for (; code; n++) {
        store_close(f->store);
        f->store = NULL;
        remove_files();
        faulty_set(n, SQLITE_IOERR_WRITE);
        code = store_create(path, 0, &f->error);
        faulty_set(0, 0);
        if (code) {
            assert_int_equal(code, GUAN_FAILED);
            error_clear(&f->error);
            code = store_create(path, 0, &f->error);
            assert_true(code == GUAN_OK || strcmp(f->error.rule, "store-exists") == 0);
            OK(store_open(path, &f->store, &f->error));
            assert_int_equal(count_all(f), 0);
            code = GUAN_FAILED;
        }
    }
    assert_true(n > 5);
}

static void without_memory_nothing_is_half_done(void **state)
{
    struct fixture *f = *state;
    int code = GUAN_FAILED;
    for (long n = 1; code; n += 1 + n / 40) {
        start_anew(f);
        fail_sqlite_memory(n);
        code = open_again(&f->store, &f->error);
        if (!code) code = try_all(f);
        fail_sqlite_memory(0);
        if (code) {
            assert_int_equal(code, GUAN_FAILED);
            assert_string_equal(f->error.rule, "memory");
        }
        check_whole_or_absent(f, code == GUAN_OK);
    }
}

static void without_our_memory_no_store_is_opened(void **state)
{
    struct fixture *f = *state;
    store_close(f->store);
    f->store = NULL;
    int code = GUAN_FAILED;
    for (uint64_t n = 1; code; n++) {
        remove_files();
        memory_fail_after(n);
        code = store_create(path, 0, &f->error);
        if (!code) code = store_open(path, &f->store, &f->error);
        memory_fail_after(0);
        if (code) assert_string_equal(f->error.rule, "memory");
    }
}

static const struct CMUnitTest tests[] = {
    CONTRACT(a_store_is_made_once),
    CONTRACT(other_files_are_left_alone),
    CONTRACT(an_empty_file_becomes_a_store),
    CONTRACT(a_store_of_another_version_is_refused),
    CONTRACT(a_foreign_object_is_found),
    CONTRACT(values_of_another_kind_are_found),
    CONTRACT(personal_data_are_for_the_owner_only),
    CONTRACT(erased_bytes_leave_the_files),
    CONTRACT(one_writer_holds_the_lock),
    CONTRACT(two_ways_to_one_store_are_one_lock),
    CONTRACT(a_reader_sees_one_moment),
    CONTRACT(a_long_log_is_emptied_by_a_commit),
    CONTRACT(closing_leaves_the_log),
    CONTRACT(a_reader_in_the_way_delays_the_emptying_only),
    CONTRACT(writes_that_fail_are_told),
    CONTRACT(a_full_disk_is_told),
    CONTRACT(making_a_store_on_a_failing_disk_can_be_tried_again),
    CONTRACT(without_memory_nothing_is_half_done),
    CONTRACT(without_our_memory_no_store_is_opened),
};

int main(void)
{
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory.real);
    memory.ours = memory.real;
    memory.ours.xMalloc = failing_malloc;
    memory.ours.xRealloc = failing_realloc;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &memory.ours);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0); /* so that every allocation is one */
    if (!mkdtemp(folder)) return 1;
    snprintf(path, sizeof path, "%s/guan.db", folder);
    faulty_install();
    contract.make = make_file;
    contract.again = open_again;
    int failed = cmocka_run_group_tests_name("sqlite", tests, NULL, NULL);
    remove_files();
    rmdir(folder);
    return failed;
}
