/* Whatever is changed in the record behind its back is found, and the right entry named. */
#include "journal.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/guan-verify-XXXXXX";
static char path[64];

static void remove_files(void)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-lock"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char name[100];
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
}

/* The journal, and a second connection to its file that obeys nothing. */
struct crime {
    struct journal j;
    sqlite3 *db;
};

static int set_up(void **state)
{
    static struct crime crime;
    remove_files();
    journal_make(&crime.j, path);
    if (sqlite3_open(path, &crime.db) != SQLITE_OK) return 1;
    sqlite3_exec(crime.db, "PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF", NULL,
                 NULL, NULL);
    *state = &crime;
    return 0;
}

static int tear_down(void **state)
{
    struct crime *crime = *state;
    sqlite3_close(crime->db);
    journal_end(&crime->j);
    return 0;
}

static int try_sql(struct crime *crime, const char *sql)
{
    return sqlite3_exec(crime->db, sql, NULL, NULL, NULL);
}

static void run(struct crime *crime, const char *format, ...) GUAN_PRINTF(2, 3);
static void run(struct crime *crime, const char *format, ...)
{
    char sql[2000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sql, sizeof sql, format, arguments);
    va_end(arguments);
    if (try_sql(crime, sql) != SQLITE_OK) fail_msg("%s: %s", sql, sqlite3_errmsg(crime->db));
}

/* For one crime at a time: BEGIN; crime; verify sees it only committed, so it is undone from a copy. */
static void keep(struct crime *crime)
{
    run(crime, "CREATE TEMP TABLE IF NOT EXISTS kept_entries AS SELECT * FROM entries;"
               "CREATE TEMP TABLE IF NOT EXISTS kept_cases AS SELECT * FROM cases;"
               "CREATE TEMP TABLE IF NOT EXISTS kept_disclosures AS SELECT * FROM disclosures");
}

static void restore(struct crime *crime)
{
    run(crime, "BEGIN; DELETE FROM entries; INSERT INTO entries SELECT * FROM kept_entries;"
               "DELETE FROM cases; INSERT INTO cases SELECT * FROM kept_cases;"
               "DELETE FROM disclosures; INSERT INTO disclosures SELECT * FROM kept_disclosures; COMMIT");
}

static int verify(struct journal *j, struct ledger_report *report)
{
    error_clear(&j->error);
    OK(store_begin(j->store, false, &j->error));
    int code = ledger_verify(j->store, NULL, report, &j->error);
    store_rollback(j->store);
    return code;
}

static void found_at(struct crime *crime, uint64_t index)
{
    struct ledger_report report;
    assert_int_equal(verify(&crime->j, &report), GUAN_TAMPERED);
    assert_true(report.bad);
    if (report.bad_index != index) fail_msg("named %d, not %d: %s", (int)report.bad_index, (int)index, report.text);
    assert_true(report.text[0] != '\0');
    assert_int_equal(crime->j.error.code, GUAN_TAMPERED);
}

static void clean(struct crime *crime)
{
    struct ledger_report report;
    int code = verify(&crime->j, &report);
    if (code) fail_msg("%s", report.text);
}

/* --- nothing wrong ------------------------------------------------------------------------------------------------------------
 */

static int note_progress_calls;
static void note_progress(void *user, uint64_t done, uint64_t all)
{
    assert_ptr_equal(user, &note_progress_calls);
    assert_true(done <= all);
    note_progress_calls++;
}

static void a_sound_record_verifies(void **state)
{
    struct crime *crime = *state;
    struct journal *j = &crime->j;
    struct ledger_report report;
    OK(store_begin(j->store, false, &j->error));
    const struct ledger_watch watch = {.progress = note_progress, .user = &note_progress_calls};
    OK(ledger_verify(j->store, &watch, &report, &j->error));
    store_rollback(j->store);
    assert_true(note_progress_calls > 0);
    assert_false(report.bad);
    assert_int_equal(report.entries, 13);
    assert_int_equal(report.cases, 3); /* the ledger's own is none */
    struct hash root;
    merkle_root(&j->head, &root);
    assert_true(hash_equal(&root, &report.root));
}

