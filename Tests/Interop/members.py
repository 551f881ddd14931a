"""The life of a member on a running server: suspended it is refused at once, its trust mark (verified with joserfc) ends, and every past day
can be asked about; an applicant sees its state; a file edited half-way keeps the old state; two officers change a member, one does not.
Arguments that cannot be are refused before anything is changed, lost output is a failure, and a server that starts misses no change."""

import argparse
import base64
import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import time

import requests
from joserfc import jwt
from joserfc.jwk import KeySet

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run as R  # noqa: E402
from crash import CLIENT, Flow, Service  # noqa: E402
from run import check  # noqa: E402
from servers import until  # noqa: E402


class Registrar:
    """The commands of a registrar, and what strangers see of members."""

    def __init__(self, platform):
        self.platform = platform
        self.folder = os.path.join(platform.deployment, "Metadata", "members")
        self.type = platform.base + "/trust-marks/private-verifier"

    def member(self, *arguments, expect=0):
        done = self.platform.run("sekisho", "member", *arguments, "--deployment", self.platform.deployment, expect=None)
        if expect is not None and done.returncode != expect:
            raise RuntimeError(f"sekisho member {' '.join(arguments)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def mark(self, subject=CLIENT):
        return requests.get(self.platform.base + "/federation/trust-mark", params={"trust_mark_type": self.type, "sub": subject}, timeout=60)

    def status(self, mark):
        return requests.post(self.platform.base + "/federation/trust-mark-status", data={"trust_mark": mark}, timeout=60)

    def listed(self):
        return requests.get(self.platform.base + "/federation/trust-mark-list", params={"trust_mark_type": self.type}, timeout=60).json()

    def trail(self):
        done = self.platform.run("sekisho", "audit", "show", self.platform.deployment, "--limit", "10000")
        return [json.loads(line.split("\t", 1)[1]) for line in done.stdout.splitlines()]


def plays(service):
    """Whether a whole login still ends with tokens."""
    flow = Flow()
    try:
        service.play(flow, service.cards[0], "token")
    except Exception:
        pass
    return flow


def marks(registrar):
    """Read by joserfc: keys by the issuer's own word, type, claims."""
    answer = requests.get(registrar.platform.base + "/.well-known/openid-federation", timeout=60)
    check("the entity configuration has its media type", answer.headers["Content-Type"] == "application/entity-statement+jwt", answer.headers)
    unread = claims_unverified(answer.text)
    keys = KeySet.import_key_set(unread["jwks"])
    published = requests.get(registrar.platform.base + "/openid/jwks", timeout=60).json()["keys"]
    check("its keys are those of the key set", {k["kid"] for k in unread["jwks"]["keys"]} <= {k.get("kid") for k in published})
    token = jwt.decode(answer.text, keys, algorithms=["ES256"])
    check("it is signed by one of them", token.header["typ"] == "entity-statement+jwt" and token.claims["iss"] == registrar.platform.base == token.claims["sub"])
    entity = token.claims["metadata"]["federation_entity"]
    check("it names the three endpoints", entity["federation_trust_mark_endpoint"].endswith("/federation/trust-mark"), entity)
    mark = registrar.mark()
    token = jwt.decode(mark.text, keys, algorithms=["ES256"])
    claims = token.claims
    check("a member in force has a mark", mark.status_code == 200 and mark.headers["Content-Type"] == "application/trust-mark+jwt")
    check("of our type and for it", token.header["typ"] == "trust-mark+jwt" and claims["trust_mark_type"] == registrar.type and claims["sub"] == CLIENT, claims)
    check("and of short life", 0 < claims["exp"] - claims["iat"] <= 3600, claims)
    answer = registrar.status(mark.text)
    status = jwt.decode(answer.text, keys, algorithms=["ES256"])
    check("it is active", status.claims["status"] == "active" and status.claims["trust_mark"] == mark.text and status.header["typ"] == "trust-mark-status-response+jwt", status.claims)
    head, body, signature = mark.text.split(".")
    forged = ".".join([head, body, ("A" if signature[0] != "A" else "B") + signature[1:]])
    check("one that was changed is unknown", registrar.status(forged).status_code == 404)
    check("and words are no mark", registrar.status("x").status_code == 400)
    check("a stranger has none", registrar.mark("nobody").status_code == 404)
    check("the list names it", CLIENT in registrar.listed())
    return mark.text, keys


def claims_unverified(text):
    payload = text.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def suspension(registrar, service, mark, keys):
    flow = plays(service)
    check("before, a login ends with tokens", flow.redeemed)
    early = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    time.sleep(1.1)
    registrar.member("suspend", CLIENT, "--reason", "complaint 17")
    check("then none begins", not plays(service).redeemed)
    check("its tokens are worth nothing", service.userinfo(flow.token).status_code == 401)
    check("its mark is gone", registrar.mark().status_code == 404 and CLIENT not in registrar.listed())
    check("and the one it has is revoked", jwt.decode(registrar.status(mark).text, keys, algorithms=["ES256"]).claims["status"] == "revoked")
    done = registrar.member("status", CLIENT, expect=1)
    check("the reason is told", "suspended" in done.stdout and "complaint 17" in done.stdout, done.stdout)
    done = registrar.member("status", CLIENT, "--at", early)
    check("and that it was in force before", done.stdout.startswith("in-force"), done.stdout)
    registrar.member("reinstate", CLIENT, "--reason", "complaint settled")
    check("reinstated it goes on", plays(service).redeemed)
    check("the old mark stays revoked", jwt.decode(registrar.status(mark).text, keys, algorithms=["ES256"]).claims["status"] == "revoked")
    check("a new one is given", registrar.mark().status_code == 200)
    changed = [r for r in registrar.trail() if r["event"] == "member.changed" and r["member"] == CLIENT]
    check("the trail has both steps, with reasons", [(r["from"], r["to"], r["reason"]) for r in changed] == [
        ("accredited", "suspended", "complaint 17"), ("suspended", "accredited", "complaint settled")], changed)


def halves(registrar, service):
    """By hand, half of an edit."""
    path = next(p for p in (os.path.join(registrar.folder, n) for n in os.listdir(registrar.folder)) if p.endswith(".yaml") and CLIENT in open(p).read())
    with open(path) as f:
        whole = f.read()
    with open(path, "w") as f:
        f.write(whole.replace("state: accredited", "state: suspended", 1))
    check_done = registrar.platform.run("sekisho", "check", registrar.platform.deployment, expect=1)
    check("half an edit is refused with file and line", re.search(r"Metadata/members/[^:]+:\d+: .*member\.history\.state", check_done.stderr) is not None, check_done.stderr)
    time.sleep(5)
    check("and the old state goes on", plays(service).redeemed)
    with open(path, "w") as f:
        f.write(whole)


def application(registrar):
    done = registrar.member("apply", "https://new.test/sp", "--kind", "served-firm", "--name-ja", "新しい店", "--name-en", "New shop", "--purpose", "points", "--reason", "letter of today")
    address = re.search(r"(http\S+/applicants/\S+)", done.stdout).group(1)
    page = requests.get(address, timeout=60)
    english = requests.get(address, headers={"Accept-Language": "en"}, timeout=60).text
    check("the applicant sees its state in its own language", page.status_code == 200 and "申請を受け付けました" in page.text and "The application has been received" in english and "申請" not in english.split("<main")[1].replace("新しい店", ""), english)
    check("and what is missing", "プラットフォーム事業者" in page.text and "how the service connects" in english)
    check("it is not kept anywhere", page.headers["Cache-Control"] == "no-store" and page.headers["Referrer-Policy"] == "no-referrer")
    check("a wrong reference shows nothing", requests.get(address[:-2] + "xx", timeout=60).status_code == 404)
    registrar.member("examine", "https://new.test/sp", "--reason", "complete")
    check("the next step shows at once", "審査が終わり" in requests.get(address, timeout=60).text)
    done = registrar.member("accredit", "https://new.test/sp", "--until", "2099-01-01", "--reason", "r", expect=1)
    check("nobody is accredited who does not speak", "member.protocol" in done.stderr, done.stderr)


def odd(registrar):
    """Arguments of the command line that cannot be."""
    platform, deployment = registrar.platform, registrar.platform.deployment
    for wait in ("-1", "3601", "9223372036854775807", "99999999999999999999"):
        done = registrar.member("suspend", CLIENT, "--reason", "r", f"--wait={wait}", expect=None)
        check(f"--wait={wait} is refused", done.returncode == 64 and "--wait" in done.stderr, (done.returncode, done.stderr))
    done = registrar.member("status", CLIENT, expect=None)
    check("and before anything is changed", done.stdout.startswith("in-force"), done.stdout)
    endless = "--wait=9223372036854775807"
    for arguments in (["session", "end", deployment, "--session", "x", endless], ["signal", "verify", deployment, "--stream", "x", endless],
                      ["metadata", "refresh", "--deployment", deployment, endless], ["keys", "order", "next-first", "--deployment", deployment, endless]):
        done = platform.run("sekisho", *arguments, expect=None)
        check(f"by `{' '.join(arguments[:2])}` too", done.returncode == 64 and "--wait" in done.stderr, (done.returncode, done.stderr))
    for days in ("-1", "36501", "9223372036854775807"):
        done = platform.run("sekisho", "admin", "deadlines", deployment, f"--within={days}", expect=None)
        check(f"deadlines --within={days} are refused", done.returncode == 64 and "--within" in done.stderr, (done.returncode, done.stderr))
    for arguments in (["trust", "add", platform.folder, "--reason", "r", "--deployment", deployment], ["trust", "verify", platform.folder],
                      ["saml", "verify", platform.folder], ["jose", "verify", platform.folder], ["xml", "verify", platform.folder]):
        done = platform.run("sekisho", *arguments, expect=None)
        check(f"`{' '.join(arguments[:2])}` reads no folder", done.returncode == 64 and "there is no file" in done.stderr, (done.returncode, done.stderr))


def told(registrar):
    """A faulty command line is told with the usage of its own command; what the folder says otherwise is no fault of the line."""
    platform = registrar.platform
    for arguments, usage in ((["keys", "generate", "openid-signing", "--deployment", platform.deployment], "sekisho keys generate"),
                             (["keys", "report", "--key", "x", "--deployment", platform.deployment], "sekisho keys report"),
                             (["client", "token", platform.deployment, "--sponsor", "x", "--uses", "0"], "sekisho client token")):
        done = platform.run("sekisho", *arguments, expect=None)
        check(f"`{' '.join(arguments[:2])}` tells its own usage", done.returncode == 64 and "Usage: " + usage in done.stderr, (done.returncode, done.stderr))
    done = platform.run("sekisho", "client", "token", platform.deployment, "--sponsor", "x", expect=None)
    check("a token for registrations that the folder does not allow is refused with 1",
          done.returncode == 1 and "openid.registration" in done.stderr and "Usage" not in done.stderr, (done.returncode, done.stderr))
    done = platform.run("sekisho", "policy", "activate", "b", "--end-shadow", "--reason", "r", "--deployment", platform.deployment, expect=None)
    check("--end-shadow with a bundle is told as what it is", done.returncode == 64 and "--end-shadow takes no bundle" in done.stderr, done.stderr)
    done = platform.run("sekisho", "metadata", "status", "--deployment", platform.deployment, expect=None)
    check("without sources there is nothing to watch", done.returncode == 0 and "nothing to watch" in done.stdout, done.stdout + done.stderr)


def full(registrar):
    """Standard output on a full disk, and into a pipe that nobody reads."""
    platform = registrar.platform
    program = os.path.join(platform.binaries, "sekisho")
    job = os.path.join(platform.folder, "job.json")
    with open(job, "w") as f:
        f.write("{}")
    for arguments in (["audit", "show", platform.deployment], ["admin", "export", platform.deployment], ["saml", "verify", job]):
        with open("/dev/full", "w") as disk:
            done = subprocess.run([program, *arguments], stdout=disk, stderr=subprocess.PIPE, text=True, timeout=120)
        check(f"`{' '.join(arguments[:2])}` says that its output was lost", done.returncode == 74 and "could be written" in done.stderr, (done.returncode, done.stderr[-300:]))
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([program, "audit", "show", platform.deployment], stdout=writer, stderr=subprocess.PIPE, text=True, timeout=120)
    os.close(writer)
    check("whoever closes the pipe hears nothing of it", done.returncode in (0, -signal.SIGPIPE) and not done.stderr, (done.returncode, done.stderr))


def starts(registrar):
    """A signal, and a change, while the server starts."""
    platform = registrar.platform
    run = os.path.join(platform.deployment, "run")

    def text(name):
        try:
            with open(os.path.join(run, name)) as f:
                return f.read()
        except OSError:
            return ""

    def again():
        platform.server.terminate()
        platform.server.wait(30)
        log = open(os.path.join(platform.folder, "sekisho.log"), "ab")
        platform.server = subprocess.Popen([os.path.join(platform.binaries, "sekisho"), "serve", platform.deployment], stdout=log, stderr=log)
        platform.processes.append(platform.server)

    def key_ids():
        try:
            return {key["kid"] for key in requests.get(platform.base + "/openid/jwks", timeout=20).json()["keys"]}
        except requests.RequestException:
            return set()

    again()
    until(lambda: str(platform.server.pid) in text("sekisho.pid").split(), pause=0.001)
    platform.server.send_signal(signal.SIGHUP)
    generation = f"nodes/{platform.server.pid}.generation"
    check("a signal as soon as the process is named is taken", until(lambda: text(generation).strip() == "2"), (text(generation), platform.server.poll()))
    before = until(key_ids)

    # The first server of several is let into the store; this one has read its folder and waits.
    with open(os.path.join(platform.deployment, "State", "sekisho.sqlite.start"), "r+") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        again()
        time.sleep(5)
        done = platform.run("sekisho", "keys", "generate", "openid-signing", "--algorithm", "ES384", "--deployment", platform.deployment)
        check("the command finds no server while one starts", "no server is running" in done.stdout, done.stdout)
    check("and what it changed is taken all the same", until(lambda: len(key_ids()) == len(before) + 1), (before, key_ids()))


def two(registrar, service):
    platform = registrar.platform
    folder = os.path.join(platform.deployment, "Keys", "officers")
    os.makedirs(folder, exist_ok=True)
    keys = {}
    for name in ("sato", "suzuki"):
        keys[name] = os.path.join(platform.folder, name + ".pem")
        subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", keys[name]], check=True, capture_output=True)
        public = subprocess.run(["openssl", "pkey", "-in", keys[name], "-pubout"], check=True, capture_output=True, text=True).stdout
        with open(os.path.join(folder, name + ".yaml"), "w") as f:
            f.write(f"name: {name}\nroles: [registrar]\nnot-before: 2020-01-01\nnot-after: 2099-01-01\npublic-key: |\n" + "".join(f"  {line}\n" for line in public.splitlines()))
    for name in keys:
        registrar.member("sign", "--all", "--as", name, "--key", keys[name], "--reason", "as it is")
    with open(os.path.join(platform.deployment, "sekisho.yaml"), "a") as f:
        f.write("\nmembers: {changes: two-people}\n")
    done = registrar.member("suspend", CLIENT, "--reason", "second complaint", expect=None)
    check("nobody changes a member unsigned", done.returncode != 0 and "--as" in done.stderr, done.stderr)
    done = registrar.member("suspend", CLIENT, "--reason", "second complaint", "--as", "sato", "--key", keys["sato"])
    name = re.search(r"approve (\w+)", done.stdout).group(1)
    check("one officer alone changes nothing", plays(service).redeemed)
    done = registrar.member("proposals", name)
    check("the second one reads what would change", "+   state: suspended" in done.stdout, done.stdout)
    done = registrar.member("approve", name, "--as", "sato", "--key", keys["sato"], "--reason", "r", expect=None)
    check("the same one does not count twice", done.returncode != 0, done.stdout)
    registrar.member("approve", name, "--as", "suzuki", "--key", keys["suzuki"], "--reason", "read and right")
    check("two suspend it", not plays(service).redeemed)
    changed = [r for r in registrar.trail() if r["event"] == "member.changed"][-1]
    check("both stand in the trail", changed["signed-by"] == ["sato", "suzuki"] and changed["to"] == "suspended", changed)
    done = platform.run("sekisho", "audit", "verify", platform.deployment)
    check("the trail holds", "holds" in done.stdout, done.stdout)


def test(platform):
    service = Service(platform)
    registrar = Registrar(platform)
    mark, keys = marks(registrar)
    suspension(registrar, service, mark, keys)
    halves(registrar, service)
    application(registrar)
    odd(registrar)
    full(registrar)
    told(registrar)
    starts(registrar)
    two(registrar, service)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", required=True, help="folder with the programs sekisho and jpki-simulator")
    platform = R.Platform(parser.parse_args().binaries)
    return R.carry_out("members", platform, lambda: test(platform))


if __name__ == "__main__":
    sys.exit(main())
