"""Keys in PKCS#11 tokens: `sekisho serve` signs OpenID tokens and SAML answers with keys in SoftHSM, once loaded into the server and once
behind a socket (p11-kit), while real relying parties verify. Roll-over both ways in flight, a token that goes away, hangs and comes back,
wrong PINs. Debian packages: softhsm2, opensc, p11-kit, p11-kit-modules. See README.md."""

import argparse
import base64
import glob
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

import requests

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run as R  # noqa: E402
import parties as P  # noqa: E402
from run import check, free_port, key_files, member  # noqa: E402
from servers import PATIENCE, Crowd, until  # noqa: E402

PIN, WRONG = "pin-5731-kagi", "pin-0000-wrong"
SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"
CLIENT = next(iter(glob.glob("/usr/lib/*/pkcs11/p11-kit-client.so")), "")
SPY = next(iter(glob.glob("/usr/lib/*/pkcs11-spy.so") + glob.glob("/usr/lib/*/pkcs11/pkcs11-spy.so")), "")


class Tokens:
    """Two SoftHSM tokens in one folder: `Near` is used by the server itself, `Far` by way of a p11-kit server."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "softhsm")
        os.makedirs(os.path.join(self.folder, "tokens"))
        configuration = os.path.join(self.folder, "softhsm2.conf")
        with open(configuration, "w") as f:
            f.write(f"directories.tokendir = {self.folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = configuration
        self.socket = os.path.join(self.folder, "socket")
        os.environ["P11_KIT_SERVER_ADDRESS"] = "unix:path=" + self.socket
        self.pin_file = os.path.join(self.folder, "pin")
        self.set_pin(PIN)
        for label in ("Near", "Far"):
            self.tool("softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "so-pin-1", "--pin", PIN)
        self.server = None

    def set_pin(self, pin, mode=0o400):
        if os.path.exists(self.pin_file):
            os.remove(self.pin_file)
        with open(os.open(self.pin_file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as f:
            f.write(pin + "\n")
        os.chmod(self.pin_file, mode)

    @staticmethod
    def tool(*arguments):
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"{arguments[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self):
        if os.path.exists(self.socket):
            os.remove(self.socket)
        # A session of its own, so that what it forks for each connection goes with it.
        self.server = subprocess.Popen(
            ["p11-kit", "server", "-f", "-n", self.socket, "--provider", SOFTHSM, "pkcs11:token=Far"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        if not until(lambda: os.path.exists(self.socket), pause=0.05):
            raise RuntimeError("p11-kit server did not start")

    def signal(self, number):
        os.killpg(self.server.pid, number)

    def stop(self):
        if self.server:
            try:
                self.signal(signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.server.wait()
            self.server = None
        if os.path.exists(self.socket):
            os.remove(self.socket)


class Hsm(R.Platform):
    def keys(self, *arguments, expect=0):
        return self.run("sekisho", "keys", *arguments, "--deployment", self.deployment, expect=expect)

    def listed(self):
        done = self.run("sekisho", "keys", "list", "--json", "--deployment", self.deployment)
        return {key["name"]: key for key in map(json.loads, done.stdout.splitlines())}

    def log(self):
        return open(os.path.join(self.folder, "sekisho.log"), errors="replace").read()

    def restart(self):
        self.end()
        self.server = self.serve()

    def end(self):
        if self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(20)

    def kids(self):
        return {key["kid"] for key in requests.get(self.base + "/openid/jwks", timeout=60).json()["keys"]}


class Watched(P.Authlib):
    """Keeps what the endpoints answered: the library raises an error of its own for a 500 and drops what it says."""

    seen = ()

    def session(self, **more):
        session = super().session(**more)
        session.hooks["response"].append(lambda answer, *rest, **more: setattr(self, "seen", (answer.status_code, answer.text)))
        return session


def header(id_token):
    part = id_token.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def comes_in(platform, party):
    """The `kid` that signed for a citizen who came in at an OpenID party, or what was refused."""
    page = platform.login(party.base + "/start", expect=None)["page"]
    return header(page["id_token"])["kid"] if page.get("claims", {}).get("sub") else page


def add_openid(platform, identifier, algorithm):
    port, secret = free_port(), "softhsm-" + os.urandom(24).hex()
    platform.add_member(member(identifier, "ministry", "procedure", f"""openid:
  redirect-uris: ["http://127.0.0.1:{port}/callback"]
  authentication: client_secret_basic
  secret-sha256: "{__import__('hashlib').sha256(secret.encode()).hexdigest()}"
  id-token-algorithm: {algorithm}
