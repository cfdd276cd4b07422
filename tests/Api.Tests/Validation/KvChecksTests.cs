using Krewe.Api.Validation;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Tests.Validation;

public sealed class KvChecksTests
{
    private static readonly byte[] Key = "k"u8.ToArray();

    [Fact]
    public void Empty_keys_are_refused_first_behaviour_15()
    {
        Assert.Equal(EtcdError.EmptyKey, KvChecks.Range(new RangeRequest { SortOrder = (SortOrder)99 }));
        Assert.Equal(EtcdError.EmptyKey, KvChecks.Put(new PutRequest { IgnoreLease = true, Lease = 1 }));
        Assert.Equal(EtcdError.EmptyKey, KvChecks.DeleteRange(new DeleteRangeRequest()));
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(2, 4, false)]
    [InlineData(3, 0, true)]
    [InlineData(-1, 0, true)]
    [InlineData(0, 5, true)]
    [InlineData(0, -1, true)]
    public void Sort_options_outside_the_enum_are_refused_behaviour_32(int order, int target, bool refused)
    {
        var request = new RangeRequest { Key = Key, SortOrder = (SortOrder)order, SortTarget = (SortTarget)target };

        Assert.Equal(refused ? EtcdError.InvalidSortOption : EtcdError.None, KvChecks.Range(request));
    }

    [Fact]
    public void What_is_to_be_kept_must_not_be_given_behaviours_56_57()
    {
        Assert.Equal(
            EtcdError.ValueProvided,
            KvChecks.Put(new PutRequest { Key = Key, IgnoreValue = true, Value = Key, IgnoreLease = true, Lease = 1 }));
        Assert.Equal(EtcdError.LeaseProvided, KvChecks.Put(new PutRequest { Key = Key, IgnoreLease = true, Lease = 1 }));
        Assert.Equal(EtcdError.None, KvChecks.Put(new PutRequest { Key = Key, IgnoreLease = true, IgnoreValue = true }));
    }
}
