use super::*;
#[test]
fn explore() {
    let deep = format!("[locals]\na = {}1{}\n", "[".repeat(10000), "]".repeat(10000));
    let deep2 = format!("[locals]\na = {}1\n", "[".repeat(10000));
    let deep3 = format!("[locals]\na = {}1{}\n", "{a=".repeat(10000), "}".repeat(10000));
    let deep4 = format!("[{}]\na = 1\n", "a.".repeat(10000)+"a");
    let deep5 = format!("[locals]\na = '${{{}1{}}}'\n", "(".repeat(10000), ")".repeat(10000));
    let deep6 = format!("[locals]\na = '${{{}1{}}}'\n", "[".repeat(10000), "]".repeat(10000));
    let deep7 = format!("[variable.a]\ntype = '{}string{}'\n", "list(".repeat(10000), ")".repeat(10000));
    for t in [
        "region = eu-west-1", "[locals]\nregion = eu-west-1\n", "[locals]\na = aws_vpc.main.id\nb = ${var.x}\nc = file(\"x\")\n", "[locals\na = 1\n", "[locals]\na = \"x\nb = 1\nc=\n",
        "resource \"aws_vpc\" \"main\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n", "locals {\n a = 1\n}\n",
        "[aws_vpc.a]\n[aws_vpc.b]\nx = \"\"\"\n[aws_vpc.a]\n\"\"\"\n[aws_vpc.a]\n", "[aws_vpc.a]\nx = 1\ny = 2\nx = 3\n", "[locals]\na = { b = 1, b = 2 }\n", "[locals]\na.b = 1\na.b = 2\n",
        "[locals]\na = \"x\0y\"\n", "\0", "[locals]\na = inf\nb = nan\nc = 1e999999999\n", "[locals]\na = \"\\q\"\n", "\u{feff}[locals]\na = 1\n", "[locals]\na = [1, 2\nb = 3\n", "[a]\n[[a]]\n", "[locals]\n= 3\n", "[locals]\na = 'x", "[locals]\na = \"\"\"x", "[locals]\na = 1 2\n", "[locals]\na = 2020-13-45\n", "[locals]\na = 0123\n", "[locals]\nä = 1\n", "[locals]\n\"a b\" = 1\n", "[locals]\na: 1\n", "[locals]\na = True\n", "[locals]\na = 99999999999999999999999999\r\nb = 1\r", "a", "[", "]", "=", "\"", "''", "[[", "[]", "[a.]", "[locals]\na = \"${\"\n", "[locals]\na = \"${x\"\n", "[locals]\na = \"%{ if x }\"\n",
        &deep, &deep2, &deep3, &deep4, &deep5, &deep6, &deep7,
    ] {
        let s: String = t.chars().take(70).collect();
        println!("{s:?}");
        let start = std::time::Instant::now();
        for e in wrong(t) { println!("     {}", e.chars().take(200).collect::<String>()); }
        if let Err(e) = load_texts(&[("stack.toml", t)]) { for d in e { if let Some(d) = d.detail { println!("     -- {d}"); } } }
        if start.elapsed().as_millis() > 50 { println!("     took {:?}", start.elapsed()); }
    }
}
