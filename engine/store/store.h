/* The store: what the case layer needs kept, in its own words. Not a general SQL layer. SQLite is behind it; another driver may
 * be.
 *
 * Rows are borrowed from the arena given. Every operation but store_info/blob reads belongs inside store_begin … store_commit.
 * GUAN_FAILED when the disk or database fails (rule "store"; "store-busy" when another process writes too long), GUAN_USAGE when
 * there is no such thing (rule "no-such-…"), GUAN_TAMPERED when the file is not as it was written ("schema", "store-corrupt").
 * After a GUAN_FAILED inside a transaction only rollback is left. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/clock.h"
#include "base/hash.h"

struct store;

enum { STORE_VIRTUAL = 1, STORE_CLAIMED = 2 };

/* `path` is a file, or ":memory:". GUAN_USAGE, "store-exists" / "no-such-store" / "not-a-store" / "store-version". */
int store_create(const char *path, unsigned flags, struct guan_error *error);
int store_open(const char *path, struct store **out, struct guan_error *error);
/* Made and opened in one, for stories and tests; ":memory:" is allowed here only. */
int store_open_new(const char *path, unsigned flags, struct store **out, struct guan_error *error);
void store_close(struct store *store);
unsigned store_flags(const struct store *store);

/* One writer at a time, among processes too. A transaction that is not committed leaves nothing. */
int store_begin(struct store *store, bool write, struct guan_error *error);
int store_commit(struct store *store, struct guan_error *error); /* returns after the data is on the disk */
void store_rollback(struct store *store);                        /* nothing to do is fine */

/* Small facts of the whole store: "origin", "def" (the newest definition), "house.<dealer>", "secret" … */
int store_info(struct store *store, struct arena *arena, const char *key, const char **value,
               struct guan_error *error); /* NULL: none */
int store_info_set(struct store *store, const char *key, const char *value, struct guan_error *error);

/* Bytes by their SHA-256: files of definitions and houses, their manifests. Putting twice is fine. */
int store_blob_put(struct store *store, const struct hash *hash, const void *bytes, size_t length, struct guan_error *error);
int store_blob(struct store *store, struct arena *arena, const struct hash *hash, const char **bytes, size_t *length,
               struct guan_error *error); /* GUAN_USAGE, "no-such-blob" */

/* Evidence: files by their SHA-256, beside the database in STORE.evidence/ab/abcdef…, for the owner only. In a store in memory
 * they are blobs. `path` is a file of the user's, never a symbolic link. */
/* What is to be put: its hash and its size, streaming. GUAN_USAGE, "evidence": no such file, or too large. */
int store_evidence_measure(const char *path, struct hash *hash, uint64_t *size, struct guan_error *error);
/* Copies the file under its hash, on the disk when it returns, before the commit; one that is there whole is left as it is.
 * GUAN_USAGE, "evidence", when the file is not what was measured any more. A rollback leaves a file that nothing names. */
int store_evidence_put(struct store *store, const char *path, const struct hash *hash, uint64_t size, struct guan_error *error);
/* Is it there, whole? GUAN_TAMPERED, "evidence", says what is wrong and with which file. For reading only. */
int store_evidence_check(struct store *store, const struct hash *hash, uint64_t size, struct guan_error *error);
/* Takes the file away, if it is there: nothing may name it any more. */
int store_evidence_remove(struct store *store, const struct hash *hash, struct guan_error *error);

/* --- cases --------------------------------------------------------------------------------------------------------- */

struct case_row {
    const char *id;
    const char *dealer, *process;
    struct hash def;  /* definition it is pinned to */
    struct hash key;  /* keyed hash of the dealer's key; zero: none */
    uint64_t n;       /* entries so far */
    uint64_t last;    /* ledger index of its last entry */
    struct hash head; /* leaf hash of that entry */
    instant rec;      /* of that entry */
    bool ended;
    const char *state; /* JSON of the case layer: where it stands, owner, findings that stand, counters */
    size_t state_length;
};
int store_case_add(struct store *store, const struct case_row *row, struct guan_error *error);
int store_case_save(struct store *store, const struct case_row *row, struct guan_error *error);
int store_case(struct store *store, struct arena *arena, const char *id, struct case_row *out, struct guan_error *error);
/* `prefix` unique or a whole id, else GUAN_USAGE "ambiguous-case" naming up to five; none: "no-such-case". */
int store_case_find(struct store *store, struct arena *arena, const char *prefix, struct case_row *out, struct guan_error *error);
/* The newest case with the key. */
int store_case_by_key(struct store *store, struct arena *arena, const struct hash *key, struct case_row *out,
                      struct guan_error *error);
/* In order of id, after `after` (NULL: from the start); the ledger's own case "-", which every store has, is among them.
 * A non-zero result stops and is returned. */
int store_case_each(struct store *store, const char *after, int (*each)(void *user, const struct case_row *row), void *user,
                    struct guan_error *error);

struct session_row {
    const char *id;     /* test-drive#2 */
    const char *parent; /* NULL: the root */
    const char *process;
    bool ended;
    const char *snapshot;
    size_t snapshot_length; /* JSON of the interpreter; NULL when ended */
    const char *facts;
    size_t facts_length; /* JSON of standard: steps, activations, deadlines */
};
int store_sessions(struct store *store, struct arena *arena, const char *kase, struct session_row **rows, size_t *count,
                   struct guan_error *error); /* in order of start */
int store_session_save(struct store *store, const char *kase, uint32_t order, const struct session_row *row,
                       struct guan_error *error);

struct timer_row {
    const char *session;
    const char *name;     /* kind and id: "deadline:confirm", "send:abc"; with its instance unique in the session */
    const char *instance; /* "" when there is one only */
    instant due;
    const char *body; /* JSON, or NULL */
};
int store_timers(struct store *store, struct arena *arena, const char *kase, struct timer_row **rows, size_t *count,
                 struct guan_error *error); /* by due, session, name, instance */
