using Orleans.Runtime;

namespace Krewe.Silo.Hosting;

/// <summary>
/// What Orleans reports as fatal ends the silo instead of the process: Raft, store and clients of the member are not concerned when the
/// others have declared its silo Dead.
/// </summary>
/// <param name="ended">Told the reason, perhaps several times.</param>
internal sealed class SiloFatalErrors(Action<string> ended) : IFatalErrorHandler
{
    /// <summary>What is stopping anyway may fail.</summary>
    public bool IsUnexpected(Exception exception) => exception is not (OperationCanceledException or ObjectDisposedException);

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null) =>
        ended(exception is null ? context ?? "unknown" : $"{context}: {exception.Message}");
}
