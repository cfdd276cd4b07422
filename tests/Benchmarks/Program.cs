using System.CommandLine;
using Krewe.Benchmarks;
using Krewe.Benchmarks.Cli;

var root = new RootCommand("Load generator for etcd and Krewe.") { RunCommand.Create(), CompareCommand.Create() };
try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (BenchmarkException error)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
