using Krewe.Api.Grpc;
using Krewe.Api.Mapping;
using Krewe.Api.Protos.Etcd;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Watch;
using WatchRequest = Krewe.Api.Protos.Etcd.WatchRequest;

namespace Krewe.Api.Services.Watch;

/// <summary>Takes the requests of a watch stream and assigns watch ids.</summary>
internal sealed class WatchReceiveLoop(
    GrpcCall call,
    IWatchStream stream,
    WatcherTable watchers,
    HeaderSource headers,
    WatchWriter writer,
    WatchProgressTimer progress,
    WatchPermissions permissions)
{
    private const long InvalidWatchId = -1;
    private const string DuplicateId = "mvcc: duplicate watch ID provided on the WatchStream";
    private const string EmptyRange = "mvcc: watcher range is empty";

    private long _nextId;

    /// <summary>Runs until the client half-closes (OK), sends something unreadable, or the token fires.</summary>
    public async Task<GrpcStatus> RunAsync(CancellationToken cancellationToken)
    {
        // Creating watchers must not run on the caller's stack: the send loop has to start first.
        await Task.Yield();
        while (true)
        {
            var read = await call.ReadAsync(cancellationToken);
            if (!read.HasMessage)
            {
                return read.Failure;
            }

            await HandleAsync(WatchRequest.Parser.ParseFrom(call.Request), cancellationToken);
        }
    }

    private ValueTask HandleAsync(WatchRequest request, CancellationToken cancellationToken)
    {
        switch (request.RequestUnionCase)
        {
            case WatchRequest.RequestUnionOneofCase.CreateRequest:
                return CreateAsync(request.CreateRequest, cancellationToken);
            case WatchRequest.RequestUnionOneofCase.CancelRequest:
                // Its answer comes with the batches; an unknown id gets none (behaviours 124, 125).
                stream.Cancel(request.CancelRequest.WatchId);
                break;
            case WatchRequest.RequestUnionOneofCase.ProgressRequest:
                stream.RequestProgress();
                break;
        }

        return default;
    }

    // etcd's order: a negative start, permissions, an empty range, then the id (behaviours 114, 119, 123, 152).
    private async ValueTask CreateAsync(WatchCreateRequest request, CancellationToken cancellationToken)
    {
        var rights = new WatcherRights(KeyOf(request), request.RangeEnd.Memory);
        var refusal = request.StartRevision < 0
            ? ErrorMapping.Text(EtcdError.Compacted)
            : await permissions.CheckAsync(rights.Key, rights.RangeEnd, rights) ?? Check(request);
        if (refusal is not null)
        {
            await RefuseAsync(refusal, cancellationToken);
            return;
        }

        var id = request.WatchId == 0 ? TakeId() : request.WatchId;
        if (request.ProgressNotify)
        {
            progress.Start(cancellationToken);
        }

        watchers.Add(id, new WatcherState
        {
            Rights = rights,
            PrevKv = request.PrevKv,
            Fragment = request.Fragment,
            ProgressNotify = request.ProgressNotify,
        });
        stream.Create(ToDto(id, request) with { Token = permissions.Token });

        // Permissions may have changed since they were looked at, before the watcher was there to be found.
        permissions.Allows(id, rights);
    }

    private string? Check(WatchCreateRequest request)
    {
        if (IsEmptyRange(KeyOf(request).Span, request.RangeEnd.Span))
        {
            return EmptyRange;
        }

        return request.WatchId != 0 && stream.Contains(request.WatchId) ? DuplicateId : null;
    }

    private static bool IsEmptyRange(ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd)
    {
        var isSingleKey = rangeEnd.IsEmpty;
        var isOpenEnded = rangeEnd.Length == 1 && rangeEnd[0] == 0;
        return !isSingleKey && !isOpenEnded && key.SequenceCompareTo(rangeEnd) >= 0;
    }

    // Behaviour 122.
    private static ReadOnlyMemory<byte> KeyOf(WatchCreateRequest request) =>
        request.Key.IsEmpty ? new byte[1] : request.Key.Memory;

    private static Krewe.Grains.Interfaces.Watch.WatchRequest ToDto(long id, WatchCreateRequest request) =>
        new(id, KeyOf(request), request.RangeEnd.Memory, request.StartRevision, FiltersOf(request), request.PrevKv);

    private static WatchFilters FiltersOf(WatchCreateRequest request)
    {
        var filters = WatchFilters.None;
        foreach (var filter in request.Filters)
        {
            filters |= filter switch
            {
                WatchCreateRequest.Types.FilterType.Noput => WatchFilters.NoPut,
                WatchCreateRequest.Types.FilterType.Nodelete => WatchFilters.NoDelete,
                _ => WatchFilters.None,
            };
        }

        return filters;
    }

    // Behaviour 112.
    private long TakeId()
    {
        while (stream.Contains(_nextId))
        {
            _nextId++;
        }

        return _nextId++;
    }

    private ValueTask RefuseAsync(string reason, CancellationToken cancellationToken) =>
        writer.SendControlAsync(
            new WatchResponseValue
            {
                Header = headers.At(0),
                WatchId = InvalidWatchId,
                Created = true,
                Canceled = true,
                CancelReason = reason,
            },
            cancellationToken);
}
