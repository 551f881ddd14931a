"""What the tests start beside Sekisho: programs of others, the wait for what they do, and the citizens who keep coming in."""

import os
import signal
import subprocess
import threading
import time

import requests

PATIENCE = 90  # seconds for what takes a moment, on a machine that has much else to do
MODULES = "/usr/lib/apache2/modules"

# Debian's Apache in a folder of the test's own, with the modules that each of its services needs.
HEAD = """
ServerRoot "{folder}"
ServerName {name}
PidFile {folder}/apache.pid
ErrorLog {folder}/error.log
DocumentRoot {folder}/htdocs
User www-data
Group www-data
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authn_core_module {modules}/mod_authn_core.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule authz_user_module {modules}/mod_authz_user.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule headers_module {modules}/mod_headers.so
DefaultRuntimeDir {folder}
Mutex file:{folder} default
DirectoryIndex index.html
"""


def until(holds, seconds=PATIENCE, pause=0.2):
    """What `holds()` answered when it first answered something, or last when the time is over."""
    end = time.monotonic() + seconds
    while True:
        found = holds()
        if found or time.monotonic() >= end:
            return found
        time.sleep(pause)


def write(folder, files):
    """Files by their names below `folder`."""
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(text)


def tail(folder, *names, size=2500):
    """The ends of the logs that are there."""
    paths = [path for path in (os.path.join(folder, name) for name in names) if os.path.exists(path)]
    return "\n".join(open(path, errors="replace").read()[-size:] for path in paths)


class Servers:
    """Programs that belong together, started and ended together, which write to `output.log` in their folder."""

    def __init__(self, name, folder):
        self.name, self.folder, self.processes = name, folder, []

    def begin(self, *commands, answers, log, environment=None):
        """Starts them and waits until `answers()`; a program that ends before is told with what `log()` says."""
        with open(os.path.join(self.folder, "output.log"), "ab") as output:  # not the test's own, which whoever reads it waits for the end of
            for command in commands:
                self.processes.append(subprocess.Popen(command, env={**os.environ, **(environment or {})}, stdout=output, stderr=output,
                                                       start_new_session=True))

        def is_ready():
            if any(process.poll() is not None for process in self.processes):
                raise RuntimeError(f"{self.name} ended: {log()}")
            try:
                return answers()
            except requests.RequestException:
                return False

        try:
            is_up = until(is_ready, pause=0.1)
        except BaseException:
            self.end()
            raise
        if not is_up:
            self.end()
            raise RuntimeError(f"{self.name} did not become ready: {log()}")

    def end(self, with_signal=signal.SIGTERM):
        """Each with what it started itself; killed, if it does not listen."""
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, with_signal)
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes = []


class Apache(Servers):
    """`text`: what stands in its configuration behind the head, in whose words `{folder}`, `{name}` and `{modules}` may be said."""

    def __init__(self, folder, name, text="", **values):
        super().__init__("apache", folder)
        self.values = {"folder": folder, "name": name, "modules": MODULES, **values}
        self.text = (HEAD + text).format(**self.values)

    def serve(self, address, beside=(), log=None, environment=None):
        write(self.folder, {"httpd.conf": self.text})
        # Apache leaves root's rights: its folder and those above it must be readable.
        subprocess.run(["chmod", "-R", "a+rX", self.folder], check=True)
        os.chmod(os.path.dirname(self.folder), 0o711)
        self.begin(*beside, ["/usr/sbin/apache2", "-f", os.path.join(self.folder, "httpd.conf"), "-DFOREGROUND"],
                   answers=lambda: requests.get(address, timeout=20).status_code == 200, log=log or self.log, environment=environment)

    def log(self, size=2500):
        return tail(self.folder, "output.log", "error.log", size=size)


class Crowd:
    """Citizens who come in without end, and what went wrong for them. `visits`: by the name of each service what one of them does there, which
    answers nothing when all is well, and otherwise what was wrong."""

    def __init__(self, visits):
        self.failures, self.done, self.ended = [], dict.fromkeys(visits, 0), threading.Event()
        self.threads = [threading.Thread(target=self.come, args=visit) for visit in visits.items()]
        for thread in self.threads:
            thread.start()

    def come(self, name, visit):
        while not self.ended.is_set():
            try:
                wrong = visit()
            except Exception as error:
                wrong = repr(error)
            if wrong:
                self.failures.append((name, wrong))
            self.done[name] += 1

    def pass_through(self, each=2):
        """Waits until so many more have been at each service."""
        wanted = {name: count + each for name, count in self.done.items()}
        return until(lambda: all(self.done[name] >= count for name, count in wanted.items()), 2 * PATIENCE)

    def end(self):
        self.ended.set()
        for thread in self.threads:
            thread.join()
