import Cryptography
import SAML
import TrustFramework
import Vocabulary

/// `Metadata/sources/*.yaml`: one source of members' metadata.
struct SourceFile {
    static let folder = "Metadata/sources"
    static let suffix = ".yaml"

    /// What the deployment decides for all sources.
    struct Terms {
        let isDevelopment: Bool
        let sign: ResponseSigning
        /// The deployment's folder, which relative paths of sources are in.
        let base: String
    }

    let terms: Terms
    let findings: Findings
    /// Gives a file that stands beside the source's, and reports when it cannot.
    let companion: (_ name: String) -> [UInt8]?

    /// The source and the names of the files beside it.
    func read(_ text: String, name: String, file: String) -> (source: MetadataSource, companions: [String])? {
        guard let section = Section(reading: text, file: file, to: findings) else { return nil }
        let kind = section.choice("kind", MetadataSource.Kind.self, required: true)
        let locations = self.locations(section, kind)
        let (keys, companions) = self.keys(section)
        let unsigned = section.flag("unsigned", default: false)
        let refresh = self.refresh(section)
        let validity = self.validity(section)
        let largest = section.integer("largest", in: 1024...4_294_967_296, default: kind == .mdq ? 1_048_576 : 268_435_456)
        let entities = section.integer("entities", in: 1...1_000_000, default: 100_000)
        let query = self.query(section, kind)
        let filter = section.section("take").map(FilterSection.read) ?? EntityFilter()
        let changes = self.changes(section)
        let members = TermsSection.read(section.section("terms", required: true), sign: terms.sign)
        let special = self.special(section)
        section.finish()
        guard let kind, let locations, let keys, let members, let special else { return nil }
        refuseUnsigned(section, kind, keys, unsigned)
        return (
            MetadataSource(
                name: name, file: file, kind: kind, locations: locations, keys: keys, refresh: refresh, validity: validity,
                largest: largest, mostEntities: entities, query: query, filter: filter, changes: changes, terms: members,
                special: special, development: terms.isDevelopment), companions
        )
    }

    /// The name of a source is part of file names and of what an operator types.
    static func name(of file: String) -> String? {
        guard file.hasSuffix(suffix) else { return nil }
        let name = file.dropLast(suffix.utf8.count)
        guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy(\.isBase64url) else { return nil }
        return String(name)
    }

    // MARK: Where from

    private func locations(_ section: Section, _ kind: MetadataSource.Kind?) -> [String]? {
        guard let texts = section.texts("location", required: true, limit: 1024), let kind else { return nil }
        var isGood = !texts.isEmpty
        if texts.isEmpty { section.report("source.location", at: section.line(of: "location"), "there is no location", "write one") }
        let found = texts.map { text, line -> String in
            switch kind {
            case .file: return text.hasPrefix("/") ? text : terms.base + "/" + text
            case .url, .mdq:
                guard Self.isAddress(text) else {
                    section.report(
                        "source.location", at: line, "`" + Explanation.redacted(text) + "` is no http or https address",
                        "write a whole address without `#` and user name")
                    isGood = false
                    return text
                }
                return text
            }
        }
        return isGood ? found : nil
    }

    /// Plain http is enough where a signature decides (IIP-MD06); what is not signed is refused in production in any case.
    private static func isAddress(_ text: String) -> Bool {
        guard let mark = text.firstRange(of: "://"), ["http", "https"].contains(String(text[..<mark.lowerBound])) else { return false }
        let host = text[mark.upperBound...].prefix { $0 != "/" && $0 != "?" }
        return !host.isEmpty && !host.contains("@") && !text.contains("#") && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }

    // MARK: Who vouches

    private func keys(_ section: Section) -> ([PublicKey]?, [String]) {
        guard let names = section.texts("signed-by", limit: 255) else { return (section.has("signed-by") ? nil : [], []) }
        var keys: [PublicKey] = []
        var companions: [String] = []
        var isGood = true
        for (text, line) in names {
            guard let name = companionName(text, "signed-by", section) else {
                isGood = false
                continue
            }
            companions.append(name)
            guard let bytes = companion(name) else {
                isGood = false
                continue
            }
            let found = Self.keys(in: bytes)
            if found.isEmpty {
                section.report(
                    "source.key", at: line, "\(name) holds no certificate and no public key that can be used",
                    "get the federation's signing certificate by a way you trust; PEM, RSA of 2048 bits or more, or P-256, P-384, P-521")
                isGood = false
            }
            keys += found.filter { !keys.contains($0) }
        }
        return (isGood ? keys : nil, companions)
    }

