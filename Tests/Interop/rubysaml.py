"""ruby-saml and omniauth-saml (Debian) as two service providers behind one server of WEBrick, started by the test on loopback."""

import os
import signal

import requests
import servers

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "providers", "ruby_saml.rb")


class RubySAML(servers.Servers):
    hosts = 70

    def __init__(self, folder, port, key, certificate, platform):
        super().__init__("ruby-saml", folder)
        # An address of its own: browsers keep cookies by host and not by port.
        RubySAML.hosts += 1
        self.host = f"127.0.0.{RubySAML.hosts}"
        self.base = f"http://{self.host}:{port}"
        self.entity_id, self.omniauth_id = self.base + "/metadata", self.base + "/auth/saml/metadata"
        servers.write(folder, {
            "idp.xml": requests.get(platform.base + "/saml/metadata", timeout=60).text, "sp.key": key, "sp.crt": certificate})

    def replace_idp_metadata(self, text):
        path = os.path.join(self.folder, "idp.xml")
        servers.write(self.folder, {"idp.xml.new": text})
        os.replace(path + ".new", path)

    def start(self):
        self.begin(["ruby", PROGRAM], answers=lambda: "EntityDescriptor" in self.metadata(), log=self.log, environment={
            "BASE": self.base, "IDP": self.folder + "/idp.xml", "KEY": self.folder + "/sp.key", "CERTIFICATE": self.folder + "/sp.crt"})
        return self

    def metadata(self, path="/metadata"):
        """What the library says of its service, untouched."""
        return requests.get(self.base + path, timeout=60).text

    def stop(self):
        self.end(signal.SIGINT)

    def log(self):
        return servers.tail(self.folder, "output.log")
