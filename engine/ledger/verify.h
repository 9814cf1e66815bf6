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

struct verifier {
    struct store *store;
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
    void (*progress)(void *user, uint64_t done, uint64_t all);
    void *user;
};

/* Fills the report: the entry at `index` (there may be none) is bad. Returns GUAN_TAMPERED, or GUAN_FAILED if the store fails. */
int verify_bad(struct verifier *verifier, uint64_t index, const char *format, ...) GUAN_PRINTF(3, 4);
/* The entry at `index` and its view; GUAN_TAMPERED when it is none. Lives in the verifier's arena. */
int verify_entry(struct verifier *verifier, uint64_t index, struct entry_row *row, struct entry_view *view);
bool verify_is_case(const struct entry_view *view, const char *kase);

/* The recomputed tree grows by an entry; compares the root that the entry has kept. */
int verify_grow(struct verifier *verifier, const struct entry_row *row, const struct hash *leaf);
int verify_broken_link(struct verifier *verifier);
int verify_end(struct verifier *verifier);

#endif
