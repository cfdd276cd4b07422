using System.Text.RegularExpressions;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Clients;

/// <summary>etcdctl of 3.4 and of the newest release that could be had, against etcd and Krewe, output by output.</summary>
public sealed partial class EtcdctlTests
{
    public static TheoryData<string> Releases => ["3.4", "newest"];

    [Theory(DisplayName = "etcdctl put, get and del with their options")]
    [MemberData(nameof(Releases))]
    public Task Keys(string release) => CompareAsync(release, async run =>
    {
        await run.Do("put a 1");
        await run.Do("put a 2 --prev-kv");
        await run.Do("put b/1 x");
        await run.Do("put b/2 y");
        await run.Do("put c z");
        await run.Do("put d", "value from stdin\n");
        await run.DoArguments(["put", "empty", ""]);
        await run.Do("put a --ignore-value");
        await run.Do("put none --ignore-value");
        await run.Do("put a 9 --lease=123456");
        foreach (var options in new[]
        {
            "a", "none", "a c", "b --prefix", "b --from-key", "--prefix --keys-only b", "b --prefix --limit=1", "b --prefix --print-value-only",
            "a --rev=2", "a --rev=99", "b --prefix --order=DESCEND --sort-by=KEY", "b --prefix --order=ASCEND --sort-by=MODIFY",
            "b --prefix --sort-by=VALUE --order=DESCEND", "a d --sort-by=VERSION --order=DESCEND", "a d --sort-by=CREATE --order=DESCEND",
            "a --consistency=s", "a --hex", "b --prefix -w json", "b --prefix -w fields", "b --prefix --count-only -w fields", "a -w json --rev=3",
        })
        {
            await run.Do($"get {options}");
        }

        await run.DoArguments(["get", "", "--prefix"]);
        await run.DoArguments(["get", ""]);
        await run.DoArguments(["get", "", "--from-key", "--keys-only"]);
        await run.Do("del none");
        await run.Do("del a --prev-kv");
        await run.Do("del b --prefix --prev-kv");
        await run.Do("put e 1");
        await run.Do("del d e");
        await run.Do("del c --from-key -w json");
        await run.DoArguments(["get", "", "--prefix"]);
    });

    [Theory(DisplayName = "etcdctl txn, interactive and piped")]
    [MemberData(nameof(Releases))]
    public Task Transactions(string release) => CompareAsync(release, async run =>
    {
        await run.Do("put a 1");
        await run.Do("txn", "value(\"a\") = \"1\"\n\nput x yes\nget a\nget x\n\nput x no\n\n");
        await run.Do("txn", "mod(\"a\") > \"100\"\n\nput x yes\n\nput y no\nget x\ndel a\n\n");
        await run.Do("txn", "ver(\"none\") = \"0\"\ncreate(\"x\") != \"0\"\n\ndel x --prev-kv\n\n\n");
        await run.Do("txn -i", "version(\"y\") = \"1\"\n\nput z deep\n\nput w deep\n\n");
        await run.Do("txn -w json", "\nput j 1\nget j\n\n\n");
        await run.Do("txn", "\nput j 1\nput j 2\n\n\n");
        await run.DoArguments(["get", "", "--prefix"]);
    });

    [Theory(DisplayName = "etcdctl watch: prefix, revision, prev-kv, and several watches interactively")]
    [MemberData(nameof(Releases))]
    public Task Watches(string release) => CompareAsync(release, async run =>
    {
        await run.Do("put w/1 one");
        await run.Do("put w/1 two");
        await using (var watch = run.Follow("watch w/ --prefix --rev=2 --prev-kv"))
        {
            run.Record("history", string.Join('|', await watch.LinesAsync(8)));
            await run.Do("put w/2 live");
            await run.Do("del w/1");
            run.Record("live", string.Join('|', await watch.LinesAsync(8)));
        }

        await using (var watch = run.Follow("watch w/2 --rev=4"))
        {
            run.Record("single", string.Join('|', await watch.LinesAsync(3)));
        }

        await using var several = run.Follow("watch -i");
        await several.WriteLineAsync("watch w/2 --rev=4");
        run.Record("first watch", string.Join('|', await several.LinesAsync(3)));
        await several.WriteLineAsync("watch v --prefix --rev=1");
        await run.Do("put v/1 second");
        run.Record("second watch", string.Join('|', await several.LinesAsync(3)));
        await run.Do("put w/2 again");
        run.Record("first again", string.Join('|', await several.LinesAsync(3)));
        await run.Do("compaction 5");
        await run.Do("watch w/2 --rev=2");
    });

