"""Front-channel logout and session management: legacy of the time of third-party cookies. Run where the metadata offer them."""

import urllib.parse

import documents
import flows
import signing
from modules.logout import end_session, logged_out
from suite import module

COOKIES = "needs third-party cookies in a frame, which browsers no longer send"


@module("oidcc-frontchannel-logout-discovery-endpoint-verification")
def frontchannel_discovery(t):
    offered(t)
    documents.common(t.log, t.op)
    documents.address(t.log, t.op.metadata, "end_session_endpoint")
    t.check("frontchannel_logout_session_supported is true", t.op.metadata.get("frontchannel_logout_session_supported") is True)
    t.note("frontchannel_logout_supported, frontchannel_logout_session_supported")


def offered(t):
    if t.op.metadata.get("frontchannel_logout_supported") is not True:
        t.skip(f"frontchannel_logout_supported is not true: it {COOKIES} (checklist C15); services are told by the back channel")


@module("oidcc-frontchannel-rp-initiated-logout")
def frontchannel(t):
    offered(t)
    client = t.world.clients.get("frontchannel-1")
    t.need("a client with frontchannel_logout_uri is registered (clients.py)", client)
    login = flows.complete(t, client)
    landing, asked = end_session(t, login, client)
    logged_out(t, landing, login, client, asked["state"])
    frames = [frame for frame in login.citizen.frames if frame.startswith(client.frontchannel)]
    t.need("the client's frontchannel_logout_uri was in a frame", frames, login.citizen.frames)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(frames[0]).query))
    t.check("iss is the issuer", query.get("iss") == t.op.issuer, query.get("iss"))
    t.check("sid is the ID token's", query.get("sid") == login.claims.get("sid"), "differs")
    t.note("a frame with iss and sid")


@module("oidcc-session-management-discovery-endpoint-verification")
def session_discovery(t):
    if "check_session_iframe" not in t.op.metadata:
        t.skip(f"check_session_iframe is not offered: it {COOKIES} (checklist C16)")
    documents.common(t.log, t.op)
    documents.address(t.log, t.op.metadata, "check_session_iframe")


@module("oidcc-session-management-rp-initiated-logout")
def session_management(t):
    if "check_session_iframe" not in t.op.metadata:
        t.skip(f"check_session_iframe is not offered: it {COOKIES} (checklist C16)")
    client = t.client()
    login = flows.complete(t, client)
    t.check("session_state came with the code", "session_state" in login.landing.parameters)
    page = t.op.get(t.op.metadata["check_session_iframe"])
    t.check("the frame is a page that other sites may hold", page.status == 200 and "html" in page.type and "X-Frame-Options" not in page.headers, page)
    landing, asked = end_session(t, login, client, state=signing.unique())
    logged_out(t, landing, login, client, asked["state"])
