import Vocabulary

extension Explanation {
    static func registrationMalformed(_ why: String) -> Explanation {
        Explanation(
            "openid.registration.malformed", "the request is no JSON object that can be read: " + why, clause: "RFC 7591 §3.1",
            remedy: "send one object of client metadata")
    }

    static func metadataType(_ member: String, _ expected: String) -> Explanation {
        Explanation(
            "openid.registration.type", "this member of the metadata has another kind of value",
            compared: [
                .init("member", member), .init("expected", expected),
            ], clause: "RFC 7591 §2", remedy: "send what is expected, or leave the member out")
    }

    static func metadataValue(_ member: String, _ value: String, accepted: [String]) -> Explanation {
        Explanation(
            "openid.registration.value", "this value cannot be registered here",
            compared: [.init(member, value), .init("accepted", accepted.joined(separator: " "))],
            clause: "RFC 7591 §2; OpenID Connect Dynamic Registration §2",
            remedy: "choose an accepted one, as the provider's metadata list them")
    }

    static func metadataMissing(_ member: String, because reason: String) -> Explanation {
        Explanation(
            "openid.registration.missing", "members of the metadata belong together",
            compared: [
                .init("missing", member), .init("because", reason),
            ], clause: "RFC 7591 §2", remedy: "send both, or neither")
    }

    static func registrationName(_ name: String) -> Explanation {
        Explanation(
            "openid.registration.name", "the name cannot be shown to citizens", compared: [.init("client_name", name)],
            clause: "RFC 7591 §5", remedy: "use at most 120 visible characters, without marks that turn the direction of reading")
    }

    static func registrationKeys(_ why: String) -> Explanation {
        Explanation(
            "openid.registration.keys", "the client's keys cannot be registered: " + why, clause: "RFC 7591 §2; RFC 7517 §5",
            remedy: "send public keys only, either in jwks or at jwks_uri")
    }

    static let registrationRequestURIs = Explanation(
        "openid.registration.request-uris", "requests by reference are not fetched", clause: "OpenID Connect Core §6.2; RFC 9126",
        remedy: "leave request_uris out, and push requests instead")

    static func registrationTerms(_ member: String, _ value: String, accepted: [String]) -> Explanation {
        Explanation(
            "openid.registration.terms", "the registrar's terms, or the deployment, do not give this to the client",
            compared: [.init(member, value), .init("given", accepted.joined(separator: " "))], clause: "RFC 7591 §3.2.1",
            remedy: "ask for what is given, or ask the registrar for other terms")
    }

    static func registrationDocument(_ member: String, _ address: String, _ why: String) -> Explanation {
        Explanation(
            "openid.registration.document", "what stands at this address is of no use: " + why, compared: [.init(member, address)],
            clause: "OpenID Connect Dynamic Registration §2, §5", remedy: "serve it with status 200, at once, from a public address")
    }

    static func registrationSector(_ why: String, _ value: String) -> Explanation {
        Explanation(
            "openid.registration.sector", "the client has no sector of its own: " + why, compared: [.init("redirect_uri", value)],
            clause: "OpenID Connect Core §8.1; OpenID Connect Dynamic Registration §5",
            remedy: "serve a list of all redirect addresses at sector_identifier_uri")
    }

    static func registrationPage(_ member: String, _ address: String) -> Explanation {
        Explanation(
            "openid.registration.page", "nobody vouches for this client, and the page is on another host than its redirect addresses",
            compared: [.init(member, address)], clause: "RFC 7591 §5", remedy: "serve it from a host of the client's own")
    }

    static func registrationSponsor(_ sponsor: MemberID, _ why: String) -> Explanation {
        Explanation(
            "openid.registration.sponsor", "the member that answers for the client cannot: " + why,
            compared: [.init("sponsor", sponsor.text)],
            clause: "docs/decisions/0045", remedy: "ask the registrar")
    }

    static func registrationUnapproved(_ why: String) -> Explanation {
        Explanation(
            "openid.registration.statement-unapproved", "the software statement is not enough here: " + why, clause: "RFC 7591 §3.2.2",
            remedy: "ask the federation's registrar for one with the terms of this deployment")
    }
}
