using Krewe.Silo.Tls;

namespace Krewe.Silo.Tests.Tls;

/// <summary>Certificates of --auto-tls.</summary>
public sealed class SelfSignedCertificateTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_made_once_for_the_hosts_and_kept()
    {
        var (certFile, keyFile) = Ensure("127.0.0.1", "localhost");
        var pair = KeyPair.Parse(File.ReadAllBytes(certFile), File.ReadAllBytes(keyFile));

        Assert.True(SubjectNames.IsValidFor(pair.Leaf, "127.0.0.1") && SubjectNames.IsValidFor(pair.Leaf, "localhost"));
        Assert.InRange((pair.Leaf.NotAfter - pair.Leaf.NotBefore).TotalDays, 729, 731);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(keyFile) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));

        var before = File.ReadAllText(certFile);
        Ensure("127.0.0.1");
        Assert.Equal(before, File.ReadAllText(certFile));
    }

    [Fact]
    public void A_lost_key_makes_a_new_certificate()
    {
        var (certFile, keyFile) = Ensure("localhost");
        var before = File.ReadAllText(certFile);
        File.Delete(keyFile);

        Ensure("localhost");

        Assert.NotEqual(before, File.ReadAllText(certFile));
        KeyPair.Parse(File.ReadAllBytes(certFile), File.ReadAllBytes(keyFile));
    }

    private (string CertFile, string KeyFile) Ensure(params string[] hosts) =>
        SelfSignedCertificate.Ensure(_folder.File("fixtures"), hosts, validityYears: 2, TimeProvider.System);
}