int store_timer_set(struct store *store, const char *kase, const struct timer_row *row, struct guan_error *error); /* replaces */
int store_timer_remove(struct store *store, const char *kase, const char *session, const char *name, const char *instance,
                       struct guan_error *error);
/* Ids of cases with a timer due at or before `until`, the earliest due first, at most `limit`. */
int store_due(struct store *store, struct arena *arena, instant until, size_t limit, const char ***ids, size_t *count,
              struct guan_error *error);
int store_next_due(struct store *store, instant *out, struct guan_error *error); /* INSTANT_NONE: none */
/* A case whose row does not say when the earliest of its timers is due, so that it fires never or at another time; of `kase`, or
 * (NULL) the first of all. NULL: none. */
int store_due_wrong(struct store *store, struct arena *arena, const char *kase, const char **out, struct guan_error *error);

/* --- the journal --------------------------------------------------------------------------------------------------- */

struct entry_row {
    uint64_t index; /* in the ledger, from 0 */
    uint64_t back;  /* index of the entry before in the same case; UINT64_MAX: the first */
    struct hash leaf;
    struct hash node; /* root of the largest perfect subtree that ends here, when that is more than the leaf; else zero */
    const char *bytes;
    size_t length;
};
int store_entry_add(struct store *store, const struct entry_row *row, struct guan_error *error);
int store_entry(struct store *store, struct arena *arena, uint64_t index, struct entry_row *out,
                struct guan_error *error); /* "no-such-entry" */
/* Streams in order of index from `from`; rows are borrowed for the call. */
int store_entry_each(struct store *store, uint64_t from, int (*each)(void *user, const struct entry_row *row), void *user,
                     struct guan_error *error);

struct ledger_head {
    uint64_t size;
    struct hash frontier[64]; /* roots of the perfect subtrees, by the bits of size: frontier[k] is valid where bit k is set */
};
int store_head(struct store *store, struct ledger_head *out, struct guan_error *error);
/* Before the commit. A driver that finds the head in the entries' nodes only checks that it is the same: GUAN_FAILED,
 * "store-head". */
int store_head_save(struct store *store, const struct ledger_head *head, struct guan_error *error);

/* --- signed checkpoints: of each size one note, which gathers signatures ------------------------------------------- */

struct checkpoint_row {
    uint64_t size;
    const char *note;
    size_t length;
};
int store_checkpoint_put(struct store *store, const struct checkpoint_row *row, struct guan_error *error); /* replaces */
/* The smallest of at least `from` entries; the largest. "no-such-checkpoint". */
int store_checkpoint_next(struct store *store, struct arena *arena, uint64_t from, struct checkpoint_row *out,
                          struct guan_error *error);
int store_checkpoint_last(struct store *store, struct arena *arena, struct checkpoint_row *out, struct guan_error *error);

/* --- personal data: apart, and erasable ---------------------------------------------------------------------------- */

int store_secret_put(struct store *store, const char *kase, const struct hash *secret, struct guan_error *error);
int store_secret(struct store *store, const char *kase, struct hash *out,
                 struct guan_error *error); /* "no-such-secret": erased */
/* A disclosure: base64url(JCS [salt, path, value]); `digest` is what the entry holds. */
int store_disclosure_put(struct store *store, const char *kase, const struct hash *digest, const char *text,
                         struct guan_error *error);
int store_disclosure(struct store *store, struct arena *arena, const char *kase, const struct hash *digest, const char **text,
                     struct guan_error *error); /* NULL: none */
struct name_row {
    const char *id, *name, *role;
}; /* party:1 王磊 customer; "key" and the dealer's key */
int store_name_put(struct store *store, const char *kase, const struct name_row *row, struct guan_error *error);
int store_names(struct store *store, struct arena *arena, const char *kase, struct name_row **rows, size_t *count,
                struct guan_error *error);
/* Ids of cases one of whose names contains the words, in their order; Latin letters in either case; at most 1,000. */
int store_name_find(struct store *store, struct arena *arena, const char *words, const char ***ids, size_t *count,
                    struct guan_error *error);
int store_erase(struct store *store, const char *kase, struct guan_error *error); /* secret, disclosures, names */

/* --- commands with an id of the caller's --------------------------------------------------------------------------- */

int store_command_seen(struct store *store, struct arena *arena, const char *id, const char **answer, size_t *length,
                       struct guan_error *error); /* NULL: not seen */
int store_command_put(struct store *store, const char *id, const char *answer, size_t length, struct guan_error *error);

/* --- care: each outside a transaction ------------------------------------------------------------------------------ */

/* Writes the store as it is at this moment, with the evidence beside it, to a new file, while others go on working.
 * `entries` (may be NULL): how many it has. GUAN_USAGE, "store-exists". */
int store_backup(struct store *store, const char *path, uint64_t *entries, struct guan_error *error);
/* Whether the database's own structures are sound: pages, indexes, references, the schema. `each` is given what is wrong, a
 * sentence each; GUAN_TAMPERED when there was something. */
int store_check(struct store *store, int (*each)(void *user, const char *text), void *user, struct guan_error *error);
struct store_figures {
    uint64_t file_bytes, unused_bytes, log_bytes; /* the database, what of it is free for reuse, the log beside it */
    uint64_t evidence, evidence_bytes;            /* files beside the database */
    uint64_t disk_free_bytes;
    uint64_t cases, entries, entry_bytes, checkpoints, sessions, timers, disclosures, blobs, blob_bytes, commands;
};
int store_figures(struct store *store, struct store_figures *out, struct guan_error *error);

#endif
