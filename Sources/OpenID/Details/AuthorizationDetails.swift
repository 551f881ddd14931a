package import Vocabulary

/// Authorization details as requests bring them and tokens carry them (RFC 9396).
package enum AuthorizationDetails {
    /// Objects in one request; each is read to the citizen.
    static let most = 16
    /// Bytes of the whole text.
    static let largest = 16_384
}

extension AuthorizationDetailsTypes {
    /// Reads and judges `authorization_details`; gives it back with the members in the order of their types, so that equal details are
    /// equal texts. Unknown types, unknown members, missing ones and values out of bounds are refused (§5).
    package func validated(_ text: String, for client: Client) throws(AuthorizationDetailsFault) -> JSON {
        let json: JSON
        do throws(JSONRefusal) {
            json = try JSON(reading: text, limit: AuthorizationDetails.largest, depth: 8)
        } catch {
            throw .form
        }
        return try validated(json, for: client)
    }

    package func validated(_ json: JSON, for client: Client) throws(AuthorizationDetailsFault) -> JSON {
        guard let items = json.array, (1...AuthorizationDetails.most).contains(items.count) else { throw .form }
        var found: [JSON] = []
        for item in items {
            guard let members = item.members, let name = item["type"]?.string else { throw .form }
            guard let type = self[name], client.authorizationDetailsTypes.contains(name), type.members?.contains(client.id) ?? true else {
                throw .type(name, known: names.filter(client.authorizationDetailsTypes.contains))
            }
            found.append(.object([("type", .string(name))] + (try type.fields.validated(members, beside: ["type"], at: name))))
        }
        return .array(found)
    }
}

extension [DetailsField] {
    fileprivate func validated(
        _ members: [(String, JSON)], beside known: Set<String>, at path: String
    ) throws(AuthorizationDetailsFault) -> [(String, JSON)] {
        for (name, _) in members where !known.contains(name) && !contains(where: { $0.name.hasSameBytes(as: name) }) {
            throw .field(path + "." + name, "it is not known")
        }
        var found: [(String, JSON)] = []
        for field in self {
            let path = path + "." + field.name
            guard let value = members.first(where: { $0.0.hasSameBytes(as: field.name) })?.1 else {
                if field.isRequired { throw .field(path, "it is missing") }
                continue
            }
            found.append((field.name, try field.kind.validated(value, at: path)))
        }
        return found
    }
}

extension DetailsField.Kind {
    fileprivate func validated(_ value: JSON, at path: String) throws(AuthorizationDetailsFault) -> JSON {
        switch self {
        case .text(let longest, let choices):
            guard let text = value.string, (1...longest).contains(text.utf8.count), !text.unicodeScalars.contains(where: Self.isControl)
            else {
                throw .field(path, "it is no text of 1 to \(longest) bytes")
            }
            guard choices.isEmpty || choices.contains(where: { $0.value.hasSameBytes(as: text) }) else {
                throw .field(path, "it is none of " + choices.map(\.value).joined(separator: ", "))
            }
        case .address:
            guard let text = value.string, RedirectURI.fault(in: text, development: false) == nil else {
                throw .field(path, "it is no absolute https address without a fragment")
            }
        case .integer(let range):
            guard case .integer(let number) = value, range.contains(number) else {
                throw .field(path, "it is no whole number from \(range.lowerBound) to \(range.upperBound)")
            }
        case .flag:
            guard value.bool != nil else { throw .field(path, "it is neither true nor false") }
        case .day:
            guard let text = value.string, text.utf8.count == 10, Timestamp(text + "T00:00:00+09:00") != nil else {
                throw .field(path, "it is no day such as 2026-04-01")
            }
        case .list(let kind, let most):
            guard let items = value.array, (1...most).contains(items.count), Set(items).count == items.count else {
                throw .field(path, "it is no list of 1 to \(most) different values")
            }
            var found: [JSON] = []
            for (index, item) in items.enumerated() { found.append(try kind.validated(item, at: path + "[\(index)]")) }
            return .array(found)
        case .object(let fields):
            guard let members = value.members else { throw .field(path, "it is no object") }
            return .object(try fields.validated(members, beside: [], at: path))
        }
        return value
    }

    /// Control and direction characters: what is shown must read as it is (checklist H12).
    /// What turns the order of what stands beside it, or is not seen at all: nothing a citizen could agree to.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || (0x2028...0x202e).contains(scalar.value)
            || (0x200e...0x200f).contains(scalar.value) || scalar.value == 0x61c || scalar.properties.isDefaultIgnorableCodePoint
    }
}
