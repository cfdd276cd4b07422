using Krewe.Raft.Core;

namespace Krewe.Raft.Tests.Scenarios.Engine;

internal sealed record ScenarioWrite(HardState? HardState, SnapshotMetadata? Snapshot, Entry[] Entries, ulong Sequence, Message[] Messages);
