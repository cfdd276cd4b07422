namespace Krewe.Grains.Interfaces.Watch;

/// <summary>This silo's watchers, fed by the revision stream (design, section 7).</summary>
public interface IWatchHub
{
    /// <summary>Opens a stream of watchers; dispose it when the RPC ends.</summary>
    IWatchStream OpenStream();
}
