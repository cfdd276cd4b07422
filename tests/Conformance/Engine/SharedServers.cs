namespace Krewe.Conformance.Engine;

/// <summary>The pair that all cases share which leave nothing behind; started by the first of them.</summary>
public sealed class SharedServers : IAsyncLifetime
{
    private ServerPair? _pair;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_pair is not null)
        {
            await _pair.DisposeAsync();
        }
    }

    /// <summary>The running pair; a server that a case brought down is replaced, so that later cases are judged alone.</summary>
    internal async Task<ServerPair> GetAsync()
    {
        if (_pair is not null && (_pair.Etcd.HasExited || _pair.Krewe.HasExited))
        {
            await _pair.DisposeAsync();
            _pair = null;
        }

        return _pair ??= await ServerPair.StartAsync();
    }
}
