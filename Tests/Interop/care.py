"""A citizen looks after his own logins: sees where he is logged in, ends one from afar, takes his ledger home, loses a card and stops it with the
phone, finds it again; and somebody who has nothing left is helped at the counter by `sekisho care`. Seconds are printed where somebody waits."""

import argparse
import csv
import io
import os
import re
import subprocess
import sys
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run as R  # noqa: E402
from links import CALLBACK, Person, Platform  # noqa: E402
from run import check  # noqa: E402

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/604.1"


class Home(Platform):
    """The same, and a rule that writes every login at the bank into the citizen's ledger."""

    def serve(self):
        with open(os.path.join(self.deployment, "Policies", "written-down.yaml"), "w") as f:
            f.write("rules:\n  - id: bank-is-written-down\n    effect: permit\n    member: RP-bank\n    obligations: {ledger: true}\n"
                    "    basis: contract\n")
        return super().serve()


class Citizen(Person):
    """A browser that says what it is, on the citizen's own pages."""

    def __init__(self, platform, agent):
        super().__init__(platform)
        self.session.headers["User-Agent"] = agent

    def at(self, place, card=None):
        url, page = self.follow(self.platform.base + place)
        if 'action="/me/login"' not in page.text:
            return page
        if card is None:
            return None
        url, _ = self.follow(self.platform.base + "/me/login", self.form(page, "/me/login"))
        url, page = self.use(card, url)
        if not url.startswith("http"):
            return url
        return self.follow(self.platform.base + place)[1]

    def press(self, page, action, **fields):
        form = {"form": self.form(page, action)["form"], **fields}
        return self.follow(self.platform.base + action, form)


def events(platform, name):
    done = platform.sekisho("audit", "show", platform.deployment)
    return [line for line in done.stdout.splitlines() if name in line]


def care(platform, *arguments, expect=0):
    done = platform.sekisho("care", *arguments, expect=expect)
    return [line.split("\t") for line in done.stdout.splitlines()], done


def test_sessions(platform, card):
    desk, phone = Citizen(platform, FIREFOX), Citizen(platform, IPHONE)
    desk.told(card, platform.bank)
    phone.told(card, platform.bank)
    page = desk.at("/me/sessions", card)
    check("sessions: each place in coarse words, this one marked", "Firefox（Linux）（この機器）" in page.text and "Safari（iPhone）" in page.text, page.text[:1500])
    thread = re.search(r'name="thread" value="([0-9a-f]+)"', page.text)[1]
    began = time.time()
    url, page = desk.press(page, "/me/sessions/end", thread=thread)
    print(f"sessions: another one ended from afar in {time.time() - began:.2f} s")
    check("sessions: the other is ended and this one stays", phone.at("/me/sessions") is None and desk.at("/me/sessions") is not None, url)
    check("sessions: a code of the ended session is not given", not phone.follow(platform.bank.start())[0].startswith(CALLBACK))
    return desk


def test_download(platform, desk):
    page = desk.at("/me/told")
    check("ledger: what was told is listed", "/me/ledger.csv" in page.text)
    book = desk.session.get(platform.base + "/me/ledger.json", timeout=30)
    rows = list(csv.reader(io.StringIO(desk.session.get(platform.base + "/me/ledger.csv", timeout=30).content.decode("utf-8-sig"))))
    check("ledger: JSON and CSV have the same entries, one for each login at the bank",
          book.json()["count"] == len(rows) - 1 == 2 and book.json()["complete"], (book.text[:900], rows[:3]))
    check("ledger: a line says who, why and under which rule", "RP-bank" in rows[1] and "bank-is-written-down" in " ".join(rows[1]), rows[1])
    check("ledger: nobody else gets it", "/me/login" in Citizen(platform, FIREFOX).session.get(platform.base + "/me/ledger.json", timeout=30).text)


def test_loss(platform, card, phone):
    thief, owner = Citizen(platform, FIREFOX), Citizen(platform, IPHONE)
    thief.told(card, platform.bank)
    page = owner.at("/me/lost", phone)
    handles = re.findall(r'name="card" value="([0-9a-f]{24})"', page.text)
    check("loss: card and phone are both there", len(handles) == 2, page.text[:2500])
    cards = owner.at("/me/cards").text
    sections = re.findall(r"<section.*?</section>", cards, re.S)
    stolen = next(h for h in handles for s in sections if h in s and "マイナンバーカード" in s)
    began = time.time()
    url, page = owner.press(owner.at("/me/lost"), "/me/lost", card=stolen, reason="stolen")
    took = time.time() - began
    check("loss: the report is taken", "/me/lost/done" in url, (url, page.text[:500]))
    check("loss: the thief's session is gone", not thief.follow(platform.bank.start())[0].startswith(CALLBACK))
    print(f"loss: {took:.2f} s from the button to the page that says so; every session ended")
    word, _ = Citizen(platform, FIREFOX).login(card, platform.bank)
    check("loss: the card logs nobody in here", word == "signon.certificate.blocked", word)
    back = Citizen(platform, IPHONE)
    page = back.at("/me", phone)
    check("loss: the phone goes on, and its citizen reads that somebody tried the card", "使用が試みられました" in page.text, page.text[:2500])
    url, page = back.press(back.at("/me/cards"), "/me/cards/lift", card=stolen)
    check("loss: found again, lifted by the phone's PIN of a moment ago", "done=lifted-" in url, (url, page.text[:500]))
    check("loss: the card is its citizen's again", Citizen(platform, FIREFOX).at("/me", card) not in (None, "signon.certificate.blocked"))
    check("loss: the trail has it all", all(events(platform, e) for e in ("care.loss-reported", "care.blocked-use", "care.lifted")))


