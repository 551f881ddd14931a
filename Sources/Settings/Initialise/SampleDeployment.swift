/// The `sekisho.yaml` that `sekisho init` writes: what differs from deployment to deployment stands in it, the rest as comments that
/// show the defaults.
enum SampleDeployment {
    static func text(for plan: DeploymentPlan) -> String {
        let isDevelopment = plan.mode == .development
        var text = """
            # A deployment of Sekisho. `sekisho check` reports everything that is wrong in this folder; docs/operations.md explains every key.
            # Keys that are commented out show their defaults. Lengths of time have a unit: 90s, 15m, 8h, 14d.

            # development believes simulated cards and sample keys; production refuses each of them.
            mode: \(plan.mode.rawValue)

            # The public origin, as browsers and members write it. Members compare it byte for byte: changing it later changes who we are.
            base-url: \(quoted(plan.baseURL))

            # Where the platform listens; a TLS proxy in front of it speaks https.
            listen:
              host: \(quoted(plan.listen.host))
              port: \(plan.listen.port)

            store:
              path: State/sekisho.sqlite
            #  synchronous: full            # normal: faster, and a power failure may take the last commits
            #  shared: false                # true: several servers on this machine answer from it (docs/operations.md, "Several nodes")

            #sessions:
            #  idle: 30m
            #  absolute: 8h

            #journey:
            #  transaction: 15m             # how long the login page waits
            #  challenge: 3m                # how long a card challenge may be answered

            #saml:
            #  entity-id: \(plan.baseURL)/saml/metadata
            #  skew: 3m
            #  require-signed-requests: false
            #  sign: both                   # both, assertion or response; a member's file may differ

            #openid:                        # the issuer is base-url
            #  code: 60s
            #  access-token: 10m
            #  id-token: 10m
            #  skew: 10s
            #  scopes: [openid]
            #  refresh-tokens: false
            #  refresh-grace: 30s           # how long an exchanged refresh token gives the same successor again; 0s: never

            \(links(isDevelopment))

            card:

            """
        if isDevelopment {
            text += """
                  # Cards of simulated and test authorities are believed. Production refuses this line.
                  allow-simulated: true

                """
        }
        text += """
            \(policies(plan))
            #  signature-policies: [\(CardPart.signaturePolicies.joined(separator: ", "))]
            #  login-authorities: ["\(CardPart.authority)"]
            #  algorithms: [RS256, ES384]
            #  identity:                    # what signature certificates look like, and how long what one said is kept
            #    policies: {card: [\(IdentityPart.cardPolicy)]}   # the phone's is not published; ask J-LIS
            #    authorities: ["\(IdentityPart.authority)"]
            #    login-age: 10m             # a login with PIN says for so long who is at the card
            #    tie: journey               # or keys, or card: the weakest evidence that both certificates are one citizen's
            #    keep: 1h
            #    places: places.txt   # `東京都 千代田区`, one to a line; without it no municipality is told
            \(doors(plan))
              revocation:
            \(lists(plan))
            #    refresh: 1h
            #    list-maximum-age: 36h
            #    list-smallest-share: 80    # a list that lost more than this leaves of its entries, in percent, is refused and alarmed
            #    list-largest-mib: 2048
                ocsp: on
            #    ocsp-url: http://ocsp.example.jp   # default: the address in the certificate
            #    ocsp-fallback-url: http://ocsp2.example.jp   # asked when the first gave no answer that counts
            #    ocsp-timeout: 3s
            #    ocsp-maximum-age: 1h
            #    ocsp-digest: sha256        # or sha1; the other is tried when the responder does not know it
            #    ocsp-nonce: sent           # off, sent or required
            #    ocsp-method: post          # or get, without a nonce, so that caches may answer; ocsp-fallback-method likewise
            #    order: list-first          # or ocsp-first
            #    clock-skew: 60s            # between us, authorities and responders

            #outbound:
            #  hosts: []                    # hosts we may ask beside those named above; development asks any when this is left out
            #  private-addresses: \(isDevelopment)

            #purposes:                      # what citizens read in place of a purpose's code
            #  tax-filing: {ja: 税の申告, en: Filing taxes, ja-easy: 税金の てつづき}

            #signals:                       # security events for members (docs/protocols/signals.md); a member's file says which it may have
            #  offered: true                # false: sessions of revoked cards end all the same, and nobody is sent an event
            #  keep: 7d                     # how long an event that nobody took is kept
            #  queue: 10000                 # events that may wait in one stream; what comes behind them is counted
            #  streams: 4                   # of one member
            #  verification-interval: 60s   # between two verifications that a receiver asks for
            #  poll-wait: 30s               # how long a poll waits for an event

            #care:                          # what the citizen's own page tells somebody who lost a card; no number is built in
            #  hotline:
            #    number: "0120-000-000"
            #    abroad: "+81 50-0000-0000"
            #    name: {ja: 総合窓口, en: Card desk}
            #    hours: {ja: 24時間, en: day and night}
            #  counter: {ja: 市役所1階 市民課, en: City hall}   # where a block is lifted: `sekisho care lift`
            #  ledger-days: 3650            # older entries of citizens' ledgers go; left out: until `sekisho ledger forget`

            """
        return text
    }

