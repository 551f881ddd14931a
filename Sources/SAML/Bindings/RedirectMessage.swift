import Cryptography
import Deflate
import Vocabulary
import XMLSecurity

/// An HTTP-Redirect message taken apart (SAML Bindings §3.4.4.1): the XML, the RelayState, and what its query signature covers.
struct RedirectMessage: Sendable {
    /// The signature in the query, with the octets it was made over.
    struct Signature: Sendable {
        let algorithm: String
        let value: [UInt8]
        /// `SAMLRequest=…` (or `SAMLResponse=…`) `&RelayState=…&SigAlg=…` in this order whatever order they came in, each value in the octets as sent.
        let octets: [UInt8]

        /// The first of the keys that made it. ECDSA values come raw (XML Signature §6.4.3) from some stacks and as DER from others.
        func key(among keys: [PublicKey]) -> PublicKey? {
            guard let algorithm = MessageAlgorithm(identifier: algorithm)?.signature else { return nil }
            return keys.first {
                $0.verifies(value, over: octets, algorithm, encoding: .der)
                    || (algorithm.isECDSA && $0.verifies(value, over: octets, algorithm, encoding: .raw))
            }
        }
    }

    let xml: [UInt8]
    let relayState: String?
    let signature: Signature?

    init(query: String, fields: Set<IncomingMessage.Field>, limits: MessageLimits) throws(SAMLRefusal.Reason) {
        guard query.utf8.count <= limits.query else { throw .tooLarge("query", limit: limits.query) }
        let parameters = try Parameters(Array(query.utf8), limits: limits)
        let (name, message) = try parameters.message(in: fields)
        if let encoding = parameters[.encoding], encoding.value != Binding.deflate {
            throw .unsupported("SAMLEncoding", encoding.value)
        }
        // Strict: this binding allows no line breaks, and a `+` that was not percent-encoded is a space by now.
        guard let deflated = Base64.decode(message.value), !deflated.isEmpty else { throw .encoding(name.rawValue) }
        do {
            xml = try Inflate.bytes(deflated, limit: limits.message, ratio: limits.ratio)
        } catch {
            throw .deflate(error)
        }
        relayState = parameters[.relayState]?.value
        signature = try Self.signature(parameters, over: name)
    }

    private static func signature(_ parameters: Parameters, over message: Parameters.Name) throws(SAMLRefusal.Reason) -> Signature? {
        switch (parameters[.algorithm], parameters[.signature]) {
        case (nil, nil): return nil
        case (.some, nil): throw .missing("Signature")
        case (nil, .some): throw .missing("SigAlg")
        case (.some(let algorithm), .some(let signature)):
            guard MessageAlgorithm(identifier: algorithm.value) != nil else { throw .unsupported("SigAlg", algorithm.value) }
            guard let value = Base64.decode(signature.value), !value.isEmpty else { throw .encoding("Signature") }
            var octets: [UInt8] = []
            for name in [message, .relayState, .algorithm] {
                guard let parameter = parameters[name] else { continue }
                if !octets.isEmpty { octets.append(0x26) }
                octets += name.rawValue.utf8
                octets.append(0x3d)
                octets += parameter.raw
            }
            return Signature(algorithm: algorithm.value, value: value, octets: octets)
        }
    }
}

extension SignatureAlgorithm {
    fileprivate var isECDSA: Bool {
        if case .ecdsa = self { true } else { false }
    }
}
