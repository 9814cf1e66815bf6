/* Base64 with padding, as notes and proofs have it. Strict on the way in, so that no two texts mean the same bytes. */
#include "ledger/note.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_add(struct buffer *out, const void *data, size_t length)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i < 3 ? length - i : 3;
        uint32_t group = (uint32_t)bytes[i] << 16;
        if (left > 1) group |= (uint32_t)bytes[i + 1] << 8;
        if (left > 2) group |= bytes[i + 2];
        char four[4] = {alphabet[group >> 18], alphabet[group >> 12 & 63], left > 1 ? alphabet[group >> 6 & 63] : '=',
                        left > 2 ? alphabet[group & 63] : '='};
        buffer_add(out, four, sizeof four);
    }
}

static int digit(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool base64_read(const char *text, size_t length, void *out, size_t size, size_t *got)
{
    unsigned char *bytes = out;
    *got = 0;
    if (length == 0 || length % 4 != 0) return false;
    size_t padding = text[length - 1] != '=' ? 0 : text[length - 2] != '=' ? 1 : 2;
    for (size_t i = 0; i < length; i += 4) {
        size_t some = i + 4 == length ? 3 - padding : 3;
        uint32_t group = 0;
        for (size_t k = 0; k < 4; k++) {
            int value = k <= some ? digit(text[i + k]) : 0;
            if (value < 0) return false;
            group = group << 6 | (uint32_t)value;
        }
        if (some < 3 && group & ((1u << 8 * (3 - some)) - 1)) return false; /* bits that mean nothing */
        if (*got + some > size) return false;
        for (size_t k = 0; k < some; k++) bytes[(*got)++] = (unsigned char)(group >> (16 - 8 * k));
    }
    return true;
}
