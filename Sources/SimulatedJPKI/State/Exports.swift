import Cryptography
import Vocabulary

/// What leaves the simulator's folder for others to use.
extension Simulator {
    package struct File: Sendable {
        package let name: String
        package let bytes: [UInt8]
        /// Holds a private key.
        package let isSecret: Bool
    }

    /// A card's key and certificate for any TLS client or browser: PKCS#12 under `password`, and PEM. Real cards never let go of a key.
    package func export(_ handle: String, _ purpose: Purpose = .user, password: String) throws -> [File] {
        let identity = try identity(handle, purpose)
        guard let issued = try record(handle).issued(purpose) else { throw SimulatorRefusal.noSignatureCertificate }
        let issuer = try authority(issued.authority).certificate
        let stem = handle + (purpose == .user ? "" : "-sign")
        let bundle = try PKCS12.encode(
            key: identity.key, certificate: identity.certificate, chain: [issuer], password: password,
            friendlyName: "JPKI-SIMULATED " + stem)
        return [
            File(name: stem + ".p12", bytes: bundle, isSecret: true),
            File(name: stem + "-key.pem", bytes: try identity.key.exportPEM(), isSecret: true),
            File(name: stem + ".pem", bytes: Self.pem(identity.certificate), isSecret: false),
            File(name: stem + "-issuer.pem", bytes: Self.pem(issuer), isSecret: false),
        ]
    }

    /// The authorities' certificates and the terminals' registrations, by their paths below `Keys/` of a deployment.
    package func deployment(_ purposes: [Purpose] = [.user]) throws -> [File] {
        let anchors = authorities.filter { purposes.contains($0.purpose) }.map { authority in
            File(name: "anchors/jpki-simulated-\(authority.name).pem", bytes: Self.pem(authority.certificate), isSecret: false)
        }
        let terminals = try terminals().map { terminal in
            File(name: "terminals/\(terminal.id.text).json", bytes: terminal.registrationJSON.bytes, isSecret: false)
        }
        return anchors + terminals
    }

    /// The `card:` part of a deployment's `sekisho.yaml` that goes with it. With signature certificates, each of them names the responder of its own authority.
    package func deploymentYAML(_ purposes: [Purpose]) -> String {
        let lists = authorities.filter { purposes.contains($0.purpose) }.map {
            "      - \(base)/crl/\($0.purpose.rawValue)/\($0.generation)/full.crl"
        }
        let identity = [
            "  identity:", "    policies:", "      card: [\(profile.policy(.sign, onPhone: false).dotted)]",
            "      phone: [\(profile.policy(.sign, onPhone: true).dotted)]",
        ]
        return
            ([
                "card:", "  allow-simulated: true", "  login-policies:", "    card: [\(profile.policy(.user, onPhone: false).dotted)]",
                "    phone: [\(profile.policy(.user, onPhone: true).dotted)]",
            ] + (purposes.contains(.sign) ? identity : []) + ["  revocation:", "    lists:"] + lists
            + (purposes.contains(.sign) ? [] : ["    ocsp-url: \(ocspAddress(.user))"])).joined(separator: "\n") + "\n"
    }

    private static func pem(_ certificate: Certificate) -> [UInt8] {
        Array(PEM.encode(certificate.der, label: "CERTIFICATE").utf8)
    }
}
