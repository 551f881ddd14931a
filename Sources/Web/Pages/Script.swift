extension Pages {
    /// The scripts of the platform: static, inline, each allowed by its digest where it stands. Nothing needs them.
    enum Script: CaseIterable, Sendable {
        /// Holds a form back that was sent a moment ago: who presses twice, as on a desktop or on a slow line, has pressed once and reads the
        /// first answer. Ten seconds later, or on the way back from the answer, it may be sent again. Stands on every page with a form of ours.
        case sendOnce
        /// Sends the form that carries a message to the service.
        case submitForm
        /// Follows the link that the page would be gone on by.
        case goOn
        /// Says that the login is about to end, some minutes before.
        case timeLeft
        /// The arrow keys of a remote control move the focus to what lies in their direction.
        case arrows

        var element: StaticString {
            switch self {
            case .sendOnce: Self.sendOnceElement
            case .submitForm: Self.submitFormElement
            case .goOn: Self.goOnElement
            case .timeLeft: Self.timeLeftElement
            case .arrows: Self.arrowsElement
            }
        }

        // SHA-256 of the text between the tags; `PageTests` computes them again.
        var digest: String {
            switch self {
            case .sendOnce: "3TZa3f+n72t1ZKUZBi0FqJpYZh+arg/W3R/kifyucsY="
            case .submitForm: "TjodOQ0ngJiP1zGuL6qVqB2lgckRQF/2yBXN5N+DbDs="
            case .goOn: "Jk5AhsKLE3mPh2onI8jwRmoDq+A4rVWN8N/14xVSW5U="
            case .timeLeft: "ccIdHOodSysnf3mN/5XKBu5FM5iQGY0uPdMdKXW6/DE="
            case .arrows: "2KxT67cuizKi265BzhygRCddXSCrzpZn0T8Umogzu0o="
            }
        }

        private static let sendOnceElement: StaticString = """
            <script>addEventListener("submit",function(e){var d=e.target.dataset;if(1e4>e.timeStamp-d.sent)e.preventDefault();\
            else d.sent=e.timeStamp});addEventListener("pageshow",function(e){if(e.persisted)document.querySelectorAll("form").forEach(\
            function(f){delete f.dataset.sent})})</script>
            """

        /// Sent by a script there is no `submit` event: it says itself that the form was sent.
        private static let submitFormElement: StaticString =
            "<script>document.forms[0].dataset.sent=performance.now();document.forms[0].submit()</script>"

        private static let goOnElement: StaticString = """
            <script>(function(){var a=document.querySelector("[data-go]"),s=document.querySelector("[data-stay]"),t=setTimeout(function(){\
            location.assign(a.href)},1000*Number(a.getAttribute("data-go")));\
            if(s){s.hidden=false;s.addEventListener("click",function(){clearTimeout(t);s.hidden=true})}})()</script>
            """

        private static let timeLeftElement: StaticString = """
            <script>document.querySelectorAll("[data-ends]").forEach(function(e){setTimeout(function(){e.setAttribute("role","alert");\
            e.hidden=false},1000*Math.min(Number(e.getAttribute("data-ends")),2000000))})</script>
            """

        private static let arrowsElement: StaticString = """
            <script>addEventListener("keydown",function(e){var d={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]}[e.key],\
            f=document.activeElement;if(!d||/^(TEXTAREA|SELECT)$/.test(f.tagName)||f.tagName==="INPUT"&&f.type!=="checkbox"&&d[0])return;\
            var r=f===document.body||f.tagName==="MAIN"?null:f.getBoundingClientRect(),b=null,n=Infinity;\
            document.querySelectorAll("a[href],button,input:not([type=hidden]),summary").forEach(function(x){\
            if(x===f||x.disabled)return;var q=x.getBoundingClientRect();if(!q.width)return;var s;\
            if(r){var p=(q.left+q.right-r.left-r.right)/2,o=(q.top+q.bottom-r.top-r.bottom)/2,a=p*d[0]+o*d[1];\
            var c=d[0]?Math.max(0,q.top-r.bottom,r.top-q.bottom):Math.max(0,q.left-r.right,r.left-q.right);\
            if(a<=1)return;s=a+4*c}else s=document.querySelector("main").contains(x)?q.top:q.top+1e6;\
            if(s<n){n=s;b=x}});if(b){e.preventDefault();b.focus();b.scrollIntoView({block:"nearest"})}})</script>
            """
    }

    enum Sheet: Sendable { case full, carrier }

    /// `form-action` is left out: browsers apply it to the redirects behind a form too, and the next hop is the service's (checklist S2).
    static func policy(_ sheet: Sheet, _ scripts: [Script]) -> String {
        let start = sheet == .full ? fullPolicy : carrierPolicy
        guard !scripts.isEmpty else { return start }
        if sheet == .carrier, scripts == carrierScripts { return carrierSubmitting }
        return start + allowed(scripts)
    }

    private static func allowed(_ scripts: [Script]) -> String {
        "; script-src" + scripts.map { " 'sha256-" + $0.digest + "'" }.joined()
    }

    private static let rest = "; base-uri 'none'; frame-ancestors 'none'"
    private static let fullPolicy = "default-src 'none'; style-src 'sha256-\(Style.digest)'" + rest
    private static let carrierPolicy = "default-src 'none'; style-src 'sha256-\(Style.carrierDigest)'" + rest
    /// Most answers to services have these.
    private static let carrierScripts = [Script.sendOnce, .submitForm]
    private static let carrierSubmitting = carrierPolicy + allowed(carrierScripts)
}
