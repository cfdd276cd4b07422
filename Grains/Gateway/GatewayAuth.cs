using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Grains.Gateway;

/// <summary>
/// Auth as a gateway has it: not at all. While the cluster checks permissions everything is refused, here by what was heard last and by the members
/// in any case.
/// </summary>
public sealed class GatewayAuth(GatewayStatus status, TimeProvider time) : IAuthClient
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly GatewayAuthView Open = new(isEnabled: false);
    private static readonly GatewayAuthView Closed = new(isEnabled: true);

    public IAuthView View => status.AuthEnabled ? Closed : Open;

    public async Task WaitForChangeAsync(IAuthView known, CancellationToken cancellationToken)
    {
        while (ReferenceEquals(known, View))
        {
            await Task.Delay(Period, time, cancellationToken).ConfigureAwait(false);
        }
    }

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
