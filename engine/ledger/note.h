/* What is signed for strangers, by the bytes of C2SP: base64, signed notes with their keys, checkpoints of a log, and the
 * cosignatures of witnesses (LEDGER.md). Nothing here knows the store. */
#ifndef LEDGER_NOTE_H
#define LEDGER_NOTE_H

#include "base/hash.h"

#define NOTE_NAME_BYTES 127 /* the longest name of a key; a ledger's origin is one */
#define NOTE_SIGNATURES 100 /* the most of one note */
#define NOTE_BYTES      (1024u * 1024u)
#define SEED_BYTES      32

enum note_type { NOTE_ED25519 = 1, NOTE_COSIGNATURE = 4 };

/* A verifier key: `name+hex8+base64`. */
struct note_key {
    char name[NOTE_NAME_BYTES + 1];
    unsigned char id[4];
    enum note_type type;
    unsigned char bytes[32];
};
/* A signer key: `PRIVATE+KEY+name+hex8+base64`. */
struct note_signer {
    struct note_key key;
    unsigned char seed[SEED_BYTES];
};

struct note_signature {
    const char *name; /* not terminated */
    size_t name_length;
    unsigned char id[4];
    unsigned char bytes[72]; /* without the id */
    size_t length;           /* 0: longer than any that is known here */
};
/* Borrows the bytes it was read from. */
struct note {
    const char *text; /* with its last \n */
    size_t length;
    struct note_signature signatures[NOTE_SIGNATURES];
    size_t count;
};

/* RFC 4648 §4, padded; reading takes one way to write each value only, and at most `size` bytes. */
bool base64_read(const char *text, size_t length, void *out, size_t size, size_t *got);

bool note_is_name(const char *name, size_t length); /* UTF-8, no blank, no `+`, not too long */
int note_key_read(const char *text, size_t length, struct note_key *out, struct guan_error *error);
void note_key_write(struct buffer *out, const struct note_key *key);
bool note_key_equal(const struct note_key *a, const struct note_key *b);

int note_signer_make(const char *name, enum note_type type, const unsigned char seed[SEED_BYTES], struct note_signer *out,
                     struct guan_error *error);
int note_signer_read(const char *text, size_t length, struct note_signer *out, struct guan_error *error);
void note_signer_write(struct buffer *out, const struct note_signer *signer);

/* GUAN_NO, "note": the bytes are none. Nothing is verified yet. */
int note_read(const char *bytes, size_t length, struct note *out, struct guan_error *error);
/* `*valid`: the key has signed it. A signature of the key's that does not hold is GUAN_TAMPERED, be there a good one too. `time`
 * (may be NULL) is the time of a cosignature in seconds, 0 without one. */
int note_verify(const struct note *note, const struct note_key *key, bool *valid, uint64_t *time, struct guan_error *error);
/* Appends a signature line to `note`: to a bare text (ending in \n) with the empty line before it, to a note after its others.
 * `time` is for cosignatures. */
int note_sign(struct buffer *note, const struct note_signer *signer, uint64_t time, struct guan_error *error);

struct checkpoint {
    char origin[NOTE_NAME_BYTES + 1];
    uint64_t size;
    struct hash root;
};
/* Extension lines are passed over. GUAN_NO, "checkpoint". */
int checkpoint_read(const char *text, size_t length, struct checkpoint *out, struct guan_error *error);
void checkpoint_write(struct buffer *out, const struct checkpoint *checkpoint);

#endif
