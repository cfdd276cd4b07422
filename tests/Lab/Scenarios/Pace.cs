namespace Krewe.Lab.Scenarios;

/// <summary>Repeats a fault until the time of a scenario is over, at least once.</summary>
internal static class Pace
{
    private const int ShortestMilliseconds = 200;
    private const int LongestMilliseconds = 1200;

    /// <param name="fault">Injects one fault and undoes it; is given a pause of random length for in between.</param>
    public static async Task RepeatAsync(Random random, Func<Func<Task>, Task> fault, CancellationToken end)
    {
        Task PauseAsync() => Task.Delay(random.Next(ShortestMilliseconds, LongestMilliseconds), CancellationToken.None);
        do
        {
            await PauseAsync();
            await fault(PauseAsync);
        }
        while (!end.IsCancellationRequested);
    }
}
