import Cryptography
import Vocabulary

extension CertificateStatus {
    /// Two words about one certificate from different sources: revoked for good is the last word whoever says it; of others the later one
    /// counts, because a hold may have ended or begun since; unknown is no word.
    func combined(with other: CertificateStatus) -> CertificateStatus {
        let word = Self.decisive(self, other)
        return CertificateStatus(
            word.verdict, from: word.source, thisUpdate: word.thisUpdate, nextUpdate: word.nextUpdate, checkedAt: word.checkedAt,
            remarks: remarks + other.remarks)
    }

    private static func decisive(_ left: CertificateStatus, _ right: CertificateStatus) -> CertificateStatus {
        if left.isPermanent { return left }
        if right.isPermanent || left.verdict == .unknown { return right }
        guard right.verdict != .unknown, let mine = left.thisUpdate, let its = right.thisUpdate else { return left }
        if mine == its { return left.verdict == .good ? right : left }
        return mine < its ? right : left
    }

    private var isPermanent: Bool {
        if case .revoked(let reason, _) = verdict { reason.isPermanent } else { false }
    }
}

extension RevocationRefusal {
    /// Of two reasons why a list has no signer, the one that came nearer to a signer.
    func nearer(_ other: RevocationRefusal) -> RevocationRefusal { other.nearness >= nearness ? other : self }

    private var nearness: Int {
        switch self {
        case .issuer: 0
        case .issuerUsage: 1
        case .signature: 2
        case .budget: 3
        case .signerPath, .signerStatus, .circular: 4
        case .signerKin: 5
        default: 0
        }
    }
}
