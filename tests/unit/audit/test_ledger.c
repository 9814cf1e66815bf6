/* The ledger's commands on a store: keys, intervals, proofs, time stamps, care. What is forged is in faults/test_attacks.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "shop.h"

#include "audit/desk.h"

static char folder[64];

struct desk {
    struct guan *guan;
    struct caught caught;
    struct guan_sink sink;
    struct guan_error error;
    char store[96], key[96], file[96];
};

static int set_up(void **state)
{
    static struct desk desk;
    snprintf(folder, sizeof folder, "/tmp/guan-desk-XXXXXX");
    if (!mkdtemp(folder)) return 1;
    memset(&desk, 0, sizeof desk);
    snprintf(desk.store, sizeof desk.store, "%s/guan.db", folder);
    snprintf(desk.key, sizeof desk.key, "%s/guan.db.key", folder);
    snprintf(desk.file, sizeof desk.file, "%s/file", folder);
    desk.guan = shop_open(desk.store, NULL, &desk.caught);
    desk.sink = (struct guan_sink){catch_answer, &desk.caught};
    *state = &desk;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;
    char command[96];
    shop_close(desk->guan, &desk->caught);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

#define OK(desk, call)                                                                                                           \
    if ((call) != GUAN_OK) fail_msg("%s: %s", #call, (desk)->error.text)
#define REFUSED(desk, call, code, name)                                                                                          \
    do {                                                                                                                         \
        error_clear(&(desk)->error);                                                                                             \
        assert_int_equal(call, code);                                                                                            \
        assert_string_equal((desk)->error.rule, name);                                                                           \
    } while (0)

static void save(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static const char *text(struct desk *desk, const char *key)
{
    const char *found = value_get_text(desk->caught.answer, key);
    assert_non_null(found);
    return found;
}

static int64_t figure(struct desk *desk, const char *key)
{
    return value_get_int(desk->caught.answer, key);
}

static void make_key(struct desk *desk)
{
    OK(desk, guan_key(desk->guan, desk->key, GUAN_KEY_NEW, &desk->sink, &desk->error));
}

static void a_key_is_for_its_owner_only(void **state)
{
    struct desk *desk = *state;
    struct stat status;
    struct note_signer signer;
    REFUSED(desk, guan_key(desk->guan, desk->key, 0, &desk->sink, &desk->error), GUAN_NO, "no-key");
    REFUSED(desk, guan_checkpoint(desk->guan, desk->key, &desk->sink, &desk->error), GUAN_NO, "no-key");
    make_key(desk);
    assert_int_equal(stat(desk->key, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    OK(desk, key_load(desk->key, &signer, &desk->error));
    assert_string_equal(signer.key.name, text(desk, "origin"));
    assert_int_equal(chmod(desk->key, 0640), 0);
    REFUSED(desk, guan_checkpoint(desk->guan, desk->key, &desk->sink, &desk->error), GUAN_USAGE, "key-file");
    assert_int_equal(chmod(desk->key, 0600), 0);
    REFUSED(desk, guan_witness_key("w", desk->key, &desk->sink, &desk->error), GUAN_USAGE, "key-file"); /* never over a key */
}

static void the_first_key_is_not_put_over_a_file(void **state)
{
    struct desk *desk = *state;
    save(desk->key, "precious\n");
    REFUSED(desk, guan_key(desk->guan, desk->key, GUAN_KEY_NEW, &desk->sink, &desk->error), GUAN_USAGE, "key-file");
}

static void a_rotation_that_was_cut_short_is_finished(void **state)
{
    struct desk *desk = *state;
    char next[128], kept[128];
    make_key(desk);
    snprintf(kept, sizeof kept, "%s/kept", folder);
    snprintf(next, sizeof next, "%s.new", desk->key);
    assert_int_equal(link(desk->key, kept), 0);
    make_key(desk);
    /* As if the machine had stopped between the commit and the renaming. */
    assert_int_equal(rename(desk->key, next), 0);
    assert_int_equal(rename(kept, desk->key), 0);
    OK(desk, guan_checkpoint(desk->guan, desk->key, &desk->sink, &desk->error));
    assert_int_equal(access(next, F_OK), -1);
    OK(desk, guan_verify(desk->guan, &desk->sink, &desk->error));
    assert_int_equal(value_count(value_get(desk->caught.answer, "keys")), 2);
}

