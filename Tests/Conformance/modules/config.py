"""Discovery: what is published, for each profile."""

import documents
from suite import module


@module("oidcc-discovery-endpoint-verification")
def discovery(t):
    dynamic = t.variant.get("client_registration") == "dynamic_client"
    if dynamic and "registration_endpoint" not in t.op.metadata:
        t.skip("the metadata have no registration_endpoint: this deployment takes no registrations")
    documents.common(t.log, t.op)
    documents.core(t.log, t.op, dynamic)
    documents.key_set(t.log, t.op)
    other = t.op.get(t.op.issuer + "/.well-known/oauth-authorization-server")
    t.warn("the same issuer is found by RFC 8414", other.status == 200 and other.json.get("issuer") == t.op.issuer, other.status)
    missing = documents.implicit(t.op.metadata) if dynamic else []
    if missing and not t.log.failures:
        t.skip(f"{'; '.join(missing)}: implicit flows are refused on purpose (checklist C2); every other condition held")
    t.note(f"{len(t.op.metadata)} members, {len(t.op.jwks['keys'])} keys; TLS conditions do not apply on loopback")


@module("fapi2-security-profile-final-discovery-end-point-verification")
def fapi_discovery(t):
    documents.common(t.log, t.op)
    documents.fapi(t.log, t.op, t.variant["client_auth_type"], t.variant["sender_constrain"],
                   t.variant.get("fapi_request_method") == "signed_non_repudiation")
    documents.key_set(t.log, t.op, fapi=True)
    t.note("TLS conditions do not apply on loopback")


@module("fapi-ciba-id1-discovery-end-point-verification")
def ciba_discovery(t):
    documents.common(t.log, t.op)
    documents.key_set(t.log, t.op, fapi=True)
    metadata = t.op.metadata
    documents.address(t.log, metadata, "backchannel_authentication_endpoint")
    documents.lists(t.log, metadata, "backchannel_token_delivery_modes_supported", t.variant["ciba_mode"])
    documents.lists(t.log, metadata, "grant_types_supported", "urn:openid:params:grant-type:ciba")
    offered = metadata.get("backchannel_authentication_request_signing_alg_values_supported", [])
    t.warn("signed requests PS256 or ES256 are offered", {"PS256", "ES256"} & set(offered), offered)
    t.check("none is not offered for signed requests", "none" not in offered, offered)
    t.warn("RS256 is not offered for signed requests", "RS256" not in offered, "it is, to clients that are not of FAPI")
    t.check("backchannel_user_code_parameter_supported, if any, is a boolean",
            isinstance(metadata.get("backchannel_user_code_parameter_supported", False), bool))
    t.check("tls_client_certificate_bound_access_tokens is true", metadata.get("tls_client_certificate_bound_access_tokens") is True)
    t.note(f"modes {metadata.get('backchannel_token_delivery_modes_supported')}")


@module("oidcc-rp-initiated-logout-discovery-endpoint-verification")
def logout_discovery(t):
    documents.common(t.log, t.op)
    documents.address(t.log, t.op.metadata, "end_session_endpoint")
    t.note("end_session_endpoint")


@module("oidcc-backchannel-logout-discovery-endpoint-verification")
def backchannel_discovery(t):
    documents.common(t.log, t.op)
    documents.address(t.log, t.op.metadata, "end_session_endpoint")
    for name in ("backchannel_logout_supported", "backchannel_logout_session_supported"):
        t.check(f"{name} is true", t.op.metadata.get(name) is True, t.op.metadata.get(name))
    t.note("backchannel_logout_supported, backchannel_logout_session_supported")
