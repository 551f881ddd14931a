import Credentials
import Cryptography
import JOSE
import Testing
import Trust
import Vocabulary

@Suite struct `The statement of the mode, jpki.md §2.3` {
    @Test(arguments: CardMode.allCases) func `by an attended terminal counts`(mode: CardMode) throws {
        let authentication = try Answer().stating(mode).given()
        #expect(authentication.mode == mode)
        #expect(authentication.modeIsStated)
        #expect(authentication.terminal == TerminalID("kiosk-1"))
    }

    /// Mode C (かざし利用): the key signed nothing.
    @Test func `of presence needs no signature`() throws {
        let authentication = try Answer().stating(.presence).withoutSignature().given()
        #expect(authentication.mode == .presence)
        #expect(authentication.modeIsStated)
    }

    @Test(arguments: [CardMode.pin, .face]) func `of a use of the key needs the signature`(mode: CardMode) {
        #expect(throws: CredentialRefusal.signatureMissing) { try Answer().stating(mode).withoutSignature().given() }
    }

    @Test func `never saves a wrong signature`() {
        var answer = Answer().stating(.presence)
        answer.signed = Array("another text".utf8)
        #expect(throws: CredentialRefusal.signatureWrong(.rs256)) { try answer.given() }
    }

    /// A statement that was sent and is wrong never falls back to the door's weakest mode.
    @Test(arguments: [
        (Kiosk.reader, CardMode.presence), (.reader, .face), (.app, .face), (.app, .presence),
    ]) func `is within the terminal's permission`(kiosk: Kiosk, mode: CardMode) {
        #expect(throws: CredentialRefusal.terminalMayNot(kiosk.terminal.id, mode)) { try Answer().stating(mode, by: kiosk).given() }
    }

    @Test func `of a mode the terminal may state counts`() throws {
        #expect(try Answer().stating(.pin, by: .reader).given().mode == .pin)
        #expect(try Answer().stating(.pin, by: .app).given().terminal == TerminalID("app-1"))
    }

