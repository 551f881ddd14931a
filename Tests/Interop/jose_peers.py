"""joserfc as an independent check of our JOSE, in both directions and through the commands: what it signs and encrypts by every algorithm
that we claim, `sekisho jose verify | decrypt` takes; what `sekisho jose sign | encrypt` makes, joserfc takes; what was changed on the way,
and what we never take, is refused for its own reason. Ends with `jose-peers: N passed, N failed`."""

import argparse
import base64
import json
import os
import sys
import time
import warnings

# joserfc warns of algorithms that are on their way out; here they are made on purpose, to be refused.
warnings.simplefilter("ignore")

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from suites import ask  # noqa: E402
from trust import Count  # noqa: E402

from cryptography.hazmat.primitives import hashes  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import padding  # noqa: E402
from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: E402
from joserfc import jwe, jws  # noqa: E402
from joserfc.errors import JoseError  # noqa: E402
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey  # noqa: E402
from joserfc.jwe import JWERegistry  # noqa: E402

SIGNING = {"RS256": ("RSA", 2048), "RS384": ("RSA", 2048), "RS512": ("RSA", 3072), "PS256": ("RSA", 2048), "PS384": ("RSA", 2048), "PS512": ("RSA", 2048),
           "ES256": ("EC", "P-256"), "ES384": ("EC", "P-384"), "ES512": ("EC", "P-521"), "EdDSA": ("OKP", "Ed25519"), "Ed25519": ("OKP", "Ed25519")}
TRANSPORT = ["RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"]
AGREEMENT = ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"]
MONTGOMERY = ("OKP", "X25519")
CONTENT = ["A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"]
OAEP = {"RSA-OAEP-384": hashes.SHA384, "RSA-OAEP-512": hashes.SHA512}
PAYLOAD = "{\"iss\":\"https://peer.example\",\"aud\":\"us\",\"exp\":1790000600,\"nbf\":1790000000,\"sub\":\"山田\"}".encode()


