using Krewe.Conformance.Clients;
using Krewe.Conformance.Engine;
using Krewe.Testing.Certificates;

namespace Krewe.Conformance.Tls;

/// <summary>Flags of TLS with which neither etcd nor Krewe starts, and the words that both say.</summary>
public sealed class StartErrorTests
{
    [Theory(DisplayName = "flags with which neither starts, with the same words")]
    [InlineData("--listen-client-urls={https} --advertise-client-urls={https}", "TLS key/cert (--cert-file, --key-file) must be provided for client url")]
    [InlineData("--listen-peer-urls={https}", "KeyFile and CertFile are not presented")]
    [InlineData("--listen-metrics-urls={https}", "client TLS key/cert (--cert-file, --key-file) must be provided for metrics secure url")]
    [InlineData("--listen-peer-urls={https} --peer-cert-file={in}/server.crt", "KeyFile and CertFile must both be present[key: , cert: ")]
    [InlineData("--listen-peer-urls={https} --peer-cert-file={in}/none.crt --peer-key-file={in}/server.key", "none.crt: no such file or directory")]
    [InlineData("--listen-peer-urls={https} --peer-cert-file={in}/server.crt --peer-key-file={in}/client.key", "tls: private key does not match public key")]
    [InlineData("--listen-peer-urls={https} --peer-cert-file={in}/server.key --peer-key-file={in}/server.crt", "PEM inputs may have been switched")]
    [InlineData("--listen-peer-urls={https} --peer-cert-file={in}/empty --peer-key-file={in}/server.key", "tls: failed to find any PEM data in certificate input")]
    [InlineData("--listen-peer-urls={https} --peer-cert-file={in}/server.crt --peer-key-file={in}/server.key --peer-trusted-ca-file={in}/none", "none: no such file or directory")]
    [InlineData("--cipher-suites=NONE", "unexpected TLS cipher suite \\\"NONE\\\"")]
    public async Task Neither_starts(string flags, string expected)
    {
        using var files = new CertificateFolder();
        File.WriteAllText(files.In("empty"), "");
        foreach (var program in new[] { PeerPaths.Etcd, PeerPaths.Krewe })
        {
            var ports = FreePort.Take(3);
            var arguments = $"--data-dir={files.In("data")} {flags}"
                .Replace("{https}", $"https://127.0.0.1:{ports[0]}", StringComparison.Ordinal)
                .Replace("{in}", files.Path, StringComparison.Ordinal)
                .Split(' ').ToList();
            AddUnlessThere(arguments, "--listen-peer-urls", $"http://127.0.0.1:{ports[1]}");
            AddUnlessThere(arguments, "--listen-client-urls", $"http://127.0.0.1:{ports[2]}");
            AddUnlessThere(arguments, "--advertise-client-urls", $"http://127.0.0.1:{ports[2]}");

            var result = await Command.RunAsync(program, arguments);

            Assert.True(result.ExitCode > 0, $"{program}: {result.ExitCode}");
            Assert.Contains(expected.Replace("\\", "", StringComparison.Ordinal), (result.Output + result.Errors).Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    private static void AddUnlessThere(List<string> arguments, string flag, string value)
    {
        if (!arguments.Exists(argument => argument.StartsWith(flag + "=", StringComparison.Ordinal)))
        {
            arguments.Add($"{flag}={value}");
        }
    }
}
