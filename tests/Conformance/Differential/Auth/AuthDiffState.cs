namespace Krewe.Conformance.Differential.Auth;

/// <summary>What the generator knows of users and of the store, on which the servers agree so far.</summary>
internal sealed class AuthDiffState
{
    public const string Root = "root";

    /// <summary>Users that come and go; root stays.</summary>
    public static readonly string[] Users = ["u0", "u1", "u2", "u3", "u4"];

    /// <summary>Roles whose permissions change.</summary>
    public static readonly string[] Roles = ["r0", "r1", "r2", "r3"];

    /// <summary>Roles whose permissions stay.</summary>
    public static readonly string[] FixedRoles = ["range", "prefix", "key", "all"];

    public DiffState Store { get; } = new();

    /// <summary>The password that each user was last given, right or not.</summary>
    public Dictionary<string, string> Passwords { get; } = new(StringComparer.Ordinal) { [Root] = Root };

    /// <summary>Users that exist.</summary>
    public HashSet<string> Existing { get; } = new(StringComparer.Ordinal);

    public bool IsEnabled { get; set; } = true;

    /// <summary>Who was told that its token is no good, or has none, and so logs in next.</summary>
    public Queue<string> MustLogIn { get; } = [];
}
