using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Krewe.Api.Protos.Etcd;

namespace Krewe.Lab.Engine;

/// <summary>A gateway process in front of a cluster.</summary>
internal sealed class LabGateway : IAsyncDisposable
{
    private const int PollMilliseconds = 20;
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _folder = Directory.CreateTempSubdirectory("krewe-lab-gateway-").FullName;

    private LabGateway(IEnumerable<LabMember> members)
    {
        Watchdog.Folder(_folder);
        Url = MemberAddress.Url("127.0.0.1", FreePort.Take(1)[0]);
        Channel = GrpcChannel.ForAddress(Url, new GrpcChannelOptions { InitialReconnectBackoff = TimeSpan.FromMilliseconds(50), MaxReconnectBackoff = TimeSpan.FromMilliseconds(200) });
        var endpoints = string.Join(',', members.Select(member => member.Address.ClientUrl));
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = _folder };
        foreach (var argument in (string[])["-c", "exec \"$@\" >>server.log 2>&1", "sh", PeerPaths.Krewe, "gateway", $"--endpoints={endpoints}", $"--listen-addr={Url}"])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        Watchdog.Process(_process.Id);
    }

    public string Url { get; }

    public GrpcChannel Channel { get; }

    public static async Task<LabGateway> StartAsync(ClusterUnderTest cluster)
    {
        var gateway = new LabGateway(cluster.Members);
        using var limit = new CancellationTokenSource(ReadyLimit);
        while (!await gateway.AnswersAsync())
        {
            if (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"the gateway does not serve:\n{gateway.Log()}");
            }

            await Task.Delay(PollMilliseconds);
        }

        return gateway;
    }

    public string Log() => File.ReadAllText(Path.Combine(_folder, "server.log"));

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        _ = Signals.Send(_process.Id, Signals.Kill);
        await _process.WaitForExitAsync();
        Watchdog.Gone(_process.Id);
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await new KV.KVClient(Channel).RangeAsync(new RangeRequest { Key = Google.Protobuf.ByteString.CopyFromUtf8("ready") }, deadline: DateTime.UtcNow.AddSeconds(2));
            return true;
        }
        catch (RpcException)
        {
            return false;
        }
    }
}
