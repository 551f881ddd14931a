import Glibc

/// A PIN or passphrase in a file of its own: one line, for its reader's eyes only.
package enum SecretFile {
    package enum Refusal: Error, Hashable, Sendable {
        case unreadable
        case notAFile
        /// Others may read it, with this mode.
        case open(mode: UInt32)
        /// Somebody else's, who could exchange it.
        case foreign
        /// Empty, longer than 1,024 bytes, or more than a line.
        case content
    }

    private static let longest = 1024

    /// The line without its end. Links are followed (systemd's credentials and mounted secrets are links); what they lead to is judged.
    package static func read(_ path: String) throws(Refusal) -> Secret {
        guard !path.utf8.contains(0) else { throw .unreadable }
        // Without waiting: a pipe would keep us for ever, and is no file.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable }
        defer { close(descriptor) }
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0 else { throw .unreadable }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        guard facts.st_uid == geteuid() || facts.st_uid == 0 else { throw .foreign }
        guard facts.st_mode & 0o077 == 0 else { throw .open(mode: facts.st_mode & 0o777) }
        var bytes = [UInt8](repeating: 0, count: longest + 3)
        defer { erase(&bytes) }
        var count = 0
        while count < bytes.count {
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress.map { unsafe $0 + count }, buffer.count - count)
            }
            guard got >= 0 else { throw .unreadable }
            if got == 0 { break }
            count += got
        }
        var line = Array(bytes.prefix(count))
        if line.last == 0x0a { line.removeLast() }
        if line.last == 0x0d { line.removeLast() }
        guard (1...longest).contains(line.count), !line.contains(where: { $0 == 0x0a || $0 == 0x0d || $0 == 0 }) else {
            erase(&line)
            throw .content
        }
        return Secret(taking: &line)
    }
}