def test_not_me(platform, card):
    desk, other = Citizen(platform, FIREFOX), Citizen(platform, IPHONE)
    other.at("/me", card)
    page = desk.at("/me/sessions", card)
    thread = re.search(r'name="thread" value="([0-9a-f]+)"', page.text)[1]
    url, page = desk.press(page, "/me/sessions/not-me", thread=thread)
    check("not me: the session ends, and the way to stop the card is offered", other.at("/me") is None and "reason=misused" in page.text, url)
    lines, _ = care(platform, "list", platform.deployment)
    check("not me: the auditor reads it", any(l[0] == "not-me" and l[3] == thread for l in lines), lines)


def test_counter(platform, card):
    """Card and phone are gone: the officer has the serial number from the town office's own terminal."""
    alive = Citizen(platform, FIREFOX)
    alive.told(card, platform.bank)
    serial = f"{card_serial(card):x}"
    lines, _ = care(platform, "show", platform.deployment, "--serial", serial)
    check("counter: the serial number finds the citizen and is not repeated", lines and serial not in str(lines), lines)
    _, done = care(platform, "block", platform.deployment, "--serial", serial, expect=64)
    check("counter: nobody blocks without saying who", "--by" in done.stderr, done.stderr)
    began = time.time()
    lines, done = care(platform, "block", platform.deployment, "--serial", serial, "--reason", "lost", "--by", "counter-7", expect=None)
    print(f"counter: {time.time() - began:.2f} s for `sekisho care block`, sessions ended by the server that runs")
    check("counter: blocked, sessions ended", done.returncode in (0, 1) and lines[0][0] == "blocked" and lines[0][1], done.stdout + done.stderr)
    check("counter: the live session is gone", not alive.follow(platform.bank.start())[0].startswith(CALLBACK))
    word, _ = Citizen(platform, FIREFOX).login(card, platform.bank)
    check("counter: the card logs nobody in", word == "signon.certificate.blocked", word)
    subject, handle = [(l[0], l[1]) for l in care(platform, "show", platform.deployment, "--serial", serial)[0] if l[5].startswith("blocked")][0]
    listed, _ = care(platform, "list", platform.deployment)
    check("counter: attempts are counted", any(l[0] == "block" and l[2] == handle and int(l[6]) >= 1 for l in listed), listed)
    lines, _ = care(platform, "lift", platform.deployment, "--subject", subject, "--certificate", handle, "--why", "card seen", "--by", "counter-7")
    check("counter: lifted", lines == [["lifted", handle]], lines)
    care(platform, "lift", platform.deployment, "--subject", subject, "--certificate", handle, "--why", "again", "--by", "counter-7", expect=1)
    check("counter: the card logs in again", Citizen(platform, FIREFOX).at("/me", card) not in (None, "signon.certificate.blocked"))
    officer(platform)
    care(platform, "block", platform.deployment, "--serial", serial, "--by", "counter-7", expect=64)
    check("counter: where there are officers, a name is not enough", any(l[1] == handle and l[5] == "open" for l in care(platform, "show", platform.deployment, "--serial", serial)[0]))
    other = os.path.join(platform.folder, "other-key.pem")
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", other], check=True, capture_output=True)
    care(platform, "block", platform.deployment, "--serial", serial, "--as", "mori", "--key", other, expect=64)
    key = os.path.join(platform.folder, "officer-key.pem")
    care(platform, "block", platform.deployment, "--serial", serial, "--as", "mori", "--key", key, expect=None)
    care(platform, "lift", platform.deployment, "--subject", subject, "--certificate", handle, "--why", "card seen", "--as", "mori", "--key", key)
    check("counter: the officer's key opens it, and the trail names the officer", any("officer:mori" in e for e in events(platform, "care.lifted")))
    check("counter: the trail says who", any("operator:counter-7" in e for e in events(platform, "care.")))
    check("audit: the chain holds", "hold" in platform.sekisho("audit", "verify", platform.deployment).stdout)


def officer(platform):
    key = os.path.join(platform.folder, "officer-key.pem")
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True, capture_output=True)
    public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout"], check=True, capture_output=True, text=True).stdout
    folder = os.path.join(platform.deployment, "Keys", "officers")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "mori.yaml"), "w") as f:
        f.write("name: mori\nroles: [registrar]\nnot-before: 2026-01-01\nnot-after: 2099-01-01\npublic-key: |\n"
                + "".join(f"  {line}\n" for line in public.splitlines()))


def card_serial(card):
    from cryptography import x509
    return x509.load_der_x509_certificate(card.certificate).serial_number


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", required=True)
    platform = Home(parser.parse_args().binaries)
    try:
        platform.prepare()
        card = platform.issue("kaede")
        phone = platform.issue("kaede-phone", "--carrier", "phone", "--of", "kaede")
        desk = test_sessions(platform, card)
        test_download(platform, desk)
        Person(platform).told(phone, platform.bank)
        test_loss(platform, card, phone)
        test_not_me(platform, card)
        test_counter(platform, card)
    except Exception:
        traceback.print_exc()
        check("the script came to its end", False)
    finally:
        platform.stop()
    print(f"care: {len(R.PASSED)} passed, {len(R.FAILED)} failed")
    return 1 if R.FAILED else 0


if __name__ == "__main__":
    sys.exit(main())
