import Cryptography
import HTTPTypes
import JOSE
import OpenID
import SAML
import SQLiteStores
import Settings
import SignOn
import Signals
import Testing
import TrustFramework
import Vocabulary
import Web

/// A ministry that is a SAML service alone has streams, by a credential of its own and with the names that its assertions have.
@Suite struct `A SAML service that receives events` {
    static let reader = Result { DecryptionKey(keyID: "sealed", key: try .generate(.ec(.p256))) }

    private static func receiving(encrypted: Bool = false) async throws -> Receiving {
        let world = try await World.shared()
        let present = world.configuration.federation
        let id = try #require(MemberID(Parties.ministry))
        let (member, provider) = (try #require(present.member(id)), try #require(present.serviceProvider(id)))
        var keys = [world.parties.key.jwk.json]
        if encrypted { keys.append(JWK(try reader.get().key.publicKey, keyID: "sealed", encryption: .ecdhES).json) }
        let set = try JWKSet(reading: .object([("keys", .array(keys))]))
        var options = ClientOptions()
        options.grants = []
        options.keys = set
        options.signals = SignalRegistration(
            events: Set(EventType.onRequest.map(\.rawValue)),
            encryption: encrypted ? Encryption(algorithm: .ecdhES, content: .a256GCM) : nil)
        let registration = Registration(
            member: member, speech: .saml(provider), file: "ministry.yaml",
            receiver: try Client(id: id, redirectURIs: [], authentication: .privateKeyJWT(set), options: options))
        return Receiving(
            house: try House(
                World(
                    simulator: world.simulator, configuration: world.configuration.answering(present.adding(registration)),
                    lists: world.lists, parties: world.parties)))
    }

    private static func login(
        _ receiving: Receiving, _ card: String = "hanako", policy: [(String, String)]? = nil
    ) async throws -> (Browser, SAMLReading) {
        let browser = Browser(receiving.house)
        var question = SAMLQuestion(at: receiving.house.now)
        question.policy = policy
        let page = try await browser.login(card, at: try await browser.begin(question.path))
        let reading = try SAMLReading(page, in: receiving.house.world)
        try #require(reading.isSuccess)
        return (browser, reading)
    }

    @Test func `hears of a session's end by the NameID and the SessionIndex of its assertion`() async throws {
        let receiving = try await Self.receiving()
        let token = try await receiving.token(Parties.ministry)
        let id = try await receiving.open(token)
        let (browser, assertion) = try await Self.login(receiving)
        _ = try await browser.post("/session/end")
        let claims = try #require(try receiving.events(try await receiving.poll(id, token)).first)
        #expect(claims["aud"]?.string == Parties.ministry)
        let subject = claims["sub_id"]
        #expect(subject?["user"]?["iss"]?.string == receiving.house.world.configuration.identityProvider.entityID.text)
        #expect(assertion.nameID != nil && subject?["user"]?["sub"]?.string == assertion.nameID)
        #expect(assertion.sessionIndex != nil && subject?["session"]?["id"]?.string == assertion.sessionIndex)
        #expect(claims["events"]?[EventType.sessionRevoked.rawValue]?["initiating_entity"]?.string == "user")
    }

    @Test func `takes a citizen out and puts him back by the NameID, and by nobody else's name`() async throws {
        let receiving = try await Self.receiving()
        let token = try await receiving.token(Parties.ministry)
        let id = try await receiving.open(token)
        let (browser, assertion) = try await Self.login(receiving)
        let entity = receiving.house.world.configuration.identityProvider.entityID.text
        func subject(_ issuer: String) throws -> JSON {
            [
                "stream_id": .string(id),
                "subject": ["format": "iss_sub", "iss": .string(issuer), "sub": .string(try #require(assertion.nameID))],
            ]
        }
        let issuer = receiving.house.world.configuration.openIDProvider.issuer
        let foreign = try await receiving.call(.post, "/ssf/subjects/remove", token, try subject(issuer))
        #expect(foreign.status == 404 && foreign.code == "signals.subject.unknown", "our OpenID issuer is not its issuer")
        #expect(try await receiving.call(.post, "/ssf/subjects/remove", token, try subject(entity)).status == 204)
        _ = try await browser.post("/session/end")
        #expect(try receiving.events(try await receiving.poll(id, token)).isEmpty)
        #expect(try await receiving.call(.post, "/ssf/subjects/add", token, try subject(entity)).status == 200)
        let (again, _) = try await Self.login(receiving)
        _ = try await again.post("/session/end")
        #expect(try receiving.events(try await receiving.poll(id, token)).count == 1)
    }

    @Test func `hears no more of a citizen whom it took out, by whichever name he comes`() async throws {
        let receiving = try await Self.receiving()
        let token = try await receiving.token(Parties.ministry)
        let id = try await receiving.open(token)
        let (_, lasting) = try await Self.login(receiving)
        let entity = receiving.house.world.configuration.identityProvider.entityID.text
        let name = try #require(lasting.nameID)
        let out = try await receiving.call(
            .post, "/ssf/subjects/remove", token,
            ["stream_id": .string(id), "subject": ["format": "iss_sub", "iss": .string(entity), "sub": .string(name)]])
        #expect(out.status == 204)
        let transient = [("Format", "urn:oasis:names:tc:SAML:2.0:nameid-format:transient")]
        let (browser, passing) = try await Self.login(receiving, policy: transient)
        #expect(passing.nameID != nil && passing.nameID != name)
        _ = try await browser.post("/session/end")
        #expect(try receiving.events(try await receiving.poll(id, token)).isEmpty)
        let (another, taro) = try await Self.login(receiving, "taro", policy: transient)
        _ = try await another.post("/session/end")
        let events = try receiving.events(try await receiving.poll(id, token))
        #expect(events.count == 1 && events.first?["sub_id"]?["user"]?["sub"]?.string == taro.nameID, "another citizen's end is told")
    }

    @Test func `has a credential that is good for its events alone`() async throws {
        let receiving = try await Self.receiving()
        let browser = Browser(receiving.house)
        let authorize = try await browser.get(OpenIDQuestion(Parties.ministry).path)
        #expect(authorize.status == 400 && authorize.location == nil, "no relying party")
        for form in [
            [
                ("grant_type", "authorization_code"), ("code", "x"), ("redirect_uri", "https://ministry.example.go.jp/cb"),
                ("code_verifier", String(repeating: "v", count: 43)),
            ],
            [("grant_type", "refresh_token"), ("refresh_token", "x")],
            [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", "x")],
        ] {
            let answer = try await browser.post("/openid/token", form + (try receiving.assertion(Parties.ministry)))
            // A client that has no grants gets no further than a code nobody gave out.
            #expect(answer.status == 400)
            let error = try answer.json["error"]?.string ?? ""
            #expect(["unauthorized_client", "invalid_grant"].contains(error), "\(form[0].1) \(answer.text)")
        }
        let pushed = try await browser.post(
            "/openid/par", [("response_type", "code")] + (try receiving.assertion(Parties.ministry, endpoint: "/openid/par")))
        #expect(pushed.status == 401)
        #expect(try await receiving.askToken(Parties.library).status == 401, "a SAML service that registered nothing is no client")
    }

    @Test func `reads what only it can read (RFC 8417 §3)`() async throws {
        let receiving = try await Self.receiving(encrypted: true)
        let token = try await receiving.token(Parties.ministry)
        let id = try await receiving.open(token)
        _ = try await receiving.call(.post, "/ssf/verify", token, ["stream_id": .string(id), "state": "s"])
        let answer = try await receiving.poll(id, token)
        let text = try #require(try answer.json["sets"]?.members?.first?.1.string)
        let sealed = try UnverifiedJWE(compact: text)
        let opened = try sealed.decrypted(by: [try Self.reader.get()], allowed: [.ecdhES])
        let keys = try JWKSet(reading: receiving.house.world.configuration.openIDProvider.jwks(at: receiving.house.now)).keys
        let signed = try UnverifiedJWS(compact: String(decoding: opened.plaintext, as: UTF8.self)).verified(by: keys, allowed: [.es256])
        #expect(signed.type == "secevent+jwt")
        #expect(try JSON(reading: signed.payload)["events"]?[EventType.verification.rawValue]?["state"]?.string == "s")
        let other = DecryptionKey(keyID: "sealed", key: try .generate(.ec(.p256)))
        #expect(throws: (any Error).self) { try sealed.decrypted(by: [other], allowed: [.ecdhES]) }
    }
}
