"""The frame of the suite: modules by name, one run of one module, and what it came to."""

import json
import os
import threading
import time
import traceback

from conditions import Failed, Log, Skipped

FOLDER = os.path.dirname(os.path.abspath(__file__))
MODULES = {}  # name of the module → (function, seconds it waits)


def module(name, waits=0):
    """Registers a module under the name it has in the OpenID conformance suite. `waits`: seconds that it sleeps, so that it starts first."""
    def register(function):
        if name in MODULES:
            raise ValueError(f"the module {name} is there twice")
        MODULES[name] = (function, waits)
        return function
    return register


class Test:
    """One run of one module in one variant: its log, its clients, its citizens."""

    def __init__(self, world, plan, name, variant):
        self.world, self.plan, self.name, self.variant = world, plan, name, variant
        self.log = Log()
        self.check, self.need, self.warn, self.note, self.skip = (
            self.log.check, self.log.need, self.log.warn, self.log.note, self.log.skip)
        self.ended = []  # what to undo at the end

    @property
    def op(self):
        return self.world.op

    def citizen(self, card="hanako"):
        return self.world.citizen(card)

    def client(self, number=1, **metadata):
        """The client of this number for this plan and variant; in the Dynamic plan a new registration with `metadata`."""
        if self.variant.get("client_registration") == "dynamic_client":
            import registration
            return registration.register(self, **metadata)
        return self.world.clients[self.variant["clients"].format(number, module=self.name)]

    @property
    def is_fapi(self):
        return "fapi_profile" in self.variant


class Result:
    def __init__(self, plan, name, label):
        self.plan, self.name, self.label = plan, name, label
        self.outcome, self.reason, self.seconds = "FAIL", "did not run", 0.0
        self.log = Log()

    @property
    def line(self):
        return f"{self.outcome} {self.plan}{self.label} {self.name} – {self.reason}"

    def report(self):
        return {
            "plan": self.plan, "variant": self.label.strip(" []"), "module": self.name, "result": self.outcome, "reason": self.reason,
            "seconds": round(self.seconds, 2), "conditions": len(self.log.entries),
            "failures": [{"condition": c, "evidence": e} for c, _, e, _ in self.log.failures],
            "warnings": [{"condition": c, "evidence": e} for c, _, e, _ in self.log.warnings],
        }


def run(world, plan, name, variant, label, skips):
    """Runs one module to its end, whatever happens in it."""
    result = Result(plan, name, label)
    started = time.time()
    if name in skips:
        result.outcome, result.reason = "SKIP", skips[name]
        return result
    if name not in MODULES:
        result.reason = "no such module is implemented here"
        return result
    test = Test(world, plan, name, variant)
    result.log = test.log
    try:
        MODULES[name][0](test)
        unforeseen = None
    except Skipped as skipped:
        result.outcome, result.reason = "SKIP", str(skipped)
        return result
    except Failed:
        unforeseen = None
    except Exception as error:
        unforeseen = f"{type(error).__name__}: {str(error)[:300]}"
        if os.environ.get("CONFORMANCE_TRACE"):
            traceback.print_exc()
    finally:
        for undo in reversed(test.ended):
            try:
                undo()
            except Exception as error:
                test.log.warn("cleaning up", False, error)
        result.seconds = time.time() - started
    failures = test.log.failures
    if unforeseen:
        result.reason = unforeseen
    elif failures:
        result.reason = "; ".join(f"{condition} ({evidence[:200]})" if evidence else condition for condition, _, evidence, _ in failures[:3])
        if len(failures) > 3:
            result.reason += f"; and {len(failures) - 3} more"
    elif not test.log.entries:
        result.reason = "checked nothing"
    else:
        result.outcome = "PASS"
        facts = "; ".join(test.log.facts[:4]) or "as specified"
        result.reason = f"{facts} ({len(test.log.entries)} conditions)"
        if test.log.warnings:
            result.reason += "; warning: " + "; ".join(entry[0] for entry in test.log.warnings[:3])
    return result


class Plan:
    """A plan file: its name in the suite, its variants, its modules in order, and what is skipped by name."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as f:
            self.data = json.load(f)
        self.key = os.path.splitext(os.path.basename(path))[0]
        self.name, self.modules = self.data["plan"], self.data["modules"]
        self.skips = self.data.get("skips", {})

    def runs(self):
        """(name, variant, label) for each module in each variant it applies to. A module may stand in the list as an object that
        changes the variant (as the suite's plans do) or restricts it to some."""
        prefix = self.data.get("prefix", "")
        variants = self.data.get("variants") or [{}]
        for variant in variants:
            whole = {**self.data.get("variant", {}), **variant}
            shown = variant.get("label", "")
            for entry in self.modules:
                entry = {"name": entry} if isinstance(entry, str) else entry
                if "only" in entry and any(whole.get(k) not in v for k, v in entry["only"].items()):
                    continue
                yield prefix + entry["name"], {**whole, **entry.get("variant", {})}, f" [{shown}]" if shown else ""


def plans(names=()):
    folder = os.path.join(FOLDER, "plans")
    every = [Plan(os.path.join(folder, name)) for name in sorted(os.listdir(folder)) if name.endswith(".json")]
    every.sort(key=lambda plan: plan.data.get("order", 99))
    unknown = set(names) - {plan.key for plan in every}
    if unknown:
        raise SystemExit(f"no such plan: {', '.join(sorted(unknown))}; there are {', '.join(plan.key for plan in every)}")
    return [plan for plan in every if not names or plan.key in names]


def execute(world, chosen, only=(), workers=12, told=print):
    """Runs every module of the plans side by side, those that wait longest first; tells results in the plans' order."""
    jobs = []
    for plan in chosen:
        for name, variant, label in plan.runs():
            if not only or any(name == each or name.endswith(each) for each in only):
                jobs.append((plan, name, variant, label))
    results, next_line, lock = [None] * len(jobs), [0], threading.Lock()
    order = sorted(range(len(jobs)), key=lambda n: -MODULES.get(jobs[n][1], (None, 0))[1])
    queue = iter(order)

    def work():
        while True:
            with lock:
                number = next(queue, None)
            if number is None:
                return
            plan, name, variant, label = jobs[number]
            result = run(world, plan.key, name, variant, label, plan.skips)
            with lock:
                results[number] = result
                while next_line[0] < len(results) and results[next_line[0]] is not None:
                    told(results[next_line[0]].line)
                    next_line[0] += 1

    threads = [threading.Thread(target=work, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
