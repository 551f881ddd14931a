"""Runs the plans of the OpenID conformance suite, written anew from their meaning, against a fresh Sekisho. See README.md."""

import argparse
import json
import os
import sys
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import modules  # noqa: E402,F401  (registers every module)
import suite  # noqa: E402


def table(results):
    """Passed, failed, skipped for each plan and variant."""
    lines, rows = [], {}
    for result in results:
        row = rows.setdefault(result.plan + result.label, {"PASS": 0, "FAIL": 0, "SKIP": 0, "warned": 0})
        row[result.outcome] += 1
        row["warned"] += bool(result.outcome == "PASS" and result.log.warnings)
    width = max([4, *map(len, rows)])
    lines.append(f"{'plan':{width}}  passed  failed  skipped  (passed with a warning)")
    for name, row in rows.items():
        lines.append(f"{name:{width}}  {row['PASS']:6}  {row['FAIL']:6}  {row['SKIP']:7}  {row['warned']:6}")
    return lines


def count(results, outcome):
    return sum(result.outcome == outcome for result in results)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", default=".build/debug", help="folder with sekisho and jpki-simulator")
    parser.add_argument("--plan", action="append", default=[], help="a plan by its file's name; several times for several")
    parser.add_argument("--module", action="append", default=[], help="a module by its name or the end of it")
    parser.add_argument("--report", help="where the report in JSON goes (default: conformance.json beside the folder of the binaries)")
    parser.add_argument("--workers", type=int, default=16, help="modules that run side by side; most of them wait")
    parser.add_argument("--list", action="store_true", help="only say what would be run")
    options = parser.parse_args()
    chosen = suite.plans(options.plan)
    if options.list:
        for plan in chosen:
            for name, _, label in plan.runs():
                print(f"{plan.key}{label} {name}" + (f" – skipped: {plan.skips[name]}" if name in plan.skips else ""))
        return 0
    options.report = options.report or os.path.join(os.path.dirname(os.path.abspath(options.binaries)), "conformance.json")
    from world import World
    started, results, broken = time.time(), [], False
    world = World(options.binaries)
    try:
        world.prepare()
        results = suite.execute(world, chosen, options.module, options.workers, told=lambda line: print(line, flush=True))
    except Exception:
        broken = True
        traceback.print_exc()
        log = os.path.join(world.folder, "sekisho.log")
        if os.path.exists(log):
            print(f"--- end of sekisho.log\n{open(log, errors='replace').read()[-3000:]}")
    finally:
        world.stop()
    print()
    print("\n".join(table(results)))
    with open(options.report, "w", encoding="utf-8") as f:
        json.dump({"issuer": world.issuer, "seconds": round(time.time() - started, 1), "results": [r.report() for r in results]}, f,
                  ensure_ascii=False, indent=1)
    print(f"report: {options.report}; {time.time() - started:.0f} s; {count(results, 'SKIP')} skipped")
    failed = count(results, "FAIL") + (1 if broken or not results else 0)
    print(f"conformance: {count(results, 'PASS')} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
