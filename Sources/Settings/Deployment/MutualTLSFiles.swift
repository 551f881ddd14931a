import Cryptography
import Vocabulary

/// What the mutual-TLS part of sekisho.yaml names, looked at: the listener's pair in `Keys/`, and the trust profile.
struct MutualTLSFiles {
    let folder: Folder
    let keys: KeyFiles
    let profiles: TrustProfiles
    let now: Timestamp

    func door(_ part: MutualTLSPart?) -> Configuration.MutualTLSDoor? {
        guard let part else { return nil }
        if let name = part.profile, profiles[name] == nil {
            folder.findings.report(
                Problem(
                    file: DeploymentFile.name, line: part.profileLine, code: "openid.mutual-tls.certificate-profile",
                    message: "there is no profile `\(Explanation.redacted(name))` that could be read",
                    remedy: profiles.names.isEmpty
                        ? "write Keys/profiles/\(name).yaml" : "choose among " + profiles.names.joined(separator: ", ")))
        }
        let (certificate, key) = ("Keys/" + part.certificateFile, "Keys/" + part.keyFile)
        if part.listen != nil, let leaf = keys.pair(key: key, certificate: certificate)?.first, leaf.notAfter < now {
            folder.findings.notice(
                Problem(
                    file: certificate, code: "certificate.expired", message: "the certificate ended \(leaf.notAfter.text)",
                    remedy: "replace it; clients refuse the listener for mutual TLS"))
        }
        return Configuration.MutualTLSDoor(
            origin: part.base.text, listen: part.listen, certificateFile: folder.path(of: certificate), keyFile: folder.path(of: key),
            forwarded: part.forwarded)
    }
}