    /// In development everybody who comes is new, so that a first login has no page more; production refuses that.
    private static func links(_ isDevelopment: Bool) -> String {
        let head =
            isDevelopment
            ? """
            links:
              # A certificate that nobody is known by is a new citizen at once. Production refuses this line and asks the citizen.
              unknown-certificate: make
            """
            : """
            #links:
            #  unknown-certificate: ask     # whoever comes with a new certificate is asked whether he has been here before
            """
        return head + "\n" + """
            #  relink-tie: card             # journey or keys are weaker: somebody who is tricked into signing loses his record
            #  proof-age: 10m               # between the two uses of an old and a new certificate
            #  code-lifetime: 90d           # of the codes that services print into letters
            #  watch: 5m                    # between two looks at the cards that phones belong to
            #  correspondence:              # J-LIS's word on old and new certificates: a gateway that speaks our form
            #    url: http://127.0.0.1:8700/correspondence
            #    key: correspondence.pub.pem   # in Keys/
            #    timeout: 3s
            """
    }

    private static func policies(_ plan: DeploymentPlan) -> String {
        let mark = plan.phonePolicies.isEmpty ? "#" : ""
        return """
            \(mark)  login-policies:              # certificate policies that make a login certificate, by what carries its key
            \(mark)    card: [\(CardPart.cardPolicy)]
            \(mark)    phone: [\(plan.phonePolicies.joined(separator: ", "))]   # not published; ask J-LIS
            """
    }

    private static func lists(_ plan: DeploymentPlan) -> String {
        guard !plan.revocationLists.isEmpty else {
            return "#    lists: []                  # files or addresses of revocation lists"
        }
        return "    lists: [" + plan.revocationLists.map(quoted).joined(separator: ", ") + "]"
    }

    private static func doors(_ plan: DeploymentPlan) -> String {
        guard let door = plan.tlsDoor else {
            return """
                #  doors:
                #    tls:                       # a listener that asks browsers for the card's certificate
                #      origin: https://card.example.jp
                #      listen: {host: 127.0.0.1, port: 8443}
                #      weakest-mode: presence   # what counts when nobody says how the key was unlocked
                #    challenge:
                #      weakest-mode: presence
                """
        }
        var text = """
              doors:
                # A listener of its own that asks browsers for the card's certificate.
                tls:
                  origin: \(quoted(door.origin))
                  listen: {host: \(quoted(door.listen.host)), port: \(door.listen.port)}

            """
        if door.everyClientAsksForThePIN {
            text += """
                      # A handshake does not show a PIN. All software that reaches this door is ours and asks for it:
                      weakest-mode: pin
                      every-client-asks-for-the-pin: true

                """
        } else {
            text += "      weakest-mode: presence   # what counts when nobody says how the key was unlocked\n"
        }
        return text + "    challenge:\n      weakest-mode: presence"
    }

    /// A YAML text in double quotes. Addresses have been looked at by then; a host may still begin with a bracket.
    private static func quoted(_ text: String) -> String {
        "\"" + text.filter { $0 != "\"" && $0 != "\\" && !$0.isNewline } + "\""
    }
}
