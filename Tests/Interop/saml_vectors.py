"""Drives `sekisho saml verify --jsonl` and `sekisho xml … --jsonl` with vectors that others wrote, one process per suite. Prints for each
suite how many answers agree, which differ on purpose and why, and which differ; ends with `saml-vectors: N passed, N failed`."""

import base64
import collections
import datetime
import functools
import gzip
import json
import os
import re
import resource
import select
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from suites import ask, run  # noqa: E402
from trust import Case, Skip  # noqa: E402
from lxml import etree  # noqa: E402


# saml-attacks: messages that a service provider must refuse, beside some that it must take.


class Attacks:
    def __init__(self, vectors):
        self.folder = os.path.join(vectors, "saml-attacks")
        self.tests = json.load(open(os.path.join(self.folder, "manifest.json")))["tests"]

    def bytes(self, test):
        content = open(os.path.join(self.folder, test["file"]), "rb").read()
        return content if b"<" in content else base64.b64decode(content)

    def pems(self, test):
        return [open(os.path.join(self.folder, name), "rb").read() for name in test["trusted_certs"]]

    def job(self, test, xml, keys, **more):
        return {"id": test["id"], "message_base64": base64.b64encode(xml).decode(), "binding": "xml", "role": "sp", "trusted_certs": keys,
                "allow_sha1": True, "level": "signature", **more}


WEAK = "its only trusted key has 1024 bits or cannot be read: no such key is taken (its stand-in below is)"
DESIGN = {
    "xml.signature.transform": "inclusive canonicalization or other transforms: SAML Core §5.4.4 allows two",
    "xml.signature.reference": "a Reference with an empty URI: SAML Core §5.4.2 wants the ID",
    "xml.signature.misplaced": "the signature stands where the schema has none",
    "saml.response.malformed": "the schema's order of elements is not kept",
    "saml.response.assertions": "more than one assertion: SAML Profiles §4.1.4.2 lets a judge take exactly one (A21)",
    "saml.response.signature-misplaced": "a signed assertion inside Advice: nothing signed may stand inside what is signed (A1)",
    "xml.signature.algorithm": "inclusive canonicalization of SignedInfo",
    "saml.signature.message": "a logout message signed with SHA-1: judged by the code that answers it, which has no switch for that",
    "saml.response.kind": "a message of another kind than a service provider takes by itself",
    "xml.encryption.key": "encrypted to a key that the set does not have, and unsigned outside",
}


def attack_judge(test, weak):
    expected = test["expected"]

    def judge(answer):
        if "error" in answer:
            return str(answer["error"])
        if expected == "informational":
            return None
        if expected == "signature-valid":
            if answer["valid"]:
                return None
            if weak:
                return ("design", WEAK)
            if answer["code"] in DESIGN:
                return ("design", DESIGN[answer["code"]] + " (" + answer["code"] + ")")
            return f"refused at {answer['layer']}: {answer['code']} {answer['compared']}"
        if answer["valid"] and "name_id" not in answer and not answer.get("attributes"):
            return None if any("not judged" in note for note in answer.get("notes", [])) else f"accepted: {answer.get('verified')}"
        if answer["valid"]:
            return f"accepted: {answer.get('verified')} {answer.get('name_id')}"
        return None
    return judge


def attacks(vectors):
    """As they are: with the keys of the set."""
    suite = Attacks(vectors)
    for test in suite.tests:
        names = [os.path.join(suite.folder, name) for name in test["trusted_certs"]]
        weak = bool(names) and not any(usable(name) for name in names)
        xml = suite.bytes(test)
        job = suite.job(test, xml, names)
        if test["level"] == "saml-semantic":
            job.update(level="full", time=moment(xml))
        yield Case(test["id"] + " " + os.path.basename(test["file"]), job, attack_judge(test, weak))


def usable(name):
    from cryptography import x509
    try:
        return x509.load_pem_x509_certificate(open(name, "rb").read()).public_key().key_size >= 2048
    except ValueError:
        return False


