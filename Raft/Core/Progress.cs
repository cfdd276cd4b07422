namespace Krewe.Raft.Core;

/// <summary>What the leader knows of one member. Between Match and Next - 1 lies what is sent but not acknowledged.</summary>
internal sealed class Progress(ulong id, RaftOptions options)
{
    private readonly Inflights _inflights = new(options.MaxInflightMessages, options.MaxInflightBytes);

    public ulong Id { get; } = id;

    public bool IsLearner { get; set; }

    public ProgressState State { get; private set; }

    /// <summary>Durable there up to here.</summary>
    public ulong Match { get; set; }

    public ulong Next { get; private set; } = 1;

    /// <summary>Snapshot state: its index.</summary>
    public ulong PendingSnapshot { get; private set; }

    /// <summary>Heard from since the last quorum check.</summary>
    public bool RecentActive { get; set; }

    /// <summary>Probe state: the probe is under way.</summary>
    public bool ProbeSent { get; set; }

    /// <summary>An append is due even without entries, to find out whether earlier ones were lost.</summary>
    public bool AppendDue { get; set; }

    /// <summary>Highest commit index that was sent.</summary>
    public ulong SentCommit { get; private set; }

    /// <summary>1 + the tick of sending of the latest heartbeat that was answered; 0 for none in this term.</summary>
    public ulong AckedTick { get; set; }

    /// <summary>The latest read batch that was answered.</summary>
    public ulong AckedRead { get; set; }

    public bool? Vote { get; set; }

    public int InflightCount => _inflights.Count;

    public bool InflightsFull => _inflights.IsFull;

    public bool CanBumpCommit(ulong commit) => commit > SentCommit && SentCommit < Next - 1;

    public void Reset(ulong next)
    {
        Become(ProgressState.Probe);
        Match = 0;
        Next = next;
        RecentActive = false;
        SentCommit = 0;
        AckedTick = 0;
        AckedRead = 0;
    }

    public void BecomeProbe()
    {
        ulong next = State == ProgressState.Snapshot ? Math.Max(Match, PendingSnapshot) + 1 : Match + 1;
        Become(ProgressState.Probe);
        LowerNext(next);
    }

    /// <summary>The snapshot did not arrive: start from what is known.</summary>
    public void SnapshotFailed()
    {
        PendingSnapshot = 0;
        BecomeProbe();
    }

    public void BecomeReplicate()
    {
        Become(ProgressState.Replicate);
        LowerNext(Match + 1);
    }

    public void BecomeSnapshot(ulong index)
    {
        Become(ProgressState.Snapshot);
        PendingSnapshot = index;
        Next = index + 1;
        SentCommit = index;
    }

    public void SentEntries(int count, long bytes)
    {
        AppendDue = false;
        if (State == ProgressState.Probe)
        {
            ProbeSent = true;
        }
        else if (count > 0)
        {
            Next += (ulong)count;
            _inflights.Add(Next - 1, bytes);
        }
    }

    public void CommitSent(ulong commit) => SentCommit = Math.Max(SentCommit, commit);

    /// <summary>Durable up to <paramref name="index"/>: true if that is news.</summary>
    public bool MaybeUpdate(ulong index)
    {
        if (index <= Match)
        {
            return false;
        }

        Match = index;
        Next = Math.Max(Next, index + 1);
        ProbeSent = false;
        return true;
    }

    public void FreeInflightsTo(ulong index) => _inflights.FreeTo(index);

    /// <summary>The append after <paramref name="rejected"/> was rejected: steps back, or returns false if the answer is out of date.</summary>
    public bool MaybeStepBack(ulong rejected, ulong hint)
    {
        if (State == ProgressState.Replicate)
        {
            if (rejected <= Match)
            {
                return false;
            }

            LowerNext(Match + 1);
            return true;
        }

        if (Next - 1 != rejected)
        {
            return false;
        }

        LowerNext(Math.Max(Math.Min(rejected, hint + 1), Match + 1));
        ProbeSent = false;
        return true;
    }

    private void Become(ProgressState state)
    {
        State = state;
        ProbeSent = false;
        AppendDue = false;
        PendingSnapshot = 0;
        _inflights.Clear();
    }

    private void LowerNext(ulong next)
    {
        Next = next;
        SentCommit = Math.Min(SentCommit, next - 1);
    }
}
