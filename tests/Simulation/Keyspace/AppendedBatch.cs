using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Prefixes;

namespace Krewe.Simulation.Keyspace;

/// <summary>What an appended entry was made of: operations with the outcomes that they were told, or one directory command.</summary>
internal sealed record AppendedBatch(
    KeyspaceOperation[] Operations, KvOutcome[] Outcomes, PrefixOwner[] Writers, DirectoryCommand? Directory);
