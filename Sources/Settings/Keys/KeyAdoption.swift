package import Cryptography
import JOSE
package import Vocabulary

/// A key of a PKCS#11 token that is to become ours.
package struct TokenOrder: Hashable, Sendable {
    package let use: KeyUse
    /// Names the token, and the key in it unless one is to be made.
    package let uri: TokenURI
    package let algorithm: String?
    package let name: String?
    /// Made in the token; nil: it is there.
    package let making: KeyOrder.Kind?
    /// PEM of the certificate around a SAML key; nil: the key signs one for itself.
    package let certificate: [UInt8]?
    package let years: Int64

    package init(
        use: KeyUse, uri: TokenURI, algorithm: String? = nil, name: String? = nil, making: KeyOrder.Kind? = nil,
        certificate: [UInt8]? = nil,
        years: Int64 = 10
    ) {
        (self.use, self.uri, self.algorithm, self.name) = (use, uri, algorithm, name)
        (self.making, self.certificate, self.years) = (making, certificate, years)
    }
}

extension Settings {
    /// Lets a key of a token wait as `next`, found there or made there. Its public half is written beside `keys.yaml`: it is published from the
    /// next reload on, token or no token. A key that was made stays in the token when the folder refuses it.
    package static func adopt(
        _ order: TokenOrder, module: String? = nil, pin: SecretSource? = nil, in folder: String, environment: [String: String] = [:],
        at now: Timestamp
    ) throws(SettingsProblems) -> KeyChange {
        var desk = try KeyDesk(folder, environment, now)
        if let module { desk.plan.tokens.module = module }
        if let pin { desk.plan.tokens.pin = pin }
        let name = try desk.freshName(KeyOrder(use: order.use, kind: order.making ?? .p256, name: order.name, algorithm: order.algorithm))
        let found = try self.found(order, name, desk, environment)
        var entry = KeyEntry(name: name, use: order.use, algorithm: order.algorithm)
        entry.token = found.uri
        let file: (name: String, text: String, mode: Int)
        if order.use.hasCertificate {
            entry.publicFile = name + ".crt.pem"
            file = ("Keys/\(name).crt.pem", try certificate(order, found, desk, environment, now), 0o644)
        } else {
            entry.publicFile = name + ".pub.pem"
            file = ("Keys/\(name).pub.pem", PEM.encode(found.publicKey.spki, label: "PUBLIC KEY"), 0o644)
        }
        var plan = desk.plan
        plan.entries.append(entry)
        var told = ["`\(name)` (\(found.publicKey.kind.text)) waits as next; its private half is \(found.uri.text)"]
        told.append(
            order.use.isPublishedAhead
                ? "it may sign after \(KeyBook.length(desk.age(order.use))) of being published"
                : "it decrypts as soon as the server has read it; promote it so that others encrypt to it")
        if found.isExtractable == true {
            told.append("the token would give its private half away (CKA_EXTRACTABLE): a key made there with --generate never leaves")
        }
        return try desk.put(plan, files: [file], told)
    }

    private static func key(
        _ uri: TokenURI, _ order: TokenOrder, _ desk: KeyDesk, _ environment: [String: String]
    ) throws(SettingsProblems) -> TokenKey {
        switch TokenKeys(desk.plan.tokens, environment).key(uri, for: order.use) {
        case .success(let key): return key
        case .failure(let fault): throw .one(KeyPlanFile.name, fault.code, fault.message, fault.remedy)
        }
    }

    private static func found(
        _ order: TokenOrder, _ name: String, _ desk: KeyDesk, _ environment: [String: String]
    ) throws(SettingsProblems) -> FoundTokenKey {
        let uri = order.making != nil && order.uri.object == nil ? order.uri.naming(object: name, id: order.uri.id) : order.uri
        guard uri.namesObject else {
            throw .one(
                KeyPlanFile.name, "keys.token", "the URI names a token and no key in it", "add object=NAME, or make one with --generate")
        }
        if let kind = order.making, let algorithm = order.algorithm {
            // Before there is a key in the token that nobody can use.
            let fits =
                switch order.use {
                case .openIDSigning: TokenKeyAlgorithm(rawValue: algorithm)?.algorithm.fits(kind.kind)
                case .openIDEncryption: JWEAlgorithm(rawValue: algorithm)?.fits(kind.kind)
                case .samlSigning, .samlMetadata, .samlEncryption: SAMLAlgorithm(rawValue: algorithm)?.signature.fits(kind.kind)
                }
            guard fits == true else {
                throw .one(
                    KeyPlanFile.name, "key.algorithm", "a \(kind.kind.text) key cannot serve `\(Explanation.redacted(algorithm))`",
                    "choose a kind that fits")
            }
        }
        let key = try key(uri, order, desk, environment)
        do throws(TokenFault) {
            let found = if let kind = order.making { try key.made(kind.kind) } else { try key.found() }
            let itself = PrivateKey(TokenKey(key.token, found.uri, for: key.purpose), publicKey: found.publicKey)
            if let fault = TokenKeys(desk.plan.tokens, environment).fault(itself) { throw fault }
            return found
        } catch {
            let isTaken = order.making != nil && error == .objectAmbiguous
            throw .one(
                KeyPlanFile.name, error.code, isTaken ? "the token has a key of this name already" : error.text,
                isTaken ? "choose another object=NAME, or adopt it without --generate" : error.remedy)
        }
    }

    private static func certificate(
        _ order: TokenOrder, _ found: FoundTokenKey, _ desk: KeyDesk, _ environment: [String: String], _ now: Timestamp
    ) throws(SettingsProblems) -> String {
        if let pem = order.certificate {
            guard let der = PEM.decode(pem, label: "CERTIFICATE").first, let certificate = try? Certificate(der: der),
                certificate.publicKey == found.publicKey
            else {
                throw .one(
                    KeyPlanFile.name, "key.certificate", "the certificate is for another key than the token's, or is none",
                    "leave it out, and the key signs one for itself")
            }
            return PEM.encode(der, label: "CERTIFICATE")
        }
        do {
            // A key for decryption signs nothing, not even its own certificate; whoever signs it, its trust comes from our metadata.
            let signer = order.use == .samlEncryption ? try PrivateKey.generate(.ec(.p256)) : nil
            let label = desk.configuration.mode == .development ? KeyGuard.label : "Sekisho"
            return PEM.encode(
                try SelfSigned.certificate(
                    for: PrivateKey(try key(found.uri, order, desk, environment), publicKey: found.publicKey), signedBy: signer,
                    commonName: label + " " + order.use.rawValue + " " + now.text.prefix(10), notBefore: now.adding(seconds: -300),
                    notAfter: now.adding(seconds: order.years * 365 * 86_400)), label: "CERTIFICATE")
        } catch let problems as SettingsProblems {
            throw problems
        } catch KeyError.token(let fault) {
            throw .one(KeyPlanFile.name, fault.code, fault.text, fault.remedy)
        } catch {
            throw .one(KeyPlanFile.name, "keys.generate", "the certificate could not be made: \(error)", "give one with --certificate")
        }
    }
}
