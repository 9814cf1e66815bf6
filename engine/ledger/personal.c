/* Personal values: in the record as salted digests (the disclosures of RFC 9901), for the machine as tokens. */
#include "ledger/ledger.h"

#include <string.h>

#define TOKEN_BYTES 12

static int canonical(struct buffer *out, const struct value *value, struct guan_error *error)
{
    int code = json_write_record(out, value, error);
    return !code && out->failed ? error_memory(error) : code;
}

int personal_disclose(struct arena *arena, const unsigned char salt[16], const char *path, const struct value *value,
                      struct hash *digest, const char **disclosure, struct guan_error *error)
{
    struct buffer salted = {0}, json = {0}, text = {0};
    base64url_add(&salted, salt, 16);
    struct value *list = value_list(arena);
    value_add(arena, list, value_text_n(arena, salted.data, salted.length));
    value_add(arena, list, value_text(arena, path));
    value_add(arena, list, value_copy(arena, value));
    int code = arena_failed(arena) || salted.failed ? error_memory(error) : canonical(&json, list, error);
    if (!code) {
        base64url_add(&text, json.data, json.length);
        *disclosure = text.failed ? NULL : arena_text(arena, text.data, text.length);
        /* RFC 9901: over the text in base64url, so that nobody has to agree on anything inside it. */
        if (!*disclosure || hash_bytes(text.data, text.length, digest)) code = error_memory(error);
    }
    buffer_release(&salted);
    buffer_release(&json);
    buffer_release(&text);
    return code;
}

static int base64url_digit(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

int personal_read(struct arena *arena, const char *disclosure, const char **path, struct value **value, struct guan_error *error)
{
    size_t size = strlen(disclosure), used = 0;
    char *json = arena_alloc(arena, size + 1);
    unsigned held = 0, bits = 0;
    struct value *triple = NULL;
    if (!json) return error_memory(error);
    for (size_t i = 0; i < size; i++) {
        int digit = base64url_digit(disclosure[i]);
        if (digit < 0) return error_set(error, GUAN_NO, "disclosure", "a disclosure is not base64url");
        bits = bits << 6 | (unsigned)digit;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        json[used++] = (char)(unsigned char)(bits >> held);
        bits &= (1u << held) - 1;
    }
    int code = json_read(arena, json, used, &triple, error);
    *path = value_as_text(value_at(triple, 1));
    *value = value_at(triple, 2);
    if (code == GUAN_FAILED) return code;
    return code == GUAN_OK && *path && *value ? GUAN_OK : error_set(error, GUAN_NO, "disclosure", "a disclosure cannot be read");
}

int personal_token(struct arena *arena, const struct hash *secret, const struct value *value, const char **token,
                   struct guan_error *error)
{
    struct buffer json = {0}, text = {0};
    struct hash mac;
    int code = canonical(&json, value, error);
    if (!code && hash_hmac(secret->bytes, HASH_BYTES, json.data, json.length, &mac)) code = error_memory(error);
    if (!code) {
        buffer_byte(&text, '~');
        base64url_add(&text, mac.bytes, TOKEN_BYTES);
        *token = text.failed ? NULL : arena_text(arena, text.data, text.length);
        if (!*token) code = error_memory(error);
    }
    buffer_release(&json);
    buffer_release(&text);
    return code;
}
