using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Grains.Cluster.Members;

/// <summary>A committed membership change that changed nothing on any member, and the error that its proposer gets.</summary>
public sealed record ConfChangeRefusal(EtcdError Error);
