package import Cryptography
package import Vocabulary

/// `links:` of sekisho.yaml: what happens when a certificate comes that nobody is known by, who is asked which certificate came before it,
/// and how long the codes of letters are good for.
package struct LinksPart: Sendable {
    /// What a certificate does that nobody is known by, and of which J-LIS names no earlier one that is.
    package enum Unknown: String, Sendable, CaseIterable {
        /// The citizen is asked whether he has been here before, and may show it.
        case ask
        /// It is a new citizen at once: for development, where nobody comes back.
        case make
    }

    /// J-LIS's word on which certificate came before which (新旧シリアル番号の紐付け) and to which card a phone belongs. Its wire protocol is
    /// not published: this is the form of ours that a gateway in the closed network speaks (docs/protocols/correspondence.md).
    package struct Correspondence: Sendable {
        package let url: String
        /// Whose signature an answer bears.
        package let key: PublicKey
        /// Seconds a first login waits.
        package let timeout: Int64
    }

    package let unknown: Unknown
    /// Seconds that may lie between the two uses of two certificates that are shown to be one person's.
    package let proofAge: Int64
    /// Seconds that the code of a letter is good for.
    package let codeLifetime: Int64
    /// Nil: nobody is asked.
    package let correspondence: Correspondence?
    /// Seconds between two looks at the cards that phones belong to.
    package let watch: Int64
    /// The weakest evidence that a new card's signature certificate and its login certificate are one citizen's, when it takes over a record.
    /// Whoever is tricked into signing a declaration signs it for the login key of another: only `card` shows that both were on one card.
    package let relinkTie: IdentityTie

    package init(
        unknown: Unknown = .ask, proofAge: Int64 = 600, codeLifetime: Int64 = 90 * 86_400, correspondence: Correspondence? = nil,
        watch: Int64 = 300, relinkTie: IdentityTie = .card
    ) {
        self.relinkTie = relinkTie
        self.unknown = unknown
        self.proofAge = proofAge
        self.codeLifetime = codeLifetime
        self.correspondence = correspondence
        self.watch = watch
    }
}

/// The part as it is written, before its key is read.
struct LinksSection {
    static let keyFile = "correspondence.pub.pem"

    let unknown: LinksPart.Unknown
    let proofAge: Int64
    let codeLifetime: Int64
    let watch: Int64
    let address: BaseAddress?
    let key: String
    let timeout: Int64
    let relinkTie: IdentityTie
    let unknownLine: Int?

    /// What it reads in `Keys/`.
    var files: Set<String> { address == nil ? [] : [key] }
    /// May be asked without being named under `outbound`.
    var hosts: Set<String> { address.map { [$0.host + ":" + String($0.port)] } ?? [] }

    static func read(_ section: Section?) -> LinksSection {
        defer { section?.finish() }
        var address: BaseAddress?
        var key = keyFile
        var timeout: Int64 = 3
        if let service = section?.section("correspondence") {
            if let text = service.text("url", required: true, limit: 512) {
                address = service.address(text, "url", service.line(of: "url"))
            }
            if let name = service.text("key", limit: 255) { key = companionName(name, "key", service) ?? key }
            timeout = service.duration("timeout", in: 1...30, default: 3)
            service.finish()
        }
        return LinksSection(
            unknown: section?.choice("unknown-certificate", LinksPart.Unknown.self) ?? .ask,
            proofAge: section?.duration("proof-age", in: 60...900) ?? 600,
            codeLifetime: section?.duration("code-lifetime", in: 3600...366 * 86_400) ?? 90 * 86_400,
            watch: section?.duration("watch", in: 2...86_400) ?? 300, address: address, key: key, timeout: timeout,
            relinkTie: section?.choice("relink-tie", IdentityTie.self) ?? .card,
            unknownLine: section?.has("unknown-certificate") == true ? section?.line(of: "unknown-certificate") : nil)
    }

    func part(_ keys: KeyFiles) -> LinksPart {
        let correspondence = address.flatMap { address in
            keys.publicKey("Keys/" + key).map { LinksPart.Correspondence(url: address.text, key: $0, timeout: timeout) }
        }
        return LinksPart(
            unknown: unknown, proofAge: proofAge, codeLifetime: codeLifetime, correspondence: correspondence, watch: watch,
            relinkTie: relinkTie)
    }
}
