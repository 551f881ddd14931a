import Cryptography
import JOSE
import TrustFramework
import Vocabulary

/// `Keys/officers/*.yaml`: whose signatures make changes count.
struct OfficerFolder {
    static let name = "Keys/officers"
    static let most = 200

    let folder: Folder
    let guardian: KeyGuard

    func read() -> Officers {
        let files = folder.names(in: Self.name, required: false) ?? []
        var officers: [Officer] = []
        var companions: Set<String> = []
        for file in files where file.hasSuffix(".yaml") {
            guard officers.count < Self.most else {
                folder.report(Self.name, "officer.count", "there are more than \(Self.most) officers", "remove those who never signed")
                break
            }
            guard let officer = officer(file, &companions) else { continue }
            if let key = officer.key, let twin = officers.first(where: { $0.key?.thumbprint == key.thumbprint }) {
                folder.report(
                    Self.name + "/" + file, "officer.key.shared", "`\(twin.id)` has the same key: two signatures would be one person's",
                    "have each officer make a key of their own")
            }
            if let card = officer.card, let twin = officers.first(where: { $0.card == card }) {
                folder.report(
                    Self.name + "/" + file, "officer.card.shared",
                    "`\(twin.id)` has the card of the same citizen: two approvals would be one person's",
                    "leave the card with one of them")
            }
            officers.append(officer)
        }
        for file in files where !file.hasSuffix(".yaml") && !companions.contains(file) && file != ConsoleSeal.publicFile {
            folder.report(
                Self.name + "/" + file, "file.unexpected", "no officer names this file",
                "officers are read from files that end in .yaml; keep private keys where their officers are")
        }
        return Officers(officers, attestors: files.contains(ConsoleSeal.publicFile) ? attestors() : [])
    }

    /// Those in office, less what the files take away: for a folder that cannot be taken over as a whole. A file that cannot be read takes
    /// nothing away; one that is gone takes its officer.
    func narrowing(_ held: Officers) -> Officers {
        guard let files = folder.names(in: Self.name, required: false) else { return held }
        let now = read()
        return Officers(
            held.all.map { officer in
                let said = now[officer.id]
                return said == nil && files.contains(officer.id + ".yaml") ? officer : officer.narrowed(to: said)
            }, attestors: held.attestors)
    }

    /// The console's keys: the one it signs with, and earlier ones whose word goes on counting.
    private func attestors() -> [JWK] {
        let place = Self.name + "/" + ConsoleSeal.publicFile
        guard let bytes = folder.bytes(place, limit: Folder.key, required: true) else { return [] }
        let blocks = PEM.decode(bytes, label: "PUBLIC KEY")
        let keys = blocks.compactMap { try? PublicKey(spki: $0) }
        guard !keys.isEmpty, keys.count == blocks.count, keys.count <= ConsoleSeal.mostKeys,
            !String(decoding: bytes, as: UTF8.self).contains("PRIVATE KEY-----")
        else {
            folder.report(
                place, "officer.console", "these are not one to \(ConsoleSeal.mostKeys) public keys",
                "remove the file and run `sekisho admin bootstrap`, which writes it; approvals under keys that are gone do not count")
            return []
        }
        for key in keys { guardian.look(at: key, in: place) }
        return keys.map { JWK(unnamed: $0) }
    }

