using System.CommandLine;
using System.ComponentModel;
using System.Net.Sockets;
using Krewe.Benchmarks;
using Krewe.Benchmarks.Cli;
using Krewe.Benchmarks.Http2;

var root = new RootCommand("Load generator for etcd and Krewe.") { RunCommand.Create(), CompareCommand.Create(), FailoverCommand.Create(), CatchUpCommand.Create() };
try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception error) when (error is BenchmarkException or Http2Exception or SocketException or Win32Exception or IOException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
