//! What a stack may not say.

use super::*;

#[test]
fn misspelt_tables_get_a_suggestion() {
    assert_eq!(
        wrong(
            "[variables.x]\n[aws_subnets.a]\n[resource.aws_vpc.a]\n[locls]\n[data.aws_regions.x]\n[thing.a]\n[terraform]\n"
        ),
        [
            "1:2: there is no resource type `variables` (did you mean `variable`?)",
            "2:2: there is no resource type `aws_subnets` (did you mean `aws_subnet`?)",
            "3:2: there is no resource type `resource` (leave `resource.` out: `[aws_vpc.main]`)",
            "4:2: there is no resource type `locls` (did you mean `locals`?)",
            "6:2: there is no resource type `thing` (a table is named after a resource type, such as `[aws_vpc.main]`)",
            "7:2: there is no resource type `terraform` (the backend stands in `[backend.s3]`, the name of the stack in `[stack]`)",
        ]
    );
}
