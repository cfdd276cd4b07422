using Krewe.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;

namespace Krewe.Silo.Tests.Hosting;

/// <summary>A silo that does what a test says.</summary>
internal sealed class FakeSiloHost(Action<string> end) : IHost
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSingleton<IGrainFactory>(new CurrentSiloGrains(new CurrentSilo())).BuildServiceProvider();

    public IGrainFactory Grains => _services.GetRequiredService<IGrainFactory>();

    public IServiceProvider Services => _services;

    /// <summary>What starting waits for.</summary>
    public Task Starting { get; set; } = Task.CompletedTask;

    /// <summary>What stopping waits for.</summary>
    public Task Stopping { get; set; } = Task.CompletedTask;

    public bool IsStopped { get; private set; }

    /// <summary>Whether it was given time to say farewell.</summary>
    public bool HasLeft { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>As Orleans reports a fatal error.</summary>
    public void End(string reason) => end(reason);

    public Task StartAsync(CancellationToken cancellationToken = default) => Starting.WaitAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken = default)
    {
        IsStopped = true;
        HasLeft = !cancellationToken.IsCancellationRequested;
        return Stopping;
    }

    public void Dispose()
    {
        IsDisposed = true;
        _services.Dispose();
    }
}
