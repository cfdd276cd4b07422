using Krewe.Grains.Interfaces.Maintenance;

namespace Krewe.Api.Mapping;

/// <summary>Names of alarms as etcd prints them.</summary>
internal static class AlarmText
{
    /// <summary>The protobuf text form of an AlarmMember (behaviour 259).</summary>
    public static string Of(Alarm alarm) => $"memberID:{alarm.MemberId} alarm:{Name(alarm.Type)}";

    public static string Name(AlarmType type) => type switch
    {
        AlarmType.NoSpace => "NOSPACE",
        AlarmType.Corrupt => "CORRUPT",
        _ => "NONE",
    };
}
