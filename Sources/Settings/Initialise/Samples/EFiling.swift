// Written by .ci/samples from Policies/e-filing.yaml; change that file.
extension SamplePolicies {
    static let eFiling = #"""
        # Filing with an authority on line (電子申請): the PIN, and word of the certificate's status that was asked for on line in the last 15 minutes.
        rules:

          - id: e-filing
            effect: permit
            says:
              ja: 電子申請には、暗証番号によるログインが必要です。また、電子証明書が有効であることを15分以内に確認している必要があります。
              en: Filing on line takes a login with the PIN, and a certificate whose status was asked for on line within 15 minutes.
              ja-easy: 暗証番号で ログインしてください。証明書が いまも 使えるか 見ます。
            kind: [ministry, local-government]
            purpose: filing
            acting-for: nobody
            mode: pin
            release: [pin-used, card-mode, carrier, proofing-level, authentication-level, revocation-source, revocation-time]
            obligations: {refresh-status: 15m, ledger: true}
            basis: Public Personal Authentication Act art. 36 and 38; the authority's own risk assessment under DS-511

          # The same for somebody else: the answer names the mandate, and the login is one of just now.
          - id: e-filing-by-proxy
            effect: permit
            says:
              ja: 代理申請では、申請の直前に暗証番号を入力し、委任の内容を示す必要があります。
              en: Filing for somebody else takes the PIN just before, and the answer names the mandate.
              ja-easy: ほかの 人の ために 申し込む ときは、もう一回 暗証番号を 入れてください。
            kind: [ministry, local-government]
            purpose: filing
            acting-for: [person, company]
            mode: pin
            release: [pin-used, card-mode, carrier, proofing-level, authentication-level, revocation-source, revocation-time]
            obligations:
              authenticate-again: {mode: pin, within: 10m}
              refresh-status: 15m
              name-mandate: true
              ledger: true
            basis: Public Personal Authentication Act art. 36 and 38; Act on electronic powers of attorney (電子委任状の普及の促進に関する法律)

          # Adds to both rules above: obligations of all permits that hold are joined. Who walks away from a shared screen leaves nothing behind.
          - id: e-filing-at-a-shared-screen
            effect: permit
            says:
              ja: 共用の端末では、1回利用するか5分経過すると、自動的にログアウトします。
              en: On a shared screen the login is forgotten after one use, or after five minutes.
              ja-easy: みんなが 使う 機械では、5分で ログアウトします。
            kind: [ministry, local-government]
            purpose: filing
            mode: pin
            terminal: [public-kiosk, set-top-box]
            obligations:
              refresh-status: 15m
              session: {lifetime: 5m, once: true}
              ledger: true
            basis: The authority's own risk assessment under DS-511

          # A filing is made by the citizen who sits there, not by what a service kept from an earlier visit.
          - id: no-filing-without-the-citizen
            effect: forbid
            says:
              ja: 電子申請は、ご本人がログインしているときだけ行えます。
              en: A filing is made only while the citizen is there.
              ja-easy: 申し込みは、あなたが ログインしている ときだけ できます。
            purpose: filing
            path: [refresh, exchange, attribute-query]
            basis: The authority's own risk assessment under DS-511

        cases:

          - says: a citizen files with the PIN, and the status is asked for on line
            kind: ministry
            purpose: filing
            login: pin
            expect: permit
            context: card-pin
            rules: e-filing
            obligations: {refresh-status: 15m, ledger: true}

          - says: so does one with a phone
            kind: local-government
            purpose: filing
            carrier: phone
            login: pin
            expect: permit

          - says: a face is not enough, so the PIN is asked for
            kind: ministry
            purpose: filing
            terminal: counter
            login: face
            expect: authenticate

          - says: nor is a card that is held to a reader
            kind: local-government
            purpose: filing
            login: presence
            expect: authenticate

          - says: before any login the citizen is asked for one
            kind: ministry
            purpose: filing
            login: none
            expect: authenticate

          - says: who files for a company names the mandate, and enters the PIN just then
            kind: ministry
            purpose: filing
            acting-for: company
            login: pin
            expect: permit
            rules: e-filing-by-proxy
            obligations: {authenticate-again: {mode: pin, within: 10m}, refresh-status: 15m, name-mandate: true, ledger: true}

          - says: on a shared screen the login is forgotten after one filing
            kind: ministry
            purpose: filing
            terminal: public-kiosk
            login: pin
            expect: permit
            rules: [e-filing, e-filing-at-a-shared-screen]
            obligations: {refresh-status: 15m, session: {lifetime: 5m, once: true}, ledger: true}

          - says: after six minutes the same holds, so the login of five minutes is over
            kind: ministry
            purpose: filing
            terminal: public-kiosk
            maximum-login-age: 6m
            login: pin
            expect: permit
            rules: [e-filing, e-filing-at-a-shared-screen]
            obligations: {refresh-status: 15m, session: {lifetime: 5m, once: true}, ledger: true}

          - says: who files for a company there leaves nothing behind either
            kind: local-government
            purpose: filing
            terminal: set-top-box
            acting-for: company
            login: pin
            expect: permit
            rules: [e-filing-at-a-shared-screen, e-filing-by-proxy]
            obligations:
              authenticate-again: {mode: pin, within: 10m}
              refresh-status: 15m
              session: {lifetime: 5m, once: true}
              name-mandate: true
              ledger: true

          - says: a shared screen takes the PIN like any other
            kind: ministry
            purpose: filing
            permission: presence-terminals
            terminal: set-top-box
            login: presence
            expect: authenticate

          - says: nothing is filed from what a service kept
            kind: ministry
            purpose: filing
            path: refresh
            login: pin
            expect: deny
            rules: no-filing-without-the-citizen

          - says: a company is no authority to file with
            kind: private-verifier
            purpose: filing
            login: pin
            expect: deny

        """#
}
