/* Proofs from the store's tree, and the file that carries one (C2SP tlog-proof). The hashes that the store has kept are taken as
 * they are: who makes a proof verifies it against the checkpoint before it is given away. */
#ifndef LEDGER_PROOF_H
#define LEDGER_PROOF_H

#include "ledger/ledger.h"
#include "ledger/note.h"

#define PROOF_HASHES 64

struct proof {
    struct hash hashes[PROOF_HASHES];
    size_t count;
};

/* The root of the subtree of height `k` whose last leaf is `last`; last + 1 is a multiple of 2^k. */
int proof_subtree(struct store *store, struct arena *arena, unsigned k, uint64_t last, struct hash *out,
                  struct guan_error *error);
/* Of the first `size` entries. */
int proof_root(struct store *store, struct arena *arena, uint64_t size, struct hash *out, struct guan_error *error);
int proof_inclusion(struct store *store, struct arena *arena, uint64_t index, uint64_t size, struct proof *out,
                    struct guan_error *error);
/* 0 < size1 <= size2. */
int proof_consistency(struct store *store, struct arena *arena, uint64_t size1, uint64_t size2, struct proof *out,
                      struct guan_error *error);

/* What a proof file says. Borrows the bytes it was read from. */
struct proof_file {
    uint64_t index;
    struct proof proof;
    const char *extra; /* the entry itself, base64; NULL: none */
    size_t extra_length;
    const char *note; /* the checkpoint */
    size_t note_length;
};
/* `entry` goes into the line that the format leaves to applications. */
void proof_write(struct buffer *out, const struct entry_row *entry, const struct proof *proof, const char *note, size_t length);
int proof_read(const char *bytes, size_t length, struct proof_file *out, struct guan_error *error); /* GUAN_NO, "proof" */

#endif
