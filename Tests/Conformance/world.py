"""The platform under test: a fresh deployment with the simulated JPKI, the suite's clients as member files, and `sekisho serve`."""

import os
import re
import shutil
import socket
import sys
import threading

import clients as C
import flows
import signing
import suite
from listener import Listener
from op import OP
from visits import Citizen

SAMPLES = os.path.join(suite.FOLDER, "..", "..", "Metadata")
INTEROP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Interop")
VARIANTS = [("private_key_jwt", "dpop"), ("private_key_jwt", "mtls"), ("mtls", "dpop"), ("mtls", "mtls")]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def interop_platform(binaries):
    """The interoperability tests' own platform. Their module is called `run` as ours is, so it is loaded by its path."""
    import importlib.util
    sys.path.insert(0, INTEROP)
    found = importlib.util.spec_from_file_location("interop_run", os.path.join(INTEROP, "run.py"))
    interop = importlib.util.module_from_spec(found)
    found.loader.exec_module(interop)
    return interop.Platform(binaries)


class World:
    """What modules see. `cards` is False where nobody has to log in (the selftest's own provider)."""

    cards = True

    def __init__(self, binaries):
        self.platform = interop_platform(binaries)
        self.folder, self.issuer = self.platform.folder, self.platform.base
        self.listener = Listener(free_port())
        self.clients = {}
        self.outside = free_port()  # nobody listens here: clients' redirect addresses are never opened
        self.tls_port = free_port()
        self.lock = threading.Lock()
        self.names = {}
        self.token = None

    def callback(self, name):
        return f"http://127.0.0.1:{self.outside}/{name}/callback"

    def prepare(self):
        platform = self.platform
        serve, platform.serve = platform.serve, lambda: None
        platform.prepare()
        platform.run("jpki-simulator", "export", "--state", platform.state, "--card", "hanako", platform.folder)
        platform.run("jpki-simulator", "export", "--state", platform.state, "--card", "taro", platform.folder)
        self.settings()
        ciba = [name for name in suite.MODULES if name.startswith("fapi-ciba")]
        for source in (C.secret_clients(self.callback), C.logout_clients(self.callback, self.listener),
                       C.fapi_clients(self.callback, self.folder, "fapi2", VARIANTS),
                       C.fapi_clients(self.callback, self.folder, "fapi2", VARIANTS[:1], details="identity-proof"),
                       C.fapi_clients(self.callback, self.folder, "fapi2-message-signing", VARIANTS),
                       C.ciba_clients(self.callback, self.folder, self.listener, ciba)):
            for name, client, sections, keys in source:
                self.clients[name] = client
                self.register(client, sections, keys)
        platform.serve = serve
        platform.server = platform.serve()
        self.op = OP(self.issuer, self.authorities)

    def register(self, client, sections, keys):
        path = os.path.join(self.platform.deployment, "Metadata", "members", client.id + ".yaml")
        with open(path, "w") as f:
            f.write(C.member(client, sections, keys))

    def settings(self):
        """What the plans need of the deployment beside its defaults."""
        path = os.path.join(self.platform.deployment, "sekisho.yaml")
        with open(path) as f:
            text = f.read()
        text = re.sub(r"(?m)^#openid:.*\n(?:#  .*\n)*", "", text)
        text += SETTINGS.format(port=self.tls_port)
        with open(path, "w") as f:
            f.write(text)
        types = os.path.join(self.platform.deployment, "Metadata", "authorization-details")
        os.makedirs(types, exist_ok=True)
        shutil.copy(os.path.join(SAMPLES, "authorization-details", "identity-proof.yaml"), types)
        key, certificate = signing.listener_pair()
        for name, content in (("mutual-tls.key.pem", key), ("mutual-tls.crt.pem", certificate)):
            path = os.path.join(self.platform.deployment, "Keys", name)
            with open(path, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as f:
                f.write(content)

    @property
    def authorities(self):
        """The certificate by which the mutual-TLS listener is known."""
        return os.path.join(self.platform.deployment, "Keys", "mutual-tls.crt.pem")

    def name_of_citizen(self, card="hanako"):
        """What the clients of the CIBA sector call the citizen: learnt by one login."""
        with self.lock:
            if card not in self.names:
                test = suite.Test(self, "fapi-ciba", "the citizen's name", {"clients": "ciba-name"})
                verifier, challenge = flows.pkce()
                self.names[card] = flows.complete(test, citizen=self.citizen(card), verifier=verifier, **challenge).claims["sub"]
            return self.names[card]

    def rotate_keys(self):
        """As an operator begins a roll-over: the next key is published beside the current ones."""
        self.platform.run("sekisho", "keys", "generate", "openid-signing", "--algorithm", "ES256", "--name", "conformance-next", "--deployment",
                          self.platform.deployment)

    def registration_token(self):
        """An initial access token as the registrar hands it out, on the terms of the suite's own clients."""
        with self.lock:
            if self.token is None:
                told = self.platform.run(
                    "sekisho", "client", "token", self.platform.deployment, "--sponsor", self.clients["basic-1"].id, "--purpose", "procedure",
                    "--pkce", "optional", "--uses", "500", "--expires", "1h", "--note", "conformance")
                self.token = told.stdout.strip()
            return self.token

    def citizen(self, card="hanako"):
        return Citizen(self, card)

    def stop(self):
        self.listener.stop()
        self.platform.stop()


SETTINGS = """
openid:
  refresh-tokens: true
  scopes: [openid, offline_access]
  registration: {{by: [token], most-of-sponsor: 1000, per-hour: 1000}}
  mutual-tls:
    base-url: https://127.0.0.1:{port}
    listen: {{host: 127.0.0.1, port: {port}}}
"""
