"""What is checked of every answer. Each function takes plain data and a log, so that `selftest.py` can feed it broken answers."""

import collections
import math
import re
import time

import signing

FAPI_ALGORITHMS = ["PS256", "ES256", "EdDSA", "Ed25519"]
TEXT = re.compile(r"^[\x20-\x21\x23-\x5b\x5d-\x7e]*$")  # RFC 6749 appendix A.7, A.8


class Failed(Exception):
    """A condition without which the module cannot go on."""


class Skipped(Exception):
    """The module does not apply, and why."""


class Log:
    """What one module found: conditions in their order, and the facts to print when all hold."""

    def __init__(self):
        self.entries = []  # (condition, held, evidence, is only a warning)
        self.facts = []

    def check(self, condition, held, evidence=""):
        self.entries.append((condition, bool(held), str(evidence), False))
        return bool(held)

    def need(self, condition, held, evidence=""):
        if not self.check(condition, held, evidence):
            raise Failed(condition)
        return True

    def warn(self, condition, held, evidence=""):
        self.entries.append((condition, bool(held), str(evidence), True))

    def note(self, fact):
        self.facts.append(str(fact))

    def skip(self, reason):
        raise Skipped(reason)

    @property
    def failures(self):
        return [entry for entry in self.entries if not entry[1] and not entry[3]]

    @property
    def warnings(self):
        return [entry for entry in self.entries if not entry[1] and entry[3]]


def entropy(text):
    """Shannon's measure over the characters, in bits for the whole text: an estimate from below, as the suite makes it."""
    counts = collections.Counter(text)
    return -sum(n * math.log2(n / len(text)) for n in counts.values()) if text else 0


