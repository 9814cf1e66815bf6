/* Reading the bytes of an entry without building a tree: verification looks at every one of millions. */
#ifndef LEDGER_ENTRY_H
#define LEDGER_ENTRY_H

#include "ledger/ledger.h"

#define ENTRY_CASE_BYTES 63 /* the longest id of a case */

struct slice {
    const char *at; /* NULL: absent */
    size_t length;
};

struct entry_view {
    int64_t v, n;                       /* 0: absent */
    struct slice kase, kind, prev, rec; /* texts without their quotes, escapes as they are */
    struct slice def, house;            /* as texts */
    struct slice sd;                    /* what is between the brackets */
};

/* NULL when the bytes are an entry: canonical JSON as json_write_record would write it, with what every entry has. Else what is
 * wrong, as the end of a sentence that begins "entry 7"; what was found so far is in `out`. */
const char *entry_scan(const char *bytes, size_t length, struct entry_view *out);
/* Only the first half: is it canonical JSON of a kind that the record may hold? (For any value, not just objects.) */
bool entry_is_canonical(const char *bytes, size_t length);

/* The next digest of `sd`; false at the end. */
bool entry_next_digest(struct slice *sd, struct hash *out);

#endif
