namespace Krewe.Api.Tests.Hosting;

/// <summary>Waits for a condition that another task brings about.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task AreEqualAsync<T>(T expected, Func<Task<T>> read) =>
        await IsTrueAsync(async () => EqualityComparer<T>.Default.Equals(expected, await read()), () => $"never became {expected}");

    public static async Task ContainsAsync(string expected, Func<Task<string>> read)
    {
        var last = "";
        await IsTrueAsync(
            async () => (last = await read()).Contains(expected, StringComparison.Ordinal),
            () => $"never contained {expected}:\n{last}");
    }

    private static async Task IsTrueAsync(Func<Task<bool>> condition, Func<string> complaint)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, complaint());
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }
}
