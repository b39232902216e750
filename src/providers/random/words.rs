//! The words of names. Lower-case letters only: names end up in addresses and labels.

#[rustfmt::skip]
/// What stands before, for names of more than two words.
pub const ADVERBS: &[&str] = &[
    "ably", "actually", "aptly", "boldly", "bravely", "brightly", "briskly", "broadly", "calmly",
    "carefully", "cheerfully", "clearly", "cleverly", "closely", "commonly", "constantly", "correctly",
    "daily", "deeply", "directly", "duly", "eagerly", "early", "easily", "endlessly", "equally",
    "evenly", "exactly", "extremely", "fairly", "finally", "firmly", "fondly", "formally", "forward",
    "freely", "freshly", "fully", "gently", "gladly", "gracefully", "gratefully", "greatly", "happily",
    "heavily", "highly", "honestly", "hugely", "humbly", "ideally", "instantly", "jointly", "jolly",
    "joyfully", "justly", "keenly", "kindly", "largely", "lately", "legally", "lightly", "likely",
    "literally", "lively", "locally", "loudly", "loyally", "luckily", "mainly", "merrily", "mildly",
    "mostly", "namely", "nearly", "neatly", "newly", "nicely", "nimbly", "nobly", "normally", "notably",
    "oddly", "openly", "overly", "partly", "patiently", "plainly", "pleasantly", "politely", "possibly",
    "primarily", "promptly", "properly", "proudly", "purely", "quickly", "quietly", "quite",
    "radically", "rapidly", "rarely", "readily", "really", "recently", "richly", "rightly", "roughly",
    "sadly", "safely", "secretly", "seemingly", "sensibly", "sharply", "shortly", "silently", "simply",
    "slightly", "slowly", "smartly", "smoothly", "softly", "solely", "solidly", "steadily", "strictly",
    "strongly", "suddenly", "surely", "sweetly", "swiftly", "tenderly", "thankfully", "tightly",
    "truly", "typically", "unduly", "usually", "utterly", "vaguely", "vastly", "vertically", "vividly",
    "warmly", "weekly", "wholly", "widely", "wisely", "yearly",
];

#[rustfmt::skip]
/// What stands before the last word.
pub const ADJECTIVES: &[&str] = &[
    "able", "agile", "airy", "alert", "amber", "ample", "apt", "arctic", "azure", "balmy", "bold",
    "bonny", "brave", "breezy", "bright", "brisk", "broad", "bronze", "bubbly", "calm", "candid",
    "casual", "cheery", "chief", "civil", "clean", "clear", "clever", "close", "cobalt", "cool",
    "coral", "cosy", "crisp", "curious", "dapper", "daring", "deep", "deft", "dense", "driven", "dusky",
    "eager", "early", "earnest", "easy", "elder", "elegant", "equal", "exact", "fair", "famous",
    "fancy", "fast", "fine", "firm", "fit", "fleet", "fluent", "fond", "frank", "free", "fresh",
    "frosty", "funny", "gentle", "giant", "glad", "golden", "good", "grand", "great", "green", "handy",
    "happy", "hardy", "hazel", "hearty", "helpful", "heroic", "honest", "hopeful", "humble", "ideal",
    "jolly", "joyful", "just", "keen", "kind", "large", "lasting", "lean", "light", "likely", "limber",
    "lively", "loyal", "lucid", "lucky", "major", "merry", "mighty", "mild", "modest", "moral",
    "native", "neat", "nimble", "noble", "normal", "novel", "oaken", "open", "patient", "peaceful",
    "pleasant", "polite", "prime", "prompt", "proper", "proud", "pure", "quick", "quiet", "rapid",
    "rare", "ready", "regal", "rested", "rich", "robust", "rosy", "royal", "rural", "sacred", "safe",
    "sandy", "scarlet", "secure", "serene", "sharp", "shiny", "silent", "silver", "simple", "sincere",
    "sleek", "smart", "smooth", "snowy", "solar", "solid", "sound", "spry", "stable", "steady",
    "sterling", "stoic", "stout", "strong", "sturdy", "sunny", "super", "supple", "sure", "sweet",
    "swift", "tender", "tidy", "tiny", "topaz", "tough", "trim", "true", "trusty", "upbeat", "useful",
    "valid", "vast", "velvet", "vivid", "vocal", "warm", "wary", "whole", "willing", "wise", "witty",
    "worthy", "young", "zesty",
];

