import ArgumentParser
import Foundation
import Vocabulary

/// Where jobs come from, for every command that answers them: one job with an exit status, or a stream of lines with a line each.
struct JobInput {
    let handle: FileHandle
    let folders: [String]

    init(_ job: String, base: String?) throws {
        if job == "-" {
            handle = .standardInput
        } else {
            guard let file = InputFile.open(job) else { throw ValidationError("there is no file `\(job)`") }
            handle = file
        }
        let own = job == "-" ? [] : [(job as NSString).deletingLastPathComponent].map { $0.isEmpty ? "." : $0 }
        folders = (base.map { [$0] } ?? []) + own + ["."]
    }

    func answer(jsonl: Bool, _ answer: (JobStream.Line) -> (json: JSON, isValid: Bool?)) throws {
        if jsonl {
            var stream = JobStream(handle)
            while let line = try stream.next() {
                if case .text(let text) = line, text.allSatisfy({ $0 <= 0x20 }) { continue }
                Console.say(answer(line).json.text)
            }
            return
        }
        let text = try handle.read(upToCount: JobStream.largest + 1) ?? Data()
        let (json, isValid) = answer(text.count > JobStream.largest ? .tooLong : .text(text))
        Console.say(json.text)
        switch isValid {
        case true?: break
        case false?: throw ExitCode(1)
        case nil: throw ExitCode(2)
        }
    }
}
