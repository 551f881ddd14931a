"""Decisions of the trust framework beside Cedar's on the same rules, members and requests, in one run.

    python3 Benchmarks/policy.py --binaries .build/release [--requests 10000] [--seconds 3] [--seed 6] [--sizes 200x1000,2000x1000,…]

Needs cedarpy (PyPI) in the interpreter that runs it. For each size it makes one imaginary federation: rules as a policy folder for
`sekisho policy measure` and as Cedar policies, members, and requests. Both sides decide every request; the run ends with an error when they
differ on one, in outcome or in the rules that made a permit. Prints a Markdown table.

What is measured. Ours: `Policy.decide` alone, on one thread, with the questions in memory; a refusal includes the search for a login that
would be permitted, which Cedar does not do, and the context that a login reaches is worked out, which Cedar is told. Cedar: CPU time of the
batch call with policies and entities parsed before; the same batch under one policy that permits everything says what Python and JSON take of
it, and the rest is the engine's. Its own count (`authz_duration_micros`, by the clock on the wall) is told beside it."""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

import cedarpy

KINDS = ["ministry", "local-government", "private-verifier", "platform-operator", "served-firm", "identity-provider"]
MODES = ["presence", "face", "pin"]
TERMINALS = ["counter", "clinic-kiosk", "set-top-box", "shelter-desk"]
CONTEXTS = ["card-presence", "card-face", "card-pin"]
PATHS = ["sign-on", "refresh", "device", "exchange", "userinfo"]
LOADS = ["normal", "busy", "emergency"]
ACTING = ["nobody", "person", "company"]
RELEASE = ["pin-used", "card-mode", "carrier", "proofing-level", "authentication-level", "revocation-source", "revocation-time"]
NOW = 1_795_230_000  # 2026-11-21T03:00:00Z, noon in Japan

LADDER = """contexts:
  - {name: card-presence, saml-classes: ["urn:x:presence"], acr: [aal1], amr: [user], proofing-level: 3, authentication-level: 1,
     modes: [presence], carriers: [card, phone]}
  - {name: card-face, saml-classes: ["urn:x:face"], acr: [aal2], amr: [sc, face], proofing-level: 3, authentication-level: 2,
     modes: [face], carriers: [card], needs-statement: true}
  - {name: card-pin, saml-classes: ["urn:x:pin"], acr: [aal3], amr: [pin, sc, mfa], proofing-level: 3, authentication-level: 3,
     modes: [pin], carriers: [card, phone]}
terminals:
  - {class: counter, highest: card-pin}
  - {class: clinic-kiosk, highest: card-pin}
  - {class: set-top-box, highest: card-pin}
  - {class: shelter-desk, highest: card-presence}
"""


def rank(evidence):
    """The place of the context that the ladder above gives, -1 for none."""
    mode, place = evidence["mode"], MODES.index(evidence["mode"])
    if mode == "face" and (evidence["carrier"] != "card" or not evidence["stated"]):
        return -1
    return -1 if evidence["terminal"] == "shelter-desk" and place > 0 else place


