#!/usr/bin/env python3
"""Reads one signed metadata aggregate with each of several programs, one process each, and prints what it cost.

usage: compare.py AGGREGATE CERT BENCH [ROUNDS]     BENCH: metadata-bench; BENCH_PY: a Python that has pysaml2; LOAD_PY: the shared load.py
Of several rounds the one with the least CPU counts: the machine may be shared. A copy with one byte changed must be refused.
"""
import os, subprocess, sys, time

path, crt, bench = sys.argv[1:4]
rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 3
group = "urn:oasis:names:tc:SAML:2.0:metadata:EntitiesDescriptor"
xmlsec = ["xmlsec1", "--verify", "--id-attr:ID", group, "--pubkey-cert-pem", crt]
rows = [
    ("sekisho, stream: signature proven, entities cut out", [bench, "verify"], 1),
    ("sekisho, stream: trusted file, entities cut out", [bench, "trusted"], 1),
    ("sekisho, stream: the same, each entity read as a tree", [bench, "entities"], 1),
    ("sekisho, tree: signature proven", [bench, "tree"], 1),
    ("xmlsec1 --verify", xmlsec, 1),
    ("xmllint --sax (bare parse, no content kept)", ["xmllint", "--huge", "--sax", "--noout"], 1),
    ("xmllint (bare parse to a tree)", ["xmllint", "--huge", "--noout"], 1),
]
if os.environ.get("BENCH_PY") and os.environ.get("LOAD_PY"):
    for name in ("pysaml2-verify", "pysaml2"):
        rows.append((name.replace("-verify", ", signature proven"), [os.environ["BENCH_PY"], os.environ["LOAD_PY"], name], 0))


def run(argv, file, limit=300):
    argv = argv + ([file] if argv[0] in ("xmlsec1", "xmllint") else [file, crt])
    start = time.monotonic()
    child = subprocess.Popen(["timeout", str(limit)] + argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = child.stdout.read().decode(errors="replace")
    _, status, usage = os.wait4(child.pid, 0)
    # What `timeout` waited for is in its children's usage, which wait4 adds up; the peak is the largest process of the tree.
    return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss / 1024, said


size = os.path.getsize(path)
print(f"{os.path.basename(path)}: {size / 1e6:.1f} MB, load {os.getloadavg()[0]:.1f}, least CPU of {rounds} rounds")
print("| reader | CPU s | wall s | peak RSS MiB |\n|---|---|---|---|")
for name, argv, many in rows:
    results = [run(argv, path) for _ in range(rounds if many else 1)]
    failed = [r for r in results if r[0] != 0]
    code, cpu, wall, peak, said = min(results, key=lambda r: r[1])
    note = f" ({failed[0][0]}: {failed[0][4].strip()[-120:]})" if failed else ""
    print(f"| {name}{note} | {cpu:.2f} | {wall:.2f} | {peak:.0f} |", flush=True)
changed = path + ".changed"
with open(path, "rb") as source, open(changed, "wb") as target:
    content = source.read()
    place = content.rindex(b"</", 0, len(content) - 100) - 1
    target.write(content[:place] + (b"x" if content[place:place + 1] != b"x" else b"y") + content[place + 1:])
for name, argv in (("sekisho", [bench, "verify"]), ("xmlsec1", xmlsec)):
    code, _, _, _, said = run(argv, changed)
    print(f"control, one byte changed: {name} {'refuses' if code else 'ACCEPTS'}")
os.remove(changed)
