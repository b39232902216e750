//! The functions of the language: one table a family, each entry with its manual, examples that are
//! tested, and what it does.

use super::expr::Env;
use super::number::Number;
use super::types::Type;
use super::value::{Map, Value};
use crate::diag::Diagnostics;

mod charset;
mod collection;
mod conversion;
mod crypto;
mod csv;
pub(super) mod date;
mod encoding;
mod file;
mod format;
mod hash;
mod mapping;
mod network;
mod numeric;
mod provider;
mod regex;
mod sequence;
mod sets;
mod template;
mod text;
mod yaml;

/// One function.
pub struct Function {
    pub name: &'static str,
    pub params: &'static [Param],
    /// What any further arguments are.
    pub rest: Option<Param>,
    pub returns: Returns,
    /// One sentence: what it gives.
    pub doc: &'static str,
    /// Expressions and their values, as the console prints them: tested, and true in Terraform too.
    pub examples: &'static [(&'static str, &'static str)],
    pub run: fn(&Call) -> Answer,
}

/// What a function takes at one position.
#[derive(Clone, Copy)]
pub struct Param {
    pub name: &'static str,
    pub ty: Ty,
    /// May be null.
    pub nullable: bool,
    /// How much of it has to be known; otherwise the result is unknown.
    pub known: Known,
    /// The function takes care of marks itself; otherwise they move to the result.
    pub marked: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    Perhaps,
    /// The value, not what it holds.
    Itself,
    Wholly,
}

/// A type as a constant.
#[derive(Clone, Copy)]
pub enum Ty {
    Any,
    Bool,
    Number,
    String,
    List(&'static Ty),
    Set(&'static Ty),
    Map(&'static Ty),
}

/// The type of a result, for when it is unknown.
#[derive(Clone, Copy)]
pub enum Returns {
    /// Never null.
    Is(Ty),
    By(fn(&[Value]) -> Type),
    /// What can be wrong before all arguments are known is an error at once.
    Checked(fn(&[Value]) -> Result<Type, Fail>),
}

/// A call under way: arguments converted, counted, not null where they must not be.
pub struct Call<'a> {
    pub args: Vec<Value>,
    pub env: &'a dyn Env,
}

pub type Answer = Result<Value, Fail>;

/// Why a function has no answer.
#[derive(Debug)]
pub enum Fail {
    /// Because of this argument.
    Arg(usize, String),
    Whole(String),
    /// Errors with places of their own, of a template for instance.
    Inside(Diagnostics),
}

impl From<String> for Fail {
    fn from(why: String) -> Self {
        Fail::Whole(why)
    }
}
impl From<&str> for Fail {
    fn from(why: &str) -> Self {
        Fail::Whole(why.to_owned())
    }
}

/// A family, and the tables that hold it.
pub struct Family {
    pub title: &'static str,
    pub tables: &'static [&'static [Function]],
}

pub const FAMILIES: &[Family] = &[
    Family { title: "Numbers", tables: &[numeric::ALL] },
    Family { title: "Texts", tables: &[text::ALL, format::ALL, regex::ALL] },
    Family { title: "Collections", tables: &[collection::ALL, sequence::ALL, mapping::ALL, sets::ALL] },
    Family { title: "Encodings", tables: &[encoding::ALL, charset::ALL, csv::ALL, yaml::ALL] },
    Family { title: "Files and templates", tables: &[file::ALL, template::ALL] },
    Family { title: "Dates and times", tables: &[date::ALL] },
    Family { title: "Hashes, keys and random values", tables: &[hash::ALL, crypto::ALL] },
    Family { title: "IP networks", tables: &[network::ALL] },
    Family { title: "Types and marks", tables: &[conversion::ALL] },
    Family { title: "Of providers", tables: &[provider::ALL] },
];

/// What looks like a function, but evaluates its arguments itself.
pub struct Form {
    pub usage: &'static str,
    pub doc: &'static str,
    pub examples: &'static [(&'static str, &'static str)],
}

pub const FORMS: &[Form] = &[
    Form {
        usage: "can(expression)",
        doc: "Whether an expression has a value, rather than an error.",
        examples: &[("can({}.a)", "false"), ("can(1)", "true")],
    },
    Form {
        usage: "try(expressions…)",
        doc: "The first of its expressions that has a value, rather than an error.",
        examples: &[(r#"try({}.a, "none")"#, r#""none""#)],
    },
];

/// All of them, in no order.
pub fn all() -> impl Iterator<Item = &'static Function> {
    FAMILIES.iter().flat_map(|it| it.tables).copied().flatten()
}

pub fn find(name: &str) -> Option<&'static Function> {
    all().find(|it| it.name == name)
}

impl Function {
    const fn new(
        name: &'static str,
        params: &'static [Param],
        returns: Returns,
        doc: &'static str,
        examples: &'static [(&'static str, &'static str)],
        run: fn(&Call) -> Answer,
    ) -> Function {
        Function { name, params, rest: None, returns, doc, examples, run }
    }
    const fn rest(self, param: Param) -> Function {
        Function { rest: Some(param), ..self }
    }

