using Krewe.Raft.Core;

namespace Krewe.Simulation.Engine;

/// <summary>Messages under way, and the links that are cut. Indexes are zero-based node numbers.</summary>
internal sealed class SimNetwork(int nodes)
{
    private readonly bool[] _cut = new bool[nodes * nodes];
    private readonly List<Message> _slots = [];
    private readonly Stack<int> _free = new();

    public bool IsCut(int from, int to) => _cut[(from * nodes) + to];

    public void Cut(int from, int to) => _cut[(from * nodes) + to] = true;

    public void HealAll() => Array.Clear(_cut);

    public int Store(in Message message)
    {
        if (_free.TryPop(out int slot))
        {
            _slots[slot] = message;
            return slot;
        }

        _slots.Add(message);
        return _slots.Count - 1;
    }

    public Message Take(int slot)
    {
        Message message = _slots[slot];
        _slots[slot] = default;
        _free.Push(slot);
        return message;
    }
}
