namespace WpFarm.Orchestrator.Certificates;

/// <summary>The table <c>wpfarm.certificates</c> of the farm's database.</summary>
internal interface ICertificateTable
{
    /// <exception cref="TimeoutException">No server takes writes, or it does not answer.</exception>
    Task<IReadOnlyList<CertificateRow>> ReadAsync(CancellationToken cancel);

    /// <inheritdoc cref="ReadAsync"/>
    Task WriteAsync(CertificateRow row, CancellationToken cancel);

    /// <inheritdoc cref="ReadAsync"/>
    Task DeleteAsync(string name, CancellationToken cancel);
}

/// <param name="Name">See <see cref="CertificateItems"/>.</param>
/// <param name="Sealed">See <see cref="CertificateSeal"/>.</param>
internal sealed record CertificateRow(string Name, string Sealed);
