//! The state file, version 4: exactly the bytes that Terraform writes.

mod position;
mod read;
mod write;

pub use position::position;
pub use read::parse;
pub use write::to_bytes;

/// The version of the format.
const VERSION: u64 = 4;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::{Addr, parse_instance};
    use crate::state::State;

    /// States that Terraform 1.11.4 wrote.
    const REAL: &[(&str, &str)] = &[
        ("everyday", include_str!("../../tests/data/state/everyday.tfstate")),
        ("tainted", include_str!("../../tests/data/state/tainted.tfstate")),
        ("deposed", include_str!("../../tests/data/state/deposed.tfstate")),
        ("empty", include_str!("../../tests/data/state/empty.tfstate")),
    ];

    fn real(name: &str) -> State {
        let text = REAL.iter().find(|it| it.0 == name).unwrap().1;
        parse(text.as_bytes(), name).unwrap()
    }

    fn addr(text: &str) -> Addr {
        parse_instance(text).unwrap()
    }

    fn refusal(text: &str) -> String {
        let error = parse(text.as_bytes(), "it").unwrap_err();
        let one = error.diagnostics().0.remove(0);
        format!("{} {}", one.summary, one.help.unwrap_or_default())
    }

    #[test]
    fn real_states_survive_to_the_byte() {
        for (name, text) in REAL {
            let state = parse(text.as_bytes(), name).unwrap();
            let ours = String::from_utf8(to_bytes(&state)).unwrap();
            let lines = ours.lines().zip(text.lines()).enumerate();
            let differing = lines.filter(|(_, (ours, theirs))| ours != theirs).collect::<Vec<_>>();
            assert!(differing.is_empty(), "{name}: {:#?}", &differing[..differing.len().min(5)]);
            assert_eq!(ours.len(), text.len(), "{name}");
        }
    }

    #[test]
    fn objects_are_found_with_what_is_said_of_them() {
        let state = real("tainted");
        assert!(state.object(&addr("terraform_data.taint[1]")).unwrap().tainted);
        assert!(!state.object(&addr("terraform_data.taint[0]")).unwrap().tainted);
        let state = real("deposed");
        let deposed = state.managed().filter(|it| it.1.is_some()).count();
        assert_eq!(deposed, 1);
        let state = real("everyday");
        let subnet = state.object(&addr("aws_subnet.s[1]")).unwrap();
        assert!(subnet.create_before_destroy);
        assert_eq!(subnet.dependencies[0].to_string(), "aws_vpc.main");
        assert!(state.object(&addr(r#"module.m["y.z"].aws_internet_gateway.i[1]"#)).is_some());
        assert!(state.outputs["secret"].sensitive);
    }

    #[test]
    fn what_newer_versions_add_to_an_object_stays_where_it_was() {
        let text = REAL[3].1.replace(
            "\"resources\": []",
            r#""resources": [
    {
      "mode": "managed",
      "type": "aws_vpc",
      "name": "main",
      "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
      "instances": [
        {
          "schema_version": 1,
          "attributes": {
            "id": "vpc-1"
          },
          "sensitive_attributes": [],
          "identity_schema_version": 0,
          "identity": {
            "id": "vpc-1"
          },
          "private": "bnVsbA==",
          "something_new": [
            1
          ]
        }
      ]
    }
  ]"#,
        );
        let state = parse(text.as_bytes(), "it").unwrap();
        assert_eq!(String::from_utf8(to_bytes(&state)).unwrap(), text);
    }

    #[test]
    fn other_versions_are_refused_with_the_way_on() {
        assert!(refusal(r#"{"version": 5}"#).contains("version 5"));
        assert!(refusal(r#"{"version": 3, "serial": 1}"#).contains("terraform 0.13"));
        assert!(refusal(r#"{"version": 99999999999999999999999}"#).contains("version"));
    }

    #[test]
    fn garbage_is_named_with_its_place() {
        assert!(refusal("").contains("empty"));
        assert!(refusal("{\n  \"version\": 4,\n  oops").contains("line 3"));
        assert!(refusal("[]").contains("not an object"));
        assert!(refusal("{}").contains("version"));
        let start =
            r#"{"version":4,"serial":1,"lineage":"a","resources":[{"mode":"managed","type":"t","name":"n","#;
        let case = |rest: &str| refusal(&format!(r#"{start}"provider":"p","instances":[{rest}]}}]}}"#));
        assert!(case("{}").contains("resources[0].instances[0].attributes"));
        assert!(case(r#"{"attributes":{},"index_key":-1}"#).contains("resources[0].instances[0].index_key"));
        assert!(case(r#"{"attributes":{},"status":"odd"}"#).contains("odd"));
        assert!(case(r#"{"attributes":{}},{"attributes":{}}"#).contains("twice"));
        assert!(case(r#"{"attributes":{},"dependencies":["!"]}"#).contains("dependencies[0]"));
    }
}
