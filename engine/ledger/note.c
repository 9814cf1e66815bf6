/* Signed notes and the checkpoints in them: text, an empty line, a line for each signature. */
#include "ledger/key.h"

#include "base/text.h"

#include <string.h>

#define DASH       "\xE2\x80\x94 " /* U+2014 and a blank begin a line of signature */
#define DASH_BYTES 4

static int bad_note(struct guan_error *error, const char *why)
{
    error_set(error, GUAN_NO, "note", "this is not a signed note: %s", why);
    error_hint(error, "a note is a text, an empty line, and lines that begin with \xE2\x80\x94");
    return GUAN_NO;
}

static bool is_plain(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)bytes[i] < 0x20 && bytes[i] != '\n') return false;
    return text_is_utf8(bytes, length);
}

static int read_signature(const char *line, size_t length, struct note_signature *out, struct guan_error *error)
{
    if (length < DASH_BYTES || memcmp(line, DASH, DASH_BYTES) != 0)
        return bad_note(error, "after the last empty line there is a line that is no signature");
    out->name = line + DASH_BYTES;
    const char *blank = memchr(out->name, ' ', length - DASH_BYTES);
    if (!blank || !note_is_name(out->name, out->name_length = (size_t)(blank - out->name)))
        return bad_note(error, "a signature does not say whose it is");
    unsigned char bytes[1024];
    size_t got, left = length - DASH_BYTES - out->name_length - 1;
    if (!base64_read(blank + 1, left, bytes, sizeof bytes, &got) || got <= sizeof out->id)
        return bad_note(error, "a signature is not base64, or too short or too long");
    memcpy(out->id, bytes, sizeof out->id);
    out->length = got - sizeof out->id;
    if (out->length > sizeof out->bytes) out->length = 0;
    else memcpy(out->bytes, bytes + sizeof out->id, out->length);
    return GUAN_OK;
}

int note_read(const char *bytes, size_t length, struct note *out, struct guan_error *error)
{
    out->count = 0;
    if (length > NOTE_BYTES) return bad_note(error, "it is too long");
    if (length == 0 || bytes[length - 1] != '\n') return bad_note(error, "it does not end with a line");
    if (!is_plain(bytes, length)) return bad_note(error, "it holds control characters, or is not UTF-8");
    size_t split = length - 1;
    while (split > 0 && !(bytes[split] == '\n' && bytes[split - 1] == '\n')) split--;
    if (split == 0 || split + 1 == length) return bad_note(error, "it has no signature");
    out->text = bytes;
    out->length = split;
    for (size_t at = split + 1; at < length;) {
        const char *end = memchr(bytes + at, '\n', length - at);
        size_t size = end ? (size_t)(end - bytes) - at : length - at;
        if (out->count == NOTE_SIGNATURES) return bad_note(error, "it has too many signatures");
        int code = read_signature(bytes + at, size, &out->signatures[out->count++], error);
        if (code) return code;
        at += size + 1;
    }
    return GUAN_OK;
}

/* --- signatures ----------------------------------------------------------------------------------------------------- */

/* What is signed: the text, for a cosignature with the time in front of it. */
static void signed_text(struct buffer *out, enum note_type type, uint64_t time, const char *text, size_t length)
{
    if (type == NOTE_COSIGNATURE) buffer_printf(out, "cosignature/v1\ntime %llu\n", (unsigned long long)time);
    buffer_add(out, text, length);
}

static uint64_t read_time(const unsigned char bytes[8])
{
    uint64_t time = 0;
    for (size_t i = 0; i < 8; i++) time = time << 8 | bytes[i];
    return time;
}

static bool is_of(const struct note_signature *signature, const struct note_key *key)
{
    return signature->name_length == strlen(key->name) && memcmp(signature->name, key->name, signature->name_length) == 0 &&
           memcmp(signature->id, key->id, sizeof key->id) == 0;
}

