import JOSE
import OpenID
import Vocabulary

/// `jwks` and `jwks-file` of a client: its public keys, for what it signs and for what is encrypted to it.
struct ClientKeys {
    let certificates: MemberCertificates?
    let section: Section
    let companion: (_ name: String, _ limit: Int) -> [UInt8]?

    /// `file`: the file beside, when they stand in one. Nil when there are none, or none that can be used, which is reported.
    func read(isRequired: Bool) -> (set: JWKSet, file: String?)? {
        let inline = section.value("jwks")
        let file = section.text("jwks-file", limit: 255).flatMap { companionName($0, "jwks-file", section) }
        let (hasInline, hasFile) = (section.has("jwks"), section.has("jwks-file"))
        guard hasInline != hasFile else {
            if hasInline || isRequired {
                section.report(
                    "member.keys", at: nil,
                    isRequired ? "private_key_jwt needs the client's keys once" : "the client's keys stand here twice",
                    "write either `jwks` or `jwks-file`")
            }
            return nil
        }
        if let inline { return set(inline.json, section.file, inline.line).map { ($0, nil) } }
        guard let file, let bytes = companion(file, Folder.key) else { return nil }
        let path = MemberFile.folder + "/" + file
        do {
            return set(try JSON(reading: bytes, limit: Folder.key), path, nil).map { ($0, file) }
        } catch {
            section.findings.report(
                Problem(
                    file: path, code: "member.keys.json", message: "the key set is no JSON: \(error)", remedy: "ask the member for it anew")
            )
            return nil
        }
    }

    private func set(_ json: JSON, _ file: String, _ line: Int?) -> JWKSet? {
        do {
            let set = try JWKSet(reading: json)
            for (name, why) in set.ignored {
                section.findings.notice(
                    Problem(
                        file: file, line: line, code: "member.keys.ignored",
                        message: "the key `\(Explanation.redacted(name ?? ""))` is passed over: \(why)",
                        remedy: "ask the member for a key of a kind we know, or remove it"))
            }
            guard let certificates else { return set }
            let counting = certificates.counting(set, json, file)
            // A client without a key cannot be registered; each key's reason was told.
            return counting.keys.isEmpty ? nil : counting
        } catch {
            section.findings.report(
                Problem(
                    file: file, line: line, code: "member.keys", message: "the key set cannot be used: \(error)",
                    remedy: "register public keys only: RSA of 2048 bits or more, P-256, P-384 or Ed25519"))
            return nil
        }
    }
}
