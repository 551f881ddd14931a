"""Writes what a run came to into docs/protocols/conformance.md, between its markers: `python Tests/Conformance/tell.py .build/conformance.json`."""

import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import suite  # noqa: E402

PAGE = os.path.join(suite.FOLDER, "..", "..", "docs", "protocols", "conformance.md")


def counts(report):
    found = {}
    for result in report["results"]:
        row = found.setdefault((result["plan"], result["variant"]), {"PASS": 0, "FAIL": 0, "SKIP": 0})
        row[result["result"]] += 1
    totals = [sum(row[outcome] for row in found.values()) for outcome in ("PASS", "FAIL", "SKIP")]
    yield f"Last run: {totals[0]} passed, {totals[1]} failed, {totals[2]} skipped, in {report['seconds']:.0f} s on two cores with a debug build."
    yield ""
    yield "| plan file | the suite's plan | variant | modules | passed | failed | skipped |"
    yield "|---|---|---|---|---|---|---|"
    for plan in suite.plans():
        for variant in plan.data.get("variants") or [{}]:
            row = found.get((plan.key, variant.get("label", "")), {"PASS": 0, "FAIL": 0, "SKIP": 0})
            yield (f"| `{plan.key}` | {plan.name} | {variant.get('label', '–')} | {len(plan.modules)} | {row['PASS']} | {row['FAIL']} | "
                   f"{row['SKIP']} |")


def skips(report):
    found = {}
    for result in report["results"]:
        if result["result"] == "SKIP":
            found.setdefault(result["reason"], []).append(result)
    yield "| module | plan | reason |"
    yield "|---|---|---|"
    for reason in sorted(found):
        names = ", ".join(f"`{name}`" for name in sorted({result["module"] for result in found[reason]}))
        yield f"| {names} | {', '.join(sorted({result['plan'] for result in found[reason]}))} | {reason} |"


def flows(_):
    with open(os.path.join(suite.FOLDER, "older_flows.json"), encoding="utf-8") as f:
        mapped = json.load(f)
    reasons = sum("reason" in how for how in mapped.values())
    yield f"{len(mapped) - reasons} are covered by the modules named here; for {reasons} there is a reason why none runs them as they are."
    yield ""
    yield "| flow (OP-…) | module, or why not |"
    yield "|---|---|"
    for flow, how in mapped.items():
        names = ", ".join(f"`{name.removeprefix('oidcc-')}`" for name in how.get("modules", []))
        yield f"| {flow.removeprefix('OP-')} | {' – '.join(text for text in (names, how.get('reason') or how.get('note')) if text)} |"


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        report = json.load(f)
    with open(PAGE, encoding="utf-8") as f:
        text = f.read()
    for name, part in (("counts", counts), ("skips", skips), ("flows", flows)):
        lines = "\n".join(part(report))
        text, times = re.subn(rf"(<!-- {name}[^\n]*-->\n).*?(<!-- end -->)", lambda found: found[1] + lines + "\n" + found[2], text, flags=re.S)
        if times != 1:
            raise SystemExit(f"{PAGE} has no place for {name}")
    with open(PAGE, "w", encoding="utf-8") as f:
        f.write(text)


if __name__ == "__main__":
    main()