    /// The key counts; the certificate around it, its dates and its issuer, say nothing here (IIP-MD05).
    private static func keys(in pem: [UInt8]) -> [PublicKey] {
        PEM.decode(pem, label: "CERTIFICATE").compactMap { try? Certificate(der: $0).publicKey }
            + PEM.decode(pem, label: "PUBLIC KEY").compactMap { try? PublicKey(spki: $0) }
    }

    private func refuseUnsigned(_ section: Section, _ kind: MetadataSource.Kind, _ keys: [PublicKey], _ unsigned: Bool) {
        let line = section.has("unsigned") ? section.line(of: "unsigned") : nil
        guard keys.isEmpty else {
            if unsigned {
                section.report(
                    "source.unsigned", at: line, "`unsigned` and `signed-by` contradict each other", "keep `signed-by`")
            }
            return
        }
        switch kind {
        case .file where unsigned:
            findings.notice(
                Problem(
                    file: section.file, line: line, code: "source.unsigned",
                    message: "whoever can write this source's file decides who is a member",
                    remedy: "name the federation's certificate under `signed-by` if it has one"))
        case .url where unsigned && terms.isDevelopment, .mdq where unsigned && terms.isDevelopment:
            findings.notice(
                Problem(
                    file: section.file, line: line, code: "source.unsigned",
                    message: "whoever answers for this address decides who is a member",
                    remedy: "name the federation's certificate under `signed-by`; production refuses this"))
        default:
            section.report(
                kind == .file ? "source.key" : terms.isDevelopment ? "source.key" : "production.metadata-signature",
                at: line, "nobody vouches for this source",
                "put the federation's signing certificate beside this file and name it under `signed-by`"
                    + (kind == .file || terms.isDevelopment ? ", or write `unsigned: true`" : ""))
        }
    }

    // MARK: Numbers

    private func refresh(_ section: Section) -> MetadataSource.Refresh {
        let inner = section.section("refresh")
        let every = inner?.duration("every", in: 60...2_592_000, default: 6 * 3600) ?? 6 * 3600
        let least = inner?.duration("at-least", in: 10...2_592_000, default: min(900, every)) ?? min(900, every)
        if least > every, let inner {
            inner.report(
                "source.refresh", at: inner.line(of: "at-least"), "the shortest wait is longer than the longest one", "exchange them")
        }
        inner?.finish()
        return MetadataSource.Refresh(every: every, least: min(least, every))
    }

    private func validity(_ section: Section) -> MetadataSource.Validity {
        let inner = section.section("valid-until")
        let isRequired = inner?.flag("required", default: true) ?? true
        let longest = inner?.duration("longest", in: 3600...31_536_000, default: 28 * 86_400) ?? 28 * 86_400
        inner?.finish()
        return MetadataSource.Validity(isRequired: isRequired, longest: longest)
    }

    private func query(_ section: Section, _ kind: MetadataSource.Kind?) -> MetadataSource.Query {
        let inner = section.section("query")
        if let inner, let kind, kind != .mdq {
            inner.report("source.query", at: inner.line, "only a source of kind `mdq` is queried", "remove it")
        }
        let query = MetadataSource.Query(
            name: inner?.choice("by", MetadataSource.Query.Name.self) ?? .entityID,
            entities: inner?.integer("entities", in: 10...100_000, default: 2000) ?? 2000,
            negative: inner?.duration("negative", in: 10...86_400, default: 300) ?? 300,
            timeout: inner?.duration("timeout", in: 1...30, default: 5) ?? 5)
        inner?.finish()
        return query
    }

    private func changes(_ section: Section) -> ChangePolicy {
        let inner = section.section("changes")
        let word = inner?.choice("policy", ChangePolicy.Word.self) ?? .automatic
        let held = inner?.choices("hold", MetadataChange.Subject.self)
        if word == .automatic, held != nil, let inner {
            inner.report(
                "source.changes", at: inner.line(of: "hold"), "nothing is held under the policy `automatic`",
                "write `policy: held-for-approval`")
        }
        let generations = inner?.integer("generations", in: 1...50, default: 5) ?? 5
        inner?.finish()
        return ChangePolicy(word: word, held: held ?? [.address, .key, .signing], generations: generations)
    }

    // MARK: Members

    private func special(_ section: Section) -> [MemberID: MemberTerms]? {
        var found: [MemberID: MemberTerms] = [:]
        var isGood = true
        for inner in section.sections("members") {
            let id = inner.text("id", required: true).flatMap { MemberID($0) }
            let terms = TermsSection.read(inner, sign: terms.sign)
            guard let id, let terms else {
                isGood = false
                continue
            }
            if found[id] != nil {
                inner.report("member.duplicate", at: inner.line(of: "id"), "`\(id.text)` stands here twice", "keep one of them")
                isGood = false
            }
            found[id] = terms
        }
        return isGood ? found : nil
    }
}
