import OpenID
import SAML
import TrustFramework
import Vocabulary

/// `Metadata/members/*.yaml`: one member, its accreditation, and its registration in the one protocol it speaks.
struct MemberFile {
    /// What the deployment decides for all members.
    struct Terms: Sendable {
        let isDevelopment: Bool
        let sign: ResponseSigning
        /// For relying parties.
        let clients: ClientTerms
        /// Nil when nobody knows, because sekisho.yaml could not be read.
        let profiles: TrustProfiles?
        let evidence: KeptTrust
        /// A member at the door: a certificate that does not count is a refusal, not a notice.
        let isAdding: Bool
        let now: Timestamp
        /// The deployment has a scope for subject identifiers.
        var hasScope = true

        /// For a folder whose sekisho.yaml is broken: its members are read all the same, so that all problems come at once.
        static func unknown(at now: Timestamp) -> Terms {
            Terms(
                isDevelopment: true, sign: .both, clients: ClientTerms(), profiles: nil, evidence: KeptTrust(path: nil),
                isAdding: false, now: now)
        }
    }

    static let folder = "Metadata/members"

    let terms: Terms
    let findings: Findings
    /// Gives the bytes of a file that stands beside the member's, and reports when it cannot.
    let companion: (_ name: String, _ limit: Int) -> [UInt8]?

    func read(_ text: String, file: String) -> MemberEntry? {
        guard let section = Section(reading: text, file: file, to: findings) else { return nil }
        let id = id(section)
        let names = names(section)
        let shared = SharedTerms(reading: section, at: terms.now)
        let paper = MemberPaper(reading: section)
        let certificates = MemberCertificates.read(section, terms)
        let saml = section.section("saml")
        let openID = section.section("openid")
        section.finish()
        let isSilent = !section.has("saml") && !section.has("openid")
        // An applicant does not speak yet; whoever is answered has to.
        let maySilent = shared.accreditation.map { $0.state == .applied || $0.state == .examined || $0.state == .withdrawn } ?? false
        if (saml == nil) == (openID == nil), section.has("saml") == section.has("openid"), !(isSilent && maySilent) {
            section.report(
                "member.protocol", at: section.has("openid") ? section.line(of: "openid") : nil,
                "a member speaks one protocol, either `saml` or `openid`",
                "write one of the two; register a second service as a member of its own")
        }
        // Everything is read before anything is missing, so that all of it is reported.
        let signals = saml?.section("signals")
        let provider = saml.flatMap { serviceProvider($0, id, certificates) }
        let receiver = signals.flatMap {
            ReceiverSection(terms: terms, certificates: certificates, section: $0).read(id, provider?.0)
        }
        if shared.sector != nil, let openID, openID.has("sector-identifier") {
            openID.report(
                "member.sector", at: openID.line(of: "sector-identifier"), "the member's sector is said twice",
                "write either `sector` or `openid.sector-identifier`")
        }
        let client = openID.flatMap { ClientSection(terms: terms, certificates: certificates, section: $0, companion: companion).read(id) }
        guard let id, let (kind, accreditation, purpose) = shared.whole, let paper else { return nil }
        let member = Member(
            id: id, kind: kind, displayName: names, accreditation: accreditation, sector: shared.sector ?? client?.0.sectorIdentifier,
            defaultPurpose: purpose, operatedBy: shared.operatedBy)
        if let provider, openID == nil {
            return .registered(
                Registration(
                    member: member, speech: .saml(provider.0), file: file, companion: provider.1, paper: paper, receiver: receiver))
        }
        if let client, saml == nil {
            return .registered(Registration(member: member, speech: .openID(client.0), file: file, companion: client.1, paper: paper))
        }
        return isSilent && maySilent ? .applicant(Applicant(member: member, file: file, paper: paper)) : nil
    }

