using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Gateway.Watch;

/// <summary>
/// What watchers must have in common to share one watcher on a member: also the token, so that the member judges each by its own and nobody gets events
/// by another's permissions.
/// </summary>
internal readonly struct SharedWatchKey : IEquatable<SharedWatchKey>
{
    private readonly ReadOnlyMemory<byte> _key;
    private readonly ReadOnlyMemory<byte> _rangeEnd;
    private readonly bool _prevKv;
    private readonly string? _token;

    public SharedWatchKey(WatchRequest request)
    {
        _key = request.Key;
        _rangeEnd = request.RangeEnd;
        _prevKv = request.PrevKv;
        _token = request.Token;
    }

    public bool Equals(SharedWatchKey other) =>
        _prevKv == other._prevKv
        && _token == other._token
        && _key.Span.SequenceEqual(other._key.Span)
        && _rangeEnd.Span.SequenceEqual(other._rangeEnd.Span);

    public override bool Equals(object? obj) => obj is SharedWatchKey other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_key.Span);
        hash.Add(_prevKv);
        hash.AddBytes(_rangeEnd.Span);
        hash.Add(_token);
        return hash.ToHashCode();
    }
}
