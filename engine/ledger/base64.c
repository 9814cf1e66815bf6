/* Reads base64 with padding, as notes and proofs have it: strictly, so that no two texts mean the same bytes. */
#include "ledger/note.h"

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
