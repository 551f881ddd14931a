"""Bringing in 100,000 customer numbers: by the operator's command and by a member's server, with time and memory, and what happens when it is
cut off half-way. A deployment and a simulated JPKI of its own, in a temporary folder.

    .venv/bin/python Benchmarks/links.py --binaries .build/release [--lines 100000]
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time

import requests

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tests", "Interop"))
import links as L  # noqa: E402

PART = 10_000


def peak(pid):
    """MiB, the most that a process has held."""
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0


def held(pid):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0


def size(platform):
    state = os.path.join(platform.deployment, "State")
    return sum(os.path.getsize(os.path.join(state, name)) for name in os.listdir(state)) / (1 << 20)


def run(command):
    """Seconds and peak MiB of a command."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - began, usage.ru_maxrss / 1024, out.strip(), process.returncode


def line(number, prefix="C"):
    return {"customer": f"{prefix}-{number:08}"}


def logins(platform, card, stop, took):
    """What a citizen notices meanwhile."""
    while not stop.is_set():
        began = time.perf_counter()
        L.Person(platform).told(card, platform.bank)
        took.append(time.perf_counter() - began)
        time.sleep(0.05)


def command(platform, path, out):
    return [os.path.join(platform.binaries, "sekisho"), "link", "import", platform.deployment, path, "--member", "RP-shop", "--out", out]


def by_operator(platform, count):
    path = os.path.join(platform.folder, "list.jsonl")
    with open(path, "w") as f:
        for number in range(count):
            f.write(json.dumps(line(number, "N")) + "\n")
    before = size(platform)
    seconds, memory, out, code = run(command(platform, path, path + ".codes"))
    print(f"import, {count} lines beside a running server: {seconds:.1f} s ({count / seconds:,.0f}/s), peak {memory:.0f} MiB, "
          f"store +{size(platform) - before:.0f} MiB; {out} (exit {code})")
    seconds, memory, out, _ = run(command(platform, path, path + ".again"))
    same = open(path + ".codes").read().replace('"proposed"', '"waiting"') == open(path + ".again").read()
    print(f"import, the same list again: {seconds:.1f} s, peak {memory:.0f} MiB; {out}; codes {'are the same' if same else 'DIFFER'}")

    path = os.path.join(platform.folder, "cut.jsonl")
    with open(path, "w") as f:
        for number in range(count):
            f.write(json.dumps(line(number, "K")) + "\n")
    process = subprocess.Popen(command(platform, path, path + ".codes"), stdout=subprocess.DEVNULL)
    while process.poll() is None and (not os.path.exists(path + ".codes") or os.path.getsize(path + ".codes") < 50 * count):
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    told = open(path + ".codes").read().count("\n")
    seconds, _, out, _ = run(command(platform, path, path + ".rest"))
    first = [json.loads(text)["code"] for text in open(path + ".codes").read().splitlines() if text.endswith("}")]
    rest = [json.loads(text)["code"] for text in open(path + ".rest")]
    print(f"import, killed (-9) after {told} lines: the whole list again takes {seconds:.1f} s; {out}; "
          f"{'no code was lost or changed' if rest[:len(first)] == first and len(rest) == count else 'CODES CHANGED'}")


def by_member(platform, count):
    # The server signs a member's list in parts; what a citizen does meanwhile is measured beside it.
    card = platform.card("hanako")
    L.Person(platform).told(card, platform.bank)
    quiet, stop, took = [], threading.Event(), []
    for _ in range(20):
        began = time.perf_counter()
        L.Person(platform).told(card, platform.bank)
        quiet.append(time.perf_counter() - began)
    pid, before = platform.server.pid, held(platform.server.pid)
    other = threading.Thread(target=logins, args=(platform, card, stop, took))
    other.start()
    began, parts = time.perf_counter(), []
    for start in range(0, count, PART):
        at = time.perf_counter()
        answers = platform.bank.list([line(number) for number in range(start, min(start + PART, count))])
        assert all(answer["result"] == "proposed" for answer in answers)
        parts.append(time.perf_counter() - at)
    seconds = time.perf_counter() - began
    stop.set()
    other.join()
    print(f"POST /links, {count} lines in parts of {PART}: {seconds:.1f} s ({count / seconds:,.0f}/s), slowest part {max(parts):.1f} s; "
          f"server {before:.0f} MiB before, {held(pid):.0f} after, peak {peak(pid):.0f}")
    print(f"a citizen's whole login meanwhile: median {sorted(took)[len(took) // 2] * 1000:.0f} ms, worst {max(took) * 1000:.0f} ms, "
          f"of {len(took)}; without it {sorted(quiet)[10] * 1000:.0f} ms, worst {max(quiet) * 1000:.0f} ms")

    lines = [line(number, "X") for number in range(PART)]
    killer = threading.Timer(0.15 * min(parts), lambda: platform.server.kill())
    killer.start()
    try:
        platform.bank.list(lines)
        cut = "the request was over before"
    except requests.RequestException as error:
        cut = type(error).__name__
    platform.server.wait()
    platform.processes.remove(platform.server)
    platform.server = platform.serve()
    answers = platform.bank.list(lines)
    kept = sum(answer["result"] == "waiting" for answer in answers)
    again = platform.bank.list(lines)
    print(f"POST /links, the server killed (-9) in the middle of a part ({cut}): {kept} of {PART} lines were kept, the same part again took "
          f"the rest; a third time changes nothing: {all(a['result'] == 'waiting' for a in again) and [a['code'] for a in again] == [a['code'] for a in answers]}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=".build/release")
    parser.add_argument("--lines", type=int, default=100_000)
    arguments = parser.parse_args()
    platform = L.Platform(arguments.binaries)
    try:
        platform.prepare()
        print(f"binaries: {arguments.binaries}")
        by_member(platform, arguments.lines)
        by_operator(platform, arguments.lines)
        began = time.perf_counter()
        counted = platform.sekisho("link", "list", platform.deployment).stdout
        print(f"link list over all of them: {time.perf_counter() - began:.2f} s: " + counted.replace("\n", "; ").replace("\t", " "))
        print(platform.sekisho("audit", "verify", platform.deployment).stdout.strip())
    finally:
        platform.stop()


if __name__ == "__main__":
    main()
