package import Cryptography
import Vocabulary
package import XML

/// Encrypts to one reader. Everything that does not depend on the message is made once; hold it with the reader's registration.
package struct XMLEncryptor: Sendable {
    private enum Transport: Sendable {
        case rsa(OAEPEncryptor, method: XMLNode, keyInfo: [XMLNode])
        case agreement(with: PublicKey, EllipticCurve, recipient: [XMLNode])
    }

    private let content: ContentCipher
    private let transport: Transport
    private let recipient: String?

    /// `recipient` becomes EncryptedKey's hint for readers with several names, `certificate` (DER) its hint for readers with several
    /// keys. Refuses a key that the transport does not fit.
    package init(
        to key: PublicKey, content: ContentCipher = .aes256gcm, transport: KeyTransport = .saml2int, recipient: String? = nil,
        certificate: [UInt8]? = nil
    ) throws(XMLEncryptionRefusal) {
        self.content = content
        self.recipient = recipient
        let certified = certificate.map { [XMLEncryptor.certificate($0)] } ?? []
        switch (transport, key.ecPoint) {
        case (.ecdhES, .some(let point)):
            let named = certified.isEmpty ? [XMLEncryptor.value(point.curve, [4] + point.x + point.y)] : certified
            self.transport = .agreement(with: key, point.curve, recipient: [XMLEncryptor.xenc("RecipientKeyInfo", named)])
        case (.rsaOAEP(let digest, let mask, _), nil):
            guard let encryptor = try? OAEPEncryptor(to: key, OAEP(digest: digest, mask: mask)) else { throw .keyMissing }
            self.transport = .rsa(
                encryptor, method: XMLEncryptor.method(transport, digest, mask),
                keyInfo: certified.isEmpty ? [] : [XMLEncryptor.ds("KeyInfo", certified)])
        default: throw .keyMissing
        }
    }

    /// `xenc:EncryptedData` of one element, its key inside its KeyInfo. What was encrypted is the canonical form of `tag`, which
    /// stands alone: it declares every namespace it uses (S50). Sign first, then encrypt (S40).
    package func encrypt(_ tag: XMLTag, using random: inout some RandomNumberGenerator) throws(XMLEncryptionRefusal) -> XMLTag {
        try encrypt(tag.canonicalBytes(), using: &random)
    }

    /// The same for the bytes of one element that stands alone.
    package func encrypt(_ element: [UInt8], using random: inout some RandomNumberGenerator) throws(XMLEncryptionRefusal) -> XMLTag {
        let key = Secret.random(content.keyLength, using: &random)
        let sealed: [UInt8]
        do { sealed = try seal(element, key, using: &random) } catch { throw .encryption }
        let encryptedKey = try encrypted(key)
        return XMLTag(
            "xenc", EncryptionNames.xenc, "EncryptedData", attributes: [("Type", EncryptionNames.element)],
            children: [
                XMLEncryptor.method(content.uri), XMLEncryptor.ds("KeyInfo", [encryptedKey]), XMLEncryptor.cipherData(sealed),
            ])
    }

    private func seal(
        _ plaintext: [UInt8], _ key: borrowing Secret, using random: inout some RandomNumberGenerator
    ) throws(CipherError) -> [UInt8] {
        if content.isAuthenticated {
            let nonce = random.bytes(AES.nonce)
            return nonce + (try AES.sealGCM(plaintext, key: key, nonce: nonce))
        }
        // The last byte counts the padding; the others may be anything (XML Encryption §5.2.1).
        let padding = AES.block - plaintext.count % AES.block
        let padded = plaintext + random.bytes(padding - 1) + [UInt8(padding)]
        let vector = random.bytes(AES.block)
        return vector + (try AES.sealCBC(padded, key: key, vector: vector))
    }

    private func encrypted(_ key: borrowing Secret) throws(XMLEncryptionRefusal) -> XMLNode {
        let attributes = recipient.map { [("Recipient", $0)] } ?? []
        var children: [XMLNode]
        do {
            switch transport {
            case .rsa(let encryptor, let method, let keyInfo):
                children = [method] + keyInfo + [XMLEncryptor.cipherData(try encryptor.encrypt(key))]
            case .agreement(let reader, let curve, let recipient):
                let ours = try EphemeralKey(on: curve)
                let length = content.keyLength
                let wrapping = try ConcatKDF.derive(ours.agree(with: reader), .sha256, knowing: [], length: length)
                let agreement = XMLEncryptor.xenc(
                    "AgreementMethod",
                    [XMLEncryptor.derivation, XMLEncryptor.xenc("OriginatorKeyInfo", [XMLEncryptor.value(curve, try ours.point())])]
                        + recipient,
                    algorithm: KeyTransport.ecdhES.uri)
                children = [
                    XMLEncryptor.method(EncryptionNames.wrap(keyLength: length)), XMLEncryptor.ds("KeyInfo", [agreement]),
                    XMLEncryptor.cipherData(try AES.wrap(key, with: wrapping)),
                ]
            }
        } catch {
            throw .encryption
        }
        return .element(XMLTag("xenc", EncryptionNames.xenc, "EncryptedKey", attributes: attributes, children: children))
    }

    // MARK: Parts

    private static let derivation: XMLNode = .element(
        XMLTag(
            "xenc11", EncryptionNames.xenc11, "KeyDerivationMethod", attributes: [("Algorithm", EncryptionNames.derivation)],
            children: [
                .element(
                    XMLTag(
                        "xenc11", EncryptionNames.xenc11, "ConcatKDFParams",
                        // Eight bits of none to pad, then nothing: what the Java libraries write and all read (xmlenc11 §5.4.1).
                        attributes: [("AlgorithmID", "00"), ("PartyUInfo", "00"), ("PartyVInfo", "00")],
                        children: [ds("DigestMethod", [], algorithm: Algorithms.uri(of: DigestAlgorithm.sha256))]))
            ]))

    private static func method(_ transport: KeyTransport, _ digest: DigestAlgorithm, _ mask: DigestAlgorithm) -> XMLNode {
        var children = [ds("DigestMethod", [], algorithm: Algorithms.uri(of: digest))]
        // Without it both names mean SHA-1 (XML Encryption 1.1 §5.5.2).
        if mask != .sha1 {
            let uri = EncryptionNames.uri(ofMask: mask)
            children.append(.element(XMLTag("xenc11", EncryptionNames.xenc11, "MGF", attributes: [("Algorithm", uri)])))
        }
        return xenc("EncryptionMethod", children, algorithm: transport.uri)
    }

    private static func method(_ uri: String) -> XMLNode { xenc("EncryptionMethod", [], algorithm: uri) }

    private static func cipherData(_ bytes: [UInt8]) -> XMLNode {
        xenc("CipherData", [xenc("CipherValue", [.text(Base64.encode(bytes))])])
    }

    private static func certificate(_ der: [UInt8]) -> XMLNode {
        ds("X509Data", [ds("X509Certificate", [.text(Base64.encode(der))])])
    }

    /// `ds:KeyValue` of an EC key (XML Signature 1.1 §4.5.2.3).
    private static func value(_ curve: EllipticCurve, _ point: [UInt8]) -> XMLNode {
        let tag = { (local: String, attributes: [(String, String)], children: [XMLNode]) in
            XMLNode.element(XMLTag("dsig11", EncryptionNames.dsig11, local, attributes: attributes, children: children))
        }
        return ds(
            "KeyValue",
            [
                tag(
                    "ECKeyValue", [],
                    [tag("NamedCurve", [("URI", EncryptionNames.urn(of: curve))], []), tag("PublicKey", [], [.text(Base64.encode(point))])])
            ])
    }

    private static func ds(_ local: String, _ children: [XMLNode], algorithm: String? = nil) -> XMLNode {
        .element(
            XMLTag(
                "ds", Algorithms.signatureNamespace, local, attributes: algorithm.map { [("Algorithm", $0)] } ?? [], children: children))
    }

    private static func xenc(_ local: String, _ children: [XMLNode], algorithm: String? = nil) -> XMLNode {
        .element(
            XMLTag(
                "xenc", EncryptionNames.xenc, local, attributes: algorithm.map { [("Algorithm", $0)] } ?? [], children: children))
    }
}
