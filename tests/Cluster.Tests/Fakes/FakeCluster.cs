using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Cluster.Silos;

namespace Krewe.Cluster.Tests.Fakes;

/// <summary>
/// One replicated state that all silos of a test share, with a leader that the test names: commands apply at once, everywhere.
/// </summary>
internal sealed class FakeCluster
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _change = New();

    public ModuleRig State { get; } = new();

    public ulong LeaderId { get; private set; } = 1;

    public bool IsReady { get; private set; } = true;

    public SiloTable Silos => State.Silos;

    public DirectoryTable Directory => State.Directory;

    public Task Change
    {
        get
        {
            lock (_lock)
            {
                return _change.Task;
            }
        }
    }

    /// <summary>Starts a new term under that leader; 0 for a term without one.</summary>
    public void Elect(ulong leaderId, bool ready = true)
    {
        State.BeginTerm();
        lock (_lock)
        {
            LeaderId = leaderId;
            IsReady = ready;
            _change.SetResult();
            _change = New();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
