import Vocabulary

/// An HTTP-POST message taken apart (SAML Bindings §3.5.4): the XML and the RelayState. Its signature, if any, is inside the XML.
struct PostMessage: Sendable {
    let xml: [UInt8]
    let relayState: String?

    init(form: [UInt8], fields: Set<IncomingMessage.Field>, limits: MessageLimits) throws(SAMLRefusal.Reason) {
        guard form.count <= limits.form else { throw .tooLarge("form", limit: limits.form) }
        let parameters = try Parameters(form, limits: limits)
        let (name, message) = try parameters.message(in: fields)
        // The parameters of HTTP-POST-SimpleSign: a signature we would not look at must not be passed over.
        for name in [Parameters.Name.algorithm, .signature, .keyInfo] where parameters[name] != nil { throw .unexpected(name.rawValue) }
        guard let bytes = Base64.decodeLenient(message.value), !bytes.isEmpty else { throw .encoding(name.rawValue) }
        guard bytes.count <= limits.message else { throw .tooLarge(name.rawValue, limit: limits.message) }
        xml = bytes
        relayState = parameters[.relayState]?.value
    }
}
