import Vocabulary

/// The rules by which an address may be registered at all. A request's address is never read by them: it is compared byte for byte
/// (checklist E1), so that what is registered must read the same for every browser.
enum RedirectURI {
    /// Bytes; longer addresses break browsers and logs.
    static let longest = 2_048

    /// What an authorization answer says (RFC 6749 §4.1.2, RFC 9207 §2, JARM §2.3), or would say of flows that a client may know beside ours.
    static let loginAnswer: Set<String> = [
        "code", "state", "iss", "error", "error_description", "error_uri", "response", "session_state", "id_token", "access_token",
    ]
    /// OpenID Connect RP-Initiated Logout §3.
    static let logoutAnswer: Set<String> = ["state"]

    /// Why `text` cannot be registered, or nil. Plain `http` is for development and for this machine only. `parameters`: what answers to this
    /// address say; one that stood in its query already would come twice, and its readers would take one or the other (RFC 6749 §3.1).
    static func fault(in text: String, answering parameters: Set<String> = [], development: Bool) -> String? {
        let bytes = Array(text.utf8)
        guard (1...longest).contains(bytes.count) else { return "it is empty or longer than \(longest) bytes" }
        guard bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else { return "it has a character outside printable ASCII" }
        guard !bytes.contains(where: { Array("\"<>\\^`{|}".utf8).contains($0) }) else { return "it has a character RFC 3986 forbids" }
        guard !bytes.contains(0x23) else { return "it has a fragment" }
        // The scheme is judged after lower-casing: `JaVaScRiPt:` is a scheme too (checklist E2).
        guard let colon = bytes.firstIndex(of: 0x3a) else { return "it has no scheme" }
        let scheme = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        guard scheme == "https" || scheme == "http" else { return "its scheme is not https" }
        let rest = bytes[(colon + 1)...]
        guard rest.starts(with: [0x2f, 0x2f]) else { return "it has no host" }
        let afterSlashes = rest.dropFirst(2)
        let authority = afterSlashes.prefix { $0 != 0x2f && $0 != 0x3f }
        if let fault = authorityFault(authority) { return fault }
        if scheme == "http" {
            guard development else { return "plain http is for development only" }
            guard isLoopback(authority) else { return "plain http is for this machine only (127.0.0.1, [::1], localhost)" }
        }
        let tail = afterSlashes.dropFirst(authority.count)
        return tailFault(tail) ?? queryFault(tail, parameters)
    }

    private static func authorityFault(_ authority: ArraySlice<UInt8>) -> String? {
        guard !authority.contains(0x40) else { return "it has a user name" }
        let (host, port) = split(authority)
        if let port {
            let number = Int(String(decoding: port, as: UTF8.self)) ?? 0
            guard port.allSatisfy({ (0x30...0x39).contains($0) }), (1...65_535).contains(number) else { return "its port is not a number" }
        }
        if host.first == 0x5b {
            guard host.count > 3, host.last == 0x5d, host.dropFirst().dropLast().allSatisfy(isIPv6) else { return "its host is malformed" }
            return nil
        }
        let labels = host.split(separator: 0x2e, omittingEmptySubsequences: false)
        guard (1...253).contains(host.count), labels.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isHost) }) else {
            return "its host is malformed"
        }
        return nil
    }

    private static func tailFault(_ tail: ArraySlice<UInt8>) -> String? {
        var index = tail.startIndex
        while index < tail.endIndex {
            if tail[index] == 0x25 {
                guard index + 2 < tail.endIndex, Hexadecimal.decode(String(decoding: tail[(index + 1)...(index + 2)], as: UTF8.self)) != nil
                else { return "it has a % that encodes nothing" }
            }
            index += 1
        }
        let path = tail.prefix { $0 != 0x3f }
        let segments = path.split(separator: 0x2f).map { String(decoding: $0, as: UTF8.self).lowercased() }
        // A browser would go elsewhere than the text says.
        guard !segments.contains(where: isDots) else { return "its path has a dot segment" }
        return nil
    }

    private static func queryFault(_ tail: ArraySlice<UInt8>, _ parameters: Set<String>) -> String? {
        let query = tail.drop { $0 != 0x3f }.dropFirst()
        let names = query.split(separator: 0x26).compactMap { piece in try? FormParameters.decoded(piece.prefix { $0 != 0x3d }) }
        return names.first(where: parameters.contains).map { "its query has the parameter " + $0 + ", which is for the answer to say" }
    }

    /// A host as it stands in an address, in lower case.
    static func isHostName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)[...]
        return (1...253).contains(bytes.count) && !bytes.contains(where: { (0x41...0x5a).contains($0) || $0 == 0x3a || $0 == 0x40 })
            && authorityFault(bytes) == nil
    }

    /// The host of an address that is fit, in lower case and without port.
    static func host(of address: String) -> String? {
        guard let slashes = address.firstRange(of: "://") else { return nil }
        let authority = Array(address[slashes.upperBound...].utf8.prefix { $0 != 0x2f && $0 != 0x3f })[...]
        let host = String(decoding: split(authority).host, as: UTF8.self).lowercased()
        return host.isEmpty ? nil : host
    }

    private static func isDots(_ segment: String) -> Bool {
        [".", "..", "%2e", "%2e.", ".%2e", "%2e%2e"].contains(segment)
    }

    private static func split(_ authority: ArraySlice<UInt8>) -> (host: ArraySlice<UInt8>, port: ArraySlice<UInt8>?) {
        let bracket = authority.firstIndex(of: 0x5d) ?? authority.startIndex
        guard let colon = authority[bracket...].firstIndex(of: 0x3a) else { return (authority, nil) }
        return (authority[..<colon], authority[(colon + 1)...])
    }

    private static func isLoopback(_ authority: ArraySlice<UInt8>) -> Bool {
        ["127.0.0.1", "[::1]", "localhost"].contains(String(decoding: split(authority).host, as: UTF8.self).lowercased())
    }

    private static func isHost(_ byte: UInt8) -> Bool { byte.isBase64url }

    private static func isIPv6(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66, 0x3a, 0x2e: true
        default: false
        }
    }
}
