"""Real relying-party software behind small local HTTP servers. Each party verifies with its own library and reports what it read."""

import base64
import warnings
import http.server
import json
import secrets
import threading
import time
import urllib.parse

warnings.filterwarnings("ignore", message="authlib.jose")
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt as jose_jwt
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.client import Saml2Client
from saml2.config import SPConfig
import requests

PIN_ATTRIBUTE = "urn:x-sekisho:attribute:pin-used"


class Party:
    """A local web service: `/start` sends the citizen to Sekisho, the callback verifies the answer and shows it as JSON."""

    def __init__(self, port):
        self.port = port
        self.base = f"http://127.0.0.1:{port}"
        self.tamper = None  # a function applied to the answer before the library sees it
        self.start_options = {}
        party = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def log_message(self, *arguments):
                pass

            def do_GET(self):
                self.handle_any(urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query, keep_blank_values=True))

            def do_POST(self):
                length = int(self.headers.get("Content-Length", 0))
                self.handle_any(urllib.parse.parse_qs(self.rfile.read(length).decode(), keep_blank_values=True))

            def handle_any(self, form):
                path = urllib.parse.urlsplit(self.path).path
                try:
                    status, headers, body = party.answer(self.command, path, {k: v[0] for k, v in form.items()}, self.path)
                except Exception as error:  # a library's refusal is an answer of the test
                    status, headers, body = 403, {}, json.dumps({"refused": type(error).__name__ + ": " + str(error)[:300]})
                body = body.encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "text/html" if body.startswith(b"<") else "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()

    def report(self, **facts):
        return 200, {}, json.dumps(facts)


class PySAML2(Party):
    """`encrypted`: the service declares a key for encryption and takes nothing else. It has a logout service either way."""

    def __init__(self, port, key_file, cert_file, idp_metadata, signed=True, binding=BINDING_HTTP_REDIRECT, encrypted=False):
        super().__init__(port)
        self.entity_id = f"{self.base}/metadata"
        self.binding = binding
        configuration = {
            "entityid": self.entity_id,
            "key_file": key_file,
            "cert_file": cert_file,
            "xmlsec_binary": "/usr/bin/xmlsec1",
            "allow_unknown_attributes": True,
            "metadata": {"inline": [idp_metadata]},
            "service": {
                "sp": {
                    "endpoints": {
                        "assertion_consumer_service": [(f"{self.base}/acs", BINDING_HTTP_POST)],
                        "single_logout_service": [(f"{self.base}/slo", BINDING_HTTP_REDIRECT)],
                    },
                    "authn_requests_signed": signed,
                    "want_assertions_signed": True,
                    "want_response_signed": True,
                    "allow_unsolicited": False,
                    "logout_requests_signed": True,
                    "logout_responses_signed": True,
                    "want_assertions_or_response_signed": True,
                    "name_id_format": ["urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"],
                }
            },
        }
        if encrypted:
            configuration["encryption_keypairs"] = [{"key_file": key_file, "cert_file": cert_file}]
        configuration["preferred_binding"] = {"single_logout_service": [BINDING_HTTP_REDIRECT]}
        self.client = Saml2Client(config=SPConfig().load(configuration))
        self.outstanding = {}
        self.inside = None  # the citizen of this service's session
        self.logged_out = None  # what the platform answered to our LogoutRequest
        # pysaml2 signs with SHA-1 when it is not told otherwise; Sekisho refuses that.
        self.start_options = {
            "sigalg": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "digest_alg": "http://www.w3.org/2001/04/xmlenc#sha256",
        }

    def metadata(self):
        from saml2.metadata import entity_descriptor

        return str(entity_descriptor(self.client.config))

    def answer(self, method, path, form, raw):
        if path == "/start":
            request_id, info = self.client.prepare_for_authenticate(
                relay_state="start", binding=self.binding, response_binding=BINDING_HTTP_POST, **self.start_options
            )
            self.outstanding[request_id] = "/"
            if self.binding == BINDING_HTTP_REDIRECT:
                return 303, {"Location": dict(info["headers"])["Location"]}, ""
            return 200, {}, info["data"]
        if path == "/acs":
            message = self.tamper(form["SAMLResponse"]) if self.tamper else form["SAMLResponse"]
            response = self.client.parse_authn_request_response(message, BINDING_HTTP_POST, outstanding=self.outstanding)
            if response is None:
                return 403, {}, json.dumps({"refused": "pysaml2 returned nothing"})
            info = response.session_info()
            self.inside = info["name_id"]
            return self.report(
                encrypted="EncryptedAssertion" in base64.b64decode(message).decode(),
                name_id=info["name_id"].text,
                format=info["name_id"].format,
                attributes=info["ava"],
                context=info["authn_info"][0][0],
                relay_state=form.get("RelayState"),
            )
        if path == "/logout":
            (_, (_, info)), = self.client.global_logout(
                self.inside, sign=True, sign_alg=self.start_options["sigalg"], digest_alg=self.start_options["digest_alg"]).items()
            return 303, {"Location": dict(info["headers"])["Location"]}, ""
        if path == "/slo" and "SAMLRequest" in form:
            info = self.client.handle_logout_request(
                form["SAMLRequest"], self.inside, BINDING_HTTP_REDIRECT, sign=True, sign_alg=self.start_options["sigalg"],
                digest_alg=self.start_options["digest_alg"], relay_state=form.get("RelayState", ""))
            self.inside = None
            return 303, {"Location": dict(info["headers"])["Location"]}, ""
        if path == "/slo" and "SAMLResponse" in form:
            answer = self.client.parse_logout_request_response(form["SAMLResponse"], BINDING_HTTP_REDIRECT)
            self.logged_out = answer.response.status.status_code.value
            self.inside = None
            return self.report(logout=self.logged_out)
        return 404, {}, "{}"


