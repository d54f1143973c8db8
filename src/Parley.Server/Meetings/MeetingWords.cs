namespace Parley.Server.Meetings;

/// <summary>The words of meeting ids: short, known everywhere, easy to say on a telephone, and hurting nobody in any pair.</summary>
internal static class MeetingWords
{
    public static readonly string[] Qualities =
    [
        "able", "airy", "amber", "ample", "autumn", "azure", "bold", "brave", "breezy", "bright", "brisk", "calm", "candid", "careful",
        "cheerful", "clear", "clever", "coral", "cosy", "crimson", "crisp", "curious", "dapper", "daring", "deep", "early", "easy",
        "emerald", "even", "fair", "famous", "festive", "fleet", "fond", "frank", "free", "fresh", "friendly", "gentle", "glad",
        "golden", "good", "grand", "green", "happy", "hearty", "honest", "humble", "indigo", "ivory", "jolly", "keen", "kind", "large",
        "light", "lilac", "lively", "long", "loyal", "lucky", "lunar", "mellow", "merry", "mild", "misty", "modest", "neat", "nimble",
        "noble", "open", "orange", "patient", "peaceful", "plain", "polite", "proud", "purple", "quick", "quiet", "rapid", "rare",
        "ready", "rich", "ruby", "rustic", "sandy", "scarlet", "serene", "sharp", "silent", "silver", "simple", "smart", "smooth",
        "snowy", "soft", "solar", "solid", "spring", "steady", "still", "summer", "sunny", "swift", "tall", "tidy", "tranquil", "true",
        "trusty", "upbeat", "velvet", "violet", "vivid", "warm", "wide", "willing", "windy", "winter", "wise", "witty", "wooden",
        "yellow", "young", "zesty",
    ];

    public static readonly string[] Places =
    [
        "acorn", "anchor", "apple", "arch", "arbour", "atlas", "balcony", "bank", "barn", "bay", "beach", "beacon", "birch", "boat",
        "bridge", "brook", "cabin", "canal", "canoe", "canyon", "castle", "cedar", "cellar", "chapel", "cherry", "cliff", "cloud",
        "coast", "comet", "cottage", "cove", "creek", "crystal", "dale", "delta", "dune", "elm", "falcon", "farm", "fern", "ferry",
        "field", "fjord", "forest", "fountain", "galaxy", "garden", "gate", "glade", "glen", "grove", "gulf", "harbour", "haven",
        "hazel", "heath", "hill", "hollow", "horizon", "house", "inlet", "island", "ivy", "kettle", "kite", "lagoon", "lake", "lantern",
        "larch", "library", "lighthouse", "lodge", "maple", "market", "marsh", "meadow", "meteor", "mill", "moon", "moor", "mountain",
        "oak", "oasis", "ocean", "orchard", "otter", "park", "pass", "path", "pavilion", "pebble", "pine", "planet", "plateau", "plaza",
        "pond", "poplar", "port", "prairie", "quay", "reef", "ridge", "river", "road", "robin", "rose", "sail", "shore", "sky",
        "sparrow", "square", "star", "station", "stone", "stream", "street", "table", "temple", "terrace", "theatre", "tower", "trail",
        "tree", "tulip", "valley", "village", "walnut", "wave", "willow", "window", "wood", "yard",
    ];
}
