import ArgumentParser
import Cryptography
import Foundation
import Settings
import TrustFramework
import Vocabulary

/// What every command that changes a member takes.
struct MemberChangeOptions: ParsableArguments {
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "Why, for the history and for whoever has to defend it.") var reason: String
    @Option(help: "Who decides; without it the officer, or the account at this machine.") var by: String?
    @Option(name: .customLong("as"), help: "The officer who signs: a file's name in Keys/officers, without .yaml.") var officer: String?
    @Option(name: .customLong("key"), help: "The officer's private key, PEM; its passphrase in SEKISHO_OFFICER_PASSPHRASE.")
    var key: String?
    @Option(help: "Seconds to wait for a running server, 0 to 3600.") var wait: Patience = 10

    func validate() throws {
        guard reason.contains(where: { !$0.isWhitespace }), reason.utf8.count <= SignedChange.longestReason,
            !reason.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f })
        else { throw ValidationError("say why, in one line of at most 1,000 bytes: whoever reads it in ten years was not there") }
        guard (officer == nil) == (key == nil) else { throw ValidationError("--as and --key go together") }
    }

    func decider() throws -> String {
        if let by { return try PolicyDesk.account(by) }
        return try officer ?? PolicyDesk.account(nil)
    }
}

/// A day in Japan, or a moment, of the command line.
struct MomentArgument: ExpressibleByArgument {
    let text: String
    /// A day's last moment.
    let moment: Timestamp
    let isDay: Bool

    init?(argument: String) {
        text = argument
        if let moment = Timestamp(argument) {
            self.moment = moment
            isDay = false
        } else if argument.utf8.count == 10, let start = Timestamp(argument + "T00:00:00+09:00") {
            moment = start.adding(milliseconds: 86_399_999)
            isDay = true
        } else {
            return nil
        }
    }

    var first: Timestamp { isDay ? moment.adding(milliseconds: -86_399_999) : moment }
}

/// `TITLE=FILE`: a document of an examination, of which only the digest is kept.
struct DocumentArgument: ExpressibleByArgument {
    let title: String
    let file: String

    init?(argument: String) {
        guard let mark = argument.lastIndex(of: "=") else { return nil }
        title = String(argument[..<mark])
        file = String(argument[argument.index(after: mark)...])
        guard (1...200).contains(title.utf8.count), !file.isEmpty else { return nil }
    }

    func document(at now: Timestamp) throws -> AccreditationDocument {
        guard let handle = InputFile.open(file) else { throw ValidationError("there is no file `\(file)`") }
        let digest = RunningDigest(.sha256)
        while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty {
            let bytes = [UInt8](part)
            digest.update(bytes.span)
        }
        guard let document = AccreditationDocument(title: title, sha256: digest.finish(), date: now) else {
            throw ValidationError("`\(title)` is no title of a document")
        }
        return document
    }
}

/// The scope of an accreditation on the command line.
struct MemberScopeOptions: ParsableArguments {
    @Option(name: .customLong("purpose"), help: "What it may ask for; repeat it. Replaces those of the file.") var purposes: [String] = []
    @Option(name: .customLong("attribute"), help: "What it may be told at most; repeat it. `none` for nothing.") var attributes: [String] =
        []
    @Option(name: .customLong("mode"), help: "Uses of the card it may be answered from: pin, face, presence; repeat it.")
    var modes: [String] = []
    @Option(name: .customLong("permission"), help: "face-terminals, presence-terminals; repeat it. `none` for neither.")
    var permissions: [String] = []
    @Option(name: .customLong("operated-by"), help: "The platform operator that verifies for it; `none` for nobody.") var operatedBy:
        String?

    func scope() -> MemberScope {
        var scope = MemberScope()
        func words(_ texts: [String]) -> [String]? { texts.isEmpty ? nil : texts == ["none"] ? [] : texts }
        scope.purposes = purposes.isEmpty ? nil : purposes
        scope.attributes = words(attributes)
        scope.modes = modes.isEmpty ? nil : modes
        scope.permissions = words(permissions)
        scope.operatedBy = operatedBy.map { $0 == "none" ? "" : $0 }
        return scope
    }
}