    [Theory(DisplayName = "etcdctl lease grant, timetolive, list, keep-alive and revoke")]
    [MemberData(nameof(Releases))]
    public Task Leases(string release) => CompareAsync(release, async run =>
    {
        var granted = await Command.RunAsync(Path(release), [$"--endpoints={run.ClientUrl}", "lease", "grant", "600"], null, ("ETCDCTL_API", "3"));
        var id = LeaseId().Match(granted.Output).Groups[1].Value;
        run.Normaliser.Name(id, "<lease>");
        run.Normaliser.Name(Convert.ToInt64(id, 16).ToString(System.Globalization.CultureInfo.InvariantCulture), "<lease>");
        run.Record("grant", run.Normaliser.Apply(granted.Output));
        await run.Do($"put l/1 x --lease={id}");
        await run.Do($"put l/2 y --lease={id}");
        await run.Do("put l/2 z --ignore-lease");
        await run.Do("get l/2 -w fields");
        var left = await Command.RunAsync(Path(release), [$"--endpoints={run.ClientUrl}", "lease", "timetolive", id, "--keys"], null, ("ETCDCTL_API", "3"));
        // The keys come in no particular order (B181).
        run.Record("timetolive", Remaining().Replace(run.Normaliser.Apply(left.Output), "remaining(<s>)").Replace("l/2 l/1", "l/1 l/2", StringComparison.Ordinal));
        await run.Do("lease list");
        await run.Do($"lease keep-alive --once {id}");
        await run.Do($"lease revoke {id}");
        await run.Do($"lease revoke {id}");
        await run.Do($"lease timetolive {id}");
        await run.Do($"lease keep-alive --once {id}");
        await run.Do("lease list");
        await run.Do("get l --prefix");
    });

    [Theory(DisplayName = "etcdctl compaction, endpoint status, health, hashkv and member list")]
    [MemberData(nameof(Releases))]
    public Task Maintenance(string release) => CompareAsync(release, async run =>
    {
        await run.Do("put a 1");
        await run.Do("put a 2");
        await run.Do("put a 3");
        await run.Do("endpoint hashkv");
        await run.Do("compaction 3");
        await run.Do("compaction 3");
        await run.Do("compaction 4 --physical");
        await run.Do("compaction 99");
        await run.Do("get a --rev=3");
        await run.Do("endpoint status");
        await run.Do("endpoint status -w json");
        await run.Do("endpoint health");
        await run.Do("endpoint health --cluster");
        await run.Do("member list");
        await run.Do("member list -w json");
        await run.Do("member list -w fields");
        await run.Do("defrag");
        await run.Do("get a");
    });

    [Theory(DisplayName = "etcdctl lock and elect")]
    [MemberData(nameof(Releases))]
    public async Task LockAndElect(string release)
    {
        await using var server = await ServerProcess.StartAsync(new ServerOptions(ServerKind.Krewe));
        await using var holder = Follow(release, server, "lock mine");
        var key = Assert.Single(await holder.LinesAsync(1));
        Assert.StartsWith("mine/", key, StringComparison.Ordinal);
        await using (var waiter = Follow(release, server, "lock mine echo got it"))
        {
            await CaseRun.Until("the other waits", async () => await CountAsync(server, "mine/") == 2);
            await server.Target.Kv.DeleteRangeAsync(Requests.Delete(key), deadline: CaseRun.Deadline());
            Assert.Equal(["got it"], await waiter.LinesAsync(1));
        }

        await using var listener = Follow(release, server, "elect -l e");
        await using var leader = Follow(release, server, "elect e proposal");
        var elected = await leader.LinesAsync(2);
        Assert.Equal("proposal", elected[1]);
        Assert.Equal(elected, await listener.LinesAsync(2));
    }

