namespace WpFarm.Orchestrator.Certificates;

/// <summary>What the keeper last published, for the API, the edges and the metrics.</summary>
internal sealed class CertificateState
{
    private volatile EdgeBundle? _bundle;
    private volatile IReadOnlyList<CertificateStatus> _hosts = [];

    /// <summary>Null until the database was read once: an edge keeps what it has.</summary>
    public EdgeBundle? Bundle
    {
        get => _bundle;
        set => _bundle = value;
    }

    public IReadOnlyList<CertificateStatus> Hosts
    {
        get => _hosts;
        set => _hosts = value;
    }
}
