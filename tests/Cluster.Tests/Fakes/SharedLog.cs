using Krewe.Raft.Core;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Cluster.Tests.Fakes;

/// <summary>
/// The log that the members of a test share: what is in it is committed. The test names leaders, cuts members off and holds commits back. Its
/// term grows with each election, whose first entry is empty.
/// </summary>
internal sealed class SharedLog
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];
    private readonly List<LogMember> _members = [];

    public Lock Gate => _gate;

    /// <summary>The time that leases of all members run on.</summary>
    public FakeTimeProvider LeaseTime { get; } = new();

    public IReadOnlyList<LogMember> Members => _members;

    public ulong Term { get; private set; }

    public ulong LeaderId { get; private set; }

    /// <summary>While true nothing that leaders append is committed.</summary>
    public bool HoldsCommits { get; private set; }

    public ulong CommitIndex
    {
        get
        {
            lock (_gate)
            {
                return (ulong)_entries.Count;
            }
        }
    }

    public LogMember Add(ulong memberId)
    {
        var member = new LogMember(this, memberId);
        lock (_gate)
        {
            _members.Add(member);
        }

        return member;
    }

    public LogMember Member(ulong id) => _members.Single(member => member.MemberId == id);

    /// <summary>Keeps what leaders append from being committed.</summary>
    public void HoldCommits()
    {
        lock (_gate)
        {
            HoldsCommits = true;
        }
    }

    /// <summary>Elects a leader. Of what the old one holds uncommitted the first entries survive; the others are overwritten.</summary>
    public void Elect(ulong leaderId, int surviving = 0)
    {
        lock (_gate)
        {
            if (LeaderId != 0)
            {
                _entries.AddRange(Member(LeaderId).TakeUncommitted().Take(surviving));
            }

            HoldsCommits = false;
            LeaderId = leaderId;
            Term++;
            _entries.Add(new Entry((ulong)_entries.Count + 1, Term, EntryKind.Normal, default));
            Announce();
        }
    }

    /// <summary>The leader is gone and nobody follows it yet.</summary>
    public void LoseLeader()
    {
        lock (_gate)
        {
            LeaderId = 0;
            Announce();
        }
    }

    /// <summary>A member that is cut off keeps its view, hears nothing and has no quorum.</summary>
    public void CutOff(ulong memberId)
    {
        lock (_gate)
        {
            Member(memberId).IsCutOff = true;
        }
    }

    /// <summary>A member hears of everything again.</summary>
    public void Heal(ulong memberId)
    {
        lock (_gate)
        {
            Member(memberId).IsCutOff = false;
            Announce();
        }
    }

    /// <summary>Under the gate: takes what the leader appended, at once.</summary>
    public void Commit(IEnumerable<Entry> entries)
    {
        _entries.AddRange(entries);
        Announce();
    }

    public Entry[] ReadFrom(ulong index)
    {
        lock (_gate)
        {
            return [.. _entries.Skip((int)index - 1)];
        }
    }

    private void Announce()
    {
        foreach (var member in _members)
        {
            member.Wake();
        }
    }
}