def strong_attacks(vectors):
    """With stand-ins for the weak keys, so that each refusal is for its own reason."""
    from strong import StandIns, strengthened
    suite, standins = Attacks(vectors), StandIns()
    for test in suite.tests:
        pems = suite.pems(test)
        if not pems or test["level"] == "saml-semantic":
            continue
        xml = strengthened(suite.bytes(test), pems, standins)
        keys = [standins.trusted(pem) for pem in pems]
        yield Case(test["id"] + " " + os.path.basename(test["file"]), suite.job(test, xml, keys), attack_judge(test, False))


def moment(xml):
    """A second inside the window of the message's first assertion: after its IssueInstant and its NotBefore."""
    found = []
    for text in re.findall(rb"(?:IssueInstant|Conditions[^>]*?NotBefore)=[\"']([^\"']+)", xml):
        try:
            found.append(datetime.datetime.fromisoformat(text.decode().split(".")[0].rstrip("Z")))
        except ValueError:
            pass
    return (max(found) + datetime.timedelta(seconds=1)).isoformat() + "Z" if found else "2014-03-21T13:42:31Z"


def first(pattern, xml):
    found = re.search(pattern, xml)
    return found.group(1).decode("utf-8", "replace").strip() if found else None


def settings_of(suite, standins, program):
    """What a service provider of these projects expects (audience, address, issuer, time), from those controls that are taken in full."""
    from strong import strengthened
    found, jobs = [], []
    for test in suite.tests:
        if test["expected"] != "signature-valid" or not suite.pems(test):
            continue
        xml = strengthened(suite.bytes(test), suite.pems(test), standins)
        setting = {"audience": first(rb"Audience>([^<]+)<", xml), "address": first(rb"Recipient=[\"']([^\"']+)", xml),
                   "issuer": first(rb"Issuer[^>]*>([^<]+)<", xml), "time": moment(xml)}
        if None in setting.values():
            continue
        found.append((test, setting))
        jobs.append({**suite.job(test, xml, [standins.trusted(pem) for pem in suite.pems(test)]), **setting, "level": "full"})
    answers, _ = ask(program, ["saml", "verify"], jobs)
    return [(test, setting, job, answer) for (test, setting), job, answer in zip(found, jobs, answers)]


# Refusals that the set asks for and SAML does not.
NOT_ASKED = {
    "no_issuer_response.xml": "SAML Profiles §4.1.4.2 lets a Response that is not signed leave Issuer out; the Assertion's is compared",
}


def semantic(program, vectors):
    """Judged in full. What is expected is what the controls of the same project carry, each of which is taken in full itself; a semantic
    attack has to be refused under every such setting, at its own time and at the control's."""
    from strong import StandIns, strengthened
    suite, standins = Attacks(vectors), StandIns()
    settings = collections.defaultdict(dict)
    taken = 0
    for test, setting, job, answer in settings_of(suite, standins, program):
        if answer.get("valid"):
            taken += 1
            settings[test["source"]][(setting["audience"], setting["address"], setting["issuer"])] = setting
            yield Case("control " + test["id"] + " " + os.path.basename(test["file"]), job, valid_is_true)
        else:
            yield Skip("control " + test["id"] + " " + os.path.basename(test["file"]), f"no setting is taken from it: refused for {answer.get('code')}")
    everywhere = {key: value for found in settings.values() for key, value in found.items()}
    for test in suite.tests:
        if test["level"] != "saml-semantic":
            continue
        xml = strengthened(suite.bytes(test), suite.pems(test), standins)
        keys = [standins.trusted(pem) for pem in suite.pems(test)]
        for number, setting in enumerate((settings[test["source"]] or everywhere).values()):
            for when, at in (("its own", moment(xml)), ("the control's", setting["time"])):
                job = {**suite.job(test, xml, keys), **setting, "time": at, "level": "full"}
                yield Case(f"{test['id']} {os.path.basename(test['file'])}, setting {number}, {when} time", job,
                           by_name(attack_judge(test, False), os.path.basename(test["file"])))


def valid_is_true(answer):
    return None if answer.get("valid") else f"{answer.get('code')}"


def by_name(judge, name):
    def named(answer):
        found = judge(answer)
        return ("design", NOT_ASKED[name]) if isinstance(found, str) and name in NOT_ASKED else found
    return named


# Plain XML signatures and encryption.


