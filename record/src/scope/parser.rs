//! Parses an expression by recursive descent.

use super::error::ScopeError;
use super::expression::{Expression, Field, Scope, Status};
use super::matcher::{Kind, Matcher};
use super::names::Reference;
use super::reader::{Argument, Reader};

const LONGEST: usize = 4096;
const MOST_NODES: usize = 512;
const DEEPEST: usize = 64;

pub(super) fn parse(text: &str) -> Result<Scope, ScopeError> {
    // Printing adds nothing but spaces, so what was parsed once is never too long when printed.
    if text.bytes().filter(|&b| b != b' ').count() > LONGEST {
        let message = format!("the expression is longer than {LONGEST} bytes; split it");
        return Err(ScopeError::new("", 0..0, message));
    }
    let mut parser = Parser {
        reader: Reader::new(text),
        references: Vec::new(),
        nodes: 0,
        depth: 0,
    };
    let expression = parser.either()?;
    match parser.reader.peek() {
        None => Ok(Scope {
            expression,
            references: parser.references,
        }),
        Some(')') => Err(parser
            .reader
            .error_here("this `)` closes nothing; remove it")),
        Some(_) => Err(parser.reader.error_here(
            "expected `&`, `|`, `-` or the end; write an operator between two predicates",
        )),
    }
}

struct Parser<'t> {
    reader: Reader<'t>,
    references: Vec<Reference>,
    nodes: usize,
    depth: usize,
}

impl Parser<'_> {
    /// `a | b`, the loosest.
    fn either(&mut self) -> Result<Expression, ScopeError> {
        let mut left = self.both()?;
        while self.reader.take_sign(&['|', '+']).is_some() || self.reader.take_word("or") {
            let right = self.both()?;
            left = self.node(Expression::Either(Box::new(left), Box::new(right)))?;
        }
        Ok(left)
    }

    /// `a & b` and `a - b`.
    fn both(&mut self) -> Result<Expression, ScopeError> {
        let mut left = self.term()?;
        loop {
            let sign = self.reader.take_sign(&['&', '-']);
            if sign == Some('-') {
                let right = self.term()?;
                left = self.node(Expression::Without(Box::new(left), Box::new(right)))?;
            } else if sign.is_some() || self.reader.take_word("and") {
                let right = self.term()?;
                left = self.node(Expression::Both(Box::new(left), Box::new(right)))?;
            } else {
                return Ok(left);
            }
        }
    }

    /// `!a`, `(a)` or a predicate, and the space after it.
    fn term(&mut self) -> Result<Expression, ScopeError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("nested deeper than {DEEPEST} levels; remove parentheses");
            return Err(self.reader.error_here(message));
        }
        self.reader.skip_space();
        let open = self.reader.at();
        let term = if self.reader.take_sign(&['!']).is_some() || self.reader.take_word("not") {
            let inner = self.term()?;
            self.node(Expression::Not(Box::new(inner)))?
        } else if self.reader.take_sign(&['(']).is_some() {
            let inner = self.either()?;
            if self.reader.take_sign(&[')']).is_none() {
                return Err(self
                    .reader
                    .error(open..open + 1, "this `(` is never closed; add `)`"));
            }
            inner
        } else {
            self.predicate()?
        };
        self.reader.skip_space();
        self.depth -= 1;
        Ok(term)
    }

    fn predicate(&mut self) -> Result<Expression, ScopeError> {
        let span = self.reader.word_ahead();
        if span.is_empty() {
            return Err(self.reader.error_here(match self.reader.peek() {
                Some('&' | '|') => "one sign is enough; write `&` or `|` once",
                _ => "expected a predicate such as `phase(C)`, `!` or `(`",
            }));
        }
        let name = self.reader.slice(span.clone());
        self.reader.move_to(span.end);
        let constant = match name {
            "all" => Some(Expression::All),
            "none" => Some(Expression::None),
            _ => None,
        };
        let field = Field::ALL.into_iter().find(|field| field.as_str() == name);
        if constant.is_none() && field.is_none() && name != "status" {
            return Err(self.reader.error(span, unknown_predicate(name)));
        }
        self.reader.skip_space();
        if self.reader.take_sign(&['(']).is_none() {
            let message = format!("`{name}` needs parentheses; write `{name}(…)`");
            return Err(self.reader.error(span, message));
        }
        let argument = self.reader.argument()?;
        let expression = match (constant, field) {
            (Some(constant), _) if argument.text.is_empty() && argument.kind.is_none() => constant,
            (Some(_), _) => {
                let message = format!("`{name}()` takes no argument; remove it");
                return Err(self.reader.error(argument.span, message));
            }
            (None, Some(field)) => self.matcher(field, argument)?,
            (None, None) => self.status(argument)?,
        };
        self.node(expression)
    }

    fn matcher(&mut self, field: Field, argument: Argument) -> Result<Expression, ScopeError> {
        let Argument { kind, text, span } = argument;
        if text.is_empty() && kind.is_none() {
            let message = format!(
                "`{}()` needs an argument: a name to compare with",
                field.as_str()
            );
            return Err(self.reader.error(span, message));
        }
        let kind = kind.unwrap_or(Kind::default_of(field));
        if kind == Kind::Equal {
            self.references.push(Reference {
                predicate: field.as_str(),
                name: text.clone(),
                span: span.clone(),
            });
        }
        let matcher = Matcher::new(kind, text).map_err(|why| {
            self.reader
                .error(span, format!("no regular expression: {why}"))
        })?;
        Ok(Expression::Predicate(field, matcher))
    }

    fn status(&mut self, argument: Argument) -> Result<Expression, ScopeError> {
        let is_word = matches!(argument.kind, None | Some(Kind::Equal));
        let found = Status::ALL
            .into_iter()
            .find(|status| status.as_str() == argument.text);
        if let Some(status) = found.filter(|_| is_word) {
            return Ok(Expression::Status(status));
        }
        let known = Status::ALL.map(Status::as_str);
        let advice = match nearest(&argument.text, &known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of {}", known.join(", ")),
        };
        let message = format!("`{}` is no status; {advice}", argument.text);
        Err(self.reader.error(argument.span, message))
    }

    fn node(&mut self, expression: Expression) -> Result<Expression, ScopeError> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            let message = format!("more than {MOST_NODES} predicates and operators; split it");
            return Err(self.reader.error_here(message));
        }
        Ok(expression)
    }
}

fn unknown_predicate(name: &str) -> String {
    let mut known = Field::ALL.map(Field::as_str).to_vec();
    known.extend(["status", "all", "none"]);
    match nearest(name, &known) {
        Some(near) => format!("unknown predicate `{name}`; did you mean `{near}`?"),
        None => format!(
            "unknown predicate `{name}`; write one of {}",
            known.join(", ")
        ),
    }
}

fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = known
        .iter()
        .map(|word| (strsim::damerau_levenshtein(name, word), *word));
    near.min()
        .filter(|(distance, word)| *distance <= word.len().div_ceil(3))
        .map(|(_, word)| word)
}