    pub fn param(&self, index: usize) -> Option<&Param> {
        self.params.get(index).or(self.rest.as_ref())
    }
    /// How a call of it looks.
    pub fn usage(&self) -> String {
        let rest = self.rest.iter().map(|it| format!("{}…", it.name));
        let names: Vec<String> = self.params.iter().map(|it| it.name.to_owned()).chain(rest).collect();
        format!("usage: {}({})", self.name, names.join(", "))
    }
    /// With types: `substr(str: string, offset: number, length: number) → string`.
    pub fn signature(&self) -> String {
        let ty = |it: Type| it.to_string().replace("dynamic", "any");
        let fixed = self.params.iter().map(|param| format!("{}: {}", param.name, ty(param.ty.get())));
        let rest = self.rest.iter().map(|param| format!("{}…: {}", param.name, ty(param.ty.get())));
        let params: Vec<String> = fixed.chain(rest).collect();
        let result = match self.returns {
            Returns::Is(it) => format!(" → {}", ty(it.get())),
            Returns::By(_) | Returns::Checked(_) => String::new(),
        };
        format!("{}({}){result}", self.name, params.join(", "))
    }
    /// The result while the arguments are not known.
    pub fn unknown(&self, args: &[Value]) -> Answer {
        Ok(match self.returns {
            Returns::Is(ty) => Value::unknown_not_null(ty.get()),
            Returns::By(ty) => Value::unknown(ty(args)),
            Returns::Checked(ty) => Value::unknown(ty(args)?),
        })
    }
}

impl Ty {
    pub fn get(self) -> Type {
        match self {
            Ty::Any => Type::Any,
            Ty::Bool => Type::Bool,
            Ty::Number => Type::Number,
            Ty::String => Type::String,
            Ty::List(of) => Type::list(of.get()),
            Ty::Set(of) => Type::set(of.get()),
            Ty::Map(of) => Type::map(of.get()),
        }
    }
}

impl Param {
    const fn new(name: &'static str, ty: Ty) -> Param {
        Param { name, ty, nullable: false, known: Known::Itself, marked: false }
    }
    const fn nullable(self) -> Param {
        Param { nullable: true, ..self }
    }
    const fn wholly(self) -> Param {
        Param { known: Known::Wholly, ..self }
    }
    const fn perhaps(self) -> Param {
        Param { known: Known::Perhaps, ..self }
    }
    const fn marked(self) -> Param {
        Param { marked: true, ..self }
    }
}

const fn any(name: &'static str) -> Param {
    Param::new(name, Ty::Any)
}
const fn string(name: &'static str) -> Param {
    Param::new(name, Ty::String)
}
const fn number(name: &'static str) -> Param {
    Param::new(name, Ty::Number)
}
const fn strings(name: &'static str) -> Param {
    Param::new(name, Ty::List(&Ty::String)).wholly()
}

impl Call<'_> {
    fn value(&self, at: usize) -> Result<&Value, Fail> {
        self.args.get(at).ok_or_else(|| Fail::Whole("an argument is missing".to_owned()))
    }
    fn required<T>(&self, at: usize, what: &str, found: Option<T>) -> Result<T, Fail> {
        found.ok_or_else(|| Fail::Arg(at, format!("{what} is required")))
    }
    fn text(&self, at: usize) -> Result<&str, Fail> {
        self.required(at, "a string", self.value(at)?.as_str())
    }
    fn number(&self, at: usize) -> Result<&Number, Fail> {
        self.required(at, "a number", self.value(at)?.as_number())
    }
    fn integer(&self, at: usize) -> Result<i64, Fail> {
        self.required(at, "a whole number", self.number(at)?.to_i64())
    }
    fn count(&self, at: usize) -> Result<usize, Fail> {
        self.required(at, "a whole number from 0", self.number(at)?.to_usize())
    }
    fn items(&self, at: usize) -> Result<&[Value], Fail> {
        self.required(at, "a list, tuple or set", self.value(at)?.as_items())
    }
    fn fields(&self, at: usize) -> Result<&Map, Fail> {
        self.required(at, "a map or object", self.value(at)?.as_fields())
    }
    /// The texts of a list of strings.
    fn texts(&self, at: usize) -> Result<Vec<&str>, Fail> {
        let text = |it: (usize, &'_ Value)| -> Result<(), Fail> {
            match it.1.as_str() {
                Some(_) => Ok(()),
                None => Err(Fail::Arg(at, format!("element {} must be a string, not null", it.0))),
            }
        };
        let items = self.items(at)?;
        items.iter().enumerate().try_for_each(text)?;
        Ok(items.iter().filter_map(Value::as_str).collect())
    }
    fn only(&self, most: usize) -> Result<(), Fail> {
        let given = self.args.len();
        if given > most {
            Err(format!("it takes at most {most} arguments, not {given}").into())
        } else {
            Ok(())
        }
    }
}

/// A list of strings.
fn string_list<S: Into<String>>(all: impl IntoIterator<Item = S>) -> Value {
    Value::list(Type::String, all.into_iter().map(|it| Value::from(it.into())).collect())
}

/// A length or position.
fn counted(it: usize) -> Value {
    i64::try_from(it).unwrap_or(i64::MAX).into()
}
