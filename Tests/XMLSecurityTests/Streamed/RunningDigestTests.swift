import Cryptography
import Testing
import Vocabulary
import XML
import XMLSecurity

@Suite struct `A digest fed piece by piece` {
    @Test(arguments: DigestAlgorithm.allCases) func `is the digest of the whole`(algorithm: DigestAlgorithm) {
        let bytes = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for size in [1, 64, 4_999, 5_000] {
            let running = RunningDigest(algorithm)
            for start in stride(from: 0, to: bytes.count, by: size) {
                running.update(Array(bytes[start..<min(bytes.count, start + size)]).span)
            }
            #expect(running.finish() == Digest.compute(algorithm, bytes))
            #expect(running.finish().isEmpty, "a second answer would be of nothing")
        }
        #expect(RunningDigest(algorithm).finish() == Digest.compute(algorithm, []))
    }
}

@Suite struct `Why an aggregate was refused` {
    @Test(arguments: [
        (AggregateRefusal.xml(.doctype), "saml.aggregate.xml"), (.signature(.digest), "xml.signature.digest"),
        (.root("html"), "saml.aggregate.root"), (.groups(limit: 8), "saml.aggregate.size"), (.entities(limit: 9), "saml.aggregate.size"),
        (.time("x"), "saml.aggregate.valid-until"), (.extensions, "saml.aggregate.extensions"),
    ]) func `is told with a code and a remedy`(refusal: AggregateRefusal, code: String) {
        #expect(refusal.explanation.code == code)
        #expect(!refusal.explanation.remedy.isEmpty && !refusal.explanation.clause.isEmpty)
    }
}
