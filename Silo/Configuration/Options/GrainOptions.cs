namespace Krewe.Silo.Configuration.Options;

/// <summary>Ports and prefixes of the Orleans silo.</summary>
public sealed record GrainOptions
{
    /// <summary>The most prefixes that can be registered by flag.</summary>
    public const int MaxKeyPrefixes = 1024;

    private const int MaxPort = ushort.MaxValue;

    /// <summary><c>--key-prefixes</c> without the root prefix; no duplicates.</summary>
    public required IReadOnlyList<string> KeyPrefixes { get; init; }

    /// <summary><c>--silo-port</c>; 0 takes a free one.</summary>
    public required int SiloPort { get; init; }

    /// <summary><c>--gateway-port</c>; 0 takes a free one.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>What is wrong with these options, or null. A value beyond <see cref="int"/> arrives here as -1.</summary>
    public string? Validate() =>
        SiloPort is < 0 or > MaxPort ? $"--silo-port must be from 0 to {MaxPort}"
        : GatewayPort is < 0 or > MaxPort ? $"--gateway-port must be from 0 to {MaxPort}"
        : KeyPrefixes.Count > MaxKeyPrefixes ? $"--key-prefixes may list at most {MaxKeyPrefixes} prefixes"
        : null;
}
