"""Drives `sekisho trust verify --jsonl` with vectors that others wrote, one process per suite, and then the operator's commands on a fresh
deployment. Prints for each suite how many verdicts agree, which cases were skipped and why, and which differ; ends with
`trust: N passed, N failed`."""

import argparse
import base64
import collections
import gzip
import json
import os
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

Case = collections.namedtuple("Case", "name job judge")
Skip = collections.namedtuple("Skip", "name why")

WEAK = "a key of 1024 bits or SHA-1: no such key is taken, whatever a profile says"
ROLLOVER = "the list is signed by another anchor of the same name: generations share a name, never their lists"

# Where we answer otherwise on purpose: suite → case → why.
ON_PURPOSE = {
    "pkits": {test: "DSA: no key of that kind is taken" for test in ("4.1.4", "4.1.5")},
    "chromium-verify": {
        "chromium-issuer-and-subject-not-byte-for-byte-equal-anchor": WEAK,
        "chromium-issuer-and-subject-not-byte-for-byte-equal-target": WEAK,
        "chromium-many-names-ok-all-types": "the leaf's names from t171.test on lie outside the permitted t0.test to t170.test (RFC 5280 §4.2.1.10)",
    },
    "chromium-ocsp": {
        "chromium-ocsp-good_response_invalid_serial": "a serial that is no DER INTEGER (asn1/serial_not_minimal asks for an error)",
    },
    "chromium-crl": {
        "chromium-crl-bad_idp_indirectcrl": "indirect lists are read here; the vectors say that such an implementation may differ",
        "chromium-crl-good_key_rollover": ROLLOVER,
        "chromium-crl-revoked_key_rollover": ROLLOVER,
    },
}


def text(der):
    return base64.b64encode(der).decode()


def valid_is(expected, policies=None):
    def judge(verdict):
        if verdict.get("valid") is not expected:
            return f"valid {verdict.get('valid')}, expected {expected}: {verdict.get('reason') or verdict.get('error')}"
        if policies is not None and sorted(verdict.get("policies", [])) != sorted(policies):
            return f"policies {sorted(verdict.get('policies', []))}, expected {sorted(policies)}"
        return None
    return judge


def either(verdict):
    return None if "error" not in verdict else str(verdict["error"])


# The suites. Each yields cases and skips.


def pkits(vectors):
    folder = os.path.join(vectors, "pkits")
    suite = json.load(open(os.path.join(folder, "expected.json")))
    for test in suite["tests"]:
        job = {key: test[key] for key in ("id", "initial_policy_set", "initial_explicit_policy", "initial_policy_mapping_inhibit",
                                          "initial_any_policy_inhibit")}
        job["anchors"] = [os.path.join(folder, suite["trust_anchor"])]
        for key in ("path", "other_certs", "crls"):
            job[key] = [os.path.join(folder, name) for name in test[key]]
        job["validation_time"] = suite["validation_time"]
        job["revocation"] = "required"
        policies = test["expected_user_constrained_policy_set"] if test["expected_valid"] else None
        yield Case(test["id"], job, valid_is(test["expected_valid"], policies))


def limbo(vectors):
    for test in json.load(gzip.open(os.path.join(vectors, "limbo", "limbo.json.gz")))["testcases"]:
        yield Case(test["id"], test, valid_is(test["expected_result"] == "SUCCESS"))


def bettertls(vectors):
    whole = json.load(gzip.open(os.path.join(vectors, "limbo", "bettertls-nameconstraints.json.gz")))
    for test in whole["suites"]["nameconstraints"]["testCases"]:
        job = {"id": str(test["id"]), "anchors": [whole["trustRoot"]], "certificates": test["certificates"], "hostname": test["hostname"],
               "purposes": ["serverAuth"]}
        judge = either if test["failureIsWarning"] else valid_is(test["expected"] == "ACCEPT")
        yield Case(str(test["id"]), job, judge)


def chromium_verify(vectors):
    from resigned import blocks
    folder = os.path.join(vectors, "chains", "chromium-verify")
    for test in json.load(open(os.path.join(folder, "manifest.json")))["tests"]:
        if not test["core_rfc5280"]:
            continue
        if not test["last_cert_trust"].startswith("TRUSTED_ANCHOR") or "LEAF" in test["last_cert_trust"]:
            yield Skip(test["id"], f"trust as {test['last_cert_trust']}: an anchor is an authority here")
            continue
        chain = [text(der) for label, der in blocks(open(os.path.join(folder, test["chain"])).read()) if label == "CERTIFICATE"]
        job = {"id": test["id"], "chain": chain[:-1] or chain, "anchors": chain[-1:], "time": test["validation_time"],
               "anchor_rules": test["last_cert_trust"], "key_purpose": test["key_purpose"]}
        policies = test["other"].get("expected_user_constrained_policy_set")
        yield Case(test["id"], job, valid_is(test["expected"] == "valid",
                                             [item.strip() for item in policies.split(",")] if policies else None))


