extension Pages {
    /// Where the choice of language leads from a page that answers a form or a message: that page cannot be had again by its address.
    static func languages() -> Markup {
        document(Words("言語を選ぶ", "Choose your language", easy: "ことばを 選びます")) { page in
            page.paragraph(
                Words(
                    "これから開くページは日本語で表示します。前のページに戻るには、ブラウザの「戻る」を使ってください。",
                    "The pages you open from now on are in English. To go back to where you were, use your browser's back button.",
                    easy: "これから やさしい日本語で 書きます。前の ページに 戻る ときは、ブラウザの「戻る」を 押してください。"))
        }
    }
}
