"""Verifies a proof of guan's with sigstore's own code for Rekor: the signed checkpoint, the inclusion. Nothing of guan is in here.

verify.py VKEY PROOF [ENTRY]: exit 0 when it holds, 1 and why when not.
"""

import base64
import sys
from types import SimpleNamespace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import SignedCheckpoint, verify_checkpoint
from sigstore.errors import VerificationError


class Keyring:
    """Rekor's keyring is made from a TUF repository; ours is one key."""

    def __init__(self, vkey):
        self.name, key_id, key = vkey.split("+", 2)
        self.key_id = bytes.fromhex(key_id)
        self.key = Ed25519PublicKey.from_public_bytes(base64.b64decode(key)[1:])

    def verify(self, *, key_id, signature, data):
        try:
            self.key.verify(signature, data)
        except InvalidSignature as why:
            raise VerificationError("invalid signature") from why


def main(vkey, path, entry=None):
    keyring = Keyring(vkey)
    with open(path, encoding="utf-8", newline="") as file:
        head, note = file.read().split("\n\n", 1)
    magic, extra, index, *hashes = head.split("\n")
    if magic != "c2sp.org/tlog-proof@v1":
        raise VerificationError("not a proof")
    body = base64.b64decode(extra.removeprefix("extra "))
    if entry:
        with open(entry, "rb") as file:
            body = file.read()
    checkpoint = SignedCheckpoint.from_text(note).checkpoint
    proof = SimpleNamespace(
        log_index=int(index.removeprefix("index ")),
        tree_size=checkpoint.log_size,
        root_hash=bytes.fromhex(checkpoint.log_hash),
        hashes=[base64.b64decode(line) for line in hashes],
        checkpoint=SimpleNamespace(envelope=note),
    )
    inner = SimpleNamespace(
        inclusion_proof=proof, canonicalized_body=body, log_id=SimpleNamespace(key_id=keyring.key_id)
    )
    verify_checkpoint(keyring, SimpleNamespace(_inner=inner))
    verify_merkle_inclusion(SimpleNamespace(_inner=inner))


try:
    main(*sys.argv[1:])
except (VerificationError, ValueError) as why:
    print(why)
    sys.exit(1)
