"""Debian's Chromium, headless, one for each person: the card in the reader is the one certificate of the NSS data base in that person's home."""

import json
import os
import shutil
import signal
import subprocess
import threading

BROWSER = "/usr/bin/chromium"
POLICIES = "/etc/chromium/policies/managed"
# Answers of the interface of browsers, not of ours: nothing is reported home, translated or remembered.
SWITCHES = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-component-update", "--no-first-run"]


class ReaderPolicy:
    """Lets Chromium show the only certificate there is to our card listener, where a person would press *OK* in the browser's own dialog."""

    def __init__(self, origin):
        self.path = os.path.join(POLICIES, f"sekisho-screens-{os.getpid()}.json")
        os.makedirs(POLICIES, exist_ok=True)
        for name in os.listdir(POLICIES):  # of a run that was killed
            if name.startswith("sekisho-screens-") and not os.path.exists("/proc/" + name.split("-")[2].removesuffix(".json")):
                os.remove(os.path.join(POLICIES, name))
        with open(self.path, "w") as f:
            json.dump({"AutoSelectCertificateForUrls": [json.dumps({"pattern": origin, "filter": {}})]}, f)

    def withdraw(self):
        if os.path.exists(self.path):
            os.remove(self.path)


class Watchdog:
    """Ends our browsers when a walk does not come to its end: the walk then fails with an error instead of waiting for ever."""

    def __init__(self, seconds):
        self.timer = threading.Timer(seconds, self.bite)
        self.timer.daemon = True

    def __enter__(self):
        self.timer.start()

    def __exit__(self, *_):
        self.timer.cancel()

    @staticmethod
    def bite():
        parents = {}
        for number in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{number}/stat") as f:
                    name, rest = f.read().split("(", 1)[1].rsplit(")", 1)
                parents[int(number)] = (int(rest.split()[1]), name)
            except OSError:
                continue
        for number, (parent, name) in parents.items():
            above = parent
            while above in parents and above != os.getpid():
                above = parents[above][0]
            if above == os.getpid() and name.startswith("chromium"):
                try:
                    os.kill(number, signal.SIGKILL)
                except ProcessLookupError:
                    pass


class Person:
    """Somebody with a browser of their own, and with a card in its reader or none. `remote`: the browser of a television, which moves the
    focus by the arrows of a remote control."""

    options = {}

    def __init__(self, world, name, card=None, remote=False):
        self.world, self.name, self.card, self.remote = world, name, card, remote
        self.home = os.path.join(world.platform.folder, "home-" + name)
        self.browser = None

    def start(self):
        if self.browser is None or not self.browser.is_connected():
            self.insert()
            switches = SWITCHES + (["--enable-spatial-navigation"] if self.remote else [])
            self.browser = self.world.playwright.chromium.launch(
                executable_path=BROWSER, args=switches, env={"HOME": self.home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}, **self.options)
        return self.browser

    def insert(self):
        """The data base of certificates: the card, and whom the browser trusts to be our card listener."""
        folder = os.path.join(self.home, ".pki", "nssdb")
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        base = "sql:" + folder
        self.tool("certutil", "-N", "-d", base, "--empty-password")
        listener = os.path.join(self.world.platform.deployment, "Keys", "tls-door.crt.pem")
        self.tool("certutil", "-A", "-d", base, "-n", "listener", "-t", "CP,,", "-i", listener)
        if self.card:
            self.world.export(self.card)
            self.tool("pk12util", "-i", os.path.join(self.world.platform.folder, self.card + ".p12"), "-d", base, "-W", "sekisho", "-K", "")

    @staticmethod
    def tool(*command):
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]}: {done.stdout}{done.stderr}")

    def stop(self):
        if self.browser is not None and self.browser.is_connected():
            self.browser.close()
        self.browser = None
