/* Each row of the table of attacks, done to a real store: found, named, told apart from the others. And what a plain look cannot
 * see is seen against what was kept elsewhere. */
#include "attacks.h"

#include <sys/stat.h>
#include <unistd.h>

static char folder[64], clean[96], victim[96], key_path[96], early[96], late[96];
static struct note_signer signer;
static char case_a[32], case_b[32];

/* --- the scene ------------------------------------------------------------------------------------------------------- */

static void save(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void checkpoint(struct guan *guan, struct caught *caught, const char *path)
{
    struct guan_error error = {0};
    struct guan_sink sink = {catch_answer, caught};
    if (guan_checkpoint(guan, key_path, &sink, &error)) fail_msg("%s", error.text);
    save(path, value_get_text(caught->answer, "note"));
}

static void step(struct guan *guan, struct caught *caught, const char *kase, const char *at)
{
    struct guan_error error = {0};
    if (shop_step(guan, caught, kase, "note", at, "text", "王磊 came early", &error)) fail_msg("%s", error.text);
}

static int set_up(void **state)
{
    struct caught caught;
    struct guan_error error = {0};
    char live[96];
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/guan-attacks-XXXXXX");
    if (!mkdtemp(folder)) return 1;
    snprintf(live, sizeof live, "%s/live.db", folder);
    snprintf(clean, sizeof clean, "%s/clean.db", folder);
    snprintf(victim, sizeof victim, "%s/victim.db", folder);
    snprintf(key_path, sizeof key_path, "%s/key", folder);
    snprintf(early, sizeof early, "%s/early", folder);
    snprintf(late, sizeof late, "%s/late", folder);
    struct guan *guan = shop_open(live, NULL, &caught);
    struct guan_sink sink = {catch_answer, &caught};
    snprintf(case_a, sizeof case_a, "%s", shop_case(guan, &caught));
    step(guan, &caught, case_a, "2026-03-07T10:01:00");
    assert_int_equal(guan_key(guan, key_path, GUAN_KEY_NEW, &sink, &error), GUAN_OK);
    const struct guan_command other = {
        .verb = GUAN_OPEN, .name = "root", .actor = "周敏", .at = "2026-03-07T10:01:30", .key = "another"};
    assert_int_equal(shop_do(guan, &caught, &other, &error), GUAN_OK);
    snprintf(case_b, sizeof case_b, "%s", value_get_text(caught.answer, "case"));
    step(guan, &caught, case_b, "2026-03-07T10:02:00");
    step(guan, &caught, case_a, "2026-03-07T10:03:00");
    checkpoint(guan, &caught, early);
    step(guan, &caught, case_b, "2026-03-07T10:04:00");
    step(guan, &caught, case_a, "2026-03-07T10:05:00");
    step(guan, &caught, case_a, "2026-03-07T10:06:00");
    checkpoint(guan, &caught, late);
    step(guan, &caught, case_b, "2026-03-07T10:07:00");
    assert_int_equal(guan_store_backup(guan, clean, &sink, &error), GUAN_OK);
    assert_int_equal(key_load(key_path, &signer, &error), GUAN_OK);
    shop_close(guan, &caught);
    return 0;
}

static int tear_down(void **state)
{
    char command[96];
    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static sqlite3 *fresh_victim(void)
{
    char command[320];
    snprintf(command, sizeof command, "rm -f %s* && cp %s %s", victim, clean, victim);
    assert_int_equal(system(command), 0);
    return burgle(victim);
}

struct seen {
    int code;
    int64_t index, n, unsealed, sealed;
    char kase[64], text[700], where[200];
};

/* As `audit verify` does. */
static struct seen look(const char *against)
{
    struct seen seen = {.index = -1};
    struct caught caught = {.arena = arena_new()};
    struct guan_error error = {0};
    struct guan *guan = NULL;
    struct guan_sink sink = {catch_answer, &caught};
    const struct guan_verify_options options = {.against = against};
    caught.all = value_list(caught.arena);
    seen.code = guan_open(victim, &guan, &error);
    if (seen.code == GUAN_OK) seen.code = guan_verify_against(guan, &options, &sink, &error);
    const struct value *bad = value_get(caught.answer, "bad");
    if (bad) {
        if (value_get(bad, "index")) seen.index = value_get_int(bad, "index");
        seen.n = value_get_int(bad, "n");
        snprintf(seen.kase, sizeof seen.kase, "%s", value_get_text(bad, "case") ? value_get_text(bad, "case") : "");
    }
    seen.unsealed = value_get_int(caught.answer, "unsealed");
    seen.sealed = value_get_int(caught.answer, "sealed");
    snprintf(seen.text, sizeof seen.text, "%s", bad ? value_get_text(bad, "text") : error.text);
    snprintf(seen.where, sizeof seen.where, "%s", error.where);
    guan_close(guan);
    arena_free(caught.arena);
    return seen;
}

enum { NOBODY = -2 };

/* `index` -1: some entry or other; NOBODY: none is to be blamed. */
static void found(const char *name, const char *against, int64_t index, const char *part)
{
    struct seen seen = look(against);
    print_message("%s%s: exit %d, index %lld, case %s, entry %lld: %s [%s]\n", name, against ? ", --against" : "", seen.code,
                  (long long)seen.index, seen.kase, (long long)seen.n, seen.text, seen.where);
    assert_int_equal(seen.code, GUAN_TAMPERED);
    if (!strstr(seen.text, part)) fail_msg("%s: no \"%s\" in: %s", name, part, seen.text);
    if (index >= 0) assert_int_equal(seen.index, index);
    if (index == NOBODY) assert_true(seen.index == -1 && seen.n == 0);
}

static void not_seen(const char *name)
{
    struct seen seen = look(NULL);
    print_message("%s: exit %d: %s\n", name, seen.code,
                  seen.code ? seen.text : "verifies, as it must without anything to compare");
    assert_int_equal(seen.code, GUAN_OK);
}

static void attack(const char *name, const char *sql, int64_t index, const char *part)
{
    sqlite3 *db = fresh_victim();
    run_sql(db, sql);
    sqlite3_close(db);
    found(name, NULL, index, part);
}

/* With every hash computed anew, and the checkpoints signed anew if the forger has the key. */
static void forged(const char *sql, const struct note_signer *by)
{
    sqlite3 *db = fresh_victim();
    run_sql(db, sql);
    forge(db, by);
    sqlite3_close(db);
}

/* --- the record as it is --------------------------------------------------------------------------------------------- */

/* 0 publish  1 publish  2 a  3 a  4 a  5 key  │  6 b  7 b  8 b  9 a  │  10 b  11 a  12 a  │  13 b */
static void a_clean_record_verifies_and_says_what_is_not_sealed(void **state)
{
    (void)state;
    sqlite3_close(fresh_victim());
    struct seen seen = look(NULL);
    if (seen.code) fail_msg("%s", seen.text);
    assert_int_equal(seen.sealed, 13);
    assert_int_equal(seen.unsealed, 1);
    assert_int_equal(look(early).code, GUAN_OK);
    assert_int_equal(look(late).code, GUAN_OK);
}

static void entries_edited_deleted_inserted_swapped(void **state)
{
    (void)state;
    attack("a byte edited",
           "UPDATE entries SET bytes = CAST(replace(CAST(bytes AS TEXT), 'staff:1', 'staff:2') AS BLOB) WHERE idx = 6", 6,
           "was changed");
    attack("edited, with its hash", "UPDATE entries SET leaf = zeroblob(32) WHERE idx = 6", 6, "was changed");
    attack("deleted", "DELETE FROM entries WHERE idx = 6", 6, "is missing");
    attack("inserted", "INSERT INTO entries SELECT 14, back, leaf, NULL, bytes FROM entries WHERE idx = 13", 14, "");
    attack(
        "swapped",
        "UPDATE entries SET idx = 100 WHERE idx = 6; UPDATE entries SET idx = 6 WHERE idx = 7; UPDATE entries SET idx = 7 WHERE "
        "idx = 100",
        -1, "");
    attack("a subtree's root edited", "UPDATE entries SET node = zeroblob(32) WHERE idx = 7", 7, "root of the tree");
}

/* The rows of the cases are those that the entries left say. */
static void mend_rows(sqlite3 *db)
{
    sqlite3_stmt *rows;
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT json_extract(bytes, '$.case'), max(json_extract(bytes, '$.n')), idx, leaf, "
                                        "json_extract(bytes, '$.rec') FROM entries GROUP BY 1",
                                        -1, &rows, NULL),
                     SQLITE_OK);
    while (sqlite3_step(rows) == SQLITE_ROW) {
        sqlite3_stmt *update;
        instant rec = 0;
        const char *text = (const char *)sqlite3_column_text(rows, 4);
        assert_int_equal(instant_parse(text, strlen(text), NULL, &rec, NULL), GUAN_OK);
        assert_int_equal(
            sqlite3_prepare_v2(db, "UPDATE cases SET n = ?, last = ?, head = ?, rec = ? WHERE id = ?", -1, &update, NULL),
            SQLITE_OK);
        sqlite3_bind_int64(update, 1, sqlite3_column_int64(rows, 1));
        sqlite3_bind_int64(update, 2, sqlite3_column_int64(rows, 2));
        sqlite3_bind_blob(update, 3, sqlite3_column_blob(rows, 3), HASH_BYTES, SQLITE_TRANSIENT);
        sqlite3_bind_int64(update, 4, rec);
        sqlite3_bind_text(update, 5, (const char *)sqlite3_column_text(rows, 0), -1, SQLITE_TRANSIENT);
        assert_int_equal(sqlite3_step(update), SQLITE_DONE);
        sqlite3_finalize(update);
    }
    sqlite3_finalize(rows);
}

