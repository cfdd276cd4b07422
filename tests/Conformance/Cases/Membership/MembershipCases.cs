using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Cases.Membership;

/// <summary>Section 10: what the Cluster service does with a single running member.</summary>
internal static class MembershipCases
{
    private const string Newcomer = "http://127.0.0.1:1";
    private const string Another = "http://127.0.0.1:2";

    public static IEnumerable<ConformanceCase> All =>
    [
        new([244, 245, 250], "a learner is added, listed and removed, and its id is gone", async c =>
        {
            await List(c, "before");
            var added = await Add(c, "add", isLearner: true, Newcomer);
            await List(c, "with the learner");
            await Add(c, "a second learner", isLearner: true, Another);
            await Remove(c, "remove", added!.Member.ID);
            await Remove(c, "remove again", added.Member.ID);
            await List(c, "after");
            await c.Put("put", Requests.Put("a"));
        })
        { Fresh = true },
        new([253], "only a learner that is in sync is promoted", async c =>
        {
            var self = await Self(c);
            await Promote(c, "the voter", self);
            await Promote(c, "nobody", 12345);
            for (var i = 0; i < 20; i++)
            {
                await c.Seed("a");
            }

            var added = await Add(c, "add", isLearner: true, Newcomer);
            await Promote(c, "a learner that never started", added!.Member.ID);
            await Remove(c, "remove", added.Member.ID);
        })
        { Fresh = true },
        new([242, 243], "peer URLs are checked", async c =>
        {
            await Add(c, "none", isLearner: false);
            await Add(c, "no port", isLearner: false, "http://127.0.0.1");
            await Add(c, "a path", isLearner: false, "http://127.0.0.1:1/x");
            await Add(c, "a scheme", isLearner: false, "ftp://127.0.0.1:1");
            await Add(c, "in use", isLearner: true, c.Target.PeerUrl.GetLeftPart(UriPartial.Authority));
        }),
        new([250, 252], "an update replaces peer URLs as they are", async c =>
        {
            var self = await Self(c);
            await Update(c, "nobody", 12345, Another);
            await Update(c, "not a URL", self, "xx");
            await List(c, "updated");
        })
        { Fresh = true },
        new([248, 249], "the only voter can't be removed", async c =>
        {
            await Remove(c, "self", await Self(c));
            await Remove(c, "nobody", 12345);
            await c.Put("put", Requests.Put("a"));
        })
        { Fresh = true },
        new([246], "one member may grow to two, but no further before the second started", async c =>
        {
            await Add(c, "second", isLearner: false, Newcomer);
            await Add(c, "third", isLearner: false, Another);
            await Remove(c, "self", await Self(c));
            await List(c, "two");
        })
        { Fresh = true },
        new([283], "leadership stays with a single member and goes to no stranger", async c =>
        {
            await Move(c, "to itself", await Self(c));
            await Move(c, "to nobody", 12345);
        })
        { Fresh = true },
    ];

    private static async Task<ulong> Self(CaseRun c) =>
        (await c.Target.Maintenance.StatusAsync(new StatusRequest(), deadline: CaseRun.Deadline())).Header.MemberId;

    /// <summary>Members are sorted by IDs, which differ between the servers: here by their names.</summary>
    private static async Task List(CaseRun c, string label)
    {
        var list = await c.Target.Cluster.MemberListAsync(new MemberListRequest(), deadline: CaseRun.Deadline());
        Record(c, label, list.Header, list.Members);
    }

    private static async Task<MemberAddResponse?> Add(CaseRun c, string label, bool isLearner, params string[] urls)
    {
        var request = new MemberAddRequest { IsLearner = isLearner, PeerURLs = { urls } };
        var answer = await Try(c, label, c.Target.Cluster.MemberAddAsync(request, deadline: CaseRun.Deadline()));
        if (answer is not null)
        {
            c.Record($"{label}: member", answer.Member);
            Record(c, label, answer.Header, answer.Members);
        }

        return answer;
    }

    private static async Task Remove(CaseRun c, string label, ulong id)
    {
        var answer = await Try(c, label, c.Target.Cluster.MemberRemoveAsync(new MemberRemoveRequest { ID = id }, deadline: CaseRun.Deadline()));
        Record(c, label, answer?.Header, answer?.Members);
    }

    private static async Task Update(CaseRun c, string label, ulong id, params string[] urls)
    {
        var request = new MemberUpdateRequest { ID = id, PeerURLs = { urls } };
        var answer = await Try(c, label, c.Target.Cluster.MemberUpdateAsync(request, deadline: CaseRun.Deadline()));
        Record(c, label, answer?.Header, answer?.Members);
    }

    private static async Task Promote(CaseRun c, string label, ulong id)
    {
        var answer = await Try(c, label, c.Target.Cluster.MemberPromoteAsync(new MemberPromoteRequest { ID = id }, deadline: CaseRun.Deadline()));
        Record(c, label, answer?.Header, answer?.Members);
    }

    private static Task Move(CaseRun c, string label, ulong id) =>
        c.Do(label, c.Target.Maintenance.MoveLeaderAsync(new MoveLeaderRequest { TargetID = id }, deadline: CaseRun.Deadline()));

    private static async Task<T?> Try<T>(CaseRun c, string label, AsyncUnaryCall<T> call)
        where T : class
    {
        try
        {
            return await call;
        }
        catch (RpcException e)
        {
            c.RecordError(label, e.Status);
            return null;
        }
    }

    private static void Record(CaseRun c, string label, ResponseHeader? header, IReadOnlyList<Member>? members)
    {
        if (header is null || members is null)
        {
            return;
        }

        c.Record($"{label}: header", header);
        foreach (var (member, i) in members.OrderBy(m => m.IsLearner).ThenByDescending(m => m.Name, StringComparer.Ordinal).Select((m, i) => (m, i)))
        {
            c.Record($"{label}: {i}", member);
        }
    }
}
