using Krewe.Grains.Auth;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Prefixes;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Evaluation;
using Krewe.Grains.Prefixes;

namespace Krewe.Grains.Replication;

/// <summary>
/// Evaluates requests at the tail of the log and appends their effects, in one turn; then waits until they are committed and applied.
/// What certainly did not get into the log fails with <see cref="NotOwnerException"/> and may be sent again; what may be in it fails with
/// etcd's ambiguous errors (behaviour 351).
/// </summary>
/// <param name="tail">The end of the log.</param>
/// <param name="log">The log.</param>
/// <param name="owners">Owners of prefixes as of the tail.</param>
/// <param name="timeout">How long an entry is waited for.</param>
/// <param name="auth">Permissions as of the tail; null where nothing is checked.</param>
public sealed class TailAppender(Tail tail, IReplicatedLog log, ITailOwnership owners, RequestTimeout timeout, PendingAuth? auth = null)
{
    /// <summary>Evaluates something in a batch. Anything it wants to answer it keeps itself until the entry is applied.</summary>
    public delegate void Evaluation<TState>(TailBatch batch, TState state);

    /// <summary>Evaluates and appends for owners of prefixes, or for none, in the given term, waits for the outcome and answers the index.</summary>
    public async ValueTask<ulong> AppendAsync<TState>(
        ulong term, ReadOnlyMemory<PrefixOwner> writers, TState state, Evaluation<TState> evaluate)
    {
        var entry = AppendNow(term, writers, state, evaluate);
        await WaitAsync(entry).ConfigureAwait(false);
        return entry.Index;
    }

    /// <summary>
    /// Evaluates and appends in this turn; the outcome is for <see cref="WaitAsync"/>. With a stamp it throws AuthChanged, and nothing has happened, if
    /// permissions at this place in the log are not those that the stamp stands for.
    /// </summary>
    public AppendedEntry AppendNow<TState>(
        ulong term, ReadOnlyMemory<PrefixOwner> writers, TState state, Evaluation<TState> evaluate, ulong? authStamp = null)
    {
        lock (tail.Gate)
        {
            if (authStamp is { } stamp && auth is not null && tail.Term == term && !auth.IsCurrent(term, stamp))
            {
                throw new EtcdException(EtcdError.AuthChanged);
            }

            return Append(term, writers.Span, state, evaluate);
        }
    }

    /// <summary>Appends a module's command, which is evaluated when it is applied, and answers what the module answered.</summary>
    public async ValueTask<object?> AppendModuleCommandAsync(ulong term, CommandKind kind, ReadOnlyMemory<byte> payload) =>
        await WaitAsync(AppendModuleCommand(term, kind, payload)).ConfigureAwait(false);

    /// <summary>Appends a module's command in this turn; the outcome is for <see cref="WaitAsync"/>.</summary>
    public AppendedEntry AppendModuleCommand(ulong term, CommandKind kind, ReadOnlyMemory<byte> payload)
    {
        lock (tail.Gate)
        {
            var entry = Append(term, [], (kind, payload), static (batch, command) => batch.AddModuleCommand(command.kind, command.payload.Span));
            owners.Appended(entry.Index, term, kind, payload.Span);
            if (kind == CommandKind.Auth)
            {
                auth?.Appended(entry.Index, term, payload.Span);
            }

            return entry;
        }
    }

    /// <summary>Under the tail's gate.</summary>
    private AppendedEntry Append<TState>(ulong term, ReadOnlySpan<PrefixOwner> writers, TState state, Evaluation<TState> evaluate)
    {
        var batch = Begin(term, writers);
        AppendRefusal refusal;
        AppendedEntry entry;
        try
        {
            evaluate(batch, state);
            refusal = log.TryAppend(term, batch.Seal(), out entry);
        }
        catch
        {
            batch.Rollback();
            throw;
        }

        if (refusal != AppendRefusal.None)
        {
            batch.Rollback();
            throw Refused(refusal);
        }

        batch.Commit(entry.Index);
        return entry;
    }

    private TailBatch Begin(ulong term, ReadOnlySpan<PrefixOwner> writers)
    {
        if (tail.Term != term || !log.IsReadyLeader)
        {
            throw new NotOwnerException("this silo does not lead in the writer's term");
        }

        return tail.TryBegin(writers, out var batch) switch
        {
            TailStatus.Ready => batch,
            TailStatus.NotOwner => throw new NotOwnerException("the directory names another owner of the prefix"),
            _ => throw new NotOwnerException("the tail of the log is not known at the moment"),
        };
    }

    /// <summary>Waits until the entry is applied; answers what a module answered.</summary>
    public async ValueTask<object?> WaitAsync(AppendedEntry entry)
    {
        EntryOutcome outcome;
        try
        {
            outcome = await entry.Applied.WaitAsync(timeout.Duration, timeout.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new EtcdException(log.LeaderId == log.MemberId ? EtcdError.Timeout : EtcdError.TimeoutDueToLeaderFail);
        }

        switch (outcome.Status)
        {
            case EntryStatus.Applied:
                return outcome.ModuleResult;
            case EntryStatus.Unknown:
                throw new EtcdException(EtcdError.Stopped);
            case EntryStatus.Undecided:
                throw new EtcdException(EtcdError.TimeoutDueToLeaderFail);
            default:
                throw new NotOwnerException("the entry did not take effect");
        }
    }

    private static Exception Refused(AppendRefusal refusal) => refusal switch
    {
        AppendRefusal.Overloaded => new EtcdException(EtcdError.TooManyRequests),
        AppendRefusal.DiskFull => new EtcdException(EtcdError.NoSpace),
        AppendRefusal.Stopped => new EtcdException(EtcdError.Stopped),
        _ => new NotOwnerException($"the log refused the entry: {refusal}"),
    };
}