static void an_empty_store_verifies(void **state)
{
    (void)state;
    struct journal j = {0};
    struct ledger_report report;
    struct hash empty;
    OK(store_open_new(":memory:", 0, &j.store, &j.error));
    OK(verify(&j, &report));
    hash_bytes("", 0, &empty);
    assert_true(hash_equal(&report.root, &empty) && report.entries == 0 && report.cases == 0);
    store_close(j.store);
}

/* --- one byte ------------------------------------------------------------------------------------------------------ */

static size_t blob_length(struct crime *crime, const char *table, const char *column, sqlite3_int64 row)
{
    sqlite3_blob *blob;
    assert_int_equal(sqlite3_blob_open(crime->db, "main", table, column, row, 0, &blob), SQLITE_OK);
    size_t length = (size_t)sqlite3_blob_bytes(blob);
    sqlite3_blob_close(blob);
    return length;
}

static void flip(struct crime *crime, const char *table, const char *column, sqlite3_int64 row, size_t at)
{
    sqlite3_blob *blob;
    unsigned char byte;
    assert_int_equal(sqlite3_blob_open(crime->db, "main", table, column, row, 1, &blob), SQLITE_OK);
    assert_int_equal(sqlite3_blob_read(blob, &byte, 1, (int)at), SQLITE_OK);
    byte = (unsigned char)(byte ^ 1u << at % 8);
    assert_int_equal(sqlite3_blob_write(blob, &byte, 1, (int)at), SQLITE_OK);
    assert_int_equal(sqlite3_blob_close(blob), SQLITE_OK);
}

static void every_byte_of_every_entry(void **state)
{
    struct crime *crime = *state;
    static const char *const columns[] = {"bytes", "leaf"};
    for (int c = 0; c < 2; c++)
        for (sqlite3_int64 i = 0; i < 13; i++)
            for (size_t at = 0, length = blob_length(crime, "entries", columns[c], i); at < length; at++) {
                flip(crime, "entries", columns[c], i, at);
                found_at(crime, (uint64_t)i);
                flip(crime, "entries", columns[c], i, at);
            }
    clean(crime);
}

static void every_byte_of_every_root(void **state)
{
    struct crime *crime = *state;
    for (sqlite3_int64 i = 1; i < 13; i += 2)
        for (size_t at = 0; at < HASH_BYTES; at++) {
            flip(crime, "entries", "node", i, at);
            found_at(crime, (uint64_t)i);
            flip(crime, "entries", "node", i, at);
        }
    clean(crime);
    keep(crime);
    run(crime, "UPDATE entries SET node = NULL WHERE idx = 3"); /* of four entries, that no root of the head needs */
    found_at(crime, 3);
    restore(crime);
    run(crime, "UPDATE entries SET node = leaf WHERE idx = 4");
    found_at(crime, 4);
}

/* a xor b, that SQL lacks. */
#define XOR "((%s | %lld) - (%s & %lld))"

static void flip_int(struct crime *crime, const char *table, const char *column, const char *where, int byte)
{
    /* The highest bit of a byte: its value in two's complement, as a decimal number. */
    long long bit = (long long)(UINT64_C(1) << (8 * byte + byte));
    run(crime, "UPDATE %s SET %s = " XOR " WHERE %s", table, column, column, bit, column, bit, where);
}

static void every_byte_of_every_link(void **state)
{
    struct crime *crime = *state;
    for (int i = 0; i < 13; i++)
        for (int byte = 0; byte < 8; byte++) {
            char where[40];
            snprintf(where, sizeof where, "idx = %d", i);
            flip_int(crime, "entries", "back", where, byte);
            found_at(crime, (uint64_t)i);
            flip_int(crime, "entries", "back", where, byte);
        }
    clean(crime);
}

static void every_byte_of_every_index(void **state)
{
    struct crime *crime = *state;
    keep(crime);
    int tried = 0;
    for (int i = 0; i < 13; i++)
        for (int byte = 0; byte < 8; byte++) {
            long long bit = (long long)(UINT64_C(1) << (8 * byte + byte));
            char sql[200];
            snprintf(sql, sizeof sql, "UPDATE entries SET idx = (idx | %lld) - (idx & %lld) WHERE idx = %d", bit, bit, i);
            if (try_sql(crime, sql) != SQLITE_OK) continue; /* taken: see two_entries_swapped */
            tried++;
            found_at(crime, (uint64_t)i);
            restore(crime);
        }
    assert_true(tried > 90);
    clean(crime);
}

