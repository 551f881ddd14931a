import JOSE
package import Vocabulary

/// The two forms of an introspection answer.
package enum Introspection {
    /// `typ` and media type of the signed form (RFC 9701 §5): nothing else of ours has it (checklist E24).
    package static let type = "token-introspection+jwt"
    package static let mediaType = "application/token-introspection+jwt"

    /// What every token is that is not the resource server's business, dead or alive.
    package static let inactive: JSON = ["active": false]
}

extension ActiveToken {
    /// RFC 7662 §2.2. `subject` is the citizen's identifier in the resource server's own sector; of a JWT access token the `sub` that stands
    /// in it already, so that the two agree.
    package func answer(subject: PairwiseID, at provider: Provider) -> JSON {
        switch token {
        case .access(let record, _, _, _): access(record, subject, provider)
        case .refresh(let record, _):
            .object(
                [
                    ("active", true), ("iss", .string(provider.issuer)), ("client_id", .string(record.client.text)),
                    ("sub", .string(record.pairwise.text)), ("scope", .string(record.scopes.joined(separator: " "))),
                    ("iat", .integer(record.issuedAt.seconds)), ("exp", .integer(record.expiresAt.seconds)),
                ] + (record.entitlement.authorizationDetails.map { [("authorization_details", $0)] } ?? []))
        }
    }

    private func access(_ record: AccessTokenRecord, _ subject: PairwiseID, _ provider: Provider) -> JSON {
        let own = record.audience.filter { audience in introspection.server.audiences.contains { $0.hasSameBytes(as: audience) } }
        var members: [(String, JSON)] = [
            ("active", true), ("iss", .string(provider.issuer)), ("aud", own.count > 1 ? .texts(own) : .string(own.first ?? "")),
            ("client_id", .string(record.client.text)), ("sub", .string(record.subjectInside ?? subject.text)),
            ("token_type", .string(record.binding?.tokenType ?? "Bearer")), ("iat", .integer(record.issuedAt.seconds)),
            ("exp", .integer(record.expiresAt.seconds)),
        ]
        if !record.scopes.isEmpty { members.append(("scope", .string(record.scopes.joined(separator: " ")))) }
        if let tokenID = record.tokenID { members.append(("jti", .string(tokenID))) }
        if let binding = record.binding { members.append(("cnf", binding.cnf)) }
        if let acr = record.acr, !acr.isEmpty { members.append(("acr", .string(acr))) }
        if let authenticatedAt = record.authenticatedAt { members.append(("auth_time", .integer(authenticatedAt.seconds))) }
        if let act = record.act { members.append(("act", act)) }
        let details = ConsentedDetails(record.authorizationDetails).visible(to: introspection.server.audiences)
        if !details.isEmpty { members.append(("authorization_details", .array(details))) }
        // The resource server may hand the matter on itself (RFC 8693 §4.4).
        if introspection.server.exchange != nil, ConsentedDetails(.array(details)).handsOn {
            members.append(("may_act", .object([("sub", .string(introspection.server.id.text))])))
        }
        return .object(members)
    }
}

extension AccessTokenRecord {
    /// What a JWT access token calls the citizen; nil for an opaque one.
    fileprivate var subjectInside: String? {
        tokenID == nil || act != nil ? nil : AccessToken.subject(entitlement, TokenMint.Order(.authorizationCode, root: codeDigest))
    }
}

extension VerifiedIntrospection {
    /// The answer as it goes out. `accept` is the request's `Accept`: the signed form is for whoever asks for it, and for resource servers
    /// that registered for it and do not ask for JSON (RFC 9701 §4, §6). It names its reader and has neither `sub` nor `exp` at its top, so
    /// that it is no access token (§5, §8.1).
    package func sealed(
        _ answer: JSON, accept: String?, at provider: Provider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(TokenRefusal) -> SealedAnswer {
        let wishes = Self.mediaTypes(accept)
        let registered = server.introspectionSigning != nil || server.introspectionEncryption != nil
        let signs = wishes.contains(Introspection.mediaType) || registered && (!wishes.contains("application/json") || mustSign)
        guard signs else { return .json(answer) }
        let payload: JSON = .object([
            ("iss", .string(provider.issuer)), ("aud", .string(server.id.text)), ("iat", .integer(now.seconds)),
            ("token_introspection", answer),
        ])
        do throws(SealingFault) {
            return try provider.sealed(
                payload, type: Introspection.type, signing: server.introspectionSigning ?? Self.usual(server, provider, now),
                encryption: server.introspectionEncryption, for: server, at: now, using: &random)
        } catch {
            throw TokenRefusal(.serverError, error.explanation)
        }
    }

    /// FAPI 2.0 Message Signing §5.5: the resource server that signed answers were registered for gets no others.
    private var mustSign: Bool { server.profile == .fapi2MessageSigning || server.introspectionEncryption != nil }

    /// RS256 where nothing was registered (RFC 9701 §6), if there is such a key and the profile takes it; else as ID tokens are signed.
    private static func usual(_ server: Client, _ provider: Provider, _ now: Timestamp) -> JWSAlgorithm {
        !server.profile.isFAPI && provider.signingKey(for: .rs256, at: now) != nil ? .rs256 : server.idTokenAlgorithm
    }

    private static func mediaTypes(_ accept: String?) -> Set<String> {
        Set(
            (accept ?? "").lowercased().split(separator: ",").prefix(32).map { range in
                let type = range.split(separator: ";", omittingEmptySubsequences: false).first ?? ""
                return String(type.filter { $0 != " " && $0 != "\t" })
            })
    }
}
