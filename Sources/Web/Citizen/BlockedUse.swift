import Credentials
import SignOn
import TrustFramework
import Vocabulary

extension Platform {
    /// Why a session did not start: the certificate is blocked here, or a logout came first. Somebody who tries a blocked one is written
    /// down, for its citizen and for the auditor.
    /// `card`: the card of a phone, where it is that which is blocked.
    func hindrance(_ authentication: SessionAuthentication, of card: CertificateIdentity? = nil, _ visit: Visit) async throws
        -> SignOnRefusal
    {
        guard let block = try await stores.block(of: card ?? authentication.certificate) else { return .sessionEnded }
        try await stores.noteUse(
            of: block.certificate,
            recording: Record(
                "care.blocked-use", at: visit.now,
                [
                    ("subject", .string(block.subject.text)),
                    ("certificate", .string(CertificateHandle(block.certificate, of: block.subject).text)),
                    ("member", .string(visit.member.id.text)), ("carrier", .string(authentication.facts.carrier.rawValue)),
                    ("door", .string(authentication.facts.door.rawValue)),
                    ("terminal", authentication.terminal.map { .string($0.text) } ?? .null),
                ]), at: visit.now)
        return .certificateBlocked
    }
}
