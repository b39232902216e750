# What a pull request may not do, as it is commonly written for plans.
package main

import rego.v1

changed contains it if {
	some it in input.resource_changes
	some action in it.change.actions
	action in {"create", "update"}
}

deny contains msg if {
	some it in changed
	it.type == "aws_security_group"
	some rule in it.change.after.ingress
	"0.0.0.0/0" in rule.cidr_blocks
	rule.from_port <= 22
	msg := concat("", [it.address, ": port 22 is open to everybody"])
}

deny contains msg if {
	some it in changed
	it.type == "aws_iam_policy"
	some statement in json.unmarshal(it.change.after.policy).Statement
	statement.Action == "*"
	msg := concat("", [it.address, ": allows everything"])
}

# A bucket in the configuration that nothing locks.
deny contains msg if {
	some name, call in input.configuration.root_module.module_calls
	buckets := [it.address | some it in call.module.resources; it.type == "aws_s3_bucket"]
	locks := [it |
		some it in call.module.resources
		it.type == "aws_s3_bucket_public_access_block"
		some reference in it.expressions.bucket.references
		reference in buckets
		not call.expressions.locked.constant_value == true
	]
	count(locks) > 0
	msg := concat("", ["module.", name, ": its buckets may be public"])
}

deny contains msg if {
	some key, provider in input.configuration.provider_config
	provider.expressions.region.constant_value != "eu-central-1"
	msg := concat(" ", ["provider", key, provider.version_constraint, "is not in Frankfurt"])
}

unknown contains concat(".", [it.type, it.name, name]) if {
	some it in input.resource_changes
	some name, value in it.change.after_unknown
	value == true
}

secret contains concat(".", [it.type, it.name, name]) if {
	some it in input.resource_changes
	some name, value in it.change.after_sensitive
	value == true
}

# Names alone: not every evaluator prints the quotation marks in addresses well.
relevant contains concat(".", it.attribute) if {
	some it in input.relevant_attributes
}
