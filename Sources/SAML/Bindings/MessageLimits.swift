package import XML

/// What one message may cost, stage by stage, before anything is known of its sender (checklist D1, D2: each form has its own cap).
package struct MessageLimits: Sendable {
    /// Octets of a raw query. Servers and browsers stop near 8 to 32 KiB; a redirect message is about 1 KiB.
    package var query = 16_384
    /// Octets of a raw form body.
    package var form = 262_144
    /// Octets of XML, inflated or Base64-decoded.
    package var message = 131_072
    /// Inflated octets per deflated octet. An AuthnRequest reaches 3 to 6; DEFLATE itself reaches 1032.
    package var ratio = 64
    /// Parameters of a query or form.
    package var parameters = 32
    /// SAML Bindings §3.4.3 says 80, the world sends 200 and more; echoed whole or refused, never cut (S32). A member may have another.
    package var relayState = 1024
    /// What no member's own limit can pass.
    package var longestRelayState = 8192
    /// Characters of identifiers, formats and class names in a message (IIP-G02: 256 must work; above, refuse and never cut; S35).
    package var string = 256
    /// Octets of an address in a message.
    package var address = 1024
    /// Classes in one RequestedAuthnContext.
    package var contexts = 32
    package var xml = XMLLimits.message

    package init() {}

    package static let standard = MessageLimits()
}
