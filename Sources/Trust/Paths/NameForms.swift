import Cryptography

/// The name forms as name constraints know them (RFC 5280 §4.2.1.10). All otherNames are one form: that one is constrained and another
/// is not would be for their kinds to say, which nobody reads.
enum NameForm: Hashable {
    case otherName, email, dns, directory, uri, address, registered
    case other(UInt8)

    init(_ name: GeneralName) {
        self =
            switch name {
            case .otherName: .otherName
            case .email: .email
            case .dns: .dns
            case .directory: .directory
            case .uri: .uri
            case .address: .address
            case .registered: .registered
            case .other(let tag): .other(tag)
            }
    }
}

/// A host name in small letters. Labels of letters, digits, hyphens and underscores, none empty: a name that is written otherwise is
/// none, and neither is the absolute form with a dot behind it.
struct HostName {
    let text: [UInt8]

    /// `allowsWildcard`: `*` as the whole leftmost label (RFC 9525 §6.3).
    init?(_ bytes: some Collection<UInt8>, allowsWildcard: Bool = false) {
        guard !bytes.isEmpty, bytes.count <= 253 else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var label = 0
        for (position, byte) in bytes.enumerated() {
            switch byte {
            case 0x2e:
                guard label > 0 else { return nil }
                label = -1
            case 0x41...0x5a, 0x61...0x7a, 0x30...0x39, 0x2d, 0x5f: break
            case 0x2a where allowsWildcard && position == 0 && bytes.count > 2 && bytes.dropFirst().first == 0x2e: break
            default: return nil
            }
            label += 1
            guard label <= 63 else { return nil }
            text.append((0x41...0x5a).contains(byte) ? byte + 0x20 : byte)
        }
        guard label > 0 else { return nil }
        self.text = text
    }

    var isWildcard: Bool { text.first == 0x2a }
    /// What stands behind the first label.
    var parent: ArraySlice<UInt8> { text.drop { $0 != 0x2e }.dropFirst() }

    /// Whether this is `base` or lies below it.
    func isWithin(_ base: HostName) -> Bool { text == base.text || isBelow(base.text) }

    func isBelow(_ base: [UInt8]) -> Bool {
        let rest = text.count - base.count
        return rest > 1 && text[rest - 1] == 0x2e && text[rest...].elementsEqual(base)
    }

    /// RFC 9525 §6.3: a wildcard stands for one label.
    func names(_ host: HostName) -> Bool {
        text == host.text || isWildcard && !host.isWildcard && !parent.isEmpty && parent.elementsEqual(host.parent)
    }
}

/// `local@host` (RFC 5321 §4.1.2). Local parts keep their case; quotes around one are no part of it.
struct Mailbox: Equatable {
    let local: [UInt8]
    let host: [UInt8]

    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let at = bytes.lastIndex(of: 0x40), let host = HostName(bytes[(at + 1)...]) else { return nil }
        var local = Array(bytes[..<at])
        if local.first == 0x22 {
            guard let unquoted = Self.unquoted(local) else { return nil }
            local = unquoted
        } else {
            guard !local.isEmpty, local.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x40 && $0 != 0x22 && $0 != 0x5c }) else { return nil }
        }
        self.local = local
        self.host = host.text
    }

    private static func unquoted(_ text: [UInt8]) -> [UInt8]? {
        guard text.count >= 2, text.last == 0x22 else { return nil }
        var content: [UInt8] = []
        var isEscaped = false
        for byte in text[1..<text.count - 1] {
            guard byte >= 0x20, byte < 0x7f, isEscaped || byte != 0x22 else { return nil }
            if !isEscaped, byte == 0x5c {
                isEscaped = true
                continue
            }
            isEscaped = false
            content.append(byte)
        }
        return isEscaped ? nil : content
    }
}

extension HostName {
    /// The host of a URI with an authority (RFC 3986 §3.2); nil when there is none, or it is an address.
    init?(ofURI text: String) {
        let bytes = Array(text.utf8)
        guard let colon = bytes.firstIndex(of: 0x3a), bytes[(colon + 1)...].starts(with: [0x2f, 0x2f]) else { return nil }
        var authority = bytes[(colon + 3)...].prefix { $0 != 0x2f && $0 != 0x3f && $0 != 0x23 }
        if let at = authority.lastIndex(of: 0x40) { authority = authority[(at + 1)...] }
        if let port = authority.lastIndex(of: 0x3a) {
            guard authority[(port + 1)...].allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            authority = authority[..<port]
        }
        guard let host = HostName(authority), !host.isAddress else { return nil }
        self = host
    }

    /// Four numbers: an IPv4 address and no name (the last label of a name is never all digits, RFC 1123 §2.1).
    var isAddress: Bool {
        let last = text.reversed().prefix { $0 != 0x2e }
        return last.allSatisfy { (0x30...0x39).contains($0) }
    }
}
