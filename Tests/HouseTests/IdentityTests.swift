import Testing

/// The four attributes of a citizen come from one proof. What a type cannot hold across two rooms of one floor, this reads.
@Suite struct `Records of who somebody is` {
    static let makers = ["Sources/SignOn/IdentityEvidence.swift", "Sources/SQLiteStores/IdentitySeal.swift"]
    /// The invented people of a test login, whose answers nobody trusts and no store keeps (decision 0061).
    static let rehearsal = "Sources/Web/Console/Members/Test/TrialLogin.swift"

    @Test func `are made from a presented identity, or read back by the store, and nowhere else`() {
        for path in Self.makers {
            let text = House.text(at: path) ?? ""
            #expect(text.contains("extension IdentityRecord") && text.contains("restored: "), "\(path)")
        }
        let known = Self.makers + [Self.rehearsal]
        let strangers =
            House.sources.filter { !known.contains($0.path) && $0.text.contains("IdentityRecord(\n") }
            + House.sources.filter { !known.contains($0.path) && $0.text.contains("IdentityRecord(restored") }
        #expect(strangers.isEmpty, "\(strangers.map(\.path))")
    }

    @Test func `and attributes come from a certificate that was recognised, or from the seal`() {
        let readers = House.sources.filter { file in
            file.text.contains("BasicAttributes(\n") || file.text.contains("BasicAttributes(name")
        }.map(\.path).sorted()
        #expect(
            readers == [
                "Sources/Credentials/Signature/CertifiedAttributes.swift", "Sources/SQLiteStores/IdentitySeal.swift", Self.rehearsal,
            ])
    }
}
