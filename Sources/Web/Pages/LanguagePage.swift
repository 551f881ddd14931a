extension Pages {
    /// Where the choice of language leads from a page that answers a form or a message: that page cannot be had again by its address.
    static func languages() -> Markup {
        document(Words("ことばを選ぶ", "Choose your language")) { page in
            page.paragraph(
                Words(
                    "これから開くページは日本語で表示します。前のページに戻るには、ブラウザの「戻る」を使ってください。",
                    "The pages you open from now on are in English. To go back to where you were, use your browser's back button.",
                    easy: "これから やさしい日本語で 書きます。前のページに もどるときは、ブラウザの「戻る」を おしてください。"))
        }
    }
}
