extension Client {
    /// Where a browser starts a login at this client that the client has not asked for (OpenID Connect Core §4): its registered address
    /// with our `iss`. Nil when it registered none. Where the citizen goes afterwards is the client's own affair: nobody can put a
    /// `target_link_uri` into it from outside.
    package func startOfLogin(at provider: Provider) -> String? {
        guard let address = initiateLoginURI else { return nil }
        let separator = !address.utf8.contains(0x3f) ? "?" : address.hasSuffix("?") || address.hasSuffix("&") ? "" : "&"
        return address + separator + [(name: "iss", value: provider.issuer)].formEncoded
    }
}
