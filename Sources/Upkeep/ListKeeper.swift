package import Logging
package import Outbound
import Synchronization
package import Trust
package import Vocabulary

/// Fetches the revocation lists, proves them, and publishes them all at once. A list that cannot be fetched or proven leaves the one before
/// in place; its age then decides.
package final class ListKeeper: Sendable {
    package enum Source: Hashable, Sendable {
        case file(String)
        case url(String)

        var name: String {
            switch self {
            case .file(let path): path
            case .url(let url): url
            }
        }
    }

    package let published = Published(RevocationLists([]))
    private let sources: [Source]
    private let anchors: [TrustAnchor]
    private let outbound: Outbound
    private let read: @Sendable (String) throws -> [UInt8]
    private let logger: Logger
    private let held = Mutex<[Source: VerifiedRevocationList]>([:])

    /// `read` reads a file; the room itself touches no disk.
    package init(
        sources: [Source], anchors: [TrustAnchor], outbound: Outbound, read: @escaping @Sendable (String) throws -> [UInt8], logger: Logger
    ) {
        self.sources = sources
        self.anchors = anchors
        self.outbound = outbound
        self.read = read
        self.logger = logger
    }

    /// One turn over all sources. Never throws: what went wrong is logged per source.
    package func refresh(at now: Timestamp) async {
        for source in sources {
            do {
                let bytes = try await fetch(source)
                let list = try proven(bytes, at: now)
                held.withLock { held in
                    // An older list than the one held is somebody's old copy.
                    if let before = held[source], before.thisUpdate > list.thisUpdate { return }
                    held[source] = list
                }
            } catch {
                logger.warning(
                    "revocation list not refreshed", metadata: ["source": "\(source.name)", "error": "\(error)"])
            }
        }
        published.replace(RevocationLists(Array(held.withLock { $0.values })))
    }

    private func fetch(_ source: Source) async throws -> [UInt8] {
        switch source {
        case .file(let path): return try read(path)
        case .url(let url):
            let answer = try await outbound.get(url)
            guard answer.status == 200 else { throw ListRefusal.status(answer.status) }
            return answer.body
        }
    }

    /// Generations of an authority share a name: the list is whose key signed it.
    private func proven(_ bytes: [UInt8], at now: Timestamp) throws -> VerifiedRevocationList {
        let list = try UnverifiedRevocationList(der: bytes)
        var last: (any Error)?
        for anchor in anchors {
            do {
                return try list.verified(issuer: anchor.certificate, at: now)
            } catch {
                last = error
            }
        }
        throw last ?? ListRefusal.noAnchor
    }
}

enum ListRefusal: Error {
    case status(Int)
    case noAnchor
}
