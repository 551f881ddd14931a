"""What the login page weighs and when it is first seen: told, never judged but for what must not be there."""

import json
import os
import statistics

from run import check
from screens.citizen import hanako

VISITS = 7
PAINT = """() => new Promise(told => {
  const done = entries => { const first = entries.find(e => e.name === 'first-contentful-paint'); if (first) told(first.startTime); };
  done(performance.getEntriesByType('paint'));
  new PerformanceObserver(list => done(list.getEntries())).observe({type: 'paint', buffered: true});
  setTimeout(() => told(null), 3000);
})"""


def login_page(world, _):
    rows = []
    for _ in range(VISITS):
        window = hanako(world, "ja")
        engine = window.context.new_cdp_session(window.page)
        engine.send("Network.enable")
        loads, kinds = [], []
        engine.on("Network.loadingFinished", lambda event: loads.append(event["encodedDataLength"]))
        engine.on("Network.responseReceived", lambda event: kinds.append(event["type"]))
        window.go(world.points.base + "/start")
        painted = window.page.evaluate(PAINT)
        timing = window.page.evaluate("() => { const n = performance.getEntriesByType('navigation')[0]; return [n.responseStart, n.domContentLoadedEventEnd, n.decodedBodySize]; }")
        rows.append({"bytes": sum(loads), "requests": len(kinds), "first-byte-ms": timing[0], "ready-ms": timing[1], "body-bytes": timing[2],
                     "first-paint-ms": painted})
        window.close()
    told = {name: round(statistics.median([row[name] for row in rows if row[name] is not None] or [0]), 1) for name in rows[0]}
    print(f"      the login page: {told['bytes']:.0f} bytes in {told['requests']:.0f} request(s), body {told['body-bytes']:.0f} bytes; first byte after "
          f"{told['first-byte-ms']} ms, first paint after {told['first-paint-ms']} ms (median of {VISITS}, cold cache, loopback)", flush=True)
    with open(os.path.join(world.looking.folder, "weight.json"), "w") as f:
        json.dump({"median": told, "visits": rows}, f, indent=1)
    check("login page: comes as one document, without pictures, type faces or scripts of other files", told["requests"] == 1, told)
    check("login page: was painted", told["first-paint-ms"] > 0, rows)
