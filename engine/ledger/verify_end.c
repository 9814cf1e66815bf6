/* What the stream has to add up to: the ledger's head, the rows of the cases. The order is chosen so that the most exact
 * complaint comes first. Only here, when something is wrong, memory grows with the journal (a bit an entry) and it is read again.
 */
#include "ledger/verify.h"

#include <stdio.h>
#include <string.h>

/* --- an entry does not follow the one that it names ---------------------------------------------------------------------------
 */

static int add_leaf(void *user, const struct entry_row *row)
{
    struct verifier *verifier = user;
    struct hash leaf;
    if (merkle_leaf(row->bytes, row->length, &leaf)) return error_memory(verifier->error);
    return verify_grow(verifier, row, &leaf);
}

/* If the tree over all entries is the recorded one, their bytes are what they were, and only the link is wrong, which is not part
 * of them. Else the entry that is named has been rewritten or moved, unless it names one that comes later and does not fit at
 * all. */
int verify_broken_link(struct verifier *verifier)
{
    uint64_t index = verifier->tree.size, suspect = verifier->suspect;
    int code = store_entry_each(verifier->store, index, add_leaf, verifier, verifier->error);
    if (code == GUAN_FAILED) return code;
    bool intact = !code && !verifier->node_differs;
    bool named = !intact && suspect < index;
    return verify_bad(verifier, named ? suspect : index, "leaf %llu does not follow leaf %lld as it says: %s",
                      (unsigned long long)index, (long long)suspect,
                      intact ? "its link was changed" : "entries were rewritten or moved");
}

/* --- the rows of the cases ----------------------------------------------------------------------------------------- */

struct last_of {
    const char *kase;
    uint64_t index, n; /* n 0: none */
};

static int note_last(void *user, const struct entry_row *row)
{
    struct last_of *last = user;
    struct entry_view view;
    if (entry_scan(row->bytes, row->length, &view) || !verify_is_case(&view, last->kase)) return GUAN_OK;
    last->index = row->index;
    last->n = (uint64_t)view.n;
    return GUAN_OK;
}

/* Names the entry that the row of the case should have ended with. */
static int bad_row(struct verifier *verifier, const struct case_row *row)
{
    struct last_of last = {.kase = row->id};
    uint64_t size = verifier->tree.size;
    int code = store_entry_each(verifier->store, 0, note_last, &last, verifier->error);
    if (code) return code;
    if (row->last >= size && row->n > last.n && row->n != 0) {
        char below[80] = "";
        if (verifier->sealing_any)
            snprintf(below, sizeof below, " below the checkpoint of %llu entries", (unsigned long long)verifier->sealing.size);
        return verify_bad(verifier, size, "the end is cut off%s: case %.70s has %llu entries, %llu are there", below, row->id,
                          (unsigned long long)row->n, (unsigned long long)last.n);
    }
    if (!last.n) last.index = row->last < size ? row->last : size;
    code = verify_bad(verifier, last.index, "the row of case %.70s does not say what its last entry says", row->id);
    if (!last.n) snprintf(verifier->report->bad_case, sizeof verifier->report->bad_case, "%s", row->id);
    return code;
}

static int check_row(void *user, const struct case_row *row)
{
    static const struct hash none = {{0}};
    struct verifier *verifier = user;
    bool own = strcmp(row->id, "-") == 0;
    verifier->report->cases += !own;
    if (row->n == 0) /* only the ledger's own case may have no entry yet */
        return own && row->last == UINT64_MAX && hash_equal(&row->head, &none) ? GUAN_OK : bad_row(verifier, row);
    if (row->last >= verifier->tree.size) return bad_row(verifier, row);
    struct entry_row entry;
    struct entry_view view;
    arena_reset(verifier->arena);
    int code = verify_entry(verifier, row->last, &entry, &view);
    if (code) return code;
    char rec[INSTANT_TEXT];
    instant_format(row->rec, rec);
    if (!verify_is_case(&view, row->id) || (uint64_t)view.n != row->n || !hash_equal(&entry.leaf, &row->head) ||
        memcmp(rec, view.rec.at, view.rec.length) != 0)
        return bad_row(verifier, row);
    verifier->entries_of_cases += row->n;
    return GUAN_OK;
}

/* --- an entry that no case accounts for ---------------------------------------------------------------------------- */

struct marks {
    struct verifier *verifier;
    unsigned char *bits;
};

static int mark_chain(void *user, const struct case_row *row)
{
    struct marks *marks = user;
    struct verifier *verifier = marks->verifier;
    uint64_t index = row->n ? row->last : UINT64_MAX;
    while (index < verifier->tree.size) {
        struct entry_row entry;
        marks->bits[index / 8] |= (unsigned char)(1u << index % 8);
        arena_reset(verifier->arena);
        int code = store_entry(verifier->store, verifier->arena, index, &entry, verifier->error);
        if (code) return code;
        index = entry.back;
    }
    return GUAN_OK;
}

static int find_stray(struct verifier *verifier)
{
    struct marks marks = {.verifier = verifier, .bits = memory_alloc((size_t)(verifier->tree.size / 8 + 1))};
    if (!marks.bits) return error_memory(verifier->error);
    int code = store_case_each(verifier->store, NULL, mark_chain, &marks, verifier->error);
    uint64_t index = 0;
    while (index < verifier->tree.size && marks.bits[index / 8] >> index % 8 & 1) index++;
    memory_free(marks.bits);
    if (code) return code;
    return verify_bad(verifier, index, "leaf %llu hangs in the chain of no case: the row of its case is gone, or it was inserted",
                      (unsigned long long)index);
}

int verify_end(struct verifier *verifier)
{
    int code = store_case_each(verifier->store, NULL, check_row, verifier, verifier->error);
    if (!code && verifier->entries_of_cases != verifier->tree.size) code = find_stray(verifier);
    if (!code && verifier->below_zero) code = verify_bad(verifier, 0, "there is an entry before leaf 0: it was inserted");
    if (!code && verifier->node_differs)
        code = verify_bad(verifier, verifier->node_at,
                          "leaf %llu, the one before it or the root of the tree that it has kept was rewritten",
                          (unsigned long long)verifier->node_at);
    if (!code) code = verify_publish_end(verifier);
    if (!code) code = verify_info_end(verifier);
    if (!code) code = verify_seal_end(verifier);
    if (!code && verifier->value_gone)
        code = verify_bad(verifier, verifier->gone_at, "a personal value of leaf %llu is gone, and the case was not erased",
                          (unsigned long long)verifier->gone_at);
    return code;
}
