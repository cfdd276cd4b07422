namespace Krewe.Api.Gateway;

/// <summary>Takes the answer of a gateway call to its client.</summary>
internal interface IGatewaySink
{
    /// <summary>Writes a piece of JSON; <paramref name="httpStatus"/> counts for the first piece only.</summary>
    /// <param name="httpStatus">Status of the HTTP answer, if it has not begun.</param>
    /// <param name="json">The piece, without a line end.</param>
    /// <param name="endsLine">Whether pieces are told apart by a line end.</param>
    /// <param name="cancellationToken">Fires when the client is gone.</param>
    ValueTask WriteAsync(int httpStatus, ReadOnlyMemory<byte> json, bool endsLine, CancellationToken cancellationToken);
}
