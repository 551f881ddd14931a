import Cryptography
package import Vocabulary

/// An authority that came into `Keys/` or went out of it.
package struct AnchorChange: Hashable, Sendable {
    /// Relative to the deployment folder.
    package let file: String
    /// RFC 4514.
    package let subject: String
    /// SHA-256 of the certificate, lower-case hexadecimal.
    package let fingerprint: String
    package let der: [UInt8]
}

extension Settings {
    /// Puts authorities' certificates (PEM or one DER) into `Keys/anchors/`, or into `Keys/anchors-of/PROFILE/`, one file each, and reads the
    /// whole folder with them. When anything is wrong then, they are taken out again and the problems thrown.
    package static func add(
        anchors bytes: [UInt8], from file: String, for profile: String? = nil, to folder: String, environment: [String: String] = [:],
        at now: Timestamp
    ) throws(SettingsProblems) -> [AnchorChange] {
        let configuration = try load(folder, environment: environment, at: now)
        if let profile, configuration.profiles[profile] == nil {
            throw .one(
                "Keys/profiles/\(profile).yaml", "profile.missing", "there is no profile `\(Explanation.redacted(profile))`",
                "choose among " + configuration.profiles.names.joined(separator: ", "))
        }
        let blocks = bytes.first == 0x30 ? [bytes] : PEM.decode(bytes, label: "CERTIFICATE")
        guard !blocks.isEmpty else {
            throw .one(file, "certificate.unreadable", "there is no certificate in it", "give it in PEM or DER")
        }
        let target = profile.map { "Keys/" + KnownAnchors.others + "/" + $0 } ?? AnchorFiles.name
        let disk = Folder(configuration.folder, findings: Findings())
        let writer = FolderWriter(path: configuration.folder)
        var changes: [AnchorChange] = []
        for der in blocks {
            let certificate: Certificate
            do { certificate = try Certificate(der: der) } catch {
                throw .one(file, "certificate.unreadable", "certificate \(changes.count + 1) cannot be read: \(error)", "get it anew")
            }
            let fingerprint = Hexadecimal.encode(certificate.fingerprint)
            let name = target + "/" + Self.stem(certificate) + "-" + fingerprint.prefix(12) + ".pem"
            if let (holder, _) = try Self.file(with: certificate, in: target, of: disk) {
                throw .one(holder, "anchor.duplicate", "`\(certificate.subject.text)` (\(fingerprint)) is there already", "nothing to do")
            }
            changes.append(AnchorChange(file: name, subject: certificate.subject.text, fingerprint: fingerprint, der: der))
        }
        for parent in ["Keys/" + KnownAnchors.others, target] {
            if profile != nil, case .absent = disk.kind(of: parent) { try writer.makeFolder(parent, mode: 0o700) }
        }
        func takeBack() { for change in changes { writer.remove(change.file) } }
        do {
            for change in changes { try writer.replace(change.file, with: Array(PEM.encode(change.der, label: "CERTIFICATE").utf8)) }
            _ = try load(folder, environment: environment, at: now)
        } catch {
            takeBack()
            throw error
        }
        return changes
    }

    /// Takes an authority out, wherever it stands in `Keys/anchors/` or `Keys/anchors-of/`, and reads the whole folder without it. When
    /// anything is wrong then, it is put back and the problems thrown.
    package static func remove(
        anchor fingerprint: String, from folder: String, environment: [String: String] = [:], at now: Timestamp
    ) throws(SettingsProblems) -> [AnchorChange] {
        guard let wanted = KnownAnchors.fingerprint(fingerprint) else {
            throw .one(
                "Keys", "anchor.fingerprint", "`\(Explanation.redacted(fingerprint))` is no SHA-256 fingerprint",
                "give 64 hexadecimal digits; `sekisho trust status` shows them")
        }
        let disk = Folder(trimmed(folder), findings: Findings())
        let writer = FolderWriter(path: disk.path)
        let others = (disk.names(in: "Keys/" + KnownAnchors.others, required: false) ?? []).map { "Keys/" + KnownAnchors.others + "/" + $0 }
        var changes: [AnchorChange] = []
        var before: [(name: String, bytes: [UInt8])] = []
        for target in [AnchorFiles.name] + others {
            for name in disk.names(in: target, required: false) ?? [] where name.hasSuffix(".pem") {
                let path = target + "/" + name
                guard let bytes = disk.bytes(path, limit: Folder.key, required: true) else { continue }
                let blocks = PEM.decode(bytes, label: "CERTIFICATE")
                guard let gone = blocks.first(where: { Hexadecimal.encode(Digest.sha256($0)) == wanted }) else { continue }
                let subject = (try? Certificate(der: gone))?.subject.text ?? ""
                before.append((path, bytes))
                changes.append(AnchorChange(file: path, subject: subject, fingerprint: wanted, der: gone))
                let rest = blocks.filter { $0 != gone }
                if rest.isEmpty {
                    writer.remove(path)
                } else {
                    try writer.replace(path, with: rest.flatMap { Array(PEM.encode($0, label: "CERTIFICATE").utf8) })
                }
            }
        }
        guard !changes.isEmpty else {
            throw .one("Keys", "anchor.unknown", "no anchor has the fingerprint \(wanted)", "`sekisho trust status` shows them")
        }
        do { _ = try load(folder, environment: environment, at: now) } catch {
            for file in before { try writer.replace(file.name, with: file.bytes) }
            throw error
        }
        return changes
    }

    private static func file(
        with certificate: Certificate, in target: String, of disk: Folder
    ) throws(SettingsProblems) -> (name: String, der: [UInt8])? {
        for name in disk.names(in: target, required: false) ?? [] where name.hasSuffix(".pem") {
            guard let bytes = disk.bytes(target + "/" + name, limit: Folder.key, required: true) else { continue }
            if PEM.decode(bytes, label: "CERTIFICATE").contains(certificate.der) { return (target + "/" + name, certificate.der) }
        }
        return nil
    }

    /// Letters of the authority's last name, for the operator's eye.
    private static func stem(_ certificate: Certificate) -> String {
        let first = certificate.subject.text.split(separator: ",").first ?? ""
        let value = first.split(separator: "=", maxSplits: 1).last ?? ""
        let letters = value.lowercased().utf8.map { ($0 >= 0x61 && $0 <= 0x7a) || ($0 >= 0x30 && $0 <= 0x39) ? $0 : 0x2d }
        let words = String(decoding: letters.prefix(60), as: UTF8.self).split(separator: "-").joined(separator: "-")
        return words.isEmpty ? "anchor" : words
    }
}