static void the_tail_cut_off(void **state)
{
    (void)state;
    attack("the tail cut off", "DELETE FROM entries WHERE idx >= 11", 11, "cut off below the checkpoint of 13 entries");
    sqlite3 *db = fresh_victim();
    run_sql(db, "DELETE FROM entries WHERE idx >= 11");
    mend_rows(db);
    found("the tail cut off, the rows mended", NULL, 11,
          "the end is cut off below the checkpoint of 13 entries: only 11 are there");
    run_sql(db, "DELETE FROM checkpoints WHERE size > 11");
    not_seen("the tail and its checkpoint cut off");
    found("the tail and its checkpoint cut off", late, 11, "13 entries were seen outside, only 11 are there");
    sqlite3_close(db);
}

static const char rewrite[] =
    "UPDATE entries SET bytes = CAST(replace(CAST(bytes AS TEXT), 'staff:1', 'staff:2') AS BLOB) WHERE idx = 11";

static void forks_and_rewritings(void **state)
{
    (void)state;
    forged(rewrite, NULL);
    found("a fork: rewritten below a checkpoint", NULL, NOBODY,
          "the checkpoint of 13 entries was signed over others: something from leaf 10 to 12");
    forged(rewrite, &signer);
    not_seen("all rewritten with the same key");
    found("all rewritten with the same key", late, NOBODY, "not the record that was seen outside");
    assert_int_equal(look(early).code, GUAN_OK); /* what was before is as it was */
}

