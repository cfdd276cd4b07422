namespace Krewe.Lab.Histories;

/// <summary>A key that exists, as etcd tells it.</summary>
internal sealed record KeyState(string Value, long CreateRevision, long ModRevision, long Version);
