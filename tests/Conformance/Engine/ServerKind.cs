namespace Krewe.Conformance.Engine;

/// <summary>Which of the two compared servers a process is.</summary>
public enum ServerKind
{
    Etcd,
    Krewe,
}
