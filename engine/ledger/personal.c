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
