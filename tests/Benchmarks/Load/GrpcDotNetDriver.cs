using System.Diagnostics;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Krewe.Benchmarks.Measurement;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>
/// Sends the same encoded requests with Grpc.Net.Client, to check the figures of the own client against those of a common one.
/// Unary workloads only.
/// </summary>
internal sealed class GrpcDotNetDriver(LoadSettings settings, Func<OperationMix> createMix, MeasuredWindow window) : IDriver
{
    private static readonly Marshaller<byte[]> Bytes = new(static bytes => bytes, static bytes => bytes);

    public Tally Tally { get; } = new(window);

    public void Run(Action started)
    {
        var channels = Enumerable.Range(0, settings.Connections).Select(Connect).ToArray();
        var tallies = Enumerable.Range(0, settings.Clients).Select(_ => new Tally(window)).ToArray();
        var clients = tallies.Select((tally, i) => Task.Run(() => RunClientAsync(channels[i % channels.Length], i, tally))).ToArray();
        started();
        Task.WhenAll(clients).GetAwaiter().GetResult();
        foreach (var tally in tallies)
        {
            Tally.Merge(tally);
        }

        Array.ForEach(channels, channel => channel.Dispose());
    }

    public WatchFigures? WatchFigures(double seconds) => null;

    private GrpcChannel Connect(int index)
    {
        IPEndPoint endpoint = settings.Endpoints[index % settings.Endpoints.Count];
        var handler = new SocketsHttpHandler();
        if (settings.Tls is { } tls)
        {
            handler.SslOptions = tls;
        }

        var options = new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = null };
        return GrpcChannel.ForAddress($"{(settings.Tls is null ? "http" : "https")}://{endpoint}", options);
    }

    private async Task RunClientAsync(GrpcChannel channel, int index, Tally tally)
    {
        var invoker = channel.CreateCallInvoker();
        var random = new SplitMix(settings.Seed + (ulong)index);
        var mix = createMix();
        var methods = new Dictionary<string, Method<byte[], byte[]>>();
        while (!window.IsStopped)
        {
            var operation = mix.Next(random);
            if (!methods.TryGetValue(operation.Path, out var method))
            {
                methods[operation.Path] = method = CreateMethod(operation.Path);
            }

            await CallAsync(invoker, method, operation, random, tally);
        }
    }

    private static async Task CallAsync(
        CallInvoker invoker, Method<byte[], byte[]> method, Operation operation, SplitMix random, Tally tally)
    {
        var startedAt = Stopwatch.GetTimestamp();
        try
        {
            var request = operation.Prepare(random).ToArray();
            using var call = invoker.AsyncUnaryCall(method, null, default, request);
            operation.Verify(await call.ResponseAsync);
            tally.Record(Stopwatch.GetTimestamp() - startedAt);
        }
        catch (RpcException error)
        {
            tally.RecordError(error.Status.ToString());
        }
    }

    private static Method<byte[], byte[]> CreateMethod(string path)
    {
        var parts = path.Split('/');
        return new Method<byte[], byte[]>(MethodType.Unary, parts[1], parts[2], Bytes, Bytes);
    }
}
