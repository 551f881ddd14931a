import Cryptography

/// A name as a certificate presents it, ready to be held against subtrees.
enum PresentedName {
    case host(HostName)
    case mailbox(Mailbox)
    case uri(HostName)
    case directory(DistinguishedName)
    case address([UInt8])
    /// Not in the syntax of its form, or of a form whose subtrees nobody can tell.
    case unreadable

    init(_ name: GeneralName) {
        switch name {
        case .dns(let text): self = HostName(text.utf8, allowsWildcard: true).map { .host($0) } ?? .unreadable
        case .email(let text): self = Mailbox(text).map { .mailbox($0) } ?? .unreadable
        case .uri(let text): self = HostName(ofURI: text).map { .uri($0) } ?? .unreadable
        case .directory(let name): self = .directory(name)
        case .address(let bytes): self = .address(bytes)
        case .otherName, .registered, .other: self = .unreadable
        }
    }
}

/// The base of a subtree (RFC 5280 §4.2.1.10), ready to be held against names.
enum NameSubtree {
    /// The empty base, which every name lies below.
    case everything
    /// dNSName: the host and all below it.
    case zone(HostName)
    /// rfc822Name and URI: one host.
    case host(HostName)
    /// rfc822Name and URI, `.example`: what lies below, without the host itself.
    case below([UInt8])
    case mailbox(Mailbox)
    case directory(DistinguishedName)
    case network([UInt8], mask: [UInt8])
    /// Not in the syntax of its form, or of a form nobody reads: which names lie in it cannot be told.
    case unreadable

    init(_ base: GeneralName) {
        switch base {
        case .dns(let text): self = text.isEmpty ? .everything : HostName(text.utf8).map { .zone($0) } ?? .unreadable
        case .email(let text):
            if text.utf8.contains(0x40) {
                self = Mailbox(text).map { .mailbox($0) } ?? .unreadable
            } else {
                self = Self.hostOrBelow(text)
            }
        case .uri(let text): self = Self.hostOrBelow(text)
        case .directory(let name): self = .directory(name)
        case .address(let bytes): self = Self.network(bytes)
        case .otherName, .registered, .other: self = .unreadable
        }
    }

    private static func hostOrBelow(_ text: String) -> NameSubtree {
        if text.isEmpty { return .everything }
        guard text.utf8.first == 0x2e else { return HostName(text.utf8).map { .host($0) } ?? .unreadable }
        return HostName(text.utf8.dropFirst()).map { .below($0.text) } ?? .unreadable
    }

    /// Address and mask in the manner of RFC 4632: a mask with holes is none.
    private static func network(_ bytes: [UInt8]) -> NameSubtree {
        let address = Array(bytes.prefix(bytes.count / 2))
        let mask = Array(bytes.suffix(bytes.count / 2))
        var ended = false
        for byte in mask {
            let ones = (~byte).leadingZeroBitCount
            guard ones + byte.trailingZeroBitCount >= 8, !ended || byte == 0 else { return .unreadable }
            if byte != 0xff { ended = true }
        }
        return .network(zip(address, mask).map { $0 & $1 }, mask: mask)
    }

    enum Relation {
        case inside, outside
        /// A wildcard of which some names lie inside, others not.
        case across
        case unreadable
    }

    /// How a name of the same form lies to this subtree.
    func relation(of name: PresentedName) -> Relation {
        switch (self, name) {
        case (.unreadable, _), (_, .unreadable): .unreadable
        case (.everything, _): .inside
        case (.zone(let base), .host(let host)):
            if host.isWithin(base) { .inside } else if host.isWildcard, base.parent.elementsEqual(host.parent) { .across } else { .outside }
        case (.host(let base), .uri(let host)): base.text == host.text ? .inside : .outside
        case (.below(let base), .uri(let host)): host.isBelow(base) ? .inside : .outside
        case (.host(let base), .mailbox(let mailbox)): base.text == mailbox.host ? .inside : .outside
        case (.below(let base), .mailbox(let mailbox)): HostName(mailbox.host)?.isBelow(base) ?? false ? .inside : .outside
        case (.mailbox(let base), .mailbox(let mailbox)): base == mailbox ? .inside : .outside
        case (.directory(let base), .directory(let name)): name.isWithin(base) ? .inside : .outside
        case (.network(let base, let mask), .address(let address)):
            address.count == base.count && zip(zip(address, mask), base).allSatisfy { $0.0 & $0.1 == $1 } ? .inside : .outside
        default: .unreadable
        }
    }
}
