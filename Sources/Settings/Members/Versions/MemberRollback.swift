import Cryptography
import OpenID
import SAML
import TrustFramework
package import Vocabulary

/// The way back to an earlier version of a member's registration. It is a change like any other: it is judged by the rules of today, signed by
/// as many, and makes a version of its own; the version in between stays in the count.
extension Settings {
    /// The change that puts back how the member was registered in an earlier version: names, contacts, addresses, keys. Its standing stays as it
    /// is now, with its history, its dates and what it is accredited for: who was suspended is let in by `reinstate` and by nothing else.
    /// `version`: its number, or the beginning of its digest.
    package static func edit(
        rollingBack id: MemberID, to version: String, in folder: String, environment: [String: String] = [:], at now: Timestamp
    ) throws(SettingsProblems) -> MemberEdit {
        let configuration = try load(folder, environment: environment, tokens: .none, at: now)
        guard let place = configuration.federation.place(of: id) else {
            throw .one(
                MemberFile.folder, "member.unknown", "there is no member `\(Explanation.redacted(id.text))` in this folder",
                "`sekisho member list` shows them; members of metadata sources are changed by the terms of their source")
        }
        let versions = configuration.memberVersions(of: id, at: now)
        let target = try target(version, in: versions, place.file)
        guard let old = target.file, let text = String(validating: old, as: UTF8.self) else {
            throw .one(
                place.file, "member.rollback.gone", "version \(target.name) counted here, and its text is not kept any more",
                "take the file out of a backup and propose it with `sekisho member add --replace`")
        }
        let findings = Findings()
        let files = Folder(configuration.folder, findings: findings)
        guard let current = files.text(place.file, limit: Folder.yaml, required: true),
            let present = YAML(reading: current, file: place.file, to: findings),
            let tree = YAML(reading: text, file: place.file, to: findings)
        else { throw SettingsProblems(problems: findings.problems) }
        guard
            let written = YAMLWriter.text(of: tree.keepingStanding(of: present).setting("version", to: nil), source: text)
        else {
            throw .one(place.file, "member.act.file", "the file cannot be written anew without losing something", "change it by hand")
        }
        let name = String(place.file.dropFirst(MemberFile.folder.utf8.count + 1))
        let candidate = try MemberCandidate(name, Array(written.utf8), for: configuration, environment: environment, at: now) {
            asked, limit in
            target.companion.flatMap { $0.name == asked && $0.bytes.count <= limit ? $0.bytes : nil }
        }
        try RollbackChecks(file: place.file, target: target, now: now).run(candidate)
        return try edit(
            adding: candidate, named: name, in: configuration, replacing: true, restores: target.number, environment: environment, at: now)
    }

    private static func target(
        _ version: String, in versions: [MemberVersionEntry], _ file: String
    ) throws(SettingsProblems) -> MemberVersionEntry {
        let isNumber = version.utf8.count <= 7 && version.utf8.allSatisfy { (0x30...0x39).contains($0) }
        let found = versions.filter { one in
            isNumber ? String(one.number) == version : version.utf8.count >= 8 && one.digest.hasPrefix(version)
        }
        guard let target = found.first, isNumber == false || Set(found.map(\.digest)).count == 1 else {
            throw .one(
                file, "member.rollback.unknown", "there is no single version `\(Explanation.redacted(version))` of this member",
                "`sekisho member history --versions` shows them; where several have one number, give the digest")
        }
        guard let present = versions.first(where: \.isPresent), present.digest != target.digest else {
            throw .one(file, "member.rollback.present", "this version is the one that counts now", "choose an earlier one")
        }
        return target
    }
}

/// What is asked of an old version beyond what is asked of every file: dates that nobody refuses in a member that is there, and that make no
/// sense in one that comes back.
private struct RollbackChecks {
    let file: String
    let target: MemberVersionEntry
    let now: Timestamp

    func run(_ candidate: MemberCandidate) throws(SettingsProblems) {
        guard case .registered(let registration) = candidate.entry else { return }
        switch registration.speech {
        case .saml(let provider):
            if let end = provider.validUntil, end <= now {
                throw .one(
                    file, "member.rollback.expired", "the metadata of that version was valid until \(end.text)",
                    "register the member's present metadata")
            }
            try refuse(MetadataCertificates.ends(in: target.companion?.bytes ?? []))
        case .openID:
            try refuse(KeySetCertificates.ends(in: (target.companion?.bytes ?? []) + (target.file ?? [])))
        }
    }

    /// A version in which not one key is in its time any more.
    private func refuse(_ ends: Set<Timestamp>) throws(SettingsProblems) {
        guard let last = ends.max(), last <= now else { return }
        throw .one(
            file, "member.rollback.key", "the last key of that version ended on \(last.text)",
            "have the member send its present keys, and register those")
    }
}

/// The last moments of the certificates beside the keys of a key set (RFC 7517 §4.7), wherever in a text they stand.
enum KeySetCertificates {
    static func ends(in bytes: [UInt8]) -> Set<Timestamp> {
        // Base64 of a DER certificate begins so, and is longer than anything else in a key set that does.
        let words = bytes.split { !(Self.isBase64($0)) }.prefix(4_096)
        var ends: Set<Timestamp> = []
        for word in words where word.count > 256 && word.starts(with: "MII".utf8) {
            guard let der = Base64.decode(String(decoding: word, as: UTF8.self)), let certificate = try? Certificate(der: der) else {
                continue
            }
            ends.insert(certificate.notAfter)
        }
        return ends
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || [0x2b, 0x2f, 0x3d].contains(byte)
    }
}

extension YAML {
    /// This registration under the standing of `present`.
    fileprivate func keepingStanding(of present: YAML) -> YAML {
        ["kind", "operated-by", "applicant-sha256", "accreditation"].reduce(self) { tree, key in
            tree.setting(key, to: present[key]?.elsewhere)
        }
    }

    /// The same values, from no line of the text that is written.
    fileprivate var elsewhere: YAML {
        switch value {
        case .scalar: YAML(line: 0, value: value)
        case .list(let items): YAML(line: 0, value: .list(items.map(\.elsewhere)))
        case .map(let pairs): YAML(line: 0, value: .map(pairs.map { Pair(key: $0.key, line: 0, value: $0.value.elsewhere) }))
        }
    }
}
