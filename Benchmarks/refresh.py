"""Card logins while a revocation list of millions, or a federation's signed aggregate, is replaced: latency during the refreshes beside
latency between them. See README.md.

    python Benchmarks/refresh.py --binaries .build/release --entries 10000000 --refreshes 4
    python Benchmarks/refresh.py --binaries .build/release --metadata 10000 --refreshes 4
"""

import argparse
import http.server
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import bench  # noqa: E402


class Shelf:
    """Gives out one file from a process of its own, as an authority does from a machine of its own, and notes when it was asked for it."""

    def __init__(self, folder):
        self.path, self.note = os.path.join(folder, "list.crl"), os.path.join(folder, "asked")
        self.process = subprocess.Popen(
            ["nice", "-n", "5", sys.executable, os.path.abspath(__file__), "--shelf", self.path, self.note], stdout=subprocess.PIPE)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}/full.crl"

    @property
    def asked(self):
        """When the list was last asked for and given; 0 when it was not, or not since `forget`."""
        try:
            return os.stat(self.note).st_mtime
        except OSError:
            return 0

    def forget(self):
        if os.path.exists(self.note):
            os.unlink(self.note)

    @staticmethod
    def serve(path, note):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                with open(path, "rb") as f:
                    tag = '"%d"' % os.fstat(f.fileno()).st_ino
                    size = os.fstat(f.fileno()).st_size
                    if self.headers.get("If-None-Match") == tag:
                        self.send_response(304)
                        self.end_headers()
                        return
                    open(note, "w").close()
                    self.send_response(200)
                    self.send_header("ETag", tag)
                    self.send_header("Content-Type", "application/pkix-crl")
                    self.send_header("Content-Length", str(size))
                    self.end_headers()
                    sent = 0
                    while sent < size:
                        sent += os.sendfile(self.connection.fileno(), f.fileno(), sent, size - sent)

            def log_message(self, *_):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            print(server.server_address[1], flush=True)
            server.serve_forever()


def files(folder, *endings):
    """What was published there: it is named by its content, so that a new state has new names."""
    try:
        return {name for name in os.listdir(folder) if name.endswith(endings)}
    except OSError:
        return set()


class Lists:
    """The revocation list of one authority."""

    def __init__(self, arguments, folder, deployment):
        self.arguments, self.folder = arguments, folder
        self.maker = os.path.join(folder, "crl")
        subprocess.run(["cc", "-O2", "-o", self.maker, os.path.join(HERE, "Revocation", "crl.c"), "-lcrypto"], check=True)
        self.state = os.path.join(deployment, "State", "trust", "lists")
        settings = os.path.join(deployment, "sekisho.yaml")
        with open(settings) as f:
            text = f.read().replace("#    refresh: 1h", "    refresh: 10s")
        with open(settings, "w") as f:
            f.write(text)
        self.size = f"{arguments.entries} entries"

    def make(self, path, number):
        subprocess.run(
            [self.maker, "make", path, str(self.arguments.entries), "random:64", "shuffled", "mix", "rsa", str(number)], check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "AUTHORITY": os.path.join(self.folder, "jpki", "authorities", "user-2"), "NUMBER": str(number)})

    def published(self):
        return files(self.state, ".crl", ".index")

    def refresh(self):
        """The server looks by itself, every ten seconds."""


