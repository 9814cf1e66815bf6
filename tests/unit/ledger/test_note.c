/* Signed notes against what others have published, and against every forgery that is easy to think of. */
#include "ledger/note.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, GUAN_OK)

static struct arena *arena;
static struct value *published;

static int set_up(void **state)
{
    (void)state;
    char *text = malloc(100000);
    FILE *file = fopen(SOURCE_DIR "/tests/unit/ledger/note-published.json", "rb");
    if (!text || !file) return 1;
    size_t length = fread(text, 1, 100000, file);
    fclose(file);
    arena = arena_new();
    int code = json_read(arena, text, length, &published, NULL);
    free(text);
    return code;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static int key(const char *text, struct note_key *out)
{
    return note_key_read(text, strlen(text), out, NULL);
}

/* GUAN_NO: no note; GUAN_TAMPERED: does not verify; GUAN_USAGE: not by this key. */
static int judge(const char *bytes, size_t length, const struct note_key *by)
{
    struct note note;
    bool valid;
    char *exact = malloc(length + 1); /* reading behind the end is seen */
    assert_non_null(exact);
    memcpy(exact, bytes, length);
    int code = note_read(exact, length, &note, NULL);
    if (code == GUAN_OK) code = note_verify(&note, by, &valid, NULL, NULL);
    if (code == GUAN_OK && !valid) code = GUAN_USAGE;
    free(exact);
    return code;
}

static int judge_text(const char *text, const struct note_key *by)
{
    return judge(text, strlen(text), by);
}

static void published_notes_verify(void **state)
{
    (void)state;
    const struct value *list = value_get(published, "valid");
    assert_int_equal(value_count(list), 3);
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *one = value_at(list, i);
        struct note_key by;
        OK(key(value_get_text(one, "vkey"), &by));
        OK(judge_text(value_get_text(one, "note"), &by));
    }
}

/* One byte at a time; some lines may change without harm: those of keys that are not asked for. */
static void every_change_of_a_byte_is_seen(void **state)
{
    (void)state;
    const struct value *one = value_at(value_get(published, "valid"), 0);
    const char *text = value_get_text(one, "note");
    size_t length = strlen(text);
    struct note_key by;
    OK(key(value_get_text(one, "vkey"), &by));
    for (size_t i = 0; i < length; i++) {
        char *spoiled = malloc(length);
        assert_non_null(spoiled);
        memcpy(spoiled, text, length);
        spoiled[i] = (char)(spoiled[i] ^ 1);
        assert_int_not_equal(judge(spoiled, length, &by), GUAN_OK);
        assert_int_not_equal(judge(text, i, &by), GUAN_OK);
        free(spoiled);
    }
}

static void published_keys_are_read(void **state)
{
    (void)state;
    const struct value *list = value_get(published, "other_vkeys_that_must_parse"), *bad = value_get(published, "bad_vkeys");
    struct note_key by;
    for (size_t i = 0; i < value_count(list); i++) OK(key(value_as_text(value_at(list, i)), &by));
    assert_int_equal(by.type, NOTE_COSIGNATURE); /* the last is a witness's */
    for (size_t i = 0; i < 2; i++) assert_int_equal(key(value_as_text(value_at(bad, i)), &by), GUAN_NO);
}

static void a_spoiled_key_is_refused(void **state)
{
    (void)state;
    const char *text = value_get_text(value_at(value_get(published, "valid"), 1), "vkey");
    size_t length = strlen(text);
    struct note_key by;
    for (size_t i = 0; i < length; i++) {
        char copy[200];
        memcpy(copy, text, length + 1);
        copy[i]++;
        assert_int_equal(key(copy, &by), GUAN_NO);
        if (i > 0) assert_int_equal(note_key_read(text, i, &by, NULL), GUAN_NO);
        assert_int_equal(note_key_read(text + i + 1, length - i - 1, &by, NULL), GUAN_NO);
    }
}

