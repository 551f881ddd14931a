import Settings
import Testing
import Vocabulary
import Web

/// Every role crossed with every door of the console (checklist H17).
@Suite struct `Doors of the console, by role` {
    private static let officers: Set<OfficerRole> = [.registrar, .policyOfficer, .trustOfficer, .operator, .auditor]

    private static let pages: [(path: String, roles: Set<OfficerRole>)] = [
        ("/console", officers.union([.developer])),
        ("/console/officers", [.trustOfficer, .auditor]),
        ("/console/trust", [.trustOfficer, .operator, .auditor]),
        ("/console/keys", [.operator, .trustOfficer, .registrar, .auditor]),
        ("/console/policies", [.policyOfficer, .auditor]),
        ("/console/policies/0000000000000000.0000000000000000.bundle", [.policyOfficer, .auditor]),
        ("/console/sessions", [.operator]),
        ("/console/audit", [.auditor]),
        ("/console/audit/1", [.auditor]),
        ("/console/metering", [.operator, .registrar, .auditor, .developer]),
        ("/console/metering.csv", [.operator, .registrar, .auditor, .developer]),
        ("/console/export", officers),
        ("/console/export.txt", officers),
    ]

    private static let forms: [(path: String, roles: Set<OfficerRole>)] = [
        ("/console/officers/approve", [.trustOfficer]), ("/console/officers/reject", [.trustOfficer]),
        ("/console/policies/propose", [.policyOfficer]), ("/console/policies/approve", [.policyOfficer]),
        ("/console/policies/reject", [.policyOfficer]), ("/console/sessions/find", [.operator]), ("/console/sessions/end", [.operator]),
        ("/console/audit/find", [.auditor]), ("/console/audit/chain", [.auditor]),
    ]

    @Test(arguments: OfficerRole.allCases)
    func `open to those who have the role, and to nobody else`(role: OfficerRole) async throws {
        let console = try await ConsoleHouse()
        let member = role == .developer ? Parties.bank : nil
        let browser = try await console.officer("suzuki", "hanako", [role], member: member)
        for (path, roles) in Self.pages {
            let answer = try await browser.get(path)
            #expect((answer.status == 403) == !roles.contains(role), "\(role) at \(path): \(answer.status)")
            if !roles.contains(role) { #expect(answer.text.has("console.role"), "\(path)") }
        }
        let mark = try await browser.get("/console").anyMark()
        for (path, roles) in Self.forms {
            let answer = try await browser.post(path, [("mark", mark)])
            #expect((answer.status == 403) == !roles.contains(role), "\(role) at \(path): \(answer.status)")
        }
    }

    @Test(arguments: OfficerRole.allCases)
    func `are shown to those only who may open them`(role: OfficerRole) async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.officer("suzuki", "hanako", [role], member: role == .developer ? Parties.bank : nil)
        let page = try await browser.get("/console")
        for (path, roles) in Self.pages where path.split(separator: "/").count == 2 && !path.hasSuffix(".csv") && !path.hasSuffix(".txt") {
            #expect(page.text.has("href=\"\(path)\"") == roles.contains(role), "\(role) at \(path)")
        }
    }

    @Test func `are open to nobody whose card is no officer's`() async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.browser("hanako")
        for (path, _) in Self.pages { #expect(try await browser.get(path).status == 403, "\(path)") }
        for (path, _) in Self.forms { #expect(try await browser.post(path, [("mark", "x")]).status == 403, "\(path)") }
    }
}

extension Answer {
    /// The mark, from whichever form has it; empty where the page has none.
    func anyMark() -> String { between("name=\"mark\" value=\"", "\"") ?? "" }
}
