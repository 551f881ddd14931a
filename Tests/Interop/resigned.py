"""Public vectors made with RSA-1024 and SHA-1, with keys of 2048 bits and SHA-256 in their place: the platform refuses such keys, and a
refusal for that would prove nothing. What was signed rightly by an old key is signed by the new one in its place; what was signed wrongly
stays wrong; every other byte stays as it was."""

import base64
import hashlib
import re

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

SHA256_RSA = bytes.fromhex("300d06092a864886f70d01010b0500")
POOL = []


def pool():
    while len(POOL) < 4:
        POOL.append(rsa.generate_private_key(65537, 2048))
    return list(POOL)


def element(der, at):
    """(tag, start of content, end) of the DER element at an offset."""
    if at + 2 > len(der):
        raise ValueError("cut off")
    tag, length, start = der[at], der[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4 or start + count > len(der):
            raise ValueError("length")
        length, start = int.from_bytes(der[start:start + count], "big"), start + count
    if start + length > len(der):
        raise ValueError("cut off")
    return tag, start, start + length


def children(der):
    """The elements of a constructed element, each whole."""
    _, at, end = element(der, 0)
    found = []
    while at < end:
        _, _, stop = element(der, at)
        found.append(der[at:stop])
        at = stop
    return found


def wrap(tag, content):
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def spki_of(certificate):
    fields = children(children(certificate)[0])
    return fields[6] if fields[0][0] == 0xA0 else fields[5]


def bits_of(spki):
    _, start, end = element(children(spki)[1], 0)
    return children(spki)[1][start + 1:end]


def replace(der, old, new):
    """Exchanges one element wherever it stands; the lengths of everything around it follow."""
    if der == old:
        return new
    if old not in der or not der[0] & 0x20:
        return der
    return wrap(der[0], b"".join(replace(child, old, new) for child in children(der)))


class Resigned:
    def __init__(self, certificates):
        self.keys = {}
        spare = pool()
        for certificate in certificates:
            try:
                spki = spki_of(certificate)
            except (ValueError, IndexError):
                continue
            if spki not in self.keys:
                self.keys[spki] = spare.pop()

    @staticmethod
    def public(key):
        return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)

    def signed(self, whole, body, trailer=b"", is_answer=False):
        """The outer SEQUENCE around `body`, signed by whoever signed the old one rightly, and wrongly otherwise."""
        old, algorithm, signature = children(whole)[:3]
        _, start, end = element(signature, 0)
        value = signature[start + 1:end]
        signer = None
        for spki, key in self.keys.items():
            known = serialization.load_der_public_key(spki)
            for digest in (hashes.SHA1(), hashes.SHA256()):
                try:
                    known.verify(value, old, padding.PKCS1v15(), digest)
                    signer = key
                except Exception:  # noqa: BLE001 - whatever is wrong with it, this key did not sign it
                    continue
        # SHA-1 is refused like a short key: the identifiers inside and outside change together, unless they differed before.
        inner = [field for field in children(body) if field == algorithm]
        if inner and algorithm != SHA256_RSA and b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05" in algorithm:
            body, algorithm = replace(body, algorithm, SHA256_RSA), SHA256_RSA
        elif is_answer:
            # An answer names its algorithm once, outside.
            algorithm = SHA256_RSA
        if signer is None:
            fresh = bytes([0]) + bytes(256)
        else:
            fresh = bytes([0]) + signer.sign(body, padding.PKCS1v15(), hashes.SHA256())
        return wrap(0x30, body + algorithm + wrap(0x03, fresh) + trailer)

    def certificate(self, der):
        try:
            spki = spki_of(der)
            return self.signed(der, replace(children(der)[0], spki, self.public(self.keys[spki])))
        except (ValueError, IndexError, KeyError):
            return der

    def list(self, der):
        try:
            return self.signed(der, children(der)[0])
        except (ValueError, IndexError):
            return der

    def answer(self, der):
        try:
            status, outer = children(der)[:2]
            kind, octets = children(children(outer)[0])[:2]
            _, start, end = element(octets, 0)
            basic = octets[start:end]
            parts = children(basic)
            body = parts[0]
            # The issuer is named by the hash of its key; hashes of one length take each other's place.
            for spki, key in self.keys.items():
                for digest in (hashlib.sha1, hashlib.sha256, hashlib.sha384, hashlib.sha512):
                    body = body.replace(digest(bits_of(spki)).digest(), digest(bits_of(self.public(key))).digest())
            trailer = b""
            if len(parts) > 3:
                bundle = children(children(parts[3])[0])
                trailer = wrap(0xA0, wrap(0x30, b"".join(self.certificate(item) for item in bundle)))
            fresh = self.signed(basic, body, trailer, is_answer=True)
            return wrap(0x30, status + wrap(0xA0, wrap(0x30, kind + wrap(0x04, fresh))))
        except (ValueError, IndexError):
            return der

    @staticmethod
    def bundle(der):
        try:
            octets = children(children(children(der)[1])[0])[1]
            _, start, end = element(octets, 0)
            parts = children(octets[start:end])
            return children(children(parts[3])[0]) if len(parts) > 3 else []
        except (ValueError, IndexError):
            return []


def blocks(text):
    """(label, DER) of every PEM block of a file."""
    found = []
    for label, body in re.findall(r"-----BEGIN ([A-Z0-9 ]+)-----\n(.*?)-----END \1-----", text, re.S):
        found.append((label, base64.b64decode("".join(body.split()))))
    return found