class World:
    """Rules, members and requests by chance, the same ones for the same seed."""

    def __init__(self, rules, members, purposes, requests, seed):
        self.chance = random.Random(f"{seed} {rules} {members} {purposes}")
        self.purposes = [f"purpose-{i}" for i in range(purposes)]
        self.members = [self.member(i) for i in range(members)]
        self.rules = [self.rule(i) for i in range(rules)]
        self.requests = [self.request() for _ in range(requests)]

    def some(self, words, least, most):
        return sorted(self.chance.sample(words, self.chance.randint(least, min(most, len(words)))))

    def maybe(self, likelihood):
        return self.chance.random() < likelihood

    def member(self, index):
        return {
            "id": f"https://member-{index}.example/sp", "kind": self.chance.choice(KINDS), "sector": f"sector-{index % 50}",
            "purposes": self.some(self.purposes, min(5, len(self.purposes)), 20), "accredited": not self.maybe(0.02),
        }

    def conditions(self, effect):
        """The facts that a rule turns on, beside its purposes."""
        found = {}
        if self.maybe(0.5): found["kind"] = self.some(KINDS, 1, 4)
        if self.maybe(0.08): found["member"] = sorted({self.chance.choice(self.members)["id"] for _ in range(self.chance.randint(1, 5))})
        if self.maybe(0.05): found["sector"] = sorted({self.chance.choice(self.members)["sector"] for _ in range(3)})
        if self.maybe(0.5): found["mode"] = self.some(MODES, 1, 2)
        if self.maybe(0.1): found["carrier"] = ["card"]
        if self.maybe(0.15): found["terminal"] = self.some(TERMINALS + ["none"], 1, 3)
        if self.maybe(0.05): found["mode-stated"] = True
        if self.maybe(0.1): found["acting-for"] = self.some(ACTING, 1, 2)
        if self.maybe(0.1): found["protocol"] = [self.chance.choice(["saml", "openid"])]
        if self.maybe(0.1): found["path"] = self.some(PATHS, 1, 4)
        if self.maybe(0.05): found["load"] = self.some(LOADS, 1, 2)
        if effect == "permit":
            if self.maybe(0.5): found["floor"] = self.chance.choice(CONTEXTS)
            if self.maybe(0.05): found["status-source"] = ["ocsp"]
            if self.maybe(0.3): found["maximum-status-age"] = self.chance.choice([900, 3600, 129_600])
            if self.maybe(0.2): found["maximum-login-age"] = self.chance.choice([300, 900, 28_800])
        return found

    def rule(self, index):
        # Every purpose has a broad permit first; then narrower ones, and a forbid in ten.
        first = index < len(self.purposes)
        effect = "permit" if first or not self.maybe(0.1) else "forbid"
        purposes = [self.purposes[index % len(self.purposes)]]
        if not first and self.maybe(0.3): purposes = sorted({*purposes, self.chance.choice(self.purposes)})
        when = {"kind": self.some(KINDS, 3, 5), "mode": self.some(MODES, 1, 2)} if first else self.conditions(effect)
        if effect == "forbid":
            # A forbid that speaks of little forbids much.
            while len(when) < 3: when = self.conditions(effect) | {"kind": self.some(KINDS, 1, 2)}
        unless = []
        if self.maybe(0.15):
            block = {key: value for key, value in self.conditions("forbid").items() if key != "member"}
            if block: unless.append(block)
        return {
            "id": f"rule-{index}", "effect": effect, "purpose": purposes, "when": when, "unless": unless,
            "release": self.some(RELEASE, 1, 5) if effect == "permit" else [],
        }

    def request(self):
        member = self.chance.choice(self.members)
        purpose = self.chance.choice(member["purposes"] if not self.maybe(0.03) else self.purposes)
        mode = self.chance.choices(MODES, [20, 15, 65])[0]
        terminal = self.chance.choice(TERMINALS) if self.maybe(0.35) else "none"
        door = "tls" if terminal == "none" and mode != "face" and self.maybe(0.3) else "challenge"
        return {
            "member": member, "purpose": purpose, "protocol": self.chance.choice(["saml", "openid"]),
            "path": self.chance.choices(PATHS, [80, 8, 2, 5, 5])[0], "acting-for": self.chance.choices(ACTING, [90, 6, 4])[0],
            "load": self.chance.choices(LOADS, [90, 8, 2])[0],
            "evidence": {
                "mode": mode, "carrier": "phone" if mode == "pin" and self.maybe(0.3) else "card", "door": door,
                "stated": terminal != "none" or (door == "challenge" and self.maybe(0.5)), "terminal": terminal,
                "source": self.chance.choice(["crl", "ocsp"]), "status-age": self.chance.choice([60, 600, 3000, 40_000, 200_000]),
                "login-age": self.chance.choice([0, 0, 0, 200, 800, 20_000]),
            },
        }


# MARK: Our side

DURATIONS = {"maximum-status-age", "maximum-login-age"}


def yaml_conditions(conditions, indent):
    lines = []
    for key, value in conditions.items():
        if key in DURATIONS: value = f"{value}s"
        elif isinstance(value, bool): value = "true" if value else "false"
        elif isinstance(value, list): value = "[" + ", ".join(json.dumps(word) for word in value) + "]"
        lines.append(f"{indent}{key}: {value}")
    return lines


def write_policies(world, folder):
    os.makedirs(folder + "/Policies")
    with open(folder + "/Policies/ladder.yaml", "w") as file: file.write(LADDER)
    per_file = 400
    for start in range(0, len(world.rules), per_file):
        lines = ["rules:"]
        for rule in world.rules[start : start + per_file]:
            lines += [f"  - id: {rule['id']}", f"    effect: {rule['effect']}", f"    purpose: [{', '.join(rule['purpose'])}]"]
            lines += yaml_conditions(rule["when"], "    ")
            if rule["unless"]:
                lines.append("    unless:")
                for block in rule["unless"]:
                    inner = yaml_conditions(block, "        ")
                    lines += ["      - " + inner[0].strip()] + inner[1:]
            if rule["release"]: lines.append(f"    release: [{', '.join(rule['release'])}]")
            lines.append("    basis: a benchmark")
        with open(f"{folder}/Policies/rules-{start // per_file}.yaml", "w") as file: file.write("\n".join(lines) + "\n")


