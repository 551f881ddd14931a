package import Deflate
package import Vocabulary

/// What somebody copied out of a browser, a log or a file, before anybody knows what it is. Recognising is lenient, so that a developer is
/// helped; judging is not.
package struct PastedMessage: Sendable {
    package enum Form: String, Sendable {
        /// The query of an HTTP-Redirect, or the address it stands in.
        case query = "HTTP-Redirect query"
        /// The body of an HTTP-POST.
        case form = "HTTP-POST form"
        /// The value of SAMLRequest or SAMLResponse alone, deflated.
        case deflated = "HTTP-Redirect value"
        /// The value alone, Base64 only.
        case base64 = "HTTP-POST value"
        case envelope = "SOAP envelope"
        case metadata = "metadata"
        case xml = "XML"
        case artifact = "artifact"
        /// A page whose form carries a message.
        case page = "HTTP-POST page"
    }

    package let form: Form
    /// The message's XML as it was sent; empty for an artifact.
    package let xml: [UInt8]
    /// The query without `?`, or the form's body; made up from the value where only that was pasted.
    package let parameters: String
    package let relayState: String?
    /// `SAMLRequest` or `SAMLResponse`, where the paste said so.
    package let field: String?
    /// Of a query: whether it has a signature.
    package let signatureAlgorithm: String?
    package let artifact: PastedArtifact?
    /// What was done to get at the XML, in order.
    package let steps: [String]

    /// Octets of a paste that we look at.
    package static let largest = 16 << 20

    package init(_ pasted: [UInt8], limits: MessageLimits = .standard) throws(PasteRefusal) {
        guard pasted.count <= Self.largest else { throw .tooLarge(limit: Self.largest) }
        var reader = PasteReader(limits: limits)
        let found = try reader.read(pasted)
        form = found.form
        xml = found.xml
        parameters = found.parameters
        relayState = found.relayState
        field = found.field
        signatureAlgorithm = found.algorithm
        artifact = found.artifact
        steps = reader.steps
    }
}

/// SAML Bindings §3.6.4: what an artifact of type 4 says without being resolved.
package struct PastedArtifact: Sendable {
    package let type: Int
    package let endpoint: Int
    /// SHA-1 of the issuer's entityID, in hexadecimal.
    package let source: String
}

/// Why nothing of SAML was found in a paste.
package enum PasteRefusal: Error, Hashable, Sendable {
    case empty
    case tooLarge(limit: Int)
    case notText
    /// Neither XML, nor a query or form with a SAML parameter, nor Base64 of one.
    case nothing(String)
    case deflate(Inflate.Refusal)
    /// A JSON Web Token: OpenID's, not SAML's.
    case token

    package var explanation: Explanation {
        switch self {
        case .empty: explain("empty", "there is nothing to decode", [])
        case .tooLarge(let limit): explain("too-large", "the paste is larger than we take", [.init("limit", String(limit))])
        case .notText: explain("not-text", "the paste is neither text nor XML", [])
        case .nothing(let why): explain("nothing", "there is no SAML message in the paste", [.init("reason", why)])
        case .deflate(let refusal):
            explain("deflate", "the value is Base64 of neither XML nor raw DEFLATE", [.init("reason", "\(refusal)")])
        case .token: explain("token", "this is a JSON Web Token, which OpenID uses and SAML does not", [])
        }
    }

    private func explain(_ code: String, _ summary: String, _ compared: [Explanation.Compared]) -> Explanation {
        Explanation(
            "saml.paste." + code, summary, compared: compared, clause: "SAML Bindings §3",
            remedy: "paste a redirect's address, a form's value, XML, a SOAP envelope or metadata, whole")
    }
}
