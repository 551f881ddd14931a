import Glibc

/// A file for our eyes only that several processes may make at once.
package enum PrivateFile {
    /// An empty one where there is none; false where one stands already, or none can be made. A name is given once: of two that come at the
    /// same time both have the file of whoever was first, with what it has written there by then.
    @discardableResult
    package static func make(_ path: String) -> Bool {
        guard !path.utf8.contains(0) else { return false }
        let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }
}
