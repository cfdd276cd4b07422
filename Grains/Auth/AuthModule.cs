using System.Globalization;
using Krewe.Grains.Auth.State;
using Krewe.Grains.Auth.Tokens;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Auth;

/// <summary>
/// The replicated users, roles and permissions (behaviours 191-235). Simple tokens come by the same commands, but live in each member's memory
/// only, as in etcd (behaviour 202).
/// </summary>
public sealed class AuthModule : IStateModule
{
    private readonly Lock _gate = new();
    private AuthView _view = new(AuthState.Empty);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="tokens">This member's simple tokens; null if tokens are of another kind.</param>
    public AuthModule(SimpleTokens? tokens = null) => Tokens = tokens;

    /// <summary>A user was deleted or got another password; on the apply thread.</summary>
    public event Action<string>? PasswordChanged;

    public CommandKind Kind => CommandKind.Auth;

    /// <summary>This member's simple tokens; null if tokens are of another kind.</summary>
    public SimpleTokens? Tokens { get; set; }

    /// <summary>
    /// Entries up to here are those of an earlier run of this member, applied again: their tokens were lost with it (behaviour 202).
    /// </summary>
    public ulong ReplayedIndex { get; set; }

    /// <summary>The state as of the last command applied; an immutable snapshot.</summary>
    public IAuthView View => Current;

    internal AuthView Current => Volatile.Read(ref _view);

    /// <summary>The command's form in the log.</summary>
    public static byte[] Encode(AuthCommand command) => AuthCommandCodec.Encode(command);

    public void Load(IKeyspaceStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var before = Current.State;
        Publish(AuthRows.Read(store));
        ForgetChangedUsers(before, Current.State, static (old, now) => old.Span.SequenceEqual(now.Span));
    }

    /// <summary>Answers an <see cref="AuthResult"/>.</summary>
    public object? Apply(ReadOnlySpan<byte> payload, in ModuleContext context)
    {
        var command = AuthCommandCodec.Decode(payload);
        var before = Current.State;
        var error = AuthRules.Apply(before, command, out var after);
        if (!ReferenceEquals(before, after))
        {
            after = after with { ChangeIndex = context.Index };
            AuthRows.Write(context.Batch, before, after);
            Publish(after);

            // A changed password is another array, even if it is the same password.
            ForgetChangedUsers(before, after, static (old, now) => old.Equals(now));
        }

        var token = error == EtcdError.None && command.Kind == AuthCommandKind.Authenticate ? Issue(command, context.Index) : "";
        return new AuthResult(error, token, after.Revision);
    }

    public void BeginTerm(in ModuleContext context)
    {
        // Users outlive terms.
    }

    /// <summary>Completes when <see cref="View"/> is another object than <paramref name="known"/>.</summary>
    public Task WaitForChangeAsync(IAuthView known, CancellationToken cancellationToken)
    {
        Task changed;
        lock (_gate)
        {
            changed = _changed.Task;
        }

        return ReferenceEquals(known, View) ? changed.WaitAsync(cancellationToken) : Task.CompletedTask;
    }

    private string Issue(AuthCommand command, ulong index)
    {
        if (Tokens is null)
        {
            return "";
        }

        var token = string.Create(CultureInfo.InvariantCulture, $"{command.TokenPrefix}.{index}");
        if (index > ReplayedIndex)
        {
            Tokens.Add(token, command.User);
        }

        return token;
    }

    /// <summary>Behaviours 193 and 204.</summary>
    private void ForgetChangedUsers(AuthState before, AuthState after, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, bool> isSame)
    {
        if (before.Enabled && !after.Enabled)
        {
            Tokens?.Clear();
        }

        if (ReferenceEquals(before.Users, after.Users))
        {
            return;
        }

        foreach (var (name, user) in before.Users)
        {
            if (!after.Users.TryGetValue(name, out var now) || !isSame(user.PasswordHash, now.PasswordHash))
            {
                Tokens?.Remove(name);
                PasswordChanged?.Invoke(name);
            }
        }
    }

    private void Publish(AuthState state)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            Volatile.Write(ref _view, new AuthView(state));
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }
}
