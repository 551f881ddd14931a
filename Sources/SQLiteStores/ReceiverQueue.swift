/// A queue whose rows each go to one receiver: a receiver with thousands that are due holds up nobody. Who has something is found by an index
/// on the receiver where `due` is set, without reading what waits for the others.
enum ReceiverQueue {
    /// Rows of one receiver in one round, as many as a courier has on their way to it.
    static let most = 8

    /// A query for the rowids to take, at most `most` of one receiver, the first of each before the second of any. `condition` and `limit` are
    /// SQL with the parameters of the whole statement.
    static func due(in table: String, by receiver: String, where condition: String, limit: String) -> String {
        """
        WITH RECURSIVE receivers (receiver) AS (
            SELECT min(\(receiver)) FROM \(table) WHERE due IS NOT NULL UNION ALL
            SELECT (SELECT min(\(receiver)) FROM \(table) WHERE due IS NOT NULL AND \(receiver) > receivers.receiver)
            FROM receivers WHERE receiver IS NOT NULL)
        SELECT item FROM (
            SELECT items.rowid AS item, due, row_number() OVER (PARTITION BY items.\(receiver) ORDER BY due) AS place
            FROM receivers JOIN \(table) AS items ON items.rowid IN (SELECT rowid FROM \(table) AS waiting
                WHERE waiting.\(receiver) = receivers.receiver AND \(condition) ORDER BY due LIMIT \(most)))
        ORDER BY place, due LIMIT \(limit)
        """
    }
}
