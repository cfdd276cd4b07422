using Krewe.Grains.Interfaces.Cluster;

namespace Krewe.Api.Tests.Fakes;

/// <summary>A member's identity that a test can change.</summary>
internal sealed class FakeStatus : IMemberStatus
{
    public ulong ClusterId { get; set; } = 0xC1;

    public ulong MemberId { get; set; } = 0xAB;

    public ulong LeaderId { get; set; } = 0xAB;

    public ulong RaftTerm { get; set; } = 7;

    public ulong RaftIndex { get; set; } = 21;

    public ulong RaftAppliedIndex { get; set; } = 20;

    public long Revision { get; set; } = 1;

    public bool IsLearner { get; set; }
}
