import JOSE
import OpenID
import Outbound
import SAML
import SQLiteStores
import Settings
import SignOn
import Signals
import SimulatedJPKI
import Testing
import Upkeep
import Vocabulary

/// A service that speaks SAML alone hears what an OpenID client hears, by the names of its own protocol.
@Suite struct `Events for a member that speaks SAML` {
    /// As the hospital reads it: opened with its key, then verified by ours.
    private static func read(_ scene: SignalScene) throws -> [(JSON, events: [String])] {
        let keys = try JWKSet(reading: scene.configuration.current.openIDProvider.jwks(at: scene.now)).keys
        return try scene.requests.map { request in
            let sealed = try UnverifiedJWE(compact: String(decoding: request.body, as: UTF8.self))
            let opened = try sealed.decrypted(by: [scene.world.reader], allowed: [.ecdhES])
            let token = try UnverifiedJWS(compact: String(decoding: opened.plaintext, as: UTF8.self)).verified(by: keys, allowed: [.es256])
            #expect(token.type == "secevent+jwt")
            let claims = try JSON(reading: token.payload)
            #expect(claims["aud"]?.string == SignalWorld.hospital)
            return (claims, claims["events"]?.members?.map(\.0) ?? [])
        }
    }

    @Test func `of a revoked card: the session's end and the change, by the NameID that it has, for its eyes only`() async throws {
        let scene = try await SignalScene()
        try await scene.stream(SignalWorld.hospital, push: true)
        let session = try await scene.login(at: [SignalWorld.hospital])
        try await scene.agree(to: SignalWorld.hospital)
        try scene.simulator.revoke("hanako", .user, reason: "cessationOfOperation", at: scene.now)
        try scene.publish()
        await (try await scene.watch()).turn()
        await scene.courier().round()
        let entity = scene.configuration.current.identityProvider.entityID.text
        let told = try Self.read(scene)
        let name = "hanako-at-" + SignalWorld.hospital + "-000000000000"
        #expect(
            Set(told.flatMap(\.events))
                == Set(
                    [EventType.sessionRevoked, .credentialChange, .accountDisabled].map(\.rawValue)))
        for (claims, events) in told {
            let subject = claims["sub_id"]
            let user = events == [EventType.sessionRevoked.rawValue] ? subject?["user"] : subject
            #expect(user?["iss"]?.string == entity && user?["sub"]?.string == name, "\(claims.text)")
        }
        let index = session.tie.index(for: try scene.member(SignalWorld.hospital))
        #expect(told.contains { $0.0["sub_id"]?["session"]?["id"]?.string == index })
        #expect(scene.requests.allSatisfy { !String(decoding: $0.body, as: UTF8.self).contains("secevent") }, "nothing of it is open")
    }

    @Test func `without the citizen's yes: the session's end and nothing more`() async throws {
        let scene = try await SignalScene()
        let stream = try await scene.stream(SignalWorld.hospital)
        try await scene.login(at: [SignalWorld.hospital])
        try scene.simulator.revoke("hanako", .user, reason: "cessationOfOperation", at: scene.now)
        try scene.publish()
        await (try await scene.watch()).turn()
        #expect(try await scene.words(stream) == ["session-revoked"])
    }

    @Test func `one that is not registered has no stream, no event and no client`() async throws {
        let scene = try await SignalScene()
        let settings = scene.configuration.current
        let (clinic, hospital) = (try scene.member(SignalWorld.clinic), try scene.member(SignalWorld.hospital))
        #expect(settings.signalReceiver(clinic) == nil && settings.federation.receiver(clinic) == nil)
        #expect(settings.signalReceiver(hospital)?.client.grants == [.clientCredentials])
        #expect(settings.federation.client(hospital) == nil, "it is no relying party")
        let said = try await SignalAudience(scene.store, settings).announcements(
            of: [.linkEnded], about: try scene.subject(), to: clinic, at: scene.now)
        #expect(said.isEmpty)
    }
}
