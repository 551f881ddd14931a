import Vocabulary

/// What every command that answers jobs does with a line: reads it as JSON and lets `judge` answer. Whatever is wrong with a line stays
/// in its line; nothing in it ends the stream.
enum JobDoor {
    /// `isValid` is nil for a job that could not be answered.
    typealias Answer = (json: JSON, isValid: Bool?)

    static func answer(_ line: JobStream.Line, _ judge: (JSON) throws -> Answer) -> Answer {
        guard case .text(let text) = line else {
            return (refusal(JobRefusal("job.size", "a job has at most \(JobStream.largest) bytes"), id: .null), nil)
        }
        let json: JSON
        do { json = try JSON(reading: [UInt8](text), limit: JobStream.largest) } catch {
            return (refusal(JobRefusal("job.json", "no JSON: \(error)"), id: .null), nil)
        }
        return answer(json, judge)
    }

    static func answer(_ json: JSON, _ judge: (JSON) throws -> Answer) -> Answer {
        do { return try judge(json) } catch let refusal as JobRefusal {
            return (self.refusal(refusal, id: identity(of: json)), nil)
        } catch {
            return (refusal(JobRefusal("job.failed", "\(error)"), id: identity(of: json)), nil)
        }
    }

    /// Echoed as it came, whole: whoever asked finds the answer by it. The size of the line bounds it.
    static func identity(of json: JSON) -> JSON {
        switch json["id"] ?? json["ID"] ?? json["test"] {
        case .array?, .object?, nil: .null
        case let scalar?: scalar
        }
    }

    /// The line for a job that could not be answered.
    private static func refusal(_ refusal: JobRefusal, id: JSON) -> JSON {
        .object([
            ("id", id), ("valid", false), ("error", .object([("code", .string(refusal.code)), ("detail", .string(refusal.detail))])),
        ])
    }

    /// How long a judgement took.
    static func spent(_ duration: Duration) -> (String, JSON) {
        let (seconds, atto) = duration.components
        return ("spent", .object([("microseconds", .integer(seconds * 1_000_000 + atto / 1_000_000_000_000))]))
    }

    static func explained(_ explanation: Explanation) -> [(String, JSON)] { explanation.json.members ?? [] }
}
