output "n" {
  value = <<-EOT
    a
    %{if true}
      b
    %{endif}
    c ${"x"
}
    ${"y"}
    EOT
}
output "m" {
  value = <<-EOT
    multi ${join(",", [
  "a",
  "b"
])} line
      in
    EOT
other = 1
}
