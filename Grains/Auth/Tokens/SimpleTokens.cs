using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Replication;

namespace Krewe.Grains.Auth.Tokens;

/// <summary>
/// Simple tokens: 16 letters, a dot, and the log index of the entry that made the token known to all members (behaviour 201). Each member keeps
/// them in memory and drops those that were not used for a time (behaviour 202).
/// </summary>
public sealed class SimpleTokens : ITokenProvider
{
    /// <summary>Most tokens kept; beyond it those go that would expire first.</summary>
    public const int MaxTokens = 1_000_000;

    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const int PrefixLetters = 16;

    /// <summary>How often the expired are looked for, when tokens are added.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly TimeSpan _timeToLive;
    private readonly TimeProvider _time;
    private readonly int _maxTokens;
    private IAppliedIndex? _applied;
    private long _lastSweep;

    /// <param name="timeToLive">Time without use after which a token dies.</param>
    /// <param name="time">The clock.</param>
    /// <param name="maxTokens">Most tokens kept.</param>
    public SimpleTokens(TimeSpan timeToLive, TimeProvider time, int maxTokens = MaxTokens)
    {
        ArgumentNullException.ThrowIfNull(time);
        _timeToLive = timeToLive;
        _time = time;
        _maxTokens = maxTokens;
        _lastSweep = time.GetTimestamp();
    }

    /// <summary>Tokens in memory, the expired ones that nobody looked for included.</summary>
    public int Count => _sessions.Count;

    /// <summary>Lets tokens be waited for whose entry this member has not applied yet; without it they are invalid.</summary>
    public void WaitWith(IAppliedIndex applied) => _applied = applied;

    public string NewPrefix() => RandomNumberGenerator.GetString(Letters, PrefixLetters);

    public string Issue(string userName, ulong authRevision) => throw new NotSupportedException("a simple token comes through the log");

    public ValueTask<AuthIdentity?> IdentifyAsync(string token, ulong authRevision, CancellationToken cancellationToken) =>
        TryUse(token, out var userName)
            ? new(new AuthIdentity(userName, authRevision))
            : FindLaterAsync(token, authRevision, cancellationToken);

    /// <summary>A user's new token; on the apply thread.</summary>
    public void Add(string token, string userName)
    {
        Sweep();
        if (_sessions.Count >= _maxTokens)
        {
            RemoveOldest();
        }

        _sessions[token] = new Session(userName, _time.GetTimestamp());
    }

    /// <summary>Drops a user's tokens (behaviour 204).</summary>
    public void Remove(string userName)
    {
        foreach (var (token, session) in _sessions)
        {
            if (session.UserName == userName)
            {
                _sessions.TryRemove(token, out _);
            }
        }
    }

    /// <summary>Drops all (behaviour 193).</summary>
    public void Clear() => _sessions.Clear();

    private bool TryUse(string token, out string userName)
    {
        userName = "";
        if (!_sessions.TryGetValue(token, out var session))
        {
            return false;
        }

        if (_time.GetElapsedTime(session.LastUse) >= _timeToLive)
        {
            _sessions.TryRemove(token, out _);
            return false;
        }

        session.LastUse = _time.GetTimestamp();
        userName = session.UserName;
        return true;
    }

    /// <summary>A token may be used on a member that is behind the one that issued it (behaviour 201).</summary>
    private async ValueTask<AuthIdentity?> FindLaterAsync(string token, ulong authRevision, CancellationToken cancellationToken)
    {
        if (_applied is null || !TryReadIndex(token, out var index))
        {
            return null;
        }

        try
        {
            await _applied.WaitAppliedAsync(index, cancellationToken).ConfigureAwait(false);
        }
        catch (EtcdException e) when (e.Error == EtcdError.Timeout)
        {
            return null;
        }

        return TryUse(token, out var userName) ? new AuthIdentity(userName, authRevision) : null;
    }

    private static bool TryReadIndex(string token, out ulong index)
    {
        index = 0;
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        return dot >= 0
            && token.IndexOf('.', dot + 1) < 0
            && ulong.TryParse(token.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }

    private void Sweep()
    {
        if (_time.GetElapsedTime(_lastSweep) < SweepInterval)
        {
            return;
        }

        _lastSweep = _time.GetTimestamp();
        foreach (var (token, session) in _sessions)
        {
            if (_time.GetElapsedTime(session.LastUse) >= _timeToLive)
            {
                _sessions.TryRemove(token, out _);
            }
        }
    }

    /// <summary>Makes room for a tenth at once, so that a full table is not searched for every token.</summary>
    private void RemoveOldest()
    {
        foreach (var (token, _) in _sessions.OrderBy(static s => s.Value.LastUse).Take(Math.Max(1, _maxTokens / 10)).ToArray())
        {
            _sessions.TryRemove(token, out _);
        }
    }

    /// <summary>A token's user, and when it was last used, as a timestamp.</summary>
    private sealed class Session(string userName, long lastUse)
    {
        private long _lastUse = lastUse;

        public string UserName => userName;

        public long LastUse
        {
            get => Volatile.Read(ref _lastUse);
            set => Volatile.Write(ref _lastUse, value);
        }
    }
}
