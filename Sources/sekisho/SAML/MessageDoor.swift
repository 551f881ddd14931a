import Cryptography
import Foundation
import SAML
import Vocabulary
import XMLSecurity

/// From the text of a job to its verdict as JSON. Nothing a job says ends the stream.
struct MessageDoor {
    let material: MessageMaterial
    /// Of jobs that name none; nil: whoever takes a message of its kind.
    let role: MessageJudge.Role?
    let now: Timestamp
    let identity: SigningKeys

    init(material: MessageMaterial, role: MessageJudge.Role?, now: Timestamp) throws {
        self.material = material
        self.role = role
        self.now = now
        // The judged requests are asked of somebody; this key signs nothing.
        let key = try PrivateKey.generate(.ec(.p256))
        let certificate = try SelfSigned.certificate(
            for: key, commonName: "judge", notBefore: now, notAfter: now.adding(seconds: 86_400))
        identity = SigningKeys(try SAMLSigningKey(key: key, certificate: certificate, algorithm: .ecdsa(.sha256)))
    }

    func answer(_ line: JobStream.Line) -> JobDoor.Answer {
        JobDoor.answer(line) { json in
            let start = ContinuousClock.now
            let job = try MessageJob(json, material: material)
            let moment = job.time ?? now
            let role = job.role ?? role ?? MessageJudge.role(for: job.message)
            var verdict = MessageAnswer(job, role: role, at: moment)
            verdict.judged = try judge(job, as: role, at: moment)
            verdict.took = ContinuousClock.now - start
            return (verdict.json, verdict.judged?.isAccepted)
        }
    }

    private func judge(_ job: MessageJob, as role: MessageJudge.Role, at moment: Timestamp) throws(JobRefusal) -> MessageVerdict {
        var member: ServiceProvider?
        if role == .identityProvider, let document = job.metadata.first {
            let members: [ServiceProvider]
            do { members = try ServiceProvider.read(metadata: document, development: true) } catch {
                throw JobRefusal("job.field.value", "`metadata`: " + error.problems.prefix(3).map(\.summary).joined(separator: "; "))
            }
            let claimed = (try? PastedMessage(job.message)).flatMap { MessageJudge.issuer(of: $0.xml) }
            member = members.first { $0.entityID.text == claimed } ?? members.first
        }
        return MessageJudge(job.rules, as: role, member: member, identity: identity).verdict(on: job.message, by: job.binding, at: moment)
    }
}
