using Krewe.Silo.Auth;

namespace Krewe.Silo.Configuration.Options;

/// <summary>Passwords and tokens.</summary>
public sealed record AuthOptions
{
    /// <summary>bcrypt's own limits; a cost outside them means the default, as in etcd.</summary>
    public const int MinBcryptCost = 4;

    /// <summary>See <see cref="MinBcryptCost"/>.</summary>
    public const int MaxBcryptCost = 31;

    /// <summary>See <see cref="MinBcryptCost"/>.</summary>
    public const int DefaultBcryptCost = 10;

    /// <summary><c>--auth-token</c>: <c>simple</c>, <c>jwt,...</c>, or nothing for certificates only.</summary>
    public required string Token { get; init; }

    /// <summary><c>--auth-token-ttl</c>: how long an unused simple token lives.</summary>
    public required TimeSpan SimpleTokenTimeToLive { get; init; }

    /// <summary><c>--bcrypt-cost</c>, as given.</summary>
    public required long BcryptCostGiven { get; init; }

    /// <summary><c>--audit-log</c>.</summary>
    public required bool AuditLog { get; init; }

    /// <summary>The cost in force.</summary>
    public int BcryptCost => BcryptCostGiven is >= MinBcryptCost and <= MaxBcryptCost ? (int)BcryptCostGiven : DefaultBcryptCost;

    /// <summary>What is wrong, in etcd's words, or null.</summary>
    internal string? Validate() => AuthTokenSpec.TryParse(Token, out _, out var error) ? null : error;
}
