"""Suites of vectors for the judging commands of `sekisho`: one process per suite, a line per job, and what became of them in words."""

import argparse
import collections
import json
import os
import subprocess
import sys
import threading
import time

from trust import ROOT, Case, Count, Skip


def ask(program, words, jobs):
    """One process for a stream of jobs; the answers, in order."""
    process = subprocess.Popen([program, *words, "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def feed():
        try:
            for job in jobs:
                process.stdin.write(json.dumps(job).encode() + b"\n")
            process.stdin.close()
        except BrokenPipeError:
            pass

    writer = threading.Thread(target=feed)
    writer.start()
    answers = [json.loads(line) for line in process.stdout]
    writer.join()
    process.wait()
    return answers, process.returncode


def run_suite(program, name, make, words, vectors, count, verbose):
    """One suite: `make` gives its cases and those left out, `words` is the command that judges them."""
    started = time.time()
    try:
        items = list(make(vectors))
    except FileNotFoundError as absent:
        print(f"{name}: NOT RUN, vectors are absent ({absent.filename})")
        return
    cases = [item for item in items if isinstance(item, Case)]
    skips = [(item.name, item.why) for item in items if isinstance(item, Skip)]
    answers, status = ask(program, words, [case.job for case in cases])
    if status != 0 or len(answers) != len(cases):
        count.check(name, False, f"exit status {status}, {len(answers)} answers for {len(cases)} jobs")
        return
    agree, meant, differ = 0, [], []
    reasons = collections.Counter()
    for case, answer in zip(cases, answers):
        found = case.judge(answer)
        if not answer.get("valid") and "layer" in answer:
            reasons[f"{answer['layer']} {answer['code']}"] += 1
        if found is None:
            agree += 1
        elif isinstance(found, tuple):
            (skips if found[0] == "skip" else meant).append((case.name, found[1]))
        else:
            differ.append((case.name, found))
    print(f"{name}: {agree} agree, {len(skips)} skipped, {len(meant)} by design, {len(differ)} differ (of {len(items)}, {time.time() - started:.1f} s)")
    if reasons:
        print("  refused for: " + ", ".join(f"{why} {many}" for why, many in reasons.most_common()))
    for word, group in (("skipped", skips), ("by design", meant)):
        for why, many in collections.Counter(why for _, why in group).most_common(40):
            print(f"  {word} {many}: {why}")
        if verbose:
            for case, why in group:
                print(f"    {case}: {why}")
    for case, why in differ:
        print(f"  DIFFERS {case}: {why}")
    count.passed += agree + len(meant)
    count.failed += len(differ)


def run(title, document, suites, door):
    """The main of a file of suites: `suites` is `{name: (make, words)}`, `door` tries the commands themselves. Ends with `TITLE: N passed, N failed`."""
    parser = argparse.ArgumentParser(description=document)
    parser.add_argument("--binaries", required=True, help="the folder that has `sekisho`")
    parser.add_argument("--vectors", default=os.environ.get("SEKISHO_VECTORS") or os.path.join(ROOT, "..", "shared", "vectors"))
    parser.add_argument("--only", action="append", help="a suite; may be given several times")
    parser.add_argument("--verbose", action="store_true", help="name every case that was skipped or differs by design")
    options = parser.parse_args()
    program = os.path.join(options.binaries, "sekisho")
    count = Count()
    if not options.only or "door" in options.only:
        door(program, count)
    for name, (make, words) in suites(program).items():
        if not options.only or any(name.startswith(only) for only in options.only):
            run_suite(program, name, make, words, options.vectors, count, options.verbose)
    print(f"{title}: {count.passed} passed, {count.failed} failed")
    sys.exit(1 if count.failed or not count.passed else 0)
