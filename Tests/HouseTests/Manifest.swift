/// What `Package.swift` says of its targets, read as text: the package description is not a module a test can load.
struct Manifest {
    /// Target name to the rooms and products it depends on. The products we use are called like their modules.
    let dependencies: [String: Set<String>]
    let testTargets: Set<String>

    init(reading text: String) {
        let tokens = Lexer.tokens(of: text)
        var products: [String: String] = [:]
        var found: [String: Set<String>] = [:]
        var tests: Set<String> = []
        for index in tokens.indices where tokens[index].kind == .word {
            // let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
            if tokens[index].text == "let", index + 12 < tokens.count, tokens[index + 8].text == "product",
                tokens[index + 12].kind == .literal
            {
                products[tokens[index + 1].text] = tokens[index + 12].text
            }
            guard ["room", "program", "tests"].contains(tokens[index].text), index + 2 < tokens.count,
                tokens[index + 1].text == "(", tokens[index + 2].kind == .literal
            else { continue }
            let name = tokens[index + 2].text
            if tokens[index].text == "tests" { tests.insert(name) }
            found[name] = Self.list(from: index + 3, in: tokens, products: products)
        }
        for index in tokens.indices where tokens[index].text == "systemLibrary" && index + 4 < tokens.count {
            found[tokens[index + 4].text] = []
        }
        dependencies = found
        testTargets = tests
    }

    /// The names up to the parenthesis that closes the call.
    private static func list(from start: Int, in tokens: [Token], products: [String: String]) -> Set<String> {
        var names: Set<String> = []
        var depth = 1
        for token in tokens[start...] {
            if token.kind == .mark, token.text == "(" { depth += 1 }
            if token.kind == .mark, token.text == ")" { depth -= 1 }
            if depth == 0 { break }
            if token.kind == .literal { names.insert(token.text) }
            if token.kind == .word, let product = products[token.text] { names.insert(product) }
        }
        return names
    }
}
