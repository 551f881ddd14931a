"""Conditions on what is published: the metadata document and the key set, as each profile wants them."""

import base64
import re
import urllib.parse

import signing
from conditions import FAPI_ALGORITHMS

PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
# BCP 47 (RFC 5646 §2.1) without the tags of older days. A script of four letters has to be registered; these are the usual ones.
LANGUAGE = re.compile(
    r"(?:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{5,8})(?:-(?P<script>[a-z]{4}))?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?|x(?:-[a-z0-9]{1,8})+)", re.I)
SCRIPTS = {"arab", "armn", "beng", "cyrl", "deva", "geor", "grek", "hang", "hani", "hans", "hant", "hebr", "hira", "hrkt", "jpan", "kana", "kore",
           "latn", "thai", "zyyy"}


def address(log, metadata, name, needed=True):
    """An address is absolute; https, except on this machine (TLS conditions do not apply on loopback)."""
    value = metadata.get(name)
    if value is None:
        log.check(f"{name} is there", not needed, "absent")
        return
    parts = urllib.parse.urlsplit(value)
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    log.check(f"{name} is an https address (plain http counts on loopback only)", parts.scheme == "https" or parts.scheme == "http" and local, value)
    log.check(f"{name} has no fragment", not parts.fragment, value)


def lists(log, metadata, name, *needed):
    value = metadata.get(name)
    log.check(f"{name} is a list with {', '.join(needed) or 'something'}",
              isinstance(value, list) and value and set(needed) <= set(value), value)


def common(log, op):
    """OpenID Connect Discovery §3, §4; RFC 8414 §2."""
    answer, metadata = op.discovered, op.metadata
    log.need("the metadata are there (200)", answer.status == 200, answer)
    log.check("they are JSON", answer.type == "application/json", answer.type)
    log.check("issuer is the address they were found under, byte for byte", metadata.get("issuer") == op.issuer, metadata.get("issuer"))
    parts = urllib.parse.urlsplit(metadata.get("issuer", ""))
    log.check("issuer has no query and no fragment", parts.scheme and parts.netloc and not parts.query and not parts.fragment, metadata.get("issuer"))
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        address(log, metadata, name)
    for name in sorted(n for n in metadata if n.endswith(("_endpoint", "_uri")) and n not in ("authorization_endpoint", "token_endpoint", "jwks_uri")):
        address(log, metadata, name, needed=False)
    lists(log, metadata, "response_types_supported", "code")
    subjects = metadata.get("subject_types_supported")
    log.check("subject_types_supported has public or pairwise", isinstance(subjects, list) and subjects and set(subjects) <= {"public", "pairwise"}, subjects)
    lists(log, metadata, "id_token_signing_alg_values_supported")
    lists(log, metadata, "scopes_supported", "openid")
    log.check("scopes are scope tokens (RFC 6749 §3.3)", all(signing_scope(each) for each in metadata.get("scopes_supported", [])))
    log.warn("claims_supported is there", isinstance(metadata.get("claims_supported"), list), "absent")
    for name in ("claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported",
                 "require_pushed_authorization_requests", "authorization_response_iss_parameter_supported",
                 "tls_client_certificate_bound_access_tokens"):
        log.check(f"{name}, if any, is a boolean", isinstance(metadata.get(name, False), bool), metadata.get(name))
    for name in (n for n in metadata if n.endswith("_supported") and not isinstance(metadata[n], bool)):
        log.check(f"{name} is a list of texts", isinstance(metadata[name], list) and all(isinstance(e, str) for e in metadata[name]), metadata[name])
    for name in (n for n in metadata if n.endswith("_locales_supported") and isinstance(metadata[n], list)):
        strange = [tag for tag in metadata[name] if not language(tag)]
        log.check(f"{name} are language tags (BCP 47)", not strange, strange)


def language(tag):
    found = LANGUAGE.fullmatch(str(tag))
    return found and (found["script"] or "zyyy").lower() in SCRIPTS


def signing_scope(text):
    return text and all(0x21 <= ord(c) <= 0x7e and c not in '"\\' for c in text)


def key_set(log, op, fapi=False):
    """RFC 7517; nothing private, distinct names, keys that are long enough (FAPI 2.0 §5.4.1)."""
    log.need("the key set is there (200)", op.keys_answer.status == 200, op.keys_answer)
    keys = op.jwks.get("keys")
    log.need("it has keys", isinstance(keys, list) and keys, type(keys))
    names = [key.get("kid") for key in keys]
    log.check("every key has a kid", all(isinstance(name, str) and name for name in names), names)
    log.check("no two keys of one use share a kid", len({(k.get("kid"), k.get("use"), k.get("kty")) for k in keys}) == len(keys), names)
    for key in keys:
        found = PRIVATE & key.keys()
        log.check("no key shows a private or symmetric part", not found and key.get("kty") != "oct", sorted(found))
        for member in ("n", "e", "x", "y"):
            if member in key:
                log.check(f"{member} is Base64url without padding", clean(key[member]), member)
        if key.get("kty") == "RSA":
            bits = int.from_bytes(signing.unb64u(key["n"]), "big").bit_length()
            log.check("RSA keys have 2048 bits or more", bits >= 2048, bits)
        if "x5c" in key:
            log.check("x5c are certificates in Base64", all(base64.b64decode(each, validate=True) for each in key["x5c"]))
    return keys


