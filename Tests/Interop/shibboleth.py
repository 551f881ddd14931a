"""Apache with Shibboleth's Service Provider 3 (Debian: mod_shib and shibd), started by the test on loopback. The configuration is the one that
Debian installs, with an address, an identity provider and the files of this folder put into it."""

import os
import re

import requests
import servers

CONFIGURATION = """
UseCanonicalName On
Listen {host}:{port}
LogLevel warn
LoadModule mod_shib {modules}/mod_shib.so
ShibConfig {folder}/shibboleth2.xml
<Location />
    Require all granted
</Location>
<Location /secret>
    AuthType shibboleth
    ShibRequestSetting requireSession 1
    Require shib-session
    Header set X-Name-ID "%{{persistent-id}}e"
    Header set X-Pairwise-ID "%{{pairwise-id}}e"
    Header set X-Context "%{{Shib-AuthnContext-Class}}e"
    Header set X-PIN-Used "%{{pin-used}}e"
    Header set X-Remote-User "%{{REMOTE_USER}}e"
    Header set X-Session "%{{Shib-Session-ID}}e"
    Header set X-Instant "%{{Shib-Authentication-Instant}}e"
</Location>
"""

PROVIDER = """<MetadataProvider type="XML" validate="true" url="{url}" backingFilePath="{folder}/sekisho.xml"
            minRefreshDelay="1" maxRefreshDelay="2">
        <MetadataFilter type="RequireValidUntil" maxValidityInterval="2419200"/>
        <MetadataFilter type="Signature" certificate="{folder}/sekisho-metadata.pem"/>
    </MetadataProvider>"""

LOGGER = """log4j.rootCategory={level}, all
log4j.appender.all=org.apache.log4j.FileAppender
log4j.appender.all.fileName={file}
log4j.appender.all.layout=org.apache.log4j.PatternLayout
log4j.appender.all.layout.ConversionPattern=%p %c: %m%n
"""


class Shibboleth(servers.Apache):
    """`changes`: pairs of texts to exchange in shibboleth2.xml beside the usual ones, for a service that is set up in another way."""

    hosts = 30

    def __init__(self, folder, port, keys, platform, changes=(), attributes="", level="INFO"):
        # An address of its own: browsers keep cookies by host and not by port.
        Shibboleth.hosts += 1
        self.host = f"127.0.0.{Shibboleth.hosts}"
        self.base = f"http://{self.host}:{port}"
        super().__init__(folder, self.base, CONFIGURATION, host=self.host, port=port)
        self.entity_id = self.base + "/shibboleth"
        metadata = requests.get(platform.base + "/saml/metadata", timeout=60).text
        entity = re.search(r'entityID="([^"]+)"', metadata)[1]
        original = open("/etc/shibboleth/shibboleth2.xml").read()
        text = original
        for old, new in [
            ('entityID="https://sp.example.org/shibboleth"', f'entityID="{self.entity_id}"'),
            ('entityID="https://idp.example.org/idp/shibboleth"', f'entityID="{entity}"'),
            ('handlerSSL="true" cookieProps="https"', 'handlerSSL="false" cookieProps="http"'),
            ("<OutOfProcess ", f'<OutOfProcess logger="{folder}/shibd.logger" '),
            ("<ApplicationDefaults ", f'<InProcess logger="{folder}/native.logger"/>\n    <UnixListener address="{folder}/shibd.sock"/>\n'
             "    <ApplicationDefaults "),
            ("<!-- Map to extract", PROVIDER.format(url=platform.base + "/saml/metadata", folder=folder) + "\n        <!-- Map to extract"),
            ('path="attribute-map.xml"', f'path="{folder}/attribute-map.xml"'),
            ('key="sp-signing-key.pem" certificate="sp-signing-cert.pem"',
             f'key="{folder}/signing.key" certificate="{folder}/signing.crt"'),
            ('key="sp-encrypt-key.pem" certificate="sp-encrypt-cert.pem"',
             f'key="{folder}/encryption.key" certificate="{folder}/encryption.crt"'),
            *changes,
        ]:
            if old not in text:
                raise RuntimeError("not in Debian's shibboleth2.xml: " + old)
            text = text.replace(old, new, 1)
        attribute_map = open("/etc/shibboleth/attribute-map.xml").read().replace(
            "</Attributes>", attributes + "</Attributes>")
        files = {
            "shibboleth2.xml": text, "attribute-map.xml": attribute_map, "htdocs/index.html": "out", "htdocs/secret/index.html": "in",
            "shibd.logger": LOGGER.format(level=level, file=folder + "/shibd.log"),
            "native.logger": LOGGER.format(level="WARN", file=folder + "/native.log"),
            # Whoever sets up a federation hands its members the certificate; here it is taken from the document, once.
            "sekisho-metadata.pem": "-----BEGIN CERTIFICATE-----\n" + "\n".join(
                re.findall(".{1,64}", re.sub(r"\s", "", re.search(r"<ds:X509Certificate[^>]*>([^<]+)<", metadata)[1])))
            + "\n-----END CERTIFICATE-----\n",
        }
        for name, (key, certificate) in keys.items():
            files[name + ".key"], files[name + ".crt"] = key, certificate
        servers.write(folder, files | {"native.log": "", "shibd.log": ""})
        for name in ("native.log", "shibd.log"):
            os.chmod(os.path.join(folder, name), 0o666)

    def start(self):
        self.serve(
            self.base + "/Shibboleth.sso/Metadata",
            beside=[["/usr/sbin/shibd", "-F", "-f", "-c", self.folder + "/shibboleth2.xml", "-p", self.folder + "/shibd.pid"]],
            environment={"SHIBSP_RUNDIR": self.folder, "SHIBSP_CACHEDIR": self.folder, "SHIBSP_LOGDIR": self.folder})
        return self

    def metadata(self):
        """What its own generator says of it, untouched."""
        return requests.get(self.base + "/Shibboleth.sso/Metadata", timeout=60).text

    def stop(self):
        self.end()

    def log(self):
        return servers.tail(self.folder, "output.log", "error.log", "native.log", "shibd.log", size=1500)
