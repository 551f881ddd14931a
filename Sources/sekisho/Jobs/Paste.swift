import Foundation

/// What somebody pasted for one of the commands that explain: from standard input, out of a file, or on the command line itself.
enum Paste {
    static func read(_ argument: String, upTo largest: Int) throws -> [UInt8] {
        if argument == "-" {
            return [UInt8](
                try InputFile.reading("standard input") { try FileHandle.standardInput.read(upToCount: largest + 1) ?? Data() })
        }
        // A message on the command line is longer than any file's name, or no file has its name.
        if argument.utf8.count < 4096, let handle = FileHandle(forReadingAtPath: argument),
            let data = try? handle.read(upToCount: largest + 1)
        {
            return [UInt8](data)
        }
        return Array(argument.utf8)
    }
}
