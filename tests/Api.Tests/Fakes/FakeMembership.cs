using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Api.Tests.Fakes;

/// <summary>One member; changes are remembered, or fail as the test says.</summary>
internal sealed class FakeMembership : IMembershipClient
{
    private static readonly Member One = new(0xAB, "one", ["http://127.0.0.1:2380"], ["http://127.0.0.1:2379"], false);

    public bool LastWasLinearizable { get; private set; }

    public EtcdError Error { get; set; }

    public List<string> Calls { get; } = [];

    public ValueTask<IReadOnlyList<Member>> ListAsync(bool linearizable, CancellationToken cancellationToken)
    {
        LastWasLinearizable = linearizable;
        return new([One]);
    }

    public ValueTask<MemberChanged> AddAsync(IReadOnlyList<string> peerUrls, bool isLearner, CancellationToken cancellationToken)
    {
        var member = new Member(0xCD, "", peerUrls, [], isLearner);
        return Answer($"add {string.Join(',', peerUrls)} {isLearner}", new MemberChanged(9, member, [One, member]));
    }

    public ValueTask<MemberChanged> RemoveAsync(ulong id, CancellationToken cancellationToken) => Answer($"remove {id:x}");

    public ValueTask<MemberChanged> UpdateAsync(ulong id, IReadOnlyList<string> peerUrls, CancellationToken cancellationToken) =>
        Answer($"update {id:x} {string.Join(',', peerUrls)}");

    public ValueTask<MemberChanged> PromoteAsync(ulong id, CancellationToken cancellationToken) => Answer($"promote {id:x}");

    public async ValueTask MoveLeaderAsync(ulong target, bool fromAnyMember, CancellationToken cancellationToken) =>
        await Answer($"move {target:x}{(fromAnyMember ? " from any member" : "")}");

    private ValueTask<MemberChanged> Answer(string call, MemberChanged? changed = null)
    {
        Calls.Add(call);
        return Error == EtcdError.None ? new(changed ?? new MemberChanged(9, null, [One])) : throw new EtcdException(Error);
    }
}
