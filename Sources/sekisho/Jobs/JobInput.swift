import ArgumentParser
import Foundation
import Vocabulary

/// Where jobs come from, for every command that answers them: one job with an exit status, or a stream of lines with a line each.
struct JobInput {
    let handle: FileHandle
    let folders: [String]
    private let name: String

    init(_ job: String, base: String?) throws {
        if job == "-" {
            handle = .standardInput
            name = "standard input"
        } else {
            guard let file = InputFile.open(job) else { throw ValidationError("there is no file `\(job)`") }
            handle = file
            name = "`\(job)`"
        }
        let own = job == "-" ? [] : [(job as NSString).deletingLastPathComponent].map { $0.isEmpty ? "." : $0 }
        folders = (base.map { [$0] } ?? []) + own + ["."]
    }

    func answer(jsonl: Bool, _ answer: (JobStream.Line) -> (json: JSON, isValid: Bool?)) throws {
        if jsonl {
            var stream = JobStream(handle)
            while let line = try InputFile.reading(name, { try stream.next() }) {
                if case .text(let text) = line, text.allSatisfy({ $0 <= 0x20 }) { continue }
                Console.say(answer(line).json.text)
            }
            return
        }
        let text = try contents()
        let (json, isValid) = answer(text.count > JobStream.largest ? .tooLong : .text(JobStream.unmarked(text)))
        Console.say(json.text)
        switch isValid {
        case true?: break
        case false?: throw ExitCode(1)
        case nil: throw ExitCode(2)
        }
    }

    /// The one document of a command that takes no job; cut short it would be blamed for something else than its length.
    func document() throws -> [UInt8] {
        let bytes = try contents()
        guard bytes.count <= JobStream.largest else {
            Console.error("\(name) is too long: a document has at most \(JobStream.largest) bytes")
            throw ExitCode(2)
        }
        return [UInt8](bytes)
    }

    /// One byte more than is taken, where there are more.
    private func contents() throws -> Data {
        try InputFile.reading(name) { try handle.read(upToCount: JobStream.largest + 1) ?? Data() }
    }
}
