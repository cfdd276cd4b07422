using System.Globalization;
using System.Text.RegularExpressions;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Clients;

/// <summary>Takes out of a client's output what must differ between two servers: ids, URLs, sizes, terms, times, versions.</summary>
internal sealed partial class OutputNormaliser
{
    private readonly List<(string From, string To)> _replacements;

    private OutputNormaliser(List<(string, string)> replacements) => _replacements = replacements;

    public static async Task<OutputNormaliser> ForAsync(ServerProcess server)
    {
        var members = await server.Target.Cluster.MemberListAsync(new(), deadline: CaseRun.Deadline());
        var status = await server.Target.Maintenance.StatusAsync(new(), deadline: CaseRun.Deadline());
        return new OutputNormaliser(
        [
            (server.ClientUrl, "<client>"),
            (server.PeerUrl, "<peer>"),
            (server.Target.ClientUrl.Authority, "<client-host>"),
            (members.Header.MemberId.ToString(CultureInfo.InvariantCulture), "<member>"),
            (members.Header.ClusterId.ToString(CultureInfo.InvariantCulture), "<cluster>"),
            (members.Header.MemberId.ToString("x", CultureInfo.InvariantCulture), "<member>"),
            (members.Header.ClusterId.ToString("x", CultureInfo.InvariantCulture), "<cluster>"),
            (status.Version, "<version>"),
        ]);
    }

    /// <summary>Gives a server-chosen id (a lease) a name.</summary>
    public void Name(string from, string to) => _replacements.Add((from, to));

    public string Apply(string text)
    {
        foreach (var (from, to) in _replacements)
        {
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        text = Numbers().Replace(text, "$1<n>");
        text = Took().Replace(text, "took = <time>");
        text = StatusLine().Replace(text, "<client>, <member>, <version>, <size>, $1, $2, <raft>, ");
        // Client-side log lines carry addresses and times of the client itself.
        return LogLine().Replace(text, "");
    }

    [GeneratedRegex("""("(?:raft_term|raftTerm|raftIndex|raftAppliedIndex|dbSize|dbSizeInUse|dbSizeQuota|RaftTerm|Hash|hash)" ?: ?)\d+""")]
    private static partial Regex Numbers();

    [GeneratedRegex("took = [0-9.]+[µmn]?s")]
    private static partial Regex Took();

    [GeneratedRegex(@"<client>, <member>, <version>, [0-9.]+ [kMG]?B, (\w+), (\w+), \d+, \d+, \d+, ")]
    private static partial Regex StatusLine();

    [GeneratedRegex("""^\{"level":.*\n?""", RegexOptions.Multiline)]
    private static partial Regex LogLine();
}
