import Cryptography
import Vocabulary

/// The text a platform asks a card to sign, as its client reads it: a client that signs blindly is a phisher's tool, because nothing on
/// the card binds a signature to a channel (`jpki.md` §3.3).
package struct ChallengeText: Sendable {
    package let id: String
    package let text: [UInt8]
    package let origin: String
    package let purpose: String

    static let domain = "SEKISHO-CARD-LOGIN-1"

    /// Nil unless the text has our domain and is about this visit of this platform and this challenge.
    package init?(_ text: String, id: String, base: String, transaction: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard text.utf8.count <= 4096, lines.first.map(String.init) == Self.domain else { return nil }
        guard let fields = Self.fields(lines.dropFirst()), fields["challenge"] == id, fields["transaction"] == transaction,
            fields["origin"] == base, let purpose = fields["purpose"]
        else { return nil }
        self.id = id
        self.text = Array(text.utf8)
        self.origin = base
        self.purpose = purpose
    }

    /// Lines of `name: value`. Nil where one is none, or a name comes twice.
    static func fields(_ lines: ArraySlice<Substring>) -> [String: String]? {
        var fields: [String: String] = [:]
        for line in lines where !line.isEmpty {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[1].hasPrefix(" "), fields[String(parts[0])] == nil else { return nil }
            fields[String(parts[0])] = String(parts[1].dropFirst())
        }
        return fields
    }

    /// `30 31 30 0D 06 09 60 86 48 01 65 03 04 02 01 05 00 04 20` and the digest (`jpki.md` §3.3).
    package var digestInfo: [UInt8] { Self.digestInfo(of: text) }

    package static func digestInfo(of text: [UInt8]) -> [UInt8] {
        [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20]
            + Digest.sha256(text)
    }
}