static void a_checkpoint_of_somebody_else(void **state)
{
    (void)state;
    struct note_signer other;
    const unsigned char seed[SEED_BYTES] = {1};
    assert_int_equal(note_signer_make(signer.key.name, NOTE_ED25519, seed, &other, NULL), GUAN_OK);
    forged(rewrite, &other);
    found("signed by another key of the same name", NULL, -1, "is not signed by the ledger's key");
    attack("a checkpoint edited",
           "UPDATE checkpoints SET note = replace(note, char(10) || '13' || char(10), char(10) || '12' || char(10))", -1,
           "it was rewritten");
    attack("a checkpoint moved", "UPDATE checkpoints SET size = 12 WHERE size = 13", -1, "it was rewritten");
    sqlite3 *db = fresh_victim();
    run_sql(db, "DELETE FROM checkpoints WHERE size = 13");
    sqlite3_close(db);
    struct seen seen = look(NULL); /* an old one shown as the newest: no more than what it says is sealed */
    assert_int_equal(seen.code, GUAN_OK);
    assert_int_equal(seen.unsealed, 4);
}

static void entries_that_nobody_could_have_written(void **state)
{
    (void)state;
    forged("UPDATE entries SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"rec\":\"2026-03-07T02:0', "
           "'\"rec\":\"2026-03-07T01:0') AS "
           "BLOB) WHERE idx = 12",
           &signer);
    found("times turned back", NULL, 12, "recorded earlier than the one before it");
    forged("UPDATE entries SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"kind\":', '\"kind\": ') AS BLOB) WHERE idx = 9",
           &signer);
    found("JSON that is not canonical", NULL, 9, "is not canonical JSON");
    forged("UPDATE entries SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"kind\":', '\"kind\":\"x\",\"kind\":') AS BLOB) WHERE "
           "idx = 9",
           &signer);
    found("a key twice", NULL, 9, "is not canonical JSON");
    forged("UPDATE entries SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"n\":4', '\"n\":7') AS BLOB) WHERE idx = 9", &signer);
    found("a number in the case left out", NULL, -1, "does not follow");
}

