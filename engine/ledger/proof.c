/* Paths through the tree (RFC 9162 2.1.3.1, 2.1.4.1), from the roots of subtrees that the entries have kept. */
#include "ledger/proof.h"

#include <string.h>

/* An entry keeps the root of the largest subtree that it completes. A smaller one that ends with the same entry is made of its
 * halves: the left one ends with an entry that keeps it, the right one ends here again. */
int proof_subtree(struct store *store, struct arena *arena, unsigned k, uint64_t last, struct hash *out, struct guan_error *error)
{
    struct entry_row row;
    int code = store_entry(store, arena, last, &row, error);
    if (code) return code;
    if (k > 0 && k == (unsigned)__builtin_ctzll(last + 1)) {
        *out = row.node;
        return GUAN_OK;
    }
    struct hash right = row.leaf;
    for (unsigned height = 0; !code && height < k; height++) {
        struct hash left;
        uint64_t before = last - (UINT64_C(1) << height);
        code = store_entry(store, arena, before, &row, error);
        left = height ? row.node : row.leaf;
        if (!code && merkle_node(&left, &right, &right)) code = error_memory(error);
    }
    if (!code) *out = right;
    return code;
}

/* Of the leaves from `from` on, `count` of them, where `from` is a multiple of the power of two at or above `count`: the perfect
 * subtrees from the left, joined from the right. */
static int range(struct store *store, struct arena *arena, uint64_t from, uint64_t count, struct hash *out,
                 struct guan_error *error)
{
    uint64_t end = from + count;
    bool first = true;
    int code = GUAN_OK;
    for (unsigned k = 0; !code && k < 63; k++) {
        if (!(count >> k & 1)) continue;
        struct hash part;
        code = proof_subtree(store, arena, k, end - 1, &part, error);
        if (!code && !first && merkle_node(&part, out, out)) code = error_memory(error);
        if (first) *out = part;
        first = false;
        end -= UINT64_C(1) << k;
    }
    return code;
}

int proof_root(struct store *store, struct arena *arena, uint64_t size, struct hash *out, struct guan_error *error)
{
    if (size == 0) return hash_bytes("", 0, out) ? error_memory(error) : GUAN_OK;
    return range(store, arena, 0, size, out, error);
}

/* The largest power of two below `count`, which is over 1. */
static uint64_t split_of(uint64_t count)
{
    return UINT64_C(1) << (63 - __builtin_clzll(count - 1));
}

/* Found from the root down, told from the leaf up. */
static void reverse(struct proof *proof)
{
    for (size_t i = 0; i < proof->count / 2; i++) {
        struct hash hash = proof->hashes[i];
        proof->hashes[i] = proof->hashes[proof->count - 1 - i];
        proof->hashes[proof->count - 1 - i] = hash;
    }
}

int proof_inclusion(struct store *store, struct arena *arena, uint64_t index, uint64_t size, struct proof *out,
                    struct guan_error *error)
{
    uint64_t from = 0, count = size;
    int code = GUAN_OK;
    out->count = 0;
    while (!code && count > 1) {
        uint64_t split = split_of(count);
        struct hash *sibling = &out->hashes[out->count++];
        if (index < from + split) {
            code = range(store, arena, from + split, count - split, sibling, error);
            count = split;
        } else {
            code = range(store, arena, from, split, sibling, error);
            from += split;
            count -= split;
        }
    }
    reverse(out);
    return code;
}

int proof_consistency(struct store *store, struct arena *arena, uint64_t size1, uint64_t size2, struct proof *out,
                      struct guan_error *error)
{
    uint64_t from = 0, count = size2;
    bool whole = true; /* the subtree looked at begins where the old tree does */
    int code = GUAN_OK;
    out->count = 0;
    while (!code && size1 != from + count) {
        uint64_t split = split_of(count);
        struct hash *other = &out->hashes[out->count++];
        if (size1 <= from + split) {
            code = range(store, arena, from + split, count - split, other, error);
            count = split;
        } else {
            code = range(store, arena, from, split, other, error);
            from += split;
            count -= split;
            whole = false;
        }
    }
    if (!code && !whole) code = range(store, arena, from, count, &out->hashes[out->count++], error);
    reverse(out);
    return code;
}

/* --- the file ------------------------------------------------------------------------------------------------------- */

static const char magic[] = "c2sp.org/tlog-proof@v1\n";

void proof_write(struct buffer *out, const struct entry_row *entry, const struct proof *proof, const char *note, size_t length)
{
    buffer_text(out, magic);
    buffer_text(out, "extra ");
    base64_add(out, entry->bytes, entry->length);
    buffer_printf(out, "\nindex %llu\n", (unsigned long long)entry->index);
    for (size_t i = 0; i < proof->count; i++) {
        base64_add(out, proof->hashes[i].bytes, HASH_BYTES);
        buffer_byte(out, '\n');
    }
    buffer_byte(out, '\n');
    buffer_add(out, note, length);
}

static bool take(const char **at, const char *end, const char *text)
{
    size_t length = strlen(text);
    if ((size_t)(end - *at) < length || memcmp(*at, text, length) != 0) return false;
    *at += length;
    return true;
}

static bool take_index(const char **at, const char *end, uint64_t *out)
{
    const char *first = *at;
    *out = 0;
    for (; *at < end && **at >= '0' && **at <= '9'; ++*at) {
        if (*out > ((uint64_t)INT64_MAX - 9) / 10) return false;
        *out = *out * 10 + (uint64_t)(**at - '0');
    }
    return *at > first && (*first != '0' || *at == first + 1) && take(at, end, "\n");
}

/* In pieces: it may be as long as an entry. */
static bool is_base64(const char *text, size_t length)
{
    enum { PIECE = 4096 };
    unsigned char bytes[PIECE];
    for (size_t got; length > PIECE; text += PIECE, length -= PIECE)
        if (!base64_read(text, PIECE, bytes, sizeof bytes, &got) || got != PIECE / 4 * 3) return false;
    size_t got;
    return base64_read(text, length, bytes, sizeof bytes, &got);
}

static bool take_extra(const char **at, const char *end, struct proof_file *out)
{
    out->extra = NULL;
    if (!take(at, end, "extra ")) return true;
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    if (!stop) return false;
    out->extra = *at;
    out->extra_length = (size_t)(stop - *at);
    *at = stop + 1;
    return is_base64(out->extra, out->extra_length);
}

static bool take_hashes(const char **at, const char *end, struct proof *proof)
{
    for (proof->count = 0; *at < end && **at != '\n';) {
        const char *stop = memchr(*at, '\n', (size_t)(end - *at));
        size_t got;
        if (!stop || proof->count == PROOF_HASHES ||
            !base64_read(*at, (size_t)(stop - *at), proof->hashes[proof->count].bytes, HASH_BYTES, &got) || got != HASH_BYTES)
            return false;
        proof->count++;
        *at = stop + 1;
    }
    return take(at, end, "\n");
}

int proof_read(const char *bytes, size_t length, struct proof_file *out, struct guan_error *error)
{
    const char *at = bytes, *end = bytes + length;
    if (!take(&at, end, magic) || !take_extra(&at, end, out) || !take(&at, end, "index ") || !take_index(&at, end, &out->index) ||
        !take_hashes(&at, end, &out->proof)) {
        error_set(error, GUAN_NO, "proof", "this is not a proof: it has to begin with %.22s, and go on as that says", magic);
        error_hint(error, "guan audit prove makes one");
        return GUAN_NO;
    }
    out->note = at;
    out->note_length = (size_t)(end - at);
    return GUAN_OK;
}
