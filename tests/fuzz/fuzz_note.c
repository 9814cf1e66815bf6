/* Any bytes as a signed note, as a checkpoint, as keys: read or refused with a message. A note that was read can be signed, and
 * then verifies by that key and no other. */
#include "fuzz.h"

#include "base/text.h"
#include "ledger/note.h"

#include <string.h>

static void check_error(const struct guan_error *error)
{
    promise(error->code != GUAN_OK && error->rule[0] && error->text[0], "a refusal says why");
    promise(text_is_utf8(error->text, strlen(error->text)), "a message is UTF-8");
}

static void signer_of(const char *name, enum note_type type, unsigned char first, struct note_signer *out)
{
    unsigned char seed[SEED_BYTES] = {first};
    promise(note_signer_make(name, type, seed, out, NULL) == GUAN_OK, "a key can be made");
}

static void sign_again(const uint8_t *data, size_t size, const struct note *note)
{
    struct note_signer log, witness, other;
    struct note again;
    struct buffer out = {0};
    bool valid;
    uint64_t time;
    if (note->count + 2 > NOTE_SIGNATURES || size > NOTE_BYTES - 1000) return;
    signer_of("fuzz.example", NOTE_ED25519, 1, &log);
    signer_of("witness.example", NOTE_COSIGNATURE, 2, &witness);
    signer_of("fuzz.example", NOTE_ED25519, 3, &other);
    buffer_add(&out, data, size);
    promise(note_sign(&out, &log, 0, NULL) == GUAN_OK && note_sign(&out, &witness, 1234567890123, NULL) == GUAN_OK,
            "can be signed");
    promise(note_read(out.data, out.length, &again, NULL) == GUAN_OK && again.count == note->count + 2,
            "what was signed is a note");
    promise(again.length == note->length && memcmp(again.text, note->text, note->length) == 0, "of the same text");
    promise(note_verify(&again, &log.key, &valid, NULL, NULL) == GUAN_OK && valid, "the signature holds");
    promise(note_verify(&again, &witness.key, &valid, &time, NULL) == GUAN_OK && valid && time == 1234567890123,
            "the witness's too");
    promise(note_verify(&again, &other.key, &valid, NULL, NULL) == GUAN_OK && !valid, "another key has not signed");
    buffer_release(&out);
}

static void try_checkpoint(const char *text, size_t length)
{
    struct checkpoint checkpoint, again;
    struct guan_error error = {0};
    if (checkpoint_read(text, length, &checkpoint, &error)) {
        check_error(&error);
        return;
    }
    struct buffer out = {0};
    checkpoint_write(&out, &checkpoint);
    promise(out.length <= length && memcmp(out.data, text, out.length) == 0, "there is one way to write a checkpoint");
    promise(checkpoint_read(out.data, out.length, &again, NULL) == GUAN_OK && again.size == checkpoint.size, "and to read it");
    buffer_release(&out);
}

static void try_keys(const char *text, size_t length)
{
    struct note_key key;
    struct note_signer signer;
    struct buffer out = {0};
    struct guan_error error = {0};
    if (note_key_read(text, length, &key, &error)) check_error(&error);
    else {
        note_key_write(&out, &key);
        promise(out.length == length && memcmp(out.data, text, length) == 0, "a key comes back");
    }
    buffer_clear(&out);
    if (note_signer_read(text, length, &signer, NULL) == GUAN_OK) {
        note_signer_write(&out, &signer);
        promise(out.length == length && memcmp(out.data, text, length) == 0, "a private key comes back");
    }
    buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct note note;
    struct guan_error error = {0};
    const char *text = (const char *)data;
    if (note_read(text, size, &note, &error)) check_error(&error);
    else {
        sign_again(data, size, &note);
        try_checkpoint(note.text, note.length);
    }
    try_checkpoint(text, size);
    try_keys(text, size);
    return 0;
}