def b64(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def made(kind, size, **more):
    return {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}[kind].generate_key(size, {"kid": f"{kind}-{size}", **more}, private=True)


def part_changed(token, index, change):
    parts = token.split(".")
    parts[index] = change(parts[index])
    return ".".join(parts)


def flipped(text, place):
    octets = bytearray(unb64(text))
    octets[place] ^= 0x40
    return b64(bytes(octets))


def header_with(token, **members):
    header = {**json.loads(unb64(token.split(".")[0])), **members}
    return part_changed(token, 0, lambda _: b64(json.dumps({name: value for name, value in header.items() if value is not None}).encode()))


class Peers:
    def __init__(self, program):
        self.program = program
        self.count = Count()
        # One key of each kind; making RSA keys is what takes time.
        self.keys = {pair: made(*pair) for pair in {*SIGNING.values(), MONTGOMERY}}
        self.others = {pair: made(*pair) for pair in {*SIGNING.values(), MONTGOMERY}}

    def judged(self, title, command, expected):
        """Asks about a list of (name, job, judge) in one process."""
        started, before = time.time(), (self.count.passed, self.count.failed)
        answers, status = ask(self.program, ["jose", command], [job for _, job, _ in expected])
        self.count.check(title + ": every job is answered", status == 0 and len(answers) == len(expected), f"status {status}, {len(answers)}")
        for (name, _, judge), answer in zip(expected, answers):
            why = judge(answer)
            self.count.check(f"{title}: {name}", why is None, why)
        print(f"{title}: {self.count.passed - before[0]} passed, {self.count.failed - before[1]} failed ({time.time() - started:.1f} s)")

    # Signatures.

    def theirs_signed(self):
        cases = []
        for algorithm, pair in SIGNING.items():
            key, other = self.keys[pair], self.others[pair]
            token = jws.serialize_compact({"alg": algorithm, "kid": key.kid, "typ": "JWT"}, PAYLOAD, key, algorithms=[algorithm])
            public = {"keys": [key.as_dict(private=False)]}
            job = {"token": token, "keys": public, "algorithms": [algorithm]}
            ok = accepted(PAYLOAD)
            cases += [(algorithm, job, ok), (algorithm + " as a JWT", {**job, "issuer": "https://peer.example", "audience": "us", "time": 1790000300, "typ": "JWT"}, ok),
                      (algorithm + " by a key in PEM", {**job, "keys": key.as_pem(private=False).decode()}, ok),
                      (algorithm + " expired", {**job, "time": 1790000600}, refused("jose.claims.expired")),
                      (algorithm + " early", {**job, "time": 1789999999}, refused("jose.claims.early")),
                      (algorithm + " for another", {**job, "audience": "them", "time": 1790000300}, refused("jose.claims.audience")),
                      (algorithm + " by another issuer", {**job, "issuer": "x", "time": 1790000300}, refused("jose.claims.other")),
                      (algorithm + " of another kind", {**job, "typ": "at+jwt"}, refused("jose.claims.type")),
                      (algorithm + " with another payload", {**job, "token": part_changed(token, 1, lambda text: flipped(text, 5))}, refused("jose.signature.value")),
                      (algorithm + " with another signature", {**job, "token": part_changed(token, 2, lambda text: flipped(text, -1))}, refused("jose.signature.value")),
                      (algorithm + " cut", {**job, "token": token[:-4]}, refused("jose.signature.value", "jose.signature.encoding")),
                      (algorithm + " without its signature", {**job, "token": part_changed(token, 2, lambda _: "")}, refused("jose.signature.value")),
                      (algorithm + " by a stranger", {**job, "keys": {"keys": [{**other.as_dict(private=False), "kid": key.kid}]}}, refused("jose.signature.value")),
                      (algorithm + " as none", {**job, "token": header_with(token, alg="none")}, refused("jose.signature.algorithm")),
                      (algorithm + " not allowed", {**job, "algorithms": ["ES256" if algorithm != "ES256" else "RS256"]}, refused("jose.signature.algorithm-not-allowed")),
                      (algorithm + " by no key", {**job, "keys": []}, refused("jose.signature.key")),
                      (algorithm + " by the key inside it", {"token": jws.serialize_compact(
                          {"alg": algorithm, "jwk": other.as_dict(private=False)}, PAYLOAD, other, algorithms=[algorithm]), "keys": public}, refused("jose.signature.value")),
                      (algorithm + " as a proof of its own key", {"token": jws.serialize_compact(
                          {"alg": algorithm, "jwk": other.as_dict(private=False)}, PAYLOAD, other, algorithms=[algorithm]), "own_key": True}, ok)]
        secret = OctKey.generate_key(512, {"kid": "h"})
        for algorithm in ("HS256", "HS384", "HS512"):
            token = jws.serialize_compact({"alg": algorithm}, PAYLOAD, secret, algorithms=[algorithm])
            cases.append((algorithm, {"token": token, "keys": [self.keys[("RSA", 2048)].as_dict(private=False)]}, refused("jose.signature.algorithm")))
            cases.append((algorithm + " with its secret", {"token": token, "keys": secret.as_dict(private=True)}, refused("jose.key.secret")))
        self.judged("signed by joserfc", "verify", cases)

    def ours_signed(self):
        jobs = [(algorithm, {"key": self.keys[pair].as_dict(private=True), "algorithm": algorithm, "payload": PAYLOAD.decode(), "typ": "JWT"}) for algorithm, pair in SIGNING.items()]
        answers, status = ask(self.program, ["jose", "sign"], [job for _, job in jobs])
        self.count.check("signed by us: every job is answered", status == 0 and len(answers) == len(jobs), str(answers[-1:]))
        before = (self.count.passed, self.count.failed)
        for (algorithm, _), answer in zip(jobs, answers):
            key, other = self.keys[SIGNING[algorithm]], self.others[SIGNING[algorithm]]
            token = answer.get("token", "")
            try:
                found = jws.deserialize_compact(token, key, algorithms=[algorithm])
                right = found.payload == PAYLOAD and found.headers() == {"alg": algorithm, "kid": key.kid, "typ": "JWT"}
                self.count.check(f"signed by us: {algorithm}", right, str(found.headers()))
            except (JoseError, ValueError) as fault:
                self.count.check(f"signed by us: {algorithm}", False, f"{fault!r} {answer}")
            for name, wrong, by in (("changed", part_changed(token, 1, lambda text: flipped(text, 3)), key), ("by a stranger", token, other)):
                try:
                    jws.deserialize_compact(wrong, by, algorithms=[algorithm])
                    self.count.check(f"signed by us: {algorithm} {name}", False, "joserfc took it")
                except (JoseError, ValueError):
                    self.count.check(f"signed by us: {algorithm} {name}", True)
        print(f"signed by us: {self.count.passed - before[0]} passed, {self.count.failed - before[1]} failed")

    # Encryption.

    def pairs(self):
        for algorithm in TRANSPORT:
            for content in CONTENT:
                if algorithm not in OAEP or content.endswith("GCM"):
                    yield algorithm, content, ("RSA", 2048)
        for algorithm in AGREEMENT:
            for content in CONTENT:
                for curve in ("P-256", "P-384", "P-521"):
                    yield algorithm, content, ("EC", curve)
                yield algorithm, content, MONTGOMERY

    def encrypted(self, algorithm, content, key, plaintext, **more):
        header = {"alg": algorithm, "enc": content, "kid": key.kid, **more}
        if algorithm not in OAEP:
            return jwe.encrypt_compact(header, plaintext, key, registry=JWERegistry(algorithms=[algorithm, content], strict_check_header=False))
        # joserfc has no OAEP above SHA-256: the same by pyca's own primitives.
        digest = OAEP[algorithm]
        size = {"A128GCM": 16, "A192GCM": 24, "A256GCM": 32}[content]
        content_key, nonce = os.urandom(size), os.urandom(12)
        wrapped = key.public_key.encrypt(content_key, padding.OAEP(padding.MGF1(digest()), digest(), None))
        protected = b64(json.dumps(header).encode())
        sealed = AESGCM(content_key).encrypt(nonce, plaintext, protected.encode())
        return ".".join([protected, b64(wrapped), b64(nonce), b64(sealed[:-16]), b64(sealed[-16:])])

    def opened(self, algorithm, content, key, token):
        if algorithm not in OAEP:
            return jwe.decrypt_compact(token, key, registry=JWERegistry(algorithms=[algorithm, content], strict_check_header=False)).plaintext
        digest = OAEP[algorithm]
        protected, wrapped, nonce, sealed, tag = token.split(".")
        content_key = key.private_key.decrypt(unb64(wrapped), padding.OAEP(padding.MGF1(digest()), digest(), None))
        return AESGCM(content_key).decrypt(unb64(nonce), unb64(sealed) + unb64(tag), protected.encode())

    def theirs_encrypted(self):
        cases = []
        for number, (algorithm, content, pair) in enumerate(self.pairs()):
            key, other = self.keys[pair], self.others[pair]
            plaintext = PAYLOAD[: 1 + number % len(PAYLOAD)]
            name = f"{algorithm} {content} {pair[1]}"
            token = self.encrypted(algorithm, content, key, plaintext)
            job = {"token": token, "keys": key.as_dict(private=True), "algorithms": [algorithm], "contents": [content]}
            closed = refused("jose.encryption.undecryptable")
            cases += [(name, job, accepted(plaintext)), (name + " by a key in PEM", {**job, "keys": key.as_pem(private=True).decode()}, accepted(plaintext)),
                      (name + " with another ciphertext", {**job, "token": part_changed(token, 3, lambda text: flipped(text, 0))}, closed),
                      (name + " with another tag", {**job, "token": part_changed(token, 4, lambda text: flipped(text, 0))}, closed),
                      (name + " with another vector", {**job, "token": part_changed(token, 2, lambda text: flipped(text, 0))}, closed),
                      (name + " with a shorter tag", {**job, "token": part_changed(token, 4, lambda text: b64(unb64(text)[:-1]))}, refused("jose.encryption.length")),
                      (name + " with another header", {**job, "token": header_with(token, x=1)}, closed),
                      (name + " to a stranger", {**job, "keys": {**other.as_dict(private=True), "kid": key.kid}}, closed),
                      (name + " not allowed", {**job, "algorithms": ["ECDH-ES" if algorithm != "ECDH-ES" else "RSA-OAEP"]}, refused("jose.encryption.algorithm-not-allowed"))]
            if algorithm != "ECDH-ES":
                cases.append((name + " with another key inside", {**job, "token": part_changed(token, 1, lambda text: flipped(text, 9))}, closed))
        self.judged("encrypted by joserfc", "decrypt", cases)

    def never(self):
        """What joserfc makes and we never take."""
        cases = []
        secret = OctKey.generate_key(256, {"kid": "k"})
        rsa, curve = self.keys[("RSA", 2048)], self.keys[("EC", "P-256")]
        for algorithm, key in (("RSA1_5", rsa), ("dir", secret), ("A256KW", secret), ("A256GCMKW", secret), ("PBES2-HS256+A128KW", secret)):
            token = jwe.encrypt_compact({"alg": algorithm, "enc": "A256GCM"}, PAYLOAD, key, registry=JWERegistry(algorithms=[algorithm, "A256GCM"]))
            cases.append((algorithm, {"token": token, "keys": rsa.as_dict(private=True)}, refused("jose.encryption.algorithm")))
        token = jwe.encrypt_compact({"alg": "ECDH-ES", "enc": "A128GCM", "zip": "DEF"}, b"a" * 5000, curve, registry=JWERegistry(algorithms=["ECDH-ES", "A128GCM", "DEF"]))
        cases.append(("zip", {"token": token, "keys": curve.as_dict(private=True)}, refused("jose.encryption.header-member")))
        cases.append(("a symmetric key", {"token": token, "keys": secret.as_dict(private=True)}, refused("jose.key.unsupported")))
        stranger = self.others[MONTGOMERY]
        token = jwe.encrypt_compact({"alg": "ECDH-ES", "enc": "A128GCM"}, PAYLOAD, stranger, registry=JWERegistry(algorithms=["ECDH-ES", "A128GCM"]))
        cases.append(("X25519", {"token": token, "keys": curve.as_dict(private=True)}, refused("jose.encryption.ephemeral-key")))
        good = self.encrypted("ECDH-ES", "A128GCM", curve, PAYLOAD)
        epk = json.loads(unb64(good.split(".")[0]))["epk"]
        off = {**epk, "y": b64(bytes([unb64(epk["y"])[0] ^ 1]) + unb64(epk["y"])[1:])}
        for name, wrong in (("a point off the curve", off), ("the point of nothing", {**epk, "x": b64(bytes(32)), "y": b64(bytes(32))}),
                            ("another curve", self.keys[("EC", "P-384")].as_dict(private=False))):
            cases.append((name, {"token": header_with(good, epk=wrong), "keys": curve.as_dict(private=True)}, refused("jose.encryption.ephemeral-key")))
        # RFC 7748 §6.1: with these everybody agrees on zero.
        good = self.encrypted("ECDH-ES", "A128GCM", self.keys[MONTGOMERY], PAYLOAD)
        top = b"\xff" * 30 + b"\x7f"
        small = {"0": bytes(32), "1": b"\x01" + bytes(31), "p-1": b"\xec" + top, "p": b"\xed" + top, "p+1": b"\xee" + top,
                 "order 8": bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
                 "order 8, the other": bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")}
        for name, point in small.items():
            for spelling, octets in (("", point), (" with the bit that means nothing", point[:31] + bytes([point[31] | 0x80]))):
                epk = {"kty": "OKP", "crv": "X25519", "x": b64(octets)}
                cases.append((f"the point of small order {name}{spelling}", {"token": header_with(good, epk=epk), "keys": self.keys[MONTGOMERY].as_dict(private=True)},
                              refused("jose.encryption.ephemeral-key")))
        self.judged("never taken", "decrypt", cases)

    def nested(self):
        cases = []
        for signing, encryption, content, pair in (("ES256", "RSA-OAEP-256", "A256GCM", ("RSA", 2048)), ("PS256", "ECDH-ES+A256KW", "A128CBC-HS256", ("EC", "P-256"))):
            signer, reader = self.keys[SIGNING[signing]], self.keys[pair]
            inner = jws.serialize_compact({"alg": signing, "kid": signer.kid}, PAYLOAD, signer, algorithms=[signing])
            token = self.encrypted(encryption, content, reader, inner.encode(), cty="JWT")
            job = {"token": token, "keys": signer.as_dict(private=False), "decryption_keys": reader.as_dict(private=True), "issuer": "https://peer.example", "time": 1790000300}
            other = self.others[SIGNING[signing]]
            forged = jws.serialize_compact({"alg": signing, "kid": signer.kid}, PAYLOAD, other, algorithms=[signing])
            cases += [(f"{signing} in {encryption}", job, accepted(PAYLOAD)),
                      (f"{signing} in {encryption} by a stranger", {**job, "token": self.encrypted(encryption, content, reader, forged.encode(), cty="JWT")}, refused("jose.signature.value")),
                      (f"{signing} in {encryption} unsigned", {**job, "token": self.encrypted(encryption, content, reader, PAYLOAD)}, refused("jose.signature.absent")),
                      (f"{signing} in {encryption} for no key of ours", {**job, "decryption_keys": []}, refused("jose.encryption.key"))]
        self.judged("signed and encrypted by joserfc", "verify", cases)

    def ours_encrypted(self):
        cases = list(self.pairs())
        jobs = [{"keys": {"keys": [self.keys[pair].as_dict(private=False)]}, "algorithm": algorithm, "content": content, "payload": PAYLOAD.decode(), "cty": "JWT"} for algorithm, content, pair in cases]
        answers, status = ask(self.program, ["jose", "encrypt"], jobs)
        self.count.check("encrypted by us: every job is answered", status == 0 and len(answers) == len(jobs), str(answers[-1:]))
        before = (self.count.passed, self.count.failed)
        for (algorithm, content, pair), answer in zip(cases, answers):
            name, token = f"encrypted by us: {algorithm} {content} {pair[1]}", answer.get("token", "")
            try:
                header = json.loads(unb64(token.split(".")[0]))
                right = self.opened(algorithm, content, self.keys[pair], token) == PAYLOAD and header["kid"] == self.keys[pair].kid and header["cty"] == "JWT"
                self.count.check(name, right, str(header))
            except Exception as fault:  # pyca and joserfc raise many kinds
                self.count.check(name, False, f"{fault!r} {answer}")
            try:
                self.opened(algorithm, content, self.keys[pair], part_changed(token, 4, lambda text: flipped(text, 0)))
                self.count.check(name + " with another tag", False, "it was taken")
            except Exception:
                self.count.check(name + " with another tag", True)
        print(f"encrypted by us: {self.count.passed - before[0]} passed, {self.count.failed - before[1]} failed")


def accepted(payload):
    def judge(answer):
        if not answer.get("valid"):
            return f"{answer.get('code')} {answer.get('compared')} {answer.get('error')}"
        return None if unb64(answer["payload"]) == payload else "another payload"
    return judge


def refused(*codes):
    def judge(answer):
        if answer.get("valid") is not False or "error" in answer:
            return str(answer)
        return None if answer["code"] in codes and "payload" not in answer else f"{answer['code']}, expected {codes}"
    return judge


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", required=True, help="the folder that has `sekisho`")
    options = parser.parse_args()
    peers = Peers(os.path.join(options.binaries, "sekisho"))
    for each in (peers.theirs_signed, peers.ours_signed, peers.theirs_encrypted, peers.nested, peers.never, peers.ours_encrypted):
        each()
    print(f"jose-peers: {peers.count.passed} passed, {peers.count.failed} failed")
    sys.exit(1 if peers.count.failed or not peers.count.passed else 0)


if __name__ == "__main__":
    main()