class OneLogin(Party):
    def __init__(self, port, key, cert, idp, encrypted=False):
        super().__init__(port)
        self.entity_id = f"{self.base}/metadata"
        self.inside = None  # what it needs for a logout
        self.settings = {
            "strict": True,
            "sp": {
                "entityId": self.entity_id,
                "assertionConsumerService": {"url": f"{self.base}/acs", "binding": BINDING_HTTP_POST},
                "singleLogoutService": {"url": f"{self.base}/sls", "binding": BINDING_HTTP_REDIRECT},
                "NameIDFormat": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
                "x509cert": cert,
                "privateKey": key,
            },
            "idp": idp,
            "security": {
                "authnRequestsSigned": True,
                "wantAssertionsSigned": True,
                "wantMessagesSigned": True,
                "signatureAlgorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                "digestAlgorithm": "http://www.w3.org/2001/04/xmlenc#sha256",
                "requestedAuthnContext": False,
                "wantAttributeStatement": True,
                "logoutRequestSigned": True,
                "logoutResponseSigned": True,
                "wantAssertionsEncrypted": encrypted,
            },
        }
        self.last_request = None

    def metadata(self):
        from onelogin.saml2.settings import OneLogin_Saml2_Settings

        metadata = OneLogin_Saml2_Settings(self.settings, sp_validation_only=True).get_sp_metadata()
        return metadata.decode() if isinstance(metadata, bytes) else metadata

    def auth(self, path, get, post):
        settings = dict(self.settings)
        security = dict(settings["security"])
        security.update(self.start_options.get("security", {}))
        settings["security"] = security
        return OneLogin_Saml2_Auth(
            {
                "https": "off",
                "http_host": f"127.0.0.1:{self.port}",
                "server_port": str(self.port),
                "script_name": path,
                "get_data": get,
                "post_data": post,
            },
            settings,
        )

    def answer(self, method, path, form, raw):
        if path == "/start":
            auth = self.auth(path, form, {})
            location = auth.login(return_to="start")
            self.last_request = auth.get_last_request_id()
            return 303, {"Location": location}, ""
        if path == "/acs":
            if self.tamper:
                form["SAMLResponse"] = self.tamper(form["SAMLResponse"])
            auth = self.auth(path, {}, form)
            auth.process_response(request_id=self.last_request)
            if auth.get_errors() or not auth.is_authenticated():
                return 403, {}, json.dumps({"refused": str(auth.get_errors()) + " " + str(auth.get_last_error_reason())})
            self.inside = dict(name_id=auth.get_nameid(), session_index=auth.get_session_index(), name_id_format=auth.get_nameid_format(),
                               nq=auth.get_nameid_nq(), spnq=auth.get_nameid_spnq())
            return self.report(
                encrypted="EncryptedAssertion" in base64.b64decode(form["SAMLResponse"]).decode(),
                name_id=auth.get_nameid(),
                format=auth.get_nameid_format(),
                attributes=auth.get_attributes(),
                context=auth.get_last_authn_contexts()[0],
                relay_state=form.get("RelayState"),
            )
        if path == "/logout":
            auth = self.auth(path, form, {})
            location = auth.logout(return_to="start", **self.inside)
            self.last_request = auth.get_last_request_id()
            return 303, {"Location": location}, ""
        if path == "/sls":
            # Signatures of a query are over the octets as they were sent.
            auth = self.auth(path, form, {})
            auth._request_data["query_string"] = urllib.parse.urlsplit(raw).query
            url = auth.process_slo(request_id=self.last_request, keep_local_session=True)
            if auth.get_errors():
                return 403, {}, json.dumps({"refused": str(auth.get_errors()) + " " + str(auth.get_last_error_reason())})
            self.inside = None
            return (303, {"Location": url}, "") if "SAMLRequest" in form else self.report(logout="Success")
        return 404, {}, "{}"


