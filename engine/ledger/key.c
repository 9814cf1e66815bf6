/* Keys of signed notes, and the one algorithm behind them: Ed25519, over libcrypto. */
#include "ledger/key.h"

#include "base/text.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

static const char private_prefix[] = "PRIVATE+KEY+";

/* White_Space of Unicode. */
static bool is_blank(uint32_t c)
{
    return c <= 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}

bool note_is_name(const char *name, size_t length)
{
    if (length == 0 || length > NOTE_NAME_BYTES || !text_is_utf8(name, length)) return false;
    for (size_t i = 0; i < length;) {
        unsigned char c = (unsigned char)name[i];
        size_t size = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
        uint32_t code = size == 1 ? c : c & (0xFFu >> (size + 1));
        for (size_t k = 1; k < size; k++) code = code << 6 | ((unsigned char)name[i + k] & 0x3F);
        if (is_blank(code) || code == '+') return false;
        i += size;
    }
    return true;
}

/* The first bytes of SHA-256(name ‖ \n ‖ type ‖ public key). */
static int set_id(struct note_key *key)
{
    unsigned char text[NOTE_NAME_BYTES + 2 + sizeof key->bytes];
    size_t length = strlen(key->name);
    memcpy(text, key->name, length);
    text[length++] = '\n';
    text[length++] = (unsigned char)key->type;
    memcpy(text + length, key->bytes, sizeof key->bytes);
    struct hash hash;
    int code = hash_bytes(text, length + sizeof key->bytes, &hash);
    if (!code) memcpy(key->id, hash.bytes, sizeof key->id);
    return code;
}

static int bad_key(struct guan_error *error, const char *why)
{
    error_set(error, GUAN_NO, "key", "the key %s", why);
    error_hint(error, "a key is NAME+8 DIGITS+BASE64, as guan audit key prints it");
    return GUAN_NO;
}

/* NAME+8 hexadecimal digits+base64(type ‖ 32 bytes): split at the first two `+`, base64 has some too. */
static int read_key(const char *text, size_t length, struct note_key *key, unsigned char secret[32], struct guan_error *error)
{
    const char *plus = memchr(text, '+', length);
    size_t name = plus ? (size_t)(plus - text) : 0, after = name + 10;
    unsigned char bytes[33];
    size_t got;
    if (!plus || length < after || text[name + 9] != '+') return bad_key(error, "has not three parts with + between them");
    if (!note_is_name(text, name)) return bad_key(error, "has a name that none may have");
    for (size_t i = 0; i < 4; i++) {
        unsigned char value = 0;
        for (size_t k = 0; k < 2; k++) {
            char c = plus[1 + 2 * i + k];
            int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
            if (digit < 0) return bad_key(error, "has an id that is not of 8 hexadecimal digits in lower case");
            value = (unsigned char)(value << 4 | digit);
        }
        key->id[i] = value;
    }
    if (!base64_read(text + after, length - after, bytes, sizeof bytes, &got) || got != sizeof bytes)
        return bad_key(error, "is not base64 of 33 bytes");
    if (bytes[0] != NOTE_ED25519 && bytes[0] != NOTE_COSIGNATURE)
        return bad_key(error, "is of a kind that this guan does not know");
    memset(key->name, 0, sizeof key->name);
    memcpy(key->name, text, name);
    key->type = bytes[0];
    memcpy(secret ? secret : key->bytes, bytes + 1, 32);
    OPENSSL_cleanse(bytes, sizeof bytes);
    return GUAN_OK;
}

int note_key_read(const char *text, size_t length, struct note_key *out, struct guan_error *error)
{
    struct note_key key = {.type = NOTE_ED25519};
    int code = read_key(text, length, out, NULL, error);
    if (code) return code;
    key = *out;
    if (set_id(&key)) return error_memory(error);
    return memcmp(key.id, out->id, sizeof key.id) == 0 ? GUAN_OK : bad_key(error, "does not have the id that it says");
}

static void write_key(struct buffer *out, const struct note_key *key, const unsigned char secret[32])
{
    unsigned char bytes[33];
    bytes[0] = (unsigned char)key->type;
    memcpy(bytes + 1, secret, 32);
    buffer_printf(out, "%s+%02x%02x%02x%02x+", key->name, key->id[0], key->id[1], key->id[2], key->id[3]);
    base64_add(out, bytes, sizeof bytes);
    OPENSSL_cleanse(bytes, sizeof bytes);
}

void note_key_write(struct buffer *out, const struct note_key *key)
{
    write_key(out, key, key->bytes);
}

bool note_key_equal(const struct note_key *a, const struct note_key *b)
{
    return a->type == b->type && strcmp(a->name, b->name) == 0 && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* --- signers -------------------------------------------------------------------------------------------------------- */

int note_signer_make(const char *name, enum note_type type, const unsigned char seed[SEED_BYTES], struct note_signer *out,
                     struct guan_error *error)
{
    if (!note_is_name(name, strlen(name))) return bad_key(error, "has a name that none may have");
    *out = (struct note_signer){.key = {.type = type}};
    memcpy(out->key.name, name, strlen(name));
    memcpy(out->seed, seed, SEED_BYTES);
    size_t size = sizeof out->key.bytes;
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, SEED_BYTES);
    bool done = key && EVP_PKEY_get_raw_public_key(key, out->key.bytes, &size) == 1 && size == sizeof out->key.bytes;
    EVP_PKEY_free(key);
    return done && !set_id(&out->key) ? GUAN_OK : error_memory(error);
}

int note_signer_read(const char *text, size_t length, struct note_signer *out, struct guan_error *error)
{
    const size_t prefix = sizeof private_prefix - 1;
    struct note_key said = {.type = NOTE_ED25519};
    unsigned char seed[SEED_BYTES];
    if (length < prefix || memcmp(text, private_prefix, prefix) != 0)
        return bad_key(error, "is not a private one: PRIVATE+KEY+…");
    int code = read_key(text + prefix, length - prefix, &said, seed, error);
    if (!code) code = note_signer_make(said.name, said.type, seed, out, error);
    if (!code && memcmp(said.id, out->key.id, sizeof said.id) != 0) code = bad_key(error, "does not have the id that it says");
    OPENSSL_cleanse(seed, sizeof seed);
    return code;
}

void note_signer_write(struct buffer *out, const struct note_signer *signer)
{
    buffer_text(out, private_prefix);
    write_key(out, &signer->key, signer->seed);
}

int ed25519_sign(const unsigned char seed[32], const void *data, size_t length, unsigned char out[64])
{
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t size = 64;
    bool done = key && context && EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestSign(context, out, &size, data, length) == 1 && size == 64;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return done ? GUAN_OK : GUAN_FAILED;
}

bool ed25519_verify(const unsigned char public[32], const void *data, size_t length, const unsigned char signature[64])
{
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool holds = key && context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
                 EVP_DigestVerify(context, signature, 64, data, length) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return holds;
}
