namespace Krewe.Silo.Configuration.Parsing;

/// <summary>The feature gates of etcd 3.7. Most can't be changed yet; for some a warning is enough.</summary>
internal static class FeatureGates
{
    /// <summary>Whether remaining times of leases are replicated.</summary>
    public const string LeaseCheckpoint = "LeaseCheckpoint";

    /// <summary>What is replicated is always on disk too, so this changes nothing.</summary>
    private const string LeaseCheckpointPersist = "LeaseCheckpointPersist";

    private const string BboltOnly = "TxnModeWriteWithSharedBuffer";

    /// <summary>kubeadm switches it on in every manifest; refusing it would keep out who needs it least, a cluster of one.</summary>
    private const string StartCheck = "InitialCorruptCheck";

    /// <summary>Every gate with its default.</summary>
    public static IReadOnlyDictionary<string, bool> Defaults { get; } = new Dictionary<string, bool>
    {
        ["StopGRPCServiceOnDefrag"] = false,
        [StartCheck] = false,
        ["CompactHashCheck"] = false,
        [BboltOnly] = true,
        [LeaseCheckpoint] = false,
        [LeaseCheckpointPersist] = false,
        ["SetMemberLocalAddr"] = false,
        ["FastLeaseKeepAlive"] = true,
        ["PriorityRequest"] = false,
    };

    /// <summary>What is wrong with <c>--feature-gates</c>, or null. Gates without effect are added to the warnings.</summary>
    public static string? Validate(string text, List<string> warnings)
    {
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (ValidateOne(part, warnings) is { } error)
            {
                return $"--feature-gates: {error}";
            }
        }

        return IsEnabled(text, LeaseCheckpointPersist) && !IsEnabled(text, LeaseCheckpoint)
            ? $"enabling feature gate {LeaseCheckpointPersist} requires enabling feature gate {LeaseCheckpoint}"
            : null;
    }

    /// <summary>Whether a gate is on; the last mention counts. The text is valid.</summary>
    public static bool IsEnabled(string text, string gate)
    {
        var enabled = Defaults[gate];
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair[0] == gate && GoNumber.TryParseBoolean(pair[1], out var value))
            {
                enabled = value;
            }
        }

        return enabled;
    }

    private static string? ValidateOne(string part, List<string> warnings)
    {
        var pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
        if (pair.Length != 2)
        {
            return $"missing bool value for {pair[0]}";
        }

        if (!GoNumber.TryParseBoolean(pair[1], out var value))
        {
            return $"invalid value of {pair[0]}={pair[1]}: not a boolean";
        }

        if (!Defaults.TryGetValue(pair[0], out var defaultValue))
        {
            return $"unrecognized feature gate: {pair[0]}";
        }

        if (value == defaultValue || pair[0] is LeaseCheckpoint or LeaseCheckpointPersist)
        {
            return null;
        }

        if (pair[0] == StartCheck)
        {
            warnings.Add($"feature gate {StartCheck} has no effect in krewe yet: members do not compare their data at start");
            return null;
        }

        if (pair[0] != BboltOnly)
        {
            return $"{pair[0]}={pair[1]} is not supported by krewe yet; leave it at its default ({(defaultValue ? "true" : "false")})";
        }

        warnings.Add($"feature gate {BboltOnly} has no effect in krewe: it concerns etcd's own store");
        return null;
    }
}
