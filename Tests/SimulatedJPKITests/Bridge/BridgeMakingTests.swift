import Cryptography
import SimulatedJPKI
import Testing
import Vocabulary

@Suite struct `The simulated government bridge` {
    @Test(arguments: BridgeItem.allCases) func `has certificates signed by whom they name`(item: BridgeItem) throws {
        let bridge = try BridgeWorld.bridge()
        let certificate = try bridge[item]
        #expect(certificate.subject == item.subject.name)
        #expect(certificate.issuer == item.issuer.name)
        #expect(certificate.isSigned(by: try bridge.keys[item.issuer].publicKey))
        #expect(certificate.notBefore <= BridgeWorld.now && BridgeWorld.now <= certificate.notAfter)
        #expect(certificate.isAuthority == [.root, .link, .cross].contains(item.kind))
        #expect(certificate.unknownCriticalExtensions.isEmpty)
        #expect(certificate.subject.text.contains("SIMULATED"))
        for other in BridgeParty.allCases where other != item.issuer {
            #expect(!certificate.isSigned(by: try bridge.keys[other].publicKey))
        }
    }

    @Test func `repeats its elliptic keys from a seed, and no others`() throws {
        let again = try BridgeKeys(seed: Array("tests".utf8))
        let other = try BridgeKeys(seed: Array("other".utf8))
        for party in BridgeParty.allCases {
            let key = try BridgeWorld.keys.get()[party].publicKey
            #expect((try again[party].publicKey == key) == (party != .ministry1))
            #expect(try other[party].publicKey != key)
        }
        #expect(try Set(BridgeParty.allCases.map { try BridgeWorld.keys.get()[$0].publicKey.spki }).count == BridgeParty.allCases.count)
    }

    @Test func `rolled the ministry's key over, RSA to P-384, with a link each way`() throws {
        let bridge = try BridgeWorld.bridge()
        #expect(try bridge[.ministry1].publicKey.kind == .rsa(bits: 2048))
        #expect(try bridge[.ministry2].publicKey.kind == .ec(.p384))
        #expect(try bridge[.ministry1].subject == bridge[.ministry2].subject)
        for (link, subject, issuer) in [
            (BridgeItem.newWithOld, BridgeItem.ministry2, BridgeItem.ministry1), (.oldWithNew, .ministry1, .ministry2),
        ] {
            #expect(try bridge[link].subject == bridge[link].issuer)
            #expect(try bridge[link].publicKey == bridge[subject].publicKey)
            #expect(try bridge[link].isSigned(by: bridge[issuer].publicKey))
            #expect(try bridge[link].policies == [.anyPolicy])
        }
    }

    @Test(arguments: BridgeAuthority.joined) func `joins each authority by cross certificates both ways`(authority: BridgeAuthority) throws
    {
        let bridge = try BridgeWorld.bridge()
        let outward = try bridge[#require(BridgeItem.cross(from: authority))]
        let inward = try bridge[#require(BridgeItem.cross(to: authority))]
        #expect(outward.issuer == authority.name && outward.subject == BridgeAuthority.bridge.name)
        #expect(inward.issuer == BridgeAuthority.bridge.name && inward.subject == authority.name)
        #expect(outward.pathLength == 1)
        #expect(inward.pathLength == 0)
        #expect(outward.policies.first == authority.policy(.signature))
        #expect(inward.policies.first == BridgeAuthority.bridge.policy(.signature))
        #expect(outward.policies.contains(authority.policy(.server)) == (authority != .accredited))
        #expect(!outward.policies.contains(authority.policy(.unmapped)))
    }
}

@Suite struct `The lists of the simulated bridge` {
    @Test(arguments: BridgeList.allCases) func `are read, and bear the same moment for an hour`(list: BridgeList) throws {
        let bridge = try BridgeWorld.bridge()
        let der = try bridge.list(list, at: BridgeWorld.now)
        #expect(der.count > 200)
    }
}
