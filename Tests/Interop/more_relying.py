"""Relying parties that issue 5 does not name, against a running server: Apache with mod_auth_openidc and mod_oauth2, Ruby and Perl from
Debian, and libraries of PyPI in an environment of their own (`relying/`). See README.md."""

import argparse
import glob
import hashlib
import json
import os
import subprocess
import sys
import time
import urllib.parse

import requests
from cryptography.hazmat.primitives import serialization
from playwright.sync_api import sync_playwright

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import relying as RL  # noqa: E402
import run as R  # noqa: E402
import servers  # noqa: E402
from browser import Browser  # noqa: E402
from openidc import Apache  # noqa: E402
from run import check, free_port, member  # noqa: E402

sys.path.insert(0, os.path.join(HERE, "..", "Conformance"))
import signing  # noqa: E402

REGISTRATION = "  registration: {{by: [token], per-hour: 1000}}\n"
PACKAGES = ["oic==1.7.0", "mozilla-django-oidc==5.0.2", "django-allauth[socialaccount]==65.21.1", "requests-oauthlib==2.0.0", "PyJWT==2.12.1",
            "simple-openid-connect==2.5.0", "social-auth-core==4.8.7", "Flask-pyoidc==3.11.0", "Flask==2.2.5", "Werkzeug==2.2.3",
            "httpx-oauth==0.17.0", "requests"]
REQUEST_OBJECT = json.dumps({
    "copy_from_request": ["response_type", "response_mode", "nonce", "state", "redirect_uri", "scope", "client_id", "code_challenge",
                          "code_challenge_method"],
    "crypto": {"sign_alg": "RS256"}, "request_object_type": "request"}).replace('"', '\\"')


class Visitor(Browser):
    """A browser that also carries answers that come in a form."""

    carries = Browser.carries | {"code", "error", "response"}

    def subject(self, url):
        """Who the application behind Apache was told this is."""
        page = self.go(url)
        return page.headers.get("X-Subject") if page.status_code == 200 else None

    def forget_party(self, party):
        """Drops the party's session cookie, and leaves the platform's."""
        mine = "session_" + party.rpartition(":")[2]
        for cookie in [c for c in self.session.cookies if c.name.startswith(mine)]:
            self.session.cookies.clear(cookie.domain, cookie.path, cookie.name)

    def info(self, party):
        """What mod_auth_openidc knows of this browser's session."""
        return self.go(party + "/callback?info=json").json()


def digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


def add(platform, name, lines, files=None):
    platform.add_member(
        member(name, "ministry", "procedure", "openid:\n" + "".join(f"  {line}\n" for line in lines.strip().splitlines())), files or {})


def initial_token(platform, sponsor):
    return platform.run("sekisho", "client", "token", platform.deployment, "--sponsor", sponsor, "--purpose", "procedure", "--pkce", "optional",
                        "--uses", "9", "--expires", "1h", "--note", "tests").stdout.strip()