static void personal_data_gone_or_changed(void **state)
{
    (void)state;
    attack("personal data gone without an erase", "DELETE FROM disclosures WHERE kase = (SELECT max(kase) FROM disclosures)", -1,
           "is gone, and the case was not erased");
    attack("personal data changed", "UPDATE disclosures SET text = text || 'A'", -1, "a personal value of leaf");
}

static void another_definition_or_hook(void **state)
{
    (void)state;
    attack("a file of the definition changed",
           "UPDATE blobs SET bytes = CAST(replace(CAST(bytes AS TEXT), 'waive-by', 'wAive-by') AS BLOB) WHERE CAST(bytes AS "
           "TEXT) LIKE "
           "'%迎接%waive-by%'",
           0, "processes/visit.scxml, and it was changed");
    attack("a file of the definition gone", "DELETE FROM blobs WHERE CAST(bytes AS TEXT) LIKE '%waive-by%'", 0,
           "processes/visit.scxml, and it is gone");
    attack("the list of files changed",
           "UPDATE blobs SET bytes = CAST(CAST(bytes AS TEXT) || 'x' AS BLOB) WHERE CAST(bytes AS TEXT) LIKE "
           "'%  processes/visit.scxml%'",
           0, "a bundle, and it was changed");
    attack("another definition under a running case",
           "UPDATE cases SET def = (SELECT hash FROM blobs WHERE CAST(bytes AS TEXT) LIKE '<dealer%') WHERE n = 6", 2,
           "runs on another definition");
    attack("another house for the next command",
           "UPDATE info SET value = (SELECT lower(hex(hash)) FROM blobs WHERE CAST(bytes AS TEXT) LIKE '<dealer%') WHERE key = "
           "'house.base'",
           -1, "house.base is one that was never published");
    attack("an older house for the next command",
           "UPDATE info SET value = (SELECT json_extract(bytes, '$.def') FROM entries WHERE idx = 0) WHERE key = 'house.base'",
           NOBODY, "another house of base was put in place");
}

/* What the store says of itself stands in the record, too. */
static void the_store_lies_about_itself(void **state)
{
    (void)state;
    attack("a trial passed off as real", "UPDATE info SET value = '0' WHERE key = 'flags'", NOBODY, "flags were changed");
    attack("who acts was checked, it says", "UPDATE info SET value = '1' WHERE key = 'flags'", NOBODY, "flags were changed");
    attack("another name", "INSERT OR REPLACE INTO info VALUES ('origin', 'guan.example/else')", NOBODY, "name was changed");
    attack("no key any more", "DELETE FROM info WHERE key = 'key'", NOBODY, "the ledger's key was changed");
    attack("other dealers", "UPDATE info SET value = 'base other' WHERE key = 'dealers'", NOBODY, "list of dealers was changed");
    attack("another definition for the next case",
           "UPDATE info SET value = (SELECT value FROM info WHERE key = 'house.base') WHERE key = 'def'", NOBODY,
           "another definition was put in place");
    attack("all checkpoints gone", "DELETE FROM checkpoints", NOBODY, "checkpoints of the store are gone");
    sqlite3 *db = fresh_victim();
    run_sql(db, "DELETE FROM checkpoints WHERE size = 13");
    sqlite3_close(db);
    found("a checkpoint gone that was kept outside", late, NOBODY, "one of 13 entries, which was kept outside");
}

