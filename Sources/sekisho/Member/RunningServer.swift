import Foundation

/// The server that runs on a deployment folder, found by the files it keeps in `run/`.
struct RunningServer {
    private let folder: String
    private let process: Int32

    init?(_ deployment: String) {
        folder = deployment + "/run"
        guard let text = try? String(contentsOfFile: folder + "/sekisho.pid", encoding: .utf8),
            let process = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)), kill(process, 0) == 0
        else { return nil }
        self.process = process
    }

    /// Asks for a reload and waits until the server says which generation it serves.
    func reload(within seconds: Int) async throws -> Bool {
        let before = Self.generation(folder)
        guard kill(process, SIGHUP) == 0 else { return false }
        for _ in 0..<(seconds * 20) {
            try await Task.sleep(for: .milliseconds(50))
            if let now = Self.generation(folder), now != before { return !now.hasPrefix("refused") }
        }
        return false
    }

    private static func generation(_ folder: String) -> String? {
        try? String(contentsOfFile: folder + "/generation", encoding: .utf8)
    }

    /// Called by the server: `text` is a new value at every reload, beginning with `refused` when the old state stays.
    static func note(generation text: String, in deployment: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: deployment + "/run/generation"), options: .atomic)
    }

    static func begin(in deployment: String) throws {
        try FileManager.default.createDirectory(atPath: deployment + "/run", withIntermediateDirectories: true)
        try Data("\(ProcessInfo.processInfo.processIdentifier)\n".utf8)
            .write(to: URL(fileURLWithPath: deployment + "/run/sekisho.pid"), options: .atomic)
    }
}
