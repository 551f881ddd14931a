package import Vocabulary

extension Explanation {
    static let noResourceServer = Explanation(
        "openid.introspection.no-resource-server", "only registered resource servers may ask what a token is", clause: "RFC 7662 §2.1, §4",
        remedy: "list the resources that the service is under `audiences` in its registration")

    static let noForm = Explanation(
        "openid.form.missing", "the request is no form, or larger than 32 KiB", clause: "RFC 6749 appendix B; RFC 7662 §2.1",
        remedy: "send the parameters as application/x-www-form-urlencoded, in a POST")
}

extension TokenRefusal {
    package static let noForm = TokenRefusal(.invalidRequest, .noForm)

    /// A client without a member behind it.
    package static func noMember(_ client: MemberID) -> TokenRefusal {
        TokenRefusal(
            .invalidClient,
            .grantFault(
                "member", "the client is no member", "trust framework: members", "register the client", [.init("client_id", client.text)]))
    }
}
