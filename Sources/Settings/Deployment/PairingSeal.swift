import Cryptography
import Vocabulary

/// Marks what a login page hands to an app on another device, so that every node of the deployment knows its own words again and nobody
/// else can make one.
package struct PairingSeal: Sendable {
    private let key: [UInt8]
    /// Bytes of a mark: it is shown for minutes, and each guess is a request.
    private static let size = 12

    package init(key: [UInt8]) { self.key = key }

    /// 16 letters of the Base64url alphabet.
    package func mark(_ text: String) -> String {
        Base64url.encode(Array(HMAC.sha256(key: key, Array(("app pairing 1 " + text).utf8)).prefix(Self.size)))
    }

    package func marks(_ text: String, with mark: String) -> Bool {
        ConstantTime.equal(Array(self.mark(text).utf8), Array(mark.utf8))
    }
}