    private func id(_ section: Section) -> MemberID? {
        guard let text = section.text("id", required: true) else { return nil }
        guard let id = MemberID(text), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            section.report(
                "member.id", at: section.line(of: "id"), "an id is printable ASCII without spaces",
                "use the service provider's entityID or the client_id")
            return nil
        }
        return id
    }

    private func names(_ section: Section) -> [String: String] {
        guard let names = section.section("names", required: true) else { return [:] }
        var found: [String: String] = [:]
        for entry in names.entries() {
            let letters = entry.key.utf8.prefix { $0 != 0x2d }
            guard (2...8).contains(letters.count), letters.allSatisfy({ (0x61...0x7a).contains($0) }), entry.key.utf8.count <= 35 else {
                names.report(
                    "member.names", at: entry.line, "`" + Explanation.redacted(entry.key) + "` is no language tag",
                    "use ja, en and the like")
                continue
            }
            guard let name = names.text(entry.key, limit: 200) else { continue }
            guard name.unicodeScalars.allSatisfy(\.isSeen) else {
                names.report(
                    "member.names", at: entry.line, "the name has a character that is not seen, or turns what stands around it",
                    "leave out control characters and marks of writing direction")
                continue
            }
            found[entry.key] = name
        }
        if found.isEmpty, names.entries().isEmpty {
            names.report("member.names", at: nil, "the member has no name", "write `names: {ja: …}`")
        }
        return found
    }

    private func serviceProvider(
        _ section: Section, _ id: MemberID?, _ certificates: MemberCertificates?
    ) -> (ServiceProvider, String)? {
        let file = section.text("metadata", required: true, limit: 255).flatMap { companionName($0, "metadata", section) }
        let options = SAMLSection.read(section, sign: terms.sign)
        section.finish()
        guard let file, let bytes = companion(file, Folder.metadata) else { return nil }
        let providers: [ServiceProvider]
        do {
            providers = try ServiceProvider.read(metadata: bytes, development: terms.isDevelopment)
        } catch {
            for explanation in error.problems { findings.report(Problem(file: MemberFile.folder + "/" + file, explanation)) }
            return nil
        }
        guard let id else { return nil }
        guard let provider = providers.first(where: { $0.entityID == id }) else {
            section.report(
                "member.metadata.entity", at: section.line(of: "metadata"),
                "\(file) has no service provider with the entityID `\(id.text)`",
                "write one of these as the member's id: " + providers.prefix(5).map(\.entityID.text).joined(separator: ", "))
            return nil
        }
        if let end = provider.validUntil, end < terms.now {
            findings.notice(
                Problem(
                    file: MemberFile.folder + "/" + file, code: "member.metadata.expired",
                    message: "the metadata was valid until \(end.text)",
                    remedy: "get it anew from the member; its requests are refused until then"))
        }
        let chosen = provider.with(options)
        SAMLNotices(provider: chosen, file: section.file, line: section.line, findings: findings, hasScope: terms.hasScope)
            .tell(isAdding: terms.isAdding)
        return (certificates?.counting(chosen, metadata: bytes, MemberFile.folder + "/" + file) ?? chosen, file)
    }
}

/// The name of a file beside the member's, and of no other.
func companionName(_ text: String, _ key: String, _ section: Section) -> String? {
    guard !text.hasPrefix("."), text.utf8.allSatisfy({ $0.isBase64url || $0 == 0x2e }) else {
        section.report(
            "member.file", at: section.line(of: key), "`" + Explanation.redacted(text) + "` is no name of a file beside this one",
            "put the file into the same folder; use letters, digits, hyphens and dots")
        return nil
    }
    return text
}

extension Problem {
    /// What a lower room found, with what it compared.
    init(file: String, line: Int? = nil, _ explanation: Explanation) {
        let compared = explanation.compared.map { $0.name + " `" + $0.value + "`" }.joined(separator: ", ")
        self.init(
            file: file, line: line, code: explanation.code, message: explanation.summary + (compared.isEmpty ? "" : " (" + compared + ")"),
            remedy: explanation.remedy)
    }
}