def generic_judge(valid):
    def judge(answer):
        if "error" in answer:
            return str(answer["error"])
        if answer.get("unsupported"):
            name = next((c["value"] for c in answer["compared"]), "")
            return ("skip", "not claimed: " + name)
        if answer["valid"] is valid:
            return None
        if answer["valid"] is False and answer["code"] in WEAK_CODES:
            return ("design", WEAK_CODES[answer["code"]] + ": " + " ".join(c["value"][:80] for c in answer["compared"]))
        return f"valid {answer['valid']}, expected {valid}: {answer.get('code')} {answer.get('compared')}"
    return judge


WEAK_CODES = {
    "xml.document": "the document has a form that is not read",
    "xml.signature.key": "no key that we use is in it",
    "xml.encryption.algorithm": "not claimed",
    "xml.encryption.key": "no key that we use",
}


def signatures(vectors, folder, listed):
    root = os.path.join(vectors, "xmldsig", folder)
    suite = json.load(open(os.path.join(root, "manifest.json")))
    for test in suite[listed]:
        if test["kind"] != "signature":
            continue
        if not test["confirmed"]:
            yield Skip(test["id"], "unconfirmed: " + test.get("unconfirmed_reason", "")[:60])
            continue
        job = {"id": test["id"], "file": os.path.join(root, test["file"]), "allow_sha1": True, "allow_xpath": True}
        keys = [os.path.join(root, name) for key in test.get("keys", []) if key["kind"].startswith("pubkey") for name in key["files"]]
        trust = [key for key in test.get("keys", []) if key["kind"] in ("trusted-der", "untrusted-der")]
        if keys:
            job["keys"] = [{"file": name} for name in keys]
        else:
            # A certificate of the message, or one that it names: whose it is, is not what this judges.
            job["key_from_message"] = True
            job["keys"] = [{"file": os.path.join(root, name)} for key in trust for name in key["files"]]
        if test["expected"] == "reject" and not keys:
            yield Skip(test["id"], "rejected for its certificate's chain or for limits of xmlsec1's command line: not what a key judges")
            continue
        resources = {}
        for uri in test.get("references", []):
            for place in (os.path.join(os.path.dirname(test["file"]), uri), uri):
                if uri and not uri.startswith("#") and os.path.exists(os.path.join(root, place)):
                    resources[uri] = os.path.join(root, place)
                    break
        for uri, name in (test.get("url_map") or {}).items():
            if os.path.exists(os.path.join(root, name)):
                resources[uri] = os.path.join(root, name)
        if resources:
            job["resources"] = resources
        yield Case(test["id"] + " " + test["file"], job, generic_judge(test["expected"] == "valid"))


def santuario(vectors):
    yield from signatures(vectors, "santuario", "signatures")


def xmlsec1(vectors):
    yield from signatures(vectors, "xmlsec1-master", "tests")


def octets_are(path):
    def judge(answer):
        if "error" in answer:
            return str(answer["error"])
        if answer.get("unsupported"):
            return ("skip", "not claimed: " + next((c["value"] for c in answer["compared"]), ""))
        if not answer["valid"]:
            if answer["code"] in WEAK_CODES:
                return ("design", WEAK_CODES[answer["code"]] + ": " + " ".join(c["value"] for c in answer["compared"]))
            return f"{answer['code']} {answer['compared']}"
        expected, found = open(path, "rb").read(), base64.b64decode(answer["octets"])
        return None if found == expected else f"{len(found)} octets, expected {len(expected)}; first difference at {len(os.path.commonprefix([found, expected]))}"
    return judge


def canonical(vectors):
    root = os.path.join(vectors, "xmldsig", "santuario")
    for test in json.load(open(os.path.join(root, "manifest.json")))["c14n"]:
        if not test["confirmed"]:
            yield Skip(test["id"], "unconfirmed")
            continue
        job = {"id": test["id"], "allow_xpath": True, "allow_sha1": True}
        prefixes = [name for text in test["inclusive_prefixes"] or [] for name in text.split()]
        if "signature_file" in test:
            job.update(file=os.path.join(root, test["signature_file"]), reference=test["reference_index"])
            uri = test["uri"]
            folder = os.path.dirname(job["file"])
            if uri and not uri.startswith("#") and os.path.exists(os.path.join(folder, uri)):
                job["resources"] = {uri: os.path.join(folder, uri)}
        else:
            job.update(file=os.path.join(root, test["input"]), method=test["algorithm"], prefixes=prefixes)
            if test.get("apex_xpath"):
                job["apex"] = test["apex_xpath"]
        yield Case(test["id"], job, octets_are(os.path.join(root, test["expected_output"])))


