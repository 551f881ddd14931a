package import OpenID
import SAML
package import Signals
package import Vocabulary

/// A member that is registered for security events, of either protocol: its credential as a client, what it may have, and by which names it
/// knows citizens.
package struct SignalReceiver: Sendable {
    package let client: Client
    package let terms: SignalTerms
    package let naming: SubjectNaming
}

extension Configuration {
    package func signalReceiver(_ id: MemberID) -> SignalReceiver? {
        guard let client = federation.receiver(id), let terms = client.signalTerms else { return nil }
        let provider = federation.serviceProvider(id)
        return SignalReceiver(
            client: client, terms: terms,
            naming: provider.map {
                SubjectNaming(
                    issuer: identityProvider.entityID.text, suffix: $0.lastingNameSuffix(scope: identityProvider.scope))
            } ?? SubjectNaming(issuer: openIDProvider.issuer))
    }

    /// The event as it goes out: signed by the key of the day, and for the receiver's eyes only where it registered that (RFC 8417 §3). Nil
    /// when there is no key to sign or to encrypt with: nothing goes out in the open that was to be closed.
    package func token(
        of signal: QueuedSignal, for receiver: SignalReceiver, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) -> String? {
        let provider = openIDProvider
        guard let key = provider.signingKey(for: receiver.client.idTokenAlgorithm, at: now),
            let token = try? SecurityEventToken(
                signal, from: provider.issuer, to: receiver.client.id.text, naming: receiver.naming, by: key)
        else { return nil }
        guard let encryption = receiver.client.signals?.encryption else { return token.text }
        return receiver.client.nested(token.text, encryption, using: &random)
    }
}
