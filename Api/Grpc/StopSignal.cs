using Microsoft.Extensions.Hosting;

namespace Krewe.Api.Grpc;

/// <summary>Fires when the process begins to stop, so that endless streams end and their clients turn to another member.</summary>
internal sealed class StopSignal(IHostApplicationLifetime lifetime)
{
    public CancellationToken Token => lifetime.ApplicationStopping;
}
