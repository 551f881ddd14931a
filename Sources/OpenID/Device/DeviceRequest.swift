import Vocabulary

/// A request to the device authorization endpoint as it came (RFC 8628 §3.1). Whose it is has been proven by its client authentication;
/// what it asks for has not.
package struct UnverifiedDeviceRequest: Sendable {
    let form: FormParameters

    package init(_ form: FormParameters) { self.form = form }
}