    [Theory(DisplayName = "etcdctl make-mirror copies in both directions between etcd and Krewe")]
    [MemberData(nameof(Releases))]
    public async Task Mirror(string release)
    {
        await using var pair = await ServerPair.StartAsync(unsafeNoFsync: true);
        foreach (var (from, to, prefix) in new[] { (pair.Krewe, pair.Etcd, "k/"), (pair.Etcd, pair.Krewe, "e/") })
        {
            await from.Target.Kv.PutAsync(Requests.Put($"{prefix}before", "1"), deadline: CaseRun.Deadline());
            await using var mirror = Command.Follow(Path(release), [$"--endpoints={from.ClientUrl}", "make-mirror", $"--prefix={prefix}", to.ClientUrl], ("ETCDCTL_API", "3"));
            await CaseRun.Until("the base is copied", () => HasAsync(to, $"{prefix}before", "1"));
            await from.Target.Kv.PutAsync(Requests.Put($"{prefix}after", "2"), deadline: CaseRun.Deadline());
            await from.Target.Kv.TxnAsync(
                Requests.Do(Requests.Op(Requests.Put($"{prefix}t1", "3")), Requests.Op(Requests.Put($"{prefix}t2", "4")), Requests.Op(Requests.Delete($"{prefix}before"))),
                deadline: CaseRun.Deadline());
            await CaseRun.Until("the changes are copied", async () => await HasAsync(to, $"{prefix}after", "2") && await HasAsync(to, $"{prefix}t2", "4") && !await HasAsync(to, $"{prefix}before", "1"));
            Assert.True(await HasAsync(to, $"{prefix}t1", "3"));
        }
    }

    [Theory(DisplayName = "etcdctl check perf runs to its end")]
    [MemberData(nameof(Releases))]
    public async Task CheckPerf(string release)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("KREWE_CHECK_PERF") == "1", "takes a minute each: set KREWE_CHECK_PERF=1");
        await using var server = await ServerProcess.StartAsync(new ServerOptions(ServerKind.Krewe));
        await using var check = Command.Follow(Path(release), [$"--endpoints={server.ClientUrl}", "check", "perf", "--load=s"], ("ETCDCTL_API", "3"));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var lines = new List<string>();
        while (!lines.Any(l => l.StartsWith("PASS", StringComparison.Ordinal) || l.StartsWith("FAIL", StringComparison.Ordinal)))
        {
            limit.Token.ThrowIfCancellationRequested();
            lines.AddRange(await check.LinesAsync(1));
        }

        // Whether the throughput suffices is the machine's matter; errors are not.
        Assert.DoesNotContain(lines, l => l.Contains("too many errors", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', lines));
    }

    private static string Path(string release) => release == "3.4" ? PeerPaths.Etcdctl34 : PeerPaths.Etcdctl;

    private static Command Follow(string release, ServerProcess server, string arguments) =>
        Command.Follow(Path(release), [$"--endpoints={server.ClientUrl}", .. arguments.Split(' ')], ("ETCDCTL_API", "3"));

    private static async Task<long> CountAsync(ServerProcess server, string prefix) =>
        (await server.Target.Kv.RangeAsync(Requests.Range(prefix, prefix + "\u007f"), deadline: CaseRun.Deadline())).Count;

    private static async Task<bool> HasAsync(ServerProcess server, string key, string value)
    {
        var answer = await server.Target.Kv.RangeAsync(Requests.Range(key), deadline: CaseRun.Deadline());
        return answer.Kvs.Count == 1 && answer.Kvs[0].Value.ToStringUtf8() == value;
    }

    private static async Task CompareAsync(string release, Func<EtcdctlRun, Task> script)
    {
        var etcdctl = Path(release);
        await using var pair = await ServerPair.StartAsync(unsafeNoFsync: true);
        var etcd = new EtcdctlRun(etcdctl, pair.Etcd, await OutputNormaliser.ForAsync(pair.Etcd));
        var krewe = new EtcdctlRun(etcdctl, pair.Krewe, await OutputNormaliser.ForAsync(pair.Krewe));
        await script(etcd);
        await script(krewe);
        var differences = TranscriptDiff.Compare(etcd.Lines, krewe.Lines, []);
        Assert.True(differences.Count == 0, $"etcdctl {release}\n{string.Join('\n', differences)}\n--- krewe's log\n{pair.Krewe.LogTail(15)}");
    }

    [GeneratedRegex("lease ([0-9a-f]+) granted")]
    private static partial Regex LeaseId();

    [GeneratedRegex(@"remaining\(5\d\ds\)")]
    private static partial Regex Remaining();
}
