import TrustFramework

/// Names of the purposes that `sekisho init` writes rules for. A deployment's own `purposes:` come before them, and name what is not here:
/// without words of either a citizen reads the code.
enum PurposeWords {
    static func of(_ purpose: Purpose) -> Words { named[purpose.text] ?? Words(verbatim: purpose.text) }

    private static let named: [String: Words] = [
        "account-opening": Words("口座の開設", "Opening an account", easy: "銀行の 口座を 作る"),
        "administration": Words("管理コンソールの利用", "Using the administrators' console", easy: "管理の 仕事"),
        "change-watch": Words("登録内容の変更の確認", "Being told that something has changed", easy: "変わった ことを 知らせる"),
        "counter": Words("窓口での手続き", "Business at a counter", easy: "窓口の てつづき"),
        "customer-login": Words("お客様ページへのログイン", "Customer login", easy: "お客様の ページに ログインする"),
        "filing": Words("電子申請", "Filing on line", easy: "インターネットで 申し込む"),
        "health-record": Words("健康記録の概要の閲覧", "Seeing the overview of the health record", easy: "からだの 記録を 見る"),
        "health-record-details": Words("健康記録の詳細の閲覧", "Seeing the details of the health record", easy: "からだの 記録を くわしく 見る"),
        "identity-check": Words("本人確認", "Proof of identity", easy: "あなたが だれか 確かめる"),
        "ledger": Words("あなたのページの利用", "Using your own page here", easy: "あなたの ページを 見る"),
        "online-banking": Words("オンラインバンキングの利用", "On-line banking", easy: "インターネットで 銀行を 使う"),
        "points": Words("ポイントサービスの利用", "Using the points service", easy: "ポイントを 使う"),
        "portal": Words("行政ポータルの利用", "Using the portal of the administration", easy: "役所の ページを 使う"),
        "procedure": Words("行政手続き", "An administrative procedure", easy: "役所の てつづき"),
        "profiling": Words("利用傾向の分析", "Analysing how you use the service", easy: "使いかたを 調べる"),
        "reception": Words("医療機関・薬局での受付", "Reception at a clinic or pharmacy", easy: "病院や 薬局の 受付"),
        "shelter": Words("避難所での受付", "Check-in at a shelter", easy: "避難所の 受付"),
        "staff": Words("業務システムへのログイン", "Logging in to systems for work", easy: "仕事で 使う"),
    ]
}
