import Cryptography

extension NameRule {
    /// Whether the certificate carries one of the names that are asked for.
    func isMet(by certificate: Certificate) -> Bool {
        anyOf.contains { wanted in certificate.alternativeNames.contains { Self.matches($0, wanted) } }
    }

    private static func matches(_ presented: GeneralName, _ wanted: GeneralName) -> Bool {
        switch (presented, wanted) {
        case (.dns(let pattern), .dns(let host)):
            guard let pattern = HostName(pattern.utf8, allowsWildcard: true), let host = HostName(host.utf8) else { return false }
            return pattern.names(host)
        case (.email(let one), .email(let other)):
            guard let one = Mailbox(one), let other = Mailbox(other) else { return false }
            return one == other
        default: return presented == wanted
        }
    }
}
