"""Apache with mod_auth_mellon (Debian) as a service provider, started by the test on loopback."""

import servers

SAML = "urn:oasis:names:tc:SAML:2.0"

CONFIGURATION = """
Listen {name}:{port}
LogLevel warn auth_mellon:info
LoadModule auth_mellon_module {modules}/mod_auth_mellon.so
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
{services}
</md:SPSSODescriptor></md:EntityDescriptor>"""

POST = """<md:AssertionConsumerService index="0" isDefault="true" Binding="{saml}:bindings:HTTP-POST" Location="{base}/mellon/postResponse"/>"""

ENCRYPTION = """<md:KeyDescriptor use="encryption"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
{methods}</md:KeyDescriptor>"""


class Mellon(servers.Apache):
    """`methods`: the md:EncryptionMethod algorithms to declare; None: no encryption key at all. `services`: its assertion consumer services, in
    the words of its metadata."""

    hosts = 1

    def __init__(self, folder, port, key, certificate, idp_metadata, methods=(), services=POST):
        # An address of its own: browsers keep cookies by host and not by port.
        Mellon.hosts += 1
        self.host = f"127.0.0.{Mellon.hosts}"
        super().__init__(folder, self.host, CONFIGURATION, port=port)
        self.base = f"http://{self.host}:{port}"
        self.entity_id = self.base + "/mellon/metadata"
        body = "".join(line for line in certificate.splitlines() if "CERTIFICATE" not in line)
        encryption = "" if methods is None else ENCRYPTION.format(
            certificate=body, methods="".join(f'<md:EncryptionMethod Algorithm="{m}"/>' for m in methods))
        self.metadata = METADATA.format(saml=SAML, base=self.base, certificate=body, encryption=encryption,
                                        services=services.format(saml=SAML, base=self.base))
        servers.write(folder, {"sp.key": key, "sp.crt": certificate, "sp.xml": self.metadata, "idp.xml": idp_metadata, "htdocs/index.html": "out",
                               "htdocs/secret/index.html": "in"})

    def replace_idp_metadata(self, text):
        servers.write(self.folder, {"idp.xml": text})
        self.stop()
        self.start()

    def start(self):
        self.serve(self.base + "/")
        return self

    def stop(self):
        self.end()