static void a_lost_key_is_said_to_be(void **state)
{
    struct desk *desk = *state;
    make_key(desk);
    assert_int_equal(unlink(desk->key), 0);
    REFUSED(desk, guan_key(desk->guan, desk->key, GUAN_KEY_NEW, &desk->sink, &desk->error), GUAN_USAGE, "no-such-file");
    OK(desk, guan_key(desk->guan, desk->key, GUAN_KEY_NEW | GUAN_KEY_LOST, &desk->sink, &desk->error));
    OK(desk, guan_verify(desk->guan, &desk->sink, &desk->error));
    assert_int_equal(figure(desk, "unsealed"), 0);
}

static void a_name_is_given_before_anything_else(void **state)
{
    struct desk *desk = *state;
    struct store *store;
    struct guan *guan;
    REFUSED(desk, guan_set_origin(desk->guan, "guan.example/late", &desk->error), GUAN_USAGE, "origin");
    OK(desk, store_open_new(":memory:", STORE_VIRTUAL, &store, &desk->error));
    OK(desk, guan_attach(store, &guan, &desk->error));
    REFUSED(desk, guan_set_origin(guan, "two words", &desk->error), GUAN_USAGE, "origin");
    REFUSED(desk, guan_set_origin(guan, "a+b", &desk->error), GUAN_USAGE, "origin");
    OK(desk, guan_set_origin(guan, "guan.example/pudong", &desk->error));
    OK(desk, guan_key(guan, desk->key, GUAN_KEY_NEW, &desk->sink, &desk->error));
    assert_string_equal(text(desk, "origin"), "guan.example/pudong");
    guan_close(guan);
}

/* --- on an interval --------------------------------------------------------------------------------------------------- */

/* The store's own case, as [kind, kind, …] in one text. */
static const char *own_kinds(struct guan *guan, char *out, size_t size)
{
    struct caught caught = {.arena = arena_new()};
    struct arena *arena = caught.arena;
    struct case_row row;
    out[0] = '\0';
    assert_int_equal(store_begin(guan->store, false, NULL), GUAN_OK);
    assert_int_equal(store_case(guan->store, arena, "-", &row, NULL), GUAN_OK);
    for (uint64_t index = row.last; index != UINT64_MAX;) {
        struct entry_row entry;
        struct value *value;
        char old[500];
        assert_int_equal(store_entry(guan->store, arena, index, &entry, NULL), GUAN_OK);
        assert_int_equal(json_read(arena, entry.bytes, entry.length, &value, NULL), GUAN_OK);
        snprintf(old, sizeof old, "%s", out);
        snprintf(out, size, "%s %s", value_get_text(value, "kind"), old);
        index = entry.back;
    }
    store_rollback(guan->store);
    arena_free(arena);
    return out;
}

