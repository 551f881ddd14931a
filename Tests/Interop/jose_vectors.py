"""Drives `sekisho jose verify --jsonl` and `sekisho jose decrypt --jsonl` with vectors that others wrote: Wycheproof's JWS and JWK, the
examples of RFC 7520 and RFC 8037. Prints for each suite how many verdicts agree, which cases are not claimed and under what name they are
refused, which differ on purpose and why, and which differ; ends with `jose-vectors: N passed, N failed`."""

import base64
import json
import os
import resource
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from suites import run  # noqa: E402
from trust import Case, Skip  # noqa: E402

SECRETS = ("d", "p", "q", "dp", "dq", "qi")


def load(vectors, *names):
    return json.load(open(os.path.join(vectors, "jose", *names)))


def public(key):
    return {name: value for name, value in key.items() if name not in SECRETS}


def encoded(text):
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


# Wycheproof.

MISNAMED = "the key names another algorithm than the token (ES521 does not exist): a key serves the one its owner named (RFC 8725 §3.1)"
DESIGN = {"jws": {346: MISNAMED, 347: MISNAMED, 350: MISNAMED, 351: MISNAMED}, "jwk": {}}
SYMMETRIC = "a symmetric key: no HMAC is claimed, for who verifies could forge"


def wycheproof(vectors, name, file):
    """Each token with its group's public key as it stands."""
    uncounted = set(load(vectors, "control.json")["do_not_count"].get(file, [])) if name == "jws" else set()
    for group in load(vectors, "wycheproof", file + ".json")["testGroups"]:
        keys = group.get("public") or group["private"]
        for test in group["tests"]:
            label = f"{test['tcId']} {test['comment']}"
            if test["tcId"] in uncounted:
                yield Skip(label, "the vectors' own control says not to count it: a character outside base64url in a valid token")
                continue
            yield Case(label, {"id": test["tcId"], "token": test["jws"], "keys": keys}, token_judge(test, DESIGN[name]))


def token_judge(test, design):
    def judge(answer):
        if "error" in answer:
            return str(answer["error"])
        if answer.get("code") == "jose.key.secret" and any("`k`" in found["value"] for found in answer["compared"]):
            return ("skip", SYMMETRIC)
        if answer["valid"] is (test["result"] == "valid"):
            return None
        if test["tcId"] in design and not answer["valid"]:
            return ("design", design[test["tcId"]])
        return f"valid {answer['valid']}, expected {test['result']}: {answer.get('code')} {answer.get('compared')}"
    return judge


def jws(vectors):
    yield from wycheproof(vectors, "jws", "json_web_signature_test")


def jwk(vectors):
    yield from wycheproof(vectors, "jwk", "json_web_key_test")


def private_keys(vectors):
    """The private half of each group where the public one belongs: nothing may be verified by it."""
    for file in ("json_web_signature_test", "json_web_key_test"):
        for number, group in enumerate(load(vectors, "wycheproof", file + ".json")["testGroups"]):
            if "private" in group and group["tests"]:
                yield Case(f"{file} group {number}", {"token": group["tests"][0]["jws"], "keys": group["private"]}, code_is("jose.key.secret"))


# RFC 7520 and its companions: file → what becomes of it.

