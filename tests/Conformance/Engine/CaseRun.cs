using System.Globalization;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;

namespace Krewe.Conformance.Engine;

/// <summary>
/// One run of a case against one server: sends requests and records the answers as labelled canonical lines. Every call has
/// a deadline, so a server that hangs shows up as a difference.
/// </summary>
internal sealed class CaseRun : IAsyncDisposable
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(20);

    private readonly List<TranscriptLine> _lines = [];
    private readonly List<IAsyncDisposable> _sessions = [];

    private CaseRun(ServerProcess server, long baseRevision)
    {
        Server = server;
        Base = baseRevision;
        Canon = new Canon(baseRevision);
        Canon.Replace(server.ClientUrl, "<client>");
        Canon.Replace(server.PeerUrl, "<peer>");
        Canon.Replace(server.MetricsUrl, "<metrics>");
        Canon.Replace(server.Target.ClientUrl.Authority, "<client-host>");
    }

    public ServerProcess Server { get; }

    public IEtcdTarget Target => Server.Target;

    public Canon Canon { get; }

    /// <summary>The store's revision when the case began.</summary>
    public long Base { get; }

    public IReadOnlyList<TranscriptLine> Lines => _lines;

    /// <summary>Empties the store (keys and leases), then notes the revision that the case counts from.</summary>
    public static async Task<CaseRun> BeginAsync(ServerProcess server, bool clean)
    {
        var target = server.Target;
        if (clean)
        {
            await target.Kv.DeleteRangeAsync(Requests.Delete("\0", Requests.OpenEnd), deadline: Deadline());
            var leases = await target.Lease.LeaseLeasesAsync(new LeaseLeasesRequest(), deadline: Deadline());
            foreach (var lease in leases.Leases)
            {
                await target.Lease.LeaseRevokeAsync(new LeaseRevokeRequest { ID = lease.ID }, deadline: Deadline());
            }
        }

        var now = await target.Kv.RangeAsync(Requests.Range("none"), deadline: Deadline());
        return new CaseRun(server, now.Header.Revision);
    }

    public static DateTime Deadline() => DateTime.UtcNow + CallLimit;

    /// <summary>An absolute revision from one that is relative to the case's start.</summary>
    public long Rev(long offset) => Base + offset;

    public void Record(string label, string text) => _lines.Add(new TranscriptLine(label, text));

    public void Record(string label, IMessage message) => Record(label, Canon.Write(message));

    /// <summary>Awaits a call and records its answer or error; null when it failed.</summary>
    public async Task<T?> Do<T>(string label, AsyncUnaryCall<T> call)
        where T : class, IMessage
    {
        try
        {
            var answer = await call;
            Record(label, answer);
            return answer;
        }
        catch (RpcException e)
        {
            RecordError(label, e.Status);
            return null;
        }
    }

    public void RecordError(string label, Status status) =>
        Record(label, string.Create(CultureInfo.InvariantCulture, $"error {status.StatusCode}: {Canon.Text(status.Detail)}"));

    public Task<PutResponse?> Put(string label, PutRequest request) => Do(label, Target.Kv.PutAsync(request, deadline: Deadline()));

    public Task<RangeResponse?> Range(string label, RangeRequest request) => Do(label, Target.Kv.RangeAsync(request, deadline: Deadline()));

    public Task<DeleteRangeResponse?> Delete(string label, DeleteRangeRequest request) =>
        Do(label, Target.Kv.DeleteRangeAsync(request, deadline: Deadline()));

    public Task<TxnResponse?> Txn(string label, TxnRequest request) => Do(label, Target.Kv.TxnAsync(request, deadline: Deadline()));

    public Task<CompactionResponse?> Compact(string label, long revision, bool physical = false) =>
        Do(label, Target.Kv.CompactAsync(new CompactionRequest { Revision = revision, Physical = physical }, deadline: Deadline()));

    public Task<LeaseGrantResponse?> Grant(string label, long id, long ttl) =>
        Do(label, Target.Lease.LeaseGrantAsync(new LeaseGrantRequest { ID = id, TTL = ttl }, deadline: Deadline()));

    public Task<LeaseRevokeResponse?> Revoke(string label, long id) =>
        Do(label, Target.Lease.LeaseRevokeAsync(new LeaseRevokeRequest { ID = id }, deadline: Deadline()));

    /// <summary>Puts keys with value "v" without recording the answers.</summary>
    public async Task Seed(params string[] keys)
    {
        foreach (var key in keys)
        {
            await Target.Kv.PutAsync(Requests.Put(key), deadline: Deadline());
        }
    }

    /// <summary>The whole store now, as one line.</summary>
    public Task<RangeResponse?> Dump(string label = "store") => Range(label, Requests.All());

    public WatchSession Watch(Metadata? headers = null)
    {
        var session = new WatchSession(Target.Watch, headers);
        _sessions.Add(session);
        return session;
    }

    public KeepAliveSession KeepAlive()
    {
        var session = new KeepAliveSession(Target.Lease);
        _sessions.Add(session);
        return session;
    }

    /// <summary>Records the next answer of a watch stream.</summary>
    public async Task<WatchResponse> Next(string label, WatchSession watch)
    {
        var answer = await watch.NextAsync();
        Record(label, answer);
        return answer;
    }

    /// <summary>Records the next <paramref name="count"/> events whatever responses they come in, with their watch ids.</summary>
    public async Task Events(string label, WatchSession watch, int count)
    {
        for (var seen = 0; seen < count;)
        {
            var answer = await watch.NextAsync();
            foreach (var change in answer.Events)
            {
                Record($"{label} {++seen}", $"watch {answer.WatchId} {Canon.Write(change)}");
            }

            if (answer.Events.Count == 0)
            {
                Record($"{label} without events", answer);
            }
        }
    }

    /// <summary>Sends one HTTP request and records status, content type, chosen headers and body.</summary>
    public async Task<HttpResponseMessage> Http(string label, HttpMethod method, string path, Uri? at = null, params string[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(at ?? Target.ClientUrl, path));
        var response = await Target.Http.SendAsync(request);
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} type={response.Content.Headers.ContentType}");
        foreach (var header in headers)
        {
            var values = response.Headers.TryGetValues(header, out var found) || response.Content.Headers.TryGetValues(header, out found)
                ? string.Join(",", found)
                : "absent";
            line.Append(CultureInfo.InvariantCulture, $" {header}={values}");
        }

        line.Append(" body=").Append(Canon.Text(await response.Content.ReadAsStringAsync()));
        Record(label, line.ToString());
        return response;
    }

    /// <summary>Waits for a condition that the server reaches by itself; fails after a generous limit.</summary>
    public static async Task Until(string what, Func<Task<bool>> holds)
    {
        var limit = DateTime.UtcNow + CallLimit;
        while (!await holds())
        {
            if (DateTime.UtcNow > limit)
            {
                throw new TimeoutException($"never came true: {what}");
            }

            await Task.Delay(25);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions)
        {
            await session.DisposeAsync();
        }
    }
}
