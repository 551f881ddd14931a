import Synchronization

/// A bank's own book of customers, by the identifier that its sector has for each of them.
package final class CustomerBook: Sendable {
    private let numbers = Mutex<[String: String]>([:])

    package init() {}

    /// The customer's number; the first time it is made.
    package func open(for subject: String) -> String {
        numbers.withLock { numbers in
            let number = numbers[subject] ?? "C-\(1001 + numbers.count)"
            numbers[subject] = number
            return number
        }
    }

    /// Nil for whoever has no account.
    package func number(of subject: String) -> String? { numbers.withLock { $0[subject] } }
}