def chromium_status(vectors, name, label, resign, field):
    from resigned import Resigned, blocks
    folder = os.path.join(vectors, "revocation", name)
    suite = json.load(open(os.path.join(folder, "manifest.json")))
    for test in suite["tests"]:
        found = collections.defaultdict(list)
        for kind, der in blocks(open(os.path.join(folder, test["file"])).read()):
            found[kind].append(der)
        leaf, authorities = found["CERTIFICATE"][0], found["CA CERTIFICATE"] + found["CA CERTIFICATE 2"]
        bundle = [item for der in found[label] for item in Resigned.bundle(der)] if field == "ocsp" else []
        strong = Resigned(authorities + [leaf] + bundle)
        job = {"id": test["id"], "leaf": text(strong.certificate(leaf)), "anchors": [text(strong.certificate(der)) for der in authorities],
               field: [text(resign(strong, der)) for der in found[label]], "time": suite["validation_time"], "revocation": "required",
               "max_age": 7 * 86400, "clock_skew": 0}
        yield Case(test["id"], job, status_is(test["expected_status"]))


def status_is(expected):
    def judge(verdict):
        word = (verdict.get("statuses") or [{}])[0].get("status", "unknown").upper()
        if word == expected and (expected != "GOOD" or verdict["valid"]):
            return None
        return f"{word}, expected {expected}: {verdict.get('reason') or verdict.get('error') or ''} {verdict.get('notes', '')}"
    return judge


def chromium_ocsp(vectors):
    yield from chromium_status(vectors, "chromium-ocsp", "OCSP RESPONSE", lambda strong, der: strong.answer(der), "ocsp")


def chromium_crl(vectors):
    yield from chromium_status(vectors, "chromium-crl", "CRL", lambda strong, der: strong.list(der), "crls")


SUITES = {"pkits": pkits, "limbo": limbo, "bettertls": bettertls, "chromium-verify": chromium_verify, "chromium-ocsp": chromium_ocsp,
          "chromium-crl": chromium_crl}


# Asking.


def ask(program, lines, *options):
    """One process for a stream of lines; the verdicts, in order."""
    process = subprocess.Popen([program, "trust", "verify", "--jsonl", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def feed():
        try:
            for line in lines:
                process.stdin.write(line + b"\n")
            process.stdin.close()
        except BrokenPipeError:
            pass

    writer = threading.Thread(target=feed)
    writer.start()
    verdicts = [json.loads(line) for line in process.stdout]
    writer.join()
    process.wait()
    return verdicts, process.returncode


class Count:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, holds, detail=""):
        self.passed, self.failed = self.passed + bool(holds), self.failed + (not holds)
        if not holds:
            print(f"FAILED {what}: {detail}")


def run_suite(program, name, vectors, count):
    started = time.time()
    try:
        items = list(SUITES[name](vectors))
    except FileNotFoundError as absent:
        print(f"{name}: NOT RUN, vectors are absent ({absent.filename})")
        return
    cases = [item for item in items if isinstance(item, Case)]
    skips = [item for item in items if isinstance(item, Skip)]
    verdicts, status = ask(program, [json.dumps(case.job).encode() for case in cases])
    if status != 0 or len(verdicts) != len(cases):
        count.check(name, False, f"exit status {status}, {len(verdicts)} verdicts for {len(cases)} jobs")
        return
    agree, differ, meant = 0, [], []
    known = dict(ON_PURPOSE.get(name, {}))
    for case, verdict in zip(cases, verdicts):
        found = case.judge(verdict)
        why = known.pop(case.name, None)
        if found is None:
            agree += 1
            if why is not None:
                differ.append((case.name, "agrees now: strike it from the list of divergences"))
        elif why is not None:
            meant.append((case.name, why))
        else:
            differ.append((case.name, found))
    differ += [(absent, "named as a divergence, and no such case") for absent in known]
    print(f"{name}: {agree} agree, {len(skips)} skipped, {len(meant)} differ on purpose, {len(differ)} differ "
          f"(of {len(items)}, {time.time() - started:.1f} s)")
    for word, group in (("skipped", skips), ("on purpose", meant), ("DIFFERS", differ)):
        for case, why in group[:200]:
            print(f"  {word} {case}: {why}")
    count.passed += agree + len(meant)
    count.failed += len(differ)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", required=True, help="the folder that has `sekisho`")
    parser.add_argument("--vectors", default=os.environ.get("SEKISHO_VECTORS") or os.path.join(ROOT, "..", "shared", "vectors"))
    parser.add_argument("--only", action="append", help="a suite, `door` or `operator`; may be given several times")
    options = parser.parse_args()
    program = os.path.join(options.binaries, "sekisho")
    count = Count()
    for name in SUITES:
        if not options.only or name in options.only:
            run_suite(program, name, options.vectors, count)
    from trust_operator import door, operator
    for name, part in (("door", door), ("operator", operator)):
        if not options.only or name in options.only:
            before = count.passed, count.failed
            part(program, options.vectors, count, ask)
            print(f"{name}: {count.passed - before[0]} passed, {count.failed - before[1]} failed")
    print(f"trust: {count.passed} passed, {count.failed} failed")
    sys.exit(1 if count.failed or not count.passed else 0)


if __name__ == "__main__":
    main()
