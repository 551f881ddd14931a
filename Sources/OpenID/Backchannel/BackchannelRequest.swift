import Vocabulary

/// A request to the back-channel authentication endpoint as it came (CIBA Core §7.1). Whose it is has been proven by its client
/// authentication; what it asks for, and of whom, has not.
package struct UnverifiedBackchannelRequest: Sendable {
    let form: FormParameters

    package init(_ form: FormParameters) { self.form = form }

    /// What a request may say. With a signed request none of them may stand outside of it (§7.1.1).
    static let parameters = [
        "scope", "client_notification_token", "acr_values", "login_hint_token", "id_token_hint", "login_hint", "binding_message",
        "user_code",
        "requested_expiry", "resource", "authorization_details",
    ]
}
