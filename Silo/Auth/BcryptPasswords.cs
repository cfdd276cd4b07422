using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Krewe.Grains.Auth.Passwords;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Silo.Auth;

/// <summary>
/// bcrypt on threads of its own, which give way to others: a thousand clients that come back with passwords must not slow down those that are
/// at work. What was found right is remembered, and equal questions that come at one time are answered once.
/// </summary>
internal sealed class BcryptPasswords : IPasswords, IDisposable
{
    /// <summary>Longest password, in bytes of UTF-8. bcrypt ignores the rest, so it can not be set; when it is given to be checked etcd ignores it too.</summary>
    public const int MaxPasswordBytes = 72;

    /// <summary>Most hashes and checks that wait; more are refused.</summary>
    public const int MaxWaiting = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (byte[] Question, Task<bool> Answer)> _running = new(StringComparer.Ordinal);
    private readonly Channel<Action> _work = Channel.CreateBounded<Action>(new BoundedChannelOptions(MaxWaiting) { SingleReader = false });
    private readonly VerifiedPasswords _verified;
    private readonly int _cost;
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

    public ValueTask<ReadOnlyMemory<byte>> HashAsync(string password, CancellationToken cancellationToken)
    {
        if (Encoding.UTF8.GetByteCount(password) > MaxPasswordBytes)
        {
            throw new EtcdException(EtcdError.PasswordTooLong);
        }

        return new(Enqueue(() => new ReadOnlyMemory<byte>(Encoding.ASCII.GetBytes(BCrypt.Net.BCrypt.HashPassword(password, _cost))))
            .WaitAsync(cancellationToken));
    }

    public ValueTask<bool> VerifyAsync(string userName, ReadOnlyMemory<byte> hash, string password, CancellationToken cancellationToken)
    {
        if (hash.IsEmpty)
        {
            return new(false);
        }

        var question = _verified.DigestOf(hash.Span, password);
        return _verified.Contains(userName, question) ? new(true) : new(AskOnce(userName, question, hash, password).WaitAsync(cancellationToken));
    }

    public void Forget(string userName) => _verified.Remove(userName);

    public void Dispose() => _work.Writer.TryComplete();

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

    private Task<bool> AskOnce(string userName, byte[] question, ReadOnlyMemory<byte> hash, string password)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(userName, out var running) && CryptographicOperations.FixedTimeEquals(running.Question, question))
            {
                return running.Answer;
            }

            var answer = Enqueue(() => Check(userName, question, hash, password));
            if (!answer.IsCompleted)
            {
                _running[userName] = (question, answer);
            }

            return answer;
        }
    }

    private bool Check(string userName, byte[] question, ReadOnlyMemory<byte> hash, string password)
    {
        try
        {
            Interlocked.Increment(ref _checks);
            var isRight = Matches(hash.Span, password);
            if (isRight)
            {
                _verified.Add(userName, question);
            }

            return isRight;
        }
        finally
        {
            lock (_gate)
            {
                if (_running.TryGetValue(userName, out var running) && ReferenceEquals(running.Question, question))
                {
                    _running.Remove(userName);
                }
            }
        }
    }

    private Task<T> Enqueue<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _work.Writer.TryWrite(() => Complete(done, work)) ? done.Task : Task.FromException<T>(new EtcdException(EtcdError.TooManyRequests));
    }

    private static void Complete<T>(TaskCompletionSource<T> done, Func<T> work)
    {
        try
        {
            done.SetResult(work());
        }
#pragma warning disable CA1031 // Whatever went wrong is the answer.
        catch (Exception e)
#pragma warning restore CA1031
        {
            done.SetException(e);
        }
    }

    private void Run()
    {
        ThreadPriorities.Lower();
        while (_work.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_work.Reader.TryRead(out var work))
            {
                work();
            }
        }
    }
}
