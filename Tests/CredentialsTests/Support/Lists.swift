import Credentials
import Cryptography
import Trust
import Vocabulary

/// The word about revocation, from real signed lists.
enum Word {
    /// The status of a login certificate by a full list of its authority, made at `made` and valid for a week.
    static func status(
        of login: LoginCertificate, revoked: [([UInt8], RevocationReason)] = [], by authority: Authority = .newer,
        made: Timestamp = Moment.now.adding(seconds: -3600), at now: Timestamp = Moment.now
    ) throws -> CertificateStatus {
        let der = try list(of: authority, revoked: revoked, from: made, to: made.adding(seconds: 7 * Moment.day))
        let verified = try UnverifiedRevocationList(der: der).verified(issuer: authority.certificate, at: now)
        return RevocationLists([verified]).status(of: login.chain, at: now)
    }

    /// Nobody has a list.
    static func unknown(of login: LoginCertificate) -> CertificateStatus {
        RevocationLists([]).status(of: login.chain, at: Moment.now)
    }

    static func list(of authority: Authority, revoked: [([UInt8], RevocationReason)], from: Timestamp, to: Timestamp) throws -> [UInt8] {
        let algorithm = SignatureAlgorithm.rsaPKCS1(.sha256)
        let entries = revoked.map { serial, reason in
            DERWriter.build { writer in
                writer.sequence { writer in
                    writer.integer(content: serial)
                    writer.time(from.adding(seconds: -Moment.day))
                    if reason != .unspecified {
                        writer.sequence { $0.raw(Extension.make(.reasonCode, critical: false) { $0.enumerated(UInt8(reason.rawValue)) }) }
                    }
                }
            }
        }
        let body = DERWriter.build { writer in
            writer.sequence { writer in
                writer.integer(1)
                writer.raw(algorithm.identifier)
                writer.raw(authority.name.der)
                writer.time(from)
                writer.time(to)
                if !entries.isEmpty { writer.sequence { $0.raw(entries.flatMap { $0 }) } }
                writer.context(0) { writer in
                    writer.sequence {
                        $0.raw(Extension.authorityKey(authority.key.publicKey.keyIdentifier))
                        $0.raw(Extension.make(.crlNumber, critical: false) { $0.integer(7) })
                    }
                }
            }
        }
        return try SignedStructure.make(body, key: authority.key, algorithm)
    }

    /// The same from a responder that speaks with the authority's own key, made at `made` and without an end of its own.
    static func online(
        of login: LoginCertificate, isGood: Bool = true, made: Timestamp, maximumAge: Int64 = 30 * Moment.day, at now: Timestamp
    ) throws -> CertificateStatus {
        let issuer = login.chain.issuer
        let request = OCSPRequest(certificate: login.chain.leaf, issuer: issuer)
        let body = DERWriter.build { writer in
            writer.sequence { writer in
                writer.context(2) { $0.octetString(issuer.publicKey.keyIdentifier) }
                writer.generalizedTime(made)
                writer.sequence { writer in
                    writer.sequence { writer in
                        OCSPCertificateID(serial: login.chain.leaf.serial, issuer: issuer, digest: .sha1).write(to: &writer)
                        writer.context(isGood ? 0 : 2, content: [])
                        writer.generalizedTime(made)
                    }
                }
            }
        }
        let basic = try SignedStructure.make(body, key: Authority.newer.key, .rsaPKCS1(.sha256))
        let answer = DERWriter.build { writer in
            writer.sequence { writer in
                writer.enumerated(0)
                writer.context(0) { writer in
                    writer.sequence {
                        $0.objectIdentifier(.ocspBasicResponse)
                        $0.octetString(basic)
                    }
                }
            }
        }
        return try UnverifiedOCSPResponse(der: answer).verified(
            for: request, issuer: issuer, at: now, maximumAge: maximumAge, skew: 60)
    }
}
