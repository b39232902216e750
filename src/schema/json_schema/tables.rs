//! The tables that are no resource types, and what any resource takes.

use serde_json::{Map, Value as Json, json};

use super::settings::{self, BACKENDS, PROVIDERS};
use super::{EXPRESSION, NAME, encryption, reference};

fn object(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(it) => it,
        _ => Map::new(),
    }
}

/// What several tables have in common.
pub fn definitions() -> Map<String, Json> {
    object(json!({
        "rule": {
            "type": "object",
            "properties": {
                "condition": {
                    "description": "An expression that must be true.",
                    "type": ["string", "boolean"],
                    "pattern": EXPRESSION,
                },
                "error_message": { "description": "What to say where it is not.", "type": "string" },
            },
            "required": ["condition", "error_message"],
            "additionalProperties": false,
        },
        "addresses": {
            "type": "array",
            "items": { "type": "string" },
        },
        "repeat": {
            "type": ["object", "array", "string"],
            "pattern": EXPRESSION,
        },
        "lifecycle": {
            "type": "object",
            "properties": lifecycle(),
            "additionalProperties": false,
        },
        "conditions": {
            "type": "object",
            "properties": {
                "precondition": rules("Must hold before it is read."),
                "postcondition": rules("Must hold of what was read: `self`."),
            },
            "additionalProperties": false,
        },
        "encrypted": encryption::target(),
        "local-exec": local_exec(),
        "provisioner": {
            "type": "object",
            "properties": { "local-exec": many("A command that runs on this machine.", "local-exec") },
            "additionalProperties": false,
        },
    }))
}

/// One table or several.
fn many(description: &str, definition: &str) -> Json {
    let item = reference(definition);
    json!({
        "description": description,
        "anyOf": [item.clone(), { "type": "array", "items": item }],
    })
}

fn rules(description: &str) -> Json {
    many(description, "rule")
}

fn described(description: &str, definition: &str) -> Json {
    json!({ "description": description, "allOf": [reference(definition)] })
}

fn flag(description: &str) -> Json {
    json!({ "description": description, "type": "boolean" })
}

fn text(description: &str) -> Json {
    json!({ "description": description, "type": "string" })
}

fn lifecycle() -> Json {
    json!({
        "create_before_destroy": flag("Where it is replaced, make the new one before the old one goes."),
        "prevent_destroy": flag("Refuse every plan that would destroy or replace it."),
        "ignore_changes": {
            "description": "Attributes whose differences are left alone; or \"all\".",
            "anyOf": [
                { "type": "string", "enum": ["all", "*"] },
                { "type": "array", "items": { "type": "string" } },
            ],
        },
        "replace_triggered_by": {
            "description": "Resources, or attributes of some, whose change replaces this one.",
            "type": "array",
            "items": { "type": "string" },
        },
        "precondition": rules("Must hold before it is changed."),
        "postcondition": rules("Must hold afterwards, of `self`."),
    })
}

fn local_exec() -> Json {
    let anything =
        |description: &str, ty: &str| json!({ "description": description, "type": [ty, "string"] });
    json!({
        "type": "object",
        "properties": {
            "command": text("What to run."),
            "environment": anything("Variables of its environment.", "object"),
            "interpreter": anything("The program that runs it, and the program's arguments.", "array"),
            "on_failure": { "description": "Whether a failure stops the apply.", "type": "string", "enum": ["fail", "continue"] },
            "quiet": anything("Do not print the command.", "boolean"),
            "when": { "description": "When to run it.", "type": "string", "enum": ["create", "destroy"] },
            "working_dir": text("The folder to run it in."),
        },
        "required": ["command"],
        "additionalProperties": false,
    })
}

/// What every resource takes besides its type's attributes.
pub fn resource_arguments() -> Map<String, Json> {
    let mut out = repeat("resource");
    out.extend(object(json!({
        "depends_on": described("Addresses of what must be there before it, where no reference says so.", "addresses"),
        "provider": text("The provider configuration: \"aws\" or \"aws.ALIAS\"."),
        "lifecycle": described("How its changes go about.", "lifecycle"),
        "provisioner": many("Commands that run beside its create or its destroy.", "provisioner"),
    })));
    out
}

/// The same for data sources.
pub fn data_arguments() -> Map<String, Json> {
    let mut out = repeat("data source");
    out.extend(object(json!({
        "depends_on": described("Addresses of what must be there before it is read, where no reference says so.", "addresses"),
        "provider": text("The provider configuration: \"aws\" or \"aws.ALIAS\"."),
        "lifecycle": described("Conditions.", "conditions"),
    })));
    out
}

fn repeat(what: &str) -> Map<String, Json> {
    object(json!({
        "count": {
            "description": format!("How many there are of this {what}: `count.index` tells them apart."),
            "type": ["integer", "string"],
            "minimum": 0,
        },
        "for_each": described(
            &format!("One {what} for each element of a map or set: `each.key` and `each.value`."),
            "repeat",
        ),
    }))
}

/// A table of tables whose names the user chooses.
fn named(description: &str, of: Json) -> Json {
    json!({
        "description": description,
        "type": "object",
        "propertyNames": { "pattern": NAME },
        "additionalProperties": of,
    })
}

