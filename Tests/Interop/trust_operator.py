"""The rest of `trust.py`: what the door answers to jobs that are none, and the operator's commands on a fresh deployment."""

import base64
import datetime
import json
import os
import shutil
import subprocess
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = datetime.datetime.now(datetime.timezone.utc)


class Authority:
    """One authority of an imaginary government, and what it issues."""

    def __init__(self, name, issuer=None, organization="Imaginary Government"):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
                               x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization), x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self.issue(self.name, self.key.public_key(), signer=issuer or self, authority=True)

    def issue(self, name, key, signer=None, authority=False):
        signer = signer or self
        identifier = x509.SubjectKeyIdentifier.from_public_key(signer.key.public_key())
        builder = (
            x509.CertificateBuilder().subject_name(name).issuer_name(signer.name).public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - datetime.timedelta(days=2)).not_valid_after(NOW + datetime.timedelta(days=400))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), True)
            .add_extension(x509.KeyUsage(not authority, False, False, False, False, authority, authority, False, False), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), False))
        return builder.sign(signer.key, hashes.SHA256())

    def leaf(self, name, key=None):
        key = key or ec.generate_private_key(ec.SECP256R1()).public_key()
        return self.issue(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), key)

    def list(self, *revoked):
        builder = (x509.CertificateRevocationListBuilder().issuer_name(self.name).last_update(NOW - datetime.timedelta(hours=1))
                   .next_update(NOW + datetime.timedelta(days=1)).add_extension(x509.CRLNumber(3), False))
        for certificate in revoked:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder().serial_number(certificate.serial_number)
                .revocation_date(NOW - datetime.timedelta(hours=2)).build())
        return builder.sign(self.key, hashes.SHA256())


def der(item):
    return base64.b64encode(item.public_bytes(serialization.Encoding.DER)).decode()


def pem(item):
    return item.public_bytes(serialization.Encoding.PEM).decode()


def fingerprint(certificate):
    return certificate.fingerprint(hashes.SHA256()).hex()


