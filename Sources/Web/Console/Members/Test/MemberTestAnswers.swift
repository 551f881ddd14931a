import OpenID
import SAML
import Settings
import TrustFramework
import Vocabulary

/// What was answered, taken apart: each value beside what it means, and what a service has to compare.
extension MemberTest {
    // MARK: SAML

    mutating func describe(
        _ response: RehearsedResponse, of provider: ServiceProvider, _ identity: RehearsalIdentity, _ settings: Configuration,
        at now: Timestamp
    ) {
        let real = settings.identityProvider, signer = real.signingKey(for: provider, at: now)
        facts = [
            (BothTongues(ja: "試験の発行者", en: "Issuer of this test"), identity.entityID.text),
            (BothTongues(ja: "本番の発行者", en: "Issuer of true answers"), real.entityID.text),
            (BothTongues(ja: "本番の署名の鍵（証明書のSHA-256）", en: "Key of true answers (SHA-256 of its certificate)"), signer.fingerprint),
            (BothTongues(ja: "署名アルゴリズム", en: "Signature algorithm"), signer.identifier),
            (BothTongues(ja: "バインディング", en: "Binding"), response.binding.rawValue),
            (BothTongues(ja: "送信先", en: "Would be sent to"), response.destination),
        ]
        for signature in response.signatures {
            facts.append((BothTongues(ja: "署名された要素", en: "Signed element"), signature.element + " (" + signature.algorithm + ")"))
        }
        if response.isEncrypted {
            facts.append(
                (
                    BothTongues(ja: "アサーションの暗号化（機関の鍵）", en: "Assertion encrypted to the member's key"),
                    response.ciphers.joined(separator: ", ")
                ))
        }
        parts = response.parts.map { part in
            let pieces = part.path.split(separator: "/").map(String.init)
            let place = pieces.contains { $0 == "Assertion" } ? "Assertion" : "Response"
            return Part(place: place, name: part.path, value: part.value, meaning: AnswerWords.saml(pieces, english: part.meaning))
        }
        checks = refusal == nil ? Self.samlChecks(provider, response, real) : []
        raw = [
            Raw(title: BothTongues(ja: "Response（読みやすく改行したもの）", en: "The Response, laid out for reading"), text: Self.text(response.xml)),
            Raw(
                title: BothTongues(ja: "SAMLResponse（フォームの値そのまま）", en: "SAMLResponse, as the form would carry it"),
                text: Base64.encode(response.xml)),
        ]
        if let assertion = response.assertion {
            raw.append(
                Raw(title: BothTongues(ja: "暗号化する前のアサーション", en: "The assertion before it was encrypted"), text: Self.text(assertion)))
        }
    }

    private static func samlChecks(_ provider: ServiceProvider, _ response: RehearsedResponse, _ real: IdentityProvider) -> [Check] {
        [
            Check(
                what: BothTongues(
                    ja: "署名を、メタデータで受け取った鍵で確かめる（応答に入っている証明書は信用しない）",
                    en: "Verify the signature with the keys of our metadata, never with the certificate in the message"),
                expected: real.entityID.text, clause: "SAML Profiles §4.1.4.3; SAML Core §5"),
            Check(
                what: BothTongues(ja: "Issuer が本番の発行者と同じ", en: "Issuer is the true issuer"), expected: real.entityID.text,
                clause: "SAML Profiles §4.1.4.2"),
            Check(
                what: BothTongues(
                    ja: "Destination と Recipient が、受け取った自身のURLと同じ", en: "Destination and Recipient are the address it came to"),
                expected: response.destination, clause: "SAML Bindings §3.5.5.2; SAML Profiles §4.1.4.3"),
            Check(
                what: BothTongues(ja: "InResponseTo が、自身が送信したリクエストのIDと同じ", en: "InResponseTo is the ID of a request of yours that waits"),
                expected: "ID", clause: "SAML Profiles §4.1.4.3"),
            Check(
                what: BothTongues(ja: "Audience に自分の entityID がある", en: "Audience has your entityID"), expected: provider.entityID.text,
                clause: "SAML Core §2.5.1.4"),
            Check(
                what: BothTongues(
                    ja: "NotBefore と NotOnOrAfter の間にある（時計のずれは数分まで）",
                    en: "The moment lies between NotBefore and NotOnOrAfter, with minutes of skew"),
                expected: "± \(real.skew) s", clause: "SAML Core §2.5.1.2"),
            Check(
                what: BothTongues(ja: "同じアサーションのIDを二度受け取らない", en: "Take the ID of an assertion once"), expected: "ID",
                clause: "SAML Profiles §4.1.4.5"),
            Check(
                what: BothTongues(ja: "AuthnContextClassRef が求めた水準に足りる", en: "AuthnContextClassRef is the level you need"), expected: "URI",
                clause: "SAML Core §3.3.2.2.1"),
            Check(
                what: BothTongues(ja: "利用者は NameID で見分け、氏名や住所では見分けない", en: "Know the citizen by NameID, never by name or address"),
                expected: "NameID", clause: "SAML Core §8.3.7"),
        ]
    }

