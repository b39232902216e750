//! Addresses that stand as values: in `moved`, `removed` and `import`. Text (`"aws_vpc.main[0]"`) and a
//! bare reference (`aws_vpc.main[0]`, as `.tf` files have it) are the same.

use std::sync::Arc;

use hcl_edit::Span;
use hcl_edit::expr::{Expression, TraversalOperator};

use super::offsets;
use super::table::constant;
use crate::address::{self, Addr, Key, Mode, ModulePath, ResourceAddr, Target};
use crate::diag::{Diagnostic, Diagnostics, Place};
use crate::lang::expr::Offsets;
use crate::lang::{Env, Expr, Kind, Node, Value};

const STATIC: &str = "an address holds names, and in brackets a number or a quoted text";

/// The address, whose keys are all constants.
pub(super) fn fixed(expr: &Expr) -> Result<(Target, Place), Diagnostics> {
    if let Some(Kind::String(text)) = constant(expr) {
        let target = address::parse(text).map_err(|it| Diagnostic::error(it).at(&expr.place))?;
        return Ok((target, expr.place.clone()));
    }
    let mut steps = steps(expr)?;
    for it in &mut steps {
        if let Step::Key(key) = it {
            let place = key.place.clone();
            let dynamic = || Diagnostic::error("this key is not constant").at(&place).help(STATIC);
            if !matches!(constant_key(key), Some(Key::Index(_) | Key::Name(_))) {
                return Err(dynamic().into());
            }
        }
    }
    let target = assemble(&steps, expr, &|key| Ok(constant_key(key).unwrap_or_default()))?;
    Ok((target, expr.place.clone()))
}

/// A template as bare HCL: text is read as an address whose keys may be expressions.
pub(super) fn bare(expr: Expr) -> Result<Expr, Diagnostics> {
    match constant(&expr) {
        Some(Kind::String(text)) => {
            let offsets = offsets::of_string(&expr.place.file, expr.place.span.clone(), text);
            Expr::hcl(text, offsets, expr.place.clone())
        }
        _ => Ok(expr),
    }
}

/// The resource that an address with keys names, without looking at the keys.
pub fn resource_of(expr: &Expr) -> Result<ResourceAddr, Diagnostics> {
    match assemble(&steps(expr)?, expr, &|_| Ok(Key::None))? {
        Target::Resource(it) => Ok(it),
        Target::Instance(it) => Ok(it.resource),
        Target::Module(_) => Err(whole_module(expr)),
    }
}

/// The expressions that stand in the address's brackets.
pub fn keys_of(expr: &Expr) -> Vec<Expr> {
    let steps = steps(expr).unwrap_or_default();
    steps.into_iter().filter_map(|it| if let Step::Key(it) = it { Some(it) } else { None }).collect()
}

/// The instance that an address names; keys are evaluated in `env`.
pub fn instance(expr: &Expr, env: &dyn Env) -> Result<Addr, Diagnostics> {
    match assemble(&steps(expr)?, expr, &|key| evaluate(key, env))? {
        Target::Resource(it) => Ok(it.instance(Key::None)),
        Target::Instance(it) => Ok(it),
        Target::Module(_) => Err(whole_module(expr)),
    }
}

fn evaluate(key: &Expr, env: &dyn Env) -> Result<Key, Diagnostics> {
    let value = key.eval(env)?;
    let wrong = |text: &str| Diagnostic::error(text).at(&key.place);
    if value.deep_marks().sensitive {
        return Err(wrong("a key of an address cannot be sensitive").into());
    }
    if value.is_unknown() {
        let one = wrong("this key is known only after apply").label("not known yet");
        return Err(one.help("which one is meant has to be known while planning").into());
    }
    key_of(&value).ok_or_else(|| wrong("a key of an address is a whole number or a text").into())
}

/// A resource, or one instance of it, and the attribute of it that is named after that; keys are
/// evaluated in `env`. Where there is no key, the instance without one stands for all.
pub fn attribute_of(expr: &Expr, env: &dyn Env) -> Result<(Addr, Vec<String>), Diagnostics> {
    let steps = steps(expr)?;
    // TYPE.NAME, and a key.
    let end = if matches!(steps.get(2), Some(Step::Key(_))) { 3 } else { 2 };
    let (own, rest) = steps.split_at(end.min(steps.len()));
    let addr = match assemble(own, expr, &|key| evaluate(key, env))? {
        Target::Resource(it) => it.instance(Key::None),
        Target::Instance(it) => it,
        Target::Module(_) => return Err(whole_module(expr)),
    };
    let mut path = Vec::new();
    for it in rest {
        path.push(match it {
            Step::Name(name) => name.clone(),
            Step::Key(key) => match evaluate(key, env)? {
                Key::Name(it) => it.to_string(),
                Key::Index(it) => it.to_string(),
                Key::None => String::new(),
            },
        });
    }
    Ok((addr, path))
}

fn whole_module(expr: &Expr) -> Diagnostics {
    let one = Diagnostic::error("this is a module, not a resource").at(&expr.place);
    one.help("write the address of a resource in it: \"module.net.aws_vpc.main\"").into()
}

/// A part of an address.
#[derive(Clone)]
enum Step {
    Name(String),
    Key(Expr),
}

