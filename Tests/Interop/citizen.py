"""A simulated card in Python, for tests and measurements that would spend too long in a process per login."""

import base64
import hashlib
import json
import os
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils


def b64u(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class JWTSigner:
    """Signs JWTs with ES256, for client assertions and the terminal's mode statements."""

    def __init__(self, key, header):
        self.key = key
        self.header = b64u(json.dumps(header).encode())

    def sign(self, claims):
        text = f"{self.header}.{b64u(json.dumps(claims).encode())}"
        r, s = utils.decode_dss_signature(self.key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{text}.{b64u(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

    @staticmethod
    def fresh(key_id):
        """A signer with a new key, and the public JWK to register."""
        key = ec.generate_private_key(ec.SECP256R1())
        numbers = key.public_key().public_numbers()
        jwk = {"kty": "EC", "crv": "P-256", "x": b64u(numbers.x.to_bytes(32, "big")), "y": b64u(numbers.y.to_bytes(32, "big")),
               "kid": key_id, "use": "sig", "alg": "ES256"}
        return JWTSigner(key, {"alg": "ES256", "typ": "JWT", "kid": key_id}), jwk


class Card:
    """Key and certificate as `jpki-simulator export` writes them into `folder`, and the app's key for the mode statement."""

    def __init__(self, folder, base, card="hanako"):
        self.base = base
        read = lambda *path: open(os.path.join(folder, *path), "rb").read()
        self.key = serialization.load_pem_private_key(read(card + "-key.pem"), None)
        self.certificate = x509.load_pem_x509_certificate(read(card + ".pem")).public_bytes(serialization.Encoding.DER)
        self.app = "sekisho-app"
        terminal = serialization.load_pem_private_key(read("jpki", "terminals", "sekisho-app-key.pem"), None)
        registration = json.loads(read("deployment", "Keys", "terminals", "sekisho-app.json"))
        self.statement = JWTSigner(
            terminal, {"alg": "ES256", "typ": "sekisho-mode+jwt", "kid": registration["keys"]["keys"][0].get("kid")})

    def answer(self, challenge):
        """The body for `/answer` to what `/challenge` said, signed with the PIN."""
        text = challenge["text"].encode()
        signature = self.key.sign(text, padding.PKCS1v15(), hashes.SHA256())
        statement = self.statement.sign({
            "iss": self.app, "aud": self.base, "challenge": challenge["challenge"],
            "challenge_hash": b64u(hashlib.sha256(text).digest()),
            "x5t#S256": b64u(hashlib.sha256(self.certificate).digest()), "mode": "pin", "iat": int(time.time()),
        })
        return {
            "challenge": challenge["challenge"], "certificate": base64.b64encode(self.certificate).decode(),
            "signature": base64.b64encode(signature).decode(), "statement": statement,
        }
