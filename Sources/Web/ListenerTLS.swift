import NIOSSL

extension TLSConfiguration {
    /// What TLS 1.2 may be spoken with, for those who do not speak 1.3 yet: the four suites of BCP 195 (RFC 9325 §4.2; FAPI 2.0 Security
    /// Profile §5.2.2). All have forward secrecy, none has CBC; the library's own list has both kinds.
    private static let suites = [
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
    ]

    /// A listener of ours that asks everybody for a certificate and believes none; files are PEM. A pair that does not fit is told here,
    /// not at the first connection.
    static func asking(certificateFile: String, keyFile: String) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificateFile).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: keyFile, format: .pem)))
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuites = suites.joined(separator: ":")
        configuration.certificateVerification = .optionalVerification
        // Nobody is believed here, so no bundle of authorities is read for each connection.
        configuration.trustRoots = .certificates([])
        _ = try NIOSSLContext(configuration: configuration)
        return configuration
    }
}
