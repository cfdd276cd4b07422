namespace Krewe.Grains.Interfaces.Errors;

/// <summary>Carries an <see cref="EtcdError"/> where a value cannot: out of a stream or a service call that failed as a whole.</summary>
[GenerateSerializer]
[Alias("krewe.EtcdException")]
public sealed class EtcdException : Exception
{
    public EtcdException(EtcdError error)
        : base(error.ToString()) => Error = error;

    /// <summary>What went wrong.</summary>
    [Id(0)]
    public EtcdError Error { get; }
}