def clean(text):
    try:
        return signing.b64u(signing.unb64u(text)) == text
    except ValueError:
        return False


def core(log, op, dynamic=False):
    """What `oidcc-discovery-endpoint-verification` wants, on top."""
    metadata = op.metadata
    address(log, metadata, "userinfo_endpoint")
    lists(log, metadata, "id_token_signing_alg_values_supported", "RS256")
    grants = metadata.get("grant_types_supported", ["authorization_code", "implicit"])
    log.check("grant_types_supported has authorization_code", "authorization_code" in grants, grants)
    methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    log.check("token_endpoint_auth_methods_supported names known methods",
              set(methods) <= {"client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "tls_client_auth",
                               "self_signed_tls_client_auth", "none"}, methods)
    log.check("code_challenge_methods_supported is a list", isinstance(metadata.get("code_challenge_methods_supported", []), list))
    log.check("none is not offered for ID tokens", "none" not in metadata["id_token_signing_alg_values_supported"])
    for name in ("userinfo_signing_alg_values_supported", "request_object_signing_alg_values_supported"):
        if name in metadata:
            log.warn(f"{name} has RS256", "RS256" in metadata[name], metadata[name])
    if dynamic:
        address(log, metadata, "registration_endpoint")


def implicit(metadata):
    """What the suite wants besides of providers that register clients dynamically (Discovery §3) and is not there."""
    types = {frozenset(each.split()) for each in metadata.get("response_types_supported", [])}
    missing = [each for each in ("code", "id_token", "token id_token") if frozenset(each.split()) not in types]
    words = [f"response_types_supported has no {', '.join(missing)}"] if missing else []
    if "implicit" not in metadata.get("grant_types_supported", ["authorization_code", "implicit"]):
        words.append("grant_types_supported has no implicit")
    return words


def fapi(log, op, authentication, constraint, message_signing=False):
    """FAPI 2.0 Security Profile §5.3.1, §5.4."""
    metadata = op.metadata
    address(log, metadata, "pushed_authorization_request_endpoint")
    lists(log, metadata, "code_challenge_methods_supported", "S256")
    log.check("plain is not offered for PKCE", "plain" not in metadata.get("code_challenge_methods_supported", []))
    log.check("authorization_response_iss_parameter_supported is true (5.3.2.2-7)",
              metadata.get("authorization_response_iss_parameter_supported") is True)
    log.check("ID tokens can be signed PS256, ES256 or EdDSA (5.4)",
              set(FAPI_ALGORITHMS) & set(metadata.get("id_token_signing_alg_values_supported", [])), metadata.get("id_token_signing_alg_values_supported"))
    methods = set(metadata.get("token_endpoint_auth_methods_supported", []))
    wanted = {"private_key_jwt"} if authentication == "private_key_jwt" else {"tls_client_auth", "self_signed_tls_client_auth"}
    log.check(f"token_endpoint_auth_methods_supported has {' or '.join(sorted(wanted))}", wanted & methods, sorted(methods))
    signings = metadata.get("token_endpoint_auth_signing_alg_values_supported", [])
    log.check("client assertions can be signed PS256, ES256 or EdDSA (5.4)", set(FAPI_ALGORITHMS) & set(signings), signings)
    log.check("none is not among the algorithms", "none" not in signings)
    if constraint == "dpop":
        offered = metadata.get("dpop_signing_alg_values_supported", [])
        log.check("dpop_signing_alg_values_supported has PS256, ES256 or EdDSA", set(FAPI_ALGORITHMS) & set(offered), offered)
        log.check("and none that is weaker", set(offered) <= {*FAPI_ALGORITHMS, "ES384", "ES512"}, offered)
    else:
        log.check("tls_client_certificate_bound_access_tokens is true (RFC 8705 §3.3)",
                  metadata.get("tls_client_certificate_bound_access_tokens") is True)
    if constraint == "mtls" or authentication == "mtls":
        log.check("mtls_endpoint_aliases has the token endpoint", "token_endpoint" in metadata.get("mtls_endpoint_aliases", {}),
                  metadata.get("mtls_endpoint_aliases"))
    if message_signing:
        offered = metadata.get("request_object_signing_alg_values_supported", [])
        log.check("request objects can be signed PS256, ES256 or EdDSA", set(FAPI_ALGORITHMS) & set(offered), offered)
        log.check("none is not offered for request objects", "none" not in offered)
        lists(log, metadata, "response_modes_supported", "jwt")
        offered = metadata.get("authorization_signing_alg_values_supported", [])
        log.check("authorization answers can be signed PS256, ES256 or EdDSA", set(FAPI_ALGORITHMS) & set(offered), offered)
    else:
        log.check("request_parameter_supported is not a text", isinstance(metadata.get("request_parameter_supported", False), bool))
