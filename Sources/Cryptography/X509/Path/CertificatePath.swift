import COpenSSL
package import Vocabulary

/// RFC 5280 §6 path validation by libcrypto: from a leaf, by way of the certificates that came with it, to exactly one anchor that the
/// caller trusts. Revocation is not looked at here. Pure: no file, no network, no clock, none of libcrypto's default trust.
package enum CertificatePath {
    /// Certificates that may come along. JPKI needs none; a bridge needs four or five.
    package static let mostIntermediates = 16
    private static let deepest: Int32 = 8
    /// Security level 2: 112 bits, so RSA from 2048 bits and no SHA-1 (SP 800-57, CRYPTREC).
    private static let level: Int32 = 2

    /// `requiredPolicies` is the user-initial-policy-set; when it is not empty an explicit policy is required and mappings are
    /// inhibited (the JPKI profile knows none). The anchor's own validity counts: a generation ends on its day.
    package static func validate(
        leaf: Certificate, intermediates: [Certificate], anchor: Certificate, at now: Timestamp,
        requiredPolicies: [ObjectIdentifier] = []
    ) -> PathOutcome {
        guard intermediates.count <= mostIntermediates, leaf != anchor else { return .refused(PathFault(.shape, depth: 0, code: 0)) }
        // The stacks borrow the X509s: `leaf`, `intermediates` and `anchor` own them and outlive the context (see the end).
        guard let context = unsafe X509_STORE_CTX_new(), let trusted = unsafe OPENSSL_sk_new_null(),
            let others = unsafe OPENSSL_sk_new_null()
        else { return .refused(PathFault(.library, depth: 0, code: 0)) }
        defer {
            unsafe X509_STORE_CTX_free(context)
            unsafe OPENSSL_sk_free(trusted)
            unsafe OPENSSL_sk_free(others)
            ERR_clear_error()
        }
        let outcome = withExtendedLifetime((leaf, intermediates, anchor)) { () -> PathOutcome in
            guard unsafe OPENSSL_sk_push(trusted, UnsafeRawPointer(anchor.handle.pointer)) > 0,
                intermediates.allSatisfy({ unsafe OPENSSL_sk_push(others, UnsafeRawPointer($0.handle.pointer)) > 0 }),
                unsafe X509_STORE_CTX_init(context, nil, leaf.handle.pointer, others) == 1
            else { return .refused(PathFault(.library, depth: 0, code: 0)) }
            unsafe X509_STORE_CTX_set0_trusted_stack(context, trusted)
            guard unsafe prepare(context, at: now, requiredPolicies) else { return .refused(PathFault(.library, depth: 0, code: 0)) }
            guard unsafe X509_verify_cert(context) == 1 else {
                return .refused(
                    PathFault(code: unsafe X509_STORE_CTX_get_error(context), depth: Int(unsafe X509_STORE_CTX_get_error_depth(context))))
            }
            guard let chain = unsafe certificates(of: context, among: [leaf] + intermediates + [anchor]), chain.last == anchor else {
                return .refused(PathFault(.library, depth: 0, code: 0))
            }
            return .valid(ValidPath(certificates: chain, policies: unsafe policies(of: context)))
        }
        return outcome
    }

    private static func prepare(_ context: OpaquePointer, at now: Timestamp, _ policies: [ObjectIdentifier]) -> Bool {
        // Borrowed from the context.
        guard let parameters = unsafe X509_STORE_CTX_get0_param(context) else { return false }
        // PARTIAL_CHAIN: the anchor is what the operator says, self-signed or not.
        var flags = X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_POLICY_CHECK
        if !policies.isEmpty { flags |= X509_V_FLAG_EXPLICIT_POLICY | X509_V_FLAG_INHIBIT_MAP }
        guard unsafe X509_VERIFY_PARAM_set_flags(parameters, UInt(flags)) == 1 else { return false }
        unsafe X509_VERIFY_PARAM_set_time(parameters, time_t(now.seconds))
        unsafe X509_VERIFY_PARAM_set_depth(parameters, deepest)
        unsafe X509_VERIFY_PARAM_set_auth_level(parameters, level)
        for policy in policies {
            guard let object = unsafe OBJ_txt2obj(policy.dotted, 1) else { return false }
            // Takes the object over when it succeeds.
            guard unsafe X509_VERIFY_PARAM_add0_policy(parameters, object) == 1 else {
                unsafe ASN1_OBJECT_free(object)
                return false
            }
        }
        unsafe X509_STORE_CTX_set_verify_cb(context) { ok, context in
            guard ok == 0, unsafe CertificatePath.isForgiven(context) else { return ok }
            unsafe X509_STORE_CTX_set_error(context, X509_V_OK)
            return 1
        }
        return true
    }

    /// Two of libcrypto's rules are narrower than they should be.
    private static func isForgiven(_ context: OpaquePointer?) -> Bool {
        switch unsafe X509_STORE_CTX_get_error(context) {
        case X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER:
            // Whether JPKI writes it into end entities is not known for certain (jpki.md §1.2); the signature decides in any case.
            return true
        case X509_V_ERR_CERT_HAS_EXPIRED:
            // notAfter is included (RFC 5280 §4.1.2.5), but libcrypto's comparison takes "equal" for "before".
            guard let certificate = unsafe X509_STORE_CTX_get_current_cert(context) else { return false }
            var justBefore = unsafe X509_VERIFY_PARAM_get_time(X509_STORE_CTX_get0_param(context)) - 1
            return unsafe X509_cmp_time(X509_get0_notAfter(certificate), &justBefore) == 1
        default: return false
        }
    }

    /// The chain libcrypto built, as our own values: it holds the same X509s that we lent it.
    private static func certificates(of context: OpaquePointer, among candidates: [Certificate]) -> [Certificate]? {
        guard let chain = unsafe X509_STORE_CTX_get0_chain(context) else { return nil }
        var found: [Certificate] = []
        for index in 0..<(unsafe OPENSSL_sk_num(chain)) {
            guard let pointer = unsafe OPENSSL_sk_value(chain, index),
                let match = candidates.first(where: { unsafe UnsafeRawPointer($0.handle.pointer) == UnsafeRawPointer(pointer) })
            else { return nil }
            found.append(match)
        }
        return found
    }

    /// The user-constrained-policy-set (RFC 5280 §6.1.6); empty when no policy was asked for and none came out.
    private static func policies(of context: OpaquePointer) -> [ObjectIdentifier] {
        // Tree, nodes and objects belong to the context.
        guard let tree = unsafe X509_STORE_CTX_get0_policy_tree(context), let nodes = unsafe X509_policy_tree_get0_user_policies(tree)
        else {
            return []
        }
        var policies: [ObjectIdentifier] = []
        for index in 0..<(unsafe OPENSSL_sk_num(nodes)) {
            guard let node = unsafe OPENSSL_sk_value(nodes, index),
                let object = unsafe X509_policy_node_get0_policy(OpaquePointer(node)), let data = unsafe OBJ_get0_data(object),
                let policy = unsafe ObjectIdentifier(content: Array(UnsafeBufferPointer(start: data, count: OBJ_length(object))))
            else { continue }
            policies.append(policy)
        }
        return policies
    }
}
