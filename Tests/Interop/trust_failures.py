"""What a login answers when the sources of revocation fail: a real `sekisho serve` with the simulator's lists and OCSP, each failure made
with the real thing (a process that is gone, a clock that is wrong, half a file, a disk that is full). Prints the answers."""

import argparse
import datetime
import hashlib
import http.server
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback

import requests

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import crash as C  # noqa: E402
import run as R  # noqa: E402
from citizen import Card  # noqa: E402

check = R.check
LISTS = [f"crl/user/{generation}/full.crl" for generation in (1, 2, 3)]


class Source:
    """Where the platform thinks the authorities are: passes on to the simulator, or does worse."""

    def __init__(self, port):
        self.mode, self.upstream, self.asked = "pass", None, 0
        source = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                source.asked += 1
                if source.mode == "half-body":  # a line that breaks: fewer bytes than were promised
                    body = self.fetch().content
                    self.head(200, len(body), "application/pkix-crl")
                    self.wfile.write(body[: len(body) // 2])
                    self.wfile.flush()
                    self.connection.shutdown(2)
                elif source.mode == "half-file":  # the authority's own file is cut
                    body = self.fetch().content
                    self.tell(200, body[: len(body) // 2])
                elif source.mode == "error":
                    self.tell(503, b"out of order\n")
                else:
                    answer = self.fetch()
                    self.tell(answer.status_code, answer.content)

            def do_POST(self):
                if source.mode == "error":
                    return self.tell(503, b"out of order\n")
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                try:
                    answer = requests.post(source.upstream + self.path, data=body, headers={"Content-Type": self.headers["Content-Type"]},
                                           timeout=5)
                    self.tell(answer.status_code, answer.content)
                except requests.ConnectionError:
                    self.connection.close()

            def fetch(self):
                return requests.get(source.upstream + self.path, timeout=5)

            def tell(self, status, body):
                self.head(status, len(body), "application/pkix-crl" if self.path.endswith(".crl") else "application/ocsp-response")
                self.wfile.write(body)

            def head(self, status, length, kind):
                self.send_response(status)
                self.send_header("Content-Length", str(length))
                self.send_header("Content-Type", kind)
                self.end_headers()

            def log_message(self, *arguments):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # a line cut on purpose

        self.server = Server(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class World(R.Platform):
    """The platform, its authorities behind `Source`, and cards that are played without a process each."""

    def __init__(self, binaries):
        super().__init__(binaries)
        self.simulator_port = R.free_port()
        self.source = Source(self.jpki_port)
        self.source.upstream = f"http://127.0.0.1:{self.simulator_port}"
        self.simulator = None
        self.sessions = []

    def build(self):
        public = f"http://127.0.0.1:{self.jpki_port}"
        self.run("jpki-simulator", "init", self.state, "--base", public)
        self.authorities_up()
        lists = [argument for path in LISTS for argument in ("--revocation-list", f"{public}/{path}")]
        self.run("sekisho", "init", self.deployment, "--mode", "development", "--base-url", self.base,
                 "--tls-port", str(self.tls_port), *lists)
        self.run("jpki-simulator", "anchors", "--state", self.state, self.deployment)
        self.settings(ocsp="on")
        self.up()
        self.service = C.Service(self)
        self.cards = {}
        for name in ("hanako", "taro", "jiro"):
            self.run("jpki-simulator", "export", "--state", self.state, "--card", name, self.folder)
            self.cards[name] = Card(self.folder, self.base, name)

    # The authorities

    def authorities_up(self, *options, state=None):
        self.authorities_down()
        self.simulator = self.start("jpki-simulator", "serve", "--state", state or self.state, "--port", str(self.simulator_port), *options,
                                    ready=f"http://127.0.0.1:{self.simulator_port}/crl/user/2/full.crl")

    def authorities_down(self):
        if self.simulator and self.simulator.poll() is None:
            self.simulator.terminate()
            self.simulator.wait(20)
        self.simulator = None

    # The platform

    def settings(self, **values):
        """Rewrites `card.revocation`, keeping its lists unless told otherwise."""
        path = os.path.join(self.deployment, "sekisho.yaml")
        text = open(path).read()
        if not hasattr(self, "plain"):
            self.plain = text
        lists = re.search(r"^    lists: \[.*\]$", self.plain, re.M)[0]
        values = {"refresh": "10s", "list-maximum-age": "36h", "lists": None, **values}
        given = values.pop("lists")
        lines = [lists if given is None else f"    lists: [{', '.join(given)}]"]
        lines += [f"    {key}: {value}" for key, value in values.items()]
        kept = [line for line in self.plain.split("\n")]
        start = next(i for i, line in enumerate(kept) if line == "  revocation:")
        end = start + 1
        while end < len(kept) and (kept[end].startswith("    ") or kept[end].startswith("#    ")):
            end += 1
        with open(path, "w") as file:
            file.write("\n".join(kept[: start + 1] + lines + kept[end:]))

    def up(self, prepare=None):
        log = open(os.path.join(self.folder, "sekisho.log"), "ab")
        self.server = subprocess.Popen(
            [os.path.join(self.binaries, "sekisho"), "serve", self.deployment], stdout=log, stderr=log, preexec_fn=prepare)
        self.processes.append(self.server)
        for _ in range(600):
            if self.server.poll() is not None:
                raise RuntimeError("sekisho ended at once: " + open(log.name).read()[-2000:])
            try:
                requests.get(self.base + "/health", timeout=2)
                return
            except requests.ConnectionError:
                time.sleep(0.1)
        raise RuntimeError("sekisho did not become ready")

    def down(self, hard=False):
        self.server.send_signal(signal.SIGKILL if hard else signal.SIGTERM)
        self.server.wait(40)

    def restart(self, hard=False, prepare=None, **settings):
        self.down(hard)
        if settings:
            self.settings(**settings)
        self.up(prepare)

    @property
    def trust(self):
        found = [os.path.join(folder, "trust") for folder, folders, _ in os.walk(self.deployment) if "trust" in folders and "Keys" not in folders]
        found = found or [os.path.join(self.deployment, "trust")]
        return found[0]

    def whole(self):
        """Whether every list in use is on the disk, and is what its name says."""
        folder = os.path.join(self.trust, "lists")
        records = [json.load(open(os.path.join(folder, name))) for name in os.listdir(folder) if name.endswith(".json")]
        read = lambda digest: open(os.path.join(folder, digest + ".crl"), "rb").read()
        return len(records) == len(LISTS) and all(hashlib.sha256(read(r["digest"])).hexdigest() == r["digest"] for r in records)

    def health(self):
        try:
            return json.load(open(os.path.join(self.trust, "health.json")))
        except (OSError, ValueError):
            return {}

    def sources(self):
        """Of each list: what the operator reads."""
        return [{key: entry.get(key) for key in ("state", "entries", "number", "failure", "alarm")} for entry in self.health().get("lists", [])]

    def remaining(self):
        return [entry.get("remaining") or 0 for entry in self.health().get("lists", [])]

    def failures(self):
        return sorted({entry["failure"] for entry in self.sources() if entry.get("failure")})

    # Citizens

    def login(self, name):
        """`accepted`, or the code of the refusal."""
        flow = C.Flow()
        try:
            self.service.play(flow, self.cards[name], "token")
            self.sessions.append(flow)
            return "accepted"
        except RuntimeError as error:
            code = re.search(r'"error"\s*:\s*"([^"]+)"', str(error))
            return code[1] if code else str(error)

    def go_on(self):
        """How many of the sessions that were ever answered do not go on."""
        return [flow for flow in self.sessions if not C.code_in(self.service.authorize(flow.browser, flow.verifier))]


def wait_for(what, seconds=45, step=0.5):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(step)
    return False


def show(name, world, **answers):
    """The answers as a line of their own, then what the operator sees, which is written every fifteen seconds."""
    asked = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    wait_for(lambda: world.health().get("at", "") >= asked, 17)
    print(f"      {name}: " + ", ".join(f"{card} {answer}" for card, answer in answers.items())
          + f"; lists {', '.join(sorted({entry['state'] or '?' for entry in world.sources()})) or 'none'}"
          + (f"; {', '.join(world.failures())}" if world.failures() else ""), flush=True)


def expect(name, world, hanako, jiro="card.status.revoked"):
    first, second = world.login("hanako"), world.login("jiro")
    show(name, world, hanako=first, jiro=second)
    check(f"{name}: a good card is {hanako}", first == hanako, first)
    check(f"{name}: a revoked card is {jiro}", second == jiro, second)


UNKNOWN = "card.status.unknown"


def responder_down(world):
    world.restart(ocsp="on", order="list-first")
    expect("everything works", world, "accepted")
    world.authorities_down()
    expect("responder down, list first", world, "accepted")
    world.restart(ocsp="on", order="ocsp-first", **{"ocsp-timeout": "1s"})
    expect("responder down, responder first", world, "accepted")
    world.source.mode = "error"
    expect("responder answers 503, responder first", world, "accepted")
    world.source.mode = "pass"
    world.restart(ocsp="on", lists=[], **{"ocsp-timeout": "1s"})
    answer = world.login("hanako")
    show("responder down, no lists", world, hanako=answer)
    check("responder down, no lists: nobody can say, so the good card is refused", answer.startswith("card.status."), answer)
    check("responder down, no lists: and a revoked one all the more", world.login("jiro").startswith("card.status."))
    world.restart(hard=True, ocsp="off")
    expect("killed and started while the authorities are away: the lists of the disk", world, "accepted")
    world.authorities_up()


def list_stale(world):
    world.restart(ocsp="off")
    world.authorities_up("--list-lifetime", "40")
    world.restart(ocsp="off")
    short = wait_for(lambda: world.remaining() and max(world.remaining()) <= 40, 60, 1)
    check("list stale: fresh for forty seconds, the good card is accepted", short and world.login("hanako") == "accepted", world.health())
    world.authorities_down()
    gone = wait_for(lambda: world.login("hanako") != "accepted", 90, 1)
    check("list stale: the good card is refused once its list is over", gone, world.sources())
    first, second = world.login("hanako"), world.login("jiro")
    show("list stale, responder off", world, hanako=first, jiro=second)
    check("list stale: refused as not known, or too old", first.startswith("card.status.") and first != "card.status.revoked", first)
    check("list stale: the revoked card is refused too", second.startswith("card.status."), second)
    world.authorities_up()
    check("list stale: the authorities are back, and the good card is accepted without a restart",
          wait_for(lambda: world.login("hanako") == "accepted", 60, 1), world.sources())
    expect("list fresh again", world, "accepted")


def clock_skewed(world):
    world.restart(ocsp="off")
    for seconds, name in ((45, "45 s ahead"), (-1800, "half an hour behind")):
        world.authorities_up(f"--shift={seconds}")
        world.restart(ocsp="on", order="ocsp-first", **{"ocsp-maximum-age": "1h"})
        time.sleep(1)
        expect(f"authorities' clock {name}", world, "accepted")
    world.authorities_up("--shift=7200")
    world.restart(ocsp="on", order="ocsp-first")
    told = wait_for(lambda: "list.future" in world.failures(), 45)
    expect("authorities' clock two hours ahead: the lists before count", world, "accepted")
    check("authorities' clock ahead: the operator is told", told, world.sources())
    world.down()
    kept = world.trust
    shutil.move(kept, kept + ".aside")
    world.up()
    time.sleep(2)
    answer = world.login("hanako")
    show("authorities' clock two hours ahead, nothing on the disk", world, hanako=answer)
    check("authorities' clock ahead and no list of before: refused", answer.startswith("card.status."), answer)
    world.down()
    shutil.rmtree(kept, ignore_errors=True)
    shutil.move(kept + ".aside", kept)
    world.authorities_up()
    world.settings(ocsp="off")
    world.up()
    expect("authorities' clock right again", world, "accepted")


def list_rolled_back(world):
    before = os.path.join(world.folder, "jpki-before")
    shutil.copytree(world.state, before)
    world.restart(ocsp="off")
    check("list rolled back: taro is accepted before", world.login("taro") == "accepted")
    world.run("jpki-simulator", "revoke", "--state", world.state, "--card", "taro", "--reason", "keyCompromise")
    world.authorities_up()
    refused = wait_for(lambda: world.login("taro") == "card.status.revoked", 60, 1)
    check("list rolled back: taro is refused once the new list is here", refused, world.sources())
    show("list rolled back: before", world, taro="card.status.revoked")
    numbers = [entry["number"] for entry in world.sources()]
    world.authorities_up("--shift=-3600", state=before)
    told = wait_for(lambda: "list.number-back" in world.failures(), 60, 1)
    taro = world.login("taro")
    show("list rolled back by an hour, before taro's revocation", world, hanako=world.login("hanako"), taro=taro)
    check("list rolled back: refused, and the operator is told", told, world.sources())
    check("list rolled back: taro stays refused", taro == "card.status.revoked", taro)
    check("list rolled back: the good card is accepted", world.login("hanako") == "accepted")
    world.restart(hard=True)
    check("list rolled back: also after kill -9 and a start", world.login("taro") == "card.status.revoked", world.sources())
    check("list rolled back: no number went back", all(int(new or "0", 16) >= int(old or "0", 16) for old, new in zip(
        numbers, [entry["number"] for entry in world.sources()])), (numbers, world.sources()))
    world.authorities_up()


def half_a_file(world):
    world.restart(ocsp="off")
    for mode, name in (("half-body", "half a list over the line"), ("half-file", "half a list at the authority")):
        world.source.mode = mode
        asked = world.source.asked
        wait_for(lambda: world.source.asked >= asked + 6, 40)
        told = wait_for(world.failures, 30)
        expect(name, world, "accepted")
        check(f"{name}: no list in use is half", all(entry["state"] == "fresh" for entry in world.sources()), world.sources())
        check(f"{name}: the operator is told", told, world.sources())
    world.source.mode = "pass"
    # A power failure's leftovers on our own disk.
    world.down(hard=True)
    lists = os.path.join(world.trust, "lists")
    cut = [name for name in os.listdir(lists) if name.endswith(".crl") or name.endswith(".index")]
    for name in cut:
        with open(os.path.join(lists, name), "r+b") as file:
            file.truncate(os.path.getsize(file.name) // 2)
    open(os.path.join(lists, "00000000000000000000000000000000.incoming"), "wb").write(b"\x30\x82")
    world.source.mode = "error"
    world.authorities_down()
    world.up()
    time.sleep(1)
    first, second = world.login("hanako"), world.login("jiro")
    show("every list of our own disk cut in half, authorities away", world, hanako=first, jiro=second)
    check("our own disk's lists cut: nothing of them counts, the good card is refused", first.startswith("card.status."), first)
    check("our own disk's lists cut: the revoked card is refused", second.startswith("card.status."), second)
    world.source.mode = "pass"
    world.authorities_up()
    check("our own disk's lists cut: whole again from the authorities, without a restart",
          wait_for(lambda: world.login("hanako") == "accepted", 60, 1), world.sources())
    expect("lists whole again", world, "accepted")


def disk_full(world):
    """The trust store's folder on a small file system of its own, filled to the last byte."""
    world.down()
    trust = world.trust
    aside = trust + ".aside"
    shutil.move(trust, aside)
    os.mkdir(trust, 0o700)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "tmpfs", trust], capture_output=True).returncode == 0
    try:
        for name in os.listdir(aside):
            source, target = os.path.join(aside, name), os.path.join(trust, name)
            shutil.copytree(source, target) if os.path.isdir(source) else shutil.copy2(source, target)
        world.settings(ocsp="off")
        if mounted:
            world.up()
        else:
            print("      no mount here: a file size limit instead", flush=True)

            def limit():
                import resource
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

            world.up(limit)
        expect("disk about to be full", world, "accepted")
        filler = os.path.join(trust, "filler")
        if mounted:
            handle = os.open(filler, os.O_CREAT | os.O_WRONLY)
            try:
                while True:
                    os.write(handle, b"\0" * 4096)
            except OSError:
                os.close(handle)
        world.run("jpki-simulator", "issue", "--state", world.state, "--card", "late")
        world.run("jpki-simulator", "export", "--state", world.state, "--card", "late", world.folder)
        world.cards["late"] = Card(world.folder, world.base, "late")
        check("disk full: a new card is accepted by the lists in use", world.login("late") == "accepted")
        world.run("jpki-simulator", "revoke", "--state", world.state, "--card", "late", "--reason", "keyCompromise")
        asked = world.source.asked
        wait_for(lambda: world.source.asked >= asked + 6, 60)
        time.sleep(2)
        late = world.login("late")
        show("disk full at publish", world, hanako=world.login("hanako"), jiro=world.login("jiro"), late=late)
        check("disk full: the good card is accepted by the list before", world.login("hanako") == "accepted")
        check("disk full: the revoked card is refused", world.login("jiro") == "card.status.revoked")
        # What has no room on the disk is not in use either: a restart never knows less than the process before it.
        check("disk full: the new list is not in use before it is on the disk", late == "accepted", late)
        if mounted:
            log = open(os.path.join(world.folder, "sekisho.log"), errors="replace").read()
            check("disk full: the operator is told, by the log when the health file has no room", "code=disk" in log, log[-800:])
            check("disk full: the lists in use are whole, to the byte", world.whole(), os.listdir(trust + "/lists"))
        world.down(hard=True)
        if mounted:
            world.up()
            expect("disk full, killed and started", world, "accepted")
            check("disk full, killed and started: the lists before are whole, to the byte", world.whole(), os.listdir(trust + "/lists"))
            os.remove(filler)
        else:
            world.up()
        check("room again: the new list is taken without a restart, and the late card is refused",
              wait_for(lambda: world.login("late") == "card.status.revoked", 90, 1), (world.login("late"), world.sources()))
        expect("room again", world, "accepted")
        world.down()
    finally:
        if mounted:
            again = tempfile.mkdtemp(dir=world.folder)
            shutil.copytree(trust, again, dirs_exist_ok=True)
            subprocess.run(["umount", trust], capture_output=True)
            shutil.copytree(again, trust, dirs_exist_ok=True)
        shutil.rmtree(aside, ignore_errors=True)
    world.up()


def nothing_lost(world, name):
    lost = world.go_on()
    check(f"{name}: all {len(world.sessions)} sessions that were answered go on", not lost, len(lost))
    verdict = world.run("sekisho", "audit", "verify", world.deployment, expect=None)
    check(f"{name}: the audit trail holds", verdict.returncode == 0, verdict.stdout + verdict.stderr)


SCENES = {"responder-down": responder_down, "list-stale": list_stale, "clock-skewed": clock_skewed, "list-rolled-back": list_rolled_back,
          "half-a-file": half_a_file, "disk-full": disk_full}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=".build/debug")
    parser.add_argument("--scene", action="append", choices=sorted(SCENES), help="only this one")
    arguments = parser.parse_args()
    world = World(arguments.binaries)
    try:
        world.build()
        for name, scene in SCENES.items():
            if arguments.scene and name not in arguments.scene:
                continue
            print(f"--- {name}", flush=True)
            try:
                scene(world)
                nothing_lost(world, name)
            except Exception:
                R.check(f"{name}: goes through to its end", False, traceback.format_exc())
                world.source.mode = "pass"
                if world.server.poll() is not None:
                    world.up()
                if not world.simulator:
                    world.authorities_up()
    except Exception:
        R.check("the run goes through to its end", False, traceback.format_exc())
    finally:
        if R.FAILED:
            path = os.path.join(world.folder, "sekisho.log")
            if os.path.exists(path):
                print(f"--- end of sekisho.log\n{open(path, errors='replace').read()[-3000:]}")
        world.stop()
    print(f"trust_failures: {len(R.PASSED)} passed, {len(R.FAILED)} failed", flush=True)
    return 1 if R.FAILED else 0


if __name__ == "__main__":
    sys.exit(main())
