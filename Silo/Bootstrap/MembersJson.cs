using System.Text.Json;
using Krewe.Grains.Interfaces.Cluster;

namespace Krewe.Silo.Bootstrap;

/// <summary>
/// What a member answers to <c>GET /members</c> on its peer URL, as etcd writes it: an array of members, an absent field for what is empty.
/// The cluster's ID travels in the header <see cref="ClusterIdHeader"/>, as hexadecimal text.
/// </summary>
internal static class MembersJson
{
    public const string ClusterIdHeader = "X-Etcd-Cluster-ID";

    public static byte[] Write(IReadOnlyList<Member> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var member in members)
            {
                Write(json, member);
            }

            json.WriteEndArray();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    /// <summary>Throws <see cref="JsonException"/> for text that is no list of members.</summary>
    public static IReadOnlyList<Member> Read(ReadOnlyMemory<byte> text)
    {
        using var document = JsonDocument.Parse(text);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException("a list of members is expected");
        }

        return [.. document.RootElement.EnumerateArray().Select(Read).OrderBy(m => m.Id)];
    }

    private static void Write(Utf8JsonWriter json, Member member)
    {
        json.WriteStartObject();
        json.WriteNumber("id", member.Id);
        WriteList(json, "peerURLs", member.PeerUrls);
        if (member.IsLearner)
        {
            json.WriteBoolean("isLearner", true);
        }

        if (member.Name.Length > 0)
        {
            json.WriteString("name", member.Name);
        }

        if (member.ClientUrls.Count > 0)
        {
            WriteList(json, "clientURLs", member.ClientUrls);
        }

        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> items)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStringValue(item);
        }

        json.WriteEndArray();
    }

    private static Member Read(JsonElement member)
    {
        if (member.ValueKind != JsonValueKind.Object
            || !member.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.Number || !id.TryGetUInt64(out var value))
        {
            throw new JsonException("a member without ID");
        }

        var name = member.TryGetProperty("name", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
        var isLearner = member.TryGetProperty("isLearner", out var flag) && flag.ValueKind == JsonValueKind.True;
        return new Member(value, name, ReadList(member, "peerURLs"), ReadList(member, "clientURLs"), isLearner);
    }

    private static string[] ReadList(JsonElement member, string name)
    {
        if (!member.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(item => item.GetString()!)]
            : throw new JsonException($"{name} is no list of texts");
    }
}
