import Vocabulary

/// What a card client sends for a declaration, as it came: nothing of it is believed yet.
package struct IdentityAnswer: Sendable {
    package struct Login: Sendable {
        package let certificate: [UInt8]
        package let signature: [UInt8]?
    }

    package let challenge: ChallengeID
    package let certificate: [UInt8]
    package let signature: [UInt8]
    package let login: Login?
    package let statement: String?

    /// A signature certificate, a login certificate, two signatures and a statement in Base64 fit four times.
    package static let largest = 32_768

    /// Nil for anything but a JSON object with `challenge`, `certificate` and `signature`, and perhaps `login` (`certificate`, perhaps
    /// `signature`) and `statement`. Members that nobody asked for are passed over.
    package init?(_ body: [UInt8]) {
        guard body.count <= Self.largest, let json = try? JSON(reading: body, depth: 4),
            let id = json["challenge"]?.string.flatMap({ ChallengeID($0) }),
            let certificate = json["certificate"]?.string.flatMap(Base64.decode),
            let signature = json["signature"]?.string.flatMap(Base64.decode)
        else { return nil }
        challenge = id
        self.certificate = certificate
        self.signature = signature
        switch json["login"] {
        case nil, .null: login = nil
        case .some(let login):
            guard let beside = login["certificate"]?.string.flatMap(Base64.decode) else { return nil }
            switch login["signature"] {
            case nil, .null: self.login = Login(certificate: beside, signature: nil)
            case .string(let text):
                guard let bytes = Base64.decode(text) else { return nil }
                self.login = Login(certificate: beside, signature: bytes)
            default: return nil
            }
        }
        switch json["statement"] {
        case nil, .null: statement = nil
        case .string(let text): statement = text
        default: return nil
        }
    }
}