static void a_worker_seals_when_it_is_time(void **state)
{
    struct desk *desk = *state;
    struct store *store;
    struct guan *guan;
    int64_t wait;
    char kinds[500];
    OK(desk, guan_seal(desk->guan, desk->key, "PT1H", &wait, &desk->error));
    assert_int_equal(wait, -1); /* a virtual store has no clock */
    OK(desk, store_open_new(":memory:", 0, &store, &desk->error));
    OK(desk, guan_attach(store, &guan, &desk->error));
    OK(desk, guan_seal(guan, desk->key, "PT1H", &wait, &desk->error));
    assert_int_equal(wait, -1); /* no key, nothing to seal with */
    OK(desk, guan_key(guan, desk->key, GUAN_KEY_NEW, &desk->sink, &desk->error));
    REFUSED(desk, guan_seal(guan, desk->key, "now", &wait, &desk->error), GUAN_USAGE, "duration");
    REFUSED(desk, guan_seal(guan, desk->key, "PT0S", &wait, &desk->error), GUAN_USAGE, "duration");
    OK(desk, guan_seal(guan, desk->key, "PT1H", &wait, &desk->error));
    assert_true(wait > 3500000 && wait <= 3600000);
    OK(desk, guan_seal(guan, desk->key, "PT1H", &wait, &desk->error)); /* not again */
    assert_string_equal(own_kinds(guan, kinds, sizeof kinds), "key tick ");
    /* The last time lies ahead: the clock has gone back. */
    OK(desk, store_begin(store, true, &desk->error));
    OK(desk, store_info_set(store, "sealed", "2999-01-01T00:00:00.000Z", &desk->error));
    OK(desk, store_commit(store, &desk->error));
    OK(desk, guan_seal(guan, desk->key, "PT1H", &wait, &desk->error));
    assert_string_equal(own_kinds(guan, kinds, sizeof kinds), "key tick clock ");
    OK(desk, guan_seal(guan, desk->key, "PT1H", &wait, &desk->error)); /* said once */
    assert_string_equal(own_kinds(guan, kinds, sizeof kinds), "key tick clock ");
    OK(desk, guan_verify(guan, &desk->sink, &desk->error));
    assert_int_equal(figure(desk, "unsealed"), 0);
    guan_close(guan);
}

/* --- proofs ----------------------------------------------------------------------------------------------------------- */

static void prove_what_is_sealed(void **state)
{
    struct desk *desk = *state;
    char kase[32], what[64];
    struct proof_file file;
    snprintf(kase, sizeof kase, "%s", shop_case(desk->guan, &desk->caught));
    make_key(desk);
    OK(desk, guan_prove(desk->guan, kase, NULL, &desk->sink, &desk->error));
    snprintf(what, sizeof what, "%s:1", kase);
    OK(desk, guan_prove(desk->guan, what, NULL, &desk->sink, &desk->error));
    assert_int_equal(figure(desk, "n"), 1);
    const char *proof = text(desk, "proof");
    OK(desk, proof_read(proof, strlen(proof), &file, &desk->error));
    assert_int_equal((int64_t)file.index, figure(desk, "index"));
    OK(desk, guan_prove(desk->guan, "key:13800000001:1", NULL, &desk->sink, &desk->error));
    OK(desk, guan_prove(desk->guan, "0", NULL, &desk->sink, &desk->error));
    assert_string_equal(text(desk, "case"), "-");
    OK(desk, guan_prove(desk->guan, "-:1", NULL, &desk->sink, &desk->error));
    snprintf(what, sizeof what, "%s:99", kase);
    REFUSED(desk, guan_prove(desk->guan, what, NULL, &desk->sink, &desk->error), GUAN_USAGE, "no-such-entry");
    REFUSED(desk, guan_prove(desk->guan, "999", NULL, &desk->sink, &desk->error), GUAN_USAGE, "no-such-entry");
    OK(desk, shop_step(desk->guan, &desk->caught, kase, "note", "2026-03-07T10:01:00", "text", "x", &desk->error));
    REFUSED(desk, guan_prove(desk->guan, kase, NULL, &desk->sink, &desk->error), GUAN_NO, "not-sealed");
}

