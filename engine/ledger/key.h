/* The one algorithm of signatures, Ed25519 (RFC 8032). */
#ifndef LEDGER_KEY_H
#define LEDGER_KEY_H

#include "ledger/note.h"

#define SIGNATURE_BYTES 64

int ed25519_sign(const unsigned char seed[32], const void *data, size_t length, unsigned char out[SIGNATURE_BYTES]);
bool ed25519_verify(const unsigned char public[32], const void *data, size_t length,
                    const unsigned char signature[SIGNATURE_BYTES]);

#endif
