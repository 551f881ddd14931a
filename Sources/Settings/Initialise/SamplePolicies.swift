/// What `sekisho init` writes into `Policies/`: the same text as the files in the repository's own folder, byte for byte. Their text stands in
/// `Samples/`, which `.ci/samples` writes from those files.
enum SamplePolicies {
    /// The whole folder for a deployment that speaks of levels as this ladder does.
    static func files(_ ladder: LadderChoice) -> [(name: String, text: String)] {
        [(LadderFile.name, ladder.text)] + every.map { (PolicyFolder.name + "/" + $0.name, $0.text) }
    }
}

/// Texts of ladders.
enum SampleLadder {}

/// Whose levels of assurance a fresh deployment speaks of.
package enum LadderChoice: String, Sendable, CaseIterable {
    /// 身元確認 and 当人認証 levels, as DS-511 has them.
    case japan
    /// low, substantial, high.
    case eidas
    /// AAL1 to AAL3 of SP 800-63.
    case nist

    var text: String {
        switch self {
        case .japan: SampleLadder.japan
        case .eidas: SampleLadder.eidas
        case .nist: SampleLadder.nist
        }
    }
}
