package import JOSE

/// How something is encrypted to a client; the key is one of the client's own, picked when it is written.
package struct Encryption: Hashable, Sendable {
    package let algorithm: JWEAlgorithm
    package let content: JWEContent

    package init(algorithm: JWEAlgorithm, content: JWEContent) {
        self.algorithm = algorithm
        self.content = content
    }
}
