//! Cost in proportion: four times as many resources take about four times as long to plan.

use std::process::Command;

use crate::support::Folder;

/// Of quadratic parts it would be 16; those of a debug build that grow with the logarithm, and a machine
/// that is busy with other things, are no matter.
const MOST: f64 = 8.0;

const COUNT: &str = r#"
[stack]
name = "count"
[terraform_data.a]
count = N
input = "${count.index}"
[terraform_data.b]
count = N
input = "${terraform_data.a[count.index].id}"
[output.ids]
value = '${terraform_data.b[*].id}'
"#;

const MODULES: &str = r#"
[stack]
name = "modules"
[module.m]
source = "./m"
count = N
name = "x${count.index}"
[output.ids]
value = "${module.m[*].last}"
"#;

const INNER: &str = r#"
[variable.name]
type = "string"
[locals]
full = "${var.name}-full"
[terraform_data.a]
input = "${local.full}"
[terraform_data.b]
input = "${var.name}-${terraform_data.a.id}"
[output.last]
value = "${terraform_data.b.id}"
"#;

fn each(many: usize) -> String {
    let keys: String = (0..many).map(|it| format!("\"k{it}\",")).collect();
    format!(
        "[stack]\nname = \"each\"\n[locals]\nkeys = [{keys}]\n[terraform_data.a]\n\
         for_each = \"${{toset(local.keys)}}\"\ninput = \"${{each.key}}\"\n[terraform_data.b]\n\
         for_each = \"${{toset(local.keys)}}\"\ninput = \"${{terraform_data.a[each.key].id}}\"\n"
    )
}

fn blocks(many: usize) -> String {
    let one = |it| {
        format!(
            "[terraform_data.a{it}]\ninput = \"{it}\"\n[terraform_data.b{it}]\n\
             input = \"${{terraform_data.a{it}.id}}\"\n"
        )
    };
    format!("[stack]\nname = \"blocks\"\n{}", (0..many).map(one).collect::<String>())
}

/// Seconds of processor time that a plan takes.
fn plan(folder: &Folder) -> f64 {
    let mut command = Command::new("sh");
    command.args(["-c", "\"$0\" plan > out.txt 2>&1 || { cat out.txt; exit 1; }; times"]);
    command.arg(env!("CARGO_BIN_EXE_infra")).env_clear().current_dir(folder.path());
    let output = command.env("HOME", folder.path()).env("LC_ALL", "C").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    // The second line is of the shell's children: `0m0.13s 0m0.02s`, user and system.
    let seconds = |it: &str| -> Option<f64> {
        let (minutes, rest) = it.trim_end_matches('s').split_once('m')?;
        Some(minutes.parse::<f64>().ok()? * 60.0 + rest.parse::<f64>().ok()?)
    };
    let line = text.lines().nth(1).unwrap_or_default();
    line.split_whitespace().map(|it| seconds(it).unwrap_or_else(|| panic!("{text}"))).sum()
}

/// The least of two: what else the machine does only adds to it.
fn work(stack: &str) -> f64 {
    let folder = Folder::with_stack(stack);
    folder.write("m/stack.toml", INNER);
    plan(&folder).min(plan(&folder))
}

#[test]
fn four_times_as_many_resources_take_four_times_as_long_to_plan() {
    let with = |text: &'static str| move |many: usize| text.replace('N', &many.to_string());
    let shapes: [(&str, &dyn Fn(usize) -> String); 4] =
        [("count", &with(COUNT)), ("modules", &with(MODULES)), ("for_each", &each), ("blocks", &blocks)];
    for (name, stack) in shapes {
        let (few, many) = (work(&stack(400)), work(&stack(1600)));
        assert!(many / few < MOST, "{name}: {few} s for 400, {many} s for 1,600");
    }
}
