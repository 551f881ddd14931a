import JOSE
package import TrustFramework
package import Vocabulary

/// The body of a request to register or to update a registration. Nothing is believed.
package struct UnverifiedRegistration: Sendable {
    let json: JSON
    let statement: String?

    /// Bytes; a client with a dozen keys and names in ten languages has a tenth of it.
    package static let longest = 65_536

    package init(body: [UInt8]) throws(RegistrationRefusal) {
        do { json = try JSON(reading: body, limit: Self.longest, depth: 12) } catch { throw .malformed(error) }
        guard json.members != nil else { throw .malformed(nil) }
        switch json["software_statement"] {
        case nil, .some(.null): statement = nil
        case .some(.string(let text)): statement = text
        default: throw .statement("it is no text")
        }
    }
}

/// Who lets a client register, and under which terms: proof that the registrar, or in development the deployment itself, said so.
package struct RegistrationAuthority: Sendable {
    package let terms: RegistrationTerms
    /// The initial access token that a registration uses up, when that is the way.
    package let token: InitialAccess?
    let way: RegistrationRules.Way
    /// Metadata that the registrar signed: they outrank the request's, now and at every update.
    let signed: JSON?
    private let statement: String?

    fileprivate init(
        terms: RegistrationTerms, token: InitialAccess? = nil, way: RegistrationRules.Way, signed: JSON? = nil, statement: String? = nil
    ) {
        self.terms = terms
        self.token = token
        self.way = way
        self.signed = signed
        self.statement = statement
    }

    /// For the trail: by what the client came.
    package var facts: [(name: String, value: JSON)] {
        [
            ("by", .string(way.rawValue)), ("token", token.map { .string($0.name) } ?? .null),
            ("statement", statement.map { .string($0) } ?? .null),
        ]
    }
}

extension UnverifiedRegistration {
    /// Proves that somebody who may has let this client in. `token` is what the store knows under the digest of the Bearer token,
    /// `bearsToken` says that one came. `sponsor` finds the member that the terms name.
    package func authorized(
        by token: InitialAccess?, bearsToken: Bool, under rules: RegistrationRules, at provider: Provider,
        sponsor: (MemberID) -> Member?, at now: Timestamp
    ) throws(RegistrationRefusal) -> RegistrationAuthority {
        let authority = try authority(token, bearsToken, rules, provider, at: now)
        if let fault = authority.terms.fault(under: sponsor(authority.terms.sponsor), at: now) {
            throw authority.way == .statement ? .unapproved(fault) : .forbidden(fault)
        }
        return authority
    }

    /// Who lets a client change its registration: its registration access token, or, when it brings another statement, that.
    package func authority(
        changing managed: ManagedRegistration, under rules: RegistrationRules, at provider: Provider, sponsor: (MemberID) -> Member?,
        at now: Timestamp
    ) throws(RegistrationRefusal) -> RegistrationAuthority {
        guard statement != nil else {
            return RegistrationAuthority(terms: managed.record.terms, way: .token, signed: managed.record.signed)
        }
        let authority = try authorized(by: nil, bearsToken: false, under: rules, at: provider, sponsor: sponsor, at: now)
        guard authority.terms.sponsor == managed.record.terms.sponsor else {
            throw .unapproved("the statement is another sponsor's than the registration")
        }
        return authority
    }

    /// A statement outranks a token, and with both there, both have to be right: the token opens the door, the statement says who comes.
    private func authority(
        _ token: InitialAccess?, _ bearsToken: Bool, _ rules: RegistrationRules, _ provider: Provider, at now: Timestamp
    ) throws(RegistrationRefusal) -> RegistrationAuthority {
        if bearsToken {
            guard rules.ways.contains(.token), let token else { throw .unknownToken }
            guard now < token.expiresAt else { throw .unknownToken }
            guard token.uses > 0 else { throw .spentToken }
        }
        if let statement {
            guard rules.ways.contains(.statement), let registrar = rules.registrar else {
                throw .unapproved("this deployment takes no software statements")
            }
            let proven = try SoftwareStatement.proven(statement, by: registrar, at: provider, at: now)
            return RegistrationAuthority(
                terms: proven.terms, token: bearsToken ? token : nil, way: .statement, signed: proven.metadata, statement: proven.id)
        }
        if bearsToken, let token { return RegistrationAuthority(terms: token.terms, token: token, way: .token) }
        guard rules.ways.contains(.anybody), rules.isDevelopment, let open = rules.open else { throw .noToken }
        return RegistrationAuthority(terms: open, way: .anybody)
    }

    /// The metadata that count: those of the statement where it has them, else the request's (RFC 7591 §2.3).
    func settled(by authority: RegistrationAuthority) -> JSON {
        guard let signed = authority.signed?.members else { return json }
        let names = Set(signed.map(\.0))
        // In another language a name would outrank the signed one on the page.
        let own = (json.members ?? []).filter { name, _ in
            !names.contains(name) && !names.contains(String(name.prefix { $0 != "#" }))
        }
        return .object(signed + own)
    }
}
