import Foundation
import Outbound
import Vocabulary

/// Brings one source's bytes to a file of ours.
struct ListFetch: Sendable {
    enum Outcome: Sendable {
        /// The source has what we hold.
        case unchanged
        case brought(validators: OutboundValidators, stamp: String?)
    }

    let outbound: Outbound
    let rules: ListRules

    func bring(_ source: ListSource, to path: String, unless held: ListRecord?) async throws(ListRefusal) -> Outcome {
        switch source {
        case .url(let url):
            let answer: OutboundDownload
            do throws(DownloadRefusal) {
                answer = try await outbound.download(url, to: path, unless: held?.validators ?? .none)
            } catch {
                switch error {
                case .fetch(let refusal): throw .fetch(refusal)
                case .disk(let what): throw .disk(what)
                }
            }
            if answer.isUnchanged, held != nil { return .unchanged }
            guard answer.status == 200 else { throw .status(answer.status) }
            return .brought(validators: answer.validators, stamp: nil)
        case .file(let original):
            let held = held?.stamp, largest = rules.largest
            return try await offPool { Self.copy(original, to: path, unless: held, largest: largest) }.get()
        }
    }

    /// Copied before it is read: whoever puts lists there may be writing at this moment, and what was proven is what is kept.
    private static func copy(_ original: String, to path: String, unless held: String?, largest: Int) -> Result<Outcome, ListRefusal> {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: original),
            let size = (attributes[.size] as? NSNumber)?.intValue, let changed = attributes[.modificationDate] as? Date
        else { return .failure(.file("there is none, or it may not be read")) }
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
                do { try target.write(contentsOf: piece) } catch {
                    return .failure(.disk(DiskTrouble("the copy cannot be written", error).what))
                }
            }
        } catch { return .failure(.file("it cannot be read")) }
        do { try target.synchronize() } catch { return .failure(.disk("the copy cannot be brought to the disk")) }
        return .success(.brought(validators: .none, stamp: stamp))
    }
}
