using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Krewe.Keyspace.Tests")]
[assembly: InternalsVisibleTo("Krewe.Cluster.Tests")]
[assembly: InternalsVisibleTo("Krewe.Simulation")]
[assembly: InternalsVisibleTo("Krewe.Silo.Tests")]
