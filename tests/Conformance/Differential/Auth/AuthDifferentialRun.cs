using Google.Protobuf;
using Krewe.Api.Protos.Auth;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Differential.Auth;

/// <summary>Users with different rights send requests to both servers in lock step, while their rights change; stops at the first difference.</summary>
internal sealed class AuthDifferentialRun(ServerPair pair)
{
    private const string Unauthenticated = "error Unauthenticated";
    private readonly AuthDiffTarget _etcd = new(pair.Etcd.Target);
    private readonly AuthDiffTarget _krewe = new(pair.Krewe.Target);
    private readonly AuthDiffState _state = new();
    private readonly HashSet<long> _compactions = [];
    private readonly List<string> _log = [];

    /// <summary>Operations done so far, the failing one included.</summary>
    public int Done => _log.Count;

    /// <summary>How often each kind of request was sent, was answered, and was denied.</summary>
    public SortedDictionary<string, (int Calls, int Succeeded, int Denied)> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>The first difference with the last steps before it, or null.</summary>
    public async Task<string?> RunAsync(IEnumerable<int> seeds)
    {
        foreach (var op in Setup())
        {
            if (await StepAsync(op) is { } difference)
            {
                return difference;
            }
        }

        foreach (var seed in seeds)
        {
            if (await StepAsync(AuthOpGenerator.Next(seed, _state)) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    /// <summary>The whole script, a line an operation.</summary>
    public string Script() => string.Join('\n', _log);

    private static IEnumerable<AuthDiffOp> Setup()
    {
        foreach (var user in (string[])[AuthDiffState.Root, .. AuthDiffState.Users])
        {
            yield return new(null, new AuthUserAddRequest { Name = user, Password = user });
        }

        foreach (var role in (string[])[.. AuthDiffState.FixedRoles, .. AuthDiffState.Roles])
        {
            yield return new(null, new AuthRoleAddRequest { Name = role });
        }

        // u0 reads and writes a range, u1 reads a prefix, u2 writes a key, u3 has root's rights, u4 has none.
        yield return Grant("range", Permission.Types.Type.Readwrite, "a", "b");
        yield return Grant("prefix", Permission.Types.Type.Read, "p/", "p0");
        yield return Grant("key", Permission.Types.Type.Write, "c", "");
        yield return Grant("all", Permission.Types.Type.Read, "\0", "\0");
        foreach (var (user, role) in new[] { (AuthDiffState.Root, AuthDiffState.Root), ("u0", "range"), ("u1", "prefix"), ("u2", "key"), ("u3", AuthDiffState.Root) })
        {
            yield return new(null, new AuthUserGrantRoleRequest { User = user, Role = role });
        }

        yield return new(null, new AuthEnableRequest());
        foreach (var user in (string[])[AuthDiffState.Root, .. AuthDiffState.Users])
        {
            yield return new(null, new AuthenticateRequest { Name = user, Password = user });
        }
    }

    private static AuthDiffOp Grant(string role, Permission.Types.Type type, string key, string end) => new(null, new AuthRoleGrantPermissionRequest
    {
        Name = role,
        Perm = new Permission { PermType = type, Key = ByteString.CopyFromUtf8(key), RangeEnd = ByteString.CopyFromUtf8(end) },
    });

    private async Task<string?> StepAsync(AuthDiffOp op)
    {
        _log.Add(op.ToString());
        var krewe = _krewe.CallAsync(op);
        var (expected, answer) = await _etcd.CallAsync(op);
        var (actual, _) = await krewe;
        Count(op, expected, answer is not null);
        if (expected != actual && (PeerPaths.SelfCheck || !IsKnown(op, expected, actual)))
        {
            return $"{op}\n  etcd  {expected}\n  krewe {actual}";
        }

        Learn(op, expected, answer);
        return null;
    }

    private bool IsKnown(AuthDiffOp op, string expected, string actual) =>
        KnownDifferences.AreFaultsOfOneTxn(op.Request, expected, actual)
        || AuthKnownDifferences.AreDenialsOfMaintenance(op.Request, expected, actual)
        || (op.Request is AuthenticateRequest login && !_state.Existing.Contains(login.Name) && AuthKnownDifferences.IsGhost(expected, actual))
        || (op.Request is HashKVRequest hash && _compactions.Contains(hash.Revision));

    private void Count(AuthDiffOp op, string text, bool succeeded)
    {
        var kind = op.Request.Descriptor.Name.Replace("Request", "", StringComparison.Ordinal);
        var (calls, good, denied) = Counts.GetValueOrDefault(kind);
        var isDenied = text.StartsWith("error PermissionDenied", StringComparison.Ordinal);
        Counts[kind] = (calls + 1, good + (succeeded ? 1 : 0), denied + (isDenied ? 1 : 0));
    }

    private void Learn(AuthDiffOp op, string text, IMessage? answer)
    {
        if (answer?.Descriptor.FindFieldByName("header")?.Accessor.GetValue(answer) is ResponseHeader { Revision: > 0 } header)
        {
            _state.Store.Revision = header.Revision;
        }

        if (text.StartsWith(Unauthenticated, StringComparison.Ordinal) && op.User is not null)
        {
            _state.MustLogIn.Enqueue(op.User);
        }

        if (answer is not null)
        {
            LearnSuccess(op.Request);
        }
    }

    private void LearnSuccess(IMessage request)
    {
        switch (request)
        {
            case CompactionRequest compaction:
                _state.Store.Compacted = compaction.Revision;
                _compactions.Add(compaction.Revision);
                break;
            case AuthUserAddRequest add:
                _state.Existing.Add(add.Name);
                _state.Passwords[add.Name] = add.Password;
                _state.MustLogIn.Enqueue(add.Name);
                break;
            case AuthUserDeleteRequest delete:
                _state.Existing.Remove(delete.Name);
                break;
            case AuthUserChangePasswordRequest change:
                _state.Passwords[change.Name] = change.Password;
                break;
            case AuthEnableRequest:
                _state.IsEnabled = true;
                break;
            case AuthDisableRequest:
                _state.IsEnabled = false;
                break;
            default:
                break;
        }
    }
}
