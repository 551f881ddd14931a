"""The suite's clients: what each knows, how it proves itself, and the member's file that registers it."""

import hashlib
import json
import time
import urllib.parse

import signing

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Client:
    def __init__(self, client_id, redirect_uris, method, secret=None, key=None, certificate=None, id_token="RS256", scope="openid",
                 audience="token_endpoint"):
        self.id = client_id
        self.redirect_uris = list(redirect_uris)
        self.method = method  # client_secret_basic, client_secret_post, private_key_jwt, tls_client_auth, self_signed_tls_client_auth
        self.secret, self.key, self.certificate = secret, key, certificate
        self.id_token = id_token
        self.scope = scope
        self.audience = audience  # what its assertions are made for: token_endpoint or issuer (FAPI 2.0)
        self.loose, self.backchannel = False, None  # set by the selftest

    @property
    def redirect_uri(self):
        return self.redirect_uris[0] if self.redirect_uris else None

    @property
    def by_tls(self):
        return self.method in ("tls_client_auth", "self_signed_tls_client_auth")

    def assertion(self, op, algorithm=None, key=None, without=(), header=(), **claims):
        """A client assertion (RFC 7523 §3); `claims` replace, `without` removes."""
        now = int(time.time())
        made_for = op.issuer if self.audience == "issuer" else op.metadata["token_endpoint"]
        body = {"iss": self.id, "sub": self.id, "aud": made_for, "jti": signing.unique(16), "iat": now, "exp": now + 60, **claims}
        body = {name: value for name, value in body.items() if name not in without}
        return (key or self.key).sign(body, algorithm=algorithm, **dict(header))

    def authenticate(self, op, form, headers, assertion=None):
        """Adds the proof to a form or its headers. `assertion` replaces the one made here."""
        if self.method == "client_secret_basic":
            import base64
            pair = urllib.parse.quote_plus(self.id) + ":" + urllib.parse.quote_plus(self.secret)
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        elif self.method == "client_secret_post":
            form.update(client_id=self.id, client_secret=self.secret)
        elif self.method == "private_key_jwt":
            form.update(client_id=self.id, client_assertion_type=ASSERTION, client_assertion=assertion or self.assertion(op))
        else:
            form["client_id"] = self.id


def member(client, sections, keys=None):
    """The member's file: `sections` are the lines of `openid:`, as values."""
    lines = ["redirect-uris: " + json.dumps(client.redirect_uris)] if client.redirect_uris else []
    lines.append(f"authentication: {client.method}")
    if client.secret:
        lines.append(f'secret-sha256: "{hashlib.sha256(client.secret.encode()).hexdigest()}"')
    if keys:
        lines.append("jwks: " + json.dumps({"keys": keys}))
    if client.scope:
        lines.append("scopes: " + json.dumps(client.scope.split()))
    lines.append(f"id-token-algorithm: {client.id_token}")
    lines += [f"{name}: {json.dumps(value) if not isinstance(value, bool) else str(value).lower()}" for name, value in sections.items()]
    return f"""id: "{client.id}"
kind: ministry
names:
  ja: 適合性試験
  en: Conformance
accreditation:
  state: accredited
  not-before: 2020-01-01T00:00:00Z
  not-after: 2099-01-01T00:00:00Z
  purposes: [procedure]
openid:
""" + "".join(f"  {line}\n" for line in lines)


def secret_clients(callback):
    """Basic, Form Post and logout plans: two clients by basic, one by post. Challenges are theirs to send (pkce: optional)."""
    for name, method in (("basic-1", "client_secret_basic"), ("basic-2", "client_secret_basic"), ("post-1", "client_secret_post")):
        client = Client(f"conformance-{name}", [callback(name)], method, secret=signing.unique(32), scope="openid offline_access")
        yield name, client, {"pkce": "optional", "grants": ["authorization_code", "refresh_token"]}, None


def logout_clients(callback, listener):
    for name in ("logout-1", "backchannel-1"):
        client = Client(f"conformance-{name}", [callback(name)], "client_secret_basic", secret=signing.unique(32))
        client.after_logout = callback(name) + "/after-logout"
        sections = {"pkce": "optional", "post-logout-redirect-uris": [client.after_logout]}
        if name == "backchannel-1":
            sections["backchannel-logout-uri"] = listener.base + "/backchannel-logout"
        yield name, client, sections, None


def fapi_clients(callback, folder, profile, variants, details=None):
    """For each way to authenticate and to bind: two clients with keys that have nothing in common. `details`: the type of authorization
    details (RFC 9396) that they may ask for."""
    for authentication, constraint in variants:
        for number in (1, 2):
            name = f"{profile}-{authentication}-{constraint}{'-rar' if details else ''}-{number}"
            key = signing.Key("PS256" if number == 1 else "ES256")
            certificate = signing.Certificate(folder, name)
            method = "private_key_jwt" if authentication == "private_key_jwt" else "self_signed_tls_client_auth"
            client = Client(f"conformance-{name}", [callback(name)], method, key=key, certificate=certificate, id_token="ES256",
                            scope="openid offline_access", audience="issuer")
            keys = [key.jwk(), certificate.jwk] if method != "private_key_jwt" else [key.jwk()]
            if method != "private_key_jwt":
                client.request_key = key
            sections = {"profile": profile, "sender-constraint": constraint, "grants": ["authorization_code", "refresh_token"]}
            if details:
                sections["authorization-details-types"] = [details]
            if profile == "fapi2-message-signing":
                sections.update({"request-objects": {"algorithms": ["PS256", "ES256"], "required": True},
                                 "authorization-signed-response-alg": "ES256"})
            yield name, client, sections, keys


SECTOR = "ciba.conformance.example"  # the clients of the CIBA plan know a citizen by one name


def ciba_clients(callback, folder, listener, modules):
    """Poll and ping by private_key_jwt, poll by mutual TLS. Each module has two clients of its own, because a client may have only so many
    requests waiting for one citizen; they share keys. And one client more, by which the suite learns the citizen's name in the sector."""
    for mode, authentication in (("poll", "private_key_jwt"), ("ping", "private_key_jwt"), ("poll", "mtls")):
        method = "private_key_jwt" if authentication == "private_key_jwt" else "self_signed_tls_client_auth"
        for number in (1, 2):
            key = signing.Key("PS256" if number == 1 else "ES256")
            certificate = signing.Certificate(folder, f"ciba-{mode}-{authentication}-{number}")
            for module in modules:
                name = f"ciba-{mode}-{authentication}-{module}-{number}"
                client = Client(f"conformance-{name}", [], method, key=key, certificate=certificate, id_token="ES256", scope="openid offline_access")
                ciba = {"delivery": mode, "request-signing-alg": key.algorithm}
                if mode == "ping":
                    ciba["notification-endpoint"] = client.notification = f"{listener.base}/ciba/{name}"
                sections = {"grants": ["ciba", "refresh_token"], "ciba": ciba, "sender-constraint": "mtls", "sector-identifier": SECTOR}
                yield name, client, sections, [key.jwk()] + ([certificate.jwk] if method != "private_key_jwt" else [])
    client = Client("conformance-ciba-name", [callback("ciba-name")], "client_secret_basic", secret=signing.unique(32))
    yield "ciba-name", client, {"sector-identifier": SECTOR}, None
