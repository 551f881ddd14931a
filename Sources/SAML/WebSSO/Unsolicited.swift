package import Vocabulary

/// An address of ours that asks for an answer on behalf of a service (SAML Profiles §4.1.5), with the parameters that Shibboleth has made
/// common: `providerId`, `shire`, `target`, `time`. Anybody can write such an address; that the citizen wants it is the shell's to ask.
package struct UnsolicitedRequest: Sendable {
    /// The service: the key of the look-up, and nothing more.
    package let member: MemberID
    /// `shire`: an address of the service's metadata.
    let consumer: String?
    /// `target`: goes to the service as RelayState, byte for byte.
    package let target: String?

    /// `fields` is a query or a form, exactly as received. Parameters of other names are passed over; of these, each comes at most once.
    package init(_ fields: [UInt8], limits: MessageLimits = .standard) throws(SAMLRefusal) {
        do throws(SAMLRefusal.Reason) {
            let found = try Self.read(fields, limits)
            guard let name = found["providerId"], let member = MemberID(name) else { throw .unsolicitedParameter("providerId") }
            self.member = member
            consumer = found["shire"]
            target = found["target"]
            guard (target?.utf8.count ?? 0) <= limits.longestRelayState else {
                throw .tooLarge("target", limit: limits.longestRelayState)
            }
            // A form cannot carry these back as they came.
            guard target?.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) != true else { throw .unsolicitedParameter("target") }
        } catch {
            throw SAMLRefusal(error)
        }
    }

    /// The same as fields of a form.
    package var fields: [(String, String)] {
        [("providerId", member.text)] + (consumer.map { [("shire", $0)] } ?? []) + (target.map { [("target", $0)] } ?? [])
    }

    private static let names = ["providerId", "shire", "target", "time"]

    private static func read(_ fields: [UInt8], _ limits: MessageLimits) throws(SAMLRefusal.Reason) -> [String: String] {
        guard fields.count <= limits.query else { throw .tooLarge("query", limit: limits.query) }
        var found: [String: String] = [:]
        var count = 0
        for pair in fields.split(separator: 0x26) {
            count += 1
            guard count <= limits.parameters else { throw .tooLarge("parameters", limit: limits.parameters) }
            let end = pair.firstIndex(of: 0x3d) ?? pair.endIndex
            guard let name = names.first(where: { pair[..<end].elementsEqual($0.utf8) }) else { continue }
            let raw = end == pair.endIndex ? [] : pair[pair.index(after: end)...]
            guard let value = Parameters.decoded(raw) else { throw .encoding(name) }
            guard found.updateValue(value, forKey: name) == nil else { throw .duplicate(name) }
        }
        return found
    }
}
