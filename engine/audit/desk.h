/* What the files of the ledger's desk share: entries of the ledger itself, keys in files, checkpoints in the store, files. */
#ifndef AUDIT_DESK_H
#define AUDIT_DESK_H

#include "case/kase.h"
#include "ledger/proof.h"

/* --- entries of case "-": begin (a transaction for writing), append, end (saves; the caller commits) --- */
struct own {
    struct guan *guan;
    struct ledger_head head;
    struct case_row row;
    instant now; /* the wall's clock; in a virtual store the record's last moment */
};
int own_begin(struct guan *guan, struct own *own, struct guan_error *error);
struct value *own_entry(struct own *own, const char *kind); /* kind, cause, sem, at; `rec` is never before the last */
int own_append(struct own *own, struct value *entry, struct guan_error *error);
int own_end(struct own *own, struct guan_error *error);

/* --- keys (key.c) --- */
int key_origin(struct guan *guan, const char **out, struct guan_error *error);
/* The ledger's newest verifier key; GUAN_NO, "no-key". */
int key_current(struct guan *guan, struct note_key *out, struct guan_error *error);
int key_load(const char *file, struct note_signer *out, struct guan_error *error);
/* The private half of the current key, from `file`, or from the file that a rotation left half way. */
int key_sign_with(struct guan *guan, const char *file, struct note_signer *out, struct guan_error *error);

/* --- checkpoints (checkpoint.c); all inside a transaction --- */
struct sealed {
    struct checkpoint_row row;
    struct note note;
    struct checkpoint checkpoint;
};
int sealed_read(struct sealed *sealed, const char *what, struct guan_error *error); /* from `row` */
int sealed_newest(struct guan *guan, struct sealed *out, struct guan_error *error);
/* Signs the tree as it is and keeps the note (arena). */
int sealed_make(struct guan *guan, const struct note_signer *signers, size_t count, struct checkpoint_row *out,
                struct guan_error *error);
void desk_set_root(struct arena *arena, struct value *map, const char *key, const struct hash *root); /* base64 */

/* --- receipts (receipt.c) --- */
struct receipt {
    char origin[NOTE_NAME_BYTES + 1], kase[64];
    uint64_t size, n;
    struct hash root, leaf;
    unsigned char signature[64];
    bool is_signed;
    const char *text; /* what is signed */
    size_t length;
};
bool receipt_is(const char *text);
int receipt_read(const char *text, struct receipt *out, struct guan_error *error);
bool receipt_signed_by(const struct receipt *receipt, const struct note_key *key);

/* --- time stamps (stamp.c) --- */
/* RFC 3161: `token` (a response or a bare token, DER) over `data`. `*time` is when. */
int stamp_verify(const char *token, size_t token_length, const char *data, size_t length, const char *authority, instant *time,
                 struct guan_error *error);

/* --- files --- */
int desk_read(struct arena *arena, const char *path, size_t most, const char **bytes, size_t *length, struct guan_error *error);
/* Under another name first, synced, then in its place. */
int desk_write(const char *path, const void *bytes, size_t length, unsigned mode, struct guan_error *error);

#endif
