import Foundation
package import Outbound
import Settings

/// Brings what somebody publishes, at an address or in a file on this machine, to a file of ours, before anybody looks into it.
struct Delivery: Sendable {
    enum Outcome: Sendable {
        /// It is what we hold.
        case unchanged
        /// `stamp` tells a file's state from a later one; nil for what came from an address.
        case brought(validators: OutboundValidators, stamp: String?)
    }

    /// Where it is published.
    enum Origin: Sendable {
        case address(String)
        case file(String)
    }

    let outbound: Outbound
    /// Of a file; for addresses `outbound` has its own limit.
    let largest: Int

    /// `path` is left without a file, or with a whole one that is on the disk. `validators` and `stamp` are those of what we hold, if we do.
    func bring(
        _ origin: Origin, to path: String, unless validators: OutboundValidators?, _ stamp: String?
    ) async throws(DeliveryTrouble) -> Outcome {
        switch origin {
        case .address(let address):
            let answer: OutboundDownload
            do throws(DownloadRefusal) {
                answer = try await outbound.download(address, to: path, unless: validators ?? .none)
            } catch {
                switch error {
                case .fetch(let refusal): throw .fetch(refusal)
                case .disk(let what): throw .disk(what)
                }
            }
            if answer.isUnchanged, validators != nil { return .unchanged }
            guard answer.status == 200 else { throw .status(answer.status) }
            return .brought(validators: answer.validators, stamp: nil)
        case .file(let original):
            let largest = largest
            return try await offPool { Self.copy(original, to: path, unless: stamp, largest: largest) }.get()
        }
    }

    /// Copied before it is read: whoever puts it there may be writing at this moment, and what was proven is what is kept.
    private static func copy(_ original: String, to path: String, unless held: String?, largest: Int) -> Result<Outcome, DeliveryTrouble> {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: original),
            (attributes[.type] as? FileAttributeType) != .typeDirectory, let size = (attributes[.size] as? NSNumber)?.intValue,
            let changed = attributes[.modificationDate] as? Date
        else { return .failure(.file("there is no such file, or it may not be read")) }
        guard size <= largest else { return .failure(.tooLarge(size)) }
        let node = (attributes[.systemFileNumber] as? NSNumber)?.uint64Value ?? 0
        let stamp = "\(size) \(Int64(changed.timeIntervalSince1970 * 1000)) \(node)"
        guard stamp != held else { return .success(.unchanged) }
        guard let source = FileHandle(forReadingAtPath: original) else { return .failure(.file("it may not be read")) }
        defer { try? source.close() }
        let (folder, name) = ((path as NSString).deletingLastPathComponent, (path as NSString).lastPathComponent)
        var count = 0
        var trouble: DeliveryTrouble?
        do throws(DiskTrouble) {
            try DiskFolder(folder).fill(name) { write throws(DiskTrouble) in
                while trouble == nil {
                    guard let piece = try? source.read(upToCount: 1 << 20) ?? Data() else {
                        trouble = .file("it cannot be read")
                        return
                    }
                    if piece.isEmpty { return }
                    count += piece.count
                    if count > largest { trouble = .tooLarge(count) } else { try write([UInt8](piece)) }
                }
            }
        } catch { trouble = .disk(error.what) }
        if let trouble {
            DiskFolder(folder).remove(name)
            return .failure(trouble)
        }
        return .success(.brought(validators: .none, stamp: stamp))
    }
}

/// Why nothing was brought.
enum DeliveryTrouble: Error, Hashable, Sendable {
    case fetch(OutboundRefusal)
    case status(Int)
    /// A file that cannot be read.
    case file(String)
    case tooLarge(Int)
    /// No space, no permission, half a file.
    case disk(String)
}

extension OutboundRefusal {
    /// The last part of a stable code.
    package var code: String {
        switch self {
        case .malformedAddress: "address"
        case .plainHTTP: "plain-http"
        case .hostNotAllowed: "host-not-allowed"
        case .privateAddress: "private-address"
        case .unknownHost: "unknown-host"
        case .tooLarge: "too-large"
        case .tooSlow: "too-slow"
        case .tooManyRedirects, .redirectMalformed, .redirectDowngrade: "redirect"
        case .failed: "failed"
        }
    }
}