def moment(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def question(request):
    """As `sekisho` keeps questions in its audit trail."""
    member, evidence = request["member"], request["evidence"]
    at = NOW - evidence["login-age"]
    facts = {
        "mode": evidence["mode"], "mode-stated": evidence["stated"], "carrier": evidence["carrier"], "door": evidence["door"],
        "status-source": evidence["source"], "status-at": moment(at - evidence["status-age"]), "authenticated-at": moment(at),
    }
    if evidence["terminal"] != "none": facts["terminal"] = evidence["terminal"]
    return {
        "now": moment(NOW), "purpose": request["purpose"],
        "member": {
            "id": member["id"], "kind": member["kind"], "sector": member["sector"],
            "standing": "in-force" if member["accredited"] else "suspended", "state": "accredited" if member["accredited"] else "suspended",
            "from": moment(NOW - 86_400), "until": moment(NOW + 86_400), "purposes": member["purposes"],
        },
        "evidence": facts,
        "request": {"protocol": request["protocol"], "path": request["path"], "asks-for": [], "acting-for": request["acting-for"]},
        "circumstances": {"load": request["load"]},
    }


def ours(sekisho, world, folder, seconds):
    write_policies(world, folder)
    with open(folder + "/questions.jsonl", "w") as file:
        for request in world.requests: file.write(json.dumps(question(request)) + "\n")
    command = [
        sekisho, "policy", "measure", folder, folder + "/questions.jsonl", "--seconds", str(seconds), "--outcomes",
        folder + "/outcomes.jsonl", "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0: sys.exit(" ".join(command) + "\n" + done.stdout + done.stderr)
    with open(folder + "/outcomes.jsonl") as file: outcomes = [json.loads(line) for line in file]
    return json.loads(done.stdout), outcomes


# MARK: Cedar

def one_of(expression, words):
    if len(words) == 1: return f"{expression} == {json.dumps(words[0])}"
    return f"[{', '.join(json.dumps(word) for word in words)}].contains({expression})"


def cedar_conditions(conditions):
    plain = {"mode": "context.mode", "carrier": "context.carrier", "terminal": "context.terminal", "acting-for": "context.actingFor",
             "protocol": "context.protocol", "path": "context.path", "load": "context.load", "status-source": "context.source",
             "kind": "principal.kind", "sector": "principal.sector"}
    parts = []
    for key, value in conditions.items():
        if key in plain: parts.append(one_of(plain[key], value))
        elif key == "member":
            members = [f"Member::{json.dumps(word)}" for word in value]
            parts.append(f"principal == {members[0]}" if len(members) == 1 else f"[{', '.join(members)}].contains(principal)")
        elif key == "mode-stated": parts.append("context.stated" if value else "!context.stated")
        elif key == "floor": parts.append(f"context.rank >= {CONTEXTS.index(value)}")
        elif key == "maximum-status-age": parts.append(f"context.statusAge <= {value}")
        elif key == "maximum-login-age": parts.append(f"context.loginAge <= {value}")
        else: sys.exit(f"no Cedar for {key}")
    return " && ".join(parts) or "true"


def cedar_policies(world):
    lines = [
        # Accreditation and the ladder, which are no rules with us but come before them.
        '@id("accreditation") forbid (principal, action, resource) unless { principal.accredited && principal.purposes.contains(action) '
        "&& context.rank >= 0 };"
    ]
    for rule in world.rules:
        actions = [f'Action::"{purpose}"' for purpose in rule["purpose"]]
        scope = f"action == {actions[0]}" if len(actions) == 1 else f"action in [{', '.join(actions)}]"
        text = f'@id("{rule["id"]}") {rule["effect"]} (principal, {scope}, resource) when {{ {cedar_conditions(rule["when"])} }}'
        for block in rule["unless"]: text += f" unless {{ {cedar_conditions(block)} }}"
        lines.append(text + ";")
    return "\n".join(lines)


def cedar_entities(world):
    return json.dumps([
        {"uid": {"type": "Member", "id": member["id"]}, "parents": [],
         "attrs": {"kind": member["kind"], "sector": member["sector"], "accredited": member["accredited"],
                   "purposes": [{"__entity": {"type": "Action", "id": purpose}} for purpose in member["purposes"]]}}
        for member in world.members
    ])


def cedar_request(request):
    evidence = request["evidence"]
    context = {
        "mode": evidence["mode"], "carrier": evidence["carrier"], "terminal": evidence["terminal"], "stated": evidence["stated"],
        "rank": rank(evidence), "source": evidence["source"], "statusAge": evidence["status-age"], "loginAge": evidence["login-age"],
        "actingFor": request["acting-for"], "protocol": request["protocol"], "path": request["path"], "load": request["load"],
    }
    return {
        "principal": {"type": "Member", "id": request["member"]["id"]}, "action": {"type": "Action", "id": request["purpose"]},
        "resource": {"type": "Citizen", "id": "one"}, "context": json.dumps(context),
    }


def batch(requests, policies, entities):
    """Answers, CPU seconds of the whole call, seconds that the engine counted."""
    started = time.process_time()
    answers = cedarpy.is_authorized_batch(requests, policies, entities)
    spent = time.process_time() - started
    return answers, spent, sum(answer.metrics["authz_duration_micros"] for answer in answers) / 1e6


def cedar(world):
    # Parsed once and handed over again, as Cedar advises; requests are dictionaries already.
    policies = cedarpy.PolicySet.from_str(cedar_policies(world))
    entities = cedarpy.Entities.from_json_str(cedar_entities(world))
    requests = [cedar_request(request) for request in world.requests]
    everything = cedarpy.PolicySet.from_str("permit (principal, action, resource);")
    batch(requests[:100], policies, entities)
    answers, whole, engine = batch(requests, policies, entities)
    _, boundary, _ = batch(requests, everything, entities)
    wrong = [answer.diagnostics.errors for answer in answers if answer.diagnostics.errors]
    if wrong: sys.exit(f"Cedar reports errors: {wrong[0]}")
    count = len(requests)
    figures = {"engine": (whole - boundary) / count, "whole": whole / count, "boundary": boundary / count, "counted": engine / count}
    return figures, [(answer.allowed, sorted(answer.diagnostics.id_annotations_by_reason.values())) for answer in answers]


# MARK: One run

def compare(world, mine, theirs):
    """Stops at the first request on which the two differ."""
    if len(mine) != len(theirs): sys.exit(f"{len(mine)} decisions of ours, {len(theirs)} of Cedar")
    for request, our, (allowed, reasons) in zip(world.requests, mine, theirs):
        permits = our["outcome"] == "permit"
        if permits != allowed or (permits and sorted(our["rules"]) != reasons):
            sys.exit("the two differ:\n" + json.dumps(request, indent=1) + f"\nours: {our}\nCedar: {allowed} by {reasons}")
    return sum(1 for allowed, _ in theirs if allowed)


def micro(seconds):
    return f"{seconds * 1e6:,.2f}" if seconds < 1e-4 else f"{seconds * 1e6:,.0f}"


def main():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__)
    parser.add_argument("--binaries", default=".build/release")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--sizes", default="200x1000,2000x1000,200x10000,2000x10000,2000x1000/40",
                        help="rules x members, and behind a slash the number of purposes (a fifth of the rules)")
    parser.add_argument("--keep", help="keep the folders here, to look at")
    options = parser.parse_args()
    sekisho = os.path.join(os.path.abspath(options.binaries), "sekisho")
    base = options.keep or tempfile.mkdtemp(prefix="sekisho-policy-")
    rows, first = [], None
    try:
        for size in options.sizes.split(","):
            shape, _, purposes = size.partition("/")
            rules, members = (int(number) for number in shape.split("x"))
            purposes = int(purposes) if purposes else max(1, rules // 5)
            world = World(rules, members, purposes, options.requests, options.seed)
            folder = f"{base}/{rules}x{members}x{purposes}"
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)
            mine, outcomes = ours(sekisho, world, folder, options.seconds)
            theirs, answers = cedar(world)
            permitted = compare(world, outcomes, answers)
            own = mine["cpu-ns-per-decision"] / 1e9
            first = first or own
            rows.append(
                f"| {rules:,} / {members:,} / {purposes} | {permitted / len(answers):.0%} | {1 / own:,.0f} | {micro(own)} ({own / first:.2f}×) "
                f"| {micro(mine['permit-ns'] / 1e9)} / {micro(mine['refusal-ns'] / 1e9)} | {1 / theirs['engine']:,.0f} "
                f"| {micro(theirs['engine'])} ({micro(theirs['counted'])}) | {micro(theirs['whole'])}, of it {micro(theirs['boundary'])} | {theirs['engine'] / own:,.0f}× |")
            print(f"{size}: the same outcome and rules on {len(answers):,} requests; policy read and compiled in {mine['read-ms']:,.0f} ms",
                  file=sys.stderr)
    finally:
        if not options.keep: shutil.rmtree(base, ignore_errors=True)
    print(f"cedarpy {cedarpy_version()}, {options.requests:,} requests each, one thread; times in µs a decision\n")
    print("| rules / members / purposes | permitted | ours, a second | ours | of a permit / of a refusal with its search | Cedar's engine, a second "
          "| Cedar's engine (by its own clock) | cedarpy's batch call, of it Python and JSON | engine beside ours |\n|---|---|---|---|---|---|---|---|---|")
    print("\n".join(rows))


def cedarpy_version():
    from importlib.metadata import version
    return version("cedarpy")


if __name__ == "__main__":
    main()
