using Krewe.Grains.Interfaces.Auth;

namespace Krewe.Api.Services.Watch;

/// <summary>What a watcher watches for whom, and how that was judged last.</summary>
internal sealed class WatcherRights(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> rangeEnd)
{
    private IAuthView? _judgedBy;
    private string? _denyReason;

    public ReadOnlyMemory<byte> Key => key;

    public ReadOnlyMemory<byte> RangeEnd => rangeEnd;

    /// <summary>The user; null while auth was off when the watcher was made.</summary>
    public string? UserName { get; set; }

    /// <summary>Permissions that the verdict holds for.</summary>
    public IAuthView? JudgedBy
    {
        get => Volatile.Read(ref _judgedBy);
        set => Volatile.Write(ref _judgedBy, value);
    }

    /// <summary>Why the watcher was cancelled; null while it may watch. Set before <see cref="JudgedBy"/>.</summary>
    public string? DenyReason
    {
        get => Volatile.Read(ref _denyReason);
        set => Volatile.Write(ref _denyReason, value);
    }

    public bool IsDenied => DenyReason is not null;
}