/* Names lie apart to be erased, deadlines in a column to be found: both follow from the record. */
static void names_and_deadlines(void **state)
{
    (void)state;
    char sql[400];
    attack("a name changed", "UPDATE names SET name = '张三' WHERE name = '王磊'", -1, "a name of case");
    attack("the names gone", "DELETE FROM names", -1, "is gone, and the case was not erased");
    attack("the secrets gone", "DELETE FROM secrets", -1, "the secret of case");
    attack("a role changed", "UPDATE names SET role = 'advisor' WHERE id LIKE 'party:%'", -1, "its role");
    attack("a name more", "INSERT INTO names SELECT kase, 'party:9', name, role FROM names WHERE id = 'party:1'", -1,
           "more names than were given");
    attack("a name for a case that has none", "INSERT INTO names SELECT max(id), 'party:9', '王磊', 'customer' FROM cases", -1,
           "more names than were given");
    attack("the dealer's key changed", "UPDATE cases SET key = zeroblob(32) WHERE key IS NOT NULL", -1,
           "is not found by the key");
    attack("a key that is none", "UPDATE cases SET key = x'00' WHERE key IS NOT NULL", -1, "the row of case");
    snprintf(sql, sizeof sql, "UPDATE cases SET due = 1 WHERE id = '%s'", case_a);
    attack("a deadline that never comes", sql, NOBODY, "when the next of its deadlines is due");
}

static void rehash(int index)
{
    sqlite3_stmt *row, *update;
    struct hash leaf;
    sqlite3 *db = burgle(victim);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT bytes FROM entries WHERE idx = ?", -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "UPDATE entries SET leaf = ? WHERE idx = ?", -1, &update, NULL), SQLITE_OK);
    sqlite3_bind_int(row, 1, index);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    merkle_leaf(sqlite3_column_blob(row, 0), (size_t)sqlite3_column_bytes(row, 0), &leaf);
    sqlite3_finalize(row);
    bind_hash(update, 1, &leaf);
    sqlite3_bind_int(update, 2, index);
    assert_int_equal(sqlite3_step(update), SQLITE_DONE);
    sqlite3_finalize(update);
    sqlite3_close(db);
}

/* Everything that reads the record for an auditor computes the hashes of what it reads. */
static void what_is_read_is_hashed(void **state)
{
    (void)state;
    struct caught caught = {.arena = arena_new()};
    struct guan_error error = {0};
    struct guan_sink sink = {catch_answer, &caught};
    struct guan *guan;
    char tiles[96];
    caught.all = value_list(caught.arena);
    sqlite3 *db = fresh_victim();
    run_sql(db, "UPDATE entries SET bytes = CAST(replace(CAST(bytes AS TEXT), 'staff:1', 'staff:2') AS BLOB) WHERE idx = 9");
    sqlite3_close(db);
    snprintf(tiles, sizeof tiles, "%s/tiles", folder);
    assert_int_equal(guan_open(victim, &guan, &error), GUAN_OK);
    assert_int_equal(guan_report(guan, NULL, NULL, &sink, &error), GUAN_TAMPERED);
    assert_non_null(strstr(error.text, "leaf 9"));
    assert_non_null(strstr(error.hint, "audit verify"));
    assert_int_equal(guan_findings(guan, NULL, &sink, &error), GUAN_TAMPERED);
    assert_int_equal(guan_receipt(guan, case_a, key_path, &sink, &error), GUAN_TAMPERED);
    assert_int_equal(guan_tiles(guan, tiles, &sink, &error), GUAN_TAMPERED);
    guan_close(guan);
    /* With the hash beside it mended, the entry after it names another. */
    rehash(9);
    assert_int_equal(guan_open(victim, &guan, &error), GUAN_OK);
    assert_int_equal(guan_report(guan, NULL, NULL, &sink, &error), GUAN_TAMPERED);
    assert_non_null(strstr(error.text, "leaf 11"));
    guan_close(guan);
    arena_free(caught.arena);
}

