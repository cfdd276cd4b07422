using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Lab.Engine;
using Krewe.Lab.Histories;

namespace Krewe.Lab.Clients;

/// <summary>
/// A watcher that asks for bookmarks, and that resumes on another member when its stream ends, goes quiet or has lived for a while.
/// </summary>
/// <param name="first">Of the members, which it begins with.</param>
/// <param name="start">First revision that it asks for.</param>
internal sealed class LabWatcher(int first, string prefix, long start, Func<IReadOnlyList<LabMember>> members)
{
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Life = TimeSpan.FromMilliseconds(2500);
    private static readonly Metadata RequireLeader = new() { { "hasleader", "true" } };

    private readonly List<WatchBatch> _batches = [];
    private long _complete = start - 1;
    private int _turn = first;

    public WatchRecord Record => new(prefix, start, _batches);

    /// <summary>Streams that it has used.</summary>
    public int Sessions { get; private set; }

    /// <summary>Runs until it has been told that nothing up to this revision is missing; it ends without if the token says so.</summary>
    /// <param name="reach">Null while the last revision is not known yet.</param>
    public async Task RunAsync(Func<long?> reach, CancellationToken end)
    {
        while (!end.IsCancellationRequested && !(reach() <= _complete))
        {
            var all = members();
            try
            {
                await FollowAsync(all[_turn++ % all.Count], reach, end);
            }
            catch (Exception error) when (StreamEnd.Is(error))
            {
                // Resumed on the next member; a short pause, since a member that is down refuses at once.
                await Task.Delay(BookmarkInterval, CancellationToken.None);
            }
        }
    }

    private async Task FollowAsync(LabMember member, Func<long?> reach, CancellationToken end)
    {
        Sessions++;
        using var channel = member.NewChannel();
        using var life = CancellationTokenSource.CreateLinkedTokenSource(end);
        using var call = new Watch.WatchClient(channel).Watch(RequireLeader, cancellationToken: life.Token);
        life.CancelAfter(Quiet);
        var create = new WatchCreateRequest
        {
            Key = ByteString.CopyFromUtf8(prefix),
            RangeEnd = ByteString.CopyFromUtf8(prefix[..^1] + (char)(prefix[^1] + 1)),
            StartRevision = _complete + 1,
            PrevKv = true,
        };
        await call.RequestStream.WriteAsync(new WatchRequest { CreateRequest = create }, life.Token);
        var asking = AskForBookmarksAsync(call.RequestStream, life.Token);
        var oldAt = Environment.TickCount64 + (long)Life.TotalMilliseconds;
        try
        {
            while (Environment.TickCount64 < oldAt && !(reach() <= _complete) && await call.ResponseStream.MoveNext(life.Token))
            {
                life.CancelAfter(Quiet);
                var response = call.ResponseStream.Current;
                if (response.Canceled)
                {
                    return;
                }

                Keep(response);
            }
        }
        finally
        {
            await life.CancelAsync();
            await asking;
        }
    }

    private void Keep(WatchResponse response)
    {
        if (response.Created)
        {
            return;
        }

        var changes = response.Events
            .Select(e => new WatchedChange(Requests.Change(e), e.PrevKv?.Value.ToStringUtf8()))
            .ToArray();
        _batches.Add(new WatchBatch(Sessions, response.Header.Revision, changes.Length == 0, changes));
        _complete = Math.Max(_complete, changes.Length == 0 ? response.Header.Revision : changes.Max(c => c.Change.Revision));
    }

    private static async Task AskForBookmarksAsync(IClientStreamWriter<WatchRequest> requests, CancellationToken end)
    {
        try
        {
            while (true)
            {
                await Task.Delay(BookmarkInterval, end);
                await requests.WriteAsync(new WatchRequest { ProgressRequest = new WatchProgressRequest() }, end);
            }
        }
        catch (Exception error) when (StreamEnd.Is(error))
        {
            // The stream has ended: its reader tells why.
        }
    }
}
