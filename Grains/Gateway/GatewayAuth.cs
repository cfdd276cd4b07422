using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Grains.Gateway;

/// <summary>Auth as a gateway has it: it judges nothing and passes tokens on to the members, which do.</summary>
public sealed class GatewayAuth : IAuthClient
{
    public IAuthView View { get; } = new GatewayAuthView();

    /// <summary>It never changes.</summary>
    public Task WaitForChangeAsync(IAuthView known, CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    public ValueTask<AuthIdentity> IdentifyAsync(string token, IAuthView view, CancellationToken cancellationToken) =>
        ValueTask.FromException<AuthIdentity>(NotHere());

    public ValueTask<string> AuthenticateAsync(string userName, string password, CancellationToken cancellationToken) =>
        ValueTask.FromException<string>(NotHere());

    public ValueTask<ReadOnlyMemory<byte>> HashPasswordAsync(string password, CancellationToken cancellationToken) =>
        ValueTask.FromException<ReadOnlyMemory<byte>>(NotHere());

    public ValueTask ExecuteAsync(AuthCommand command, CancellationToken cancellationToken) => ValueTask.FromException(NotHere());

    public ValueTask ReadBarrierAsync(CancellationToken cancellationToken) => ValueTask.FromException(NotHere());

    public IReadOnlyList<ReadOnlyMemory<byte>> KeysOfLease(long leaseId) => throw NotHere();

    private static EtcdException NotHere() => new(EtcdError.Unimplemented);
}
