import SAML
package import Vocabulary

/// What an index says of itself and of the document it was made from.
package struct IndexFacts: Hashable, Sendable {
    package var source: String
    /// Of the settings that decided what is in it (`MetadataSource.seal`).
    package var seal: String
    package var made: Timestamp
    /// When the document was proven.
    package var proven: Timestamp
    /// SHA-256 of the document, hexadecimal.
    package var document: String
    package var documentBytes: Int
    /// Of the document's root; every member inherits it.
    package var validUntil: Timestamp?
    package var cacheSeconds: Int64?
    /// The document's own name, if any, and the key that signed it (SHA-256 of its SubjectPublicKeyInfo); nil: nobody did.
    package var name: String?
    package var signer: String?
    /// When the publisher says the document was made.
    package var published: Timestamp?
    /// Members that are in use, entities in the document, and why others are no members.
    package var entities: Int
    package var documentEntities: Int
    package var left: [String: Int]
    package var held: Int
    /// The first of those that were left out because they cannot be used.
    package var unusable: [Unusable]
    /// What entities inherit, by the number in their rows.
    var contexts: [InheritedMetadata]

    package struct Unusable: Hashable, Sendable {
        package let entity: String
        package let code: String
        package let summary: String
    }

    static let longest = 64 << 20
    static let mostUnusable = 200

    var json: JSON {
        func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }
        return .object([
            ("format", 1), ("source", .string(source)), ("seal", .string(seal)), ("made", .string(made.text)),
            ("proven", .string(proven.text)), ("document", .string(document)), ("document-bytes", .integer(Int64(documentBytes))),
            ("valid-until", text(validUntil?.text)), ("cache-seconds", cacheSeconds.map { .integer($0) } ?? .null), ("name", text(name)),
            ("signer", text(signer)), ("entities", .integer(Int64(entities))), ("document-entities", .integer(Int64(documentEntities))),
            ("left", .object(left.sorted { $0.key < $1.key }.map { ($0.key, .integer(Int64($0.value))) })),
            ("held", .integer(Int64(held))), ("published", text(published?.text)),
            (
                "unusable",
                .array(
                    unusable.map {
                        .object([("entity", .string($0.entity)), ("code", .string($0.code)), ("summary", .string($0.summary))])
                    })
            ),
            ("contexts", .array(contexts.map(\.json))),
        ])
    }

    init(
        source: String, seal: String, made: Timestamp, proven: Timestamp, document: String, documentBytes: Int, validUntil: Timestamp?,
        cacheSeconds: Int64?, name: String?, signer: String?, published: Timestamp?, entities: Int, documentEntities: Int,
        left: [String: Int], held: Int, unusable: [Unusable], contexts: [InheritedMetadata]
    ) {
        self.source = source
        self.seal = seal
        self.made = made
        self.proven = proven
        self.document = document
        self.documentBytes = documentBytes
        self.validUntil = validUntil
        self.cacheSeconds = cacheSeconds
        self.name = name
        self.signer = signer
        self.entities = entities
        self.documentEntities = documentEntities
        self.left = left
        self.held = held
        self.published = published
        self.unusable = unusable
        self.contexts = contexts
    }

    init?(reading bytes: [UInt8]) {
        guard let json = try? JSON(reading: bytes, limit: Self.longest), json["format"]?.integer == 1, let source = json["source"]?.string,
            let seal = json["seal"]?.string, let made = json["made"]?.string.flatMap({ Timestamp($0) }),
            let proven = json["proven"]?.string.flatMap({ Timestamp($0) }), let document = json["document"]?.string,
            let documentBytes = json["document-bytes"]?.integer, let entities = json["entities"]?.integer,
            let documentEntities = json["document-entities"]?.integer, let held = json["held"]?.integer
        else { return nil }
        self.source = source
        self.seal = seal
        self.made = made
        self.proven = proven
        self.document = document
        self.documentBytes = Int(documentBytes)
        validUntil = json["valid-until"]?.string.flatMap { Timestamp($0) }
        cacheSeconds = json["cache-seconds"]?.integer
        name = json["name"]?.string
        signer = json["signer"]?.string
        self.entities = Int(entities)
        self.documentEntities = Int(documentEntities)
        self.held = Int(held)
        published = json["published"]?.string.flatMap { Timestamp($0) }
        unusable = (json["unusable"]?.array ?? []).compactMap { row in
            guard let entity = row["entity"]?.string, let code = row["code"]?.string, let summary = row["summary"]?.string else {
                return nil
            }
            return Unusable(entity: entity, code: code, summary: summary)
        }
        left = Dictionary(
            (json["left"]?.members ?? []).compactMap { entry in entry.1.integer.map { (entry.0, Int($0)) } }, uniquingKeysWith: +)
        contexts = (json["contexts"]?.array ?? []).map(InheritedMetadata.init(reading:))
    }
}

extension InheritedMetadata {
    var json: JSON {
        .object([
            ("valid-until", validUntil.map { .string($0.text) } ?? .null),
            ("registration-authority", registrationAuthority.map { .string($0) } ?? .null),
            (
                "attributes",
                .object(
                    entityAttributes.sorted { $0.key < $1.key }.map { ($0.key, .array($0.value.sorted().map { .string($0) })) })
            ),
        ])
    }

    init(reading json: JSON) {
        self.init(
            validUntil: json["valid-until"]?.string.flatMap { Timestamp($0) },
            registrationAuthority: json["registration-authority"]?.string,
            entityAttributes: Dictionary(
                (json["attributes"]?.members ?? []).map { ($0.0, Set($0.1.strings ?? [])) }, uniquingKeysWith: { $0.union($1) }))
    }
}
