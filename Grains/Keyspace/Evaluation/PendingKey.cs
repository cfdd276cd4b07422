using System.Runtime.InteropServices;
using Krewe.Grains.Keyspace.Index;

namespace Krewe.Grains.Keyspace.Evaluation;

/// <summary>A key with versions beyond the applied state, oldest first.</summary>
internal sealed class PendingKey
{
    private readonly List<PendingVersion> _versions = new(1);

    /// <summary>The key; moves from the request's memory to the entry's when that is sealed.</summary>
    public ReadOnlyMemory<byte> Key { get; set; }

    public int Count => _versions.Count;

    public ref PendingVersion Latest => ref this[_versions.Count - 1];

    public ref PendingVersion this[int position] => ref CollectionsMarshal.AsSpan(_versions)[position];

    public void Push(in PendingVersion version) => _versions.Add(version);

    public void Pop() => _versions.RemoveAt(_versions.Count - 1);

    public void Clear() => _versions.Clear();

    /// <summary>Forgets versions that are applied and superseded: a hot key must not collect them.</summary>
    public void DropApplied(ulong appliedIndex)
    {
        int count = 0;
        while (count < _versions.Count - 1 && _versions[count].Index <= appliedIndex)
        {
            count++;
        }

        _versions.RemoveRange(0, count);
    }

    /// <summary>Whether one of these versions decides what a read at the revision sees; if so, whether the key lives there.</summary>
    public bool Decides(long revision, out bool lives, out KeyState state)
    {
        for (int i = _versions.Count - 1; i >= 0; i--)
        {
            ref PendingVersion version = ref this[i];
            if (version.Main <= revision)
            {
                lives = version.Version != 0;
                state = new KeyState(
                    Key, version.Main, version.Sub, version.Create, version.Version, IsComplete: true, version.Lease, version.Value);
                return true;
            }
        }

        lives = false;
        state = default;
        return false;
    }
}
