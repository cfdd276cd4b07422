using System.Diagnostics.CodeAnalysis;

namespace Krewe.Silo.Auth;

/// <summary>
/// What waits to be hashed or checked, bounded in all and for each user. Users take turns, so that many guesses at one user's password hold up that
/// user alone. Not safe for several threads.
/// </summary>
internal sealed class PasswordQueue(int maxWaiting, int maxWaitingOfUser)
{
    private readonly Dictionary<string, LinkedList<PasswordWork>> _byUser = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _turns = new();

    public int Count { get; private set; }

    /// <summary>False if too much waits already.</summary>
    public bool TryAdd(PasswordWork work)
    {
        var known = _byUser.TryGetValue(work.User, out var waiting);
        if (Count >= maxWaiting || (known && waiting!.Count >= maxWaitingOfUser))
        {
            return false;
        }

        if (!known)
        {
            _byUser[work.User] = waiting = new LinkedList<PasswordWork>();
            _turns.AddLast(work.User);
        }

        work.Place = waiting!.AddLast(work);
        Count++;
        return true;
    }

    /// <summary>The oldest work of the user whose turn it is.</summary>
    public bool TryTake([NotNullWhen(true)] out PasswordWork? work)
    {
        work = null;
        if (_turns.First is not { } turn)
        {
            return false;
        }

        work = _byUser[turn.Value].First!.Value;
        _turns.Remove(turn);
        _turns.AddLast(turn);
        return TryRemove(work);
    }

    /// <summary>False if the work has been taken already.</summary>
    public bool TryRemove(PasswordWork work)
    {
        if (work.Place is not { } place)
        {
            return false;
        }

        work.Place = null;
        Count--;
        var waiting = _byUser[work.User];
        waiting.Remove(place);
        if (waiting.Count == 0)
        {
            _byUser.Remove(work.User);
            _turns.Remove(work.User);
        }

        return true;
    }
}