static void tiles_go_on_from_what_is_there(void **state)
{
    struct desk *desk = *state;
    char dir[96], checkpoint[128], kase[32];
    struct caught *caught = &desk->caught;
    snprintf(dir, sizeof dir, "%s/tiles", folder);
    snprintf(checkpoint, sizeof checkpoint, "%s/checkpoint", dir);
    snprintf(kase, sizeof kase, "%s", shop_case(desk->guan, caught));
    REFUSED(desk, guan_tiles(desk->guan, dir, &desk->sink, &desk->error), GUAN_NO, "no-checkpoint");
    make_key(desk);
    OK(desk, guan_tiles(desk->guan, dir, &desk->sink, &desk->error));
    assert_int_equal(figure(desk, "files"), 3);
    OK(desk, guan_tiles(desk->guan, dir, &desk->sink, &desk->error)); /* again is fine */
    OK(desk, shop_step(desk->guan, caught, kase, "note", "2026-03-07T10:01:00", "text", "x", &desk->error));
    OK(desk, guan_tiles(desk->guan, dir, &desk->sink, &desk->error));
    assert_int_equal(figure(desk, "unsealed"), 1);
    OK(desk, guan_checkpoint(desk->guan, desk->key, &desk->sink, &desk->error));
    char *note = strdup(text(desk, "note"));
    OK(desk, guan_tiles(desk->guan, dir, &desk->sink, &desk->error));
    char *root = strstr(strstr(note, "\n") + 1, "\n") + 1; /* another record was exported there, it seems */
    root[0] = root[0] == 'A' ? 'B' : 'A';
    save(checkpoint, note);
    REFUSED(desk, guan_tiles(desk->guan, dir, &desk->sink, &desk->error), GUAN_TAMPERED, "tiles");
    free(note);
}

/* --- an authority's time stamp ---------------------------------------------------------------------------------------- */

