import Cryptography
import Trust
import Vocabulary

/// `Keys/anchors/*.pem`: the certificates of the authorities we believe, several generations of one name among them; and
/// `Keys/anchors-of/PROFILE/*.pem`, authorities that one profile believes and no card's login does.
struct AnchorFiles {
    let folder: Folder
    let card: CardPart
    let mode: Mode
    let now: Timestamp
    let keys: KeyFiles

    static let name = "Keys/anchors"

    struct Found {
        var anchors: [TrustAnchor] = []
        /// All of them, those of profiles too.
        var known = KnownAnchors()
        var loginAuthorities: [DistinguishedName] = []
        var simulatedAuthorities: [DistinguishedName] = []
    }

    func read() -> Found {
        var found = Found()
        for (file, certificate) in Self.certificates(in: Self.name, folder, keys) {
            guard let anchor = anchor(certificate, file) else { continue }
            remember(anchor, file, &found)
            add(anchor, &found)
        }
        if found.loginAuthorities.isEmpty, found.simulatedAuthorities.isEmpty || !card.allowSimulated { reportNone() }
        for name in ProfileFolder.anchorFolders(folder) {
            for (file, certificate) in Self.certificates(in: "Keys/" + KnownAnchors.others + "/" + name, folder, keys) {
                guard let anchor = anchor(certificate, file) else { continue }
                remember(anchor, file, &found)
            }
        }
        return found
    }

    /// For profiles, by a name relative to `Keys/`. Simulated authorities are believed where simulated cards are.
    private func remember(_ anchor: TrustAnchor, _ file: String, _ found: inout Found) {
        found.known.add(anchor.isSimulated && !card.allowSimulated ? [] : [anchor], from: String(file.dropFirst("Keys/".count)))
    }

    /// `Keys/intermediates/*.pem`: cross and link certificates of authorities, for paths through a bridge. Nobody believes them by themselves.
    static func intermediates(_ folder: Folder, _ keys: KeyFiles) -> [Certificate] {
        certificates(in: "Keys/intermediates", folder, keys).compactMap { file, certificate in
            if certificate.isAuthority { return certificate }
            folder.report(file, "intermediate.authority", "the certificate is no authority's", "members' own stand in their metadata")
            return nil
        }
    }

    private static func certificates(in name: String, _ folder: Folder, _ keys: KeyFiles) -> [(file: String, certificate: Certificate)] {
        var found: [(file: String, certificate: Certificate)] = []
        var seen: [[UInt8]: String] = [:]
        for file in folder.names(in: name, required: false) ?? [] {
            let path = name + "/" + file
            guard file.hasSuffix(".pem") else {
                folder.report(path, "file.unexpected", "this is no certificate", "certificates are read from files that end in .pem")
                continue
            }
            for certificate in keys.certificates(path, required: true) ?? [] {
                if let other = seen[certificate.der] {
                    folder.report(path, "anchor.duplicate", "the same certificate is in \(other)", "keep one of them")
                    continue
                }
                seen[certificate.der] = path
                found.append((path, certificate))
            }
        }
        return found
    }

    /// Nil for what is no authority's. A simulated one is reported in production, and left to the reader of cards in development.
    private func anchor(_ certificate: Certificate, _ path: String) -> TrustAnchor? {
        guard certificate.isAuthority else {
            folder.report(path, "anchor.authority", "the certificate is no authority's", "put the authority's own certificate here")
            return nil
        }
        let isSimulated = Self.isSimulated(certificate)
        if isSimulated, mode == .production {
            folder.report(
                path, "production.simulated-anchor", "`\(certificate.subject.text)` issues simulated or test cards", "remove it")
        }
        if certificate.notAfter < now {
            folder.findings.notice(
                Problem(
                    file: path, code: "anchor.expired", message: "the authority's certificate ended \(certificate.notAfter.text)",
                    remedy: "remove it when the last certificate it issued is gone"))
        }
        return TrustAnchor(certificate: certificate, isSimulated: isSimulated)
    }

    private func add(_ anchor: TrustAnchor, _ found: inout Found) {
        let certificate = anchor.certificate
        found.anchors.append(anchor)
        if anchor.isSimulated {
            if !found.simulatedAuthorities.contains(certificate.subject) { found.simulatedAuthorities.append(certificate.subject) }
        } else if card.loginAuthorities.contains(certificate.subject.text) {
            if !found.loginAuthorities.contains(certificate.subject) { found.loginAuthorities.append(certificate.subject) }
        }
    }

    /// By the name of its organization, whose word nobody has to trust: calling oneself simulated opens nothing.
    static func isSimulated(_ certificate: Certificate) -> Bool {
        let names = certificate.subject.text.lowercased().split(separator: ",").filter { $0.hasPrefix("o=") }
        let words = names.flatMap { $0.dropFirst(2).split { !$0.isLetter } }
        return words.contains { ["test", "simulated", "simulation", "simulator", "sample", "demo", "development"].contains($0) }
    }

    private func reportNone() {
        let problem = Problem(
            file: Self.name, code: "anchor.none", message: "no authority that issues login certificates is here, so no card is believed",
            remedy: "put the user-authentication authority's certificates here, compared with the published fingerprints")
        if mode == .production { folder.findings.report(problem) } else { folder.findings.notice(problem) }
    }
}
