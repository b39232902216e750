//! Patterns in RE2's syntax, as Terraform takes them, for the regex crate: classes such as `\w` are
//! ASCII only there, some characters need an escape here that they do not have there, and what one of
//! both lacks is an error.

use std::iter::Peekable;
use std::str::Chars;

/// A pattern for the crate, with the names of its groups (from the first on).
pub(super) struct Translated {
    pub pattern: String,
    pub names: Vec<Option<String>>,
}

pub(super) fn translate(pattern: &str) -> Result<Translated, String> {
    let names = Vec::new();
    let mut it = Translator { rest: pattern.chars().peekable(), out: String::new(), names, repeated: false };
    it.all()?;
    Ok(Translated { pattern: it.out, names: it.names })
}

/// RE2 repeats no more than this.
const MOST: u32 = 1000;

struct Translator<'a> {
    rest: Peekable<Chars<'a>>,
    out: String,
    names: Vec<Option<String>>,
    /// What came last is a repetition, which cannot be repeated itself.
    repeated: bool,
}

impl Translator<'_> {
    fn all(&mut self) -> Result<(), String> {
        while let Some(it) = self.rest.next() {
            let repetition = match it {
                '*' | '+' | '?' => Some(it.to_string()),
                '{' => self.counted()?,
                _ => None,
            };
            if let Some(repetition) = repetition {
                self.repeat(&repetition)?;
                continue;
            }
            self.repeated = false;
            match it {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.group()?,
                '.' | '^' | '$' | '|' | ')' => self.out.push(it),
                _ => self.literal(it),
            }
        }
        Ok(())
    }

    fn literal(&mut self, it: char) {
        self.out.push_str(&literal(it));
    }

    fn repeat(&mut self, repetition: &str) -> Result<(), String> {
        if self.repeated {
            return Err(format!("`{repetition}` repeats what is a repetition already: put that in a group"));
        }
        self.out.push_str(repetition);
        self.out.extend(self.rest.next_if_eq(&'?'));
        self.repeated = true;
        Ok(())
    }

    /// `{2}`, `{2,}` or `{2,3}` after its brace; everything else is meant as it is written.
    fn counted(&mut self) -> Result<Option<String>, String> {
        let text: String = self.rest.clone().take_while(|it| *it != '}').collect();
        let closed = self.rest.clone().nth(text.chars().count()) == Some('}');
        let (least, most) = text.split_once(',').map_or((text.as_str(), None), |it| (it.0, Some(it.1)));
        let number = |it: &str| {
            let digits = !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
            (digits && (it.len() == 1 || !it.starts_with('0'))).then(|| it.parse().unwrap_or(u32::MAX))
        };
        let least = number(least);
        let (Some(least), true) =
            (least, closed && most.is_none_or(|it| it.is_empty() || number(it).is_some()))
        else {
            return Ok(None);
        };
        let largest = most.and_then(number).unwrap_or(least);
        if largest > MOST || least > largest {
            return Err(format!("`{{{text}}}` must be from a smaller to a larger number, up to {MOST}"));
        }
        self.rest.nth(text.chars().count());
        Ok(Some(format!("{{{text}}}")))
    }

    fn escape(&mut self) -> Result<(), String> {
        let it = self.rest.next().ok_or("it ends with a backslash")?;
        match it {
            'A' | 'z' => self.out.extend(['\\', it]),
            'b' | 'B' => self.out.push_str(&format!("(?-u:\\{it})")),
            'Q' => self.quoted(),
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => self.out.push_str(&format!("[{}]", perl_class(it))),
            'p' | 'P' => {
                let class = self.unicode_class(it)?;
                self.out.push_str(&class);
            }
            _ => {
                let one = self.escaped_character(it)?;
                self.literal(one);
            }
        }
        Ok(())
    }

    /// Everything up to `\E` as it is written.
    fn quoted(&mut self) {
        while let Some(it) = self.rest.next() {
            if it == '\\' && self.rest.next_if_eq(&'E').is_some() {
                return;
            }
            self.literal(it);
        }
    }

    /// The character that an escape stands for, inside classes and outside.
    fn escaped_character(&mut self, it: char) -> Result<char, String> {
        let unknown = || format!("`\\{it}` means nothing in a pattern");
        Ok(match it {
            'a' => '\x07',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0b',
            'x' => self.hexadecimal()?,
            '1'..='7' if !self.rest.peek().is_some_and(|it| ('0'..='7').contains(it)) => {
                return Err(format!("`\\{it}` would refer back to a group, which patterns here cannot do"));
            }
            '0'..='7' => self.octal(it),
            _ if it.is_ascii() && !it.is_ascii_alphanumeric() => it,
            _ => return Err(unknown()),
        })
    }

    fn octal(&mut self, first: char) -> char {
        let mut code = first.to_digit(8).unwrap_or(0);
        for _ in 0..2 {
            let Some(digit) = self.rest.next_if(|it| it.is_digit(8)).and_then(|it| it.to_digit(8)) else {
                break;
            };
            code = code * 8 + digit;
        }
        char::from_u32(code).unwrap_or('\0')
    }

    fn hexadecimal(&mut self) -> Result<char, String> {
        let digits: String = if self.rest.next_if_eq(&'{').is_some() {
            let digits = self.rest.by_ref().take_while(|it| *it != '}').collect::<String>();
            if digits.is_empty() { "none".to_owned() } else { digits }
        } else {
            self.rest.by_ref().take(2).collect()
        };
        let hex = digits.len() >= 2 || digits.len() == 1 && !digits.is_empty();
        let code = u32::from_str_radix(&digits, 16).ok().filter(|_| hex && !digits.starts_with('+'));
        code.and_then(char::from_u32).ok_or_else(|| format!("`\\x{digits}` is no character"))
    }

    /// `\pL` or `\p{Greek}`, after its letter.
    fn unicode_class(&mut self, letter: char) -> Result<String, String> {
        let first = self.rest.next().ok_or("`\\p` needs the name of a class")?;
        let name = if first == '{' {
            let name: String = self.rest.clone().take_while(|it| *it != '}').collect();
            if self.rest.nth(name.chars().count()) != Some('}') {
                return Err(format!("`\\{letter}{{` is never closed"));
            }
            name
        } else {
            first.to_string()
        };
        let (negated, plain) = name.strip_prefix('^').map_or((false, name.as_str()), |it| (true, it));
        let letter = if negated == (letter == 'P') { 'p' } else { 'P' };
        match plain {
            "Any" => Ok(format!("\\{letter}{{any}}")),
            _ if CATEGORIES.contains(&plain) => Ok(format!("\\{letter}{{gc={plain}}}")),
            _ if is_script(plain) => Ok(format!("\\{letter}{{sc={plain}}}")),
            _ => Err(format!("there is no class of characters {plain:?}: a category such as L, or a script")),
        }
    }

    fn class(&mut self) -> Result<(), String> {
        self.out.push('[');
        self.out.extend(self.rest.next_if_eq(&'^'));
        let mut first = true;
        loop {
            let it = self.rest.next().ok_or("`[` is never closed")?;
            match it {
                ']' if !first => break,
                '[' if self.rest.peek() == Some(&':') && self.posix()? => {}
                '\\' if self.rest.peek().is_some_and(|it| "dDsSwWpP".contains(*it)) => {
                    self.class_in_class()?
                }
                _ => self.range(it)?,
            }
            first = false;
        }
        self.out.push(']');
        Ok(())
    }

    fn class_in_class(&mut self) -> Result<(), String> {
        let letter = self.rest.next().unwrap_or_default();
        let class = match letter {
            'p' | 'P' => self.unicode_class(letter)?,
            _ => format!("[{}]", perl_class(letter)),
        };
        self.out.push_str(&class);
        Ok(())
    }

    /// `[:alpha:]` after its bracket; `false` where it is none.
    fn posix(&mut self) -> Result<bool, String> {
        let text: String = self.rest.clone().take_while(|it| *it != ']').collect();
        let Some(name) = text.strip_prefix(':').and_then(|it| it.strip_suffix(':')) else {
            return Ok(false);
        };
        if !POSIX.contains(&name.trim_start_matches('^')) {
            return Err(format!("there is no class of characters `[:{name}:]`"));
        }
        self.out.push_str(&format!("[:{name}:]"));
        self.rest.nth(text.chars().count());
        Ok(true)
    }

    fn range(&mut self, first: char) -> Result<(), String> {
        let low = self.class_character(first)?;
        let mut ahead = self.rest.clone();
        let is_range = ahead.next() == Some('-') && ahead.next().is_some_and(|it| it != ']');
        self.literal(low);
        if is_range {
            self.rest.next();
            let next = self.rest.next().ok_or("`[` is never closed")?;
            let high = self.class_character(next)?;
            if high < low {
                return Err(format!("the range `{low}-{high}` is backwards"));
            }
            self.out.push('-');
            self.literal(high);
        }
        Ok(())
    }

    fn class_character(&mut self, it: char) -> Result<char, String> {
        match it {
            '\\' => {
                let it = self.rest.next().ok_or("it ends with a backslash")?;
                self.escaped_character(it)
            }
            _ => Ok(it),
        }
    }

    fn group(&mut self) -> Result<(), String> {
        self.out.push('(');
        if self.rest.next_if_eq(&'?').is_none() {
            self.names.push(None);
            return Ok(());
        }
        let mut ahead = self.rest.clone();
        match (ahead.next(), ahead.next()) {
            (Some('P'), Some('<')) => {
                self.rest.next();
                self.named()
            }
            (Some('<'), Some('=' | '!')) | (Some('=' | '!'), _) => {
                Err("patterns here can neither look ahead nor behind: `(?=…)` and its like".to_owned())
            }
            (Some('<'), _) => self.named(),
            _ => self.flags(),
        }
    }

    /// The crate wants a letter first: so it gets no name, and we keep it.
    fn named(&mut self) -> Result<(), String> {
        self.rest.next();
        let name: String = self.rest.clone().take_while(|it| *it != '>').collect();
        let closed = self.rest.nth(name.chars().count()) == Some('>');
        let fine = !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
        if !closed || !fine {
            return Err(format!("{name:?} is no name for a group: letters, digits and underscores"));
        }
        self.names.push(Some(name));
        Ok(())
    }

    fn flags(&mut self) -> Result<(), String> {
        let flags: String = self.rest.clone().take_while(|it| !matches!(it, ':' | ')')).collect();
        let known = flags.chars().all(|it| "imsU-".contains(it));
        let end = self.rest.nth(flags.chars().count());
        let end = end.filter(|_| known && !flags.ends_with('-') && flags.matches('-').count() < 2);
        let Some(end) = end else {
            return Err(format!("`(?{flags}` means nothing in a pattern"));
        };
        if flags.is_empty() && end == ')' {
            self.out.pop();
            return Ok(());
        }
        self.out.push('?');
        self.out.push_str(&flags);
        self.out.push(end);
        Ok(())
    }
}