def encryption(vectors):
    root = os.path.join(vectors, "xmldsig", "xmlsec1-master")
    for test in json.load(open(os.path.join(root, "manifest.json")))["tests"]:
        if test["kind"] != "encryption":
            continue
        if not test["confirmed"]:
            yield Skip(test["id"], "unconfirmed: " + test.get("unconfirmed_reason", "")[:60])
            continue
        job = {"id": test["id"], "file": os.path.join(root, test["file"]), "allow_cbc": True,
               "decryption_keys": [{"file": os.path.join(root, key["private_key_pem"])} for key in test["keys"] if key.get("private_key_pem")],
               "secrets": [{"file": os.path.join(root, name)} for key in test["keys"] if key["kind"] == "aeskey" for name in key["files"]]}
        yield Case(test["id"] + " " + test["file"], job, plaintext_is(os.path.join(root, test["plaintext"])))


def plaintext_is(path):
    inner = octets_are(path)

    def judge(answer):
        if "error" in answer or not answer["valid"]:
            return inner(answer)
        # The vector's plaintext is the whole document; ours is what was encrypted.
        expected, found = open(path, "rb").read(), base64.b64decode(answer["octets"])
        if found.strip() in expected:
            return None
        try:
            same = etree.tostring(etree.fromstring(found), method="c14n") == etree.tostring(etree.fromstring(expected), method="c14n")
        except etree.XMLSyntaxError:
            same = False
        return None if same else f"{len(found)} octets that are not in the expected {len(expected)}"
    return judge


# Metadata.


def metadata(vectors):
    root = os.path.join(vectors, "metadata")
    for test in json.load(open(os.path.join(root, "manifest.json")))["files"]:
        name = os.path.join(root, test["file"])
        content = (gzip.open if name.endswith(".gz") else open)(name, "rb").read()
        job = {"id": test["file"], "message_base64": base64.b64encode(content).decode(), "binding": "metadata", "level": "signature",
               "allow_sha1": True}
        if test.get("embedded_signing_cert"):
            job["trusted_certs"] = [os.path.join(root, test["embedded_signing_cert"])]
        yield Case(test["file"], job, metadata_judge(test))


def metadata_judge(test):
    def judge(answer):
        if "error" in answer:
            return str(answer["error"])
        facts = answer.get("facts", {})
        if facts:
            for name, key in (("entities", "entities"), ("entity-ids", "unique_entity_ids"), ("idps", "idps"), ("sps", "sps"),
                              ("attribute-authorities", "attribute_authorities")):
                if int(facts[name]) != test[key]:
                    return f"{name} {facts[name]}, expected {test[key]}"
        elif test["entities"]:
            return f"{test['entities']} entities expected: {answer['code']} {answer['compared']}"
        if not test["root_signature"]:
            return None if not answer["valid"] else "an unsigned document was accepted"
        if answer["valid"]:
            return None
        if answer["code"] == "xml.signature.algorithm":
            return ("design", "signed with inclusive canonicalization, which SAML Core §5.4.3 does not want: " + answer["compared"][0]["value"])
        if any("trusts nobody" in note for note in answer.get("notes", [])):
            return ("design", "its certificate has a weak key: " + "; ".join(answer["notes"]))
        return f"{answer['code']} {answer['compared']}"
    return judge


def suites(program):
    return {
        "saml-attacks": (attacks, ["saml", "verify"]), "saml-attacks with strong keys": (strong_attacks, ["saml", "verify"]),
        "saml-attacks in full": (functools.partial(semantic, program), ["saml", "verify"]),
        "santuario canonical": (canonical, ["xml", "canonicalize"]), "santuario signatures": (santuario, ["xml", "verify"]),
        "xmlsec1 signatures": (xmlsec1, ["xml", "verify"]), "xmlsec1 encryption": (encryption, ["xml", "decrypt"]),
        "metadata": (metadata, ["saml", "verify"]),
    }