def apache(platform):
    """The deployment's members behind one Apache, and the server itself."""
    folder = os.path.join(platform.folder, "apache")
    server = Apache(folder)
    discovery = platform.base + "/.well-known/openid-configuration"
    told = {}

    def party(name, registered, directives, **more):
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        add(platform, name, f'redirect-uris: ["{base}/callback"]\npost-logout-redirect-uris: ["{base}/"]\n{registered(base)}')
        told[name] = server.party(port, f"OIDCProviderMetadataURL {discovery}\nOIDCClientID {name}\n{directives(base)}", **more)

    secret = signing.unique(32)
    party("apache", lambda base: f"""authentication: client_secret_basic
secret-sha256: "{digest(secret)}"
id-token-algorithm: RS256
grants: [authorization_code, refresh_token]
scopes: [openid, offline_access]
backchannel-logout-uri: "{base}/callback?logout=backchannel\"""", lambda base: f"""OIDCClientSecret {secret}
OIDCPKCEMethod S256
OIDCProviderTokenEndpointAuth client_secret_basic
OIDCProviderBackChannelLogoutSupported On""", scope="openid offline_access", locations="""<Location /again>
    AuthType openid-connect
    Require valid-user
    OIDCUnAuthAction auth
    OIDCPathAuthRequestParams prompt=login&acr_values=aal3&claims=%7B%22id_token%22%3A%7B%22acr%22%3A%7B%22essential%22%3Atrue%7D%7D%7D
</Location>
<Location /silent>
    AuthType openid-connect
    Require valid-user
    OIDCPathAuthRequestParams prompt=none
</Location>""")
    # Tokens that name a resource are for it alone: they open no userinfo.
    party("apache-caller", lambda base: f"""authentication: client_secret_post
secret-sha256: "{digest(secret)}"
access-token-format: jwt
resources: ["https://api.example/papers"]""", lambda base: f"""OIDCClientSecret {secret}
OIDCPKCEMethod S256
OIDCProviderTokenEndpointAuth client_secret_post
OIDCAuthRequestParams resource=https%3A%2F%2Fapi.example%2Fpapers""")
    key = signing.Key("RS256", kid="apache-sig")
    pem = os.path.join(folder, "client.key")
    with open(pem, "wb") as f:
        f.write(key.private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    public = subprocess.run(["openssl", "pkey", "-in", pem, "-pubout"], capture_output=True, text=True, check=True).stdout
    servers.write(folder, {"client.pub": public})
    bare = {name: value for name, value in key.jwk().items() if name in ("kty", "n", "e")}
    keys = {"keys": [{**bare, "kid": "apache-sig", "use": "sig", "alg": "RS256"}, {**bare, "kid": "apache-enc", "use": "enc"}]}
    party("apache-sealed", lambda base: f"""authentication: private_key_jwt
jwks: {json.dumps(keys)}
id-token-algorithm: ES256
id-token-encryption: {{alg: RSA-OAEP, enc: A256GCM}}
userinfo-signed-response-alg: ES256
userinfo-encryption: {{alg: RSA-OAEP, enc: A256CBC-HS512}}
request-objects: {{algorithms: [RS256]}}""", lambda base: f"""OIDCPublicKeyFiles apache-sig#{folder}/client.pub apache-enc#{folder}/client.pub
OIDCPrivateKeyFiles apache-sig#{folder}/client.key apache-enc#{folder}/client.key
OIDCProviderTokenEndpointAuth private_key_jwt
OIDCResponseMode form_post
OIDCPKCEMethod S256
OIDCRequestObject "{REQUEST_OBJECT}"
OIDCIDTokenSignedResponseAlg ES256
OIDCIDTokenEncryptedResponseAlg RSA-OAEP
OIDCIDTokenEncryptedResponseEnc A256GCM
OIDCUserInfoSignedResponseAlg ES256
OIDCUserInfoEncryptedResponseAlg RSA-OAEP
OIDCUserInfoEncryptedResponseEnc A256CBC-HS512""")

    # A party that registers itself, with the initial access token that a registrar handed out.
    token = initial_token(platform, "apache")
    known = "metadata/" + urllib.parse.quote(platform.base.removeprefix("http://"), safe="")
    servers.write(folder, {
        known + ".provider": requests.get(discovery, timeout=60).text,
        known + ".conf": json.dumps({"registration_token": token, "pkce_method": "S256", "scope": "openid", "client_name": "Self-registered"})})
    told["registered"] = server.party(free_port(), f"OIDCMetadataDir {folder}/metadata")

    guard = signing.unique(32)
    add(platform, "apache-api", f"""grants: []
authentication: client_secret_basic
secret-sha256: "{digest(guard)}"
audiences: ["https://api.example/papers"]
accepts-exchanges-from: [apache-caller]""")
    told["api"] = server.resource(
        free_port(), f"OAuth2TokenVerify introspect {platform.base}/openid/introspect "
        f"introspect.auth=client_secret_basic&client_id=apache-api&client_secret={guard}&expiry=0")
    key = signing.Key("ES256")
    add(platform, "bound", f"""redirect-uris: ["http://127.0.0.1:9/bound"]
authentication: private_key_jwt
jwks: {json.dumps({"keys": [key.jwk()]})}
sender-constraint: dpop
resources: ["https://api.example/bound"]""")
    add(platform, "bound-api", f"""grants: []
authentication: client_secret_basic
secret-sha256: "{digest(guard)}"
audiences: ["https://api.example/bound"]
accepts-exchanges-from: [bound]""")
    told["bound"] = key, server.resource(
        free_port(), f"OAuth2AcceptTokenIn header type=dpop\nOAuth2TokenVerify introspect {platform.base}/openid/introspect "
        f"introspect.auth=client_secret_basic&client_id=bound-api&client_secret={guard}&expiry=0&type=dpop")
    told["reader"] = server.resource(free_port(), f"OAuth2TokenVerify jwks_uri {platform.base}/openid/jwks verify.iat.slack_before=600&expiry=0")
    return server.start(), told


def journeys(platform, told):
    name = "mod_auth_openidc"
    base = told["apache"]
    visitor = Visitor(platform)
    subject = visitor.subject(base + "/secret/")
    check(f"{name}: code, PKCE, client_secret_basic, RS256", subject and visitor.logins == 1, subject)
    inside = visitor.info(base)
    check(f"{name}: it knows the citizen's assurance from the ID token",
          inside["id_token"]["pin_used"] is True and "pin" in inside["id_token"]["amr"], inside["id_token"])
    check(f"{name}: userinfo speaks of the same citizen", inside["userinfo"]["sub"] == subject, inside["userinfo"])
    refreshed = visitor.go(f"{base}/callback?refresh={urllib.parse.quote(base + '/secret/', safe='')}&access_token={inside['access_token']}")
    fresh = visitor.info(base)
    check(f"{name}: a refresh token gives another access token",
          refreshed.headers.get("X-Subject") == subject and fresh["access_token"] != inside["access_token"], refreshed.url)

    caller = visitor.subject(told["apache-caller"] + "/secret/")
    token = visitor.info(told["apache-caller"])["access_token"]

    def api(name, token):
        return requests.get(told[name] + "/api/", headers={"Authorization": "Bearer " + token}, timeout=60)
    seen = api("api", token)
    check("mod_oauth2: a resource server introspects the token and knows the citizen by its own name",
          seen.status_code == 200 and seen.headers.get("X-Subject") not in (None, subject, caller), (seen.status_code, dict(seen.headers)))
    read = api("reader", token)
    check("mod_oauth2: a resource server reads a JWT access token with the published keys",
          read.status_code == 200 and read.headers.get("X-Subject") == seen.headers.get("X-Subject"), (read.status_code, dict(read.headers)))
    check("mod_oauth2: neither takes a token that was for somebody else, or changed",
          [api("api", fresh["access_token"]).status_code, api("reader", signing.flipped(token)).status_code] == [401, 401])
    sealed = visitor.subject(told["apache-sealed"] + "/secret/")
    check(f"{name}: private_key_jwt, a signed request, form_post, encrypted ID token and userinfo; single sign-on",
          sealed not in (None, subject) and visitor.logins == 1, sealed)
    known = visitor.info(told["apache-sealed"])
    check(f"{name}: encrypted userinfo is read", known.get("userinfo", {}).get("sub") == sealed, known)

    # prompt, asked of one path only
    visitor.forget_party(base)
    again = visitor.subject(base + "/silent/")
    check(f"{name}: prompt=none with a session asks nothing", again == subject and visitor.logins == 1, again)
    visitor.forget_party(base)
    again = visitor.subject(base + "/again/")
    check(f"{name}: prompt=login, acr_values and the claims parameter ask for the card once more", again == subject and visitor.logins == 2, again)
    stranger = Visitor(platform)
    stranger.go(base + "/silent/")
    refused = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(stranger.path[-1]).query))
    check(f"{name}: prompt=none without a session is login_required, with state and issuer, and nobody gets in",
          refused.get("error") == "login_required" and refused.get("iss") == platform.base and "state" in refused
          and stranger.subject(base + "/silent/") is None and stranger.logins == 0, stranger.path[-1])

    # logout: one party begins it, the other hears of it behind the browser
    check(f"{name}: before the logout it knows the browser", visitor.go(base + "/again/").headers.get("X-Subject") == subject)
    other = told["apache-caller"]
    out = visitor.go(f"{other}/callback?logout={urllib.parse.quote(other + '/', safe='')}")
    check(f"{name}: a logout that it begins ends at its registered address", out.url == other + "/" and out.text == "out", visitor.path)
    gone = servers.until(lambda: visitor.session.get(base + "/again/", allow_redirects=False, timeout=60).status_code == 302)
    check(f"{name}: the other party's session is ended by the back channel", gone)
    ended = api("api", token)
    check("mod_oauth2: introspection says that a session has ended, and its token opens nothing", ended.status_code == 401, ended.status_code)
    logins = visitor.logins
    check(f"{name}: the next login asks for the card", visitor.subject(base + "/again/") == subject and visitor.logins == logins + 1)


