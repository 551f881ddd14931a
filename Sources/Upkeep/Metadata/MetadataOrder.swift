package import Vocabulary

/// What an operator asks the keeper to do. The command leaves it as a file in `orders/`; the server takes it up within a second and leaves
/// its answer beside it.
package struct MetadataOrder: Hashable, Sendable {
    package enum Act: Hashable, Sendable {
        /// Look at the source now.
        case refresh
        /// Let through what waits: these entities, or all; and take up again a source that was rolled back.
        case accept([String])
        /// Back to an earlier state: one entity, or the whole source.
        case rollback(entity: String?)
    }

    package let source: String
    package let act: Act
    package let why: String

    package init(source: String, act: Act, why: String) {
        self.source = source
        self.act = act
        self.why = why
    }

    package static let longest = 1 << 20

    package var json: JSON {
        var members: [(String, JSON)] = [("source", .string(source)), ("why", .string(why))]
        switch act {
        case .refresh: members.append(("act", "refresh"))
        case .accept(let entities):
            members += [("act", "accept"), ("entities", .array(entities.map { .string($0) }))]
        case .rollback(let entity):
            members += [("act", "rollback"), ("entity", entity.map { .string($0) } ?? .null)]
        }
        return .object(members)
    }

    package init?(reading bytes: [UInt8]) {
        guard let json = try? JSON(reading: bytes, limit: Self.longest), let source = json["source"]?.string else { return nil }
        switch json["act"]?.string {
        case "refresh": act = .refresh
        case "accept": act = .accept(json["entities"]?.strings ?? [])
        case "rollback": act = .rollback(entity: json["entity"]?.string)
        default: return nil
        }
        self.source = source
        why = json["why"]?.string ?? ""
    }
}

/// What became of an order.
package struct OrderAnswer: Hashable, Sendable {
    package let isDone: Bool
    package let text: String

    package init(isDone: Bool, text: String) {
        self.isDone = isDone
        self.text = text
    }

    package var json: JSON { .object([("done", .bool(isDone)), ("text", .string(text))]) }

    package init?(reading bytes: [UInt8]) {
        guard let json = try? JSON(reading: bytes, limit: 1 << 16), let done = json["done"]?.bool, let text = json["text"]?.string else {
            return nil
        }
        self.init(isDone: done, text: text)
    }
}

/// The folder that orders lie in.
package struct OrderBox: Sendable {
    private let folder: DiskFolder

    package init(in folder: DiskFolder) { self.folder = folder.folder("orders") }

    /// Leaves an order; its name finds the answer.
    package func put(_ order: MetadataOrder, named name: String) throws(DiskTrouble) {
        try folder.make()
        try folder.write(name + ".order", order.json.bytes)
    }

    package func answer(to name: String) -> OrderAnswer? {
        guard let bytes = try? folder.read(name + ".answer", limit: 1 << 16), let answer = OrderAnswer(reading: bytes) else { return nil }
        folder.remove(name + ".answer")
        return answer
    }

    func take() -> [(name: String, order: MetadataOrder)] {
        folder.names.filter { $0.hasSuffix(".order") }.sorted().compactMap { file in
            let bytes = try? folder.read(file, limit: MetadataOrder.longest)
            folder.remove(file)
            return bytes.flatMap { $0 }.flatMap { MetadataOrder(reading: $0) }.map { (String(file.dropLast(6)), $0) }
        }
    }

    func answer(_ name: String, _ answer: OrderAnswer) { try? folder.write(name + ".answer", answer.json.bytes) }
}
