using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace.Quota;
using static Krewe.Keyspace.Tests.KeyspaceHarness;

namespace Krewe.Keyspace.Tests.Quota;

/// <summary>Behaviour 267.</summary>
public sealed class QuotaCostTests
{
    [Fact]
    public void A_put_costs_its_bytes_and_an_overhead() => Assert.Equal(256 + 3 + 5, QuotaCost.Of(Put("key", "value")));

    [Fact]
    public void A_transaction_costs_its_larger_branch_with_nested_ones()
    {
        var nested = new TxnRequest { Failure = [Put("k", "vv")] };
        var txn = new TxnRequest { Success = [Put("k", "v"), nested, Delete("x")], Failure = [Put("longer", "but alone")] };
        Assert.Equal(258 + 259, QuotaCost.Of(txn));
    }

    [Fact]
    public void What_puts_nothing_costs_nothing()
    {
        Assert.Equal(0, QuotaCost.Of(Delete("a", "z")));
        Assert.Equal(0, QuotaCost.Of(new TxnRequest { Success = [Get("a"), Delete("b")] }));
    }
}
