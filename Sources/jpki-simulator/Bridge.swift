import ArgumentParser
import Cryptography
import SimulatedJPKI
import Vocabulary

struct BridgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bridge", abstract: "A simulated government bridge: two government authorities and a private one.",
        subcommands: [BridgeInit.self, BridgeShow.self, BridgeRevoke.self, BridgeInhibit.self, BridgeExclude.self, BridgeDeploy.self])
}

struct BridgeInit: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "init", abstract: "Make a new bridge in an empty folder.")

    @Argument(help: "The folder to make; STATE/bridge is served beside the cards of STATE.") var directory: String
    @Option(help: "Where `serve` will answer; certificates name it.") var base = Simulator.standardBase
    @Option(help: "Elliptic keys follow from it, so that two makings are alike. Default: new keys.") var seed: String?
    @Flag(help: "The ministry's new key makes the lists of its old key, too.") var listsByNewKey = false

    func run() throws {
        guard base.hasPrefix("http://"), !base.hasSuffix("/") else {
            throw ValidationError("--base is an http address without a slash at its end")
        }
        var plan = BridgePlan()
        plan.listsByNewKey = listsByNewKey
        _ = try BridgeFolder(directory).make(base: base, seed: seed, plan: plan, at: Clock.now)
        print("made \(BridgeItem.allCases.count) certificates and \(BridgeList.allCases.count) lists in \(directory)")
        print("next: jpki-simulator serve --state \(directory)")
    }
}

struct BridgeShow: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "What there is: certificates, and what was revoked.")

    @Argument(help: "The bridge's folder.") var directory: String

    func run() throws {
        let bridge = try BridgeFolder(directory).read()
        for item in BridgeItem.allCases {
            let certificate = try bridge[item]
            print(Cards.padded(item.rawValue, 24) + Cards.padded(certificate.serialText, 12) + certificate.subject.text)
        }
        for revocation in bridge.revocations {
            let end = revocation.releasedAt.map { ", released \($0.text)" } ?? ""
            print(
                "revoked \(revocation.at.text): \(revocation.item.rawValue) \(String(revocation.serial, radix: 16)) (\(revocation.reason.name)\(end))"
            )
        }
    }
}

struct BridgeRevoke: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke a certificate: a cross certificate (ARL) or somebody's.",
        discussion: "Reasons: " + RevocationReason.allCases.map(\.name).joined(separator: ", ") + ".")

    @Argument(help: "The bridge's folder.") var directory: String
    @Argument(help: "As `show` names it.") var certificate: BridgeItem
    @Option(help: "A reason of RFC 5280 §5.3.1.") var reason = "keyCompromise"
    @Flag(help: "End a hold.") var release = false

    func run() throws {
        guard let reason = RevocationReason.allCases.first(where: { $0.name == reason }), reason != .removeFromCRL else {
            throw SimulatorRefusal.unknownReason(reason)
        }
        try BridgeFolder(directory).change { bridge in
            if release {
                try bridge.release(certificate, at: Clock.now)
            } else {
                try bridge.revoke(certificate, reason, at: Clock.now)
            }
        }
        print(release ? "released \(certificate.rawValue)" : "revoked \(certificate.rawValue): \(reason.name)")
    }
}

struct BridgeInhibit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inhibit-mapping",
        abstract: "Replace an authority's cross certificate to the bridge by one behind which no policy is mapped.")

    @Argument(help: "The bridge's folder.") var directory: String
    @Argument(help: "ministry, local or accredited.") var authority: BridgeAuthority

    func run() throws {
        try BridgeFolder(directory).change { try $0.inhibitMapping(of: authority, at: Clock.now) }
        print("\(authority.rawValue): the bridge's mappings count no more")
    }
}

struct BridgeExclude: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exclude",
        abstract: "Replace the bridge's cross certificate to an authority by one that forbids a part of its names.")

    @Argument(help: "The bridge's folder.") var directory: String
    @Argument(help: "ministry, local or accredited.") var authority: BridgeAuthority
    @Option(help: "An organizational unit below the authority's organization.") var unit: String?
    @Option(help: "A domain.") var dns: String?

    func run() throws {
        guard (unit == nil) != (dns == nil) else { throw ValidationError("one of --unit and --dns") }
        let tree =
            dns.map { BridgeSubtree.dns($0) }
            ?? .directory(
                DistinguishedName([(.country, "JP"), (.organization, authority.organisation), (.organizationalUnit, unit ?? "")]))
        try BridgeFolder(directory).change { try $0.exclude(tree, of: authority, at: Clock.now) }
        print("\(authority.rawValue): excluded \(unit ?? dns ?? "")")
    }
}

struct BridgeDeploy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deploy", abstract: "Put an anchor, the cross and link certificates and a profile into a deployment's Keys folder.")

    @Argument(help: "The bridge's folder.") var directory: String
    @Argument(help: "The deployment's folder.") var deployment: String
    @Option(help: "ministry-1, ministry-2, local or accredited.") var anchor: BridgeItem = .ministry2

    func run() throws {
        let bridge = try BridgeFolder(directory).read()
        guard StateFolder(deployment).has("Keys") else { throw ValidationError("`\(deployment)` is no deployment: it has no Keys folder") }
        let folder = StateFolder(deployment + "/Keys")
        for file in try bridge.deployment(anchor: anchor) {
            try folder.write(file.name, file.bytes, mode: 0o644)
            print("\(folder.path)/\(file.name)")
        }
        print("\nsekisho.yaml may say:\n\n" + bridge.deploymentYAML)
    }
}

extension BridgeItem: ExpressibleByArgument {}
extension BridgeAuthority: ExpressibleByArgument {}
