namespace Krewe.Grains.Replication;

/// <summary>How long a request waits for consensus (behaviour 350), with the clock that measures it.</summary>
public sealed record RequestTimeout(TimeSpan Duration, TimeProvider Time);
