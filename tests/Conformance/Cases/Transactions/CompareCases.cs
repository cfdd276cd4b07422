using Google.Protobuf;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using static Krewe.Api.Protos.Etcd.Compare.Types;
using static Krewe.Conformance.Engine.Requests;

namespace Krewe.Conformance.Cases.Transactions;

/// <summary>Section 5: compares.</summary>
internal static class CompareCases
{
    private static readonly CompareResult[] Results = [CompareResult.Equal, CompareResult.Greater, CompareResult.Less, CompareResult.NotEqual];

    public static IEnumerable<ConformanceCase> All =>
    [
        new([88], "every target with every result against a smaller, equal and greater value", async c =>
        {
            await c.Grant("grant", 50, 600);
            await c.Seed("a");
            await c.Put("a again", Put("a", "m", 50));
            foreach (var result in Results)
            {
                for (var delta = -1; delta <= 1; delta++)
                {
                    await Truth(c, $"version {result} {delta}", new() { Target = CompareTarget.Version, Version = 2 + delta, Result = result });
                    await Truth(c, $"create {result} {delta}", new() { Target = CompareTarget.Create, CreateRevision = c.Rev(1) + delta, Result = result });
                    await Truth(c, $"mod {result} {delta}", new() { Target = CompareTarget.Mod, ModRevision = c.Rev(2) + delta, Result = result });
                    await Truth(c, $"lease {result} {delta}", new() { Target = CompareTarget.Lease, Lease = 50 + delta, Result = result });
                }

                foreach (var value in new[] { "", "a", "m", "mm", "z" })
                {
                    await Truth(c, $"value {result} {value}", new() { Target = CompareTarget.Value, Value = Utf8(value), Result = result });
                }
            }
        }),
        new([89], "an absent key compares as 0 and never by value", async c =>
        {
            foreach (var result in Results)
            {
                for (var value = -1; value <= 1; value++)
                {
                    await Truth(c, $"version {result} {value}", new() { Target = CompareTarget.Version, Version = value, Result = result });
                    await Truth(c, $"create {result} {value}", new() { Target = CompareTarget.Create, CreateRevision = value, Result = result });
                    await Truth(c, $"mod {result} {value}", new() { Target = CompareTarget.Mod, ModRevision = value, Result = result });
                    await Truth(c, $"lease {result} {value}", new() { Target = CompareTarget.Lease, Lease = value, Result = result });
                }

                await Truth(c, $"value {result} empty", new() { Target = CompareTarget.Value, Value = ByteString.Empty, Result = result });
                await Truth(c, $"value {result} a", new() { Target = CompareTarget.Value, Value = Utf8("a"), Result = result });
            }
        }),
        new([90], "a missing or foreign union member counts as 0 or empty", async c =>
        {
            await c.Put("empty", Put("a", ""));
            foreach (var result in Results)
            {
                foreach (var target in Enum.GetValues<CompareTarget>())
                {
                    await Truth(c, $"{target} {result} none", new() { Target = target, Result = result });
                    await Truth(c, $"{target} {result} value", new() { Target = target, Result = result, Value = Utf8("x") });
                    await Truth(c, $"{target} {result} version", new() { Target = target, Result = result, Version = 1 });
                }
            }
        }),
        new([91], "a compare over a range needs every key and an empty range is an absent key", async c =>
        {
            await c.Seed("a", "b", "c");
            await c.Put("b again", Put("b", "w"));
            foreach (var result in Results)
            {
                foreach (var (key, end) in new[] { ("a", "z"), ("a", "b"), ("b", "c"), ("x", "z"), ("b", "a"), ("c", OpenEnd), ("\0", OpenEnd) })
                {
                    var range = Utf8(end);
                    await Truth(c, $"version {key}..{end} {result}", new() { Target = CompareTarget.Version, Version = 1, Result = result, RangeEnd = range }, key);
                    await Truth(c, $"value {key}..{end} {result}", new() { Target = CompareTarget.Value, Value = Utf8("v"), Result = result, RangeEnd = range }, key);
                    await Truth(c, $"create {key}..{end} {result}", new() { Target = CompareTarget.Create, CreateRevision = 0, Result = result, RangeEnd = range }, key);
                }
            }
        }),
        new([88], "results and targets outside the enums", async c =>
        {
            await c.Seed("a");
            await Truth(c, "result 9", new() { Target = CompareTarget.Version, Version = 1, Result = (CompareResult)9 });
            await Truth(c, "result 9, unequal", new() { Target = CompareTarget.Version, Version = 7, Result = (CompareResult)9 });
            await Truth(c, "target 9", new() { Target = (CompareTarget)9, Version = 1, Result = CompareResult.Equal });
            await Truth(c, "target 9 not equal", new() { Target = (CompareTarget)9, Version = 1, Result = CompareResult.NotEqual });
            await Truth(c, "target 9 greater", new() { Target = (CompareTarget)9, Version = 1, Result = CompareResult.Greater });
        }),
    ];

    private static async Task Truth(CaseRun c, string label, Compare compare, string key = "a")
    {
        compare.Key = Utf8(key);
        await c.Txn(label, Txn([compare]));
    }
}
