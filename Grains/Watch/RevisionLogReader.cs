using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Watch;

/// <summary>A place in the <see cref="RevisionLog"/> that waits for more. For one thread of control at a time.</summary>
public sealed class RevisionLogReader : IDisposable
{
    private readonly RevisionLog _log;
    private readonly AsyncSignal _signal = new();
    private volatile bool _paused;

    internal RevisionLogReader(RevisionLog log, long position)
    {
        _log = log;
        Position = position;
    }

    /// <summary>Whether publications leave it asleep; <see cref="Wake"/> still wakes it. A sleeping reader costs the apply thread nothing.</summary>
    public bool IsPaused { get => _paused; set => _paused = value; }

    /// <summary>The revision that is read next.</summary>
    public long Position { get; set; }

    /// <summary>
    /// Reads what is there. False if revisions from <see cref="Position"/> on are gone; the position is then moved to the oldest that is here,
    /// and what is between must come from the store.
    /// </summary>
    public bool TryRead(Span<RevisionEvents> into, out int count)
    {
        if (_log.TryRead(Position, into, out count))
        {
            Position += count;
            return true;
        }

        Position = _log.First;
        return false;
    }

    /// <summary>Waits until there may be something new; false once disposed.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _signal.WaitAsync(cancellationToken);

    public void Dispose()
    {
        _log.Remove(this);
        _signal.Stop();
    }

    public void Wake() => _signal.Signal();

    internal void Signal()
    {
        if (!_paused)
        {
            _signal.Signal();
        }
    }
}
