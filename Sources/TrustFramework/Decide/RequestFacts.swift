/// What is known of the request beside who makes it and what for.
package struct RequestFacts: Hashable, Sendable {
    /// Nil: nobody said.
    package let `protocol`: RequestProtocol?
    package let path: IssuancePath
    /// The attributes it names; empty when it names none, nil when nobody looked.
    package let asked: Set<AttributeSource>?
    package let actingFor: ActingFor

    package init(
        protocol: RequestProtocol? = nil, path: IssuancePath = .signOn, asked: Set<AttributeSource>? = nil, actingFor: ActingFor = .nobody
    ) {
        self.protocol = `protocol`
        self.path = path
        self.asked = asked
        self.actingFor = actingFor
    }
}

package enum RequestProtocol: String, Sendable, Hashable, CaseIterable {
    case saml, openid
}

/// Every way on which something can be issued.
package enum IssuancePath: String, Sendable, Hashable, CaseIterable {
    case signOn = "sign-on"
    case refresh, exchange, device, backchannel, artifact
    case attributeQuery = "attribute-query"
    case userInfo = "userinfo"
    case introspection, unsolicited
}

/// For whom the citizen acts.
package enum ActingFor: String, Sendable, Hashable, CaseIterable {
    case nobody, person, company
}
