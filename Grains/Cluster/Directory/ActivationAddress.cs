namespace Krewe.Grains.Cluster.Directory;

/// <summary>An activation of a grain somewhere.</summary>
/// <param name="Grain">The grain.</param>
/// <param name="ActivationId">The activation.</param>
/// <param name="Silo">Its silo in Orleans' parsable form.</param>
public readonly record struct ActivationAddress(GrainKey Grain, Guid ActivationId, string Silo);