static void every_byte_of_the_cases_rows(void **state)
{
    struct crime *crime = *state;
    static const struct {
        const char *where;
        uint64_t last;
    } rows[] = {{"id = '-'", 12}, {"id = 'a-260307-1'", 10}, {"id = 'b-260307-2'", 11}, {"id = 'e-260307-3'", 9}};
    static const char *const columns[] = {"n", "last", "rec"};
    for (size_t r = 0; r < 4; r++) {
        for (size_t c = 0; c < 3; c++)
            for (int byte = 0; byte < 8; byte++) {
                flip_int(crime, "cases", columns[c], rows[r].where, byte);
                found_at(crime, rows[r].last);
                flip_int(crime, "cases", columns[c], rows[r].where, byte);
            }
        for (size_t at = 0; at < HASH_BYTES; at++) {
            flip(crime, "cases", "head", (sqlite3_int64)r + 1, at);
            found_at(crime, rows[r].last);
            flip(crime, "cases", "head", (sqlite3_int64)r + 1, at);
        }
    }
    clean(crime);
    run(crime, "UPDATE cases SET id = 'x' WHERE id = 'b-260307-2'");
    found_at(crime, 11);
}

/* --- whole rows ---------------------------------------------------------------------------------------------------- */

static void an_entry_deleted(void **state)
{
    struct crime *crime = *state;
    keep(crime);
    for (int i = 0; i < 13; i++) {
        run(crime, "DELETE FROM entries WHERE idx = %d", i);
        found_at(crime, (uint64_t)i);
        restore(crime);
    }
}

static void the_end_cut_off(void **state)
{
    struct crime *crime = *state;
    keep(crime);
    for (int i = 0; i < 13; i++) {
        run(crime, "DELETE FROM entries WHERE idx >= %d", i);
        found_at(crime, (uint64_t)i);
        restore(crime);
    }
}

static void two_entries_swapped(void **state)
{
    struct crime *crime = *state;
    keep(crime);
    for (int i = 0; i < 13; i++)
        for (int k = i + 1; k < 13; k++)
            for (int with_links = 0; with_links < 2; with_links++) {
                run(crime,
                    "UPDATE entries SET idx = 99 WHERE idx = %d; UPDATE entries SET idx = %d WHERE idx = %d;"
                    "UPDATE entries SET idx = %d WHERE idx = 99",
                    i, i, k, k);
                if (with_links) /* a careful forger: all links follow */
                    run(crime,
                        "UPDATE entries SET back = CASE back WHEN %d THEN %d ELSE %d END WHERE back IN (%d, %d);"
                        "UPDATE cases SET last = CASE last WHEN %d THEN %d ELSE %d END WHERE last IN (%d, %d)",
                        i, k, i, i, k, i, k, i, i, k);
                struct ledger_report report;
                assert_int_equal(verify(&crime->j, &report), GUAN_TAMPERED);
                assert_true(report.bad);
                bool named = report.bad_index == (uint64_t)i || report.bad_index == (uint64_t)k;
                /* With all links mended only the tree and the order show it: an entry near them is named. */
                if (!named && !(with_links && report.bad_index <= (uint64_t)k))
                    fail_msg("swapped %d and %d, named %d: %s", i, k, (int)report.bad_index, report.text);
                restore(crime);
            }
}

