"""Card logins while a revocation list of millions is replaced: latency during the refreshes beside latency between them. See README.md.

    python Benchmarks/refresh.py --binaries .build/release --entries 10000000 --refreshes 4
"""

import argparse
import http.server
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


def published(deployment):
    """The digests of the lists in force, as the records beside them tell."""
    folder = os.path.join(deployment, "State", "trust", "lists")
    try:
        return {name: os.stat(os.path.join(folder, name)).st_mtime_ns for name in os.listdir(folder) if name.endswith((".crl", ".index"))}
    except OSError:
        return {}


def rank(values, share):
    values = sorted(values)
    return values[min(int(len(values) * share), len(values) - 1)]


def main():
    if sys.argv[1:2] == ["--shelf"]:
        return Shelf.serve(*sys.argv[2:4])
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=os.path.join(bench.ROOT, ".build", "release"))
    parser.add_argument("--entries", type=int, default=10_000_000)
    parser.add_argument("--refreshes", type=int, default=4)
    parser.add_argument("--quiet", type=float, default=15, help="seconds of logins before each refresh")
    parser.add_argument("--rate", type=float, default=60, help="logins begun per second, as long as each takes less than its share")
    arguments = parser.parse_args()
    binaries = os.path.abspath(arguments.binaries)
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-") as folder:
        driver = bench.load_driver(os.path.join(folder, "state"))
        maker = os.path.join(folder, "crl")
        subprocess.run(["cc", "-O2", "-o", maker, os.path.join(HERE, "Revocation", "crl.c"), "-lcrypto"], check=True)
        shelf = Shelf(folder)
        base, paths, client, service = bench.prepare(binaries, folder, False, shelf.url)
        service.terminate()
        deployment = os.path.join(folder, "deployment")
        settings = os.path.join(deployment, "sekisho.yaml")
        with open(settings) as f:
            text = f.read().replace("#    refresh: 1h", "    refresh: 10s")
        with open(settings, "w") as f:
            f.write(text)
        next_list = os.path.join(folder, "next.crl")

        def make(number):
            """The next list of the authority, beside the one that is given out."""
            subprocess.run(
                [maker, "make", next_list, str(arguments.entries), "random:64", "shuffled", "mix", "rsa", str(number)], check=True,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "AUTHORITY": os.path.join(folder, "jpki", "authorities", "user-2"), "NUMBER": str(number)})
            os.sync()

        make(200)
        os.replace(next_list, shelf.path)
        size = os.path.getsize(shelf.path)
        citizen = bench.Citizen(folder, base)
        bench.patch(driver, citizen, client)
        target = driver.Target(paths[0])
        target.start()
        try:
            deadline = time.monotonic() + 180
            while not published(deployment):
                if time.monotonic() > deadline:
                    sys.exit("the first list was not published; see `sekisho trust status`")
                time.sleep(0.2)
            for _ in range(40):
                citizen.login(driver, target)
            quiet, busy, spans = [], [], []
            for number in range(201, 201 + arguments.refreshes):
                # Making the list takes a processor and a disk: nothing is timed meanwhile.
                make(number)
                time.sleep(2)
                logins, before, done, swapped = [], published(deployment), None, False
                shelf.forget()
                begun = time.time()
                while done is None or time.time() < done + 1:
                    at = time.time()
                    citizen.login(driver, target)
                    logins.append((at, time.time()))
                    if not swapped and at > begun + arguments.quiet:
                        os.replace(next_list, shelf.path)
                        swapped = True
                    if swapped and done is None and not published(deployment).keys() <= before.keys():
                        done = time.time()
                    if at > begun + arguments.quiet + 240:
                        sys.exit("the next list was not published")
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
            service.wait()
            shelf.process.terminate()
        print(f"list: {arguments.entries} entries, {size} bytes; {arguments.refreshes} refreshes, seconds from request to publication: "
              + ", ".join(f"{span:.1f}" for span in spans))
        for name, times in (("between refreshes", quiet), ("during refreshes", busy)):
            ms = [value * 1000 for value in times]
            print(f"{name}: {len(ms)} card logins, p50 {statistics.median(ms):.1f} ms, p95 {rank(ms, 0.95):.1f} ms, p99 {rank(ms, 0.99):.1f} ms")
        print(f"p99 during / between: {rank(busy, 0.99) / rank(quiet, 0.99):.2f}; memory MB: {memory}")


if __name__ == "__main__":
    main()
