/// Everything beside the form by which a client may show who it is. Web takes it from the request and the connection; nothing is believed.
package struct ClientEvidence: Sendable {
    /// The `Authorization` header, whole.
    package let authorization: String?
    /// Every `DPoP` header, in order.
    package let dpop: [String]
    /// The certificate whose key the connection proved.
    package let certificate: PresentedCertificate?
    /// The request's method, in capitals.
    package let method: String
    /// Our published address of the endpoint that was asked, without query: what `htu` and `aud` are compared with.
    package let address: String

    package init(
        authorization: String? = nil, dpop: [String] = [], certificate: PresentedCertificate? = nil, method: String = "POST",
        address: String = ""
    ) {
        self.authorization = authorization
        self.dpop = dpop
        self.certificate = certificate
        self.method = method
        self.address = address
    }
}