VERIFIES, OPENS, NESTED, KEY = "verifies", "opens", "nested", "key"
SERIALIZATION = "JSON serialization: not claimed"
COOKBOOK = {
    "jwk/3_1.ec_public_key": KEY, "jwk/3_2.ec_private_key": "jose.key.secret", "jwk/3_3.rsa_public_key": KEY,
    "jwk/3_4.rsa_private_key": "jose.key.secret", "jwk/3_5.symmetric_key_mac_computation": "jose.key.secret",
    "jwk/3_6.symmetric_key_encryption": "jose.key.secret", "jws/4_1.rsa_v15_signature": VERIFIES, "jws/4_2.rsa-pss_signature": VERIFIES,
    "jws/4_3.ecdsa_signature": VERIFIES, "jws/4_4.hmac-sha2_integrity_protection": "jose.signature.algorithm",
    "jws/4_5.signature_with_detached_content": "jose.signature.algorithm", "jws/4_6.protecting_specific_header_fields": SERIALIZATION,
    "jws/4_7.protecting_content_only": SERIALIZATION, "jws/4_8.multiple_signatures": SERIALIZATION, "curve25519/jws": VERIFIES,
    "rfc7797/hmac-sha2_b64_false": "jose.signature.header-member", "rfc7797/4.2.hmac-sha2_b64_false": SERIALIZATION,
    "jwe/5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2": "jose.encryption.algorithm", "jwe/5_2.key_encryption_using_rsa-oaep_with_aes-gcm": OPENS,
    "jwe/5_3.key_wrap_using_pbes2-aes-keywrap_with-aes-cbc-hmac-sha2": "jose.encryption.algorithm",
    "jwe/5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_aes-keywrap_with_aes-gcm": OPENS,
    "jwe/5_5.key_agreement_using_ecdh-es_with_aes-cbc-hmac-sha2": OPENS, "jwe/5_6.direct_encryption_using_aes-gcm": "jose.encryption.algorithm",
    "jwe/5_7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-sha2": "jose.encryption.algorithm",
    "jwe/5_8.key_wrap_using_aes-keywrap_with_aes-gcm": "jose.encryption.algorithm", "jwe/5_9.compressed_content": "jose.encryption.header-member",
    "jwe/5_10.including_additional_authentication_data": SERIALIZATION, "jwe/5_11.protecting_specific_header_fields": SERIALIZATION,
    "jwe/5_12.protecting_content_only": SERIALIZATION, "jwe/5_13.encrypting_to_multiple_recipients": SERIALIZATION,
    "curve25519/ecdh-es": OPENS, "6.nesting_signatures_and_encryption": NESTED,
}


def code_is(code):
    def judge(answer):
        if "error" in answer:
            return str(answer["error"])
        return None if answer.get("code") == code else f"{answer.get('code')}, expected {code}"
    return judge


def refused_by_name(code):
    inner = code_is(code)

    def judge(answer):
        found = inner(answer)
        name = "; ".join(compared["value"] for compared in answer.get("compared", []))
        return found or ("skip", f"not claimed, refused by name: {code} ({name})")
    return judge


def payload_is(text):
    def judge(answer):
        if not answer.get("valid"):
            return f"{answer.get('code')} {answer.get('compared')} {answer.get('error')}"
        return None if answer["payload"] == encoded(text) else "another payload"
    return judge


def cookbook(vectors, command):
    """The files that this command can answer."""
    for name, fate in COOKBOOK.items():
        example = load(vectors, "rfc7520", name + ".json")
        source, output = example.get("input", {}), example.get("output", {})
        is_encrypted = name.startswith("jwe/") or name == "curve25519/ecdh-es"
        if (command == "decrypt") is not is_encrypted:
            continue
        if fate == SERIALIZATION:
            yield Skip(name, SERIALIZATION)
        elif name.startswith("jwk/"):
            # Without a token the key is all there is to judge: a key that is taken leaves only the token to be refused.
            judge = code_is("jose.signature.parts") if fate == KEY else refused_by_name(fate)
            yield Case(name, {"token": "e30", "keys": example}, judge)
        elif fate == NESTED:
            signed, sealed = example["sign"], example["encrypt"]
            yield Case(name, {"token": sealed["output"]["compact"], "keys": public(signed["input"]["key"]), "decryption_keys": sealed["input"]["key"],
                              "algorithms": ["PS256", "RSA-OAEP"], "contents": ["A128GCM"], "issuer": "hobbiton.example", "time": 1300819379},
                       payload_is(signed["input"]["payload"]))
        elif fate == VERIFIES:
            yield Case(name, {"token": output["compact"], "keys": public(source["key"]), "algorithms": [source["alg"]]}, payload_is(source["payload"]))
        elif fate == OPENS:
            yield Case(name, {"token": output["compact"], "keys": source["key"], "algorithms": [source["alg"]], "contents": [source["enc"]]},
                       payload_is(source["plaintext"]))
        else:
            yield Case(name, {"token": output["compact"], **({"keys": source["key"]} if name == "curve25519/ecdh-es" else {})}, refused_by_name(fate))


