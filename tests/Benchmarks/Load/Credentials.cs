namespace Krewe.Benchmarks.Load;

/// <summary>A user who may read and write all keys of the benchmarks.</summary>
internal sealed record Credentials(string Name, string Password)
{
    private const string Prefix = "bench";

    /// <summary>As many users as wanted, each with a password of its own.</summary>
    public static IReadOnlyList<Credentials> Of(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Credentials($"{Prefix}{i}", $"password-{i}"))];
}
