import JOSE
import Vocabulary

extension Provider {
    /// What the metadata says of the device grant (RFC 8628 §4) and of back-channel authentication (CIBA Core §4), where any client has them.
    var awaitedMetadata: [(String, JSON)] {
        var members: [(String, JSON)] = []
        if offers.grants.contains(.deviceCode) { members.append(("device_authorization_endpoint", .string(deviceAuthorizationEndpoint))) }
        if offers.grants.contains(.ciba) {
            let modes = BackchannelRegistration.Delivery.allCases.map(\.rawValue)
            let algorithms = ClientProfile.core.algorithms.map(\.rawValue).sorted()
            members += [
                ("backchannel_authentication_endpoint", .string(backchannelAuthenticationEndpoint)),
                ("backchannel_token_delivery_modes_supported", .texts(modes)),
                ("backchannel_authentication_request_signing_alg_values_supported", .texts(algorithms)),
                ("backchannel_user_code_parameter_supported", false),
            ]
        }
        return members
    }
}
