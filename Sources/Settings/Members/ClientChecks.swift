import OpenID
import TrustFramework
import Vocabulary

/// What registrations of relying parties have to be beside each other.
struct ClientChecks {
    let registrations: [Registration]
    let findings: Findings

    func run() {
        var owners: [String: String] = [:]
        var hosts: [String: Client] = [:]
        let ids = Set(registrations.map(\.member.id.text))
        for registration in registrations {
            guard case .openID(let client) = registration.speech else { continue }
            // A token for a resource is for one member; who it is has to be beyond doubt.
            for audience in client.audiences.sorted() {
                if let other = owners.updateValue(registration.file, forKey: audience) {
                    report(
                        registration, "member.audience", "the resource `\(audience)` is registered in \(other) too", "let one member be it")
                }
                hosts[audience] = client
                if audience != client.id.text, ids.contains(audience) {
                    report(registration, "member.audience", "`\(audience)` is another member's id", "name this member's own resources")
                }
            }
            for name in client.acceptsExchangesFrom.sorted() where !ids.contains(name) {
                findings.notice(
                    problem(
                        registration, "member.exchange", "there is no member `\(name)` whose exchanged tokens could be taken",
                        "check the id"))
            }
        }
        refuseUnwantedTokens(hosts)
    }

    /// A token that a login asks for another member's resource is told to that member by introspection, without the consent and the checks of
    /// an exchange: so the member itself has to say that it takes it (checklist E20).
    private func refuseUnwantedTokens(_ hosts: [String: Client]) {
        for registration in registrations {
            guard case .openID(let client) = registration.speech else { continue }
            for resource in client.resources.sorted() {
                guard let host = hosts[resource], host.id != client.id, !host.acceptsExchangesFrom.contains(client.id.text) else {
                    continue
                }
                report(
                    registration, "member.resource",
                    "the resource `\(resource)` is the member `\(host.id.text)`, which does not take tokens of this one",
                    "have this member's id written into its `accepts-exchanges-from`, or leave the resource out")
            }
        }
    }

    private func report(_ registration: Registration, _ code: String, _ message: String, _ remedy: String) {
        findings.report(problem(registration, code, message, remedy))
    }

    private func problem(_ registration: Registration, _ code: String, _ message: String, _ remedy: String) -> Problem {
        Problem(file: registration.file, code: code, message: message, remedy: remedy)
    }
}
