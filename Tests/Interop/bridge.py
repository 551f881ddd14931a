"""The simulated government bridge over real HTTP, judged by `sekisho trust verify` under the profile that `bridge deploy` put into a
deployment: a member's certificate is accepted, and refused after each thing that an authority can do against it."""

import argparse
import glob
import json
import os
import sys
import time

import requests

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run as R  # noqa: E402

check = R.check
SIGNATURE = "1.3.6.1.4.1.32473.9.{}.1"


class Bridge(R.Platform):
    def __init__(self, binaries):
        super().__init__(binaries)
        self.count = 0
        self.url = f"http://127.0.0.1:{self.jpki_port}"
        self.process = None

    def fresh(self, *options):
        """A new bridge, served, with its anchor and profile in a new deployment."""
        if self.process:
            self.process.terminate()
            self.process.wait(20)
        self.count += 1
        self.bridge = os.path.join(self.folder, f"bridge-{self.count}")
        self.deployment = os.path.join(self.folder, f"deployment-{self.count}")
        self.run("jpki-simulator", "bridge", "init", self.bridge, "--base", self.url, *options)
        self.process = self.start("jpki-simulator", "serve", "--state", self.bridge, "--port", str(self.jpki_port), ready=self.url + "/")
        self.run("sekisho", "init", self.deployment, "--mode", "development", "--base-url", self.base)
        self.run("jpki-simulator", "bridge", "deploy", self.bridge, self.deployment)

    def change(self, command, *arguments):
        self.run("jpki-simulator", "bridge", command, self.bridge, *arguments)
        time.sleep(1.1)  # lists tell whole seconds

    def verdict(self, leaf, without=(), beside=(), **job):
        names = [line.strip() for line in requests.get(self.url + "/", timeout=60).text.splitlines() if line.strip().endswith(".crl")]
        crls = []
        for name in names:
            path = os.path.join(self.folder, os.path.basename(name))
            with open(path, "wb") as file:
                file.write(requests.get(name, timeout=60).content)
            crls.append(path)
        pems = sorted(glob.glob(os.path.join(self.deployment, "Keys", "intermediates", "*.pem")))
        pems = [os.path.join(self.bridge, "certificates", os.path.basename(path)) for path in pems]  # as they are now
        candidates = [path for path in pems if os.path.basename(path)[:-4] not in without]
        candidates += [os.path.join(self.bridge, "certificates", "local-lists.pem"), *beside]
        anchors = sorted(glob.glob(os.path.join(self.deployment, "Keys", "anchors-of", "government-bridge", "*.pem")))
        job = {"anchors": anchors, "leaf": os.path.join(self.bridge, "certificates", leaf + ".pem"), "candidates": candidates, "crls": crls,
               "profile": "government-bridge", "revocation": "required", **job}
        path = os.path.join(self.folder, "job.json")
        with open(path, "w") as file:
            json.dump(job, file)
        done = self.run("sekisho", "trust", "verify", path, "--deployment", self.deployment, expect=None)
        return json.loads(done.stdout or '{"error": {"code": "no answer"}}')

    def expect(self, name, leaf, reason=None, **options):
        answer = self.verdict(leaf, **options)
        code = None if answer.get("valid") else (answer.get("reason") or answer.get("error") or {}).get("code", "")
        detail = "" if code is None else f" ({(answer.get('reason') or {}).get('detail', '')})"
        print(f"      {leaf}: " + ("accepted, " + ", ".join(answer.get("policies", [])) if code is None else f"refused: {code}{detail}"),
              flush=True)
        check(name, (code is None) if reason is None else (code is not None and reason in code), answer)
        return answer


def play(bridge):
    bridge.fresh()
    answer = bridge.expect("a member of another government is accepted through the bridge", "member")
    check("its policy is the anchor's own, by mapping", answer.get("policies") == [SIGNATURE.format(1)], answer)
    check("its path goes over the link and two cross certificates", len(answer.get("chain", [])) == 5, answer)
    check("each certificate of it has a good status", len(answer.get("statuses", [])) == 4, answer.get("statuses"))
    bridge.expect("a private authority's member is accepted", "private-member")
    bridge.expect("an official is accepted directly", "official")
    bridge.expect("accepted by the anchors of the deployment's profile when the job brings none", "member", anchors=[])
    bridge.expect("refused when neither the job nor its profile has an anchor", "member", "job.field.missing", anchors=[], profile="rfc5280")
    bridge.expect("refused under a policy that nobody maps", "unmapped", "policy")
    bridge.expect("refused in a name that the bridge does not permit its authority", "misnamed", "name")
    bridge.expect("refused without the link certificate", "member", "", without=("ministry-old-with-new",))
    bridge.expect("refused over a path longer than asked for", "member", "long", longest_path=2)

    bridge.change("inhibit-mapping", "ministry")
    bridge.expect("refused when the mapping is inhibited", "member", "policy")
    old = glob.glob(os.path.join(bridge.bridge, "former", "*.pem"))
    bridge.expect("refused by the replaced cross certificate too: it is on the ARL", "member", "", beside=old)

    bridge.fresh()
    bridge.change("exclude", "local", "--unit", "Sekimachi City")
    bridge.expect("refused when the bridge comes to exclude its name", "member", "name")
    bridge.expect("and only its", "private-member")

    bridge.fresh()
    bridge.change("revoke", "bridge-to-local", "--reason", "cessationOfOperation")
    bridge.expect("refused when the cross certificate is revoked (ARL of the bridge)", "member", "revoked")
    bridge.expect("and only what stands behind it", "private-member")
    bridge.change("revoke", "private-member", "--reason", "certificateHold")
    bridge.expect("refused on hold (delta list)", "private-member", "revoked")
    bridge.change("revoke", "private-member", "--release")
    bridge.expect("accepted after the hold", "private-member")

    bridge.fresh()
    bridge.change("revoke", "member", "--reason", "keyCompromise")
    bridge.expect("refused when it is revoked itself (indirect list)", "member", "revoked")

    bridge.fresh("--lists-by-new-key")
    bridge.expect("accepted when the ministry's new key makes the lists of its old one", "member")
    bridge.change("revoke", "ministry-to-bridge", "--reason", "cACompromise")
    bridge.expect("and refused by such a list", "member", "revoked")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=".build/debug")
    bridge = Bridge(parser.parse_args().binaries)
    return R.judge("bridge", lambda: play(bridge), bridge.stop)


if __name__ == "__main__":
    sys.exit(main())
