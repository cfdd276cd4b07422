using Krewe.Grains.Keyspace;

namespace Krewe.Keyspace.Tests.Maintenance;

/// <summary>Leadership that a test gives and takes.</summary>
internal sealed class FakeLeadership : ILeadership
{
    public ulong MemberId => 1;

    public ulong LeaderId => IsReadyLeader ? MemberId : 2;

    public ulong Term => 1;

    public bool IsReadyLeader { get; set; } = true;

    public Task WaitForChangeAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
}