    @Test func `comes from a registered terminal`() throws {
        #expect(throws: CredentialRefusal.terminalUnknown("stranger-1")) { try Answer().stating(.pin, by: .stranger).given() }
        let answer = Answer().stating(.pin, by: .former)
        #expect {
            try answer.given()
        } throws: { error in
            error as? CredentialRefusal == .terminalOutOfTime(Kiosk.former.terminal.id, now: answer.now)
        }
        var early = answer
        early.now = Moment.now.adding(seconds: -1)
        #expect(try early.given().terminal == Kiosk.former.terminal.id)
    }

    @Test func `is signed by the terminal it names`() {
        let forged = Answer().stating(.face, by: .stranger) { members in
            members.map { $0.0 == "iss" ? ("iss", "kiosk-1") : $0 }
        }
        expect(forged) { if case .statementForged(Kiosk.attended.terminal.id, _) = $0 { true } else { false } }
    }

    /// The algorithm is the registered key's, never the token's (checklist E9, E10).
    @Test(arguments: ["none", "HS256", "RS256", "ES256"]) func `names no algorithm of its own choice`(algorithm: String) throws {
        var answer = Answer()
        answer.statement = { answer in
            let header: JSON = ["alg": .string(algorithm), "typ": .string(ModeStatement.type), "jwk": Kiosk.stranger.key.jwk.json]
            let payload = ModeStatement.payload(
                terminal: Kiosk.attended.terminal.id, challenge: answer.challenge,
                certificate: Digest.sha256(try answer.card.certificate()), mode: .pin, at: answer.now)
            let input = Base64url.encode(header.bytes) + "." + Base64url.encode(payload.bytes)
            let signature = try Kiosk.stranger.key.key.sign(Array(input.utf8), .ecdsa(.sha256), encoding: .raw)
            return input + "." + (algorithm == "none" ? "" : Base64url.encode(signature))
        }
        expect(answer) {
            switch $0 {
            case .statementMalformed, .statementForged: true
            default: false
            }
        }
    }

    @Test(arguments: [nil, "JWT", "at+jwt", "logout+jwt", "Sekisho-Mode+JWT", "application/sekisho-mode+jwt", "sekisho-mode+jwt "])
    func `says what it is`(type: String?) {
        #expect(throws: CredentialRefusal.statementType(type)) { try Answer().stating(.pin, type: type).given() }
    }

    static let others: [(String, @Sendable (Answer) -> Answer, String)] = [
        (
            "another challenge",
            {
                var other = $0; other.challenge = Answer.challenge(seed: 2); return other
            }, "challenge"
        ),
        (
            "another origin",
            {
                var other = $0; other.challenge = Answer.challenge(origin: "https://other.example"); return other
            }, "aud"
        ),
        (
            "another purpose",
            {
                var other = $0; other.challenge = Answer.challenge(purpose: .stepUp); return other
            }, "challenge_hash"
        ),
        (
            "another visit",
            {
                var other = $0; other.challenge = Answer.challenge(transaction: "transaction-0002"); return other
            }, "challenge_hash"
        ),
        (
            "another certificate",
            {
                var other = $0; other.card.serial = [9]; return other
            }, "x5t#S256"
        ),
        (
            "an earlier moment",
            {
                var other = $0; other.now = Moment.now.adding(seconds: -61); return other
            }, "iat"
        ),
        (
            "a later moment",
            {
                var other = $0; other.now = other.now.adding(seconds: 61); return other
            }, "iat"
        ),
    ]

    @Test(arguments: others.indices) func `is about this challenge and this certificate`(index: Int) {
        let (what, about, claim) = Self.others[index]
        #expect(throws: CredentialRefusal.statementClaim(claim), "\(what)") { try Answer().stating(.pin, about: about).given() }
    }

    @Test(arguments: ["iss", "aud", "challenge", "challenge_hash", "x5t#S256", "mode", "iat"]) func `has every claim, as a text`(
        name: String
    ) {
        for value in [nil, JSON.null, "", "x", .array(["kiosk-1"]), true] as [JSON?] {
            let answer = Answer().stating(.pin) { members in
                members.compactMap { member in
                    guard member.0 == name else { return member }
                    return value.map { (name, $0) }
                }
            }
            expect(answer) {
                switch $0 {
                case .statementClaim(name): true
                case .terminalUnknown: name == "iss"
                default: false
                }
            }
        }
    }

    @Test func `with its audience in a list is refused, with further claims accepted`() throws {
        let list = Answer().stating(.pin) { members in members.map { $0.0 == "aud" ? ("aud", .array([$0.1])) : $0 } }
        #expect(throws: CredentialRefusal.statementClaim("aud")) { try list.given() }
        #expect(try Answer().stating(.pin, changing: { $0 + [("jti", "x"), ("exp", 0)] }).given().mode == .pin)
    }

    @Test func `of an unknown mode is refused`() {
        let answer = Answer().stating(.pin) { members in members.map { $0.0 == "mode" ? ("mode", "PIN") : $0 } }
        #expect(throws: CredentialRefusal.statementClaim("mode")) { try answer.given() }
    }

    @Test(arguments: ["", ".", "..", "...", "a.b.c", "e30.e30.", "e30.e30.AA", "nothing", "{}"]) func `is a compact JWS`(text: String) {
        var answer = Answer()
        answer.statement = { _ in text }
        expect(answer) { if case .statementMalformed = $0 { true } else { false } }
    }

    @Test func `is short`() {
        var answer = Answer()
        answer.statement = { _ in String(repeating: "a.", count: 1_000_000) }
        #expect(throws: CredentialRefusal.statementMalformed(.tooLarge(limit: ModeStatement.longest))) { try answer.given() }
    }

    @Test func `with any letter changed is refused`() throws {
        let answer = Answer().stating(.pin)
        let text = try #require(try answer.statement(answer))
        for position in stride(from: 0, to: text.utf8.count, by: 5) {
            var letters = Array(text.utf8)
            letters[position] = letters[position] == 0x41 ? 0x42 : 0x41
            var changed = answer
            changed.statement = { _ in String(decoding: letters, as: UTF8.self) }
            #expect(throws: CredentialRefusal.self, "letter \(position)") { try changed.given() }
        }
    }

    @Test func `may be signed by either key while keys are changed over`() throws {
        let old = Kiosk.signing(.p256)
        let new = Kiosk.signing(.p384)
        let base = Kiosk.attended.terminal
        var answer = Answer()
        for (keys, accepted) in [([old.jwk, new.jwk], true), ([old.jwk], false)] {
            answer.terminals = TerminalRegistry([
                Terminal(
                    id: base.id, name: base.name, keys: keys, modes: base.modes, attended: true, notBefore: base.notBefore,
                    notAfter: base.notAfter)
            ])
            answer.statement = { answer in
                try new.signed(
                    ModeStatement.payload(
                        terminal: base.id, challenge: answer.challenge, certificate: Digest.sha256(try answer.card.certificate()),
                        mode: .pin,
                        at: answer.now), type: ModeStatement.type)
            }
            #expect((try? answer.given().mode) == (accepted ? .pin : nil))
        }
    }

    private func expect(_ answer: Answer, _ matches: (CredentialRefusal) -> Bool, sourceLocation: SourceLocation = #_sourceLocation) {
        let refusal = #expect(throws: CredentialRefusal.self, sourceLocation: sourceLocation) { try answer.given() }
        if let refusal, !matches(refusal) { Issue.record("\(refusal)", sourceLocation: sourceLocation) }
    }
}
