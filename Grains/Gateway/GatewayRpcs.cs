using System.Runtime.CompilerServices;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Gateway;
using Krewe.Grains.Replication;

namespace Krewe.Grains.Gateway;

/// <summary>Members' RPCs as a gateway has them.</summary>
/// <param name="open">A stream grain that nobody uses yet.</param>
/// <param name="calls">Calls that are answered at once.</param>
/// <param name="status">What is known of the cluster.</param>
/// <param name="loss">Says when a connection to a member is gone.</param>
public sealed class GatewayRpcs(Func<IRpcStreamGrain> open, MemberCalls calls, GatewayStatus status, MemberLoss loss) : IRemoteRpcs
{
    public ValueTask<RpcReply> CallAsync(RpcRequest request, Func<RpcRequest, bool> isRepeatable, CancellationToken cancellationToken) =>
        calls.CallAsync(request, isRepeatable, cancellationToken);

    public async IAsyncEnumerable<RpcPart> StreamAsync(
        RpcRequest request, Func<RpcRequest, bool> isRepeatable, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(isRepeatable);
        var hasAnswer = false;
        var lastSign = calls.Time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            bool hasStarted;
            Exception? failure;
            await using (var fetch = new RpcFetch(open(), request, status, loss, calls.Time))
            {
                RpcPart? part;
                (part, failure) = await TryNextAsync(fetch, cancellationToken).ConfigureAwait(false);
                while (part is not null)
                {
                    lastSign = calls.Time.GetTimestamp();
                    hasAnswer |= part.Payloads.Count > 0;
                    yield return part;
                    if (part.End is not null)
                    {
                        yield break;
                    }

                    (part, failure) = await TryNextAsync(fetch, cancellationToken).ConfigureAwait(false);
                }

                hasStarted = fetch.HasStarted;
            }

            var mayRepeat = !hasAnswer && ((!hasStarted && LeaderCall.HadNoEffect(failure!)) || isRepeatable(request));
            await calls.GoOnAsync(mayRepeat, EtcdError.TimeoutDueToConnectionLost, lastSign, attempt, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Members judge each watch anyway. This is for one that joins another of the same token, which may have expired since.</summary>
    public ValueTask<EtcdError> CheckReadAsync(
        string? token, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> rangeEnd, CancellationToken cancellationToken) => status.AuthEnabled
        ? calls.AskAsync(member => member.CheckReadAsync(token, key, rangeEnd, cancellationToken), cancellationToken)
        : new(EtcdError.None);

    private static async ValueTask<(RpcPart? Part, Exception? Failure)> TryNextAsync(RpcFetch fetch, CancellationToken cancellationToken)
    {
        try
        {
            return (await fetch.NextAsync(cancellationToken).ConfigureAwait(false), null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, e);
        }
    }
}
