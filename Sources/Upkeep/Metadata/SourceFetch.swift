import Foundation
import Outbound
import Settings
import Vocabulary

/// Brings one source's document to a file of ours.
struct SourceFetch: Sendable {
    enum Outcome: Sendable {
        /// The source has what we hold.
        case unchanged
        case brought(location: String, validators: OutboundValidators, stamp: String?)
    }

    let source: MetadataSource
    let outbound: Outbound

    /// Tries the locations in their order; the first that answers counts.
    func bring(to path: String, unless held: SourceRecord?) async throws(SourceRefusal) -> Outcome {
        var first: SourceRefusal?
        for location in source.locations {
            do throws(SourceRefusal) {
                return try await bring(location, to: path, unless: held?.location == location ? held : nil)
            } catch { first = first ?? error }
        }
        throw first ?? .file("there is no location")
    }

    private func bring(_ location: String, to path: String, unless held: SourceRecord?) async throws(SourceRefusal) -> Outcome {
        guard source.kind == .file else {
            let answer: OutboundDownload
            do throws(DownloadRefusal) {
                answer = try await outbound.download(location, to: path, unless: held?.validators ?? .none)
            } catch {
                switch error {
                case .fetch(let refusal): throw .fetch(refusal)
                case .disk(let what): throw .disk(what)
                }
            }
            if answer.isUnchanged, held != nil { return .unchanged }
            guard answer.status == 200 else { throw .status(answer.status) }
            return .brought(location: location, validators: answer.validators, stamp: nil)
        }
        let stamp = held?.stamp, largest = source.largest
        return try await offPool { Self.copy(location, to: path, unless: stamp, largest: largest) }.get()
    }

    /// Copied before it is read: whoever puts it there may be writing at this moment, and what was proven is what is kept.
    private static func copy(_ original: String, to path: String, unless held: String?, largest: Int) -> Result<Outcome, SourceRefusal> {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: original),
            (attributes[.type] as? FileAttributeType) == .typeRegular, let size = (attributes[.size] as? NSNumber)?.intValue,
            let changed = attributes[.modificationDate] as? Date
        else { return .failure(.file("there is no such file, or it may not be read")) }
        guard size <= largest else { return .failure(.tooLarge(size)) }
        let node = (attributes[.systemFileNumber] as? NSNumber)?.uint64Value ?? 0
        let stamp = "\(size) \(Int64(changed.timeIntervalSince1970 * 1000)) \(node)"
        guard stamp != held else { return .success(.unchanged) }
        guard let source = FileHandle(forReadingAtPath: original) else { return .failure(.file("it may not be read")) }
        defer { try? source.close() }
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let target = FileHandle(forWritingAtPath: path)
        else { return .failure(.disk("the file cannot be made")) }
        defer { try? target.close() }
        var count = 0
        do {
            while let piece = try source.read(upToCount: 1 << 20), !piece.isEmpty {
                count += piece.count
                guard count <= largest else { return .failure(.tooLarge(count)) }
                do { try target.write(contentsOf: piece) } catch { return .failure(.disk("the copy cannot be written")) }
            }
        } catch { return .failure(.file("it cannot be read")) }
        return .success(.brought(location: original, validators: .none, stamp: stamp))
    }
}
