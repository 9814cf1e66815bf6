/* The record: entries in canonical JSON, each case a chain, all of them an RFC 6962 Merkle tree (LEDGER.md has the bytes). */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "base/json.h"
#include "ledger/note.h"
#include "store/store.h"

/* --- the tree (RFC 6962 2.1) --------------------------------------------------------------------------------------- */

int merkle_leaf(const void *bytes, size_t length, struct hash *out);
int merkle_node(const struct hash *left, const struct hash *right, struct hash *out);
int merkle_add(struct ledger_head *head, const struct hash *leaf); /* amortised two hashes */
int merkle_root(const struct ledger_head *head, struct hash *out); /* size 0: SHA-256 of the empty string */
/* RFC 9162 2.1.3.2, 2.1.4.2. false: does not hold. */
bool merkle_verify_inclusion(uint64_t index, uint64_t size, const struct hash *leaf, const struct hash *proof, size_t count,
                             const struct hash *root);
bool merkle_verify_consistency(uint64_t size1, uint64_t size2, const struct hash *root1, const struct hash *root2,
                               const struct hash *proof, size_t count);

/* --- writing ------------------------------------------------------------------------------------------------------- */

/* Appends one entry of a case inside the store's open transaction: sets v, case, n, prev in `entry`, writes the bytes, the leaf
 * and the frontier (`head` is updated; the caller saves it once with store_head_save before the commit), and moves `kase` on (n,
 * last, head, rec). `entry` has kind, rec and the rest. GUAN_NO "entry-too-large" over LIMIT_ENTRY_BYTES; "record-value" for what
 * an entry may not hold. Entries of the ledger itself go to a case row with id "-". */
int ledger_append(struct store *store, struct ledger_head *head, struct case_row *kase, struct arena *arena, struct value *entry,
                  struct guan_error *error);

/* --- personal values ----------------------------------------------------------------------------------------------- */

/* Makes the salted digest of a personal value: `digest` goes, sorted, into the entry's `sd`, `disclosure` (arena text) into the
 * store. digest = SHA-256(base64url(JCS [salt, path, value])); `salt` is 16 random bytes, written base64url. */
int personal_disclose(struct arena *arena, const unsigned char salt[16], const char *path, const struct value *value,
                      struct hash *digest, const char **disclosure, struct guan_error *error);
/* The inverse: what a disclosure says. GUAN_NO: it is none. */
int personal_read(struct arena *arena, const char *disclosure, const char **path, struct value **value, struct guan_error *error);
/* What the machine sees instead: "~" and base64url of the first 12 bytes of HMAC-SHA-256(secret, JCS value). Equal values, equal
 * tokens. */
int personal_token(struct arena *arena, const struct hash *secret, const struct value *value, const char **token,
                   struct guan_error *error);

/* --- reading ------------------------------------------------------------------------------------------------------- */

/* The entries of one case from its last to its first by the `back` links, given in order of n. The hash of what is read is
 * computed anew: bytes that are not those of the record are GUAN_TAMPERED, whatever they are read for. */
int ledger_case_each(struct store *store, const struct case_row *kase, struct arena *arena,
                     int (*each)(void *user, const struct entry_row *row, const struct value *entry), void *user,
                     struct guan_error *error);

#define LEDGER_KEYS 64 /* of one ledger, over its life */

struct ledger_report {
    uint64_t entries, cases;
    struct hash root;
    uint64_t checkpoints, sealed;  /* signed ones in the store; the size of the newest */
    struct ledger_doubt {          /* not wrong, but an auditor wants to know */
        uint64_t back, back_index; /* times the clock went back over two minutes with no `clock` entry; the first entry after */
    } doubt;
    struct ledger_restored {  /* the last `restore` entry: what a checkpoint had sealed beyond it is lost, and recorded so */
        uint64_t index, size; /* its own, and of the checkpoint; size 0: none */
        uint64_t after;       /* how many entries there were before the last `restore`, whatever it lost; 0: none */
        bool needed; /* a witness's root lies among what was lost: it can neither be met nor be held against the record */
    } restored;
    struct note_key keys[LEDGER_KEYS]; /* that the ledger names, in order */
    size_t key_count;
    bool bad;
    uint64_t bad_index; /* UINT64_MAX: no entry in particular is to blame */
    char bad_case[64];
    uint64_t bad_n;
    char text[300]; /* what is wrong, in a sentence */
};
/* A root that was seen outside the store: in a checkpoint kept elsewhere, on a receipt. */
struct ledger_witness {
    uint64_t size;
    struct hash root;
};
/* What to hold the record against besides itself; all may be absent. */
struct ledger_watch {
    const struct ledger_witness *witnesses;
    size_t witness_count;
    void (*progress)(void *user, uint64_t done, uint64_t all);
    void *user;
};
/* Recomputes everything, streaming, in memory that does not grow with the journal: bytes against leaf, leaves against the roots
 * kept along the journal, canonical form, each case's n/prev/back chain and its row, rec never decreasing in a case, every digest
 * of `sd` has its disclosure or the case was erased, definitions and houses are what their hashes say and were published, the
 * names and contacts of a case are those disclosed, the store says of itself what the record says (flags, name, key, what was
 * deployed last), its cases are due when their timers are, each checkpoint is signed by the key of its time and has the root that
 * comes out, each witness's root comes out. GUAN_TAMPERED at the first bad entry, with the report filled. Inside a transaction
 * (one for reading will do). `watch` may be NULL. */
int ledger_verify(struct store *store, const struct ledger_watch *watch, struct ledger_report *report, struct guan_error *error);

#endif
