using Krewe.Grains.Cluster.Members;
using Krewe.Raft.Core;

namespace Krewe.Silo.Replication;

/// <summary>
/// Which members this leader hears, from what the consensus core knows of them. A leader hears every live member with each heartbeat; the core
/// forgets once an election timeout whom it heard, so a silence shows within two of them.
/// </summary>
internal sealed class PeerActivity(Func<IReadOnlyList<ProgressStatus>> progress, TimeProvider time, TimeSpan silence) : IPeerActivity
{
    private readonly record struct Span(long First, long Last);

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, Span> _heard = [];

    public TimeSpan? ActiveFor(ulong memberId)
    {
        lock (_gate)
        {
            return _heard.TryGetValue(memberId, out var span) && time.GetElapsedTime(span.Last) <= silence
                ? time.GetElapsedTime(span.First)
                : null;
        }
    }

    /// <summary>Looks who was heard; to be called once a tick or so.</summary>
    public void Observe()
    {
        var status = progress();
        var now = time.GetTimestamp();
        lock (_gate)
        {
            foreach (var id in _heard.Keys.Except(status.Select(s => s.Id)).ToList())
            {
                _heard.Remove(id);
            }

            foreach (var member in status.Where(s => s.RecentActive && (s.Match > 0 || s.State != ProgressState.Probe)))
            {
                _heard[member.Id] = _heard.TryGetValue(member.Id, out var span) && time.GetElapsedTime(span.Last, now) <= silence
                    ? span with { Last = now }
                    : new Span(now, now);
            }
        }
    }
}