static void planted(const char *name, const char *sql, const char *object)
{
    sqlite3 *db = fresh_victim();
    run_sql(db, sql);
    sqlite3_close(db);
    struct seen seen = look(NULL);
    print_message("%s: exit %d: %s: %s\n", name, seen.code, seen.where, seen.text);
    assert_int_equal(seen.code, GUAN_TAMPERED);
    assert_string_equal(seen.where, object);
}

static void triggers_and_views_planted_in_the_file(void **state)
{
    (void)state;
    planted("a trigger planted",
            "CREATE TRIGGER helpful AFTER INSERT ON entries BEGIN UPDATE entries SET bytes = x'7b7d' WHERE idx = new.idx; END",
            "helpful");
    planted("a view planted", "CREATE VIEW entries_seen AS SELECT * FROM entries", "entries_seen");
    planted("a table taken by a view",
            "ALTER TABLE entries RENAME TO real; CREATE VIEW entries AS SELECT * FROM real WHERE idx <> 6", "real");
    planted("an index planted", "CREATE INDEX quick ON entries (back)", "quick");
}

static void a_receipt_knows_its_record(void **state)
{
    (void)state;
    struct caught caught = {.arena = arena_new()};
    struct guan_error error = {0};
    struct guan_sink sink = {catch_answer, &caught};
    struct guan *guan;
    char text[400];
    caught.all = value_list(caught.arena);
    sqlite3_close(fresh_victim());
    assert_int_equal(guan_open(victim, &guan, &error), GUAN_OK);
    assert_int_equal(guan_receipt(guan, case_a, key_path, &sink, &error), GUAN_OK);
    snprintf(text, sizeof text, "%s", value_get_text(caught.answer, "text"));
    print_message("%zu bytes: %s\n", strlen(text), text);
    assert_true(strlen(text) < 300);
    assert_int_equal(guan_receipt_check(guan, text, &sink, &error), GUAN_OK);
    assert_true(value_get_bool(caught.answer, "signed"));
    for (size_t i = 0; i < strlen(text); i++) { /* any slip of the pen is a slip of the pen */
        char slip[400];
        snprintf(slip, sizeof slip, "%s", text);
        slip[i] = slip[i] == 'x' ? 'y' : 'x';
        assert_int_equal(guan_receipt_check(guan, slip, &sink, &error), GUAN_USAGE);
    }
    guan_close(guan);
    forged(rewrite, &signer);
    assert_int_equal(guan_open(victim, &guan, &error), GUAN_OK);
    assert_int_equal(guan_receipt_check(guan, text, &sink, &error), GUAN_TAMPERED);
    print_message("a receipt after all was rewritten with the same key: %s\n", error.text);
    guan_close(guan);
    arena_free(caught.arena);
}

/* The old key signs the checkpoint in which the new one first appears; a key that is put in its place is found out. */
static void a_key_is_changed_before_witnesses(void **state)
{
    (void)state;
    struct caught caught = {.arena = arena_new()};
    struct guan_error error = {0};
    struct guan_sink sink = {catch_answer, &caught};
    struct guan *guan;
    char old[320], own[128];
    caught.all = value_list(caught.arena);
    sqlite3_close(fresh_victim());
    snprintf(own, sizeof own, "%s/other-key", folder);
    snprintf(old, sizeof old, "cp -p %s %s", key_path, own);
    assert_int_equal(system(old), 0);
    assert_int_equal(guan_open(victim, &guan, &error), GUAN_OK);
    assert_int_equal(guan_key(guan, own, GUAN_KEY_NEW, &sink, &error), GUAN_OK);
    assert_int_equal(guan_checkpoint(guan, key_path, &sink, &error), GUAN_USAGE); /* the old one is out of use */
    step(guan, &caught, case_a, "2026-03-07T10:09:00");
    assert_int_equal(guan_checkpoint(guan, own, &sink, &error), GUAN_OK);
    guan_close(guan);
    assert_int_equal(look(late).code, GUAN_OK);
    sqlite3 *db = burgle(victim); /* as if the new key had come without the old one's consent */
    run_sql(db, "DELETE FROM checkpoints WHERE size = 15");
    sqlite3_close(db);
    found("a key changed without the one before it", NULL, NOBODY, "that of 15 entries, signed when leaf 14 named a key");
    arena_free(caught.arena);
}