static void an_entry_inserted(void **state)
{
    struct crime *crime = *state;
    keep(crime);
    run(crime, "INSERT INTO entries SELECT 13, back, leaf, node, bytes FROM entries WHERE idx = 12"); /* at the end */
    struct ledger_report report;
    assert_int_equal(verify(&crime->j, &report), GUAN_TAMPERED);
    assert_true(report.bad_index == 13);
    restore(crime);
    run(crime, "INSERT INTO entries SELECT -1, back, leaf, node, bytes FROM entries WHERE idx = 0"); /* before the start */
    found_at(crime, 0);
    restore(crime);
    for (int i = 0; i < 13; i++) { /* a copy of the entry before it squeezed in, all links following */
        run(crime,
            "UPDATE entries SET idx = -idx - 100 WHERE idx >= %d; UPDATE entries SET idx = -idx - 99 WHERE idx <= -100;"
            "UPDATE entries SET back = back + 1 WHERE back >= %d; UPDATE cases SET last = last + 1 WHERE last >= %d;"
            "INSERT INTO entries SELECT %d, back, leaf, node, bytes FROM entries WHERE idx = %d",
            i, i, i, i, i ? i - 1 : 1);
        assert_int_equal(verify(&crime->j, &report), GUAN_TAMPERED);
        assert_true(report.bad);
        restore(crime);
    }
}

static void a_case_row_gone(void **state)
{
    struct crime *crime = *state;
    static const uint64_t first[] = {0, 1, 3, 5};
    keep(crime);
    for (int i = 0; i < 3; i++) { /* the erased one: its digests are missed first */
        run(crime, "DELETE FROM cases WHERE no = %d", i + 1);
        found_at(crime, first[i]);
        restore(crime);
    }
    run(crime, "DELETE FROM cases WHERE no = 4");
    found_at(crime, first[E]);
    restore(crime);
    run(crime, "INSERT INTO cases SELECT 9, 'x', dealer, process, def, key, n, last, head, rec, ended, state, due FROM cases "
               "WHERE no = 2");
    found_at(crime, 10);
    restore(crime);
    run(crime, "INSERT INTO cases SELECT 9, 'x', dealer, process, def, key, 0, -1, zeroblob(32), 0, ended, state, due FROM cases "
               "WHERE no = 2");
    found_at(crime, 13);
}

static void a_value_of_another_kind(void **state)
{
    struct crime *crime = *state;
    keep(crime);
    run(crime, "UPDATE entries SET leaf = x'0011' WHERE idx = 6");
    found_at(crime, 6);
    restore(crime);
    run(crime, "UPDATE entries SET bytes = x'' WHERE idx = 7");
    found_at(crime, 7);
    restore(crime);
    clean(crime);
}

/* --- personal data ------------------------------------------------------------------------------------------------- */

static void a_personal_value_gone_or_changed(void **state)
{
    struct crime *crime = *state;
    keep(crime);
    run(crime, "DELETE FROM disclosures WHERE kase = 'b-260307-2'");
    found_at(crime, 3);
    restore(crime);
    run(crime, "UPDATE disclosures SET text = text || 'x' WHERE kase = 'b-260307-2'");
    found_at(crime, 3);
    restore(crime);
    run(crime, "UPDATE disclosures SET kase = 'b-260307-2' WHERE kase = 'a-260307-1'");
    found_at(crime, 1);
    restore(crime);
    clean(crime);
}

static void an_erasure_covers_what_came_before_it_only(void **state)
{
    struct crime *crime = *state;
    struct journal *j = &crime->j;
    OK(store_begin(j->store, true, &j->error));
    append_personal(j, E, "step", 20);
    append_kind(j, E, "step", 21);
    save(j, 4);
    clean(crime);
    run(crime, "DELETE FROM disclosures WHERE kase = 'e-260307-3'");
    found_at(crime, 13);
}

/* --- entries that were wrong when they were written: leaves, chain and tree fit ------------------------------------ */

struct forged {
    const char *format; /* with %s for prev; the third entry of a case of its own */
    bool sound;
};

static void add_raw(struct journal *j, struct case_row *kase, const char *format)
{
    char prev[HASH_HEX], text[1000];
    hash_hex(&kase->head, prev);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    int length = snprintf(text, sizeof text, format, prev);
#pragma GCC diagnostic pop
    struct entry_row row = {
        .index = j->head.size, .back = kase->n ? kase->last : UINT64_MAX, .bytes = text, .length = (size_t)length};
    merkle_leaf(text, row.length, &row.leaf);
    merkle_add(&j->head, &row.leaf);
    if (j->head.size % 2 == 0) row.node = j->head.frontier[__builtin_ctzll(j->head.size)];
    OK(store_entry_add(j->store, &row, &j->error));
    kase->n++;
    kase->last = row.index;
    kase->head = row.leaf;
}