fn key_of(value: &Value) -> Option<Key> {
    match &value.kind {
        Kind::String(it) => Some(Key::Name(it.clone())),
        Kind::Number(it) => it.to_i64().and_then(|it| u64::try_from(it).ok()).map(Key::Index),
        _ => None,
    }
}

fn constant_key(key: &Expr) -> Option<Key> {
    struct Nothing;
    impl Env for Nothing {
        fn resolve(&self, _: &[&str]) -> crate::lang::Found {
            crate::lang::Found::Missing(Box::new(Diagnostic::error(STATIC)))
        }
    }
    if let Node::Constant(value) = &key.node {
        return key_of(value);
    }
    let Node::Hcl(it, _) = &key.node else { return None };
    match &**it {
        Expression::String(_) | Expression::Number(_) => key_of(&key.eval(&Nothing).ok()?),
        _ => None,
    }
}

fn steps(expr: &Expr) -> Result<Vec<Step>, Diagnostics> {
    let wrong = || {
        let one = Diagnostic::error("this is not an address").at(&expr.place);
        Diagnostics::from(one.help("write an address, such as \"aws_vpc.main\" or \"module.net\""))
    };
    match &expr.node {
        Node::Hcl(it, offsets) => walk(it, offsets, &wrong),
        Node::Template(it, offsets) => {
            let inner = crate::lang::expr::lone(it).ok_or_else(wrong)?;
            walk(inner, offsets, &wrong)
        }
        _ => Err(wrong()),
    }
}

fn walk(
    it: &Expression,
    offsets: &Offsets,
    wrong: &dyn Fn() -> Diagnostics,
) -> Result<Vec<Step>, Diagnostics> {
    let Expression::Traversal(it) = it else { return Err(wrong()) };
    let Expression::Variable(root) = &it.expr else { return Err(wrong()) };
    let mut out = vec![Step::Name(root.as_str().to_owned())];
    for operator in &it.operators {
        let span = || offsets.place(operator.span().unwrap_or_default());
        match operator.value() {
            TraversalOperator::GetAttr(name) => out.push(Step::Name(name.as_str().to_owned())),
            TraversalOperator::Index(key) => {
                let place = key.span().map_or_else(span, |it| offsets.place(it));
                let node = Node::Hcl(Arc::new(key.clone()), offsets.clone());
                out.push(Step::Key(Expr { node, place }));
            }
            TraversalOperator::LegacyIndex(at) => {
                let number = i64::try_from(*at.value()).unwrap_or(i64::MAX);
                out.push(Step::Key(Expr::constant(number, &span())));
            }
            _ => {
                let one = Diagnostic::error("a splat is not part of an address").at(&span());
                return Err(one.help(STATIC).into());
            }
        }
    }
    Ok(out)
}

type Keyed<'a> = &'a dyn Fn(&Expr) -> Result<Key, Diagnostics>;

/// Reads the steps one after the other.
struct Reader<'a> {
    steps: &'a [Step],
    whole: &'a Expr,
    key: Keyed<'a>,
}

impl Reader<'_> {
    fn name(&mut self, what: &str) -> Result<String, Diagnostics> {
        match self.steps.split_first() {
            Some((Step::Name(it), rest)) => {
                self.steps = rest;
                Ok(it.clone())
            }
            Some((Step::Key(it), _)) => {
                Err(Diagnostic::error(format!("{what} is expected before this key")).at(&it.place).into())
            }
            None => {
                let one = Diagnostic::error(format!("this is not an address: {what} is missing"));
                Err(one
                    .at(&self.whole.place)
                    .help("an address ends in TYPE.NAME, such as aws_vpc.main")
                    .into())
            }
        }
    }

    fn key(&mut self) -> Result<Key, Diagnostics> {
        let Some((Step::Key(it), rest)) = self.steps.split_first() else { return Ok(Key::None) };
        self.steps = rest;
        (self.key)(it)
    }

    fn next_is(&self, word: &str) -> bool {
        matches!(self.steps.first(), Some(Step::Name(it)) if it == word)
    }
}

fn assemble(steps: &[Step], whole: &Expr, key: Keyed<'_>) -> Result<Target, Diagnostics> {
    let mut rest = Reader { steps, whole, key };
    let mut module = ModulePath::new();
    while rest.next_is("module") {
        rest.name("`module`")?;
        let name = rest.name("the name of a module")?;
        module.push((name.into(), rest.key()?));
    }
    if rest.steps.is_empty() && !module.is_empty() {
        return Ok(Target::Module(module));
    }
    let mode = if rest.next_is("data") { Mode::Data } else { Mode::Managed };
    if mode == Mode::Data {
        rest.name("`data`")?;
    }
    let kind = rest.name("a type")?;
    let name = rest.name("a name")?;
    let keyed = matches!(rest.steps.first(), Some(Step::Key(_)));
    let key = rest.key()?;
    if !rest.steps.is_empty() {
        let one = Diagnostic::error("this is more than an address: it ends with the name, or a key after it");
        return Err(one.at(&whole.place).into());
    }
    let resource = ResourceAddr { module, mode, kind: kind.into(), name: name.into() };
    Ok(if keyed { Target::Instance(Addr { resource, key }) } else { Target::Resource(resource) })
}
