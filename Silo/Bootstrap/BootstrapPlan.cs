using Krewe.Raft.Log;
using Krewe.Silo.Replication;

namespace Krewe.Silo.Bootstrap;

/// <summary>What a member without data starts as.</summary>
internal sealed record BootstrapPlan(WalIdentity Identity, MemberBootstrap Bootstrap);
