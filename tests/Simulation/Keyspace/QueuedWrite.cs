namespace Krewe.Simulation.Keyspace;

/// <summary>A client's operation on its way into the log; client -1 is nobody.</summary>
internal readonly record struct QueuedWrite(int Client, int Number, KeyspaceOperation Operation);