static void what_was_written_wrong(void **state)
{
    (void)state;
    static const struct forged forged[] = {
        {"{\"case\":\"f\",\"kind\":\"x\",\"n\":3,\"prev\":\"%s\",\"rec\":\"2026-03-07T02:10:00.000Z\",\"v\":1}", true},
        {"{\"case\":\"f\",\"kind\":\"x\",\"n\":3,\"prev\":\"%s\",\"rec\":\"2026-03-07T02:02:00.000Z\",\"v\":1}", true},
        {"{\"case\":\"f\",\"kind\":\"x\",\"n\":3,\"prev\":\"%s\",\"rec\":\"2026-03-07T02:01:59.999Z\",\"v\":1}",
         false}, /* earlier */
        {"{\"case\":\"f\",\"kind\":\"x\",\"n\":4,\"prev\":\"%s\",\"rec\":\"2026-03-07T02:10:00.000Z\",\"v\":1}", false},
        {"{\"case\":\"f\",\"kind\":\"x\",\"n\":2,\"prev\":\"%s\",\"rec\":\"2026-03-07T02:10:00.000Z\",\"v\":1}", false},
        {"{\"case\":\"g\",\"kind\":\"x\",\"n\":3,\"prev\":\"%s\",\"rec\":\"2026-03-07T02:10:00.000Z\",\"v\":1}", false},
        {"{\"case\":\"f\",\"kind\":\"x\",\"n\":3,\"prev\":\"00%.62s\",\"rec\":\"2026-03-07T02:10:00.000Z\",\"v\":1}", false},
        {"{\"case\":\"f\",\"kind\":\"x\",\"n\":3,\"rec\":\"2026-03-07T02:10:00.000Z\",\"v\":1}", false},
        {"{\"case\":\"f\",\"kind\":\"x\",\"n\":1,\"prev\":\"%s\",\"rec\":\"2026-03-07T02:10:00.000Z\",\"v\":1}", false},
        {"{\"case\":\"f\",\"kind\":\"x\", \"n\":3,\"prev\":\"%s\",\"rec\":\"2026-03-07T02:10:00.000Z\",\"v\":1}",
         false}, /* blank */
        {"{\"case\":\"f\",\"kind\":\"x\",\"kind\":\"x\",\"n\":3,\"prev\":\"%s\",\"rec\":\"2026-03-07T02:10:00.000Z\",\"v\":1}",
         false},
        {"{\"kind\":\"x\",\"case\":\"f\",\"n\":3,\"prev\":\"%s\",\"rec\":\"2026-03-07T02:10:00.000Z\",\"v\":1}", false},
        {"{\"case\":\"f\",\"kind\":\"x\",\"n\":3.0,\"prev\":\"%s\",\"rec\":\"2026-03-07T02:10:00.000Z\",\"v\":1}", false},
    };
    for (size_t i = 0; i < sizeof forged / sizeof forged[0]; i++) {
        struct journal j = {.arena = arena_new()};
        struct ledger_report report;
        struct case_row kase = {.id = "f", .dealer = "d", .process = "p", .state = "{}", .state_length = 2};
        OK(store_open_new(":memory:", 0, &j.store, &j.error));
        OK(store_begin(j.store, true, &j.error));
        add_raw(&j, &kase, "{\"case\":\"f\",\"kind\":\"x\",\"n\":1,\"rec\":\"2026-03-07T02:01:00.000Z\",\"v\":1}");
        add_raw(&j, &kase,
                "{\"case\":\"f\",\"kind\":\"x\",\"n\":2,\"prev\":\"%s\",\"rec\":\"2026-03-07T02:02:00.000Z\",\"v\":1}");
        add_raw(&j, &kase, forged[i].format);
        const char *rec = strstr(forged[i].format, "rec\":\"") + 6;
        OK(instant_parse(rec, 24, NULL, &kase.rec, &j.error));
        OK(store_case_add(j.store, &kase, &j.error));
        OK(store_head_save(j.store, &j.head, &j.error));
        OK(store_commit(j.store, &j.error));
        int code = verify(&j, &report);
        if (code != (forged[i].sound ? GUAN_OK : GUAN_TAMPERED)) fail_msg("%d for %s: %s", code, forged[i].format, report.text);
        if (code) {
            assert_true(report.bad_index == 2);
            if (!strchr(forged[i].format, ' '))
                assert_string_equal(report.bad_case[0] ? report.bad_case : "f", report.bad_case[0] == 'g' ? "g" : "f");
        }
        journal_end(&j);
    }
}

