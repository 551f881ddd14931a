// Written by .ci/samples from Policies/administration.yaml; change that file.
extension SamplePolicies {
    static let administration = #"""
        # Officers who open the administrators' console (管理コンソール): with their own card and its PIN, whose certificate was asked on line a moment
        # ago. Nobody is told anything by it, and the login serves nothing else. `Keys/officers` says who is an officer, and what each may do.
        rules:

          - id: administration
            effect: permit
            says:
              ja: 管理コンソールには、担当者本人のカードと暗証番号が必要です。
              en: The administrators' console takes the officer's own card and its PIN.
              ja-easy: じぶんの カードと 暗証番号が いります。
            kind: ministry
            purpose: administration
            mode: pin
            path: sign-on
            obligations:
              refresh-status: 15m
              session: {island: administration, lifetime: 30m}
            basis: The operator's own rules on information security; decision 0055

          # Whatever another rule permits: nobody administers by a kept grant, a device, or with a card that was only shown.
          - id: administration-takes-the-officer
            effect: forbid
            says:
              ja: 管理の操作は、担当者本人がその場でカードと暗証番号を使うときだけ行えます。
              en: Administration takes the officer, the card and the PIN, here and now.
              ja-easy: じぶんで カードと 暗証番号を 使う ときだけ できます。
            purpose: administration
            path: {not: [sign-on]}
            basis: The operator's own rules on information security

        cases:

          - says: with the PIN an officer comes in for half an hour
            kind: ministry
            purpose: administration
            login: pin
            expect: permit
            obligations: {refresh-status: 15m, session: {island: administration, lifetime: 30m}}

          - says: a face is not enough
            kind: ministry
            purpose: administration
            permission: face-terminals
            terminal: counter
            login: face
            expect: authenticate

          - says: the card alone is not enough
            kind: ministry
            purpose: administration
            login: presence
            expect: authenticate

          - says: without a login the card is asked for
            kind: ministry
            purpose: administration
            login: none
            expect: authenticate

          - says: nobody administers by a kept grant
            kind: ministry
            purpose: administration
            path: refresh
            login: pin
            expect: deny

          - says: nor from a device across the room
            kind: ministry
            purpose: administration
            path: device
            login: pin
            expect: deny

          - says: no firm does
            kind: private-verifier
            purpose: administration
            login: pin
            expect: deny

        """#
}
