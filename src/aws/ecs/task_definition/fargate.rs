//! What Fargate asks of a task definition: checked before AWS is asked.

use crate::plan::adjust::Adjust;

/// Sizes of processors in units of 1/1024 with the least memory in MiB that goes with each, the most, and the
/// steps between; 512 goes with the smallest too.
const SIZES: [(u32, u32, u32, u32); 7] = [
    (256, 512, 2048, 1024),
    (512, 1024, 4096, 1024),
    (1024, 2048, 8192, 1024),
    (2048, 4096, 16_384, 1024),
    (4096, 8192, 30_720, 1024),
    (8192, 16_384, 61_440, 4096),
    (16_384, 32_768, 122_880, 8192),
];

/// The largest processor of the table; what is larger is for AWS to judge.
const LARGEST: u32 = 16_384;

/// Units of 1/1024 in `256`, `1024` or `1 vCPU`.
pub fn units(text: &str) -> Option<u32> {
    scaled(text, "vcpu")
}

/// MiB in `512`, `2048` or `2 GB`.
pub fn mebibytes(text: &str) -> Option<u32> {
    scaled(text, "gb")
}

fn scaled(text: &str, unit: &str) -> Option<u32> {
    let text = text.trim().to_lowercase();
    match text.strip_suffix(unit) {
        None => text.parse().ok(),
        Some(number) => {
            let many = number.trim().parse::<f64>().ok()? * 1024.0;
            // Sizes are whole, and far below the limit.
            (many.fract() == 0.0 && (0.0..1e9).contains(&many)).then_some(many as u32)
        }
    }
}

/// Whether two texts of a size mean the same.
pub fn same(a: &str, b: &str, read: fn(&str) -> Option<u32>) -> bool {
    a == b || read(a).is_some() && read(a) == read(b)
}

pub fn check(plan: &mut Adjust) {
    let asked = plan.config("requires_compatibilities").and_then(|it| it.as_items());
    if !asked.is_some_and(|all| all.iter().any(|it| it.as_str() == Some("FARGATE"))) {
        return;
    }
    match plan.config("network_mode") {
        None => plan.error("network_mode", "tasks on Fargate need `network_mode = \"awsvpc\"`"),
        Some(it) => {
            let other = it.as_str().filter(|it| *it != "awsvpc").map(str::to_owned);
            if let Some(mode) = other {
                let sentence = format!("Fargate knows `awsvpc` only, not `{mode}`");
                plan.error("network_mode", sentence);
            }
        }
    }
    for name in ["cpu", "memory"] {
        if plan.config(name).is_none() {
            let example = if name == "cpu" { "256" } else { "512" };
            plan.error(name, format!("tasks on Fargate need `{name}`, such as `{name} = \"{example}\"`"));
        }
    }
    let text = |name: &str| plan.config(name).and_then(|it| it.as_str()).map(str::to_owned);
    if let (Some(cpu), Some(memory)) = (text("cpu"), text("memory"))
        && let Err((name, sentence)) = size(&cpu, &memory)
    {
        plan.error(name, sentence);
    }
}

/// Whether Fargate has machines of this size; else which attribute is wrong, and what would be right.
fn size(cpu: &str, memory: &str) -> Result<(), (&'static str, String)> {
    let Some(wanted) = units(cpu) else {
        return Err(("cpu", format!("`{cpu}` is no size of a processor: write it like `256` or `.25 vCPU`")));
    };
    let Some(size) = SIZES.iter().find(|it| it.0 == wanted) else {
        let known = SIZES.iter().map(|it| it.0.to_string()).collect::<Vec<_>>().join(", ");
        let sentence = format!("Fargate has no processors of `{cpu}`, but of {known}");
        return if wanted > LARGEST { Ok(()) } else { Err(("cpu", sentence)) };
    };
    let Some(memory_wanted) = mebibytes(memory) else {
        return Err(("memory", format!("`{memory}` is no size of memory: write it like `512` or `0.5 GB`")));
    };
    if fits(size, memory_wanted) {
        return Ok(());
    }
    Err(("memory", format!("with `cpu = \"{cpu}\"` Fargate gives {}, not `{memory}`", gives(size))))
}

fn fits(&(cpu, least, most, step): &(u32, u32, u32, u32), memory: u32) -> bool {
    (least..=most).contains(&memory) && (memory.is_multiple_of(step) || cpu == 256 && memory == least)
}

fn gives(size: &(u32, u32, u32, u32)) -> String {
    let &(cpu, least, most, step) = size;
    match cpu {
        256 => "512, 1024 or 2048 of memory".to_owned(),
        _ => format!("{least} to {most} of memory in steps of {step}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_table() {
        let good = [
            ("256", "512"),
            ("256", "2048"),
            (".25 vCPU", "0.5GB"),
            ("1 vcpu", "8 GB"),
            ("4096", "30720"),
            ("8192", "20480"),
            ("16384", "122880"),
            ("32768", "65536"),
        ];
        for (cpu, memory) in good {
            assert_eq!(size(cpu, memory), Ok(()), "{cpu} {memory}");
        }
        for (cpu, memory) in
            [("256", "768"), ("256", "4096"), ("512", "512"), ("8192", "17408"), ("1024", "two")]
        {
            assert_eq!(size(cpu, memory).unwrap_err().0, "memory", "{cpu} {memory}");
        }
        for cpu in ["128", "300", "one"] {
            assert_eq!(size(cpu, "512").unwrap_err().0, "cpu", "{cpu}");
        }
        let said = size("512", "512").unwrap_err().1;
        assert_eq!(
            said,
            "with `cpu = \"512\"` Fargate gives 1024 to 4096 of memory in steps of 1024, not `512`"
        );
    }

    #[test]
    fn spellings_of_a_size_are_one() {
        assert!(same("1 vCPU", "1024", units));
        assert!(same("2 GB", "2048", mebibytes));
        assert!(!same("256", "512", units));
    }
}
