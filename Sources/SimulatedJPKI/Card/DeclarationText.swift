import Credentials
import Cryptography
package import Vocabulary

/// The declaration that a platform asks the signature key to sign, as its client reads it. That key signs under law, so a client shows
/// what it says and for whom, and signs nothing else.
package struct DeclarationText: Sendable {
    package let id: String
    package let text: [UInt8]
    package let origin: String
    package let service: String
    package let purpose: String

    /// Nil unless the text has the domain and the sentence of a declaration and is about this visit of this platform.
    package init?(_ text: String, id: String, base: String, transaction: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard text.utf8.count <= 8192, lines.count > 2, lines[0] == IdentityChallenge.domain, lines[1] == IdentityChallenge.statement else {
            return nil
        }
        guard let fields = ChallengeText.fields(lines.dropFirst(2)), fields["challenge"] == id, fields["transaction"] == transaction,
            fields["origin"] == base, fields["purpose"] == "identity", let service = fields["service"], let purpose = fields["for"]
        else { return nil }
        self.id = id
        self.text = Array(text.utf8)
        origin = base
        self.service = service
        self.purpose = purpose
    }
}

extension Card {
    /// The digest that the signature key asks for, computed by the chip (P1 = 03): one signature for each password.
    package func signDocument(hashing message: [UInt8]) throws(CardRefusal) -> [UInt8] {
        guard let kind = signatureKind else { throw .notFound }
        guard case .ec(.p384) = kind else { return try signDocument(digestInfo: ChallengeText.digestInfo(of: message)) }
        return try signDocument(with: .ecdsa(.sha384), message)
    }
}

extension SimulatedTerminal {
    /// Signs that both certificates were read from one card in one use, which this terminal has just seen.
    func statement(
        ofOneCard declaration: DeclarationText, certificate: [UInt8], login: [UInt8], at now: Timestamp
    ) throws(UseRefusal) -> String {
        guard modes.contains(.pin) else { throw .terminalMayNot(.pin) }
        let claims: JSON = [
            "iss": .string(id.text), "aud": .string(declaration.origin), "challenge": .string(declaration.id),
            "challenge_hash": .string(Base64url.encode(Digest.sha256(declaration.text))),
            "x5t#S256": .string(Base64url.encode(Digest.sha256(certificate))),
            "login_x5t#S256": .string(Base64url.encode(Digest.sha256(login))), "iat": .integer(now.seconds),
        ]
        return try signed(claims, type: CardStatement.type)
    }
}

extension CardHolder {
    /// What goes back to the platform for a declaration.
    package struct Presented: Sendable {
        package let certificate: [UInt8]
        package let signature: [UInt8]
        package let login: [UInt8]?
        package let loginSignature: [UInt8]?
        package let statement: String?
        package let did: [String]

        package func json(for declaration: DeclarationText) -> JSON {
            var members: [(String, JSON)] = [
                ("challenge", .string(declaration.id)), ("certificate", .string(Base64.encode(certificate))),
                ("signature", .string(Base64.encode(signature))),
            ]
            if let login {
                var beside: [(String, JSON)] = [("certificate", .string(Base64.encode(login)))]
                if let loginSignature { beside.append(("signature", .string(Base64.encode(loginSignature)))) }
                members.append(("login", .object(beside)))
            }
            if let statement { members.append(("statement", .string(statement))) }
            return .object(members)
        }
    }

    /// Shows the signature certificate, in one use of the card. `tie` is the evidence that goes with it: nothing (`journey`), the login
    /// key's signature (`keys`), or the terminal's word as well (`card`). A terminal that may give its word does so, too, where it is `wished`
    /// alone: the login certificate of a card is read without its PIN.
    package func present(
        _ declaration: DeclarationText, tie: IdentityTie, wished: IdentityTie = .journey, algorithms: [String], at now: Timestamp
    ) throws(UseRefusal) -> Presented {
        guard let password else { throw .passwordNotGiven }
        var did = ["SELECT JPKI-AP"]
        card.select()
        var login: [UInt8]?
        var loginSignature: [UInt8]?
        if tie >= .keys {
            guard let pin else { throw .pinNotGiven }
            do { try card.verify(pin: pin) } catch { throw .card(error) }
            did.append("VERIFY PIN: 90 00")
            do {
                let certificate = try card.userCertificate()
                login = certificate
                loginSignature = try card.sign(hashing: declaration.text)
            } catch { throw .card(error) }
            did.append("SIGN with key 0017: the declaration")
        }
        do { try card.verify(password: password) } catch { throw .password(error) }
        did.append("VERIFY password of the signature key: 90 00")
        let certificate: [UInt8]
        do { certificate = try card.signatureCertificate() } catch { throw .card(error) }
        did.append("READ EF 0001: signature certificate, \(certificate.count) bytes")
        let algorithm = card.signatureKind.map { if case .rsa = $0 { "RS256" } else { "ES384" } } ?? "RS256"
        guard algorithms.contains(algorithm) else { throw .algorithmNotOffered(algorithm) }
        let signature: [UInt8]
        do { signature = try card.signDocument(hashing: declaration.text) } catch { throw .card(error) }
        did.append("SIGN with key 001A: the declaration for \(declaration.service), purpose \(declaration.purpose)")
        var statement: String?
        let vouches = tie == .card || wished == .card && card.carrier == .card && stepUpTerminal?.modes.contains(.pin) == true
        if vouches {
            if login == nil { do { login = try card.userCertificate() } catch { throw .card(error) } }
            guard let terminal = stepUpTerminal, let login else { throw .terminalMissing(.pin) }
            statement = try terminal.statement(ofOneCard: declaration, certificate: certificate, login: login, at: now)
            did.append("statement of \(terminal.id.text): both certificates are on this card")
        }
        return Presented(
            certificate: certificate, signature: signature, login: login, loginSignature: loginSignature, statement: statement, did: did)
    }
}
