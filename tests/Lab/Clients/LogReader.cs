using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Lab.Engine;
using Krewe.Lab.Histories;

namespace Krewe.Lab.Clients;

/// <summary>Reads everything that happened from one member.</summary>
internal static class LogReader
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly ByteString AllKeys = ByteString.CopyFrom(0);

    /// <param name="first">Where the log begins: 2 is the first revision that a write can have.</param>
    /// <param name="last">A revision that exists; the log ends with it.</param>
    public static async Task<RevisionLog> ReadAsync(LabMember member, long first, long last)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var channel = member.NewChannel();
        using var call = new Watch.WatchClient(channel).Watch(cancellationToken: limit.Token);
        var create = new WatchCreateRequest { Key = AllKeys, RangeEnd = AllKeys, StartRevision = first };
        await call.RequestStream.WriteAsync(new WatchRequest { CreateRequest = create }, limit.Token);
        var events = new List<LogEvent>();
        while ((events.Count == 0 || events[^1].Revision < last) && await call.ResponseStream.MoveNext(limit.Token))
        {
            events.AddRange(call.ResponseStream.Current.Events.Select(Requests.Change));
        }

        return new RevisionLog(events) { First = first };
    }
}
