/* The Merkle tree of RFC 6962: growing by its frontier, and the two proofs of RFC 9162. */
#include "ledger/ledger.h"

#include <string.h>

int merkle_leaf(const void *bytes, size_t length, struct hash *out)
{
    return hash_prefixed(0, bytes, length, NULL, 0, out);
}

int merkle_node(const struct hash *left, const struct hash *right, struct hash *out)
{
    return hash_prefixed(1, left->bytes, HASH_BYTES, right->bytes, HASH_BYTES, out);
}

/* As in adding one to a binary number: each carry joins two subtrees of one height. */
int merkle_add(struct ledger_head *head, const struct hash *leaf)
{
    if (head->size == UINT64_MAX) return GUAN_FAILED;
    struct hash node = *leaf;
    unsigned k = 0;
    for (; head->size >> k & 1; k++) {
        int code = merkle_node(&head->frontier[k], &node, &node);
        if (code) return code;
    }
    head->frontier[k] = node;
    head->size++;
    return GUAN_OK;
}

int merkle_root(const struct ledger_head *head, struct hash *out)
{
    if (head->size == 0) return hash_bytes("", 0, out);
    unsigned k = (unsigned)__builtin_ctzll(head->size);
    *out = head->frontier[k];
    for (k++; k < 64; k++) {
        if (!(head->size >> k & 1)) continue;
        int code = merkle_node(&head->frontier[k], out, out);
        if (code) return code;
    }
    return GUAN_OK;
}

bool merkle_verify_inclusion(uint64_t index, uint64_t size, const struct hash *leaf, const struct hash *proof, size_t count,
                             const struct hash *root)
{
    if (index >= size) return false;
    uint64_t fn = index, sn = size - 1;
    struct hash r = *leaf;
    for (size_t i = 0; i < count; i++) {
        if (sn == 0) return false;
        if (fn & 1 || fn == sn) {
            if (merkle_node(&proof[i], &r, &r)) return false;
            while (!(fn & 1) && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else if (merkle_node(&r, &proof[i], &r)) {
            return false;
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && hash_equal(&r, root);
}

/* One step up: `c` joins the old root `fr` and the new one `sr`, or the new one only. */
static bool step_up(uint64_t *fn, uint64_t *sn, const struct hash *c, struct hash *fr, struct hash *sr)
{
    if (*sn == 0) return false;
    if (*fn & 1 || *fn == *sn) {
        if (merkle_node(c, fr, fr) || merkle_node(c, sr, sr)) return false;
        while (!(*fn & 1) && *fn != 0) {
            *fn >>= 1;
            *sn >>= 1;
        }
    } else if (merkle_node(sr, c, sr)) {
        return false;
    }
    *fn >>= 1;
    *sn >>= 1;
    return true;
}

bool merkle_verify_consistency(uint64_t size1, uint64_t size2, const struct hash *root1, const struct hash *root2,
                               const struct hash *proof, size_t count)
{
    if (size1 == 0) { /* whatever came after nothing */
        struct hash empty;
        return count == 0 && !hash_bytes("", 0, &empty) && hash_equal(root1, &empty) && (size2 || hash_equal(root2, &empty));
    }
    if (size1 > size2) return false;
    if (size1 == size2) return count == 0 && hash_equal(root1, root2);
    bool whole = (size1 & (size1 - 1)) == 0; /* the old tree is a subtree of the new one: its root begins the path */
    if (!whole && count == 0) return false;
    uint64_t fn = size1 - 1, sn = size2 - 1;
    while (fn & 1) {
        fn >>= 1;
        sn >>= 1;
    }
    struct hash fr = whole ? *root1 : proof[0], sr = fr;
    for (size_t i = whole ? 0 : 1; i < count; i++)
        if (!step_up(&fn, &sn, &proof[i], &fr, &sr)) return false;
    return sn == 0 && hash_equal(&fr, root1) && hash_equal(&sr, root2);
}
