/// The extensions about certificate policies. Only the policies themselves are kept; mappings and constraints are judged by libcrypto
/// while a path is validated, here only their shape is looked at.
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

    /// policyMappings (§4.2.1.5): pairs, neither side anyPolicy.
    static func mappings(_ reader: DERReader) throws(DERError) {
        var reader = reader
        repeat {
            var pair = try reader.expect(DERTag.sequence).reader
            for _ in 0..<2 {
                guard try pair.expect(DERTag.objectIdentifier).objectIdentifier() != .anyPolicy else { throw .value }
            }
            try pair.finish()
        } while !reader.isAtEnd
    }

    /// policyConstraints (§4.2.1.11): one of the two numbers at least.
    static func constraints(_ reader: DERReader) throws(DERError) {
        var reader = reader
        let explicit = try reader.take(DERTag.context(0))
        let mapping = try reader.take(DERTag.context(1))
        try reader.finish()
        guard explicit != nil || mapping != nil else { throw .value }
        _ = try explicit?.smallInteger()
        _ = try mapping?.smallInteger()
    }
}

/// nameConstraints (RFC 5280 §4.2.1.10): the shape only; libcrypto applies them.
enum NameConstraintSyntax {
    static func check(_ reader: DERReader) throws(DERError) {
        var reader = reader
        let permitted = try reader.take(DERTag.contextConstructed(0))
        let excluded = try reader.take(DERTag.contextConstructed(1))
        try reader.finish()
        guard permitted != nil || excluded != nil else { throw .value }
        for trees in [permitted, excluded] {
            guard var trees = trees?.reader else { continue }
            repeat {
                var tree = try trees.expect(DERTag.sequence).reader
                _ = try GeneralName(tree.next(), masks: true)
                // minimum is zero and so not written; maximum is absent.
                try tree.finish()
            } while !trees.isAtEnd
        }
    }
}
