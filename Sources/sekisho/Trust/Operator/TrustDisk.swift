import Cryptography
import Foundation
import Settings
import Trust
import Upkeep
import Vocabulary

/// What a deployment keeps on disk about whom it believed, and when: read by the operator's commands, beside a running server or without.
struct TrustDisk {
    let configuration: Configuration
    let folder: DiskFolder

    init(_ configuration: Configuration) {
        self.configuration = configuration
        folder = DiskFolder(KeptTrust.folder(beside: configuration.store.path))
    }

    /// Certificates of authorities that came or went, by the folder of `Keys/` they stood in.
    private func kept(_ place: String) -> DiskFolder { folder.folder("anchors").folder(place) }

    /// Writes a change of anchors down: the certificate, so that the past can be explained, and the feed's line.
    func note(_ change: AnchorChange, _ event: TrustFeed.Change.Event, why: String, at now: Timestamp) throws(DiskTrouble) {
        let kept = kept(Self.place(of: change.file))
        try kept.make()
        if !kept.has(change.fingerprint + ".der") { try kept.write(change.fingerprint + ".der", change.der) }
        try TrustFeed(folder: folder).append(
            TrustFeed.Change(at: now, event: event, subject: change.subject, digest: change.fingerprint, why: why))
    }

    /// `anchors`, or `anchors-of/PROFILE`, of a file in `Keys/`.
    private static func place(of file: String) -> String {
        file.split(separator: "/").dropFirst().dropLast().joined(separator: "/")
    }

    var changes: [TrustFeed.Change] { TrustFeed.read(folder) }

    /// The anchors a profile had at a moment: today's, with everything the feed says happened since taken back.
    func anchors(of profile: TrustProfile, at moment: Timestamp) -> (anchors: [TrustAnchor], notes: [String]) {
        var anchors = profile.store.anchors
        var notes: [String] = []
        let place = profile.name == "login" ? "anchors" : "anchors-of/" + profile.name
        for change in changes.reversed() where change.at > moment {
            guard let digest = change.digest else { continue }
            switch change.event {
            case .anchorAdded:
                let before = anchors.count
                anchors.removeAll { Hexadecimal.encode($0.certificate.fingerprint) == digest }
                if anchors.count < before { notes.append("`\(change.subject)` came only \(change.at.text): \(change.why)") }
            case .anchorRemoved:
                guard !anchors.contains(where: { Hexadecimal.encode($0.certificate.fingerprint) == digest }) else { continue }
                guard let der = try? kept(place).read(digest + ".der", limit: Certificate.largest),
                    let certificate = try? Certificate(der: der), Hexadecimal.encode(certificate.fingerprint) == digest
                else { continue }
                anchors.append(TrustAnchor(certificate: certificate, isSimulated: false))
                notes.append("`\(change.subject)` was believed until \(change.at.text): \(change.why)")
            default: break
            }
        }
        return (anchors, notes)
    }

    /// Lists that were in use at a moment, with the files that hold them.
    func lists(at moment: Timestamp) -> [(interval: ListEvidence.Interval, file: String)] {
        ListEvidence.inUse(ListEvidence.read(folder), at: moment).map { ($0, shelf.path(of: $0.facts.digest)) }
    }

    /// What is in use now by the records of the shelf, whether or not a journal says since when.
    var current: [ListRecord] { shelf.records }

    private var shelf: ListShelf { ListShelf(in: folder) }

    /// What a running server last wrote about itself; nil when none did.
    var health: JSON? {
        (try? folder.read(WatchBook.health, limit: 16 << 20)).flatMap { $0 }.flatMap { try? JSON(reading: $0, limit: 16 << 20) }
    }

    /// Lets the keeper take a list that it refused: it looks here at its next turn.
    func accept(list digest: String, why: String) throws(DiskTrouble) {
        let accept = folder.folder("accept")
        try accept.make()
        try accept.write(digest, Array(why.utf8))
    }
}