def bound(platform, told):
    """A token that is bound to a key, at a resource server that looks at the proof."""
    key, base = told["bound"]
    endpoint, verifier, own = platform.base + "/openid/token", signing.unique(40), signing.Key("ES256")
    citizen = RL.Bystander(platform)
    asked = {"response_type": "code", "client_id": "bound", "redirect_uri": "http://127.0.0.1:9/bound", "scope": "openid",
             "resource": "https://api.example/bound", "code_challenge": signing.digest(verifier), "code_challenge_method": "S256"}
    landing = citizen.visit(platform.base + "/openid/authorize?" + urllib.parse.urlencode(asked), [asked["redirect_uri"]])
    citizen.stop()
    now = int(time.time())
    tokens = requests.post(endpoint, timeout=60, headers={"DPoP": signing.dpop(own, "POST", endpoint)}, data={
        "grant_type": "authorization_code", "code": landing["parameters"].get("code"), "redirect_uri": asked["redirect_uri"],
        "code_verifier": verifier, "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": key.sign({"iss": "bound", "sub": "bound", "aud": platform.base, "exp": now + 60, "iat": now, "jti": signing.unique()})})
    token = tokens.json().get("access_token", "")

    def api(**headers):
        return requests.get(base + "/api/", headers=headers, timeout=60)
    proof = lambda by: signing.dpop(by, "GET", base + "/api/", token)
    taken = api(Authorization="DPoP " + token, DPoP=proof(own))
    check("mod_oauth2: takes a DPoP-bound token with its proof", taken.status_code == 200 and taken.headers.get("X-Subject"), (tokens.text[:300], taken.text))
    refused = [api(Authorization="DPoP " + token), api(Authorization="Bearer " + token), api(Authorization="DPoP " + token, DPoP=proof(signing.Key("ES256")))]
    check("mod_oauth2: and without it, or with another key's, takes nothing", [each.status_code for each in refused] == [401, 401, 401], refused)


