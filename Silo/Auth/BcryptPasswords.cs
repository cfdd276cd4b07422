using System.Text;
using Krewe.Grains.Auth.Passwords;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Silo.Auth;

/// <summary>
/// bcrypt on threads of its own, which give way to others: a thousand clients that come back with passwords must not slow down those that are
/// at work. What was found right is remembered, equal questions that come at one time are answered once, and what nobody waits for any more
/// is not begun.
/// </summary>
internal sealed class BcryptPasswords : IPasswords, IDisposable
{
    /// <summary>Longest password, in bytes of UTF-8. bcrypt ignores the rest, so it can not be set; when it is given to be checked etcd ignores it too.</summary>
    public const int MaxPasswordBytes = 72;

    /// <summary>Most hashes and checks that wait; more are refused.</summary>
    public const int MaxWaiting = 10_000;

    /// <summary>Most different passwords of one user that wait to be checked; more are refused.</summary>
    public const int MaxWaitingOfUser = 1_000;

    // Hashes for new passwords take turns with the users. No user has this name.
    private const string Hashes = "";

    // Monitor, because the threads wait for it.
    private readonly object _gate = new();
    private readonly PasswordQueue _queue = new(MaxWaiting, MaxWaitingOfUser);
    private readonly Dictionary<string, PasswordWork<bool>> _running = new(StringComparer.Ordinal);
    private readonly VerifiedPasswords _verified;
    private readonly int _cost;
    private bool _isDisposed;
    private long _checks;

    /// <param name="cost">Of new hashes: 2 to this power of rounds.</param>
    /// <param name="threads">How many hash at one time.</param>
    /// <param name="maxVerified">Users whose password is remembered.</param>
    public BcryptPasswords(int cost, int threads = 0, int maxVerified = VerifiedPasswords.DefaultMaxUsers)
    {
        _cost = cost;
        _verified = new VerifiedPasswords(maxVerified);
        for (var i = 0; i < (threads > 0 ? threads : DefaultThreads); i++)
        {
            new Thread(Run) { IsBackground = true, Name = "bcrypt" }.Start();
        }
    }

    /// <summary>At most half of the processors.</summary>
    public static int DefaultThreads => Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Hashes that were computed for checks.</summary>
    public long Checks => Interlocked.Read(ref _checks);

    /// <summary>Hashes and checks that wait for a thread.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count;
            }
        }
    }

    public ValueTask<ReadOnlyMemory<byte>> HashAsync(string password, CancellationToken cancellationToken)
    {
        if (Encoding.UTF8.GetByteCount(password) > MaxPasswordBytes)
        {
            throw new EtcdException(EtcdError.PasswordTooLong);
        }

        var work = new PasswordWork<ReadOnlyMemory<byte>>(Hashes, () => Encoding.ASCII.GetBytes(BCrypt.Net.BCrypt.HashPassword(password, _cost)));
        lock (_gate)
        {
            Enqueue(work);
            work.Askers = 1;
        }

        return AnswerAsync(work, cancellationToken);
    }

    public ValueTask<bool> VerifyAsync(string userName, ReadOnlyMemory<byte> hash, string password, CancellationToken cancellationToken)
    {
        if (hash.IsEmpty)
        {
            return new(false);
        }

        var question = _verified.DigestOf(hash.Span, password);
        return _verified.Contains(userName, question) ? new(true) : AnswerAsync(Ask(userName, question, hash, password), cancellationToken);
    }

    public void Forget(string userName) => _verified.Remove(userName);

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private static bool Matches(ReadOnlySpan<byte> hash, string password)
    {
        try
        {
            return BCrypt.Net.BCrypt.Verify(password, Encoding.ASCII.GetString(hash));
        }
        catch (Exception e) when (e is BCrypt.Net.SaltParseException or ArgumentException or FormatException or IndexOutOfRangeException)
        {
            // What a client sent as a hash is none (behaviour 199).
            return false;
        }
    }

    private PasswordWork<bool> Ask(string userName, byte[] question, ReadOnlyMemory<byte> hash, string password)
    {
        var key = KeyOf(userName, question);
        lock (_gate)
        {
            if (!_running.TryGetValue(key, out var work))
            {
                work = new PasswordWork<bool>(userName, () => Check(userName, question, hash, password));
                Enqueue(work);
                _running[key] = work;
                work.Key = key;
            }

            work.Askers++;
            return work;
        }
    }

    private async ValueTask<T> AnswerAsync<T>(PasswordWork<T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Leave(work);
            throw;
        }
    }

    // Who has gone must not hold up those who wait behind.
    private void Leave(PasswordWork work)
    {
        lock (_gate)
        {
            if (--work.Askers == 0 && _queue.TryRemove(work))
            {
                _running.Remove(work.Key);
            }
        }
    }

    private bool Check(string userName, byte[] question, ReadOnlyMemory<byte> hash, string password)
    {
        Interlocked.Increment(ref _checks);
        var isRight = Matches(hash.Span, password);
        if (isRight)
        {
            _verified.Add(userName, question);
        }

        return isRight;
    }

    private void Enqueue(PasswordWork work)
    {
        if (!_queue.TryAdd(work))
        {
            throw new EtcdException(EtcdError.TooManyRequests);
        }

        Monitor.Pulse(_gate);
    }

    private void Run()
    {
        ThreadPriorities.Lower();
        while (Take() is { } work)
        {
            work.Execute();
            lock (_gate)
            {
                _running.Remove(work.Key);
            }
        }
    }

    /// <summary>Null once this is disposed and nothing waits.</summary>
    private PasswordWork? Take()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_queue.TryTake(out var work))
                {
                    return work;
                }

                if (_isDisposed)
                {
                    return null;
                }

                Monitor.Wait(_gate);
            }
        }
    }

    private static string KeyOf(string userName, byte[] question) => Convert.ToHexString(question) + userName;
}