    private static func text(_ xml: [UInt8]) -> String { SourceView.lines(xml, revealing: true).joined(separator: "\n") }

    // MARK: OpenID Connect

    mutating func describe(
        _ answer: RehearsedTokens, of client: Client, _ rehearsal: RehearsalProvider, _ settings: Configuration, at now: Timestamp
    ) {
        let real = settings.openIDProvider
        facts = [
            (BothTongues(ja: "試験の発行者", en: "Issuer of this test"), rehearsal.issuer),
            (BothTongues(ja: "本番の発行者", en: "Issuer of true answers"), real.issuer),
            (BothTongues(ja: "本番のIDトークンの署名", en: "Signature of true ID tokens"), client.idTokenAlgorithmName),
            (BothTongues(ja: "本番の鍵（kid）", en: "Key of true ID tokens (kid)"), real.signingKeyID(for: client, at: now) ?? "-"),
            (BothTongues(ja: "クライアント認証", en: "The client authenticates by"), client.authentication.method),
            (
                BothTongues(ja: "IDトークンの暗号化（クライアントの鍵）", en: "ID token encrypted to the client's key"),
                answer.ciphers ?? "-"
            ),
        ]
        describe(answer.authorization)
        parts += Self.members(answer.tokens, "token response") { $0 == "id_token" || $0 == "access_token" }
        if let (header, payload) = Self.opened(answer.idToken) {
            parts += Self.members(header, "id_token header") + Self.members(payload, "id_token")
        }
        let accessToken = answer.tokens["access_token"]?.string ?? ""
        if answer.accessTokenFormat == .jwt, let (header, payload) = Self.opened(accessToken) {
            parts += Self.members(header, "access_token header") + Self.members(payload, "access_token")
        }
        parts += Self.members(answer.userInfoClaims, "userinfo")
        checks = Self.openIDChecks(client, real)
        raw += [
            Raw(title: BothTongues(ja: "トークンエンドポイントの応答", en: "Answer of the token endpoint"), text: answer.tokens.text),
            Raw(
                title: answer.ciphers != nil
                    ? BothTongues(ja: "暗号化する前のIDトークン", en: "The ID token before it was encrypted")
                    : BothTongues(ja: "IDトークン", en: "ID token"), text: answer.idToken),
            Raw(title: BothTongues(ja: "userinfo の応答", en: "Answer of userinfo"), text: answer.userInfo),
            Raw(
                title: BothTongues(ja: "試験の公開鍵（この一回だけ）", en: "The public keys of this one test"), text: rehearsal.keys(at: now).text),
        ]
    }

