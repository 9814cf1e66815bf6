/* Tools of a burglar: a second connection to a store's file that obeys nothing, and a forger who computes every hash anew. */
#ifndef TESTS_FAULTS_ATTACKS_H
#define TESTS_FAULTS_ATTACKS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sqlite3.h>

#include "../unit/audit/shop.h"
#include "audit/desk.h"
#include "ledger/entry.h"

static sqlite3 *burgle(const char *path)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_exec(db, "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF", NULL, NULL,
                 NULL);
    return db;
}

static void run_sql(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

/* --- the forger ------------------------------------------------------------------------------------------------------ */

enum { FORGED_CASES = 16 };

struct forged_case {
    char id[64];
    struct hash head;
};

struct forger {
    sqlite3 *db;
    struct ledger_head head;
    struct forged_case cases[FORGED_CASES];
    size_t count;
    uint64_t sign_at[8]; /* sizes of checkpoints that are to be signed anew */
    size_t sign_count;
    const struct note_signer *signer; /* NULL: they stay as they are */
};

static struct forged_case *forged_case(struct forger *forger, struct slice id)
{
    for (size_t i = 0; i < forger->count; i++)
        if (strlen(forger->cases[i].id) == id.length && memcmp(forger->cases[i].id, id.at, id.length) == 0)
            return &forger->cases[i];
    assert_true(forger->count < FORGED_CASES);
    struct forged_case *one = &forger->cases[forger->count++];
    snprintf(one->id, sizeof one->id, "%.*s", (int)id.length, id.at);
    return one;
}

static void bind_hash(sqlite3_stmt *statement, int column, const struct hash *hash)
{
    sqlite3_bind_blob(statement, column, hash->bytes, HASH_BYTES, SQLITE_TRANSIENT);
}

static void put_entry(struct forger *forger, int64_t index, const char *bytes, size_t length, const struct hash *leaf)
{
    sqlite3_stmt *update;
    assert_int_equal(
        sqlite3_prepare_v2(forger->db, "UPDATE entries SET bytes = ?, leaf = ?, node = ? WHERE idx = ?", -1, &update, NULL),
        SQLITE_OK);
    sqlite3_bind_blob(update, 1, bytes, (int)length, SQLITE_TRANSIENT);
    bind_hash(update, 2, leaf);
    if (forger->head.size % 2 == 0) bind_hash(update, 3, &forger->head.frontier[__builtin_ctzll(forger->head.size)]);
    sqlite3_bind_int64(update, 4, index);
    assert_int_equal(sqlite3_step(update), SQLITE_DONE);
    sqlite3_finalize(update);
}

static void sign_again(struct forger *forger)
{
    struct checkpoint checkpoint = {.size = forger->head.size};
    struct buffer note = {0};
    sqlite3_stmt *update;
    memcpy(checkpoint.origin, forger->signer->key.name, sizeof checkpoint.origin);
    merkle_root(&forger->head, &checkpoint.root);
    checkpoint_write(&note, &checkpoint);
    assert_int_equal(note_sign(&note, forger->signer, 0, NULL), GUAN_OK);
    assert_int_equal(sqlite3_prepare_v2(forger->db, "UPDATE checkpoints SET note = ? WHERE size = ?", -1, &update, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(update, 1, note.data, (int)note.length, SQLITE_TRANSIENT);
    sqlite3_bind_int64(update, 2, (int64_t)checkpoint.size);
    assert_int_equal(sqlite3_step(update), SQLITE_DONE);
    sqlite3_finalize(update);
    buffer_release(&note);
}

/* One entry with its link to the one before in its case, as that is now. */
static void forge_entry(struct forger *forger, int64_t index, const char *stored, size_t length)
{
    char bytes[8192];
    struct entry_view view;
    struct hash leaf;
    assert_true(length < sizeof bytes);
    memcpy(bytes, stored, length);
    entry_scan(bytes, length, &view); /* what it finds in bytes that are no entry any more is enough */
    struct forged_case *one = forged_case(forger, view.kase);
    if (view.prev.at) {
        char hex[HASH_HEX];
        hash_hex(&one->head, hex);
        memcpy(bytes + (view.prev.at - bytes), hex, HASH_HEX - 1);
    }
    merkle_leaf(bytes, length, &leaf);
    merkle_add(&forger->head, &leaf);
    one->head = leaf;
    put_entry(forger, index, bytes, length, &leaf);
    for (size_t i = 0; forger->signer && i < forger->sign_count; i++)
        if (forger->sign_at[i] == forger->head.size) sign_again(forger);
}

static void forge_sizes(struct forger *forger)
{
    sqlite3_stmt *rows;
    assert_int_equal(sqlite3_prepare_v2(forger->db, "SELECT size FROM checkpoints", -1, &rows, NULL), SQLITE_OK);
    while (sqlite3_step(rows) == SQLITE_ROW) forger->sign_at[forger->sign_count++] = (uint64_t)sqlite3_column_int64(rows, 0);
    sqlite3_finalize(rows);
}

/* After some bytes were changed: every leaf, link, node and case row fits again; with `signer`, the checkpoints, too. */
static void forge(sqlite3 *db, const struct note_signer *signer)
{
    struct forger forger = {.db = db, .signer = signer};
    sqlite3_stmt *rows, *update;
    forge_sizes(&forger);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT idx, bytes FROM entries ORDER BY idx", -1, &rows, NULL), SQLITE_OK);
    while (sqlite3_step(rows) == SQLITE_ROW)
        forge_entry(&forger, sqlite3_column_int64(rows, 0), sqlite3_column_blob(rows, 1), (size_t)sqlite3_column_bytes(rows, 1));
    sqlite3_finalize(rows);
    for (size_t i = 0; i < forger.count; i++) {
        assert_int_equal(sqlite3_prepare_v2(db, "UPDATE cases SET head = ? WHERE id = ?", -1, &update, NULL), SQLITE_OK);
        bind_hash(update, 1, &forger.cases[i].head);
        sqlite3_bind_text(update, 2, forger.cases[i].id, -1, SQLITE_STATIC);
        assert_int_equal(sqlite3_step(update), SQLITE_DONE);
        sqlite3_finalize(update);
    }
}

#endif
