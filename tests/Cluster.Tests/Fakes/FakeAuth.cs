using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Cluster.Tests.Fakes;

/// <summary>Users who may read one interval each, by tokens that are their names.</summary>
internal sealed class FakeAuth : IAuthClient
{
    private FakeAuthView _view = new(false, []);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IAuthView View => _view;

    /// <summary>Tokens that are not good any more.</summary>
    public HashSet<string> Expired { get; } = [];

    /// <summary>Turns auth on, for users who may read the keys that begin with their letter.</summary>
    public void Enable(params (string User, char Key)[] readers)
    {
        _view = new FakeAuthView(true, readers.ToDictionary(r => r.User, r => r.Key));
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    public Task WaitForChangeAsync(IAuthView known, CancellationToken cancellationToken)
    {
        var changed = _changed.Task;
        return ReferenceEquals(known, _view) ? changed.WaitAsync(cancellationToken) : Task.CompletedTask;
    }

    public ValueTask<AuthIdentity> IdentifyAsync(string token, IAuthView view, CancellationToken cancellationToken) =>
        Expired.Contains(token) ? throw new EtcdException(EtcdError.InvalidAuthToken) : new(new AuthIdentity(token, view.Revision));

    public ValueTask<string> AuthenticateAsync(string userName, string password, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<ReadOnlyMemory<byte>> HashPasswordAsync(string password, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask ExecuteAsync(AuthCommand command, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask ReadBarrierAsync(CancellationToken cancellationToken) => default;

    public IReadOnlyList<ReadOnlyMemory<byte>> KeysOfLease(long leaseId) => [];
}
