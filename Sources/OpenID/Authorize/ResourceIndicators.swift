package import Vocabulary

/// `resource` (RFC 8707 §2): what the tokens are for. It may come several times.
package enum ResourceIndicators {
    /// More than any client is registered for.
    static let most = 16

    /// The resources, each once, in the request's order: absolute URIs without fragment, byte for byte those that the client registered, or
    /// userinfo, which describes itself as a resource (RFC 9728 §2) and which every client of ours may ask.
    package static func read(_ asked: [String], for client: Client, at provider: Provider) throws(ResourceFault) -> [String] {
        guard asked.count <= most else {
            throw ResourceFault(
                explanation: Explanation(
                    "openid.resource.too-many", "the request names too many resources",
                    compared: [.init("resources", String(asked.count)), .init("most", String(most))], clause: "RFC 8707 §2",
                    remedy: "ask for fewer at once"))
        }
        var found: [String] = []
        for resource in asked where !found.contains(where: { $0.hasSameBytes(as: resource) }) {
            guard Resource.isFit(resource) else {
                throw ResourceFault(
                    explanation: Explanation(
                        "openid.resource.malformed", "this resource is no absolute URI without a fragment",
                        compared: [.init("resource", resource)], clause: "RFC 8707 §2", remedy: "send the registered URI"))
            }
            let isOurs = resource.hasSameBytes(as: provider.userInfoEndpoint)
            guard isOurs || client.resources.contains(where: { $0.hasSameBytes(as: resource) }) else {
                throw ResourceFault(
                    explanation: Explanation(
                        "openid.resource.unregistered", "the client is not registered for this resource",
                        compared: [.init("resource", resource)], clause: "RFC 8707 §2, §3",
                        remedy: "send a resource of the registration unchanged, or have this one added to `resources`"))
            }
            found.append(resource)
        }
        return found
    }
}

/// Why a resource is refused: `invalid_target` wherever it was asked for.
package struct ResourceFault: Error, Hashable, Sendable {
    package let explanation: Explanation
}
