import Cryptography
import Foundation
package import Vocabulary

/// A card becomes an officer's: the line `card: {subject: …}` of `Keys/officers/ID.yaml`. The first one comes in by a one-time code that the
/// operator's terminal shows; every later one by officers who approve exactly this citizen for exactly this file.
package struct OfficerBinding: Hashable, Sendable {
    /// Stands in the file in place of a citizen until one is bound.
    package static let awaited = "awaited"
    /// Officers approve within this many seconds, or the citizen asks anew.
    package static let lifetime: Int64 = 7 * 86_400

    package let officer: String
    package let subject: SubjectID
    /// SHA-256 of the file the card is to come into.
    package let before: [UInt8]

    package init(officer: String, subject: SubjectID, before: [UInt8]) {
        self.officer = officer
        self.subject = subject
        self.before = before
    }

    /// What officers sign.
    package var digest: [UInt8] {
        Digest.sha256(Array("sekisho officer card 1\n\(officer)\n\(subject.text)\n\(Hexadecimal.encode(before))\n".utf8))
    }

    /// As it is kept while it waits.
    package var json: JSON {
        .object([
            ("officer", .string(officer)), ("subject", .string(subject.text)), ("before", .string(Hexadecimal.encode(before))),
        ])
    }

    package init?(_ json: JSON) {
        guard let officer = json["officer"]?.string, OfficerName.isName(officer),
            let subject = json["subject"]?.string.flatMap({ SubjectID($0) }),
            let before = json["before"]?.string.flatMap({ Hexadecimal.decode($0) }), before.count == 32
        else { return nil }
        self.init(officer: officer, subject: subject, before: before)
    }

    /// Of a one-time code as somebody typed it: letters and digits only, large.
    package static func code(_ typed: String) -> String {
        String(
            decoding: typed.uppercased().utf8.filter { (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) }.prefix(64), as: UTF8.self)
    }

    /// What people type and read.
    package var name: String { String(Hexadecimal.encode(digest).prefix(12)) }
}

extension Officers {
    /// How many have to approve a card for `officer`: two, or everybody there is while there is only one. The citizen who brings the card is
    /// never one of them.
    package func needed(for officer: String, at now: Timestamp) -> Int {
        let others = all.count {
            $0.id != officer && $0.roles.contains(.trustOfficer) && $0.isInOffice(at: now) && !$0.isRevoked && $0.canApprove
        }
        return min(2, max(1, others))
    }
}

extension Settings {
    /// The binding that a citizen asks for; nil where there is no such officer file, or it has a card already.
    package static func binding(of officer: String, to subject: SubjectID, in configuration: Configuration) -> OfficerBinding? {
        guard let held = configuration.officers[officer], held.card == nil, configuration.officers.holder(of: subject) == nil,
            let file = officerFile(officer, in: configuration.folder)
        else { return nil }
        return OfficerBinding(officer: held.id, subject: subject, before: Digest.sha256(file))
    }

    /// Writes the card into the officer's file, once enough officers have approved. The whole deployment is read with the change before a byte
    /// is written.
    package static func take(
        _ binding: OfficerBinding, signed: [SignedChange], in folder: String, environment: [String: String] = [:], at now: Timestamp
    ) throws(SettingsProblems) -> [ApprovedChange] {
        let configuration = try load(folder, environment: environment, tokens: .none, at: now)
        let approved: [ApprovedChange]
        do throws(OfficerRefusal) {
            approved = try configuration.officers.approved(
                signed, .officer, digest: binding.digest, by: configuration.officers.needed(for: binding.officer, at: now),
                besides: [binding.officer], within: OfficerBinding.lifetime, at: now)
        } catch {
            throw .one(OfficerFolder.path(of: binding.officer), error.code, "\(error)", "have other officers approve it in the console")
        }
        try write(binding, in: configuration, environment: environment, at: now)
        return approved
    }

    /// The first officer's card: nobody is there yet who could approve it. Refused as soon as any officer has a card.
    package static func takeFirst(
        _ binding: OfficerBinding, in folder: String, environment: [String: String] = [:], at now: Timestamp
    ) throws(SettingsProblems) {
        let configuration = try load(folder, environment: environment, tokens: .none, at: now)
        guard configuration.officers.all.allSatisfy({ $0.card == nil }) else {
            throw .one(
                OfficerFolder.path(of: binding.officer), "officer.first", "an officer with a card is there already",
                "ask for the card's binding in the console; officers approve it there")
        }
        try write(binding, in: configuration, environment: environment, at: now)
    }

    private static func write(
        _ binding: OfficerBinding, in configuration: Configuration, environment: [String: String], at now: Timestamp
    ) throws(SettingsProblems) {
        let path = OfficerFolder.path(of: binding.officer)
        guard let file = officerFile(binding.officer, in: configuration.folder), Digest.sha256(file) == binding.before else {
            throw .one(path, "officer.changed", "the officer's file is not what it was when the card was asked for", "ask anew")
        }
        guard configuration.officers[binding.officer]?.card == nil, configuration.officers.holder(of: binding.subject) == nil else {
            throw .one(path, "officer.card.shared", "the officer has a card already, or the card is another officer's", "ask nobody twice")
        }
        let text = OfficerFolder.text(of: file, holding: binding.subject.text)
        _ = try load(configuration.folder, environment: environment, tokens: .none, with: [path: text], at: now)
        try FolderWriter(path: configuration.folder).replace(path, with: text)
    }

    private static func officerFile(_ officer: String, in folder: String) -> [UInt8]? {
        guard OfficerName.isName(officer) else { return nil }
        return Folder(folder, findings: Findings()).bytes(OfficerFolder.path(of: officer), limit: Folder.yaml, required: false)
    }
}

/// What a file of Keys/officers may be called.
package enum OfficerName {
    package static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
    }
}

extension OfficerFolder {
    static func path(of officer: String) -> String { name + "/" + officer + ".yaml" }

    /// The file with this card at its end, in the place of what `card:` said.
    static func text(of file: [UInt8], holding subject: String) -> [UInt8] {
        var kept: [Substring] = []
        var isInside = false
        let lines = String(decoding: file, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines {
            if isInside, line.isEmpty || line.first == " " { continue }
            isInside = line.hasPrefix("card:")
            if !isInside { kept.append(line) }
        }
        while kept.last?.isEmpty == true { kept.removeLast() }
        return Array((kept.joined(separator: "\n") + "\ncard:\n  subject: \(subject)\n").utf8)
    }
}
