extension ServiceProvider {
    /// What the member's operator and its metadata say about our signatures.
    package var signingWish: SigningWish {
        SigningWish(
            pin: options.signingKeyPin, algorithm: options.algorithm, declared: declaredSigningAlgorithms, digests: declaredDigests)
    }
}
