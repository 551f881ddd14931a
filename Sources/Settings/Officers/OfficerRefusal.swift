package import JOSE
package import Vocabulary

/// Why an officer's signature does not count, or there are too few of them.
package enum OfficerRefusal: Error, Sendable, Hashable {
    case malformed
    case tooLong(limit: Int)
    case unknownOfficer(String)
    case revoked(String)
    case role(String, needs: OfficerRole)
    /// Signed before or after the officer's term, or dated into the future.
    case term(String, at: Timestamp)
    /// The officer's term is over, or the signature is older than a new change may bear.
    case stale(String, at: Timestamp)
    case otherKind(String, is: String)
    /// It was signed for something else.
    case otherDigest(String)
    case signature(String, JWSRefusal)
    case tooFew(signed: [String], needed: Int)
    case reason
    case key
    /// The officer has no key of their own, and this is no approval from the console.
    case keyless(String)
    /// The console says that an officer approved who has no card there.
    case cardless(String)

    /// It is about the officer, who may have been in office when it was signed; not about what was signed, or by whom.
    var isOfOffice: Bool {
        switch self {
        case .unknownOfficer, .revoked, .role, .term, .stale, .keyless, .cardless: true
        case .malformed, .tooLong, .otherKind, .otherDigest, .signature, .tooFew, .reason, .key: false
        }
    }

    package var code: String {
        switch self {
        case .malformed, .tooLong: "officer.change.malformed"
        case .unknownOfficer: "officer.unknown"
        case .revoked: "officer.revoked"
        case .role: "officer.role"
        case .term: "officer.term"
        case .stale: "officer.stale"
        case .otherKind, .otherDigest: "officer.change.other"
        case .signature: "officer.signature"
        case .tooFew: "officer.too-few"
        case .reason: "officer.reason"
        case .key: "officer.key"
        case .keyless: "officer.keyless"
        case .cardless: "officer.cardless"
        }
    }
}

extension OfficerRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed: "this is no officer's signature"
        case .tooLong(let limit): "the signature is longer than \(limit) bytes"
        case .unknownOfficer(let id): "there is no officer `\(Explanation.redacted(id))` in Keys/officers"
        case .revoked(let id): "the key of `\(id)` is revoked"
        case .role(let id, let role): "`\(id)` is no \(role.rawValue)"
        case .term(let id, let at): "`\(id)` signed at \(at.text), which is outside the officer's term or in the future"
        case .stale(let id, let at): "the signature of `\(id)` of \(at.text) is too old for a new change, or the term is over by now"
        case .otherKind(let id, let kind): "`\(id)` signed a \(Explanation.redacted(kind)), which this is not"
        case .otherDigest(let id): "`\(id)` signed something else than this: not one byte may differ"
        case .signature(let id, let why): "the signature of `\(id)` does not hold: \(why)"
        case .tooFew(let signed, let needed):
            "\(needed) different officers have to sign; "
                + (signed.isEmpty ? "nobody has" : "signed: " + signed.joined(separator: ", "))
        case .reason: "the reason is empty or longer than \(SignedChange.longestReason) bytes"
        case .key: "this key cannot sign"
        case .keyless(let id): "`\(id)` has no key in Keys/officers, and this was not approved in the console"
        case .cardless(let id): "`\(id)` has no card in Keys/officers that could have approved this in the console"
        }
    }
}
