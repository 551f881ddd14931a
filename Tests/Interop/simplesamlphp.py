"""SimpleSAMLphp (Debian) as a service provider, under PHP's own web server on loopback, with the configuration that Debian installs and its
`default-sp`. A page of its own asks for the login and shows what SimpleSAMLphp read."""

import os

import requests
import servers

SOURCE = "/usr/share/simplesamlphp"
DEFAULTS = "/etc/simplesamlphp/config.php"
# Its last line, which only root and the web server may follow; salt and password are our own.
SECRETS = "require_once('/var/lib/simplesamlphp/secrets.inc.php');"

# What an operator of SimpleSAMLphp would change in Debian's config.php.
CONFIG = """
$config = array_merge($config, [
    'baseurlpath' => '{base}/simplesamlphp/',
    'certdir' => '{folder}/', 'loggingdir' => '{folder}/log/', 'datadir' => '{folder}/data/', 'tempdir' => '{folder}/tmp',
    'metadatadir' => '{folder}/metadata/',
    'secretsalt' => '{salt}', 'auth.adminpassword' => '{salt}', 'technicalcontact_email' => 'na@example.org',
    'logging.level' => SimpleSAML\\Logger::{level}, 'logging.handler' => 'file',
    'session.cookie.secure' => false, 'session.cookie.samesite' => null, 'language.cookie.samesite' => null,
    'session.phpsession.savepath' => '{folder}/sessions', 'session.phpsession.httponly' => true,
    'store.type' => 'sql', 'store.sql.dsn' => 'sqlite:{folder}/data/store.sq3',
    'trusted.url.domains' => null, 'admin.checkforupdates' => false,
    'metadata.sources' => [['type' => 'xml', 'file' => '{folder}/sekisho.xml']],
]);
"""

SOURCES = """<?php
$common = ['saml:SP', 'entityID' => '{base}/sp', 'idp' => '{entity}', 'privatekey' => 'sp.key', 'certificate' => 'sp.crt',
    'redirect.sign' => true, 'signature.algorithm' => 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'];
$config = ['admin' => ['core:AdminPassword'], 'default-sp' => array_merge($common, [{more}]),];
"""

PAGE = """<?php
require '/usr/share/simplesamlphp/lib/_autoload.php';
$login = new \\SimpleSAML\\Auth\\Simple('default-sp');
$here = '{base}/app.php';
$wish = $_GET['do'] ?? 'show';
if ($wish === 'logout') {{ $login->logout($here . '?do=out'); }}
header('Content-Type: application/json');
if ($wish === 'out') {{ echo json_encode(['out' => !$login->isAuthenticated()]); exit; }}
if ($wish === 'look') {{ echo json_encode(['in' => $login->isAuthenticated()]); exit; }}
if ($wish === 'again') {{
    $login->login(['ForceAuthn' => true, 'ReturnTo' => $here]);
}} elseif ($wish === 'passive') {{
    $login->login(['isPassive' => true, 'ReturnTo' => $here . '?do=look', 'ErrorURL' => $here . '?do=failed']);
}} elseif ($wish === 'level') {{
    $login->login(['saml:AuthnContextClassRef' => $_GET['class'], 'saml:AuthnContextComparison' => $_GET['comparison'] ?? 'exact',
        'ReturnTo' => $here, 'ErrorURL' => $here . '?do=failed']);
}} elseif ($wish === 'far') {{
    $login->login(['ReturnTo' => $here . '?do=show&x=' . str_repeat('x', (int) $_GET['octets'])]);
}} elseif ($wish === 'failed') {{
    $state = \\SimpleSAML\\Auth\\State::loadExceptionState();
    $fault = $state[\\SimpleSAML\\Auth\\State::EXCEPTION_DATA];
    echo json_encode(['refused' => get_class($fault), 'status' => method_exists($fault, 'getSubStatus') ? $fault->getSubStatus() : null,
        'text' => $fault->getMessage()]);
    exit;
}}
$login->requireAuth(['ReturnTo' => $here]);
$name = $login->getAuthData('saml:sp:NameID');
echo json_encode(['attributes' => $login->getAttributes(), 'name_id' => $name->getValue(), 'format' => $name->getFormat(),
    'nq' => $name->getNameQualifier(), 'spnq' => $name->getSPNameQualifier(), 'context' => $login->getAuthData('saml:sp:AuthnContext'),
    'expire' => $login->getAuthData('Expire'), 'session' => $login->getAuthData('saml:sp:SessionIndex')]);
"""


class SimpleSAMLphp(servers.Servers):
    """`more`: lines of the authentication source, as its documentation names them."""

    hosts = 50

    def __init__(self, folder, port, key, certificate, platform, more="", level="NOTICE"):
        super().__init__("SimpleSAMLphp", folder)
        self.port = port
        # An address of its own: browsers keep cookies by host and not by port.
        SimpleSAMLphp.hosts += 1
        self.host = f"127.0.0.{SimpleSAMLphp.hosts}"
        self.base = f"http://{self.host}:{port}"
        self.entity_id = self.base + "/sp"
        for name in ("log", "data", "tmp", "sessions", "metadata", "config", "htdocs"):
            os.makedirs(os.path.join(folder, name))
        os.symlink(SOURCE + "/www", os.path.join(folder, "htdocs", "simplesamlphp"))
        values = {"base": self.base, "folder": folder, "entity": platform.base + "/saml/metadata", "salt": os.urandom(16).hex(),
                  "level": level}
        servers.write(folder, {
            "config/config.php": open(DEFAULTS).read().replace(SECRETS, "") + self.fill(CONFIG, values), "config/authsources.php": self.fill(SOURCES, {**values, "more": more}),
            "htdocs/app.php": PAGE.replace("{base}", self.base).replace("{{", "{").replace("}}", "}"),
            "sp.key": key, "sp.crt": certificate,
            "sekisho.xml": requests.get(platform.base + "/saml/metadata", timeout=60).text,
        })

    @staticmethod
    def fill(text, values):
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        return text

    def replace_idp_metadata(self, text):
        """Read anew by each request, as its scheduled refresh would have it."""
        path = os.path.join(self.folder, "sekisho.xml")
        servers.write(self.folder, {"sekisho.xml.new": text})
        os.replace(path + ".new", path)

    def start(self):
        self.begin(["php", "-d", "display_errors=0", "-S", f"{self.host}:{self.port}", "-t", self.folder + "/htdocs"],
                   answers=lambda: "EntityDescriptor" in self.metadata(), log=self.log,
                   environment={"SIMPLESAMLPHP_CONFIG_DIR": self.folder + "/config", "PHP_CLI_SERVER_WORKERS": "4"})
        return self

    def metadata(self):
        """What it says of itself, untouched."""
        return requests.get(self.base + "/simplesamlphp/module.php/saml/sp/metadata.php/default-sp", timeout=60).text

    def stop(self):
        self.end()

    def log(self):
        return servers.tail(self.folder, "output.log", "log/simplesamlphp.log")