/// The reserved tables of a stack file.
pub fn properties() -> Map<String, Json> {
    object(json!({
        "stack": {
            "description": "What the stack is called.",
            "type": "object",
            "properties": {
                "name": { "description": "Its name: `stack.name`.", "type": "string", "pattern": NAME },
                "encryption": encryption::schema(),
            },
            "additionalProperties": false,
        },
        "backend": {
            "description": "Where the state is kept; without one, in a file beside the stack.",
            "type": "object",
            "properties": settings::properties(BACKENDS, false),
            "additionalProperties": false,
        },
        "provider": {
            "description": "How to reach AWS, and settings of the small providers. Several of one kind are an array of \
                            tables: all but one have an `alias`.",
            "type": "object",
            "properties": settings::properties(PROVIDERS, true),
            "additionalProperties": false,
        },
        "variable": named("A value that is given from outside: `var.NAME`.", variable()),
        "env": {
            "description": "Values of variables in one environment, which `--env NAME` picks.",
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "properties": {
                    "lifecycle": {
                        "description": "How the environment is protected.",
                        "type": "object",
                        "properties": {
                            "confirm": {
                                "description": "When the environment's name is asked for: before anything is destroyed or replaced, or before every apply.",
                                "type": "string",
                                "enum": ["destroy", "always"],
                            },
                        },
                        "required": ["confirm"],
                        "additionalProperties": false,
                    },
                },
            },
        },
        "locals": named("Values that are computed once: `local.NAME`.", json!({})),
        "data": described("What AWS or the provider knows, read while planning: `data.TYPE.NAME`.", "data"),
        "module": named("Calls another stack's files as a module: `module.NAME.OUTPUT`.", module()),
        "output": named("A value that the stack gives.", output()),
        "moved": several("What has another address now: nothing is destroyed or made.", moved()),
        "import": several("Takes up a thing that exists already.", import()),
        "removed": several("What the stack does not have any more, and what becomes of it.", removed()),
        "check": named("Assertions that warn, and stop nothing.", check()),
    }))
}

/// `[[kind]]`, or a single `[kind]`.
fn several(description: &str, item: Json) -> Json {
    json!({
        "description": description,
        "anyOf": [{ "type": "array", "items": item.clone() }, item],
    })
}

fn variable() -> Json {
    json!({
        "type": "object",
        "properties": {
            "type": text("Such as \"string\", \"list(number)\", \"object({ a = string, b = optional(number, 1) })\"."),
            "default": { "description": "The value where none is given; without one, the variable must be given." },
            "description": text("What it is for: told where it is asked for."),
            "nullable": flag("Whether null is a value; else it stands for the default."),
            "sensitive": flag("Never print it."),
            "ephemeral": flag("Keep it in neither plan nor state."),
            "validation": rules("What its value must satisfy."),
        },
        "additionalProperties": false,
    })
}

fn output() -> Json {
    json!({
        "type": "object",
        "properties": {
            "value": { "description": "The value." },
            "description": text("What it is."),
            "sensitive": flag("Never print it."),
            "ephemeral": flag("Keep it in neither plan nor state; in a module only."),
            "depends_on": described("Addresses of what must be done before it is true.", "addresses"),
            "precondition": rules("Must hold before it is given."),
        },
        "required": ["value"],
        "additionalProperties": false,
    })
}

fn module() -> Json {
    let mut properties = repeat("module");
    properties.extend(object(json!({
        "source": text("Where its files are: a path such as \"./net\", a Git address, a name in the registry."),
        "version": text("A constraint such as \"~> 5.0\", for modules of the registry and of Git."),
        "depends_on": described("Addresses of what must be there before anything in it.", "addresses"),
        "providers": {
            "description": "Provider configurations it uses: its names, and ours.",
            "type": "object",
            "additionalProperties": { "type": "string" },
        },
    })));
    json!({ "type": "object", "properties": properties, "required": ["source"] })
}

fn moved() -> Json {
    json!({
        "type": "object",
        "properties": { "from": text("The old address."), "to": text("The new address.") },
        "required": ["from", "to"],
        "additionalProperties": false,
    })
}

fn import() -> Json {
    json!({
        "type": "object",
        "properties": {
            "to": text("The address it gets."),
            "id": { "description": "Its id, in the form of the type's documentation: `infra docs TYPE`.", "type": ["string", "number"] },
            "for_each": described("One import for each element of a map or set.", "repeat"),
            "provider": text("The provider configuration: \"aws\" or \"aws.ALIAS\"."),
        },
        "required": ["to", "id"],
        "additionalProperties": false,
    })
}

fn removed() -> Json {
    let lifecycle = json!({
        "type": "object",
        "properties": { "destroy": flag("Whether it is destroyed; else it stays at AWS, and the state forgets it.") },
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "properties": {
            "from": text("The address of a whole resource or module."),
            "lifecycle": { "description": "What becomes of it.", "anyOf": [lifecycle.clone(), { "type": "array", "items": lifecycle }] },
            "provisioner": many("Commands that run before it is destroyed.", "provisioner"),
        },
        "required": ["from"],
        "additionalProperties": false,
    })
}

fn check() -> Json {
    json!({
        "type": "object",
        "properties": {
            "data": described("A data source that only this check sees.", "data"),
            "assert": rules("What should hold."),
        },
        "required": ["assert"],
        "additionalProperties": false,
    })
}
