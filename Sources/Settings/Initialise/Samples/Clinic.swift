// Written by .ci/samples from Policies/clinic.yaml; change that file.
extension SamplePolicies {
    static let clinic = #"""
        # Reception at a clinic or pharmacy (医療機関の受付): an attended kiosk compares the face (mode B), or takes the PIN where it cannot. One login
        # serves one reception.
        rules:

          - id: clinic-reception
            effect: permit
            says:
              ja: 受付の端末で、顔認証または暗証番号により資格を確認します。
              en: The kiosk at the reception confirms the entitlement after comparing the face, or with the PIN.
              ja-easy: 受付の 機械で、顔か 暗証番号で 確かめます。
            kind: [local-government, private-verifier, platform-operator, served-firm]
            purpose: reception
            mode: [face, pin]
            terminal: clinic-kiosk
            maximum-login-age: 10m
            maximum-status-age: 36h
            release: [pin-used, card-mode, proofing-level, authentication-level, revocation-time]
            obligations:
              session: {island: health, lifetime: 10m, once: true}
              ledger: true
            basis: Public Personal Authentication Act art. 38-2 (attended terminals) and 38 (with the PIN)

          # Nobody's visit to a clinic is kept for later.
          - id: no-reception-without-the-patient
            effect: forbid
            says:
              ja: 受付は、ご本人がその場にいるときだけ行えます。
              en: A reception takes the patient, who is there.
              ja-easy: 受付は、あなたが 来た ときだけ できます。
            purpose: reception
            path: [refresh, exchange, attribute-query, backchannel]
            basis: The service's own risk assessment

        cases:

          - says: a face at the clinic's kiosk is enough
            kind: private-verifier
            purpose: reception
            permission: face-terminals
            terminal: clinic-kiosk
            login: face
            expect: permit
            context: card-face
            obligations: {session: {island: health, lifetime: 10m, once: true}, ledger: true}

          - says: and the PIN where the machine fails
            kind: served-firm
            purpose: reception
            terminal: clinic-kiosk
            login: pin
            expect: permit
            context: card-pin

          - says: at a terminal of another kind nobody is received
            kind: private-verifier
            purpose: reception
            permission: face-terminals
            terminal: counter
            login: face
            expect: deny

          - says: a card that is held to the kiosk is not
            kind: private-verifier
            purpose: reception
            permission: [face-terminals, presence-terminals]
            terminal: clinic-kiosk
            login: presence
            expect: authenticate

          - says: a member without the permission has its patients enter the PIN
            kind: private-verifier
            purpose: reception
            permission: presence-terminals
            terminal: clinic-kiosk
            login: face
            expect: authenticate

          - says: nor at home, where the way to a kiosk is open
            kind: private-verifier
            purpose: reception
            mode-stated: false
            login: pin
            expect: authenticate

          - says: a visit is not kept for later
            kind: private-verifier
            purpose: reception
            permission: face-terminals
            path: refresh
            terminal: clinic-kiosk
            login: face
            expect: deny
            rules: no-reception-without-the-patient

        """#
}
