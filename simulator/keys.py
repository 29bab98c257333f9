"""The two key pairs of the simulated world: Google's own and the service account's.

Kept in the state directory, so that a key file handed out before a restart still opens the door
after it.
"""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt, jwt

PROJECT_ID = "kakari-demo"
SERVICE_ACCOUNT = f"kakari@{PROJECT_ID}.iam.gserviceaccount.com"
SERVICE_ACCOUNT_ID = "100000000000000000900"
CERTIFICATE_LIFETIME = timedelta(days=3650)


class KeyPair:
    """An RSA key with the self-signed certificate that lets others check its signatures."""

    def __init__(self, owner: str, stored_at: Path | None) -> None:
        key = self._load(stored_at) if stored_at and stored_at.exists() else _generate()
        self.private_pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
        if stored_at and not stored_at.exists():
            write_secret(stored_at, self.private_pem)
        self.key_id = x509.SubjectKeyIdentifier.from_public_key(key.public_key()).digest.hex()
        self.certificate = _self_signed(key, owner)
        self._signer = crypt.RSASigner(key, self.key_id)

    def sign(self, claims: dict[str, Any]) -> str:
        """Make an RS256 JWT of the claims, naming this key."""
        token: bytes = jwt.encode(self._signer, claims)
        return token.decode()

    def certificates(self) -> dict[str, str]:
        """Key id to PEM certificate, the form of Google's x509 endpoints."""
        return {self.key_id: self.certificate}

    @staticmethod
    def _load(path: Path) -> rsa.RSAPrivateKey:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        assert isinstance(key, rsa.RSAPrivateKey)
        return key


class Keys:
    def __init__(self, state_dir: Path | None = None) -> None:
        self.google = KeyPair("Google, simulated", state_dir and state_dir / "google.pem")
        self.service_account = KeyPair(
            SERVICE_ACCOUNT, state_dir and state_dir / "service-account.pem"
        )

    def sign_event_token(self, claims: dict[str, Any]) -> str:
        """Make a token as Google puts it on the events it sends to a Chat app."""
        return self.google.sign(claims)

    def write_service_account_key(self, path: Path, origin: str) -> None:
        """Write the JSON key file an operator would download, with this simulator as its issuer."""
        account = {
            "type": "service_account",
            "project_id": PROJECT_ID,
            "private_key_id": self.service_account.key_id,
            "private_key": self.service_account.private_pem,
            "client_email": SERVICE_ACCOUNT,
            "client_id": SERVICE_ACCOUNT_ID,
            "auth_uri": f"{origin}/o/oauth2/auth",
            "token_uri": f"{origin}/token",
            "auth_provider_x509_cert_url": f"{origin}/oauth2/v1/certs",
            "client_x509_cert_url": f"{origin}/robot/v1/metadata/x509/{SERVICE_ACCOUNT}",
            "universe_domain": "googleapis.com",
        }
        write_secret(path, json.dumps(account, indent=2) + "\n")


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner may read, and that never exists half-written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def _generate() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _self_signed(key: rsa.RSAPrivateKey, owner: str) -> str:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, owner[:64])])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + CERTIFICATE_LIFETIME)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