static void a_restored_backup_says_so(void **state)
{
    (void)state;
    struct caught caught = {.arena = arena_new()};
    struct guan_error error = {0};
    struct guan_sink sink = {catch_answer, &caught};
    struct guan *guan;
    char ahead[96], command[320];
    caught.all = value_list(caught.arena);
    /* The original goes on after the backup `clean`, and is lost with a checkpoint kept elsewhere. */
    sqlite3_close(fresh_victim());
    snprintf(ahead, sizeof ahead, "%s/ahead", folder);
    assert_int_equal(guan_open(victim, &guan, &error), GUAN_OK);
    step(guan, &caught, case_a, "2026-03-07T10:08:00");
    step(guan, &caught, case_b, "2026-03-07T10:09:00");
    checkpoint(guan, &caught, ahead);
    guan_close(guan);
    snprintf(command, sizeof command, "rm -f %s*", victim);
    assert_int_equal(system(command), 0);
    assert_int_equal(guan_store_restore(victim, clean, early, &sink, &error), GUAN_OK);
    assert_int_equal(value_get_int(caught.answer, "lost"), 0);
    assert_int_equal(guan_store_restore(victim, clean, early, &sink, &error), GUAN_USAGE); /* never over something */
    assert_int_equal(system(command), 0);
    assert_int_equal(guan_store_restore(victim, clean, ahead, &sink, &error), GUAN_OK);
    assert_int_equal(value_get_int(caught.answer, "lost"), 2);
    struct seen sound = look(NULL);
    if (sound.code) fail_msg("%s", sound.text);
    assert_int_equal(look(late).code, GUAN_OK);
    struct seen lost = look(ahead); /* what it sealed is lost: the record says so, and it is no yes */
    assert_int_equal(lost.code, GUAN_NO);
    assert_string_equal(lost.text, "the store was restored from a backup: leaves 14 to 15 are lost");
    sqlite3 *db = fresh_victim(); /* the same without the entry */
    sqlite3_close(db);
    found("a backup put in place in secret", ahead, 14, "16 entries were seen outside, only 14 are there");
    forged(rewrite, &signer);
    snprintf(command, sizeof command, "mv %s %s.bad", victim, victim);
    assert_int_equal(system(command), 0);
    char spoiled[128];
    snprintf(spoiled, sizeof spoiled, "%s.bad", victim);
    assert_int_equal(guan_store_restore(victim, spoiled, late, &sink, &error), GUAN_TAMPERED);
    print_message("a rewritten backup restored: %s\n", error.text);
    assert_int_equal(access(victim, F_OK), -1);
    arena_free(caught.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_record_verifies_and_says_what_is_not_sealed),
        cmocka_unit_test(entries_edited_deleted_inserted_swapped),
        cmocka_unit_test(the_tail_cut_off),
        cmocka_unit_test(forks_and_rewritings),
        cmocka_unit_test(a_checkpoint_of_somebody_else),
        cmocka_unit_test(entries_that_nobody_could_have_written),
        cmocka_unit_test(personal_data_gone_or_changed),
        cmocka_unit_test(another_definition_or_hook),
        cmocka_unit_test(the_store_lies_about_itself),
        cmocka_unit_test(names_and_deadlines),
        cmocka_unit_test(what_is_read_is_hashed),
        cmocka_unit_test(triggers_and_views_planted_in_the_file),
        cmocka_unit_test(a_receipt_knows_its_record),
        cmocka_unit_test(a_key_is_changed_before_witnesses),
        cmocka_unit_test(a_restored_backup_says_so),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
