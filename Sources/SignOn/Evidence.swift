package import Credentials
import Trust
import TrustFramework
package import Vocabulary

extension SessionAuthentication {
    /// From evidence just proven; the only way a new one comes to be. Nil when nothing said that the certificate is good: what no list and no
    /// responder vouches for opens no session.
    package init?(_ authentication: Authentication, during journey: TransactionID) {
        let status = authentication.status
        guard status.verdict == .good, let source = TrustFramework.StatusSource(rawValue: status.source.rawValue),
            let statusAt = status.thisUpdate
        else { return nil }
        self.init(
            restored: AssuranceFacts(
                mode: authentication.mode, modeIsStated: authentication.modeIsStated, carrier: authentication.carrier,
                door: authentication.door, statusSource: source, statusAt: statusAt, authenticatedAt: authentication.at,
                terminalClass: authentication.terminalClass),
            certificate: authentication.certificate, terminal: authentication.terminal, journey: journey)
    }
}