def cookbook_signatures(vectors):
    yield from cookbook(vectors, "verify")


def cookbook_encryption(vectors):
    yield from cookbook(vectors, "decrypt")


def suites(program):
    return {
        "wycheproof JWS": (jws, ["jose", "verify"]), "wycheproof JWK": (jwk, ["jose", "verify"]), "wycheproof private keys": (private_keys, ["jose", "verify"]),
        "RFC 7520 keys, signatures, nesting": (cookbook_signatures, ["jose", "verify"]), "RFC 7520 encryption": (cookbook_encryption, ["jose", "decrypt"]),
    }


def door(program, count):
    """The commands themselves: hostile lines end nothing, one job has an exit status, a paste is explained, a code is found."""
    dots = b"." * 4000000
    lines = [b"{}", b"not json", b"\xff\xfe\x00", b"[" * 5000, b'{"id": 1, "token": "a", "token": "b"}', b'{"id": 2, "token": 5}', b'{"id": 3, "token": {"payload": "x"}}',
             b'{"id": 4, "token": "' + dots + b'"}', b'{"id": 5, "token_file": "/nowhere"}', b'{"id": 6, "token": "a.b.c", "keys": [[]]}',
             b'{"id": 7, "token": "a.b.c", "keys": {"keys": 5}}', b'{"id": 8, "token": "a.b.c", "keys": "-----BEGIN nothing"}', b"x" * (66 << 20), b"",
             b'{"id": 9, "token": "e30.e30.AA"}', b'{"id": 10, "token": "eyJhbGciOiJub25lIn0.e30.", "keys": []}']
    for command in ("verify", "decrypt"):
        process = subprocess.run([program, "jose", command, "--jsonl"], input=b"\n".join(lines) + b"\n", capture_output=True)
        answers = [json.loads(line) for line in process.stdout.splitlines()]
        count.check(f"{command}: every line that is not empty is answered", len(answers) == len(lines) - 1 and process.returncode == 0, f"{len(answers)} answers")
        count.check(f"{command}: nothing of them is accepted", not any(answer["valid"] for answer in answers))
        layer = "header" if command == "verify" else "decode"
        count.check(f"{command}: the last line is answered", answers and answers[-1]["id"] == 10 and answers[-1]["layer"] == layer, str(answers[-1:]))
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    count.check("memory is bounded", used < 900, f"{used} MiB")
    none = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJhIn0."
    for words, text, status, says in (
            (["jose", "verify"], '{"token": "%s"}' % none, 1, "jose.signature.algorithm"), (["jose", "verify"], "{}", 2, "job.field.missing"),
            (["jose", "decrypt"], '{"token": "a.b"}', 1, "jose.encryption.parts"), (["jose", "decode"], "hello", 2, "jose.paste.nothing"),
            (["jose", "decode"], "Authorization: Bearer " + none, 0, "jose.signature.algorithm"), (["jose", "decode"], "<a/>", 2, "saml decode"),
            (["explain", "jose.signature.algorithm"], "", 0, "RFC 8725"), (["jose", "sign"], "{}", 2, "key"), (["jose", "encrypt"], "{}", 2, "RSA-OAEP-256")):
        found = subprocess.run([program, *words], input=text.encode(), capture_output=True)
        said = (found.stdout + found.stderr).decode()
        count.check(" ".join(words) + " with " + text, found.returncode == status and says in said, f"exit status {found.returncode}, expected {status}: {said[:200]}")
    print(f"door: {count.passed} passed, {count.failed} failed so far; at most {used} MiB")


if __name__ == "__main__":
    run("jose-vectors", __doc__, suites, door)
