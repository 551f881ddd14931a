package import Vocabulary

extension AssuranceLadder {
    /// What the ladder says, in one form whatever its file looks like: for the digest that names a policy's version and for its archive.
    package var json: JSON {
        .object([
            ("contexts", .array(contexts.map(\.json))),
            ("ceilings", .array(ceilings.sorted { $0.key < $1.key }.map(\.json))),
        ])
    }
}

extension AssuranceContext {
    package var json: JSON {
        func list(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
        return .object([
            ("name", .string(name)), ("saml", list(samlClasses)), ("acr", list(acrValues)), ("amr", list(amr)),
            ("proofing", .integer(Int64(proofingLevel))), ("authentication", .integer(Int64(authenticationLevel))),
            ("modes", list(modes.map(\.rawValue).sorted())), ("carriers", list(carriers.map(\.rawValue).sorted())),
            ("statement", .bool(needsStatement)), ("doors", list(doors.map(\.rawValue).sorted())),
            ("sources", list(statusSources.map(\.rawValue).sorted())),
            ("status-age", maximumStatusAge.map { .integer($0) } ?? .null), ("login-age", maximumLoginAge.map { .integer($0) } ?? .null),
            ("says", .object(says.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
        ])
    }
}

extension AssuranceCeiling {
    fileprivate var key: String {
        switch source {
        case .upstream(let id): "upstream " + id.text
        case .terminal(let name): "terminal " + name
        }
    }

    fileprivate var json: JSON {
        switch source {
        case .upstream(let id): ["upstream": .string(id.text), "highest": .string(highest)]
        case .terminal(let name): ["terminal": .string(name), "highest": .string(highest)]
        }
    }
}
