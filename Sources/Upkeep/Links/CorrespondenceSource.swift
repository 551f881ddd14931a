package import Credentials
package import Cryptography
import JOSE
package import Logging
package import Outbound
package import Settings
package import SignOn
package import Vocabulary

/// Asks J-LIS's gateway which certificates came before one, and believes what is signed, is about this question, and is new. It is asked
/// once for a certificate that nobody is known by, while a citizen waits: never twice, and not for longer than the settings say.
package struct CorrespondenceSource: Sendable {
    package typealias Ask = @Sendable (OutboundRules, OutboundRequest) async throws(OutboundRefusal) -> OutboundAnswer

    /// Bytes of an answer: 33 certificates are less than 6,000.
    static let longest = 16_384
    /// Seconds between our clock and the gateway's.
    static let skew: Int64 = 120

    private let configuration: @Sendable () -> Configuration
    private let logger: Logger
    private let ask: Ask
    private let places = Places(16)

    package init(
        configuration: @escaping @Sendable () -> Configuration, logger: Logger,
        ask: @escaping Ask = { (rules, request) throws(OutboundRefusal) in try await Outbound(rules: rules).fetch(request) }
    ) {
        self.configuration = configuration
        self.logger = logger
        self.ask = ask
    }

    package func word(on certificate: CertificateIdentity, at now: Timestamp) async -> CorrespondenceWord {
        let settings = configuration()
        guard let service = settings.links.correspondence, let address = WebAddress(service.url), places.enter() else { return .silent }
        defer { places.leave() }
        var random = SystemRandom()
        let nonce = Base64url.encode(random.bytes(32))
        let question: JSON = [
            "authority": .string(certificate.issuer), "serial": .string(certificate.serial), "nonce": .string(nonce),
        ]
        let rules = OutboundRules(
            hosts: settings.outbound.hosts, allowsPrivateAddresses: settings.outbound.allowsPrivateAddresses, allowsPlainHTTP: true,
            limit: Self.longest, seconds: service.timeout, redirects: 0)
        do {
            let answer = try await ask(rules, .post(address, type: "application/json", body: question.bytes))
            guard answer.status == 200 else { throw CorrespondenceFault.status(answer.status) }
            return try Self.word(in: answer.body, by: service.key, on: certificate, nonce: nonce, at: now)
        } catch {
            // Nothing of the answer is logged: it names certificates.
            logger.warning("the correspondence of certificates was not told", metadata: ["reason": "\(Self.reason(error))"])
            return .silent
        }
    }

    /// What a signed answer says; throws what is wrong with it.
    package static func word(
        in body: [UInt8], by key: PublicKey, on certificate: CertificateIdentity, nonce: String, at now: Timestamp
    ) throws(CorrespondenceFault) -> CorrespondenceWord {
        let claims: JSON
        do {
            let jws = try UnverifiedJWS(compact: String(decoding: body, as: UTF8.self), limit: longest)
            guard jws.header["typ"]?.string == "correspondence+jwt" else { throw CorrespondenceFault.type }
            let verified = try jws.verified(by: [JWK(unnamed: key)], allowed: [.es256, .es384, .ps256, .rs256, .eddsa])
            claims = try JSON(reading: verified.payload, limit: longest)
        } catch let fault as CorrespondenceFault {
            throw fault
        } catch {
            throw .signature
        }
        guard claims["nonce"]?.string?.hasSameBytes(as: nonce) == true, claims["authority"]?.string == certificate.issuer,
            claims["serial"]?.string == certificate.serial
        else { throw .otherQuestion }
        guard let issued = claims["iat"]?.integer.map(Timestamp.init(seconds:)), abs(now.seconds(since: issued)) <= skew else {
            throw .time
        }
        switch claims["known"] {
        case .bool(false): return .unknown
        case .bool(true): break
        default: throw .malformed
        }
        let card: CertificateIdentity?
        switch claims["card"] {
        case nil, .null: card = nil
        case .some(let named): card = try identity(named)
        }
        return .known(
            Correspondence(
                earlier: try identities(claims["earlier"]), card: card, phones: try identities(claims["phones"]), source: body, at: issued))
    }

    private static func identities(_ json: JSON?) throws(CorrespondenceFault) -> [CertificateIdentity] {
        guard let json else { return [] }
        guard let items = json.array, items.count <= Correspondence.most else { throw .malformed }
        var found: [CertificateIdentity] = []
        for item in items { found.append(try identity(item)) }
        return found
    }

    private static func identity(_ json: JSON) throws(CorrespondenceFault) -> CertificateIdentity {
        guard let authority = json["authority"]?.string, let serial = json["serial"]?.string, authority.utf8.count == 64,
            (2...64).contains(serial.utf8.count), Hexadecimal.decode(authority) != nil, Hexadecimal.decode(serial) != nil
        else { throw .malformed }
        return CertificateIdentity(issuer: authority, serial: serial)
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let fault as CorrespondenceFault: "\(fault)"
        case let refusal as OutboundRefusal: "\(refusal)"
        default: "\(type(of: error))"
        }
    }
}

/// Why an answer is not believed.
package enum CorrespondenceFault: Error, Hashable, Sendable {
    case status(Int)
    case signature
    case type
    /// About another certificate, or to another question.
    case otherQuestion
    case time
    case malformed
}
