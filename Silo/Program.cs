using System.Collections;
using Krewe.Grains.Cluster;
using Krewe.Silo.Configuration.Parsing;
using Krewe.Silo.Observability;

var environment = Environment.GetEnvironmentVariables()
    .Cast<DictionaryEntry>()
    .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");
var parsed = CommandLineParser.Parse(args, environment, File.ReadAllText);
if (parsed.Outcome != ParseOutcome.Start)
{
    var output = parsed.Outcome == ParseOutcome.Print ? Console.Out : Console.Error;
    output.WriteLine(parsed.Text);
    return parsed.ExitCode;
}

var options = parsed.Options!;
var memberId = MemberIdentity.MemberId(
    options.Cluster.AdvertisePeerUrls.Select(url => url.ToString()),
    options.Cluster.InitialClusterToken);
Console.Error.Write(StartupBanner.Create(options, memberId, MemberIdentity.ClusterId([memberId])));
Console.Error.WriteLine("The server itself is not wired to this command line yet.");
return ParseResult.ExitCodeBadConfiguration;
