package import Vocabulary

/// What is known beside a token when it is judged. What is nil is not compared.
package struct TokenRules: Sendable {
    /// Whose signatures count.
    package var keys: [JWK] = []
    /// What opens an encrypted token.
    package var decryptionKeys: [DecryptionKey] = []
    package var algorithms = Set(JWSAlgorithm.allCases)
    package var encryptions = Set(JWEAlgorithm.allCases)
    package var contents = Set(JWEContent.allCases)
    /// Judge by the key inside the header, as a DPoP proof is: this proves possession and no sender.
    package var isByOwnKey = false
    /// Whether the payload has to be a set of claims that hold now.
    package var areClaimsDue = false
    /// `typ`, lower case and without `application/`.
    package var type: String?
    package var issuer: String?
    package var audience: String?
    package var subject: String?
    package var nonce: String?
    /// Seconds by which clocks may differ.
    package var skew: Int64 = 0
    /// Bytes of a token.
    package var limit = 65_536

    package init() {}
}

/// How far a token came.
package enum TokenLayer: String, Sendable, CaseIterable {
    /// Parts, base64url, the header's JSON.
    case decode
    /// What the header says.
    case header
    /// An algorithm that was not agreed.
    case algorithm
    case key
    case decryption
    case signature
    case claims
}

/// A refusal with the layer it came from.
package struct TokenFinding: Error, Hashable, Sendable {
    package let layer: TokenLayer
    package let explanation: Explanation

    package init(_ layer: TokenLayer, _ explanation: Explanation) {
        self.layer = layer
        self.explanation = explanation
    }
}

extension JWSRefusal {
    package var layer: TokenLayer {
        switch self {
        case .tooLarge, .parts, .encoding, .header: .decode
        case .headerMember, .algorithm: .header
        case .algorithmNotAllowed: .algorithm
        case .keyMissing, .tooManyKeys, .ownKey: .key
        case .signature: .signature
        }
    }
}

extension JWERefusal {
    package var layer: TokenLayer {
        switch self {
        case .tooLarge, .parts, .encoding, .header, .length: .decode
        case .headerMember, .algorithm, .content, .ephemeralKey: .header
        case .algorithmNotAllowed, .contentNotAllowed: .algorithm
        case .keyMissing, .tooManyKeys, .unavailable: .key
        case .undecryptable: .decryption
        }
    }
}