/* A deadline that is not looked up is never kept; bytes that are read are hashed by whoever reads them. */
static void what_the_store_says_beside_the_entries(void **state)
{
    struct crime *crime = *state;
    keep(crime);
    run(crime, "UPDATE cases SET due = 5 WHERE id = 'b-260307-2'");
    found_at(crime, UINT64_MAX);
    assert_non_null(strstr(crime->j.error.text, "b-260307-2"));
    restore(crime);
    run(crime, "INSERT INTO info VALUES ('key', 'a+00000000+AAAA')"); /* that no entry names */
    found_at(crime, UINT64_MAX);
    run(crime, "DELETE FROM info WHERE key = 'key'");
    clean(crime);
}

static int pass(void *user, const struct entry_row *row, const struct value *entry)
{
    (void)user;
    (void)row;
    (void)entry;
    return GUAN_OK;
}

static void every_reader_of_a_case_hashes_it(void **state)
{
    struct crime *crime = *state;
    struct journal *j = &crime->j;
    keep(crime);
    for (int i = 0; i < 13; i++) {
        bool of_a = i == 1 || i == 2 || i == 4 || i == 10;
        run(crime, "UPDATE entries SET bytes = CAST(replace(CAST(bytes AS TEXT), 'staff:12', 'staff:13') AS BLOB) WHERE idx = %d",
            i);
        OK(store_begin(j->store, false, &j->error));
        int code = ledger_case_each(j->store, &j->cases[A], j->arena, pass, NULL, &j->error);
        store_rollback(j->store);
        assert_int_equal(code, of_a ? GUAN_TAMPERED : GUAN_OK);
        restore(crime);
    }
}

static void a_first_entry_has_none_before_it(void **state)
{
    (void)state;
    struct journal j = {.arena = arena_new()};
    struct ledger_report report;
    struct case_row kase = {.id = "f", .dealer = "d", .process = "p", .state = "{}", .state_length = 2};
    OK(store_open_new(":memory:", 0, &j.store, &j.error));
    OK(store_begin(j.store, true, &j.error));
    add_raw(&j, &kase, "{\"case\":\"f\",\"kind\":\"x\",\"n\":1,\"prev\":\"%s\",\"rec\":\"1970-01-01T00:00:00.000Z\",\"v\":1}");
    OK(store_case_add(j.store, &kase, &j.error));
    OK(store_commit(j.store, &j.error));
    assert_int_equal(verify(&j, &report), GUAN_TAMPERED);
    assert_true(report.bad && report.bad_index == 0 && report.bad_n == 1);
    journal_end(&j);
}

/* A second branch of a case, beside the chain that its row ends: tree and rows fit, but nothing accounts for it. */
static void a_branch_is_found(void **state)
{
    struct crime *crime = *state;
    struct journal *j = &crime->j;
    OK(store_begin(j->store, true, &j->error));
    struct case_row branch;
    OK(store_case(j->store, j->arena, "a-260307-1", &branch, &j->error));
    OK(ledger_append(j->store, &j->head, &branch, j->arena, an_entry(j->arena, "step", 30), &j->error));
    save(j, 4); /* the rows as they were, the head with the branch */
    found_at(crime, 13);
}

static void a_second_beginning_is_found(void **state)
{
    struct crime *crime = *state;
    struct journal *j = &crime->j;
    OK(store_begin(j->store, true, &j->error));
    struct case_row again = {.id = "a-260307-1"};
    OK(ledger_append(j->store, &j->head, &again, j->arena, an_entry(j->arena, "open", 30), &j->error));
    save(j, 4);
    found_at(crime, 13);
}

