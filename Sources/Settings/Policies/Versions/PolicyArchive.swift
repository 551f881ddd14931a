import Foundation
package import TrustFramework
import Vocabulary

/// `State/policies`, beside the store: every version that ever decided. Only read here; `Upkeep` writes it.
package struct PolicyArchive: Sendable {
    package let path: String
    package static let folderName = "policies"

    /// Beside the store.
    package init(beside store: String) { path = (store as NSString).deletingLastPathComponent + "/" + Self.folderName }

    package init(_ path: String) { self.path = path }

    /// Why a version cannot be had from the archive.
    package enum Refusal: Error, Sendable, Hashable, CustomStringConvertible {
        case missing(version: String)
        /// The bytes, the name of the file and the rules in it do not go together.
        case tampered(file: String, why: String)
        case unreadable(file: String)

        package var description: String {
            switch self {
            case .missing(let version): "version \(version) is not in the archive"
            case .tampered(let file, let why): "\(file) was changed since it was kept: \(why)"
            case .unreadable(let file): "\(file) cannot be read"
            }
        }
    }

    /// What the archive has of one version, each proven against its own name: digest of the bytes, and the version that the rules come to.
    package struct Kept: Sendable {
        package let bundle: PolicyBundle
        package let policy: Policy
    }

    /// `VERSION.DIGEST.bundle`, and nothing that leads out of the folder.
    package static func isName(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 3 && parts[2] == "bundle" && PolicyBundle.isVersion(String(parts[0]))
            && PolicyBundle.isVersion(String(parts[1])) && parts[1].utf8.count == 16
    }

    /// Names of all bundles, sorted.
    package var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter(Self.isName).sorted()
    }

    package func names(of version: String) -> [String] { names.filter { $0.hasPrefix(version + ".") } }

    /// A bundle with its digest proven against its name.
    package func bundle(_ name: String) throws(Refusal) -> PolicyBundle {
        guard Self.isName(name), let handle = FileHandle(forReadingAtPath: path + "/" + name) else {
            throw .missing(version: String(name.prefix { $0 != "." }))
        }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: PolicyBundle.largest + 1) else { throw .unreadable(file: name) }
        let bundle: PolicyBundle
        do { bundle = try PolicyBundle(reading: [UInt8](data)) } catch { throw .tampered(file: name, why: "\(error)") }
        guard bundle.fileName == name else {
            throw .tampered(
                file: name, why: "its bytes have the digest \(bundle.fingerprint.prefix(16)) and call themselves \(bundle.version)")
        }
        return bundle
    }

    /// The policy of a version, by rules that come to exactly that version. `digests`: the full SHA-256 values that the audit trail knows for
    /// it, in hexadecimal; one of them has to be that of the file. Nil asks for none.
    package func policy(_ version: String, digests: Set<String>? = nil) throws(Refusal) -> Kept {
        var refusal = Refusal.missing(version: version)
        for name in names(of: version) {
            let bundle: PolicyBundle
            do { bundle = try self.bundle(name) } catch {
                refusal = error
                continue
            }
            if let digests, !digests.contains(bundle.fingerprint) {
                refusal = .tampered(file: name, why: "the audit trail knows no activation of a bundle with digest \(bundle.fingerprint)")
                continue
            }
            guard let policy = bundle.policy() else {
                refusal = .tampered(file: name, why: "its rules do not come to version \(version)")
                continue
            }
            return Kept(bundle: bundle, policy: policy)
        }
        throw refusal
    }

    /// The plan. Absence is an empty plan; a plan that cannot be read is nil.
    package var plan: ActivationPlan? {
        guard let handle = FileHandle(forReadingAtPath: path + "/" + ActivationPlan.fileName) else { return ActivationPlan() }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: ActivationPlan.largest + 1) else { return nil }
        return ActivationPlan(reading: [UInt8](data))
    }
}

extension PolicyBundle {
    /// The policy that its texts are, if they come to the version it names. Cases and hints about style are not judged again: rules of
    /// that version are what decided.
    package func policy() -> Policy? {
        let folder = Folder("", findings: Findings()).holding(held)
        guard let read = PolicyFolder.read(folder), read.policy.version == version else { return nil }
        return read.policy
    }
}
