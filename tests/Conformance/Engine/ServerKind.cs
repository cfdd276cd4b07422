namespace Krewe.Conformance.Engine;

/// <summary>Which of the two compared servers a process is.</summary>
internal enum ServerKind
{
    Etcd,
    Krewe,
}
