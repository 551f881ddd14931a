import SAML
import Testing
import Vocabulary
import XML

/// What decision 0064 refuses: said at the door, by a stable code, and promised nowhere.
@Suite struct `Profiles that are not spoken` {
    private static func message(_ name: String, at address: String) -> String {
        """
        <samlp:\(name) xmlns:saml="\(Asking.Name.assertion)" xmlns:samlp="\(Asking.Name.protocol)" Destination="\(address)" ID="_m1" \
        IssueInstant="\(Federation.now.text)" Version="2.0"><saml:Issuer>\(Federation.ministryID)</saml:Issuer>\
        <saml:NameID>\(Federation.citizen)</saml:NameID><samlp:Terminate/></samlp:\(name)>
        """
    }

    @Test(arguments: ["ManageNameIDRequest", "NameIDMappingRequest", "AssertionIDRequest", "AuthnQuery"])
    func `a signed request of another profile is refused at every door, checklist S13 to S15`(name: String) throws {
        let signOn = Self.message(name, at: Federation.redirectAddress)
        let query = try Wire.query(signOn, signedBy: Federation.ministryKey)
        var codes: [String] = []
        do { _ = try UnverifiedAuthnRequest.redirect(query: query) } catch { codes.append(error.explanation.code) }
        let leaving = try Wire.query(Self.message(name, at: Leaving.address), signedBy: Federation.ministryKey)
        do { _ = try UnverifiedLogoutMessage.redirect(query: leaving) } catch { codes.append(error.explanation.code) }
        let envelope = SOAPEnvelope.wrap(try Leaving.signed(Self.message(name, at: Leaving.soapAddress)))
        do { _ = try UnverifiedLogoutMessage.soap(envelope) } catch {
            if case .message(let reason) = error { codes.append(reason.explanation.code) }
        }
        #expect(codes == ["saml.request.kind", "saml.request.kind", "saml.request.kind"])
    }

    @Test func `our metadata promises none of them`() throws {
        let metadata = try Federation.identityProvider().metadata(at: Federation.now, ladder: Federation.ladder)
        let root = try XMLDocument(parsing: metadata).root
        var names: Set<String> = []
        root.forEachInSubtree { names.insert($0.name.local) }
        #expect(names.contains("SingleLogoutService") && names.contains("SingleSignOnService"))
        #expect(names.isDisjoint(with: ["ManageNameIDService", "NameIDMappingService", "AssertionIDRequestService", "AuthnQueryService"]))
    }

    /// A citizen's certificate in an assertion would be one identifier for all services.
    @Test func `holder of key is no binding of ours, eGov-074, checklist S17`() throws {
        let profile = "urn:oasis:names:tc:SAML:2.0:profiles:holder-of-key:SSO:browser"
        let asking = Asking.library(attributes: "ProtocolBinding=\"\(profile)\"")
        do {
            _ = try `An AuthnRequest, SAML Core §3.4.1`.verified(asking)
            Issue.record("it was taken")
        } catch let refusal as SAMLRefusal {
            #expect(refusal.reason == .responseBinding(profile))
            #expect(refusal.answer == nil, "nothing is sent")
        }
        // A member that takes nothing else cannot be registered, or is answered nothing.
        let only = Federation.metadata(
            Federation.libraryID,
            consumers: "<md:AssertionConsumerService index=\"0\" Binding=\"\(profile)\" Location=\"\(Federation.libraryConsumer)\"/>")
        #expect(throws: (any Error).self) { try `An AuthnRequest, SAML Core §3.4.1`.verified(.library(), for: Federation.one(only)) }
    }
}
