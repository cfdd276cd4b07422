using CsCheck;
using Krewe.Api.Validation;

namespace Krewe.Api.Tests.Validation;

public sealed class KeyIntervalSetTests
{
    [Fact]
    public void Membership_equals_that_of_a_plain_list_of_intervals() =>
        Gen.Select(Gen.Byte[1, 60], Gen.Byte[0, 60]).List[0, 12].Sample(intervals =>
        {
            var set = new KeyIntervalSet();
            foreach (var (start, end) in intervals)
            {
                set.Add(new[] { start }, end == 0 ? default : new[] { end });
            }

            for (byte key = 0; key < 64; key++)
            {
                var expected = intervals.Any(i => i.Item2 == 0 ? key == i.Item1 : key >= i.Item1 && key < i.Item2);
                Assert.Equal(expected, set.Contains(new[] { key }));
            }
        });
}