static void the_published_private_key_signs_the_published_note(void **state)
{
    (void)state;
    const struct value *one = value_at(value_get(published, "valid"), 1);
    const char *text = value_get_text(one, "note"), *secret = value_get_text(one, "skey");
    struct note_signer signer;
    struct buffer note = {0}, again = {0};
    OK(note_signer_read(secret, strlen(secret), &signer, NULL));
    note_signer_write(&again, &signer);
    assert_string_equal(again.data, secret);
    buffer_clear(&again);
    note_key_write(&again, &signer.key);
    assert_string_equal(again.data, value_get_text(one, "vkey"));
    buffer_add(&note, text, (size_t)(strstr(text, "\n\n") + 1 - text));
    OK(note_sign(&note, &signer, 0, NULL));
    assert_string_equal(note.data, text);
    buffer_release(&note);
    buffer_release(&again);
}

static void what_is_no_note_is_refused(void **state)
{
    (void)state;
    const struct value *one = value_at(value_get(published, "valid"), 1);
    const char *text = value_get_text(one, "note"), *end = strstr(text, "\n\n") + 1, *line = end + 1;
    int body = (int)(end - text);
    struct note_key by;
    struct buffer many = {0};
    OK(key(value_get_text(one, "vkey"), &by));
    char try[4000];
    snprintf(try, sizeof try, "%.*s", body, text);
    assert_int_equal(judge_text(try, &by), GUAN_NO);
    snprintf(try, sizeof try, "%.*s\n", body, text);
    assert_int_equal(judge_text(try, &by), GUAN_NO);
    assert_int_equal(judge(text, strlen(text) - 1, &by), GUAN_NO);
    snprintf(try, sizeof try, "\x01%s", text);
    assert_int_equal(judge_text(try, &by), GUAN_NO);
    snprintf(try, sizeof try, "\xff%s", text);
    assert_int_equal(judge_text(try, &by), GUAN_NO);
    snprintf(try, sizeof try, "%.*s\n\xe2\x80\x94 Peter Neumann x08go/ZJkuBS\n", body, text);
    assert_int_equal(judge_text(try, &by), GUAN_NO);
    snprintf(try, sizeof try, "%s%s", text, "but this is none\n");
    assert_int_equal(judge_text(try, &by), GUAN_NO);
    snprintf(try, sizeof try, "%.*s\n%.30sAAAA%s", body, text, line, line + 30);
    assert_int_equal(judge_text(try, &by), GUAN_TAMPERED);
    buffer_text(&many, text);
    for (int i = 0; i < NOTE_SIGNATURES; i++) buffer_text(&many, line);
    assert_int_equal(judge(many.data, many.length, &by), GUAN_NO);
    buffer_release(&many);
}

static void a_note_of_others_is_not_by_this_key(void **state)
{
    (void)state;
    const struct value *list = value_get(published, "valid");
    struct note_key by;
    OK(key(value_get_text(value_at(list, 2), "vkey"), &by));
    assert_int_equal(judge_text(value_get_text(value_at(list, 1), "note"), &by), GUAN_USAGE);
}

static void a_published_checkpoint_is_read_and_signed_the_same(void **state)
{
    (void)state;
    const char *text = value_get_text(value_get(published, "sigsum_checkpoint"), "note");
    struct checkpoint checkpoint;
    struct note note;
    struct note_signer signer;
    unsigned char seed[SEED_BYTES] = {17};
    struct buffer out = {0};
    OK(note_read(text, strlen(text), &note, NULL));
    OK(checkpoint_read(note.text, note.length, &checkpoint, NULL));
    assert_int_equal(checkpoint.size, 10);
    OK(note_signer_make(checkpoint.origin, NOTE_ED25519, seed, &signer, NULL));
    checkpoint_write(&out, &checkpoint);
    OK(note_sign(&out, &signer, 0, NULL));
    assert_string_equal(out.data, text);
    buffer_release(&out);
}

