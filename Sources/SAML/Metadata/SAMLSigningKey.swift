package import Cryptography
import Vocabulary
import XML
package import XMLSecurity

/// The key our messages are signed with, under one algorithm, and the certificate they carry. What does not depend on a message is made
/// once, here. An object, because it is handed on several times for each answer and has much in it.
package final class SAMLSigningKey: Sendable {
    package let key: PrivateKey
    /// DER. Relying parties take its key and ignore the rest.
    package let certificate: [UInt8]
    package let algorithm: SignatureAlgorithm
    /// The algorithm's XML name, and its digest's.
    package let identifier: String
    package let digestIdentifier: String
    /// SHA-256 of the certificate in lower-case hexadecimal.
    package let fingerprint: String
    private let signer: XMLSigner
    /// For members that want another KeyInfo, or types in their values.
    private let special: [Form: XMLSigner]

    private struct Form: Hashable {
        let keyInfo: MemberOptions.KeyInfo
        let isTyped: Bool
    }

    /// Refuses an algorithm that XML Signature has no name for, SHA-1, and one that does not fit the key.
    package init(key: PrivateKey, certificate: [UInt8], algorithm: SignatureAlgorithm) throws(XMLSignatureRefusal) {
        guard let named = MessageAlgorithm.all.first(where: { $0.signature == algorithm }) else { throw .algorithm("\(algorithm)") }
        signer = try XMLSigner(key: key, algorithm: algorithm, certificate: certificate)
        let subject = try? Certificate(der: certificate).subject.text
        var special: [Form: XMLSigner] = [:]
        for keyInfo in MemberOptions.KeyInfo.allCases {
            for isTyped in [false, true] where isTyped || keyInfo != .certificate {
                special[Form(keyInfo: keyInfo, isTyped: isTyped)] = try XMLSigner(
                    key: key, algorithm: algorithm, certificate: keyInfo == .none ? nil : certificate,
                    keyName: keyInfo == .named ? subject : nil, prefixes: isTyped ? [XMLSchema.prefix] : [])
            }
        }
        self.special = special
        self.key = key
        self.certificate = certificate
        self.algorithm = algorithm
        identifier = named.identifier
        fingerprint = OwnKey.fingerprint(of: certificate)
        digestIdentifier = named.digestIdentifier
    }

    /// `tag` with our signature over it: behind its Issuer in a message, as first child in metadata. `options` are those of the member that
    /// reads it (S55, S56).
    func signed(_ tag: XMLTag, as options: MemberOptions? = nil) throws(AnswerFailure) -> XMLTag {
        do { return try signer(as: options).sign(tag) } catch { throw .signature }
    }

    /// The same for a template that has a place for the signature.
    func signed(
        _ template: XMLTemplate, _ values: [String], around inner: [UInt8] = [], identifier: String, as options: MemberOptions
    ) throws(AnswerFailure) -> [UInt8] {
        do { return try signer(as: options).sign(template, values, around: inner, identifier: identifier) } catch { throw .signature }
    }

    private func signer(as options: MemberOptions?) -> XMLSigner {
        guard let options, options.keyInfo != .certificate || options.valueType != .untyped else { return signer }
        return special[Form(keyInfo: options.keyInfo, isTyped: options.valueType == .string)] ?? signer
    }
}
