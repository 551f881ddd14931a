import Cryptography
import Synchronization
import Vocabulary

/// Gives out the bridge's lists (`/bridge/lists/NAME.crl`) and cross certificates (`/bridge/certificates/NAME.cer`) from a folder as it is
/// now.
final class BridgeDesk: Sendable {
    private let folder: BridgeFolder
    private let kept: Mutex<Kept?>

    private struct Kept {
        let version: StateFolder.Version
        let bridge: Bridge
        var lists: [BridgeList: (made: Timestamp, der: [UInt8])] = [:]
    }

    init(_ folder: BridgeFolder) {
        self.folder = folder
        kept = Mutex(nil)
    }

    /// Nil for what is not there. `parts` is the path behind `/bridge/`.
    func answer(_ parts: [String], at now: Timestamp) throws -> StatusDesk.Answer? {
        guard parts.count == 2 else { return parts.isEmpty ? .text(200, try index()) : nil }
        switch (parts[0], parts[1].split(separator: ".", maxSplits: 1).map(String.init)) {
        case ("lists", let name) where name.count == 2 && name[1] == "crl":
            guard let list = BridgeList(rawValue: name[0]) else { return nil }
            return StatusDesk.Answer(status: 200, type: "application/pkix-crl", body: try self.list(list, at: now), seconds: 60)
        case ("certificates", let name) where name.count == 2 && name[1] == "cer":
            guard let item = BridgeItem(rawValue: name[0]) else { return nil }
            return StatusDesk.Answer(status: 200, type: "application/pkix-cert", body: try bridge()[item].der, seconds: 60)
        default: return nil
        }
    }

    private func bridge() throws -> Bridge { try current().bridge }

    private func current() throws -> Kept {
        let version = folder.version
        if let known = kept.withLock({ $0 }), known.version == version { return known }
        let fresh = Kept(version: version, bridge: try folder.read())
        kept.withLock { $0 = fresh }
        return fresh
    }

    /// A list stays byte for byte the same while it bears the same moment.
    private func list(_ list: BridgeList, at now: Timestamp) throws -> [UInt8] {
        let current = try current()
        let made = current.bridge.moment(of: list, at: now)
        if let known = current.lists[list], known.made == made { return known.der }
        let der = try current.bridge.list(list, at: now)
        kept.withLock { if $0?.version == current.version { $0?.lists[list] = (made, der) } }
        return der
    }

    func index() throws -> String {
        let base = try bridge().base
        return
            (["Simulated government bridge. None of its authorities is real.", "", "Lists:"]
            + BridgeList.allCases.map { "  " + $0.address(base) } + ["Certificates:"] + BridgeItem.allCases.map { "  " + $0.address(base) })
            .joined(separator: "\n") + "\n"
    }
}
