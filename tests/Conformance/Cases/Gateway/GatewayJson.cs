using System.Globalization;
using System.Text.Json.Nodes;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Cases.Gateway;

/// <summary>
/// Writes a gateway answer so that two servers' answers can be compared: no white space (B327), members in order of name, identities
/// hidden and revisions counted from the case's start. Whether a value is a string or a number stays visible.
/// </summary>
internal static class GatewayJson
{
    private static readonly HashSet<string> Identities = ["cluster_id", "member_id", "raft_term", "memberID"];
    private static readonly HashSet<string> Revisions = ["revision", "create_revision", "mod_revision"];

    public static string Canonical(CaseRun run, string json) => Canonical(run, JsonNode.Parse(json))!.ToJsonString();

    private static JsonNode? Canonical(CaseRun run, JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Member(run, p.Key, p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(item => Canonical(run, item))]),
        _ => node?.DeepClone(),
    };

    private static JsonNode? Member(CaseRun run, string name, JsonNode? value)
    {
        if (Identities.Contains(name))
        {
            return $"{value!.GetValueKind()}";
        }

        return Revisions.Contains(name)
            ? $"{value!.GetValueKind()} +{long.Parse(value.ToString(), CultureInfo.InvariantCulture) - run.Base}"
            : Canonical(run, value);
    }
}
