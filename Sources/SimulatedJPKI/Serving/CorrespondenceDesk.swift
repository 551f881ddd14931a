import Credentials
import Cryptography
import JOSE
import Vocabulary

/// Says which certificates came before one, and which phone belongs to which card (新旧シリアル番号の紐付け, `jpki.md` §4.2). Its real wire form
/// is not published: this is a form of ours, a question in JSON and a signed answer.
struct CorrespondenceDesk: Sendable {
    private let simulator: Simulator
    private let delay: Int64

    init(_ simulator: Simulator, delay: Int64) {
        self.simulator = simulator
        self.delay = delay
    }

    private static let longest = 4_096

    func answer(_ body: [UInt8], at now: Timestamp) throws -> StatusDesk.Answer {
        guard body.count <= Self.longest, let question = try? JSON(reading: body, limit: Self.longest, depth: 2),
            let authority = question["authority"]?.string, let serial = question["serial"]?.string,
            let nonce = question["nonce"]?.string, (22...128).contains(nonce.utf8.count), Hexadecimal.decode(serial) != nil
        else { return .text(400, "The question is not JSON with authority, serial and nonce.\n") }
        var members: [(String, JSON)] = [
            ("iss", .string(simulator.base + "/correspondence")), ("iat", .integer(now.seconds)), ("nonce", .string(nonce)),
            ("authority", .string(authority)), ("serial", .string(serial)),
        ]
        members += try known(authority, serial, at: now) ?? [("known", false)]
        let key = SigningKey(keyID: "correspondence-1", algorithm: .es256, key: try simulator.correspondenceKey())
        let text = try key.signed(.object(members), type: "correspondence+jwt")
        return StatusDesk.Answer(status: 200, type: "application/jwt", body: Array(text.utf8), seconds: 0)
    }

    /// Nil: not known, or not yet.
    private func known(_ name: String, _ serial: String, at now: Timestamp) throws -> [(String, JSON)]? {
        guard let bytes = Hexadecimal.decode(serial),
            let authority = simulator.authorities.first(where: { $0.purpose == .user && Self.name($0) == name }),
            let entry = try simulator.register(of: authority.name).entry(serial: bytes),
            now.seconds(since: entry.notBefore) >= delay
        else { return nil }
        let record = try simulator.record(entry.card)
        let asked = CardRecord.Issued(authority: authority.name, serial: entry.serial)
        var chain = Self.userCertificates(of: record)
        var before: [(CardRecord.Issued, String)] = []
        if let index = chain.firstIndex(of: asked) {
            before = chain.dropFirst(index + 1).map { ($0, record.handle) }
        }
        // Cards in whose place this one was issued, a few at most.
        var next = record.replaces
        for _ in 0..<8 {
            guard let handle = next, let old = try? simulator.record(handle) else { break }
            chain = Self.userCertificates(of: old)
            before += chain.map { ($0, handle) }
            next = old.replaces
        }
        let card = try record.tiedTo.map { try simulator.record($0) }
        let phones = record.carrier == .card ? try simulator.phones(of: record.handle) : []
        return [
            ("known", true), ("earlier", .array(try before.prefix(Correspondents.most).map { try json($0.0, on: $0.1) })),
            ("card", try card.map { try json($0.user, on: $0.handle) } ?? .null),
            ("phones", .array(try phones.prefix(Correspondents.most).map { try json($0.user, on: $0.handle) })),
        ]
    }

    private enum Correspondents { static let most = 16 }

    /// The login certificates of one card, the present one first.
    private static func userCertificates(of record: CardRecord) -> [CardRecord.Issued] {
        [record.user] + record.earlier.reversed().filter { $0.authority.hasPrefix(Purpose.user.rawValue + "-") }
    }

    private func json(_ issued: CardRecord.Issued, on handle: String) throws -> JSON {
        let certificate = try simulator.identity(issued, on: handle).certificate
        return [
            "authority": .string(Self.name(try simulator.authority(issued.authority))),
            "serial": .string(Hexadecimal.encode(certificate.serial)),
        ]
    }

    /// As a verifier calls an authority: the SHA-256 of its key and its name.
    private static func name(_ authority: Authority) -> String {
        Hexadecimal.encode(Digest.sha256(authority.certificate.publicKey.spki + authority.certificate.subject.der))
    }
}

extension Simulator {
    private static let correspondenceFile = "makers/correspondence-key.pem"

    /// Signs what is said of earlier certificates; made when it is first needed.
    func correspondenceKey() throws -> PrivateKey {
        if !folder.has(Self.correspondenceFile) {
            try folder.alone {
                if !folder.has(Self.correspondenceFile) {
                    try folder.write(Self.correspondenceFile, PrivateKey.generate(.ec(.p256)).exportPEM())
                }
            }
        }
        return try PrivateKey(pem: folder.read(Self.correspondenceFile))
    }

    /// Its public half, and the lines of `sekisho.yaml` that go with it.
    package func correspondence() throws -> (file: File, yaml: String) {
        let pem = PEM.encode(try correspondenceKey().publicKey.spki, label: "PUBLIC KEY")
        let yaml = """
            links:
              correspondence:
                url: \(base)/correspondence
                key: correspondence.pub.pem

            """
        return (File(name: "correspondence.pub.pem", bytes: Array(pem.utf8), isSecret: false), yaml)
    }
}