    /// What the browser brings back.
    mutating func describe(_ answer: AuthorizationAnswer) {
        switch answer {
        case .redirect(let address):
            raw.append(Raw(title: BothTongues(ja: "ブラウザの戻り先", en: "Where the browser is sent"), text: address))
            // The fragment where there is one (a response mode of hybrid flows), else the query.
            let sent = address.split(separator: "#", maxSplits: 1).dropFirst().first
            let encoded = sent ?? address.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
            describe(ConsoleForm.urlencoded(Array(encoded.utf8)) ?? [])
        case .form(let action, let fields):
            raw.append(Raw(title: BothTongues(ja: "ブラウザがフォームを送る先", en: "Where the browser posts a form"), text: action))
            describe(fields.map { ($0.name, $0.value) })
        }
    }

    private mutating func describe(_ fields: [(name: String, value: String)]) {
        parts += fields.map { name, value in
            Part(place: "authorization response", name: name, value: value, meaning: AnswerWords.openID(name))
        }
    }

    private static func openIDChecks(_ client: Client, _ real: Provider) -> [Check] {
        [
            Check(
                what: BothTongues(
                    ja: "戻りの state が自分のもの、iss が本番の発行者", en: "state is yours, and iss of the authorization response is the true issuer"),
                expected: real.issuer, clause: "RFC 6749 §10.12; RFC 9207 §2.4"),
            Check(
                what: BothTongues(
                    ja: "IDトークンの署名を、登録したアルゴリズムと jwks_uri の鍵で確かめる",
                    en: "Verify the ID token's signature in the registered algorithm, with a key of jwks_uri"),
                expected: client.idTokenAlgorithmName + ", " + real.jwksEndpoint, clause: "OpenID Connect Core §3.1.3.7 (6–8)"),
            Check(
                what: BothTongues(ja: "iss が本番の発行者と同じ", en: "iss is the true issuer"), expected: real.issuer,
                clause: "OpenID Connect Core §3.1.3.7 (2)"),
            Check(
                what: BothTongues(ja: "aud が自分の client_id", en: "aud is your client_id"), expected: client.id.text,
                clause: "OpenID Connect Core §3.1.3.7 (3–5)"),
            Check(
                what: BothTongues(ja: "exp の前にある", en: "The moment lies before exp"), expected: "exp",
                clause: "OpenID Connect Core §3.1.3.7 (9)"),
            Check(
                what: BothTongues(ja: "nonce が自分の送ったものと同じ", en: "nonce is the one you sent"), expected: "nonce",
                clause: "OpenID Connect Core §3.1.3.7 (11)"),
            Check(
                what: BothTongues(ja: "at_hash がアクセストークンと合う", en: "at_hash fits the access token"), expected: "at_hash",
                clause: "OpenID Connect Core §3.1.3.8"),
            Check(
                what: BothTongues(ja: "acr が求めた水準に足りる", en: "acr is the level you need"), expected: "acr",
                clause: "OpenID Connect Core §3.1.3.7 (12)"),
            Check(
                what: BothTongues(
                    ja: "userinfo の sub がIDトークンの sub と同じ。利用者は sub で見分ける",
                    en: "sub of userinfo is the ID token's; know the citizen by sub alone"),
                expected: "sub", clause: "OpenID Connect Core §5.3.2, §5.7"),
        ]
    }

    private static func members(_ json: JSON, _ place: String, without isLeftOut: (String) -> Bool = { _ in false }) -> [Part] {
        (json.members ?? []).filter { !isLeftOut($0.0) }.map { name, value in
            var shown = value.string ?? value.text
            if ["exp", "iat", "nbf", "auth_time"].contains(name), let seconds = value.integer {
                shown += " (" + Timestamp(seconds: seconds).text + ")"
            }
            return Part(place: place, name: name, value: shown, meaning: AnswerWords.openID(name))
        }
    }

    /// Header and payload of a compact JWS that was made here a moment ago.
    private static func opened(_ token: String) -> (header: JSON, payload: JSON)? {
        let pieces = token.split(separator: ".").prefix(2).compactMap { Base64url.decode(String($0)) }
            .compactMap { try? JSON(reading: $0) }
        return pieces.count == 2 ? (pieces[0], pieces[1]) : nil
    }
}