def hashed(text, algorithm):
    """`at_hash`, `c_hash`, `s_hash` (OpenID Connect Core §3.1.3.6, §3.3.2.11): the left half of the digest that the algorithm names."""
    import hashlib
    name = {"256": "sha256", "384": "sha384", "512": "sha512"}.get(algorithm[-3:], "sha512")
    whole = hashlib.new(name, text.encode()).digest()
    return signing.b64u(whole[: len(whole) // 2])


def named(description):
    """The stable code at the end of our error descriptions, so that a reader sees that it was refused for the right reason."""
    found = re.search(r"\[([a-z0-9.-]+)\]$", str(description or ""))
    return f" [{found[1]}]" if found else ""


def whole_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value)


# Answers of the authorization endpoint

def authorization_answer(log, landing, issuer, state, mode="query", warn_extra=True):
    """A good answer at the client's own address, in the right place, with the right `state` and `iss`. Returns the code."""
    log.need("the answer came to the registered redirect address", landing.is_callback, landing)
    log.check("nothing is in the fragment", not landing.fragment, landing)
    if mode == "form_post":
        log.need("the answer came by a form that is posted", landing.method == "POST" and landing.form, landing)
        log.check("code and error are not in the query (form_post §2)", not {"code", "error"} & landing.query.keys(), landing)
    parameters = landing.parameters
    log.need("there is no error", "error" not in parameters, landing)
    log.check("state comes back unchanged", parameters.get("state") == state, "state differs" if "state" in parameters else "no state")
    log.check("iss is the issuer (RFC 9207 §2)", parameters.get("iss") == issuer, parameters.get("iss"))
    if warn_extra:
        extra = parameters.keys() - {"code", "state", "iss", "session_state"} - landing.own
        log.warn("no parameter that nobody expects", not extra, sorted(extra))
    code = parameters.get("code")
    log.need("there is a code", code, landing)
    log.check("the code has 128 bits (RFC 6749 §10.10)", len(code) >= 22 and entropy(code) >= 96, f"{len(code)} characters")
    return code


def authorization_error(log, landing, issuer, state, errors):
    """An error at the client's own address, with the right code."""
    log.need("the error came to the registered redirect address", landing.is_callback, landing)
    parameters = landing.parameters
    log.check("there is no code", "code" not in parameters, landing)
    log.need(f"the error is {' or '.join(errors)}", parameters.get("error") in errors, parameters.get("error"))
    log.check("state comes back unchanged", parameters.get("state") == state, "state differs" if "state" in parameters else "no state")
    log.check("iss is the issuer, in errors too (RFC 9207 §2)", parameters.get("iss") == issuer, parameters.get("iss"))
    log.check("error and error_description have only the characters allowed (RFC 6749 §4.1.2.1)",
              TEXT.match(parameters["error"]) and TEXT.match(parameters.get("error_description", "")), parameters["error"])
    log.note(f"error={parameters['error']}{named(parameters.get('error_description'))}")


def refusal_page(log, landing):
    """No redirect: the citizen sees a page that says what is wrong. Nothing was sent to an address that is not registered."""
    log.need("the browser was not sent to the client", not landing.is_callback, landing)
    log.check("no answer of the chain led away from the provider", not landing.strayed, landing.strayed)
    log.check("the page is an error's", 400 <= landing.status < 500, landing)
    log.check("the page is a page", "html" in landing.type, landing.type)
    log.note(f"page with status {landing.status}")


# Answers of the token endpoint

def token_answer(log, answer, fapi=False, kind=None):
    """RFC 6749 §5.1, OpenID Connect Core §3.1.3.3. `kind` is Bearer or DPoP."""
    log.need("the token endpoint answered 200", answer.status == 200, answer)
    log.check("the answer is JSON", answer.type == "application/json", answer.type)
    log.check("Cache-Control has no-store", "no-store" in answer.headers.get("Cache-Control", ""), answer.headers.get("Cache-Control"))
    body = answer.json
    log.need("there is no error", "error" not in body, answer)
    token = body.get("access_token")
    log.need("there is an access token", isinstance(token, str) and token, answer)
    log.check("the access token has only characters of b64token", re.match(r"^[A-Za-z0-9\-._~+/]+=*$", token))
    log.check("token_type is " + (kind or "Bearer"), str(body.get("token_type", "")).lower() == (kind or "Bearer").lower(),
              body.get("token_type"))
    log.check("expires_in is a whole number above 0", whole_number(body.get("expires_in")) and body["expires_in"] > 0, body.get("expires_in"))
    if fapi:
        log.check("the access token has 128 bits (FAPI 2.0 §5.4.1-4)", len(token) >= 22 and entropy(token) >= 96, f"{len(token)} characters")
    if "refresh_token" in body:
        log.check("the refresh token has 128 bits", len(body["refresh_token"]) >= 22 and entropy(body["refresh_token"]) >= 96)
        log.check("the refresh token has only printable characters (RFC 6749 A.17)", re.match(r"^[\x20-\x7e]+$", body["refresh_token"]))
    return body


def token_error(log, answer, errors, statuses=(400,), title="the token endpoint"):
    """RFC 6749 §5.2: exact code, JSON, clean texts. 401 is allowed for invalid_client only."""
    allowed = set(statuses) | ({401} if answer.error == "invalid_client" else set())
    log.check(f"{title} answered {' or '.join(map(str, sorted(statuses)))}", answer.status in allowed, answer)
    log.check("the error is JSON", answer.type == "application/json", answer.type)
    log.check(f"the error is {' or '.join(errors)}", answer.error in errors, answer)
    log.check("error and error_description have only the characters allowed (RFC 6749 §5.2)",
              TEXT.match(str(answer.error)) and TEXT.match(str(answer.json.get("error_description", ""))), answer)
    log.check("no token came with the error", not {"access_token", "id_token", "refresh_token"} & answer.json.keys())
    log.note(f"{answer.status} {answer.error}{named(answer.json.get('error_description'))}")


# ID tokens

def id_token(log, op, token, client_id, *, nonce=None, algorithms=None, access_token=None, code=None, state=None, max_age=None,
             acr=None, auth_time=False, now=None):
    """OpenID Connect Core §2, §3.1.3.7. Returns the claims. `acr` is the list of values one of which must be answered."""
    now = time.time() if now is None else now
    log.need("there is an ID token", isinstance(token, str) and token.count(".") == 2, "none, or not a signed JWT")
    header, _ = signing.read(token)
    log.check("the ID token's algorithm is the registered one", header.get("alg") in (algorithms or ["RS256"]), header.get("alg"))
    log.check("the ID token names its key (kid)", isinstance(header.get("kid"), str), header.keys())
    try:
        _, claims = op.verified(token, algorithms or ["RS256"])
    except Exception as error:
        log.need("the ID token's signature is the provider's", False, f"{type(error).__name__}: {error}")
    log.check("the ID token's signature is the provider's", True)
    log.check("iss is the issuer, byte for byte", claims.get("iss") == op.issuer, claims.get("iss"))
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    log.check("aud is the client", client_id in audiences, audience)
    log.check("aud has nobody else", set(audiences) == {client_id}, audience)
    log.check("azp, if any, is the client", claims.get("azp", client_id) == client_id, claims.get("azp"))
    subject = claims.get("sub")
    log.check("sub is 1 to 255 ASCII characters", isinstance(subject, str) and 0 < len(subject) <= 255 and subject.isascii(), type(subject))
    log.check("exp is ahead", whole_number(claims.get("exp")) and claims["exp"] > now - 1, claims.get("exp"))
    log.check("iat is now, give or take five minutes", whole_number(claims.get("iat")) and abs(claims["iat"] - now) < 300, claims.get("iat"))
    log.check("nbf, if any, is not ahead", claims.get("nbf", 0) <= now + 5, claims.get("nbf"))
    log.check("nonce is the request's" if nonce else "there is no nonce", claims.get("nonce") == nonce,
              "differs" if "nonce" in claims else "absent")
    for name, value in (("at_hash", access_token), ("c_hash", code), ("s_hash", state)):
        if name in claims and value is not None:
            log.check(f"{name} is right", claims[name] == hashed(value, header["alg"]), "differs")
    log.check("s_hash is absent without a state", state is not None or "s_hash" not in claims)
    if max_age is not None or auth_time:
        log.check("auth_time is there", whole_number(claims.get("auth_time")), claims.get("auth_time"))
    if max_age is not None and whole_number(claims.get("auth_time")):
        log.check("auth_time is within max_age", now - claims["auth_time"] <= max_age + 10, now - claims["auth_time"])
    if "auth_time" in claims:
        log.check("auth_time is not ahead", claims["auth_time"] <= now + 5, claims["auth_time"])
    if acr is not None:
        log.check("acr is one of the values asked for", claims.get("acr") in acr, claims.get("acr"))
    log.check("acr, if any, is a text", isinstance(claims.get("acr", ""), str))
    log.check("amr, if any, is a list of texts",
              isinstance(claims.get("amr", []), list) and all(isinstance(each, str) for each in claims.get("amr", [])), claims.get("amr"))
    log.check("no claim is null or empty", all(value not in (None, "", [], {}) for value in claims.values()),
              [name for name, value in claims.items() if value in (None, "", [], {})])
    return claims


# Userinfo

STRINGS = ("name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website", "email",
           "gender", "birthdate", "zoneinfo", "locale", "phone_number")


def userinfo(log, op, answer, subject, signed=None, client_id=None):
    """OpenID Connect Core §5.3.2. `signed` is the algorithm a client registered; then the answer is a JWT for it."""
    log.need("userinfo answered 200", answer.status == 200, answer)
    if signed:
        log.need("userinfo is a JWT (application/jwt)", answer.type == "application/jwt", answer.type)
        header, claims = op.verified(answer.text, [signed])
        log.check("its algorithm is the registered one", header.get("alg") == signed, header.get("alg"))
        log.check("iss and aud are issuer and client", claims.get("iss") == op.issuer and client_id in
                  (claims["aud"] if isinstance(claims.get("aud"), list) else [claims.get("aud")]), (claims.get("iss"), claims.get("aud")))
    else:
        log.check("userinfo is JSON", answer.type == "application/json", answer.type)
        claims = answer.json
    log.check("sub is the ID token's (§5.3.4)", claims.get("sub") == subject, "differs" if "sub" in claims else "absent")
    bad = [name for name in STRINGS if name in claims and not (isinstance(claims[name], str) and claims[name])]
    log.check("standard claims are texts", not bad, bad)
    for name in ("email_verified", "phone_number_verified"):
        log.check(f"{name}, if any, is a boolean", isinstance(claims.get(name, True), bool))
    log.check("address, if any, is an object", isinstance(claims.get("address", {}), dict))
    log.check("updated_at, if any, is a number", whole_number(claims.get("updated_at", 0)), claims.get("updated_at"))
    if "birthdate" in claims:
        log.check("birthdate is a date", re.match(r"^(\d{4}|0000-\d\d-\d\d|\d{4}-\d\d-\d\d)$", claims["birthdate"]), "format")
    names = claims.get("_claim_names", {})
    log.check("each claim source that is named exists (§5.6.2)", set(names.values()) <= set(claims.get("_claim_sources", {})), names)
    return claims


def bearer_refusal(log, answer, statuses=(401,), what="the access token is refused"):
    log.check(what, answer.status in statuses, answer)
    log.check("no claims came with the refusal", "sub" not in answer.json)
    if answer.status == 401:
        log.check("401 has a challenge (RFC 6750 §3)", "WWW-Authenticate" in answer.headers)


# JWT-secured authorization responses

def jarm(log, op, landing, client_id, algorithms=FAPI_ALGORITHMS, now=None):
    """JARM §2: returns the parameters out of the JWT in `response`."""
    now = time.time() if now is None else now
    log.need("the answer came to the registered redirect address", landing.is_callback, landing)
    token = landing.parameters.get("response")
    log.need("there is a response parameter", token, sorted(landing.parameters))
    stray = {"code", "error", "state", "iss"} & landing.parameters.keys()
    log.check("nothing is beside the response (JARM §2.1)", not stray, sorted(stray))
    header, _ = signing.read(token)
    log.check("the response is signed PS256, ES256 or EdDSA", header.get("alg") in algorithms, header.get("alg"))
    log.check("the response names its key (kid)", "kid" in header)
    try:
        _, claims = op.verified(token, algorithms)
    except Exception as error:
        log.need("the response's signature is the provider's", False, f"{type(error).__name__}: {error}")
    log.check("iss in the response is the issuer", claims.get("iss") == op.issuer, claims.get("iss"))
    log.check("aud in the response is the client", claims.get("aud") in (client_id, [client_id]), claims.get("aud"))
    log.check("exp in the response is ahead", whole_number(claims.get("exp")) and claims["exp"] > now, claims.get("exp"))
    log.warn("exp in the response is at most ten minutes ahead (JARM §2.1)", claims.get("exp", 0) <= now + 600, claims.get("exp"))
    return {name: value for name, value in claims.items() if name not in ("aud", "exp", "iat", "nbf", "jti")}
