namespace Krewe.Grains.Interfaces.Auth;

/// <summary>A change of users, roles or permissions, judged when it is applied. Which fields count depends on <see cref="Kind"/>.</summary>
/// <param name="Kind">What to do.</param>
public sealed record AuthCommand(AuthCommandKind Kind)
{
    /// <summary>Who asks; null without credentials. Checked when the command is applied (behaviour 225).</summary>
    public string? Actor { get; init; }

    /// <summary>The user.</summary>
    public string User { get; init; } = "";

    /// <summary>The role.</summary>
    public string Role { get; init; } = "";

    /// <summary>Whether a new user has no password (behaviour 198).</summary>
    public bool NoPassword { get; init; }

    /// <summary>The password's bcrypt hash, made before the command entered the log (behaviour 233); empty for none that can match.</summary>
    public ReadOnlyMemory<byte> PasswordHash { get; init; }

    /// <summary>The hash that the client sent could not be read; etcd finds out only after its other checks.</summary>
    public bool IsHashMalformed { get; init; }

    /// <summary>The permission to grant, or whose keys to revoke; null if none was given (behaviour 218).</summary>
    public KeyPermission? Permission { get; init; }

    /// <summary>Random first part of a simple token; the log index is its second (behaviour 201).</summary>
    public string TokenPrefix { get; init; } = "";
}
