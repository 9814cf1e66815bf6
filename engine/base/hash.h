/* SHA-256, HMAC and the encodings of bytes, over libcrypto. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/memory.h"

#define HASH_BYTES 32
#define HASH_HEX   65 /* with the terminator */

struct hash {
    unsigned char bytes[HASH_BYTES];
};

int hash_bytes(const void *data, size_t length, struct hash *out);
/* SHA-256(prefix byte ‖ a ‖ b): the leaf (prefix 0, b empty) and node (prefix 1) of RFC 6962. */
int hash_prefixed(unsigned char prefix, const void *a, size_t a_length, const void *b, size_t b_length, struct hash *out);
int hash_hmac(const void *key, size_t key_length, const void *data, size_t length, struct hash *out);
/* SHA-256 of what comes in pieces. hash_end frees, also after a failure; a NULL `out` only frees. */
struct hash_stream;
struct hash_stream *hash_begin(void); /* NULL: no memory; the others accept it and fail */
int hash_more(struct hash_stream *stream, const void *data, size_t length);
int hash_end(struct hash_stream *stream, struct hash *out);
void hash_hex(const struct hash *hash, char out[HASH_HEX]);
bool hash_from_hex(const char *text, struct hash *out); /* exactly 64 lower-case digits */
bool hash_equal(const struct hash *a, const struct hash *b);
void base64_add(struct buffer *out, const void *data, size_t length);    /* RFC 4648 §4 */
void base64url_add(struct buffer *out, const void *data, size_t length); /* RFC 4648 §5, no padding */
int random_bytes(void *out, size_t length);                              /* the system's; only the case layer asks for it */

#endif
