using System.CommandLine;
using Krewe.Benchmarks.Load;
using Krewe.Benchmarks.Servers;

namespace Krewe.Benchmarks.Cli;

/// <summary><c>compare</c>: runs etcd and Krewe in turn on the same disk.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var etcd = new Option<string>("--etcd") { Description = "etcd's executable", Required = true };
        var krewe = new Option<string>("--krewe") { Description = "Krewe's executable or .dll", Required = true };
        var etcdArguments = new Option<string>("--etcd-args") { Description = "more arguments, separated by spaces", DefaultValueFactory = _ => "" };
        var kreweArguments = new Option<string>("--krewe-args") { Description = "more arguments, separated by spaces", DefaultValueFactory = _ => "" };
        var dataRoot = new Option<string>("--data-root") { Description = "directory on the disk to measure", DefaultValueFactory = _ => "." };
        var rounds = new Option<int>("--rounds") { Description = "rounds; the order of the servers alternates", DefaultValueFactory = _ => 3 };
        var members = new Option<int>("--members") { Description = "members of each cluster; clients use all of them", DefaultValueFactory = _ => 1 };
        var output = new Option<string?>("--output") { Description = "file for the results; written with the endings .md and .json" };
        var allowMemory = new Option<bool>("--allow-memory-disk") { Description = "measure on a tmpfs, where flushing costs nothing" };
        var tls = new Option<bool>("--tls") { Description = "TLS with client certificates between clients, servers and peers, from files made for the run" };
        var auth = new Option<bool>("--auth") { Description = "turn auth on; every connection sends a token (password-logins does so in any case)" };
        var users = new Option<int>("--users") { Description = "users with passwords when auth is on", DefaultValueFactory = _ => 10 };
        var load = new LoadOptions();
        var command = new Command("compare", "Run etcd and Krewe in turn with fresh data and print their ratios (Krewe / etcd).")
        {
            etcd, krewe, etcdArguments, kreweArguments, dataRoot, rounds, members, output, allowMemory, tls, auth, users,
        };
        load.AddTo(command);
        command.SetAction(parsed =>
        {
            var root = parsed.GetValue(dataRoot)!;
            if (DiskProbe.IsInMemory(root) && !parsed.GetValue(allowMemory))
            {
                throw new BenchmarkException($"{root} is in memory: flushing costs nothing there; choose another --data-root");
            }

            if (parsed.GetValue(users) <= 0)
            {
                throw new BenchmarkException("--users must be above 0");
            }

            using var certificates = parsed.GetValue(tls) ? new ServerTls() : null;
            var runner = new CompareRunner(
                ServerSpec.Of("etcd", parsed.GetValue(etcd)!, parsed.GetValue(etcdArguments)!),
                ServerSpec.Of("krewe", parsed.GetValue(krewe)!, parsed.GetValue(kreweArguments)!),
                load.Settings(parsed) with { Tls = certificates?.Client },
                root,
                parsed.GetValue(members),
                certificates,
                new AuthPlan(parsed.GetValue(auth), Credentials.Of(parsed.GetValue(users))));
            var report = runner.Run(load.Chosen(parsed), parsed.GetValue(rounds));
            Console.WriteLine(report.ToMarkdown());
            if (parsed.GetValue(output) is { } path)
            {
                report.Write(path);
            }

            return report.HasErrors ? 1 : 0;
        });
        return command;
    }
}