    private func officer(_ file: String, _ companions: inout Set<String>) -> Officer? {
        let path = Self.name + "/" + file
        let id = String(file.dropLast(5))
        guard Purpose(id) != nil else {
            folder.report(path, "officer.name", "the file's name is no officer's id", "use lower-case letters, digits and hyphens")
            return nil
        }
        guard let text = folder.text(path, limit: Folder.yaml, required: true),
            let section = Section(reading: text, file: path, to: folder.findings)
        else { return nil }
        let name = section.text("name", required: true, limit: 200)
        let roles = section.choices("roles", OfficerRole.self, required: true)
        let card = section.section("card")
        let key = card != nil && !section.has("public-key") && !section.has("public-key-file") ? nil : key(section, path, &companions)
        let isKeyWrong = key == nil && (card == nil || section.has("public-key") || section.has("public-key-file"))
        let subject = card.flatMap { self.card($0) }
        let member = section.text("member", limit: 1_024)
        let notBefore = section.moment("not-before", endOfDay: false, required: true)
        let notAfter = section.moment("not-after", endOfDay: true, required: true)
        let isRevoked = section.flag("revoked", default: false)
        section.finish()
        if let roles, roles.isEmpty {
            section.report("officer.roles", at: section.line(of: "roles"), "an officer without a role signs for nothing", "name one")
        }
        let ofMember = member.flatMap { MemberID($0) }
        guard let name, let roles, !isKeyWrong, let notBefore, let notAfter else { return nil }
        guard roles.contains(.developer) == (member != nil), (member == nil) == (ofMember == nil),
            !roles.contains(.developer) || roles.count == 1
        else {
            section.report(
                "officer.developer", at: section.line(of: "member"), "a developer belongs to one member and has no other role",
                "write `roles: developer` and `member: ID` together, or neither")
            return nil
        }
        guard notBefore < notAfter else {
            section.report(
                "officer.dates", at: section.line(of: "not-after"), "the term ends before it begins", "exchange or repair the dates")
            return nil
        }
        if let key { guardian.look(at: key.key, in: path) }
        return Officer(
            id: id, name: name, roles: roles, key: key, card: subject, member: ofMember, notBefore: notBefore, notAfter: notAfter,
            isRevoked: isRevoked)
    }

    /// `card: {subject: ID}`, with `awaited` in place of an id until a card is bound. Nil: awaited, or wrong.
    private func card(_ section: Section) -> SubjectID? {
        let text = section.text("subject", required: true, limit: 64)
        section.finish()
        guard let text, text != OfficerBinding.awaited else { return nil }
        guard let subject = SubjectID(text) else {
            section.report(
                "officer.card", at: section.line(of: "subject"), "this is no citizen's identifier",
                "write `awaited`, and bind the card in the console")
            return nil
        }
        return subject
    }

    /// `public-key`: PEM or a JWK as JSON, as a block of text; or `public-key-file`, the same in a file beside.
    private func key(_ section: Section, _ path: String, _ companions: inout Set<String>) -> JWK? {
        let inline = section.value("public-key")
        let file = section.text("public-key-file", limit: 255)
        guard section.has("public-key") != section.has("public-key-file") else {
            section.report(
                "officer.key", at: nil, "the officer needs a public key, once",
                "write `public-key: |` with PEM or a JWK below, or `public-key-file`; `openssl pkey -pubout` prints the first")
            return nil
        }
        if let inline {
            return section.text(of: inline, "public-key").flatMap { parsed(Array($0.utf8), path, inline.line) }
        }
        guard let file else { return nil }
        guard !file.contains("/"), !file.hasPrefix("."), !file.hasSuffix(".yaml") else {
            section.report(
                "officer.key", at: section.line(of: "public-key-file"), "the file has to stand beside this one", "write its bare name")
            return nil
        }
        companions.insert(file)
        let place = Self.name + "/" + file
        return folder.bytes(place, limit: Folder.key, required: true).flatMap { parsed($0, place, nil) }
    }

    private func parsed(_ bytes: [UInt8], _ file: String, _ line: Int?) -> JWK? {
        func wrong(_ why: String) -> JWK? {
            folder.findings.report(
                Problem(
                    file: file, line: line, code: "officer.key", message: why,
                    remedy: "give a public key only: P-256, P-384, Ed25519, or RSA of 2048 bits or more"))
            return nil
        }
        if let json = try? JSON(reading: bytes, limit: Folder.key) {
            do {
                let key = try JWK(reading: json)
                // The name it is signed under is the file's.
                return key.use == "enc" ? wrong("the key is for encryption") : JWK(unnamed: key.key)
            } catch { return wrong("the JWK cannot be used: \(error)") }
        }
        if String(decoding: bytes, as: UTF8.self).contains("PRIVATE KEY-----") {
            return wrong("this is a PRIVATE key: it stays with the officer, and has to be made anew now")
        }
        let blocks = PEM.decode(bytes, label: "PUBLIC KEY")
        guard let spki = blocks.first, blocks.count == 1, let key = try? PublicKey(spki: spki) else {
            return wrong("there is not exactly one public key in it")
        }
        return JWK(unnamed: key)
    }
}
