"""The citizen's pages from outside: one language at a time, a card read by an app on another device, a television's code read by another library."""

import argparse
import os
import re
import sys
import time
import traceback

import requests

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run as R  # noqa: E402
from browser import Forms  # noqa: E402
from citizen import Card  # noqa: E402
from run import check  # noqa: E402

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
PAGES = ["/", "/help", "/services", "/device", "/tv", "/approve", "/identity", "/session", "/language", "/me", "/no-such-page"]


def main_part(text):
    """The words of the main part: no markup, and not what is marked as another language."""
    main = text.split("<main", 1)[1].split(">", 1)[1].split("</main>")[0]
    main = re.sub(r'<(\w+) [^>]*lang="[a-z-]+"[^>]*>.*?</\1>', "", main, flags=re.S)
    return re.sub(r"<[^>]+>", " ", re.sub(r"<(script|svg).*?</\1>", "", main, flags=re.S))


def drawn(text):
    """The two-dimensional code of a page, read by ZXing from its dots."""
    import zxingcpp
    side, scale = int(re.search(r'viewBox="0 0 (\d+) ', text)[1]), 8
    rows = [bytearray(b"\xff" * side * scale) for _ in range(side)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", re.search(r'<path fill="#000" d="([^"]+)"', text)[1]):
        rows[int(y)][int(x) * scale:(int(x) + int(width)) * scale] = bytes(int(width) * scale)
    dots = b"".join(bytes(row) * scale for row in rows)
    found = zxingcpp.read_barcodes(memoryview(dots).cast("B", [side * scale, side * scale]))
    return found[0].text if found else None


def languages(platform):
    for path in PAGES:
        english = requests.get(platform.base + path, headers={"Accept-Language": "en-GB,en;q=0.9,ja;q=0.1"}, timeout=60).text
        found = JAPANESE.search(main_part(english))
        check(f"{path}: in English there is no Japanese", '<html lang="en">' in english and not found,
              found and main_part(english)[max(0, found.start() - 60):found.end() + 60])
        japanese = requests.get(platform.base + path, timeout=60).text
        check(f"{path}: without a wish it is Japanese, with one heading",
              '<html lang="ja">' in japanese and JAPANESE.search(main_part(japanese)) and japanese.count("<h1") == 1, japanese[:300])
    browser = requests.Session()
    page = browser.get(platform.base + "/device?user_code=BCDF-GHJK", timeout=60).text
    link = next(link for link in Forms(page).links if "lang=ja-easy" in link)
    easy = browser.get(platform.base + link, timeout=60)
    check("a link at the top chooses easy Japanese, and keeps where one is",
          easy.url == platform.base + "/device?user_code=BCDF-GHJK" and "テレビの コードを" in easy.text, (easy.url, easy.text[:200]))
    check("the choice stays", "わからないとき" in browser.get(platform.base + "/help", timeout=60).text)


def journey(platform, browser):
    answer = browser.post(
        platform.base + "/approve/login", data="", headers={"Content-Type": "application/x-www-form-urlencoded"}, timeout=60)
    check("a page of ours begins a login", answer.status_code == 200 and "/journey/" in answer.url, (answer.url, answer.text[:300]))
    return answer


def app(platform):
    platform.run("jpki-simulator", "export", "--state", platform.state, "--card", "hanako", platform.folder)
    card = Card(platform.folder, platform.base)
    browser = requests.Session()
    page = journey(platform, browser)
    address = re.search(r"<code>(http[^<]+/app/[^<]+)</code>", page.text)[1]
    check("the code on the login page is read by another library, and is the address beside it", drawn(page.text) == address,
          (drawn(page.text), address))
    check("the page says until when it can be used", 'data-ends="' in page.text and "<time datetime=" in page.text)
    phone = lambda door, body: requests.post(address + door, json=body, timeout=60)
    seen = phone("/readiness", {"reader": True, "card": True, "pin_tries_left": 2})
    check("an app tells what it sees", seen.status_code == 200 and seen.json()["ready"], seen.text)
    check("and the page shows the tries left", "あと2回" in browser.get(page.url, timeout=60).text)
    asked = phone("/challenge", {}).json()
    check("the app learns who asks before it asks for the PIN", asked["service"]["en"] == "Sekisho" and "warning" in asked, asked)
    answered = phone("/answer", card.answer(asked))
    check("the app's answer is taken, and gives a number and no session",
          answered.status_code == 200 and re.fullmatch(r"\d{6}", answered.json()["code"]) and "Set-Cookie" not in answered.headers, answered.text)
    code = answered.json()["code"]
    thief = requests.Session()
    theirs = journey(platform, thief)
    thief.post(theirs.url + "/app", data={"app_code": code}, timeout=60)
    check("the number is worth nothing at another visit", not any(len(c.name) <= 14 and c.name.endswith("sekisho") for c in thief.cookies), thief.cookies)
    check("nor at that visit in another browser", requests.post(page.url + "/app", data={"app_code": code}, timeout=60).status_code == 400)
    wrong = browser.post(page.url + "/app", data={"app_code": "000000" if code != "000000" else "111111"}, timeout=60)
    check("a wrong number is said beside its field, with the tries left",
          'aria-invalid="true"' in wrong.text and "あと4回" in wrong.text and "<title>" in wrong.text, wrong.text[:400])
    done = browser.post(page.url + "/app", data={"app_code": code}, timeout=60)
    check("the right one logs the browser in", done.url == platform.base + "/approve" and "承認待ち" in done.text, (done.url, done.text[:400]))
    session = browser.get(platform.base + "/session", timeout=60)
    check("the login says when it ends", "ログインを延長しました" in session.text and 'data-ends="' in session.text)
    again = phone("/answer", card.answer(asked))
    check("a challenge is good for one answer", again.status_code in (403, 404), again.text)


def television(platform):
    page = requests.get(platform.base + "/tv?user_code=BCDFGHJK", timeout=60).text
    check("a television's code is read by another library", drawn(page) == platform.base + "/device?user_code=BCDF-GHJK", drawn(page))
    check("in letters too", ">BCDF-GHJK<" in page)
    box = requests.get(platform.base + "/", headers={"User-Agent": "Mozilla/5.0 (Linux) HbbTV/1.5.1 Hybridcast/2.0"}, timeout=60).text
    plain = requests.get(platform.base + "/", timeout=60).text
    check("the browser of a television gets large type and arrow keys, others do not",
          '<body class="tv">' in box and "ArrowLeft" in box and '<body class="tv">' not in plain and "ArrowLeft" not in plain)
    somebody = requests.Session()
    check("anybody may choose it", '<body class="tv">' in somebody.get(platform.base + "/?screen=tv", timeout=60).text)
    check("and go back", '<body class="tv">' not in somebody.get(platform.base + "/?screen=plain", timeout=60).text)


def weight(platform):
    page = journey(platform, requests.Session())
    taken = []
    for _ in range(20):
        start = time.perf_counter()
        requests.get(platform.base + "/device", timeout=60)
        taken.append(time.perf_counter() - start)
    print(f"the login page has {len(page.content)} bytes in one request; /device takes {sorted(taken)[10] * 1000:.1f} ms (median of 20)")
    check("the login page is below 24 KB and asks for nothing else",
          len(page.content) < 24_576 and page.text.count("<h2") and not re.search(r'<(link|img|script)[^>]+(src|href)="', page.text.split("</head>")[0]), len(page.content))


def everything(binaries):
    platform = R.Platform(binaries)
    platform.pairs = True
    try:
        platform.prepare()
        for part in (languages, app, television, weight):
            try:
                part(platform)
            except Exception as error:
                traceback.print_exc()
                check(part.__name__ + " went through", False, f"{type(error).__name__}: {error}")
    finally:
        platform.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=".build/debug")
    everything(parser.parse_args().binaries)
    print(f"pages: {len(R.PASSED)} passed, {len(R.FAILED)} failed")
    sys.exit(1 if R.FAILED else 0)
