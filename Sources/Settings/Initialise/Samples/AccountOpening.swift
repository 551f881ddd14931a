// Written by .ci/samples from Policies/account-opening.yaml; change that file.
extension SamplePolicies {
    static let accountOpening = #"""
        # Opening an account at a bank on line (口座開設): the citizen presents the signature certificate for this purpose, and agrees that its four
        # attributes (基本4情報) are told. What else the bank asks for is not told.
        definitions:

          four-attributes:
            asks-for:
              only:
                - name
                - address
                - birth-date
                - sex
                - name-substitution
                - address-substitution
                - pin-used
                - card-mode
                - carrier
                - proofing-level
                - authentication-level
                - revocation-source
                - revocation-time

        rules:

          - id: account-opening
            effect: permit
            says:
              ja: 口座開設には、署名用電子証明書の提示と、氏名・住所・生年月日・性別を伝えることへの同意が必要です。
              en: Opening an account takes the signature certificate, and the citizen's consent to tell the bank its four attributes.
              ja-easy: 「署名用」の 証明書を 見せてください。名前・住所・生まれた 日・男か 女かを 伝えます。
            is: four-attributes
            kind: [private-verifier, platform-operator]
            purpose: account-opening
            mode: pin
            path: [sign-on, userinfo, introspection, artifact]
            release:
              - name
              - address
              - birth-date
              - sex
              - name-substitution
              - address-substitution
              - pin-used
              - card-mode
              - carrier
              - proofing-level
              - authentication-level
              - revocation-source
              - revocation-time
            obligations:
              authenticate-again: {mode: pin, within: 15m}
              refresh-status: 15m
              consent: [name, address, birth-date, sex]
              session: {island: finance, lifetime: 15m, once: true}
              ledger: true
            basis: Public Personal Authentication Act art. 17, 19 and 36; Act on Prevention of Transfer of Criminal Proceeds

        cases:

          - says: with the PIN and the citizen's consent the bank is told the four attributes
            kind: private-verifier
            purpose: account-opening
            asks-for: [name, address, birth-date, sex]
            login: pin
            expect: permit
            context: card-pin
            obligations: {authenticate-again: {mode: pin, within: 15m}, refresh-status: 15m, consent: [name, address, birth-date, sex], session: {island: finance, lifetime: 15m, once: true}, ledger: true}

          - says: a platform operator may ask for a firm that it serves
            kind: platform-operator
            purpose: account-opening
            asks-for: [name, address, birth-date]
            login: pin
            expect: permit

          - says: a face is not enough
            kind: private-verifier
            purpose: account-opening
            permission: face-terminals
            asks-for: [name]
            terminal: counter
            login: face
            expect: authenticate

          - says: a bank that asks for more than the account takes is told nothing
            kind: private-verifier
            purpose: account-opening
            asks-for: [name, over-65]
            login: pin
            expect: deny

          - says: nothing is told from what the bank kept
            kind: private-verifier
            purpose: account-opening
            path: refresh
            asks-for: [name]
            login: pin
            expect: deny

          - says: a served firm does not ask by itself
            kind: served-firm
            purpose: account-opening
            asks-for: [name]
            login: pin
            expect: deny

        """#
}
