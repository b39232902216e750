//! What container definitions may say: the names of the API's `ContainerDefinition`, in the order of the
//! alphabet, and what stands behind each.

/// What a value has to be.
pub enum Shape {
    Text,
    Number,
    Flag,
    Many(&'static Shape),
    /// Texts by name.
    Texts,
    Object(&'static [(&'static str, Shape)]),
}

use Shape::{Flag, Many, Number, Object, Text, Texts};

const TEXTS: Shape = Many(&Text);

const NAMED_VALUE: Shape = Object(&[("name", Text), ("value", Text)]);
const SECRETS: Shape = Many(&Object(&[("name", Text), ("valueFrom", Text)]));

const HEALTH_CHECK: Shape = Object(&[
    ("command", TEXTS),
    ("interval", Number),
    ("retries", Number),
    ("startPeriod", Number),
    ("timeout", Number),
]);

const DEVICE: Shape = Object(&[("containerPath", Text), ("hostPath", Text), ("permissions", TEXTS)]);
const TMPFS: Shape = Object(&[("containerPath", Text), ("mountOptions", TEXTS), ("size", Number)]);
const LINUX: Shape = Object(&[
    ("capabilities", Object(&[("add", TEXTS), ("drop", TEXTS)])),
    ("devices", Many(&DEVICE)),
    ("initProcessEnabled", Flag),
    ("maxSwap", Number),
    ("sharedMemorySize", Number),
    ("swappiness", Number),
    ("tmpfs", Many(&TMPFS)),
]);

const PORT: Shape = Object(&[
    ("appProtocol", Text),
    ("containerPort", Number),
    ("containerPortRange", Text),
    ("hostPort", Number),
    ("name", Text),
    ("protocol", Text),
]);

const RESTARTS: Shape =
    Object(&[("enabled", Flag), ("ignoredExitCodes", Many(&Number)), ("restartAttemptPeriod", Number)]);

const MOUNT: Shape = Object(&[("containerPath", Text), ("readOnly", Flag), ("sourceVolume", Text)]);
const LIMIT: Shape = Object(&[("hardLimit", Number), ("name", Text), ("softLimit", Number)]);
const LOG: Shape = Object(&[("logDriver", Text), ("options", Texts), ("secretOptions", SECRETS)]);

/// One container.
pub static CONTAINER: Shape = Object(&[
    ("command", TEXTS),
    ("cpu", Number),
    ("credentialSpecs", TEXTS),
    ("dependsOn", Many(&Object(&[("condition", Text), ("containerName", Text)]))),
    ("disableNetworking", Flag),
    ("dnsSearchDomains", TEXTS),
    ("dnsServers", TEXTS),
    ("dockerLabels", Texts),
    ("dockerSecurityOptions", TEXTS),
    ("entryPoint", TEXTS),
    ("environment", Many(&NAMED_VALUE)),
    ("environmentFiles", Many(&Object(&[("type", Text), ("value", Text)]))),
    ("essential", Flag),
    ("extraHosts", Many(&Object(&[("hostname", Text), ("ipAddress", Text)]))),
    ("firelensConfiguration", Object(&[("options", Texts), ("type", Text)])),
    ("healthCheck", HEALTH_CHECK),
    ("hostname", Text),
    ("image", Text),
    ("interactive", Flag),
    ("links", TEXTS),
    ("linuxParameters", LINUX),
    ("logConfiguration", LOG),
    ("memory", Number),
    ("memoryReservation", Number),
    ("mountPoints", Many(&MOUNT)),
    ("name", Text),
    ("portMappings", Many(&PORT)),
    ("privileged", Flag),
    ("pseudoTerminal", Flag),
    ("readonlyRootFilesystem", Flag),
    ("repositoryCredentials", Object(&[("credentialsParameter", Text)])),
    ("resourceRequirements", Many(&Object(&[("type", Text), ("value", Text)]))),
    ("restartPolicy", RESTARTS),
    ("secrets", SECRETS),
    ("startTimeout", Number),
    ("stopTimeout", Number),
    ("systemControls", Many(&Object(&[("namespace", Text), ("value", Text)]))),
    ("ulimits", Many(&LIMIT)),
    ("user", Text),
    ("versionConsistency", Text),
    ("volumesFrom", Many(&Object(&[("readOnly", Flag), ("sourceContainer", Text)]))),
    ("workingDirectory", Text),
]);
