using Krewe.Grains.Interfaces.Maintenance;

namespace Krewe.Grains.Keyspace.Alarms;

/// <summary>Active alarms of all members (behaviours 261-264). The apply thread changes it; readers see immutable lists.</summary>
public sealed class AlarmTable
{
    private Alarm[] _active = [];

    /// <summary>All active alarms; the list never changes.</summary>
    public IReadOnlyList<Alarm> Active => Volatile.Read(ref _active);

    /// <summary>Active alarms of a type, or of all types for <see cref="AlarmType.None"/>.</summary>
    public IReadOnlyList<Alarm> OfType(AlarmType type)
    {
        Alarm[] all = Volatile.Read(ref _active);
        return type == AlarmType.None ? all : Array.FindAll(all, alarm => alarm.Type == type);
    }

    public bool Any(AlarmType type)
    {
        foreach (Alarm alarm in Volatile.Read(ref _active))
        {
            if (alarm.Type == type)
            {
                return true;
            }
        }

        return false;
    }

    internal void Add(Alarm alarm)
    {
        Alarm[] all = _active;
        if (!all.Contains(alarm))
        {
            Volatile.Write(ref _active, [.. all, alarm]);
        }
    }

    internal void Remove(Alarm alarm) => Volatile.Write(ref _active, Array.FindAll(_active, other => other != alarm));

    /// <summary>Takes over all alarms of a table that was loaded.</summary>
    internal void TakeFrom(AlarmTable loaded) => Volatile.Write(ref _active, loaded._active);
}
