namespace Krewe.Silo.Peers;

/// <summary>Who the peers are and where they listen. Any thread asks, at every attempt to connect.</summary>
internal interface IPeerBook
{
    ulong ClusterId { get; }

    ulong MemberId { get; }

    /// <summary>The peer URLs that this member advertises.</summary>
    IReadOnlyList<Uri> OwnUrls { get; }

    PeerStanding StandingOf(ulong memberId);

    /// <summary>The peer URLs of a member; empty if none is known.</summary>
    IReadOnlyList<Uri> UrlsOf(ulong memberId);
}
