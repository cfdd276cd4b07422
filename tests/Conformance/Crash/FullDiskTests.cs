using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Crash;

/// <summary>A full disk gives errors and not loss, and the member works again once space is free. Needs root to mount a tmpfs.</summary>
public sealed class FullDiskTests
{
    private const int MountMegabytes = 256;
    private const int ValueBytes = 256 * 1024;
    private const int MostWrites = 2000;

    [Fact(DisplayName = "a full disk gives errors, loses nothing, and the member works again after space is freed")]
    public async Task A_full_disk_gives_errors_and_the_member_works_again()
    {
        Assert.SkipUnless(Environment.UserName == "root", "mounting a tmpfs needs root");
        Assert.SkipWhen(PeerPaths.SelfCheck, "etcd ends itself when its disk is full");
        var mount = Directory.CreateTempSubdirectory("krewe-full-disk-").FullName;
        var mounted = await RunAsync("mount", "-t", "tmpfs", "-o", $"size={MountMegabytes}m", "tmpfs", mount);
        Assert.SkipUnless(mounted == 0, "a tmpfs can't be mounted here");
        try
        {
            await FillAndFreeAsync(mount);
        }
        finally
        {
            await RunAsync("umount", mount);
            Directory.Delete(mount);
        }
    }

    private static async Task FillAndFreeAsync(string mount)
    {
        await using var server = await ServerProcess.StartAsync(new ServerOptions(ServerKind.Krewe, Path.Combine(mount, "data")));
        var ballast = Path.Combine(mount, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[90 * 1024 * 1024]);
        var acknowledged = new Dictionary<string, (string Value, long Revision)>();
        var failure = await FillAsync(server.Target.Kv, acknowledged);
        Assert.NotNull(failure);
        Assert.False(server.HasExited, $"the server died: {server.LogTail()}");
        Assert.True(acknowledged.Count > 10, "the disk was full from the start: nothing was shown");
        await VerifyAsync(server.Target.Kv, acknowledged, "while the disk is full");

        File.Delete(ballast);
        await CaseRun.Until("a put works again without a restart", async () => await PutAsync(server.Target.Kv, "after", "free", acknowledged) is null);
        await VerifyAsync(server.Target.Kv, acknowledged, "after space was freed");

        await server.KillAsync();
        await server.RestartAsync();
        await VerifyAsync(server.Target.Kv, acknowledged, "after a kill and restart");
    }

    private static async Task<RpcException?> FillAsync(KV.KVClient kv, Dictionary<string, (string, long)> acknowledged)
    {
        var filler = new string('x', ValueBytes);
        for (var i = 0; i < MostWrites; i++)
        {
            if (await PutAsync(kv, $"k{i:d5}", $"{i}:{filler}", acknowledged) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private static async Task<RpcException?> PutAsync(KV.KVClient kv, string key, string value, Dictionary<string, (string, long)> acknowledged)
    {
        try
        {
            var answer = await kv.PutAsync(new PutRequest { Key = Requests.Utf8(key), Value = ByteString.CopyFromUtf8(value) }, deadline: DateTime.UtcNow.AddSeconds(15));
            acknowledged[key] = (value, answer.Header.Revision);
            return null;
        }
        catch (RpcException e)
        {
            return e;
        }
    }

    private static async Task VerifyAsync(KV.KVClient kv, Dictionary<string, (string Value, long Revision)> acknowledged, string when)
    {
        foreach (var (key, (value, revision)) in acknowledged)
        {
            var answer = await kv.RangeAsync(Requests.Range(key), deadline: CaseRun.Deadline());
            Assert.True(answer.Kvs.Count == 1, $"{key} is lost {when}");
            Assert.True(answer.Kvs[0].Value.ToStringUtf8() == value && answer.Kvs[0].ModRevision == revision, $"{key} changed {when}");
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
