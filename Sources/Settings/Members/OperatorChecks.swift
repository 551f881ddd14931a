import TrustFramework
import Vocabulary

/// Who verifies for whom, over the whole folder: an operator that nobody knows, a circle of operators.
struct OperatorChecks {
    let found: MemberFolder.Found
    /// Members come from metadata sources too, and are not known here.
    let hasSources: Bool
    let findings: Findings

    func run() {
        var members: [MemberID: Member] = [:]
        for registration in found.registrations { members[registration.member.id] = registration.member }
        for applicant in found.applicants { members[applicant.member.id] = applicant.member }
        for registration in found.registrations { look(at: registration.member, registration.file, among: members) }
        for applicant in found.applicants { look(at: applicant.member, applicant.file, among: members) }
    }

    private func look(at member: Member, _ file: String, among members: [MemberID: Member]) {
        guard member.operatedBy != nil else {
            if member.kind == .servedFirm {
                findings.notice(
                    Problem(
                        file: file, code: "member.operator.unsaid", message: "the firm does not say who verifies for it",
                        remedy: "write its platform operator under `operated-by`: then it stands and falls with the operator"))
            }
            return
        }
        do throws(OperatorFault) {
            _ = try member.operators(with: { members[$0] })
        } catch {
            tell(error, file)
        }
    }

    private func tell(_ fault: OperatorFault, _ file: String) {
        switch fault {
        case .unknown(let name):
            // Who could not be read is not unknown; the file's own fault is told.
            guard found.isComplete else { return }
            let problem = Problem(
                file: file, code: "member.operator.unknown", message: "there is no member `\(name.text)` that could verify for this one",
                remedy: "register the platform operator first, or correct `operated-by`")
            if hasSources { findings.notice(problem) } else { findings.report(problem) }
        case .notAnOperator(let name):
            report(
                file, "member.operator.kind", "`\(name.text)` is no platform operator",
                "only a member of the kind `platform-operator` verifies for others")
        case .cycle(let names):
            report(
                file, "member.operator.cycle", "the operators go round in a circle: " + names.map(\.text).joined(separator: " → "),
                "take `operated-by` out of the one that verifies for itself")
        case .tooDeep(let names):
            report(
                file, "member.operator.depth", "the chain of operators is too long: " + names.map(\.text).joined(separator: " → "),
                "name the operator that answers for this member to the ministry; at most \(Member.mostOperators) verify in a row")
        }
    }

    private func report(_ file: String, _ code: String, _ message: String, _ remedy: String) {
        findings.report(Problem(file: file, code: code, message: message, remedy: remedy))
    }
}