int note_verify(const struct note *note, const struct note_key *key, bool *valid, uint64_t *time, struct guan_error *error)
{
    size_t before = key->type == NOTE_COSIGNATURE ? 8 : 0; /* the time */
    *valid = false;
    if (time) *time = 0;
    for (size_t i = 0; i < note->count; i++) {
        const struct note_signature *signature = &note->signatures[i];
        if (!is_of(signature, key)) continue;
        struct buffer text = {0};
        uint64_t when = before ? read_time(signature->bytes) : 0;
        signed_text(&text, key->type, when, note->text, note->length);
        bool holds = !text.failed && signature->length == before + SIGNATURE_BYTES &&
                     ed25519_verify(key->bytes, text.data, text.length, signature->bytes + before);
        bool failed = text.failed;
        buffer_release(&text);
        if (failed) return error_memory(error);
        if (!holds) {
            error_set(error, GUAN_TAMPERED, "signature", "the signature of %s does not hold: the text is not what was signed",
                      key->name);
            return GUAN_TAMPERED;
        }
        *valid = true;
        if (time) *time = when;
    }
    return GUAN_OK;
}

int note_sign(struct buffer *note, const struct note_signer *signer, uint64_t time, struct guan_error *error)
{
    struct note read;
    struct buffer text = {0};
    unsigned char bytes[4 + 8 + SIGNATURE_BYTES];
    size_t size = sizeof signer->key.id;
    bool bare = note_read(note->data, note->length, &read, NULL) != GUAN_OK;
    signed_text(&text, signer->key.type, time, note->data, bare ? note->length : read.length);
    memcpy(bytes, signer->key.id, size);
    for (int shift = 56; signer->key.type == NOTE_COSIGNATURE && shift >= 0; shift -= 8)
        bytes[size++] = (unsigned char)(time >> shift);
    int code = text.failed || ed25519_sign(signer->seed, text.data, text.length, bytes + size) ? error_memory(error) : GUAN_OK;
    buffer_release(&text);
    if (code) return code;
    buffer_printf(note, "%s" DASH "%s ", bare ? "\n" : "", signer->key.name);
    base64_add(note, bytes, size + SIGNATURE_BYTES);
    buffer_byte(note, '\n');
    return note->failed ? error_memory(error) : GUAN_OK;
}

/* --- checkpoints ---------------------------------------------------------------------------------------------------- */

/* The next line of at least one byte. */
static bool next_line(const char **at, const char *end, const char **line, size_t *length)
{
    const char *stop = *at < end ? memchr(*at, '\n', (size_t)(end - *at)) : NULL;
    if (!stop || stop == *at) return false;
    *line = *at;
    *length = (size_t)(stop - *at);
    *at = stop + 1;
    return true;
}

/* Decimal, without zeros in front. */
static bool read_size(const char *line, size_t length, uint64_t *out)
{
    uint64_t sum = 0;
    if (length == 0 || (length > 1 && line[0] == '0')) return false;
    for (size_t i = 0; i < length; i++) {
        if (line[i] < '0' || line[i] > '9') return false;
        unsigned digit = (unsigned)(line[i] - '0');
        if (sum > ((uint64_t)INT64_MAX - digit) / 10) return false;
        sum = sum * 10 + digit;
    }
    *out = sum;
    return true;
}

int checkpoint_read(const char *text, size_t length, struct checkpoint *out, struct guan_error *error)
{
    const char *at = text, *end = text + length, *line = NULL;
    size_t size = 0, got = 0;
    *out = (struct checkpoint){0};
    bool sound = next_line(&at, end, &line, &size) && size <= NOTE_NAME_BYTES && !memchr(line, '\0', size);
    if (sound) memcpy(out->origin, line, size);
    sound = sound && next_line(&at, end, &line, &size) && read_size(line, size, &out->size);
    sound = sound && next_line(&at, end, &line, &size) && base64_read(line, size, out->root.bytes, HASH_BYTES, &got);
    while (sound && at < end) sound = next_line(&at, end, &line, &size);
    if (sound && got == HASH_BYTES) return GUAN_OK;
    error_set(error, GUAN_NO, "checkpoint",
              "this is not a checkpoint: the lines have to be an origin, a size and a root in base64");
    return GUAN_NO;
}

void checkpoint_write(struct buffer *out, const struct checkpoint *checkpoint)
{
    buffer_printf(out, "%s\n%llu\n", checkpoint->origin, (unsigned long long)checkpoint->size);
    base64_add(out, checkpoint->root.bytes, HASH_BYTES);
    buffer_byte(out, '\n');
}
