using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Lab.Engine;

namespace Krewe.Lab.Clients;

/// <summary>
/// Holds one lease after the other: grants it, puts a key with it, renews it through any member, and reads the key. A key that is gone before
/// the time to live since the request of the last acknowledged renewal is over has expired early; one that stays is late.
/// </summary>
internal sealed class LeaseClient(int number, int seed, Func<IReadOnlyList<LabMember>> members)
{
    public const string Prefix = "/lease/";
    private const int TtlSeconds = 6;
    private const int MaxLatePolls = 600;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LatePoll = TimeSpan.FromMilliseconds(100);

    private readonly Random _random = new(seed);
    private readonly List<string> _violations = [];
    private readonly List<string> _abandoned = [];
    private int _turn = number;
    private int _granted;

    public IReadOnlyList<string> Violations => _violations;

    public int Renewals { get; private set; }

    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await HoldAsync(end);
            }
            catch (RpcException)
            {
                // The grant or the put is ambiguous: the next lease is another one.
                await Task.Delay(Period, CancellationToken.None);
            }
        }
    }

    /// <summary>After all is healed: every key must go within a minute of polls, although the last leader began each time to live anew.</summary>
    public async Task RequireExpiredAsync()
    {
        var left = _abandoned.ToList();
        for (var poll = 0; left.Count > 0; poll++)
        {
            Assert.True(poll < MaxLatePolls, $"leases never expire: {string.Join(',', left)}");
            await Task.Delay(LatePoll, CancellationToken.None);
            try
            {
                if (await ReadAsync(left[^1]) is null)
                {
                    left.RemoveAt(left.Count - 1);
                }
            }
            catch (RpcException)
            {
                // Asked again.
            }
        }
    }

    private async Task HoldAsync(CancellationToken end)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{seed}/{_granted++}");
        var renewedAt = Stopwatch.GetTimestamp();
        var grant = await Lease().LeaseGrantAsync(new LeaseGrantRequest { TTL = TtlSeconds }, deadline: Deadline(), cancellationToken: CancellationToken.None);
        _abandoned.Add(key);
        var put = Requests.Put(key, key);
        put.Lease = grant.ID;
        await Next().Kv.PutAsync(put, deadline: Deadline(), cancellationToken: CancellationToken.None);
        for (var left = _random.Next(4, 40); left > 0 && !end.IsCancellationRequested; left--)
        {
            await Task.Delay(Period, CancellationToken.None);
            try
            {
                renewedAt = await RenewAsync(grant.ID, key, renewedAt);
                RequireThere(key, renewedAt, await ReadAsync(key));
            }
            catch (RpcException)
            {
                // Not known whether it was renewed: what was acknowledged last holds.
            }

            if (Stopwatch.GetElapsedTime(renewedAt).TotalSeconds > TtlSeconds)
            {
                return;
            }
        }
    }

    private async Task<long> RenewAsync(long id, string key, long renewedAt)
    {
        var asked = Stopwatch.GetTimestamp();
        using var call = Lease().LeaseKeepAlive(deadline: Deadline());
        await call.RequestStream.WriteAsync(new LeaseKeepAliveRequest { ID = id });
        if (!await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            return renewedAt;
        }

        if (call.ResponseStream.Current.TTL > 0)
        {
            Renewals++;
            return asked;
        }

        RequireThere(key, renewedAt, null);
        return renewedAt;
    }

    private void RequireThere(string key, long renewedAt, string? value)
    {
        var age = Stopwatch.GetElapsedTime(renewedAt);
        if (value is null && age.TotalSeconds < TtlSeconds)
        {
            _violations.Add($"{key} is gone {age} after it was renewed for {TtlSeconds} s");
        }
    }

    private async Task<string?> ReadAsync(string key)
    {
        var read = await Next().Kv.RangeAsync(new RangeRequest { Key = ByteString.CopyFromUtf8(key) }, deadline: Deadline());
        return read.Kvs.Count == 0 ? null : read.Kvs[0].Value.ToStringUtf8();
    }

    private Lease.LeaseClient Lease() => new(Next().Channel);

    private LabMember Next()
    {
        var all = members();
        return all[_turn++ % all.Count];
    }

    private static DateTime Deadline() => DateTime.UtcNow.AddSeconds(1);
}
