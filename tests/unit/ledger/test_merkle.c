/* The tree against published figures, and against a second, naive way to compute it. */
#include "ledger/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MANY 130

static struct value *vectors(struct arena *arena)
{
    FILE *file = fopen(SOURCE_DIR "/tests/unit/ledger/rfc6962.json", "rb");
    assert_non_null(file);
    static char text[1 << 16];
    size_t length = fread(text, 1, sizeof text, file);
    fclose(file);
    struct value *value;
    assert_int_equal(json_read(arena, text, length, &value, NULL), GUAN_OK);
    return value;
}

static struct hash hash_at(const struct value *list, size_t i)
{
    struct hash hash;
    assert_true(hash_from_hex(value_as_text(value_at(list, i)), &hash));
    return hash;
}

static size_t read_hex(const char *text, unsigned char *out)
{
    size_t length = strlen(text) / 2;
    for (size_t i = 0; i < length; i++) {
        char pair[3] = {text[2 * i], text[2 * i + 1], 0};
        out[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
    return length;
}

static size_t read_proof(const struct value *list, struct hash *out)
{
    for (size_t i = 0; i < value_count(list); i++) out[i] = hash_at(list, i);
    return value_count(list);
}

static void published_roots(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct value *all = vectors(arena), *leaves = value_get(all, "leaves"), *roots = value_get(all, "roots");
    struct ledger_head head = {0};
    assert_int_equal(value_count(leaves), 8);
    for (size_t i = 0; i <= 8; i++) {
        struct hash root, expected = hash_at(roots, i), leaf;
        assert_int_equal(merkle_root(&head, &root), GUAN_OK);
        assert_true(hash_equal(&root, &expected));
        if (i == 8) break;
        unsigned char bytes[64];
        size_t length = read_hex(value_as_text(value_at(leaves, i)), bytes);
        assert_int_equal(merkle_leaf(bytes, length, &leaf), GUAN_OK);
        expected = hash_at(value_get(all, "leaf_hashes"), i);
        assert_true(hash_equal(&leaf, &expected));
        assert_int_equal(merkle_add(&head, &leaf), GUAN_OK);
    }
    arena_free(arena);
}

static void published_proofs(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct value *all = vectors(arena), *roots = value_get(all, "roots"), *list = value_get(all, "inclusion");
    struct hash proof[8];
    assert_int_equal(value_count(list), 36);
    for (size_t i = 0; i < value_count(list); i++) {
        struct value *one = value_at(list, i);
        uint64_t index = (uint64_t)value_as_int(value_at(one, 0)), size = (uint64_t)value_as_int(value_at(one, 1));
        struct hash root = hash_at(roots, size), leaf = hash_at(value_get(all, "leaf_hashes"), index);
        size_t count = read_proof(value_at(one, 2), proof);
        assert_true(merkle_verify_inclusion(index, size, &leaf, proof, count, &root));
        assert_false(merkle_verify_inclusion(index + 1, size, &leaf, proof, count, &root));
    }
    list = value_get(all, "consistency");
    assert_int_equal(value_count(list), 36);
    for (size_t i = 0; i < value_count(list); i++) {
        struct value *one = value_at(list, i);
        uint64_t size1 = (uint64_t)value_as_int(value_at(one, 0)), size2 = (uint64_t)value_as_int(value_at(one, 1));
        struct hash root1 = hash_at(roots, size1), root2 = hash_at(roots, size2);
        size_t count = read_proof(value_at(one, 2), proof);
        assert_true(merkle_verify_consistency(size1, size2, &root1, &root2, proof, count));
        if (size1 != size2) assert_false(merkle_verify_consistency(size1, size2, &root2, &root2, proof, count));
    }
    arena_free(arena);
}

/* --- the naive way: straight from the definition ------------------------------------------------------------------- */

static struct hash leaves[MANY];

static uint64_t split(uint64_t n)
{
    uint64_t k = 1;
    while (2 * k < n) k *= 2;
    return k;
}

static struct hash naive_root(uint64_t from, uint64_t to)
{
    if (to - from == 1) return leaves[from];
    uint64_t k = split(to - from);
    struct hash left = naive_root(from, from + k), right = naive_root(from + k, to), node;
    merkle_node(&left, &right, &node);
    return node;
}

static size_t naive_path(uint64_t index, uint64_t from, uint64_t to, struct hash *out)
{
    if (to - from == 1) return 0;
    uint64_t k = split(to - from);
    bool left = index < k;
    size_t count = left ? naive_path(index, from, from + k, out) : naive_path(index - k, from + k, to, out);
    out[count] = left ? naive_root(from + k, to) : naive_root(from, from + k);
    return count + 1;
}

static size_t naive_proof(uint64_t size1, uint64_t from, uint64_t to, bool whole, struct hash *out)
{
    if (size1 == to - from) {
        if (!whole) out[0] = naive_root(from, to);
        return whole ? 0 : 1;
    }
    uint64_t k = split(to - from);
    bool left = size1 <= k;
    size_t count = left ? naive_proof(size1, from, from + k, whole, out) : naive_proof(size1 - k, from + k, to, false, out);
    out[count] = left ? naive_root(from + k, to) : naive_root(from, from + k);
    return count + 1;
}

static void make_leaves(void)
{
    for (size_t i = 0; i < MANY; i++) merkle_leaf(&i, sizeof i, &leaves[i]);
}

static void the_frontier_gives_the_root_of_every_size(void **state)
{
    (void)state;
    make_leaves();
    struct ledger_head head = {0};
    for (size_t i = 0; i < MANY; i++) {
        struct hash root, expected;
        assert_int_equal(merkle_add(&head, &leaves[i]), GUAN_OK);
        assert_int_equal(merkle_root(&head, &root), GUAN_OK);
        expected = naive_root(0, i + 1);
        assert_true(hash_equal(&root, &expected));
    }
}

static void a_path_proves_its_leaf_and_no_other(void **state)
{
    (void)state;
    make_leaves();
    for (uint64_t size = 1; size <= MANY; size += size < 20 ? 1 : 11) {
        struct hash root = naive_root(0, size), path[66];
        for (uint64_t index = 0; index < size; index++) {
            size_t count = naive_path(index, 0, size, path);
            assert_true(merkle_verify_inclusion(index, size, &leaves[index], path, count, &root));
            assert_false(merkle_verify_inclusion(index, size, &leaves[(index + 1) % MANY], path, count, &root));
            assert_false(merkle_verify_inclusion(index, size, &leaves[index], path, count + 1, &root));
            if (count) {
                assert_false(merkle_verify_inclusion(index, size, &leaves[index], path, count - 1, &root));
                assert_false(merkle_verify_inclusion(index ^ 1, size, &leaves[index], path, count, &root));
                path[count / 2].bytes[7] ^= 1;
                assert_false(merkle_verify_inclusion(index, size, &leaves[index], path, count, &root));
            }
            assert_false(merkle_verify_inclusion(size, size, &leaves[index], path, count, &root));
        }
    }
}

static void a_proof_joins_an_older_root_and_no_other(void **state)
{
    (void)state;
    make_leaves();
    for (uint64_t size2 = 1; size2 <= MANY; size2 += size2 < 20 ? 1 : 13) {
        struct hash root2 = naive_root(0, size2), proof[66];
        for (uint64_t size1 = 1; size1 <= size2; size1++) {
            struct hash root1 = naive_root(0, size1), other = root1;
            size_t count = naive_proof(size1, 0, size2, true, proof);
            assert_true(merkle_verify_consistency(size1, size2, &root1, &root2, proof, count));
            other.bytes[31] ^= 0x80;
            assert_false(merkle_verify_consistency(size1, size2, &other, &root2, proof, count));
            assert_false(merkle_verify_consistency(size1, size2, &root1, &other, proof, count));
            assert_false(merkle_verify_consistency(size1, size2, &root1, &root2, proof, count + 1));
            if (!count) continue;
            assert_false(merkle_verify_consistency(size1, size2, &root1, &root2, proof, count - 1));
            assert_false(merkle_verify_consistency(size2, size1, &root2, &root1, proof, count));
            proof[count / 2].bytes[0] ^= 1;
            assert_false(merkle_verify_consistency(size1, size2, &root1, &root2, proof, count));
        }
    }
}

/* The hashes fit, but not the shape of a tree of that size. */
static void a_proof_of_another_size_does_not_hold(void **state)
{
    (void)state;
    make_leaves();
    struct hash root2 = naive_root(0, 2), root3 = naive_root(0, 3);
    assert_true(merkle_verify_inclusion(0, 2, &leaves[0], &leaves[1], 1, &root2));
    assert_false(merkle_verify_inclusion(0, 3, &leaves[0], &leaves[1], 1, &root2));
    assert_true(merkle_verify_consistency(2, 3, &root2, &root3, &leaves[2], 1));
    assert_false(merkle_verify_consistency(2, 5, &root2, &root3, &leaves[2], 1));
}

static void an_empty_tree_comes_before_every_other(void **state)
{
    (void)state;
    make_leaves();
    struct hash empty, root = naive_root(0, 3);
    hash_bytes("", 0, &empty);
    assert_true(merkle_verify_consistency(0, 3, &empty, &root, NULL, 0));
    assert_true(merkle_verify_consistency(0, 0, &empty, &empty, NULL, 0));
    assert_false(merkle_verify_consistency(0, 3, &root, &root, NULL, 0));
    assert_false(merkle_verify_consistency(0, 0, &empty, &root, NULL, 0));
    assert_false(merkle_verify_consistency(0, 3, &empty, &root, &root, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_roots),
        cmocka_unit_test(published_proofs),
        cmocka_unit_test(the_frontier_gives_the_root_of_every_size),
        cmocka_unit_test(a_path_proves_its_leaf_and_no_other),
        cmocka_unit_test(a_proof_joins_an_older_root_and_no_other),
        cmocka_unit_test(a_proof_of_another_size_does_not_hold),
        cmocka_unit_test(an_empty_tree_comes_before_every_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
