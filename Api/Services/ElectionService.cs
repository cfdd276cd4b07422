using Google.Protobuf;
using Krewe.Api.Grpc;
using Krewe.Api.Mapping;
using Krewe.Api.Protos.Election;
using Krewe.Api.Services.Concurrency;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Services;

/// <summary>v3electionpb.Election (behaviours 297-303).</summary>
internal sealed class ElectionService(CandidateQueue queue, LeaderObserver observer, HeaderSource headers, StopSignal stop) : IGrpcService
{
    private const string Service = "v3electionpb.Election";

    private static readonly GrpcStatus NoLeader = PlainErrors.Text("election: no leader");
    private static readonly GrpcStatus NotLeader = PlainErrors.Text("election: not leader");
    private static readonly GrpcStatus MissingLeader = PlainErrors.Text("\"leader\" field must be provided");

    public IEnumerable<GrpcMethod> Methods =>
    [
        PlainErrors.Unary(Service, "Campaign", CampaignRequest.Parser, stop, CampaignAsync),
        PlainErrors.Unary(Service, "Proclaim", ProclaimRequest.Parser, stop, ProclaimAsync),
        PlainErrors.Unary(Service, "Leader", LeaderRequest.Parser, stop, LeaderAsync),
        new StreamMethod(Service, "Observe", GrpcMethodKind.ServerStream, ObserveAsync),
        PlainErrors.Unary(Service, "Resign", ResignRequest.Parser, stop, ResignAsync),
    ];

    private async ValueTask<GrpcStatus> CampaignAsync(GrpcCall call, CampaignRequest request)
    {
        var lease = await queue.LeaseAsync(call, request.Lease);
        var prefix = CandidateKey.PrefixOf(request.Name.Span);
        var key = CandidateKey.KeyOf(prefix, lease);
        var place = await queue.EnterAsync(call, prefix, key, request.Value.Memory, lease);
        if (!place.Value.Span.SequenceEqual(request.Value.Span))
        {
            var isStillThere = await ProclaimAsync(call, key, place.CreateRevision, request.Value, lease);
            if (isStillThere is null)
            {
                return NotLeader;
            }
        }

        await WaitAsync(call, prefix, key, place);
        call.Write(new CampaignResponse
        {
            Header = headers.Proto(place.Revision),
            Leader = new LeaderKey
            {
                Name = request.Name,
                Key = UnsafeByteOperations.UnsafeWrap(key),
                Rev = place.CreateRevision,
                Lease = lease,
            },
        });
        return GrpcStatus.Ok;
    }

    private async ValueTask WaitAsync(GrpcCall call, byte[] prefix, byte[] key, Candidacy place)
    {
        try
        {
            await queue.WaitForTurnAsync(call, prefix, place.CreateRevision);
        }
        catch (OperationCanceledException)
        {
            // Who waits no longer must not be elected later; the call's token has fired already.
            await queue.WithdrawAsync(key, place.CreateRevision);
            throw;
        }
    }

    private async ValueTask<GrpcStatus> ProclaimAsync(GrpcCall call, ProclaimRequest request)
    {
        if (request.Leader is not { } leader)
        {
            return MissingLeader;
        }

        var lease = await queue.LeaseAsync(call, leader.Lease);
        CheckKey(leader);
        var revision = await ProclaimAsync(call, leader.Key.Memory, leader.Rev, request.Value, lease);
        if (revision is null)
        {
            return NotLeader;
        }

        call.Write(new ProclaimResponse { Header = headers.Proto(revision.Value) });
        return GrpcStatus.Ok;
    }

    /// <summary>The revision of the new value; null if the key is not the candidate's any more (behaviour 300).</summary>
    private async ValueTask<long?> ProclaimAsync(
        GrpcCall call, ReadOnlyMemory<byte> key, long createRevision, ByteString value, long lease)
    {
        var put = new PutRequest { Key = key, Value = value.Memory, Lease = lease };
        var result = await queue.ChangeAsync(call, key, createRevision, put);
        return result.Succeeded ? result.Revision : null;
    }

    private async ValueTask<GrpcStatus> LeaderAsync(GrpcCall call, LeaderRequest request)
    {
        var first = await queue.FirstAsync(call, CandidateKey.PrefixOf(request.Name.Span));
        if (first.Kvs.Count == 0)
        {
            return NoLeader;
        }

        call.Write(Response(first.Revision, first.Kvs[0]));
        return GrpcStatus.Ok;
    }

    private async ValueTask<GrpcStatus> ObserveAsync(GrpcCall call)
    {
        var read = await call.ReadAsync(call.CancellationToken);
        if (!read.HasMessage)
        {
            return read.Failure;
        }

        var request = LeaderRequest.Parser.ParseFrom(call.Request);
        call.ReleaseRequest();
        return await PlainErrors.RunAsync(call, request, stop, ObserveAsync);
    }

    private async ValueTask<GrpcStatus> ObserveAsync(GrpcCall call, LeaderRequest request)
    {
        await foreach (var (revision, leader) in observer.ObserveAsync(call, CandidateKey.PrefixOf(request.Name.Span)))
        {
            call.Write(Response(revision, leader));
            await call.FlushAsync();
        }

        return GrpcStatus.Ok;
    }

    private async ValueTask<GrpcStatus> ResignAsync(GrpcCall call, ResignRequest request)
    {
        if (request.Leader is not { } leader)
        {
            return MissingLeader;
        }

        await queue.LeaseAsync(call, leader.Lease);
        CheckKey(leader);
        var key = leader.Key.Memory;
        var result = await queue.ChangeAsync(call, key, leader.Rev, new DeleteRangeRequest { Key = key });
        call.Write(new ResignResponse { Header = headers.Proto(result.Revision) });
        return GrpcStatus.Ok;
    }

    private static void CheckKey(LeaderKey leader)
    {
        if (leader.Key.IsEmpty)
        {
            throw new EtcdException(EtcdError.EmptyKey);
        }
    }

    private LeaderResponse Response(long revision, in KeyValue kv) => new()
    {
        Header = headers.Proto(revision),
        Kv = new Protos.Mvcc.KeyValue
        {
            Key = UnsafeByteOperations.UnsafeWrap(kv.Key),
            CreateRevision = kv.CreateRevision,
            ModRevision = kv.ModRevision,
            Version = kv.Version,
            Value = UnsafeByteOperations.UnsafeWrap(kv.Value),
            Lease = kv.Lease,
        },
    };
}
