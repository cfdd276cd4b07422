namespace Krewe.Simulation.Model;

/// <summary>A state machine that does more than apply: it takes writes itself, keeps time and follows leadership.</summary>
internal interface INodeService
{
    /// <summary>Begins a write of a client; false if it certainly has no effect here.</summary>
    bool TryWrite(int client, int number, IOperation operation);

    /// <summary>Entries were applied, and reads see them.</summary>
    void Applied();

    /// <summary>Everything that was committed is applied: leadership may be looked at.</summary>
    void FollowLeadership();

    void Tick();
}