def door(program, count):
    """The commands themselves: hostile lines end nothing, one job has an exit status, a paste is explained, a code is found."""
    lines = [b"{}", b"not json", b"\xff\xfe\x00", b"[" * 5000, b'{"id": 1, "message": "<a>", "message": "<b>"}', b'{"id": 2, "message": 5}',
             b'{"id": 3, "message": "<!DOCTYPE x [<!ENTITY a \\"b\\">]><x>&a;</x>", "binding": "xml"}', b'{"id": 4, "message": "SAMLRequest=%%%"}',
             b'{"id": 5, "message_file": "/nowhere"}', b'{"id": 6, "message": "' + b"<a>" * 200000 + b'"}', b"x" * (66 << 20), b"",
             b'{"id": 7, "message": "<a/>", "role": "idp"}']
    process = subprocess.run([program, "saml", "verify", "--jsonl"], input=b"\n".join(lines) + b"\n", capture_output=True)
    answers = [json.loads(line) for line in process.stdout.splitlines()]
    count.check("every line that is not empty is answered", len(answers) == len(lines) - 1 and process.returncode == 0, f"{len(answers)} answers")
    count.check("nothing of them is accepted", not any(answer["valid"] for answer in answers))
    count.check("the last line is answered", answers and answers[-1]["id"] == 7 and answers[-1]["layer"] == "schema", str(answers[-1:]))
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    count.check("memory is bounded", used < 900, f"{used} MiB")
    for words, text, status in ((["saml", "verify"], '{"message": "<a/>"}', 1), (["saml", "verify"], "{}", 2), (["saml", "decode"], "hello", 2),
                                (["saml", "decode"], "<a/>", 0), (["explain", "saml.request.destination"], "", 0), (["explain", "no.such"], "", 1),
                                (["xml", "verify"], "<a/>", 1), (["xml", "canonicalize"], "<a/>", 0)):
        found = subprocess.run([program, *words], input=text.encode(), capture_output=True).returncode
        count.check(" ".join(words) + " with " + text, found == status, f"exit status {found}, expected {status}")
    streams(program, count)
    members(program, count)
    print(f"door: {count.passed} passed, {count.failed} failed so far; at most {used} MiB")


