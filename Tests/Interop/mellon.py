"""Apache with mod_auth_mellon (Debian) as a service provider, started by the test on loopback."""

import os
import signal
import subprocess
import time

import requests

MODULES = "/usr/lib/apache2/modules"
SAML = "urn:oasis:names:tc:SAML:2.0"

CONFIGURATION = """
ServerRoot "{folder}"
ServerName {host}
Listen {host}:{port}
PidFile {folder}/apache.pid
ErrorLog {folder}/error.log
LogLevel warn auth_mellon:info
DocumentRoot {folder}/htdocs
User {user}
Group {group}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authn_core_module {modules}/mod_authn_core.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule authz_user_module {modules}/mod_authz_user.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule headers_module {modules}/mod_headers.so
LoadModule auth_mellon_module {modules}/mod_auth_mellon.so
DefaultRuntimeDir {folder}
Mutex file:{folder} default
<Location />
    MellonEndpointPath /mellon
    MellonSPPrivateKeyFile {folder}/sp.key
    MellonSPCertFile {folder}/sp.crt
    MellonSPMetadataFile {folder}/sp.xml
    MellonIdPMetadataFile {folder}/idp.xml
    MellonSecureCookie Off
    MellonSubjectConfirmationDataAddressCheck Off
    MellonSignatureMethod rsa-sha256
    MellonUser NAME_ID
    MellonSetEnvNoPrefix "PIN_USED" "urn:x-sekisho:attribute:pin-used"
    MellonEnable info
    Require all granted
</Location>
<Location /secret>
    MellonEnable auth
    AuthType Mellon
    Require valid-user
    Header set X-Name-ID "%{{MELLON_NAME_ID}}e"
    Header set X-Session-Index "%{{MELLON_SESSION_INDEX}}e"
    Header set X-PIN-Used "%{{PIN_USED}}e"
</Location>
"""

METADATA = """<md:EntityDescriptor xmlns:md="{saml}:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{base}/mellon/metadata">
<md:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="true" protocolSupportEnumeration="{saml}:protocol">
<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
{encryption}
<md:SingleLogoutService Binding="{saml}:bindings:SOAP" Location="{base}/mellon/logout"/>
<md:SingleLogoutService Binding="{saml}:bindings:HTTP-Redirect" Location="{base}/mellon/logout"/>
<md:NameIDFormat>{saml}:nameid-format:persistent</md:NameIDFormat>
<md:AssertionConsumerService index="0" isDefault="true" Binding="{saml}:bindings:HTTP-POST" Location="{base}/mellon/postResponse"/>
</md:SPSSODescriptor></md:EntityDescriptor>"""

ENCRYPTION = """<md:KeyDescriptor use="encryption"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
{methods}</md:KeyDescriptor>"""


class Mellon:
    """`methods`: the md:EncryptionMethod algorithms to declare; None: no encryption key at all."""

    hosts = 1

    def __init__(self, folder, port, key, certificate, idp_metadata, methods=()):
        self.folder, self.port = folder, port
        # An address of its own: browsers keep cookies by host and not by port.
        Mellon.hosts += 1
        self.host = f"127.0.0.{Mellon.hosts}"
        self.base = f"http://{self.host}:{port}"
        self.entity_id = self.base + "/mellon/metadata"
        body = "".join(line for line in certificate.splitlines() if "CERTIFICATE" not in line)
        encryption = "" if methods is None else ENCRYPTION.format(
            certificate=body, methods="".join(f'<md:EncryptionMethod Algorithm="{m}"/>' for m in methods))
        self.metadata = METADATA.format(saml=SAML, base=self.base, certificate=body, encryption=encryption)
        os.makedirs(os.path.join(folder, "htdocs", "secret"))
        for name, text in {
            "sp.key": key, "sp.crt": certificate, "sp.xml": self.metadata, "idp.xml": idp_metadata, "htdocs/index.html": "out",
            "htdocs/secret/index.html": "in",
            "httpd.conf": CONFIGURATION.format(folder=folder, host=self.host, port=port, modules=MODULES, user="www-data", group="www-data"),
        }.items():
            with open(os.path.join(folder, name), "w") as f:
                f.write(text)
        # Apache leaves root's rights: its folder and those above it must be readable.
        subprocess.run(["chmod", "-R", "a+rX", folder], check=True)
        self.process = None

    def replace_idp_metadata(self, text):
        with open(os.path.join(self.folder, "idp.xml"), "w") as f:
            f.write(text)
        self.stop()
        self.start()

    def start(self):
        self.process = subprocess.Popen(["/usr/sbin/apache2", "-f", os.path.join(self.folder, "httpd.conf"), "-DFOREGROUND"])
        for _ in range(100):
            try:
                if requests.get(self.base + "/", timeout=2).status_code == 200:
                    return self
            except requests.ConnectionError:
                pass
            if self.process.poll() is not None:
                raise RuntimeError("apache ended: " + self.log())
            time.sleep(0.1)
        raise RuntimeError("apache did not become ready: " + self.log())

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(10)

    def log(self):
        path = os.path.join(self.folder, "error.log")
        return open(path).read()[-1500:] if os.path.exists(path) else ""