fn literal(it: char) -> String {
    if it.is_ascii_alphanumeric() || !it.is_ascii() {
        it.to_string()
    } else {
        format!("\\x{{{:X}}}", u32::from(it))
    }
}

/// What stands between the brackets: only ASCII counts.
fn perl_class(letter: char) -> &'static str {
    match letter {
        'd' => "0-9",
        'D' => "^0-9",
        's' => "\\t\\n\\f\\r\\x{20}",
        'S' => "^\\t\\n\\f\\r\\x{20}",
        'w' => "0-9A-Za-z_",
        _ => "^0-9A-Za-z_",
    }
}

const POSIX: &[&str] = &[
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
    "upper", "word", "xdigit",
];

const CATEGORIES: &[&str] = &[
    "C", "Cc", "Cf", "Co", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No",
    "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs",
];

/// The crate takes them in any spelling, RE2 in their own only, such as `Old_Italic`.
fn is_script(name: &str) -> bool {
    let word = |it: &str| {
        let lower =
            it.get(1..).is_some_and(|it| it.len() > 1 && it.bytes().all(|it| it.is_ascii_lowercase()));
        lower && it.starts_with(|it: char| it.is_ascii_uppercase())
    };
    let spelled = name.split('_').all(word) || ["Nko", "SignWriting", "Yi"].contains(&name);
    spelled && regex::Regex::new(&format!("\\p{{sc={name}}}")).is_ok()
}
