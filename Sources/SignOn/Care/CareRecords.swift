package import Vocabulary

extension LossOutcome {
    /// For the trail: what was blocked and what ended with it, by names that lead nowhere outside.
    package func record(of report: LossReport) -> Record {
        Record(
            "care.loss-reported", at: report.at,
            [
                ("subject", .string(report.subject.text)), ("by", .string(report.by)), ("reason", .string(report.reason.rawValue)),
                ("certificates", .array(blocked.map { .string($0.text) })), ("refresh-families", .integer(Int64(families))),
                ("requests", .integer(Int64(requests))), ("sessions", .integer(Int64(sessions))),
                ("logout", .string(report.logout.text)),
            ])
    }
}