/* An entry rewritten with its hash, so that only its successor and the tree know. */
static void an_entry_rewritten_with_its_hash(void **state)
{
    struct crime *crime = *state;
    keep(crime);
    for (int i = 0; i < 13; i++) {
        struct journal *j = &crime->j;
        struct entry_row row;
        struct hash leaf;
        char hex[HASH_HEX];
        OK(store_begin(j->store, false, &j->error));
        OK(store_entry(j->store, j->arena, (uint64_t)i, &row, &j->error));
        store_rollback(j->store);
        char *text = arena_text(j->arena, row.bytes, row.length);
        memcpy(strstr(text, "staff:12"), "staff:13", 8);
        merkle_leaf(text, row.length, &leaf);
        hash_hex(&leaf, hex);
        run(crime, "UPDATE entries SET bytes = CAST('%s' AS BLOB), leaf = x'%s' WHERE idx = %d", text, hex, i);
        found_at(crime, (uint64_t)i);
        restore(crime);
    }
}

/* --- limits -------------------------------------------------------------------------------------------------------- */

static void without_memory_nothing_is_said(void **state)
{
    struct crime *crime = *state;
    struct journal *j = &crime->j;
    int code = GUAN_FAILED;
    uint64_t n = 1;
    for (; code; n++) {
        struct ledger_report report;
        OK(store_begin(j->store, false, &j->error));
        memory_fail_after(n);
        code = ledger_verify(j->store, NULL, &report, &j->error);
        memory_fail_after(0);
        store_rollback(j->store);
        if (!code) break;
        assert_int_equal(code, GUAN_FAILED);
        assert_string_equal(j->error.rule, "memory");
        assert_false(report.bad);
    }
    assert_true(n > 3);
}

static uint64_t allocations_for(int entries)
{
    struct journal j;
    struct ledger_report report;
    journal_begin(&j, ":memory:");
    for (int i = 0; i < entries; i++) {
        append_personal(&j, i % 3 ? A : B, "step", i * 59 / entries);
    }
    append_kind(&j, E, "open", 59);
    save(&j, 4);
    OK(store_begin(j.store, false, &j.error));
    memory_fail_after(0);
    OK(ledger_verify(j.store, NULL, &report, &j.error));
    uint64_t count = memory_fail_after(0);
    assert_int_equal(report.entries, entries + 1);
    journal_end(&j);
    return count;
}

static void memory_does_not_grow_with_the_journal(void **state)
{
    (void)state;
    assert_int_equal(allocations_for(200), allocations_for(3000));
}

#define CRIME(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    if (!mkdtemp(folder)) return 1;
    snprintf(path, sizeof path, "%s/guan.db", folder);
    const struct CMUnitTest tests[] = {
        CRIME(a_sound_record_verifies),
        cmocka_unit_test(an_empty_store_verifies),
        CRIME(every_byte_of_every_entry),
        CRIME(every_byte_of_every_root),
        CRIME(every_byte_of_every_link),
        CRIME(every_byte_of_every_index),
        CRIME(every_byte_of_the_cases_rows),
        CRIME(an_entry_deleted),
        CRIME(the_end_cut_off),
        CRIME(two_entries_swapped),
        CRIME(an_entry_inserted),
        CRIME(a_case_row_gone),
        CRIME(a_value_of_another_kind),
        CRIME(a_personal_value_gone_or_changed),
        CRIME(an_erasure_covers_what_came_before_it_only),
        cmocka_unit_test(what_was_written_wrong),
        CRIME(what_the_store_says_beside_the_entries),
        CRIME(every_reader_of_a_case_hashes_it),
        cmocka_unit_test(a_first_entry_has_none_before_it),
        CRIME(a_branch_is_found),
        CRIME(a_second_beginning_is_found),
        CRIME(an_entry_rewritten_with_its_hash),
        CRIME(without_memory_nothing_is_said),
        cmocka_unit_test(memory_does_not_grow_with_the_journal),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove_files();
    rmdir(folder);
    return failed;
}
