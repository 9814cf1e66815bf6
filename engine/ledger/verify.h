/* Inside the verification. verify.c streams the entries once; verify_end.c judges what the stream has to add up to, and finds out
 * which entry is to blame when it does not. */
#ifndef LEDGER_VERIFY_H
#define LEDGER_VERIFY_H

#include "ledger/entry.h"

/* An entry seen before, as much as its successor in the case needs of it. */
struct seen {
    uint64_t index;
    struct hash leaf;
    int64_t n; /* 0: nothing here */
    char kase[ENTRY_CASE_BYTES + 1];
    char rec[INSTANT_TEXT];
};

/* Up to which entry the personal data of a case were erased. */
struct erased {
    char kase[ENTRY_CASE_BYTES + 1]; /* "": nothing here */
    int64_t until;                   /* n of its last `erase`; 0: none */
};

/* Both are caches by index and by case: fixed in size, however long the journal is. */
#define SEEN_SLOTS   8192
#define ERASED_SLOTS 256

#define PUBLISHED_MOST 4096 /* definitions and houses; when there are more, "was published" is not asked any more */

struct verifier {
    struct store *store;
    const struct ledger_watch *watch;
    struct ledger_report *report;
    struct guan_error *error;
    struct arena *arena;     /* of one entry */
    uint64_t all;            /* entries that the store says it has */
    struct ledger_head tree; /* recomputed so far */
    bool node_differs;       /* a stored root of a subtree is not the recomputed one … */
    uint64_t node_at;        /* … first at this entry */
    struct seen *seen;
    struct erased *erased;
    uint64_t entries_of_cases;
    bool below_zero;  /* there is a row before the first */
    bool link_broken; /* the entry at tree.size does not follow the one that it names */
    uint64_t suspect; /* the one that it names */
    bool value_gone;  /* a personal value is missing without an erasure … */
    uint64_t gone_at; /* … of this entry: told if nothing else is wrong, since the erasure may be what was spoiled */

    /* verify_seal.c */
    struct arena *seal_arena;      /* of the checkpoint that comes next */
    struct checkpoint_row sealing; /* it */
    bool sealing_any;
    size_t sealed_by; /* how many keys the last checkpoint knew */
    bool key_lost;    /* the one before the last was lost and could not sign */
    uint64_t keyed;   /* so many entries there were when a key was named last: a checkpoint of them was signed at once */
    bool late_bad;    /* a checkpoint or a witness's root is not met: told when no single entry is to blame */
    uint64_t late_index;
    bool unmet; /* a witness's root, of so many entries */
    uint64_t unmet_size;
    char late[300];

    /* verify_publish.c */
    struct hash *published;
    size_t published_count;
    bool published_full;
    struct hash house; /* the last one looked up */
    struct arena *blob_arena;

    struct said *said; /* verify_info.c: what the record says of the store */

    char rec[INSTANT_TEXT];  /* of the entry before */
    char told[INSTANT_TEXT]; /* a `clock` entry says that the clock was there before it went back */
    bool wall;               /* the store's clock is the wall's */
};

#define NO_ENTRY UINT64_MAX

/* Fills the report: the entry at `index` (there may be none; NO_ENTRY: none in particular) is bad. Returns GUAN_TAMPERED, or
 * GUAN_FAILED if the store fails. */
int verify_bad(struct verifier *verifier, uint64_t index, const char *format, ...) GUAN_PRINTF(3, 4);
/* The entry at `index` and its view; GUAN_TAMPERED when it is none. Lives in the verifier's arena. */
int verify_entry(struct verifier *verifier, uint64_t index, struct entry_row *row, struct entry_view *view);
bool verify_is_case(const struct entry_view *view, const char *kase);

/* The recomputed tree grows by an entry; compares the root that the entry has kept. */
int verify_grow(struct verifier *verifier, const struct entry_row *row, const struct hash *leaf);
int verify_broken_link(struct verifier *verifier);
int verify_end(struct verifier *verifier);

/* verify_seal.c: checkpoints of the store, roots from outside. Before the first entry; at a `key` and at a `restore` entry; after
 * each entry; at the end. */
int verify_seal_start(struct verifier *verifier);
int verify_seal_key(struct verifier *verifier, const struct entry_row *row);
int verify_seal_restore(struct verifier *verifier, const struct entry_row *row);
int verify_seal_grown(struct verifier *verifier);
int verify_seal_witness(struct verifier *verifier);
int verify_seal_end(struct verifier *verifier);

/* verify_names.c: the names and contacts of a case are those that its entries disclose. At each entry with `sd`. */
int verify_names(struct verifier *verifier, const struct entry_row *row, const struct entry_view *view, const char *kase);

/* verify_info.c: what the store says of itself (its flags, its name, its key, what was deployed last), and when its cases are
 * due, is what the record says. At a `publish` and a `key` entry of the ledger's own; at the end. */
int verify_info_start(struct verifier *verifier);
int verify_info_entry(struct verifier *verifier, const struct entry_row *row);
int verify_info_end(struct verifier *verifier);
void verify_info_free(struct verifier *verifier);

/* verify_publish.c: definitions and houses are what their hashes say. */
int verify_publish_entry(struct verifier *verifier, const struct entry_row *row, const struct entry_view *view);
int verify_publish_end(struct verifier *verifier);

#endif
