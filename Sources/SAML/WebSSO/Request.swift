package import Vocabulary

/// An AuthnRequest as it came, believed in nothing. It can be made again from the same query or form, and proven again at the same moment:
/// that, and not this value, is what a paused journey keeps.
package struct UnverifiedAuthnRequest: Sendable {
    let message: IncomingMessage

    /// Who says it asks: the key of the look-up for `verified(for:at:at:)`, and nothing more.
    package var issuer: MemberID { message.issuer }

    package static let names: Set<String> = ["AuthnRequest"]

    /// By HTTP-Redirect (SAML Bindings §3.4): `query` is what stood behind the `?`, exactly as received.
    package static func redirect(query: String, limits: MessageLimits = .standard) throws(SAMLRefusal) -> UnverifiedAuthnRequest {
        do throws(SAMLRefusal.Reason) {
            return UnverifiedAuthnRequest(message: try IncomingMessage.redirect(query: query, named: names, limits: limits))
        } catch {
            throw SAMLRefusal(error)
        }
    }

    /// By HTTP-POST (SAML Bindings §3.5): `form` is the body, `application/x-www-form-urlencoded`, exactly as received.
    package static func post(form: [UInt8], limits: MessageLimits = .standard) throws(SAMLRefusal) -> UnverifiedAuthnRequest {
        do throws(SAMLRefusal.Reason) {
            return UnverifiedAuthnRequest(message: try IncomingMessage.post(form: form, named: names, limits: limits))
        } catch {
            throw SAMLRefusal(error)
        }
    }

    /// By HTTP-Artifact (SAML Bindings §3.6), as a proven ArtifactResponse brought it. `message` is named one of `names`.
    package init(_ message: IncomingMessage) throws(SAMLRefusal) {
        guard Self.names.contains(message.name) else {
            throw SAMLRefusal(.wrongKind(message.name, expected: Self.names.sorted().joined(separator: ", ")))
        }
        self.message = message
    }

    private init(message: IncomingMessage) { self.message = message }
}