def conversation(program, words, lines, seconds=60):
    """One line and its answer at a time, with standard input open; empty for answers that did not come."""
    process = subprocess.Popen([program, *words, "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    answers = []
    for line in lines:
        process.stdin.write(line + b"\n")
        found = b""
        while not found.endswith(b"\n") and select.select([process.stdout], [], [], seconds)[0]:
            more = os.read(process.stdout.fileno(), 1 << 16)
            if not more:
                break
            found += more
        if not found.endswith(b"\n"):
            break
        answers.append(json.loads(found))
    process.stdin.close()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    return answers + [{}] * (len(lines) - len(answers))


def streams(program, count):
    """How jobs come in: one at a time to a sender that waits, with a byte order mark, from nowhere, and too long."""
    for words in (["saml", "verify"], ["jose", "verify"], ["xml", "canonicalize"]):
        name = " ".join(words)
        answers = conversation(program, words, [b'{"id": "a", "document": "<a/>", "message": "<a/>"}', b'{"id": "b"}'])
        count.check(name + " answers a sender that waits", [answer.get("id") for answer in answers] == ["a", "b"], str(answers)[:300])
        found = subprocess.run([program, *words, "--jsonl"], input=b'\xef\xbb\xbf{"id": 1}\n{"id": 2}\n', capture_output=True).stdout.splitlines()
        count.check(name + " passes over a byte order mark", [json.loads(line)["id"] for line in found] == [1, 2], str(found)[:300])
        for more in ([], ["--jsonl"]):
            shut = subprocess.run(["sh", "-c", 'exec "$0" "$@" <&-', program, *words, *more], capture_output=True, timeout=60)
            count.check(f"{name} {' '.join(more)} says that standard input is closed", shut.returncode == 2 and b"standard input" in shut.stderr
                        and b"NSCocoaError" not in shut.stderr, f"exit status {shut.returncode}: {shut.stderr[:200]}")
    long = b"<a>" + b" " * (64 << 20) + b"</a>"
    for word in ("canonicalize", "verify", "decrypt"):
        found = subprocess.run([program, "xml", word], input=long, capture_output=True)
        count.check(f"xml {word} says that a document is too long", found.returncode == 2 and b"too long" in found.stderr,
                    f"exit status {found.returncode}: {found.stderr[:200]}")
    ids = ["<&\u202e>" * 200, "", 7, -1, True, False]
    found = conversation(program, ["saml", "verify"], [json.dumps({"id": identity}).encode() for identity in ids])
    count.check("an id comes back as it went", [answer.get("id", "none") for answer in found] == ids, str(found)[:300])


def members(program, count):
    """Members of jobs that bound or change what is compared."""
    few, many = ([f"p{number}" for number in range(most)] for most in (32, 33))
    answers = conversation(program, ["xml", "canonicalize"], [json.dumps({"document": "<a/>", "prefixes": names}).encode() for names in (few, many)])
    count.check("xml canonicalize takes 32 prefixes and no more",
                answers[0].get("valid") and answers[-1].get("error", {}).get("code") == "job.size", str(answers)[:300])
    status = [subprocess.run([program, "xml", "canonicalize", "--prefixes", " ".join(names)], input=b"<a/>", capture_output=True).returncode
              for names in (few, many)]
    count.check("xml canonicalize --prefixes too", status[0] == 0 and status[1] != 0, str(status))
    spaces = " ".join(f'xmlns:n{number}="urn:n{number}"' for number in range(60))
    spent, good = [], True
    for depth, times in ((1, 1), (36, 2)):
        document = f"<r {spaces}>" + "<d>" * depth + "<l/>" * 30_000 + "</d>" * depth + "</r>"
        job = {"document": document, "method": "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"}
        answers = conversation(program, ["xml", "canonicalize"], [json.dumps(job).encode()] * times, 120)
        good = good and all(answer.get("valid") for answer in answers)
        spent.append(min(answer.get("spent", {}).get("microseconds", 1e9) for answer in answers) / 1e6)
    count.check("depth costs nothing where every leaf has many namespaces", good and spent[1] < 2 * spent[0] + 1, f"{spent} s")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "content")
        open(path, "wb").write(b"content")
        signed = b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'
        for given, expected in (("urn:a", 64), ("=" + path, 64), ("urn:a=", 64), ("https://a.example/?b=c=" + path, 1)):
            found = subprocess.run([program, "xml", "verify", "--resource", given], input=signed, capture_output=True)
            count.check("xml verify --resource " + given.replace(path, "FILE"), found.returncode == expected,
                        f"exit status {found.returncode}: {found.stderr[:200]}")
    request(program, count)


def request(program, count):
    """A request judged by its sender's metadata."""
    post = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
    metadata = ('<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://sp.example/">'
                '<md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
                f'<md:AssertionConsumerService index="0" Binding="{post}" Location="https://sp.example/acs"/>'
                '</md:SPSSODescriptor></md:EntityDescriptor>')
    message = ('<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" '
               'ID="_a" Version="2.0" IssueInstant="2026-11-22T00:00:00Z"><saml:Issuer>https://sp.example/</saml:Issuer></samlp:AuthnRequest>')
    job = {"message": message, "binding": "xml", "role": "idp", "metadata": metadata, "time": "2026-11-22T00:00:01Z"}
    changes = [{}, {"issuer": "https://sp.example/"}, {"issuer": "https://other.example/"}, {"signature_due": True},
               {"consumers": ["https://other.example/acs"]}, {"allow_sha1": True}]
    answers = conversation(program, ["saml", "verify"], [json.dumps({**job, **change}).encode() for change in changes])
    count.check("a request is judged by metadata, issuer and signature_due", [answer.get("code") for answer in answers]
                == [None, None, "saml.member.unknown", "saml.signature.due", None, None], str([answer.get("code") for answer in answers]))
    count.check("addresses beside metadata are told as ignored", [answer.get("ignored") for answer in answers]
                == [None, None, None, None, ["consumers"], None], str([answer.get("ignored") for answer in answers]))
    count.check("SHA-1 for a request is told as refused", [any("SHA-1" in note for note in answer.get("notes", [])) for answer in answers]
                == [False] * 5 + [True])


if __name__ == "__main__":
    run("saml-vectors", __doc__, suites, door)