#[rustfmt::skip]
/// The last word.
pub const ANIMALS: &[&str] = &[
    "adder", "albatross", "alpaca", "ant", "antelope", "ape", "armadillo", "asp", "badger", "barnacle",
    "bass", "bat", "beagle", "bear", "beaver", "bee", "beetle", "bison", "boa", "boar", "bobcat",
    "buck", "bull", "bunny", "buzzard", "calf", "camel", "canary", "caribou", "carp", "cat", "catfish",
    "chamois", "cheetah", "chicken", "chipmunk", "cicada", "clam", "cobra", "cod", "collie", "condor",
    "corgi", "cougar", "cow", "coyote", "crab", "crane", "cricket", "crow", "cuckoo", "curlew", "deer",
    "dingo", "dodo", "doe", "dog", "dolphin", "donkey", "dormouse", "dove", "dragon", "duck", "eagle",
    "eel", "egret", "eland", "elephant", "elk", "emu", "ermine", "falcon", "ferret", "finch", "firefly",
    "fish", "flamingo", "flounder", "fly", "fox", "frog", "gazelle", "gecko", "gibbon", "giraffe",
    "gnat", "gnu", "goat", "goose", "gopher", "goshawk", "grouse", "gull", "guppy", "haddock",
    "halibut", "hamster", "hare", "hawk", "hedgehog", "hen", "heron", "herring", "hippo", "hornet",
    "horse", "hound", "husky", "hyena", "ibex", "ibis", "iguana", "impala", "insect", "jackal",
    "jaguar", "jay", "kangaroo", "kestrel", "kingfisher", "kite", "kiwi", "koala", "krill", "lamb",
    "lark", "lemming", "lemur", "leopard", "lion", "lizard", "llama", "lobster", "locust", "lynx",
    "macaw", "magpie", "mallard", "mammoth", "manatee", "marlin", "marmot", "marten", "mastiff",
    "meerkat", "mink", "minnow", "mole", "mongoose", "monkey", "moose", "moth", "mouse", "mule",
    "muskrat", "narwhal", "newt", "ocelot", "octopus", "okapi", "opossum", "orca", "oriole", "osprey",
    "ostrich", "otter", "owl", "ox", "oyster", "panda", "panther", "parrot", "partridge", "peacock",
    "pelican", "penguin", "perch", "pheasant", "pig", "pigeon", "pika", "pike", "plover", "polecat",
    "pony", "poodle", "porcupine", "prawn", "puffin", "puma", "python", "quail", "rabbit", "raccoon",
    "ram", "raven", "ray", "reindeer", "rhino", "robin", "rook", "rooster", "salmon", "sardine",
    "sawfish", "seal", "shark", "sheep", "shrew", "shrimp", "skink", "skunk", "skylark", "sloth",
    "slug", "snail", "snake", "snipe", "sole", "sparrow", "spider", "squid", "squirrel", "stag",
    "starling", "stoat", "stork", "sturgeon", "sunbird", "swallow", "swan", "swift", "tapir", "termite",
    "tern", "terrier", "tiger", "toad", "tortoise", "toucan", "trout", "tuna", "turkey", "turtle",
    "viper", "vole", "vulture", "wallaby", "walrus", "warbler", "wasp", "weasel", "weevil", "whale",
    "whippet", "wolf", "wombat", "woodcock", "worm", "wren", "yak", "zebra",
];
