using Grpc.Core;
using Krewe.Api.Mapping;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Api.Tests.Mapping;

public sealed class ErrorMappingTests
{
    [Fact]
    public void Every_error_has_a_code_and_a_text_of_its_own()
    {
        var statuses = Enum.GetValues<EtcdError>().Where(e => e is not (EtcdError.None or EtcdError.AuthChanged)).Select(ErrorMapping.ToStatus).ToArray();

        Assert.All(statuses, s => Assert.NotEqual(StatusCode.OK, s.Code));
        Assert.Equal(statuses.Length, statuses.Select(s => s.Message).Distinct().Count());
        Assert.True(ErrorMapping.ToStatus(EtcdError.None).IsOk);

        // What a request gets that passed unchecked just before auth was turned on.
        Assert.Equal(ErrorMapping.Text(EtcdError.UserEmpty), ErrorMapping.Text(EtcdError.AuthChanged));
    }
}
