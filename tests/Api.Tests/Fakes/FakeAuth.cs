using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Api.Tests.Fakes;

/// <summary>Users and tokens in memory: as much of auth as the etcd face can see.</summary>
internal sealed class FakeAuth : IAuthClient
{
    private readonly Dictionary<string, AuthIdentity> _tokens = [];
    private readonly Dictionary<long, string[]> _leases = [];
    private int _authenticated;
    private FakeAuthView _view = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IAuthView View => _view;

    /// <summary>Commands as they were executed.</summary>
    public List<AuthCommand> Commands { get; } = [];

    /// <summary>What the next commands fail with.</summary>
    public EtcdError Failure { get; set; }

    /// <summary>How many passwords were checked.</summary>
    public int Authenticated => _authenticated;

    public int Barriers { get; private set; }

    public int Hashed { get; private set; }

    /// <summary>Replaces what holds.</summary>
    public void Set(Func<FakeAuthView, FakeAuthView> change)
    {
        _view = change(_view) with { };
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    /// <summary>A token for a user; with a revision it vouches for that one only.</summary>
    public void AddToken(string token, string user, ulong? revision = null) => _tokens[token] = new AuthIdentity(user, revision ?? 0);

    public void Attach(long lease, params string[] keys) => _leases[lease] = keys;

    public Task WaitForChangeAsync(IAuthView known, CancellationToken cancellationToken)
    {
        var changed = _changed.Task;
        return ReferenceEquals(known, _view) ? changed.WaitAsync(cancellationToken) : Task.CompletedTask;
    }

    public ValueTask<AuthIdentity> IdentifyAsync(string token, IAuthView view, CancellationToken cancellationToken) =>
        _tokens.TryGetValue(token, out var identity)
            ? new(identity.Revision == 0 ? identity with { Revision = view.Revision } : identity)
            : throw new EtcdException(EtcdError.InvalidAuthToken);

    public ValueTask<string> AuthenticateAsync(string userName, string password, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _authenticated);
        return Failure == EtcdError.None ? new($"{userName}/{password}") : throw new EtcdException(Failure);
    }

    public ValueTask<ReadOnlyMemory<byte>> HashPasswordAsync(string password, CancellationToken cancellationToken)
    {
        Hashed++;
        return new(System.Text.Encoding.UTF8.GetBytes($"hash of {password}"));
    }

    public ValueTask ExecuteAsync(AuthCommand command, CancellationToken cancellationToken)
    {
        Commands.Add(command);
        return Failure == EtcdError.None ? default : throw new EtcdException(Failure);
    }

    public ValueTask ReadBarrierAsync(CancellationToken cancellationToken)
    {
        Barriers++;
        return default;
    }

    public IReadOnlyList<ReadOnlyMemory<byte>> KeysOfLease(long leaseId) =>
        _leases.TryGetValue(leaseId, out var keys) ? [.. keys.Select(k => (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(k))] : [];
}
