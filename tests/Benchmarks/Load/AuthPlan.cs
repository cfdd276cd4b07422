namespace Krewe.Benchmarks.Load;

/// <summary>When auth is on, and for whom.</summary>
/// <param name="Always">For every workload, not only for those that need it.</param>
internal sealed record AuthPlan(bool Always, IReadOnlyList<Credentials> Users)
{
    public IReadOnlyList<Credentials> UsersOf(string workload) => Always || workload == Workloads.PasswordLogins ? Users : [];
}
