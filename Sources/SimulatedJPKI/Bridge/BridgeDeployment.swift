import Cryptography

extension Bridge {
    /// One file below `Keys/` of a deployment.
    package struct File: Sendable {
        package let name: String
        package let bytes: [UInt8]
    }

    static let profile = "government-bridge"

    /// The anchor, what a path through the bridge is built from, and the profile that members' certificates are held to.
    package func deployment(anchor: BridgeItem = .ministry2) throws -> [File] {
        guard anchor.kind == .root, anchor != .bridge, let authority = anchor.subject.authority else {
            throw SimulatorRefusal.wrongForm("`\(anchor.rawValue)` is nobody's anchor: choose an authority's own certificate")
        }
        let anchorFile = File(name: "anchors-of/\(Self.profile)/\(anchor.rawValue).pem", bytes: BridgeFolder.pem(try self[anchor]))
        let crossing = try BridgeItem.intermediates.map { item in
            File(name: "intermediates/\(item.rawValue).pem", bytes: BridgeFolder.pem(try self[item]))
        }
        return [anchorFile] + crossing + [File(name: "profiles/\(Self.profile).yaml", bytes: Array(profileYAML(authority).utf8))]
    }

    private func profileYAML(_ authority: BridgeAuthority) -> String {
        """
        # The simulated bridge's: written by `jpki-simulator bridge deploy`.
        name: \(Self.profile)
        anchors: [anchors-of/\(Self.profile)]
        policies: ["\(authority.policy(.signature).dotted)"]
        explicit-policy: true
        any-policy: false
        mapping-depth: 2
        longest-path: 4
        algorithms: {rsa-bits: 2048, digests: [SHA-256, SHA-384, SHA-512], curves: [P-256, P-384, P-521]}
        key-usage: [digitalSignature]
        issuer-rules: [authority]
        status: {demand: required, order: list-first}

        """
    }

    /// Lists for `card.revocation.lists` of `sekisho.yaml`.
    package var deploymentYAML: String {
        (["card:", "  revocation:", "    lists:"] + BridgeList.allCases.map { "      - " + $0.address(base) }).joined(separator: "\n")
            + "\n"
    }
}
