/// What a sample service calls itself, and where it is: the paths of its pages begin with `path`.
package struct ServiceTitle: Sendable {
    package let japanese: String
    package let english: String
    /// Scheme, host and port.
    package let origin: String
    /// Empty, or a slash and a word.
    package let path: String

    package init(_ japanese: String, _ english: String, origin: String, path: String = "") {
        self.japanese = japanese
        self.english = english
        self.origin = origin
        self.path = path
    }

    package var address: String { origin + path }
}