static bool shell(const char *format, ...) GUAN_PRINTF(1, 2);
static bool shell(const char *format, ...)
{
    char command[1000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    return system(command) == 0;
}

static void make_authority(void)
{
    char path[128];
    snprintf(path, sizeof path, "%s/tsa.cnf", folder);
    save(path, "[req]\ndistinguished_name=dn\nprompt=no\nx509_extensions=ext\n[dn]\nCN=An authority of time\n"
               "[ext]\nextendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n"
               "[tsa]\ndefault_tsa=it\n[it]\nserial=serial\ndefault_policy=1.2.3\ndigests=sha256\naccuracy=secs:1\n"
               "signer_digest=sha256\ness_cert_id_alg=sha256\n");
    snprintf(path, sizeof path, "%s/serial", folder);
    save(path, "01\n");
    assert_true(shell("cd %s && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -config tsa.cnf -keyout tsa.pem -out tsa.crt "
                      "2>/dev/null",
                      folder));
}

static void a_time_stamp_counts_if_its_authority_is_trusted(void **state)
{
    struct desk *desk = *state;
    char authority[96];
    if (!shell("openssl version >/dev/null 2>&1")) skip();
    make_key(desk);
    OK(desk, guan_checkpoint(desk->guan, desk->key, &desk->sink, &desk->error));
    save(desk->file, text(desk, "note"));
    make_authority();
    assert_true(
        shell("cd %s && openssl ts -query -data file -sha256 -cert -out q 2>/dev/null && openssl ts -reply -config tsa.cnf "
              "-queryfile q -inkey tsa.pem -signer tsa.crt -out file.tsr 2>/dev/null",
              folder));
    snprintf(authority, sizeof authority, "%s/tsa.crt", folder);
    struct guan_verify_options options = {.against = desk->file, .authority = authority};
    OK(desk, guan_verify_against(desk->guan, &options, &desk->sink, &desk->error));
    assert_non_null(value_get_text(value_get(desk->caught.answer, "against"), "stamp"));
    options.authority = NULL; /* the system knows no such authority */
    REFUSED(desk, guan_verify_against(desk->guan, &options, &desk->sink, &desk->error), GUAN_TAMPERED, "stamp");
    options.authority = authority;
    assert_true(shell("cd %s && printf x >>file.tsr", folder)); /* what comes behind it is nothing */
    OK(desk, guan_verify_against(desk->guan, &options, &desk->sink, &desk->error));
    assert_true(shell(
        "cd %s && printf 'extension\\n' >more && (sed -n 1,3p file; cat more; sed 1,3d file) >other && mv other file", folder));
    REFUSED(desk, guan_verify_against(desk->guan, &options, &desk->sink, &desk->error), GUAN_TAMPERED, "stamp");
    assert_true(shell("cd %s && printf nonsense >file.tsr", folder));
    REFUSED(desk, guan_verify_against(desk->guan, &options, &desk->sink, &desk->error), GUAN_USAGE, "stamp");
}

/* --- witnesses -------------------------------------------------------------------------------------------------------- */

static void witnesses_sign_and_are_told(void **state)
{
    struct desk *desk = *state;
    char witness[96], vkey[200], other[200];
    const char *keys[1] = {vkey};
    struct guan_verify_options options = {.against = desk->file, .keys = keys, .key_count = 1};
    snprintf(witness, sizeof witness, "%s/witness", folder);
    make_key(desk);
    OK(desk, guan_witness_key("witness.example", witness, &desk->sink, &desk->error));
    snprintf(vkey, sizeof vkey, "%s", text(desk, "key"));
    OK(desk, guan_checkpoint(desk->guan, desk->key, &desk->sink, &desk->error));
    assert_false(value_get_bool(desk->caught.answer, "new")); /* that of the key is of all there is */
    save(desk->file, text(desk, "note"));
    REFUSED(desk, guan_verify_against(desk->guan, &options, &desk->sink, &desk->error), GUAN_TAMPERED, "signature");
    REFUSED(desk, guan_cosign(desk->file, desk->key, &desk->sink, &desk->error), GUAN_USAGE, "key-file"); /* not a witness's */
    OK(desk, guan_cosign(desk->file, witness, &desk->sink, &desk->error));
    save(desk->file, text(desk, "note"));
    OK(desk, guan_verify_against(desk->guan, &options, &desk->sink, &desk->error));
    const struct value *one = value_at(value_get(value_get(desk->caught.answer, "against"), "signed"), 0);
    assert_string_equal(value_get_text(one, "name"), "witness.example");
    assert_non_null(value_get_text(one, "time"));
    options.key_count = 0; /* that of the ledger is good enough; what nobody looked at is told */
    OK(desk, guan_verify_against(desk->guan, &options, &desk->sink, &desk->error));
    assert_string_equal(value_as_text(value_at(value_get(value_get(desk->caught.answer, "against"), "unchecked"), 0)),
                        "witness.example");
    char key_line[220], key_path[96];
    snprintf(key_path, sizeof key_path, "%s/witness.pub", folder);
    snprintf(key_line, sizeof key_line, "%s\n", vkey);
    save(key_path, key_line);
    keys[0] = key_path; /* a file as it was printed */
    options.key_count = 1;
    OK(desk, guan_verify_against(desk->guan, &options, &desk->sink, &desk->error));
    keys[0] = vkey;
    OK(desk, guan_cosigned(desk->guan, desk->file, &desk->sink, &desk->error));
    assert_int_equal(figure(desk, "added"), 1);
    OK(desk, guan_cosigned(desk->guan, desk->file, &desk->sink, &desk->error));
    assert_int_equal(figure(desk, "added"), 0);
    options.against = NULL; /* the store's newest has it now */
    OK(desk, guan_verify_against(desk->guan, &options, &desk->sink, &desk->error));
    snprintf(witness, sizeof witness, "%s/second", folder);
    OK(desk, guan_witness_key("witness.example", witness, &desk->sink, &desk->error));
    snprintf(other, sizeof other, "%s", text(desk, "key"));
    keys[0] = other;
    REFUSED(desk, guan_verify_against(desk->guan, &options, &desk->sink, &desk->error), GUAN_TAMPERED, "signature");
}

/* A file that is not what its signer signed says nothing of the record, and does not vouch for it. */
static void a_forged_file_accuses_nobody(void **state)
{
    struct desk *desk = *state;
    char note[1000], forged[1000], witness[96], vkey[200];
    const char *keys[1] = {vkey};
    struct guan_verify_options options = {.against = desk->file, .keys = keys};
    snprintf(witness, sizeof witness, "%s/vouching", folder);
    make_key(desk);
    OK(desk, guan_checkpoint(desk->guan, desk->key, &desk->sink, &desk->error));
    snprintf(note, sizeof note, "%s", text(desk, "note"));
    char *size = strchr(note, '\n') + 1, *root = strchr(size, '\n') + 1, *sign = strstr(note, "\n\n") + 2;
    char *bytes = strrchr(note, ' ') + 1;
    save(desk->file, note);
    OK(desk, guan_verify_against(desk->guan, &options, &desk->sink, &desk->error));

    snprintf(forged, sizeof forged, "%.*s1%s", (int)(size - note), note, size); /* another size */
    save(desk->file, forged);
    REFUSED(desk, guan_verify_against(desk->guan, &options, &desk->sink, &desk->error), GUAN_USAGE, "against");
    snprintf(forged, sizeof forged, "%s", note); /* another root */
    forged[root - note] = forged[root - note] == 'A' ? 'B' : 'A';
    save(desk->file, forged);
    REFUSED(desk, guan_verify_against(desk->guan, &options, &desk->sink, &desk->error), GUAN_USAGE, "against");
    snprintf(forged, sizeof forged, "%s", note); /* the signature itself */
    forged[bytes - note + 20] = forged[bytes - note + 20] == 'A' ? 'B' : 'A';
    save(desk->file, forged);
    REFUSED(desk, guan_verify_against(desk->guan, &options, &desk->sink, &desk->error), GUAN_USAGE, "against");

    /* By a witness alone: his key has to be given. */
    OK(desk, guan_witness_key("witness.example", witness, &desk->sink, &desk->error));
    snprintf(vkey, sizeof vkey, "%s", text(desk, "key"));
    save(desk->file, note);
    OK(desk, guan_cosign(desk->file, witness, &desk->sink, &desk->error));
    snprintf(forged, sizeof forged, "%.*s%s", (int)(sign - note), note, strchr(strstr(text(desk, "note"), "\n\n") + 2, '\n') + 1);
    save(desk->file, forged);
    REFUSED(desk, guan_verify_against(desk->guan, &options, &desk->sink, &desk->error), GUAN_USAGE, "against");
    options.key_count = 1;
    OK(desk, guan_verify_against(desk->guan, &options, &desk->sink, &desk->error));
}

/* --- care ------------------------------------------------------------------------------------------------------------- */

static void a_backup_is_whole_and_never_over_something(void **state)
{
    struct desk *desk = *state;
    struct guan *copy;
    char kase[32];
    snprintf(kase, sizeof kase, "%s", shop_case(desk->guan, &desk->caught));
    OK(desk, guan_store_backup(desk->guan, desk->file, &desk->sink, &desk->error));
    REFUSED(desk, guan_store_backup(desk->guan, desk->file, &desk->sink, &desk->error), GUAN_USAGE, "store-exists");
    OK(desk, shop_step(desk->guan, &desk->caught, kase, "note", "2026-03-07T10:01:00", "text", "x", &desk->error));
    OK(desk, guan_open(desk->file, &copy, &desk->error));
    OK(desk, guan_verify(copy, &desk->sink, &desk->error));
    assert_int_equal(figure(desk, "entries"), 4); /* without the step */
    guan_close(copy);
    OK(desk, guan_store_check(desk->guan, &desk->sink, &desk->error));
    assert_true(value_get_bool(desk->caught.answer, "ok"));
    OK(desk, guan_store_stats(desk->guan, &desk->sink, &desk->error));
    assert_int_equal(figure(desk, "entries"), 5);
    assert_true(figure(desk, "bytes") > 4096 && figure(desk, "free_bytes") > 0 && figure(desk, "bytes_per_entry") > 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_key_is_for_its_owner_only),
        TEST(the_first_key_is_not_put_over_a_file),
        TEST(a_rotation_that_was_cut_short_is_finished),
        TEST(a_lost_key_is_said_to_be),
        TEST(a_name_is_given_before_anything_else),
        TEST(a_worker_seals_when_it_is_time),
        TEST(prove_what_is_sealed),
        TEST(tiles_go_on_from_what_is_there),
        TEST(a_time_stamp_counts_if_its_authority_is_trusted),
        TEST(witnesses_sign_and_are_told),
        TEST(a_forged_file_accuses_nobody),
        TEST(a_backup_is_whole_and_never_over_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