class Metadata:
    """A signed aggregate in which every service has another name each time: nothing of the state before can be kept."""

    def __init__(self, arguments, folder, deployment, url, binaries):
        self.folder, self.deployment, self.binaries = folder, deployment, binaries
        self.state = os.path.join(deployment, "State", "metadata", "bench")
        self.first = os.path.join(folder, "first.xml")
        subprocess.run(
            [sys.executable, os.path.join(os.environ.get("SEKISHO_BENCH", os.path.join(bench.ROOT, "..", "shared", "bench")), "metadata", "gen.py"),
             self.first, str(arguments.metadata), folder], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        sources = os.path.join(deployment, "Metadata", "sources")
        os.makedirs(sources, exist_ok=True)
        with open(os.path.join(sources, "bench.yaml"), "w") as f:
            f.write(f"kind: url\nlocation: {url}\nsigned-by: bench.pem\nrefresh: {{every: 1h, at-least: 10m}}\nterms:\n  kind: private-verifier\n"
                    "  accreditation: {state: accredited, not-before: 2026-01-01, not-after: 2099-01-01, purposes: [login]}\n")
        with open(os.path.join(folder, "md.crt")) as source, open(os.path.join(sources, "bench.pem"), "w") as f:
            f.write(source.read())
        self.size = f"{arguments.metadata} entities"

    def make(self, path, number):
        with open(self.first) as source, open(path + ".new", "w") as f:
            f.write(source.read().replace(" Service ", f" Service {number} "))
        subprocess.run([sys.executable, os.path.join(HERE, "Metadata", "sign.py"), path + ".new", path, self.folder], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.unlink(path + ".new")

    def published(self):
        return files(self.state, ".index")

    def refresh(self):
        subprocess.Popen([os.path.join(self.binaries, "sekisho"), "metadata", "refresh", "bench", "--deployment", self.deployment],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def rank(values, share):
    values = sorted(values)
    return values[min(int(len(values) * share), len(values) - 1)]


def main():
    if sys.argv[1:2] == ["--shelf"]:
        return Shelf.serve(*sys.argv[2:4])
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=os.path.join(bench.ROOT, ".build", "release"))
    parser.add_argument("--entries", type=int, default=10_000_000)
    parser.add_argument("--metadata", type=int, default=0, help="entities of an aggregate; replaces that instead of a list")
    parser.add_argument("--refreshes", type=int, default=4)
    parser.add_argument("--quiet", type=float, default=15, help="seconds of logins before each refresh")
    parser.add_argument("--rate", type=float, default=60, help="logins begun per second, as long as each takes less than its share")
    arguments = parser.parse_args()
    binaries = os.path.abspath(arguments.binaries)
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-") as folder:
        driver = bench.load_driver(os.path.join(folder, "state"))
        shelf = Shelf(folder)
        base, paths, client, service = bench.prepare(binaries, folder, False, None if arguments.metadata else shelf.url)
        if not arguments.metadata:
            service.terminate()
        deployment = os.path.join(folder, "deployment")
        what = (Metadata(arguments, folder, deployment, shelf.url, binaries) if arguments.metadata
                else Lists(arguments, folder, deployment))
        following = os.path.join(folder, "next")

        def make(number):
            """The next state, beside the one that is given out."""
            what.make(following, number)
            os.sync()

        make(200)
        os.replace(following, shelf.path)
        size = os.path.getsize(shelf.path)
        citizen = bench.Citizen(folder, base)
        bench.patch(driver, citizen, client)
        target = driver.Target(paths[0])
        target.start()
        try:
            deadline = time.monotonic() + 180
            while not what.published():
                if time.monotonic() > deadline:
                    sys.exit("the first one was not published; see `sekisho trust status`, `sekisho metadata status`")
                time.sleep(0.2)
            for _ in range(40):
                citizen.login(driver, target)
            quiet, busy, spans = [], [], []
            for number in range(201, 201 + arguments.refreshes):
                # Making it takes a processor and a disk: nothing is timed meanwhile.
                make(number)
                time.sleep(2)
                logins, before, done, swapped = [], what.published(), None, False
                shelf.forget()
                begun = time.time()
                while done is None or time.time() < done + 1:
                    at = time.time()
                    citizen.login(driver, target)
                    logins.append((at, time.time()))
                    if not swapped and at > begun + arguments.quiet:
                        os.replace(following, shelf.path)
                        what.refresh()
                        swapped = True
                    if swapped and done is None and not what.published() <= before:
                        done = time.time()
                    if at > begun + arguments.quiet + 240:
                        sys.exit("the next one was not published")
                    time.sleep(max(0, at + 1 / arguments.rate - time.time()))
                asked = shelf.asked
                spans.append(done - asked)
                quiet += [end - start for start, end in logins if end < asked]
                busy += [end - start for start, end in logins if end >= asked and start <= done]
            with open(f"/proc/{target.pids()[0]}/status") as f:
                status = f.read()
            memory = {key: int(status.split(key + ":")[1].split()[0]) // 1024 for key in ("VmHWM", "RssAnon", "RssFile")}
        finally:
            target.stop()
            service.terminate()
            service.wait()
            shelf.process.terminate()
        print(f"{what.size}, {size} bytes; {arguments.refreshes} refreshes, seconds from request to publication: "
              + ", ".join(f"{span:.1f}" for span in spans))
        for name, times in (("between refreshes", quiet), ("during refreshes", busy)):
            ms = [value * 1000 for value in times]
            print(f"{name}: {len(ms)} card logins, p50 {statistics.median(ms):.1f} ms, p95 {rank(ms, 0.95):.1f} ms, p99 {rank(ms, 0.99):.1f} ms")
        print(f"p99 during / between: {rank(busy, 0.99) / rank(quiet, 0.99):.2f}; memory MB: {memory}")


if __name__ == "__main__":
    main()
