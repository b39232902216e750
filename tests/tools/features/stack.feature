Feature: What the stack should be

  Scenario: Tables are recoverable
    Given I have aws_dynamodb_table defined
    Then it must have point_in_time_recovery
    And it must have enabled
    And its value must be true

  Scenario: Networks have a name
    Given I have aws_vpc defined
    Then it must contain tags
    And its value must not be null

  Scenario: No shell for everybody
    Given I have AWS Security Group defined
    When it has ingress
    Then it must have ingress
    Then it must not have tcp protocol and port 22 for 0.0.0.0/0

  Scenario: Logs are kept for a while
    Given I have aws_cloudwatch_log_group defined
    Then it must have retention_in_days
    And its value must be greater than 30

  Scenario: Buckets are locked
    Given I have aws_s3_bucket defined
    Then it must have aws_s3_bucket_public_access_block

  Scenario: Only Ireland
    Given I have aws provider configured
    When it has region
    Then its value must be eu-west-1