static void what_is_no_checkpoint_is_refused(void **state)
{
    (void)state;
    static const char root[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    static const char *const bad[] = {"",
                                      "o\n",
                                      "o\n1\n",
                                      "o\n1\nAAAA\n",
                                      "\n1\n%s\n",
                                      "o\n01\n%s\n",
                                      "o\n-1\n%s\n",
                                      "o\n+1\n%s\n",
                                      "o\n\n%s\n",
                                      "o\n1 \n%s\n",
                                      "o\n1\n%s",
                                      "o\n99999999999999999999\n%s\n",
                                      "o\n1\n%s=\n",
                                      "o\n1\n%s\n\n"};
    struct checkpoint checkpoint;
    char try[200];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *hole = strstr(bad[i], "%s");
        if (hole) snprintf(try, sizeof try, "%.*s%s%s", (int)(hole - bad[i]), bad[i], root, hole + 2);
        else snprintf(try, sizeof try, "%s", bad[i]);
        if (checkpoint_read(try, strlen(try), &checkpoint, NULL) == GUAN_OK) fail_msg("taken: %s", try);
    }
    snprintf(try, sizeof try, "o\n0\n%s\nextension\n", root);
    OK(checkpoint_read(try, strlen(try), &checkpoint, NULL));
}

static void a_witness_signs_with_a_time(void **state)
{
    (void)state;
    unsigned char seed[SEED_BYTES] = {7}, other[SEED_BYTES] = {8};
    struct note_signer log, witness;
    struct checkpoint checkpoint = {.origin = "guan.example/pudong", .size = 3};
    struct buffer out = {0};
    struct note note;
    bool valid;
    uint64_t time;
    OK(note_signer_make("guan.example/pudong", NOTE_ED25519, seed, &log, NULL));
    OK(note_signer_make("witness.example", NOTE_COSIGNATURE, other, &witness, NULL));
    checkpoint_write(&out, &checkpoint);
    OK(note_sign(&out, &log, 0, NULL));
    OK(note_sign(&out, &witness, 1772848920, NULL));
    OK(note_read(out.data, out.length, &note, NULL));
    assert_int_equal(note.count, 2);
    OK(note_verify(&note, &witness.key, &valid, &time, NULL));
    assert_true(valid);
    assert_int_equal(time, 1772848920);
    note.signatures[1].bytes[7] ^= 1; /* another time */
    assert_int_equal(note_verify(&note, &witness.key, &valid, &time, NULL), GUAN_TAMPERED);
    OK(note_verify(&note, &log.key, &valid, &time, NULL)); /* the other one still holds */
    assert_true(valid);
    buffer_release(&out);
}

static void base64_has_one_way_to_write_each_value(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int got;
    } all[] = {{"", -1},    {"AA==", 1},  {"AB==", -1}, {"AAA=", 2},  {"AAB=", -1},  {"AAAA", 3},      {"A===", -1},
               {"AAA", -1}, {"AA=A", -1}, {"A=AA", -1}, {"====", -1}, {"AAA\n", -1}, {"AA==AAAA", -1}, {"-_AA", -1}};
    unsigned char bytes[8];
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        size_t got;
        bool read = base64_read(all[i].text, strlen(all[i].text), bytes, sizeof bytes, &got);
        if ((read ? (int)got : -1) != all[i].got) fail_msg("%s", all[i].text);
    }
    size_t got;
    assert_false(base64_read("AAAA", 4, bytes, 2, &got)); /* more than there is room for */
}

static void names_have_no_blanks(void **state)
{
    (void)state;
    static const char *const good[] = {"a", "guan.example/pudong", "浦东"};
    static const char *const bad[] = {"", "a b", "a+b", "a\tb", "c\xc2\xa0z", "\xe3\x80\x80", "a\xe2\x80\x89", "\xff"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) assert_true(note_is_name(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) assert_false(note_is_name(bad[i], strlen(bad[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_notes_verify),
        cmocka_unit_test(every_change_of_a_byte_is_seen),
        cmocka_unit_test(published_keys_are_read),
        cmocka_unit_test(a_spoiled_key_is_refused),
        cmocka_unit_test(the_published_private_key_signs_the_published_note),
        cmocka_unit_test(what_is_no_note_is_refused),
        cmocka_unit_test(a_note_of_others_is_not_by_this_key),
        cmocka_unit_test(a_published_checkpoint_is_read_and_signed_the_same),
        cmocka_unit_test(what_is_no_checkpoint_is_refused),
        cmocka_unit_test(a_witness_signs_with_a_time),
        cmocka_unit_test(base64_has_one_way_to_write_each_value),
        cmocka_unit_test(names_have_no_blanks),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
