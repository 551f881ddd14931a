import Cryptography
import Settings
import Testing
import Vocabulary

@Suite struct `A key that stepped back` {
    @Test func `that is published no more comes back like a new one`() throws {
        let deployment = try Deployment()
        _ = try deployment.next(.samlSigning, .p256)
        try deployment.serve()
        _ = try Settings.promote(key: "new", in: deployment.path, at: Deployment.later(7))
        _ = try Settings.retire(key: "saml-signing", in: deployment.path, at: Deployment.later(8))
        let after = Deployment.later(8 + 24 * 15)
        #expect(try deployment.state("saml-signing", at: after) == .gone)
        func promote(from moment: Timestamp? = nil) -> [String] {
            deployment.refused { try Settings.promote(key: "saml-signing", from: moment, in: deployment.path, at: after) }
        }
        #expect(promote() == ["keys.publish-before-use"])
        #expect(promote(from: after.adding(seconds: 6 * 3600 - 1)) == ["keys.publish-before-use"])
        #expect(promote(from: after.adding(seconds: 6 * 3600)) == [])
        #expect(try deployment.state("saml-signing", at: after) == .next)
        // Told once more, it does not begin before the moment that was found.
        #expect(promote() == ["keys.publish-before-use"])
        #expect(promote(from: after.adding(seconds: 6 * 3600 - 1)) == ["keys.publish-before-use"])
        #expect(promote(from: after.adding(seconds: 7 * 3600)) == [])
    }
}
