import JOSE
import Vocabulary

/// The members of a registration under reading. A member of the wrong kind is a fault, and reading goes on, so that all that is wrong comes
/// at once. A member that is null is not there (RFC 7592 §2.2); members that nobody asks for are ignored (RFC 7591 §2).
struct MetadataReading {
    let json: JSON
    private(set) var faults: [Explanation] = []

    static let longestText = 2_048
    static let mostItems = 32

    init(_ json: JSON) { self.json = json }

    mutating func report(_ explanation: Explanation) { faults.append(explanation) }

    func value(_ name: String) -> JSON? {
        guard let value = json[name], value != .null else { return nil }
        return value
    }

    mutating func text(_ name: String, longest: Int = longestText) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string, (1...longest).contains(text.utf8.count), Self.isPlain(text) else {
            report(.metadataType(name, "a text of at most \(longest) bytes, without control characters"))
            return nil
        }
        return text
    }

    /// In their order, each once.
    mutating func texts(_ name: String, longest: Int = longestText) -> [String]? {
        guard let value = value(name) else { return nil }
        guard let texts = value.strings, texts.count <= Self.mostItems,
            texts.allSatisfy({ (1...longest).contains($0.utf8.count) && Self.isPlain($0) })
        else {
            report(.metadataType(name, "a list of at most \(Self.mostItems) texts of at most \(longest) bytes"))
            return nil
        }
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }

    mutating func flag(_ name: String) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let flag = value.bool else {
            report(.metadataType(name, "true or false"))
            return nil
        }
        return flag
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int64>) -> Int64? {
        guard let value = value(name) else { return nil }
        guard let number = value.integer, range.contains(number) else {
            report(.metadataType(name, "a whole number from \(range.lowerBound) to \(range.upperBound)"))
            return nil
        }
        return number
    }

    /// One word of those we know. `none`, which only ever takes a protection away, is no word here.
    mutating func choice<Choice: CaseIterable & RawRepresentable>(_ name: String, _ type: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        guard let text = text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            report(.metadataValue(name, text, accepted: Choice.allCases.map(\.rawValue)))
            return nil
        }
        return choice
    }

    /// What signs; the profile judges which of them it takes.
    mutating func signing(_ name: String) -> JWSAlgorithm? {
        guard let text = text(name) else { return nil }
        guard let algorithm = JWSAlgorithm(rawValue: text), Client.idTokenAlgorithms.contains(where: { $0.rawValue == text }) else {
            report(.metadataValue(name, text, accepted: Client.idTokenAlgorithms.map(\.rawValue)))
            return nil
        }
        return algorithm
    }

    /// `…_alg` and `…_enc`; the second means nothing without the first (OpenID Connect Dynamic Registration §2).
    mutating func encryption(_ name: String) -> Encryption? {
        let algorithm = choice(name + "_alg", JWEAlgorithm.self)
        let content = choice(name + "_enc", JWEContent.self)
        guard let algorithm else {
            if content != nil, value(name + "_alg") == nil { report(.metadataMissing(name + "_alg", because: name + "_enc is there")) }
            return nil
        }
        return Encryption(algorithm: algorithm, content: content ?? .a128CBCHS256)
    }

    /// `name` and `name#tag`, by language tag (RFC 7591 §2.2); without one under `und`.
    mutating func localized(_ name: String, longest: Int) -> [String: String] {
        var found: [String: String] = [:]
        for (member, _) in json.members ?? [] where member.hasPrefix(name + "#") || member == name {
            let tag = member == name ? "und" : String(member.dropFirst(name.count + 1))
            guard found.count < Self.mostItems, Self.isTag(tag) else {
                report(.metadataType(Explanation.redacted(member), "a name with a language tag, at most \(Self.mostItems) of them"))
                continue
            }
            if let text = text(member, longest: longest) { found[tag] = text }
        }
        return found
    }

    private static func isTag(_ tag: String) -> Bool {
        (2...35).contains(tag.utf8.count) && tag.utf8.allSatisfy { $0.isBase64url && $0 != 0x5f }
    }

    private static func isPlain(_ text: String) -> Bool { !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f } }
}
