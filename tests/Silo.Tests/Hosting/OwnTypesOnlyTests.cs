using Krewe.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Serialization;

namespace Krewe.Silo.Tests.Hosting;

/// <summary>Which types a silo makes objects of.</summary>
public sealed class OwnTypesOnlyTests
{
    [Theory]
    [InlineData("System.InvalidOperationException", "System.Private.CoreLib", null)]
    [InlineData("Krewe.Grains.Interfaces.Errors.EtcdException", "Krewe.Grains.Interfaces", null)]
    [InlineData("Orleans.Runtime.OrleansException", "Orleans.Core.Abstractions", null)]
    [InlineData("string", "", null)]
    [InlineData("Xunit.Sdk.XunitException", "xunit.v3.assert", false)]
    [InlineData("Evil.SystemException", "Evil", false)]
    [InlineData("Evil", "KreweButNot", false)]
    public void Foreign_assemblies_are_refused(string type, string assembly, bool? expected) =>
        Assert.Equal(expected, new OwnTypesOnly().IsTypeNameAllowed(type, assembly));

    [Fact]
    public void An_exception_of_a_foreign_library_does_not_cross_and_one_of_the_runtime_does()
    {
        // One that Orleans' own rules let in, by its namespace and the end of its name.
        using var open = Services(filter: false);
        using var closed = Services(filter: true);
        var foreign = open.GetRequiredService<Serializer>().SerializeToArray<object>(new OptionsValidationException("name", typeof(string), ["bad"]));

        Assert.IsType<OptionsValidationException>(open.GetRequiredService<Serializer>().Deserialize<object>(foreign));
        Assert.ThrowsAny<Exception>(() => closed.GetRequiredService<Serializer>().Deserialize<object>(foreign));

        var own = closed.GetRequiredService<Serializer>();
        Assert.Equal("known", Assert.IsType<InvalidOperationException>(own.Deserialize<object>(own.SerializeToArray<object>(new InvalidOperationException("known")))).Message);
    }

    private static ServiceProvider Services(bool filter)
    {
        var services = new ServiceCollection();
        services.AddSerializer();
        if (filter)
        {
            services.AddSingleton<ITypeNameFilter, OwnTypesOnly>();
        }

        return services.BuildServiceProvider();
    }
}
