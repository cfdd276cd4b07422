using Krewe.Grains.Auth.Passwords;
using Krewe.Grains.Auth.Tokens;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Replication;

namespace Krewe.Grains.Auth;

/// <summary>Auth on a member with a replica: questions are answered from applied state, changes go through the log.</summary>
public sealed class AuthClient(
    AuthModule module,
    ITokenProvider tokens,
    IPasswords passwords,
    ICommandProposer proposer,
    IReplicatedLog log,
    KeyspaceState state,
    RequestTimeout timeout) : IAuthClient
{
    public IAuthView View => module.View;

    public Task WaitForChangeAsync(IAuthView known, CancellationToken cancellationToken) => module.WaitForChangeAsync(known, cancellationToken);

    public ValueTask<AuthIdentity> IdentifyAsync(string token, IAuthView view, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(view);
        var found = tokens.IdentifyAsync(token, view.Revision, cancellationToken);
        return found.IsCompletedSuccessfully ? new(Required(found.Result)) : WaitAsync(found);
    }

    public async ValueTask<string> AuthenticateAsync(string userName, string password, CancellationToken cancellationToken)
    {
        await log.ReadBarrierAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var view = module.Current;
            await CheckPasswordAsync(view, userName, password, cancellationToken).ConfigureAwait(false);
            if (tokens.NewPrefix() is not { } prefix)
            {
                return tokens.Issue(userName, view.Revision);
            }

            var result = await ProposeAsync(
                new AuthCommand(AuthCommandKind.Authenticate) { User = userName, TokenPrefix = prefix }, cancellationToken).ConfigureAwait(false);
            if (result.Revision == view.Revision)
            {
                return result.Token;
            }

            // The password may be another one by now; the token that came of it is unused and expires.
        }
    }

    public ValueTask<ReadOnlyMemory<byte>> HashPasswordAsync(string password, CancellationToken cancellationToken) =>
        passwords.HashAsync(password, cancellationToken);

    public async ValueTask ExecuteAsync(AuthCommand command, CancellationToken cancellationToken) =>
        await ProposeAsync(command, cancellationToken).ConfigureAwait(false);

    public ValueTask ReadBarrierAsync(CancellationToken cancellationToken) => log.ReadBarrierAsync(cancellationToken);

    public IReadOnlyList<ReadOnlyMemory<byte>> KeysOfLease(long leaseId) => state.Leases.Contains(leaseId) ? state.Leases.Keys(leaseId) : [];

    private static AuthIdentity Required(AuthIdentity? identity) => identity ?? throw new EtcdException(EtcdError.InvalidAuthToken);

    private static async ValueTask<AuthIdentity> WaitAsync(ValueTask<AuthIdentity?> found) => Required(await found.ConfigureAwait(false));

    private async ValueTask CheckPasswordAsync(AuthView view, string userName, string password, CancellationToken cancellationToken)
    {
        if (!view.Enabled)
        {
            throw new EtcdException(EtcdError.AuthNotEnabled);
        }

        if (!view.State.Users.TryGetValue(userName, out var user))
        {
            throw new EtcdException(EtcdError.AuthFailed);
        }

        if (user.NoPassword)
        {
            throw new EtcdException(EtcdError.NoPasswordUser);
        }

        if (!await passwords.VerifyAsync(userName, user.PasswordHash, password, cancellationToken).ConfigureAwait(false))
        {
            throw new EtcdException(EtcdError.AuthFailed);
        }
    }

    private async ValueTask<AuthResult> ProposeAsync(AuthCommand command, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout.Duration);
        try
        {
            var result = (AuthResult)(await proposer.ProposeAsync(CommandKind.Auth, AuthCommandCodec.Encode(command), limit.Token).ConfigureAwait(false))!;
            return result.Error == EtcdError.None ? result : throw new EtcdException(result.Error);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Behaviours 351, 352.
            throw new EtcdException(log.LeaderId == 0 ? EtcdError.DeadlineExceeded : EtcdError.Timeout);
        }
    }
}
