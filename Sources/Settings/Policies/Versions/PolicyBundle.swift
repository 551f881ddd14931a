import Cryptography
package import Vocabulary

/// Why a bundle cannot be used.
package enum BundleRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    case tooLarge(limit: Int)
    case format
    case path(String)
    /// The rules in it do not come to the version it names.
    case version(says: String, is: String?)
    case signature(OfficerRefusal)

    package var code: String {
        switch self {
        case .tooLarge: "bundle.size"
        case .format: "bundle.format"
        case .path: "bundle.path"
        case .version: "bundle.version"
        case .signature(let refusal): refusal.code
        }
    }

    package var description: String {
        switch self {
        case .tooLarge(let limit): "the bundle has more than \(limit) bytes"
        case .format: "this is no policy bundle"
        case .path(let path): "the bundle holds a file that is none of Policies/: `\(Explanation.redacted(path))`"
        case .version(let says, let found):
            "the bundle calls itself version \(Explanation.redacted(says)), and its rules come to \(found ?? "none")"
        case .signature(let refusal): "\(refusal)"
        }
    }
}

/// All texts of one version of the policy in one file, and the officers' signatures under it.
///
/// The first line is the content: JSON, whose bytes are what is digested and signed. Each line behind it is one `SignedChange` of kind
/// `policy-bundle` over the SHA-256 of the first. Adding a signature therefore changes nothing that was signed.
package struct PolicyBundle: Sendable, Hashable {
    /// What it calls itself; `Settings` proves it by reading the rules.
    package let version: String
    /// By path, sorted.
    package let files: [String: [UInt8]]
    /// The bytes that are signed.
    package let content: [UInt8]
    package let signatures: [SignedChange]

    package static let format = "sekisho-policy-bundle/1"
    /// Texts of `PolicyTexts.largest` bytes, escaped, and sixteen signatures.
    package static let largest = 9_437_184
    static let mostSignatures = 16

    /// SHA-256 of the content.
    package var digest: [UInt8] { Digest.sha256(content) }
    package var fingerprint: String { Hexadecimal.encode(digest) }
    /// Under which it lies in the archive: texts that differ in a comment only are one version and two files.
    package var fileName: String { version + "." + String(fingerprint.prefix(16)) + ".bundle" }

    package init(version: String, files: [String: [UInt8]]) {
        self.version = version
        self.files = files.filter { PolicyTexts.isText($0.key) }
        content =
            JSON.object([
                ("format", .string(Self.format)), ("version", .string(version)),
                (
                    "files",
                    .array(
                        self.files.sorted { $0.key < $1.key }.map {
                            .object([("path", .string($0.key)), ("text", .string(String(decoding: $0.value, as: UTF8.self)))])
                        })
                ),
            ]).bytes
        signatures = []
    }

    private init(_ other: PolicyBundle, signatures: [SignedChange]) {
        version = other.version
        files = other.files
        content = other.content
        self.signatures = signatures
    }

    package init(reading bytes: [UInt8]) throws(BundleRefusal) {
        guard bytes.count <= Self.largest else { throw .tooLarge(limit: Self.largest) }
        let lines = bytes.split(separator: 0x0a, maxSplits: Self.mostSignatures + 1, omittingEmptySubsequences: true)
        guard let first = lines.first, lines.count <= Self.mostSignatures + 1 else { throw .format }
        content = Array(first)
        guard let json = try? JSON(reading: content, limit: Self.largest, depth: 8), json["format"]?.string == Self.format,
            let version = json["version"]?.string, Self.isVersion(version), let list = json["files"]?.array
        else { throw .format }
        var files: [String: [UInt8]] = [:]
        for item in list {
            guard let path = item["path"]?.string, let text = item["text"]?.string, files[path] == nil else { throw .format }
            guard Self.isPath(path) else { throw .path(path) }
            files[path] = Array(text.utf8)
        }
        self.version = version
        self.files = files
        var signatures: [SignedChange] = []
        for line in lines.dropFirst() {
            do throws(OfficerRefusal) {
                signatures.append(try SignedChange(reading: String(decoding: line, as: UTF8.self)))
            } catch { throw .signature(error) }
        }
        self.signatures = signatures
    }

    /// The file: content and signatures, a line each.
    package var bytes: [UInt8] { content + [0x0a] + signatures.flatMap { Array($0.text.utf8) + [0x0a] } }

    /// With one more signature; an officer who signs again replaces the signature before.
    package func adding(_ signature: SignedChange) -> PolicyBundle {
        PolicyBundle(self, signatures: signatures.filter { $0.claimedOfficer != signature.claimedOfficer } + [signature])
    }

    /// Who signed, each proven. `count`: how many officers have to be among them.
    package func signers(
        _ officers: Officers, atLeast count: Int, within: Int64? = nil, at now: Timestamp
    ) throws(OfficerRefusal) -> [ApprovedChange] {
        try officers.approved(signatures, .policy, digest: digest, by: count, within: within, at: now)
    }

    var held: HeldFiles { HeldFiles(root: PolicyFolder.name, files: files) }

    static func isVersion(_ text: String) -> Bool {
        (8...64).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// A file of rules below `Policies`, and no way out of it.
    private static func isPath(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return path.utf8.count <= 255 && PolicyTexts.isText(path) && (2...PolicyTexts.deepest + 1).contains(parts.count)
            && parts.first == PolicyFolder.name[...]
            && parts.dropFirst().allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") && !$0.unicodeScalars.contains { $0.value < 0x20 } }
    }
}
