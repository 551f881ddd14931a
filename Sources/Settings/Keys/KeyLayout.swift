import Vocabulary

/// Our keys in a folder without `keys.yaml`: their files' names say what they are, and there are no dates.
enum KeyLayout {
    /// Long ago: a key that is current without a date has been so for as long as anybody knows.
    static let always = Timestamp(milliseconds: .min)

    static func plan(_ folder: Folder) -> KeyPlan {
        func has(_ name: String) -> Bool {
            if case .absent = folder.kind(of: "Keys/" + name) { return false }
            return true
        }
        var plan = KeyPlan()
        for use in [KeyUse.samlSigning, .samlMetadata, .samlEncryption] {
            for (stem, from) in [(use.rawValue, always), (use.rawValue + "-next", nil)] {
                let (key, certificate) = (stem + ".key.pem", stem + ".crt.pem")
                let isDue = stem == KeyUse.samlSigning.rawValue
                // The next certificate may be published while its key still lies in a safe.
                guard isDue || has(certificate) || (from != nil && has(key)) else { continue }
                plan.entries.append(
                    KeyEntry(
                        name: stem, use: use, keyFile: from != nil || has(key) ? key : nil, publicFile: certificate, from: from))
            }
        }
        for algorithm in TokenKeyAlgorithm.allCases {
            let stem = "openid-" + algorithm.rawValue.lowercased()
            if has(stem + ".key.pem") || TokenKeyAlgorithm.required.contains(algorithm) {
                plan.entries.append(
                    KeyEntry(
                        name: stem, use: .openIDSigning, algorithm: algorithm.rawValue, keyFile: stem + ".key.pem", from: always))
            }
            if has(stem + "-next.key.pem") {
                plan.entries.append(
                    KeyEntry(name: stem + "-next", use: .openIDSigning, algorithm: algorithm.rawValue, keyFile: stem + "-next.key.pem"))
            }
            if has(stem + "-retired.pub.pem") {
                var old = KeyEntry(
                    name: stem + "-retired", use: .openIDSigning, algorithm: algorithm.rawValue, publicFile: stem + "-retired.pub.pem",
                    from: always)
                old.retired = always
                plan.entries.append(old)
            }
        }
        for (stem, from) in [(KeyUse.openIDEncryption.rawValue, always), (KeyUse.openIDEncryption.rawValue + "-next", nil)]
        where has(stem + ".key.pem") {
            plan.entries.append(KeyEntry(name: stem, use: .openIDEncryption, keyFile: stem + ".key.pem", from: from))
        }
        return plan
    }

    /// Every name that can mean something, for the search for strangers.
    static let names: Set<String> = {
        var names: Set<String> = ["openid-encryption.key.pem", "openid-encryption-next.key.pem"]
        for use in [KeyUse.samlSigning, .samlMetadata, .samlEncryption] {
            for stem in [use.rawValue, use.rawValue + "-next"] { names.formUnion([stem + ".key.pem", stem + ".crt.pem"]) }
        }
        for algorithm in TokenKeyAlgorithm.allCases {
            let stem = "openid-" + algorithm.rawValue.lowercased()
            names.formUnion([stem + ".key.pem", stem + "-next.key.pem", stem + "-retired.pub.pem"])
        }
        return names
    }()
}
