import COpenSSL

/// What validating one path to one anchor gave.
package enum PathOutcome: Sendable {
    case valid(ValidPath)
    case refused(PathFault)
}

/// A path that RFC 5280 §6.1 accepts. A value, not a proof: the room that trusts the anchor makes the proof of it.
package struct ValidPath: Sendable {
    /// From the leaf to the anchor, both included.
    package let certificates: [Certificate]
    package let policies: [ObjectIdentifier]
}

/// Why a path was refused: what kind of fault, in which certificate (0 is the leaf), and libcrypto's own number for the log.
package struct PathFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// In rising rank: the later the fault, the nearer the path was to being the right one.
    package enum Reason: Int, Hashable, Sendable, Comparable {
        /// libcrypto could not do its work.
        case library
        /// More certificates than we take, or the leaf is the anchor itself.
        case shape
        /// No path from the leaf to this anchor: other names or key identifiers.
        case noPath
        case signature
        case malformed
        /// A key or digest below the security level.
        case weak
        /// A certificate that issued another is no authority, may not sign, or stands too deep.
        case authority
        case nameConstraint
        case criticalExtension
        case policy
        case notYetValid
        case expired

        package static func < (left: Reason, right: Reason) -> Bool { left.rawValue < right.rawValue }
    }

    package let reason: Reason
    package let depth: Int
    package let code: Int32

    init(_ reason: Reason, depth: Int, code: Int32) {
        self.reason = reason
        self.depth = depth
        self.code = code
    }

    init(code: Int32, depth: Int) {
        self.init(Self.reasons[code] ?? .malformed, depth: depth, code: code)
    }

    package var description: String { "\(reason) at certificate \(depth) (libcrypto \(code))" }

    private static let reasons: [Int32: Reason] = [
        X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT: .noPath, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY: .noPath,
        X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: .noPath, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: .noPath,
        X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: .noPath, X509_V_ERR_SUBJECT_ISSUER_MISMATCH: .noPath, X509_V_ERR_AKID_SKID_MISMATCH: .noPath,
        X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH: .noPath, X509_V_ERR_CERT_UNTRUSTED: .noPath, X509_V_ERR_CERT_REJECTED: .noPath,
        X509_V_ERR_CERT_SIGNATURE_FAILURE: .signature, X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE: .signature,
        X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH: .signature, X509_V_ERR_EE_KEY_TOO_SMALL: .weak, X509_V_ERR_CA_KEY_TOO_SMALL: .weak,
        X509_V_ERR_CA_MD_TOO_WEAK: .weak, X509_V_ERR_INVALID_CA: .authority, X509_V_ERR_KEYUSAGE_NO_CERTSIGN: .authority,
        X509_V_ERR_PATH_LENGTH_EXCEEDED: .authority, X509_V_ERR_CERT_CHAIN_TOO_LONG: .authority, X509_V_ERR_INVALID_PURPOSE: .authority,
        X509_V_ERR_CA_CERT_MISSING_KEY_USAGE: .authority, X509_V_ERR_CA_BCONS_NOT_CRITICAL: .authority,
        X509_V_ERR_KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA: .authority, X509_V_ERR_PATHLEN_INVALID_FOR_NON_CA: .authority,
        X509_V_ERR_PATHLEN_WITHOUT_KU_KEY_CERT_SIGN: .authority, X509_V_ERR_PERMITTED_VIOLATION: .nameConstraint,
        X509_V_ERR_EXCLUDED_VIOLATION: .nameConstraint, X509_V_ERR_SUBTREE_MINMAX: .nameConstraint,
        X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE: .nameConstraint, X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX: .nameConstraint,
        X509_V_ERR_UNSUPPORTED_NAME_SYNTAX: .nameConstraint, X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION: .criticalExtension,
        X509_V_ERR_NO_EXPLICIT_POLICY: .policy, X509_V_ERR_INVALID_POLICY_EXTENSION: .policy, X509_V_ERR_CERT_NOT_YET_VALID: .notYetValid,
        X509_V_ERR_CERT_HAS_EXPIRED: .expired, X509_V_ERR_OUT_OF_MEM: .library, X509_V_ERR_UNSPECIFIED: .library,
    ]
}
