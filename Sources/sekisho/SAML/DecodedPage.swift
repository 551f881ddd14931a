import Cryptography
import SAML
import Vocabulary

/// What `saml decode` prints.
struct DecodedPage {
    private let reveal: Bool
    private var lines: [String] = []

    init(reveal: Bool) { self.reveal = reveal }

    var text: String { lines.joined(separator: "\n") }

    mutating func describe(_ pasted: PastedMessage, _ inspection: MessageInspection) {
        lines.append("form        \(pasted.form.rawValue)")
        for step in pasted.steps { lines.append("            \(step)") }
        if let field = pasted.field { lines.append("parameter   \(field)") }
        if let relayState = pasted.relayState {
            lines.append("RelayState  " + (reveal ? Explanation.redacted(relayState) : "\(relayState.utf8.count) octets, not shown"))
        }
        if let artifact = pasted.artifact {
            lines.append("artifact    type \(artifact.type), endpoint \(artifact.endpoint), issuer's SHA-1 \(artifact.source)")
            lines.append("            the handle is not shown: whoever has it can fetch the message once")
            return
        }
        let claims = inspection.claims
        if !claims.element.isEmpty {
            lines.append("message     \(claims.element)" + (inspection.purpose.map { ": " + $0 } ?? ""))
        }
        describeSignatures(pasted, inspection)
        for item in inspection.encrypted {
            lines.append("encrypted   \(item.element) by " + item.algorithms.map(Explanation.redacted).joined(separator: ", "))
        }
        heading("The document, laid out and otherwise unchanged")
        lines += SourceView.lines(pasted.xml, revealing: reveal).map { "  " + $0 }
        guard !inspection.parts.isEmpty else { return }
        heading("What its parts mean")
        for part in inspection.parts {
            lines.append("  \(part.path)" + (part.value.isEmpty ? "" : " = \(part.value)"))
            lines.append("      \(part.meaning)")
        }
    }

    private mutating func describeSignatures(_ pasted: PastedMessage, _ inspection: MessageInspection) {
        if let algorithm = pasted.signatureAlgorithm {
            lines.append("signature   in the query, \(Explanation.redacted(algorithm)), over SAMLRequest, RelayState and SigAlg as sent")
        }
        if inspection.signatures.isEmpty, pasted.signatureAlgorithm == nil { lines.append("signature   none") }
        for signature in inspection.signatures {
            lines.append(
                "signature   of \(signature.element) \(Explanation.redacted(signature.id)), \(Explanation.redacted(signature.algorithm))")
            if let fault = signature.fault { lines.append("            bad: \(fault.code): \(fault.summary)") }
            switch signature.fitsCertificate {
            case true?:
                lines.append("            unchanged since the holder of the certificate inside signed it; whose that is, it does not prove")
            case false?: lines.append("            the certificate inside did not make it")
            case nil: break
            }
            for der in signature.certificates {
                guard let certificate = try? Certificate(der: der) else {
                    lines.append("            a certificate that cannot be used: weak or malformed")
                    continue
                }
                lines.append("            certificate \(Hexadecimal.encode(certificate.fingerprint))")
                lines.append(
                    "              \(Explanation.redacted(certificate.subject.text)), until \(certificate.notAfter.text)")
            }
        }
    }

    mutating func judge(_ verdict: MessageVerdict?, _ inspection: MessageInspection, basis: String) {
        guard let verdict else { return }
        heading("What would be refused")
        for finding in inspection.findings {
            lines.append("  in any case, at \(finding.layer.rawValue)")
            lines += ExplainedText.lines(finding.explanation).map { "  " + $0 } + [""]
        }
        lines.append("  judged      \(basis)")
        for part in verdict.verified { lines.append("  verified    \(part.element) \(part.id)") }
        if let refusal = verdict.refusal {
            lines.append("  refused at  \(refusal.layer.rawValue)")
            lines += ExplainedText.lines(refusal.explanation).map { "  " + $0 }
        } else {
            lines.append("  accepted")
        }
        for fact in verdict.facts { lines.append("  \(fact.name)  \(Explanation.redacted(fact.value))") }
        if !verdict.unchecked.isEmpty {
            lines.append("  not compared, for want of something to compare with: " + verdict.unchecked.joined(separator: ", "))
        }
        for note in verdict.notes { lines.append("  note        \(Explanation.redacted(note))") }
    }

    private mutating func heading(_ title: String) { lines += ["", title, ""] }
}
