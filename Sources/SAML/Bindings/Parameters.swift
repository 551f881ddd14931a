import Vocabulary

/// The SAML parameters of a query or a form, split by us: the signature of a redirect covers the octets as they were sent, so they are
/// kept beside their values (SAML Bindings §3.4.4.1). Parameters of other names are passed over; of ours, each comes at most once and
/// under exactly its own name, because two readers of one query must not see two values (checklist A23, A24).
struct Parameters: Sendable {
    enum Name: String, CaseIterable {
        case request = "SAMLRequest"
        case response = "SAMLResponse"
        case artifact = "SAMLart"
        case relayState = "RelayState"
        case algorithm = "SigAlg"
        case signature = "Signature"
        case encoding = "SAMLEncoding"
        case keyInfo = "KeyInfo"
    }

    struct Parameter: Sendable {
        /// The value as sent, still percent-encoded.
        let raw: [UInt8]
        let value: String
    }

    private var found: [Name: Parameter] = [:]

    subscript(_ name: Name) -> Parameter? { found[name] }

    init(_ text: [UInt8], limits: MessageLimits) throws(SAMLRefusal.Reason) {
        var count = 0
        for pair in text.split(separator: 0x26) {
            count += 1
            guard count <= limits.parameters else { throw .tooLarge("parameters", limit: limits.parameters) }
            let end = pair.firstIndex(of: 0x3d) ?? pair.endIndex
            guard let sentName = Self.decoded(pair[..<end]) else { throw .encoding("parameter") }
            guard let name = Self.known(sentName) else { continue }
            // `SAML%52equest` and `samlrequest` are nobody's spelling of it, only an attempt at a second copy.
            guard pair[..<end].elementsEqual(name.rawValue.utf8) else { throw .parameterName(sentName, name.rawValue) }
            guard found[name] == nil else { throw .duplicate(name.rawValue) }
            let raw = end == pair.endIndex ? [] : Array(pair[pair.index(after: end)...])
            guard let value = Self.decoded(raw) else { throw .encoding(name.rawValue) }
            found[name] = Parameter(raw: raw, value: value)
        }
        if let relayState = found[.relayState]?.value {
            guard relayState.utf8.count <= limits.longestRelayState else {
                throw .tooLarge("RelayState", limit: limits.longestRelayState)
            }
            // A form cannot carry these back as they came.
            guard !relayState.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { throw .encoding("RelayState") }
        }
    }

    /// The one message, in one of the fields that the door takes; another beside it is refused, not passed over (checklist A23).
    func message(in fields: Set<IncomingMessage.Field>) throws(SAMLRefusal.Reason) -> (name: Name, parameter: Parameter) {
        var message: (name: Name, parameter: Parameter)?
        for (name, field) in [(Name.request, IncomingMessage.Field.request), (.response, .response)] {
            guard let parameter = found[name] else { continue }
            guard fields.contains(field), message == nil else { throw .unexpected(name.rawValue) }
            message = (name, parameter)
        }
        if found[.artifact] != nil { throw .unexpected(Name.artifact.rawValue) }
        guard let message else { throw .missing(fields.map(\.rawValue).sorted().joined(separator: " or ")) }
        return message
    }

    private static let names: [(name: Name, folded: [UInt8])] = Name.allCases.map { ($0, $0.rawValue.utf8.map(folded)) }

    /// The parameter of ours that this is or imitates by its case.
    private static func known(_ text: String) -> Name? {
        let bytes = text.utf8
        guard bytes.count <= 12 else { return nil }
        return names.first { $0.folded.elementsEqual(bytes.lazy.map(folded)) }?.name
    }

    private static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }

    /// `application/x-www-form-urlencoded` undone: `+` is a space, `%` takes two hexadecimal digits, the whole is UTF-8.
    static func decoded(_ raw: some Collection<UInt8>) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var rest = raw.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case 0x2b: bytes.append(0x20)
            case 0x25:
                guard let high = rest.next().flatMap(Hexadecimal.value), let low = rest.next().flatMap(Hexadecimal.value) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
