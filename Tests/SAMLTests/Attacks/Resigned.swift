import Cryptography
import Testing
import XML
import XMLSecurity

/// A bent message with a good signature of ours over all of it: whatever is refused then, is refused for its content.
enum Resigned {
    static func response(_ xml: String) throws -> String {
        let tag = try #require(Copy.tag(of: XMLDocument(parsing: Array(xml.utf8)).root))
        let signed = try XMLSigner(
            key: Federation.ownKey, algorithm: .rsaPKCS1(.sha256), certificate: Federation.certificate(of: Federation.ownKey)
        ).sign(tag)
        return String(decoding: signed.canonicalBytes(), as: UTF8.self)
    }
}
