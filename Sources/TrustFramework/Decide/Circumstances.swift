/// What is the case around a request, whoever asks.
package struct Circumstances: Hashable, Sendable {
    /// The operator's word in sekisho.yaml.
    package let load: LoadState

    package init(load: LoadState = .normal) { self.load = load }
}

package enum LoadState: String, Sendable, Hashable, CaseIterable {
    case normal, busy, emergency
}

package enum Weekday: String, Sendable, Hashable, CaseIterable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday
}
