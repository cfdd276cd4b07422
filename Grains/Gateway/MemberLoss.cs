namespace Krewe.Grains.Gateway;

/// <summary>
/// Tells that a connection to a member is gone. Orleans' client leaves a call that was sent on it to its time limit; who listens here can give it up
/// at once.
/// </summary>
public sealed class MemberLoss
{
    private TaskCompletionSource _next = New();

    /// <summary>Completes with the next loss.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Signal() => Interlocked.Exchange(ref _next, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
