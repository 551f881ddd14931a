import Cryptography
import Trust
import Vocabulary

/// `Keys/anchors/*.pem`: the certificates of the authorities we believe, several generations of one name among them.
struct AnchorFiles {
    let folder: Folder
    let card: CardPart
    let mode: Mode
    let now: Timestamp
    let keys: KeyFiles

    static let name = "Keys/anchors"

    struct Found {
        var anchors: [TrustAnchor] = []
        var loginAuthorities: [DistinguishedName] = []
        var simulatedAuthorities: [DistinguishedName] = []
    }

    func read() -> Found {
        var found = Found()
        var seen: [[UInt8]: String] = [:]
        for file in folder.names(in: Self.name, required: false) ?? [] {
            let path = Self.name + "/" + file
            guard file.hasSuffix(".pem") else {
                folder.report(path, "file.unexpected", "this is no anchor", "anchors are read from files that end in .pem")
                continue
            }
            for certificate in keys.certificates(path, required: true) ?? [] {
                if let other = seen[certificate.der] {
                    folder.report(path, "anchor.duplicate", "the same certificate is in \(other)", "keep one of them")
                    continue
                }
                seen[certificate.der] = path
                add(certificate, path, &found)
            }
        }
        if found.loginAuthorities.isEmpty, found.simulatedAuthorities.isEmpty || !card.allowSimulated { reportNone() }
        return found
    }

    private func add(_ certificate: Certificate, _ path: String, _ found: inout Found) {
        guard certificate.isAuthority else {
            folder.report(path, "anchor.authority", "the certificate is no authority's", "put the authority's own certificate here")
            return
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
                    remedy: "remove it when the last card it issued is gone"))
        }
        found.anchors.append(TrustAnchor(certificate: certificate, isSimulated: isSimulated))
        if isSimulated {
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
