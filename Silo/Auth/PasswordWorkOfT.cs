namespace Krewe.Silo.Auth;

/// <summary>Work with an answer of type <typeparamref name="T"/>.</summary>
internal sealed class PasswordWork<T>(string user, Func<T> work) : PasswordWork(user)
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answer => _done.Task;

    public override void Execute()
    {
        try
        {
            _done.SetResult(work());
        }
#pragma warning disable CA1031 // Whatever went wrong is the answer.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _done.SetException(e);
        }
    }
}
