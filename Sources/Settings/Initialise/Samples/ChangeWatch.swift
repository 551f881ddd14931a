// Written by .ci/samples from Policies/change-watch.yaml; change that file.
extension SamplePolicies {
    static let changeWatch = #"""
        # An insurer that wants to hear when something about its customer changed (変更確認): with the customer's consent it is told the status of the
        # certificate, at the visit and later without one. It never learns the new value from us, nor any old one.
        rules:

          - id: change-watch
            effect: permit
            says:
              ja: 変更の確認には、ご本人の同意が必要です。伝えるのは電子証明書の状態だけで、新しい氏名や住所は伝えません。
              en: Watching for a change takes the customer's consent. Only the certificate's status is told, never a new name or address.
              ja-easy: 変わった ことを 伝えて いいか 聞きます。新しい 名前や 住所は 伝えません。
            kind: [private-verifier, platform-operator]
            purpose: change-watch
            asks-for: {only: [revocation-source, revocation-time]}
            mode: pin
            path: {not: [unsolicited]}
            release: [revocation-source, revocation-time]
            obligations:
              consent: [revocation-source, revocation-time]
              session: {island: insurance}
              ledger: true
            basis: Public Personal Authentication Act art. 18 and 37 (information on revocation); consent of the person

        cases:

          - says: with consent an insurer is told the status of the certificate
            kind: private-verifier
            purpose: change-watch
            asks-for: [revocation-time]
            login: pin
            expect: permit
            context: card-pin
            release: [revocation-source, revocation-time]
            obligations: {consent: [revocation-source, revocation-time], session: {island: insurance}, ledger: true}

          - says: and later without a visit
            kind: private-verifier
            purpose: change-watch
            path: refresh
            asks-for: [revocation-source, revocation-time]
            maximum-login-age: 90d
            login: pin
            expect: permit

          - says: it takes the PIN once
            kind: private-verifier
            purpose: change-watch
            permission: face-terminals
            asks-for: [revocation-time]
            terminal: counter
            login: face
            expect: authenticate

          - says: a new address is never told
            kind: private-verifier
            purpose: change-watch
            asks-for: [revocation-time, address]
            login: pin
            expect: deny

          - says: nobody watches unasked
            kind: private-verifier
            purpose: change-watch
            path: unsolicited
            asks-for: [revocation-time]
            login: pin
            expect: deny

          - says: a served firm has its operator watch
            kind: served-firm
            purpose: change-watch
            asks-for: [revocation-time]
            login: pin
            expect: deny

        """#
}
