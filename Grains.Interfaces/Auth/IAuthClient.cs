namespace Krewe.Grains.Interfaces.Auth;

/// <summary>Auth as <c>Api</c> sees it on a member (behaviours 191-235). Failures arrive as <see cref="Errors.EtcdException"/>.</summary>
public interface IAuthClient
{
    /// <summary>Permissions as of this member's applied state.</summary>
    IAuthView View { get; }

    /// <summary>Completes when <see cref="View"/> is not <paramref name="known"/> any more.</summary>
    Task WaitForChangeAsync(IAuthView known, CancellationToken cancellationToken);

    /// <summary>Whom a token names; InvalidAuthToken for a bad, expired or unknown one (behaviours 201-203, 205).</summary>
    /// <param name="token">As the client sent it, without a scheme.</param>
    /// <param name="view">The view that the caller is going to judge by.</param>
    /// <param name="cancellationToken">Ends the wait for the token's log entry.</param>
    ValueTask<AuthIdentity> IdentifyAsync(string token, IAuthView view, CancellationToken cancellationToken);

    /// <summary>Checks the password and issues a token (behaviours 195-197).</summary>
    ValueTask<string> AuthenticateAsync(string userName, string password, CancellationToken cancellationToken);

    /// <summary>Hashes a password for a command, off the callers' threads (behaviour 233).</summary>
    ValueTask<ReadOnlyMemory<byte>> HashPasswordAsync(string password, CancellationToken cancellationToken);

    /// <summary>Commits a change and answers once it is applied on this member.</summary>
    ValueTask ExecuteAsync(AuthCommand command, CancellationToken cancellationToken);

    /// <summary>Waits until local state is as new as every answer given before the call.</summary>
    ValueTask ReadBarrierAsync(CancellationToken cancellationToken);

    /// <summary>Keys attached to a lease in local state; empty for an unknown lease (behaviours 187, 188).</summary>
    IReadOnlyList<ReadOnlyMemory<byte>> KeysOfLease(long leaseId);
}