def door(program, vectors, count, ask):
    """A bad job gets a line of its own and ends nothing."""
    root = Authority("Root")
    bridge = Authority("Bridge", root)
    leaf = bridge.leaf("Somebody")
    good = {"anchors": [der(root.certificate)], "leaf": der(leaf), "candidates": [der(bridge.certificate)]}
    lists = [der(root.list()), der(bridge.list())]
    revoked = [der(root.list(bridge.certificate)), der(bridge.list())]
    folder = tempfile.mkdtemp(prefix="sekisho-trust-")
    try:
        with open(os.path.join(folder, "leaf.pem"), "w") as file:
            file.write(pem(leaf) + pem(bridge.certificate))
        cases = [
            ("a good job", good, "valid"),
            ("the same again, in other words", {"trust_anchors": pem(root.certificate), "chain": [pem(leaf), pem(bridge.certificate)]}, "valid"),
            ("anchor first", {"path": [der(root.certificate), der(bridge.certificate), der(leaf)]}, "valid"),
            ("a file that holds the chain", {"anchors": [der(root.certificate)], "leaf": os.path.join(folder, "leaf.pem")}, "valid"),
            ("no JSON", b"{", "job.json"), ("a list", [], "job.json"), ("nothing in it", {}, "job.field.missing"),
            ("no anchor", {"leaf": der(leaf)}, "job.field.missing"),
            ("a file that is not there", {**good, "leaf": "/nowhere/leaf.pem"}, "job.file"),
            ("a flag that is none", {**good, "initial_explicit_policy": "perhaps"}, "job.field.type"),
            ("a time that is none", {**good, "time": "yesterday"}, "job.field.value"),
            ("a policy that is none", {**good, "initial_policy_set": ["1.2.x"]}, "job.field.value"),
            ("a profile nobody wrote", {**good, "profile": "nobody"}, "job.profile"),
            ("two members of one name", b'{"id": 1, "id": 2}', "job.json"),
            ("nested too deeply", b"[" * 5000, "job.json"),
            ("a leaf that is no certificate", {**good, "leaf": base64.b64encode(b"\x30\x03\x02\x01\x05\x00\x00\x00\x00\x00").decode()},
             "certificate.unreadable"),
            ("a candidate that is no certificate", {**good, "others": ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"]}, "valid"),
            ("no way to the anchor", {**good, "candidates": []}, "path.no-anchor"),
            ("too late", {**good, "time": "2099-01-01T00:00:00Z"}, "path.expired"),
            ("too early, in seconds", {**good, "time": 1_000_000_000}, "path.not-yet-valid"),
            ("a policy that has to be there", {**good, "initial_explicit_policy": True}, "path.policy"),
            ("a name that is not in it", {**good, "hostname": "login.example.jp"}, "path.name"),
            ("too many certificates between", {**good, "longest_path": 0}, "path.too-long"),
            ("a budget of nothing", {**good, "budget": {"signatures": 0}}, "budget.signatures"),
            ("status that nobody knows", {**good, "revocation": "required"}, "path.status-unknown"),
            ("status that nobody knows and nobody minds", {**good, "revocation": "if-present"}, "valid"),
            ("lists", {**good, "crls": lists}, "valid"),
            ("a list that has the authority", {**good, "crls": revoked}, "path.revoked"),
            ("a list that has the authority, if present", {**good, "crls": revoked, "revocation": "if-present"}, "path.revoked"),
            ("lists nobody looks at", {**good, "crls": revoked, "revocation": "none"}, "valid"),
            ("members nobody knows", {**good, "colour": "blue"}, "valid"),
            ("and a good one at last", {**good, "id": "last"}, "valid"),
        ]
        lines = [job if isinstance(job, bytes) else json.dumps(job).encode() for _, job, _ in cases]
        # A line of more than 64 MiB, and blank ones, which are passed over.
        lines.insert(5, b'{"id": "' + b"x" * (65 << 20) + b'"}')
        cases.insert(5, ("a line without end", None, "job.size"))
        verdicts, status = ask(program, [b"", *lines, b"  "])
        count.check("door: every line has its verdict, and the stream ends well", status == 0 and len(verdicts) == len(cases),
                    f"{status}, {len(verdicts)} of {len(cases)}")
        for (name, _, expected), verdict in zip(cases, verdicts):
            found = "valid" if verdict["valid"] else (verdict.get("error") or verdict["reason"])["code"]
            count.check(f"door: {name}", found == expected, f"{found}, expected {expected}: {json.dumps(verdict)[:300]}")
        by_name = {case[0]: verdict for case, verdict in zip(cases, verdicts)}
        count.check("door: tells what it ignored", by_name["members nobody knows"].get("ignored") == ["colour"])
        count.check("door: echoes the id", by_name["and a good one at last"]["id"] == "last")
        words = [item["status"] for item in by_name["a list that has the authority"]["statuses"]]
        count.check("door: says of each certificate what is known", words == ["unknown", "revoked"] or words == ["good", "revoked"], words)
        for job, expected in ((good, 0), ({**good, "candidates": []}, 1), ({}, 2)):
            done = subprocess.run([program, "trust", "verify"], input=json.dumps(job).encode(), capture_output=True)
            count.check(f"door: exit status {expected} of a single job", done.returncode == expected, done.returncode)
    finally:
        shutil.rmtree(folder)


def operator(program, vectors, count, ask):
    """add, status, explain, feed and remove on a fresh deployment."""
    folder = tempfile.mkdtemp(prefix="sekisho-trust-")
    deployment = os.path.join(folder, "deployment")

    def run(*arguments):
        done = subprocess.run([program, *arguments], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def write(name, text):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
        return os.path.join(folder, name)

    try:
        status, text = run("init", deployment, "--mode", "development", "--base-url", "http://127.0.0.1:8099")
        count.check("operator: init writes the profiles", status == 0 and "Keys/profiles/government-bridge.yaml" in text, text)
        root, stranger = Authority("Root 1"), Authority("Stranger")
        bridge = Authority("Bridge", root)
        leaf = bridge.leaf("Member")
        file = write("root.pem", pem(root.certificate))
        certificate = write("leaf.pem", pem(leaf) + pem(bridge.certificate))
        options = ("--deployment", deployment)
        status, text = run("trust", "add", file, "--reason", " ", *options)
        count.check("operator: a reason is due", status != 0, text)
        before = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
        status, text = run("trust", "add", file, "--profile", "government-bridge", "--reason", "joined the bridge", *options)
        count.check("operator: add", status == 0 and fingerprint(root.certificate) in text, text)
        status, text = run("trust", "add", write("leaf.only.pem", pem(leaf)), "--reason", "x", *options)
        count.check("operator: a member's certificate is no anchor", status == 1 and "anchor.authority" in text, text)
        status, text = run("check", deployment)
        count.check("operator: check takes the folder", status == 0, text)
        status, text = run("trust", "status", "--json", *options)
        found = json.loads(text)
        count.check("operator: status names it", [item["sha256"] for item in found["authorities"]] == [fingerprint(root.certificate)]
                    and found["authorities"][0]["profiles"] == ["government-bridge"], text)
        count.check("operator: status in words", "Root 1" in run("trust", "status", *options)[1])
        bridge_profile = ("--profile", "government-bridge", *options)
        status, text = run("trust", "explain", certificate, *bridge_profile)
        count.check("operator: explain believes what it should", status == 0 and "TRUSTED by" in text and "key identifier fits" in text, text)
        status, text = run("trust", "explain", certificate, *bridge_profile, "--at", before)
        count.check("operator: before it was added it was not believed", status == 1 and "REFUSED" in text and "joined the bridge" in text, text)
        crl = write("bridge.crl", pem(bridge.list(leaf)))
        status, text = run("trust", "explain", certificate, *bridge_profile, "--crl", crl)
        count.check("operator: explain looks at a list", status == 1 and "REVOKED" in text and "path.revoked" in text, text)
        status, text = run("trust", "explain", write("stranger.pem", pem(stranger.leaf("Nobody"))), *bridge_profile)
        count.check("operator: explain a stranger", status == 1 and "nobody at hand has that name" in text, text)
        status, text = run("trust", "explain", certificate, "--profile", "nobody", *options)
        count.check("operator: explain needs a profile", status != 0 and "government-bridge" in text, text)
        job = {"leaf": der(leaf), "candidates": [der(bridge.certificate)], "anchors": [der(root.certificate)], "profile": "tls-peer"}
        verdicts, _ = ask(program, [json.dumps(job).encode()], "--deployment", deployment)
        count.check("operator: a job may name a profile of the deployment", verdicts[0]["valid"] and verdicts[0]["profile"] == "tls-peer", verdicts)
        status, text = run("trust", "remove", fingerprint(root.certificate), "--reason", "left the bridge", *options)
        count.check("operator: remove", status == 0, text)
        status, text = run("trust", "remove", fingerprint(root.certificate), "--reason", "again", *options)
        count.check("operator: nothing to remove", status == 1 and "anchor.unknown" in text, text)
        status, text = run("trust", "explain", certificate, *bridge_profile)
        count.check("operator: then it is believed no longer", status == 1 and "path.no-anchor" in text, text)
        status, text = run("trust", "feed", "--json", *options)
        lines = [json.loads(line) for line in text.splitlines()]
        count.check("operator: the feed has both, dated and with their reasons",
                    [(line["event"], line["why"]) for line in lines] == [("anchor.added", "joined the bridge"), ("anchor.removed", "left the bridge")], text)
        if len(lines) == 2:
            status, text = run("trust", "explain", certificate, *bridge_profile, "--at", lines[0]["at"])
            count.check("operator: as of then it still is", status == 0 and "left the bridge" in text, text)
        status, text = run("trust", "unknown", *options)
        count.check("operator: unknown issuers", status == 0 and "nobody" in text, text)
    finally:
        shutil.rmtree(folder)
