"""Apache with mod_auth_openidc and mod_oauth2 (Debian) as relying parties and resource server, started by the test on loopback."""

import os
import subprocess

import servers

MODULES = """
LogLevel warn auth_openidc:{level} oauth2:{level}
LoadModule auth_openidc_module {modules}/mod_auth_openidc.so
LoadModule oauth2_module {modules}/mod_oauth2.so
"""

# A virtual host is a relying party. Browsers keep cookies by host and not by port, so each has a cookie of its own name.
PARTY = """
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
    OIDCRedirectURI {base}/callback
    OIDCCryptoPassphrase {passphrase}
    OIDCCookie session_{port}
    OIDCStateCookiePrefix state_{port}_
    OIDCScope "{scope}"
    OIDCInfoHook iat access_token access_token_expires id_token userinfo refresh_token session
    OIDCPassClaimsAs environment
    OIDCRemoteUserClaim sub
{lines}
    <Location />
        Require all granted
    </Location>
    <Location /callback>
        AuthType openid-connect
        Require valid-user
    </Location>
    <Location /secret>
        AuthType openid-connect
        Require valid-user
    </Location>
    <LocationMatch "^/(secret|again|silent)/">
        Header set X-Subject "%{{OIDC_CLAIM_sub}}e"
        Header set X-PIN-Used "%{{OIDC_CLAIM_pin_used}}e"
    </LocationMatch>
{locations}
</VirtualHost>
"""

RESOURCE = """
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
    <Location />
        Require all granted
    </Location>
    <Location /api>
        AuthType oauth2
        Require valid-user
{lines}
        Header set X-Subject "%{{OAUTH2_CLAIM_sub}}e"
    </Location>
</VirtualHost>
"""


class Apache(servers.Apache):
    """One server; `parties` and `resources` are the virtual hosts added before `start`."""

    def __init__(self, folder, level="warn"):
        super().__init__(folder, "127.0.0.1", MODULES, level=level)
        self.ports = []
        parts = ("", "secret", "again", "silent", "api")
        servers.write(folder, {os.path.join("htdocs", part, "index.html"): "in" if part else "out" for part in parts})

    def party(self, port, lines, scope="openid", locations=""):
        """A relying party with these directives; its address."""
        base = f"http://127.0.0.1:{port}"
        indented = lambda text: "\n".join("    " + line for line in text.strip().splitlines())
        self.text += PARTY.format(port=port, base=base, scope=scope, passphrase=os.urandom(16).hex(), lines=indented(lines),
                                  locations=indented(locations))
        self.ports.append(port)
        return base

    def resource(self, port, lines):
        """A resource server under /api that takes tokens as mod_oauth2 judges them; its address."""
        self.text += RESOURCE.format(port=port, lines="\n".join("        " + line for line in lines.strip().splitlines()))
        self.ports.append(port)
        return f"http://127.0.0.1:{port}"

    def start(self):
        written = os.path.join(self.folder, "metadata")
        if os.path.isdir(written) and os.geteuid() == 0:
            subprocess.run(["chown", "-R", "www-data", written], check=True)
        self.serve(f"http://127.0.0.1:{self.ports[0]}/")
        return self

    def stop(self):
        self.end()
