/* Proofs out of a store: the published ones for the published leaves, and for a larger tree all of them hold, and no other. */
#include "journal.h"

#include "ledger/proof.h"

#include <stdlib.h>

/* Entries are not looked at here: leaves are what is given. */
static void fill(struct journal *j, const struct hash *leaves, size_t count)
{
    *j = (struct journal){.arena = arena_new()};
    OK(store_open_new(":memory:", 0, &j->store, &j->error));
    OK(store_begin(j->store, true, &j->error));
    for (size_t i = 0; i < count; i++) {
        struct entry_row row = {.index = i, .back = UINT64_MAX, .leaf = leaves[i], .bytes = "{}", .length = 2};
        OK(merkle_add(&j->head, &leaves[i]));
        if (j->head.size % 2 == 0) row.node = j->head.frontier[__builtin_ctzll(j->head.size)];
        OK(store_entry_add(j->store, &row, &j->error));
    }
}

static struct value *published(struct arena *arena)
{
    char *text = malloc(200000);
    FILE *file = fopen(SOURCE_DIR "/tests/unit/ledger/rfc6962.json", "rb");
    assert_non_null(text);
    assert_non_null(file);
    size_t length = fread(text, 1, 200000, file);
    fclose(file);
    struct value *value;
    OK(json_read(arena, text, length, &value, NULL));
    free(text);
    return value;
}

static void same(const struct proof *proof, const struct value *hashes)
{
    assert_int_equal(proof->count, value_count(hashes));
    for (size_t i = 0; i < proof->count; i++) {
        char hex[HASH_HEX];
        hash_hex(&proof->hashes[i], hex);
        assert_string_equal(hex, value_as_text(value_at(hashes, i)));
    }
}

static uint64_t figure(const struct value *list, size_t i)
{
    return (uint64_t)value_as_int(value_at(list, i));
}

static void the_published_proofs_come_out(void **state)
{
    (void)state;
    struct journal j;
    struct arena *arena = arena_new();
    struct value *all = published(arena);
    struct hash leaves[8], root, want;
    struct proof proof;
    for (size_t i = 0; i < 8; i++) {
        assert_true(hash_from_hex(value_as_text(value_at(value_get(all, "leaf_hashes"), i)), &leaves[i]));
    }
    fill(&j, leaves, 8);
    for (uint64_t size = 0; size <= 8; size++) {
        OK(proof_root(j.store, j.arena, size, &root, &j.error));
        assert_true(hash_from_hex(value_as_text(value_at(value_get(all, "roots"), size)), &want));
        assert_true(hash_equal(&root, &want));
    }
    const struct value *list = value_get(all, "inclusion");
    assert_int_equal(value_count(list), 36);
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *one = value_at(list, i);
        OK(proof_inclusion(j.store, j.arena, figure(one, 0), figure(one, 1), &proof, &j.error));
        same(&proof, value_at(one, 2));
    }
    list = value_get(all, "consistency");
    assert_int_equal(value_count(list), 36);
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *one = value_at(list, i);
        OK(proof_consistency(j.store, j.arena, figure(one, 0), figure(one, 1), &proof, &j.error));
        same(&proof, value_at(one, 2));
    }
    arena_free(arena);
    journal_end(&j);
}

enum { MANY = 70 };

static void check_inclusion(struct journal *j, const struct hash *leaves, uint64_t index, uint64_t size, const struct hash *root)
{
    struct proof proof;
    OK(proof_inclusion(j->store, j->arena, index, size, &proof, &j->error));
    assert_true(merkle_verify_inclusion(index, size, &leaves[index], proof.hashes, proof.count, root));
    assert_false(merkle_verify_inclusion(index, size, &leaves[(index + 1) % MANY], proof.hashes, proof.count, root));
    if (index + 1 < size) assert_false(merkle_verify_inclusion(index + 1, size, &leaves[index], proof.hashes, proof.count, root));
    for (size_t i = 0; i < proof.count; i++) {
        proof.hashes[i].bytes[3] ^= 4;
        assert_false(merkle_verify_inclusion(index, size, &leaves[index], proof.hashes, proof.count, root));
        proof.hashes[i].bytes[3] ^= 4;
    }
}

