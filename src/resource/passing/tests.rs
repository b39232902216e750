//! What the services really say, and whether it passes.

use std::collections::BTreeSet;

use super::*;
use Op::{Create, Delete, Update};

/// Types (all of a service where a name ends in `*`), operation, code, message; and what is waited for.
type Line = (&'static str, Op, &'static str, &'static str, Option<Until>);

const SEEN: Option<Until> = Some(Until::Seen);
const FREE: Option<Until> = Some(Until::Free);
const FINAL: Option<Until> = None;

const NETWORK: &str = "aws_vpc aws_subnet aws_security_group aws_internet_gateway aws_nat_gateway aws_eip \
    aws_route aws_route_table aws_route_table_association aws_vpc_security_group_ingress_rule \
    aws_vpc_security_group_egress_rule aws_security_group_rule aws_default_security_group aws_vpc_endpoint \
    aws_flow_log aws_key_pair aws_launch_template aws_instance";
const ROLES: &str = "aws_iam_role aws_iam_policy aws_iam_role_policy aws_iam_role_policy_attachment \
    aws_iam_openid_connect_provider aws_iam_instance_profile";
const CLUSTERS: &str = "aws_eks_cluster aws_eks_node_group aws_eks_fargate_profile aws_eks_addon \
    aws_eks_access_entry aws_eks_access_policy_association aws_eks_pod_identity_association";
const KEYS: &str = "aws_kms_key aws_kms_alias";
const TOPICS: &str = "aws_sns_topic aws_sns_topic_subscription";
const ALARMS: &str = "aws_cloudwatch_metric_alarm aws_cloudwatch_dashboard";
const GROUPS: &str = "aws_autoscaling_group aws_autoscaling_policy";
const BUCKETS: &str = "aws_s3_bucket aws_s3_bucket_policy aws_s3_bucket_versioning \
    aws_s3_bucket_public_access_block aws_s3_bucket_lifecycle_configuration \
    aws_s3_bucket_server_side_encryption_configuration";
const QUEUES: &str = "aws_sqs_queue aws_sqs_queue_policy";
const ECS: &str = "aws_ecs_cluster aws_ecs_cluster_capacity_providers aws_ecs_capacity_provider aws_ecs_service \
    aws_ecs_task_definition";
const SCALING: &str = "aws_appautoscaling_target aws_appautoscaling_policy";
const NAMES: &str = "aws_service_discovery_private_dns_namespace aws_service_discovery_service";
const IMAGES: &str = "aws_ecr_lifecycle_policy aws_ecr_repository_policy";
const DNS: &str = "aws_route53_zone aws_route53_record aws_route53_health_check";
const CERTIFICATES: &str = "aws_acm_certificate aws_acm_certificate_validation";
const SECRETS: &str = "aws_secretsmanager_secret aws_secretsmanager_secret_version";

const RECORDED: &[Line] = &[
    (NETWORK, Create, "InvalidVpcID.NotFound", "The vpc ID 'vpc-0a1b2c3d4e5f67890' does not exist", SEEN),
    (
        NETWORK,
        Create,
        "InvalidSubnetID.NotFound",
        "The subnet ID 'subnet-0a1b2c3d4e5f67890' does not exist",
        SEEN,
    ),
    (
        NETWORK,
        Update,
        "InvalidGroup.NotFound",
        "The security group 'sg-0a1b2c3d4e5f67890' does not exist",
        SEEN,
    ),
    (
        NETWORK,
        Update,
        "InvalidInternetGatewayID.NotFound",
        "The internetGateway ID 'igw-0a1b2c3d4e5f67890' does not exist",
        SEEN,
    ),
    (
        NETWORK,
        Create,
        "InvalidAllocationID.NotFound",
        "The allocation ID 'eipalloc-0a1b2c3d4e5f67890' does not exist",
        SEEN,
    ),
    (
        NETWORK,
        Create,
        "InvalidRouteTableID.NotFound",
        "The routeTable ID 'rtb-0a1b2c3d4e5f67890' does not exist",
        SEEN,
    ),
    (
        NETWORK,
        Create,
        "InvalidGatewayID.NotFound",
        "The gateway ID 'igw-0a1b2c3d4e5f67890' does not exist",
        SEEN,
    ),
    (
        NETWORK,
        Update,
        "InvalidPermission.NotFound",
        "The specified rule does not exist in this security group.",
        FINAL,
    ),
    (NETWORK, Delete, "InvalidVpcID.NotFound", "The vpc ID 'vpc-0a1b2c3d4e5f67890' does not exist", FINAL),
    (NETWORK, Delete, "DependencyViolation", "resource sg-0a1b2c3d4e5f67890 has a dependent object", FREE),
    (
        NETWORK,
        Delete,
        "DependencyViolation",
        "The vpc 'vpc-0a1b2c3d4e5f67890' has dependencies and cannot be deleted.",
        FREE,
    ),
    (
        NETWORK,
        Delete,
        "DependencyViolation",
        "Network vpc-0a1b2c3d4e5f67890 has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.",
        FREE,
    ),
    (NETWORK, Delete, "InvalidGroup.InUse", "There are active instances using security group 'web'", FREE),
    (NETWORK, Delete, "InvalidIPAddress.InUse", "Address 192.0.2.1 is in use.", FREE),
    (
        NETWORK,
        Update,
        "ConcurrentMutationLimitExceeded",
        "The maximum number of concurrent mutations has been reached",
        FREE,
    ),
    (
        NETWORK,
        Update,
        "ConcurrentTagAccess",
        "You can't run simultaneous commands to modify a tag for a specific resource.",
        FREE,
    ),
    (NETWORK, Update, "Client.OperationInProgress", "Another operation is in progress", FREE),
    (
        NETWORK,
        Create,
        "InvalidParameterValue",
        "Value (eu-west-9z) for parameter availabilityZone is invalid.",
        FINAL,
    ),
    (NETWORK, Create, "VpcLimitExceeded", "The maximum number of VPCs has been reached.", FINAL),
    (
        NETWORK,
        Create,
        "InvalidSubnet.Conflict",
        "The CIDR '10.0.1.0/24' conflicts with another subnet",
        FINAL,
    ),
    (NETWORK, Create, "InvalidVpcID.Malformed", "Invalid id: \"vpc\" (expecting \"vpc-...\")", FINAL),
    (NETWORK, Create, "UnauthorizedOperation", "You are not authorized to perform this operation.", FINAL),
    (
        "aws_internet_gateway",
        Update,
        "DependencyViolation",
        "Network vpc-0a1b2c3d4e5f67890 has some mapped public address(es).",
        FREE,
    ),
    (
        "aws_eip",
        Update,
        "InvalidInstanceID",
        "The pending instance 'i-0a1b2c3d4e5f67890' is not in a valid state for this operation.",
        SEEN,
    ),
    ("aws_eip", Delete, "AuthFailure", "You do not have permission to access the specified resource.", FREE),
    (
        "aws_eip",
        Delete,
        "OperationNotPermitted",
        "You are not allowed to manage 'ela-attach' attachments.",
        FREE,
    ),
    ("aws_eip", Delete, "AuthFailure", "AWS was not able to validate the provided access credentials", FINAL),
    (
        "aws_vpc",
        Create,
        "UnsupportedOperation",
        "The operation AllocateIpamPoolCidr is not supported. Account 123456789012 is not monitored by IPAM ipam-0a1b2c3d4e5f67890.",
        FREE,
    ),
    (
        "aws_route aws_route_table",
        Create,
        "InvalidParameterException",
        "Gateway igw-0a1b2c3d4e5f67890 is not attached",
        SEEN,
    ),
    (
        "aws_route aws_route_table",
        Create,
        "InvalidParameterException",
        "Gateway ID 'local' does not exist",
        FINAL,
    ),
    (
        "aws_route aws_route_table",
        Create,
        "Gateway.NotAttached",
        "resource igw-0a1b2c3d4e5f67890 is not attached to network",
        SEEN,
    ),
    ("aws_route aws_route_table", Delete, "InvalidParameterException", "The route is being changed", FREE),
    ("aws_route", Create, "RouteAlreadyExists", "The route identified by 0.0.0.0/0 already exists.", FINAL),
    (
        ROLES,
        Create,
        "MalformedPolicyDocument",
        "Invalid principal in policy: \"AWS\":\"arn:aws:iam::123456789012:role/web\"",
        SEEN,
    ),
    (ROLES, Update, "NoSuchEntity", "The role with name web cannot be found.", SEEN),
    (
        ROLES,
        Create,
        "NoSuchEntity",
        "Policy arn:aws:iam::123456789012:policy/read does not exist or is not attachable.",
        SEEN,
    ),
    (
        ROLES,
        Create,
        "NoSuchEntity",
        "Policy arn:aws:iam::aws:policy/ReadAll does not exist or is not attachable.",
        FINAL,
    ),
    (ROLES, Delete, "NoSuchEntity", "The role with name web cannot be found.", FINAL),
    (
        ROLES,
        Update,
        "ConcurrentModification",
        "The request was rejected because multiple requests to change this object were submitted simultaneously.",
        FREE,
    ),
    (
        ROLES,
        Delete,
        "EntityTemporarilyUnmodifiable",
        "The role is being changed: wait several minutes.",
        FREE,
    ),
    (ROLES, Delete, "DeleteConflict", "Cannot delete entity, must detach all policies first.", FREE),
    (ROLES, Create, "MalformedPolicyDocument", "Syntax errors in policy.", FINAL),
    (ROLES, Create, "EntityAlreadyExists", "Role with name web already exists.", FINAL),
    (ROLES, Create, "LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10", FINAL),
    (ROLES, Create, "AccessDenied", "User: x is not authorized to perform: iam:CreateRole", FINAL),
    (BUCKETS, Create, "NoSuchBucket", "The specified bucket does not exist", SEEN),
    (BUCKETS, Delete, "NoSuchBucket", "The specified bucket does not exist", FINAL),
    (
        BUCKETS,
        Create,
        "OperationAborted",
        "A conflicting conditional operation is currently in progress against this resource. Please try again.",
        FREE,
    ),
    (BUCKETS, Update, "SlowDown", "Please reduce your request rate.", FREE),
    (BUCKETS, Update, "ServiceUnavailable", "Please reduce your request rate.", FREE),
    (BUCKETS, Update, "MalformedPolicy", "Invalid principal in policy", SEEN),
    (BUCKETS, Update, "MalformedPolicy", "Policy has invalid resource", FINAL),
    (BUCKETS, Delete, "BucketNotEmpty", "The bucket you tried to delete is not empty", FINAL),
    (BUCKETS, Create, "BucketAlreadyExists", "The requested bucket name is not available.", FINAL),
    (
        BUCKETS,
        Update,
        "InvalidBucketState",
        "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
        FINAL,
    ),
    (
        QUEUES,
        Create,
        "AWS.SimpleQueueService.QueueDeletedRecently",
        "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
        FREE,
    ),
    (
        QUEUES,
        Create,
        "QueueDeletedRecently",
        "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
        FREE,
    ),
    (QUEUES, Update, "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.", SEEN),
    (QUEUES, Update, "QueueDoesNotExist", "The specified queue does not exist.", SEEN),
    (QUEUES, Delete, "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.", FINAL),
    (QUEUES, Create, "InvalidAttributeValue", "Invalid value for the parameter Policy.", SEEN),
    (QUEUES, Create, "InvalidAttributeValue", "Invalid value for the parameter VisibilityTimeout.", FINAL),
    (
        QUEUES,
        Create,
        "InvalidParameterValue",
        "Value {\"deadLetterTargetArn\":\"arn\"} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.",
        SEEN,
    ),
    (
        QUEUES,
        Create,
        "QueueAlreadyExists",
        "A queue already exists with the same name and a different value for attribute DelaySeconds",
        FINAL,
    ),
    (
        "aws_dynamodb_table",
        Create,
        "LimitExceededException",
        "Subscriber limit exceeded: Only 500 tables can be created, updated, or deleted simultaneously",
        FREE,
    ),
    (
        "aws_dynamodb_table",
        Create,
        "LimitExceededException",
        "Subscriber limit exceeded: There is a limit of 2500 tables per account",
        FINAL,
    ),
    ("aws_dynamodb_table", Create, "ResourceInUseException", "Table already exists: orders", FINAL),
    (
        "aws_dynamodb_table",
        Update,
        "ResourceInUseException",
        "Attempt to change a resource which is still in use: Table is being updated: orders",
        FREE,
    ),
    (
        "aws_dynamodb_table",
        Delete,
        "ResourceInUseException",
        "Attempt to change a resource which is still in use",
        FREE,
    ),
    (
        "aws_dynamodb_table",
        Update,
        "ResourceNotFoundException",
        "Requested resource not found: Table: orders not found",
        SEEN,
    ),
    (
        "aws_dynamodb_table",
        Update,
        "ContinuousBackupsUnavailableException",
        "Backups are being enabled for the table: orders. Please retry later",
        FREE,
    ),
    (
        "aws_dynamodb_table",
        Delete,
        "ValidationException",
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
        FINAL,
    ),
    (
        "aws_cloudwatch_log_group",
        Delete,
        "OperationAbortedException",
        "A conflicting operation is currently in progress against this resource. Please try again.",
        FREE,
    ),
    (
        "aws_cloudwatch_log_group",
        Update,
        "ResourceNotFoundException",
        "The specified log group does not exist.",
        SEEN,
    ),
    (
        "aws_cloudwatch_log_group",
        Update,
        "AccessDeniedException",
        "User: x is not authorized to perform: logs:PutRetentionPolicy because no identity-based policy allows the logs:PutRetentionPolicy action",
        SEEN,
    ),
    (
        "aws_cloudwatch_log_group",
        Update,
        "AccessDeniedException",
        "User: x is not authorized, with an explicit deny",
        FINAL,
    ),
    (
        "aws_cloudwatch_log_group",
        Create,
        "InvalidParameterException",
        "The specified KMS key does not exist or is not allowed to be used with Arn 'arn:aws:logs:eu-west-1:123456789012:log-group:web'",
        SEEN,
    ),
    (
        "aws_cloudwatch_log_group",
        Create,
        "ResourceAlreadyExistsException",
        "The specified log group already exists",
        FINAL,
    ),
    ("aws_cloudwatch_log_group", Create, "LimitExceededException", "Resource limit exceeded.", FINAL),
    (
        "aws_ecr_repository",
        Update,
        "RepositoryNotFoundException",
        "The repository with name 'web' does not exist in the registry with id '123456789012'",
        SEEN,
    ),
    (
        "aws_ecr_repository",
        Delete,
        "RepositoryNotEmptyException",
        "The repository with name 'web' cannot be deleted because it still contains images",
        FINAL,
    ),
    (
        "aws_ecr_repository",
        Create,
        "RepositoryAlreadyExistsException",
        "The repository with name 'web' already exists",
        FINAL,
    ),
    (
        "aws_ssm_parameter",
        Update,
        "TooManyUpdates",
        "There are concurrent updates for a resource that supports one update at a time.",
        FREE,
    ),
    ("aws_ssm_parameter", Update, "ParameterNotFound", "Parameter /web not found.", SEEN),
    ("aws_ssm_parameter", Update, "InvalidResourceId", "The resource ID \"/web\" is not valid.", SEEN),
    ("aws_ssm_parameter", Create, "ParameterAlreadyExists", "The parameter already exists.", FINAL),
    (
        SECRETS,
        Create,
        "InvalidRequestException",
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
        FREE,
    ),
    (
        SECRETS,
        Create,
        "InvalidRequestException",
        "You can't create this secret because a secret with this name is already scheduled for deletion, and will be for days",
        FINAL,
    ),
    (
        SECRETS,
        Create,
        "InvalidRequestException",
        "You can't perform this operation on the secret because it was marked for deletion.",
        FREE,
    ),
    (
        SECRETS,
        Update,
        "MalformedPolicyDocumentException",
        "This resource policy contains an unsupported principal.",
        SEEN,
    ),
    (
        SECRETS,
        Update,
        "MalformedPolicyDocumentException",
        "This resource policy contains a syntax error.",
        FINAL,
    ),
    (SECRETS, Create, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.", SEEN),
    (
        SECRETS,
        Create,
        "ResourceExistsException",
        "The operation failed because the secret web already exists.",
        FINAL,
    ),
    (
        "aws_instance",
        Create,
        "InvalidParameterValue",
        "Value (web) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
        SEEN,
    ),
    (
        "aws_instance",
        Create,
        "InvalidParameterValue",
        "IAM Instance Profile \"arn:aws:iam::123456789012:instance-profile/web\" has no associated IAM Roles",
        SEEN,
    ),
    (
        "aws_instance",
        Create,
        "InvalidParameterValue",
        "LaunchPlan instance type does not match attestation instance type",
        SEEN,
    ),
    (
        "aws_instance",
        Update,
        "IncorrectInstanceState",
        "The instance 'i-0a1b2c3d4e5f67890' is not in the 'stopped' state.",
        FREE,
    ),
    (
        "aws_instance",
        Update,
        "IncorrectState",
        "The iam instance profile association is not in a state in which it can be replaced",
        FREE,
    ),
    (
        "aws_instance",
        Update,
        "IncorrectModificationState",
        "Cannot modify volume 'vol-0a1b2c3d4e5f67890', it is currently undergoing 'modification'",
        FREE,
    ),
    (
        "aws_instance",
        Create,
        "InvalidNetworkInterface.InUse",
        "Interface: [eni-0a1b2c3d4e5f67890] in use.",
        FREE,
    ),
    (
        "aws_instance",
        Delete,
        "OperationNotPermitted",
        "The instance 'i-0a1b2c3d4e5f67890' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.",
        FINAL,
    ),
    (
        GROUPS,
        Update,
        "ResourceContention",
        "You already have a pending update to an Amazon EC2 Auto Scaling resource",
        FREE,
    ),
    (GROUPS, Update, "ScalingActivityInProgress", "Activity 4c9f is in progress.", FREE),
    (
        GROUPS,
        Delete,
        "ResourceInUse",
        "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.",
        FREE,
    ),
    (
        GROUPS,
        Create,
        "ValidationError",
        "You must use a valid fully-formed launch template. Value (web) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
        SEEN,
    ),
    (
        GROUPS,
        Create,
        "ValidationError",
        "Unable to publish test message to notification target arn:aws:sns:eu-west-1:123456789012:web using IAM role arn:aws:iam::123456789012:role/web. Please check your target and role configuration and try to put lifecycle hook again.",
        SEEN,
    ),
    (
        GROUPS,
        Create,
        "ValidationError",
        "The specified launch template, with template ID lt-0a1b2c3d4e5f67890, does not exist.",
        SEEN,
    ),
    (GROUPS, Create, "ValidationError", "AutoScalingGroup name not found - null", SEEN),
    (
        GROUPS,
        Update,
        "InstanceRefreshInProgress",
        "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.",
        FREE,
    ),
    (GROUPS, Create, "AlreadyExists", "AutoScalingGroup by this name already exists", FINAL),
    (
        CLUSTERS,
        Create,
        "ResourceInUseException",
        "Cannot LoggingUpdate because cluster shop currently has update 408c0738-828c-42b2-aaa5-38691b63f738 in progress",
        FREE,
    ),
    (
        CLUSTERS,
        Update,
        "ResourceInUseException",
        "Nodegroup cannot be updated as it is currently not in Active State",
        FREE,
    ),
    (
        CLUSTERS,
        Delete,
        "ResourceInUseException",
        "Cannot create Fargate Profile b because cluster shop currently has Fargate profile a in status CREATING",
        FREE,
    ),
    (CLUSTERS, Create, "InvalidRequestException", "Cluster 'shop' is not in ACTIVE status", FREE),
    (CLUSTERS, Create, "ResourceNotFoundException", "No cluster found for name: shop.", SEEN),
    (
        CLUSTERS,
        Create,
        "InvalidParameterException",
        "roleArn, arn:aws:iam::123456789012:role/cluster, does not exist",
        SEEN,
    ),
    (CLUSTERS, Create, "ResourceInUseException", "Cluster already exists with name: shop", FINAL),
    (CLUSTERS, Update, "InvalidParameterException", "Only one type of update can be allowed.", FINAL),
    ("aws_eks_cluster", Create, "InvalidParameterException", "Error in role params", SEEN),
    (
        "aws_eks_cluster",
        Create,
        "InvalidParameterException",
        "Role could not be assumed because the trusted entity is not correct",
        SEEN,
    ),
    (
        "aws_eks_cluster",
        Create,
        "InvalidParameterException",
        "The provided role doesn't have the Amazon EKS Managed Policies associated with it. Please ensure the following policy is attached: arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
        SEEN,
    ),
    (
        "aws_eks_cluster",
        Create,
        "InvalidParameterException",
        "IAM role's policy must include the `ec2:DescribeSubnets` action",
        SEEN,
    ),
    ("aws_eks_cluster", Delete, "ResourceInUseException", "Cluster has nodegroups attached", FREE),
    (
        "aws_eks_node_group",
        Create,
        "InvalidParameterException",
        "The role with name node cannot be found.",
        SEEN,
    ),
    (
        "aws_eks_node_group",
        Create,
        "InvalidParameterException",
        "Following required service principals [ec2.amazonaws.com] were not found in the trust relationships of nodeRole arn:aws:iam::123456789012:role/node",
        SEEN,
    ),
    (
        "aws_eks_node_group",
        Update,
        "InvalidParameterException",
        "Nodegroup Kubernetes version should be equal to Cluster kubernetes version 1.33 or NodeGroup kubernetes version 1.33",
        SEEN,
    ),
    (
        "aws_eks_fargate_profile",
        Create,
        "InvalidParameterException",
        "Misconfigured PodExecutionRole Trust Policy; Please add the eks-fargate-pods.amazonaws.com Service Principal",
        SEEN,
    ),
    (
        // Of these words only the status is certain.
        "aws_eks_addon",
        Create,
        "InvalidParameterException",
        "Addon coredns is in status CREATE_FAILED",
        SEEN,
    ),
    (
        "aws_eks_access_entry",
        Create,
        "InvalidParameterException",
        "The specified principalArn is invalid: invalid principal.",
        SEEN,
    ),
    (
        "aws_eks_access_policy_association",
        Create,
        "ResourceNotFoundException",
        "The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.",
        SEEN,
    ),
    (
        "aws_vpc_endpoint",
        Delete,
        "InvalidParameter",
        "Endpoint must be removed from route table before deletion: vpce-0a1b2c3d4e5f67890",
        FREE,
    ),
    (
        "aws_vpc_endpoint",
        Create,
        "InvalidServiceName",
        "The Vpc Endpoint Service 'com.amazonaws.eu-west-1.s4' does not exist",
        FINAL,
    ),
    (
        "aws_flow_log",
        Create,
        "InvalidParameter",
        "Unable to assume given IAM role arn:aws:iam::123456789012:role/logs",
        SEEN,
    ),
    (
        "aws_flow_log",
        Create,
        "FlowLogAlreadyExists",
        "Error. There is an existing Flow Log with the same configuration and log destination.",
        FINAL,
    ),
    (
        "aws_security_group_rule",
        Create,
        "InvalidPermission.Duplicate",
        "the specified rule \"peer: 10.0.0.0/8, TCP, from port: 80, to port: 80, ALLOW\" already exists",
        FINAL,
    ),
    (
        KEYS,
        Create,
        "NotFoundException",
        "Key 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab' does not exist",
        SEEN,
    ),
    (
        KEYS,
        Create,
        "MalformedPolicyDocumentException",
        "Policy contains a statement with one or more invalid principals.",
        SEEN,
    ),
    (
        KEYS,
        Create,
        "MalformedPolicyDocumentException",
        "The new key policy will not allow you to update the key policy in the future.",
        FINAL,
    ),
    (
        KEYS,
        Update,
        "DisabledException",
        "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab is disabled.",
        SEEN,
    ),
    (
        KEYS,
        Create,
        "AlreadyExistsException",
        "An alias with the name arn:aws:kms:eu-west-1:123456789012:alias/shop already exists",
        FINAL,
    ),
    (TOPICS, Create, "NotFound", "Topic does not exist", SEEN),
    (TOPICS, Update, "InvalidParameter", "Invalid parameter: Policy Error: PrincipalNotFound", SEEN),
    (
        TOPICS,
        Update,
        "InvalidParameter",
        "Invalid parameter: Policy statement action out of service scope!",
        FINAL,
    ),
    (
        TOPICS,
        Create,
        "InvalidParameter",
        "Invalid parameter: Tags Reason: Topic already exists with different tags",
        FINAL,
    ),
    (
        TOPICS,
        Update,
        "AuthorizationError",
        "User: arn:aws:sts::123456789012:assumed-role/deploy/ci is not authorized to perform: SNS:SetTopicAttributes on resource: arn:aws:sns:eu-west-1:123456789012:orders because no identity-based policy allows the SNS:SetTopicAttributes action",
        SEEN,
    ),
    (
        TOPICS,
        Update,
        "ConcurrentAccess",
        "Can't perform multiple operations on a tag simultaneously. Perform the operations sequentially.",
        FREE,
    ),
    (
        ALARMS,
        Update,
        "ConcurrentModificationException",
        "More than one process tried to modify a resource at the same time.",
        FREE,
    ),
    (ALARMS, Create, "ValidationError", "Period must not be null", FINAL),
    (
        ECS,
        Create,
        "InvalidParameterException",
        "Unable to assume the service linked role. Please verify that the ECS service linked role exists.",
        SEEN,
    ),
    (ECS, Create, "ClusterNotFoundException", "Cluster not found.", SEEN),
    (
        ECS,
        Update,
        "UpdateInProgressException",
        "The specified cluster is in a busy state. Cluster attachments must be in UPDATE_COMPLETE or UPDATE_FAILED state before they can be updated. Wait and try again.",
        FREE,
    ),
    (ECS, Create, "ClientException", "Container.image should not be null or empty.", FINAL),
    ("aws_ecs_task_definition", Create, "ClientException", "Role is not valid", SEEN),
    (
        "aws_ecs_cluster",
        Delete,
        "ClusterContainsServicesException",
        "The Cluster cannot be deleted while Services are active.",
        FREE,
    ),
    (
        "aws_ecs_cluster",
        Delete,
        "ClusterContainsTasksException",
        "The Cluster cannot be deleted while Tasks are active.",
        FREE,
    ),
    (
        "aws_ecs_cluster",
        Delete,
        "ClusterContainsContainerInstancesException",
        "The Cluster cannot be deleted while Container Instances are active or draining.",
        FREE,
    ),
    (
        "aws_ecs_cluster",
        Delete,
        "ClientException",
        "The Cluster cannot be deleted while Cluster Scoped Capacity Providers are attached to the cluster.",
        FREE,
    ),
    (
        "aws_ecs_cluster_capacity_providers",
        Update,
        "ResourceInUseException",
        "The specified capacity provider is in use and cannot be removed.",
        FREE,
    ),
    (
        "aws_ecs_cluster_capacity_providers",
        Create,
        "ClientException",
        "Cluster was not ACTIVE. Wait and try again.",
        FREE,
    ),
    (
        "aws_ecs_capacity_provider",
        Delete,
        "DELETE_FAILED",
        "The capacity provider cannot be deleted because it is associated with cluster: shop. Remove the capacity provider from the cluster and try again.",
        FREE,
    ),
    (
        "aws_ecs_capacity_provider",
        Create,
        "ClientException",
        "The specified Auto Scaling group ARN is already being used by another capacity provider. Specify a unique Auto Scaling group ARN and try again.",
        FINAL,
    ),
    (
        "aws_ecs_service",
        Create,
        "InvalidParameterException",
        "Unable to assume role and validate the specified targetGroupArn. Please verify that the ECS service role being passed has the proper permissions.",
        SEEN,
    ),
    (
        "aws_ecs_service",
        Create,
        "InvalidParameterException",
        "The target group with targetGroupArn arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0a1b2c3d4e5f6789 does not have an associated load balancer.",
        SEEN,
    ),
    (
        "aws_ecs_service",
        Create,
        "InvalidParameterException",
        "Unable to Start a service that is still Draining.",
        FREE,
    ),
    (
        "aws_ecs_service",
        Delete,
        "InvalidParameterException",
        "The service cannot be stopped while deployments are active.",
        FREE,
    ),
    (
        "aws_ecs_service",
        Delete,
        "DependencyViolation",
        "resource sg-0a1b2c3d4e5f67890 has a dependent object",
        FREE,
    ),
    (
        "aws_ecs_service",
        Create,
        "InvalidParameterException",
        "Creation of service was not idempotent.",
        FINAL,
    ),
    (SCALING, Update, "ConcurrentUpdateException", "A concurrent update is in progress.", FREE),
    (
        SCALING,
        Create,
        "FailedResourceAccessException",
        "Unable to retrieve alarms for scaling policy arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:0 due to reason: Rate exceeded",
        FREE,
    ),
    (
        SCALING,
        Create,
        "FailedResourceAccessException",
        "Unable to retrieve capacity for resource: service/shop/web, scalable dimension: ecs:service:DesiredCount. Reason: User is not authorized to perform: ecs:DescribeServices",
        SEEN,
    ),
    (
        SCALING,
        Create,
        "ValidationException",
        "Unable to assume IAM role: arn:aws:iam::123456789012:role/scaling",
        SEEN,
    ),
    (SCALING, Create, "ValidationException", "ECS service doesn't exist: service/shop/web", SEEN),
    (
        SCALING,
        Create,
        "ObjectNotFoundException",
        "No scalable target registered for service namespace: ecs, resource ID: service/shop/web, scalable dimension: ecs:service:DesiredCount",
        SEEN,
    ),
    (SCALING, Create, "ValidationException", "Maximum capacity cannot be less than minimum capacity", FINAL),
    (NAMES, Create, "NamespaceNotFound", "ns-0a1b2c3d4e5f6789", SEEN),
    (
        NAMES,
        Delete,
        "ResourceInUse",
        "Service contains registered instances; delete the instances before deleting the service",
        FREE,
    ),
    (NAMES, Update, "DuplicateRequest", "Another operation of type UpdateService is in progress", FREE),
    (NAMES, Create, "ConflictingDomainExists", "vpc-0a1b2c3d4e5f67890", FINAL),
    (
        IMAGES,
        Create,
        "RepositoryNotFoundException",
        "The repository with name 'web' does not exist in the registry with id '123456789012'",
        SEEN,
    ),
    (
        "aws_ecr_repository_policy",
        Create,
        "InvalidParameterException",
        "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'",
        SEEN,
    ),
    (
        "aws_ecr_lifecycle_policy",
        Create,
        "InvalidParameterException",
        "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure'",
        FINAL,
    ),
    (
        DNS,
        Update,
        "ConcurrentModification",
        "Another user submitted a request to create, update, or delete the object at the same time that you did.",
        FREE,
    ),
    (
        DNS,
        Create,
        "PriorRequestNotComplete",
        "The request was rejected because Route 53 was still processing a prior request.",
        FREE,
    ),
    (DNS, Create, "NoSuchHostedZone", "No hosted zone found with ID: Z0123456789ABCDEFGHIJ", SEEN),
    (
        DNS,
        Create,
        "NoSuchHealthCheck",
        "A health check with id abcdef01-2345-6789-abcd-ef0123456789 does not exist.",
        SEEN,
    ),
    (DNS, Delete, "NoSuchHostedZone", "No hosted zone found with ID: Z0123456789ABCDEFGHIJ", FINAL),
    (
        "aws_route53_zone",
        Update,
        "InvalidVPCId",
        "The VPC: vpc-0a1b2c3d4e5f67890 in region eu-west-1 that you provided does not exist.",
        SEEN,
    ),
    (
        "aws_route53_zone",
        Delete,
        "HostedZoneNotEmpty",
        "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
        FINAL,
    ),
    (
        "aws_route53_record",
        Create,
        "InvalidChangeBatch",
        "Tried to create resource record set [name='www.example.com.', type='A'] but it already exists",
        FINAL,
    ),
    (
        CERTIFICATES,
        Update,
        "ConflictException",
        "You are trying to update a resource or configuration that is already being created or updated.",
        FREE,
    ),
    (
        CERTIFICATES,
        Update,
        "ResourceNotFoundException",
        "Could not find certificate arn:aws:acm:eu-west-1:123456789012:certificate/7e7a28d2-163f-4b8f-b9cd-822f96c08d6a.",
        SEEN,
    ),
    (
        "aws_acm_certificate",
        Delete,
        "ResourceInUseException",
        "Certificate arn:aws:acm:eu-west-1:123456789012:certificate/7e7a28d2-163f-4b8f-b9cd-822f96c08d6a in account 123456789012 is in use.",
        FREE,
    ),
    (
        "aws_acm_certificate",
        Create,
        "LimitExceededException",
        "Error: you have reached your limit of 20 certificates in the last year.",
        FINAL,
    ),
];

fn refusal(code: &str, message: &str) -> Error {
    Error::Refused { code: code.to_owned(), message: message.to_owned(), request: None }
}

#[test]
fn what_the_services_say_passes_or_does_not() {
    for (types, op, code, message, until) in RECORDED {
        for name in types.split_whitespace() {
            let kind = crate::kind::resource(name).unwrap_or_else(|| panic!("no type {name}"));
            let passes = kind.passes(*op, &refusal(code, message)).map(|it| it.until);
            assert_eq!(passes, *until, "{name}, {op:?}: {code}: {message}");
        }
    }
}

#[test]
fn every_rule_has_a_recorded_text() {
    let mut unproven = BTreeSet::new();
    for kind in crate::aws::RESOURCES {
        let rules = kind.passing().iter().copied().flatten();
        let mine = RECORDED.iter().filter(|it| it.0.split_whitespace().any(|it| it == kind.name()));
        let mine: Vec<&Line> = mine.collect();
        for rule in rules {
            if !mine.iter().any(|it| kind.passes(it.1, &refusal(it.2, it.3)) == Some(rule)) {
                unproven.insert(format!("{}: {rule:?}", kind.name()));
            }
        }
    }
    assert!(unproven.is_empty(), "say in this file what AWS says: {unproven:#?}");
}

#[test]
fn every_type_says_what_passes() {
    let silent = crate::aws::RESOURCES.iter().filter(|it| it.passing().is_empty());
    let silent: Vec<&str> = silent.map(|it| it.name()).collect();
    assert!(silent.is_empty(), "`PASSING` is missing, at least its service's table: {silent:?}");
}

#[test]
fn what_passes_for_one_service_is_no_answer_of_another() {
    let kind = crate::kind::resource("aws_sqs_queue").expect("registered");
    assert!(kind.passes(Delete, &refusal("DependencyViolation", "x")).is_none());
    assert!(kind.passes(Create, &Error::Unreached("x".to_owned())).is_none());
}

#[test]
fn a_star_stands_for_anything() {
    assert!(is_code("Invalid*.NotFound", "InvalidVpcID.NotFound"));
    assert!(is_code("*QueueDeletedRecently", "AWS.SimpleQueueService.QueueDeletedRecently"));
    assert!(is_code("*QueueDeletedRecently", "QueueDeletedRecently"));
    assert!(!is_code("Invalid*.NotFound", "InvalidVpcID.Malformed"));
    assert!(!is_code("aba*ba", "aba"));
}
