package import Cryptography
package import Vocabulary
package import XML

/// What a plain signature or encryption may ask for. Everything dangerous is off until it is named.
package struct GenericOptions: Sendable {
    /// Digests and signatures with SHA-1.
    package var allowSHA1 = false
    /// Content ciphers that authenticate nothing.
    package var allowCBC = false
    /// XPath 1.0 filters (XML Signature §6.6.3), all of them within `operations`.
    package var allowXPath = false
    /// Takes the key out of the message's KeyInfo. It then proves that nothing was changed since somebody signed, and not who.
    package var keyFromMessage = false
    /// Work of all XPath filters of one signature, in libxml2's own operations and what else they cost (`XPathCost`): a second or two. A
    /// document of 8,000 nodes and a usual filter takes under a million.
    package var operations = 20_000_000
    /// The content of addresses outside the document, by the URI that a Reference uses. Nothing is ever fetched.
    package var resources: [String: [UInt8]] = [:]
    package var limits: XMLLimits = .metadata

    package init() {}
}

/// Why a plain document was not canonicalized, verified or decrypted.
package enum GenericRefusal: Error, Hashable, Sendable {
    case xml(XMLRefusal)
    case signature(XMLSignatureRefusal)
    case encryption(XMLEncryptionRefusal)
    /// An algorithm or a feature that is not claimed, by its URI or name; nothing is said about the document.
    case unsupported(String)
    /// The path names no element, or more than one.
    case path(String)
}

extension GenericRefusal {
    package var explanation: Explanation {
        switch self {
        case .xml(let refusal):
            Explanation(
                "xml.document", "the document is not read", compared: [.init("reason", "\(refusal)")], clause: "XML 1.0",
                remedy: "send well-formed UTF-8 without document type and processing instructions")
        case .signature(let refusal): refusal.explanation
        case .encryption(let refusal): refusal.explanation
        case .unsupported(let name):
            Explanation(
                "xml.unsupported", "an algorithm or feature that is not claimed", compared: [.init("name", name)],
                clause: "XML Signature §6, XML Encryption §5", remedy: "use one of the claimed algorithms")
        case .path(let path):
            Explanation(
                "xml.path", "the path does not name exactly one element", compared: [.init("path", path)], clause: "XML Signature §4.4.3",
                remedy: "name an identifier or a local name that occurs once")
        }
    }
}

/// Proof of exactly the octets in `references`, by the holder of `key`. Made by `GenericXML.verify` only.
package struct GenericVerdict: Sendable {
    /// What one `ds:Reference` covers.
    package struct Reference: Sendable {
        package let uri: String
        package let transforms: [String]
        package let digest: String
        /// The octets that were digested.
        package let octets: [UInt8]
        /// Local name and identifier of the element that was referred to; nil for the whole document and for resources.
        package let elementName: String?
        package let identifier: String?
    }

    /// The URI of the SignatureMethod.
    package let algorithm: String
    package let key: PublicKey
    package let references: [Reference]

    init(proven signature: ProvenGenericSignature) {
        algorithm = signature.algorithm
        key = signature.key
        references = signature.references
    }
}

/// What an encrypted document turned out to be.
package struct GenericPlaintext: Sendable {
    /// What was encrypted.
    package let octets: [UInt8]
    /// The `Type` of the EncryptedData: element, content, or something that is not XML.
    package let type: String?
    /// The document with the plaintext in the place of the EncryptedData; the octets where it has no type of XML.
    package let document: [UInt8]
}
