"""Encrypts a state as OpenTofu's documentation says, with nobody's code but Python's own: what our
tests then have to read. Needs the package `cryptography`. Run it in this folder.

The envelope: JSON with `serial` and `lineage` of the state, `meta` (by key provider: base64 of JSON),
`encrypted_data` (base64 of nonce, ciphertext, tag) and `encryption_version`.
"""

import base64
import hashlib
import json

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PASSPHRASE = b"test test test test"


def encrypted(plain, name, hash_function, iterations, key_length):
    salt = hashlib.sha256(name.encode()).digest()
    nonce = hashlib.sha256(salt).digest()[:12]
    key = hashlib.pbkdf2_hmac(hash_function, PASSPHRASE, salt, iterations, key_length)
    meta = {
        "salt": base64.b64encode(salt).decode(),
        "iterations": iterations,
        "hash_function": hash_function,
        "key_length": key_length,
    }
    state = json.loads(plain)
    return json.dumps(
        {
            "serial": state["serial"],
            "lineage": state["lineage"],
            "meta": {f"key_provider.pbkdf2.{name}": base64.b64encode(json.dumps(meta).encode()).decode()},
            "encrypted_data": base64.b64encode(nonce + AESGCM(key).encrypt(nonce, plain, None)).decode(),
            "encryption_version": "v0",
        },
        separators=(",", ":"),
    )


plain = open("tainted.tfstate", "rb").read()
for name, *how in [("main", "sha512", 200_000, 32), ("short", "sha256", 250_000, 16)]:
    open(f"encrypted-{name}.tfstate", "w").write(encrypted(plain, name, *how))
