namespace Krewe.Lab.Engine;

/// <summary>Which program the members run.</summary>
public enum ServerKind
{
    Etcd,
    Krewe,
}
