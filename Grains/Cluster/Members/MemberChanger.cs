using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;

namespace Krewe.Grains.Cluster.Members;

/// <summary>
/// Checks a membership change on the leader, appends it, and waits until it is applied. One call at a time, so that what was checked still
/// holds when the change is appended.
/// </summary>
public sealed class MemberChanger(
    MembersModule members, ReconfigurationRules rules, IReplicatedLog log, IConfigurationLog configuration, TimeProvider time)
{
    /// <summary>Pause while a change that another leader left behind is under way.</summary>
    private static readonly TimeSpan PendingDelay = TimeSpan.FromMilliseconds(10);

    /// <summary>How often the log is asked, before the caller is told to try again.</summary>
    private const int MaxAttempts = 500;

    public async Task<MemberChanged> AddAsync(IReadOnlyList<string> peerUrls, bool isLearner)
    {
        var id = MemberIdentity.MemberId(peerUrls, "", time.GetUtcNow().ToUnixTimeSeconds());
        var member = new Member(id, "", peerUrls, [], isLearner);
        var changed = await ChangeAsync(() => rules.CheckAdd(members.Members, log.MemberId, isLearner), MemberChange.Add(member)).ConfigureAwait(false);
        return changed with { Member = member };
    }

    public Task<MemberChanged> RemoveAsync(ulong id) =>
        ChangeAsync(() => rules.CheckRemove(members.Members, log.MemberId, id), MemberChange.Remove(id));

    public Task<MemberChanged> UpdateAsync(ulong id, IReadOnlyList<string> peerUrls) =>
        ChangeAsync(static () => EtcdError.None, MemberChange.Update(new Member(id, "", peerUrls, [], IsLearner: false)));

    public Task<MemberChanged> PromoteAsync(ulong id) => ChangeAsync(
        () => rules.CheckPromote(members.Members, log.MemberId, id, configuration.Progress()), MemberChange.Promote(id));

    private async Task<MemberChanged> ChangeAsync(Func<EtcdError> check, ConfChange change)
    {
        var entry = await AppendAsync(check, change).ConfigureAwait(false);
        var outcome = await entry.Applied.ConfigureAwait(false);
        return outcome switch
        {
            { ModuleResult: ConfChangeRefusal refusal } => throw new EtcdException(refusal.Error),
            { Status: EntryStatus.Applied } => new MemberChanged(entry.Index, null, members.Members),
            { Status: EntryStatus.Unknown } => throw new EtcdException(EtcdError.Stopped),
            _ => throw new NotOwnerException("the change did not get into the log"),
        };
    }

    private async Task<AppendedEntry> AppendAsync(Func<EtcdError> check, ConfChange change)
    {
        for (var attempt = 1; ; attempt++)
        {
            var term = log.Term;
            if (!log.IsReadyLeader)
            {
                throw new NotOwnerException("this silo does not lead");
            }

            var table = members.Table;
            if (check() is var error && error == EtcdError.None)
            {
                // As etcd does when it applies the change; here the caller need not wait for a quorum to learn of it.
                error = MemberChange.Check(table, change);
            }

            if (error != EtcdError.None)
            {
                throw new EtcdException(error);
            }

            switch (configuration.TryAppendConfChange(term, change, out var entry))
            {
                case AppendRefusal.None:
                    return entry;
                case AppendRefusal.Overloaded when attempt < MaxAttempts:
                    await Task.Delay(PendingDelay, time).ConfigureAwait(false);
                    break;
                case AppendRefusal.Overloaded:
                    throw new EtcdException(EtcdError.TooManyRequests);
                case AppendRefusal.DiskFull:
                    throw new EtcdException(EtcdError.NoSpace);
                case AppendRefusal.Stopped:
                    throw new EtcdException(EtcdError.Stopped);
                default:
                    throw new NotOwnerException("leadership is changing");
            }
        }
    }
}