class Authlib(Party):
    """An OpenID relying party in the shape that Japan's Digital Authentication App asks for: code, PKCE S256, nonce, private_key_jwt."""

    def __init__(self, port, issuer, client_id, secret=None, key=None, algorithm="ES256"):
        super().__init__(port)
        self.client_id = client_id
        self.discovery = requests.get(issuer + "/.well-known/openid-configuration", timeout=60).json()
        assert self.discovery["issuer"] == issuer
        self.algorithm = algorithm
        self.redirect_uri = f"{self.base}/callback"
        self.method = "private_key_jwt" if key else "client_secret_basic"
        self.session_of = {}
        self.arguments = {
            "client_id": client_id,
            "client_secret": key or secret,
            "scope": "openid",
            "redirect_uri": self.redirect_uri,
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": self.method,
        }

    def session(self, **more):
        session = OAuth2Session(**self.arguments, **more)
        if self.method == "private_key_jwt":
            session.register_client_auth_method(PrivateKeyJWT(self.discovery["token_endpoint"], alg="RS256"))
        return session

    def answer(self, method, path, form, raw):
        if path == "/start":
            verifier = secrets.token_urlsafe(48)
            nonce = secrets.token_urlsafe(24)
            url, state = self.session().create_authorization_url(
                self.discovery["authorization_endpoint"], code_verifier=verifier, nonce=nonce, **self.start_options
            )
            self.session_of[state] = (verifier, nonce)
            return 303, {"Location": url}, ""
        if path == "/callback":
            if "error" in form:
                return 403, {}, json.dumps({"refused": form["error"], "iss": form.get("iss")})
            if form.get("iss") != self.discovery["issuer"]:
                return 403, {}, json.dumps({"refused": "iss in the response is not the issuer (RFC 9207)"})
            verifier, nonce = self.session_of.pop(form["state"])
            session = self.session(state=form["state"])
            token = session.fetch_token(
                self.discovery["token_endpoint"], authorization_response=self.base + raw, code_verifier=verifier
            )
            id_token = self.tamper(token["id_token"]) if self.tamper else token["id_token"]
            keys = JsonWebKey.import_key_set(requests.get(self.discovery["jwks_uri"], timeout=60).json())
            claims = jose_jwt.decode(
                id_token,
                keys,
                claims_cls=CodeIDToken,
                claims_options={
                    "iss": {"essential": True, "value": self.discovery["issuer"]},
                    "aud": {"essential": True, "value": self.client_id},
                    "nonce": {"essential": True, "value": nonce},
                },
                claims_params={"nonce": nonce, "client_id": self.client_id, "access_token": token["access_token"]},
            )
            claims.validate(leeway=5)
            if claims.header["alg"] != self.algorithm:
                return 403, {}, json.dumps({"refused": "the ID token is signed with " + claims.header["alg"]})
            userinfo = session.get(self.discovery["userinfo_endpoint"]).json()
            again = requests.post(
                self.discovery["token_endpoint"],
                data={"grant_type": "authorization_code", "code": form["code"]},
                timeout=60,
            ).status_code
            return self.report(
                claims=dict(claims), userinfo=userinfo, code=form["code"], state=form["state"], unauthenticated_reuse=again,
                id_token=token["id_token"], access_token=token["access_token"], at=time.time()
            )
        return 404, {}, "{}"


def flip_in_xml(old, new):
    """A tamperer: changes text inside the base64 XML."""

    def tamper(message):
        xml = base64.b64decode(message)
        changed = xml.replace(old.encode(), new.encode())
        assert changed != xml, "the tamperer found nothing to change"
        return base64.b64encode(changed).decode()

    return tamper


def flip_in_jwt(token):
    """A tamperer: makes the PIN claim the other value without signing again."""
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["pin_used"] = not claims.get("pin_used")
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"{header}.{changed}.{signature}"