PAGE = """async ([path, how]) => {
    try { const answer = await fetch(path, how); return [answer.status, await answer.json()] } catch (error) { return [0, error.name] }
}"""


def script_of_a_page(platform, told):
    """A page of another origin in Debian's Chromium, as a backend for frontend or a token-mediating backend serves it."""
    visitor = Visitor(platform)
    visitor.subject(told["apache"] + "/secret/")
    token = visitor.info(told["apache"])["access_token"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(told["apache"].replace("127.0.0.1", "localhost") + "/")  # another origin than the platform's
        ask = lambda path, **how: page.evaluate(PAGE, [platform.base + path, how])
        issuer, keys = ask("/.well-known/openid-configuration"), ask("/openid/jwks", headers={"X-Library": "1"})
        check("Chromium: a page elsewhere reads discovery and the key set",
              issuer[0] == 200 and issuer[1]["issuer"] == platform.base and keys[0] == 200, (issuer, keys))
        info = ask("/openid/userinfo", headers={"Authorization": "Bearer " + token})
        check("Chromium: and userinfo, with a token in its hands", info[0] == 200 and info[1].get("sub"), info)
        refused = [ask("/openid/userinfo", credentials="include"), ask("/openid/token", method="POST", headers={"Authorization": "Basic eDp5"}),
                   ask("/saml/metadata")]
        check("Chromium: but nothing with cookies, no token endpoint, no other door", [each[0] for each in refused] == [0, 0, 0], refused)
        browser.close()


def registered(platform, told, server):
    """A client registers itself with its token and logs a citizen in."""
    visitor = Visitor(platform)
    start = f"{told['registered']}/callback?iss={urllib.parse.quote(platform.base, safe='')}" \
            f"&target_link_uri={urllib.parse.quote(told['registered'] + '/secret/', safe='')}"
    page = visitor.go(start)
    files = glob.glob(os.path.join(server.folder, "metadata", "*.client"))
    check("mod_auth_openidc: registers itself with an initial access token, at the first login",
          page.headers.get("X-Subject") and len(files) == 1, (page.url, page.status_code, server.log(1500)))


def roll_over(platform, told):
    """Another key signs while the party holds the old key set."""
    keys = lambda *arguments: platform.run("sekisho", "keys", *arguments, "--deployment", platform.deployment)
    before = {key["kid"] for key in requests.get(platform.base + "/openid/jwks", timeout=60).json()["keys"]}
    keys("generate", "openid-signing", "--algorithm", "RS256", "--name", "openid-rs256-next")
    keys("promote", "openid-rs256-next", "--early", "roll-over in the tests")
    visitor = Visitor(platform)
    subject = visitor.subject(told["apache"] + "/secret/")
    header = signing.read(visitor.info(told["apache"])["session"]["state"]["idt"])[0] if subject else {}
    check("mod_auth_openidc: a key it has never seen makes it fetch the key set again", subject and header.get("kid") not in before | {None}, header)


def libraries(platform):
    """The parties of `relying/`, each told its own and no more."""
    told = {}

    def client(name, path="/callback", **options):
        secret, port = signing.unique(32), free_port()
        redirect = f"http://127.0.0.1:{port}{path}"
        lines = {"redirect-uris": [redirect], "post-logout-redirect-uris": [f"http://127.0.0.1:{port}/out"],
                 "authentication": "client_secret_basic", "secret-sha256": digest(secret), **options}
        add(platform, name, "\n".join(f"{option}: {json.dumps(value)}" for option, value in lines.items()))
        told[name] = {"id": name, "secret": secret, "redirect": redirect}
    client("pyoidc", **{"id-token-algorithm": "RS256", "grants": ["authorization_code", "refresh_token"], "scopes": ["openid", "offline_access"]})
    client("mozilla", "/oidc/callback/")
    client("allauth", "/accounts/oidc/sekisho/login/callback/")
    client("oauthlib")
    client("ruby", "/auth/sekisho/callback", pkce="optional")
    client("ruby-post", "/auth/sekisho/callback", pkce="optional", authentication="client_secret_post")
    client("perl", pkce="optional", authentication="client_secret_post")
    for name in ("social", "flask", "simple"):  # two of them send no code_challenge, and all know RS256
        client(name, **{"pkce": "optional", "id-token-algorithm": "RS256"})
    bystander = RL.Bystander(platform)
    world = os.path.join(platform.folder, "more_relying.json")
    with open(world, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as f:
        json.dump({
            "issuer": platform.base, "clients": told, "citizen": f"http://127.0.0.1:{bystander.port}", "initial": initial_token(platform, "pyoidc"),
            "metadata": requests.get(platform.base + "/.well-known/openid-configuration", timeout=60).json()}, f)
    try:
        python = RL.environment("more", PACKAGES)
        for name in ("pyoidc_party", "django_party", "small_parties"):
            RL.let(name, python, world, platform)
        RL.let("ruby_party", "/usr/bin/ruby", world, platform, ".rb")
        RL.let("perl_party", "/usr/bin/perl", world, platform, ".pl")
    finally:
        bystander.stop()


def test(platform, arguments):
    for card in ("hanako", "taro"):
        platform.run("jpki-simulator", "export", "--state", platform.state, "--card", card, platform.folder)
    if arguments.only != "apache":
        libraries(platform)
    if arguments.only == "libraries":
        return
    server, told = apache(platform)
    try:
        journeys(platform, told)
        bound(platform, told)
        script_of_a_page(platform, told)
        registered(platform, told, server)
        roll_over(platform, told)
    finally:
        server.stop()
        if arguments.log:
            print(server.log(arguments.log))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=".build/debug")
    parser.add_argument("--only", choices=["apache", "libraries"])
    parser.add_argument("--log", type=int, default=0, help="so many characters of Apache's log at the end")
    arguments = parser.parse_args()
    platform = R.Platform(arguments.binaries)
    serve, platform.serve = platform.serve, lambda: None

    def whole():
        RL.prepared(platform, REGISTRATION)
        platform.serve = serve
        platform.server = platform.serve()
        test(platform, arguments)

    return R.carry_out("more_relying", platform, whole)


if __name__ == "__main__":
    sys.exit(main())
