/// One line of policyMappings: what an authority calls `issuer` is what the certified authority calls `subject`.
package struct PolicyMapping: Hashable, Sendable {
    package let issuer: ObjectIdentifier
    package let subject: ObjectIdentifier
}

/// The extensions about certificate policies, as they stand: what they mean for a path is the path's judge to say.
enum PolicySyntax {
    /// certificatePolicies (RFC 5280 §4.2.1.4): one at least, none twice; anyPolicy takes the two standard qualifiers only.
    static func policies(_ reader: DERReader) throws(DERError) -> [ObjectIdentifier] {
        var reader = reader
        var policies: [ObjectIdentifier] = []
        var seen: Set<ObjectIdentifier> = []
        repeat {
            var information = try reader.expect(DERTag.sequence).reader
            let policy = try information.expect(DERTag.objectIdentifier).objectIdentifier()
            if var qualifiers = try information.take(DERTag.sequence)?.reader {
                repeat {
                    var qualifier = try qualifiers.expect(DERTag.sequence).reader
                    let kind = try qualifier.expect(DERTag.objectIdentifier).objectIdentifier()
                    _ = try qualifier.next()
                    try qualifier.finish()
                    guard policy != .anyPolicy || kind == .cpsQualifier || kind == .userNoticeQualifier else { throw .value }
                } while !qualifiers.isAtEnd
            }
            try information.finish()
            guard seen.insert(policy).inserted else { throw .value }
            policies.append(policy)
        } while !reader.isAtEnd
        return policies
    }

    /// policyMappings (§4.2.1.5): pairs, neither side anyPolicy (§6.1.4 (a)).
    static func mappings(_ reader: DERReader) throws(DERError) -> [PolicyMapping] {
        var reader = reader
        var mappings: [PolicyMapping] = []
        repeat {
            var pair = try reader.expect(DERTag.sequence).reader
            let issuer = try pair.expect(DERTag.objectIdentifier).objectIdentifier()
            let subject = try pair.expect(DERTag.objectIdentifier).objectIdentifier()
            try pair.finish()
            guard issuer != .anyPolicy, subject != .anyPolicy else { throw .value }
            mappings.append(PolicyMapping(issuer: issuer, subject: subject))
        } while !reader.isAtEnd
        return mappings
    }

    /// policyConstraints (§4.2.1.11): one of the two numbers at least.
    static func constraints(_ reader: DERReader) throws(DERError) -> (explicit: Int?, mapping: Int?) {
        var reader = reader
        let explicit = try reader.take(DERTag.context(0))
        let mapping = try reader.take(DERTag.context(1))
        try reader.finish()
        guard explicit != nil || mapping != nil else { throw .value }
        return (try explicit?.smallInteger(), try mapping?.smallInteger())
    }
}
