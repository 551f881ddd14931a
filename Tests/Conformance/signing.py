"""Keys of the clients, and JWTs made with them: good ones and, by the same calls, every kind of bad one."""

import base64
import datetime
import hashlib
import json
import secrets
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.x509.oid import NameOID


def b64u(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64u(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def digest(text):
    return b64u(hashlib.sha256(text.encode()).digest())


def unique(length=24):
    return secrets.token_urlsafe(length)


def compact(header, claims, signer=None):
    """`header.claims.signature`; without a signer the third part is empty (`none`)."""
    text = ".".join(b64u(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    return text + "." + (b64u(signer(text.encode())) if signer else "")


def read(token):
    """Header and claims of a JWT, unverified."""
    header, claims, _ = token.split(".")
    return json.loads(unb64u(header)), json.loads(unb64u(claims))


def flipped(token):
    """The same token with one bit of its signature changed."""
    head, _, signature = token.rpartition(".")
    raw = bytearray(unb64u(signature))
    raw[len(raw) // 2] ^= 0x01
    return f"{head}.{b64u(bytes(raw))}"


class Key:
    """A private key that signs with `algorithm` unless told otherwise: RSA keys also with RS256 or PS256 as a test asks."""

    def __init__(self, algorithm="ES256", kid=None):
        self.algorithm = algorithm
        self.kid = kid or unique(8)
        if algorithm in ("RS256", "PS256"):
            self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        elif algorithm in ("EdDSA", "Ed25519"):
            self.private = ed25519.Ed25519PrivateKey.generate()
        else:
            self.private = ec.generate_private_key({"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1()}[algorithm])

    def members(self):
        """The members of RFC 7638: what names the key, and nothing else."""
        public = self.private.public_key()
        if isinstance(public, rsa.RSAPublicKey):
            numbers = public.public_numbers()
            size = lambda n: n.to_bytes((n.bit_length() + 7) // 8, "big")
            return {"e": b64u(size(numbers.e)), "kty": "RSA", "n": b64u(size(numbers.n))}
        if isinstance(public, ed25519.Ed25519PublicKey):
            raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            return {"crv": "Ed25519", "kty": "OKP", "x": b64u(raw)}
        numbers, size = public.public_numbers(), (public.key_size + 7) // 8
        name = {256: "P-256", 384: "P-384"}[public.key_size]
        return {"crv": name, "kty": "EC", "x": b64u(numbers.x.to_bytes(size, "big")), "y": b64u(numbers.y.to_bytes(size, "big"))}

    def jwk(self, use="sig", algorithm=None):
        return {**self.members(), "kid": self.kid, "use": use, "alg": algorithm or self.algorithm}

    def private_jwk(self):
        """With the secret part, for the one test that leaks it."""
        numbers = self.private.private_numbers()
        if isinstance(self.private, rsa.RSAPrivateKey):
            return {**self.members(), "d": b64u(numbers.d.to_bytes(256, "big"))}
        return {**self.members(), "d": b64u(numbers.private_value.to_bytes((self.private.key_size + 7) // 8, "big"))}

    def thumbprint(self):
        return digest(json.dumps(self.members(), separators=(",", ":"), sort_keys=True))

    def signature(self, algorithm):
        def sign(data):
            if algorithm == "RS256":
                return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())
            if algorithm == "PS256":
                return self.private.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
            if algorithm in ("EdDSA", "Ed25519"):
                return self.private.sign(data)
            hashing = hashes.SHA384() if algorithm == "ES384" else hashes.SHA256()
            r, s = utils.decode_dss_signature(self.private.sign(data, ec.ECDSA(hashing)))
            size = (self.private.key_size + 7) // 8
            return r.to_bytes(size, "big") + s.to_bytes(size, "big")

        return sign

    def sign(self, claims, algorithm=None, **header):
        """`algorithm="none"` leaves the signature empty; a header value of None removes the member."""
        algorithm = algorithm or self.algorithm
        whole = {"alg": algorithm, "kid": self.kid, "typ": "JWT", **header}
        whole = {name: value for name, value in whole.items() if value is not None}
        return compact(whole, claims, None if algorithm == "none" else self.signature(algorithm))


class Certificate:
    """A self-signed client certificate with its key in two files, for mutual TLS."""

    def __init__(self, folder, name):
        self.subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Conformance"),
                                  x509.NameAttribute(NameOID.COMMON_NAME, name)])
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.datetime.now(datetime.timezone.utc)
        made = (
            x509.CertificateBuilder().subject_name(self.subject).issuer_name(self.subject).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(True, False, False, False, False, False, False, False, False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
            .sign(key, hashes.SHA256()))
        self.der = made.public_bytes(serialization.Encoding.DER)
        self.pem = made.public_bytes(serialization.Encoding.PEM).decode()
        self.thumbprint = b64u(hashlib.sha256(self.der).digest())
        numbers = key.public_key().public_numbers()
        self.jwk = {"kty": "EC", "crv": "P-256", "x": b64u(numbers.x.to_bytes(32, "big")), "y": b64u(numbers.y.to_bytes(32, "big")),
                    "kid": name, "use": "sig", "x5c": [base64.b64encode(self.der).decode()], "x5t#S256": self.thumbprint}
        self.files = (f"{folder}/{name}.crt", f"{folder}/{name}.key")
        for path, text in zip(self.files, (self.pem, key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode())):
            with open(path, "w") as f:
                f.write(text)


def dpop(key, method, address, access_token=None, nonce=None, header=(), without=(), algorithm=None, **claims):
    """A DPoP proof (RFC 9449 §4.2). `claims` replace, `without` removes, `header` replaces members of the header (None removes)."""
    body = {"jti": unique(16), "htm": method, "htu": address, "iat": int(time.time())}
    if access_token:
        body["ath"] = digest(access_token)
    if nonce:
        body["nonce"] = nonce
    body = {name: value for name, value in {**body, **claims}.items() if name not in without}
    return key.sign(body, algorithm=algorithm, **{"kid": None, "typ": "dpop+jwt", "jwk": key.members(), **dict(header)})


def listener_pair():
    """Key and certificate in PEM for a listener on this machine."""
    import ipaddress
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(key, hashes.SHA256()))
    return (key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode(),
            made.public_bytes(serialization.Encoding.PEM).decode())
