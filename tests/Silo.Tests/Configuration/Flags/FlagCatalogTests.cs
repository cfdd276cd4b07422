using Krewe.Silo.Configuration.Flags;
using Krewe.Silo.Configuration.Parsing;

namespace Krewe.Silo.Tests.Configuration.Flags;

public sealed class FlagCatalogTests
{
    private const string GatePrefix = "feature-gates:";

    [Fact]
    public void Names_are_unique_and_no_removed_flag_is_still_known()
    {
        var names = FlagCatalog.All.Select(flag => flag.Name).Concat(FlagCatalog.Removed.Select(flag => flag.Name)).ToArray();

        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Fact]
    public void Every_default_is_a_good_value() => Assert.All(FlagCatalog.All, flag => Assert.NotNull(FlagValueReader.NormalDefault(flag)));

    [Fact]
    public void A_reason_is_given_exactly_where_a_flag_does_nothing() =>
        Assert.All(FlagCatalog.All, flag => Assert.Equal(flag.Support != FlagSupport.Effective, flag.Reason.Length > 0));

    [Fact]
    public void The_hint_of_a_renamed_flag_names_a_flag_that_exists() =>
        Assert.All(
            FlagCatalog.Removed.Where(flag => flag.Hint.StartsWith("use --", StringComparison.Ordinal)),
            flag => Assert.NotNull(FlagCatalog.Find(flag.Hint["use --".Length..].Split('=')[0])));

    [Fact]
    public void Catalog_agrees_with_the_table_of_etcds_flags()
    {
        var rows = EtcdFlagTable.Load();
        var flags = rows.Where(row => !row.Name.StartsWith(GatePrefix, StringComparison.Ordinal)).ToArray();

        Assert.Equal(
            flags.Where(row => row.In371).Select(row => row.Name).Order(),
            FlagCatalog.All.Where(flag => flag.Group != FlagGroup.Krewe).Select(flag => flag.Name).Order());
        Assert.Equal(flags.Where(row => !row.In371).Select(row => row.Name).Order(), FlagCatalog.Removed.Select(flag => flag.Name).Order());
        Assert.All(flags.Where(row => row.In371), ExpectSame);
    }

    [Fact]
    public void Feature_gates_agree_with_the_table_of_etcds_flags()
    {
        var gates = EtcdFlagTable.Load().Where(row => row.In371 && row.Name.StartsWith(GatePrefix, StringComparison.Ordinal));

        Assert.Equal(
            gates.Select(row => $"{row.Name[GatePrefix.Length..]}={row.Default}").Order(),
            FeatureGates.Defaults.Select(gate => $"{gate.Key}={(gate.Value ? "true" : "false")}").Order());
    }

    private static void ExpectSame(EtcdFlagRow row)
    {
        var flag = FlagCatalog.Find(row.Name)!;
        Assert.Equal((row.Name, row.Environment), (flag.Name, flag.Environment));
        if (row.Name != "data-dir")
        {
            Assert.Equal((row.Name, row.Default), (flag.Name, flag.Default));
        }

        // etcd's help lists the last v2 flag among the clustering flags.
        var group = row.Group == "legacy v2" ? "clustering" : row.Group;
        Assert.Equal((row.Name, group), (flag.Name, flag.Group.ToString().ToLowerInvariant()));
    }
}
