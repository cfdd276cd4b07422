using System.Text.Json;
using Krewe.Grains.Interfaces.Cluster;
using Microsoft.AspNetCore.Http;

namespace Krewe.Api.Http;

/// <summary>/debug/vars: a look at the process as one JSON object (behaviour 316). Its command line is left out: flags may hold secrets.</summary>
internal sealed class DebugVarsEndpoint(IMemberStatus status) : IHttpEndpoint
{
    public string Path => "/debug/vars";

    public bool OnMetricsListeners => false;

    public Task HandleAsync(HttpContext http) =>
        HttpText.WriteAsync(http, StatusCodes.Status200OK, JsonSerializer.Serialize(Read()), "application/json; charset=utf-8");

    private Dictionary<string, object> Read()
    {
        var gc = GC.GetGCMemoryInfo();
        return new Dictionary<string, object>
        {
            ["memstats"] = new Dictionary<string, long>
            {
                ["HeapAlloc"] = GC.GetTotalMemory(false),
                ["TotalAlloc"] = GC.GetTotalAllocatedBytes(false),
                ["HeapSys"] = gc.TotalCommittedBytes,
                ["NumGC"] = GC.CollectionCount(0),
            },
            ["raft.status"] = new Dictionary<string, object>
            {
                ["id"] = Hex(status.MemberId),
                ["term"] = status.RaftTerm,
                ["lead"] = Hex(status.LeaderId),
                ["applied"] = status.RaftAppliedIndex,
                ["lastIndex"] = status.RaftIndex,
            },
        };
    }

    private static string Hex(ulong id) => id.ToString("x", null);
}
