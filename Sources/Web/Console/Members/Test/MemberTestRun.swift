import Credentials
import OpenID
import SAML
package import Settings
import SignOn
import TrustFramework
package import Vocabulary

extension MemberTest {
    /// Lets somebody invented log in at a member that is registered in `settings`: a folder as it is, or as it would be with a change. `level`
    /// nil takes the lowest that the rules accept. Nil where there is no such member, person, or party for its protocol.
    ///
    /// INVARIANT: nothing is read of any citizen and nothing is stored; the person, the identifiers and the session are made up here.
    package static func run(
        _ id: MemberID, as name: String, level: String? = nil, in settings: Configuration, by party: RehearsalParty, at now: Timestamp
    ) -> MemberTest? {
        guard let member = settings.federation.member(id), let person = SandboxPerson.of(name) else { return nil }
        var random = SystemRandomNumberGenerator()
        if let provider = settings.federation.serviceProvider(id), let identity = party.saml {
            return saml(provider, identity, member, person, level, settings, at: now, using: &random)
        }
        if let client = settings.federation.client(id), let rehearsal = party.openID {
            return openID(client, rehearsal, member, person, level, settings, at: now, using: &random)
        }
        return nil
    }

    // MARK: SAML

    private static func saml(
        _ provider: ServiceProvider, _ identity: RehearsalIdentity, _ member: Member, _ person: SandboxPerson, _ level: String?,
        _ settings: Configuration, at now: Timestamp, using random: inout SystemRandomNumberGenerator
    ) -> MemberTest {
        if let reason = settings.refusal(ofSAML: member.id, at: now) { return refused(reason.explanation, member, person) }
        let request: RehearsedAuthnRequest
        do throws(SAMLRefusal) {
            request = try identity.request(of: provider, at: now, using: &random)
        } catch {
            return refused(error.explanation, member, person)
        }
        let trial = TrialLogin(request.ask, member, person, level, settings, at: now, using: &random)
        var test = trial.begun
        do throws(AnswerFailure) {
            let response: RehearsedResponse
            switch trial.end {
            case .grant(let grant):
                let general = request.takesGeneralIdentifier ? PairwiseID(Ticket.fresh(using: &random).text) : nil
                response = try request.response(for: grant, general: general, at: now, using: &random)
                test.isAccepted = response.verdict?.isAccepted
            case .refused(let refusal):
                test.refuse(refusal.explanation)
                response = try request.response(refusing: refusal, at: now, using: &random)
            case .unfinished:
                test.refuse(TrialLogin.unfinished)
                return test
            }
            test.describe(response, of: provider, identity, settings, at: now)
        } catch {
            test.refuse(
                Explanation(
                    "console.test.answer", "no answer to this member can be made", compared: [.init("fault", "\(error)")],
                    clause: "decision 0061", remedy: "look at the report of its keys and addresses"))
        }
        return test
    }

    // MARK: OpenID Connect

    private static func openID(
        _ client: Client, _ rehearsal: RehearsalProvider, _ member: Member, _ person: SandboxPerson, _ level: String?,
        _ settings: Configuration, at now: Timestamp, using random: inout SystemRandomNumberGenerator
    ) -> MemberTest {
        let request: RehearsedAuthorization
        do throws(AuthorizationRefusal) {
            request = try rehearsal.request(of: client, at: now, using: &random)
        } catch {
            return refused(error.explanation, member, person)
        }
        let trial = TrialLogin(request.ask, member, person, level, settings, at: now, using: &random)
        var test = trial.begun
        do throws(RehearsalRefusal) {
            switch trial.end {
            case .grant(let grant):
                let given = trial.given
                let tokens = try request.tokens(
                    for: grant, by: member, under: settings.policy,
                    hearing: { claims in
                        CitizenWord(
                            claims, record: given.record, customers: given.customers ?? [], consent: given.consent, facts: grant.facts,
                            under: settings.policy, at: now)
                    }, at: now, using: &random)
                test.describe(tokens, of: client, rehearsal, settings, at: now)
            case .refused(let refusal):
                test.refuse(refusal.explanation)
                test.describe(try request.answer(refusing: refusal, at: now, using: &random))
            case .unfinished: test.refuse(TrialLogin.unfinished)
            }
        } catch {
            test.refuse(error.explanation)
        }
        return test
    }

    // MARK: Refusals

    private static func refused(_ explanation: Explanation, _ member: Member, _ person: SandboxPerson) -> MemberTest {
        var test = MemberTest(member: member.id, person: person.id, level: nil)
        test.refuse(explanation)
        return test
    }

    private mutating func refuse(_ explanation: Explanation) {
        refusal = Refusal(code: explanation.code, summary: explanation.summary)
    }
}
