"""Ids handed out beforehand (``files.generateIds``), usable once and only by who got them.

An id carries its own proof, so none of the many that are never used needs remembering.
"""

import base64
import hashlib
import hmac
import secrets


class IdMint:
    def __init__(self, secret: str | None = None) -> None:
        self.secret = secret or secrets.token_hex(16)

    def mint(self, user: str) -> str:
        nonce = secrets.token_urlsafe(12)
        return f"1{nonce}{self._proof(user, nonce)}"

    def is_genuine(self, file_id: str, user: str) -> bool:
        nonce, proof = file_id[1:17], file_id[17:]
        return hmac.compare_digest(proof.encode(), self._proof(user, nonce).encode())

    def _proof(self, user: str, nonce: str) -> str:
        digest = hmac.digest(self.secret.encode(), f"{user} {nonce}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:12]).decode()
