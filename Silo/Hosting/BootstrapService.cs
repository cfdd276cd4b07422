using System.Text;
using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Prefixes;
using Microsoft.Extensions.Hosting;

namespace Krewe.Silo.Hosting;

/// <summary>Publishes what the flags say of this member and of the key prefixes, where the replicated state does not say it already.</summary>
internal sealed class BootstrapService(MemberState state, ICommandProposer proposer) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await PublishMemberAsync(cancellationToken).ConfigureAwait(false);
        await RegisterPrefixesAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task PublishMemberAsync(CancellationToken cancellationToken)
    {
        var cluster = state.Options.Cluster;
        var known = state.Members.Members.FirstOrDefault(m => m.Id == state.Identity.MemberId);
        var member = new Member(
            state.Identity.MemberId,
            state.Options.Name,
            known?.PeerUrls ?? [.. cluster.AdvertisePeerUrls.Select(u => u.ToString())],
            [.. cluster.AdvertiseClientUrls.Select(u => u.ToString())],
            IsLearner: false);
        if (known is null || known.Name != member.Name || !known.ClientUrls.SequenceEqual(member.ClientUrls))
        {
            await proposer.ProposeAsync(CommandKind.MemberUpdate, MemberCodec.Encode(member), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RegisterPrefixesAsync(CancellationToken cancellationToken)
    {
        var wanted = PrefixMap.Create(state.Options.Grains.KeyPrefixes.Select(Encoding.UTF8.GetBytes));
        var encoded = PrefixMapModule.Encode(wanted);
        if (!PrefixMapModule.Encode(state.Prefixes.Map).AsSpan().SequenceEqual(encoded))
        {
            await proposer.ProposeAsync(CommandKind.PrefixMap, encoded, cancellationToken).ConfigureAwait(false);
        }
    }
}