"""), {})
    return Watched(port, platform.base, identifier, secret=secret, algorithm=algorithm)


def add_saml(platform):
    metadata = requests.get(platform.base + "/saml/metadata", timeout=60).text
    party = P.PySAML2(free_port(), *key_files(platform.folder, "pysaml2"), metadata)
    platform.add_member(member(party.entity_id, "ministry", "procedure", "saml:\n  metadata: softhsm.xml\n"), {"softhsm.xml": party.metadata()})
    return party


def crowd_at(platform, parties):
    def visit(party):
        page = platform.login(party.base + "/start", expect=None)["page"]
        return None if page.get("claims", {}).get("sub") or page.get("name_id") else page

    return Crowd({party.base: lambda party=party: visit(party) for party in parties})


def test_adoption(platform, tokens):
    """Keys are made in both tokens while the server runs; they wait, published."""
    plain = platform.kids()
    far = f"pkcs11:token=Far;object=es256?module-path={CLIENT}"
    common = ["--module", SOFTHSM, "--pin-source", "file:" + tokens.pin_file]
    made = platform.keys("next", "openid-signing", "--algorithm", "ES256", "--token", far, "--generate", "p-256", "--name", "far-es256", *common)
    check("next: a key is made in a token behind a socket, and the running server publishes it",
          "the running server has taken it over" in made.stdout and "module-path" in made.stdout, made.stdout + made.stderr)
    platform.keys("next", "openid-signing", "--algorithm", "RS256", "--token", "pkcs11:token=Near", "--generate", "rsa-2048", "--name", "near-rs256")
    platform.keys("next", "saml-signing", "--token", "pkcs11:token=Near;object=saml", "--generate", "rsa2048", "--name", "near-saml")
    platform.keys("next", "saml-encryption", "--token", "pkcs11:token=Near;object=saml-enc", "--generate", "rsa2048", "--name", "near-enc")
    # One that another tool has made before.
    tokens.tool("pkcs11-tool", "--module", SOFTHSM, "--token-label", "Near", "--login", "--pin", PIN, "--keypairgen", "--key-type",
                "EC:prime256v1", "--label", "made by pkcs11-tool", "--id", "0a0b", "--usage-sign")
    adopted = platform.keys("next", "openid-signing", "--algorithm", "ES256", "--token", "pkcs11:token=Near;id=%0a%0b", "--name", "adopted")
    check("next: a key that pkcs11-tool made is adopted", "id=%0A%0B" in adopted.stdout, adopted.stdout)
    keys = platform.listed()
    names = ["far-es256", "near-rs256", "near-saml", "near-enc", "adopted"]
    check("list: they wait, say where they lie, and answer",
          all(keys[name]["state"] == "next" and keys[name]["answers"] is True and keys[name]["token"].startswith("pkcs11:token=") for name in names),
          {name: keys[name] for name in names})
    check("the key set shows them beside the others", platform.kids() >= plain | {keys[n]["kid"] for n in ("far-es256", "near-rs256", "adopted")},
          platform.kids())
    objects = tokens.tool("pkcs11-tool", "--module", SOFTHSM, "--token-label", "Near", "--login", "--pin", PIN, "--list-objects", "--type", "privkey")
    sensitive = [part for part in objects.split("Private Key Object") if "saml" in part or "near-rs256" in part]
    check("what was made there is sensitive and never extractable",
          len(sensitive) == 3 and all("never extractable" in part and "always sensitive" in part for part in sensitive), objects)
    private = glob.glob(os.path.join(platform.deployment, "Keys", "*.key.pem"))
    check("no private half of theirs is in the folder", not [p for p in private if any(n in p for n in names)], private)
    checked = platform.run("sekisho", "check", platform.deployment)
    check("check: says that they answer", checked.stdout.count("is in a token and answers") == 5, checked.stdout)
    return keys


def promote(platform, name):
    early = platform.keys("promote", name, expect=None)
    refused = early.returncode != 0 and "keys.publish-before-use" in early.stdout + early.stderr
    done = platform.keys("promote", name, "--early", "softhsm.py", expect=None)
    return refused and done.returncode == 0, early.stdout + early.stderr + done.stdout + done.stderr


def test_roll_over(platform, keys, es, rs, saml):
    """From files into tokens and back while citizens come in."""
    old = comes_in(platform, es)
    crowd = crowd_at(platform, [es, rs, saml])
    crowd.pass_through()
    for name in ("far-es256", "near-rs256", "near-saml"):
        fine, told = promote(platform, name)
        check(f"promote: {name} is refused before the cache time is over, and taken early with a reason (C12)", fine, told)
    crowd.pass_through()
    crowd.end()
    check("into the token: not one login failed", min(crowd.done.values()) >= 4 and not crowd.failures, (crowd.done, crowd.failures[:2]))
    check("ES256 is signed in the far token", comes_in(platform, es) == keys["far-es256"]["kid"], (old, keys["far-es256"]))
    check("RS256 is signed in the near token", comes_in(platform, rs) == keys["near-rs256"]["kid"], keys["near-rs256"])
    check("the former key stays published for what it signed (C12, ory/hydra #2535)", old in platform.kids(), old)
    page = platform.login(saml.base + "/start")["page"]
    check("pysaml2 takes an answer signed in the near token", bool(page.get("name_id")), page)
    mine = "".join(open(os.path.join(platform.deployment, "Keys", "near-saml.crt.pem")).read().split("\n")[1:-2])
    first = lambda: re.search(r"<ds:X509Certificate[^>]*>([^<]+)<", requests.get(platform.base + "/saml/metadata", timeout=60).text)[1].replace("\n", "")
    # The server reads the folder by itself: on a busy machine it takes its time.
    check("our metadata shows its certificate first, and is signed by it", until(lambda: first() == mine), lambda: first()[:60])
    saml.tamper = P.flip_in_xml(">true<", ">fals<")
    refused = platform.login(saml.base + "/start", expect=None)["page"]
    saml.tamper = None
    check("pysaml2 refuses such an answer when it is changed", "refused" in refused, refused)


def test_outage(platform, tokens, keys, es, rs, saml):
    """The far token goes away, hangs, and comes back; the near one goes on."""
    server, kid = platform.server, keys["far-es256"]["kid"]
    tokens.stop()
    refused = comes_in(platform, es)
    check("token gone: the login is refused with server_error", isinstance(refused, dict) and es.seen[0] == 500 and "server_error" in es.seen[1]
          and "access_token" not in es.seen[1], (refused, es.seen))
    check("token gone: keys elsewhere sign on", comes_in(platform, rs) == keys["near-rs256"]["kid"], "")
    check("token gone: SAML goes on", bool(platform.login(saml.base + "/start")["page"].get("name_id")), "")
    started = time.time()
    requests.get(platform.base + "/health", timeout=60)
    check("token gone: everything else answers at once", time.time() - started < 20 and server.poll() is None, time.time() - started)
    check("token gone: the log says so with a code", until(lambda: "pkcs11." in platform.log() and "does not answer" in platform.log()),
          platform.log()[-600:])
    listed = platform.listed()["far-es256"]
    check("token gone: keys list says so", listed["answers"] is False and listed["fault"].startswith("pkcs11."), listed)
    checked = platform.run("sekisho", "check", platform.deployment, expect=None)
    check("token gone: check notices it and refuses nothing", checked.returncode == 0 and "[pkcs11." in checked.stdout, checked.stdout)
    check("token gone: its public half stays published", kid in platform.kids(), "")
    tokens.start()
    check("token back: logins work again, nobody did anything", until(lambda: comes_in(platform, es) == kid), platform.log()[-600:])
    check("token back: the log says so", until(lambda: "the token answers again" in platform.log()), platform.log()[-400:])

    tokens.signal(signal.SIGSTOP)
    started = time.time()
    refused = comes_in(platform, es)
    took = time.time() - started
    check("token hangs: the login is refused within its patience", isinstance(refused, dict) and took < 40, (took, refused))
    health = []
    ended = threading.Event()

    def watch():
        while not ended.is_set():
            begun = time.time()
            requests.get(platform.base + "/health", timeout=60)
            health.append(time.time() - begun)
            time.sleep(0.05)

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(4):
        comes_in(platform, es)
    others = [comes_in(platform, rs) for _ in range(3)]
    ended.set()
    watcher.join()
    check("token hangs: others come in", others == [keys["near-rs256"]["kid"]] * 3, others)
    check("token hangs: nobody waits longer than its patience", max(health) < 20, max(health))
    tokens.signal(signal.SIGCONT)
    check("token goes on: logins work again", until(lambda: comes_in(platform, es) == kid), platform.log()[-600:])
    check("the server is the same process all the while", server.poll() is None and server is platform.server, server.poll())

    # Out of the token in flight: a key in a file takes over while the token is away.
    tokens.stop()
    platform.keys("generate", "openid-signing", "--algorithm", "ES256", "--name", "file-es256")
    done = platform.keys("promote", "file-es256", "--early", "the token is gone", expect=None)
    check("token gone: a key in a file takes its place without it", done.returncode == 0, done.stdout + done.stderr)
    kid = platform.listed()["file-es256"]["kid"]
    check("and signs", until(lambda: comes_in(platform, es) == kid), "")
    tokens.start()


def test_start(platform, tokens, keys, es):
    """Starts without the token, with a wrong PIN, with a PIN that others can read."""
    crowd_kid = keys["adopted"]["kid"]
    done = platform.keys("promote", "adopted", "--early", "softhsm.py", expect=None)
    check("back into a token: promoted again", done.returncode == 0, done.stdout + done.stderr)
    check("and signs there", until(lambda: comes_in(platform, es) == crowd_kid), "")
    platform.restart()
    check("after a restart the same keys sign", comes_in(platform, es) == crowd_kid, "")

    away = os.path.join(tokens.folder, "away")
    platform.end()
    os.rename(os.path.join(tokens.folder, "tokens"), away)
    os.makedirs(os.path.join(tokens.folder, "tokens"))
    platform.server = platform.serve()
    refused = comes_in(platform, es)
    check("started without its token: serves, and refuses what it cannot sign", isinstance(refused, dict) and platform.server.poll() is None, refused)
    os.rmdir(os.path.join(tokens.folder, "tokens"))
    os.rename(away, os.path.join(tokens.folder, "tokens"))
    check("the token comes: it signs, without a restart", until(lambda: comes_in(platform, es) == crowd_kid), platform.log()[-600:])
    os.rename(os.path.join(tokens.folder, "tokens"), away)
    time.sleep(0.5)
    during = comes_in(platform, es)
    check("its files vanish under the server: no crash, a signature or a refusal",
          platform.server.poll() is None and (during == crowd_kid or isinstance(during, dict)), during)
    os.rename(away, os.path.join(tokens.folder, "tokens"))
    check("and come back: it signs", until(lambda: comes_in(platform, es) == crowd_kid), platform.log()[-600:])

    platform.end()
    # The spy stands between the server and the module and writes down every call.
    spied = os.path.join(platform.folder, "spy.log")
    plan = os.path.join(platform.deployment, "Keys", "keys.yaml")
    text = open(plan).read()
    open(plan, "w").write(text.replace(SOFTHSM, SPY))
    environment = {**os.environ, "PKCS11SPY": SOFTHSM, "PKCS11SPY_OUTPUT": spied}

    def start(wait=PATIENCE):
        process = subprocess.Popen([os.path.join(platform.binaries, "sekisho"), "serve", platform.deployment], env=environment,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            out, _ = process.communicate(timeout=wait)
            return process.returncode, out
        except subprocess.TimeoutExpired:
            process.kill()
            return None, process.communicate()[0]

    tokens.set_pin(WRONG)
    status, out = start()
    tries = open(spied).read().count(": C_Login\n")
    check("a wrong PIN: the server does not start, and says why with a code", status not in (0, None) and "pkcs11.pin-refused" in out, (status, out))
    check("a wrong PIN is tried once, for all keys of the token", tries == 1, tries)
    check("and is told nowhere", WRONG not in out and PIN not in out, out)
    tokens.set_pin(PIN, 0o444)
    os.remove(spied)
    status, out = start()
    tried = os.path.exists(spied) and ": C_Login\n" in open(spied).read()
    check("a PIN that others can read: refused, and not tried", status not in (0, None) and "pkcs11.pin-missing" in out and "chmod 400" in out
          and not tried, (status, out))
    open(plan, "w").write(text)
    tokens.set_pin(PIN)
    platform.server = platform.serve()
    check("with the right PIN it starts again", comes_in(platform, es) == crowd_kid, "")


def test_silence(platform, tokens):
    """Where a PIN must not be."""
    pid = platform.server.pid
    places = {"the command line": open(f"/proc/{pid}/cmdline", "rb").read(), "the log": platform.log().encode(),
              "keys list": platform.run("sekisho", "keys", "list", "--deployment", platform.deployment).stdout.encode(),
              "keys list --json": platform.run("sekisho", "keys", "list", "--json", "--deployment", platform.deployment).stdout.encode()}
    for folder, _, names in os.walk(platform.deployment):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                places[os.path.relpath(path, platform.deployment)] = open(path, "rb").read()
    found = [place for place, text in places.items() if PIN.encode() in text or WRONG.encode() in text]
    check("no PIN stands in a log, a list, a command line or a file of the deployment", not found, found)
    inline = platform.keys("next", "openid-signing", "--algorithm", "ES256", "--token", f"pkcs11:token=Near;object=x?pin-value={PIN}", expect=None)
    check("a PIN in a URI is refused and not repeated", inline.returncode != 0 and PIN not in inline.stdout + inline.stderr, inline.stderr)
    audit = platform.run("sekisho", "audit", "verify", platform.deployment, expect=None)
    check("the audit trail holds", audit.returncode == 0, audit.stdout + audit.stderr)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=".build/debug")
    arguments = parser.parse_args()
    missing = [what for what, there in (("softhsm2", os.path.exists(SOFTHSM)), ("opensc", SPY), ("p11-kit-modules", CLIENT)) if not there]
    if missing:
        print("NOT RUN: apt-get install " + " ".join(missing))
        print("softhsm: 0 passed, 1 failed", flush=True)
        return 1
    platform = Hsm(arguments.binaries)
    tokens, running = Tokens(platform.folder), []

    def test():
        keys = test_adoption(platform, tokens)
        es, rs, saml = add_openid(platform, "HSM0000001", "ES256"), add_openid(platform, "HSM0000002", "RS256"), add_saml(platform)
        running.extend([es, rs, saml])
        test_roll_over(platform, keys, es, rs, saml)
        test_outage(platform, tokens, keys, es, rs, saml)
        test_start(platform, tokens, keys, es)
        test_silence(platform, tokens)

    running.append(tokens)
    tokens.start()
    return R.carry_out("softhsm", platform, test, running)


if __name__ == "__main__":
    sys.exit(main())
