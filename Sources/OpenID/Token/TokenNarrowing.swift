import Vocabulary

/// What less than it was granted a token request asks for: `resource` (RFC 8707 §2.2), `authorization_details` (RFC 9396 §6.1). `scope`
/// belongs to the refresh (RFC 6749 §6).
struct TokenNarrowing: Hashable, Sendable {
    let resources: [String]
    let details: String?

    init(_ parameters: FormParameters) {
        resources = parameters.all("resource")
        details = parameters["authorization_details"]
    }

    var isNothing: Bool { resources.isEmpty && details == nil }

    /// The entitlement of the access token: no more than `granted`. A resource that nobody named at the login may be named now, if it is
    /// registered; once some were named, only those.
    func applied(to granted: Entitlement, for client: Client, at provider: Provider) throws(TokenRefusal) -> Entitlement {
        if isNothing { return granted }
        let asked: [String]
        do throws(ResourceFault) {
            asked = try ResourceIndicators.read(resources, for: client, at: provider)
        } catch {
            throw TokenRefusal(.invalidTarget, error.explanation)
        }
        if !granted.resources.isEmpty,
            let other = asked.first(where: { resource in
                !granted.resources.contains { $0.hasSameBytes(as: resource) }
            })
        {
            throw TokenRefusal(.invalidTarget, .resourceBeyond(other, granted: granted.resources))
        }
        do throws(AuthorizationDetailsFault) {
            let details = try provider.authorization.details.narrowed(details, within: granted.authorizationDetails, for: client)
            return granted.narrowed(resources: asked.isEmpty ? nil : asked, authorizationDetails: details)
        } catch {
            throw TokenRefusal(.invalidAuthorizationDetails, error.explanation)
        }
    }
}

extension Explanation {
    static func resourceBeyond(_ asked: String, granted: [String]) -> Explanation {
        grantFault(
            "resource", "the resource was not granted at the login", "RFC 8707 §2.2", "ask for a resource of the authorization request",
            [.init("resource", asked), .init("granted", granted.joined(separator: " "))])
    }
}
