using Krewe.Benchmarks.Http2;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>Writes all keys before a run, a few transactions at a time.</summary>
internal sealed class KeyLoader : IStreamHandler
{
    private const int InFlight = 8;
    private const int TimeoutMilliseconds = 600_000;

    private readonly Http2Connection _connection;
    private readonly LoadKeysOperation _operation;
    private readonly SplitMix _random;
    private int _open;

    private KeyLoader(Http2Connection connection, LoadKeysOperation operation, SplitMix random)
    {
        _connection = connection;
        _operation = operation;
        _random = random;
    }

    public static void Load(LoadSettings settings, KeySpace keys, ValuePool values)
    {
        using var loop = LoadLoop.Connect(settings.Endpoints, 1, settings.Tls);
        var loader = new KeyLoader(loop.Connections[0], new LoadKeysOperation(keys, values), new SplitMix(settings.Seed));
        for (var i = 0; i < InFlight; i++)
        {
            loader.Continue(new Http2Stream(loader));
        }

        loop.PollUntil(() => loader._open == 0, TimeoutMilliseconds);
    }

    public void OnMessage(Http2Stream stream, ReadOnlySpan<byte> message) => _operation.Verify(message);

    public void OnClosed(Http2Stream stream, in ResponseHead head)
    {
        _open--;
        if (!head.IsOk)
        {
            throw new BenchmarkException($"loading the keys failed: {head}");
        }

        Continue(stream);
    }

    private void Continue(Http2Stream stream)
    {
        if (_operation.IsFinished)
        {
            return;
        }

        _open++;
        _connection.Start(stream, _operation.Path);
        _connection.SendMessage(stream, _operation.Prepare(_random), endStream: true);
    }
}