static void check_consistency(struct journal *j, uint64_t size1, uint64_t size2, const struct hash *root1,
                              const struct hash *root2)
{
    struct proof proof;
    OK(proof_consistency(j->store, j->arena, size1, size2, &proof, &j->error));
    assert_true(merkle_verify_consistency(size1, size2, root1, root2, proof.hashes, proof.count));
    if (size1 == size2) return;
    assert_false(merkle_verify_consistency(size1, size2, root2, root1, proof.hashes, proof.count));
    for (size_t i = 0; i < proof.count; i++) {
        proof.hashes[i].bytes[31] ^= 1;
        assert_false(merkle_verify_consistency(size1, size2, root1, root2, proof.hashes, proof.count));
        proof.hashes[i].bytes[31] ^= 1;
    }
}

static void all_proofs_hold_and_no_other(void **state)
{
    (void)state;
    struct journal j;
    struct hash leaves[MANY], roots[MANY + 1];
    for (unsigned i = 0; i < MANY; i++) merkle_leaf(&i, sizeof i, &leaves[i]);
    fill(&j, leaves, MANY);
    for (uint64_t size = 0; size <= MANY; size++) OK(proof_root(j.store, j.arena, size, &roots[size], &j.error));
    for (uint64_t size = 1; size <= MANY; size++) {
        for (uint64_t index = 0; index < size; index++) check_inclusion(&j, leaves, index, size, &roots[size]);
        for (uint64_t old = 1; old <= size; old++) check_consistency(&j, old, size, &roots[old], &roots[size]);
        arena_reset(j.arena);
    }
    journal_end(&j);
}

static void a_file_comes_back(void **state)
{
    (void)state;
    struct proof proof = {.count = 2, .hashes = {{{1}}, {{2}}}};
    struct entry_row row = {.index = 1234567, .bytes = "{\"a\":1}", .length = 7};
    struct proof_file file;
    struct buffer out = {0};
    static const char note[] = "o\n3\nAAAA\n\n\xe2\x80\x94 o AAAA\n";
    proof_write(&out, &row, &proof, note, strlen(note));
    OK(proof_read(out.data, out.length, &file, NULL));
    assert_int_equal(file.index, 1234567);
    assert_int_equal(file.proof.count, 2);
    assert_true(hash_equal(&file.proof.hashes[1], &proof.hashes[1]));
    assert_int_equal(file.note_length, strlen(note));
    assert_memory_equal(file.note, note, strlen(note));
    unsigned char entry[7];
    size_t got;
    assert_true(base64_read(file.extra, file.extra_length, entry, sizeof entry, &got));
    assert_memory_equal(entry, row.bytes, 7);
    size_t head = (size_t)(file.note - out.data);
    for (size_t i = 0; i < head; i++) /* cut off anywhere before the checkpoint */
        assert_int_equal(proof_read(out.data, i, &file, NULL), GUAN_NO);
    buffer_release(&out);
}

static void bad_files_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"c2sp.org/tlog-proof@v2\nindex 1\n\nx",
                                      "c2sp.org/tlog-proof@v1\nindex 01\n\nx",
                                      "c2sp.org/tlog-proof@v1\nindex -1\n\nx",
                                      "c2sp.org/tlog-proof@v1\nindex\n\nx",
                                      "c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\nx",
                                      "c2sp.org/tlog-proof@v1\nextra !\nindex 1\n\nx",
                                      "c2sp.org/tlog-proof@v1\nindex 99999999999999999999\n\nx"};
    struct proof_file file;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(proof_read(bad[i], strlen(bad[i]), &file, NULL), GUAN_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_proofs_come_out),
        cmocka_unit_test(all_proofs_hold_and_no_other),
        cmocka_unit_test(a_file_comes_back),
        cmocka_unit_test(bad_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
