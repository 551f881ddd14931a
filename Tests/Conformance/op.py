"""The OpenID Provider under test, as a client sees it: its metadata, its keys, and plain requests to its endpoints."""

import json
import threading
import urllib.parse

import requests
from joserfc import jws, jwt
from joserfc.jwk import KeySet

import signing

ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"]


class Answer:
    """What an endpoint said. `json` is {} when the body is none."""

    def __init__(self, response):
        self.status = response.status_code
        self.headers = response.headers
        self.text = response.text
        self.type = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
        try:
            self.json = response.json()
        except ValueError:
            self.json = {}
        if not isinstance(self.json, dict):
            self.json = {}

    @property
    def error(self):
        return self.json.get("error")

    def __str__(self):
        """For the log: the status and the coarse facts, never a token."""
        facts = [str(self.status)]
        for name in ("error", "error_description", "token_type", "expires_in", "scope"):
            if name in self.json:
                facts.append(f"{name}={str(self.json[name])[:160]}")
        if self.status >= 400 and not self.json:
            facts.append(self.text[:120].replace("\n", " "))
        return " ".join(facts)


class OP:
    def __init__(self, issuer, authorities=None):
        self.issuer = issuer
        self.authorities = authorities  # a file with the certificate that the mutual-TLS listener's own one leads to
        self.local = threading.local()
        self.discovered = self.get(issuer + "/.well-known/openid-configuration")
        self.metadata = self.discovered.json
        self.fetch_keys()

    def fetch_keys(self):
        self.keys_answer = self.get(self.metadata["jwks_uri"])
        self.jwks = json.loads(self.keys_answer.text)
        return self.jwks

    @property
    def http(self):
        """One connection pool for each thread."""
        if not hasattr(self.local, "session"):
            self.local.session = requests.Session()
        return self.local.session

    def get(self, url, **more):
        return Answer(self.http.get(url, timeout=30, allow_redirects=False, **more))

    def post(self, url, form, headers=None, certificate=None):
        """`form` is a dict or a list of pairs. With a certificate the request goes by mutual TLS, on a connection of its own."""
        if certificate is not None or url.startswith("https"):
            answer = requests.post(url, data=form, headers=headers, timeout=30, allow_redirects=False, verify=self.authorities,
                                   cert=certificate.files if certificate else None)
        else:
            answer = self.http.post(url, data=form, headers=headers, timeout=30, allow_redirects=False)
        return Answer(answer)

    def address(self, name, tls=False):
        """An endpoint's address; by mutual TLS its alias (RFC 8705 §5)."""
        aliases = self.metadata.get("mtls_endpoint_aliases", {})
        return aliases.get(name, self.metadata.get(name)) if tls else self.metadata.get(name)

    def authorize(self, parameters):
        return self.metadata["authorization_endpoint"] + "?" + urllib.parse.urlencode(parameters)

    def userinfo(self, token, method="GET", scheme="Bearer", headers=None, certificate=None, body=False):
        url = self.address("userinfo_endpoint", certificate is not None)
        sent = dict(headers or {})
        if not body:
            sent["Authorization"] = f"{scheme} {token}"
        if certificate is not None or url.startswith("https"):
            return Answer(requests.request(method, url, headers=sent, timeout=30, verify=self.authorities,
                                           cert=certificate.files if certificate else None))
        return Answer(self.http.request(method, url, headers=sent, data={"access_token": token} if body else None, timeout=30))

    def verified(self, token, algorithms=ALGORITHMS):
        """Header and claims of a JWT that one of the provider's published keys signed, checked by joserfc; raises otherwise."""
        header, _ = signing.read(token)
        kid = header.get("kid")
        known = [key for key in self.jwks["keys"] if key.get("use", "sig") == "sig" and (kid is None or key.get("kid") == kid)]
        if not known:
            self.fetch_keys()
            known = [key for key in self.jwks["keys"] if key.get("use", "sig") == "sig" and (kid is None or key.get("kid") == kid)]
        if not known:
            raise ValueError(f"no published key has the kid {kid}")
        registry = jws.JWSRegistry(algorithms=algorithms)
        answer = jwt.decode(token, KeySet.import_key_set({"keys": known}), algorithms=algorithms, registry=registry)
        return answer.header, answer.claims
