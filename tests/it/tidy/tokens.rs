//! Just enough of Rust's lexis to find paths in a file: comments and the text of literals are
//! dropped, so that neither a sentence nor a message counts as code.

/// A word, a `::`, or one other character; a literal is the single token `"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    pub(super) line: usize,
}

impl Token<'_> {
    pub(super) fn is_word(&self) -> bool {
        self.text.chars().next().is_some_and(is_word_char)
    }
}

/// A path as written, groups of a `use` taken apart: `use crate::{a, b::c}` gives `crate::a` and
/// `crate::b::c`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Path<'a> {
    pub(super) segments: Vec<&'a str>,
    pub(super) line: usize,
    /// The names of the inline modules (`mod tests { … }`) around it.
    pub(super) inline: Vec<&'a str>,
}

fn is_word_char(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The tokens of a Rust file, with lines counted from 1.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let (length, kept) = match skipped(rest) {
            Some(length) => (length, None),
            None => next_token(rest),
        };
        if let Some(token) = kept {
            found.push(Token { text: token, line });
        }
        line += rest[..length].matches('\n').count();
        at += length;
    }
    found
}

/// The length of white space or of a comment at the start of `rest`.
fn skipped(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(block_comment_length(rest));
    }
    rest.chars().next().filter(|c| c.is_whitespace()).map(char::len_utf8)
}

fn block_comment_length(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// The length of the token at the start of `rest`, and the token.
fn next_token(rest: &str) -> (usize, Option<&str>) {
    if let Some(length) = literal_length(rest) {
        return (length, Some("\""));
    }
    if rest.starts_with("::") {
        return (2, Some("::"));
    }
    if let Some(word) = rest.strip_prefix("r#") {
        let length = word_length(word);
        return (2 + length, Some(&word[..length]));
    }
    let length = word_length(rest);
    if length > 0 {
        return (length, Some(&rest[..length]));
    }
    let length = rest.chars().next().map_or(1, char::len_utf8);
    (length, Some(&rest[..length]))
}

fn word_length(rest: &str) -> usize {
    rest.find(|c| !is_word_char(c)).unwrap_or(rest.len())
}

/// The length of a string, byte string, raw string or character at the start of `rest`; a lifetime
/// is none of these.
fn literal_length(rest: &str) -> Option<usize> {
    let prefix = rest.find(|c| !matches!(c, 'b' | 'c' | 'r')).filter(|length| *length <= 2)?;
    let body = &rest[prefix..];
    if rest[..prefix].ends_with('r') {
        let hashes = body.find(|c| c != '#')?;
        if !body[hashes..].starts_with('"') {
            return None;
        }
        let end = format!("\"{}", "#".repeat(hashes));
        let inside = &body[hashes + 1..];
        let length = inside.find(&end).map_or(inside.len(), |found| found + end.len());
        return Some(prefix + hashes + 1 + length);
    }
    if body.starts_with('"') {
        return Some(prefix + quoted_length(body, '"'));
    }
    let mut chars = body.strip_prefix('\'')?.chars();
    let (first, second) = (chars.next()?, chars.next()?);
    (first == '\\' || second == '\'').then(|| prefix + quoted_length(body, '\''))
}

fn quoted_length(body: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in body.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    body.len()
}

/// Every path of at least two segments, and every single name that a `use` brings in.
pub(super) fn paths<'a>(tokens: &[Token<'a>]) -> Vec<Path<'a>> {
    let mut found = Vec::new();
    let mut open: Vec<Option<&'a str>> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let token = tokens[at];
        match token.text {
            "{" => open.push(inline_module(&tokens[..at])),
            "}" => drop(open.pop()),
            _ => {}
        }
        let used = at > 0 && tokens[at - 1].text == "use";
        let path = tokens.get(at + 1).is_some_and(|next| next.text == "::");
        if !token.is_word() || !(used || path) {
            at += 1;
            continue;
        }
        let first = found.len();
        at = take_tree(tokens, at, &[], &mut found);
        for path in &mut found[first..] {
            path.inline = open.iter().copied().flatten().collect();
        }
    }
    found
}

/// The name in `mod name {`, given all tokens before the brace.
fn inline_module<'a>(before: &[Token<'a>]) -> Option<&'a str> {
    match before {
        [.., keyword, name] if keyword.text == "mod" => Some(name.text),
        _ => None,
    }
}

/// Takes one tree (`a::{b, c::*}`) apart; returns the index after it.
fn take_tree<'a>(
    tokens: &[Token<'a>],
    mut at: usize,
    prefix: &[&'a str],
    found: &mut Vec<Path<'a>>,
) -> usize {
    let mut segments = prefix.to_vec();
    while let Some(token) = tokens.get(at) {
        if token.text == "{" {
            at += 1;
            while tokens.get(at).is_some_and(|token| token.text != "}") {
                at = match tokens[at].text {
                    "as" => at + 2,
                    "," => at + 1,
                    _ => take_tree(tokens, at, &segments, found),
                };
            }
            return at + 1;
        }
        if token.is_word() || token.text == "*" {
            segments.push(token.text);
            at += 1;
        }
        let joined = tokens.get(at).is_some_and(|token| token.text == "::");
        let next = tokens
            .get(at + 1)
            .filter(|next| next.is_word() || next.text == "{" || (next.text == "*" && joined));
        if joined && next.is_some() {
            at += 1;
            continue;
        }
        if segments.len() > prefix.len() {
            found.push(Path { segments, line: token.line, inline: Vec::new() });
            return at;
        }
        return at + 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokens(text).into_iter().map(|token| token.text).collect()
    }

    fn joined(text: &str) -> Vec<String> {
        let tokens = tokens(text);
        paths(&tokens).into_iter().map(|path| path.segments.join("::")).collect()
    }

    #[test]
    fn comments_and_literals_are_no_code() {
        assert_eq!(words("a // crate::b\n/* c /* d */ e */ f"), ["a", "f"]);
        assert_eq!(
            words(r##"x("crate::b \" c", r#"d"e"#, 'f', '\'', b"g")"##).concat(),
            "x(\",\",\",\",\")"
        );
        assert_eq!(words("fn f<'a>(x: &'a str)").join(" "), "fn f < ' a > ( x : & ' a str )");
        assert_eq!(words("r#type"), ["type"]);
    }

    #[test]
    fn lines_are_counted_through_literals_and_comments() {
        let found = tokens("\"one\ntwo\"\n/* three\nfour */ word");
        assert_eq!(found.last(), Some(&Token { text: "word", line: 4 }));
    }

    #[test]
    fn groups_are_taken_apart() {
        assert_eq!(
            joined("use crate::{a, b::{c as d, self}, e::*}; use x; f(crate::g::h::<T>(1));"),
            ["crate::a", "crate::b::c", "crate::b::self", "crate::e::*", "x", "crate::g::h"]
        );
    }

    #[test]
    fn inline_modules_are_known() {
        let tokens = tokens("mod tests { use super::a; fn f() { super::b(); } } use super::c;");
        let inline: Vec<_> = paths(&tokens).into_iter().map(|path| path.inline).collect();
        assert_eq!(inline, [vec!["tests"], vec!["tests"], vec![]]);
    }
}
