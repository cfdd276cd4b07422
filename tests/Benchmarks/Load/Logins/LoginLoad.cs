using System.Diagnostics;
using Krewe.Benchmarks.Measurement;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load.Logins;

/// <summary>Writers with tokens, which are what is measured, beside clients that log in over and over.</summary>
internal sealed class LoginLoad(LoadSettings settings, KeySpace keys, ValuePool values, MeasuredWindow window) : ILoad, IDisposable
{
    // A server that is swamped with logins times requests out; that is what is to be measured.
    private const int MaxErrors = 10_000;

    private readonly UnaryLoad _writers = new(settings, new OperationMix(new PutOperation(keys, values)), window, new Tally(window, MaxErrors));
    private LoginCrowd? _crowd;
    private LoginFigures? _figures;

    public Tally Tally => _writers.Tally;

    public int PollMilliseconds => _writers.PollMilliseconds;

    public void Start(LoadLoop loop)
    {
        if (settings.Users.Count == 0)
        {
            throw new BenchmarkException($"{Workloads.PasswordLogins} needs auth: use it with compare");
        }

        _writers.Start(loop);
        if (settings.LoginClients > 0)
        {
            _crowd = new LoginCrowd(settings, keys, window);
            _crowd.Start();
        }
    }

    public void Tick(long now)
    {
    }

    public void Finish(LoadLoop loop)
    {
        _writers.RecordUnanswered(Stopwatch.GetTimestamp());
        _crowd?.Stop();
        _writers.Finish(loop);
        _figures = _crowd?.Figures(window.Elapsed.TotalSeconds);
    }

    public void Dispose() => _crowd?.Dispose();

    public WatchFigures? WatchFigures(double seconds) => null;

    public LoginFigures? LoginFigures() => _figures;
}
